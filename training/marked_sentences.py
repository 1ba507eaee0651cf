"""Sentences with a marked source and target, and the PLOVER root of what the one does to the other."""

import csv
import json
import random
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from entente.bootstrap.container import Container
from entente.bootstrap.settings import Settings
from entente.coding.second_reader import NOTHING
from entente.coding.word_pieces import MarkedPair
from entente.services.articles import Document

_TAG = re.compile(r"<(/?)([st])>")

#: Roots of which source and target may change places: to talk or to agree takes two.
_MUTUAL = frozenset({"AGREE", "CONSULT", "COOPERATE", "SUPPORT", NOTHING})

#: Less sure readings of our goldens are left out.
_SURE = 0.7


@dataclass(frozen=True, slots=True)
class MarkedSentence:
    """What the source of the pair does to its target."""

    root: str
    pair: MarkedPair


def written(directory: Path) -> list[MarkedSentence]:
    """The sentences of ROOT.txt files, one a line, with `<s>…</s>` and `<t>…</t>`. Raises ValueError for a bad line."""
    return [
        MarkedSentence(path.stem.upper(), unmarked(line, f"{path.name}:{number}"))
        for path in sorted(directory.glob("*.txt"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
    ]


def unmarked(line: str, place: str) -> MarkedPair:
    """The text of a marked line, and where its marks stood."""
    text, last = "", 0
    spans: dict[str, list[int]] = {"s": [], "t": []}
    for tag in _TAG.finditer(line):
        text += line[last : tag.start()]
        last = tag.end()
        spans[tag.group(2)].append(len(text))
    text += line[last:]
    if any(len(span) != 2 for span in spans.values()):
        raise ValueError(f"{place}: mark one source and one target, <s>…</s> and <t>…</t>")
    return MarkedPair(text, (spans["s"][0], spans["s"][1]), (spans["t"][0], spans["t"][1]))


def mirrored(rows: Sequence[MarkedSentence], share: float) -> list[MarkedSentence]:
    """Some of the one-sided sentences with source and target changed places, in which nothing is done to the target."""
    sided = [row for row in rows if row.root not in _MUTUAL]
    chosen = random.sample(sided, int(share * len(sided)))
    return [MarkedSentence(NOTHING, replace(r.pair, source=r.pair.target, target=r.pair.source)) for r in chosen]


def from_goldens(top: Path) -> list[MarkedSentence]:
    """What the frames read in the texts of our own that say what is to be read in them, where the two agree."""
    container = Container(Settings.from_env({"ENTENTE_SECOND_READER": "off"}))
    found = {}
    for text, day, wanted in _texts(top):
        for event in container.coder.code(Document(text, None, day)).events:
            root = container.codebook.codes(event.act, event.status).root
            fields = {"source": event.source.entity, "target": event.target.entity, "act": event.act, "root": root}
            if event.confidence < _SURE or not any(_fits(fields, match) for match in wanted):
                continue
            quote = event.quote.text
            source, target = quote.find(event.source.text), quote.find(event.target.text)
            pair = MarkedPair(
                quote, (source, source + len(event.source.text)), (target, target + len(event.target.text))
            )
            if min(source, target) >= 0 and (pair.source[1] <= target or pair.target[1] <= source):
                found[root, pair] = MarkedSentence(root, pair)
    return list(found.values())


def _texts(top: Path) -> Iterator[tuple[str, date, Sequence[Mapping[str, Any]]]]:
    day = date(2020, 6, 15)
    for line in (top / "tests" / "golden" / "dyads.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        wanted = [{"source": s, "root": r, "target": t} for s, r, t in row["gold"]]
        yield row["text"], date.fromisoformat(row["published_at"]), wanted
    for path in sorted((top / "tests" / "golden" / "articles").glob("*.json")):
        article = json.loads(path.read_text(encoding="utf-8"))
        yield article["text"], date.fromisoformat(article["published_at"][:10]), article["required"]
    frames = top / "seeds" / "frames"
    with (frames / "examples.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield row["sentence"], day, [{k: row[k] for k in ("source", "act", "target")}]
    for frame in tomllib.loads((frames / "frames.toml").read_text(encoding="utf-8"))["frame"]:
        for sentence in frame.get("must", ()):
            yield sentence, day, [{"act": frame["act"]}]


def _fits(fields: Mapping[str, str], match: Mapping[str, Any]) -> bool:
    asked = {key: value for key, value in match.items() if key in fields}
    return all(fields[key] in (value if isinstance(value, list) else [value]) for key, value in asked.items())
