"""Types of the answers, named like the components of the server's OpenAPI document. A server may send further members.

Days are `YYYY-MM-DD`, instants RFC 3339 in UTC. A `date`, `since` or `valid_from` is as precise as its `precision`.
"""

from typing import Any, NotRequired, TypedDict

Links = dict[str, str]


class Party(TypedDict):
    """An entity by key and English name. `sector` is set for an actor that does not act for the state."""

    key: str
    name: str
    sector: NotRequired[str]


class Entity(TypedDict):
    """A country, contested entity, territory, historic state, organisation or group."""

    key: str
    name: str
    english_name: str
    official_name: str | None
    status: str
    codes: dict[str, str]
    capital: str | None
    demonyms: list[str]
    aliases: list[str]
    claimed_by: str | None
    successor: str | None
    home: str | None
    valid_from: str | None
    valid_to: str | None


class Quote(TypedDict):
    """Words of an article; offsets count Unicode code points."""

    field: str
    start: int
    end: int
    text: str


class Mention(TypedDict):
    """One article's report of an event. `source` is the publisher."""

    article: str
    source: str
    owner: NotRequired[str]
    reprint_of: NotRequired[str | None]
    published_on: str
    date: str | None
    precision: str
    dated_by: str
    confidence: float
    quote: Quote
    trigger: Quote
    actors: dict[str, str]
    context: list[str]
    coder_version: str
    recorded_at: str


class CodedEvent(TypedDict):
    """An event as coded from one text that is not stored."""

    source: Party
    target: Party
    act: str
    status: str
    root: str
    cameo: str
    quad: int
    date: str | None
    precision: str
    dated_by: NotRequired[str]
    confidence: float
    quote: Quote
    trigger: Quote


class EventSummary(TypedDict):
    """An event with its codes, without mentions. `unconfirmed`: too uncertain to move a facet."""

    id: str
    source: Party
    target: Party
    act: str
    status: str
    root: str
    mode: str
    cameo: str
    quad: int
    intensity: float
    scale: str
    scale_version: str
    date: str | None
    precision: str
    dated_by: NotRequired[str]
    known_by: str
    confidence: float
    unconfirmed: NotRequired[bool]
    n_mentions: int
    n_sources: int
    owners: NotRequired[list[str]]
    links: Links


class Event(EventSummary):
    """An event with its mentions, the best first."""

    mentions: list[Mention]


class Candidate(TypedDict):
    """One of the values that contradicting reports give."""

    value: str
    n_sources: int
    owners: NotRequired[list[str]]
    evidence: list[str]


class Document(TypedDict):
    """A document that gives a value, as `evidence` names it by its `id`."""

    id: str
    origin: str
    place: str
    publisher: str
    document: str
    date: str | None
    citation: str
    note: str


class ValueReliability(TypedDict):
    """How often values of a facet, a family of acts or all (`scope`) were right, by measurement of that coder."""

    scope: str
    right: float
    n: int
    interval: list[float]
    coder: str


class Interval(TypedDict):
    """A facet's value from `valid_from` (None: unknown, it held by `known_by`) until before `valid_to`.

    `change_unconfirmed`: the day on which it ended by a report that is not confirmed.
    """

    facet: str
    item: str
    status: str
    value: str
    valid_from: str | None
    precision: str
    dated_by: NotRequired[str]
    known_by: str
    valid_to: str | None
    ends: str
    rule: str
    evidence: list[str]
    n_evidence: int
    origin: NotRequired[str]
    documents: NotRequired[list[Document]]
    owners: NotRequired[list[str]]
    candidates: NotRequired[list[Candidate]]
    reliability: NotRequired[ValueReliability]
    change_unconfirmed: NotRequired[str]


class ScoreInterval(TypedDict):
    """The 95 % interval of a score's `net`."""

    low: float
    high: float


class Score(TypedDict):
    """The score with its parts. `interval` is None where no event counts."""

    net: float
    cooperation: float
    conflict: float
    tension: float
    interval: ScoreInterval | None
    n_events: int
    n_reports: int
    n_sources: int
    owners: NotRequired[list[str]]
    half_life_days: float
    window_days: int
    scale: str
    scale_version: str
    version: NotRequired[str]


class QuadCounts(TypedDict):
    """Events by quad class."""

    verbal_cooperation: int
    material_cooperation: int
    verbal_conflict: int
    material_conflict: int


class Counts(TypedDict):
    """Events of one direction that happened, and their mentions. `unfulfilled`: those announced, threatened …"""

    events: int
    mentions: int
    unfulfilled: NotRequired[int]
    by_quad: QuadCounts


class Relation(TypedDict):
    """The relation of `source` to `target` as of a day.

    `facets` has every facet of the codebook: an object with `value`, or a list of them, each with its `item`. Where
    nothing is known the value is `unknown`, or the list empty.
    """

    source: Party
    target: Party
    as_of: str
    known_at: str | None
    published_by: NotRequired[str | None]
    version: int
    codebook_version: str
    label: str
    facets: dict[str, Any]
    score: Score
    counts: Counts
    last_change: str | None
    links: Links


class Dyad(TypedDict):
    """Both directions of a pair, and the facets that they share."""

    a: Party
    b: Party
    as_of: str
    known_at: str | None
    published_by: NotRequired[str | None]
    a_to_b: Relation
    b_to_a: Relation
    shared: dict[str, Any]


class Standing(TypedDict):
    """A summary of a relation. `facets` has those with a held value."""

    label: str
    net: float
    tension: float
    n_events: int
    n_unfulfilled: NotRequired[int]
    last_change: str | None
    facets: dict[str, Any]
    links: Links


