"""The page of a pair: how two countries stand with each other, since when, and why."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from flask import Response, redirect, request

from api.dashboard.pages import current_reader, local_path, page, parameters, rendered
from api.dashboard.timeline import Axis, start_of, timeline
from api.dashboard.wording import wording
from api.http.context import system, vocabulary
from entente.relations.dyads import Dyad
from entente.services.ports.events import EventQuery
from entente.services.reading.relations import pair
from schemas.events import event_shape
from schemas.fields import Day
from schemas.history import history_shape
from schemas.reasons import diff_shape, why_shape
from schemas.relations import ReadClocksSchema
from schemas.series import series_shape
from schemas.vocabulary import Shape

#: Events listed, newest first.
EVENTS_LISTED = 60

#: Statements of the line at the head of the page, after the label.
_FACTS = 3

#: Most months of a score's series; a longer one is by year.
_MONTHS = 132

_WAYS = ("forth", "back")

#: A statement, since when it holds, and where that date is from.
Fact = tuple[str, str | None, str]


class PairSchema(ReadClocksSchema):
    """The clocks, the day to compare with, and the first day of the timeline."""

    compare = Day()
    since = Day()


@page("/relations/<source>/<target>", embeds=True)
def pair_page(source: str, target: str) -> Response:
    """Show both directions of a pair."""
    keys = pair(system().entities, source, target)
    if keys != (source, target):
        return redirect(local_path(f"/relations/{keys[0]}/{keys[1]}"))  # type: ignore[return-value]  # werkzeug's Response
    asked = parameters(PairSchema())
    compare, since = asked.pop("compare", None), asked.pop("since", None)
    ways = dict(zip(_WAYS, (keys, keys[::-1]), strict=True))
    records = {way: json.loads(system().relations.rendered(*ends, **asked).body) for way, ends in ways.items()}
    reasons = {way: why_shape(system().relations.why(*ends, **asked), vocabulary()) for way, ends in ways.items()}
    as_of = date.fromisoformat(records["forth"]["as_of"])
    events = list(_events(keys, as_of))
    told = {mention["article"] for event in events for mention in event["mentions"]}
    articles = {
        **system().lookups.articles(told),
        **{article["id"]: article for way in _WAYS for article in reasons[way]["articles"]},
    }
    shared = [name for name, facet in system().codebook.facets.items() if facet.shared]
    return rendered(
        "pair.html",
        a=keys[0],
        b=keys[1],
        asked={name: request.args.get(name) for name in ("as_of", "known_at", "published_by", "compare", "since")},
        as_of=as_of,
        records=records,
        line=head_line(keys, reasons),
        rows=_rows(reasons, shared),
        shared=shared,
        ended=_rows({way: {"holding": reasons[way]["ended"]} for way in _WAYS}, shared),
        unknown=[name for name in reasons["forth"]["unknown"] if name in reasons["back"]["unknown"]],
        reasons=reasons,
        articles=articles,
        events=events,
        timeline=_timeline(ways, asked, as_of, events, shared, since),
        compared=_compared(ways, compare, as_of, asked, shared) if compare else None,
    )


def head_line(keys: tuple[str, str], reasons: Mapping[str, Shape]) -> list[Fact]:
    """How a pair stands: the labels, then the facts that matter most."""
    reader, words = current_reader(), wording()
    a, b = (reader.name(key) for key in keys)
    labels = {way: reasons[way]["label"] for way in _WAYS}
    told = {labels[way] for way in _WAYS} - {"unknown"}
    held = {
        way: [r for r in reasons[way]["holding"] if r["status"] in ("effective", "reported", "disputed")]
        for way in _WAYS
    }
    by_label = {rule.label: rule.facet for rule in system().codebook.labels if rule.facet}
    # A label of one direction alone is not said of both: its facet says it of the right one.
    agreed = labels["forth"] if labels["forth"] == labels["back"] else None
    named = by_label.get(agreed) if agreed else None
    begun = [
        (reason["valid_from"], reason["dated_by"]) for way in _WAYS for reason in held[way] if reason["facet"] == named
    ]
    facts: list[Fact] = []
    for facet in words.lead:
        if facet == named:
            # The label says so already.
            continue
        for way in _WAYS:
            one, other = (a, b) if way == "forth" else (b, a)
            found = [reason for reason in held[way] if reason["facet"] == facet]
            # One measure stands for all: the table has the others.
            for reason in found[:1]:
                fact = words.sentence(facet, reason["item"], reason["value"], one, other)
                facts.append((fact, reason["valid_from"], reason["dated_by"]))
    unique = list({fact[0].casefold(): fact for fact in reversed(_both_once(facts, a, b))}.values())[::-1]
    if not told:
        line = "" if facts else f"{a} and {b} have nothing on record"
    elif agreed:
        line = f"{a} and {b} {words.labels[agreed].says}" if agreed in words.labels else f"{a} and {b}: {agreed}"
    else:
        sides = {"forth": f"{a} towards {b}", "back": f"{b} towards {a}"}
        line = "; ".join(
            f"{sides[way]}: {labels[way]}" for way in _WAYS if labels[way] != "unknown" and labels[way] not in by_label
        )
    lead: list[Fact] = [(line, *(begun[0] if begun else (None, "none")))] if line else []
    return lead + [fact for fact in unique if fact[0] != line][:_FACTS]


def _both_once(facts: Sequence[Fact], a: str, b: str) -> list[Fact]:
    """The facts, without those said of `b` and `a` that were said of `a` and `b`."""
    said = {fact[0] for fact in facts}
    both = f"{a} and {b}"
    return [
        fact for fact in facts if both in fact[0] or fact[0].replace(f"{b} and {a}", both) == fact[0]
        or fact[0].replace(f"{b} and {a}", both) not in said
    ]  # fmt: skip


def _rows(reasons: Mapping[str, Shape], shared: Sequence[str]) -> list[dict[str, Any]]:
    """A row a facet and item: the reasons of each direction; a shared facet has those of one."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for way in _WAYS:
        told = [*reasons[way]["holding"], *reasons[way].get("unconfirmed", ())]
        for reason in told:
            row = found.setdefault(
                (reason["facet"], reason["item"]),
                {
                    "facet": reason["facet"],
                    "item": reason["item"],
                    "shared": reason["facet"] in shared,
                    "forth": [],
                    "back": [],
                },
            )
            if reason not in row[way] and not (row["shared"] and way == "back" and row["forth"]):
                row[way].append(reason)
    order = list(system().codebook.facets)
    return [found[key] for key in sorted(found, key=lambda k: (order.index(k[0]) if k[0] in order else 99, k[1]))]


