"""Files that are compressed or the only member of an archive, as they are inside."""

import gzip
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, BinaryIO, cast

from entente.services.importing.errors import WrongFile


@contextmanager
def unpacked(name: str, file: BinaryIO) -> Iterator[BinaryIO]:
    """The content of a file, of a gzip file, or of a ZIP archive with one member. Raises WrongFile for more."""
    head = file.read(4)
    file.seek(0)
    try:
        if head.startswith(b"\x1f\x8b"):
            with gzip.open(file) as inside:
                yield cast("BinaryIO", inside)
        elif head == b"PK\x03\x04":
            with zipfile.ZipFile(file) as archive:
                members = [member for member in archive.infolist() if not member.is_dir()]
                if len(members) != 1:
                    raise WrongFile(f"{name}: an archive of {len(members)} files: unpack it first")
                with _member(name, archive, members[0]) as inside:
                    yield cast("BinaryIO", inside)
        else:
            yield file
    except (zipfile.BadZipFile, gzip.BadGzipFile, zlib.error, EOFError) as error:
        raise WrongFile(f"{name}: damaged: {error}") from None


def _member(name: str, archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> IO[bytes]:
    try:
        return archive.open(member)
    except (RuntimeError, NotImplementedError) as error:
        # It is encrypted, or compressed in a way that can't be undone here.
        raise WrongFile(f"{name}: can't be unpacked: {error}") from None
