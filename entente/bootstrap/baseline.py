"""Read the baseline (seeds/baseline/) as state facts, and load it into a ledger."""

import csv
import hashlib
from collections.abc import Iterator, Mapping

from entente.bootstrap.seeds import SeedError, rows, seed_files
from entente.relations.codebook import Codebook
from entente.relations.entities import Entities
from entente.relations.periods import Period
from entente.relations.state_facts import StateFact, problem_of
from entente.services.projecting.state_facts import Loaded, StateFactSets

#: Origin of the baseline's state facts.
BASELINE = "baseline"

FIELDS = (
    *("source", "target", "facet", "item", "value", "from", "to"),
    *("publisher", "document", "document_date", "citation", "note"),
)


def baseline_files() -> list[str]:
    """The names of the baseline's files, one for each kind of fact, in order."""
    return sorted(file.name for file in seed_files().joinpath(BASELINE).iterdir() if file.name.endswith(".csv"))


def baseline_digest() -> str:
    """Digest of the content of the baseline's files: it is loaded again if this changes."""
    found = hashlib.blake2b(digest_size=16)
    for name in baseline_files():
        content = seed_files().joinpath(BASELINE, name).read_bytes()
        found.update(f"{name} {len(content)}\n".encode())
        found.update(content)
    return found.hexdigest()


def read_baseline(codebook: Codebook, entities: Entities) -> Iterator[StateFact]:
    """The baseline's state facts. Raises SeedError with file and row."""
    seen: dict[str, str] = {}
    for name in baseline_files():
        _check_header(name)
        for number, row in enumerate(rows(BASELINE, name), start=2):
            place = f"baseline/{name}, row {number}"
            fact = _fact(row, name, place)
            for field, key in (("source", fact.source), ("target", fact.target)):
                entity = entities.get(key)
                if entity is None or entity.kind == "historic":
                    raise SeedError(f"{place}: {field}: {key!r} is no key of a present entity")
            if problem := problem_of(fact, codebook):
                raise SeedError(f"{place}: {problem}")
            if fact.id in seen:
                raise SeedError(f"{place}: says the same as {seen[fact.id]}")
            seen[fact.id] = place
            yield fact


def load_baseline(sets: StateFactSets, codebook: Codebook, entities: Entities, wanted: bool) -> Loaded | None:
    """Bring the ledger's baseline up to date, or remove it if it is not `wanted`; None if nothing was to be done."""
    digest = baseline_digest() if wanted else None
    if sets.is_loaded(BASELINE, digest):
        return None
    return sets.load(BASELINE, digest, read_baseline(codebook, entities) if wanted else ())


def _check_header(name: str) -> None:
    lines = seed_files().joinpath(BASELINE, name).read_text(encoding="utf-8").splitlines()
    if (header := next(csv.reader(lines), [])) != [*FIELDS]:
        raise SeedError(f"baseline/{name}: the header is {','.join(header)}, not {','.join(FIELDS)}")


def _fact(row: Mapping[str, str], name: str, place: str) -> StateFact:
    for field in ("source", "target", "facet", "value", "publisher", "document"):
        if not row[field]:
            raise SeedError(f"{place}: {field}: blank")
    try:
        return StateFact(
            origin=BASELINE,
            place=name,
            source=row["source"],
            target=row["target"],
            facet=row["facet"],
            item=row["item"],
            value=row["value"],
            begins=Period.parse(row["from"]) if row["from"] else None,
            ends=Period.parse(row["to"]) if row["to"] else None,
            publisher=row["publisher"],
            document=row["document"],
            document_date=Period.parse(row["document_date"]) if row["document_date"] else None,
            citation=row["citation"],
            note=row["note"],
        )
    except ValueError as error:
        raise SeedError(f"{place}: {error}") from error
