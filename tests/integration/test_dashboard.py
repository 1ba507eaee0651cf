"""The dashboard's pages as the server makes them: all that they say, they say without scripts."""

import gzip
import html
import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from api.app import create_app
from api.dashboard.assets import Assets
from api.dashboard.wording import wording
from api.http.auth import SESSION_COOKIE
from entente.bootstrap.container import Container
from entente.services.articles import ArticleDraft
from entente.services.errors import Unavailable
from entente.services.ports.proposals import Proposal
from tests.integration.conftest import OTHER_WORDS, coded
from tests.integration.dashboard_news import HOSTILE, News, Report, tell
from tests.unit.builders import state_fact

GZIP = {"Accept-Encoding": "gzip"}

OWN = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def news(container: Container) -> dict[str, str]:
    """The ids of the articles of `dashboard_news`, coded, by title."""
    return tell(container)


@pytest.fixture
def curator(stranger: FlaskClient, key: str) -> FlaskClient:
    """A client that has signed in with a key that may do everything."""
    answer = stranger.post("/session", data={"key": key, "next": "/curate"}, headers=OWN)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/curate")
    return stranger


def words_of(answer: TestResponse) -> str:
    """The words that a reader sees, with single spaces."""
    page = re.sub(r"<(script|style|title)\b.*?</\1>", " ", answer.get_data(as_text=True), flags=re.DOTALL)
    apart = re.sub(r"</?(?:td|th|tr|li|p|d[tdl]|h[1-6]|div|br|button|option|label|figcaption)\b[^>]*>", " ", page)
    return " ".join(html.unescape(re.sub(r"<[^>]*>", "", apart)).split())


def test_a_pair_is_told_in_one_line_with_value_start_and_quote(stranger: FlaskClient, news: dict[str, str]) -> None:
    answer = stranger.get("/relations/NOR/PSE")

    told = words_of(answer)
    assert answer.status_code == 200
    assert "Norway recognises Palestine (since May 28, 2024)." in told
    assert "Norway recognises Palestine. Fjord Dispatch, May 28, 2024" in told
    assert "recognise→recognition@" in told


def test_what_one_side_does_is_not_said_of_both(stranger: FlaskClient, news: dict[str, str]) -> None:
    told = words_of(stranger.get("/relations/SRB/XKX"))

    assert "Serbia does not recognise Kosovo (since Feb 18, 2008)." in told
    assert "do not recognise each other" not in told


def test_a_pair_of_an_earlier_day_is_told_as_it_stood_then(stranger: FlaskClient, news: dict[str, str]) -> None:
    then, since = (
        stranger.get("/relations/ETH/ERI?as_of=2016-07-01"),
        stranger.get("/relations/ETH/ERI?as_of=2018-12-31"),
    )

    assert "Ethiopia and Eritrea are in armed conflict (since Jun 12, 2016)." in words_of(then)
    assert "Ethiopia and Eritrea have a peace agreement (since Jul 9, 2018)." in words_of(since)


def test_two_days_of_a_pair_are_compared_whichever_comes_first(stranger: FlaskClient, news: dict[str, str]) -> None:
    told = words_of(stranger.get("/relations/ETH/ERI?as_of=2018-12-31&compare=2016-07-01"))

    assert "What changed between Jul 1, 2016 and Dec 31, 2018" in told
    assert "On Jul 1, 2016 Ethiopia and Eritrea are in armed conflict (since Jun 12, 2016)." in told
    assert re.search(r"On Dec 31, 2018 [^–]*Ethiopia and Eritrea have a peace agreement \(since Jul 9, 2018\)\.", told)
    assert "Ethiopia ↔ Eritrea Diplomatic relations unknown established establish relations, Jul 9, 2018" in told
    assert re.search(r"Ethiopia . Eritrea Armed conflict use of force none sign peace, Jul 9, 2018", told)
    assert "What changed between Jul 1, 2016" in words_of(
        stranger.get("/relations/ETH/ERI?as_of=2016-07-01&compare=2018-12-31")
    )


