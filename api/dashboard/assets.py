"""Scripts, styles and the atlas: read once, served compressed under an address that changes with their content."""

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from flask import Request, Response
from werkzeug.exceptions import NotFound

_DIRECTORY = Path(__file__).with_name("static")
_SERVED = {".css", ".js", ".json", ".svg"}

#: A changed file has a new address, so a copy is good for ever.
_CACHE = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class Asset:
    """One file, plain and compressed."""

    media_type: str
    body: bytes
    packed: bytes


class Assets:
    """All files of the dashboard, by path. One version names them all, so that a script may import another."""

    @cached_property
    def _files(self) -> dict[str, Asset]:
        found = {}
        for file in sorted(_DIRECTORY.rglob("*")):
            if file.suffix in _SERVED:
                body = file.read_bytes()
                media_type = mimetypes.types_map.get(file.suffix, "application/octet-stream")
                found[file.relative_to(_DIRECTORY).as_posix()] = Asset(
                    media_type, body, gzip.compress(body, 9, mtime=0)
                )
        return found

    @cached_property
    def version(self) -> str:
        """A checksum of all files."""
        digest = hashlib.sha256()
        for path, asset in self._files.items():
            digest.update(path.encode() + b"\0" + asset.body)
        return digest.hexdigest()[:12]

    @property
    def paths(self) -> list[str]:
        """The paths of all files."""
        return list(self._files)

    def address(self, path: str) -> str:
        """The address of a file. Raises KeyError for one that there is not."""
        if path not in self._files:
            raise KeyError(path)
        return f"/assets/{self.version}/{path}"

    def response(self, request: Request, path: str) -> Response:
        """Serve a file, compressed for who accepts gzip. Raises NotFound."""
        asset = self._files.get(path)
        if asset is None:
            raise NotFound(f"There is no file {path[:100]!r}.")
        packed = request.accept_encodings.quality("gzip") > 0
        response = Response(asset.packed if packed else asset.body, content_type=asset.media_type)
        if asset.media_type.startswith("text/"):
            response.headers["Content-Type"] = f"{asset.media_type}; charset=utf-8"
        response.headers.update({"Cache-Control": _CACHE, "Vary": "Accept-Encoding"})
        if packed:
            response.headers["Content-Encoding"] = "gzip"
        return response
