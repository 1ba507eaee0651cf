"""A labelled story through the pipeline, with the days of publication as the clock."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from entente.bootstrap.container import Container
from entente.bootstrap.settings import Settings
from entente.cli.bench.archives import StoryClock, code, run
from entente.cli.bench.stories import Reading, Story, StoryArticle, read_stories

STORIES = Path(__file__).parents[2] / "training" / "stories"


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Container:
    return Container(Settings(data_dir=tmp_path_factory.mktemp("bench"), database_url="sqlite://"))


def article(number: int, publisher: str, text: str, day: date) -> StoryArticle:
    return StoryArticle(f"a{number}", publisher, f"Report {number}", text, day)


FIRST = date(2025, 3, 3)
TEXT = (
    "OSLO - Norway expelled the ambassador of Belarus on Sunday. The foreign ministry in Oslo said that it had "
    "evidence of espionage. Belarus did not comment. The two countries have traded accusations for months."
)


def test_a_day_is_read_before_the_articles_of_later_days_have_come(bench: Container) -> None:
    readings = [Reading(FIRST - timedelta(days=1), {}, {}), Reading(FIRST, {}, {})]
    before, after = run(Story("tune-99", [article(1, "Reuters", TEXT, FIRST)], readings), bench)

    assert before.shown == {}
    # The facet runs from the sender of the ambassador to the host.
    shown = after.shown["BLR", "NOR", "head_of_mission", "", "held"]
    assert shown.value == "expelled"
    assert "Norway expelled the ambassador" in "".join(shown.quotes)


def test_a_reprint_is_no_second_owner_and_the_clock_is_the_storys(bench: Container, tmp_path: Path) -> None:
    container = bench.on_ledger_in(tmp_path, StoryClock())
    container.migrate()
    for number, publisher in enumerate(("Reuters", "Dawn"), 1):
        container.clock.at = container.clock.now().replace(2025, 3, 2 + number, 12)  # type: ignore[attr-defined]
        code(article(number, publisher, TEXT, FIRST + timedelta(days=number - 1)), container)

    [reason] = container.relations.why("BLR", "NOR", "head_of_mission", FIRST).holding
    told = [mention for cause in reason.causes for mention in cause.event.mentions]
    assert {mention.owner for mention in told} == {"Thomson Reuters"}
    assert {mention.recorded_at[:10] for mention in told} == {"2025-03-03", "2025-03-04"}
    container.close()


def test_stories_are_read_as_they_are_written() -> None:
    stories = read_stories(STORIES, "tune")

    assert [story.id for story in stories] == sorted(story.id for story in stories)
    assert {len(story.readings) for story in stories} == {5}
    first = stories[0].readings[0]
    assert first.values.keys() == first.told_by.keys()
