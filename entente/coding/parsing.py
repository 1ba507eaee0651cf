"""Parsing: a sentence with its mentions → a tree. Actor mentions are parsed as one short word each.

Long names confuse attachment, so each mention is replaced by its head noun or by a name of the same number before the
parse; offsets lead back to the original text.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import spacy
from spacy.language import Language
from spacy.tokens import Doc, Token

from entente.coding.clause_repairs import repair_clauses
from entente.coding.coordination_repairs import repair_coordination
from entente.coding.mentions import Mention
from entente.coding.repairs import repair
from entente.coding.sentences import Sentence
from entente.coding.syntax import Node, Tree, link
from entente.coding.word_class_repairs import repair_word_classes

#: A longer sentence isn't parsed: time and memory grow with the length of one parse.
MAX_TOKENS = 200

_BATCH = 64
_REJOIN = re.compile(r"\b([Cc]ease|[Ww]ar|[Aa]ir|[Pp]ull|[Ss]it)-(fire|fires|games?|strikes?|outs?|ins?)\b")
_AMBIGUOUS = frozenset({"found", "left", "saw", "felt", "lay", "ground", "bound", "wound", "rose", "fell"})
_CLITIC = re.compile(r"(?:['’](?:s|re|ve|ll|d|m)|n['’]t|['’])", re.IGNORECASE)
_ENCLITIC = re.compile(r"(?:['’]s|['’])$")
_AUXILIARY = {"'s": "be", "isn't": "be", "wasn't": "be", "hasn't": "have", "haven't": "have", "doesn't": "do"}
_ADJECTIVE, _NAME = "Iraqi", "China"


def load_pipeline(path: Path) -> Language:
    """Load a spaCy pipeline with UD labels."""
    return spacy.load(path)


class Parser:
    """Turns batches of sentences into trees. Not thread-safe: one a process."""

    def __init__(self, nlp: Language, verbs: frozenset[str], nouns: Iterable[str] = ()) -> None:
        """`verbs`: lemmas that the lexicon knows; `nouns`: its noun phrases; one of several words is parsed as one."""
        nouns = self._nouns = frozenset(nouns)
        phrases = sorted((noun for noun in nouns if " " in noun and " of " not in noun), key=len, reverse=True)
        self._phrases = re.compile(rf"\b({'|'.join(map(re.escape, phrases))})(e?s)?\b") if phrases else None
        self._nlp = nlp
        self._verbs = verbs
        self._lemma_of = _irregular(nlp, verbs) | {
            form: verb for verb in sorted(verbs) for form in (verb, *_forms(verb))
        }

    def parse(self, items: Iterable[tuple[Sentence, Sequence[Mention]]]) -> Iterator[Tree | None]:
        """A tree for each sentence, in order; None for one that is too long to be parsed."""
        pending: list[tuple[Sentence, list[_Piece], Doc, Mention | None]] = []
        order: list[int | None] = []
        for sentence, mentions in items:
            body, speaker = _without_attribution(sentence, mentions)
            pieces = _pieces(body, [m for m in mentions if m.end <= body.end], self._phrases)
            document = self._tokens("".join(piece.text for piece in pieces))
            if len(document) > MAX_TOKENS or not len(document):
                order.append(None)
                continue
            for token in document:
                token.is_sent_start = token.i == 0
            order.append(len(pending))
            pending.append((sentence, pieces, document, speaker))
        parsed = list(self._nlp.pipe((document for _, _, document, _ in pending), batch_size=_BATCH))
        for index in order:
            yield (
                None
                if index is None
                else self._tree(pending[index][0], pending[index][1], parsed[index], pending[index][3])
            )

    def _lemma(self, token: Token, tag: str) -> str:
        form = _ENCLITIC.sub("", token.lower_)
        if tag.startswith("VB"):
            return self._lemma_of.get(form) or _AUXILIARY.get(token.lower_) or str(token.lemma_).lower()
        if tag.startswith("NN") and form.endswith(("us", "ss", "is")):
            return form
        if tag.startswith("NN") and form == token.lower_:
            return str(token.lemma_).lower()
        return form

    def _tokens(self, text: str) -> Doc:
        """Tokens as in the treebank: clitics stay with their word ("Iraq's", "don't")."""
        words: list[str] = []
        spaces: list[bool] = []
        for token in self._nlp.make_doc(text):
            if words and not spaces[-1] and _CLITIC.fullmatch(token.text) and words[-1][-1].isalpha():
                words[-1] += token.text
                spaces[-1] = bool(token.whitespace_)
            else:
                words.append(token.text)
                spaces.append(bool(token.whitespace_))
        return Doc(self._nlp.vocab, words, spaces)

    def _tree(self, sentence: Sentence, pieces: list["_Piece"], document: Doc, speaker: Mention | None) -> Tree:
        nodes, heads, at, offset = [], [], 0, 0
        phrases_at: dict[int, str] = {}
        for token in document:
            while at + 1 < len(pieces) and token.idx >= offset + len(pieces[at].text):
                offset += len(pieces[at].text)
                at += 1
            piece = pieces[at]
            if piece.mention is not None:
                start, end = piece.start, piece.end
            elif piece.literal:
                start = piece.start + token.idx - offset
                end = min(start + len(token), piece.end)
            else:
                start, end = piece.start, piece.end
            tag = token.tag_.split("_")[0]
            nodes.append(
                Node(
                    token.i,
                    token.text,
                    token.lower_,
                    self._lemma(token, tag),
                    tag,
                    token.dep_,
                    start,
                    end,
                    piece.mention if token.idx + len(token) >= offset + len(piece.text.removesuffix("'s")) else None,
                )
            )
            if piece.phrase:
                phrases_at[token.i] = piece.phrase
            heads.append(token.head.i)
        for node in nodes:
            phrase = phrases_at.get(node.index)
            if phrase is not None:
                node.lemma = phrase
            if node.mention is not None and node.mention.form != "pronoun":
                # The word that masked it for the parser is none of the text's.
                node.lower = node.mention.text.lower()
                node.lemma = _singular(node.mention.head) if node.mention.head else node.lower
        link(nodes, heads)
        repair(nodes, self._verbs, self._lemma_of)
        repair_word_classes(nodes, self._nouns)
        repair_clauses(nodes)
        repair_coordination(nodes)
        return Tree(nodes, sentence.field, sentence.start, sentence.end, sentence.text, speaker)


_ATTRIBUTION = re.compile(
    r",[”\"]?\s(?:[^,;:“”\"]{2,90}?\s)?(?:said|says|reported|announced|confirmed|told reporters|added)"
    r"(?:\s(?:on|late|early|in|at|to|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|today|yesterday)\b[^,;:]{0,50})?\.?[”\"]?$"
)


def _without_attribution(sentence: Sentence, mentions: Sequence[Mention]) -> tuple[Sentence, Mention | None]:
    """Cut ", the ministry said." off the end, which confuses the parse: the rest, and who is quoted, if an actor."""
    match = _ATTRIBUTION.search(sentence.text, max(0, len(sentence.text) - 170))
    if match is None or match.start() < 25 or any(m.form == "given" for m in mentions):
        return sentence, None
    cut = sentence.start + match.start()
    quoted = [m for m in mentions if m.start >= cut]
    if any(m.start < cut < m.end for m in mentions):
        return sentence, None
    return replace(sentence, end=cut, text=sentence.text[: match.start()]), quoted[0] if quoted else None


class _Piece:
    """A stretch of what is parsed and the stretch of the document that it stands for."""

    __slots__ = ("end", "literal", "mention", "phrase", "start", "text")

    def __init__(
        self, text: str, start: int, end: int, mention: Mention | None = None, literal: bool = True, phrase: str = ""
    ) -> None:
        self.text, self.start, self.end, self.mention, self.literal = text, start, end, mention, literal
        self.phrase = phrase


def _pieces(sentence: Sentence, mentions: Sequence[Mention], phrases: re.Pattern[str] | None) -> list[_Piece]:
    """Cut a sentence into literal text, masked mentions and joined compounds. Mentions carry document offsets."""
    cuts: list[_Piece] = [
        _Piece(_mask(mention, sentence), mention.start, mention.end, mention, False) for mention in mentions
    ]
    for match in _REJOIN.finditer(sentence.text):
        start, end = match.start() + sentence.start, match.end() + sentence.start
        if not any(piece.start < end and start < piece.end for piece in cuts):
            cuts.append(_Piece(match[1] + match[2], start, end, None, False))
    for match in phrases.finditer(sentence.text) if phrases is not None else ():
        start, end = match.start() + sentence.start, match.end() + sentence.start
        if not any(piece.start < end and start < piece.end for piece in cuts):
            cuts.append(_Piece(match[0].rsplit(None, 1)[-1], start, end, None, False, match[1]))
    pieces: list[_Piece] = []
    position = sentence.start
    for cut in sorted(cuts, key=lambda piece: piece.start):
        if cut.start < position:
            continue
        if cut.start > position:
            pieces.append(_literal(sentence, position, cut.start))
        pieces.append(cut)
        position = cut.end
    if position < sentence.end:
        pieces.append(_literal(sentence, position, sentence.end))
    return pieces


def _literal(sentence: Sentence, start: int, end: int) -> _Piece:
    text = sentence.text[start - sentence.start : end - sentence.start]
    return _Piece(_decapitalised(text) if sentence.title_case else text.replace("\n", " "), start, end)


def _decapitalised(text: str) -> str:
    return re.sub(r"\b[A-Z][a-z'’]+\b", lambda match: match[0].lower(), text)


_DETERMINED = re.compile(
    r"(?:\b(?:the|a|an|its|their|his|her|our|this|that|these|those|any|no|some|all|both|each|every|another|other|many|"
    r"several|two|three|four|five|six|seven|eight|nine|ten|dozens of|new|former|and|or|\d[\d,.]*)|['’]s|['’])\s+$",
    re.IGNORECASE,
)


def _mask(mention: Mention, sentence: Sentence) -> str:
    """One short noun phrase of the mention's number; a name becomes one that the parser knows well."""
    before = sentence.text[max(0, mention.start - sentence.start - 12) : mention.start - sentence.start]
    if mention.form == "pronoun":
        return mention.text
    if mention.form == "adjective":
        return _ADJECTIVE
    if mention.form in ("name", "person") and not mention.plural:
        return _NAME
    noun = _head_word(mention)
    if mention.plural and not noun.endswith("s"):
        noun = ""
    noun = noun or (
        "officials" if mention.plural and mention.form == "given" else "Iraqis" if mention.plural else "minister"
    )
    bare = mention.form not in ("given", "noun") or noun == "Iraqis" or _DETERMINED.search(before)
    return noun if bare else f"the {noun}"


