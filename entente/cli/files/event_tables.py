"""Recognise files of event and state data, which are imported and not coded: by their header, or by their columns."""

import re
from collections.abc import Mapping, Sequence

from entente.cli.files.columns import header_cells

#: Format → (its name, columns that only its header has together).
_HEADERS: Mapping[str, tuple[str, frozenset[str]]] = {
    "gdelt": ("GDELT events", frozenset({"globaleventid", "sqldate", "eventrootcode"})),
    "icews": ("ICEWS", frozenset({"event id", "cameo code", "source country", "target country"})),
    "polecat": ("POLECAT", frozenset({"event id", "event type", "event mode", "quad code"})),
    "acled": ("ACLED", frozenset({"event_id_cnty", "event_date", "event_type", "sub_event_type"})),
    "ucdp": ("UCDP GED", frozenset({"type_of_violence", "side_a", "side_b", "gwnoa"})),
    "cow-diplomatic": ("COW Diplomatic Exchange", frozenset({"ccode1", "ccode2", "de"})),
    "cow-alliances": ("COW Formal Alliances", frozenset({"version4id", "ccode1", "dyad_st_day"})),
    "gsdb": ("GSDB", frozenset({"case_id", "sanctioned_state", "sanctioning_state"})),
}

_DAY = re.compile(r"(18|19|20)\d{6}")
_MOMENT = re.compile(r"(19|20)\d{12}")


def event_table(start: str) -> tuple[str, str] | None:
    """The format that `entente import` knows a file by, and its name, from the start of its text; else None."""
    first = start.partition("\n")[0].rstrip("\r")
    for delimiter in "\t,;":
        columns = frozenset(cell.lower() for cell in header_cells(first, delimiter))
        for form, (name, needed) in _HEADERS.items():
            if needed <= columns:
                return form, name
    return _by_columns(header_cells(first, "\t"))


def _by_columns(cells: Sequence[str]) -> tuple[str, str] | None:
    """GDELT's files have no header."""
    if not cells[0].isdigit():
        return None
    if len(cells) in (57, 58, 61) and _DAY.fullmatch(cells[1]) and cells[2] == cells[1][:6]:
        return "gdelt", "GDELT events"
    if len(cells) == 16 and _MOMENT.fullmatch(cells[1]) and _MOMENT.fullmatch(cells[2]):
        return "gdelt", "GDELT mentions"
    return None
