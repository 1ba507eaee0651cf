"""Take the pictures of docs/dashboard.md: `python -m tests.pictures`, or of every page in every width, into a folder.

The ledger has the baseline, the invented news of `tests/integration/dashboard_news.py` and the sample articles of
`seeds/articles/`, read by the coder. Needs Chromium and its driver, and the weights of the reader.
"""

import base64
import json
import socket
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from selenium.webdriver.common.by import By

from entente.bootstrap.container import Container
from entente.bootstrap.settings import Settings
from entente.services.articles import ArticleDraft
from tests.conftest import running_redis
from tests.integration.browsing import browsing, until
from tests.integration.conftest import api_on
from tests.integration.dashboard_news import NEWS, tell

ROOT = Path(__file__).parents[1]
PICTURES = ROOT / "docs" / "pictures"
DESKTOP, PHONE = 1280, 390


@dataclass(frozen=True, slots=True)
class Shot:
    """A picture: its name, the page, and how much of it. `height` in CSS pixels, None for the whole page."""

    name: str
    path: str
    height: int | None = None
    width: int = DESKTOP
    dark: bool = False
    signed_in: bool = False
    fresh: bool = False
    begin: str | None = None


#: The pages, by what they show. `{article}` is the sample article, `{event}` the event that it reports first.
PAGES: Sequence[Shot] = (
    Shot("world", "/?facet=recognition&country=PSE", 900),
    Shot("world-conflict", "/?facet=conflict", 900),
    Shot("world-score", "/?facet=score&country=RUS", 900),
    Shot("pair", "/relations/ETH/ERI?compare=2017-07-01", 1000),
    Shot("pair-war", "/relations/RUS/UKR", 1000),
    Shot("pair-baseline", "/relations/USA/CUB", 1000),
    Shot("pair-empty", "/relations/NRU/BTN", 700),
    Shot("country", "/countries/ETH", 900),
    Shot("contested", "/countries/XKX", 900),
    Shot("event", "/events/{event}", 800),
    Shot("article", "/articles/{article}", 900),
    Shot("search", "/search?q=Kosovo", 900),
    Shot("live", "/live", 900),
    Shot("try", "/try?sample=sanctions", 1000),
    Shot("curate", "/curate", 900, signed_in=True),
    Shot("session", "/session", 500),
    Shot("first-run", "/", 700, fresh=True),
    Shot("error", "/relations/Atlantis/Kosovo", 500),
    Shot("nowhere", "/nowhere", 500),
    Shot("documents", "/documents/", 900),
    Shot("document", "/documents/operators", 900),
    Shot("reference", "/documents/reference", 900),
)

#: What docs/dashboard.md and README.md show, beside each page once.
SHOWN = (
    "world",
    "pair",
    "country",
    "event",
    "article",
    "search",
    "live",
    "try",
    "curate",
    "first-run",
    "error",
    "documents",
)
MORE: Sequence[Shot] = (
    Shot("pair-dark", "/relations/ETH/ERI", 800, dark=True, begin="#timeline"),
    Shot("pair-phone", "/relations/ETH/ERI", 844, width=PHONE),
)


#: CSS pixels of a picture at most: WebP takes 16,383, of which there are one and a half each.
HIGHEST = 10_900


@contextmanager
def sites(folder: Path) -> Iterator[tuple[str, str, dict[str, str], str]]:
    """A server with news and one without: their addresses, the ids that paths name, and a key for everything."""
    with running_redis() as (redis, _), running_redis() as (other_redis, _):
        full, fresh = _container(folder / "full", redis), _container(folder / "fresh", other_redis)
        tell(full, NEWS)
        ids = _samples(full)
        key = full.keys.add("pictures", ["admin"]).token
        one, two = (socket.create_server(("127.0.0.1", 0)) for _ in range(2))
        with one, two, api_on(one, full), api_on(two, fresh):
            yield _address(one), _address(two), ids, key


def _container(folder: Path, redis: str) -> Container:
    folder.mkdir()
    container = Container(Settings(data_dir=folder, database_url=f"sqlite:///{folder}/ledger.db", redis_url=redis))
    container.prepare()
    return container


