"""Shapes of the tools' answers. Days are `YYYY-MM-DD`; links are URLs of the API.

Without slots: the SDK would take these for the defaults of the members.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Quote:
    """The sentence of an article that reports an event. `url`: where the article was published, if known."""

    text: str
    publisher: str
    published_on: str
    title: str | None
    url: str | None
    event: str
    article: str


@dataclass(frozen=True)
class Source:
    """A document that gives a value: a treaty, resolution or official statement."""

    publisher: str
    document: str
    date: str | None
    citation: str


@dataclass(frozen=True)
class Value:
    """A value of a facet, and who says so: the quotes of articles, or documents.

    `since` is as precise as `precision` and null if unknown: the value held by `known_by`. `dated_by` says where it is
    from: text, publication, or receipt if the day of publication is unknown. `said_by`: the owners of the publishers.
    `claims` has what contradicting reports say of a disputed value. `end_reported_on`: an unconfirmed report says that
    the value ended on that day.
    """

    facet: str
    item: str
    value: str
    status: str
    since: str | None
    precision: str
    dated_by: str
    known_by: str
    until: str | None
    end_reported_on: str | None
    n_evidence: int
    said_by: list[str]
    claims: list[str]
    rule: str
    quotes: list[Quote]
    documents: list[Source]


@dataclass(frozen=True)
class Direction:
    """How the source stands with the target. `score` runs from -10 to 10. `unknown`: facets of which nothing is known.

    `ended` has values that no longer hold, where no other has taken their place, `unconfirmed` those that are reported
    too uncertainly to count.
    """

    source: str
    target: str
    label: str
    score: float
    values: list[Value]
    ended: list[Value]
    unconfirmed: list[Value]
    unknown: list[str]
    link: str


@dataclass(frozen=True)
class Standing:
    """Both directions of a pair as of a day.

    `known_at` null: with all that is known now. `published_by` null: by articles of any day.
    """

    as_of: str
    known_at: str | None
    published_by: str | None
    directions: list[Direction]


@dataclass(frozen=True)
class Period:
    """A value that a facet had, has, or may get (`status`: pending, threatened, unconfirmed), until before `until`."""

    item: str
    value: str
    status: str
    since: str | None
    precision: str
    dated_by: str
    known_by: str
    until: str | None
    n_evidence: int


@dataclass(frozen=True)
class Explanation:
    """One facet of one direction: the value that holds with its quotes, what ended last, and the latest periods.

    `n_periods` counts all of them.
    """

    source: str
    target: str
    facet: str
    as_of: str
    known_at: str | None
    published_by: str | None
    values: list[Value]
    ended: list[Value]
    unconfirmed: list[Value]
    periods: list[Period]
    n_periods: int
    link: str


@dataclass(frozen=True)
class Partner:
    """A country to which the answer applies, with the values that say so."""

    country: str
    values: list[Value]
    link: str


@dataclass(frozen=True)
class Partners:
    """The countries that a question about one country found. `complete` is false where `limit` cut the list.

    `as_of` null: today. A country that is not listed may do the same unreported: Entente knows what its articles say.
    """

    question: str
    as_of: str | None
    known_at: str | None
    published_by: str | None
    partners: list[Partner]
    complete: bool
    links: list[str]


@dataclass(frozen=True)
class ChangedValue:
    """A facet that differs between two days. `because`: the value on the second day; null if nothing is known of it."""

    facet: str
    item: str
    status: str
    before: str
    after: str
    because: Value | None


@dataclass(frozen=True)
class Happening:
    """An event between the two days, with its quotes."""

    what: str
    date: str | None
    dated_by: str
    quotes: list[Quote]
    link: str


@dataclass(frozen=True)
class ChangedDirection:
    """What differs in one direction. `n_events` counts all events in between; `events` has the latest ones."""

    source: str
    target: str
    label_before: str
    label_after: str
    score_before: float
    score_after: float
    changes: list[ChangedValue]
    n_events: int
    events: list[Happening]
    link: str


@dataclass(frozen=True)
class Changed:
    """What changed after `since`, up to `until`. `left_out`: directions beyond those shown."""

    since: str
    until: str
    known_at: str | None
    published_by: str | None
    directions: list[ChangedDirection]
    left_out: int


@dataclass(frozen=True)
class Reported:
    """An event that a text reports. `codes`: its CAMEO code and PLOVER type."""

    source: str
    target: str
    act: str
    status: str
    date: str | None
    dated_by: str
    codes: str
    confidence: float
    quote: str
    link: str


@dataclass(frozen=True)
class WouldChange:
    """A facet that the text would change, were it stored."""

    source: str
    target: str
    facet: str
    item: str
    status: str
    before: str
    after: str
    effective_on: str
    dated_by: str | None


@dataclass(frozen=True)
class Trial:
    """What a text reports; nothing was stored. `reason` says why nothing was coded."""

    reason: str | None
    reported: list[Reported]
    would_change: list[WouldChange]
