"""The dashboard by axe-core: no serious finding on any page, in light and in dark colours."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from api.http.auth import SESSION_COOKIE
from entente.bootstrap.container import Container
from tests.integration.browsing import browsing, known_container, served, until
from tests.integration.dashboard_news import NEWS, tell

AXE = Path(__file__).with_name("generated_clients") / "node_modules" / "axe-core" / "axe.min.js"

#: Impacts, as axe-core names them, that no page may have.
SERIOUS = {"serious", "critical"}

#: Pages by what they show; `{article}` is the id of an article.
PAGES = (
    "/",
    "/?facet=recognition&country=PSE",
    "/?facet=score&country=RUS",
    "/?facet=score",
    "/relations/ETH/ERI?as_of=2018-12-31&compare=2016-07-01",
    "/relations/RUS/UKR",
    "/relations/TCD/SDN",
    "/relations/FRA/DEU",
    "/countries/RUS",
    "/countries/XKX",
    "/events/RUS.UKR.invade.effective.2022-02-24",
    "/articles/{article}",
    "/search",
    "/search?q=Palestine",
    "/live?since=2025-07-01",
    "/live",
    "/try?sample=recognition",
    "/session",
    "/curate",
    "/relations/FRA/Atlantiss",
    "/embed/?facet=recognition&country=PSE",
    "/embed/relations/RUS/UKR",
)

#: Pages of whoever has signed in.
CURATING = (
    "/curate",
    "/curate/articles/{article}",
    "/curate/events/RUS.UKR.invade.effective.2022-02-24",
    "/session",
)


@pytest.fixture(scope="module")
def container(
    tmp_path_factory: pytest.TempPathFactory, _sqlite_template: Path, redis_server: str
) -> Iterator[Container]:
    """The services with the news of `dashboard_news`, shared by all tests."""
    with known_container(tmp_path_factory.mktemp("ledger"), _sqlite_template, redis_server) as known:
        yield known


@pytest.fixture(scope="module")
def article(container: Container) -> str:
    """The id of an article that reports two events."""
    return tell(container)[next(one.title for one in NEWS if one.title.startswith("Russia invades"))]


@pytest.fixture(scope="module")
def site(container: Container, article: str) -> Iterator[str]:
    with served(container, ENTENTE_EMBED_ORIGINS="*") as address:
        yield address


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    if not AXE.exists():
        pytest.skip("no axe-core: make node")
    with browsing(tmp_path_factory.mktemp("profile")) as found:
        yield found


def findings(browser: Any, address: str, *rules: str) -> list[str]:
    """What axe-core finds serious on a page, with all that is folded away opened, as `rule: elements`.

    `rules`: those to check; without them all.
    """
    browser.get(address)
    # The map's page is whole once the map is drawn, or cannot be.
    until(
        browser,
        lambda b: b.execute_script("return (document.getElementById('map-state') || {}).textContent") in ("", None),
    )
    browser.execute_script("for (const one of document.querySelectorAll('details')) one.open = true;")
    browser.execute_script(AXE.read_text(encoding="utf-8"))
    told = browser.execute_async_script(
        "const [rules, done] = arguments, only = rules.length ? { runOnly: rules } : {};"
        "axe.run(document, { resultTypes: ['violations'], ...only }).then((r) => done(r.violations));",
        rules,
    )
    return [
        f"{one['id']}: {', '.join(str(node['target'][0]) for node in one['nodes'][:4])}"
        for one in told
        if one["impact"] in SERIOUS
    ]


#: The rules of axe-core that dark colours alone can break.
OF_COLOUR = ("color-contrast", "link-in-text-block")


@pytest.fixture(params=[("light", ()), ("dark", OF_COLOUR)], ids=["light", "dark"])
def coloured(browser: Any, request: pytest.FixtureRequest) -> tuple[Any, tuple[str, ...]]:
    """The browser of a reader who prefers these colours, and the rules to check."""
    colours, rules = request.param
    wanted = [{"name": "prefers-color-scheme", "value": colours}]
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": wanted})
    return browser, rules


def test_no_page_has_a_serious_finding(coloured: tuple[Any, tuple[str, ...]], site: str, article: str) -> None:
    browser, rules = coloured
    found = {page: findings(browser, site + page.format(article=article), *rules) for page in PAGES}

    assert {page: told for page, told in found.items() if told} == {}


@pytest.fixture(scope="module")
def token(container: Container) -> str:
    """The token of a key that may do everything."""
    return container.keys.add("curator", ["admin"]).token


def test_no_page_of_who_curates_has_a_serious_finding(
    coloured: tuple[Any, tuple[str, ...]], site: str, article: str, token: str
) -> None:
    browser, rules = coloured
    browser.get(f"{site}/session")
    browser.add_cookie({"name": SESSION_COOKIE, "value": token})
    try:
        found = {page: findings(browser, site + page.format(article=article), *rules) for page in CURATING}
    finally:
        browser.delete_all_cookies()

    assert {page: told for page, told in found.items() if told} == {}
