"""The coder: an article's text in, its dated and directed events out. The way through the stages, one a line."""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from entente.coding import cleaning, coreference, domains, sentences
from entente.coding.actors import MAX_MENTIONS, ActorFinder, given
from entente.coding.confidence import Confidence
from entente.coding.events import Composition, compose
from entente.coding.explain import Trace
from entente.coding.extraction import Extractor
from entente.coding.findings import Reading
from entente.coding.gazetteer import Gazetteer
from entente.coding.language import is_english
from entente.coding.lexicon import Lexicon
from entente.coding.mentions import Mention
from entente.coding.parsing import Parser, load_pipeline
from entente.coding.partners import Partners
from entente.coding.second_opinions import SecondOpinions, Trust
from entente.coding.second_reader import SecondReader
from entente.coding.sentences import Sentence
from entente.coding.story import REACH, Story
from entente.coding.syntax import Tree
from entente.services.articles import Coding, Document
from entente.services.explanations import Explanation

#: What changes the events of a text changes this; the ledger keeps it with each mention.
VERSION = "2026.4"

#: Bounds on one text (docs/coder.md): sentences looked at, characters read, seconds after which no more is parsed.
MAX_SENTENCES = 1500
MAX_CHARACTERS = 1_000_000
MAX_SECONDS = 6.0

BUNDLED_MODEL = Path(__file__).parent / "model"
BUNDLED_READER = Path(__file__).parent / "reader"

#: Sentences back over which it is counted whom a text names most.
_SALIENT = 40

