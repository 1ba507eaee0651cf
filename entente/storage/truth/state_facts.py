"""SqlStateFactBook: the StateFactBook port on SQL."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache

from sqlalchemy import Connection, Executable, Text, bindparam, delete, or_, select

from entente.relations.dyads import Dyad
from entente.relations.periods import Period
from entente.relations.state_facts import StateFact
from entente.services.ports.state_facts import LoadedSet, StateFactQuery
from entente.storage.dialect import GivenRows, add_rows, chunks, insert_into, of_each
from entente.storage.truth.rows import AnyRow, Values
from entente.storage.truth.tables import loaded_sets, state_facts

_t = state_facts.c
_l = loaded_sets.c

# Statements are built once: building one takes several times as long as executing it.
_OF_DYAD = select(state_facts).where(_t.dyad_a == bindparam("a"), _t.dyad_b == bindparam("b"))
_REMOVE = delete(state_facts).where(_t.id.in_(bindparam("ids", expanding=True)))
_LOADED = select(loaded_sets).where(_l.origin == bindparam("of_origin"))

#: State facts of one dyad and facet; parameters a, b, facet.
OF_FACET = _OF_DYAD.where(_t.facet == bindparam("facet"))

_IDS = GivenRows("ids", {"id": Text()})


@cache
def _by_id(dialect: str) -> Executable:
    wanted = _IDS.rows(dialect)
    return of_each(dialect, wanted, state_facts, _t.id == wanted.c.id)


class SqlStateFactBook:
    """State facts in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def loaded(self, origin: str) -> LoadedSet | None:
        row = self._connection.execute(_LOADED, {"of_origin": origin}).one_or_none()
        return LoadedSet(row.digest, row.codebook_version, row.n_facts) if row else None

    def note_loaded(self, origin: str, loaded: LoadedSet | None, at: datetime) -> None:
        if loaded is None:
            self._connection.execute(delete(loaded_sets).where(_l.origin == origin))
            return
        row = {
            "digest": loaded.digest,
            "codebook_version": loaded.codebook_version,
            "n_facts": loaded.n_facts,
            "loaded_at": at,
        }
        note = insert_into(self._connection, loaded_sets).values(origin=origin, **row)
        self._connection.execute(note.on_conflict_do_update(index_elements=[_l.origin], set_=row))

    def add(self, facts: Collection[StateFact], at: datetime) -> None:
        add_rows(self._connection, state_facts, [{**_pack(fact), "recorded_at": at} for fact in facts])

    def remove(self, ids: Collection[str]) -> None:
        for some in chunks(sorted(ids)):
            self._connection.execute(_REMOVE, {"ids": some})

    def of_origin(self, origin: str) -> Iterator[StateFact]:
        found = select(state_facts).where(_t.origin == origin).order_by(_t.id).execution_options(yield_per=1000)
        return map(unpack_state_fact, self._connection.execute(found))

    def of_dyad(self, dyad: Dyad) -> list[StateFact]:
        rows = self._connection.execute(_OF_DYAD, {"a": dyad.a, "b": dyad.b})
        return sorted(map(unpack_state_fact, rows), key=lambda fact: fact.id)

    def by_id(self, ids: Iterable[str]) -> Mapping[str, StateFact]:
        dialect = self._connection.dialect.name
        given = _IDS.parameters(dialect, [(id,) for id in sorted(set(ids))])
        return {row.id: unpack_state_fact(row) for row in self._connection.execute(_by_id(dialect), given)}

    def search(self, query: StateFactQuery, after: str, limit: int) -> Sequence[StateFact]:
        found = select(state_facts).where(_t.id > after)
        if query.origin is not None:
            found = found.where(_t.origin == query.origin)
        if query.entity is not None:
            found = found.where(or_(_t.dyad_a == query.entity, _t.dyad_b == query.entity))
        if query.dyad is not None:
            found = found.where(_t.dyad_a == query.dyad.a, _t.dyad_b == query.dyad.b)
        if query.facet is not None:
            found = found.where(_t.facet == query.facet)
        return [unpack_state_fact(row) for row in self._connection.execute(found.order_by(_t.id).limit(limit))]


def _pack(fact: StateFact) -> Values:
    """The row of a state fact, without when it was recorded."""
    dyad = fact.dyad
    return {
        "id": fact.id,
        "origin": fact.origin,
        "place": fact.place,
        "dyad_a": dyad.a,
        "dyad_b": dyad.b,
        "source": fact.source,
        "target": fact.target,
        "facet": fact.facet,
        "item": fact.item,
        "value": fact.value,
        "begins": fact.begins.label if fact.begins else None,
        "ends": fact.ends.label if fact.ends else None,
        "publisher": fact.publisher,
        "document": fact.document,
        "document_date": fact.document_date.label if fact.document_date else None,
        "citation": fact.citation,
        "note": fact.note,
        "known_by": fact.known_by,
    }


def unpack_state_fact(row: AnyRow) -> StateFact:
    """The state fact of a row."""
    return StateFact(
        origin=row.origin,
        place=row.place,
        source=row.source,
        target=row.target,
        facet=row.facet,
        item=row.item,
        value=row.value,
        begins=Period.parse(row.begins) if row.begins else None,
        ends=Period.parse(row.ends) if row.ends else None,
        publisher=row.publisher,
        document=row.document,
        document_date=Period.parse(row.document_date) if row.document_date else None,
        citation=row.citation,
        note=row.note,
    )
