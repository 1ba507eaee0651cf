"""What pages may show to whom: whole texts, error rates, what was known by a day, and pages in frames."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient

from api.app import create_app
from api.http.auth import SESSION_COOKIE
from entente.bootstrap.container import Container
from entente.relations.reliability import ALL, Rate, Reliability, ValueRates
from tests.integration.dashboard_news import tell
from tests.integration.test_dashboard import words_of

#: A reader somewhere else, where reading is open to all.
ELSEWHERE = {"REMOTE_ADDR": "203.0.113.9"}


@pytest.fixture
def news(container: Container) -> dict[str, str]:
    """The ids of the articles of `dashboard_news`, coded, by title."""
    return tell(container)


@pytest.fixture
def open_to(container: Container) -> Callable[..., FlaskClient]:
    """`open_to(**settings)`: a client without a key of an API with these settings."""

    def client(**settings: Any) -> FlaskClient:
        container.settings = replace(container.settings, **settings)
        return create_app(container).test_client()

    return client


def test_a_whole_text_is_for_this_machine_and_for_keys_and_others_read_its_quotes(
    open_to: Callable[..., FlaskClient], container: Container, news: dict[str, str], key: str
) -> None:
    client = open_to(open_reading="always")
    path = f"/articles/{news['Norway recognises Palestine']}"

    here, elsewhere = client.get(path), client.get(path, environ_base=ELSEWHERE)
    client.set_cookie(SESSION_COOKIE, key)
    signed_in = client.get(path, environ_base=ELSEWHERE)

    for answer in (here, signed_in):
        assert "The decision was announced in Oslo in the morning." in words_of(answer)
    told = words_of(elsewhere)
    assert "Norway recognises Palestine. …" in told
    assert "announced in Oslo" not in told
    assert "The text is its publisher’s: here are the quotes alone" in told


def measured(container: Container, rate: Rate) -> FlaskClient:
    """A client of an API whose coder was measured with this share of right values."""
    rates = Reliability("2026.8", "2026.3", 160, 28, values={ALL: ValueRates(rate, rate)})
    container.__dict__["codebook"] = replace(container.codebook, reliability=rates)
    return create_app(container).test_client()


def test_the_published_error_rate_stands_beside_a_value(container: Container, news: dict[str, str]) -> None:
    told = words_of(measured(container, Rate(0.71, 544, (0.634, 0.778))).get("/relations/NOR/PSE"))

    assert "71 of 100 such values were right (544 values of all facets measured, 63 to 78 likely)" in told


def test_of_too_few_measured_values_the_page_says_so(container: Container, news: dict[str, str]) -> None:
    told = words_of(measured(container, Rate(None, 12)).get("/relations/NOR/PSE"))

    assert "too few such values were measured" in told


def test_a_map_tells_what_was_published_or_recorded_by_a_day(client: FlaskClient, news: dict[str, str]) -> None:
    def sources(query: str) -> set[str]:
        answer = client.get(f"/v1/map/recognition?country=PSE&{query}")
        return {interval["source"] for interval in answer.get_json()["intervals"]}

    assert sources("published_by=2011-12-31") == {"BRA", "ISL"}
    assert "NOR" in sources("published_by=2024-05-28")
    assert sources("known_at=2025-07-03") == set()
    assert sources("known_at=2025-07-04") == sources("")
    shape = client.get("/v1/map/recognition?country=PSE&published_by=2011-12-31").get_json()
    assert (shape["published_by"], shape["known_at"]) == ("2011-12-31", None)


@pytest.mark.parametrize("given", ["known_at", "published_by"])
def test_a_map_of_everyone_takes_no_such_day(client: FlaskClient, given: str) -> None:
    problem = client.get(f"/v1/map/recognition?{given}=2025-01-01")

    assert problem.status_code == 422
    assert f"a map takes {given} only with a country" in problem.get_data(as_text=True)


def test_the_world_counts_what_was_published_by_the_day(stranger: FlaskClient, news: dict[str, str]) -> None:
    # France recognised Kosovo on the 18th, and a paper said so on the 19th.
    page = "/?facet=recognition&country=XKX&as_of=2008-02-{}&clock=published_by"

    assert "France recognised" not in words_of(stranger.get(page.format(18)))
    told = stranger.get(page.format(19))
    assert "France recognised Feb 18, 2008" in words_of(told)
    assert "/relations/FRA/XKX?as_of=2008-02-19&amp;published_by=2008-02-19#recognition" in told.get_data(as_text=True)
    assert "Choose a country" in words_of(stranger.get("/?clock=known_at"))
    assert words_of(stranger.get("/?facet=score&country=RUS&as_of=2022-03-01&clock=known_at")).count("at war") == 0


def test_a_pair_as_published_by_a_day_says_so(stranger: FlaskClient, news: dict[str, str]) -> None:
    told = words_of(stranger.get("/relations/FRA/XKX?as_of=2008-02-18&published_by=2008-02-18"))

    assert "as published by Feb 18, 2008" in told
    assert "France and Kosovo have nothing on record." in told


FRAMED = ("/embed/?facet=recognition&country=PSE", "/embed/relations/NOR/PSE", "/embed/countries/NOR")


@pytest.mark.parametrize("path", [*FRAMED, "/embed/relations/FRA/Atlantiss"])
def test_only_named_origins_may_frame_what_is_for_frames(
    open_to: Callable[..., FlaskClient], news: dict[str, str], path: str
) -> None:
    answer = open_to(embed_origins=("https://news.example", "http://localhost:8080")).get(path)

    policy = answer.headers["Content-Security-Policy"]
    assert policy.endswith("form-action 'none'; frame-ancestors https://news.example http://localhost:8080")
    assert "X-Frame-Options" not in answer.headers
    assert "<form" not in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    ("path", "origins"), [*((path, ()) for path in FRAMED), ("/", ("*",)), ("/relations/NOR/PSE", ("*",))]
)
def test_all_else_is_framed_by_nobody(
    open_to: Callable[..., FlaskClient], news: dict[str, str], path: str, origins: tuple[str, ...]
) -> None:
    answer = open_to(embed_origins=origins).get(path)

    assert answer.status_code == 200
    assert answer.headers["Content-Security-Policy"].endswith("frame-ancestors 'none'")
    assert answer.headers["X-Frame-Options"] == "DENY"


def test_a_page_offers_its_frame_where_frames_are_allowed(
    open_to: Callable[..., FlaskClient], news: dict[str, str]
) -> None:
    offered = open_to(embed_origins=("*",), public_url="https://entente.example.org")
    snippet = (
        "<iframe src='https://entente.example.org/embed/relations/NOR/PSE?as_of=2025-01-01&compare=2012-01-01' "
        "title='Norway and Palestine'"
    )
    told = words_of(offered.get("/relations/NOR/PSE?as_of=2025-01-01&compare=2012-01-01"))
    assert snippet.replace("'", '"').replace("&", "&amp;") in told
    assert "<iframe" not in words_of(offered.get("/live"))
    answer = offered.get("/embed/relations/Norway/Palestine?as_of=2025-01-01")
    assert answer.headers["Location"] == "/embed/relations/NOR/PSE?as_of=2025-01-01"
    assert "<iframe" not in words_of(open_to(embed_origins=()).get("/relations/NOR/PSE"))
