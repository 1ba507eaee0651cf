"""The codebook version must change with every row that changes what is derived."""

import json
from dataclasses import replace
from hashlib import sha256

from entente.bootstrap.seeds import load_codebook
from entente.relations.codebook import Codebook
from entente.relations.events import STATUSES

#: Of the version of today. Where the test below fails: raise `version` in seeds/codebook/rules.toml, and put here what
#: it prints. (An act that is only added changes no state, for no ledger has a mention of it: it needs just the print.)
VERSION, FINGERPRINT = "2026.21", "bd2baccdc87e61a0"


def fingerprint(codebook: Codebook) -> str:
    """Of everything in the codebook that states, sums or labels depend on; glosses and comments are not among it."""
    pairs = [(act, status) for act in codebook.acts for status in STATUSES]
    told = {
        "effects": sorted(
            repr([act.name, e.rule, sorted(e.statuses), e.facet, e.item, e.value, e.moves, e.standing])
            + repr([sorted(e.only_from), e.lasts_days])
            for act in codebook.acts.values()
            for e in act.effects
        ),
        "facets": sorted(
            repr(
                [
                    f.name,
                    f.values,
                    f.family,
                    f.is_set,
                    f.shared,
                    f.combine,
                    sorted(f.clears),
                    sorted(f.over),
                    list(map(list, f.stages)),
                ]
            )
            for f in codebook.facets.values()
        ),
        "codes": sorted(repr((pair, codebook.codes(*pair))) for pair in pairs),
        "labels": list(map(repr, codebook.labels)),
        "score": repr([codebook.score, codebook.effective_confidence]),
        "ends": repr([codebook.ending_confidence, codebook.overdue_days]),
        "floor": repr([sorted(codebook.floors.items()), sorted(codebook.calibrated)]),
    }
    return sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:16]


def test_rows_that_change_what_is_derived_come_with_a_new_version():
    codebook = load_codebook()
    assert (codebook.version, fingerprint(codebook)) == (VERSION, FINGERPRINT)


def test_the_fingerprint_tells_a_changed_effect_from_a_changed_gloss():
    codebook = load_codebook()
    act = codebook.acts["recognise"]
    reworded = replace(codebook, acts={**codebook.acts, act.name: replace(act, gloss="recognised, so to speak")})
    effect = replace(act.effects[0], value="de_facto")
    moved = replace(codebook, acts={**codebook.acts, act.name: replace(act, effects=(effect, *act.effects[1:]))})
    assert fingerprint(reworded) == fingerprint(codebook) != fingerprint(moved)
