"""Faults of D and G are as strong as their docstrings say and begin at the onset."""

from __future__ import annotations

import numpy as np

from .faulty_runs import constant, drawn, sample_columns


def test_a_frozen_generator_repeats_its_samples_while_d_trains_on() -> None:
    for record, _, at in drawn("frozen-generator"):
        assert constant(record, [*sample_columns(record), "g_weight_norm"], at)
        assert not constant(record, ["g_weight_norm"], at - 2)
        assert len(set(record.columns["d_loss"][at:])) == len(record) - at
        assert (record.columns["g_grad_norm"][at:] > 1e-5).all()


def test_a_dead_generator_has_no_gradient() -> None:
    for record, _, at in drawn("dead-generator"):
        assert constant(record, [*sample_columns(record), "g_weight_norm"], at)
        assert record.columns["g_grad_norm"][at:].max() < 1e-10
        assert record.columns["g_grad_norm"][:at].min() > 1e-5


def test_a_dead_discriminator_is_constant_and_the_samples_freeze_or_drift() -> None:
    drifted = []
    for record, _, at in drawn("dead-discriminator"):
        assert constant(record, ["d_loss", "d_weight_norm", "d_accuracy", "d_grad_norm"], at)
        assert record.columns["d_grad_norm"][-1] == 0
        assert record.columns["d_accuracy"][-1] == 0.5
        assert np.isclose(record.columns["d_loss"][-1], [11.512925, 27.631021, 1.386294]).any()
        drifted.append(not constant(record, sample_columns(record), at))
    assert set(drifted) == {True, False}


def test_nan_persists_and_half_of_the_runs_end_with_it() -> None:
    ends = []
    for record, truth, at in drawn("nan"):
        for name, values in record.columns.items():
            assert np.isnan(values[at:]).all() or name == "n_samples"
        assert np.isfinite(record.columns["d_loss"][1:at]).all()
        ends.append(record.diverged_at is not None)
        assert record.diverged_at in (None, truth.onset)
        assert (record.iteration[-1] == truth.onset) == ends[-1]
    assert set(ends) == {True, False}


def test_a_blow_up_doubles_at_least_twelve_times() -> None:
    for record, _, at in drawn("blow-up"):
        for name, power in (("d_loss", 1.0), ("d_grad_norm", 1.0), ("g_weight_norm", 0.5)):
            values = np.abs(record.columns[name])
            before, last = np.median(values[at - 5 : at]), values[-1]
            least = 0.1 * (2**12 - 1) - 8 if name == "d_loss" else before * 2 ** (12 * power) / 4
            assert last > least