class Stance(TypedDict):
    """A country's relation to the partner `country` (`own`), and the partner's to it (`theirs`)."""

    country: Party
    own: Standing
    theirs: Standing


class Stances(TypedDict):
    """One country's relations with every partner of whom something is known."""

    country: Party
    as_of: str
    known_at: str | None
    published_by: NotRequired[str | None]
    relations: list[Stance]


class Effect(TypedDict):
    """The rule of the codebook by which an act moves a facet."""

    rule: str
    statuses: list[str]
    facet: str
    item: str
    value: str
    moves: str
    standing: str
    only_from: list[str]
    lasts_days: int | None


class Cause(TypedDict):
    """An event with its mentions, and the rule by which it moves the facet."""

    rule: Effect | None
    event: Event


class Reason(Interval):
    """An interval with the causes of its value."""

    because: list[Cause]


class QuotedArticle(TypedDict):
    """An article that reports an event of an explanation. `source` is the publisher."""

    id: str
    title: str | None
    url: str | None
    source: str
    published_at: str | None
    links: Links


class Why(TypedDict):
    """Each value with its rule, events, quotes and articles."""

    source: Party
    target: Party
    as_of: str
    known_at: str | None
    published_by: NotRequired[str | None]
    codebook_version: str
    label: str
    score: Score
    holding: list[Reason]
    ended: list[Reason]
    unknown: list[str]
    unconfirmed: NotRequired[list[Reason]]
    articles: list[QuotedArticle]


class Difference(TypedDict):
    """A facet whose value differs between two days."""

    facet: str
    item: str
    status: str
    before: str
    after: str
    from_interval: Interval | None
    to_interval: Interval | None


class Day(TypedDict):
    """The label and the score on one day."""

    label: str
    score: Score


# `from` is a word of Python, so these two can't be written as classes alone.
_From = TypedDict("_From", {"from": str})


class Diff(_From):
    """What differs between the days `from` and `to`, and the events in between."""

    source: Party
    target: Party
    to: str
    known_at: str | None
    published_by: NotRequired[str | None]
    facets: list[Difference]
    before: Day
    after: Day
    net_change: float
    n_events: int
    events: list[EventSummary]


class Bucket(_From):
    """The events dated from `from` to `to` (inclusive) that happened, and the score as of `to`."""

    to: str
    n: int
    n_mentions: int
    n_unfulfilled: NotRequired[int]
    by_quad: QuadCounts
    mean_intensity: float | None
    score: Score


class Series(TypedDict):
    """Aggregates of one direction's events in consecutive buckets."""

    source: Party
    target: Party
    as_of: str
    known_at: str | None
    published_by: NotRequired[str | None]
    interval: str
    series: list[Bucket]
    n_coarser: int
    n_before: int


class Moved(TypedDict):
    """A change of a facet, caused by `event` (None: by the removal of reports)."""

    source: str | None
    target: str | None
    facet: str | None
    item: str
    status: str
    before: str
    after: str
    effective_on: str
    precision: NotRequired[str | None]
    dated_by: NotRequired[str | None]
    event: str | None
    confirmed: NotRequired[bool]
    historic: bool


class Change(Moved):
    """A row of the changes feed. A `retraction` or `correction` only names its article."""

    seq: int
    kind: str
    reason: NotRequired[str | None]
    article: str | None
    supersedes: NotRequired[str | None]
    recorded_at: str


#: A cell of a table: text, number, or None where it is empty.
Cell = str | int | float | None


class StateRow(TypedDict):
    """A row of the table of states (docs/export.md). Dates are as precise as is known, with first and last day."""

    source: str
    target: str
    source_cow: str
    target_cow: str
    facet: str
    item: str
    value: str
    standing: str
    status: str
    valid_from: str
    valid_from_precision: str
    valid_from_first: str | None
    valid_from_last: str | None
    dated_by: str
    known_by: str
    valid_to: str
    valid_to_precision: str
    valid_to_first: str | None
    valid_to_last: str | None
    ends: str
    rule: str
    n_evidence: int
    n_owners: int
    first_evidence: str
    last_evidence: str
    confidence: float | None
    origin: str


#: A row of a panel. Its columns depend on the unit, the facets and the codebook (docs/export.md).
PanelRow = dict[str, Cell]


class Outcome(TypedDict):
    """What a text reports (`come`), and the facets that it would change. `reason`: why nothing was coded."""

    reason: str | None
    come: list[CodedEvent]
    gone: list[CodedEvent]
    changes: list[Moved]


class Accepted(TypedDict):
    """An article that is stored. `created` is False if it was stored before."""

    id: str
    created: bool
    links: Links


class ArticleSummary(TypedDict):
    """An article with its status, without its text and events. `source` is the publisher."""

    id: str
    status: str
    reason: str | None
    source: str
    reprint_of: NotRequired[str | None]
    supersedes: NotRequired[str | None]
    url: str | None
    title: str | None
    language: str | None
    published_at: str | None
    date_problem: NotRequired[str | None]
    published_on: NotRequired[str]
    dated_by: NotRequired[str]
    received_at: str
    coder_version: str | None
    truncated: bool
    links: Links


class ArticleReport(ArticleSummary):
    """An article with the events that it reports and the changes that it made."""

    superseded_by: NotRequired[str | None]
    attempts: int
    events: list[Event]
    changes: list[Change]


class FieldError(TypedDict):
    """One error in one field of a request."""

    field: str
    detail: str


class Nearest(TypedDict):
    """A known entity whose name resembles the one that was asked for."""

    key: str
    name: str


class Problem(TypedDict):
    """A problem document (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    instance: NotRequired[str]
    request_id: NotRequired[str]
    errors: NotRequired[list[FieldError]]
    nearest: NotRequired[list[Nearest]]
    known: NotRequired[list[str]]
