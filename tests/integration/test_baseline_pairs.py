"""What `entente relation` says of much-asked pairs, and who recognises contested entities, from the baseline alone."""

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from entente.bootstrap.container import Container
from entente.bootstrap.settings import Settings
from entente.cli.main import main
from entente.services.reading.relation_lists import RelationQuery

AS_OF = "2025-12-31"
DOCUMENT = Path(__file__).parents[2] / "docs" / "baseline.md"

#: Source and target → facet, value and since when, each of which must be shown with its document.
PAIRS: dict[tuple[str, str], list[tuple[str, str, str]]] = {
    ("USA", "IRN"): [
        ("relations", "severed", "1980-04-07"),
        ("mission", "interests_section", "1980-05"),
        ("sanctions[asset_freeze]", "in_force", "1979-11-14"),
        ("sanctions[trade_full]", "in_force", "1995-05-06"),
        ("treaties[bilateral]", "terminated", "2019-10-03"),
    ],
    ("USA", "CUB"): [
        ("relations", "established", "2015-07-20"),
        ("mission", "embassy", "2015-07-20"),
        ("sanctions[trade_full]", "in_force", "1962-02-07"),
        ("trade", "embargoed", "1962-02-07"),
    ],
    ("RUS", "UKR"): [
        ("conflict", "war", "2022-02-24"),
        ("relations", "severed", "2022-02-24"),
        ("territory[territory]", "annexed", "2014-03-18"),
    ],
    ("GRC", "TUR"): [
        ("relations", "established", "1925"),
        ("conflict", "threat_of_force", "1996-01-31"),
        ("treaties[border]", "in_force", "1924-08-06"),
    ],
    ("CHN", "TWN"): [
        ("recognition", "not_recognised", "1949-12"),
        ("relations", "never", "1949-12"),
        ("territory[territory]", "claimed", "1949"),
        ("trade", "partial_scope", "2010-09-12"),
    ],
    ("SRB", "XKX"): [
        ("recognition", "not_recognised", "2008-02-18"),
        ("mission", "representative_office", "2013-06-17"),
        ("peace_process", "peace_agreement", "2013-04-19"),
    ],
    ("ISR", "PSE"): [
        ("recognition", "not_recognised", "1988-11"),
        ("territory[territory]", "occupied", "1967-06"),
        ("trade", "customs_union", "1994"),
    ],
    ("PSE", "ISR"): [("recognition", "recognised", "1993-09-09")],
    ("IND", "PAK"): [
        ("relations", "established", "1976-07"),
        ("head_of_mission", "charge_d_affaires", "2019-08"),
        ("treaties[water]", "suspended", "2025-04-23"),
        ("peace_process", "in_effect", "2025-05-10"),
        ("trade", "embargoed", "2025-05-02"),
    ],
    ("PRK", "KOR"): [
        ("peace_process", "armistice", "1953-07-27"),
        ("relations", "never", "1948-09"),
        ("mobility[border]", "closed", "1953-07-27"),
    ],
    ("EU", "RUS"): [
        ("sanctions[asset_freeze]", "in_force", "2014-03-17"),
        ("sanctions[trade_import]", "in_force", "2022"),
        ("mobility[airspace]", "closed", "2022-02-27"),
    ],
    ("RUS", "EU"): [("sanctions[trade_import]", "in_force", "2014-08-07")],
    ("ARM", "AZE"): [
        ("relations", "never", "1991"),
        ("territory[territory]", "withdrawn", "2020-12-01"),
        ("treaties[bilateral]", "initialled", "2025-08-08"),
    ],
    ("ETH", "ERI"): [
        ("relations", "established", "2018-07-09"),
        ("peace_process", "peace_agreement", "2018-07-09"),
        ("recognition", "recognised", "1993-05"),
    ],
    ("SAU", "IRN"): [
        ("relations", "established", "2023-03-10"),
        ("mission", "embassy", "2023-08"),
        ("head_of_mission", "ambassador", "2023-09-05"),
    ],
    ("MAR", "DZA"): [("relations", "severed", "2021-08-24"), ("mission", "closed", "2021-08")],
    ("DZA", "MAR"): [
        ("mobility[border]", "closed", "1994-08"),
        ("mobility[airspace]", "closed", "2021-09-22"),
    ],
    ("COL", "VEN"): [
        ("relations", "established", "2022-08"),
        ("mission", "embassy", "2022-08-28"),
        ("mobility[border]", "open", "2022-09-26"),
    ],
    ("JPN", "KOR"): [
        ("relations", "established", "1965-12-18"),
        ("treaties[defence]", "in_force", "2016-11-23"),
        ("sanctions[dual_use]", "lifted", "2023-07"),
        ("territory[territory]", "claimed", "1952-01-28"),
    ],
}  # fmt: skip

#: Pairs at an earlier day: source, target, day → what held then.
EARLIER = [
    ("USA", "CUB", "2014-12-31", ("relations", "severed", "1961-01-03")),
    ("SAU", "IRN", "2020-06-30", ("relations", "severed", "2016-01-03")),
    ("MAR", "DZA", "2020-06-30", ("relations", "established", "1988-05-16")),
    ("COL", "VEN", "2020-06-30", ("relations", "severed", "2019-02-23")),
    ("PRK", "KOR", "1952-06-30", ("conflict", "war", "1950-06-25")),
    ("ETH", "ERI", "2005-06-30", ("relations", "severed", "1998-05")),
    ("ARM", "AZE", "2020-10-15", ("conflict", "war", "2020-09-27")),
    ("RUS", "UKR", "2013-12-31", ("treaties[border]", "in_force", "2004-04-23")),
]