#: Sentences, and characters, that are parsed between two looks at the clock.
_CHUNK = 64
_CHUNK_CHARACTERS = 10_000


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence with the actors found in it; parsed only if two distinct ones are there."""

    sentence: Sentence
    mentions: tuple[Mention, ...]
    skipped: str = ""


class EnglishCoder:
    """Fulfils services.ports.Coder for English. Not thread-safe: one a process. Loading takes some seconds."""

    def __init__(
        self,
        seeds: Path,
        acts: Collection[str],
        mutual: Collection[str],
        root_of: Callable[[str, str], str],
        model: Path = BUNDLED_MODEL,
        reader: Path | None = BUNDLED_READER,
    ) -> None:
        """`seeds`: the seeds directory; `acts`: names of the codebook's acts; `mutual`: those that run both ways;
        `root_of(act, status)`: its PLOVER root; `reader`: the second reader's model, None for the frames alone.
        """
        lexicon = Lexicon.load(seeds / "frames")
        self.version = VERSION
        self._confidence = Confidence.load(seeds / "frames" / "confidence.toml")
        self._finder = ActorFinder(Gazetteer.load(seeds), lexicon)
        self._parser = Parser(load_pipeline(model), lexicon.verbs, lexicon.nouns)
        self._act_sets, self._taken_up = lexicon.act_sets, lexicon.taken_up
        self._mutual = frozenset(mutual)
        self._domains = lexicon.cues["domains"]
        self._extractor = Extractor(lexicon, frozenset(acts), frozenset(mutual))
        trust = Trust.load(seeds / "frames" / "second_reader.toml")
        self._opinions = SecondOpinions(SecondReader(reader), trust, root_of) if reader else None

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
        deadline = monotonic() + MAX_SECONDS
        text = cleaning.blank_markup(document.text[:MAX_CHARACTERS])
        if document.actors is None and not is_english(text):
            return Coding("und", self.version, (), "language")
        candidates, truncated = self._candidates(document, text)
        if trace:
            for index, candidate in enumerate(candidates):
                passed = _worth_parsing(candidates, index)
                trace.looked_at(candidate.sentence, candidate.mentions, passed, candidate.skipped)
        if not any(len(_entities(c.mentions)) >= 2 for c in candidates):
            return Coding("en", self.version, (), "no_actors", truncated)
        if document.actors is None and domains.foreign_domain((c.sentence.text for c in candidates), self._domains):
            return Coding("en", self.version, (), "no_events", truncated)
        story = Story(self._act_sets, self._taken_up, partners=Partners(self._act_sets, self._mutual))
        composition = Composition(document, story, self._confidence, trace)
        composition.story.named.update({c.sentence.index: c.mentions for c in candidates})
        for candidate in candidates:
            story.partners.look_at(candidate.sentence.index, candidate.sentence.lead, candidate.mentions)
        for candidate, tree, reading, late in self._read(candidates, document.actors is not None, deadline):
            truncated = truncated or late
            if tree is not None and reading is not None:
                if document.actors is None and _asks(candidate.sentence):
                    reading.findings, reading.open_ends = [], []
                if document.actors is None and domains.sounds_like_sport(candidate.sentence.text, self._domains):
                    reading.findings = [f for f in reading.findings if f.act not in domains.BORROWED]
                compose(composition, candidate.sentence, tree, reading)
        events = tuple(composition.events())
        return Coding("en", self.version, events, None if events else "no_events", truncated)

    def _candidates(self, document: Document, text: str) -> tuple[list[Candidate], bool]:
        found: list[Candidate] = []
        discourse = coreference.Discourse()
        spans = given(document.text, document.actors) if document.actors is not None else None
        truncated, paragraph = len(document.text) > MAX_CHARACTERS, -1
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
                opens = sentence.paragraph != paragraph
                mentions = [m.moved(-sentence.start) for m in self._finder.find(sentence.text)]
                named = sorted(
                    [*mentions, *discourse.resolve(sentence.text, sentence.start, mentions, opens)],
                    key=lambda m: m.start,
                )
                discourse.remember(mentions, sentence.start)
                mentions = named
                paragraph = sentence.paragraph
            skipped = "too many actors" if len(mentions) > MAX_MENTIONS else ""
            found.append(Candidate(sentence, tuple(mentions), skipped))
        return found, truncated

    def _read(
        self, candidates: Sequence[Candidate], lenient: bool, deadline: float
    ) -> Iterator[tuple[Candidate, Tree | None, Reading | None, bool]]:
        chosen = [c for i, c in enumerate(candidates) if not c.skipped and _worth_parsing(candidates, i)]
        subjects = {c.sentence.index: _first_named(c) for c in candidates}
        for chunk in _chunks(chosen):
            if monotonic() > deadline:
                yield chunk[0], None, None, True
                return
            for candidate, tree in zip(chunk, self._parser.parse((c.sentence, c.mentions) for c in chunk), strict=True):
                if tree is None:
                    continue
                index = candidate.sentence.index
                antecedent = subjects.get(index - 1)
                reading = self._extractor.read(tree, antecedent, lenient, _topic(candidates, index))
                if self._opinions:
                    self._opinions.revise(tree, reading, lenient)
                quoted = tree.speaker if candidate.sentence.text.startswith(("“", '"', "‘")) else None
                subjects[index] = quoted or _subject(tree) or tree.speaker or antecedent
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


def _chunks(candidates: Sequence[Candidate]) -> Iterator[list[Candidate]]:
    chunk: list[Candidate] = []
    size = 0
    for candidate in candidates:
        if chunk and (len(chunk) == _CHUNK or size + len(candidate.sentence.text) > _CHUNK_CHARACTERS):
            yield chunk
            chunk, size = [], 0
        chunk.append(candidate)
        size += len(candidate.sentence.text)
    if chunk:
        yield chunk


def _entities(mentions: Sequence[Mention]) -> set[str]:
    return {entity for mention in mentions for entity in mention.entities()}


def _worth_parsing(candidates: Sequence[Candidate], index: int) -> bool:
    """The gate: two distinct actors, those counted that the sentences before name and this one leaves out."""
    candidate = candidates[index]
    distinct = {frozenset(m.entities()) for m in candidate.mentions}
    if len(distinct) >= 2 or any(m.parts for m in candidate.mentions):
        return True
    before = candidates[max(0, index - REACH) : index]
    around = {frozenset(m.entities()) for c in before for m in c.mentions} | distinct
    if len(around) < 2:
        return False
    text = candidate.sentence.text
    return bool(distinct) or coreference.starts_with_pronoun(text) or bool(_BETWEEN.search(text))


#: Words of acts between two sides, so that a sentence may name neither.
_BETWEEN = re.compile(
    r"[Cc]easefire|[Tt]ruce|\bborder|embass|[Ee]mbass|[Rr]elations|[Tt]alks|[Pp]eace|accord|[Cc]rossings?\b|[Ff]lights"
)


def _subject(tree: Tree) -> Mention | None:
    return next((n.mention for n in tree.mentions if n.dep in ("nsubj", "nsubj:pass")), None)


def _topic(candidates: Sequence[Candidate], index: int) -> Mention | None:
    """Whom the sentence before names that the text up to there names most, if any more often than others."""
    before = [m for m in candidates[index - 1].mentions if not m.parts] if index else []
    named = Counter(entity for c in candidates[max(0, index - _SALIENT) : index] for entity in _entities(c.mentions))
    often = {min(m.entities()): max(named[e] for e in m.entities()) for m in before}
    ranked = sorted(often.values(), reverse=True)
    if not ranked or (len(ranked) > 1 and ranked[0] == ranked[1]):
        return None
    return next(m for m in before if often[min(m.entities())] == ranked[0])


def _first_named(candidate: Candidate) -> Mention | None:
    """A guess at the subject of a sentence that is not parsed: the actor that it begins with, or ends by quoting."""
    begin, end = candidate.sentence.start, candidate.sentence.end
    for mention in candidate.mentions:
        if mention.start - begin < 25:
            return mention
    return next((m for m in candidate.mentions if end - m.end < 12), None)


def _asks(sentence: Sentence) -> bool:
    """True for a question, which tells of nothing."""
    return sentence.text.rstrip(" ”\"'’)").endswith("?")
