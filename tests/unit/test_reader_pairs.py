"""Which pairs of parties are classified in which line."""

from entente.coding.reader.pairs import AFTER, BEFORE, FAR, HERE, MAX_PAIRS, NEAR, Mentioned, Party, pairs_of, reach_of

PER, CHL = Party("PER"), Party("CHL")


def test_a_pair_is_looked_at_where_one_of_it_is_named() -> None:
    found = pairs_of([0, 1], {PER: [Mentioned(0, 1, 2)], CHL: [Mentioned(1, 9, 10)]})
    names = {found.names(row) for row in range(len(found.rows))}
    assert names == {(0, PER, CHL), (0, CHL, PER), (1, PER, CHL), (1, CHL, PER)}


def test_a_line_that_names_neither_is_looked_at_right_after_one_that_names_both() -> None:
    parties = {PER: [Mentioned(0, 1, 2)], CHL: [Mentioned(0, 4, 5)]}
    assert {found[0] for found in map(pairs_of([1], parties).names, range(2))} == {1}
    assert not pairs_of([3], parties).rows


def test_a_country_and_its_private_persons_are_no_pair() -> None:
    assert not pairs_of([0], {PER: [Mentioned(0, 1, 2)], Party("PER", True): [Mentioned(0, 4, 5)]}).rows


def test_the_reach_tells_how_far_a_mention_is() -> None:
    assert [reach_of(5, line) for line in (5, 4, 3, 2, 1, 6)] == [HERE, BEFORE, NEAR, NEAR, FAR, AFTER]


def test_a_long_list_of_parties_is_not_looked_at() -> None:
    parties = {Party(f"X{i}"): [Mentioned(0, i, i + 1)] for i in range(60)}
    assert len(pairs_of([0], parties).rows) <= MAX_PAIRS
