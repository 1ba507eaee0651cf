"""The domain's errors.

RelationsError
├── UnknownEntity      a code or name that names no entity (carries the nearest known ones)
├── UnknownAct         an act that the codebook doesn't list
├── UnknownFacet       a facet that the codebook doesn't list
├── UnknownValue       a value that the facet doesn't have
└── MalformedEventId   a string that is no event id
"""

from collections.abc import Sequence


class RelationsError(Exception):
    """Root of everything that the domain raises on purpose."""


class UnknownEntity(RelationsError):
    """`code` names no entity in any scheme; `nearest` are up to five (key, name) pairs that look like it."""

    def __init__(self, code: str, nearest: Sequence[tuple[str, str]] = ()) -> None:
        self.code = code
        self.nearest = tuple(nearest)
        hint = ", ".join(f"{key} ({name})" for key, name in self.nearest)
        super().__init__(f"unknown country or organisation {code!r}" + (f"; nearest: {hint}" if hint else ""))


class UnknownAct(RelationsError):
    """The codebook lists no such act."""

    def __init__(self, act: str) -> None:
        self.act = act
        super().__init__(f"unknown act {act!r}")


class UnknownFacet(RelationsError):
    """The codebook lists no such facet; `known` are those it lists."""

    def __init__(self, facet: str, known: Sequence[str]) -> None:
        self.facet = facet
        self.known = tuple(known)
        super().__init__(f"unknown facet {facet!r}; known: {', '.join(known)}")


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
