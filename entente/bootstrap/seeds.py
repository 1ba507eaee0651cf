"""Load the reference data of `seeds/` (entities and codebook) into domain types.

Raises SeedError with file and place, because these files are edited by hand.
"""

import csv
import tomllib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import MISSING, fields
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, TypeVar

from entente.relations.codebook import Act, Codebook, Crosswalk, Effect, Facet, LabelRule, Root, ScoreRule
from entente.relations.entities import Entities, Entity, OtherName

#: Columns of countries.csv that hold a code, and the scheme they hold it in.
_CODES = ("iso2", "iso3", "numeric", "fips", "cameo", "wikidata")

_Rule = TypeVar("_Rule", LabelRule, ScoreRule)


class SeedError(Exception):
    """A seed file with invalid content; the message names the file and the place."""


def seed_files() -> Traversable:
    """The directory of the seed files in the installed package."""
    return files("seeds")


def seed_directory() -> Path:
    """The seed files' directory as a path, for loaders that take one."""
    return Path(str(seed_files()))


@cache
def load_entities() -> Entities:
    """All entities of seeds/entities/: countries, contested and historic states, organisations and groups.

    Read once a process: the index of their names takes a fifth of a second.
    """
    return Entities(
        [*map(_country, rows("entities", "countries.csv")), *map(_body, rows("entities", "organisations.csv"))],
        _other_names,
    )


@cache
def load_codebook() -> Codebook:
    """The codebook of seeds/codebook/, read once a process. Raises SeedError."""
    return read_codebook()


def read_codebook() -> Codebook:
    """Read the files of seeds/codebook/. Raises SeedError."""
    rules = _toml("codebook", "rules.toml")
    effects: dict[str, list[Effect]] = {}
    for row in rows("codebook", "effects.csv"):
        effects.setdefault(row["act"], []).append(_effect(row))
    acts = {row["name"]: _act(row, tuple(effects.get(row["name"], ()))) for row in rows("codebook", "acts.csv")}
    stray = set(effects) - set(acts)
    if stray:
        raise SeedError(f"codebook/effects.csv: no such act in acts.csv: {', '.join(sorted(stray))}")
    status = _row(rules, "status")
    scale = _row(rules, "scale")
    floors = {family: _probability(f"floor.{family}", value) for family, value in rules.get("floor", {}).items()}
    facets = {name: _facet(name, row, floors) for name, row in _toml("codebook", "facets.toml").items()}
    for act in acts.values():
        families = sorted({facets[effect.facet].family for effect in act.effects})
        if len(families) > 1:
            raise SeedError(f"codebook/effects.csv: {act.name} moves facets of two families: {', '.join(families)}")
    return Codebook(
        version=_text("version", rules.get("version")),
        acts=acts,
        facets=facets,
        roots={r["root"]: Root(r["root"], int(r["quad"]), float(r["score"])) for r in rows("codebook", "roots.csv")},
        crosswalks=_crosswalks(_toml("codebook", "crosswalks.toml")),
        cameo_by_status={name: _two_codes(name, codes) for name, codes in _row(rules, "cameo_by_status").items()},
        intensities={r["cameo"]: float(r["intensity"]) for r in rows("codebook", "cameo_scale.csv") if r["intensity"]},
        scale=_text("scale.name", scale.get("name")),
        scale_version=_text("scale.version", scale.get("version")),
        labels=[_label(n, row, facets) for n, row in enumerate(_rows(rules, "label"), start=1)],
        score=_score(_row(rules, "score")),
        effective_confidence=_probability("status.effective_confidence", status.get("effective_confidence")),
        ending_confidence=_probability("status.ending_confidence", status.get("ending_confidence")),
        overdue_days=_days("status.overdue_days", status.get("overdue_days")),
        floors=floors,
        calibrated=frozenset(_texts("status.calibrated_coders", status.get("calibrated_coders"))),
    )


