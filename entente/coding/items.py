"""What an event's facet item is: the measure of a sanction, the kind of aid, the subject of a treaty (items.toml)."""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from entente.coding.clauses import BLOT, Clauses, any_of

_WORD = re.compile(r"[^\W_]+(?:[-’'][^\W_]+)*")

#: What is named by words of no item.
OTHER = "other"

#: Between the phrases of a clause.
_BETWEEN_PHRASES = re.compile(r"[,\n]|\band\b|\bor\b", re.IGNORECASE)

#: Code points on either side of the act that are looked at: more than a clause has, and a bound on the work.
_REACH = 1000

#: Code points around an act in which a pronoun may stand for what it is on.
_NEAR = 40

#: Code points before a noun in which its own "similar" stands.
_NEXT = 12

#: Nouns of a sentence that are looked at for what was told before, the last.
_MOST_NOUNS = 20

#: Words of a list's member that names no item, the "and" after it among them.
_WORDS_OF_A_MEMBER = 2


@dataclass(frozen=True, slots=True)
class _Cue:
    """Words that tell an item. `tier`: 0 explicit, 1 plain, 2 vague; `place` is the item's among all of its key."""

    tier: int
    place: int
    item: str
    words: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class _NounPhrase:
    """What makes a phrase around a noun, where only such a phrase tells the item."""

    nouns: re.Pattern[str]
    begins: re.Pattern[str]
    subjects: re.Pattern[str]
    parties: re.Pattern[str]
    ends: re.Pattern[str]
    known: re.Pattern[str]
    bare: re.Pattern[str]
    pronouns: re.Pattern[str]
    like: re.Pattern[str]
    loose: re.Pattern[str]
    purposes: re.Pattern[str]
    days: re.Pattern[str]

    def is_known(self, sentence: str, noun: re.Match[str]) -> bool:
        """Whether a noun is of something told before: "the agreement", "their own accord", "the Simla accord"."""
        before = [word[0] for word in _WORD.finditer(sentence, max(0, noun.start() - _REACH), noun.start())]
        while before and (self.bare.fullmatch(before[-1]) or not before[-1][0].islower()):
            if self.known.fullmatch(before.pop()):
                return True
        return bool(before) and self.known.fullmatch(before[-1]) is not None


@dataclass(frozen=True, slots=True)
class _Passive:
    """Items whose words are who acts where they stand before the act, unless a mark of the passive follows them."""

    items: frozenset[str]
    marks: re.Pattern[str]

    def allows(self, item: str, heard: str, word_end: int, start: int, end: int) -> bool:
        """Whether the item's word that ends at `word_end` tells what the act of [start, end) is about."""
        if item not in self.items or word_end > start or heard.startswith(" by ", end):
            return True
        return self.marks.search(heard, word_end, end) is not None


@dataclass(frozen=True, slots=True)
class _Key:
    """A key of the context (measure, aid, treaty) and what tells its items."""

    name: str
    cues: Sequence[_Cue]
    passive: _Passive | None
    phrase: _NounPhrase | None


class Reference(NamedTuple):
    """How an act names what it is on, in words that begin `at` a code point of the sentence, or with the act.

    `how`: "own", with words of its own ("a treaty on fisheries"); "known", as told before ("it", "the agreement");
    "like", as the like of what was told before ("a similar one"); empty if the act's key has no nouns, or none named.
    """

    how: str
    at: int


