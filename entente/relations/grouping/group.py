"""Group mentions into events: which mentions report the same act.

A pure function of the set of mentions: the order in which they arrived makes no difference.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from entente.relations.events import BY_ARTICLE, Event, EventKey, Mention
from entente.relations.grouping.tellings import confidence_of
from entente.relations.periods import PRECISIONS, Period

Key = tuple[str, str, str, str]


def group_mentions(mentions: Iterable[Mention]) -> list[Event]:
    """The events that these mentions report, ordered by id. Negated mentions are left out."""
    by_key: dict[Key, list[Mention]] = defaultdict(list)
    for mention in mentions:
        if mention.event.status != "negated":
            by_key[mention.key].append(mention)
    events = [
        event_of(key, period, members)
        for key, of_key in by_key.items()
        for period, members in group_by_date(of_key).items()
    ]
    return sorted(events, key=lambda event: event.id)


def locate(event_id: str, events: Sequence[Event]) -> Event | None:
    """The event among `events` that `event_id` named when it was given out, or None.

    A later article may have moved its mentions to an event with a finer date, and so with another id.
    """
    by_id = {event.id: event for event in events}
    if event_id in by_id:
        return by_id[event_id]
    key = EventKey.parse(event_id)
    alike = [
        e for e in events if (e.source, e.target, e.act, e.status) == (key.source, key.target, key.act, key.status)
    ]
    if key.period is None:
        return alike[0] if len(alike) == 1 else None
    is_day = key.period.precision == "day" and key.period.first > date.min
    day_before = Period.day(key.period.first - timedelta(days=1)) if is_day else None
    for event in alike:
        if event.period and (event.period.within(key.period) or key.period.within(event.period)):
            return event
    return next((event for event in alike if day_before and event.period == day_before), None)


def group_by_date(mentions: Sequence[Mention]) -> dict[Period | None, list[Mention]]:
    """Groups by date: explicit days, then publication days, then coarser dates, each joining a sole finer group."""
    groups: dict[Period | None, list[Mention]] = defaultdict(list)
    by_rank: dict[int, list[Mention]] = defaultdict(list)
    for mention in mentions:
        by_rank[_rank(mention)].append(mention)
    for mention in by_rank.pop(0, []):
        groups[mention.event.period].append(mention)
    explicit = set(groups)
    for mention in by_rank.pop(1, []):
        groups[_published_group(mention, explicit)].append(mention)
    for rank in sorted(by_rank):
        finer = [period for period in groups if period is not None]
        for mention in by_rank[rank]:
            groups[enclosed_group(mention, finer)].append(mention)
    return groups


def _rank(mention: Mention) -> int:
    period = mention.event.period
    if period is None:
        return len(PRECISIONS) + 1
    if period.precision == "day":
        return 1 if mention.event.dated_by in BY_ARTICLE else 0
    return PRECISIONS.index(period.precision) + 1


def _published_group(mention: Mention, explicit: set[Period | None]) -> Period:
    """The day of a mention dated by publication: that day, or the day before if only that one is an explicit date."""
    period = mention.event.period
    assert period is not None
    day_before = Period.day(period.first - timedelta(days=1))
    return day_before if period not in explicit and day_before in explicit else period


def enclosed_group(mention: Mention, finer: Sequence[Period]) -> Period | None:
    """The date of the group that a mention joins: the sole finer date within its own, else its own date.

    Of an undated mention, the sole date that begins by its day of publication, else None.
    """
    period = mention.event.period
    if period is None:
        inside = [p for p in finer if p.first <= mention.published_on]
    else:
        inside = [p for p in finer if p.within(period)]
    return inside[0] if len(inside) == 1 else period


def _distance(mention: Mention, period: Period | None) -> int:
    """How little a mention says of its event's date: 0 gives it, 1 by its publication, 2 another date, 3 none."""
    said = mention.event
    if said.period is None:
        return 3
    return 2 if said.period != period else int(said.dated_by in BY_ARTICLE)


def event_of(key: Key, period: Period | None, mentions: list[Mention]) -> Event:
    """Make the event of these mentions of one key and date.

    A later sentence without a date may be the more confident, but says nothing of when: it is not the event's quote.
    """
    ranked = sorted(
        mentions, key=lambda m: (_distance(m, period), -m.event.confidence, m.published_on, m.event.quote.text, m.id)
    )
    confidence, sure_owners = confidence_of(ranked)
    return Event(
        id=str(EventKey(*key, period)),
        source=key[0],
        target=key[1],
        act=key[2],
        status=key[3],
        period=period,
        known_by=min(m.published_on for m in ranked),
        confidence=confidence,
        mentions=tuple(ranked),
        sure_owners=sure_owners,
    )
