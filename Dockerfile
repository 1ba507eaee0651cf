# Two stages: wheels are built and installed in the first; the second holds the interpreter, the installed tree and
# nothing that could build anything.
FROM python:3.11-slim AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
# pip installs from outside, so that nothing of it has to be taken out of the environment again.
RUN python -m venv --without-pip /opt/entente
WORKDIR /src
# Dependencies first: this layer is made again only when the lock file changes. What is removed are the wheels' own tests
# and sources, and parts that nothing here uses: 90 MB.
COPY requirements/run.txt requirements/
RUN pip --python /opt/entente install --no-deps --require-hashes -r requirements/run.txt \
    && cd /opt/entente/lib/python3*/site-packages \
    && find . -type d -name tests -prune -exec rm -rf {} + \
    && rm -rf onnxruntime/transformers onnxruntime/quantization onnxruntime/tools \
        pyarrow/include pyarrow/includes pyarrow/src pyarrow/*flight* pyarrow/*s3* pyarrow/*_cpp_tests* \
    && find pyarrow -name '*.p[xy][dix]' -delete
COPY pyproject.toml README.md LICENSE NOTICE ./
COPY entente entente
COPY api api
COPY worker worker
COPY schemas schemas
COPY seeds seeds
COPY docs docs
RUN pip --python /opt/entente install --no-deps .
# Extras that the lock file does not have, such as otel: what is installed stays, the rest comes without hashes.
ARG EXTRAS=""
RUN test -z "$EXTRAS" || pip --python /opt/entente install ".[$EXTRAS]"

FROM python:3.11-slim
RUN groupadd --system --gid 10001 entente \
    && useradd --system --uid 10001 --gid entente --home-dir /var/lib/entente --create-home entente \
    && chmod 0700 /var/lib/entente
COPY --from=build /opt/entente /opt/entente
ENV PATH=/opt/entente/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    ENTENTE_DATA_DIR=/var/lib/entente \
    ENTENTE_HOST=0.0.0.0 \
    ENTENTE_PORT=8080
USER entente
WORKDIR /var/lib/entente
VOLUME /var/lib/entente
EXPOSE 8080

# `docker run` alone checks the API; compose gives each service a check of its own.
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=6 \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8080/readyz', timeout=4)"]
CMD ["entente", "serve"]
