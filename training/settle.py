"""Settle decisions.toml on the tune set: ``python training/settle.py WEIGHTS``.

Prints the scores for thresholds of a pair and of a mover, what each rule gains by being there (paired bootstrap), for
each family of acts what a floor would show (seeds/codebook/rules.toml), and for each step of what the network claims
how often it was right: the two columns of `calibration`. Movers are those that reach the floor. The choice is a
person's.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from entente.bootstrap.container import Container
from entente.bootstrap.settings import Settings
from entente.cli.bench.accuracy import Examination
from entente.cli.bench.calibration import calibration
from entente.cli.bench.labelled import LabelledText
from entente.cli.bench.material import Material
from entente.cli.bench.scoring import difference, micro
from entente.cli.bench.texts import Scores, coded_of, score, told_of, values
from entente.coding.calibration import Calibration
from entente.coding.coder import EnglishCoder

HERE = Path(__file__).parent

#: Thresholds of a pair and of a mover that are compared.
_TRIED = ((0.3, 0.7), (0.5, 0.7), (0.4, 0.3), (0.4, 0.5), (0.4, 0.6), (0.4, 0.8))

#: Floors that are compared.
_FLOORS = (0.0, 0.4, 0.5, 0.55, 0.6, 0.65, 0.7)


def main() -> None:
    """Print the tables."""
    command = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    command.add_argument("weights", type=Path)
    asked = command.parse_args()
    container = Container(Settings(data_dir=Path("unused"), database_url="sqlite://", reader_weights=asked.weights))
    material = Material(HERE.parent.parent / "shared", HERE.parent / "tests" / "golden", HERE)
    coder = container.coder
    assert isinstance(coder, EnglishCoder)
    exam = Examination(coder, container.codebook, container.entities, material)
    texts = [*material.labelled("tune"), *material.labelled_news()]
    first, mutual = coder.reader.thresholds, coder.reader.mutual
    whole = scored(exam, texts)
    print(line("as in decisions.toml", whole), flush=True)
    for pair, mover in _TRIED:
        coder.reader.thresholds = replace(first, pair=pair, mover=mover)
        print(line(f"pair {pair} mover {mover}", scored(exam, texts)), flush=True)
    rules = {
        "acts that run both ways are told both ways": (first, frozenset()),
        "an act that moves a facet must be surer": (replace(first, mover=0.0), mutual),
        "a second act of a pair": (replace(first, second=1.1), mutual),
    }
    for name, (coder.reader.thresholds, coder.reader.mutual) in rules.items():
        without = scored(exam, texts)
        print(f"{line(f'without: {name}', without)}; {gains(whole, without)}", flush=True)
    coder.reader.thresholds, coder.reader.mutual = first, mutual
    for told in floors(exam, texts):
        print(told)
    coder.events.calibration = Calibration([1.0], [1.0])  # what the network itself claims
    for figure in calibration(exam):
        print(figure.line())


def scored(exam: Examination, texts: Sequence[LabelledText]) -> Scores:
    """The scores of all texts as the coder is set now."""
    scores = Scores()
    for text in texts:
        score(scores, exam, text, "", False)
    return scores


def floors(exam: Examination, texts: Sequence[LabelledText]) -> Iterator[str]:
    """For each family and floor how many values are shown and how many of them are right, of how many labelled."""
    book = exam.codebook
    shown: dict[str, list[tuple[float, bool]]] = {family: [] for family in book.floors}
    labelled = dict.fromkeys(book.floors, 0)
    for text in texts:
        gold = values([(event, 1.0) for event in told_of(text, exam)], book)
        given = values(coded_of(text, exam), book)
        for value in gold:
            labelled[book.facet(value[1]).family] += 1
        for value, sure in given.items():
            shown[book.facet(value[1]).family].append((sure, value in gold))
    for family, found in shown.items():
        for floor in _FLOORS:
            above = [right for sure, right in found if sure >= floor]
            precision = f"{sum(above) / len(above):.2f}" if above else "–"
            yield f"{family} {floor:.2f}: {sum(above)} of {len(above)} right ({precision}), of {labelled[family]}"


def line(name: str, scores: Scores) -> str:
    """Scores in one line."""
    f = {what: micro(scores.gold[what], scores.given[what]) for what in scores.gold}
    pairs = f"pairs {f['pairs'][2]:.3f} (P {f['pairs'][0]:.3f}), staged {f['pairs, root and stage'][2]:.3f}"
    movers = f"movers P {f['movers'][0]:.3f} R {f['movers'][1]:.3f}"
    return f"{name}: {pairs}, {movers}, told otherwise {scores.otherwise}, quiet {scores.quiet_moved}"


def gains(whole: Scores, without: Scores) -> str:
    """What a rule gains, with 95 % intervals."""
    found = []
    for what in ("pairs", "pairs, root and stage", "movers"):
        gain, low, high = difference(whole.gold[what], whole.given[what], without.given[what])
        found.append(f"{what} {gain:+.3f} [{low:+.3f} {high:+.3f}]")
    return "the rule gains " + ", ".join(found)


if __name__ == "__main__":
    sys.exit(main())
