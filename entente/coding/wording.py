"""ArticleWording: the Wording port, with the cleaning and the notes of editors that the coder has."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from entente.coding.dates.datelines import day_in_full
from entente.coding.text import cleaning, sentences
from entente.coding.text.notices import Notices
from entente.services.ports.wording import RetractionNotice

#: Characters of a text that are looked at.
_MAX_CHARACTERS = 1_000_000

#: Characters after the start of a text within which it says that it, or another article, is taken back.
_NOTICE_CHARACTERS = 20_000

#: Sentences in which a notice names what it takes back: the one that says so and the next.
_NEAR = 3

_WORD = re.compile(r"\w+")
_URL = re.compile(r"https?://[^\s<>\"'“”‘’)\]]+")
_QUOTED = re.compile(r"[“\"«„]([^“”\"«»„\n]{8,300})[”\"»“]|[‘]([^‘’\n]{8,300})[’]")

#: What stands before the title of an article in the title of its retraction.
_BEFORE_TITLE = re.compile(r"^[^:–—\]]{0,40}[:–—\]]\s*")

#: Names in a notice, at most: each is looked up in the ledger.
_MOST_NAMED = 10


class ArticleWording:
    """Fulfils services.ports.wording.Wording for English."""

    def __init__(self, seeds: Path) -> None:
        self._notices = Notices.load(seeds)

    def story(self, text: str, title: str | None) -> Sequence[str]:
        plain = cleaning.blank_markup(text[:_MAX_CHARACTERS])
        told = [title or "", *(plain[start:end] for start, end in cleaning.story(plain, title))]
        return _WORD.findall(unicodedata.normalize("NFKC", " ".join(told)).casefold())

    def dateline(self, text: str, received: date) -> date | None:
        return day_in_full(cleaning.blank_markup(text[:_NOTICE_CHARACTERS]), received)

    def retraction(self, text: str, title: str | None) -> RetractionNotice | None:
        if not self._notices.may_withdraw(f"{title or ''}\n{text[:_NOTICE_CHARACTERS]}"):
            return None
        told = list(_sentences(cleaning.blank_markup(text[:_NOTICE_CHARACTERS]), title))
        rules = self._notices.find(told)
        saying = [(rule, number) for number, rule in enumerate(rules) if rule and rule.withdraws]
        if not saying:
            return None
        own = [number for rule, number in saying if rule.scope == "text"]
        near = sorted({n for _, number in saying for n in range(number, min(number + _NEAR, len(told)))})
        said = [told[number][1] for number in near]
        titles = [quote for sentence in said for quote in _quoted(sentence)]
        if title and any(rule.in_title for rule, _ in saying):
            titles.append(_BEFORE_TITLE.sub("", title).strip())
        urls = [url.rstrip(".,;:!?") for sentence in said for url in _URL.findall(sentence)]
        first = own[0] if own else saying[0][1]
        return RetractionNotice(told[first][1], bool(own), titles[:_MOST_NAMED], urls[:_MOST_NAMED])


def _sentences(text: str, title: str | None) -> Iterator[tuple[str, str]]:
    if title:
        yield "title", title
    for begin, finish in cleaning.story(text, None):
        for start, end in sentences.split(text, begin, finish):
            yield "text", text[start:end]


def _quoted(sentence: str) -> Iterator[str]:
    for match in _QUOTED.finditer(sentence):
        yield (match[1] or match[2]).strip(" ,.;")
