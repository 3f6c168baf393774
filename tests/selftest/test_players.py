"""The columns of D and G in simulated runs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from gandiag.selftest.cases import cases
from gandiag.selftest.healthy import healthy_run
from gandiag.selftest.noise import Noise
from gandiag.selftest.players import with_response


def test_mean_and_last_loss_of_a_window_lie_between_its_minimum_and_maximum() -> None:
    for case in cases("calibrating", 10, ("healthy-features",)):
        columns = case.draw()[0].columns
        for name in ("d_loss", "g_loss"):
            assert np.isnan(columns[name][0])
            low, high = columns[f"{name}_min"][1:], columns[f"{name}_max"][1:]
            for values in (columns[name][1:], columns[f"{name}_last"][1:]):
                assert (low <= values).all()
                assert (values <= high).all()


def test_players_respond_to_worse_samples_from_the_onset_on_only() -> None:
    run = healthy_run(np.random.default_rng(0), "line", Noise(0.5, heavy_tailed=False), 200)
    worse = np.arange(200) >= 100
    shifted = replace(run, offset=run.offset + 3.0 * worse)
    responses = [with_response(np.random.default_rng(seed), shifted, 100) for seed in range(20)]
    changes = [each.players["d_accuracy"] - run.players["d_accuracy"] for each in responses]
    assert not any(change[:100].any() for change in changes)
    assert {bool((change[100:] > 0.1).all()) for change in changes} == {True, False}
    unchanged = with_response(np.random.default_rng(0), run, 100).players["d_loss"]
    np.testing.assert_allclose(unchanged[1:100], run.players["d_loss"][1:100], rtol=0)
