"""`entente import` of files that are damaged, disguised, written by other programs, or hostile."""

import gzip
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from entente.cli.main import main

FILES = Path(__file__).parent.parent / "imported"
GDELT = (FILES / "gdelt-2.tab").read_bytes()
ACLED = (FILES / "acled.csv").read_bytes()

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("ENTENTE_DATA_DIR", str(tmp_path / "var"))

    def invoke(*arguments: str | Path) -> Result:
        found = CliRunner().invoke(main, ["import", *map(str, arguments)])
        # Whatever is wrong is told in a line, never as a traceback.
        assert found.exception is None or isinstance(found.exception, SystemExit), found.exc_info
        return found

    return invoke


def counts(found: Result) -> tuple[int, int, int]:
    """Rows stored, merged, and refused."""
    report = json.loads(found.stdout.splitlines()[0])
    return report["stored"], report["merged"], sum(report["refused"].values())


@pytest.mark.parametrize(
    ("form", "file", "change"),
    [
        ("gdelt", "gdelt-2.tab", lambda content: b"\xef\xbb\xbf" + content),
        ("gdelt", "gdelt-2.tab", lambda content: content.replace(b"\n", b"\r\n")),
        ("gdelt", "gdelt-2.tab", gzip.compress),
        ("acled", "acled.csv", lambda content: b"\xef\xbb\xbf" + content.replace(b"\n", b"\r\n")),
        ("acled", "acled.csv", lambda content: content.decode().encode("utf-16")),
        ("acled", "acled.csv", lambda content: content.replace(b"\n", b"\r")),
        ("acled", "acled.csv", lambda content: content.replace(b"Armed clash", "Armed clash".encode("latin-1"))),
    ],
    ids=["mark", "crlf", "gzip", "mark and crlf", "utf-16", "cr", "latin-1"],
)
def test_a_file_is_read_alike_however_another_program_wrote_it(
    run: Run, tmp_path: Path, form: str, file: str, change: Callable[[bytes], bytes]
) -> None:
    written = tmp_path / file
    written.write_bytes(change((FILES / file).read_bytes()))
    plain, changed = (run(form, "--dry-run", "--json", path) for path in (FILES / file, written))
    assert counts(changed) == counts(plain)


def test_names_in_latin_1_are_countries(run: Run, tmp_path: Path) -> None:
    header, row = (FILES / "icews.tab").read_text(encoding="utf-8").splitlines()[:2]
    changed = row.replace("Japan", "Côte d'Ivoire")
    (tmp_path / "a.tab").write_bytes(f"{header}\n{changed}\n".encode("latin-1"))
    assert counts(run("icews", "--json", tmp_path / "a.tab")) == (1, 0, 0)


def test_columns_come_in_any_order_and_between_other_delimiters(run: Run, tmp_path: Path) -> None:
    rows = [line.split("\t") for line in (FILES / "icews.tab").read_text(encoding="utf-8").splitlines()]
    quoted = [";".join(f'"{cell}"' for cell in reversed(row)) for row in rows]
    (tmp_path / "a.csv").write_text("\n".join(quoted), encoding="utf-8")
    plain, changed = (run("icews", "--dry-run", "--json", path) for path in (FILES / "icews.tab", tmp_path / "a.csv"))
    assert counts(changed) == counts(plain)


