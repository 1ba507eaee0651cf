"""Find the (act, status) pairs with given PLOVER roots, CAMEO codes or quad classes."""

from collections.abc import Collection, Iterator

from entente.relations.codebook import Codebook
from entente.relations.events import STATUSES


def kinds(
    codebook: Codebook,
    roots: Collection[str] | None = None,
    cameo: Collection[str] | None = None,
    quads: Collection[int] | None = None,
) -> list[tuple[str, str]]:
    """(act, status) pairs whose PLOVER root, CAMEO code and quad class are among those given; None is any.

    A CAMEO code includes the codes below it: 16 includes 163 and 1631.
    """
    return [
        (act, status)
        for act, status in _all(codebook)
        if _fits(codebook, act, status, roots, tuple(cameo) if cameo is not None else None, quads)
    ]


def _all(codebook: Codebook) -> Iterator[tuple[str, str]]:
    return ((act, status) for act in sorted(codebook.acts) for status in STATUSES)


def _fits(
    codebook: Codebook,
    act: str,
    status: str,
    roots: Collection[str] | None,
    cameo: tuple[str, ...] | None,
    quads: Collection[int] | None,
) -> bool:
    codes = codebook.codes(act, status)
    return (
        (roots is None or codes.root in roots)
        and (cameo is None or codes.cameo.startswith(cameo))
        and (quads is None or codes.quad in quads)
    )