def test_contradicting_reports_are_shown_as_disputed_with_both_values(
    stranger: FlaskClient, told: Callable[..., str], container: Container
) -> None:

    told([coded("open_embassy", "2025-07-03", quote="Russia recognised")])
    contrary = coded("close_embassy", "2025-07-03", quote="Russia recognised")
    told([contrary], text=OTHER_WORDS, publisher="Another Paper")

    page = words_of(stranger.get("/relations/RUS/AFG"))

    assert "disputed" in page
    assert re.search(r"Disputed: .*embassy.* by .*closed|Disputed: .*closed.* by .*embassy", page)


@pytest.fixture
def doubted(container: Container) -> str:
    """Relations that were established, and a report below the floor that they were severed; its event."""
    sure = Report("RUS", "AFG", "establish_relations", "2024-01-01", 0)
    unsure = Report("RUS", "AFG", "sever_relations", "2025-07-02", 0, confidence=0.3)
    early = News("Sample Wire", date(2024, 1, 2), "Ties", ("Russia has ties with Afghanistan.",), (sure,))
    late = News("Rumour Mill", date(2025, 7, 3), "No ties", ("Russia cuts all ties to Afghanistan.",), (unsure,))
    tell(container, (early, late), version=max(container.codebook.calibrated))
    return "RUS.AFG.sever_relations.effective.2025-07-02"


def test_what_is_unconfirmed_is_shown_as_such_and_can_be_confirmed(curator: FlaskClient, doubted: str) -> None:
    pair = words_of(curator.get("/relations/RUS/AFG"))
    assert "An unconfirmed report says that this ended on Jul 2, 2025." in pair
    assert "severed unconfirmed" in pair
    assert "Russia → Afghanistan: sever relations sure to 30 %" in words_of(curator.get("/curate"))

    curator.post(f"/curate/events/{doubted}/confirm", data={"reason": "the gazette"}, headers=OWN)

    assert "Russia and Afghanistan have severed relations (since Jul 2, 2025)." in words_of(
        curator.get("/relations/RUS/AFG")
    )


def test_a_value_of_a_document_names_the_document(stranger: FlaskClient, container: Container) -> None:
    fact = state_fact(begins="1990", publisher="Government of Russia")
    container.state_fact_sets.load("baseline", "a test's", [fact])

    pair = words_of(stranger.get("/relations/RUS/AFG"))
    assert "Russia recognises Afghanistan (since 1990)." in pair
    assert "recognised baseline since 1990 · 1 document" in pair
    assert "Government of Russia, 1990 · No. 1 · baseline" in pair
    [interval] = stranger.get("/v1/map/recognition").get_json()["intervals"]
    assert (interval["origin"], interval["event"]) == ("baseline", None)


def test_a_proposed_retraction_is_dismissed_or_accepted(
    curator: FlaskClient, container: Container, news: dict[str, str]
) -> None:
    article, notice = news["Norway recognises Palestine"], news["Hostile text"]
    now = container.clock.now()
    with container.ledger.write() as unit:
        unit.proposals.add(Proposal("p1", article, notice, "It is retracted.", "open", now))
        unit.commit()
    assert "It is retracted." in words_of(curator.get("/curate"))
    assert "Retract Norway recognises Palestine?" in words_of(curator.get("/curate/proposals/p1"))

    curator.post("/curate/proposals/p1/accept", data={"reason": "the notice is right"}, headers=OWN)

    assert "No notice asks for a retraction." in words_of(curator.get("/curate"))
    assert "retracted the notice is right" in words_of(curator.get(f"/articles/{article}"))


def test_names_and_codes_in_a_path_lead_to_the_keys(stranger: FlaskClient, news: dict[str, str]) -> None:
    answer = stranger.get("/relations/Ethiopia/Eritrea?as_of=2017-06-01")

    assert (answer.status_code, answer.headers["Location"]) == (302, "/relations/ETH/ERI?as_of=2017-06-01")
    assert stranger.get("/countries/Ethiopia").headers["Location"] == "/countries/ETH"


def test_the_world_lists_who_recognises_a_country_on_a_day(stranger: FlaskClient, news: dict[str, str]) -> None:
    now = words_of(stranger.get("/?facet=recognition&country=PSE"))
    then = words_of(stranger.get("/?facet=recognition&country=PSE&as_of=2012-01-01"))

    assert "Who recognises Palestine" in now
    assert re.search(r"Norway recognised May 28, 2024 1", now)
    assert "2 with a known value on Jan 1, 2012" in then
    assert not re.search(r"Norway recognised", then)
    assert "Kosovo: held by its own authorities; claimed by Serbia." in now


