"""Rows of state data as state facts, which move facets as those of the baseline do."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from entente.relations.codebook import Codebook
from entente.relations.entities import Entities
from entente.relations.periods import Period
from entente.relations.state_facts import StateFact, problem_of
from entente.services.importing.dates import Days, period, year_of
from entente.services.importing.errors import BadRow
from entente.services.importing.formats import CONSTANT, FactRule, Format
from entente.services.importing.parties import Parties
from entente.services.importing.rows import Getter, Rows
from entente.services.importing.spells import Membership, Spell, Track, after, joined, paired, runs


class StateReader:
    """Collects the rows of a data set's files, and makes state facts of them once all are read."""

    def __init__(self, form: Format, parties: Parties, codebook: Codebook, entities: Entities, today: date) -> None:
        self._form = form
        said = form.document_date
        self._document_date = Period.day(today) if said == TODAY else Period.parse(said) if said else None
        self._today = today
        self._parties = parties
        self._codebook = codebook
        self._entities = entities
        self._days = Days(form.dates)
        self._spells: dict[Track, list[Spell]] = {}
        self._observed: dict[tuple[str, str, str, str], dict[int, tuple[str, str]]] = {}
        self._years: set[int] = set()
        self._groups: dict[str, list[Membership]] = {}
        self.refused: Counter[str] = Counter()
        self.examples: dict[str, list[str]] = {}
        self.n_rows = 0

    def take(self, name: str, rows: Rows, named: int) -> None:
        """Read a file; up to `named` refused rows of each reason are remembered."""
        layout = _Layout(self._form, rows, self._entities)
        for line, cells in rows:
            self.n_rows += 1
            try:
                rows.check(cells)
                self._read(layout, cells, f"{name}:{line}")
            except (BadRow, IndexError) as error:
                reason = error.reason if isinstance(error, BadRow) else "another number of columns"
                detail = f": {error.detail}" if isinstance(error, BadRow) and error.detail else ""
                self._refuse(reason, f"line {line}{detail}", named)

    def facts(self, named: int) -> Iterator[StateFact]:
        """The state facts of all rows, each once. Those that can't be are refused."""
        years = sorted(self._years)
        for (source, target, facet, item), observed in self._observed.items():
            for value, spell in runs(observed, years):
                self._add((source, target, facet, item, value), spell)
        for members in self._groups.values():
            for *track, spell in paired(members):
                source, target, facet, item, value = track
                self._add((source, target, facet, item, value), spell)
        for told, spells in sorted(self._spells.items()):
            for spell in joined(spells):
                fact = self._fact(told, spell)
                if problem := problem_of(fact, self._codebook):
                    self._refuse("no value that can be taken", f"{spell.place}: {problem}", named)
                else:
                    yield fact

    def _refuse(self, reason: str, where: str, named: int) -> None:
        self.refused[reason] += 1
        some = self.examples.setdefault(reason, [])
        if len(some) < named:
            some.append(where)

    def _read(self, layout: "_Layout", cells: Sequence[str], place: str) -> None:
        told = {(rule, target): value for rule, target, value in layout.told(cells)}
        if self._form.yearly:
            self._observe(layout, cells, told, place)
            return
        spell = self._spell(layout, cells, place)
        year = spell.begins.first.year if spell.begins else (spell.ends.first.year if spell.ends else self._today.year)
        if layout.group:
            party = self._party(layout.member, cells, year)
            side = layout.side(cells).strip() if layout.side else ""
            values = {(rule.facet, rule.item): value for (rule, _), value in told.items()}
            members = self._groups.setdefault(layout.group(cells), [])
            members.append(Membership(party, side, spell, values))
            if again := self._second(layout, cells, place):
                members.append(Membership(party, side, again, values))
            return
        source, target = self._pair(layout, cells, year)
        for (rule, _), value in told.items():
            one, other = (target, source) if rule.reverse else (source, target)
            self._add((one, other, rule.facet, rule.item, value), spell)

    def _observe(
        self, layout: "_Layout", cells: Sequence[str], told: dict[tuple[FactRule, str], str], place: str
    ) -> None:
        year = year_of(layout.year(cells))
        # A year counts as observed whatever this row says: what is missing in it has ended.
        self._years.add(year)
        if self._form.wide:
            source, target = self._party(layout.source, cells, year), ""
        else:
            source, target = self._pair(layout, cells, year)
        for (rule, wide), value in told.items():
            one, other = source, wide or target
            if rule.reverse:
                one, other = other, one
            if self._codebook.facet(rule.facet).shared and one > other:
                one, other = other, one
            self._observed.setdefault((one, other, rule.facet, rule.item), {})[year] = (value, place)

    def _pair(self, layout: "_Layout", cells: Sequence[str], year: int) -> tuple[str, str]:
        source, target = (self._party(get, cells, year) for get in (layout.source, layout.target))
        if source == target:
            raise BadRow("both parties are one")
        return source, target

    def _party(self, get: Getter, cells: Sequence[str], year: int) -> str:
        written = get(cells)
        key = self._parties.key(written, year)
        if not key:
            raise BadRow("a party that is no present state or organisation", repr(written[:60]))
        return key

    def _second(self, layout: "_Layout", cells: Sequence[str], place: str) -> Spell | None:
        """The second spell of a row, of a party that left and came back; None without."""
        if not layout.begins2 or period([get(cells) for get in layout.begins2], self._days) is None:
            return None
        return self._spell(layout, cells, place, layout.begins2, layout.ends2)

    def _spell(
        self,
        layout: "_Layout",
        cells: Sequence[str],
        place: str,
        first: Sequence[Getter] = (),
        last: Sequence[Getter] = (),
    ) -> Spell:
        begins = period([get(cells) for get in first or layout.begins], self._days) if layout.begins else None
        ends = period([get(cells) for get in last or layout.ends], self._days) if layout.ends else None
        if ends and ends.last.year == date.max.year:
            # Written for what has no end.
            ends = None
        if ends and self._form.inclusive:
            ends = after(ends)
        if ends and self._form.covers and ends.first.year > int(self._form.covers):
            # It holds to the end of what the data set covers: nothing tells of its end.
            ends = None
        return Spell(begins, ends, place)

    def _add(self, track: Track, spell: Spell) -> None:
        source, target, facet, item, value = track
        if self._codebook.facet(facet).shared and source > target:
            source, target = target, source
        self._spells.setdefault((source, target, facet, item, value), []).append(spell)

    def _fact(self, track: Track, spell: Spell) -> StateFact:
        form = self._form
        source, target, facet, item, value = track
        return StateFact(
            origin=form.name,
            place=spell.place,
            source=source,
            target=target,
            facet=facet,
            item=item,
            value=value,
            begins=spell.begins,
            ends=spell.ends,
            publisher=form.publisher,
            document=form.document,
            document_date=self._document_date,
            citation=form.citation,
            note=spell.note,
        )


