"""Score the coder on whole labelled texts: pairs, roots, acts, and events that move a facet (movers)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import date
from functools import partial

from entente.cli.bench.accuracy import ABSENT, Examination, merged
from entente.cli.bench.figures import Figure
from entente.cli.bench.labelled import NOT_TOLD, LabelledText, settled
from entente.cli.bench.scoring import interval_of, micro
from entente.relations.codebook import Codebook
from entente.services.articles import Document, GivenActor

#: Organisations whose events are scored, in addition to those of countries.
ORGANISATIONS = frozenset("EU NATO UN AU ECOWAS ASEAN GCC ARAB-LEAGUE OAS SADC CIS".split())

#: Status → stage: the act happened, is coming, is only said, or is not so.
STAGE = {
    "effective": "happened",
    "ongoing": "happened",
    "announced": "coming",
    "agreed": "coming",
    "requested": "said",
    "threatened": "said",
    "alleged": "said",
    "hypothetical": "said",
    "refused": "not",
    "denied": "not",
    "negated": "not",
}

#: (source, target, act, status) between two parties that are scored.
Told = tuple[str, str, str, str]

#: (source, facet, target, item, value, direction)
Value = tuple[str, str, str, str, str, str]


@dataclass
class Scores:
    """Expected and coded sets of every text, by measure ("pairs", "pairs and root", …).

    `moved`: movers coded as done, from the floor on; `otherwise`: those of them that the text reports as not done.
    `quiet`: texts without an event; `quiet_moved`: those of them with a coded mover.
    """

    gold: dict[str, list[Set[object]]] = field(default_factory=dict)
    given: dict[str, list[Set[object]]] = field(default_factory=dict)
    otherwise: int = 0
    moved: int = 0
    quiet: int = 0
    quiet_moved: int = 0

    def add(self, name: str, gold: Set[object], given: Set[object]) -> None:
        """Add one text's sets to the measure `name`."""
        self.gold.setdefault(name, []).append(gold)
        self.given.setdefault(name, []).append(given)


def sealed(exam: Examination) -> Iterator[Figure]:
    """The sealed articles, coded from the raw text and with the parties given."""
    texts = exam.material.labelled("sealed")
    yield from _figures("sealed", exam, texts, {"pairs": 0.75, "pairs, root and stage": 0.62, "movers": (0.85, 0.50)})
    yield from _figures("given", exam, texts, {"pairs": 0.82}, given=True)


def tune(exam: Examination) -> Iterator[Figure]:
    """The articles used to choose thresholds; their figures are not published."""
    yield from _figures("tune", exam, exam.material.labelled("tune"), {})


def news(exam: Examination) -> Iterator[Figure]:
    """The labelled real texts, and real texts on other subjects, in which hardly any should move a facet."""
    texts = exam.material.labelled_news()
    yield from _figures("news", exam, texts, {"pairs": 0.70, "movers": (0.80, None)})
    other = exam.material.other_news()
    if other:
        moved = [text for text in other if any(exam.moves(event) for event in exam.code(text))]
        exam.note("news", [f"moved: {text.title or text.text[:80]}" for text in moved])
        detail = f"{len(moved)} of {len(other)} texts"
        yield Figure("news", "other texts that move a facet", len(moved) / len(other), 0.04, True, detail=detail)


def agreement(exam: Examination) -> Iterator[Figure]:
    """Agreement of two annotators who labelled the same texts independently: a ceiling for the other figures."""
    for name, pairs in (("sealed", exam.material.twice()), ("news", exam.material.news_twice())):
        scores = Scores()
        for one, other in pairs:
            theirs = told_of(other, exam)
            _compare(scores, exam.codebook, told_of(one, exam), theirs, theirs)
        if not pairs:
            yield Figure("agreement", name, None, detail=ABSENT)
        for what in scores.gold:
            p, r, f = micro(scores.gold[what], scores.given[what])
            detail = f"P {p:.3f} R {r:.3f}, {len(pairs)} texts"
            yield Figure("agreement", f"{name}: {what} F1", f, detail=detail)


def _figures(
    part: str, exam: Examination, texts: Sequence[LabelledText], aims: Mapping[str, object], given: bool = False
) -> Iterator[Figure]:
    if not texts:
        yield Figure(part, "pairs F1", None, detail=ABSENT)
        return
    scores = Scores()
    for text in texts:
        score(scores, exam, text, part, given)
    for name in scores.gold:
        p, r, f = micro(scores.gold[name], scores.given[name])
        between = partial(interval_of, scores.gold[name], scores.given[name])
        detail = (
            f"P {p:.3f} R {r:.3f}, {sum(map(len, scores.gold[name]))} told, {sum(map(len, scores.given[name]))} coded"
        )
        aim = aims.get(name)
        if name == "movers":
            least_p, least_r = aim if isinstance(aim, tuple) else (None, None)
            yield Figure(part, "movers precision", p, least_p, detail=detail, interval=between(0))
            yield Figure(part, "movers recall", r, least_r, interval=between(1))
        else:
            least = aim if isinstance(aim, float) else None
            yield Figure(part, f"{name} F1", f, least, detail=detail, interval=between(2))
    detail = f"{scores.otherwise} of {scores.moved} movers coded as done"
    yield Figure(part, "told otherwise", scores.otherwise / max(1, scores.moved), 0.01, True, detail=detail)
    if scores.quiet:
        detail = f"{scores.quiet_moved} of {scores.quiet} texts without an event"
        yield Figure(
            part, "quiet texts that move a facet", scores.quiet_moved / scores.quiet, 0.01, True, detail=detail
        )


