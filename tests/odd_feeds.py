"""Feeds as they really come, and what is to be read of each."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

#: An article of two sentences, as HTML and as the text that it is.
WHOLE_HTML = (
    "<p>Kenya recognised Kosovo on Tuesday, its foreign ministry said in Nairobi.</p>"
    "<p>Serbia condemned the step and recalled its ambassador for consultations.</p>"
)
WHOLE = (
    "Kenya recognised Kosovo on Tuesday, its foreign ministry said in Nairobi.\n"
    "Serbia condemned the step and recalled its ambassador for consultations."
)
TEASER = "Kenya recognised Kosovo on Tuesday, its foreign ministry said in a statement in Nairobi. Serbia condemned the"
BEGUN = "Kenya recognised Kosovo on Tuesday, its foreign ministry said in a statement in Nairobi."
AT = datetime(2025, 10, 15, 10, tzinfo=UTC)
MIDNIGHT = datetime(2025, 10, 15, tzinfo=UTC)


@dataclass(frozen=True)
class Odd:
    """A document, its Content-Type, and what is read of its items, in order; what is None is not looked at.

    `paths`: the items' addresses, relative to the feed's; None for an item without one.
    """

    name: str
    body: bytes
    kind: str | None = "application/rss+xml"
    paths: list[str | None] = field(default_factory=lambda: ["a"])
    titles: list[str | None] | None = None
    dates: list[datetime | None] | None = None
    texts: list[str | None] | None = None
    whole: list[bool] | None = None
    skipped: int = 0


def rss(items: str, head: str = '<?xml version="1.0"?>', version: str = "2.0", language: str = "") -> bytes:
    told = f"<language>{language}</language>" if language else ""
    content = 'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    return f'{head}<rss version="{version}" {content}><channel><title>x</title>{told}{items}</channel></rss>'.encode()


def item(inner: str = "", path: str = "a", title: str = "News") -> str:
    return f"<item><title>{title}</title><link>{path}</link>{inner}</item>"


def encoded(markup: str) -> str:
    return f"<content:encoded><![CDATA[{markup}]]></content:encoded>"


def dated(*dates: str, language: str = "") -> bytes:
    return rss("".join(item(f"<pubDate>{d}</pubDate>", str(n)) for n, d in enumerate(dates)), language=language)


def atom(inner: str, version: str = "http://www.w3.org/2005/Atom") -> bytes:
    return f"""<?xml version="1.0" encoding="utf-8"?><feed xmlns="{version}"><title>x</title><id>urn:x</id>
    <entry><title>News</title><id>urn:1</id>{inner}</entry></feed>""".encode()


def json_feed(*items: Any, version: str = "https://jsonfeed.org/version/1.1") -> bytes:
    return json.dumps({"version": version, "title": "x", "items": items}).encode()


RDF = b"""<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="/"><title>x</title>
</channel><item rdf:about="a"><title>News</title><link>a</link><dc:date>2025-10-15T12:00:00+02:00</dc:date></item>
</rdf:RDF>"""
RSS_090 = b"""<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
xmlns="http://my.netscape.com/rdf/simple/0.9/"><channel><title>x</title></channel><item><title>News</title>
<link>a</link></item></rdf:RDF>"""
NETSCAPE = """<?xml version="1.0"?><!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN"
 "http://my.netscape.com/publish/formats/rss-0.91.dtd">"""
PAGE_IN_CDATA = f"<!DOCTYPE html><html><head><title>Not this</title></head><body>{WHOLE_HTML}</body></html>"

SERVED = [
    Odd(f"served as {kind}", rss(item()), kind)
    for kind in ("text/html", "text/plain", "application/octet-stream", "text/xml; charset=utf-8", None)
]

STANDARDS = [
    Odd("RSS 0.90", RSS_090),
    Odd("RSS 0.91 with Netscape's DOCTYPE", rss(item(), NETSCAPE, "0.91"), titles=["News"]),
    Odd("RSS 0.92", rss(item(), version="0.92")),
    Odd("RSS 1.0", RDF, "application/rdf+xml", dates=[AT]),
    Odd("Atom 1.0", atom('<link href="a"/><published>2025-10-15T10:00:00Z</published>'), dates=[AT]),
    Odd("Atom 0.3", atom('<link rel="alternate" href="a"/>', "http://purl.org/atom/ns#")),
    Odd("JSON Feed without a type", json_feed({"id": "1", "url": "a"}), None),
    Odd("JSON Feed with a byte order mark", b"\xef\xbb\xbf" + json_feed({"id": "1", "url": "a"}), "text/plain"),
    Odd("UTF-16", rss(item(title="Ñuñoa"), "").decode().encode("utf-16"), titles=["Ñuñoa"]),
    Odd(
        "an encoding of its own under another of the server's",
        rss(item(title="Ñuñoa"), '<?xml version="1.0" encoding="iso-8859-1"?>').decode().encode("latin-1"),
        "text/html; charset=utf-8",
        titles=["Ñuñoa"],
    ),
]

TEXTS = [
    Odd(
        "a sentence that ends in more",
        rss(item(encoded(f"{WHOLE_HTML} <p>It demanded more.</p>"))),
        texts=[f"{WHOLE}\nIt demanded more."],
        whole=[True],
    ),
    Odd("one sentence", rss(item(encoded(f"<p>{BEGUN}</p>"))), texts=[BEGUN], whole=[False]),
    Odd("whole content", rss(item(encoded(WHOLE_HTML))), texts=[WHOLE], whole=[True]),
    Odd("a DOCTYPE inside CDATA", rss(item(encoded(PAGE_IN_CDATA))), texts=[WHOLE], whole=[True]),
    Odd("content beside a summary", rss(item(f"<description>Short.</description>{encoded(WHOLE_HTML)}")), whole=[True]),
    Odd(
        "content that repeats the summary",
        rss(item(f"<description>{WHOLE}</description>{encoded(WHOLE)}")),
        whole=[False],
    ),
    Odd("content that was cut", rss(item(encoded(f"<p>{TEASER} [&#8230;]</p>"))), texts=[BEGUN], whole=[False]),
    Odd(
        "content that ends in a link",
        rss(item(encoded(f"<p>{TEASER}</p><a>Read more</a>"))),
        texts=[BEGUN],
        whole=[False],
    ),
    Odd("a long summary alone", rss(item(f"<description>{WHOLE}</description>")), whole=[False]),
    Odd("a short summary", rss(item("<description>Short.</description>")), texts=[None]),
    Odd(
        "Atom with XHTML",
        atom(
            f'<link href="a"/><content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">{WHOLE_HTML}</div></content>'
        ),
        texts=[WHOLE],
        whole=[True],
    ),
    Odd(
        "JSON Feed with HTML", json_feed({"id": 1, "url": "a", "content_html": WHOLE_HTML}), texts=[WHOLE], whole=[True]
    ),
    Odd("JSON Feed without an address", json_feed({"id": "1", "content_text": WHOLE}), paths=[None], whole=[True]),
    Odd(
        "WordPress' last line",
        rss(item(encoded(f"{WHOLE_HTML}<p>The post <a>News</a> appeared first on <a>Wire</a>.</p>"))),
        texts=[WHOLE],
        whole=[True],
    ),
    Odd(
        "items that all name the home page",
        rss(
            "".join(
                item(f"<guid isPermaLink='false'>{n}</guid>{encoded(f'{WHOLE_HTML}<p>Item {n}.</p>')}", "/")
                for n in "ab"
            )
        ),
        paths=[None, None],
    ),
    Odd(
        "a guid as the address",
        rss("<item><title>News</title><guid>http://127.0.0.1/a</guid></item>"),
        paths=["http://127.0.0.1/a"],
    ),
    Odd(
        "entities escaped twice",
        rss(item(title="Ireland&amp;#8217;s envoy to &lt;b&gt;Israel&lt;/b&gt;")),
        titles=["Ireland’s envoy to Israel"],
    ),
]

DATES = [
    Odd(
        "days first, as another item shows",
        dated("15/10/2025", "03/04/2025"),
        paths=["0", "1"],
        dates=[MIDNIGHT, datetime(2025, 4, 3, tzinfo=UTC)],
    ),
    Odd(
        "months first, as its language says",
        dated("03/04/2025", language="en-us"),
        paths=["0"],
        dates=[datetime(2025, 3, 4, tzinfo=UTC)],
    ),
    Odd("days or months first", dated("03/04/2025"), paths=["0"], dates=[None]),
    Odd(
        "a month in words",
        dated("October 15, 2025", "15th October 2025", "15-Oct-25"),
        paths=["0", "1", "2"],
        dates=[MIDNIGHT] * 3,
    ),
    Odd(
        "other languages",
        dated("Mi, 15 Okt 2025 12:00:00 +0200", "mer., 15 oct. 2025 12:00:00 +0200", "2025年10月15日"),
        paths=["0", "1", "2"],
        dates=[AT, AT, MIDNIGHT],
    ),
    Odd(
        "times of a zone by name",
        dated("Wed, 15 Oct 2025 06:00:00 EDT", "Oct 15, 2025 6:00 a.m. EDT"),
        paths=["0", "1"],
        dates=[AT, AT],
    ),
    Odd(
        "ISO with and without a time",
        dated("2025-10-15T12:00:00+02:00", "2025-10-15", "20251015"),
        paths=["0", "1", "2"],
        dates=[AT, MIDNIGHT, MIDNIGHT],
    ),
    Odd("seconds since 1970", dated("1760522400"), paths=["0"], dates=[AT]),
    Odd(
        "what is no date",
        dated("yesterday", "October 2025", "soon", "0", "1970-01-01T00:00:00Z", ""),
        paths=[str(n) for n in range(6)],
        dates=[None] * 6,
    ),
    Odd("Dublin Core", rss(item("<dc:date>2025-10-15T10:00:00Z</dc:date>")), dates=[AT]),
]

BROKEN = [
    Odd("one id for all", json_feed({"id": "x", "url": "a"}, {"id": "x", "url": "b"}), paths=["a", "b"]),
    Odd("an ampersand that is not escaped", rss(item(title="Trade & aid") + item(path="b")), paths=["a", "b"]),
    Odd(
        "a tag that is not closed",
        rss(f"<item><title>News<link>a</link></item>{item(path='b')}"),
        paths=["b"],
        skipped=1,
    ),
    Odd("an item without an address", rss(f"<item><title>News</title></item>{item()}"), skipped=1),
    Odd("items that are none", json_feed(7, None, {"url": ["/x"]}, {"id": "1", "url": "a"}), skipped=3),
    Odd("bytes that are no UTF-8", rss(item()).replace(b"News", b"N\xffws")),
    Odd("a document that breaks off", rss(item() + item(path="b"))[:-20], paths=["a", "b"]),
    Odd("nothing in it", rss(""), paths=[]),
    Odd("blank lines before it", b"\n\n  " + rss(item())),
    Odd("names of HTML's characters", rss(item(title="Zagreb&nbsp;&ndash; Sarajevo")), titles=["Zagreb – Sarajevo"]),
]
