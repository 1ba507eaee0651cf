"""Write the figures of build/proofs.json into the table of docs/promises.md: `python -m tests.prove.table`.

Only the table between the markers is written. A row stays until its test is run again, and a row of the full size until
it is run again at the full size.
"""

from collections.abc import Iterable

from tests.prove.figures import ROOT, Figure, recorded

DOCUMENT = ROOT / "docs" / "promises.md"
BEGIN, END = "<!-- figures: written by `make prove` -->", "<!-- end of the figures -->"

HEAD = ("no.", "promise", "shown by", "size", "figure", "aim", "held", "machine", "date")
SIZES = {True: "full", False: "small"}


def row(figure: Figure) -> tuple[str, ...]:
    """The cells of a figure, in the order of HEAD."""
    held = "yes" if figure.held else "**no**"
    shown = f"`{figure.shown_by}`"
    given = (figure.promise, figure.claim, shown, SIZES[figure.full], figure.figure, figure.aim, held)
    return tuple(cell.replace("|", "/").replace("\n", " ") for cell in (*given, figure.machine, figure.date))


def written(document: str, figures: Iterable[Figure]) -> str:
    """The document with these figures in its table. Raises ValueError if it lacks the markers."""
    before, begin, rest = document.partition(BEGIN)
    table, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError(f"docs/promises.md lacks the line {BEGIN} or {END}; put the two around its table")
    rows = {(cells[0], cells[2]): cells for cells in _rows(table)}
    for figure in figures:
        cells = row(figure)
        key = (cells[0], cells[2])
        old = rows.get(key)
        if figure.full or old is None or old[3] != SIZES[True]:
            rows[key] = cells
    lines = [HEAD, tuple("---" for _ in HEAD), *sorted(rows.values(), key=_order)]
    return before + begin + "\n\n" + "".join(f"| {' | '.join(cells)} |\n" for cells in lines) + "\n" + end + after


def _rows(table: str) -> list[tuple[str, ...]]:
    lines = [line for line in table.splitlines() if line.startswith("|")][2:]
    return [tuple(cell.strip() for cell in line.strip().strip("|").split("|")) for line in lines]


def _order(cells: tuple[str, ...]) -> tuple[int, str]:
    # Without a number: after the others.
    return int(cells[0]) if cells[0] else 1000, cells[2]


if __name__ == "__main__":
    DOCUMENT.write_text(written(DOCUMENT.read_text(encoding="utf-8"), recorded()), encoding="utf-8")
