"""The training texts of the reader: all present, and none among those that its figures are measured on."""

import hashlib
import json
from pathlib import Path

import pytest

from entente.bootstrap.seeds import load_codebook
from entente.cli.bench.labelled import read
from entente.relations.events import STATUSES

TRAINING = Path(__file__).parents[2] / "training"
WEIGHTS = Path(__file__).parents[2] / "entente" / "coding" / "reader" / "weights"
FILES = sorted((TRAINING / "passages").glob("*.jsonl"))
FOLDERS = {".txt": TRAINING / "sentences", ".jsonl": TRAINING / "passages", ".onnx": WEIGHTS}


@pytest.fixture(params=["training.json", "pairs.json"])
def data(request: pytest.FixtureRequest) -> dict[str, str]:
    """The files that a training read, with their hashes."""
    record = json.loads((WEIGHTS / request.param).read_text(encoding="utf-8"))
    found: dict[str, str] = record["data"]
    return {name: digest for name, digest in found.items() if name != "texts"}


def test_the_weights_name_what_they_were_taught_on(data: dict[str, str]) -> None:
    for name, digest in data.items():
        path = FOLDERS[Path(name).suffix] / name
        assert hashlib.sha256(path.read_bytes()).hexdigest() == digest, name


def test_no_sealed_text_was_opened_for_teaching(data: dict[str, str]) -> None:
    assert not [name for name in data if name.startswith(("sealed", "again"))]


def test_no_text_of_the_sealed_files_is_among_those_taught() -> None:
    sealed = {line for path in FILES if path.stem.startswith("sealed") for text in read(path) for line in text.lines}
    taught = {
        line
        for path in FILES
        if not path.stem.startswith(("sealed", "tune", "again"))
        for text in read(path)
        for line in text.lines
    }
    assert not {line for line in sealed & taught if len(line) > 40}


def test_the_labels_know_every_act_and_status_of_the_codebook() -> None:
    labels = json.loads((WEIGHTS / "labels.json").read_text(encoding="utf-8"))
    codebook = load_codebook()
    assert labels["acts"] == sorted(codebook.acts)
    assert labels["statuses"] == list(STATUSES)
    # The reader was taught that what is agreed on is AGREE; docs/export.md says why hostile acts have another code.
    taught = [i for i, status in enumerate(STATUSES) if status != "agreed"]
    assert [[roots[i] for i in taught] for roots in labels["root_of"]] == [
        [labels["roots"].index(codebook.codes(act, STATUSES[i]).root) for i in taught] for act in labels["acts"]
    ]


@pytest.mark.parametrize("path", [p for p in FILES if not p.stem.startswith("again")], ids=lambda p: p.stem)
def test_every_labelled_event_is_of_the_codebook_and_between_parties_of_its_text(path: Path) -> None:
    acts = load_codebook().acts
    for text in read(path):
        marked = {code for marks in text.marks for mark in marks for code in mark.codes}
        for event in text.events:
            assert event.act in acts, text.id
            assert event.status in STATUSES, text.id
            assert {event.source, event.target} <= marked, text.id
