"""Faults of the samples are as strong as their docstrings say and begin at the onset."""

from __future__ import annotations

import numpy as np
import pytest

from gandiag.selftest.cases import Case

from .faulty_runs import drawn, error_of_mean, final, std_ratio


@pytest.mark.parametrize(
    ("name", "low", "high"),
    [
        ("shrinking-variance", 0.01, 0.1),
        ("mean-image", 0.02, 0.09),
        ("narrow-peak", 0.3, 0.4),
    ],
)
def test_a_narrow_generator_has_the_documented_std(name: str, low: float, high: float) -> None:
    for record, _, at in drawn(name):
        narrow, before = final(std_ratio(record)), float(np.median(std_ratio(record)[at // 2 : at]))
        assert 0.7 * low < narrow < 1.35 * high
        assert before > 0.6


def test_a_late_collapse_ends_at_a_point_or_at_one_mode() -> None:
    for record, truth, at in drawn("late-collapse"):
        assert (truth.onset or 0) >= 0.49 * (record.planned or 0)
        if record.expected.modes:
            assert final(record.columns["modes"]) == 1
            assert final(record.columns["spread_ratio"]) < 0.02
        else:
            assert final(std_ratio(record)) < 0.015
            assert float(np.median(std_ratio(record)[at // 2 : at])) > 0.6


@pytest.mark.parametrize("name", ["few-modes", "lost-modes"])
def test_the_documented_number_of_modes_is_lost(name: str) -> None:
    for record, _, at in drawn(name):
        count, left = len(record.expected.modes), final(record.columns["modes"])
        if name == "few-modes":
            assert 1 <= left <= count / 4
        else:
            assert left == count - {8: 2, 10: 3, 25: 8}[count]
        assert record.columns["modes"][at - 1] == count or at < len(record) / 2


def test_a_duplicated_mode_has_half_of_the_samples_and_no_mode_is_lost() -> None:
    for record, _, _ in drawn("duplicated-mode"):
        shares = record.shares
        assert shares is not None
        assert np.median(shares[-10:].max(axis=1)) == pytest.approx(0.5, abs=0.05)
        assert (shares[-10:].min(axis=1) > 0.1 / shares.shape[1]).all()
        expected = {8: 0.413, 10: 0.511, 25: 0.936}[shares.shape[1]]  # ln K less the entropy
        assert final(record.columns["reverse_kl"]) == pytest.approx(expected, abs=0.15)


def test_rotating_modes_change_every_3_to_10_log_points() -> None:
    for record, _, at in drawn("rotating-modes"):
        shares = record.shares
        assert shares is not None
        which = shares[at:].argmax(axis=1)
        assert (shares[at:].max(axis=1) > 0.99).all()
        jumps = np.flatnonzero(np.diff(which)) + 1
        assert len(jumps) >= 5
        assert set(np.diff(jumps)) <= set(range(3, 11))


@pytest.mark.parametrize(("name", "cycles"), [("limit-cycle", 5), ("growing-oscillation", 4)])
def test_an_oscillation_has_the_documented_amplitude_period_and_cycles(
    name: str, cycles: int
) -> None:
    for record, truth, at in drawn(name):
        swing = error_of_mean(record)[at:] - np.median(error_of_mean(record)[at // 2 : at])
        # The period at which a sine and a cosine explain the swing best.
        periods = np.geomspace(8, 70, 400)
        phases = 2 * np.pi * np.arange(len(swing)) / periods[:, None]
        power = np.abs((np.exp(1j * phases) * swing).sum(axis=1))
        period = periods[power.argmax()]
        assert 9 < period < 65
        assert len(swing) / period > cycles - 0.5
        height = 2 * power.max() / len(swing)
        if name == "limit-cycle":
            assert 0.4 < height < 1.65
        else:
            cycle = int(1.2 * period)
            first, last = np.abs(swing[:cycle]).max(), np.abs(swing[-cycle:]).max()
            assert first < 1.2
            assert last > 1.4 * first
        assert truth.settings["family"] == "line"


def test_d_responds_to_a_wrong_mean_in_two_thirds_of_the_runs() -> None:
    responded = []
    for index in range(40):
        record, truth = Case("wrong-mean", index, "calibrating").draw()
        at = int(np.searchsorted(record.iteration, truth.onset or 0))
        accuracy = record.columns["d_accuracy"]
        responded.append(final(accuracy) - np.median(accuracy[at // 2 : at]) > 0.1)
    assert 0.4 < np.mean(responded) < 0.9
