"""`entente bench rates`: measure the error rates that are published, on the sealed texts and stories."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from functools import partial

import click

from entente.bootstrap.container import Container
from entente.bootstrap.reliability import write_reliability
from entente.bootstrap.seeds import seed_directory
from entente.cli.bench.accuracy import Examination
from entente.cli.bench.calibration import WIDE_EDGES, Bin, bins, claims
from entente.cli.bench.figures import Figure, shown
from entente.cli.bench.judgements import Judgement, Share, had_shown, shown_right
from entente.cli.bench.labelled import NOT_TOLD, LabelledText
from entente.cli.bench.material import Material
from entente.cli.bench.scoring import interval_of, micro
from entente.cli.bench.states import judged_stories, stories_of
from entente.cli.bench.texts import Told, coded_of, told_of, values
from entente.cli.common import json_option, load_settings
from entente.relations.codebook import Codebook
from entente.relations.reliability import ALL, LEAST, CodingRates, ConfidenceRate, Rate, Reliability, ValueRates

#: What each text tells, and what is coded of it, as (name of root or facet, …).
_Sets = tuple[Sequence[Set[tuple[str, ...]]], Sequence[Set[tuple[str, ...]]]]


@click.command("rates")
@click.option("--tune", is_flag=True, help="Measure the tune texts and stories instead; for development.")
@click.option("--write", is_flag=True, help="Replace seeds/coder/reliability.json, and the tables of docs/coder.md.")
@json_option
def rates_bench(tune: bool, write: bool, as_json: bool) -> None:
    """Measure the published error rates.

    On the sealed texts and stories, once a version: precision and recall by PLOVER root and facet, the share of shown
    values that are right, and of events by confidence. A rate of too few is left out.
    """
    if tune and write:
        raise click.UsageError("--write: only figures of the sealed texts and stories are published")
    container = Container(load_settings())
    kind = "tune" if tune else "sealed"
    checkout = seed_directory().parent
    material = Material(checkout.parent / "shared", checkout / "tests" / "golden", checkout / "training")
    exam = Examination(container.coder, container.codebook, container.entities, material)
    texts, judged = material.labelled(kind), judged_stories(container, stories_of(kind))
    if not texts or not judged:
        raise click.ClickException("the texts and stories are absent: training/passages, training/stories")
    measured = measure(exam, texts, judged)
    shown(_figures(kind, measured), as_json)
    if write:
        write_reliability(measured)
        document = checkout / "docs" / "coder.md"
        document.write_text(inserted(document.read_text(encoding="utf-8"), measured), encoding="utf-8")


def measure(exam: Examination, texts: Sequence[LabelledText], judged: Sequence[Judgement]) -> Reliability:
    """The error rates on labelled texts, and on judged stories."""
    book = exam.codebook
    coded = [(told_of(text, exam), coded_of(text, exam)) for text in texts]
    roots = (
        [{_root(e, book) for e in told if e[3] not in NOT_TOLD} for told, _ in coded],
        [{_root(e, book) for e, _ in mine} for _, mine in coded],
    )
    moved = (
        [_values([(e, 1.0) for e in told], book) for told, _ in coded],
        [_values([(e, sure) for e, sure in mine if sure >= book.floor(e[2])], book) for _, mine in coded],
    )
    scopes: dict[str, Callable[[Judgement], bool]] = {ALL: lambda _: True}
    scopes |= {name: partial(_of_family, family=name, book=book) for name in book.floors}
    scopes |= {name: partial(_of_facet, facet=name) for name in book.facets}
    return Reliability(
        coder=exam.coder.version,
        codebook=book.version,
        n_texts=len(texts),
        n_stories=len({j.story for j in judged}),
        roots={ALL: _coding(roots, book.roots), **{name: _coding(roots, [name]) for name in book.roots}},
        facets={ALL: _coding(moved, book.facets), **{name: _coding(moved, [name]) for name in book.facets}},
        values={name: _shown([j for j in judged if inside(j)]) for name, inside in scopes.items()},
        confidence=tuple(map(_confidence, bins(claims(exam, texts), WIDE_EDGES))),
    )


def _root(event: Told, book: Codebook) -> tuple[str, ...]:
    source, target, act, status = event
    return book.codes(act, status).root, source, target


def _values(events: Iterable[tuple[Told, float]], book: Codebook) -> Set[tuple[str, ...]]:
    return {(facet, source, *rest) for source, facet, *rest in values(events, book)}


def _of_family(judgement: Judgement, family: str, book: Codebook) -> bool:
    return book.facet(judgement.track[2]).family == family


def _of_facet(judgement: Judgement, facet: str) -> bool:
    return judgement.track[2] == facet


def _coding(sets: _Sets, names: Iterable[str]) -> CodingRates:
    wanted = frozenset(names)
    gold, given = ([{row for row in text if row[0] in wanted} for text in texts] for texts in sets)
    precision, recall, _ = micro(gold, given)
    n_gold, n_given = sum(map(len, gold)), sum(map(len, given))
    return CodingRates(
        _rate(precision, n_given, lambda: interval_of(gold, given, 0)),
        _rate(recall, n_gold, lambda: interval_of(gold, given, 1)),
    )


def _shown(judged: Sequence[Judgement]) -> ValueRates:
    return ValueRates(_share(shown_right(judged)), _share(had_shown(judged)))


def _share(share: Share) -> Rate:
    return _rate(share.value or 0.0, share.n, lambda: share.interval or (0.0, 0.0))


def _confidence(one: Bin) -> ConfidenceRate:
    right = _rate(one.right, len(one.claims), lambda: one.interval)
    return ConfidenceRate(one.low, min(one.high, 1.0), round(one.claimed, 3), right)


def _rate(share: float, n: int, interval: Callable[[], tuple[float, float]]) -> Rate:
    """A rate, without its figures if it was measured on too few."""
    if n < LEAST:
        return Rate(None, n)
    low, high = interval()
    return Rate(round(share, 3), n, (round(low, 3), round(high, 3)))


def _figures(part: str, measured: Reliability) -> Iterator[Figure]:
    tables: Sequence[tuple[str, Mapping[str, CodingRates]]] = (("root", measured.roots), ("facet", measured.facets))
    for what, rates in tables:
        for name, rate in rates.items():
            yield _figure(part, f"{what} {name}: precision", rate.precision)
            yield _figure(part, f"{what} {name}: recall", rate.recall)
    for name, shares in measured.values.items():
        yield _figure(part, f"values {name}: shown right", shares.right)
        yield _figure(part, f"values {name}: to be had, shown", shares.shown)
    for one in measured.confidence:
        yield _figure(part, f"confidence {one.low:g}–{one.high:g}: right", one.right, f"claimed {one.claimed:.3f}, ")


def _figure(part: str, name: str, rate: Rate, detail: str = "") -> Figure:
    told = f"{detail}of {rate.n}" + ("" if rate.share is not None else ": too few")
    return Figure(part, name, rate.share, detail=told, interval=rate.interval)


_BEGIN, _END = "<!-- rates: begin -->", "<!-- rates: end -->"


def inserted(document: str, measured: Reliability) -> str:
    """The document with the tables of these rates between its two marks. Raises ValueError without the marks."""
    before, rest = document.split(_BEGIN)
    _, after = rest.split(_END)
    return f"{before}{_BEGIN}\n{tables(measured)}\n{_END}{after}"


def tables(measured: Reliability) -> str:
    """The rates as tables in Markdown."""
    head = (
        f"Coder {measured.coder}, codebook {measured.codebook}; {measured.n_texts} sealed articles and "
        f"{measured.n_stories} sealed stories. Each rate has its 95 % interval and n."
    )
    by_name = [
        _table(["root", "precision", "recall"], ([n, r.precision, r.recall] for n, r in measured.roots.items())),
        _table(["facet", "precision", "recall"], ([n, r.precision, r.recall] for n, r in measured.facets.items())),
        _table(
            ["values in records of", "shown values right", "values to be had that are shown"],
            ([n, r.right, r.shown] for n, r in measured.values.items()),
        ),
        _table(
            ["events with a confidence of", "claimed", "right"],
            ([f"{r.low:g}–{r.high:g}", f"{r.claimed:.3f}", r.right] for r in measured.confidence),
        ),
    ]
    return "\n\n".join([head, *by_name])


def _table(columns: Sequence[str], rows: Iterable[Sequence[str | Rate]]) -> str:
    lines = [columns, ["---"] * len(columns), *([_cell(cell) for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _cell(cell: str | Rate) -> str:
    if isinstance(cell, str):
        return cell
    if cell.share is None or cell.interval is None:
        return f"too few ({cell.n})"
    return f"{cell.share:.3f} [{cell.interval[0]:.3f}–{cell.interval[1]:.3f}], {cell.n}"