class _Layout:
    """What reads the parts of a row of one file."""

    def __init__(self, form: Format, rows: Rows, entities: Entities) -> None:
        self.group = rows.getter("group")
        self.side = rows.getter("side")
        blank = rows.column(CONSTANT)
        self.member = rows.getter("member") or blank
        self.source = rows.getter("source") or blank
        self.target = rows.getter("target") or blank
        self.year = rows.getter("year") or blank
        self.begins = self._parts(form, rows, "begins")
        self.ends = self._parts(form, rows, "ends")
        self.begins2 = self._parts(form, rows, "begins2")
        self.ends2 = self._parts(form, rows, "ends2")
        self._rules: list[tuple[FactRule, str, Getter]] = []
        for rule in form.facts:
            if rule.column != WIDE:
                self._rules.append((rule, "", rows.column(rule.column)))
            else:
                self._rules += [
                    (replace(rule, column=column), key, rows.column(column))
                    for column in rows.columns
                    if (key := _organisation(form.organisations.get(column.lower(), column), entities))
                ]

    @staticmethod
    def _parts(form: Format, rows: Rows, field: str) -> list[Getter]:
        said = form.fields.get(field, ())
        named = [said] if isinstance(said, str) else said
        # Results of a query lack the columns that no row has a value of.
        return [] if form.json and not all(map(rows.has, named)) else [rows.column(name) for name in named]

    def told(self, cells: Sequence[str]) -> Iterator[tuple[FactRule, str, str]]:
        """(rule, the party that its column is or "", value) of each rule that says something of a row."""
        for rule, party, get in self._rules:
            value = rule.values.get(get(cells).strip())
            if value:
                yield rule, party, value


#: Column of a rule that is of every column named like an organisation.
WIDE = "*"

#: Date of a document that is a query's result: that of its import.
TODAY = "today"


def _organisation(column: str, entities: Entities) -> str:
    found = entities.get(column.strip().upper()) or entities.find(column.strip())
    return found.key if found and found.kind == "organisation" else ""
