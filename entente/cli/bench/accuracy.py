"""Accuracy of the coder on real articles, marked sentences, the project's goldens and country pairs."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any

from entente.cli.bench.figures import Figure
from entente.cli.bench.material import Marked, Material, document
from entente.cli.bench.scoring import bootstrap, macro_f1, micro, missed, shown, violated
from entente.cli.documents import event_answer
from entente.relations.codebook import Codebook
from entente.relations.entities import Entities
from entente.relations.events import STATE_SECTORS
from entente.services.articles import Document
from entente.services.ports.coder import Coder

#: Prefixes of the kinds of cases that test dates and names; not scored here.
_ELSEWHERE = ("date", "names", "capitals", "actor")

ABSENT = "the evaluation data are absent (--shared)"


@dataclass(frozen=True)
class Examination:
    """A coder with the material it is measured on. `errors` collects (part, line) for `--errors`."""

    coder: Coder
    codebook: Codebook
    entities: Entities
    material: Material
    errors: list[tuple[str, str]] = field(default_factory=list)

    def code(self, text: Document, crosswalk: str = "plover") -> list[dict[str, Any]]:
        """The events of a document as `entente code` prints them."""
        return [event_answer(event, crosswalk, self.codebook) for event in self.coder.code(text).events]

    def note(self, part: str, lines: Sequence[str]) -> int:
        """Record errors of a part; their number."""
        self.errors.extend((part, line) for line in lines)
        return len(lines)

    def moves(self, event: dict[str, Any]) -> bool:
        """Whether an event between state actors may change a facet: it has an effect and reaches the floor."""
        states = all((event[side]["sector"] or "") in STATE_SECTORS for side in ("source", "target"))
        moves = bool(self.codebook.effects(event["act"], event["status"]))
        return states and moves and event["confidence"] >= self.codebook.floor(event["act"])


def articles(exam: Examination) -> Iterator[Figure]:
    """Required and forbidden events of the real articles."""
    yield from _records(exam, "article", exam.material.articles())


def goldens(exam: Examination) -> Iterator[Figure]:
    """Required and forbidden events of the goldens; events that move a facet in texts without an event."""
    yield from _records(exam, "goldens", exam.material.goldens())
    moved = 0
    quiet = exam.material.quiet()
    for text in quiet:
        wrong = [shown(event) for event in exam.code(document(text)) if exam.moves(event)]
        moved += exam.note("goldens", [f"{text['id']}: {line}" for line in wrong])
    if quiet:
        yield Figure("goldens", "quiet texts: facets moved", moved, 0, True, detail=f"{len(quiet)} texts")


def types(exam: Examination) -> Iterator[Figure]:
    """Root and quad class of marked pairs, on the development half."""
    yield from _typed(exam, "types", exam.material.marked("odd"), None, None)


def frozen(exam: Examination) -> Iterator[Figure]:
    """Root and quad class of marked pairs, on the frozen half; its sentences are never printed."""
    yield from _typed(exam, "frozen", exam.material.marked("even"), 0.86, 0.93)


def dyads(exam: Examination) -> Iterator[Figure]:
    """F1 of (source, root, target) in single sentences of the goldens that name country pairs."""
    rows = exam.material.dyads()
    if not rows:
        yield Figure("dyads", "pairs and root F1", None, 0.70, detail="tests/golden is absent (--golden)")
        return
    gold, given = [], []
    for row in rows:
        events = exam.code(Document(row["text"], None, date.fromisoformat(row["published_at"])))
        gold.append({(source, merged(root), target) for source, root, target in row["gold"]})
        given.append({triple for event in events if (triple := _triple(exam, event))})
        if gold[-1] != given[-1]:
            missing, extra = sorted(gold[-1] - given[-1]), sorted(given[-1] - gold[-1])
            exam.note("dyads", [f"{row['id']} missed {missing} extra {extra} | {row['text']}"])
    quads = {merged(name): root.quad for name, root in exam.codebook.roots.items()}
    shapes: dict[str, Callable[[tuple[str, str, str]], object]] = {
        "pairs": lambda t: (t[0], t[2]),
        "pairs and quad": lambda t: (t[0], quads[t[1]], t[2]),
        "pairs and root": lambda t: t,
    }
    for name, shape in shapes.items():
        p, r, f = micro([set(map(shape, g)) for g in gold], [set(map(shape, g)) for g in given])
        aim = 0.70 if name == "pairs and root" else None
        yield Figure("dyads", f"{name} F1", f, aim, detail=f"P {p:.3f} R {r:.3f}, {len(rows)} sentences")


def cases(exam: Examination) -> Iterator[Figure]:
    """Short inputs by kind of error: the share answered without an error, and the worst kind."""
    for name in ("news_kinds", "field_coder"):
        rows = [row for row in exam.material.cases(name) if not row["kind"].startswith(_ELSEWHERE)]
        if not rows:
            yield Figure("cases", name, None, 0.85, detail=ABSENT)
            continue
        kinds: dict[str, list[bool]] = {}
        for row in rows:
            events = exam.code(document(row))
            lines = [*missed(events, row["required"]), *violated(events, row["forbidden"])]
            exam.note("cases", [f"{row['id']}: {line} | {row['title'] or ''} {row['text'][:200]}" for line in lines])
            kinds.setdefault(row["kind"], []).append(not lines)
        met = [whole for kind in kinds.values() for whole in kind]
        yield Figure("cases", name, sum(met) / len(met), 0.85, detail=f"{sum(met)} of {len(met)}")
        worst = min(kinds, key=lambda kind: sum(kinds[kind]) / len(kinds[kind]))
        shares = ", ".join(f"{kind} {sum(k)}/{len(k)}" for kind, k in sorted(kinds.items()))
        share = sum(kinds[worst]) / len(kinds[worst])
        yield Figure("cases", f"{name}: worst kind", share, 0.70, detail=shares)


def best_of_pair(exam: Examination, row: Marked) -> dict[str, Any] | None:
    """The most confident event from S to T by the crosswalk of Zero-Shot-PLOVER; None without one."""
    events = exam.code(row.document, "zsp")
    between = [e for e in events if (e["source"]["entity"], e["target"]["entity"]) == ("S", "T")]
    return max(between, key=lambda event: event["confidence"], default=None)


def merged(root: str) -> str:
    """The root's name where CONCEDE and RETREAT count as one, YIELD."""
    return "YIELD" if root in ("CONCEDE", "RETREAT") else root


