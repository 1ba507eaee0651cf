"""Baseline for the hot read in `entente bench read`: the app with one more route, which answers constant bytes.

Never served to clients: `api.wsgi` has no such route.
"""

from flask import Response

from api.http.caching import MEDIA_TYPE
from api.wsgi import app


@app.get("/v1/constant/<source>/<target>")
def constant(source: str, target: str) -> Response:  # noqa: ARG001  # the same path parameters are part of the cost
    """Answer every pair with the same bytes and headers."""
    return Response(_BODY, 200, _HEADERS, content_type=MEDIA_TYPE)


#: The answer for the relation that the bench reads.
_answer = app.test_client().get("/v1/relations/RUS/AFG")
_BODY = _answer.get_data()
_HEADERS = {name: _answer.headers[name] for name in ("ETag", "Cache-Control", "Vary", "Content-Location")}
