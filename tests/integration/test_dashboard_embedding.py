"""Pages in frames: of which origins a page may show them, in a real browser, and what they leave out."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit

import pytest
from selenium.webdriver.common.by import By

from entente.bootstrap.container import Container
from tests.integration.browsing import browsing, known_container, served, until
from tests.integration.dashboard_news import tell

EMBEDDED = ("/embed/?facet=recognition&country=PSE", "/embed/relations/NOR/PSE", "/embed/countries/NOR")


@pytest.fixture(scope="module")
def container(
    tmp_path_factory: pytest.TempPathFactory, _sqlite_template: Path, redis_server: str
) -> Iterator[Container]:
    """The services with the news of `dashboard_news`, shared by all tests."""
    with known_container(tmp_path_factory.mktemp("ledger"), _sqlite_template, redis_server) as known:
        tell(known)
        yield known


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    with browsing(tmp_path_factory.mktemp("profile")) as found:
        yield found


@contextmanager
def newspaper() -> Iterator[str]:
    """The origin of a website of its own, whose pages have the body that the query of their address says."""

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(f"<!doctype html><title>news</title>{unquote(urlsplit(self.path).query)}".encode())

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Page)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


def shown_in_a_frame(browser: Any, address: str) -> str:
    """The words of a frame that is put into the page that is open; empty if the browser did not fill it."""
    browser.switch_to.default_content()
    browser.execute_async_script(
        """const [address, done] = arguments; document.querySelectorAll("iframe").forEach((one) => one.remove());
        const frame = document.createElement("iframe"); frame.width = 900; frame.height = 640;
        frame.addEventListener("load", () => done()); frame.src = address; document.body.append(frame);""",
        address,
    )
    browser.switch_to.frame(browser.find_element(By.TAG_NAME, "iframe"))
    told = browser.execute_script("return location.protocol === 'http:' ? document.body.innerText : ''")
    browser.switch_to.default_content()
    return str(told)


def test_an_origin_that_is_allowed_frames_pages_and_no_other_does(browser: Any, container: Container) -> None:
    with (
        newspaper() as allowed,
        newspaper() as refused,
        served(container, ENTENTE_EMBED_ORIGINS=f"https://news.example {allowed}") as site,
    ):
        browser.get(f"{refused}/")
        assert [shown_in_a_frame(browser, site + path) for path in EMBEDDED] == ["", "", ""]
        browser.get(f"{allowed}/")
        assert ["Palestine" in shown_in_a_frame(browser, site + path) for path in EMBEDDED] == [True, True, True]
        # Pages that act for who has signed in are never framed.
        assert shown_in_a_frame(browser, f"{site}/curate") == ""
        assert shown_in_a_frame(browser, f"{site}/relations/NOR/PSE") == ""


def test_no_page_may_be_framed_unless_the_setting_says_so(browser: Any, container: Container) -> None:
    with newspaper() as origin, served(container) as site:
        browser.get(f"{origin}/")
        for path in EMBEDDED:
            assert shown_in_a_frame(browser, site + path) == "", path
        # By itself the page can be looked at, and no page offers it for frames.
        browser.get(site + EMBEDDED[1])
        assert "Norway recognises Palestine" in browser.find_element(By.TAG_NAME, "main").text
        browser.get(f"{site}/relations/NOR/PSE")
        assert browser.find_elements(By.ID, "embed") == []


def test_a_frame_shows_the_map_without_what_leads_elsewhere(browser: Any, container: Container) -> None:
    with newspaper() as origin, served(container, ENTENTE_EMBED_ORIGINS=origin) as site:
        browser.get(f"{site}/?facet=recognition&country=PSE")
        until(browser, lambda b: b.find_element(By.ID, "slider").is_displayed())
        browser.execute_script(
            "const s = document.getElementById('slider'); s.value = 15340; s.dispatchEvent(new Event('input'));"
        )
        until(browser, lambda b: "as_of=2012-01-01" in b.current_url)
        snippet = browser.find_element(By.ID, "embed").get_property("value")
        assert f'src="{site}/embed/?facet=recognition&amp;country=PSE&amp;as_of=2012-01-01"' in snippet

        browser.get(f"{origin}/?{quote(snippet)}")
        browser.switch_to.frame(browser.find_element(By.TAG_NAME, "iframe"))
        until(browser, lambda b: b.find_elements(By.CSS_SELECTOR, "#map path.land.tone-p3"))
        assert browser.find_elements(By.CSS_SELECTOR, "form, header.top, a[href='/session']") == []
        assert browser.find_element(By.TAG_NAME, "base").get_attribute("target") == "_blank"
        link = browser.find_element(By.LINK_TEXT, "This page at Entente")
        assert link.get_attribute("href") == f"{site}/?facet=recognition&country=PSE&as_of=2012-01-01"
        browser.switch_to.default_content()
