"""Every act that data or code names is one of the codebook."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from entente.bootstrap.seeds import load_codebook, seed_directory
from entente.cli.bench import labelled
from tests.unit.seed_tables import listed, rows

ACTS = frozenset(load_codebook().acts)
ROOTS = frozenset(load_codebook().roots)
ROOT = Path(__file__).parents[2]
DECISIONS = (
    ROOT / "training" / "decisions.toml",
    ROOT / "entente" / "coding" / "reader" / "weights" / "decisions.toml",
)
TABLES = sorted(path.name for path in (seed_directory() / "codebook").glob("*.csv"))

#: The columns of the codebook's tables that name acts.
ACT_COLUMNS = {"acts.csv": ("name",), "effects.csv": ("act",), "cameo_scale.csv": (), "roots.csv": ()}


def table(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def test_the_coder_names_items_of_acts_of_the_codebook() -> None:
    items = table(seed_directory() / "coder" / "items.toml")
    assert {*items["fixed"], *(act for row in items["words"].values() for act in row["acts"])} <= ACTS


@pytest.mark.parametrize("path", DECISIONS, ids=["training", "weights"])
def test_the_general_act_of_a_root_is_one_of_the_codebook_and_of_that_root(path: Path) -> None:
    general = table(path)["general_act"]
    codebook = load_codebook()
    assert set(general) == ROOTS
    assert set(general.values()) <= ACTS
    assert {root: codebook.acts[act].root for root, act in general.items()} == {root: root for root in general}


def test_the_decisions_beside_the_weights_are_those_of_the_training() -> None:
    training, weights = DECISIONS
    assert weights.read_bytes() == training.read_bytes()


def test_it_is_known_which_columns_of_the_codebooks_tables_name_acts() -> None:
    assert sorted(ACT_COLUMNS) == TABLES


@pytest.mark.parametrize("name", TABLES)
def test_the_tables_of_the_codebook_name_only_its_acts(name: str) -> None:
    named = {act for row in rows("codebook", name) for column in ACT_COLUMNS[name] for act in listed(row[column])}
    assert named <= ACTS


def test_the_crosswalks_name_only_acts_of_the_codebook() -> None:
    crosswalks = table(seed_directory() / "codebook" / "crosswalks.toml")
    assert {key.split(":")[0] for row in crosswalks.values() for key in row.get("act", {})} <= ACTS


def test_the_acts_that_only_name_a_status_again_are_of_the_codebook() -> None:
    assert set().union(*labelled._TWINS.values()) <= ACTS


def test_a_visit_told_by_its_host_is_settled_as_an_act_of_the_codebook() -> None:
    assert "host" in ACTS
    assert {event[3] for event in labelled.settled([(0, "A", "B", "host", "effective")])} == {"visit"} <= ACTS
