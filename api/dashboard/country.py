"""The page of a country: how it stands with every partner, and what it did last."""

from typing import Any

from flask import Response, redirect, request

from api.dashboard.pages import current_reader, local_path, page, parameters, rendered
from api.http.context import system, vocabulary
from entente.services.ports.events import EventQuery
from schemas.events import event_shape
from schemas.relation_lists import stances_shape
from schemas.relations import ReadClocksSchema
from schemas.vocabulary import Shape

#: Events listed of each side.
_EVENTS = 15


@page("/countries/<code>", embeds=True)
def country_page(code: str) -> Response:
    """Show a country, its partners and its latest events."""
    entity = system().lookups.country(code)
    if entity.key != code:
        return redirect(local_path(f"/countries/{entity.key}"))  # type: ignore[return-value]  # werkzeug's Response
    asked = parameters(ReadClocksSchema())
    key, clocks, stances = system().relation_lists.stances(entity.key, **asked)
    partners = stances_shape(key, clocks, stances, vocabulary())["relations"]
    reader = current_reader()
    return rendered(
        "country.html",
        entity=entity,
        asked={name: request.args.get(name) for name in ("as_of", "known_at", "published_by")},
        day=clocks.as_of,
        partners=sorted(partners, key=lambda one: reader.name(one["country"]["key"]).casefold()),
        is_set={name for name, facet in system().codebook.facets.items() if facet.is_set},
        done=_events(EventQuery(source=key, starts_to=clocks.as_of)),
        met=_events(EventQuery(target=key, starts_to=clocks.as_of)),
    )


def _events(query: EventQuery) -> list[Shape]:
    found: list[Any] = list(system().events.page(query, None, _EVENTS).items)
    return [event_shape(event, vocabulary(), event.mentions[:1]) for event in found]
