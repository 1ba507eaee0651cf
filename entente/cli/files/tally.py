"""What became of everything that `entente ingest` was given, counted by outcome and reason."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from entente.cli.files.errors import BadArticle, NotAnArticle

#: Places named for each reason.
_NAMED = 3


@dataclass(slots=True)
class Tally:
    """Counts of articles taken, known before and undated; of refusals with the first few; of files passed over."""

    taken: int = 0
    known: int = 0
    undated: int = 0
    refused: dict[str, list[BadArticle]] = field(default_factory=dict)
    n_refused: Counter[str] = field(default_factory=Counter)
    passed_over: Counter[str] = field(default_factory=Counter)

    def take(self, created: bool, *, dated: bool) -> None:
        """Count an article that is stored, now or before."""
        if created:
            self.taken += 1
            self.undated += not dated
        else:
            self.known += 1

    def refuse(self, error: BadArticle) -> None:
        """Count a refusal by its reason."""
        self.n_refused[error.reason] += 1
        some = self.refused.setdefault(error.reason, [])
        if len(some) < _NAMED:
            some.append(error)

    def pass_over(self, error: NotAnArticle) -> None:
        """Count a file in a directory that holds no article."""
        self.passed_over[": ".join(filter(None, (error.reason, error.detail)))] += 1

    @property
    def first(self) -> BadArticle | None:
        """The first refusal of the first reason."""
        return next((some[0] for some in self.refused.values()), None)

    def lines(self) -> Iterator[str]:
        """The summary, for a person."""
        total = self.n_refused.total()
        passed = self.passed_over.total()
        said = f"{self.taken} taken, {self.known} known already, {total} refused"
        yield said + (f", {passed} file{'s' * (passed > 1)} passed over" if passed else "")
        for reason, count in self.n_refused.most_common():
            named = "; ".join(": ".join(filter(None, (e.place, e.detail))) for e in self.refused[reason])
            more = "; …" if count > len(self.refused[reason]) else ""
            yield f"  refused, {reason} ({count}): {named}{more}"
        for reason, count in self.passed_over.most_common():
            yield f"  passed over, {reason} ({count})"
        if self.undated:
            dated = "dated by their dateline, else by today, which is marked"
            yield f"  {self.undated} without a date: {dated}; --date names a column or a day"