#: Who recognised an entity at the end of a year by what is published, and how our rows differ from it: states that
#: these rows leave out, and entities that they have beyond it. docs/baseline.md has the same table, with the reasons.
WITHOUT_PALESTINE = {"SVK", "PNG"}
WITHDRAWN = {*"BDI CAF COM DMA GHA GRD LSO MDG NRU PLW PNG SLB SLE SUR TGO".split()}
RECOGNISERS: dict[tuple[str, int], tuple[int, set[str], set[str]]] = {
    ("PSE", 1990): (89, {"SVK"}, set()),
    ("PSE", 2008): (107, WITHOUT_PALESTINE, set()),
    ("PSE", 2012): (131, WITHOUT_PALESTINE, set()),
    ("PSE", 2020): (138, WITHOUT_PALESTINE, set()),
    ("PSE", 2024): (148, WITHOUT_PALESTINE | {"MEX"}, set()),
    ("XKX", 1990): (0, set(), set()),
    ("XKX", 2008): (53, set(), {"TWN"}),
    ("XKX", 2012): (98, {"GNB", "NGA", "STP", "UGA"}, {"TWN"}),
    ("XKX", 2020): (117, {"GNB", "STP"} | WITHDRAWN, {"TWN"}),
    ("XKX", 2024): (117, {"GNB", "STP"} | WITHDRAWN, {"TWN"}),
    ("TWN", 1990): (28, set(), set()),
    ("TWN", 2008): (23, set(), set()),
    ("TWN", 2012): (23, set(), set()),
    ("TWN", 2020): (15, set(), set()),
    ("TWN", 2024): (12, set(), set()),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A data directory whose ledger holds the baseline."""
    made = str(tmp_path_factory.mktemp("baseline"))
    Container(Settings.from_env({"ENTENTE_DATA_DIR": made, "ENTENTE_BASELINE": "on"})).prepare()
    return made


@pytest.fixture
def run(folder: str, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    monkeypatch.setenv("ENTENTE_DATA_DIR", folder)
    monkeypatch.setenv("ENTENTE_BASELINE", "on")

    def invoke(*arguments: str) -> str:
        done = CliRunner().invoke(main, arguments)
        assert done.exit_code == 0, done.output
        return done.stdout

    return invoke


def shown_with_its_source(output: str, source: str, target: str, told: tuple[str, str, str]) -> bool:
    """Whether a value is shown below the heading of source → target, with a document on the next line."""
    part = output.partition("History\n")[0].partition(f"({source} → {target}, as of")[2].partition(" → ")[0]
    facet, value, since = told
    line = rf"^  {re.escape(facet)} +{value} +since {since}( .*)?\n +baseline: \S+"
    return re.search(line, part, re.MULTILINE) is not None


@pytest.mark.parametrize(("source", "target"), PAIRS)
def test_a_pair_is_answered_with_sources(run: Callable[..., str], source: str, target: str) -> None:
    output = run("relation", source, target, "--as-of", AS_OF)
    missing = [told for told in PAIRS[source, target] if not shown_with_its_source(output, source, target, told)]
    assert missing == [], output


@pytest.mark.parametrize(("source", "target", "day", "told"), EARLIER)
def test_a_pair_is_answered_as_of_an_earlier_day(
    run: Callable[..., str], source: str, target: str, day: str, told: tuple[str, str, str]
) -> None:
    output = run("relation", source, target, "--as-of", day)
    assert shown_with_its_source(output, source, target, told), output


@pytest.mark.parametrize(("entity", "year"), RECOGNISERS)
def test_who_recognises_an_entity_differs_from_the_published_count_by_named_states(
    folder: str, entity: str, year: int
) -> None:
    lists = Container(Settings.from_env({"ENTENTE_DATA_DIR": folder})).relation_lists
    asked = RelationQuery(facet="recognition:recognised", target=entity, as_of=date(year, 12, 31))
    found = {record.source for record in lists.every(asked)}
    published, without, beyond = RECOGNISERS[entity, year]
    assert without & found == set()
    assert beyond <= found
    assert len(found) == published - len(without) + len(beyond)


@pytest.mark.parametrize(("entity", "year"), RECOGNISERS)
def test_the_document_on_the_baseline_explains_each_difference(entity: str, year: int) -> None:
    published, without, beyond = RECOGNISERS[entity, year]
    lines = DOCUMENT.read_text(encoding="utf-8").splitlines()
    rows = [line.split("|")[1:-1] for line in lines if line.startswith("|")]
    cells = next([cell.strip() for cell in row] for row in rows if row[0].split() == [f"`{entity}`", str(year)])
    assert cells[1:3] == [str(published), str(published - len(without) + len(beyond))]
    assert set(re.findall(r"`([A-Z]{3})`", cells[3])) == without
    assert set(re.findall(r"`([A-Z]{3})`", cells[4])) == beyond
