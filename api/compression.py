"""Answers compressed for clients that ask for it."""

from flask import Flask
from flask_compress import Compress

from api.caching import MEDIA_TYPE

#: Bytes below which compressing costs more than it saves.
_WORTHWHILE = 1400


def register_compression(app: Flask) -> None:
    """Send JSON as gzip to who takes it. The tag of a compressed answer ends in `:gzip` and is good for a 304 too."""
    app.config.update(
        COMPRESS_ALGORITHM=["gzip"],
        COMPRESS_LEVEL=5,
        COMPRESS_MIN_SIZE=_WORTHWHILE,
        COMPRESS_MIMETYPES=[MEDIA_TYPE],
        # Streams are sent as they are read: a buffered compressor would hold the first rows back.
        COMPRESS_STREAMS=False,
    )
    Compress(app)