def _head_word(mention: Mention) -> str:
    """The mention's own common noun where it stands last, for it tells the parser most."""
    last = mention.text.rsplit(None, 1)[-1]
    fits = mention.form == "noun" and mention.head.isascii() and last.isalpha()
    return last.lower() if fits and last.lower().startswith(mention.head[:4] or "-") else ""


def _irregular(nlp: Language, verbs: frozenset[str]) -> dict[str, str]:
    """Irregular forms of the verbs that the lexicon knows, from the pipeline's own lemmatizer if it has one."""
    if "lemmatizer" not in nlp.pipe_names:
        return {}
    table = nlp.get_pipe("lemmatizer").lookups.get_table("lemma_exc")["verb"]  # type: ignore[attr-defined]
    return {form: lemmas[0] for form, lemmas in table.items() if lemmas[0] in verbs and form not in _AMBIGUOUS}


def _singular(noun: str) -> str:
    if noun.endswith("ies"):
        return noun[:-3] + "y"
    return noun[:-1] if noun.endswith("s") and not noun.endswith("ss") else noun


def _forms(verb: str) -> Iterator[str]:
    stem = verb[:-1] if verb.endswith("e") else verb
    yield from (stem + "ed", verb + "s", verb + "es")
    if verb.endswith("y"):
        yield from (verb[:-1] + "ied", verb[:-1] + "ies")
    if len(verb) > 2 and verb[-1] in "bdglmnprt" and verb[-2] in "aeiou":
        yield verb + verb[-1] + "ed"
