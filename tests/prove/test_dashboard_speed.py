"""How soon the first page can be used, and how soon its slider redraws, on a processor slowed four times."""

from pathlib import Path
from typing import Any

import pytest
from selenium.webdriver.common.by import By

from entente.cli.bench.ledgers import filled
from tests.integration.browsing import browsing, served, until
from tests.prove.figures import FULL, percentile, record, size

pytestmark = pytest.mark.prove

EVENTS = size("ENTENTE_PROVE_PAGE_EVENTS", 10_000, 100_000)
DYADS = 1000
SLOWED = 4

#: Aims: seconds until the page can be used, milliseconds until the slider has redrawn.
USABLE, REDRAWN = 1.5, 100.0

#: Moves the slider to a day, and gives the milliseconds until its change is on the screen.
MOVE = """const [part, done] = arguments; const slider = document.getElementById("slider");
const [low, high] = [Number(slider.min), Number(slider.max)];
slider.value = String(Math.round(low + part * (high - low)));
const began = performance.now(); slider.dispatchEvent(new Event("input"));
requestAnimationFrame(() => setTimeout(() => done(performance.now() - began)));"""


def opened(browser: Any, address: str) -> dict[str, float]:
    """Seconds from the request to the first words on the screen and to the map that can be used, and bytes sent."""
    browser.get(address)
    until(browser, lambda b: b.execute_script("return performance.getEntriesByName('map-usable').length") == 1)
    told: dict[str, float] = browser.execute_script(
        """const at = (name) => performance.getEntriesByName(name)[0].startTime / 1000;
        const sent = [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")];
        return { painted: at("first-contentful-paint"), usable: at("map-usable"),
          kilobytes: sent.reduce((sum, one) => sum + one.encodedBodySize, 0) / 1000 };"""
    )
    return told


@pytest.mark.parametrize("page", ["/", "/?facet=recognition&country=RUS"], ids=["everyone", "one country"])
def test_the_first_page_is_usable_soon_and_its_slider_redraws_at_once(
    page: str, tmp_path: Path, redis_url: str
) -> None:
    container = filled(tmp_path, EVENTS, DYADS, redis_url)
    with served(container) as site, browsing(tmp_path / "profile") as browser:
        browser.execute_cdp_cmd("Network.enable", {})
        browser.execute_cdp_cmd("Emulation.setCPUThrottlingRate", {"rate": SLOWED})
        views = []
        for _ in range(5):
            browser.execute_cdp_cmd("Network.clearBrowserCache", {})
            views.append(opened(browser, site + page))
        usable = percentile([view["usable"] for view in views], 0.5)
        painted = percentile([view["painted"] for view in views], 0.5)
        until(browser, lambda b: b.find_element(By.ID, "slider").is_displayed())
        moves = [browser.execute_async_script(MOVE, part / 40) for part in range(40)]
        redrawn = percentile(moves, 0.9)
    container.close()
    assert record(
        "",
        f"the page `{page}` can be used soon, and its slider redraws at once, on a slow processor",
        figure=f"{EVENTS:,} events: first words after {painted:.2f} s, usable after {usable:.2f} s (median of 5), "
        f"{views[0]['kilobytes']:.0f} kB sent; slider {redrawn:.0f} ms (90 % of 40 moves)",
        aim=f"usable in {USABLE} s, 700 kB, slider {REDRAWN:.0f} ms, processor slowed {SLOWED}×",
        held=usable <= USABLE and redrawn <= REDRAWN and views[0]["kilobytes"] <= 700,
        full=FULL,
    )
