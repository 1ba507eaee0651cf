"""What counts as a change of an article's words, and what a retraction notice names."""

import pytest

from entente.bootstrap.seeds import seed_directory
from entente.coding.wording import ArticleWording
from entente.services.ingesting.versions import addresses

WORDING = ArticleWording(seed_directory())
TEXT = "Kenya recognised Kosovo on Tuesday.\nThe ministry said so."


@pytest.mark.parametrize(
    ("other", "same"),
    [
        (TEXT.upper(), True),
        (TEXT.replace("\n", "\n\n  "), True),
        (TEXT.replace(".", " .").replace("recognised", "re\u200bcognised".replace("\u200b", "")), True),
        (f"Advertisement\n{TEXT}\nRead more: the talks\nSubscribe to our newsletter", True),
        (f"<p>{TEXT}</p>", True),
        (TEXT.replace("Tuesday", "Monday"), False),
        (TEXT.replace("recognised", "did not recognise"), False),
        (f"{TEXT}\nPristina thanked Nairobi.", False),
        (TEXT.replace("Kenya", "Kosovo").replace("recognised Kosovo", "recognised Kenya"), False),
    ],
)
def test_a_version_differs_in_a_word_of_its_story(other: str, same: bool) -> None:
    assert (WORDING.story(TEXT, None) == WORDING.story(other, None)) is same


def test_news_takes_nothing_back() -> None:
    assert WORDING.retraction(TEXT, "Kenya recognises Kosovo") is None
    assert WORDING.retraction("Peru has withdrawn its ambassador from Mexico.", "Withdrawn: an envoy's story") is None


def test_a_notice_of_another_article_names_it() -> None:
    text = (
        "The Herald has retracted the story “Peru severs relations with Mexico”. See https://herald.example/1, below."
    )
    notice = WORDING.retraction(text, None)
    assert notice
    assert (notice.is_own, list(notice.titles), list(notice.urls)) == (
        False,
        ["Peru severs relations with Mexico"],
        ["https://herald.example/1"],
    )


def test_a_text_takes_itself_back() -> None:
    notice = WORDING.retraction("Peru severed relations.\n\nUpdate: This story has been withdrawn.", None)
    assert notice
    assert notice.is_own


def test_the_ways_of_an_address_and_none_of_a_home_page() -> None:
    assert set(addresses("https://herald.example/a/#top")) == {
        "https://herald.example/a/#top",
        *(f"{scheme}://herald.example/a{end}" for scheme in ("http", "https") for end in ("", "/")),
    }
    assert addresses("https://herald.example/") == []
    assert addresses("https://herald.example/?story=7")
