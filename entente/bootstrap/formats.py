"""Load the formats that can be imported: those of seeds/formats/, and mapping files of users."""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from entente.bootstrap.seeds import SeedError, rows, seed_files
from entente.relations.periods import Period
from entente.services.importing.formats import KINDS, FactRule, Format
from entente.services.importing.parties import SCHEMES, DatedCode
from entente.services.importing.states import TODAY

_NAMES = {"tab": "\t", "comma": ",", "semicolon": ";"}

_EXPECTED = {
    "events": ("day", "source", "target", "code"),
    "reports": ("number", "first", "seen"),
    "scores": ("source", "target", "year"),
    "states": (),
}


@cache
def load_formats() -> Mapping[str, Format]:
    """The formats of seeds/formats/, by name. Raises SeedError."""
    found = sorted(seed_files().joinpath("formats").iterdir(), key=lambda file: file.name)
    return {
        file.name.removesuffix(".toml"): read_format(
            file.name.removesuffix(".toml"), file.read_text(encoding="utf-8"), f"formats/{file.name}"
        )
        for file in found
        if file.name.endswith(".toml")
    }


def load_dated_codes() -> list[DatedCode]:
    """The codes of seeds/entities/dated_codes.csv, whose meaning depends on the year."""
    return [
        DatedCode(row["scheme"], row["code"], row["key"], int(row["from"]), int(row["to"]))
        for row in rows("entities", "dated_codes.csv")
    ]


def load_mapping(path: Path) -> Format:
    """The format that a user's mapping file describes; its name is the file's. Raises SeedError."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SeedError(f"{path}: {error}") from error
    return read_format(path.stem, text, str(path))


def read_format(name: str, text: str, place: str) -> Format:
    """A format from its description. Raises SeedError."""
    try:
        said: dict[str, Any] = tomllib.loads(text)
        made = _format(name, said)
        _check(made)
    except KeyError as error:
        raise SeedError(f"{place}: {error.args[0]}: missing") from error
    except (tomllib.TOMLDecodeError, TypeError, ValueError, AttributeError, re.error) as error:
        raise SeedError(f"{place}: {error}") from error
    if made.kind not in KINDS:
        raise SeedError(f"{place}: kind: {made.kind!r} is none of {', '.join(KINDS)}")
    if lacking := [name for name in _EXPECTED[made.kind] if name not in made.fields]:
        raise SeedError(f"{place}: fields: {', '.join(lacking)} missing")
    return made


def _format(name: str, said: dict[str, Any]) -> Format:
    bounds = said.pop("bounds", (-10.0, 10.0))
    delimiter = said.pop("delimiter", "comma")
    rules = [_rule(rule) for rule in said.pop("facts", ())]
    return Format(
        name=name,
        delimiter=_NAMES.get(delimiter, delimiter),
        columns=[layout.split() for layout in said.pop("columns", ())],
        needs=frozenset(said.pop("needs", ())),
        missing=frozenset(said.pop("missing", ("", "NA"))),
        official=frozenset(said.pop("official", ())),
        bounds=(float(bounds[0]), float(bounds[1])),
        facts=rules,
        **said,
    )


def _check(made: Format) -> None:
    """Raises ValueError for what could otherwise only be found when rows are read."""
    if len(made.delimiter) != 1:
        raise ValueError(f"delimiter: {made.delimiter!r} is neither one character nor any of {', '.join(_NAMES)}")
    for name in ("schemes", "dates"):
        said = getattr(made, name)
        if isinstance(said, str) or not all(isinstance(one, str) for one in said):
            raise ValueError(f"{name}: not a list of texts")
    if unknown := [one for one in made.schemes if one not in SCHEMES]:
        raise ValueError(f"schemes: {', '.join(unknown)} is none of {', '.join(SCHEMES)}")
    for name, said in made.fields.items():
        parts = [said] if isinstance(said, str) else said
        if not parts or not all(isinstance(part, str) for part in parts):
            raise ValueError(f"fields: {name}: neither a column nor a list of columns")
    if made.party and re.compile(made.party).groups < 1:
        raise ValueError("party: a pattern without a group for the country")
    for pattern in made.starts.values():
        re.compile(pattern)
    if made.covers:
        int(made.covers)
    int(str(made.fields.get("year_offset", "=0")).removeprefix("="))
    if made.document_date and made.document_date != TODAY:
        Period.parse(made.document_date)


def _rule(said: dict[str, Any]) -> FactRule:
    return FactRule(**{**said, "values": {str(written): value for written, value in said["values"].items()}})
