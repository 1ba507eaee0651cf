"""`entente bench states`: measure the states derived from whole stories against a careful reader's."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path

import click

from entente.bootstrap.container import Container
from entente.bootstrap.seeds import seed_directory
from entente.cli.bench.archives import run
from entente.cli.bench.figures import Figure, fail_if_short, shown
from entente.cli.bench.judgements import KINDS, Judgement, Share, as_shown, had_shown, judge, not_right, shown_right
from entente.cli.bench.stories import Story, read_again, read_stories
from entente.cli.common import json_option, load_settings, progress
from entente.cli.terminal import printable
from entente.relations.codebook import Codebook

#: Errors are printed in this order: what is shown and not so is worse than what is missing.
_WORST = ("wrong", "stale", "extra", "missing")


@click.command("states")
@click.option(
    "--sealed",
    is_flag=True,
    help="Measure the sealed stories instead. Figures only, once a version; not for development.",
)
@click.option("--since", default="", metavar="NAME", help="Only the stories from NAME on, as tune-19.")
@click.option("--errors", default=0, metavar="N", help="Print N errors, the worst first; not of the sealed stories.")
@json_option
def states_bench(sealed: bool, since: str, errors: int, as_json: bool) -> None:
    """Measure derived states against a careful reader's.

    Codes the archives of training/stories as if each article came on its day, and compares the records on five days
    with the values that a reader recorded; so it does those of a second reader. Exit 1 if an aim is missed.
    """
    if sealed and errors:
        raise click.UsageError("--errors: the errors of the sealed stories are not to be read")
    kind = "sealed" if sealed else "tune"
    stories = stories_of(kind, since)
    if since and not stories:
        raise click.UsageError(f"--since: no {kind} story from {since} on; they are named as {kind}-01")
    container = Container(load_settings())
    judged = judged_stories(container, stories)
    measured = shown(chain(figures(kind, judged, container.codebook), agreement(kind, stories, judged)), as_json)
    for line in worst(judged, errors):
        click.echo(printable(line), err=as_json)
    fail_if_short(measured)


def stories_of(kind: str, since: str = "") -> list[Story]:
    """The stories of a kind, those from a name on; empty if they are absent."""
    return [story for story in read_stories(_directory(), kind) if (len(story.id), story.id) >= (len(since), since)]


def judged_stories(container: Container, stories: Sequence[Story]) -> list[Judgement]:
    """The judgements on all readings of the stories."""
    judged: list[Judgement] = []
    with progress("Stories") as move:
        for number, story in enumerate(stories, 1):
            judged += judge(story, run(story, container))
            move(number, len(stories))
    return judged


def agreement(part: str, stories: Sequence[Story], judged: Sequence[Judgement]) -> Iterator[Figure]:
    """What a second reader's values would have, were they the program's, and which of its errors he makes, too.

    Nothing if there is no second reader.
    """
    again = read_again(_directory(), stories)
    if not again:
        return
    his = [j for story, readings in again for j in judge(story, as_shown(story, readings))]
    yield _figure(part, "second reader: right", shown_right(his), f"{len(again)} stories; {counted(his)}")
    yield _figure(part, "second reader: of those to be had", had_shown(his), "")
    errors = not_right(judged, again)
    yield Figure(part, "second reader: shown values not right that he lists", sum(errors), detail=f"of {len(errors)}")


def _directory() -> Path:
    return seed_directory().parent / "training" / "stories"


def figures(part: str, judged: Sequence[Judgement], codebook: Codebook) -> Iterator[Figure]:
    """Values that are right of those shown and of those to be had: of all, then by day, standing, family and facet."""
    if not judged:
        yield Figure(part, "shown values right", None, 0.90, detail="the stories are absent (training/stories)")
        return
    yield _figure(part, "shown values right", shown_right(judged), counted(judged), 0.90)
    yield _figure(part, "values to be had, shown", had_shown(judged), "", 0.60)
    stale = [j for j in judged if j.kind == "stale"]
    marked = sum(j.shown is not None and j.shown.doubted for j in stale)
    yield Figure(part, "stale values marked", marked, detail=f"change_unconfirmed, of {len(stale)}")
    unmarked = [j for j in judged if j.kind == "missing" or not (j.shown and j.shown.doubted)]
    yield _figure(part, "shown without that mark, right", shown_right(unmarked), counted(unmarked))
    groups: Sequence[tuple[Iterable[str], Callable[[Judgement], str]]] = (
        (sorted({f"day {j.number}" for j in judged}), lambda j: f"day {j.number}"),
        (("held", "pending", "threatened"), lambda j: j.track[4]),
        (codebook.floors, lambda j: codebook.facet(j.track[2]).family),
        (codebook.facets, lambda j: j.track[2]),
    )
    for names, of in groups:
        for name in names:
            if some := [j for j in judged if of(j) == name]:
                yield _figure(part, f"{name}: shown right", shown_right(some), counted(some))
                yield _figure(part, f"{name}: to be had, shown", had_shown(some), "")


def _figure(part: str, name: str, share: Share, detail: str, aim: float | None = None) -> Figure:
    told = f"of {share.n}" + (f"; {detail}" if detail else "")
    return Figure(part, name, share.value, aim, detail=told, interval=share.interval)


def counted(judged: Sequence[Judgement]) -> str:
    """The number of judgements of each kind."""
    return ", ".join(f"{sum(j.kind == kind for j in judged)} {kind}" for kind in KINDS)


def worst(judged: Sequence[Judgement], most: int) -> Iterator[str]:
    """The errors, one line or more each: by kind, then those first that last over most days."""
    same: dict[tuple[str, str, tuple[str, ...], str], list[Judgement]] = {}
    for j in judged:
        if j.kind in _WORST:
            value = j.wanted if j.kind == "missing" or j.shown is None else j.shown.value
            same.setdefault((j.kind, j.story, j.track, value), []).append(j)
    order = sorted(same, key=lambda key: (_WORST.index(key[0]), -len(same[key]), key))
    for key in order[:most]:
        kind, story, track, value = key
        first = same[key][0]
        days = ", ".join(str(j.number) for j in same[key])
        reader = f", reader: {first.wanted or 'nothing'}" if kind != "missing" else f", told by {first.told_by}"
        doubted = ", marked change_unconfirmed" if kind != "missing" and first.shown and first.shown.doubted else ""
        yield f"{kind}: {story}, days {days}: {' '.join(filter(None, track))} = {value}{reader}{doubted}"
        if first.shown:
            unsure = "unconfirmed: " if kind == "missing" else ""
            yield from (f"    {unsure}{quote}" for quote in first.shown.quotes)
