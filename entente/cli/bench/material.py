"""Test material of the coder bench: goldens and labelled texts of the project, and external evaluation data."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from entente.cli.bench.labelled import LabelledText, Mark, events_of, read
from entente.services.articles import Document, GivenActor

_MARK = re.compile(r"<(/?)([st])>")
_ASSUMED_DAY = date(2020, 6, 15)


@dataclass(frozen=True, slots=True)
class Marked:
    """A sentence with source S and target T given, and the annotated root and quad class. `marked` has the marks."""

    id: str
    document: Document
    root: str
    quad: int
    marked: str


@dataclass(frozen=True, slots=True)
class Material:
    """Directories of the data. `shared` (external) may be absent; `golden` and `training` are part of a checkout."""

    shared: Path
    golden: Path
    training: Path

    def articles(self) -> list[dict[str, Any]]:
        """Real articles with required and forbidden events; empty if the evaluation data are absent."""
        return _objects(self.shared / "data" / "articles")

    def goldens(self) -> list[dict[str, Any]]:
        """The project's articles with required and forbidden events."""
        return _objects(self.golden / "articles")

    def quiet(self) -> list[dict[str, Any]]:
        """The project's texts in which no state acts towards another."""
        return _objects(self.golden / "quiet")

    def dyads(self) -> list[dict[str, Any]]:
        """The project's sentences, each with its [source, root, target] triples."""
        return _lines(self.golden / "dyads.jsonl")

    def marked(self, half: str) -> list[Marked]:
        """The "odd" (development) or "even" (frozen) half; a repeated sentence belongs to the half of its first id."""
        rows = _lines(self.shared / "data" / "plv_dev.jsonl")
        first: dict[str, str] = {}
        for row in rows:
            first.setdefault(row["sentence"], _half(row["id"]))
        return [_marked(r) for r in rows if _half(r["id"]) == half == first[r["sentence"]]]

    def labelled(self, kind: str) -> list[LabelledText]:
        """The project's labelled texts of a kind: "sealed" or "tune"."""
        return [text for path in sorted((self.training / "passages").glob(f"{kind}-*.jsonl")) for text in read(path)]

    def labelled_news(self) -> list[LabelledText]:
        """Real texts with the labels of annotator a, else of annotator b; empty if the texts are absent."""
        found = dict(self._news_labels("b")) | dict(self._news_labels("a"))
        return [text for _, text in sorted(found.items())]

    def news_twice(self) -> list[tuple[LabelledText, LabelledText]]:
        """Real texts that both annotators labelled, as (labels of a, labels of b)."""
        one, other = dict(self._news_labels("a")), dict(self._news_labels("b"))
        return [(one[key], other[key]) for key in sorted(one) if key in other]

    def twice(self) -> list[tuple[LabelledText, LabelledText]]:
        """Sealed texts as (labels of the writer, labels of a second annotator who saw no marks)."""
        again: dict[str, list[Any]] = {}
        for path in sorted((self.training / "passages").glob("again-*.jsonl")):
            again |= {row["id"]: row["e"] for row in _lines(path)}
        return [
            (text, replace(text, events=events_of(again[text.id], text.has_title)))
            for text in self.labelled("sealed")
            if text.id in again
        ]

    def other_news(self) -> list[Document]:
        """Real texts on other subjects, with hardly any events between states."""
        return [document(row) for row in _lines(self.shared / "data" / "news" / "other.jsonl")]

    def ordinary(self) -> list[Document]:
        """Ordinary international news for measuring speed: the real texts, else the sealed articles."""
        rows = _lines(self.shared / "data" / "news" / "international.jsonl")
        return [document(row) for row in rows] or [
            Document(" ".join(text.lines), None, date.fromisoformat(text.day)) for text in self.labelled("sealed")
        ]

    def cases(self, name: str) -> list[dict[str, Any]]:
        """Short inputs by kind of error, with required and forbidden events."""
        return _lines(self.shared / "data" / "cases" / f"{name}.jsonl")

    def _news_labels(self, hand: str) -> Iterator[tuple[str, LabelledText]]:
        texts = {row["id"]: row for row in _lines(self.shared / "data" / "news" / "international.jsonl")}
        for row in _lines(self.training / "news" / f"labels-{hand}.jsonl"):
            text = texts.get(row["id"])
            if text is not None:
                lines = [text["title"], text["text"]] if text["title"] else [text["text"]]
                events = events_of([[0, *e[:4], "", None, e[4]] for e in row["e"]], bool(text["title"]))
                marks: list[list[Mark]] = [[] for _ in lines]
                yield (
                    row["id"],
                    LabelledText(row["id"], text["published_at"], bool(text["title"]), lines, marks, events),
                )


def document(golden: dict[str, Any]) -> Document:
    """A golden as the coder's input."""
    return Document(golden["text"], golden.get("title"), date.fromisoformat(golden["published_at"]))


def _objects(directory: Path) -> list[dict[str, Any]]:
    return [json.loads(path.read_text(encoding="utf-8")) for path in sorted(directory.glob("*.json"))]


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []


def _half(identity: str) -> str:
    return "odd" if int(identity.rsplit("-", 1)[1]) % 2 else "even"


def _marked(row: dict[str, Any]) -> Marked:
    text, position, actors = "", 0, []
    starts: dict[str, int] = {}
    for mark in _MARK.finditer(row["marked"]):
        text += row["marked"][position : mark.start()]
        position = mark.end()
        if mark[1]:
            actors.append(GivenActor(starts[mark[2]], len(text), mark[2].upper()))
        else:
            starts[mark[2]] = len(text)
    text += row["marked"][position:]
    return Marked(row["id"], Document(text, None, _ASSUMED_DAY, tuple(actors)), row["root"], row["quad"], row["marked"])
