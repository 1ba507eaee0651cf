"""Changes as an Atom feed (RFC 4287)."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime

from lxml import etree

from entente.services.alert_texts import article_of, move_of, quote_of
from entente.services.ports.alerts import Alert
from schemas.vocabulary import instant_text

MEDIA_TYPE = "application/atom+xml"

_ATOM = "http://www.w3.org/2005/Atom"

#: Of a feed without an entry: it has to have a time, and the same at every read.
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)

#: Characters that no XML document may hold, which texts of articles may.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def atom_feed(alerts: Sequence[Alert], base: str, here: str) -> bytes:
    """The feed of these changes, newest first. `base`: URL of the API; `here`: path of the feed with its query."""
    feed = etree.Element(f"{{{_ATOM}}}feed", nsmap={None: _ATOM})
    _add(feed, "id", base + here)
    _add(feed, "title", "Entente: changes of relations between countries")
    _add(feed, "updated", instant_text(updated(alerts)))
    _add(_add(feed, "author"), "name", "Entente")
    _add(feed, "link", rel="self", type=MEDIA_TYPE, href=base + here)
    for alert in alerts:
        _entry(feed, alert, base)
    written: bytes = etree.tostring(feed, xml_declaration=True, encoding="utf-8")
    return written


def updated(alerts: Sequence[Alert]) -> datetime:
    """When the newest of these changes was recorded."""
    return max((alert.recorded.recorded_at for alert in alerts), default=_NEVER)


def _entry(feed: etree._Element, alert: Alert, base: str) -> None:
    entry = _add(feed, "entry")
    seq, recorded_at = alert.recorded.seq, instant_text(alert.recorded.recorded_at)
    _add(entry, "id", f"{base}/v1/changes?after={seq - 1}&limit=1")
    _add(entry, "title", alert.headline)
    _add(entry, "published", recorded_at)
    _add(entry, "updated", recorded_at)
    _add(entry, "link", rel="alternate", href=alert.url or base + alert.page)
    _add(entry, "link", rel="related", type="application/json", href=base + alert.path)
    _add(entry, "category", term=alert.recorded.change.facet)
    told = (move_of(alert), quote_of(alert), article_of(alert))
    _add(entry, "summary", "\n".join(filter(None, told)), type="text")


def _add(parent: etree._Element, name: str, text: str | None = None, **attributes: str) -> etree._Element:
    child = etree.SubElement(parent, f"{{{_ATOM}}}{name}")
    for attribute, value in attributes.items():
        child.set(attribute, _NOT_XML.sub("", value))
    if text is not None:
        child.text = _NOT_XML.sub("", text)
    return child
