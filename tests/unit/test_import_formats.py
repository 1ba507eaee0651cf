"""Every format of seeds/formats/ on a small file in its layout: what its rows give, and which are refused."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from entente.bootstrap.formats import load_dated_codes, load_formats, read_format
from entente.bootstrap.seeds import SeedError, load_codebook, load_entities
from entente.relations.state_facts import StateFact
from entente.services.importing.errors import BadRow, WrongFile
from entente.services.importing.events import EventRows
from entente.services.importing.formats import Format, recognised
from entente.services.importing.parties import Parties
from entente.services.importing.rows import Rows
from entente.services.importing.scores import ScoreRows
from entente.services.importing.states import StateReader
from entente.services.ports.imports import ImportedEvent, ImportedScore

FILES = Path(__file__).parent.parent / "imported"
FORMATS = load_formats()
ENTITIES = load_entities()
CODEBOOK = load_codebook()
TODAY = date(2025, 7, 4)


def parties(form: Format) -> Parties:
    return Parties(form, ENTITIES, load_dated_codes())


def events(name: str, file: str) -> tuple[list[ImportedEvent], list[str]]:
    """The events of a file, and the reasons for which rows are refused."""
    form = FORMATS[name]
    found, refused = [], []
    with (FILES / file).open(newline="") as text:
        rows = Rows(file, text, form, FORMATS)
        reader = EventRows(form, rows, parties(form))
        for line, cells in rows:
            try:
                found.append(reader.read(line, cells))
            except BadRow as error:
                refused.append(error.reason)
    return found, refused


def states(name: str, file: str) -> tuple[list[tuple[str, ...]], dict[str, int]]:
    """The state facts of a file as (source, target, facet, item, value, from, to), and the refused rows by reason."""
    form = FORMATS[name]
    reader = StateReader(form, parties(form), CODEBOOK, ENTITIES, TODAY)
    with (FILES / file).open(newline="") as text:
        reader.take(file, Rows(file, text, form, FORMATS), 3)
    return [*map(told, reader.facts(3))], dict(reader.refused)


def told(fact: StateFact) -> tuple[str, ...]:
    begins, ends = (period.label if period else "" for period in (fact.begins, fact.ends))
    return (fact.source, fact.target, fact.facet, fact.item, fact.value, begins, ends)


def brief(event: ImportedEvent) -> tuple[object, ...]:
    return (event.source, event.target, event.day.isoformat(), event.code, event.quad, event.intensity)


@pytest.mark.parametrize("file", ["gdelt-1-2012.tab", "gdelt-1.tab", "gdelt-2.tab"])
def test_gdelt_is_read_in_each_of_its_layouts(file):
    found, refused = events("gdelt", file)
    assert [brief(event) for event in found] == [
        ("USA", "IRN", "2013-03-01", "163", 4, -8.0),
        ("USA", "IRN", "2013-03-01", "163", 4, -8.0),
        ("USA", "IRN", "2013-03-01", "043", 1, 2.8),
    ]
    assert [(event.number, event.n_reports, event.between_states, event.line) for event in found] == [
        ("41", 3, True, 1),
        ("42", 2, True, 2),
        ("43", 1, False, 3),
    ]
    assert refused == [
        "both parties are of one country",
        "a party that is no country",
        "another number of columns",
    ]


def test_icews_names_are_countries_and_its_sectors_tell_who_acts_for_the_state():
    found, refused = events("icews", "icews.tab")
    assert [brief(event) for event in found] == [
        ("JPN", "KOR", "2018-06-01", "111", 3, -2.0),
        ("JPN", "KOR", "2018-06-01", "111", 3, -2.0),
        ("JPN", "KOR", "2018-06-02", "141", 4, None),
    ]
    assert [event.between_states for event in found] == [True, True, False]
    assert refused == ["a party that is no country", "no date"]


def test_polecat_reads_the_quad_class_as_text_and_either_header_of_the_intensity():
    found, refused = events("polecat", "polecat.txt")
    assert [brief(event) for event in found] == [
        ("USA", "RUS", "2023-01-04", "SANCTION:convict", 4, -6.0),
        ("FRA", "UKR", "2023-01-04", "CONSULT:phone", 1, 3.0),
        ("FRA", "RUS", "2023-01-04", "PROTEST:demo", 4, -3.0),
    ]
    assert [event.between_states for event in found] == [True, True, False]
    assert refused == ["no number"]
    assert events("polecat", "polecat-event-intensity.txt")[0] == found[:1]


def test_phoenix_rows_of_the_soviet_union_are_kept_under_russia():
    found, refused = events("phoenix", "phoenix.csv")
    assert [brief(event) for event in found] == [
        ("EGY", "ISR", "1979-07-04", "057", 1, 8.0),
        ("RUS", "USA", "1979-07-05", "112", 3, -2.0),
    ]
    assert refused == ["a party that is no country"]


def test_phoenix_in_real_time_has_no_header_and_26_columns():
    found, refused = events("phoenix", "phoenix-realtime.tab")
    assert [brief(event) for event in found] == [
        ("USA", "RUS", "2015-01-01", "112", 3, -2.0),
        ("SYR", "TUR", "2015-01-01", "190", 4, -10.0),
    ]
    assert [event.between_states for event in found] == [True, False]
    assert refused == ["a party that is no country"]


def test_acled_gives_pairs_of_states_in_each_way_of_writing_a_date():
    found, refused = events("acled", "acled.csv")
    assert [(*brief(event), event.deaths) for event in found] == [
        ("RUS", "UKR", "2025-05-16", "Armed clash", 4, None, 4),
        ("UKR", "RUS", "2025-02-07", "Shelling/artillery/missile attack", 4, None, 0),
        ("RUS", "UKR", "2025-05-16", "Armed clash", 4, None, 2),
    ]
    assert refused == ["a party that is no country"]


def test_ucdp_gives_pairs_of_states_by_the_numbers_of_the_rows_own_year():
    found, refused = events("ucdp", "ucdp.csv")
    assert [(event.source, event.target, event.deaths) for event in found] == [
        ("IND", "PAK", 12),
        ("IND", "PAK", 3),
        ("USA", "SRB", 7),
    ]
    assert refused == ["a party that is no country"]


def test_diplomatic_exchange_gives_runs_of_ranks_and_drops_states_that_are_no_more():
    found, refused = states("cow-diplomatic", "cow-diplomatic.csv")
    assert ("RUS", "USA", "head_of_mission", "", "ambassador", "1950", "1955") in found
    assert ("RUS", "USA", "head_of_mission", "", "minister", "1955", "1980") in found
    assert ("USA", "RUS", "head_of_mission", "", "ambassador", "1950", "1980") in found
    assert ("RUS", "USA", "relations", "", "established", "1950", "1980") in found
    # 260 was the Federal Republic then; 345 was Yugoslavia, the same member of the system as Serbia.
    assert ("DEU", "USA", "relations", "", "established", "1955", "1980") in found
    assert ("SRB", "USA", "head_of_mission", "", "ambassador", "1980", "") in found
    assert not [row for row in found if row[:3] == ("USA", "SRB", "head_of_mission")]
    assert refused == {"a party that is no present state or organisation": 1}


def test_alliances_that_overlap_are_one_value_that_ends_with_the_last_of_them():
    found, refused = states("cow-alliances", "cow-alliances.csv")
    assert found == [
        ("GBR", "USA", "alliance", "defence", "in_force", "1949-08-24", ""),
        ("GBR", "USA", "alliance", "entente", "in_force", "1949-08-24", ""),
        ("POL", "RUS", "alliance", "defence", "in_force", "1955-05-14", "1991-07-01"),
        ("POL", "RUS", "alliance", "nonaggression", "in_force", "1955-05-14", "1991-07-01"),
    ]
    assert refused == {"a party that is no present state or organisation": 1}


def test_a_war_is_between_its_sides_while_both_take_part():
    found, _ = states("cow-wars", "cow-wars.csv")
    assert found == [
        ("CHN", "KOR", "conflict", "", "war", "1950-10-27", "1953-07-28"),
        ("CHN", "USA", "conflict", "", "war", "1950-10-27", "1953-07-28"),
        ("KOR", "PRK", "conflict", "", "war", "1950-06-24", "1953-07-28"),
        ("PRK", "USA", "conflict", "", "war", "1950-06-27", "1953-07-28"),
    ]


def test_columns_named_like_organisations_are_memberships():
    found, _ = states("cow-igo", "cow-igo.csv")
    assert found == [
        ("CHE", "UN", "membership", "member", "observer", "1951", ""),
        ("TUR", "NATO", "membership", "member", "member", "1952", ""),
        ("TUR", "UN", "membership", "member", "member", "1950", ""),
    ]


def test_members_of_an_alliance_have_what_both_are_bound_to_from_when_both_are_in():
    found, _ = states("atop", "atop.csv")
    assert found == [
        ("CAN", "TUR", "alliance", "defence", "in_force", "1952-02-18", ""),
        ("CAN", "USA", "alliance", "defence", "in_force", "1949-08-24", ""),
        ("CAN", "USA", "alliance", "entente", "in_force", "1949-08-24", ""),
        ("TUR", "USA", "alliance", "defence", "in_force", "1952-02-18", ""),
    ]


def test_sanctions_last_to_the_end_of_their_last_year_or_beyond_what_is_covered():
    found, refused = states("gsdb", "gsdb.csv")
    assert found == [
        ("UN", "ZAF", "sanctions", "arms", "in_force", "1977", "1995"),
        ("USA", "CUB", "sanctions", "financial", "in_force", "1960", ""),
        ("USA", "CUB", "sanctions", "trade_full", "in_force", "1960", ""),
        ("USA", "CUB", "sanctions", "travel_ban", "in_force", "1960", ""),
    ]
    assert refused == {"a party that is no present state or organisation": 1}


def test_both_statements_of_a_diplomatic_relation_are_one_fact():
    found, refused = states("p530", "p530.json")
    assert found == [
        ("CHE", "FRA", "relations", "", "established", "", ""),
        ("CUB", "USA", "relations", "", "established", "1902-05-20", "1961-01-03"),
        ("DEU", "FRA", "relations", "", "established", "1951-07-11", ""),
    ]
    assert refused == {"a party that is no present state or organisation": 1}
    assert states("p530", "p530.csv") == ([found[0], found[2]], {})


def test_ideal_points_are_scores_of_a_pair_and_year():
    form = FORMATS["unga"]
    with (FILES / "unga.csv").open(newline="") as text:
        rows = Rows("unga.csv", text, form, FORMATS)
        reader = ScoreRows(form, rows, parties(form))
        found = [score for line, cells in rows for score in reader.read(line, cells)]
    assert found[:2] == [
        ImportedScore("RUS", "USA", 2020, "agree", 0.21, 2),
        ImportedScore("RUS", "USA", 2020, "IdealPointDistance", 3.1, 2),
    ]
    assert found[-1] == ImportedScore("ISR", "USA", 2020, "agree", 0.81, 4)


def sample_files() -> Iterator[tuple[str, str]]:
    for path in sorted(FILES.iterdir()):
        name = next(name for name in sorted(FORMATS, key=len, reverse=True) if path.name.startswith(name))
        yield path.name, name


def test_there_is_a_file_in_the_layout_of_each_format():
    assert {name for _, name in sample_files()} == set(FORMATS)


@pytest.mark.parametrize(("file", "name"), list(sample_files()))
def test_a_file_is_recognised_by_its_first_rows(file, name):
    found = recognised((FILES / file).read_text()[:2000], FORMATS.values())
    assert found is not None
    assert found.name == name


def test_a_file_of_another_format_is_refused_by_name():
    with (
        (FILES / "acled.csv").open(newline="") as text,
        pytest.raises(WrongFile, match="looks like ACLED; you said gdelt"),
    ):
        Rows("acled.csv", text, FORMATS["gdelt"], FORMATS)


def test_a_file_of_no_known_format_is_refused_with_the_columns_that_it_lacks(tmp_path):
    (tmp_path / "some.csv").write_text("a,b\n1,2\n")
    with (tmp_path / "some.csv").open() as text, pytest.raises(WrongFile, match=r"no column .*event_id_cnty"):
        Rows("some.csv", text, FORMATS["acled"], FORMATS)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('title = "x"\nkind = "news"', "kind"),
        ('title = "x"\nkind = "events"', "fields: day, source, target, code missing"),
        ("title = ", "mine.toml"),
        ('title = "x"\nkind = "events"\nnonsense = 1', "nonsense"),
    ],
)
def test_a_mapping_that_cannot_be_used_is_refused_with_its_place(text, problem):
    with pytest.raises(SeedError, match=problem):
        read_format("mine", text, "mine.toml")


def test_every_dated_code_names_an_entity():
    assert [one for one in load_dated_codes() if one.key not in ENTITIES or one.first > one.last] == []
