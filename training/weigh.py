"""Weigh the evidence for acts told as done: ``python training/weigh.py > weighing.toml``.

Fits the regression of entente/coding/weighing.py on the tune stories, where an act is right if a reader records what it
makes on any later day, and on the labelled texts of `tune`. Prints the table `weighing` of decisions.toml, and to the
other stream how it ranks acts of stories and texts that it was not fitted on, beside the claim alone.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GroupKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from entente.bootstrap.container import Container
from entente.bootstrap.logging import configure_logging
from entente.bootstrap.settings import Settings
from entente.cli.bench.labelled import LabelledText, read
from entente.cli.bench.stories import Story, StoryArticle, read_stories
from entente.cli.bench.texts import STAGE, document_of
from entente.coding.coder import EnglishCoder
from entente.coding.found import FoundInText
from entente.coding.weighing import FEATURES, Told, evidence_of
from entente.relations.codebook import Codebook
from entente.relations.events import CodedEvent
from entente.services.articles import Document

HERE = Path(__file__).parent

#: (source, target, facet, item, value): what an act makes; of a shared facet the smaller key is the source.
Made = tuple[str, str, str, str, str]

#: Inverse of the strength by which weights are drawn to 0, chosen by what ranks stories that it was not fitted on.
STRENGTH = 0.1

#: Parts of the cross-validation, each with whole stories.
FOLDS = 8

#: Shares right of which it is told how many events reach them.
AIMS = (0.95, 0.93, 0.9, 0.88)


@dataclass(frozen=True, slots=True)
class Row:
    """One event: the story or text that it is of, its parties and act, its evidence, and whether it is right."""

    of: str
    is_of_story: bool
    done: tuple[str, str, str]
    evidence: Mapping[str, float]
    right: bool

    @property
    def of_what(self) -> Hashable:
        """What is the same for tellings of one act: together they count as one."""
        return self.of, self.done


class Recorder:
    """Takes the place of a `Weighing`: keeps the evidence of each event, and leaves it as sure as it is claimed."""

    def __init__(self) -> None:
        self.seen: list[tuple[CodedEvent, Mapping[str, float]]] = []

    def weighed(
        self, told: Sequence[Told], found: FoundInText, movers: Collection[str], unnamed: Collection[str]
    ) -> list[CodedEvent | None]:
        """The events, unchanged."""
        events = [event for _, event in told]
        for place, evidence in evidence_of(told, found, movers, unnamed):
            event = events[place]
            assert event is not None
            self.seen.append((event, evidence))
        return events


def main() -> None:
    """Print the table."""
    argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter).parse_args()
    settings = Settings(data_dir=Path("unused"), database_url="sqlite://", log_level="warning")
    configure_logging(settings)
    container = Container(settings)
    coder, book = container.coder, container.codebook
    assert isinstance(coder, EnglishCoder)
    recorder = Recorder()
    coder.events.weighing = recorder  # type: ignore[assignment]
    rows = [row for story in read_stories(HERE / "stories", "tune") for row in of_story(story, coder, recorder, book)]
    texts = [text for path in sorted((HERE / "passages").glob("tune-*.jsonl")) for text in read(path)]
    rows += [row for text in texts for row in of_text(text, coder, recorder, book)]
    x = np.array([[row.evidence[name] for name in FEATURES] for row in rows])
    y = np.array([row.right for row in rows])
    tellings = Counter(row.of_what for row in rows)
    each = np.array([1 / tellings[row.of_what] for row in rows])
    report(x, y, each, rows)
    scaler, model = fitted(x, y, each)
    weights = model.coef_[0] / scaler.scale_
    print("[weighing]", f"base = {float(model.intercept_[0] - (weights * scaler.mean_).sum()):.3f}", sep="\n")
    for name, weight in zip(FEATURES, weights, strict=True):
        print(f"{name} = {weight:.3f}")


def fitted(x: NDArray[np.float64], y: NDArray[np.bool_], each: NDArray[np.float64]) -> Any:
    """The scale of the evidence and the regression; `each`: what each event counts."""
    pipe = make_pipeline(StandardScaler(), LogisticRegression(C=STRENGTH, max_iter=3000))
    return pipe.fit(x, y, logisticregression__sample_weight=each)


def report(x: NDArray[np.float64], y: NDArray[np.bool_], each: NDArray[np.float64], rows: Sequence[Row]) -> None:
    """How acts rank that the regression was not fitted on, by the claim alone and by the evidence."""
    weighed = np.zeros(len(y))
    for known, held in GroupKFold(FOLDS).split(x, y, [row.of for row in rows]):
        weighed[held] = fitted(x[known], y[known], each[known]).predict_proba(x[held])[:, 1]
    for kind, own in (("stories", True), ("texts", False)):
        for name, sure in (("claimed", x[:, FEATURES.index("claimed")]), ("weighed", weighed)):
            surest: dict[Hashable, tuple[float, bool]] = {}
            for row, claim in zip(rows, sure.tolist(), strict=True):
                if row.is_of_story == own:
                    held_before = surest.get(row.of_what, (-np.inf, False))
                    surest[row.of_what] = max(held_before[0], claim), held_before[1] or row.right
            claims, right = map(np.array, zip(*surest.values(), strict=True))
            shares = np.cumsum(right[np.argsort(-claims)]) / np.arange(1, len(right) + 1)
            reach = ", ".join(f"{aim} of {np.flatnonzero(shares >= aim).max(initial=-1) + 1}" for aim in AIMS)
            print(
                f"{kind}, {name}: {len(right)} acts, area {roc_auc_score(right, claims):.3f}; right {reach}",
                file=sys.stderr,
            )


def of_story(story: Story, coder: EnglishCoder, recorder: Recorder, book: Codebook) -> Iterator[Row]:
    """The events of a story's articles, but those of which another value of the same article stands on later days."""
    for article in story.articles:
        later = [reading for reading in story.readings if reading.as_of >= article.published_on]
        for event, evidence in recorded(document(article), coder, recorder):
            right: list[bool | None] = []
            for *track, value in made(event, book):
                held = [(r.values.get((*track, "held"), ""), r.told_by.get((*track, "held"))) for r in later]
                if any(told == value for told, _ in held):
                    right.append(True)
                else:
                    right.append(None if any(told and by == article.id for told, by in held) else False)
            if right and None not in right:
                yield Row(story.id, True, parties_and_act(event), evidence, all(right))


