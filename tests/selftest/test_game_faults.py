"""Faults of the game are as strong as their docstrings say and begin at the onset."""

from __future__ import annotations

import numpy as np

from .faulty_runs import drawn, error_of_mean, final


def test_an_overpowering_d_has_high_accuracy_and_g_no_gradient() -> None:
    for record, _, at in drawn("overpowering-discriminator"):
        assert 0.98 <= final(record.columns["d_accuracy"]) < 1
        before = np.median(record.columns["g_grad_norm"][at // 2 : at])
        assert final(record.columns["g_grad_norm"]) < 3e-4 * before


def test_a_blind_d_has_accuracy_one_half() -> None:
    for record, _, at in drawn("blind-discriminator"):
        settled = record.columns["d_accuracy"][at + len(record) // 40 + 1 :]
        assert np.abs(settled - 0.5).max() < 0.0201


def test_a_misleading_loss_falls_while_the_samples_move_away() -> None:
    for record, _, at in drawn("misleading-loss"):
        loss = record.columns["g_loss"]
        assert final(loss) < np.median(loss[at - 10 : at]) - 0.1
        assert abs(final(error_of_mean(record))) > 0.7


def test_a_loss_spike_returns_to_the_level_before() -> None:
    for record, _, at in drawn("loss-spike"):
        heights, left = [], []
        for name in ("d_loss", "g_loss"):
            loss = record.columns[name] / np.nanmedian(np.abs(record.columns[name]))
            heights.append(loss[at] - loss[at - 1])
            left.append(abs(loss[at + 60] - loss[at - 1]))
        spiked = int(np.argmax(heights))
        assert 2.5 < heights[spiked] < 11.5
        assert left[spiked] < 0.5
