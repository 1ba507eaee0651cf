"""The second reader: its word pieces, its answers, and how it and the frames settle an act."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entente.bootstrap.container import Container
from entente.bootstrap.seeds import load_codebook, seed_directory
from entente.bootstrap.settings import Settings
from entente.coding.coder import BUNDLED_READER
from entente.coding.second_opinions import RULE, Trust
from entente.coding.second_reader import NOTHING, SecondReader
from entente.coding.word_pieces import MARKS, MAX_PIECES, MarkedPair, WordPieces
from entente.services.articles import Document, GivenActor

VOCABULARY = (BUNDLED_READER / "vocabulary.txt").read_text(encoding="utf-8").splitlines()


@pytest.fixture(scope="module")
def pieces() -> WordPieces:
    return WordPieces(BUNDLED_READER / "vocabulary.txt")


@pytest.fixture(scope="module")
def reader() -> SecondReader:
    return SecondReader(BUNDLED_READER)


@pytest.fixture(scope="module")
def alone() -> Container:
    return Container(Settings.from_env({"ENTENTE_SECOND_READER": "off"}))


@pytest.fixture(scope="module")
def together() -> Container:
    return Container(Settings.from_env({}))


def pair(source: str, between: str, target: str, rest: str = ".") -> MarkedPair:
    text = source + between + target + rest
    start = len(source + between)
    return MarkedPair(text, (0, len(source)), (start, start + len(target)))


def document(marked: MarkedPair) -> Document:
    actors = [GivenActor(*marked.source, "S"), GivenActor(*marked.target, "T")]
    return Document(marked.text, None, date(2024, 5, 1), actors)


def test_a_pair_is_split_into_the_pieces_of_its_words_with_the_marks_around_the_actors(pieces: WordPieces) -> None:
    ids = pieces.ids(pair("Pérou", " unmasked ", "Spain"))

    named = [VOCABULARY[id] for id in ids]
    assert named == [
        *("[CLS]", "[unused1]", "per", "##ou", "[unused2]", "unmasked" if "unmasked" in VOCABULARY else "un"),
        *(() if "unmasked" in VOCABULARY else ("##mas", "##ked")),
        *("[unused3]", "spain", "[unused4]", ".", "[SEP]"),
    ]


def test_an_actor_within_the_other_is_marked_within_it(pieces: WordPieces) -> None:
    ids = pieces.ids(MarkedPair("Iraqi fighters fled.", (0, 14), (0, 5)))

    marks = [VOCABULARY[id] for id in ids if VOCABULARY[id] in MARKS]
    assert marks == ["[unused1]", "[unused3]", "[unused4]", "[unused2]"]


@given(before=st.text(max_size=700), between=st.text(max_size=60), after=st.text(max_size=700))
def test_of_any_text_a_bounded_stretch_around_both_actors_is_read(
    pieces: WordPieces, before: str, between: str, after: str
) -> None:
    start = len(before)
    text = f"{before}Chad{between}Mali{after}"
    marked = MarkedPair(text, (start, start + 4), (start + 4 + len(between), start + 8 + len(between)))

    ids = pieces.ids(marked)

    assert len(ids) <= MAX_PIECES
    assert {VOCABULARY[id] for id in ids} >= set(MARKS)


def test_the_answer_is_a_probability_of_every_root_and_of_nothing(reader: SecondReader) -> None:
    answer = reader.read(pair("Chile", " expelled two diplomats of ", "Peru"))

    assert set(answer) == {*load_codebook().roots, NOTHING}
    assert sum(answer.values()) == pytest.approx(1)
    assert max(answer, key=answer.__getitem__) == "SANCTION"


def test_who_acts_is_told_apart_from_whom_it_is_done_to(reader: SecondReader) -> None:
    forth = pair("Chile", " has bombed a port of ", "Peru")
    back = MarkedPair(forth.text, forth.target, forth.source)

    assert reader.read(forth)["ASSAULT"] > reader.read(back)["ASSAULT"]


def test_every_root_becomes_an_act_of_that_root_that_moves_no_facet() -> None:
    codebook = load_codebook()
    trust = Trust.load(seed_directory() / "frames" / "second_reader.toml")

    assert set(trust.act_of) == set(codebook.roots)
    for root, act in trust.act_of.items():
        assert codebook.codes(act, "effective").root == root
        assert codebook.effects(act, "effective") == ()


def test_where_the_frames_find_nothing_the_reader_names_an_act_between_given_actors(
    alone: Container, together: Container
) -> None:
    asked = document(pair("Zambia", " is giving cash grants and maize to ", "flood victims in Malawi"))
    strange = document(pair("Nairobi's mayor", " gave short shrift to ", "a petition by hawkers"))

    found = [e for e in together.coder.code(strange).events if e.source.entity == "S"]

    assert together.codebook.codes(found[0].act, found[0].status).root == "REJECT"
    assert [e.act for e in alone.coder.code(asked).events] == [e.act for e in together.coder.code(asked).events]


def test_an_answer_does_not_depend_on_the_sentences_around_it(together: Container) -> None:
    sentence = "Kenya snubbed Somalia at the summit."
    more = " ".join(["Chile condemned Peru for its tariffs, which Lima had announced a week before."] * 20)

    first = together.coder.code(Document(sentence, None, date(2024, 5, 1))).events
    amid = together.coder.code(Document(f"{sentence}\n\n{more}", None, date(2024, 5, 1))).events

    assert [e for e in amid if e.source.entity == "KEN"] == list(first)


def test_the_explanation_says_where_the_reader_overruled_the_frames(together: Container) -> None:
    text = document(pair("London", " struck a bargain with ", "Dublin", " on the border."))

    explained = together.coder.explain(text)  # type: ignore[attr-defined]

    rules = [decided.rule for sentence in explained.sentences for decided in sentence.events]
    assert any(rule.startswith(RULE) for rule in rules)
