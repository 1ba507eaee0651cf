"""Composing actors: a name or demonym with an institution noun ("Russian foreign ministry", "the army of Peru")."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from entente.coding.actors.mentions import ActorMention
from entente.relations.events import OPPOSED_SECTORS

_WORD = re.compile(r"[^\W\d_](?:[\w’'\-]*\w)?\.?|\d+")
_GAP = re.compile(r"\s*(?:['’]s?\s|\s)\s*")
_MODIFIERS = frozenset(
    """
    senior top chief deputy armed special new newly outgoing incoming acting interim caretaker central federal
    military naval air civilian state national main first former ex de facto visiting hardline right-wing
    left-wing conservative transitional provisional elected current late several two three four five six seven
    eight nine ten dozens hundreds thousands some many other young private leading opposition ruling own local
    regional permanent high-level high-ranking defence defense foreign security intelligence government army
    embassy border immigration elite combat peacekeeping occupation occupying communist islamist democratic
    republican royal supreme largest biggest state-owned state-run investigative junior joint Shia Shiite Sunni
    Maoist Marxist Tamil Kurdish Muslim Christian retired jailed exiled detained captured diplomatic parliamentary
    legislative allied anti-government suspected alleged mainstream pro-government paramilitary nuclear
    long-serving longtime oil gas steel tech
    """.split()
)
_FORMER = frozenset({"former", "ex", "retired", "late"})
_LED = re.compile(r"-(?:led|dominated)\s+")
_ADJOINED = re.compile(
    r"-(?:backed|allied|based|made|born|occupied|controlled|held|administered|supported|funded|trained|"
    r"sponsored|flagged|owned|speaking|style|supplied|built|aligned|registered|brokered|mediated|"
    r"drafted|educated|language|origin|majority|friendly|bound|wide|related|linked|inspired|designed)\b"
)
_WATERS = re.compile(r"\b(?:Sea|Gulf|Strait|Bay|Straits|Plain|Isle|Isthmus|Cape|Bank|Bridge|Book|Horn) of (?:the )?$")
_OWNED = re.compile(r"-(?:owned|flagged|registered)\b")
_OF = re.compile(r"\s+of\s+(?:the\s+)?$|\s+for\s+(?:the\s+)?$|\s+in\s+(?:the\s+)?$")


def is_attribute(text: str, start: int, end: int) -> bool:
    """True for a name that only qualifies another ("Iran-backed", "pro-Russian"), which makes it no actor."""
    if _OWNED.match(text, end):
        return False
    if _ADJOINED.match(text, end):
        return True
    if _WATERS.search(text, max(0, start - 16), start):
        return True
    before = text[max(0, start - 7) : start].lower()
    return before.endswith(("anti-", "pro-", "non-", "ex-")) or (before.endswith("-") and text[end : end + 1] == "-")


def institution_nouns(path: Path) -> dict[str, tuple[str, bool]]:
    """Read institution_nouns.txt: noun → (sector, whether a personal name may follow). Raises ValueError."""
    found: dict[str, tuple[str, bool]] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        label, colon, nouns = line.partition(":")
        if not colon:
            raise ValueError(f"{path.name}:{number}: expected 'sector: noun, noun'")
        sector, _, person = label.strip().partition(" ")
        found.update({noun.strip(): (sector, bool(person)) for noun in nouns.split(",") if noun.strip()})
    return found


class Composer:
    """Extends a bare mention over the institution noun that it names, and gives it that institution's sector."""

    def __init__(self, institutions: Mapping[str, tuple[str, bool]]) -> None:
        self._institutions = institutions
        self._longest = max(len(key.split()) for key in institutions)

    def extend(self, text: str, mention: ActorMention, others: Sequence[ActorMention]) -> ActorMention:
        """The mention with the institution noun after or before it; the mention itself if there is none."""
        owned = _OWNED.match(text, mention.end)
        if owned:
            return replace(
                mention, end=owned.end(), text=text[mention.start : owned.end()], sector="BUS", form="adjective"
            )
        led = _LED.match(text, mention.end)
        if led:
            return self._after(text, mention, led.end(), others) or mention
        gap = _GAP.match(text, mention.end)
        if gap and (mention.form == "adjective" or "'" in gap[0] or "’" in gap[0] or text[mention.end - 1] in "S.s"):
            composed = self._after(text, mention, gap.end(), others)
            if composed:
                return composed
        elif gap and mention.form == "name":
            composed = self._institution_at(text, mention, gap.end(), others)
            if composed:
                return composed
        return self._before(text, mention) or mention

    def _after(
        self, text: str, mention: ActorMention, position: int, others: Sequence[ActorMention]
    ) -> ActorMention | None:
        former = False
        for _ in range(4):
            composed = self._institution_at(text, mention, position, others)
            if composed:
                return replace(composed, sector="CVL") if former and composed.sector == "GOV" else composed
            word = _WORD.match(text, position)
            if not word or (word[0] not in _MODIFIERS and word[0].lower() not in _MODIFIERS):
                return None
            former = former or word[0].lower() in _FORMER
            position = word.end() + 1
        return None

    def _institution_at(
        self, text: str, mention: ActorMention, at: int, others: Sequence[ActorMention]
    ) -> ActorMention | None:
        words, ends, position = [], [], at
        for _ in range(self._longest):
            word = _WORD.match(text, position)
            if not word:
                break
            words.append(word[0].removesuffix(".").removesuffix("'s").removesuffix("’s"))
            ends.append(position + len(words[-1]))
            if word[0].endswith("."):
                break
            position = word.end()
            if text[position : position + 1] != " ":
                break
            position += 1
        for count in range(len(words), 0, -1):
            known = self._known(" ".join(words[:count]).lower())
            if known:
                noun, (sector, person) = known
                longer = count == len(words) or not self._goes_on(text, ends[count - 1])
                if not longer:
                    continue
                end = self._name_after(text, ends[count - 1], others) if person else ends[count - 1]
                return replace(
                    mention,
                    end=end,
                    text=text[mention.start : end],
                    sector=sector,
                    form="person" if person and end > ends[count - 1] else "noun",
                    head=_ENVOYS.get(noun, noun.split()[-1]),
                )
        return None

    def _known(self, phrase: str) -> tuple[str, tuple[str, bool]] | None:
        men = phrase.removesuffix("men") + "man" if phrase.endswith("men") else phrase
        for noun in (phrase, phrase.removesuffix("s"), men):
            if noun in self._institutions:
                return noun, self._institutions[noun]
        return None

    def _goes_on(self, text: str, end: int) -> bool:
        """True if the institution noun is itself followed by another that makes it a modifier ("army chief")."""
        word = _WORD.match(text, end + 1) if text[end : end + 1] == " " else None
        return bool(word) and word is not None and self._known(word[0].lower()) is not None and word[0].islower()

    @staticmethod
    def _name_after(text: str, end: int, others: Sequence[ActorMention]) -> int:
        """The end of the personal name that follows a title ("Afghan foreign minister Amir Khan Muttaqi")."""
        position = end
        for _ in range(5):
            word = re.compile(r",?\s(?:[A-Z][\w’'\-.]*|bin|al-[A-Z]\w+|von|van|de|der|ibn|ul)(?=\W|$)").match(
                text, position
            )
            if (
                not word
                or word[0].startswith(",")
                or any(o.start <= word.start() + 1 < o.end and o.form != "person" for o in others)
            ):
                break
            position = word.end()
            if word[0].rstrip().endswith(("’s", "'s")):
                position -= 2
                break
        return position

    def _before(self, text: str, mention: ActorMention) -> ActorMention | None:
        of = _OF.search(text, max(0, mention.start - 12), mention.start)
        if not of or mention.form == "adjective":
            return None
        phrase = text[max(0, of.start() - 45) : of.start()]
        words = phrase.split()
        for count in range(min(self._longest, len(words)), 0, -1):
            noun = " ".join(words[-count:]).strip("“\"'(").lower()
            known = self._known(noun)
            if known:
                name, (sector, person) = known
                if "in" in of[0].split() and sector not in OPPOSED_SECTORS and name.split()[-1] not in _SEATED:
                    return None
                if name.endswith(("strike", "strikes")) or ("for" in of[0].split() and sector == "CVL"):
                    return None
                start = of.start() - len(" ".join(words[-count:]).strip("“\"'("))
                end = self._name_after(text, mention.end, ()) if person else mention.end
                return replace(
                    mention,
                    start=start,
                    end=end,
                    text=text[start:end],
                    sector=sector,
                    form="noun",
                    head=name.split()[-1],
                )
        return None


#: Titles of envoys whose last word doesn't say so.
_ENVOYS = {
    "high commissioner": "ambassador",
    "charge d'affaires": "ambassador",
    "chargé d'affaires": "ambassador",
    "deputy ambassador": "diplomat",
    "consul general": "diplomat",
}
_SEATED = frozenset(
    """
    lawmakers lawmaker senators mps deputies
    junta government regime military rulers ministry parliament leadership leader leaders official officials
    authorities court judge police student students workers worker crowd crowds
    prosecutors prosecutor protesters demonstrators activists residents farmers mob teachers protestors""".split()
)
