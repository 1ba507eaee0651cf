"""Read events with their best mention as columns, for tables of any length.

Days and JSON are read as text, whole batches at a time: objects of each would cost several times the reading.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Text, and_, case, cast, func, select

from entente.services.ports.event_tables import TabledEvents
from entente.storage.columns import utc_text
from entente.storage.derived.tables import event_mentions, events
from entente.storage.dialect import chunks
from entente.storage.truth.tables import mentions

_e = events.c
_m = mentions.c
_link = event_mentions.c

#: The columns of an event and of its first mention, in the order of `tabled_events`.
COLUMNS = (
    select(
        _e.id,
        _e.source,
        _e.target,
        _e.act,
        _e.status,
        cast(_e.period_first, Text).label("first_day"),
        _e.precision,
        _e.dated_by,
        cast(_e.known_by, Text).label("known_by"),
        _e.confidence,
        _e.n_mentions,
        # Of one mention there is one owner.
        case((_e.n_mentions > 1, cast(_e.owners, Text))).label("owners"),
        cast(_e.coders, Text).label("coders"),
        cast(_m.wording, Text).label("wording"),
        utc_text(_m.recorded_at).label("recorded_at"),
        _m.article_id,
        _m.publisher,
        cast(_m.published_on, Text).label("published_on"),
        _m.coder_version,
        # The last, as the first is the id: a page's position.
        cast(_e.starts_on, Text).label("starts_on"),
    )
    .join_from(events, event_mentions, and_(_link.event_id == _e.id, _link.position == 0))
    .join(mentions, _m.id == _link.mention_id)
)
_N_COLUMNS = len(COLUMNS.selected_columns)


def tabled_events(rows: Sequence[Any], connection: Connection) -> TabledEvents:
    """The columns of these rows of COLUMNS. `connection` is read for events with several mentions."""
    columns: list[Sequence[Any]] = list(zip(*rows, strict=True)) or [()] * _N_COLUMNS
    ids, sources, targets, acts, statuses, firsts, precisions, dated_by, known_by, confidences, n_mentions = columns[
        :11
    ]
    owners, coders, wordings, recorded, articles, publishers, published, coder_versions, _ = columns[11:]
    several = _several([id for id, n in zip(ids, n_mentions, strict=True) if n > 1], connection)
    worded = parsed(wordings)
    return TabledEvents(
        id=ids,
        source=sources,
        target=targets,
        act=acts,
        status=statuses,
        first_day=firsts,
        precision=precisions,
        # Null until the dyad is derived again, where it was derived before it was kept.
        dated_by=[told or ("text" if first else "none") for told, first in zip(dated_by, firsts, strict=True)],
        known_by=known_by,
        confidence=confidences,
        n_mentions=n_mentions,
        n_sources=[1 if n == 1 else len(json.loads(own)) for own, n in zip(owners, n_mentions, strict=True)],
        n_articles=[several[id][1] if id in several else 1 for id in ids],
        coders=_each_parsed(coders),
        first_recorded_at=_instants(
            [several[id][0] if id in several else at for id, at in zip(ids, recorded, strict=True)]
        ),
        source_sector=[wording[0][0] for wording in worded],
        target_sector=[wording[1][0] for wording in worded],
        source_text=[wording[0][1] for wording in worded],
        target_text=[wording[1][1] for wording in worded],
        quote=[wording[2][3] for wording in worded],
        contexts=[wording[4] for wording in worded],
        article=articles,
        publisher=publishers,
        published_on=published,
        coder=coder_versions,
    )


def parsed(texts: Sequence[str | None]) -> list[Any]:
    """The values of many JSON texts, by one call of the parser; an empty list for none."""
    return json.loads(f"[{','.join(text or '[]' for text in texts)}]")  # type: ignore[no-any-return]  # a JSON list


def _each_parsed(texts: Sequence[str | None]) -> list[Any]:
    """The same, for texts few of which differ."""
    distinct = list(set(texts))
    made = dict(zip(distinct, parsed(distinct), strict=True))
    return [made[text] for text in texts]


def _instants(texts: Sequence[str]) -> list[str]:
    """Texts of `utc_text` in ISO 8601. Events of one article have the same."""
    made = {text: datetime.fromisoformat(text).replace(tzinfo=UTC).isoformat() for text in set(texts)}
    return [made[text] for text in texts]


def _several(event_ids: list[str], connection: Connection) -> Mapping[str, tuple[str, int]]:
    """When the first mention of each of these events was recorded, and the number of articles that report it."""
    first = func.min(utc_text(_m.recorded_at))
    wanted = select(_link.event_id, first, func.count(_m.article_id.distinct())).join_from(event_mentions, mentions)
    found: dict[str, tuple[str, int]] = {}
    for some in chunks(event_ids):
        rows = connection.execute(wanted.where(_link.event_id.in_(some)).group_by(_link.event_id))
        found.update({id: (at, n) for id, at, n in rows})
    return found