def test_the_world_shows_scores_of_a_chosen_country(stranger: FlaskClient, news: dict[str, str]) -> None:
    assert re.search(r"Ukraine at war -?\d", words_of(stranger.get("/?facet=score&country=RUS&as_of=2022-03-01")))
    assert "Choose a country to see scores" in words_of(stranger.get("/?facet=score"))


def test_a_facets_intervals_come_in_one_answer_compressed_and_with_a_tag(
    client: FlaskClient, news: dict[str, str]
) -> None:
    answer = client.get("/v1/map/recognition?country=Palestine", headers=GZIP)

    shape = json.loads(gzip.decompress(answer.data))
    assert shape["country"] == {"key": "PSE", "name": "Palestine"}
    assert {i["target"] for i in shape["intervals"]} == {"PSE"}
    norway = next(i for i in shape["intervals"] if i["source"] == "NOR")
    assert norway == {
        "source": "NOR", "target": "PSE", "item": "", "value": "recognised", "status": "effective",
        "starts_on": "2024-05-28", "valid_from": "2024-05-28", "valid_to": None, "n_evidence": 1, "dated_by": "text",
        "origin": "events",
        "event": "NOR.PSE.recognise.effective.2024-05-28",
    }  # fmt: skip
    assert [i["starts_on"] for i in shape["intervals"]] == sorted(i["starts_on"] for i in shape["intervals"])
    again = client.get("/v1/map/recognition?country=PSE", headers={"If-None-Match": answer.headers["ETag"], **GZIP})
    assert again.status_code == 304
    everyone = client.get("/v1/map/conflict").get_json()
    assert everyone["country"] is None
    assert {("RUS", "UKR"), ("UKR", "RUS")} <= {(i["source"], i["target"]) for i in everyone["intervals"]}


def test_a_map_of_an_unknown_facet_or_country_is_a_problem(client: FlaskClient) -> None:
    assert client.get("/v1/map/friendship").get_json()["type"] == "/problems/unknown-facet"
    assert client.get("/v1/map/recognition?country=Atlantiss").get_json()["type"] == "/problems/unknown-country"


def test_a_country_lists_its_partners_and_what_it_did(stranger: FlaskClient, news: dict[str, str]) -> None:
    told = words_of(stranger.get("/countries/ETH"))

    assert re.search(r"Eritrea .*peace process peace agreement", told)
    assert "Jul 9, 2018 · Ethiopia → Eritrea: sign peace" in told
    assert "claimed by Serbia" in words_of(stranger.get("/countries/XKX"))


def test_an_event_says_what_it_moves_and_who_says_so(stranger: FlaskClient, news: dict[str, str]) -> None:
    told = words_of(stranger.get("/events/ETH.ERI.sign_peace.effective.2018-07-09"))

    assert "Ethiopia signed a peace agreement with Eritrea" in told
    assert "Peace process to peace agreement rule sign_peace→peace_process, in both directions" in told
    assert "Horn Gazette, Jul 9, 2018 · A summit in Asmara ends two decades of war" in told


def test_an_article_has_its_parties_and_quotes_marked_and_says_what_it_changed(
    stranger: FlaskClient, news: dict[str, str]
) -> None:
    answer = stranger.get(f"/articles/{news['Norway recognises Palestine']}")

    page = answer.get_data(as_text=True)
    assert '<span class="mark mark-party mark-quote ">Norway</span>' in page
    assert '<span class="mark mark-quote mark-trigger ">recognises</span>' in page
    assert "Norway → Palestine: recognition unknown → recognised" in words_of(answer)


def test_what_articles_say_stays_text_on_every_page(stranger: FlaskClient, news: dict[str, str]) -> None:
    event = "TCD.SDN.condemn.effective.2025-07-02"
    for path in (
        f"/articles/{news['Hostile text']}",
        f"/events/{event}",
        "/relations/TCD/SDN",
        "/countries/TCD",
        "/search?q=words",
    ):
        page = stranger.get(path).get_data(as_text=True)
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert html.escape(HOSTILE[:40], quote=False).replace('"', "&#34;") in page, path
    assert "<script>" not in stranger.get("/search?q=<script>").get_data(as_text=True)