def _samples(container: Container) -> dict[str, str]:
    """Read the sample articles; the ids of one and of its first event."""
    for file in sorted((ROOT / "seeds" / "articles").glob("*.json")):
        told = json.loads(file.read_text(encoding="utf-8"))
        published = datetime.fromisoformat(told["published_at"]).replace(tzinfo=UTC)
        draft = ArticleDraft(told["source"], text=told["text"], title=told["title"], published_at=published)
        article = container.ingest.submit(draft, ring=False).article_id
        container.code_articles.run(article)
    acts = container.lookups.article(article).events
    event = next(event for event in acts if event.act == "impose_sanctions" and event.status == "effective")
    return {"article": article, "event": event.id}


def _address(listener: socket.socket) -> str:
    return f"http://127.0.0.1:{listener.getsockname()[1]}"


def take(browser: Any, address: str, shot: Shot, file: Path) -> int:
    """Take one picture, as WebP; its size in bytes."""
    browser.execute_cdp_cmd("Emulation.setScrollbarsHidden", {"hidden": True})
    browser.execute_cdp_cmd(
        "Emulation.setEmulatedMedia",
        {"features": [{"name": "prefers-color-scheme", "value": "dark" if shot.dark else "light"}]},
    )
    resize(browser, shot.width, 844 if shot.width == PHONE else 900)
    browser.get(address + shot.path)
    if browser.find_elements(By.ID, "map"):
        until(browser, lambda b: b.find_elements(By.CSS_SELECTOR, "#map path.land"))
    time.sleep(1)
    until(browser, lambda b: b.execute_script("return document.readyState") == "complete")
    page = browser.execute_script("return document.documentElement.scrollHeight")
    top = browser.execute_script(f"return document.querySelector({shot.begin!r}).offsetTop") if shot.begin else 0
    height = min(shot.height or page, page - top, HIGHEST)
    # As high as the picture: what lies outside a window is not always drawn in full.
    resize(browser, shot.width, top + height)
    time.sleep(1)
    clip = {"x": 0, "y": top, "width": shot.width, "height": height, "scale": 1}
    told = browser.execute_cdp_cmd("Page.captureScreenshot", {"format": "webp", "quality": 75, "clip": clip})
    file.write_bytes(base64.b64decode(told["data"]))
    overflow = browser.execute_script("return document.documentElement.scrollWidth - innerWidth")
    if overflow > 0:
        print(f"{file.name}: {overflow} px wider than the window", file=sys.stderr)
    return file.stat().st_size


def resize(browser: Any, width: int, height: int) -> None:
    """Make the window so wide and high, in CSS pixels; the picture has half as many again."""
    size = {"width": width, "height": height, "deviceScaleFactor": 1.5, "mobile": width == PHONE}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)


def sign_in(browser: Any, address: str, key: str) -> None:
    """Sign in as a user does."""
    browser.get(f"{address}/session")
    browser.find_element(By.NAME, "key").send_keys(key)
    browser.find_element(By.CSS_SELECTOR, "main button").click()
    until(browser, lambda b: "Signed in" in b.page_source or "/curate" in b.current_url)


def main() -> None:
    """Take the pictures of the documents, or (a folder) all pages whole: light, dark, and on a phone."""
    given = [argument for argument in sys.argv[1:] if not argument.startswith("--")]
    only = {argument[2:] for argument in sys.argv[1:] if argument.startswith("--")}
    folder = Path(given[0]) if given else PICTURES
    folder.mkdir(parents=True, exist_ok=True)
    shots = [shot for shot in PAGES if shot.name in SHOWN] + list(MORE)
    if given:
        whole = [replace(shot, height=None) for shot in PAGES if not only or shot.name in only]
        dark = [replace(shot, name=f"{shot.name}-dark", dark=True) for shot in whole]
        phone = [replace(shot, name=f"{shot.name}-phone", width=PHONE) for shot in whole]
        shots = [*whole, *dark, *phone]
    with (
        tempfile.TemporaryDirectory() as place,
        sites(Path(place)) as (full, fresh, ids, key),
        browsing(Path(place) / "profile") as browser,
    ):
        total, signed_in = 0, False
        for shot in sorted(shots, key=lambda shot: shot.signed_in):
            if shot.signed_in and not signed_in:
                sign_in(browser, full, key)
                signed_in = True
            path = shot.path.format_map(ids)
            size = take(browser, fresh if shot.fresh else full, replace(shot, path=path), folder / f"{shot.name}.webp")
            total += size
            print(f"{shot.name:20}{size / 1000:8.0f} kB")
        print(f"{'all':20}{total / 1000:8.0f} kB")


if __name__ == "__main__":
    main()
