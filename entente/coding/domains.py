"""Texts in which countries are teams, prices or places: sport, markets, culture. Their verbs are no acts of states."""

import re
from collections.abc import Iterable, Mapping

_WORD = re.compile(r"[a-z][a-z\-]*")

#: Acts whose verbs other domains borrow ("Spain attacked", "France struck early", "shares were hit").
BORROWED = frozenset(
    """
    strike air_strike shell bomb shoot clash kill wound beat destroy invade occupy fight_war missile_strike
    incursion blockade fight deploy surrender withdraw_forces retreat host visit meet express_accord sign_alliance
    cooperate quit_organisation join_organisation expel_from_organisation suspend_from_organisation ban unban
    threaten_force seize annex mobilise alert_forces declare_war recall_ambassador surrender use_force
    """.split()
)

#: Share of sentences with a word of the domain, and how many different words: either pair will do.
_THRESHOLDS = ((0.4, 3), (0.25, 6))


def foreign_domain(sentences: Iterable[str], domains: Mapping[str, frozenset[str]]) -> str:
    """The domain that most of a text belongs to, or "" for one that may be about what states do.

    A text belongs to a domain if enough of its sentences have one of its words, and enough different ones occur.
    """
    counts = dict.fromkeys(domains, 0)
    seen: dict[str, set[str]] = {name: set() for name in domains}
    total = 0
    for sentence in sentences:
        words = set(_WORD.findall(sentence.lower()))
        total += 1
        for name, cues in domains.items():
            hits = words & cues
            counts[name] += bool(hits)
            seen[name] |= hits
    best = max(counts, key=lambda name: counts[name], default="")
    enough = best and any(
        counts[best] >= max(1, share * total) and len(seen[best]) >= words for share, words in _THRESHOLDS
    )
    return best if enough else ""


def sounds_like_sport(sentence: str, domains: Mapping[str, frozenset[str]]) -> bool:
    """True for a single sentence that has a word of sport."""
    return bool(set(_WORD.findall(sentence.lower())) & domains["sport"])
