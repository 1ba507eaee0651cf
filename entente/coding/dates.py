"""When it happened: date phrases of a sentence, read against the article's day, never finer than what was said."""

import calendar
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

import dateparser

from entente.coding.syntax import Node, Tree
from entente.relations.periods import PRECISIONS, Period

_MONTHS = {name.lower(): n for n, name in enumerate(calendar.month_name) if name}
_MONTHS |= {name.lower(): n for n, name in enumerate(calendar.month_abbr) if name} | {"sept": 9}
_MONTH = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December|"
    r"Jan\.?|Feb\.?|Mar\.?|Apr\.?|Jun\.?|Jul\.?|Aug\.?|Sept?\.?|Oct\.?|Nov\.?|Dec\.?)"
)
_WEEKDAYS = {name.lower(): n for n, name in enumerate(calendar.day_name)}
_WEEKDAY = r"(?:Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)"
_COUNT = r"(?:an?|one|two|three|four|five|six|seven|eight|nine|ten|\d{1,2})"
_PHRASE = re.compile(
    rf"""(?P<iso>\b\d{{4}}-\d\d-\d\d\b)
    |(?P<dmy>\b\d{{1,2}}(?:st|nd|rd|th)?(?:\ of)?\ {_MONTH}(?:,?\ \d{{4}})?\b)
    |(?P<mdy>\b{_MONTH}\ \d{{1,2}}(?:st|nd|rd|th)?\b(?!:)(?:,?\ \d{{4}}\b)?)
    |(?P<mlast>\b{_MONTH}\ (?:last|this|of\ last|of\ this|of\ that|that)\ year\b)
    |(?P<my>\b(?:(?i:early\ |late\ |mid-))?{_MONTH},?\ (?:of\ )?\d{{4}}\b)
    |(?P<yearafter>\b(?:the\ following|the\ next)\ {_MONTH}\b)
    |(?P<lastmonth>\b(?i:last|in|since|this|next|until|by|late|early|during|mid-
            |(?:end|start|middle|beginning)\ of)\ ?{_MONTH}\b
        (?!\ \d)(?!\ (?:of\ )?(?:last|this|that)\ year))
    |(?P<relday>\b(?i:today|yesterday|tomorrow|tonight|overnight|the\ next\ day
        |the\ day\ before|the\ following\ day|a\ day\ (?:later|earlier|after|before)|the\ previous\ day
            |the\ same\ day)\b)
    |(?P<weekday>\b(?:(?i:last\ |next\ |this\ |that\ same\ |that\ ))?{_WEEKDAY}\b)
    |(?P<ago>\b(?i:{_COUNT}|a\ few)\ (?:days?|weeks?|months?|years?|decades?)\ (?:ago|earlier|later|before(?=[.,;]|$)
        |after(?=[.,;]|$)))
    |(?P<anchored>\bthe\ (?:following|next)\ (?:month|year)\b|\bthe\ (?:month|year)\ (?:after|before)\b)
    |(?P<relunit>\b(?i:last|next|this|earlier\ this|later\ this|the\ previous|the\ following|previous
        |that\ very|that\ same|that|the\ same)\ (?:week|month|year|weekend|day)\b)
    |(?P<year>\b(?:1[789]|20)\d\d\b)
    |(?P<decade>\b(?:1[789]|20)\d0s\b)
    |(?P<vague>\b(?:decades|years|months)\ (?:ago|earlier)\b|\b(?:previously|historically|(?<!at\ )once)\b)""",
    re.VERBOSE,
)
_NUMBERS = {word: n for n, word in enumerate("zero one two three four five six seven eight nine ten".split())} | {
    "a": 1,
    "an": 1,
}


_TOLD = ("ago", "relunit", "yearafter", "anchored", "mlast")
_BARE = ("in", "un", "by")


@dataclass(frozen=True, slots=True)
class DatePhrase:
    """A date phrase at text[start:end] of the field; `period` None for one that only says "long ago"."""

    start: int
    end: int
    period: Period | None
    future: bool = False


