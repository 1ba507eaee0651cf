"""Answers compressed for clients that ask for it."""

import gzip
from functools import lru_cache

from flask import Flask
from flask_compress import Compress

from api.http.caching import MEDIA_TYPE

#: Bytes below which compressing costs more than it saves.
WORTHWHILE = 1400

_LEVEL = 5


def register_compression(app: Flask) -> None:
    """Send JSON as gzip to who takes it. The tag of a compressed answer ends in `:gzip` and is good for a 304 too."""
    app.config.update(
        COMPRESS_ALGORITHM=["gzip"],
        COMPRESS_LEVEL=_LEVEL,
        COMPRESS_MIN_SIZE=WORTHWHILE,
        COMPRESS_MIMETYPES=[MEDIA_TYPE],
        # Streams are sent as they are read: a buffered compressor would hold the first rows back.
        COMPRESS_STREAMS=False,
    )
    Compress(app)


@lru_cache(maxsize=2000)
def packed(body: bytes) -> bytes:
    """A body that is sent often, as gzip."""
    return gzip.compress(body, _LEVEL, mtime=0)
