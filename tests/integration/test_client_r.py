"""The R file's examples run, and their tables have dates, against a running stack."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.integration.conftest import CodedStack
from tests.integration.test_client import BUSY, answering
from tests.integration.web_server import Site

ROOT = Path(__file__).parents[2]


def run(script: str, key: str) -> str:
    done = subprocess.run(
        ["Rscript", "--vanilla", "-e", script],
        env=os.environ | {"KEY": key, "LC_ALL": "C.UTF-8"},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module", autouse=True)
def _r() -> None:
    has = "q(status = !all(sapply(c('httr2', 'jsonlite'), requireNamespace, quietly = TRUE)))"
    if (
        not shutil.which("Rscript")
        or subprocess.run(["Rscript", "-e", has], capture_output=True, check=False).returncode
    ):
        pytest.skip("needs R with httr2 and jsonlite")


def test_the_examples_of_the_document_run(coded_stack: CodedStack, reading_key: str) -> None:
    document = (ROOT / "docs" / "clients.md").read_text(encoding="utf-8")
    [example] = re.findall(r"```r\n(.*?)```", document, re.DOTALL)
    told = run(example.replace("http://127.0.0.1:8080", coded_stack.url), reading_key)
    assert "recognised" in told
    assert re.search(r"2025-07-03 +withdrawn +effective|2025-07-03 +withdrawn +reported", told)
    assert "asset_freeze: in_force" in told
    assert "nearest: KEN (Kenya)" in told
    assert re.search(r"2024-07 +2 +[12] +1\n", told), told


def test_every_page_is_read_and_columns_are_typed(coded_stack: CodedStack, reading_key: str) -> None:
    script = f"""
    source("clients/r/entente.R")
    server <- entente("{coded_stack.url}/v1/", key = Sys.getenv("KEY"))
    stopifnot(
      identical(entente_events(server), entente_events(server, limit = 1)),
      nrow(entente_events(server)) > 4,
      nrow(entente_events(server, source = "Iceland")) == 0,
      identical(entente_events(server, min_confidence = 0.00001), entente_events(server)),
      nrow(entente_changes(server, after = 100000)) == 0,
      inherits(entente_changes(server)$recorded_at, "POSIXct"),
      !anyNA(entente_changes(server)$recorded_at),
      inherits(entente_history(server, "KEN", "XKX")$valid_to, "Date"),
      identical(entente_history(server, "KEN", "XKX", "recognition")$valid_from, c("2024-06-11", "2025-07-03")),
      entente_relation(server, "Kenya", "Kosovo", known_at = as.POSIXct("2020-01-01", tz = "UTC"))$label == "unknown",
      entente_relation(server, "Côte d'Ivoire", "KEN")$source$key == "CIV",
      entente_relation(server, "Kenya", "Kosovo", published_by = "2024-06-12")$label == "unknown",
      nrow(entente_history(server, "KEN", "XKX", published_by = as.Date("2024-06-12"))) == 0,
      all(entente_changes(server, unconfirmed = "only")$status == "unconfirmed"),
      length(entente_why(server, "KEN", "XKX", "recognition")$holding) == 1,
      entente_diff(server, "KEN", "XKX", from = "2024-01-01")$n_events == 3,
      entente_dyad(server, "KEN", "XKX")$a$key == "KEN",
      inherits(entente_series(server, "KEN", "XKX", from = "2024-01-01")$from, "Date"),
      nrow(entente_articles(server, status = "coded")) == 5,
      nrow(entente_countries(server)) > 190
    )
    states <- entente_states(server, source = "Kenya", target = "Kosovo", facet = "recognition")
    panel <- entente_panel(server, from = "2024-05-01", to = "2024-08-31", source = "USA", target = "BLR",
                           facets = c("sanctions:in_force", "relations"), directed = TRUE)
    stopifnot(
      identical(states$value, c("recognised", "withdrawn")),
      identical(states$valid_from_first, as.Date(c("2024-06-11", "2025-07-03"))),
      identical(states$source_cow, c("501", "501")),
      nrow(entente_states(server, source = "Iceland", target = "Fiji")) == 0,
      identical(panel$n_events > 0L, c(NA, FALSE, TRUE, FALSE)),
      identical(panel$relations, rep("unknown", 4))
    )
    refused <- tryCatch(entente_history(server, "KEN", "XKX", facet = "x"), entente_problem = identity)
    stopifnot(refused$status == 422, refused$problem$errors[[1]]$field == "facet")
    """
    run(script, reading_key)


def test_a_busy_server_is_asked_again_after_the_seconds_it_names(site: Site) -> None:
    answers = iter([answering(429, BUSY, Retry_After="1"), answering(200, {"label": "friendly"})])
    site.raw("/v1/relations/KEN/XKX", lambda handler: next(answers)(handler))
    site.raw("/v1/codebook", answering(404, "no document"))
    script = f"""
    source("clients/r/entente.R")
    server <- entente("{site.url}")
    begun <- Sys.time()
    stopifnot(entente_relation(server, "KEN", "XKX")$label == "friendly", Sys.time() - begun >= 1)
    refused <- tryCatch(entente_codebook(server), entente_problem = identity)
    stopifnot(refused$status == 404, grepl("answered 404 without a problem document", conditionMessage(refused)))
    """
    run(script, "")


def test_a_key_that_is_empty_is_not_sent(site: Site) -> None:
    site.raw("/v1/codebook", answering(200, {"version": "1"}))
    script = f"""
    source("clients/r/entente.R")
    invisible(entente_codebook(entente("{site.url}", key = Sys.getenv("ENTENTE_KEY_THAT_NOBODY_SET"))))
    invisible(entente_codebook(entente("{site.url}", key = "a-key")))
    """
    run(script, "")
    assert [headers.get("Authorization") for _, _, headers, _ in site.asked] == [None, "Bearer a-key"]
