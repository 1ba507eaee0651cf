"""StateImports: read the files of a data set of states, and load them as one set that replaces what was there of it."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TextIO

from entente.relations.codebook import Codebook
from entente.relations.entities import Entities
from entente.services.importing.formats import Format
from entente.services.importing.importer import NAMED, Imports
from entente.services.importing.states import StateReader
from entente.services.ports.system import Clock
from entente.services.projecting.state_facts import Loaded, StateFactSets


@dataclass(frozen=True, slots=True)
class StateReport:
    """What became of a data set. `loaded` None: it was known already, or nothing was to be stored."""

    n_rows: int = 0
    n_facts: int = 0
    was_known: bool = False
    loaded: Loaded | None = None
    refused: Mapping[str, int] = field(default_factory=dict)
    examples: Mapping[str, list[str]] = field(default_factory=dict)


class StateImports:
    """Import data sets of states. All files of one are given together."""

    def __init__(
        self, imports: Imports, sets: StateFactSets, codebook: Codebook, entities: Entities, clock: Clock
    ) -> None:
        self._clock = clock
        self._imports = imports
        self._sets = sets
        self._codebook = codebook
        self._entities = entities

    def is_known(self, form: Format, digests: Iterable[str]) -> bool:
        """Whether these files, and no others, are loaded as the data set."""
        return self._sets.is_loaded(form.name, _digest(digests))

    def reader(self, form: Format) -> StateReader:
        """A reader of the data set's files."""
        return StateReader(form, self._imports.parties(form), self._codebook, self._entities, self._clock.now().date())

    def read(self, reader: StateReader, form: Format, name: str, text: TextIO) -> None:
        """Read a file. Raises WrongFile."""
        reader.take(name, self._imports.rows(name, text, form), NAMED)

    def load(self, form: Format, reader: StateReader, digests: Iterable[str], dry_run: bool) -> StateReport:
        """Load what was read, in place of what the data set gave before. Interrupted, the next call does the rest."""
        facts = list(reader.facts(NAMED))
        loaded = None if dry_run else self._sets.load(form.name, _digest(digests), facts)
        return StateReport(reader.n_rows, len(facts), False, loaded, reader.refused, reader.examples)

    def remove(self, origin: str) -> int:
        """Remove the state facts of a data set; their number."""
        return self._sets.load(origin, None, ()).went if self._sets.count(origin) else 0

    def known(self, form: Format) -> StateReport:
        """The report of a data set that is loaded already."""
        return StateReport(n_facts=self._sets.count(form.name), was_known=True)


def _digest(digests: Iterable[str]) -> str:
    return hashlib.blake2b(" ".join(sorted(digests)).encode(), digest_size=16).hexdigest()