def test_event_tables_with_a_header_are_read_by_it(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(
        "SQLDATE,GLOBALEVENTID,EventCode,Actor1CountryCode,Actor2CountryCode,QuadClass,GoldsteinScale,NumMentions,"
        'Actor1Type1Code,Actor2Type1Code,Actor1Name\n20130301,41,163,USA,IRN,4,-8,3,GOV,GOV,"A, B"\n'
    )
    assert counts(run("gdelt", "--json", tmp_path / "a.csv")) == (1, 0, 0)


def test_a_table_that_lacks_columns_is_refused_with_all_of_them(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("ccode1,ccode2,DR_at_1,DE\n2,365,1,1\n")
    found = run("cow-diplomatic", tmp_path / "a.csv")
    assert found.exit_code == 1
    assert "a.csv: no column year, DR_at_2; there are ccode1, ccode2, DR_at_1, DE" in found.output


@pytest.mark.parametrize(
    ("form", "header", "instead"),
    [
        ("cow-igo", "ioname,orgname,year,afghanistan", "by state and year"),
        ("cow-igo", "dyadid,ccode1,country1,ccode2,country2,year,un,state,ccode", "by state and year"),
        ("cow-alliances", "version4id,ccode,state_name,mem_st_day,mem_st_month", "by dyad"),
        ("atop", "atopid,begyr,begmo,member", "by member"),
        ("unga", "ccode,session,IdealPointAll,iso3c", "agreement scores by dyad"),
        ("cow-wars", "warnum,disno,dyindex,statea,stateb", "row for each participant"),
    ],
)
def test_another_file_of_a_data_set_is_refused_with_the_one_to_give(
    run: Run, tmp_path: Path, form: str, header: str, instead: str
) -> None:
    (tmp_path / "a.csv").write_text(f"{header}\n{','.join('1' * len(header.split(',')))}\n")
    found = run(form, tmp_path / "a.csv")
    assert found.exit_code == 1
    assert instead in found.output


@pytest.mark.parametrize("number", ["nan", "inf", "-1e400", "1e30", "99999999999", "x", "1\0"])
def test_numbers_that_no_database_stores_are_refused_and_the_others_taken(
    run: Run, tmp_path: Path, number: str
) -> None:
    first, *others = GDELT.decode().splitlines()
    for column in (30, 31):
        cells = first.split("\t")
        cells[column] = number
        (tmp_path / f"{column}.tab").write_text("\n".join(["\t".join(cells), *others]) + "\n")
        found = run("gdelt", "--json", "--dry-run", tmp_path / f"{column}.tab")
        assert json.loads(found.stdout)["refused"]["no number"] == 1


@pytest.mark.parametrize("code", ["", "0" * 5000, "1\x002"])
def test_codes_that_no_index_holds_are_refused(run: Run, tmp_path: Path, code: str) -> None:
    first, *others = GDELT.decode().splitlines()
    cells = first.split("\t")
    cells[26] = code
    (tmp_path / "a.tab").write_text("\n".join(["\t".join(cells), *others]) + "\n")
    assert json.loads(run("gdelt", "--json", tmp_path / "a.tab").stdout)["refused"]["no code"] == 1


@pytest.mark.parametrize(
    ("form", "table"),
    [
        ("cow-diplomatic", "ccode1,ccode2,year,DR_at_1,DR_at_2,DE\n2,365,{},3,3,1\n"),
        ("unga", "session.x,ccode1,ccode2,agree,year,IdealPointDistance\n75,2,365,0.2,{},3\n"),
    ],
)
@pytest.mark.parametrize("year", ["99999", "0", "-1", "inf", "nan", "1e300", ""])
def test_years_that_are_none_are_refused(run: Run, tmp_path: Path, form: str, table: str, year: str) -> None:
    (tmp_path / "a.csv").write_text(table.format(year))
    found = run(form, "--json", tmp_path / "a.csv")
    assert json.loads(found.stdout)["refused"] == {"no date": 1}


def test_an_end_in_the_year_9999_is_none(run: Run, tmp_path: Path) -> None:
    header = (FILES / "gsdb.csv").read_text().splitlines()[0]
    row = {"case_id": "1", "sanctioned_state": "Cuba", "sanctioning_state": "United States", "begin": "1960"}
    row |= {"end": "9999", "financial": "1"}
    (tmp_path / "a.csv").write_text(f"{header}\n{','.join(row.get(name, '') for name in header.split(','))}\n")
    assert json.loads(run("gsdb", "--json", tmp_path / "a.csv").stdout)["facts"] == 1


def test_a_second_spell_of_a_war_is_read(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    header = (FILES / "cow-wars.csv").read_text().splitlines()[0]
    spells = ["139,W,1,365,Russia,1,9,1,1939,6,1,1940,6,22,1941,5,7,1945,-8,2,1,1,-8,1,4"]
    spells += ["139,W,1,325,Italy,2,9,1,1939,5,7,1945,-8,-8,-8,-8,-8,-8,-8,2,1,1,-8,1,4"]
    (tmp_path / "a.csv").write_text("\n".join([header, *spells]) + "\n")
    assert json.loads(run("cow-wars", "--json", tmp_path / "a.csv").stdout)["facts"] == 2


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n\n\n",
        b"\0" * 100,
        b"\x1f\x8b\x08nonsense",
        gzip.compress(GDELT)[:-20],
        gzip.compress(GDELT)[:40] + b"\xff" * 200,
        b"PK\x03\x04nonsense",
        b'{"results": {"bindings": [1, 2]}}',
        b"[" * 100_000,
        b'"' + b"a" * 3_000_000,
    ],
    ids=["empty", "blank", "zeros", "no gzip", "cut off", "broken gzip", "no zip", "json", "deep", "one quote"],
)
@pytest.mark.parametrize("form", ["gdelt", "acled", "p530"])
def test_what_is_no_table_is_one_line(run: Run, tmp_path: Path, form: str, content: bytes) -> None:
    (tmp_path / "a.bin").write_bytes(content)
    found = run(form, tmp_path / "a.bin")
    assert found.exit_code == 1
    assert run("list").output == ""
    assert run("map", tmp_path / "a.bin").exit_code in (0, 1)


def test_an_encrypted_archive_is_refused(run: Run, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("a.tab", GDELT)
    content = bytearray((tmp_path / "a.zip").read_bytes())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(signature) + offset] |= 1
    (tmp_path / "a.zip").write_bytes(bytes(content))
    assert "can't be unpacked" in run("gdelt", tmp_path / "a.zip").output


def test_an_encoding_that_is_none_is_refused(run: Run) -> None:
    assert run("gdelt", "--encoding", "latin-17", FILES / "gdelt-2.tab").exit_code == 2
    assert run("map", "--encoding", "latin-17", FILES / "acled.csv").exit_code == 2


def test_a_proposal_for_odd_names_is_a_mapping(run: Run, tmp_path: Path) -> None:
    table = tmp_path / "odd.csv"
    table.write_text('\ufeff"Date\x7f","Sen""der","a\nb",Receiver,Code\n2025-07-04,USA,x,RUS,163\n', encoding="utf-8")
    mapping = tmp_path / "mine.toml"
    mapping.write_text(run("map", table).stdout, encoding="utf-8")
    assert "is no" not in run("csv", "--dry-run", "--map", mapping, table).output


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ('delimiter = "ab"', "delimiter"),
        ('schemes = ["iso9"]', "schemes: iso9 is none of iso3"),
        ('dates = "%Y"', "dates: not a list"),
        ('party = "("', "mine.toml"),
        ('party = "a"', "party: a pattern without a group"),
        ("needs = 3", "mine.toml"),
        ('[[facts]]\ncolumn = "x"', "values: missing"),
    ],
)
def test_a_mapping_with_a_mistake_is_refused_with_its_key(run: Run, tmp_path: Path, said: str, problem: str) -> None:
    fields = '[fields]\nday = "d"\nsource = "s"\ntarget = "t"\ncode = "c"\n'
    before, after = ("", said) if said.startswith("[[") else (said, "")
    (tmp_path / "mine.toml").write_text(f'title = "x"\nkind = "events"\n{before}\n{fields}{after}\n')
    (tmp_path / "a.csv").write_text("d,s,t,c\n2025-07-04,USA,RUS,163\n")
    found = run("csv", "--map", tmp_path / "mine.toml", tmp_path / "a.csv")
    assert found.exit_code == 1
    assert problem in found.output


