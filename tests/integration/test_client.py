"""The Python client against a running stack; retries and refusals against a server that misbehaves."""

import json
import re
import sys
from datetime import UTC, date, datetime
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import requests
from standardwebhooks.webhooks import Webhook

from entente.client import (
    BadSignature,
    Busy,
    Denied,
    Entente,
    Invalid,
    NotFound,
    Unreachable,
    UnusableAnswer,
    shapes,
    to_pandas,
    verify,
)
from tests.integration.conftest import CodedStack
from tests.integration.web_server import Site

DOCUMENT = (Path(__file__).parents[2] / "docs" / "clients.md").read_text(encoding="utf-8")
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


@pytest.fixture
def entente(coded_stack: CodedStack, reading_key: str):
    with Entente(coded_stack.url, reading_key) as client:
        yield client


def test_the_examples_of_the_document_run(coded_stack: CodedStack, reading_key: str, monkeypatch, capsys) -> None:
    monkeypatch.setenv("KEY", reading_key)
    examples = re.findall(r"```python\n(.*?)```", DOCUMENT, re.DOTALL)
    names: dict[str, Any] = {}
    for example in examples:
        exec(example.replace("http://127.0.0.1:8080", coded_stack.url), names)  # the document's own code
    told = capsys.readouterr().out
    assert "recognised 2024-06-11" in told
    assert "withdrawn 2025-07-03 Sample Herald Kenya withdrew its recognition of Kosovo on Thursday." in told
    assert re.search(r"^United States \[.*'asset_freeze'", told, re.MULTILINE), told
    assert "nearest: KEN (Kenya)" in told
    assert "2024-06-11 unknown\n2024-06-13 recognised\n" in told
    assert "KEN XKX recognised 2024-06-11 1\n" in told
    assert re.search(r"2024-07 +2 +[12].0 +1.0\n", told), told
    assert "422 ['recognition', " in told
    assert names["receive"](SECRET, {}, b"{}") == 401
    assert names["receive"](SECRET, *delivery({"seq": 1, "facet": "recognition", "after": "recognised"})) == 204


def delivery(data: dict[str, Any], secret: str = SECRET, at: datetime | None = None) -> tuple[dict[str, str], bytes]:
    """Headers and body of a signed delivery."""
    at = at or datetime.now(UTC)
    body = json.dumps({"type": "relation.changed", "timestamp": at.isoformat(), "data": data})
    signature = Webhook(secret).sign("msg_1", at, body)
    headers = {"Webhook-Id": "msg_1", "Webhook-Timestamp": str(int(at.timestamp())), "Webhook-Signature": signature}
    return headers, body.encode()


def test_every_page_of_a_list_is_read(entente: Entente) -> None:
    everything = list(entente.events())
    assert len(everything) > 4
    assert list(entente.events(limit=1)) == everything
    assert len(next(entente.events(limit=2).pages())) == 2
    assert [change["seq"] for change in entente.changes(limit=2)] == [change["seq"] for change in entente.changes()]


def test_a_listing_that_is_read_twice_asks_twice(entente: Entente) -> None:
    listing = entente.history("KEN", "XKX", limit=1)
    assert list(listing) == list(listing) != []


def test_the_clocks_reach_the_api(entente: Entente) -> None:
    def recognition(**clocks: Any) -> Any:
        return entente.relation("Kenya", "Kosovo", **clocks)["facets"]["recognition"]["value"]

    assert recognition() == "withdrawn"
    assert recognition(as_of=date(2024, 7, 1)) == "recognised"
    assert recognition(as_of="2024-01-01") == "unknown"
    assert recognition(known_at=datetime(2020, 1, 1, tzinfo=UTC)) == "unknown"


def test_names_with_slashes_and_accents_are_one_part_of_the_path(entente: Entente) -> None:
    assert entente.country("Côte d'Ivoire")["key"] == "CIV"
    with pytest.raises(NotFound):
        entente.country("a/b?c#d")


def test_names_come_in_the_language_that_is_asked_for(entente: Entente) -> None:
    assert entente.country("GEO", language="de")["name"] == "Georgien"


def test_tables_have_dates_and_columns_by_path(entente: Entente) -> None:
    history = entente.history("Kenya", "Kosovo", "recognition").to_pandas()
    assert list(history["value"]) == ["recognised", "withdrawn"]
    assert list(history["valid_from"]) == ["2024-06-11", "2025-07-03"]
    assert history["valid_to"][0] == pd.Timestamp("2025-07-03")
    assert history["valid_to"].isna()[1]
    relations = entente.relations(source="United States", target="Belarus").to_pandas()
    assert relations.loc[0, "source_key"] == "USA"
    assert relations["as_of"].dtype.kind == "M"
    assert str(entente.changes().to_pandas()["recorded_at"].dtype).endswith("UTC]")


