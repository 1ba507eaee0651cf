"""Values and events with the sentences that report them, and links to where these can be read."""

from collections.abc import Iterable
from itertools import islice

from entente.client import Entente
from entente.client.shapes import Document, Event, Interval, Mention, Party, QuotedArticle, Reason
from entente.mcp_server.answers import Happening, Period, Quote, Source, Value

#: Longest quote, in characters; its event has the whole sentence.
_LONGEST = 1000


class Quoting:
    """Makes values with quotes from answers of one Entente. `articles` have the titles and addresses of the quotes."""

    def __init__(self, entente: Entente, articles: Iterable[QuotedArticle] = ()) -> None:
        self._url = entente.url
        self._articles = {article["id"]: article for article in articles}

    def value(self, reason: Reason, n_quotes: int) -> Value:
        """A value with at most so many quotes: of each of its events the most confident first."""
        events = [cause["event"] for cause in reason["because"]]
        return Value(
            reason["facet"],
            reason["item"],
            reason["value"],
            reason["status"],
            reason["valid_from"],
            reason["precision"],
            reason.get("dated_by", "text"),
            reason["known_by"],
            reason["valid_to"],
            reason.get("change_unconfirmed"),
            reason["n_evidence"],
            reason.get("owners", []),
            [f"{c['value']} (sources: {c['n_sources']})" for c in reason.get("candidates", [])],
            reason["rule"],
            self._quotes(events, n_quotes),
            [_source(document) for document in reason.get("documents", [])],
        )

    def happening(self, event: Event, n_quotes: int) -> Happening:
        """An event with at most so many quotes."""
        what = f"{named(event['source'])} {event['act']} {named(event['target'])} ({event['status']})"
        return Happening(
            what, event["date"], event.get("dated_by", "text"), self._quotes([event], n_quotes), self._event_link(event)
        )

    def _quotes(self, events: list[Event], n_quotes: int) -> list[Quote]:
        # Of every event one quote before a second of any: reprints of one report say less than another event.
        depth = max((len(event["mentions"]) for event in events), default=0)
        in_turn = (
            self._quote(event, event["mentions"][n])
            for n in range(depth)
            for event in events
            if n < len(event["mentions"])
        )
        # A sentence that reports both directions is quoted once.
        once = {(quote.article, quote.text): quote for quote in in_turn}
        return list(islice(once.values(), n_quotes))

    def _quote(self, event: Event, mention: Mention) -> Quote:
        article = self._articles.get(mention["article"])
        text = mention["quote"]["text"]
        return Quote(
            text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…",
            mention["source"],
            mention["published_on"],
            article["title"] if article else None,
            article["url"] if article else None,
            self._event_link(event),
            f"{self._url}v1/articles/{mention['article']}",
        )

    def _event_link(self, event: Event) -> str:
        return f"{self._url}{event['links']['self'].lstrip('/')}"


def _source(document: Document) -> Source:
    return Source(document["publisher"], document["document"], document["date"], document["citation"])


def named(party: Party) -> str:
    """A party by name and key, as in `Russia (RUS)`."""
    key = f"{party['key']}:{party['sector']}" if "sector" in party else party["key"]
    return f"{party['name']} ({key})"


def period(interval: Interval) -> Period:
    """An interval without its reasons."""
    return Period(
        interval["item"],
        interval["value"],
        interval["status"],
        interval["valid_from"],
        interval["precision"],
        interval.get("dated_by", "text"),
        interval["known_by"],
        interval["valid_to"],
        interval["n_evidence"],
    )
