"""Settle decisions.toml on the tune set: ``python training/settle.py WEIGHTS``.

Prints the scores for thresholds of a pair and of a mover, what each rule gains by being there (paired bootstrap), and
for steps of what the network claims how often it was right: the columns of `[calibration.…]`. Movers are those that
reach the floor, for which see floors.py. The choice is a person's.
"""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import fields, replace
from pathlib import Path

from entente.bootstrap.container import Container
from entente.bootstrap.settings import Settings
from entente.cli.bench.accuracy import Examination
from entente.cli.bench.calibration import Claim, claims
from entente.cli.bench.labelled import LabelledText
from entente.cli.bench.material import Material
from entente.cli.bench.scoring import difference, micro
from entente.cli.bench.texts import Scores, score
from entente.coding.calibration import Calibration, Calibrations
from entente.coding.coder import EnglishCoder

HERE = Path(__file__).parent

_SCALES = [field.name for field in fields(Calibrations)]

#: Confidence at most of what is read by another scale than the one that is looked at.
_ASIDE = 0.001

#: Thresholds of a pair and of a mover that are compared.
_TRIED = ((0.3, 0.7), (0.5, 0.7), (0.4, 0.3), (0.4, 0.5), (0.4, 0.6), (0.4, 0.8))


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
        "a further act of a pair": (replace(first, further=None), mutual),
    }
    for name, (coder.reader.thresholds, coder.reader.mutual) in rules.items():
        without = scored(exam, texts)
        print(f"{line(f'without: {name}', without)}; {gains(whole, without)}", flush=True)
    coder.reader.thresholds, coder.reader.mutual = first, mutual
    itself, aside = Calibration([1.0], [1.0]), Calibration([1.0], [_ASIDE])
    for scale, least in (("movers", 30), ("further", 30), ("plans", 20), ("others", 100)):
        coder.events.calibrations = Calibrations(**dict.fromkeys(_SCALES, aside) | {scale: itself})
        told = [claim for claim in claims(exam, texts) if claim.sure > _ASIDE]
        print(f"[calibration.{scale}]", *columns(told, least), sep="\n")


def columns(told: Sequence[Claim], least: int) -> tuple[str, str]:
    """The columns of decisions.toml: means of at least `least` claims, as many as rise (pool adjacent violators)."""
    steps: list[list[Claim]] = []
    for claim in sorted(told, key=lambda claim: claim.sure):
        if steps and len(steps[-1]) < least:
            steps[-1].append(claim)
        else:
            steps.append([claim])
    if len(steps) > 1 and len(steps[-1]) < least:
        steps[-2:] = [steps[-2] + steps[-1]]
    at = 0
    while at + 1 < len(steps):
        if right(steps[at]) < right(steps[at + 1]):
            at += 1
        else:
            steps[at : at + 2] = [steps[at] + steps[at + 1]]
            at = max(0, at - 1)
    claimed = [round(sum(claim.sure for claim in step) / len(step), 3) for step in steps]
    return f"claimed = {claimed}", f"right = {[right(step) for step in steps]}  # {list(map(len, steps))}"


def right(told: Sequence[Claim]) -> float:
    """The share that is right, of one more that is half right: no step claims that all or none are."""
    return round((sum(claim.right for claim in told) + 0.5) / (len(told) + 1), 2)


def scored(exam: Examination, texts: Sequence[LabelledText]) -> Scores:
    """The scores of all texts as the coder is set now."""
    scores = Scores()
    for text in texts:
        score(scores, exam, text, "", False)
    return scores


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
