"""The client: a method for each read, for trials and for submissions."""

from collections.abc import Sequence
from datetime import date, datetime
from types import TracebackType
from typing import Any, Literal, Self, TypedDict, Unpack, cast
from uuid import uuid4

from entente.client.connection import Connection, path
from entente.client.listing import Listing
from entente.client.shapes import (
    Accepted,
    ArticleReport,
    ArticleSummary,
    Change,
    Diff,
    Dyad,
    Entity,
    Event,
    EventSummary,
    Interval,
    Outcome,
    PanelRow,
    Relation,
    Series,
    Stances,
    StateRow,
    Why,
)
from entente.client.tables import Table

#: Where `entente serve` listens unless told otherwise.
LOCAL_URL = "http://127.0.0.1:8080"

#: What a list does with what is too uncertain to count; `include` if left out.
Unconfirmed = Literal["include", "exclude", "only"]

Day = date | str
Instant = datetime | date | str


class Clocks(TypedDict, total=False):
    """Of which day in the world, with what had been recorded by when, and published by which day (docs/clocks.md)."""

    as_of: Day | None
    known_at: Instant | None
    published_by: Day | None


class RelationFilters(Clocks, total=False):
    """Filters of the list of relations. `facet`: `sanctions`, `sanctions:in_force`, `mission:pending`."""

    source: str | None
    target: str | None
    facet: str | None
    label: str | None
    min_score: float | None
    max_score: float | None
    changed_since: Day | None
    change_unconfirmed: Unconfirmed | None
    limit: int | None


class StateFilters(Clocks, total=False):
    """Filters of the table of states."""

    source: str | None
    target: str | None
    facet: str | None


class PanelColumns(Clocks, total=False):
    """Units, periods and columns of a panel. `facets`: `sanctions`, or `sanctions:in_force` for whether it is held.

    `unit`: dyad-month (if left out), dyad-year or country-year. `counted`: statuses counted as done. `min_confidence`
    and `unconfirmed`: which events are counted.
    """

    to: Day | None
    unit: str | None
    source: str | None
    target: str | None
    directed: bool | None
    facets: Sequence[str] | None
    counted: Sequence[str] | None
    min_confidence: float | None
    unconfirmed: Unconfirmed | None


class EventFilters(TypedDict, total=False):
    """Filters of the list of events. `limit` is the size of a page.

    `known_at` and `published_by` need `source` and `target` beside them.
    """

    source: str | None
    target: str | None
    act: str | Sequence[str] | None
    root: str | Sequence[str] | None
    cameo: str | Sequence[str] | None
    quad: int | Sequence[int] | None
    status: str | Sequence[str] | None
    from_: Day | None
    to: Day | None
    recorded_since: Instant | None
    article: str | None
    min_confidence: float | None
    unconfirmed: Unconfirmed | None
    q: str | None
    known_at: Instant | None
    published_by: Day | None
    limit: int | None


class ArticleFilters(TypedDict, total=False):
    """Filters of the list of articles. `source`: the publisher as the article names it; `q`: words of the title."""

    source: str | None
    publisher: str | None
    status: str | Sequence[str] | None
    from_: Day | None
    to: Day | None
    url: str | None
    q: str | None
    limit: int | None


class Article(TypedDict, total=False):
    """An article to code or to store: its text, or the URL to fetch it from. `source` is the publisher."""

    text: str | None
    url: str | None
    title: str | None
    published_at: Instant | None
    source: str | None
    language: str | None


