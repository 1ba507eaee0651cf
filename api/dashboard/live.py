"""Live: what moved since a day, and what moves now."""

from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime, time, timedelta
from typing import Any

from flask import Response
from marshmallow import Schema

from api.dashboard.pages import current_reader, page, parameters, rendered
from api.dashboard.wording import wording
from api.http.context import system, vocabulary
from entente.relations.errors import RelationsError
from entente.services.errors import ServiceError
from schemas.changes import change_shape
from schemas.events import event_shape
from schemas.fields import Day, Text
from schemas.vocabulary import Shape

#: Events whose quotes are shown with the changes that they made.
_QUOTED = 30


class LiveSchema(Schema):
    """The first day of the digest, and filters of digest and stream."""

    since = Day()
    country = Text(high=80)
    facet = Text(high=80)


@page("/live")
def live() -> Response:
    """Show what moved since yesterday, or since another day."""
    asked = parameters(LiveSchema())
    today = system().clock.now().date()
    since = asked.get("since", today - timedelta(days=1))
    country = system().lookups.country(asked["country"]).key if "country" in asked else None
    facet = system().codebook.facet(asked["facet"]).name if "facet" in asked else None
    digest = system().digests.since(datetime.combine(since, time.min, UTC))
    shapes = [change_shape(recorded) for recorded in digest.changes]
    shown = [c for c in shapes if _fits(c, country, facet)]
    reader = current_reader()
    return rendered(
        "live.html",
        since=since,
        country=country,
        facet=facet,
        facets=list(system().codebook.facets),
        countries=sorted(
            (e.key for e in system().entities if e.is_country), key=lambda key: reader.name(key).casefold()
        ),
        news=[c for c in shown if not c["historic"]],
        historic=[c for c in shown if c["historic"]],
        events=_events(shown),
        is_whole=digest.is_whole,
        config=stream_config(digest.last, country, facet),
    )


def stream_config(last: int, country: str | None, facet: str | None) -> dict[str, Any]:
    """What the script needs that shows changes as they come."""
    reader, words = current_reader(), wording()
    facets = {
        name: {
            "title": told.title,
            "values": {value: [said.short, said.tone] for value, said in told.values.items()},
        }
        for name, told in words.facets.items()
    }
    names = {entity.key: reader.name(entity.key) for entity in system().entities if entity.kind != "group"}
    return {"after": last, "country": country, "facet": facet, "facets": facets, "names": names, "locale": reader.tag}


def _fits(change: Shape, country: str | None, facet: str | None) -> bool:
    return country in (None, change["source"], change["target"]) and facet in (None, change["facet"])


def _events(changes: Iterable[Shape]) -> dict[str, Shape]:
    """The events behind changes, by id, each with its most confident mention; of the first few only."""
    wanted = dict.fromkeys(change["event"] for change in changes if change["event"])
    found = {}
    for id in list(wanted)[:_QUOTED]:
        # An event that was retracted since has no quote to show.
        with suppress(ServiceError, RelationsError):
            event = system().events.event(id)
            found[id] = event_shape(event, vocabulary(), event.mentions[:1])
    return found
