"""The coder: an article's text in, its dated and directed events out. The way through the stages, one a line."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from entente.coding import cleaning, coreference, domains, sentences
from entente.coding.actors import MAX_MENTIONS, ActorFinder, given
from entente.coding.events import Composition, compose
from entente.coding.explain import Trace
from entente.coding.extraction import Extractor, Reading
from entente.coding.gate import Gate
from entente.coding.gazetteer import Gazetteer
from entente.coding.language import is_english
from entente.coding.lexicon import Lexicon
from entente.coding.mentions import Mention
from entente.coding.parsing import Parser, load_pipeline
from entente.coding.partners import Story
from entente.coding.sentences import Sentence
from entente.coding.syntax import Tree
from entente.services.articles import Coding, Document
from entente.services.explanations import Explanation

#: What changes the events of a text changes this; the ledger keeps it with each mention.
VERSION = "2026.1"

#: Bounds on one text (docs/coder.md): sentences looked at, characters read, seconds spent parsing.
MAX_SENTENCES = 1500
MAX_CHARACTERS = 1_000_000
MAX_SECONDS = 8.0

BUNDLED_MODEL = Path(__file__).parent / "model"

_CHUNK = 64


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence with the actors found in it; parsed only if two distinct ones are there."""

    sentence: Sentence
    mentions: tuple[Mention, ...]
    skipped: str = ""


class EnglishCoder:
    """Fulfils services.ports.Coder for English. Not thread-safe: one a process. Loading takes some seconds."""

    def __init__(
        self, seeds: Path, acts: Collection[str], mutual: Collection[str], model: Path = BUNDLED_MODEL
    ) -> None:
        """`seeds`: the seeds directory; `acts`: names of the codebook's acts; `mutual`: those that run both ways."""
        lexicon = Lexicon.load(seeds / "frames")
        self.version = VERSION
        self._finder = ActorFinder(Gazetteer.load(seeds), lexicon)
        self._parser = Parser(load_pipeline(model), lexicon.verbs)
        self._domains = lexicon.cues["domains"]
        self._story = lexicon.cues["story"]
        self._mutual = frozenset(mutual)
        self._gate = Gate(self._story["stems"])
        self._extractor = Extractor(lexicon, frozenset(acts), frozenset(mutual))

    def code(self, document: Document) -> Coding:
        """The events of a document. Never raises on a text."""
        return self._code(document, None)

    def explain(self, document: Document) -> Explanation:
        """The same events, and how each sentence came to them or to none."""
        trace = Trace()
        return trace.explanation(self._code(document, trace))

    def parse_everything(self, document: Document) -> int:
        """Parse every sentence, the gate left out; how many there were. The yardstick that `entente bench` needs."""
        found, _ = self._candidates(document, cleaning.blank_markup(document.text[:MAX_CHARACTERS]))
        return sum(1 for _ in self._parser.parse((c.sentence, ()) for c in found))

    def _code(self, document: Document, trace: Trace | None) -> Coding:
        text = cleaning.blank_markup(document.text[:MAX_CHARACTERS])
        if document.actors is None and not is_english(text):
            return Coding("und", self.version, (), "language")
        candidates, truncated = self._candidates(document, text)
        if trace:
            for index, candidate in enumerate(candidates):
                passed = self._worth_parsing(candidates, index)
                trace.looked_at(candidate.sentence, candidate.mentions, passed, candidate.skipped)
        if not any(len(_entities(c.mentions)) >= 2 for c in candidates):
            return Coding("en", self.version, (), "no_actors", truncated)
        if document.actors is None and domains.foreign_domain((c.sentence.text for c in candidates), self._domains):
            return Coding("en", self.version, (), "no_events", truncated)
        story = Story(self._story, self._mutual)
        for candidate in candidates:
            story.look_at(candidate.sentence, candidate.mentions)
        composition = Composition(document, story, trace)
        for candidate, tree, reading, late in self._read(candidates, lenient=document.actors is not None):
            truncated = truncated or late
            if tree is not None and reading is not None:
                if document.actors is None and domains.sounds_like_sport(candidate.sentence.text, self._domains):
                    reading.findings = [f for f in reading.findings if f.act not in domains.BORROWED]
                compose(composition, candidate.sentence, tree, reading)
        events = tuple(composition.events())
        return Coding("en", self.version, events, None if events else "no_events", truncated)

    def _candidates(self, document: Document, text: str) -> tuple[list[Candidate], bool]:
        found: list[Candidate] = []
        discourse = coreference.Discourse()
        spans = given(document.text, document.actors) if document.actors is not None else None
        truncated = len(document.text) > MAX_CHARACTERS
        for sentence in _sentences(document, text):
            if len(found) >= MAX_SENTENCES:
                return found, True
            if spans is not None:
                mentions = (
                    [m for m in spans if sentence.start <= m.start and m.end <= sentence.end]
                    if sentence.field == "text"
                    else []
                )
            else:
                mentions = [m.moved(-sentence.start) for m in self._finder.find(sentence.text)]
                named = sorted(
                    [*mentions, *discourse.resolve(sentence.text, sentence.start, mentions)], key=lambda m: m.start
                )
                discourse.remember(mentions)
                mentions = named
            skipped = "too many actors" if len(mentions) > MAX_MENTIONS else ""
            found.append(Candidate(sentence, tuple(mentions), skipped))
        return found, truncated

    def _worth_parsing(self, candidates: Sequence[Candidate], index: int) -> bool:
        candidate = candidates[index]
        before = [c.mentions for c in candidates[max(0, index - 3) : index]]
        return self._gate.passes(candidate.sentence.text, candidate.mentions, before)

    def _read(
        self, candidates: Sequence[Candidate], lenient: bool
    ) -> Iterator[tuple[Candidate, Tree | None, Reading | None, bool]]:
        deadline = monotonic() + MAX_SECONDS
        chosen = [c for i, c in enumerate(candidates) if not c.skipped and self._worth_parsing(candidates, i)]
        subject: Mention | None = None
        last: int = -2
        for begin in range(0, len(chosen), _CHUNK):
            if monotonic() > deadline:
                yield chosen[begin], None, None, True
                return
            chunk = chosen[begin : begin + _CHUNK]
            for candidate, tree in zip(chunk, self._parser.parse((c.sentence, c.mentions) for c in chunk), strict=True):
                if tree is None:
                    continue
                antecedent = subject if candidate.sentence.index - last <= 1 else None
                reading = self._extractor.read(tree, antecedent, lenient)
                subject, last = _subject(tree) or antecedent, candidate.sentence.index
                yield candidate, tree, reading, False


def _sentences(document: Document, text: str) -> Iterator[Sentence]:
    index = 0
    if document.title and document.actors is None:
        title = cleaning.blank_markup(document.title)
        for start, end in sentences.split(title, 0, len(title)):
            part = title[start:end]
            yield Sentence("title", start, end, part, index, True, sentences.is_title_case(part))
            index += 1
    told = 0
    paragraphs = [(0, len(text))] if document.actors is not None else cleaning.story(text, document.title)
    for number, (begin, finish) in enumerate(paragraphs):
        for start, end in sentences.split(text, begin, finish):
            yield Sentence("text", start, end, text[start:end], index, told < 2, False, number)
            index += 1
            told += 1


def _entities(mentions: Sequence[Mention]) -> set[str]:
    return {entity for mention in mentions for entity in mention.entities()}


def _subject(tree: Tree) -> Mention | None:
    return next((n.mention for n in tree.mentions if n.dep in ("nsubj", "nsubj:pass")), None)
