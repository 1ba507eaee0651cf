"""Synthetic worlds: event data of invented news between states, the same for the same seed, in GDELT 2.0's layout."""

import math
import random
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice

from entente.relations.codebook import Codebook
from entente.relations.entities import Entities, Entity

#: Columns of GDELT 2.0 events that are filled.
_NUMBER, _DAY, _MONTH, _YEAR, _FRACTION = range(5)
_SOURCE, _SOURCE_TYPE, _TARGET, _TARGET_TYPE = 7, 12, 17, 22
_CODE, _BASE, _ROOT, _QUAD, _GOLDSTEIN, _MENTIONS = 26, 27, 28, 29, 30, 31
_ADDED, _URL = 59, 60
_COLUMNS = 61

_FIRST_DAY = date(2015, 2, 18)

#: Share of rows whose second party is no country or the first one's own, as in GDELT.
_OTHERS = 0.3

_SECTORS = ("GOV", "GOV", "GOV", "", "MIL", "LEG", "CVL", "BUS", "REB")


#: Seed of the benches' world.
SEED = 1


def busiest(seed: int, entities: Entities) -> tuple[str, str]:
    """The keys of the two states that act on each other most often."""
    first, second, *_ = _ranked(random.Random(seed), entities)
    return first.key, second.key


def busy_pairs(seed: int, entities: Entities, n: int) -> list[tuple[str, str]]:
    """`n` pairs of the states that act most often, as keys."""
    some = [entity.key for entity in _ranked(random.Random(seed), entities)]
    ranked = ((one, other) for at, other in enumerate(some) for one in some[:at])
    return list(islice(ranked, n))


def world(events: int, seed: int, days: int, codebook: Codebook, entities: Entities) -> Iterator[str]:
    """Lines of a world of so many rows over so many days.

    States act as often as 1/rank in an order of the seed, which gives few busy pairs and many quiet ones; each pair has
    a temper that the codes are drawn by, and acts are reported more often in turn.
    """
    draw = random.Random(seed)
    states = [entity.codes["cameo"] for entity in _ranked(draw, entities)]
    often = [1 / (rank + 1) for rank in range(len(states))]
    codes = sorted((value, code) for code, value in codebook.intensities.items())
    tempers: dict[tuple[str, str], float] = {}
    per_day = math.ceil(events / days)
    pairs = iter(())  # type: Iterator[tuple[str, str]]
    for number in range(events):
        day = _FIRST_DAY + timedelta(number // per_day)
        pair = next(pairs, None)
        if pair is None:
            # Drawn many at a time: one draw of `choices` costs as much as a hundred.
            some = draw.choices(states, often, k=2000)
            pairs = zip(some[::2], some[1::2], strict=True)
            pair = next(pairs)
        source, target = pair
        if draw.random() < _OTHERS:
            target = draw.choice(("", "", "AFR", source))
        temper = tempers.setdefault(pair, draw.random())
        at = min(len(codes) - 1, max(0, int(draw.gauss(temper, 0.15) * len(codes))))
        intensity, code = codes[at]
        yield _line(number, day, source, target, code, intensity, draw)


def _ranked(draw: random.Random, entities: Entities) -> list[Entity]:
    states = [entity for entity in entities if entity.kind == "state" and "cameo" in entity.codes]
    draw.shuffle(states)
    return states


def _line(number: int, day: date, source: str, target: str, code: str, intensity: float, draw: random.Random) -> str:
    cells = [""] * _COLUMNS
    written = day.strftime("%Y%m%d")
    cells[_NUMBER], cells[_DAY], cells[_MONTH], cells[_YEAR] = str(number), written, written[:6], written[:4]
    cells[_FRACTION] = f"{day.year + day.timetuple().tm_yday / 366:.4f}"
    cells[_SOURCE], cells[_SOURCE_TYPE] = source, draw.choice(_SECTORS)
    cells[_TARGET], cells[_TARGET_TYPE] = target, draw.choice(_SECTORS)
    cells[_CODE], cells[_BASE], cells[_ROOT] = code, code[:3], code[:2]
    root = int(code[:2])
    cells[_QUAD] = "1" if root < 6 else "2" if root < 9 else "3" if root < 14 else "4"
    cells[_GOLDSTEIN], cells[_MENTIONS] = str(intensity), str(1 + int(draw.expovariate(0.3)))
    cells[_ADDED], cells[_URL] = written + "120000", f"https://news.example/world/{number}"
    return "\t".join(cells) + "\n"