class Items:
    """Names the item of an act from the words around its trigger."""

    def __init__(self, table: Mapping[str, Any]) -> None:
        """`table`: items.toml as read."""
        self._fixed: Mapping[str, str] = table["fixed"]
        self.clauses = Clauses.read(table["clause"])
        self._keys: dict[str, _Key] = {}
        for name, row in table["words"].items():
            self._keys.update(dict.fromkeys(row["acts"], _key(name, row)))
        #: Acts on what is there already, which a text may have named before → the key of what they are on.
        self.carried = {act: name for name, row in table["words"].items() for act in row.get("carried", ())}
        #: Acts whose key has nouns, by which a text may take up what it named before → that key.
        self.nouned = {act: name for name, row in table["words"].items() if "phrase" in row for act in row["acts"]}
        #: Acts on measures or aid, which a text may sum up without a name and then name.
        self.summing_up = frozenset(self._keys.keys() - self.nouned.keys())

    @classmethod
    def load(cls, path: Path) -> "Items":
        """Read the table."""
        return cls(tomllib.loads(path.read_text(encoding="utf-8")))

    def of(self, act: str, sentence: str, start: int, end: int) -> tuple[str, ...]:
        """`measure:…`, `aid:…` or `treaty:…` of an act told by sentence[start:end]; empty if nothing names one."""
        if act in self._fixed:
            return (self._fixed[act],)
        key = self._keys.get(act)
        if key is None:
            return ()
        skipped = max(0, start - _REACH)
        start, end = start - skipped, end - skipped
        heard = self.clauses.heard(sentence[skipped : skipped + end + _REACH], start, end)
        item = _nearest(key, heard, start, end) if key.phrase is None else _first(key, key.phrase, heard, start, end)
        return (f"{key.name}:{item}",) if item else ()

    def are_named(self, act: str, sentence: str) -> bool:
        """Whether a sentence has words that tell an item of the act's key explicitly."""
        return any(cue.tier == 0 and cue.words.search(sentence) for cue in self._keys[act].cues)

    def reference(self, act: str, sentence: str, start: int, end: int) -> "Reference":
        """How an act told by sentence[start:end], of which no item was found, names what it is on."""
        key = self._keys.get(act)
        if key is None or key.phrase is None:
            return Reference("", start)
        phrase = key.phrase
        skipped = max(0, start - _REACH)
        start, end = start - skipped, end - skipped
        heard = self.clauses.heard(sentence[skipped : skipped + end + _REACH], start, end)
        noun = _nearest_noun(phrase, heard, start, end)
        near = heard[max(0, start - _NEAR) : end + _NEAR]
        if noun is None:
            how = "like" if phrase.like.search(near) else "known" if phrase.pronouns.search(near) else ""
            return Reference(how, skipped + start)
        if phrase.like.search(heard[max(0, noun.start() - _NEXT) : noun.start()]):
            how = "like"
        else:
            known = phrase.is_known(heard, noun) and not list(_after(phrase, heard, noun.end(), start))
            how = "known" if known else "own"
        return Reference(how, skipped + min(start, noun.start()))

    def other(self, act: str, sentence: str, start: int, end: int) -> tuple[str, ...]:
        """The item `other` if the act of sentence[start:end] names what it is on by words of no item, else nothing."""
        own = self.reference(act, sentence, start, end).how == "own"
        return (f"{self._keys[act].name}:{OTHER}",) if own else ()

    def last_named(self, act: str, sentence: str, before: int | None = None) -> tuple[str, ...] | None:
        """The item of the last thing of the act's key that a sentence names, up to `before` of it; None if it names
        none, empty if it names one without an item.
        """
        key = self._keys[act]
        assert key.phrase is not None
        for noun in reversed(list(key.phrase.nouns.finditer(sentence[:before]))[-_MOST_NOUNS:]):
            if key.phrase.loose.fullmatch(noun[0]):
                continue
            item = _of_phrase(key, key.phrase, sentence, noun)
            if item or not key.phrase.is_known(sentence, noun):
                return (f"{key.name}:{item}",) if item else ()
        return None


class _Told(NamedTuple):
    """Words of an item at `at`, so many code points from the act."""

    distance: int
    cue: _Cue
    at: int

    @property
    def order(self) -> tuple[int, int]:
        """The nearest first, and of two as near the one listed first."""
        return self.distance, self.cue.place


def _nearest(key: _Key, heard: str, start: int, end: int) -> str:
    """The item told explicitly, or by the phrase nearest to [start, end)."""
    found = [
        _Told(_distance(match, start, end), cue, match.start())
        for cue in key.cues
        for match in cue.words.finditer(heard)
        if key.passive is None or key.passive.allows(cue.item, heard, match.end(), start, end)
    ]
    found = [told for told in found if told.cue.tier == 0] or found
    if not found:
        return ""
    phrases = list(pairwise([0, *(match.end() for match in _BETWEEN_PHRASES.finditer(heard)), len(heard) + 1]))
    nearest = min(found, key=lambda told: told.order).at
    number = next(n for n, (begin, finish) in enumerate(phrases) if begin <= nearest < finish)
    if nearest < start:
        number = _list_begins(heard, phrases, number, found)
    begin, finish = phrases[number]
    beside = [told for told in found if begin <= told.at < finish]
    return min(beside, key=lambda told: (told.cue.tier, *told.order)).cue.item


