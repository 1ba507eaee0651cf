"""Search: countries, pairs, an event or article by its id, and words of quotes."""

import re
from contextlib import suppress
from uuid import UUID

from flask import Response, redirect
from marshmallow import Schema

from api.dashboard.pages import page, parameters, rendered
from api.dashboard.reader import known
from api.http.context import system, vocabulary
from entente.relations.errors import RelationsError
from entente.services.errors import ServiceError
from entente.services.ports.articles import ArticleQuery
from entente.services.ports.events import EventQuery
from entente.services.reading.articles import ArticleFilter
from schemas.events import event_shape
from schemas.fields import Text

#: Quotes and countries that are shown.
_QUOTES, _COUNTRIES = 30, 12

#: What may stand between the two names of a pair.
_BETWEEN = re.compile(r"\s+(?:and|vs\.?|versus|with)\s+|\s*(?:→|->|–|—|/|,|&|\+)\s*", re.IGNORECASE)


class SearchSchema(Schema):
    """The words looked for."""

    q = Text(high=200)


@page("/search")
def search() -> Response:
    """Find what the reader means."""
    wanted = parameters(SearchSchema()).get("q", "")
    with suppress(ValueError):
        return redirect(f"/articles/{UUID(wanted)}")  # type: ignore[return-value]  # werkzeug's Response
    with suppress(RelationsError, ServiceError):
        if wanted.count(".") == 4:
            return redirect(f"/events/{system().events.event(wanted).id}")  # type: ignore[return-value]
    pair = pair_of(wanted)
    if pair:
        return redirect(f"/relations/{pair[0]}/{pair[1]}")  # type: ignore[return-value]
    titled = system().articles.page(ArticleFilter(ArticleQuery(words=wanted)), None, _QUOTES).items if wanted else []
    quotes = system().events.page(EventQuery(words=wanted), None, _QUOTES).items if wanted else []
    return rendered(
        "search.html",
        found_for=wanted,
        countries=countries_of(wanted),
        articles=titled,
        events=[event_shape(event, vocabulary(), event.mentions[:1]) for event in quotes],
    )


def pair_of(text: str) -> tuple[str, str] | None:
    """The keys of two countries that a text names: "Serbia and Kosovo", "SRB/XKX", "serbia kosovo"."""
    entities = system().entities
    if known(entities, text):
        # "Bosnia and Herzegovina" is one country.
        return None
    words = text.split()
    cuts = [(text[: at.start()], text[at.end() :]) for at in _BETWEEN.finditer(text)]
    cuts += [(" ".join(words[:n]), " ".join(words[n:])) for n in range(1, len(words))]
    for one, other in cuts[:20]:
        a, b = known(entities, one) if one else None, known(entities, other) if other else None
        if a and b and a != b:
            return a, b
    return None


def countries_of(text: str) -> list[str]:
    """Keys of the entities that a text names or resembles, the one that it names first."""
    if not text:
        return []
    entities = system().entities
    exact = known(entities, text)
    near = [key for key, _ in (*entities.called(text), *entities.nearest(text))]
    folded = text.casefold()
    within = [e.key for e in entities if folded in e.name.casefold()] if len(text) > 2 else []
    return list(dict.fromkeys([*([exact] if exact else []), *near, *within]))[:_COUNTRIES]