class Entente:
    """A client of one Entente. Countries are named by a code of any scheme, or by name.

    Every method raises `ProblemError` where the API refuses and `Unreachable` where no answer comes, after having
    tried again. Use it in one thread at a time.
    """

    def __init__(self, url: str = LOCAL_URL, key: str | None = None, *, timeout: float = 30.0) -> None:
        """`url`: where the API is, such as http://127.0.0.1:8080; `key`: an API key; `timeout` in seconds."""
        self._connection = Connection(url, key, timeout)

    @property
    def url(self) -> str:
        """The address of the server, with a slash at its end."""
        return self._connection.url

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections that are kept open."""
        self._connection.close()

    # One relation

    def relation(self, source: str, target: str, **clocks: Unpack[Clocks]) -> Relation:
        """The relation of source to target: facets with evidence, and the score."""
        return cast("Relation", self._connection.get(path("relations", source, target), clocks))

    def dyad(self, a: str, b: str, **clocks: Unpack[Clocks]) -> Dyad:
        """Both directions of a pair, and the facets that they share."""
        return cast("Dyad", self._connection.get(path("dyads", a, b), clocks))

    def history(
        self,
        source: str,
        target: str,
        facet: str | None = None,
        *,
        unconfirmed: Unconfirmed | None = None,
        limit: int | None = None,
        **clocks: Unpack[Clocks],
    ) -> Listing[Interval]:
        """The intervals of every facet, or of one. `limit` is the size of a page."""
        return Listing(
            self._connection,
            path("relations", source, target, "history"),
            "intervals",
            {"facet": facet, "unconfirmed": unconfirmed, "limit": limit, **clocks},
        )

    def series(
        self,
        source: str,
        target: str,
        interval: str | None = None,
        *,
        from_: Day | None = None,
        **clocks: Unpack[Clocks],
    ) -> Series:
        """Counts of events and the score, by `day`, `week`, `month` or `year`."""
        asked = {"interval": interval, "from": from_, **clocks}
        return cast("Series", self._connection.get(path("relations", source, target, "series"), asked))

    def why(self, source: str, target: str, facet: str | None = None, **clocks: Unpack[Clocks]) -> Why:
        """Each value, or that of one facet, with its rule, events, quotes and articles."""
        return cast("Why", self._connection.get(path("relations", source, target, "why"), {"facet": facet, **clocks}))

    def diff(
        self,
        source: str,
        target: str,
        from_: Day,
        to: Day | None = None,
        *,
        known_at: Instant | None = None,
        published_by: Day | None = None,
    ) -> Diff:
        """What differs between two days; the second is today if left out."""
        asked = {"from": from_, "to": to, "known_at": known_at, "published_by": published_by}
        return cast("Diff", self._connection.get(path("relations", source, target, "diff"), asked))

    # Lists

    def relations(self, **filters: Unpack[RelationFilters]) -> Listing[Relation]:
        """The relations that pass every filter, by source and target."""
        return Listing(self._connection, path("relations"), "relations", filters)

    def events(self, **filters: Unpack[EventFilters]) -> Listing[EventSummary]:
        """The events that pass every filter, newest first.

        Raises ValueError for `known_at` or `published_by` without `source` and `target`.
        """
        _check_pair(filters)
        return Listing(self._connection, path("events"), "events", filters)

    def articles(self, **filters: Unpack[ArticleFilters]) -> Listing[ArticleSummary]:
        """The articles that pass every filter, newest first, without their texts."""
        return Listing(self._connection, path("articles"), "articles", filters)

    def changes(
        self, after: int = 0, *, unconfirmed: Unconfirmed | None = None, limit: int | None = None
    ) -> Listing[Change]:
        """The changes after a number, in order and without gaps, up to the latest."""
        asked = {"after": after, "unconfirmed": unconfirmed, "limit": limit}
        return Listing(self._connection, path("changes"), "changes", asked)

    def countries(self, language: str | None = None) -> list[Entity]:
        """Every entity, countries first, with names in that language (a tag such as `de`)."""
        return cast("list[Entity]", self._connection.get(path("countries"), headers=_named_in(language))["countries"])

    # Tables

    def states(self, **filters: Unpack[StateFilters]) -> Table[StateRow]:
        """Every interval of every facet that passes the filters, by source and target."""
        return Table(self._connection, path("states"), filters)

    def panel(self, from_: Day, **columns: Unpack[PanelColumns]) -> Table[PanelRow]:
        """A balanced panel: every period from that of the day `from_` on, of every dyad or country.

        A count is 0 where articles of the period report nothing, and None where none was read.
        """
        return Table(self._connection, path("panels"), {"from": from_, **columns})

    # One thing

    def country(self, name: str, language: str | None = None) -> Entity:
        """The entity of a code of any scheme, or of a name."""
        return cast("Entity", self._connection.get(path("countries", name), headers=_named_in(language)))

    def stances(self, country: str, **clocks: Unpack[Clocks]) -> Stances:
        """A country's relations with every partner, in both directions, in short."""
        return cast("Stances", self._connection.get(path("countries", country, "relations"), clocks))

    def event(self, event_id: str) -> Event:
        """An event with its mentions and their quotes."""
        return cast("Event", self._connection.get(path("events", event_id)))

    def article(self, article_id: str) -> ArticleReport:
        """An article's status, the events that it reports, and the changes that it made."""
        return cast("ArticleReport", self._connection.get(path("articles", article_id)))

    def codebook(self) -> dict[str, Any]:
        """Acts with their codes and effects, facets with their values, and tables."""
        return cast("dict[str, Any]", self._connection.get(path("codebook")))

    # Texts

    def code(self, text: str, *, title: str | None = None, published_at: Instant | None = None) -> Outcome:
        """The events of a text, and the facets that they would change. Nothing is stored."""
        body = {"text": text, "title": title, "published_at": published_at}
        return cast("Outcome", self._connection.post(path("code"), body))

    def submit(self, **article: Unpack[Article]) -> Accepted:
        """Submit an article, which is stored once however often it is sent. Needs a key with the scope `ingest`."""
        # Sent again after a lost answer, the request is known by this.
        headers = {"Idempotency-Key": uuid4().hex}
        return cast("Accepted", self._connection.post(path("articles"), dict(article), headers))


def _check_pair(filters: EventFilters) -> None:
    """Refuse what the API answers only with tables of events, which this client does not read."""
    clock = next((name for name in ("known_at", "published_by") if filters.get(name) is not None), None)
    lacking = [name for name in ("source", "target") if filters.get(name) is None]
    if clock and lacking:
        raise ValueError(
            f"events() with {clock} needs {' and '.join(lacking)} too: name both parties; for the events of all pairs "
            f"run `entente export events --{clock.replace('_', '-')}`"
        )


def _named_in(language: str | None) -> dict[str, str]:
    return {"Accept-Language": language} if language else {}