def score(scores: Scores, exam: Examination, text: LabelledText, part: str, given: bool) -> None:
    """Code one text, add it to the scores, and note its errors under `part`."""
    document = _with_parties(text) if given else document_of(text)
    got = _coded(document, exam)
    shown = [event for event, sure in got if sure >= exam.codebook.floor(event[2])]
    gold = told_of(text, exam)
    missing, extra = _compare(scores, exam.codebook, gold, [event for event, _ in got], shown)
    if missing or extra:
        exam.note(part, [f"{text.id} missed {missing} extra {extra} | {' '.join(text.lines)[:300]}"])


def _compare(
    scores: Scores, codebook: Codebook, gold: Sequence[Told], got: Sequence[Told], shown: Sequence[Told]
) -> tuple[list[str], list[str]]:
    """Add one text's sets. `shown`: those of `got` that reach the floor, so that they may move a facet."""
    told = [e for e in gold if e[3] not in NOT_TOLD]
    mine = [e for e in got if e[3] not in NOT_TOLD]
    pairs, coded = {(s, t) for s, t, *_ in told}, {(s, t) for s, t, *_ in mine}
    scores.add("pairs", pairs, coded)
    for name, staged in (("pairs and root", False), ("pairs, root and stage", True)):
        wanted = {_root(e, codebook, staged) for e in told}
        scores.add(name, wanted, {_as_meant(_root(e, codebook, staged), wanted) for e in mine})
    scores.add("pairs and act", {(s, t, act) for s, t, act, _ in told}, {(s, t, act) for s, t, act, _ in mine})
    movers, moved = _moved(told, codebook), _moved(shown, codebook)
    scores.add("movers", movers, moved)
    not_so = {m for e in gold if STAGE[e[3]] != "happened" for m in _moves(e, codebook)} - movers
    scores.otherwise += len(moved & not_so)
    scores.moved += len(moved)
    scores.quiet += not gold
    scores.quiet_moved += not gold and bool(moved)
    missing, extra = {*(pairs - coded), *(movers - moved)}, {*(coded - pairs), *(moved - movers)}
    return sorted(map(str, missing)), sorted(map(str, extra))


def coded_of(text: LabelledText, exam: Examination) -> list[tuple[Told, float]]:
    """The events that the coder finds between scored parties, with their confidence."""
    return _coded(document_of(text), exam)


def _coded(document: Document, exam: Examination) -> list[tuple[Told, float]]:
    coded = [e for e in exam.coder.code(document).events if e.status not in NOT_TOLD]
    mine = settled([(e.quote.start, e.source.entity, e.target.entity, e.act, e.status, e.confidence) for e in coded])
    return [((s, t, act, status), sure) for _, s, t, act, status, sure in mine if _scored(s, t, exam)]


def values(events: Iterable[tuple[Told, float]], codebook: Codebook) -> dict[Value, float]:
    """The values that events which happened give facets, each with the confidence of the surest."""
    found: dict[Value, float] = {}
    for event, sure in events:
        for value in _moves(event, codebook) if STAGE[event[3]] == "happened" else ():
            found[value] = max(sure, found.get(value, 0.0))
    return found


def told_of(text: LabelledText, exam: Examination) -> list[Told]:
    """The labelled events of a text between scored parties."""
    return [(e.source, e.target, e.act, e.status) for e in text.events if _scored(e.source, e.target, exam)]


def _scored(source: str, target: str, exam: Examination) -> bool:
    def counts(key: str) -> bool:
        entity = exam.entities.get(key) if "/" not in key else None
        return key in ORGANISATIONS or (entity is not None and entity.is_country)

    return source != target and counts(source) and counts(target)


def _root(event: Told, codebook: Codebook, staged: bool) -> tuple[str, ...]:
    """(source, target, root by act and status), with `staged` also the stage; CONCEDE and RETREAT count as one."""
    source, target, act, status = event
    root = merged(codebook.codes(act, status).root)
    return (source, target, root, STAGE[status]) if staged else (source, target, root)


def _as_meant(root: tuple[str, ...], wanted: Set[tuple[str, ...]]) -> tuple[str, ...]:
    """The root as labelled if it differs only in AGREE or THREATEN for a coming act, which count as equal."""
    source, target, name, *stage = root
    for other in {"AGREE": ("THREATEN",), "THREATEN": ("AGREE",)}.get(name, ()):
        if root not in wanted and (source, target, other, *stage) in wanted and stage[:1] == ["coming"]:
            return (source, target, other, *stage)
    return root


def _moved(events: Sequence[Told], codebook: Codebook) -> set[object]:
    return {m for e in events if STAGE[e[3]] == "happened" for m in _moves(e, codebook)}


def _moves(event: Told, codebook: Codebook) -> Iterator[Value]:
    source, target, act, _ = event
    for effect in codebook.effects(act, "effective"):
        yield source, effect.facet, target, effect.item, effect.value, effect.moves


def document_of(text: LabelledText) -> Document:
    """A labelled text as the coder's input."""
    title, body = (text.lines[0], text.lines[1:]) if text.has_title else (None, text.lines)
    return Document(" ".join(body), title, date.fromisoformat(text.day))


def _with_parties(text: LabelledText) -> Document:
    """A labelled text as input with its parties given; one mark may name several."""
    body, actors = "", []
    for line, marks in zip(text.lines, text.marks, strict=True):
        begin = len(body)
        body += line + " "
        for mark in marks:
            for code in mark.codes:
                if not code.endswith(("/PLACE", "/NOT")):
                    actors.append(GivenActor(begin + mark.start, begin + mark.end, code))
    return Document(body, None, date.fromisoformat(text.day), tuple(actors))
