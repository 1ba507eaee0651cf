"""The questions of the tools, each answered by reads of the API and by nothing else."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Literal, cast
from urllib.parse import urlencode

from entente.client import Clocks, Entente, RelationFilters
from entente.client.api import Instant
from entente.client.shapes import Diff, Moved, Reason, Relation, Why
from entente.mcp_server.answers import (
    Changed,
    ChangedDirection,
    ChangedValue,
    Direction,
    Explanation,
    Partner,
    Partners,
    Reported,
    Standing,
    Trial,
    WouldChange,
)
from entente.mcp_server.quoting import Quoting, named, period

#: Relations by the verb that people use, and the filters of the list of relations that find them.
VERBS = {
    "recognises": ("recognition:recognised",),
    # Eased sanctions are in force in part.
    "sanctions": ("sanctions:in_force", "sanctions:partially_eased"),
    # News tells of the signature of an alliance, and seldom of its entry into force.
    "is allied with": ("alliance:in_force", "alliance:signed"),
    "is at war with": ("conflict:war",),
    "has an embassy in": ("mission:embassy",),
    "gives aid to": ("aid:active",),
}

#: Statuses of values that are not held.
_NOT_HELD = ("pending", "threatened", "unconfirmed")
#: Quotes of each value where one facet is asked about, and where many values are shown.
_ALL_QUOTES, _FEW_QUOTES = 10, 2
#: Periods shown of one facet.
_PERIODS = 50
#: Directions shown of the changes of one country, and events of a pair.
_DIRECTIONS, _EVENTS = 10, 5


@dataclass(frozen=True, slots=True)
class Questions:
    """Answers from one Entente."""

    entente: Entente

    def stand(self, a: str, b: str, clocks: Clocks) -> Standing:
        """How two countries stand with each other."""
        forth, back = self.entente.why(a, b, **clocks), self.entente.why(b, a, **clocks)
        return Standing(
            forth["as_of"],
            forth["known_at"],
            forth.get("published_by"),
            [self._direction(forth), self._direction(back)],
        )

    def explain(self, source: str, target: str, facet: str, clocks: Clocks) -> Explanation:
        """Since when a facet has its value, and who says so."""
        why = self.entente.why(source, target, facet, **clocks)
        periods = sorted(
            (period(interval) for interval in self.entente.history(source, target, facet, **clocks)),
            key=lambda one: one.since or one.known_by,
        )
        quoting = Quoting(self.entente, why["articles"])
        return Explanation(
            named(why["source"]),
            named(why["target"]),
            facet,
            why["as_of"],
            why["known_at"],
            why.get("published_by"),
            [quoting.value(reason, _ALL_QUOTES) for reason in why["holding"]],
            [quoting.value(reason, _ALL_QUOTES) for reason in why["ended"]],
            [quoting.value(reason, _ALL_QUOTES) for reason in why.get("unconfirmed", [])],
            periods[-_PERIODS:],
            len(periods),
            self._link(why, "/why", facet=facet),
        )

    def partners(
        self,
        relation: str,
        country: str,
        side: Literal["towards", "by"],
        limit: int,
        clocks: Clocks,
    ) -> Partners:
        """Who does something towards a country, or towards whom the country does it."""
        wanted = VERBS.get(relation, (relation,))
        entity = self.entente.country(country)
        end: Literal["source", "target"] = "target" if side == "towards" else "source"
        filters = RelationFilters()
        filters.update(cast("RelationFilters", clocks))
        filters[end] = entity["key"]
        found: dict[tuple[str, str], Relation] = {}
        for facet in wanted:
            filters["facet"] = facet
            for record in islice(self.entente.relations(**filters), limit + 1):
                found.setdefault((record["source"]["key"], record["target"]["key"]), record)
        shown = list(found.values())[:limit]
        return Partners(
            f"{' or '.join(wanted)} {side} {entity['english_name']} ({entity['key']})",
            _text(clocks.get("as_of")),
            _text(clocks.get("known_at")),
            _text(clocks.get("published_by")),
            [self._partner(record, side, wanted, clocks) for record in shown],
            len(found) <= limit,
            [
                f"{self.entente.url}v1/relations{_query({end: entity['key'], 'facet': facet, **clocks})}"
                for facet in wanted
            ],
        )

    def changed_between(self, a: str, b: str, since: str, clocks: Clocks) -> Changed:
        """What changed between two countries, in both directions, up to the day of `as_of`."""
        diffs = [self._diff(*pair, since, clocks) for pair in ((a, b), (b, a))]
        shown = [self._changed(diff, _EVENTS) for diff in diffs]
        first = diffs[0]
        return Changed(first["from"], first["to"], first["known_at"], first.get("published_by"), shown, 0)

    def changed_for(self, country: str, since: str, clocks: Clocks) -> Changed:
        """What changed between a country and all others up to the day of `as_of`, the latest changes first."""
        stances = self.entente.stances(country, **clocks)
        key = stances["country"]["key"]
        moved: list[tuple[str, str, str]] = []
        for stance in stances["relations"]:
            partner = stance["country"]["key"]
            for summary, pair in ((stance["own"], (key, partner)), (stance["theirs"], (partner, key))):
                if summary["last_change"] and summary["last_change"] > since:
                    moved.append((summary["last_change"], *pair))
        moved.sort(key=lambda entry: entry[0], reverse=True)
        diffs = [self._diff(source, target, since, clocks) for _, source, target in moved[:_DIRECTIONS]]
        shown = [self._changed(diff, 0) for diff in diffs]
        left_out = max(len(moved) - _DIRECTIONS, 0)
        published_by = stances.get("published_by")
        return Changed(since, stances["as_of"], stances["known_at"], published_by, shown, left_out)

    def code(self, text: str, title: str | None, published_at: str | None) -> Trial:
        """What a text reports, without storing it."""
        outcome = self.entente.code(text, title=title, published_at=published_at)
        reported = [
            Reported(
                named(event["source"]),
                named(event["target"]),
                event["act"],
                event["status"],
                event["date"],
                event.get("dated_by", "text"),
                f"CAMEO {event['cameo']}, PLOVER {event['root']}",
                event["confidence"],
                event["quote"]["text"],
                f"{self.entente.url}v1/relations/{event['source']['key']}/{event['target']['key']}",
            )
            for event in outcome["come"]
        ]
        return Trial(outcome["reason"], reported, [_would_change(change) for change in outcome["changes"]])

    def _direction(self, why: Why) -> Direction:
        quoting = Quoting(self.entente, why["articles"])
        return Direction(
            named(why["source"]),
            named(why["target"]),
            why["label"],
            why["score"]["net"],
            [quoting.value(reason, _FEW_QUOTES) for reason in why["holding"]],
            [quoting.value(reason, _FEW_QUOTES) for reason in why["ended"]],
            [quoting.value(reason, _FEW_QUOTES) for reason in why.get("unconfirmed", [])],
            why["unknown"],
            self._link(why),
        )

    def _partner(self, record: Relation, side: str, wanted: Sequence[str], clocks: Clocks) -> Partner:
        facet = wanted[0].partition(":")[0]
        values = [filtered.partition(":")[2] for filtered in wanted]
        why = self.entente.why(record["source"]["key"], record["target"]["key"], facet, **clocks)
        quoting = Quoting(self.entente, why["articles"])
        reasons = [reason for reason in (*why["holding"], *why.get("unconfirmed", [])) if _passes(reason, values)]
        other = record["source"] if side == "towards" else record["target"]
        return Partner(named(other), [quoting.value(reason, _FEW_QUOTES) for reason in reasons], self._link(record))

    def _diff(self, source: str, target: str, since: str, clocks: Clocks) -> Diff:
        bounds = {"known_at": clocks.get("known_at"), "published_by": clocks.get("published_by")}
        return self.entente.diff(source, target, since, clocks.get("as_of"), **bounds)

    def _changed(self, diff: Diff, n_events: int) -> ChangedDirection:
        events = [self.entente.event(event["id"]) for event in diff["events"][-n_events:]] if n_events else []
        return ChangedDirection(
            named(diff["source"]),
            named(diff["target"]),
            diff["before"]["label"],
            diff["after"]["label"],
            diff["before"]["score"]["net"],
            diff["after"]["score"]["net"],
            list(self._differences(diff)),
            diff["n_events"],
            [Quoting(self.entente).happening(event, _FEW_QUOTES) for event in reversed(events)],
            self._link(diff, "/diff", **{"from": diff["from"], "to": diff["to"]}),
        )

    def _differences(self, diff: Diff) -> Iterator[ChangedValue]:
        if not diff["facets"]:
            return
        clocks = Clocks(as_of=diff["to"], known_at=diff["known_at"], published_by=diff.get("published_by"))
        why = self.entente.why(diff["source"]["key"], diff["target"]["key"], **clocks)
        quoting = Quoting(self.entente, why["articles"])
        for difference in diff["facets"]:
            track = (difference["facet"], difference["item"], _standing(difference["status"]))
            because = [
                reason
                for reason in (*why["holding"], *why.get("unconfirmed", []), *why["ended"])
                if (reason["facet"], reason["item"], _standing(reason["status"])) == track
            ]
            yield ChangedValue(
                difference["facet"],
                difference["item"],
                difference["status"],
                difference["before"],
                difference["after"],
                quoting.value(because[0], _FEW_QUOTES) if because else None,
            )

    def _link(self, of: Why | Relation | Diff, view: str = "", **query: str) -> str:
        """The address of a relation, or of a view of it, with the clocks of the answer."""
        clocks = {name: of.get(name) for name in ("as_of", "known_at", "published_by")}
        path = f"v1/relations/{of['source']['key']}/{of['target']['key']}{view}"
        return self.entente.url + path + _query({**query, **clocks})


def _standing(status: str) -> str:
    """Whether a value is held, or what it is instead: pending, threatened or unconfirmed."""
    return status if status in _NOT_HELD else "held"


def _query(parameters: Mapping[str, object]) -> str:
    given = {name: value for name, value in parameters.items() if value is not None}
    return f"?{urlencode(given, safe=':')}" if given else ""


def _text(clock: Instant | None) -> str | None:
    return None if clock is None else str(clock)


def _passes(reason: Reason, values: Sequence[str]) -> bool:
    """Whether a value passes filters of the list of relations, by what these have after the facet.

    A status passes as it is named; a value, or any value where none is named (""), only if it is held.
    """
    held = _standing(reason["status"]) == "held"
    return reason["status"] in values or (held and ("" in values or reason["value"] in values))


def _would_change(change: Moved) -> WouldChange:
    return WouldChange(
        change["source"] or "",
        change["target"] or "",
        change["facet"] or "",
        change["item"],
        change["status"],
        change["before"],
        change["after"],
        change["effective_on"],
        change.get("dated_by"),
    )
