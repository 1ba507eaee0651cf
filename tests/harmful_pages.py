"""Web pages of less than 5 MB, the most that is fetched, that cost a parser of markup minutes or gigabytes."""

SENTENCE = "Kenya recognised Kosovo on Tuesday, its foreign ministry said. "

_HEAD = "<!doctype html><html><head><title>A page</title></head><body><article>"


def _page(markup: str) -> bytes:
    page = f"{_HEAD}<p>{SENTENCE * 5}</p>{markup}</article></body></html>".encode()
    assert len(page) < 5_000_000
    return page


HARMFUL = {
    "attributes": f"<p {' '.join(f'a{n}=1' for n in range(400_000))}>".encode(),
    "links": _page("<a href=/a>b</a>" * 280_000),
    "items": _page(f"<ul>{'<li>an item</li>' * 280_000}</ul>"),
    "breaks": _page("words<br>" * 300_000),
    "rows": _page(f"<table>{'<tr><td>one</td><td>two</td></tr>' * 95_000}</table>"),
}

HARMFUL_FEED = b'<rss version="2.0"><channel>' + b"<a>" * 1_600_000


def ordinary(number: int | str = 0) -> bytes:
    """The page of an article of some 600 words."""
    told = "".join(f"<p>Report {number}.{n}. {SENTENCE * 2}</p>" for n in range(30))
    return _page(told)
