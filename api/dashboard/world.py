"""The world: one facet as a map and a table, of one country's relations or of everyone's, on any day."""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Response
from marshmallow import Schema, fields, validate

from api.dashboard.pages import current_reader, is_embedded, page, parameters, rendered
from api.dashboard.trial import SAMPLES, sample
from api.dashboard.wording import wording
from api.http.context import system
from entente.relations.states import Interval
from schemas.changes import change_shape
from schemas.fields import Day, Text
from schemas.maps import map_interval_shape

#: What the map shows if the reader chooses nothing: where there is fighting.
DEFAULT_FACET = "conflict"

#: Name, beside those of facets, under which the map shows the score. It needs a country.
SCORE = "score"

#: What counts on the day that the map shows: all that is known now, or what was known by that very day. The latter
#: are parameters of the API with that meaning, and need a country.
NOW = "now"
CLOCKS = (NOW, "published_by", "known_at")

#: An install with fewer changes is a fresh one: its reader is told what to do next.
FEW_CHANGES = 10

_ATLAS = Path(__file__).with_name("contested.toml")


class WorldSchema(Schema):
    """The facet, the country whose relations are wanted, which way, day and clock, and how contested land is drawn."""

    country = Text(high=80)
    facet = Text(high=80)
    way = fields.String(load_default="to", validate=validate.OneOf(["to", "from"]))
    as_of = Day()
    clock = fields.String(load_default=NOW, validate=validate.OneOf(CLOCKS))
    claims = fields.String(load_default="held", validate=validate.OneOf(["held", "claimed"]))


@page("/", embeds=True)
def world() -> Response:
    """Show one facet for every country."""
    asked = parameters(WorldSchema())
    country = system().lookups.country(asked["country"]).key if "country" in asked else None
    facet = asked.get("facet", DEFAULT_FACET)
    today = system().clock.now().date()
    day = min(asked.get("as_of", today), today)
    reader, words = current_reader(), wording()
    name = reader.name(country) if country else None
    known = {} if asked["clock"] == NOW else {asked["clock"]: day}
    told = None if facet == SCORE else system().codebook.facet(facet)
    since = None
    if country is None and (told is None or known):
        rows = []
        head = "Choose a country to see " + ("what was known of it" if told else "scores")
    elif told is None:
        rows = _scores(country, asked["way"], day, known)
        head = f"How {name} and others act towards each other"
    else:
        found = system().maps.facet(facet, country, **known, on=day)
        rows = rows_of(found.intervals, country, asked["way"], day)
        head = words.head(facet, asked["way"], name)
        since = found.begins
    values = list(told.values) if told else []
    return rendered(
        "world.html",
        country=country,
        facet=facet,
        way=asked["way"],
        clock=asked["clock"],
        known=known,
        drawable=country is not None or (told is not None and not known),
        claims=asked["claims"],
        day=day,
        head=head,
        rows=sorted(rows, key=lambda row: reader.name(row["key"]).casefold()),
        facets=list(system().codebook.facets),
        values=values,
        countries=sorted(_countries(), key=lambda key: reader.name(key).casefold()),
        contested=contested(),
        config={
            **_config(facet, country, asked, day, since, values),
            # Enough to draw the first view, before the intervals of every day have come.
            "intervals": [map_interval_shape(interval) for row in rows for interval in row["values"]],
        },
        first=None if is_embedded() else first_steps(),
    )


def rows_of(intervals: Iterable[Interval], country: str | None, way: str, day: date) -> list[dict[str, Any]]:
    """A row for every entity with a value on that day: its values, each with the partner that it is about."""
    rows: dict[str, dict[str, Any]] = {}
    for interval in intervals:
        if not interval.holds_on(day):
            continue
        if country is not None:
            own = interval.target if way == "to" else interval.source
            if own != country:
                continue
            keys = [interval.source if way == "to" else interval.target]
        else:
            keys = [interval.source]
        for key in keys:
            rows.setdefault(key, {"key": key, "values": []})["values"].append(interval)
    for row in rows.values():
        row["values"].sort(key=lambda i: (wording().tone(i.facet, i.value), i.item, i.starts_on))
    return list(rows.values())


def _scores(country: str | None, way: str, day: date, known: Mapping[str, date]) -> list[dict[str, Any]]:
    if country is None:
        return []
    _, _, stances = system().relation_lists.stances(country, day, **known)
    records = [(stance.partner, stance.theirs if way == "to" else stance.own) for stance in stances]
    return [{"key": key, "record": record, "values": []} for key, record in records]


def contested() -> list[dict[str, Any]]:
    """Contested entities: who holds and who claims them, and where those without a shape have their seat."""
    known = _atlas()["entity"]
    found = sorted((e for e in system().entities if e.kind == "contested"), key=lambda entity: entity.key)
    return [{"key": e.key, "claimed_by": e.claimed_by, "held": "", "seat": None, **known.get(e.key, {})} for e in found]


def first_steps() -> dict[str, Any] | None:
    """What a reader of a fresh install needs: what changed so far, and a sample to try. None once it is in use."""
    recorded = system().lookups.changes(0, FEW_CHANGES)
    if len(recorded) == FEW_CHANGES:
        return None
    changes = [shape for one in recorded if (shape := change_shape(one))["kind"] == "facet"]
    return {"changes": changes, "baseline": system().settings.baseline, "sample": sample(SAMPLES[0])}


def _countries() -> list[str]:
    return [entity.key for entity in system().entities if entity.is_country]


def _config(
    facet: str, country: str | None, asked: Mapping[str, Any], day: date, since: date | None, values: Sequence[str]
) -> dict[str, Any]:
    """What the page's script needs: words, names, and where the atlas differs."""
    reader, words = current_reader(), wording()
    today = system().clock.now().date()
    told = words.facet(facet)
    return {
        "facet": facet,
        "country": country,
        "way": asked["way"],
        "clock": asked["clock"],
        "embedded": is_embedded(),
        "claims": asked["claims"],
        "day": day.isoformat(),
        "today": today.isoformat(),
        "first": (since or date(today.year - 10, 1, 1)).isoformat(),
        "title": told.title,
        "values": {value: {"short": told.value(value).short, "tone": told.value(value).tone} for value in values},
        "names": {entity.key: reader.name(entity.key) for entity in system().entities if entity.kind != "group"},
        "contested": {one["key"]: one for one in contested()},
        "shapes": _atlas()["shape"],
        "locale": reader.tag,
        "labels": {name: said.tone for name, said in words.labels.items()},
    }


@lru_cache(maxsize=1)
def _atlas() -> dict[str, Any]:
    return tomllib.loads(_ATLAS.read_text(encoding="utf-8"))