@pytest.mark.parametrize(
    ("wanted", "place"),
    [
        ("Serbia and Kosovo", "/relations/SRB/XKX"),
        ("ethiopia eritrea", "/relations/ETH/ERI"),
        ("SRB/XKX", "/relations/SRB/XKX"),
        ("NOR.PSE.recognise.effective.2024-05-28", "/events/NOR.PSE.recognise.effective.2024-05-28"),
    ],
)
def test_a_search_for_a_pair_or_an_id_leads_there(
    stranger: FlaskClient, news: dict[str, str], wanted: str, place: str
) -> None:
    assert stranger.get("/search", query_string={"q": wanted}).headers["Location"] == place


def test_a_search_finds_countries_and_quotes(stranger: FlaskClient, news: dict[str, str]) -> None:
    assert "A summit in Asmara ends two decades of war Horn Gazette" in words_of(stranger.get("/search?q=summit"))
    told = words_of(stranger.get("/search?q=Bosnia and Herzegovina"))
    assert "Bosnia" in told
    assert "BIH" in told
    assert "friendship with Eritrea" in words_of(stranger.get("/search?q=friendship"))
    assert "No quote has all of these words." in words_of(stranger.get("/search?q=zzzz"))
    assert stranger.get("/search").status_code == 200


def test_the_digest_tells_what_moved_since_yesterday(stranger: FlaskClient, news: dict[str, str]) -> None:
    told = words_of(stranger.get("/live"))

    assert "What moved since Jul 3, 2025" in told
    assert "The digest 1 changes" in told
    assert "Russia → Afghanistan: recognition unknown → recognised" in told
    assert "Russia recognises the government of Afghanistan. Sample Wire" in told
    assert "Nothing moved since Jul 3, 2025 that fits the filters." in words_of(stranger.get("/live?country=FRA"))


def test_a_change_is_dated_as_precisely_as_its_event(
    stranger: FlaskClient, client: FlaskClient, told: Callable[..., str]
) -> None:
    acts = {"recognise": "2025-07-03", "close_embassy": "2011-01", "sever_relations": "2011"}
    article = told([coded(act, day) for act, day in acts.items()])
    stated = {change["facet"]: change for change in client.get("/v1/changes").get_json()["changes"]}

    assert {stated[facet]["precision"] for facet in ("recognition", "mission", "relations")} == {"day", "month", "year"}
    for path in ("/live", f"/articles/{article}"):
        told_of = words_of(stranger.get(path))
        assert "from Jul 3, 2025" in told_of
        assert "from Jan 2011" in told_of
        assert "from 2011" in told_of
        assert "from Jan 1, 2011" not in told_of


def test_a_pasted_text_is_tried_and_nothing_of_it_is_stored(stranger: FlaskClient, container: Container) -> None:
    answer = stranger.post(
        "/try",
        data={"text": "Japan imposed sanctions on Belarus on Tuesday.", "published_at": "2025-07-04"},
        headers=OWN,
    )

    assert "Japan → Belarus: sanctions (other) unknown → in force" in words_of(answer)
    assert container.lookups.changes() == []
    assert "Jamaica recognised Kosovo" in words_of(stranger.get("/try?sample=recognition"))
    nothing = stranger.post("/try", data={"text": "The weather was fine on Tuesday."}, headers=OWN)
    assert "No event between two countries was found: it names no two countries." in words_of(nothing)


@pytest.mark.parametrize("headers", [{}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "http://evil.example"}])
def test_a_form_of_another_site_is_refused(curator: FlaskClient, news: dict[str, str], headers: dict[str, str]) -> None:
    article = news["Norway recognises Palestine"]
    for path, data in (
        ("/try", {"text": "x"}),
        (f"/curate/articles/{article}/retract", {"reason": "x"}),
        ("/session", {}),
    ):
        assert curator.post(path, data=data, headers=headers).status_code == 403