def _records(exam: Examination, part: str, records: Sequence[dict[str, Any]]) -> Iterator[Figure]:
    if not records:
        yield Figure(part, "required", None, 0, detail=ABSENT)
        return
    asked = unmet = broken = 0
    for record in records:
        events = exam.code(document(record))
        asked += len(record["required"])
        unmet += exam.note(part, [f"{record['id']}: {line}" for line in missed(events, record["required"])])
        broken += exam.note(part, [f"{record['id']}: {line}" for line in violated(events, record["forbidden"])])
    texts = f"{len(records)} {'text' if len(records) == 1 else 'texts'}"
    yield Figure(part, "required met", asked - unmet, asked, detail=texts)
    yield Figure(part, "forbidden events", broken, 0, True, detail=texts)


def _typed(
    exam: Examination, part: str, rows: Sequence[Marked], root_aim: float | None, quad_aim: float | None
) -> Iterator[Figure]:
    if not rows:
        yield Figure(part, "root macro-F1", None, root_aim, detail=ABSENT)
        return
    best = [best_of_pair(exam, row) for row in rows]
    roots = [(row.root, merged(b["root"]) if b else "NONE") for row, b in zip(rows, best, strict=True)]
    quads = [(row.quad, b["quad"] if b else 0) for row, b in zip(rows, best, strict=True)]
    if part != "frozen":
        wrong = [(row, root) for row, (gold, root) in zip(rows, roots, strict=True) if gold != root]
        exam.note(part, [f"{row.root} got {root} | {row.marked}" for row, root in wrong])
    right = sum(gold == root for gold, root in roots) / len(rows)
    detail = f"{len(rows)} sentences, {sum(root == 'NONE' for _, root in roots)} unanswered"
    figure = partial(Figure, part, detail=detail)
    yield figure("root macro-F1", macro_f1(roots), root_aim, interval=bootstrap(roots, macro_f1))
    yield figure("quad macro-F1", macro_f1(quads), quad_aim, interval=bootstrap(quads, macro_f1))
    yield figure("root accuracy", right)


def _triple(exam: Examination, event: dict[str, Any]) -> tuple[str, str, str] | None:
    """(source, root, target) of an event between two different countries, else None."""
    source, target = event["source"]["entity"], event["target"]["entity"]
    countries = all((entity := exam.entities.get(key)) and entity.is_country for key in (source, target))
    return (source, merged(event["root"]), target) if countries and source != target else None
