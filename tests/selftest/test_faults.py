"""Every fault is as strong as its docstring says, begins at its onset and not before."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from gandiag.analysis.record import Record, Series
from gandiag.selftest.cases import Case, Truth, cases
from gandiag.selftest.faults import FAULTS

MANY = 12

Drawn = tuple[Record, Truth, int]


def drawn(name: str) -> Iterator[Drawn]:
    """Records of a fault, their truth and the log point of the onset."""
    for case in cases("calibrating", MANY, (name,)):
        record, truth = case.draw()
        yield record, truth, int(np.searchsorted(record.iteration, truth.onset or 0))


def ratio(record: Record) -> Series:
    """The samples' standard deviation over the data's."""
    if record.expected.spread:
        return record.columns["spread"] / record.expected.spread
    return record.columns["std"] / record.expected.std[0]


def off(record: Record) -> Series:
    """The distance of the mean, or where it was not measured of the law, in deviations."""
    if record.expected.spread:
        return record.columns["sliced_wasserstein"] / record.expected.spread
    return (record.columns["mean"] - record.expected.mean[0]) / record.expected.std[0]


def late(values: Series) -> float:
    """The median of the last tenth; of short runs of the last six log points."""
    return float(np.median(values[-max(6, len(values) // 10) :]))


def of_samples(record: Record) -> list[str]:
    return [
        name for name in record.columns if not name.startswith(("d_", "g_")) and name != "n_samples"
    ]


def still(record: Record, names: list[str], at: int) -> bool:
    return all(len(set(record.columns[name][at:].tolist())) == 1 for name in names)


def test_every_fault_says_how_strong_it_is() -> None:
    assert all(len(fault.strength) > 40 for fault in FAULTS.values())


def test_a_frozen_generator_makes_the_same_samples_and_d_goes_on() -> None:
    for record, _, at in drawn("frozen-generator"):
        assert still(record, [*of_samples(record), "g_weight_norm"], at)
        assert not still(record, ["g_weight_norm"], at - 2)
        assert len(set(record.columns["d_loss"][at:])) == len(record) - at
        assert (record.columns["g_grad_norm"][at:] > 1e-5).all()


def test_a_dead_generator_has_no_gradient() -> None:
    for record, _, at in drawn("dead-generator"):
        assert still(record, [*of_samples(record), "g_weight_norm"], at)
        assert record.columns["g_grad_norm"][at:].max() < 1e-10
        assert record.columns["g_grad_norm"][:at].min() > 1e-5


def test_a_dead_discriminator_is_stuck_and_its_samples_stay_or_drift() -> None:
    drifted = []
    for record, _, at in drawn("dead-discriminator"):
        assert still(record, ["d_loss", "d_weight_norm", "d_accuracy", "d_grad_norm"], at)
        assert record.columns["d_grad_norm"][-1] == 0
        assert record.columns["d_accuracy"][-1] == 0.5
        assert np.isclose(record.columns["d_loss"][-1], [11.512925, 27.631021, 1.386294]).any()
        drifted.append(not still(record, of_samples(record), at))
    assert set(drifted) == {True, False}


def test_what_is_not_a_number_stays_so_and_half_of_the_runs_end_there() -> None:
    ends = []
    for record, truth, at in drawn("nan"):
        for name, values in record.columns.items():
            assert np.isnan(values[at:]).all() or name == "n_samples"
        assert np.isfinite(record.columns["d_loss"][1:at]).all()
        ends.append(record.diverged_at is not None)
        assert record.diverged_at in (None, truth.onset)
        assert (record.iteration[-1] == truth.onset) == ends[-1]
    assert set(ends) == {True, False}


def test_a_blow_up_doubles_twelve_times_at_least() -> None:
    for record, _, at in drawn("blow-up"):
        for name, power in (("d_loss", 1.0), ("d_grad_norm", 1.0), ("g_weight_norm", 0.5)):
            values = np.abs(record.columns[name])
            before, last = np.median(values[at - 5 : at]), values[-1]
            least = 0.1 * (2**12 - 1) - 8 if name == "d_loss" else before * 2 ** (12 * power) / 4
            assert last > least


@pytest.mark.parametrize(
    ("name", "low", "high"),
    [
        ("shrinking-variance", 0.01, 0.1),
        ("mean-image", 0.02, 0.09),
        ("narrow-peak", 0.3, 0.4),
    ],
)
def test_a_narrowed_law_is_as_narrow_as_it_says(name: str, low: float, high: float) -> None:
    for record, _, at in drawn(name):
        narrow, before = late(ratio(record)), float(np.median(ratio(record)[at // 2 : at]))
        assert 0.7 * low < narrow < 1.35 * high
        assert before > 0.6


def test_a_late_collapse_is_to_a_point_or_to_one_mode() -> None:
    for record, truth, at in drawn("late-collapse"):
        assert (truth.onset or 0) >= 0.49 * (record.planned or 0)
        if record.expected.modes:
            assert late(record.columns["modes"]) == 1
            assert late(record.columns["spread_ratio"]) < 0.02
        else:
            assert late(ratio(record)) < 0.015
            assert float(np.median(ratio(record)[at // 2 : at])) > 0.6


@pytest.mark.parametrize("name", ["few-modes", "lost-modes"])
def test_so_many_modes_are_lost(name: str) -> None:
    for record, _, at in drawn(name):
        count, held = len(record.expected.modes), late(record.columns["modes"])
        if name == "few-modes":
            assert 1 <= held <= count / 4
        else:
            assert held == count - {8: 2, 10: 3, 25: 8}[count]
        assert record.columns["modes"][at - 1] == count or at < len(record) / 2


def test_a_duplicated_mode_has_half_of_the_samples_and_no_mode_is_lost() -> None:
    for record, _, _ in drawn("duplicated-mode"):
        shares = record.shares
        assert shares is not None
        assert np.median(shares[-10:].max(axis=1)) == pytest.approx(0.5, abs=0.05)
        assert (shares[-10:].min(axis=1) > 0.1 / shares.shape[1]).all()
        even = {8: 0.413, 10: 0.511, 25: 0.936}[shares.shape[1]]  # ln K less the entropy
        assert late(record.columns["reverse_kl"]) == pytest.approx(even, abs=0.15)


def test_rotating_modes_are_one_at_a_time_and_another_every_3_to_10_log_points() -> None:
    for record, _, at in drawn("rotating-modes"):
        shares = record.shares
        assert shares is not None
        which = shares[at:].argmax(axis=1)
        assert (shares[at:].max(axis=1) > 0.99).all()
        jumps = np.flatnonzero(np.diff(which)) + 1
        assert len(jumps) >= 5
        assert set(np.diff(jumps)) <= set(range(3, 11))


@pytest.mark.parametrize(("name", "cycles"), [("limit-cycle", 5), ("growing-oscillation", 4)])
def test_an_oscillation_has_its_height_its_period_and_its_cycles(name: str, cycles: int) -> None:
    for record, truth, at in drawn(name):
        swing = off(record)[at:] - np.median(off(record)[at // 2 : at])
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
        assert truth.facts["family"] == "line"


@pytest.mark.parametrize(
    ("name", "low", "high"),
    [
        ("wrong-mean", 0.6, 3.0),
        ("overpowering-discriminator", 1.0, 2.5),
        ("blind-discriminator", 2.0, 2.8),
    ],
)
def test_a_wrong_mean_is_so_far_off_and_stays(name: str, low: float, high: float) -> None:
    for record, _, at in drawn(name):
        away = np.abs(off(record))
        assert low - 0.25 < late(away) < high + 0.25
        assert np.median(away[at // 2 : at]) < 0.5
        assert np.median(away[at + len(away) // 12 :]) == pytest.approx(late(away), abs=0.3)


def test_an_overpowering_d_is_right_and_leaves_no_gradient() -> None:
    for record, _, at in drawn("overpowering-discriminator"):
        assert 0.98 <= late(record.columns["d_accuracy"]) < 1
        before = np.median(record.columns["g_grad_norm"][at // 2 : at])
        assert late(record.columns["g_grad_norm"]) < 3e-4 * before


def test_a_blind_d_guesses() -> None:
    for record, _, at in drawn("blind-discriminator"):
        settled = record.columns["d_accuracy"][at + len(record) // 40 + 1 :]
        assert np.abs(settled - 0.5).max() < 0.0201


def test_a_misleading_loss_falls_while_the_samples_leave() -> None:
    for record, _, at in drawn("misleading-loss"):
        loss = record.columns["g_loss"]
        assert late(loss) < np.median(loss[at - 10 : at]) - 0.1
        assert abs(late(off(record))) > 0.7


def test_a_loss_spikes_and_comes_back() -> None:
    for record, _, at in drawn("loss-spike"):
        heights, left = [], []
        for name in ("d_loss", "g_loss"):
            loss = record.columns[name] / np.nanmedian(np.abs(record.columns[name]))
            heights.append(loss[at] - loss[at - 1])
            left.append(abs(loss[at + 60] - loss[at - 1]))
        spiked = int(np.argmax(heights))
        assert 2.5 < heights[spiked] < 11.5
        assert left[spiked] < 0.5


def test_a_d_that_answers_gets_better_and_one_in_three_does_not() -> None:
    moved = []
    for index in range(40):
        record, truth = Case("wrong-mean", index, "calibrating").draw()
        at = int(np.searchsorted(record.iteration, truth.onset or 0))
        accuracy = record.columns["d_accuracy"]
        moved.append(late(accuracy) - np.median(accuracy[at // 2 : at]) > 0.1)
    assert 0.4 < np.mean(moved) < 0.9
