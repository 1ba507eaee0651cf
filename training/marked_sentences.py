"""Sentences with a marked source and target, and the PLOVER root of what the one does to the other (sentences/)."""

import re
from collections.abc import Iterator
from pathlib import Path

from examples import PARTY, Example, Examples, SpanExample

from entente.coding.reader.windows import Line, Named, windows

_TAG = re.compile(r"<(/?)([st])>")


def marked_examples(directory: Path, make: Examples) -> Iterator[Example]:
    """The sentences of ROOT.txt files, one a line, with `<s>…</s>` and `<t>…</t>`. Raises ValueError for a bad line."""
    for path in sorted(directory.glob("*.txt")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            text, spans = unmarked(line, f"{path.name}:{number}")
            names = [Named(start, end, entity) for entity, (start, end) in spans.items()]
            window = next(windows([Line(text, names)], make.splitter))
            found = [
                SpanExample(*pieces, 0, n.entity, PARTY, (n.entity,))
                for n in names
                if (pieces := window.lines[0].span(n.start, n.end))
            ]
            if len(found) == 2:
                yield Example(window, found, [], [], f"{path.stem}-{number}", path.stem.upper())


def unmarked(line: str, place: str) -> tuple[str, dict[str, tuple[int, int]]]:
    """The text of a marked line, and where its marks S and T stood."""
    text, last = "", 0
    spans: dict[str, list[int]] = {"s": [], "t": []}
    for tag in _TAG.finditer(line):
        text += line[last : tag.start()]
        last = tag.end()
        spans[tag.group(2)].append(len(text))
    text += line[last:]
    if any(len(span) != 2 for span in spans.values()):
        raise ValueError(f"{place}: mark one source and one target, <s>…</s> and <t>…</t>")
    return text, {name.upper(): (begin, end) for name, (begin, end) in spans.items()}