def phrases(
    text: str, start: int, today: date | None, anchor: Period | None, history: Period | None = None
) -> list[DatePhrase]:
    """The date phrases of a sentence that begins at `start`.

    `anchor`: the date told last, for "two days later"; `history`: the old date that the paragraph goes on from, whose
    year a bare month has.
    """
    found: list[DatePhrase] = []
    for match in _PHRASE.finditer(text):
        kind = match.lastgroup or ""
        if kind == "year" and not _is_year(text, match):
            continue
        period = _read_safely(kind, match[0], today, _told(found, anchor) if kind in _TOLD else anchor)
        if kind == "lastmonth" and history is not None and period is not None and match[0][:2].lower() in _BARE:
            later = period.first.month < history.first.month and history.precision != "year"
            period = Period(date(history.first.year + later, period.first.month, 1), "month")
        if (
            kind in ("dmy", "mdy")
            and re.match(r",?\s(?:of\s)?that\s(?:same\s)?year", text[match.end() :])
            and anchor
            and period
        ):
            period = Period.day(_in_year(period.first, anchor.first.year))
        if kind in ("dmy", "mdy") and found and period is not None and not re.search(r"\d{4}", match[0]):
            year = found[-1].period.first.year if found[-1].period is not None else period.first.year
            period = Period.day(_in_year(period.first, year)) if year < period.first.year - 1 else period
        if period is not None or kind in ("vague", "decade"):
            found.append(DatePhrase(match.start() + start, match.end() + start, period))
    return found


def _read_safely(kind: str, phrase: str, today: date | None, anchor: Period | None) -> Period | None:
    """As `_read`, but a day that no calendar has, or one beyond the years 1–9999, is no date."""
    try:
        return _read(kind, phrase, today, anchor)
    except (OverflowError, ValueError):
        return None


def _is_year(text: str, match: re.Match[str]) -> bool:
    after = text[match.end() : match.end() + 14].lower()
    before = text[max(0, match.start() - 12) : match.start()].lower()
    return not re.match(
        r"[\d,.]*\d|\s?(?:%|people|troops|soldiers|km|miles|tons?|tonnes|euros?|dollars|-page)", after
    ) and not before.rstrip().endswith(("$", "€", "£", "article", "under", "resolution"))


def _read(kind: str, phrase: str, today: date | None, anchor: Period | None) -> Period | None:
    words = phrase.lower().replace(",", " ").replace(".", "").split()
    if kind in ("iso", "dmy", "mdy"):
        return _calendar_day(phrase, today)
    if kind == "mlast":
        told_year = anchor.first.year if anchor is not None else None
        year = told_year if "that" in words else (today.year - ("last" in words) if today else None)
        return Period(date(year, _MONTHS[words[0]], 1), "month") if year else None
    if kind == "my":
        year, month = (
            int(words[-1]),
            next(_MONTHS[w.removeprefix("mid-")] for w in words if w.removeprefix("mid-") in _MONTHS),
        )
        return Period(date(year, month, 1), "month")
    if kind == "year":
        return Period(date(int(words[0]), 1, 1), "year")
    if kind in ("yearafter", "anchored"):
        return _after(words, anchor)
    if kind in ("vague", "decade") or today is None:
        return None
    if kind == "lastmonth":
        month = next((_MONTHS[w.removeprefix("mid-")] for w in words if w.removeprefix("mid-") in _MONTHS), 0)
        if not month:
            return None
        year = today.year if month <= today.month else today.year - 1
        if words[0] in ("next", "until", "by") and month < today.month:
            year = today.year + 1
        if words[0] == "last" and month == today.month:
            year -= 1
        return Period(date(year, month, 1), "month")
    return _relative(kind, words, today, anchor)


@lru_cache(maxsize=4096)
def _calendar_day(phrase: str, today: date | None) -> Period | None:
    base = datetime.combine(today or date(2000, 1, 1), datetime.min.time())
    if today is None and not re.search(r"\d{4}", phrase):
        return None
    settings = {"RELATIVE_BASE": base, "PREFER_DATES_FROM": "current_period", "DATE_ORDER": "MDY"}
    parsed = dateparser.parse(phrase.replace(" of ", " "), languages=["en"], settings=settings)
    if parsed is None:
        return None
    day = parsed.date()
    if today is not None and not re.search(r"\d{4}", phrase) and day > today + timedelta(days=150):
        day = _year_before(day)
    return Period.day(day)


