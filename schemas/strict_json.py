"""Strict JSON parser: refuses what two parsers could read differently, or a database can't store.

Python's own parser accepts NaN, keeps the last of two equal keys, and passes lone surrogates and NUL on. It raises
other errors on deep nesting and long numbers. RFC 8259 leaves most of that open.
"""

import json
import math
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any, NoReturn

#: Levels of nesting. The deepest request of the API, a subscription's `pairs`, has four.
MAX_DEPTH = 32

#: Members of all objects and elements of all arrays of a body together. What is sent here has a few dozen, a long list
#: of pairs some thousand.
MAX_MEMBERS = 20_000

#: Integers that every JSON reader keeps exactly (RFC 8259, 6).
MAX_INTEGER = 2**53 - 1

#: What separates, opens or closes objects and arrays.
_MARK = re.compile(r"[,{}\[\]]")

#: Characters of a field's path that an error repeats.
_SHOWN = 100


class BadJson(Exception):
    """Not JSON, or JSON that is refused.

    `field` is a path ("title", "items.3") or "" for the whole; `is_syntax` is true if the body could not be parsed.
    """

    def __init__(self, detail: str, field: str = "", *, is_syntax: bool = True) -> None:
        self.detail = detail
        self.field = field
        self.is_syntax = is_syntax
        super().__init__(detail)


def parse_json(body: bytes, max_members: int | None = MAX_MEMBERS) -> Any:
    """Parse `body` to what `json.loads` would give. Raises BadJson; `max_members` None: any number of members."""
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadJson(f"not UTF-8 at byte {error.start}") from None
    if max_members is not None:
        _refuse_countless(text, max_members)
    try:
        value = json.loads(
            text,
            object_pairs_hook=_object,
            parse_int=_integer,
            parse_float=_float,
            parse_constant=_constant,
        )
    except json.JSONDecodeError as error:
        raise BadJson(f"{error.msg.lower()} at line {error.lineno}, column {error.colno}") from None
    except RecursionError:
        raise BadJson(f"nested more than {MAX_DEPTH} levels deep") from None
    _refuse_unstorable(value)
    return value


def _refuse_countless(text: str, limit: int) -> None:
    """Raise BadJson for more than `limit` members and elements, before a value of them is made.

    Parsing four megabytes of empty arrays takes seconds, and `json` has no hook for arrays that could stop it.
    """
    if sum(map(text.count, ",{[")) <= limit:
        return
    too_many = BadJson(f"holds more than {limit:,} members", is_syntax=False)
    bare = text.replace("\\\\", "").replace('\\"', "")
    if bare.count('"') // 4 > limit:
        # A member has two strings at most, an element one.
        raise too_many
    found = depth = 0
    for mark in _MARK.finditer("".join(bare.split('"')[::2])):
        found += mark[0] in ",{["
        depth += (mark[0] in "{[") - (mark[0] in "}]")
        if depth > MAX_DEPTH:
            raise BadJson(f"nested more than {MAX_DEPTH} levels deep")
        if found > limit:
            raise too_many


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        (twice, _), *_ = Counter(key for key, _ in pairs).most_common(1)
        raise BadJson("given twice", field=_shown(twice), is_syntax=False)
    return made


def _integer(digits: str) -> int:
    if len(digits) > 17 or abs(int(digits)) > MAX_INTEGER:
        raise BadJson(f"the number {digits[:20]}{'…' * (len(digits) > 20)} is too large", is_syntax=False)
    return int(digits)


def _float(digits: str) -> float:
    number = float(digits)
    if math.isinf(number):
        raise BadJson(f"the number {digits[:20]} is too large", is_syntax=False)
    return number


def _constant(name: str) -> NoReturn:
    raise BadJson(f"{name} is no JSON number")


def _refuse_unstorable(value: Any) -> None:
    """Raise BadJson for a string that can't be stored (NUL, lone surrogate), and for nesting that is too deep."""
    waiting = [("", value, 0)]
    while waiting:
        path, current, depth = waiting.pop()
        if isinstance(current, str):
            _check_text(current, path)
        elif isinstance(current, dict | list):
            if depth == MAX_DEPTH:
                raise BadJson(f"nested more than {MAX_DEPTH} levels deep")
            members = _members(path, current)
            waiting.extend((name, m, depth + 1) for name, m in members if isinstance(m, str | dict | list))


def _members(path: str, value: dict[str, Any] | list[Any]) -> Iterator[tuple[str, Any]]:
    # Paths are truncated: a million members under a name of a megabyte would mean copying a terabyte.
    prefix = f"{path[:_SHOWN]}." if path else ""
    if isinstance(value, list):
        yield from ((f"{prefix}{index}", member) for index, member in enumerate(value))
        return
    for key, member in value.items():
        _check_text(key, path)
        yield prefix + key[:_SHOWN], member


def _check_text(text: str, path: str) -> None:
    if "\0" in text:
        raise BadJson("holds a NUL character", _shown(path), is_syntax=False)
    try:
        text.encode()
    except UnicodeEncodeError:
        raise BadJson("holds half of a surrogate pair, which is no character", _shown(path), is_syntax=False) from None


def _shown(path: str) -> str:
    """A path that is safe to send back: bounded, without NUL or lone surrogates."""
    return path[:_SHOWN].encode("utf-8", "replace").decode().replace("\0", "�")
