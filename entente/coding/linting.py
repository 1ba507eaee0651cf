"""The linter of seeds/frames: entries that can never count, names that do not exist, and what no sentence tests.

`python -m entente.coding.linting [SEEDS]` prints what it finds and exits 1 if an entry is wrong; a warning is shown
and does not fail.
"""

import csv
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from entente.coding.acts import PARTICLES
from entente.coding.extraction import REPEATING
from entente.coding.frame_overlap import shadows
from entente.coding.lexicon import Frame, Lexicon, read_lists
from entente.relations.events import STATUSES

#: What may stand after a verb in a key, besides its particle.
_PREPOSITIONS = frozenset(
    """
    about against among as at between by for from in into of off on onto out over to toward towards under upon
    with without
    """.split()
)


#: A frame with this act says that there is none, whatever the algebra would make of it.
NO_ACT = "none"


@dataclass(frozen=True, slots=True, order=True)
class Complaint:
    """Something about an entry of a file; `wrong` False is a warning."""

    file: str
    entry: str
    problem: str
    wrong: bool = True

    def __str__(self) -> str:
        return f"{'error' if self.wrong else 'warning'}: {self.file}: {self.entry}: {self.problem}"


def lint(seeds: Path) -> list[Complaint]:
    """Everything there is to say about the frames of a seeds directory. Raises ValueError for a malformed file."""
    lexicon = Lexicon.load(seeds / "frames")
    acts = {row["name"] for row in _rows(seeds / "codebook" / "acts.csv")}
    return sorted(
        {
            *_listed_twice(seeds / "frames"),
            *_operators_never_reached(seeds / "frames", lexicon),
            *_matrix(lexicon, acts),
            *_taken_up(lexicon, acts),
            *_defaults(lexicon, acts),
            *_frames(lexicon, acts),
            *_keys(lexicon),
        }
    )


def _listed_twice(frames: Path) -> Iterator[Complaint]:
    """A word stands for one thing in these files: where it stands twice, only the last place counts."""
    for name in ("nouns.txt", "defaults.txt", "institutions.txt"):
        places: dict[str, str] = {}
        for label, words in read_lists(frames / name):
            for word in words:
                if places.get(word) == label:
                    yield Complaint(name, word, f"listed twice under {label}", wrong=False)
                elif word in places:
                    yield Complaint(name, word, f"under {places[word]} never counts, for it is under {label} as well")
                places[word] = label


def _operators_never_reached(frames: Path, lexicon: Lexicon) -> Iterator[Complaint]:
    """A verb's operators are tried in order: one whose every cell an earlier one has, never decides."""
    cells: dict[str, set[str]] = {}
    for kind, operator in lexicon.matrix:
        cells.setdefault(operator, set()).add(kind)
    for verb, operators in lexicon.operators.items():
        taken: set[str] = set()
        for place, operator in enumerate(operators):
            own = cells.get(operator, set())
            if own and own <= taken:
                problem = f"as {operator} never counts after {', '.join(operators[:place])}"
                yield Complaint("verbs.txt", verb, problem, wrong=False)
            taken |= own
    known = {*chain.from_iterable(lexicon.operators.values()), *chain.from_iterable(lexicon.noun_operators.values())}
    for operator in cells.keys() - known:
        yield Complaint("operators.toml", operator, "no verb and no noun has this operator")
    for operator in {label for label, _ in read_lists(frames / "verbs.txt")} - cells.keys():
        yield Complaint("verbs.txt", operator, "no row of operators.toml uses this operator", wrong=False)


def _matrix(lexicon: Lexicon, acts: Iterable[str]) -> Iterator[Complaint]:
    kinds = set(lexicon.nouns.values())
    for (kind, operator), (act, status) in lexicon.matrix.items():
        entry = f"[{kind}] {operator}"
        if act not in acts:
            yield Complaint("operators.toml", entry, f"the codebook has no act {act}")
        if status and status not in STATUSES:
            yield Complaint("operators.toml", entry, f"there is no status {status}")
        if kind not in kinds:
            yield Complaint("operators.toml", f"[{kind}]", "nouns.txt has no such class")
    used = {kind for kind, _ in lexicon.matrix} | set(_classes(lexicon.frames))
    for kind in kinds - used:
        yield Complaint("nouns.txt", kind, "no row of operators.toml and no frame uses this class")
    for table, pairs in (("undo", lexicon.undo), ("offered", lexicon.offered)):
        for act in {*pairs, *pairs.values()} - set(acts) - {""}:
            yield Complaint("operators.toml", f"[{table}] {act}", "the codebook has no such act")


