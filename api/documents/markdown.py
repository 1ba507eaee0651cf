"""Markdown to HTML, with an anchor for each heading and the links of documents turned into those of pages."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

from api.documents.catalogue import PICTURES, Catalogue

#: The address of a page or of a picture, by its name.
Address = Callable[[str], str]

_COMMENT = re.compile(r"\s*<!--.*?-->\s*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Page:
    """A document as HTML.

    `sections` are the headings of its second level as (anchor, text). `warnings` name what a reader would stumble over.
    """

    title: str
    body: str
    anchors: frozenset[str]
    sections: Sequence[tuple[str, str]]
    links: Sequence[tuple[str, str]]
    warnings: Sequence[str]


@dataclass(slots=True)
class _Work:
    """One document while it is turned into HTML. `links` are (page, anchor) of links to other pages and to itself."""

    file: Path
    catalogue: Catalogue
    address: Address
    picture: Address
    anchors: dict[str, str] = field(default_factory=dict)
    links: list[tuple[str, str]] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def target(self, link: str) -> str | None:
        """Where a link of the document leads on the site; None for a file that is no page."""
        path, _, anchor = link.partition("#")
        file = (self.file.parent / path).resolve() if path else self.file
        page = self.catalogue.page_of(file)
        if page is None:
            return None
        self.links.append((page, anchor))
        return (self.address(page) if path else "") + (f"#{anchor}" if anchor else "")

    def shown(self, link: str) -> str:
        """The address of a picture."""
        file = (self.file.parent / link).resolve()
        if file.parent != PICTURES or not file.is_file():
            self.warnings.append(f"no picture {link}")
        return self.picture(file.name)


class _Renderer(RendererHTML):
    """HTML that scrolls wide tables and code, and drops comments."""

    def html_block(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:  # noqa: ARG002
        """Drop a comment; other markup of a document is shown as text."""
        content = tokens[idx].content
        if _COMMENT.fullmatch(content):
            return ""
        env["work"].warnings.append(f"markup: {content.strip()[:60]}")
        return _escaped(content)

    html_inline = html_block

    def table_open(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:  # noqa: ARG002
        """Let a table scroll by itself."""
        return '<div class="scroll" tabindex="0"><table>\n'

    def table_close(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:  # noqa: ARG002
        """Close what table_open opened."""
        return "</table></div>\n"

    def fence(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:  # noqa: ARG002
        """A block of code."""
        return f'<pre tabindex="0"><code>{_escaped(tokens[idx].content)}</code></pre>\n'


def rendered(file: Path, catalogue: Catalogue, address: Address, picture: Address) -> Page:
    """A document as HTML. `address` and `picture` say where a page and a picture are."""
    work = _Work(file, catalogue, address, picture)
    parser = _parser()
    tokens = parser.parse(file.read_text(encoding="utf-8"), {"work": work})
    title, sections = _headings(tokens, work)
    for token in tokens:
        _relink(token, work)
    body = parser.renderer.render(tokens, parser.options, {"work": work})
    return Page(title, body, frozenset(work.anchors), sections, work.links, work.warnings)


def inline(text: str) -> str:
    """A description as HTML; of more than one paragraph, all of them."""
    html: str = MarkdownIt("commonmark", {"html": False}).render(text)
    return html


def _parser() -> MarkdownIt:
    # With "html", comments come as tokens of their own, which the renderer drops.
    return MarkdownIt("commonmark", {"html": True}, renderer_cls=_Renderer).enable("table")


def _headings(tokens: Sequence[Token], work: _Work) -> tuple[str, list[tuple[str, str]]]:
    """Give each heading its anchor, as GitHub does; the title and the sections. The title leaves the text."""
    title, sections, level = work.file.stem, [], 0
    for number, token in enumerate(tokens):
        if token.type != "heading_open":
            continue
        words = _plain(tokens[number + 1])
        anchor = _slug(words, work.anchors)
        work.anchors[anchor] = words
        token.attrSet("id", anchor)
        depth = int(token.tag[1])
        if depth > level + 1:
            work.warnings.append(f"heading “{words}” skips a level")
        level = depth
        if depth == 1:
            title = words
            for part in tokens[number : number + 3]:
                part.hidden = True
                part.children = [] if part.children else None
                part.content = ""
        elif depth == 2:
            sections.append((anchor, words))
    if "".join(t.tag for t in tokens if t.type == "heading_open").count("h1") != 1:
        work.warnings.append("not one title")
    return title, sections


def _plain(token: Token) -> str:
    return "".join(child.content for child in token.children or [])


def _slug(words: str, taken: dict[str, str]) -> str:
    base = re.sub(r"[^\w\- ]", "", words.lower()).replace(" ", "-")
    number, slug = 0, base
    while slug in taken:
        number += 1
        slug = f"{base}-{number}"
    return slug


def _relink(token: Token, work: _Work) -> None:
    """Turn the links and pictures of a token into those of the site."""
    outside: list[bool] = []
    for child in token.children or []:
        if child.type == "image":
            child.attrSet("src", work.shown(str(child.attrGet("src"))))
            child.attrSet("loading", "lazy")
        elif child.type == "link_open":
            link = str(child.attrGet("href"))
            if re.match(r"https?:", link):
                child.attrSet("rel", "noopener noreferrer")
                outside.append(False)
                continue
            target = work.target(link)
            outside.append(target is None)
            if target is None:
                # A file of the source tree is named, but is not on the site.
                if not (work.file.parent / link.partition("#")[0]).exists():
                    work.warnings.append(f"no file {link}")
                child.tag, child.attrs = "span", {"class": "file", "title": "a file of the source tree"}
            else:
                child.attrSet("href", target)
        elif child.type == "link_close" and outside.pop():
            child.tag = "span"


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