def test_curating_needs_a_key_and_says_how_to_get_one(stranger: FlaskClient, container: Container) -> None:
    answer = stranger.get("/curate")

    assert answer.status_code == 401
    assert "entente keys add" in words_of(answer)
    assert 'href="/session?next=%2Fcurate"' in answer.get_data(as_text=True)
    reader = container.keys.add("reader", ["read"]).token
    stranger.set_cookie(SESSION_COOKIE, reader)
    assert stranger.get("/curate").status_code == 403


def test_a_key_is_kept_for_the_session_out_of_the_reach_of_scripts(stranger: FlaskClient, key: str) -> None:
    answer = stranger.post("/session", data={"key": key, "next": "//evil.example/x"}, headers=OWN)

    cookie = answer.headers["Set-Cookie"]
    assert answer.headers["Location"] == "/"
    assert {"HttpOnly", "SameSite=Strict"} <= {part.strip() for part in cookie.split(";")}
    assert "Max-Age" not in cookie
    assert "Expires" not in cookie
    assert stranger.post("/session", data={"key": "ent_no"}, headers=OWN).status_code == 401
    gone = stranger.post("/session", data={"out": "1"}, headers=OWN)
    assert f"{SESSION_COOKIE}=;" in gone.headers["Set-Cookie"]


def test_the_cookie_reads_the_api_but_writes_nothing_there(container: Container, key: str) -> None:
    container.settings = replace(container.settings, open_reading="never")
    client = create_app(container).test_client()

    assert client.get("/").status_code == 401
    client.set_cookie(SESSION_COOKIE, key)
    assert client.get("/").status_code == 200
    assert client.get("/v1/map/recognition").status_code == 200
    assert client.get("/v1/keys").status_code == 401
    assert client.post("/v1/articles", json={"text": "x"}).status_code == 401


def test_an_article_is_retracted_after_asking_once(curator: FlaskClient, news: dict[str, str]) -> None:
    article = news["Norway recognises Palestine"]
    assert "Retract the article" in words_of(curator.get(f"/curate/articles/{article}"))

    done = curator.post(f"/curate/articles/{article}/retract", data={"reason": "a hoax"}, headers=OWN)

    assert done.status_code == 303
    assert "Retracted: 1 reports gone, 1 facets changed." in words_of(curator.get(done.headers["Location"]))
    assert "retracted a hoax (tests)" in words_of(curator.get(f"/articles/{article}"))
    assert "Nothing is held" in words_of(curator.get("/relations/NOR/PSE"))


def test_an_event_is_confirmed_rejected_or_asserted_under_the_keys_name(
    curator: FlaskClient, news: dict[str, str]
) -> None:
    event = "NOR.PSE.recognise.effective.2024-05-28"
    curator.post(f"/curate/events/{event}/confirm", data={"reason": "the decree"}, headers=OWN)
    curator.post("/curate/events/ESP.PSE.recognise.effective.2024-05-28/reject", data={"reason": "no"}, headers=OWN)
    curator.post(
        "/curate/assert",
        data={"source": "Malta", "target": "Palestine", "act": "recognise", "date": "2025-06", "reason": "gazette"},
        headers=OWN,
    )

    trail = words_of(curator.get("/curate"))
    assert f"tests confirm {event} the decree" in trail
    assert "tests reject ESP.PSE.recognise.effective.2024-05-28 no" in trail
    assert "Malta recognises Palestine (since Jun 2025)" in words_of(curator.get("/relations/MLT/PSE"))


def test_the_queue_lists_what_waits_and_feeds_can_be_added_and_stopped(
    curator: FlaskClient, container: Container
) -> None:
    container.ingest.submit(ArticleDraft("Waiting Paper", text="Waits.", title="A waiting title"), ring=False)
    curator.post("/curate/feeds", data={"url": "https://paper.example/feed", "publisher": "Paper"}, headers=OWN)
    feed = container.feeds.list()[0]

    told = words_of(curator.get("/curate"))
    assert "A waiting title Waiting Paper pending" in told
    assert "https://paper.example/feed Paper not polled yet" in told
    curator.post(f"/curate/feeds/{feed.id}", data={"active": "no"}, headers=OWN)
    assert "https://paper.example/feed Paper stopped" in words_of(curator.get("/curate"))