def _in_year(day: date, year: int) -> date:
    return day.replace(year=year, day=28 if (day.month, day.day) == (2, 29) else day.day)


def _year_before(day: date) -> date:
    return day.replace(year=day.year - 1, day=28 if (day.month, day.day) == (2, 29) else day.day)


def _relative(kind: str, words: list[str], today: date, anchor: Period | None) -> Period | None:
    phrase = " ".join(words)
    told = anchor.first if anchor is not None and (anchor.precision == "day" or words[1:2] != ["days"]) else None
    if told is not None and kind != "ago" and anchor is not None and anchor.precision != "day":
        told = None
    if kind == "relday":
        if phrase in ("the next day", "the following day", "a day later", "a day after"):
            return Period.day(told + timedelta(days=1)) if told else None
        if phrase in ("the day before", "the previous day", "a day earlier", "a day before"):
            return Period.day((told or today) - timedelta(days=1))
        if phrase == "the same day":
            return Period.day(told) if told else None
        shift = {"yesterday": -1, "tomorrow": 1, "overnight": 0}.get(words[0], 0)
        return Period.day(today + timedelta(days=shift))
    if kind == "weekday":
        back = (today.weekday() - _WEEKDAYS[words[-1]]) % 7
        if words[0] == "next":
            return Period.day(today + timedelta(days=7 - back))
        if words[0] == "last" and back == 0:
            back = 7
        return Period.day(today - timedelta(days=back))
    if kind == "ago":
        return _ago(words, today, told or _coarse_base(words[1].rstrip("s"), anchor))
    if words[0] in ("that", "the") and words[-2] in ("that", "very", "same"):
        return _same_unit(words[-1], anchor)
    unit, back_or_on = words[-1], {"last": -1, "next": 1, "previous": -1, "following": 1}.get(words[-2], 0)
    if unit == "year":
        return Period(date(today.year + back_or_on, 1, 1), "year")
    if unit == "month":
        return _month(today, back_or_on)
    return (
        Period.day(today)
        if back_or_on == 0 and unit == "weekend"
        else _month(today + timedelta(days=7 * back_or_on), 0)
    )


def _coarse_base(unit: str, anchor: Period | None) -> date | None:
    """A month or year told last, from which only units as coarse can be counted ("two months later")."""
    if anchor is None or unit not in ("month", "year", "decade"):
        return None
    return anchor.first if anchor.precision == "month" or unit != "month" else None


def _ago(words: list[str], today: date, told: date | None) -> Period | None:
    if words[:2] == ["a", "few"]:
        few = _ago(["3", *words[2:]], today, told)
        return Period(few.first.replace(day=1), "month") if few is not None and few.precision == "day" else None
    count = _NUMBERS.get(words[0]) or int(words[0]) if words[0].isdigit() or words[0] in _NUMBERS else 1
    sign = 1 if words[-1] == "later" else -1
    base = today if words[-1] == "ago" else told or (today if sign < 0 else None)
    if base is None:
        return None
    unit = words[1].rstrip("s")
    if unit == "day":
        return Period.day(base + timedelta(days=sign * count))
    if unit == "week":
        return _month(base + timedelta(days=sign * count * 7), 0)
    if unit == "month":
        return _month(base, sign * count)
    years = count * (10 if unit == "decade" else 1)
    return Period(date(max(1, base.year + sign * years), 1, 1), "year")


def _told(found: list[DatePhrase], anchor: Period | None) -> Period | None:
    """The date told last: earlier in the sentence, or before it."""
    return next((phrase.period for phrase in reversed(found) if phrase.period is not None), anchor)


def _after(words: list[str], anchor: Period | None) -> Period | None:
    """As in "the following January", "the month after", "the next year": counted from the date told last."""
    if anchor is None:
        return None
    base, month = anchor.first, next((_MONTHS[w] for w in words if w in _MONTHS), 0)
    if month:
        return Period(date(base.year + (month <= base.month), month, 1), "month")
    step = -1 if "before" in words else 1
    if "year" in words:
        return Period(date(base.year + step, 1, 1), "year")
    return _month(base, step) if anchor.precision != "year" else None


