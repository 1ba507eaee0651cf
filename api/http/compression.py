"""Gzip compression of JSON responses and pages."""

import gzip
from functools import lru_cache

from flask import Flask
from flask_compress import Compress

from api.http.caching import MEDIA_TYPE

#: Size of a body, in bytes, below which compression costs more than it saves.
WORTHWHILE = 1400

_LEVEL = 5


def register_compression(app: Flask) -> None:
    """Compress JSON and pages for clients that accept gzip.

    Their tag then ends in `:gzip`; If-None-Match may name either tag.
    """
    app.config.update(
        COMPRESS_ALGORITHM=["gzip"],
        COMPRESS_LEVEL=_LEVEL,
        COMPRESS_MIN_SIZE=WORTHWHILE,
        COMPRESS_MIMETYPES=[MEDIA_TYPE, "text/html"],
        # Streams are sent as they are read: a buffering compressor would delay the first rows.
        COMPRESS_STREAMS=False,
    )
    Compress(app)


@lru_cache(maxsize=2000)
def packed(body: bytes) -> bytes:
    """Compress a body with gzip. Results are cached, since the same bodies are sent often."""
    return gzip.compress(body, _LEVEL, mtime=0)