def test_what_was_published_by_a_day_bounds_every_read(entente: Entente) -> None:
    day = "2024-06-12"  # the day before the first article
    pair = "Kenya", "Kosovo"
    assert entente.relation(*pair, published_by=day)["published_by"] == day
    assert entente.dyad(*pair, published_by=day)["a_to_b"]["label"] == "unknown"
    assert list(entente.history(*pair, published_by=date(2024, 6, 12))) == []
    assert entente.why(*pair, published_by=day)["holding"] == []
    assert entente.diff(*pair, "2024-01-01", published_by=day)["n_events"] == 0
    assert entente.series(*pair, from_="2024-01-01", published_by=day)["series"][0]["n"] == 0
    assert list(entente.relations(source="KEN", target="XKX", published_by=day)) == []
    assert "XKX" not in {one["country"]["key"] for one in entente.stances("KEN", published_by=day)["relations"]}
    assert list(entente.states(source="KEN", target="XKX", published_by=day)) == []


def test_states_are_typed_rows_and_a_table(entente: Entente) -> None:
    rows = list(entente.states(source="Kenya", target="Kosovo", facet="recognition"))
    assert [(row["value"], row["valid_from"], row["valid_to"]) for row in rows] == [
        ("recognised", "2024-06-11", "2025-07-03"),
        ("withdrawn", "2025-07-03", ""),
    ]
    assert set(rows[0]) == shapes.StateRow.__required_keys__
    table = entente.states(source="Kenya", target="Kosovo", facet="recognition").to_pandas()
    assert table["valid_from_first"][0] == pd.Timestamp("2024-06-11")
    assert table["valid_to_last"].isna()[1]
    assert list(table["source_cow"]) == ["501", "501"]


def test_a_panel_tells_zeros_and_unknowns_apart(entente: Entente) -> None:
    asked = {"to": "2024-08-31", "source": "USA", "target": "BLR", "facets": ["sanctions:in_force", "relations"]}
    panel = entente.panel("2024-05-01", **asked).to_pandas()
    assert list(panel["month"]) == ["2024-05", "2024-06", "2024-07", "2024-08"]
    assert panel["first_day"][0] == pd.Timestamp("2024-05-01")
    assert panel["n_events"].isna().tolist() == [True, False, False, False]
    # Sanctions and the freezing of assets are told in one sentence.
    assert [n > 0 for n in panel["n_events"].tolist()[1:]] == [False, True, False]
    sure = entente.panel(
        "2024-07-01", to="2024-07-31", source="USA", target="BLR", min_confidence=1, unconfirmed="exclude"
    )
    assert [row["n_events"] for row in sure] == [0]
    undirected = list(entente.panel("2024-07-01", to="2024-07-31", source="USA", target="BLR", directed=False))
    assert len(undirected) == 1


def test_a_table_that_is_refused_names_the_field(entente: Entente) -> None:
    with pytest.raises(Invalid) as unknown:
        list(entente.panel("2024-01-01", unit="dyad-week"))
    assert [error["field"] for error in unknown.value.fields] == ["unit"]
    with pytest.raises(NotFound) as country:
        entente.states(source="Keniya").to_pandas()
    assert country.value.nearest[0]["key"] == "KEN"


def test_a_table_that_breaks_off_is_no_shorter_table(site: Site) -> None:
    def cut(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "application/x-ndjson")
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        handler.wfile.write(b'1b\r\n{"source": "KEN"}\n{"source"\r\n')
        handler.close_connection = True

    site.raw("/v1/states?format=ndjson", cut)
    rows = iter(Entente(site.url).states())
    assert next(rows) == {"source": "KEN"}
    with pytest.raises(Unreachable, match="broke off"):
        next(rows)
    site.page("/v1/panels?from=2024-01-01&format=ndjson", "<p>Welcome</p>")
    with pytest.raises(UnusableAnswer, match="without a table"):
        list(Entente(site.url).panel("2024-01-01"))


def test_a_date_that_may_be_a_year_is_not_made_a_day(entente: Entente) -> None:
    entities = to_pandas(entente.countries())
    assert "1990" in {str(date)[:4] for date in entities["valid_to"].dropna()}
    assert all(isinstance(date, str) for date in entities["valid_to"].dropna())


