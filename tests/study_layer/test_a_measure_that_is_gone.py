"""Results that an earlier version made are checked, also in a measure that is no more."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sim.runs.verify import _differences


def test_a_measure_that_is_gone_is_a_difference() -> None:
    stored = pd.DataFrame({"policy": ["a"], "point": [0], "replication": [0], "delay": [1.0], "lead_time": [3.0]})
    [found] = _differences(0, 0, stored, stored.drop(columns="lead_time"))
    assert (found.policy, found.metric, found.stored) == ("a", "lead_time", 3.0)
    assert np.isnan(found.again)
    assert not found.close
