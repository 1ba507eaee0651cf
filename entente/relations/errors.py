"""Errors of the domain.

RelationsError
├── UnknownEntity      a code or name that names no entity (carries the nearest known ones)
├── UnknownAct         an act that the codebook doesn't list
├── UnknownFacet       a facet that the codebook doesn't list
├── UnknownValue       a value that the facet doesn't have
└── MalformedEventId   a string that is no event id
"""

from collections.abc import Sequence
from difflib import get_close_matches

#: Most characters of the input that a message repeats.
_SHOWN = 80


class RelationsError(Exception):
    """Base class of the domain's errors."""


class UnknownEntity(RelationsError):
    """`code` names no entity in any scheme; `nearest` are (key, name) pairs with similar names.

    `is_ambiguous`: `code` may mean any of `nearest`.
    """

    def __init__(self, code: str, nearest: Sequence[tuple[str, str]] = (), *, is_ambiguous: bool = False) -> None:
        self.code = code
        self.nearest = tuple(nearest)
        self.is_ambiguous = is_ambiguous
        shown = code if len(code) <= _SHOWN else f"{code[:_SHOWN]}…"
        hint = ", ".join(f"{key} ({name})" for key, name in self.nearest)
        if is_ambiguous:
            remedy = f"write cow:{shown} or m49:{shown}" if code.isdigit() else "say which"
            super().__init__(f"{shown!r} may be {hint}: {remedy}")
        else:
            near = f"nearest: {hint}" if hint else "nothing is called nearly so"
            super().__init__(f"unknown country or organisation {shown!r}; {near}")


class UnknownAct(RelationsError):
    """The codebook lists no such act."""

    def __init__(self, act: str) -> None:
        self.act = act
        super().__init__(f"unknown act {act!r}")


class UnknownFacet(RelationsError):
    """The codebook lists no such facet; `known` are those it lists. The message names those spelt nearly so."""

    def __init__(self, facet: str, known: Sequence[str]) -> None:
        self.facet = facet
        self.known = tuple(known)
        near = ", ".join(get_close_matches(facet, known))
        nearest = f"nearest: {near}; " if near else ""
        super().__init__(f"unknown facet {facet!r}; {nearest}known: {', '.join(known)}")


class UnknownValue(RelationsError):
    """The facet, or the label, has no such value; `known` are those it has."""

    def __init__(self, facet: str, value: str, known: Sequence[str]) -> None:
        self.field = "label" if facet == "label" else "facet"
        self.known = tuple(known)
        super().__init__(f"{facet} has no value {value!r}; known: {', '.join(known)}")


class MalformedEventId(RelationsError):
    """Not of the form SOURCE.TARGET.act.status.date."""

    def __init__(self, text: str) -> None:
        super().__init__(f"{text!r} is no event id: SOURCE.TARGET.act.status.DATE is")
