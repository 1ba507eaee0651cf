"""A newcomer's questions, answered by clicks from the first page alone, on a whole stack with the baseline."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select

from entente.client import Entente
from tests.integration.browsing import asked_hosts, browsing, no_complaint, until
from tests.integration.conftest import add_key
from tests.processes import until as true_at_last
from tests.running_stack import up

#: An article of today about a pair of which the baseline says nothing.
TODAYS = "Bolivia opened an embassy in Pristina on Monday. Bolivia recognised Kosovo as an independent state on Monday."


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The base URL of a stack that has the baseline and has coded one article of today."""
    data_dir = tmp_path_factory.mktemp("stack")
    with up(data_dir, ENTENTE_WORKER_PROCESSES="1", ENTENTE_BASELINE="on") as (_, places):
        with Entente(places["api"], add_key(data_dir)) as client:
            today = datetime.now(UTC).date().isoformat()
            sent = client.submit(
                text=TODAYS, title="La Paz turns to Pristina", published_at=today, source="Andean Post"
            )
            true_at_last(lambda: client.article(sent["id"])["status"] == "coded", 120)
        yield places["api"].removesuffix("/v1")


@pytest.fixture(scope="module")
def _window(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    with browsing(tmp_path_factory.mktemp("profile")) as found:
        yield found


@pytest.fixture
def newcomer(_window: Any, stack: str) -> Iterator[Any]:
    """A browser on the first page. Nothing may leave the host, or be refused, on the way from there."""
    _window.get_log("browser")
    _window.get_log("performance")
    _window.get(f"{stack}/")
    yield _window
    assert asked_hosts(_window) == {stack}
    no_complaint(_window)


def chosen(browser: Any, **values: str) -> None:
    """Choose from lists by what they show."""
    for name, text in values.items():
        Select(browser.find_element(By.NAME, name)).select_by_visible_text(text)


def searched(browser: Any, words: str) -> None:
    browser.find_element(By.ID, "find").send_keys(words, Keys.ENTER)


def main(browser: Any) -> str:
    """What the page shows, in one line."""
    return " ".join(browser.find_element(By.TAG_NAME, "main").text.split())


def test_who_recognised_palestine_in_2024_since_when_and_who_says_so(newcomer: Any) -> None:
    chosen(newcomer, facet="Recognition", country="Palestine")
    newcomer.find_element(By.CSS_SELECTOR, "#choose button").click()
    until(newcomer, lambda b: b.find_elements(By.CSS_SELECTOR, "#map path.land.tone-p3"))
    newcomer.find_element(By.ID, "filter").send_keys("2024")
    rows = {
        row.find_element(By.TAG_NAME, "a").text: row.text
        for row in newcomer.find_elements(By.CSS_SELECTOR, "#table tbody tr")
    }

    assert {"Norway", "Ireland", "Spain", "Slovenia", "Armenia", "Barbados", "Jamaica"} <= set(rows)
    assert {"Sweden", "Brazil"}.isdisjoint(rows)
    assert "28 May 2024" in rows["Norway"]
    newcomer.find_element(By.CSS_SELECTOR, "#table").find_element(By.LINK_TEXT, "Norway").click()
    until(newcomer, lambda b: b.find_elements(By.ID, "line"))
    assert "Norway recognises Palestine (since 28 May 2024)." in main(newcomer)
    # The address names the facet: its reasons are open.
    assert "statement of recognition of the State of Palestine Government of Norway, 28 May 2024" in main(newcomer)


def test_how_ethiopia_and_eritrea_stood_in_2017_and_stand_today_and_why(newcomer: Any) -> None:
    searched(newcomer, "Ethiopia and Eritrea")
    until(newcomer, lambda b: b.find_elements(By.ID, "line"))
    # How a date is typed depends on the language of the browser.
    newcomer.execute_script("arguments[0].value = '2017-07-01'", newcomer.find_element(By.NAME, "compare"))
    newcomer.find_element(By.CSS_SELECTOR, "form.bar button").click()
    until(newcomer, lambda b: b.find_elements(By.ID, "compared"))

    then, now = (one.text for one in newcomer.find_elements(By.CSS_SELECTOR, "main dl dd.line"))
    assert "Ethiopia and Eritrea have severed relations" in then
    assert "Ethiopia and Eritrea have diplomatic relations (since 9 Jul 2018)." in now
    told = main(newcomer)
    assert "On 1 Jul 2017" in told
    assert (
        "Diplomatic relations severed established Joint Declaration of Peace and Friendship between Eritrea and "
        "Ethiopia (Asmara), 9 Jul 2018" in told
    )


def test_what_moved_yesterday(newcomer: Any) -> None:
    newcomer.find_element(By.CSS_SELECTOR, "header nav").find_element(By.LINK_TEXT, "Live").click()
    until(newcomer, lambda b: b.find_elements(By.ID, "digest"))

    told = main(newcomer)
    assert "Bolivia → Kosovo: recognition unknown → recognised" in told
    assert "Andean Post" in told
    newcomer.find_element(By.PARTIAL_LINK_TEXT, "Bolivia → Kosovo").click()
    until(newcomer, lambda b: b.find_elements(By.ID, "line"))
    assert "Bolivia recognises Kosovo (since" in main(newcomer)


def test_why_the_conflict_of_russia_with_ukraine_has_its_value(newcomer: Any) -> None:
    searched(newcomer, "Russia Ukraine")
    until(newcomer, lambda b: b.find_elements(By.ID, "conflict"))
    assert "Russia and Ukraine are at war (since 24 Feb 2022)." in main(newcomer)
    row = newcomer.find_element(By.ID, "conflict")
    row.find_element(By.TAG_NAME, "summary").click()

    told = " ".join(row.text.split())
    assert "war" in told
    assert "since 24 Feb 2022 · 1 document" in told
    assert "Rule baseline→conflict@" in told
    assert row.find_elements(By.CSS_SELECTOR, "figure.quote figcaption cite")


def test_what_a_pasted_article_would_change(newcomer: Any) -> None:
    newcomer.find_element(By.CSS_SELECTOR, "header nav").find_element(By.LINK_TEXT, "Try it").click()
    until(newcomer, lambda b: b.find_elements(By.NAME, "text"))
    newcomer.find_element(By.NAME, "text").send_keys("Japan imposed sanctions on Belarus on Tuesday.")
    newcomer.find_element(By.CSS_SELECTOR, "form.stack button").click()
    until(newcomer, lambda b: b.find_elements(By.ID, "outcome"))

    assert "Japan → Belarus: sanctions" in newcomer.find_element(By.ID, "outcome").text
    newcomer.find_element(By.CSS_SELECTOR, "#outcome a").click()
    until(newcomer, lambda b: b.find_elements(By.ID, "line"))
    assert "Japan and Belarus" in main(newcomer)
    assert "Tuesday" not in main(newcomer)


def test_a_fresh_install_shows_the_baseline_what_changed_and_what_to_do_next(newcomer: Any) -> None:
    first = newcomer.find_element(By.ID, "first-run").text

    assert "Bolivia → Kosovo: recognition unknown → recognised" in " ".join(first.split())
    assert "entente keys add me --scope admin" in first
    assert "entente feeds add" in first
    assert "entente ingest FILE" in first
    assert "Russia" in newcomer.find_element(By.ID, "table").text