def rows(*path: str) -> Iterator[Mapping[str, str]]:
    """The rows of a table of `seeds/`, by column. Raises SeedError for a row of another length than the header."""
    place = seed_files().joinpath(*path)
    for number, row in enumerate(csv.DictReader(place.read_text(encoding="utf-8").splitlines()), start=2):
        if None in row or None in row.values():
            raise SeedError(f"{'/'.join(path)}, row {number}: not as many fields as the header has")
        yield {key: value.strip() for key, value in row.items()}


def _toml(*path: str) -> dict[str, Any]:
    try:
        return tomllib.loads(seed_files().joinpath(*path).read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise SeedError(f"{'/'.join(path)}: {error}") from error


def listed(field: str) -> tuple[str, ...]:
    """The items of a field that holds a list."""
    return tuple(part.strip() for part in field.split("|") if part.strip())


def _country(row: Mapping[str, str]) -> Entity:
    codes = {scheme: row[scheme] for scheme in _CODES if row[scheme]}
    for scheme in ("cow", "gw"):
        letters, _, number = row[scheme].partition("|")
        codes |= {name: code for name, code in ((scheme, letters), (f"{scheme}_number", number)) if code}
    return Entity(
        key=row["key"],
        name=row["name"],
        kind=row["kind"],
        official_name=row["official_name"] or None,
        codes=codes,
        capital=row["capital"] or None,
        demonyms=listed(row["demonyms"]),
        aliases=listed(row["aliases"]),
        claimed_by=row["claimed_by"] or None,
        successor=row["successor"] or None,
        valid_from=row["from"] or None,
        valid_to=row["to"] or None,
    )


def _body(row: Mapping[str, str]) -> Entity:
    return Entity(
        key=row["key"],
        name=row["name"],
        kind=row["kind"],
        aliases=listed(row["aliases"]),
        demonyms=listed(row["demonyms"]),
        home=row["home"] or None,
        valid_from=row["from"] or None,
        valid_to=row["to"] or None,
    )


def _other_names() -> Iterator[OtherName]:
    for row in rows("entities", "country_names.csv"):
        yield OtherName(row["key"], row["name"])
    for table in ("foreign_names.csv", "native_names.csv"):
        for row in rows("entities", table):
            yield OtherName(row["key"], row["name"], is_foreign=True)


def _effect(row: Mapping[str, str]) -> Effect:
    return Effect(
        rule=f"{row['act']}→{row['facet']}" + ("" if row["standing"] == "held" else f":{row['standing']}"),
        statuses=frozenset(listed(row["statuses"])),
        facet=row["facet"],
        item=row["item"],
        value=row["value"],
        moves=row["moves"],
        standing=row["standing"],
        only_from=frozenset(listed(row["only_from"])),
        lasts_days=int(row["lasts_days"]) if row["lasts_days"] else None,
    )


def _act(row: Mapping[str, str], effects: tuple[Effect, ...]) -> Act:
    by_status = dict(pair.split("=", 1) for pair in listed(row["cameo_by_status"]))
    return Act(
        name=row["name"],
        gloss=row["gloss"],
        cameo=row["cameo"],
        root=row["root"],
        mode=row["mode"],
        mutual=row["mutual"] == "yes",
        cameo_by_status=by_status,
        effects=effects,
    )


#: Most days that a plan may be overdue and still stand: a century.
_LONGEST = 36525


def _probability(field: str, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise SeedError(f"codebook/rules.toml: {field}: {value!r} is no probability, 0 to 1")
    return float(value)


def _days(field: str, value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= _LONGEST:
        raise SeedError(f"codebook/rules.toml: {field}: {value!r} is no number of days, 0 to {_LONGEST}")
    return value


def _text(field: str, value: object) -> str:
    if not isinstance(value, str) or not value:
        raise SeedError(f"codebook/rules.toml: {field}: {value!r} is no text in quotation marks")
    return value


def _texts(field: str, value: object) -> list[str]:
    if not isinstance(value, list):
        raise SeedError(f"codebook/rules.toml: {field}: {value!r} is no list of texts")
    return [_text(field, one) for one in value]


def _two_codes(status: str, value: object) -> tuple[str, str]:
    field = f"cameo_by_status.{status}"
    codes = _texts(field, value)
    if len(codes) != 2:
        raise SeedError(f"codebook/rules.toml: {field}: {value!r}: two codes are wanted, cooperative and conflictual")
    return codes[0], codes[1]


def _row(rules: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    row = rules.get(name)
    if not isinstance(row, dict):
        raise SeedError(f"codebook/rules.toml: no table [{name}]")
    return row


def _rows(rules: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    found = rules.get(name)
    if not isinstance(found, list) or not all(isinstance(row, dict) for row in found):
        raise SeedError(f"codebook/rules.toml: no tables [[{name}]]")
    return found


def _filled(kind: type[_Rule], place: str, row: Mapping[str, Any]) -> _Rule:
    """A rule with the row's values. Raises SeedError for a field that is missing, unknown or of another type."""
    known = {field.name: field for field in fields(kind)}
    for name in row:
        if name not in known:
            raise SeedError(f"codebook/rules.toml: {place}.{name}: no such field; known: {', '.join(known)}")
    for name, field in known.items():
        if name not in row:
            if field.default is MISSING:
                raise SeedError(f"codebook/rules.toml: {place}.{name} is missing")
            continue
        if field.type is str:
            _text(f"{place}.{name}", row[name])
        elif isinstance(row[name], bool) or not isinstance(row[name], int if field.type is int else int | float):
            raise SeedError(f"codebook/rules.toml: {place}.{name}: {row[name]!r} is no number")
    return kind(**row)


def _label(number: int, row: Mapping[str, Any], facets: Mapping[str, Facet]) -> LabelRule:
    place = f"label[{number}]"
    rule = _filled(LabelRule, place, row)
    if rule.facet and rule.facet not in facets:
        raise SeedError(f"codebook/rules.toml: {place}.facet: no facet {rule.facet!r} in facets.toml")
    if rule.facet and rule.value not in facets[rule.facet].values:
        known = ", ".join(facets[rule.facet].values)
        raise SeedError(f"codebook/rules.toml: {place}.value: {rule.facet} has no {rule.value!r}; known: {known}")
    return rule


def _score(row: Mapping[str, Any]) -> ScoreRule:
    rule = _filled(ScoreRule, "score", row)
    for name in ("half_life_days", "prior", "window_days"):
        if not getattr(rule, name) > 0:
            raise SeedError(f"codebook/rules.toml: score.{name}: {row[name]!r} is not above 0")
    return rule


def _facet(name: str, row: Mapping[str, Any], families: Collection[str]) -> Facet:
    family = row.get("family", "")
    if family not in families:
        known = ", ".join(families)
        raise SeedError(f"codebook/facets.toml: {name}.family: no family {family!r} in rules.toml; known: {known}")
    for field in ("set", "shared", "of_anyone"):
        if not isinstance(row.get(field, False), bool):
            raise SeedError(f"codebook/facets.toml: {name}.{field}: true or false is wanted, not {row[field]!r}")
    return Facet(
        name=name,
        values=tuple(row["values"]),
        family=family,
        is_set=row.get("set", False),
        shared=row.get("shared", False),
        of_anyone=row.get("of_anyone", False),
        combine=row.get("combine", "latest"),
        clears=frozenset(row.get("clears", ())),
        over=frozenset(row.get("over", ())),
        stages=tuple(tuple(stages) for stages in row.get("stages", ())),
        follows=row.get("follows", ""),
        items=tuple(row.get("items", ())),
    )


def _crosswalks(tables: Mapping[str, Any]) -> dict[str, Crosswalk]:
    made: dict[str, Crosswalk] = {}
    for name, table in tables.items():
        base = made.get(table.get("extends", ""))
        by_status = dict(base.by_status) if base else {}
        by_act = dict(base.by_act) if base else {}
        by_status |= {status: (roots[0], roots[1]) for status, roots in table.get("status", {}).items()}
        for key, root in table.get("act", {}).items():
            act, _, status = key.partition(":")
            by_act[act, status] = root
        made[name] = Crosswalk(name, by_status, by_act)
    return made
