"""Recognise files of event and state data, which are imported and not coded."""

from entente.bootstrap.formats import load_formats
from entente.services.importing.formats import recognised


def event_table(start: str) -> tuple[str, str] | None:
    """The format that `entente import` knows a file by, and its title, from the start of its text; else None."""
    found = recognised(start, load_formats().values())
    return (found.name, found.title) if found else None
