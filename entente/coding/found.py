"""What was found in a text before it is read: its sentences, with the names and dates of each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from entente.coding.actors.mentions import ActorMention
from entente.coding.dates.phrases import DatePhrase
from entente.coding.text.sentences import Sentence
from entente.services.articles import Document


@dataclass(frozen=True, slots=True)
class FoundInText:
    """The text's sentences with what was found in each, by the sentence's number.

    `written_on`: the day of the dateline, or else of publication; None if unknown.
    `unread`: sentences that are not read, with the rule (seeds/coder/notices.toml) by which they are notes of editors.
    """

    document: Document
    sentences: Sequence[Sentence]
    mentions: Sequence[Sequence[ActorMention]]
    dates: Sequence[Sequence[DatePhrase]]
    written_on: date | None = None
    unread: Mapping[int, str] = field(default_factory=dict)
