"""Propose a mapping file for a table of events between countries, from its columns and first rows."""

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from entente.relations.entities import Entities
from entente.services.importing.errors import WrongFile
from entente.services.importing.formats import BYTE_ORDER_MARK, Format, first_line
from entente.services.importing.parties import DatedCode, Parties

#: Field → names of columns that it is usual under, the likeliest first; letters and digits only.
_USUAL: Mapping[str, Sequence[str]] = {
    "day": ("eventdate", "date", "day", "startdate", "datestart", "storydate", "sqldate", "time"),
    "source": (
        *("sourcecountry", "source", "actor1country", "actor1countrycode", "actorcountry", "sender", "initiator"),
        *("actor1", "actor", "ccode1", "ccodea", "country1", "sidea", "statea", "from", "reporter"),
    ),
    "target": (
        *("targetcountry", "target", "actor2country", "actor2countrycode", "recipientcountry", "receiver", "recipient"),
        *("actor2", "ccode2", "ccodeb", "country2", "sideb", "stateb", "to", "partner"),
    ),
    "code": ("cameocode", "eventcode", "cameo", "code", "eventtype", "type", "action"),
    "quad": ("quadclass", "quadcode", "quad"),
    "intensity": ("goldstein", "goldsteinscale", "intensity", "eventintensity", "score"),
    "reports": ("nummentions", "nreports", "reports", "mentions", "numarticles"),
    "deaths": ("fatalities", "deaths", "best"),
    "source_sectors": ("sourcesectors", "actorprimarysector", "actor1type1code"),
    "target_sectors": ("targetsectors", "recipientprimarysector", "actor2type1code"),
}

_NEEDED = ("day", "source", "target", "code")
_SCHEMES = ("iso3", "cow_number", "gw_number", "cow", "cameo", "iso2", "name", "wikidata", "fips")
_DATES = (
    *("%Y-%m-%d", "%Y%m%d", "%d.%m.%Y", "%d %B %Y", "%d-%b-%y", "%d-%b-%Y", "%Y/%m/%d", "%Y-%m-%dT%H:%M:%SZ"),
    *("%Y-%m-%d %H:%M:%S", "%m/%d/%Y", "%d/%m/%Y", "%Y-%m", "%Y"),
)
_DELIMITERS = {",": "comma", "\t": "tab", ";": "semicolon", "|": "|"}


def proposed(title: str, start: str, entities: Entities, dated: Sequence[DatedCode]) -> str:
    """The mapping file, as TOML, for a table that begins so. What it could not tell is a comment."""
    delimiter = max(_DELIMITERS, key=first_line(start).count)
    # The last row of a start may be cut off.
    lines = start.removeprefix(BYTE_ORDER_MARK).splitlines()[:201]
    try:
        header, *rows = list(csv.reader(lines, delimiter=delimiter)) or [[]]
    except csv.Error as error:
        raise WrongFile(f"{title}: no table: {error}") from None
    if not any(header):
        raise WrongFile(f"{title}: no table: its first line is empty")
    rows = [row for row in rows if len(row) == len(header)]
    found = _fields(header)
    return "\n".join(_lines(title, _DELIMITERS[delimiter], header, rows, found, entities, dated)) + "\n"


def _fields(header: Sequence[str]) -> dict[str, str]:
    plain = {"".join(c for c in column.lower() if c.isalnum()): column for column in reversed(header)}
    names = ((field, next((plain[name] for name in usual if name in plain), None)) for field, usual in _USUAL.items())
    return {field: column for field, column in names if column is not None}


def _lines(
    title: str,
    delimiter: str,
    header: Sequence[str],
    rows: Sequence[Sequence[str]],
    found: Mapping[str, str],
    entities: Entities,
    dated: Sequence[DatedCode],
) -> Iterator[str]:
    yield f"# Proposed for {_text(title)}. Check it, then: entente import csv --map THIS_FILE FILE"
    yield f"title = {_text(title)}"
    yield 'kind = "events"'
    yield f"delimiter = {_text(delimiter)}"
    parties = [row[header.index(found[name])] for name in ("source", "target") if name in found for row in rows]
    scheme = _scheme(parties, entities, dated)
    yield f'schemes = ["{scheme}"]' if scheme else f"# schemes = []  # of {', '.join(_SCHEMES)}: none fits"
    days = [row[header.index(found["day"])] for row in rows] if "day" in found else []
    dates = _dates(days)
    if len(dates) > 1:
        yield f"# These dates can be read as {' or '.join(dates)}: delete what is wrong."
    yield f"dates = [{', '.join(map(_text, dates))}]" if dates else "# dates = []  # formats of strptime: none fits"
    yield 'scale = ""  # the name of its scale of intensities'
    yield "official = []  # sectors that act for their state"
    yield ""
    yield "[fields]"
    for field in _USUAL:
        if field in found:
            yield f"{field} = {_text(found[field])}"
        elif field in _NEEDED:
            yield f'# {field} = ""  # one of {", ".join(map(_text, header[:20]))}, or "=CONSTANT"'


def _scheme(written: Sequence[str], entities: Entities, dated: Sequence[DatedCode]) -> str:
    """The scheme by which most are countries, if most are."""
    known = {
        scheme: sum(bool(Parties(_of(scheme), entities, dated).key(one, 2000)) for one in set(written))
        for scheme in _SCHEMES
    }
    best = max(known, key=lambda scheme: known[scheme])
    return best if written and known[best] * 2 > len(set(written)) else ""


def _of(scheme: str) -> Format:
    return Format("", "", "events", schemes=(scheme,))


def _dates(written: Sequence[str]) -> list[str]:
    """The format that most are written in, if more than half are; with the one of another order that fits as many."""
    n = {form: sum(_is_of(one, form) for one in written) for form in _DATES}
    best = max(n, key=lambda form: n[form])
    if not written or n[best] * 2 <= len(written):
        return []
    return [form for form in _DATES if n[form] == n[best] and sorted(form) == sorted(best)]


def _is_of(written: str, form: str) -> bool:
    try:
        datetime.strptime(written.strip(), form)  # noqa: DTZ007  # a day, without a time
    except ValueError:
        return False
    return True


def _text(value: str) -> str:
    # A JSON string is a TOML string, but for one character that TOML wants escaped.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
