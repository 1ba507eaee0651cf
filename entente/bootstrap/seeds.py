"""Load the reference data of `seeds/` (entities and codebook) into domain types.

Raises SeedError with file and place, because these files are edited by hand.
"""

import csv
import tomllib
from collections.abc import Collection, Iterator, Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from entente.bootstrap.codebook_rules import BadRules, checked_rules
from entente.relations.codebook import Act, Codebook, Crosswalk, Effect, Facet, LabelRule, Root
from entente.relations.entities import Entities, Entity, OtherName

#: Columns of countries.csv that hold a code, and the scheme they hold it in.
_CODES = ("iso2", "iso3", "numeric", "fips", "cameo", "wikidata")


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
    try:
        rules = checked_rules(_toml("codebook", "rules.toml"))
    except BadRules as error:
        raise SeedError(f"codebook/rules.toml: {error}") from error
    effects: dict[str, list[Effect]] = {}
    for row in rows("codebook", "effects.csv"):
        effects.setdefault(row["act"], []).append(_effect(row))
    acts = {row["name"]: _act(row, tuple(effects.get(row["name"], ()))) for row in rows("codebook", "acts.csv")}
    stray = set(effects) - set(acts)
    if stray:
        raise SeedError(f"codebook/effects.csv: no such act in acts.csv: {', '.join(sorted(stray))}")
    status, floors = rules["status"], rules["floor"]
    facets = {name: _facet(name, row, floors) for name, row in _toml("codebook", "facets.toml").items()}
    for number, rule in enumerate(rules["label"]):
        _check_label(f"label.{number}", rule, facets)
    for act in acts.values():
        families = sorted({facets[effect.facet].family for effect in act.effects})
        if len(families) > 1:
            raise SeedError(f"codebook/effects.csv: {act.name} moves facets of two families: {', '.join(families)}")
    return Codebook(
        version=rules["version"],
        acts=acts,
        facets=facets,
        roots={r["root"]: Root(r["root"], int(r["quad"]), float(r["score"])) for r in rows("codebook", "roots.csv")},
        crosswalks=_crosswalks(_toml("codebook", "crosswalks.toml")),
        cameo_by_status=rules["cameo_by_status"],
        intensities={r["cameo"]: float(r["intensity"]) for r in rows("codebook", "cameo_scale.csv") if r["intensity"]},
        scale=rules["scale"]["name"],
        scale_version=rules["scale"]["version"],
        labels=rules["label"],
        score=rules["score"],
        effective_confidence=status["effective_confidence"],
        ending_confidence=status["ending_confidence"],
        overdue_days=status["overdue_days"],
        floors=floors,
        calibrated=frozenset(status["calibrated_coders"]),
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


def _check_label(place: str, rule: LabelRule, facets: Mapping[str, Facet]) -> None:
    if rule.facet and rule.facet not in facets:
        raise SeedError(f"codebook/rules.toml: {place}.facet: no facet {rule.facet!r} in facets.toml")
    if rule.facet and rule.value not in facets[rule.facet].values:
        known = ", ".join(facets[rule.facet].values)
        raise SeedError(f"codebook/rules.toml: {place}.value: {rule.facet} has no {rule.value!r}; known: {known}")


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