def _same_unit(unit: str, anchor: Period | None) -> Period | None:
    """The month or year of the date told last, for "that very month" and "that year"."""
    if anchor is None or unit in ("week", "weekend"):
        return None
    if unit == "day":
        return anchor if anchor.precision == "day" else None
    if unit == "month":
        return Period(anchor.first.replace(day=1), "month") if anchor.precision != "year" else anchor
    return Period(date(anchor.first.year, 1, 1), "year")


def _month(day: date, shift: int) -> Period:
    index = day.year * 12 + day.month - 1 + shift
    return Period(date(index // 12, index % 12 + 1, 1), "month")


_BARE_DAY = re.compile(rf"{_WEEKDAY}\b")
_BARE_MONTH = re.compile(
    rf"(?:(?i:in|from|by|until|late|early|(?:end|start|middle|beginning)\ of)\ )?{_MONTH}\b(?!\ \d)"
)


def coming(period: Period | None, phrase: str, today: date) -> Period | None:
    """What a weekday or month without more means of something that is still to come ("will visit on Friday")."""
    if period is None or period.first >= today:
        return period
    if period.precision == "day" and _BARE_DAY.match(phrase):
        return Period.day(period.first + timedelta(days=7))
    if period.precision == "month" and _BARE_MONTH.match(phrase) and period.last < today:
        return Period(date(period.first.year + 1, period.first.month, 1), "month")
    return period


def assign(tree: Tree, found: list[DatePhrase]) -> dict[int, DatePhrase]:
    """Which predicate each date phrase belongs to: node index of the nearest governing verb → phrase."""
    owners: dict[int, DatePhrase] = {}
    for phrase in found:
        node = next((n for n in tree.nodes if n.start < phrase.end and phrase.start < n.end), None)
        if node is None:
            root = next((n for n in tree.nodes if n.head is None and n.is_verb), None)
            if root is not None:
                owners.setdefault(root.index, phrase)
            continue
        inside = [n for n in tree.nodes if n.start < phrase.end and phrase.start < n.end]
        top = next((n for n in inside if n.head is None or n.head not in inside), node)
        owner = next((g for g in top.path_up() if g.is_verb or g.head is None), top)
        beside = _verb_right_before(node, tree)
        if beside is not None and owner.index > node.index:
            owner = beside
        for index in (owner.index, *(n.index for n in _nominal_path(top, owner))):
            held = owners.get(index)
            if held is None or _is_finer(phrase, held):
                owners[index] = phrase
    return owners


def _verb_right_before(node: Node, tree: Tree) -> Node | None:
    """The verb of "said on Wednesday", which a later verb has no claim to."""
    at = node.index - 1
    if at > 0 and tree.nodes[at].lower in ("on", "in", "last", "early", "late"):
        at -= 1
    return tree.nodes[at] if at >= 0 and tree.nodes[at].is_verb else None


def _is_finer(phrase: DatePhrase, other: DatePhrase) -> bool:
    """True for "March 18, 2014" beside "ten years ago"."""
    if phrase.period is None or other.period is None:
        return phrase.period is not None
    return PRECISIONS.index(phrase.period.precision) < PRECISIONS.index(other.period.precision)


_OFFSET = re.compile(rf"(?:\b(?P<count>(?i:{_COUNT}))\ )?(?P<unit>day|week|month|year|hour|decade)s?\s*$")


def offset(before: str, sign: int, base: Period | None) -> tuple[bool, Period | None]:
    """Whether `before` ends in a measure of time ("ten months" after …), and the day so far from `base`, if known."""
    match = _OFFSET.search(before)
    if match is None:
        return False, None
    unit = match["unit"]
    reached = base is not None and (
        base.precision == "day" or unit in ("year", "decade") or (unit == "month" and base.precision == "month")
    )
    if match["count"] is None or base is None or not reached or unit == "hour":
        return True, None
    words = [match["count"].lower(), unit, "later" if sign > 0 else "earlier"]
    return True, _ago(words, base.first, base.first)


def _nominal_path(node: Node, stop: Node) -> list[Node]:
    path = []
    for governor in node.path_up():
        if governor is stop:
            break
        path.append(governor)
    return path
