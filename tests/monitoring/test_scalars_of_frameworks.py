"""Losses as PyTorch and TensorFlow hand them over, each in a process of its own."""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from subprocess import CompletedProcess

import pandas as pd
import pytest

import gandiag

Run = Callable[..., CompletedProcess[str]]

pytestmark = pytest.mark.framework


@pytest.fixture
def series(tmp_path: Path, run: Run) -> Callable[[str, str], tuple[pd.DataFrame, str]]:
    """What a script has recorded, and what it said."""

    def of(framework: str, code: str) -> tuple[pd.DataFrame, str]:
        if find_spec(framework) is None:
            pytest.skip(f"{framework} is not installed")
        home = str(tmp_path / "gan")
        lines = ["import sys, gandiag", f"import {framework} as tf, {framework} as torch", code]
        done = run("-c", "\n".join(lines), home, module=False, TF_CPP_MIN_LOG_LEVEL="3")
        assert done.returncode == 0, done.stderr
        return gandiag.load(home).series, done.stderr

    return of


Series = Callable[[str, str], tuple[pd.DataFrame, str]]

TORCH = """
monitor = gandiag.Monitor(sys.argv[1], every=1)
weight = torch.tensor(3.0, requires_grad=True)
running = torch.zeros(())
for step in range(4):
    loss = (weight * step) ** 2
    running += step
    monitor.log(step, d_loss=loss, g_loss=running, half=loss.to(torch.bfloat16),
                whole=torch.tensor(step), inside=torch.full((1, 1), float(step)))
    loss.backward()  # the graph is still there
    del loss
    running.zero_()
"""


def test_pytorchs_losses_are_copied_and_their_graphs_let_go(series: Series) -> None:
    found, said = series("torch", TORCH)
    assert found["d_loss"].tolist() == [0, 9, 36, 81]
    assert found["g_loss"].tolist() == [0, 1, 2, 3]
    assert found["half"].tolist() == [0, 9, 36, 81]
    assert found["whole"].tolist() == [0, 1, 2, 3]
    assert found["inside"].tolist() == [0, 1, 2, 3]
    assert "MonitorWarning" not in said


def test_pytorchs_samples_may_need_gradients_and_vectors_are_refused(series: Series) -> None:
    code = """
monitor = gandiag.Monitor(sys.argv[1], real=torch.arange(9.0)[:, None], every=1)
weight = torch.tensor(2.0, requires_grad=True)
monitor.log(0, d_loss=weight * torch.ones(3), g_loss=weight)
monitor.log_samples(0, fake=weight * torch.ones(5, 1, dtype=torch.float64))
"""
    found, said = series("torch", code)
    assert found["mean"].tolist() == [2]
    assert "d_loss" not in found
    assert "it has shape (3,); log its mean" in said


TENSORFLOW = """
monitor = gandiag.Monitor(sys.argv[1], real=tf.random.normal((99, 1)), every=1)
weight, running = tf.Variable(3.0), tf.Variable(0.0)
for step in range(3):
    with tf.GradientTape() as tape:
        loss = weight * step
        monitor.log(step, d_loss=loss, g_loss=running)
    running.assign_add(1.0)
    monitor.log_samples(step, fake=weight * tf.ones((5, 1)))
"""


def test_tensorflows_losses_are_copied(series: Series) -> None:
    found, said = series("tensorflow", TENSORFLOW)
    assert found["d_loss"].tolist() == [0, 3, 6]
    assert found["g_loss"].tolist() == [0, 1, 2]
    assert found["mean"].tolist() == [3, 3, 3]
    assert "MonitorWarning" not in said


def test_a_call_while_a_function_is_traced_warns_and_records_nothing(series: Series) -> None:
    code = """
monitor = gandiag.Monitor(sys.argv[1], every=1)
@tf.function
def train(x):
    monitor.log(0, d_loss=x)
    return x * 2
for step in range(3):
    loss = train(tf.constant(1.0))
    monitor.log(step, g_loss=loss)
"""
    found, said = series("tensorflow", code)
    assert said.count("log was called while a function was being traced") == 1
    assert found["g_loss"].tolist() == [2, 2, 2]
    assert "d_loss" not in found


def test_variables_and_symbols_of_tensorflow_cost_themselves_only(series: Series) -> None:
    code = """
import keras
monitor = gandiag.Monitor(sys.argv[1], every=1)
count, mine = tf.Variable(0), keras.Variable(5.0)
@tf.function
def train(x):
    monitor.log(0, d_loss=None, g_loss=count, penalty=mine)
    monitor.log(0, d_loss=None, g_loss=x)
    monitor.log(x, d_loss=1.0)
    return x * 2
for step in range(2):
    train(tf.constant(1.0))
    monitor.log(count, g_loss=mine, words=tf.constant("a"), d_updates=tf.constant(2))
    count.assign_add(1)
"""
    found, said = series("tensorflow", code)
    assert found["g_loss"].tolist() == [5, 5]
    assert found["iteration"].tolist() == [0, 1]
    assert found["d_updates"].tolist() == [2, 4]
    assert "words was not recorded" in said
    assert "nothing more is recorded" not in said