def test_a_column_of_numbers_that_is_empty_throughout_is_one_of_numbers(entente: Entente) -> None:
    pair = {"source": "KEN", "target": "XKX"}
    panel = entente.panel("2001-01-01", to="2001-02-28", facets=["sanctions:in_force"], **pair).to_pandas()
    assert panel["n_events"].isna().all()
    assert {str(panel[name].dtype) for name in ("n_events", "intensity_mean", "sanctions_in_force")} == {"float64"}
    assert panel["n_events"].sum() == 0
    series = to_pandas(entente.series("KEN", "XKX", "month", from_="2024-06-01", as_of="2024-06-10")["series"])
    assert str(series["mean_intensity"].dtype) == "float64"
    baseline = entente.states(facet="membership").to_pandas()
    assert baseline.empty or str(baseline["confidence"].dtype) == "float64"


def test_events_as_they_were_known_need_both_parties(entente: Entente) -> None:
    for clock in ("known_at", "published_by"):
        with pytest.raises(ValueError, match=f"{clock} needs source and target too"):
            entente.events(**{clock: "2024-07-01"})
        with pytest.raises(ValueError, match=f"needs target too.*export events --{clock.replace('_', '-')}"):
            entente.events(source="KEN", **{clock: "2024-07-01"})
        assert list(entente.events(source="KEN", target="XKX", **{clock: "2020-07-01"})) == []
    assert entente.events(known_at=None)


def test_an_empty_list_is_an_empty_table(entente: Entente) -> None:
    assert entente.events(source="Iceland").to_pandas().empty


