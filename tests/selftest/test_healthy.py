"""Healthy runs begin far off, come near and stay, at any scale, length and cadence."""

from __future__ import annotations

import numpy as np
import pytest

from gandiag.analysis.quality import quality
from gandiag.selftest.cases import NULLS, Case, cases
from gandiag.selftest.healthy import LENGTHS
from gandiag.selftest.noise import MEMORIES

MANY = 60


@pytest.mark.parametrize("name", NULLS)
def test_the_samples_of_a_healthy_run_are_good_at_last_and_were_not_at_first(name: str) -> None:
    for case in cases("calibrating", 20, (name,)):
        record, truth = case.draw()
        found = quality(record)
        assert found is not None
        late = record.iteration > max(truth.settled, 0.6 * (record.planned or 0))
        assert np.nanmedian(found.excess[late]) < found.good
        assert found.excess[0] > found.good


def test_lengths_scales_cadences_and_noises_are_all_met() -> None:
    drawn = [case.draw() for case in cases("calibrating", MANY, ("healthy-line",))]
    facts = [truth.facts for _, truth in drawn]
    assert {fact["points"] for fact in facts} == set(LENGTHS)
    assert {fact["memory"] for fact in facts} == set(MEMORIES)
    assert {fact["heavy"] for fact in facts} == {True, False}
    cadences = [int(fact["cadence"]) for fact in facts]
    assert min(cadences) <= 2
    assert 50 <= max(cadences) <= 100
    scales = [record.expected.std[0] for record, _ in drawn]
    assert min(scales) < 1e-2
    assert max(scales) > 1e2
    assert all(len(record) == truth.facts["points"] for record, truth in drawn)
    assert all(record.planned == record.iteration[-1] for record, _ in drawn)


def test_the_mean_begins_one_to_five_deviations_off_and_the_spread_a_thousandth_to_all() -> None:
    for case in cases("calibrating", MANY, ("healthy-line",)):
        record, _ = case.draw()
        scale = record.expected.std[0]
        off = abs(record.columns["mean"][0] - record.expected.mean[0]) / scale
        assert 0.4 < off < 5.6
        assert 5e-4 < record.columns["std"][0] / scale < 1.8


def test_what_is_left_after_the_transient_is_the_wander_it_says() -> None:
    wanders, biases = [], []
    for case in cases("calibrating", MANY, ("healthy-line",)):
        record, truth = case.draw()
        late = record.iteration > 2 * truth.settled
        off = (record.columns["mean"][late] - record.expected.mean[0]) / record.expected.std[0]
        if len(off) > 100 and not truth.facts["heavy"]:
            wanders.append(off.std())
            biases.append(off.mean())
    assert min(wanders) > 0.015
    assert max(wanders) < 0.1
    assert max(np.abs(biases)) < 0.05 + 0.02 + 4 * 0.08 * np.sqrt(39 / 100)


def test_modes_read_what_their_shares_say() -> None:
    record, _ = Case("healthy-modes", 0, "calibrating").draw()
    shares, k = record.shares, len(record.expected.modes)
    assert shares is not None
    known = np.isfinite(shares).all(axis=1)
    assert shares[known].sum(axis=1) == pytest.approx(np.ones(known.sum()))
    logs = np.log(np.where(shares > 0, shares * k, 1.0))
    assert record.columns["reverse_kl"][known] == pytest.approx((shares * logs).sum(axis=1)[known])
    assert (record.columns["modes"] == (shares > 0).sum(axis=1)).all()
    on = record.columns["high_quality"] * 2500
    assert record.columns["reverse_kl_floor"] == pytest.approx((k - 1) / (2 * on))


def test_a_window_of_losses_holds_its_mean_and_its_last() -> None:
    for case in cases("calibrating", 10, ("healthy-features",)):
        columns = case.draw()[0].columns
        for name in ("d_loss", "g_loss"):
            assert np.isnan(columns[name][0])
            low, high = columns[f"{name}_min"][1:], columns[f"{name}_max"][1:]
            for held in (columns[name][1:], columns[f"{name}_last"][1:]):
                assert (low <= held).all()
                assert (held <= high).all()


def test_trends_move_losses_or_samples_from_one_half_to_the_other() -> None:
    def moved(name: str) -> float:
        shifts = []
        for case in cases("calibrating", 40, (name,)):
            record, truth = case.draw()
            late = record.columns["g_loss"][record.iteration > 3 * truth.settled]
            if len(late) > 300:
                thirds = np.array_split(late, 3)
                shifts.append(abs(thirds[2].mean() - thirds[0].mean()))
        return float(np.median(shifts))

    assert moved("healthy-trends") > 2 * moved("healthy-line")
