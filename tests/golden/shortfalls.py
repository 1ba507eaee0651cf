"""List the golden matches that the coder fails; `python -m tests.golden.shortfalls` writes shortfalls.json."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from entente.bootstrap.container import Container
from entente.bootstrap.settings import Settings
from entente.cli.documents import Request, answer
from entente.services.articles import Document
from tests.golden.records import Event, Golden, articles, moved, quiet, shortfalls

LIST = Path(__file__).with_name("shortfalls.json")


def container() -> Container:
    """A composition that codes and touches neither database nor broker."""
    return Container(Settings(data_dir=Path("unused"), database_url="sqlite://"))


def coded(golden: Golden, by: Container) -> list[Event]:
    """The events of a golden as `entente code` prints them."""
    document = Document(golden["text"], golden["title"], date.fromisoformat(golden["published_at"]))
    return list(answer(Request(golden["id"], document, "plover"), by.coder.code(document), by.codebook)["events"])


def of(golden: Golden, by: Container) -> list[str]:
    """A line for each shortfall of the coder on one golden, sorted."""
    events = coded(golden, by)
    found = list(shortfalls(events, golden))
    if golden.get("no_event"):
        found += moved(events, by.codebook)
    return sorted(found)


def listed() -> dict[str, list[str]]:
    """The known shortfalls by golden."""
    return dict(json.loads(LIST.read_text(encoding="utf-8"))["shortfalls"])


def current(by: Container) -> Iterator[tuple[str, list[str]]]:
    """Every golden that falls short now, with its lines."""
    for golden in [*articles(), *quiet()]:
        if lines := of(golden, by):
            yield golden["id"], lines


def main() -> None:
    """Write the list anew and say how much of the goldens is met."""
    found = dict(sorted(current(container())))
    lines = [line for of_one in found.values() for line in of_one]
    required = sum(len(golden["required"]) for golden in articles())
    missed = sum(line.startswith("missed") for line in lines)
    summary = f"required {required - missed}/{required}, forbidden or stray {len(lines) - missed}"
    text = json.dumps({"summary": summary, "shortfalls": found}, ensure_ascii=False, indent=1)
    LIST.write_text(text + "\n", encoding="utf-8")
    print(summary)


if __name__ == "__main__":
    main()
