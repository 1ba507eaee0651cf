"""One relation over time: its history, its series, the reasons for its values, and the diff of two days."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from flask import Response, request

from api.http import paging
from api.http.answers import ETAG, PAGED, page, validated
from api.http.blueprint import Blueprint
from api.http.context import system, vocabulary
from api.http.table_streams import STREAMED, stream, wanted_format
from api.resources.relations import PAIR, keys, located
from entente.relations.states import Interval
from entente.services.reading.paging import page_of
from entente.services.reading.state_tables import StateQuery
from schemas.history import HistoryFilterSchema, HistorySchema, history_shape
from schemas.imported import ImportedFilterSchema, ImportedSchema, imported_shape
from schemas.reasons import DiffFilterSchema, DiffSchema, WhyFilterSchema, WhySchema, diff_shape, why_shape
from schemas.series import SERIES, SeriesFilterSchema, SeriesSchema, series_rows, series_shape
from schemas.state_tables import STATES, state_batches
from schemas.table_columns import Batch, batches
from schemas.vocabulary import path, spelt

blp = Blueprint("relation views", "One relation over time, with reasons", "/v1/relations/<source>/<target>")


@blp.route("/history", methods=["GET"], parameters=PAIR)
@blp.query(HistoryFilterSchema)
@blp.describes(responses=STREAMED)
@blp.answers(200, HistorySchema, headers=PAGED)
@blp.not_modified()
@blp.fails(404, 406, 409, 422, 503)
def history(asked: dict[str, Any], source: str, target: str) -> Response:
    """List the intervals of every facet, or of one, with value, start, end, rule and events.

    JSON comes in pages; the other formats stream all of them, with the columns of `/v1/states`.
    """
    form = wanted_format(request, asked.pop("format", None))
    here = path("relations", *keys(source, target), "history")
    if form != "json":
        return stream(form, STATES, _history_batches(asked, *keys(source, target)), "history")
    cursor, limit = asked.pop("cursor", None), asked.pop("limit")
    filters = spelt({**asked, "limit": limit})
    start = paging.decode(cursor, here, filters, (str, str, str, date.fromisoformat)) if cursor else None
    found = system().relations.history(source, target, **asked)
    intervals = sorted(found.intervals, key=_position)
    if start and start.backwards:
        intervals = [interval for interval in reversed(intervals) if _position(interval) < start.position]
    elif start:
        intervals = [interval for interval in intervals if _position(interval) > start.position]
    backwards = bool(start and start.backwards)
    shown = page_of(intervals, limit, start.position if start else None, backwards, _position)
    return page(history_shape(found, shown.items, vocabulary()), paging.neighbours(here, shown, filters))


@blp.route("/series", methods=["GET"], parameters=PAIR)
@blp.query(SeriesFilterSchema)
@blp.describes(responses=STREAMED)
@blp.answers(200, SeriesSchema, headers=ETAG)
@blp.not_modified()
@blp.fails(404, 406, 409, 422, 503)
def series(asked: dict[str, Any], source: str, target: str) -> Response:
    """Count events by day, week, month or year.

    Each bucket has counts by quad class, the mean intensity, and the score as of its last day.
    """
    form = wanted_format(request, asked.pop("format", None))
    location = located(path("relations", *keys(source, target), "series"), asked)
    found = system().relations.series(source, target, first=asked.pop("from_", None), **asked)
    if form != "json":
        return stream(form, SERIES, batches(SERIES, series_rows(found)), "series")
    return validated(series_shape(found, vocabulary()), location)


@blp.route("/imported", methods=["GET"], parameters=PAIR)
@blp.query(ImportedFilterSchema)
@blp.answers(200, ImportedSchema, headers=ETAG)
@blp.not_modified()
@blp.fails(404, 409, 422, 503)
def imported(asked: dict[str, Any], source: str, target: str) -> Response:
    """Show series and scores of imported data sets, each on its own scale.

    They stand beside what articles and documents say, and move no facet.
    """
    location = located(path("relations", *keys(source, target), "imported"), asked)
    found = system().import_reads.of(source, target, first=asked.pop("from_", None), **asked)
    return validated(imported_shape(found, vocabulary()), location)


@blp.route("/why", methods=["GET"], parameters=PAIR)
@blp.query(WhyFilterSchema)
@blp.answers(200, WhySchema, headers=ETAG)
@blp.not_modified()
@blp.fails(404, 409, 422, 503)
def why(asked: dict[str, Any], source: str, target: str) -> Response:
    """Explain the value of every facet, or of one, by its rule, events and quotes."""
    location = located(path("relations", *keys(source, target), "why"), asked)
    return validated(why_shape(system().relations.why(source, target, **asked), vocabulary()), location)


@blp.route("/diff", methods=["GET"], parameters=PAIR)
@blp.query(DiffFilterSchema)
@blp.answers(200, DiffSchema, headers=ETAG)
@blp.not_modified()
@blp.fails(404, 409, 422, 503)
def diff(asked: dict[str, Any], source: str, target: str) -> Response:
    """Compare a relation on two days.

    Shows the facets that differ, the label and score on each day, and the events in between.
    """
    location = located(path("relations", *keys(source, target), "diff"), asked)
    first, last = asked["from_"], asked.get("to")
    found = system().relations.diff(source, target, first, last, asked.get("known_at"), asked.get("published_by"))
    return validated(diff_shape(found, vocabulary()), location)


def _history_batches(asked: dict[str, Any], source: str, target: str) -> Iterator[Batch]:
    names = ("facet", "as_of", "known_at", "published_by", "unconfirmed")
    query = StateQuery(source, target, **{name: asked[name] for name in names if name in asked})
    return state_batches(system().states.tables(query), vocabulary())


def _position(interval: Interval) -> tuple[str, ...]:
    """Sort key of a history; no two intervals of one direction share it."""
    return (interval.facet, interval.item, interval.standing, interval.starts_on.isoformat())
