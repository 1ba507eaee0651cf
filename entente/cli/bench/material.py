"""What is measured on: the project's goldens, and the evaluation data beside the checkout where they are there."""

import json
import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from entente.services.articles import Document, GivenActor

_MARK = re.compile(r"<(/?)([st])>")
_ASSUMED_DAY = date(2020, 6, 15)


@dataclass(frozen=True, slots=True)
class Marked:
    """A sentence with its source S and target T given, and the root and quad class that annotators gave it."""

    id: str
    document: Document
    root: str
    quad: int
    marked: str


@dataclass(frozen=True, slots=True)
class Material:
    """Where the data lie: `shared` may be absent, `golden` is part of a checkout."""

    shared: Path
    golden: Path

    def articles(self) -> list[dict[str, Any]]:
        """Real articles with the record expected of each; none where the evaluation data are absent."""
        return _objects(self.shared / "data" / "articles")

    def goldens(self) -> list[dict[str, Any]]:
        """Articles of our own writing with required and forbidden events."""
        return _objects(self.golden / "articles")

    def quiet(self) -> list[dict[str, Any]]:
        """Texts of our own writing in which no state acts towards another."""
        return _objects(self.golden / "quiet")

    def dyads(self) -> list[dict[str, Any]]:
        """Sentences of our own writing with [source, root, target] of each."""
        return _lines(self.golden / "dyads.jsonl")

    def marked(self, half: str) -> list[Marked]:
        """The odd (development) or even (frozen) half; a repeated sentence stays where it first occurs."""
        rows = _lines(self.shared / "data" / "plv_dev.jsonl")
        first: dict[str, str] = {}
        for row in rows:
            first.setdefault(row["sentence"], _half(row["id"]))
        return [_marked(r) for r in rows if _half(r["id"]) == half == first[r["sentence"]]]

    def news(self) -> list[str]:
        """Ordinary news, one text a document: the news part of UD English-PUD, where the treebank is there."""
        path, texts = self.shared / "data" / "treebank" / "news-test.conllu", defaultdict(list)
        identity = ""
        for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else ():
            if line.startswith("# sent_id = "):
                identity = line.removeprefix("# sent_id = ")
            elif line.startswith("# text = ") and identity.startswith("n"):
                texts[identity[:-3]].append(line.removeprefix("# text = "))
        return [" ".join(sentences) for sentences in texts.values()]


def document(golden: dict[str, Any]) -> Document:
    """What the coder is given of a golden."""
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
