"""Write the documents as a static site: `python -m api.documents.build FOLDER`. Exits with 1 if there is a warning."""

import json
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from flask import Flask, render_template

from api.app import create_app
from api.documents.catalogue import PICTURES, REFERENCE, Catalogue, catalogue
from api.documents.markdown import Page, inline, rendered
from api.documents.reference import reference
from entente import __version__
from entente.bootstrap.container import Container
from entente.bootstrap.settings import Settings

_STATIC = Path(__file__).parents[1] / "dashboard" / "static"


def build(folder: Path) -> list[str]:
    """Write the site into `folder`, which is made anew; the warnings, each naming its document."""
    found = catalogue()
    pages = {
        name: rendered(file, found, _address, lambda picture: f"pictures/{picture}")
        for name, file in found.files.items()
    }
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name in ("dashboard.css", "icon.svg"):
        shutil.copy(_STATIC / name, folder / name)
    if PICTURES.is_dir():
        shutil.copytree(PICTURES, folder / "pictures")
    with tempfile.TemporaryDirectory() as place:
        _write(folder, found, pages, _app(Path(place)))
    return [*warnings(found, pages)]


def warnings(found: Catalogue, pages: Mapping[str, Page]) -> Iterator[str]:
    """What is wrong with the documents: links to nowhere, documents in no list, and what each page says of itself."""
    for name, page in pages.items():
        yield from (f"{found.files[name].name}: {warning}" for warning in page.warnings)
        for target, anchor in page.links:
            if anchor and anchor not in pages[target].anchors:
                yield f"{found.files[name].name}: no heading #{anchor} in {found.files[target].name}"
    for name in sorted(set(found.files) - found.listed):
        yield f"{found.files[name].name} is not in docs/site.toml"


def _write(folder: Path, found: Catalogue, pages: Mapping[str, Page], app: Flask) -> None:
    told = app.test_client().get("/openapi.json").get_data()
    (folder / "openapi.json").write_bytes(told)
    shared: dict[str, Any] = {"catalogue": found, "at": _address, "version": __version__, "layout": _LAYOUT}
    with app.app_context():
        texts = {"index": render_template("dashboard/documents.html", **shared)}
        for name, page in pages.items():
            texts[name] = render_template("dashboard/document.html", document=page, **shared)
        of_api = {"told": reference(json.loads(told)), "inline": inline, "specification": "openapi.json"}
        texts[REFERENCE] = render_template("dashboard/reference.html", **of_api, **shared)
    for name, text in texts.items():
        (folder / f"{name}.html").write_text(text, encoding="utf-8")


_LAYOUT = "dashboard/documents_alone.html"


def _address(name: str) -> str:
    return f"{name or 'index'}.html"


def _app(place: Path) -> Flask:
    """The app, whose specification the reference shows. Its ledger is never opened."""
    return create_app(Container(Settings(data_dir=place, database_url=f"sqlite:///{place}/ledger.db")))


def main() -> None:
    """Write the site into the folder that the command line names."""
    folder = Path(sys.argv[1])
    found = build(folder)
    for warning in found:
        print(warning, file=sys.stderr)
    if found:
        sys.exit(1)
    print(f"{len(list(folder.glob('*.html')))} pages in {folder}; open {folder / 'index.html'}")


if __name__ == "__main__":
    main()