def test_an_error_is_a_page_that_says_what_is_wrong(stranger: FlaskClient) -> None:
    unknown = stranger.get("/countries/Frnace")
    assert (unknown.status_code, unknown.mimetype) == (404, "text/html")
    assert "Did you mean France" in words_of(unknown)
    assert stranger.get("/relations/FRA/FRA").status_code == 409
    assert "as_of: Not a date" in words_of(stranger.get("/relations/FRA/DEU?as_of=yesterday"))
    assert stranger.get("/articles/nonsense").status_code == 404
    assert stranger.get("/?facet=friendship").status_code == 422
    assert stranger.get("/?colour=red").status_code == 422


def test_a_ledger_that_is_gone_is_told_as_such(container: Container, stranger: FlaskClient, monkeypatch: Any) -> None:
    def gone(*_: object) -> None:
        raise Unavailable("gone")

    monkeypatch.setattr(container.maps, "_ledger", type("Gone", (), {"read": gone})())
    answer = stranger.get("/")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert "Try again" in words_of(answer)


def test_an_empty_ledger_opens_with_what_to_do_next(stranger: FlaskClient) -> None:
    told = words_of(stranger.get("/"))

    assert "Nothing has been read yet" in told
    assert "entente keys add me --scope admin" in told
    assert "No event between these two is on record" in words_of(stranger.get("/relations/FRA/DEU"))


def test_names_dates_and_numbers_are_the_readers(stranger: FlaskClient, news: dict[str, str]) -> None:
    told = words_of(stranger.get("/relations/NOR/PSE", headers={"Accept-Language": "de"}))

    assert "Norwegen → Palästina" in told.replace("Palästinensische Autonomiegebiete", "Palästina")
    assert "28.05.2024" in told


@pytest.mark.parametrize(
    "path", ["/", "/relations/NOR/PSE", "/countries/ETH", "/live", "/try", "/search?q=a", "/session"]
)
def test_a_page_allows_nothing_inline_and_nothing_from_elsewhere(
    stranger: FlaskClient, news: dict[str, str], path: str
) -> None:
    answer = stranger.get(path)

    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self';")
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    page = answer.get_data(as_text=True)
    assert not re.search(r"<script(?![^>]*\bsrc=)", page)
    assert not re.search(r"\s(style|on[a-z]+)=", re.sub(r'data-config="[^"]*"', "", page))
    for address in re.findall(r'(?:src|href)="([^"]+)"', page):
        assert address.startswith(("/", "#", "https://paper.example/")), address
    for asset in re.findall(r'"(/assets/[^"]+)"', page):
        served = stranger.get(asset, headers={"Accept-Encoding": "gzip"})
        assert served.status_code == 200, asset
        assert "immutable" in served.headers["Cache-Control"]


def test_the_first_view_is_small(stranger: FlaskClient, news: dict[str, str]) -> None:
    def size(path: str) -> int:
        return len(stranger.get(path, headers=GZIP).data)

    assets = Assets()
    scripts = sum(size(assets.address(path)) for path in assets.paths if not path.endswith("world-50m.json"))
    # Every script and style, though no page has them all.
    assert size("/relations/ETH/ERI") + scripts < 350_000
    assert size("/") + scripts < 350_000
    assert size("/") + scripts + size(assets.address("vendor/world-50m.json")) + size("/v1/map/conflict") < 700_000


def test_a_page_that_has_not_changed_is_not_sent_again(stranger: FlaskClient, news: dict[str, str]) -> None:
    tag = stranger.get("/relations/NOR/PSE").headers["ETag"]

    assert stranger.get("/relations/NOR/PSE", headers={"If-None-Match": tag}).status_code == 304


def test_every_facet_value_and_label_of_the_codebook_has_its_words(container: Container) -> None:
    words, codebook = wording(), container.codebook

    assert set(words.facets) == set(codebook.facets)
    for name, facet in codebook.facets.items():
        assert set(words.facets[name].values) == set(facet.values), name
        for value in facet.values:
            said = words.sentence(name, "some_item", value, "{b} land", "other")
            assert "{a}" not in said
            assert "{item}" not in said
    assert set(words.labels) >= {rule.label for rule in codebook.labels}
    assert set(words.lead) <= set(codebook.facets)
