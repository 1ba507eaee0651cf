"""Render imported data as lines for a terminal."""

from collections.abc import Iterable

from entente.cli.terminal import printable
from entente.services.reading.imports import DataSetSeries, Imported


def imported_lines(both: Iterable[Imported]) -> list[str]:
    """One line for each data set and direction, and one for the latest of each score of the pair."""
    told = list(both)
    lines = [_line(found, series) for found in told for series in found.series]
    latest = {(origin, score.name): score for found in told[:1] for origin, score in found.scores}
    for (origin, name), score in latest.items():
        lines.append(f"  {f'{score.source} – {score.target}':<14} {origin}: {name} {score.value:g} in {score.year}")
    return list(map(printable, lines))


def _line(found: Imported, series: DataSetSeries) -> str:
    n = sum(bucket.n_events for bucket in series.buckets)
    reports = sum(bucket.n_reports for bucket in series.buckets)
    deaths = sum(bucket.deaths for bucket in series.buckets)
    score = series.buckets[-1].score
    rated = f"; score {score.net:+g} of ±10 on {series.scale}" if score else ""
    counted = f"; {deaths:,} deaths" if deaths else ""
    since = series.buckets[0].first.year
    pair = f"{found.source} → {found.target}"
    return f"  {pair:<14} {series.title}: {n:,} events since {since}, {reports:,} reports{counted}{rated}"
