"""Notes of editors: which sentences tell of an article's own text, by the rules of seeds/coder/notices.toml."""

import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

#: Characters of a sentence that the rules look at: notes are short, and patterns must not take long.
_REACH = 600


@dataclass(frozen=True, slots=True)
class NoticeRule:
    """A row of the table. `scope`: "sentence", or "text" if nothing of the text is read."""

    name: str
    scope: str
    pattern: re.Pattern[str]
    in_title: bool
    at_start: bool
    after: bool
    withdraws: bool
    example: str
    counterexample: str


class Notices:
    """Find the notes in a text."""

    def __init__(self, rules: Sequence[NoticeRule], start: re.Pattern[str], takes_back: re.Pattern[str]) -> None:
        """`start`: what may stand before a note, such as "Editor's note:".

        `takes_back`: words of which one is in every sentence that withdraws an article.
        """
        self.rules = rules
        self._takes_back = takes_back
        self._start = start

    @classmethod
    def load(cls, seeds: Path) -> "Notices":
        """Read seeds/coder/notices.toml."""
        table = tomllib.loads((seeds / "coder" / "notices.toml").read_text(encoding="utf-8"))
        words = {name.upper(): pattern for name, pattern in table["words"].items()}
        rules = [
            NoticeRule(
                row["name"],
                row["scope"],
                re.compile(_spelt(row["words"], words), re.IGNORECASE),
                row.get("in") == "title",
                row.get("start", False),
                row.get("after", False),
                row.get("withdraws", False),
                row["example"],
                row["counterexample"],
            )
            for row in table["rule"]
        ]
        start, takes_back = (re.compile(table[name]["words"], re.IGNORECASE) for name in ("start", "takes_back"))
        return cls(rules, start, takes_back)

    def may_withdraw(self, text: str) -> bool:
        """False if no rule that withdraws an article can match a sentence of the text."""
        return self._takes_back.search(text) is not None

    def find(self, sentences: Iterable[tuple[str, str]]) -> list[NoticeRule | None]:
        """The rule that matches each of these (field, text), None for news."""
        found: list[NoticeRule | None] = []
        for field, text in sentences:
            followed = bool(found) and found[-1] is not None
            found.append(self._rule(field, text[:_REACH], followed))
        return found

    def _rule(self, field: str, text: str, followed: bool) -> NoticeRule | None:
        begin = self._start.match(text)
        noted = begin.end() if begin else 0
        for rule in self.rules:
            if (rule.in_title and field != "title") or (rule.after and not followed):
                continue
            if rule.pattern.match(text, noted) if rule.at_start else rule.pattern.search(text):
                return rule
        return None


def _spelt(pattern: str, words: dict[str, str]) -> str:
    return re.sub(r"\b(" + "|".join(words) + r")\b", lambda match: words[match[1]], pattern)
