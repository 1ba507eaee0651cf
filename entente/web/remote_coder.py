"""The Coder port on a remote model with an OpenAI-compatible chat API. Used only if configured.

The model only proposes events. One is kept if its act and status are in the codebook and its parties resolve to known
entities. Its date must be parsable, and its quote must occur in the text.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import requests

from entente.relations.codebook import Codebook
from entente.relations.entities import Entities
from entente.relations.errors import UnknownEntity
from entente.relations.events import STATUSES, Actor, CodedEvent, Span
from entente.relations.periods import Period
from entente.services.articles import Coding, Document

#: Most characters of a text that are sent, and read timeout in seconds, below the worker's task limit.
MAX_CHARACTERS = 24_000
MAX_SECONDS = 90.0
_CONNECT_SECONDS = 10.0

_INSTRUCTIONS = """\
You code news into political events between countries and organisations. Answer with JSON: {"events": [...]}, each event
{"source", "target": ISO 3166-1 alpha-3 code or the organisation's acronym, "source_sector", "target_sector": "" for the
state itself, else one of GOV MIL LEG JUD REB CVL BUS MED, "act": one of the acts below, "status": one of the statuses
below, "date": "YYYY-MM-DD", "YYYY-MM", "YYYY" or null, "quote": the sentence that says so, copied letter by letter,
"trigger": the word in it that names the act, "confidence": 0 to 1}. Code only what the text says happened, was
announced, threatened, refused or alleged between two of them; leave out what did not happen. An empty list is a good
answer.
Acts: {acts}
Statuses: {statuses}"""


class RemoteModelFailed(Exception):
    """The endpoint gave no usable answer; the article is retried as after any failed attempt."""


class RemoteCoder:
    """Codes with a remote model. Text, title and publication day are sent to the endpoint."""

    def __init__(self, url: str, model: str, key: str | None, codebook: Codebook, entities: Entities) -> None:
        """`url`: the endpoint's base, such as http://127.0.0.1:8000/v1."""
        self._url = url.rstrip("/") + "/chat/completions"
        self._model = model
        self._key = key
        self._codebook = codebook
        self._entities = entities
        self.version = f"remote:{model}"

    def code(self, document: Document) -> Coding:
        """The events of a document. Raises RemoteModelFailed without a usable answer."""
        text = document.text[:MAX_CHARACTERS]
        answer = self._ask(text, document)
        events = tuple(self._events(answer, text, document.published_on))
        truncated = len(document.text) > MAX_CHARACTERS
        return Coding("en", self.version, events, None if events else "no_events", truncated)

    def _ask(self, text: str, document: Document) -> Mapping[str, Any]:
        statuses = [status for status in STATUSES if status != "negated"]
        rules = _INSTRUCTIONS.replace("{acts}", " ".join(self._codebook.acts)).replace("{statuses}", " ".join(statuses))
        told = {"title": document.title, "published_at": str(document.published_on or ""), "text": text}
        body = {
            "model": self._model,
            "temperature": 0,
            "response_format": {"type": "json_object"},
            "messages": [
                {"role": "system", "content": rules},
                {"role": "user", "content": json.dumps(told, ensure_ascii=False)},
            ],
        }
        headers = {"Authorization": f"Bearer {self._key}"} if self._key else {}
        try:
            answer = requests.post(self._url, json=body, headers=headers, timeout=(_CONNECT_SECONDS, MAX_SECONDS))
            answer.raise_for_status()
            content = json.loads(answer.json()["choices"][0]["message"]["content"])
        except requests.RequestException as error:
            raise RemoteModelFailed(f"the coder's endpoint can't be used: {type(error).__name__}") from error
        except (ValueError, KeyError, IndexError, TypeError, RecursionError) as error:
            raise RemoteModelFailed("the coder's endpoint did not answer with JSON") from error
        if not isinstance(content, Mapping):
            raise RemoteModelFailed("the coder's endpoint did not answer with a JSON object")
        return content

    def _events(self, answer: Mapping[str, Any], text: str, today: date | None) -> Iterator[CodedEvent]:
        proposed = answer.get("events")
        for item in proposed if isinstance(proposed, list) else ():
            event = self._checked(item, text, today) if isinstance(item, Mapping) else None
            if event is not None:
                yield event

    def _checked(self, item: Mapping[str, Any], text: str, today: date | None) -> CodedEvent | None:
        """The proposed event if every part of it is valid, else None."""
        source, target = self._actor(item, "source"), self._actor(item, "target")
        act, status, quote = item.get("act"), item.get("status"), item.get("quote")
        if source is None or target is None or source.entity == target.entity:
            return None
        if act not in self._codebook.acts or status not in STATUSES or status == "negated":
            return None
        if not isinstance(quote, str) or len(quote.split()) < 3 or (start := text.find(quote)) < 0:
            return None
        trigger = item.get("trigger")
        within = quote.find(trigger) if isinstance(trigger, str) and trigger else -1
        word = trigger if within >= 0 and isinstance(trigger, str) else quote
        at = start + max(within, 0)
        dated, period = _period(item.get("date"))
        if not dated:
            return None
        dated_by = "text" if period else "none"
        if period is not None and period.precision == "day" and period.first == today:
            dated_by = "publication"
        return CodedEvent(
            source,
            target,
            str(act),
            str(status),
            period,
            dated_by,
            _confidence(item.get("confidence")),
            Span("text", start, start + len(quote), quote),
            Span("text", at, at + len(word), word),
        )

    def _actor(self, item: Mapping[str, Any], name: str) -> Actor | None:
        code, sector = item.get(name), item.get(f"{name}_sector") or ""
        if not isinstance(code, str) or not isinstance(sector, str) or len(sector) > 3:
            return None
        try:
            entity = self._entities.resolve(code)
        except UnknownEntity:
            return None
        return Actor(entity.key, sector.upper(), self._entities.name(entity.key))


def _period(value: object) -> tuple[bool, Period | None]:
    """(valid, period); no date is valid, with period None."""
    if value is None or value == "":
        return True, None
    try:
        return True, Period.parse(str(value))
    except ValueError:
        return False, None


def _confidence(value: object) -> float:
    """The model's confidence, limited to 0–0.9 because it is not calibrated; 0.5 if it isn't a number."""
    return min(max(float(value), 0.0), 0.9) if isinstance(value, int | float) and value == value else 0.5
