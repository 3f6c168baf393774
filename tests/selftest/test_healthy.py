"""Healthy runs start far off, approach the data and stay, at any scale, length and cadence."""

from __future__ import annotations

import numpy as np
import pytest

from gandiag.analysis.quality import quality
from gandiag.selftest.cases import HEALTHY, cases
from gandiag.selftest.healthy import LENGTHS
from gandiag.selftest.noise import AUTOCORRELATIONS

COUNT = 60


@pytest.mark.parametrize("name", HEALTHY)
def test_the_samples_of_a_healthy_run_are_bad_at_first_and_good_at_the_end(name: str) -> None:
    for case in cases("calibrating", 20, (name,)):
        record, truth = case.draw()
        samples = quality(record)
        assert samples is not None
        late = record.iteration > max(truth.settled, 0.6 * (record.planned or 0))
        assert np.nanmedian(samples.excess[late]) < samples.good
        assert samples.excess[0] > samples.good


def test_all_lengths_scales_cadences_and_noises_are_drawn() -> None:
    drawn = [case.draw() for case in cases("calibrating", COUNT, ("healthy-line",))]
    facts = [truth.settings for _, truth in drawn]
    assert {fact["points"] for fact in facts} == set(LENGTHS)
    assert {fact["memory"] for fact in facts} == set(AUTOCORRELATIONS)
    assert {fact["heavy"] for fact in facts} == {True, False}
    cadences = [int(fact["cadence"]) for fact in facts]
    assert min(cadences) <= 2
    assert 50 <= max(cadences) <= 100
    scales = [record.expected.std[0] for record, _ in drawn]
    assert min(scales) < 1e-2
    assert max(scales) > 1e2
    assert all(len(record) == truth.settings["points"] for record, truth in drawn)
    assert all(record.planned == record.iteration[-1] for record, _ in drawn)


def test_the_mean_starts_1_to_5_std_off_and_the_std_at_a_thousandth_to_1() -> None:
    for case in cases("calibrating", COUNT, ("healthy-line",)):
        record, _ = case.draw()
        scale = record.expected.std[0]
        off = abs(record.columns["mean"][0] - record.expected.mean[0]) / scale
        assert 0.4 < off < 5.6
        assert 5e-4 < record.columns["std"][0] / scale < 1.8


def test_the_fluctuation_and_bias_after_the_transient_are_as_documented() -> None:
    fluctuations, biases = [], []
    for case in cases("calibrating", COUNT, ("healthy-line",)):
        record, truth = case.draw()
        late = record.iteration > 2 * truth.settled
        off = (record.columns["mean"][late] - record.expected.mean[0]) / record.expected.std[0]
        if len(off) > 100 and not truth.settings["heavy"]:
            fluctuations.append(off.std())
            biases.append(off.mean())
    assert min(fluctuations) > 0.015
    assert max(fluctuations) < 0.1
    assert max(np.abs(biases)) < 0.05 + 0.02 + 4 * 0.08 * np.sqrt(39 / 100)


def test_trends_shift_the_losses_between_the_thirds_of_a_run() -> None:
    def shift(name: str) -> float:
        shifts = []
        for case in cases("calibrating", 40, (name,)):
            record, truth = case.draw()
            late = record.columns["g_loss"][record.iteration > 3 * truth.settled]
            if len(late) > 300:
                thirds = np.array_split(late, 3)
                shifts.append(abs(thirds[2].mean() - thirds[0].mean()))
        return float(np.median(shifts))

    assert shift("healthy-trends") > 2 * shift("healthy-line")
