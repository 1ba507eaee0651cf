"""The documents as a site: links, anchors, order, and the copy that `make docs` writes."""

import re
from pathlib import Path

import pytest

from api.documents.build import build
from api.documents.catalogue import Catalogue, Group, catalogue
from api.documents.markdown import Page, rendered
from api.documents.reference import reference


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site") / "docs"
    assert build(folder) == []
    return folder


def page_of(text: str, folder: Path) -> Page:
    file = folder / "one.md"
    file.write_text(text, encoding="utf-8")
    known = Catalogue([], [Group("All", [])], {"one": file, "two": folder / "two.md"})
    return rendered(file, known, lambda name: f"/at/{name}", lambda name: f"/pictures/{name}")


def test_the_site_is_built_without_a_warning_with_every_document_and_the_reference(site: Path) -> None:
    names = {file.stem for file in site.glob("*.html")}
    assert {"index", "reference", "political-scientists", "developers", "operators", *catalogue().files} == names


def test_every_link_of_the_site_leads_to_a_file_and_an_anchor_of_it(site: Path) -> None:
    texts = {file.name: file.read_text(encoding="utf-8") for file in site.glob("*.html")}
    anchors = {name: set(re.findall(r' id="([^"]+)"', text)) for name, text in texts.items()}
    missing = []
    for name, text in texts.items():
        for link in re.findall(r'(?:href|src)="(?!https?:)([^"]*)"', text):
            path, _, anchor = link.partition("#")
            target = path or name
            if not (site / target).is_file() or (anchor and anchor not in anchors[target]):
                missing.append(f"{name}: {link}")
    assert missing == []


def test_no_page_of_the_site_has_a_script_or_an_inline_style(site: Path) -> None:
    for file in site.glob("*.html"):
        text = file.read_text(encoding="utf-8")
        assert not re.search(r"<script|<style|\sstyle=|\son\w+=", text), file.name


def test_headings_have_the_anchors_that_github_gives_them(tmp_path: Path) -> None:
    page = page_of("# A title\n\n## `as_of`: how it stood\n\n## Same\n\n## Same\n", tmp_path)
    assert page.title == "A title"
    assert [anchor for anchor, _ in page.sections] == ["as_of-how-it-stood", "same", "same-1"]
    assert "A title" not in page.body


def test_links_lead_to_pages_and_files_that_are_none_are_named(tmp_path: Path) -> None:
    (tmp_path / "two.md").write_text("# Two\n", encoding="utf-8")
    (tmp_path / "plan.txt").write_text("", encoding="utf-8")
    page = page_of("# One\n\n[two](two.md#part), [file](plan.txt), [there](https://x.example)\n", tmp_path)
    assert '<a href="/at/two#part">two</a>' in page.body
    assert '<span class="file" title="a file of the source tree">file</span>' in page.body
    assert '<a href="https://x.example" rel="noopener noreferrer">there</a>' in page.body
    assert page.links == [("two", "part")]
    assert page.warnings == []


@pytest.mark.parametrize(
    ("text", "warning"),
    [
        ("# One\n\n[gone](gone.md)\n", "no file gone.md"),
        ("# One\n\n![gone](pictures/gone.png)\n", "no picture pictures/gone.png"),
        ("# One\n\n### Deep\n", "heading “Deep” skips a level"),
        ("# One\n\n<b onclick=x>bold</b>\n", "markup: <b onclick=x>"),
        ("Without a title.\n", "not one title"),
    ],
)
def test_what_a_reader_would_stumble_over_is_a_warning(text: str, warning: str, tmp_path: Path) -> None:
    assert warning in page_of(text, tmp_path).warnings


def test_markup_is_shown_as_text_and_comments_are_dropped(tmp_path: Path) -> None:
    body = page_of("# One\n\n<!-- figures -->\n\n<script>alert(1)</script>\n", tmp_path).body
    assert "figures" not in body
    assert "&lt;script&gt;" in body
    assert "<script" not in body


def test_the_reference_resolves_parameters_shapes_and_problems() -> None:
    document = {
        "info": {"version": "1", "description": "About."},
        "tags": [{"name": "things", "description": "Things."}],
        "paths": {
            "/things": {
                "parameters": [{"name": "way", "in": "query", "schema": {"enum": ["to", "from"]}}],
                "get": {
                    "operationId": "things",
                    "summary": "List things.",
                    "tags": ["things"],
                    "responses": {
                        "200": {
                            "description": "OK",
                            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}},
                        },
                        "404": {"$ref": "#/components/responses/NOT_FOUND"},
                    },
                },
            }
        },
        "components": {
            "responses": {"NOT_FOUND": {"description": "Not Found"}},
            "schemas": {
                "Thing": {"required": ["n"], "properties": {"n": {"type": "array", "items": {"type": "integer"}}}}
            },
        },
    }
    told = reference(document)
    (operation,) = told.sections[0].operations
    assert [(one.name, one.place, one.type) for one in operation.parameters] == [("way", "query", "one of to, from")]
    assert [(one.status, one.shape) for one in operation.answers] == [("200", "Thing")]
    assert operation.problems == ["404"]
    assert [(one.name, one.type, one.required) for one in told.shapes["Thing"]] == [("n", "list of integer", True)]