def test_without_pandas_the_error_says_what_to_install(entente: Entente, monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(ImportError, match="pip install pandas"):
        entente.events().to_pandas()


def test_an_article_is_coded_without_being_stored(entente: Entente) -> None:
    before = len(list(entente.events()))
    outcome = entente.code("France condemned Armenia on Tuesday.", published_at=date(2025, 7, 3))
    assert [(event["source"]["key"], event["target"]["key"]) for event in outcome["come"]] == [("FRA", "ARM")]
    assert len(list(entente.events())) == before


def test_an_article_that_is_sent_twice_is_stored_once(coded_stack: CodedStack) -> None:
    with Entente(coded_stack.url, coded_stack.key) as client:
        first = client.submit(text="Nothing of note happened.", source="Sample Wire", published_at=date(2025, 7, 3))
        again = client.submit(text="Nothing of note happened.", source="Sample Wire", published_at=date(2025, 7, 3))
    assert first["created"]
    assert again["id"] == first["id"]
    assert not again["created"]


def test_a_refusal_carries_the_problem_document(entente: Entente, coded_stack: CodedStack) -> None:
    with pytest.raises(NotFound) as unknown:
        entente.relation("Keniya", "Kosovo")
    assert unknown.value.nearest[0]["key"] == "KEN"
    assert unknown.value.problem["type"] == "/problems/unknown-country"
    with pytest.raises(Invalid) as future:
        entente.relation("Kenya", "Kosovo", as_of="2999-01-01")
    assert [error["field"] for error in future.value.fields] == ["as_of"]
    assert future.value.request_id
    with pytest.raises(Denied, match="Authorization: Bearer"):
        Entente(coded_stack.url).relation("Kenya", "Kosovo")
    with pytest.raises(Denied):
        entente.submit(text="A key that only reads may not send this.")


def answering(status: int, body: object, **headers: str):
    def answer(handler: BaseHTTPRequestHandler) -> None:
        content = json.dumps(body).encode()
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        handler.wfile.write(content)

    return answer


BUSY = {"type": "/problems/busy", "title": "Busy", "status": 429, "detail": "too many requests"}


def test_a_busy_server_is_asked_again_after_the_seconds_it_names(site: Site, monkeypatch) -> None:
    waits: list[float] = []
    monkeypatch.setattr("urllib3.util.retry.time.sleep", waits.append)
    answers = iter([answering(429, BUSY, Retry_After="7"), answering(200, {"come": []})])
    site.raw("/v1/code", lambda handler: next(answers)(handler))
    assert Entente(site.url).code("A text.") == {"come": []}
    assert waits == [7]


def test_a_server_that_stays_busy_is_given_up_with_its_problem(site: Site, monkeypatch) -> None:
    waits: list[float] = []
    monkeypatch.setattr("urllib3.util.retry.time.sleep", waits.append)
    site.raw("/v1/events/x", answering(429, BUSY, Retry_After="100000"))
    with pytest.raises(Busy, match="too many requests") as busy:
        Entente(site.url).event("x")
    assert busy.value.status == 429
    assert len(site.asked) == 5
    assert max(waits) <= 60


def test_a_refused_request_is_not_sent_again(site: Site) -> None:
    site.raw(
        "/v1/events/x", answering(404, {"type": "/problems/unknown", "title": "No", "status": 404, "detail": "no"})
    )
    with pytest.raises(NotFound):
        Entente(site.url).event("x")
    assert len(site.asked) == 1


def test_a_request_that_was_cut_off_is_sent_once_more(site: Site, monkeypatch) -> None:
    monkeypatch.setattr("urllib3.util.retry.time.sleep", lambda _: None)

    def cut_off(handler: Any) -> None:
        handler.close_connection = True

    answers = iter([cut_off, answering(200, {"id": "x"})])
    site.raw("/v1/events/x", lambda handler: next(answers)(handler))
    assert Entente(site.url).event("x") == {"id": "x"}
    site.raw("/v1/events/y", cut_off)
    with pytest.raises(Unreachable):
        Entente(site.url).event("y")
    assert site.paths() == ["/v1/events/x"] * 2 + ["/v1/events/y"] * 2


def test_an_attempt_that_is_repeated_has_the_same_idempotency_key(site: Site, monkeypatch) -> None:
    monkeypatch.setattr("urllib3.util.retry.time.sleep", lambda _: None)
    answers = iter([answering(503, BUSY | {"status": 503}), answering(202, {"id": "1"})])
    site.raw("/v1/articles", lambda handler: next(answers)(handler))
    Entente(site.url, "a key").submit(text="A text.")
    first, second = (headers["Idempotency-Key"] for _, _, headers, _ in site.asked)
    assert first == second


def test_the_key_goes_before_a_login_in_the_users_netrc(site: Site, tmp_path: Path, monkeypatch) -> None:
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login me password secret")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    site.raw("/v1/events/x", answering(200, {}))
    Entente(site.url, "a-key").event("x")
    Entente(site.url).event("x")
    assert [headers.get("Authorization") for _, _, headers, _ in site.asked] == ["Bearer a-key", None]


def test_an_answer_of_another_server_is_told_apart(site: Site) -> None:
    site.page("/v1/codebook", "<p>Welcome</p>")
    with pytest.raises(UnusableAnswer, match="without JSON"):
        Entente(site.url).codebook()
    site.raw("/v1/countries/x", answering(404, {"error": "no"}))
    with pytest.raises(UnusableAnswer, match="without a problem document"):
        Entente(site.url).country("x")


def test_where_nothing_listens_the_error_names_the_address(monkeypatch) -> None:
    monkeypatch.setattr("urllib3.util.retry.time.sleep", lambda _: None)
    with pytest.raises(Unreachable, match=r"http://127\.0\.0\.1:9/: .*refused; is Entente running there"):
        Entente("http://127.0.0.1:9").codebook()


def test_every_member_that_the_client_types_is_served(coded_stack: CodedStack) -> None:
    """A server may send more, so members that the types lack are no error."""
    served = requests.get(f"{coded_stack.url}/openapi.json", timeout=60).json()["components"]["schemas"]
    missing = {}
    for name, kind in vars(shapes).items():
        if not (isinstance(kind, type) and hasattr(kind, "__required_keys__") and name in served):
            continue
        members, required = set(served[name]["properties"]), set(served[name].get("required", []))
        missing[name] = (kind.__required_keys__ - required) | (kind.__optional_keys__ - members)
    assert len(missing) > 25
    assert {name: lacking for name, lacking in missing.items() if lacking} == {}


def test_a_genuine_delivery_is_taken_under_either_of_two_secrets() -> None:
    other = "whsec_" + "A" * 32
    headers, body = delivery({"seq": 3})
    assert verify([other, SECRET], headers, body)["data"]["seq"] == 3


@pytest.mark.parametrize("spoilt", ["body", "secret", "age", "header", "signature"])
def test_a_delivery_that_is_not_genuine_is_refused(spoilt: str) -> None:
    headers, body = delivery({"seq": 3}, at=datetime(2024, 1, 1, tzinfo=UTC) if spoilt == "age" else None)
    secret = "whsec_" + "A" * 32 if spoilt == "secret" else SECRET
    if spoilt == "header":
        del headers["Webhook-Signature"]
    if spoilt == "signature":
        headers["Webhook-Signature"] = "v1,é not base64"
    with pytest.raises(BadSignature):
        verify(secret, headers, body + b" " if spoilt == "body" else body)