def _list_begins(heard: str, phrases: Sequence[tuple[int, int]], number: int, found: Sequence[_Told]) -> int:
    """The first phrase with an item's words in the list that ends with phrase `number`; other members are short."""
    first = number
    while number:
        number -= 1
        begin, finish = phrases[number]
        if any(begin <= told.at < finish for told in found):
            first = number
        elif BLOT in heard[begin:finish] or len(heard[begin:finish].split()) > _WORDS_OF_A_MEMBER:
            break
    return first


def _first(key: _Key, phrase: _NounPhrase, heard: str, start: int, end: int) -> str:
    """The item that the phrase around the noun nearest to [start, end) names first; without a noun an explicit name."""
    if noun := _nearest_noun(phrase, heard, start, end):
        return _of_phrase(key, phrase, heard, noun, start, end)
    return _first_cue((cue for cue in key.cues if cue.tier == 0), heard)


def _nearest_noun(phrase: _NounPhrase, heard: str, start: int, end: int) -> re.Match[str] | None:
    nouns = phrase.nouns.finditer(heard)
    return min(nouns, key=lambda match: _distance(match, start, end) / (1 + (match.end() <= start)), default=None)


def _of_phrase(key: _Key, phrase: _NounPhrase, heard: str, noun: re.Match[str], start: int = 0, end: int = 0) -> str:
    """The item that the phrase around a noun names first, up to the words of an act at [start, end)."""
    spans = (*_before(phrase, heard, noun.start(), end), *_after(phrase, heard, noun.end(), start))
    item = _first_cue(key.cues, BLOT.join(heard[a:b] for a, b in spans))
    if not item and (purpose := phrase.purposes.search(heard, max(end, noun.end()))):
        item = _first_cue(key.cues, heard[purpose.end() : purpose.end() + _NEAR])
    return item


def _first_cue(cues: Iterable[_Cue], spoken: str) -> str:
    found = [(cue.tier, match.start(), cue.place, cue.item) for cue in cues for match in cue.words.finditer(spoken)]
    return min(found)[3] if found else ""


def _before(phrase: _NounPhrase, heard: str, noun: int, end: int) -> Iterator[tuple[int, int]]:
    """The words from the noun back to where its phrase begins, or to the act's words that end at `end`."""
    begin = noun
    for word in reversed(list(_WORD.finditer(heard, max(end if end <= noun else 0, noun - _REACH), noun))):
        if phrase.begins.fullmatch(word[0]) or BLOT in heard[word.end() : begin]:
            break
        begin = word.start()
    yield begin, noun


def _after(phrase: _NounPhrase, heard: str, noun: int, start: int) -> Iterator[tuple[int, int]]:
    """The words after the noun, up to the act's words that begin at `start`, that tell what the treaty is on."""
    told = begin = 0
    for word in _WORD.finditer(heard, noun, start if start >= noun else min(len(heard), noun + _REACH)):
        if phrase.ends.fullmatch(word[0]):
            break
        if phrase.parties.fullmatch(word[0]):
            if told:
                yield begin, told
            told = 0
        elif told or (phrase.subjects.fullmatch(word[0]) and not _is_day(phrase, heard, word.end())):
            begin = begin if told else word.start()
            told = word.end()
    if told:
        yield begin, told


def _is_day(phrase: _NounPhrase, heard: str, at: int) -> bool:
    """Whether a day or a number follows, as in "on Friday" or "on 4 August"."""
    after = heard[at : at + _NEAR].lstrip()
    return after[:1].isdigit() or phrase.days.match(after) is not None


def _distance(match: re.Match[str], start: int, end: int) -> int:
    """Code points between a word and the trigger; what stands before it counts double, for objects follow."""
    if match.end() <= start:
        return 2 * (start - match.end())
    return max(0, match.start() - end)


def _key(name: str, row: Mapping[str, Any]) -> _Key:
    cues: list[_Cue] = []
    for tier, kind in enumerate(("explicit", "plain", "vague")):
        for item, words in row[kind].items():
            cues.append(_Cue(tier, len(cues), item, any_of(words)))
    passive, phrase = row.get("passive"), row.get("phrase")
    return _Key(
        name,
        cues,
        _Passive(frozenset(passive["items"]), any_of(passive["marks"])) if passive else None,
        _NounPhrase(**{part: any_of(words) for part, words in phrase.items()}) if phrase else None,
    )
