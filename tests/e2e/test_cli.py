"""The `entente` command as a process: its output, streams and exit codes."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ENTENTE = Path(sys.executable).with_name("entente")

ARTICLE = {
    "title": "Norway recognises Palestine",
    "text": "OSLO, May 28 – Norway recognised Palestine as a state on Tuesday. Israel recalled its envoy from Oslo.",
    "published_at": "2024-05-28",
    "source": "Test Wire",
    "language": "en",
    "id": "an unknown field",
}


def entente(data_dir, *arguments, stdin=None, cwd=None, **more):
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("ENTENTE_", "REDIS_"))}
    return subprocess.run(
        [ENTENTE, *arguments],
        env=kept | {"ENTENTE_DATA_DIR": str(data_dir), "ENTENTE_BASELINE": "off"} | more,
        input=stdin,
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


@pytest.fixture
def article(tmp_path):
    path = tmp_path / "article.json"
    path.write_text(json.dumps(ARTICLE))
    return path


@pytest.fixture(scope="module")
def ledger(tmp_path_factory):
    """A data directory that holds the article."""
    path = tmp_path_factory.mktemp("article") / "article.json"
    path.write_text(json.dumps(ARTICLE))
    data_dir = tmp_path_factory.mktemp("data")
    assert entente(data_dir, "ingest", str(path)).returncode == 0
    return data_dir


def one_line(text):
    return len(text.strip().splitlines()) == 1


def test_an_article_is_coded_here_when_no_stack_runs_and_shows_in_the_relation(tmp_path, article):
    done = entente(tmp_path / "data", "ingest", str(article))
    assert (done.returncode, done.stderr) == (0, "")
    assert "coded" in done.stdout
    shown = entente(tmp_path / "data", "relation", "Norway", "Palestine")
    assert shown.returncode == 0, shown.stderr
    assert "Norway → Palestine" in shown.stdout
    assert re.search(r"recognition +recognised +since 2024-05-28", shown.stdout)
    assert "“OSLO, May 28 – Norway recognised Palestine" in shown.stdout or "“Norway recognised" in shown.stdout
    assert "Palestine → Norway" in shown.stdout
    assert re.search(r"History\n +2024-05-28 +NOR → PSE +recognition", shown.stdout)


def test_the_same_article_again_is_known_already(tmp_path, article):
    first, second = (json.loads(entente(tmp_path / "data", "ingest", "--json", str(article)).stdout) for _ in range(2))
    assert (first["created"], second["created"]) == (True, False)
    assert first["article_id"] == second["article_id"]
    assert second["status"] == "coded"


def test_the_relation_as_json_is_the_two_records_that_the_api_serves(ledger):
    records = json.loads(entente(ledger, "relation", "NOR", "PSE", "--json").stdout)
    assert [record["source"]["key"] for record in records] == ["NOR", "PSE"]


def test_a_relation_before_its_first_event_is_unknown(ledger):
    shown = entente(ledger, "relation", "NOR", "PSE", "--as-of", "2024-05-27").stdout
    assert "recognised" not in shown
    assert "as of 2024-05-27" in shown


def test_an_unknown_country_is_answered_with_the_nearest_names(ledger):
    done = entente(ledger, "relation", "Russai", "AFG")
    assert done.returncode == 1
    assert "Russia" in done.stderr
    assert one_line(done.stderr)


def test_a_bad_file_is_named_and_the_good_one_is_still_coded(tmp_path, article):
    bad = tmp_path / "bad.json"
    bad.write_text('{"title": "no text"}')
    done = entente(tmp_path / "data", "ingest", str(bad), str(article))
    assert done.returncode == 1
    assert "coded" in done.stdout
    assert "bad.json: text: " in done.stderr
    assert one_line(done.stderr)


def test_an_article_in_another_language_is_rejected_with_the_reason(tmp_path):
    path = tmp_path / "fr.json"
    path.write_text(json.dumps({"text": "Le gouvernement français a annoncé jeudi de nouvelles mesures. " * 5}))
    outcome = json.loads(entente(tmp_path / "data", "ingest", "--json", str(path)).stdout)
    assert (outcome["status"], outcome["reason"]) == ("rejected", "language")


def test_a_setting_that_cannot_be_used_fails_in_one_line(tmp_path):
    done = entente(tmp_path, "relation", "RUS", "AFG", ENTENTE_PORT="many")
    assert done.returncode == 1
    assert "ENTENTE_PORT" in done.stderr
    assert one_line(done.stderr)


def test_verify_finds_no_difference_after_an_ingest(ledger):
    done = entente(ledger, "verify")
    assert (done.returncode, done.stdout) == (0, "no difference\n")


def test_rebuild_derives_the_same_also_without_redis(ledger):
    data_dir = ledger
    before = entente(data_dir, "relation", "NOR", "PSE").stdout
    done = entente(data_dir, "rebuild")
    assert done.returncode == 0, done.stderr
    assert entente(data_dir, "relation", "NOR", "PSE").stdout == before


def test_a_source_is_added_once_and_listed_without_its_secret(tmp_path):
    added = entente(tmp_path / "data", "sources", "add", "wire", "--json")
    secret = json.loads(added.stdout)["secret"]
    assert secret.startswith("whsec_")
    assert entente(tmp_path / "data", "sources", "add", "wire").returncode == 1
    listed = entente(tmp_path / "data", "sources", "list").stdout
    assert "articles of wire" in listed
    assert secret not in listed


def test_a_source_is_bound_to_publishers_and_doctor_names_those_that_are_not(tmp_path):
    data_dir = tmp_path / "data"
    added = entente(data_dir, "sources", "add", "wire", "--publisher", "*", "--json")
    assert json.loads(added.stdout)["publishers"] == ["*"]
    assert senders(data_dir)[0] == "warning"
    assert "any publisher: wire" in senders(data_dir)[1]

    bound = entente(data_dir, "sources", "bind", "wire", "Sample Wire", "herald.example")

    assert bound.stdout == "wire may post articles of Sample Wire, herald.example\n"
    assert senders(data_dir)[0] == "ok"


def senders(data_dir):
    findings = json.loads(entente(data_dir, "doctor", "--json").stdout)
    return next((finding["verdict"], finding["detail"]) for finding in findings if finding["check"] == "senders")


def test_doctor_finds_nothing_that_fails(tmp_path):
    done = entente(tmp_path / "data", "doctor", "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    assert {"ledger", "redis", "coder", "seeds"} <= {finding["check"] for finding in json.loads(done.stdout)}


def test_coding_lines_answers_each_in_order_and_flags_the_malformed(tmp_path):
    lines = [
        json.dumps({"id": "1", "text": ARTICLE["text"], "published_at": "2024-05-28"}),
        "{",
        json.dumps({"id": "3", "text": ""}),
    ]
    done = entente(
        tmp_path / "data", "code", "--jsonl", stdin="\n".join(lines) + "\n", ENTENTE_REDIS_URL="redis://no/0"
    )
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [answer["id"] for answer in answers] == ["1", None, "3"]
    assert answers[1]["error"]["line"] == 2
    recognition = next(event for event in answers[0]["events"] if event["act"] == "recognise")
    assert (recognition["source"]["entity"], recognition["target"]["entity"]) == ("NOR", "PSE")
    span = recognition["quote"]
    assert ARTICLE["text"][span["start"] : span["end"]] == span["text"]
    assert answers[2]["events"] == []
    assert done.returncode == 1
    assert one_line(done.stderr)
    assert not (tmp_path / "data").exists()


def test_coding_answers_a_line_before_the_next_is_written(tmp_path):
    with subprocess.Popen(
        [ENTENTE, "code", "--jsonl"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        started = time.monotonic()
        for number in ("1", "2"):
            process.stdin.write(json.dumps({"id": number, "text": ARTICLE["text"]}) + "\n")
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["id"] == number
        assert time.monotonic() - started < 60
        process.stdin.close()
        assert process.wait(60) == 0


def test_what_a_directory_holds_is_taken_summed_up_and_known_the_second_time(tmp_path):
    news = tmp_path / "news"
    news.mkdir()
    (news / "a.txt").write_text("Norway recognised Palestine on Tuesday.")
    (news / "b.csv").write_text("text,date\nKenya recognised Kosovo on Tuesday.,2025-07-03\n,2025-07-03\nRain.,soon\n")
    (news / "c.png").write_bytes(b"\x89PNG" + bytes(range(256)))
    (news / "d.csv").write_text("event_id_cnty,event_date,event_type,sub_event_type\nUKR1,16 May 2025,a,b\n")

    first, second = (entente(tmp_path / "data", "ingest", "news", cwd=tmp_path) for _ in range(2))

    assert (first.returncode, second.returncode) == (1, 1)
    assert "2 taken, 0 known already, 2 refused, 2 files passed over" in first.stdout
    assert "0 taken, 2 known already, 2 refused" in second.stdout
    assert "published_at: Not a date" in first.stdout
    assert "news/b.csv:4" in first.stdout
    assert "entente import acled news/d.csv" in first.stdout
    assert "1 without a date" in first.stdout
    assert first.stderr.startswith("Error: 2 articles failed; the first: news/b.csv:3: ")
    assert one_line(first.stderr)


def test_a_place_that_is_not_there_is_wrong_usage(tmp_path):
    for place in ("news/*.txt", "missing.json"):
        done = entente(tmp_path / "data", "ingest", place, cwd=tmp_path)
        assert done.returncode == 2
        assert place in done.stderr


def test_ctrl_c_finishes_the_article_at_hand_and_the_same_command_goes_on(tmp_path):
    lines = [json.dumps({"text": f"Norway recognised Palestine on Tuesday. Story {n}."}) for n in range(40)]
    (tmp_path / "many.ndjson").write_text("\n".join(lines))
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("ENTENTE_", "REDIS_"))}
    with subprocess.Popen(
        [ENTENTE, "ingest", "many.ndjson", "--json"],
        cwd=tmp_path,
        env=kept | {"ENTENTE_DATA_DIR": str(tmp_path / "data")},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        first = json.loads(process.stdout.readline())
        process.send_signal(signal.SIGINT)
        rest, said = process.communicate(timeout=60)

    outcomes = [first, *map(json.loads, rest.splitlines())]
    assert process.returncode == 1
    assert said.splitlines()[-1] == "Error: stopped; the same command goes on where it stopped"
    assert len(outcomes) < 40
    assert {outcome["status"] for outcome in outcomes} == {"coded"}
    again = [
        json.loads(line)
        for line in entente(tmp_path / "data", "ingest", "many.ndjson", "--json", cwd=tmp_path).stdout.splitlines()
    ]
    assert [(outcome["created"], outcome["status"]) for outcome in again] == [(False, "coded")] * 40


def test_articles_are_listed_with_status_and_title(ledger):
    listed = entente(ledger, "articles", "-q", "recognise", "--publisher", "test wire").stdout
    assert re.fullmatch(r"\S+  2024-05-28  Test Wire  coded  Norway recognises Palestine\n", listed)
    assert entente(ledger, "articles", "--from", "2024-05-29").stdout == ""
    assert json.loads(entente(ledger, "articles", "--json").stdout)["published_on"] == "2024-05-28"


def test_a_day_that_is_only_the_publications_is_marked(tmp_path):
    (tmp_path / "undated.json").write_text(
        json.dumps({"text": "Norway has recognised Palestine as a state.", "published_at": "2024-05-28T23:00:00-05:00"})
    )
    entente(tmp_path / "data", "ingest", "undated.json", cwd=tmp_path)
    shown = entente(tmp_path / "data", "relation", "NOR", "PSE").stdout
    assert "since 2024-05-28 (day of publication)" in shown