def _events(keys: tuple[str, str], as_of: date) -> Iterator[Shape]:
    """The latest events of the pair, each with the direction it is of and one mention."""
    query = EventQuery(dyad=Dyad.of(*keys), starts_to=as_of)
    for event in system().events.page(query, None, EVENTS_LISTED).items:
        way = "forth" if event.source.partition(":")[0] == keys[0] else "back"
        yield {**event_shape(event, vocabulary(), event.mentions[:1]), "way": way}


def _timeline(
    ways: Mapping[str, tuple[str, str]],
    asked: Mapping[str, Any],
    as_of: date,
    events: Sequence[Shape],
    shared: Sequence[str],
    since: date | None,
) -> Any:
    relations = system().relations
    histories = {way: relations.history(*ends, **asked) for way, ends in ways.items()}
    begun = [i.starts_on for found in histories.values() for i in found.intervals]
    axis = Axis(start_of([*begun, *(date.fromisoformat(e["known_by"]) for e in events)], as_of, since), as_of)
    intervals = {
        way: history_shape(found, found.intervals, vocabulary())["intervals"] for way, found in histories.items()
    }
    months = (as_of.year - axis.first.year) * 12 + as_of.month - axis.first.month
    length = "month" if months <= _MONTHS else "year"
    series = {
        way: series_shape(relations.series(*ends, length, axis.first, **asked), vocabulary())["series"]
        for way, ends in ways.items()
    }
    if not events:
        return None if not begun else timeline(axis, intervals, {}, events, shared)
    return timeline(axis, intervals, series, events, shared)


def _compared(
    ways: Mapping[str, tuple[str, str]], first: date, last: date, asked: Mapping[str, Any], shared: Sequence[str]
) -> dict[str, Any]:
    """Two days, in either order: the line of each, and by direction what differs; a shared facet in one of them."""
    days = sorted((first, last))
    known = {name: asked[name] for name in ("known_at", "published_by") if name in asked}
    relations = system().relations
    lines = []
    for day in days:
        told = {way: why_shape(relations.why(*ends, as_of=day, **known), vocabulary()) for way, ends in ways.items()}
        lines.append((day, head_line(ways["forth"], told)))
    found = {way: diff_shape(relations.diff(*ends, *days, **known), vocabulary()) for way, ends in ways.items()}
    found["back"]["facets"] = [change for change in found["back"]["facets"] if change["facet"] not in shared]
    return {"lines": lines, "ways": found}