@pytest.mark.parametrize("facet", ["nonsense", "sanctions", "conflict"])
def test_a_mapping_of_states_with_a_wrong_facet_or_item_is_refused(run: Run, tmp_path: Path, facet: str) -> None:
    (tmp_path / "mine.toml").write_text(
        'title = "x"\nkind = "states"\nschemes = ["iso3"]\npublisher = "p"\ndocument = "d"\n'
        '[fields]\nsource = "s"\ntarget = "t"\nbegins = "b"\n'
        f'[[facts]]\ncolumn = "x"\nfacet = "{facet}"\nvalues = {{ 1 = "nothing" }}\n'
    )
    (tmp_path / "a.csv").write_text("s,t,b,x\nUSA,RUS,1990,1\n")
    found = run("csv", "--map", tmp_path / "mine.toml", tmp_path / "a.csv")
    assert "refused" in found.output or found.exit_code == 1


def test_days_of_several_columns_are_read_as_one(run: Run, tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(
        'title = "x"\nkind = "events"\nschemes = ["iso3"]\n[fields]\nday = ["y", "m", "d"]\n'
        'source = "s"\ntarget = "t"\ncode = "c"\n'
    )
    (tmp_path / "a.csv").write_text("y,m,d,s,t,c\n2025,7,4,USA,RUS,163\n")
    assert counts(run("csv", "--json", "--map", tmp_path / "mine.toml", tmp_path / "a.csv")) == (1, 0, 0)


def test_a_file_given_twice_in_one_command_and_again_compressed_is_taken_once(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.gz").write_bytes(gzip.compress(GDELT))
    found = run("gdelt", "--json", FILES / "gdelt-2.tab", FILES / "gdelt-2.tab", tmp_path / "a.gz")
    assert [json.loads(line)["known"] for line in found.stdout.splitlines()] == [False, True, True]
    assert run("list").output.count("\n") == 1


def test_a_mark_that_is_not_closed_costs_its_row_alone_and_is_named(run: Run, tmp_path: Path) -> None:
    header, *rows = (FILES / "polecat.txt").read_text(encoding="utf-8").splitlines()
    broken = "\t".join('"Moscow' if place == 7 else cell for place, cell in enumerate(rows[0].split("\t")))
    whole, without, cut = (tmp_path / name for name in ("whole.txt", "without.txt", "cut.txt"))
    whole.write_text("\n".join([header, broken, *rows]) + "\n", encoding="utf-8")
    cut.write_text("\n".join([header, *rows, broken]), encoding="utf-8")
    without.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")

    stored, merged, refused = counts(run("polecat", "--dry-run", "--json", without))
    for path, line in ((whole, 2), (cut, len(rows) + 2)):
        assert counts(run("polecat", "--dry-run", "--json", path)) == (stored, merged, refused + 1)
        told = run("polecat", "--dry-run", path).output
        assert f"refused, a quotation mark that is not closed (1): line {line}: close it" in " ".join(told.split())


def test_a_header_that_is_not_closed_is_told_of(run: Run, tmp_path: Path) -> None:
    header, *rows = (FILES / "acled.csv").read_text(encoding="utf-8").splitlines()
    cells = header.split(",")
    cells[-1] = '"' + cells[-1].strip('"')
    (tmp_path / "acled.csv").write_text("\n".join([",".join(cells), *rows]), encoding="utf-8")

    found = run("acled", tmp_path / "acled.csv")

    assert found.exit_code == 1
    assert "a quotation mark in line 1, of the header, is not closed" in " ".join(found.output.split())
