"""Faults of the losses are as strong as their docstrings say."""

from __future__ import annotations

import numpy as np

from gandiag.analysis.quality import quality

from .faulty_runs import drawn, error_of_mean, final


def test_swapped_labels_leave_both_losses_near_0_and_the_mean_wrong() -> None:
    for record, _, at in drawn("swapped-labels"):
        for name in ("d_loss", "g_loss"):
            loss = record.columns[name]
            assert 5e-5 < final(loss) / np.median(loss[:at]) < 2e-2
        assert abs(final(error_of_mean(record))) > 1.7


def test_an_unseen_equilibrium_is_that_of_both_losses_and_of_nothing_else() -> None:
    for record, _, at in drawn("unseen-equilibrium"):
        assert quality(record) is None
        for loss, due in (("d_loss", record.expected.d_loss), ("g_loss", record.expected.g_loss)):
            assert abs(final(record.columns[loss]) / (due or 1.0) - 1) < 0.02
            assert abs(np.median(record.columns[loss][:at]) / (due or 1.0) - 1) > 0.35


def test_an_unseen_runaway_ends_far_below_its_start() -> None:
    for record, _, at in drawn("unseen-runaway"):
        assert quality(record) is None
        loss = record.columns["d_loss"]
        assert 15 < loss[-1] / np.median(loss[:at]) < 250
