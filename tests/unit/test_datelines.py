"""The day of publication that a text's dateline gives in full."""

from datetime import date

import pytest

from entente.coding.dates.datelines import day_in_full

TODAY = date(2026, 11, 30)


@pytest.mark.parametrize(
    ("head", "day"),
    [
        ("OSLO, May 28, 2024 (Reuters) - ", "2024-05-28"),
        ("OSLO, 28 May 2024 (NTB) -- ", "2024-05-28"),
        ("Oslo, 28 May 2024 – ", "2024-05-28"),
        ("Seoul, Oct. 5, 2023 (Yonhap) -- ", "2023-10-05"),
        ("WASHINGTON, D.C., January 3, 2025 – ", "2025-01-03"),
        ("MOSCOW/KYIV, Sept 3, 2024 — ", "2024-09-03"),
        ("BEIJING, May 28, 2024 /PRNewswire/ -- ", "2024-05-28"),
        ("BRUSSELS (Belgium), 2024-05-28 — ", "2024-05-28"),
        ("Norway and Palestine\n\nOSLO, May 28, 2024 - ", "2024-05-28"),
    ],
)
def test_a_dateline_with_a_full_date_gives_the_day(head: str, day: str) -> None:
    assert day_in_full(f"{head}Norway recognised Palestine.", TODAY) == date.fromisoformat(day)


@pytest.mark.parametrize(
    "text",
    [
        "OSLO, May 28 (Reuters) - Norway recognised Palestine.",
        "OSLO (AFP) - Norway recognised Palestine on 28 May 2024.",
        "Norway recognised Palestine, May 28, 2024: it said so.",
        "The deal was signed in Rome, Italy, 28 May 1999 - a day late.",
        "OSLO, May 28, 2031 (Reuters) - Norway recognised Palestine.",
        "OSLO, May 32, 2024 (Reuters) - Norway recognised Palestine.",
    ],
)
def test_what_is_no_dateline_has_no_year_or_lies_ahead_gives_none(text: str) -> None:
    assert day_in_full(text, TODAY) is None
