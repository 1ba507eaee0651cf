"""Calibration of the network's probabilities, from observed frequencies."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entente.coding.calibration import Calibration, Calibrations

TABLE = Calibration([0.2, 0.6, 1.0], [0.1, 0.7, 0.95])


@given(claimed=st.floats(0, 1))
def test_a_confidence_is_a_probability_above_nothing(claimed: float) -> None:
    assert 0 < TABLE.of(claimed) <= 1


@given(one=st.floats(0, 1), other=st.floats(0, 1))
def test_the_surer_claim_is_never_the_less_sure_event(one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert TABLE.of(low) <= TABLE.of(high)


def test_between_two_steps_it_is_interpolated() -> None:
    assert TABLE.of(0.4) == pytest.approx(0.4)


@pytest.mark.parametrize(
    ("claimed", "right"),
    [([], []), ([0.5], [0.5, 0.6]), ([0.6, 0.5], [0.1, 0.2]), ([0.0, 0.5], [0.1, 0.2]), ([0.5], [1.2])],
)
def test_a_table_that_does_not_rise_within_bounds_is_refused(claimed: list[float], right: list[float]) -> None:
    with pytest.raises(ValueError, match="calibration"):
        Calibration(claimed, right)


@pytest.mark.parametrize(
    ("moves", "status", "further", "right"),
    [
        (True, "effective", False, 0.9),
        (True, "ongoing", False, 0.9),
        (True, "ongoing", True, 0.8),
        (True, "announced", False, 0.7),
        (True, "threatened", True, 0.7),
        (True, "alleged", False, 0.5),
        (False, "effective", True, 0.5),
        (False, "announced", False, 0.5),
    ],
)
def test_acts_done_further_ones_acts_to_come_and_others_are_read_by_scales_of_their_own(
    moves: bool, status: str, further: bool, right: float
) -> None:
    table = {"movers": 0.9, "further": 0.8, "plans": 0.7, "others": 0.5}
    found = Calibrations.of({name: {"claimed": [1.0], "right": [value]} for name, value in table.items()})
    assert found.read(1.0, moves, status, further) == right
