"""Places: files, directories, glob patterns and standard input, each as named bytes that can be read more than once."""

import glob
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

STANDARD_INPUT = "standard input"


@dataclass(frozen=True, slots=True)
class Place:
    """Named bytes. `open` gives a stream that can seek. `listed`: found in a directory, not named by the user."""

    name: str
    open: Callable[[], BinaryIO]
    listed: bool = False


def is_address(place: str) -> bool:
    """Whether it is an http or https URL."""
    return place.startswith(("http://", "https://"))


def exists(place: str) -> bool:
    """Whether there is something to read."""
    return place == "-" or is_address(place) or Path(place).exists() or bool(_matches(place))


def places(given: Sequence[str]) -> list[Place]:
    """What to read, in the order given: of a directory every file below it by name, but no hidden one."""
    return [place for one in given for place in _places(one)]


def _places(given: str) -> Iterator[Place]:
    if given == "-":
        yield Place(STANDARD_INPUT, _kept_input)
    elif Path(given).is_dir():
        for path in sorted(Path(given).rglob("*")):
            hidden = any(part.startswith(".") for part in path.relative_to(given).parts)
            if path.is_file() and not hidden:
                yield _file(path, listed=True)
    elif Path(given).exists():
        yield _file(Path(given))
    else:
        for match in _matches(given):
            if Path(match).is_file():
                yield _file(Path(match))


def _matches(pattern: str) -> list[str]:
    return sorted(glob.glob(pattern, recursive=True)) if glob.has_magic(pattern) else []


def _file(path: Path, *, listed: bool = False) -> Place:
    return Place(str(path), lambda: path.open("rb"), listed)


def _kept_input() -> BinaryIO:
    """Standard input copied to a file without a name: a stream can't be read twice."""
    copy = cast("BinaryIO", tempfile.TemporaryFile())  # noqa: SIM115  # closed by the caller
    shutil.copyfileobj(sys.stdin.buffer, copy)
    copy.seek(0)
    return copy
