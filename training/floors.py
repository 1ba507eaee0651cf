"""Choose the floors of seeds/codebook/rules.toml: ``python training/floors.py``.

For each family of acts and each floor it prints the values shown and how many of them are right: those that the
labelled texts of `tune` and `news` tell as having happened, and those of the records of the tune stories on their five
days. Then the lowest floor from which on nine of ten are right, by both together and for any higher floor too. The
choice is a person's: families have few values.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from entente.bootstrap.container import Container
from entente.bootstrap.logging import configure_logging
from entente.bootstrap.settings import Settings
from entente.cli.bench.accuracy import Examination
from entente.cli.bench.archives import run
from entente.cli.bench.judgements import Judgement, judge
from entente.cli.bench.labelled import LabelledText
from entente.cli.bench.material import Material
from entente.cli.bench.stories import read_stories
from entente.cli.bench.texts import coded_of, told_of, values
from entente.relations.codebook import Codebook
from entente.services.articles import Coding, Document
from entente.services.ports.coder import Coder

HERE = Path(__file__).parent

#: Floors that are compared.
FLOORS = (0.0, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.78, 0.8, 0.82, 0.84, 0.86, 0.88, 0.9)

#: Share of shown values that must be right.
AIM = 0.9


@dataclass(frozen=True, slots=True)
class Count:
    """Values shown, those of them that are right, and those to be had."""

    shown: int = 0
    right: int = 0
    to_be_had: int = 0

    def __add__(self, other: "Count") -> "Count":
        return Count(self.shown + other.shown, self.right + other.right, self.to_be_had + other.to_be_had)

    def __str__(self) -> str:
        share = f"{self.right / self.shown:.2f}" if self.shown else "–"
        return f"{self.right} of {self.shown} right ({share}), of {self.to_be_had}"


class RememberedCoder:
    """The `Coder` port; codes each text once, for the same stories are derived under every floor."""

    def __init__(self, coder: Coder) -> None:
        self.version = coder.version
        self._coder = coder
        self._known: dict[tuple[str, str | None, object], Coding] = {}

    def code(self, document: Document) -> Coding:
        """The coding of a text without given actors."""
        key = (document.text, document.title, document.published_on)
        if key not in self._known:
            self._known[key] = self._coder.code(document)
        return self._known[key]


def main() -> None:
    """Print the table, and the lowest floors that hold."""
    command = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    command.add_argument(
        "--shared", type=Path, default=HERE.parent.parent / "shared", help="directory of the real texts"
    )
    asked = command.parse_args()
    settings = Settings(data_dir=Path("unused"), database_url="sqlite://", log_level="warning")
    configure_logging(settings)
    container = Container(settings)
    book = container.codebook
    material = Material(asked.shared, HERE.parent / "tests" / "golden", HERE)
    exam = Examination(container.coder, book, container.entities, material)
    told = list(claimed(exam, [*material.labelled("tune"), *material.labelled_news()]))
    container.coder = RememberedCoder(container.coder)
    stories = read_stories(HERE / "stories", "tune")
    found: dict[str, list[tuple[float, Count]]] = {family: [] for family in book.floors}
    for floor in FLOORS:
        container.codebook = replace(book, floors=dict.fromkeys(book.floors, floor))
        judged = [j for story in stories for j in judge(story, run(story, container))]
        for family in book.floors:
            texts, records = of_texts(told, family, floor), of_records(judged, family, book)
            found[family].append((floor, texts + records))
            print(f"{family:16} {floor:.2f}: texts {texts}; stories {records}; both {texts + records}", flush=True)
    for family, sweep in found.items():
        print(f"{family}: the lowest floor that holds is {lowest(sweep)}; it is {book.floors[family]}")


def claimed(exam: Examination, texts: Sequence[LabelledText]) -> Iterator[tuple[str, float, bool, bool]]:
    """(family, confidence, right, to be had) of every value coded or labelled; a missed one has confidence −1."""
    for text in texts:
        gold = values([(event, 1.0) for event in told_of(text, exam)], exam.codebook)
        given = values(coded_of(text, exam), exam.codebook)
        for value in gold.keys() | given.keys():
            family = exam.codebook.facet(value[1]).family
            yield family, given.get(value, -1.0), value in gold and value in given, value in gold


def of_texts(told: Sequence[tuple[str, float, bool, bool]], family: str, floor: float) -> Count:
    """What the labelled texts show of a family from a floor on."""
    own = [row for row in told if row[0] == family]
    shown = [right for _, sure, right, _ in own if sure >= floor]
    return Count(len(shown), sum(shown), sum(row[3] for row in own))


def of_records(judged: Sequence[Judgement], family: str, book: Codebook) -> Count:
    """What the stories' records show of a family."""
    own = [j for j in judged if book.facet(j.track[2]).family == family]
    shown = [j for j in own if j.kind != "missing"]
    return Count(len(shown), sum(j.kind == "right" for j in shown), sum(bool(j.wanted) for j in own))


def lowest(sweep: Sequence[tuple[float, Count]]) -> str:
    """The lowest floor from which on all show at least AIM right values; one that shows none holds nothing back."""
    holds = ""
    for floor, count in reversed(sweep):
        if count.shown and count.right / count.shown < AIM:
            break
        holds = f"{floor:.2f}"
    return holds or "none"


if __name__ == "__main__":
    sys.exit(main())
