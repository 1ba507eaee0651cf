"""A real browser for tests: Chromium by its driver, with what tests ask of every page in it."""

import json
import os
import shutil
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from redis import Redis
from selenium import webdriver
from selenium.common.exceptions import NoSuchElementException, StaleElementReferenceException
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.support.ui import WebDriverWait

from entente.bootstrap.container import Container
from entente.bootstrap.settings import Settings
from tests.conftest import ChosenClock
from tests.integration.conftest import api_on

FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--lang=en-GB",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Or a click would miss what is still being scrolled to.
    "--force-prefers-reduced-motion",
)

#: Seconds that a page may take; other work on the machine makes it slow, but not wrong.
PATIENCE = 60

#: Width and height of a window, and of a phone's.
DESK, PHONE = (1180, 900), (390, 844)


@contextmanager
def browsing(profile: Path, *, scripts: bool = True) -> Iterator[Any]:
    """A browser with a profile of its own, as wide as a desk's; skips where there is no Chromium."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    driver = shutil.which("chromedriver")
    if not chromium or not driver:
        pytest.skip("no Chromium: install the packages chromium and chromium-driver")
    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    for flag in (*FLAGS, f"--window-size={DESK[0]},{DESK[1] + 140}", f"--user-data-dir={profile}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    # Dates are spelt for this reader, whatever the machine's language is.
    kept: dict[str, Any] = {"intl.accept_languages": "en-GB"}
    if not scripts:
        kept["profile.managed_default_content_settings.javascript"] = 2
    options.add_experimental_option("prefs", kept)
    browser = webdriver.Chrome(options=options, service=Service(driver, env=os.environ | {"HOME": str(profile)}))
    browser.set_script_timeout(PATIENCE)
    try:
        resize(browser, DESK)
        yield browser
    finally:
        browser.quit()


@contextmanager
def known_container(directory: Path, template: Path, redis: str) -> Iterator[Container]:
    """The services on a ledger and a Redis that are empty, on midday of 4 July 2025: for all tests of a module."""
    ledger = directory / "ledger.db"
    shutil.copyfile(template, ledger)
    with Redis.from_url(redis) as client:
        client.flushall()
    settings = Settings(data_dir=directory, database_url=f"sqlite:///{ledger}", redis_url=redis)
    container = Container(settings, ChosenClock(datetime(2025, 7, 4, 12, tzinfo=UTC)))
    yield container
    container.close()


@contextmanager
def served(container: Container, **more: str) -> Iterator[str]:
    """The base URL of the API as it is run in earnest; `more` are further settings."""
    with socket.create_server(("127.0.0.1", 0)) as listener, api_on(listener, container, **more):
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


def resize(browser: Any, size: tuple[int, int]) -> None:
    width, height = size
    told = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", told)


def until(browser: Any, true: Callable[[Any], Any]) -> Any:
    """Wait until this is true of the browser; what it gives. An element of the page before is waited out."""
    gone = (NoSuchElementException, StaleElementReferenceException)
    return WebDriverWait(browser, PATIENCE, ignored_exceptions=gone).until(true)


def no_complaint(browser: Any) -> None:
    """The console has no error: no blocked script, style or request, no exception."""
    assert [line for line in browser.get_log("browser") if line["level"] == "SEVERE"] == []


def asked_hosts(browser: Any) -> set[str]:
    """Every scheme and host that the browser sent a request to for its pages, since this was last asked."""
    events = [json.loads(line["message"])["message"] for line in browser.get_log("performance")]
    sent = [e["params"]["request"]["url"] for e in events if e["method"] == "Network.requestWillBeSent"]
    return {"/".join(url.split("/")[:3]) for url in sent if not url.startswith(("data:", "blob:", "chrome", "about:"))}