def document(article: StoryArticle) -> Document:
    """An article as the coder's input."""
    return Document(article.text, article.title, article.published_on)


def of_text(text: LabelledText, coder: EnglishCoder, recorder: Recorder, book: Codebook) -> Iterator[Row]:
    """The events of a labelled text: right if it tells the parties, act and stage, or an act that does the same."""
    told = {
        (e.source, e.target, effect.facet, effect.item, effect.value)
        for e in text.events
        if STAGE[e.status] == "happened"
        for effect in book.effects(e.act, e.status)
    }
    for event, evidence in recorded(document_of(text), coder, recorder):
        mine = {
            (event.source.entity, event.target.entity, effect.facet, effect.item, effect.value)
            for effect in book.effects(event.act, event.status)
        }
        yield Row(text.id, False, parties_and_act(event), evidence, mine <= told)


def recorded(
    document: Document, coder: EnglishCoder, recorder: Recorder
) -> list[tuple[CodedEvent, Mapping[str, float]]]:
    """The events of a document that move a facet and are told as done, with their evidence."""
    recorder.seen.clear()
    coder.code(document)
    return list(recorder.seen)


def parties_and_act(event: CodedEvent) -> tuple[str, str, str]:
    """Source, target and act."""
    return event.source.entity, event.target.entity, event.act


def made(event: CodedEvent, book: Codebook) -> Iterator[Made]:
    """What an event makes, where that does not hang on what held before."""
    source, target = event.source.entity, event.target.entity
    for effect in book.effects(event.act, event.status):
        key = effect.item.removeprefix("context:").partition("|")[0]
        named = [item.partition(":")[2] for item in event.context if item.startswith(f"{key}:")]
        items = named or ["other"] if effect.item.startswith("context:") else [effect.item]
        pairs = {"same": [(source, target)], "reverse": [(target, source)]}.get(
            effect.moves, [(source, target), (target, source)]
        )
        for pair in pairs:
            one, other = sorted(pair) if book.facet(effect.facet).shared else pair
            for item in items:
                if item != "*" and effect.standing == "held":
                    yield one, other, effect.facet, item, effect.value


if __name__ == "__main__":
    sys.exit(main())
