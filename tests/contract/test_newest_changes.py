"""The newest changes that pass filters, on SQLite and PostgreSQL: the same that the dispatcher sends."""

from datetime import date

import pytest

from entente.relations.states import Change
from entente.services.ports.wants import Wants
from entente.services.subscriptions import wants
from entente.storage.ledger import SqlLedger
from tests.contract.helpers import NOON


def change(
    source: str, target: str, facet: str, after: str, *, standing: str = "held", historic: bool = False
) -> Change:
    return Change(source, target, facet, "", standing, "unknown", after, date(2025, 7, 3), "", historic)


CHANGES = [
    change("RUS", "AFG", "recognition", "recognised"),
    change("AFG", "RUS", "recognition", "withdrawn"),
    change("FRA", "DEU", "mission", "embassy", historic=True),
    change("FRA", "RUS", "sanctions", "in_force", standing="unconfirmed"),
    change("DEU", "RUS", "mission", "closed"),
]


@pytest.fixture
def filled(ledger: SqlLedger) -> SqlLedger:
    with ledger.write() as unit:
        unit.changes.append(CHANGES, None, NOON)
        unit.changes.append([change("", "", "", "")], None, NOON, "retraction")
        unit.commit()
    return ledger


@pytest.mark.parametrize(
    "filters",
    [
        Wants(),
        Wants(historic=True, unconfirmed=True),
        Wants(historic=True),
        Wants(unconfirmed=True),
        Wants(countries=["DEU", "AFG"]),
        Wants(pairs=[("RUS", "AFG"), ("RUS", "DEU")]),
        Wants(facets=["mission"], historic=True),
        Wants(to_values=["withdrawn", "closed"]),
        Wants(countries=["USA"]),
        Wants(countries=["RUS"], pairs=[("DEU", "RUS")], facets=["mission"], to_values=["closed"]),
    ],
)
def test_the_newest_are_what_a_subscriber_with_the_same_filters_gets(filled: SqlLedger, filters: Wants) -> None:
    with filled.read() as unit:
        every = [recorded for recorded in unit.changes.after(0, 100) if recorded.kind == "facet"]
        found = unit.changes.newest(filters, 100)
        assert found == [recorded for recorded in reversed(every) if wants(filters, recorded)]
        assert unit.changes.newest(filters, 1) == found[:1]
