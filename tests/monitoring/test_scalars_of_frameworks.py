"""Losses of PyTorch and TensorFlow, each in a process of its own."""

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
    """The series that a script has recorded, and what it printed to stderr."""

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


def test_losses_of_pytorch_are_copied_without_their_graphs(series: Series) -> None:
    recorded, stderr = series("torch", TORCH)
    assert recorded["d_loss"].tolist() == [0, 9, 36, 81]
    assert recorded["g_loss"].tolist() == [0, 1, 2, 3]
    assert recorded["half"].tolist() == [0, 9, 36, 81]
    assert recorded["whole"].tolist() == [0, 1, 2, 3]
    assert recorded["inside"].tolist() == [0, 1, 2, 3]
    assert "MonitorWarning" not in stderr


def test_samples_of_pytorch_may_require_gradients_and_vectors_are_refused(series: Series) -> None:
    code = """
monitor = gandiag.Monitor(sys.argv[1], real=torch.arange(9.0)[:, None], every=1)
weight = torch.tensor(2.0, requires_grad=True)
monitor.log(0, d_loss=weight * torch.ones(3), g_loss=weight)
monitor.log_samples(0, fake=weight * torch.ones(5, 1, dtype=torch.float64))
"""
    recorded, stderr = series("torch", code)
    assert recorded["mean"].tolist() == [2]
    assert "d_loss" not in recorded
    assert "it has shape (3,); log its mean" in stderr


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


def test_losses_of_tensorflow_are_copied(series: Series) -> None:
    recorded, stderr = series("tensorflow", TENSORFLOW)
    assert recorded["d_loss"].tolist() == [0, 3, 6]
    assert recorded["g_loss"].tolist() == [0, 1, 2]
    assert recorded["mean"].tolist() == [3, 3, 3]
    assert "MonitorWarning" not in stderr


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
    recorded, stderr = series("tensorflow", code)
    assert stderr.count("log was called while a function was being traced") == 1
    assert recorded["g_loss"].tolist() == [2, 2, 2]
    assert "d_loss" not in recorded


def test_only_the_symbolic_values_of_tensorflow_are_lost(series: Series) -> None:
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
    recorded, stderr = series("tensorflow", code)
    assert recorded["g_loss"].tolist() == [5, 5]
    assert recorded["iteration"].tolist() == [0, 1]
    assert recorded["d_updates"].tolist() == [2, 4]
    assert "words was not recorded" in stderr
    assert "nothing more is recorded" not in stderr