def _taken_up(lexicon: Lexicon, acts: Iterable[str]) -> Iterator[Complaint]:
    table = lexicon.taken_up
    named = {act for (told, _), made in table.again.items() for act in (told, made)}
    named |= {act for undoing, undone in table.undoes.items() for act in (undoing, *undone)}
    for act in named - set(acts):
        yield Complaint("taken_up.toml", act, "the codebook has no such act")
    for _, operator in table.again:
        if operator not in {operator for _, operator in lexicon.matrix}:
            yield Complaint("taken_up.toml", operator, "no row of operators.toml uses this operator")


def _defaults(lexicon: Lexicon, acts: Iterable[str]) -> Iterator[Complaint]:
    certain = {verb for frame in lexicon.frames if _unconditional(frame) for verb in frame.verbs}
    for verb, act in lexicon.defaults.items():
        if act not in acts:
            yield Complaint("defaults.txt", act, "the codebook has no such act")
        if verb in certain:
            yield Complaint("defaults.txt", verb, "never counts, for a frame without conditions takes this verb")


def _frames(lexicon: Lexicon, acts: Iterable[str]) -> Iterator[Complaint]:
    kinds = set(lexicon.nouns.values())
    for number, frame in enumerate(lexicon.frames, start=1):
        entry = _name(number, frame)
        if frame.act not in (*acts, *REPEATING, NO_ACT):
            yield Complaint("frames.toml", entry, f"the codebook has no act {frame.act}")
        if frame.status and frame.status not in STATUSES:
            yield Complaint("frames.toml", entry, f"there is no status {frame.status}")
        for kind in set(_classes([frame])) - kinds - {"NAME"}:
            yield Complaint("frames.toml", entry, f"nouns.txt has no class {kind}")
        if frame.words and frame.words <= frame.without:
            yield Complaint("frames.toml", entry, "can never fit: it asks for the words that it forbids")
        if not frame.must:
            yield Complaint("frames.toml", entry, "untested: no sentence that it must match", wrong=False)
    for shadow in shadows(lexicon.frames):
        entry = _name(shadow.later, lexicon.frames[shadow.later - 1])
        problem = f"{'unreachable' if shadow.whole else 'overlapped'}: {shadow}"
        yield Complaint("frames.toml", entry, problem, wrong=shadow.whole)


def _keys(lexicon: Lexicon) -> Iterator[Complaint]:
    """A key is a verb, a verb with particle or preposition, or with both, in that order."""
    tables = {"verbs.txt": lexicon.operators, "defaults.txt": lexicon.defaults, "frames.toml": lexicon.frames_by_verb}
    for file, keys in tables.items():
        for key in keys:
            _, *rest = key.split("_")
            if len(rest) > 2 or (len(rest) == 2 and (rest[0] not in PARTICLES or rest[1] not in _PREPOSITIONS)):
                yield Complaint(file, key, "can never match: a verb takes a particle and a preposition, no more")


def _unconditional(frame: Frame) -> bool:
    return not (frame.objects or frame.preps or frame.words or frame.without or frame.subjects)


def _classes(frames: Iterable[Frame]) -> Iterator[str]:
    for frame in frames:
        wanted = [*frame.objects, *frame.subjects]
        wanted += [what for prep in frame.preps for what in prep.partition(":")[2].split("/")]
        yield from (word.removeprefix("@") for word in wanted if word.startswith("@"))


def _name(number: int, frame: Frame) -> str:
    return f"frame {number} ({'|'.join(sorted(frame.verbs))} → {frame.act})"


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def main(arguments: list[str]) -> int:
    """Print what was found; 1 if something is wrong."""
    found = lint(Path(arguments[0]) if arguments else Path("seeds"))
    for complaint in found:
        print(complaint)
    wrong = sum(complaint.wrong for complaint in found)
    print(f"{wrong} errors, {len(found) - wrong} warnings")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
