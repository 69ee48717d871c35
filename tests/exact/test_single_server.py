"""One person, one stage, first come first served: the textbook queue comes out of the real world."""

from __future__ import annotations

import pytest

from tests.exact import formulas
from tests.exact.estimates import controlled, wait
from tests.exact.neighbours import one_server
from tests.exact.scenarios import FCFS, textbook


def test_one_server() -> None:
    found = controlled(textbook(1, 0.8, horizon=12_000), FCFS, 20, wait, one_server(0.8, 1.0))
    assert found.agrees(formulas.wait_mmc(1, 0.8, 1.0)), found
    assert not found.holds(formulas.wait_mmc(1, 0.81, 1.0)), "a neighbouring rate"
    assert not found.holds(formulas.wait_mg1(0.8, 1.0, 1.0 + 0.8)), "nearly exponential is not exponential"


@pytest.mark.parametrize("sigma", [0.3, 0.6])
def test_general_service_pollaczek_khinchine(sigma: float) -> None:
    moment = formulas.lognormal_second_moment(1.0, sigma)
    scenario = textbook(1, 0.7, sigma=sigma, horizon=6_000)
    found = controlled(scenario, FCFS, 16, wait, one_server(0.7, 1.0, moment), (1.0, moment))
    assert found.agrees(formulas.wait_mg1(0.7, 1.0, moment)), found
    assert not found.holds(formulas.wait_mg1(0.7, 1.0, formulas.lognormal_second_moment(1.0, sigma + 0.2)))
    assert not found.holds(formulas.wait_mg1(0.7, 1.0, 1.0)), "as if all work were equal"
