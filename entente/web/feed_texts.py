"""Titles and texts of feed items: plain text of their markup, and whether a text is the whole article."""

import html
import re
from dataclasses import dataclass

import lxml.html
from lxml.etree import LxmlError

from entente.web.pages import LEAST_TEXT

#: Least sentences of a text that is taken for a whole article.
_LEAST_SENTENCES = 2

_TAG = re.compile(r"</?[A-Za-z][^<>]*>|<!--")
_ENTITY = re.compile(r"&(?:#\d+|#[xX][0-9a-fA-F]+|[A-Za-z]\w*);")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*>")
_SENTENCE_END = re.compile(r"[.!?][\"'”’»)\]]*(?=\s|$)|[。！？]")

#: What a feed puts at the end of a text that it cut, most of it the words of a link to the page.
_CUT = re.compile(
    r"\s*(?:[\[(]\s*(?:…|\.{3,})\s*[\])]|…|\.{3,}|"
    r"(?:\n|[\[(])more[\])]?|"
    r"[\[(]?\b(?:read (?:more|on|the (?:full|rest)[^.]*)|continue reading[^.]*|keep reading|full story|weiterlesen|"
    r"mehr lesen|lire la suite|lire plus|leer más|seguir leyendo|leia mais|continua a leggere|leggi tutto|"
    r"lees (?:meer|verder)|czytaj (?:więcej|dalej)|читать (?:далее|дальше|полностью))[\])]?)\s*[…:»›→>]*\s*$",
    re.IGNORECASE,
)

#: Most characters of it.
_LONGEST_CUT = 100

#: A last line that WordPress adds to every item.
_FOOTER = re.compile(r"\n(?:The post|L'article|Der Beitrag|La entrada|O post) [^\n]{1,500}\.?\s*$")

_DROPPED = ".//head|.//script|.//style|.//noscript|.//template|.//iframe|.//form|.//figure|.//table|.//svg|.//button"
_BLOCKS = frozenset(
    """address article aside blockquote br dd div dl dt figcaption footer h1 h2 h3 h4 h5 h6 header hr li main nav ol p
    pre section ul""".split()
)


@dataclass(frozen=True, slots=True)
class ItemText:
    """A text of at least LEAST_TEXT characters. `whole`: it is the article, not the beginning of it."""

    text: str
    whole: bool


def plain_title(markup: str) -> str | None:
    """The title without tags and entities, also where they were escaped twice; None if nothing is left."""
    text = markup
    for _ in range(2):
        text = _without_tags(text) if _TAG.search(text) else html.unescape(text) if _ENTITY.search(text) else text
    return " ".join(text.split()) or None


def item_text(contents: list[str], summary: str | None) -> ItemText | None:
    """The text that an item carries: its content, else its summary, else nothing.

    It is whole if it comes from the content, does not repeat the summary, was not cut, and has two or more sentences of
    which the last is complete. A text that was cut is given up to its last complete sentence.
    """
    short = plain_text(summary or "")
    full = max((plain_text(content) for content in contents), key=len, default="")
    if len(full) <= len(short):
        return _begun(short)
    complete = not _CUT.search(full[-_LONGEST_CUT:]) and _SENTENCE_END.search(full[-4:])
    if complete and len(full) >= LEAST_TEXT and len(_SENTENCE_END.findall(full)) >= _LEAST_SENTENCES:
        return ItemText(full, whole=True)
    return _begun(full)


def _begun(text: str) -> ItemText | None:
    cut = _CUT.search(text, max(0, len(text) - _LONGEST_CUT))
    if cut:
        ends = [match.end() for match in _SENTENCE_END.finditer(text, 0, cut.start())]
        text = text[: ends[-1]] if ends else ""
    return ItemText(text, whole=False) if len(text) >= LEAST_TEXT else None


def plain_text(markup: str) -> str:
    """The text of an HTML fragment or document, a line a paragraph."""
    text = _without_tags(markup) if _TAG.search(markup) else html.unescape(markup)
    # Escaped twice: the markup was in the text of the markup.
    if _TAG.search(text) and text.count("</") > 1:
        text = _without_tags(text)
    lines = (" ".join(line.split()) for line in text.splitlines())
    return _FOOTER.sub("", "\n".join(line for line in lines if line)).strip()


def _without_tags(markup: str) -> str:
    try:
        tree = lxml.html.fromstring(_DECLARATION.sub("", markup))
    except (LxmlError, ValueError):
        return ""
    for dropped in tree.xpath(_DROPPED):
        dropped.drop_tree()
    for element in tree.iter():
        if element.tag in _BLOCKS:
            element.text = f"\n{element.text or ''}"
            element.tail = f"\n{element.tail or ''}"
    return str(tree.text_content())
