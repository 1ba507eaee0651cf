"""Verify labelled passages: ``python training/check.py FILE…``. Prints each fault, then counts; exits 1 on a fault."""

import argparse
import json
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from entente.bootstrap.seeds import load_codebook
from entente.cli.bench.labelled import marks_of, of_today, plain
from entente.relations.codebook import Act
from entente.relations.events import STATUSES

_DAY = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")


def faults(row: dict[str, Any], acts: Mapping[str, Act]) -> Iterator[str]:
    """What is wrong with a row."""
    sentences = {-1: row.get("t") or "", **dict(enumerate(row["s"]))}
    if len(row.get("d") or "") != 10 or not _DAY.fullmatch(row["d"]):
        yield "d, the day of publication, is missing"
    parties = {code for text in sentences.values() for mark in marks_of(text) for code in mark.codes}
    yield from (f"a mark is not closed or nested: {t[:70]}" for t in sentences.values() if "[" in plain(t))
    told = {tuple(event[:4]) for event in row["e"]}
    for event in row["e"]:
        if len(event) != 8 or event[0] not in sentences:
            yield f"an event has eight fields, the first a sentence: {event}"
            continue
        k, *both, act, status, trigger, words, value = event
        source, target = map(of_today, both)
        sentence = plain(sentences[k])
        checks = {
            f"{source} or {target} is not marked, or takes no part": {source, target} <= parties
            and not any(code.endswith(("/PLACE", "/NOT")) for code in (source, target)),
            f"no such act: {act}": act in acts,
            f"no such status: {status}": status in STATUSES,
            f"the trigger is not in the sentence: {trigger}": trigger and trigger in sentence,
            f"the date words are not in the sentence: {words}": not words or words in sentence,
            f"no date: {value}": value is None or _DAY.fullmatch(value),
            f"{act} is mutual and stands in one direction only": act not in acts
            or not acts[act].mutual
            or (k, *reversed(both), act) in told,
        }
        yield from (fault for fault, fine in checks.items() if not fine)


def main() -> int:
    """Check every file."""
    command = argparse.ArgumentParser(description=__doc__)
    command.add_argument("files", nargs="+", type=Path)
    acts = load_codebook().acts
    wrong = texts = events = 0
    for path in command.parse_args().files:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            try:
                row = json.loads(line)
                found = list(faults(row, acts))
            except (ValueError, KeyError, TypeError) as error:
                print(f"{path.name}:{number}: no passage: {error}")
                wrong += 1
                continue
            texts, events = texts + 1, events + len(row["e"])
            wrong += len(found)
            for fault in found:
                print(f"{path.name}:{number}: {fault}")
    print(f"{texts} texts, {events} events, {wrong} faults")
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
