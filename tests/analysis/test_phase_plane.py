"""The position of the players in standard deviations of the data, and who leads."""

from __future__ import annotations

import numpy as np
import pytest

from gandiag.analysis.phase_plane import advantage, lead, offsets, unit
from gandiag.analysis.record import Expected, Record

AT = np.arange(50)


def test_offsets_are_in_standard_deviations_over_the_axes():
    plane = Expected(np.array([1.0, -1.0]), np.array([3.0, 1.0]))
    columns = {"mean_0": np.full(50, 1.0 + np.sqrt(5)), "mean_1": np.full(50, -1.0)}
    assert unit(Record(AT, columns, plane))[0] == pytest.approx(np.sqrt(5))
    assert offsets(Record(AT, columns, plane)) == pytest.approx(np.array([[1.0] * 50, [0.0] * 50]))


def test_a_point_of_data_has_its_own_unit():
    point = Expected(np.zeros(1), np.zeros(1))
    assert unit(Record(AT, {}, point)) == (1.0, "")


def test_the_advantage_is_the_difference_of_answers_else_of_the_loss_from_equilibrium():
    loss = {"d_loss": np.full(50, 1.0)}
    answers = {"d_real": np.full(50, 0.8), "d_fake": np.full(50, 0.3)}
    assert advantage(Record(AT, loss | answers))[0] == pytest.approx(0.5)
    assert advantage(Record(AT, loss, Expected(d_loss=1.4)))[0] == pytest.approx(0.4)
    assert np.isnan(advantage(Record(AT, loss))).all()


def test_a_rotation_leads_by_its_direction():
    angle = 2 * np.pi * AT / 25
    distance, gradient = np.cos(angle), np.sin(angle)
    assert lead(distance, gradient * distance) < -0.9
    assert lead(distance, -gradient * distance) > 0.9
    assert lead(np.ones(50), gradient) == 0.0
