"""Modes and classes that a user knows: what is recorded of them, and the verdict on it."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest

import gandiag
from gandiag.diagnosis.records import record_of
from gandiag.diagnosis.runs import diagnose_runs
from gandiag.errors import UsageError
from gandiag.experiment.loading import read_experiment
from gandiag.experiment.recorded import Recorded
from gandiag.measure.rows import sample_rows
from gandiag.metrics import density_coverage, mode_coverage

ANGLES = 2 * np.pi * np.arange(8) / 8
RING = 2 * np.stack([np.cos(ANGLES), np.sin(ANGLES)], 1)
STD = 0.05


def on_ring(rng, n, modes=range(8), shares=None):
    which = rng.choice(list(modes), n, p=shares)
    return RING[which] + STD * rng.normal(size=(n, 2))


def played(monitor, draw, steps=30, n=500):
    """Records samples of a law beside losses at their balance; the final verdict."""
    rng = np.random.default_rng(4)
    for step in range(steps):
        monitor.log(step, d_loss=1.38 + 0.02 * rng.normal(), g_loss=0.69 + 0.02 * rng.normal())
        monitor.log_samples(step, fake=draw(rng, n))
    monitor.close()
    return monitor.verdict


def monitor(directory=None, **known):
    return gandiag.Monitor(directory, every=1, iterations=30, **known)


LAWS = [
    (on_ring, "healthy"),
    (partial(on_ring, modes=[0, 2, 3, 4, 6, 7]), "partially-collapsed"),
    (partial(on_ring, modes=range(4)), "partially-collapsed"),
    (partial(on_ring, modes=[1, 5]), "collapsed"),
    (lambda rng, n: rng.uniform(-2, 2, size=(n, 2)), "off-target"),
]


@pytest.mark.parametrize(("law", "verdict"), LAWS)
@pytest.mark.parametrize("real", [None, on_ring(np.random.default_rng(1), 2000)])
def test_known_modes_are_judged_whether_or_not_there_are_real_samples(law, verdict, real):
    assert played(monitor(modes=RING, std=STD, real=real), law).name == verdict


@pytest.mark.parametrize(("law", "verdict"), LAWS)
def test_the_users_own_use_of_the_metric_counts_as_much(law, verdict):
    metric = partial(mode_coverage, centres=RING, std=STD)
    real = on_ring(np.random.default_rng(1), 2000)
    assert played(monitor(real=real, metrics={"modes": metric}), law).name == verdict


def test_the_columns_are_those_of_a_preset_of_the_same_data():
    ring8 = read_experiment("ring8")
    known = monitor(modes=ring8.data.centres, std=ring8.data.std)
    rng = np.random.default_rng(0)
    fake = ring8.data.centres[rng.integers(5, size=500)] + 0.02 * rng.normal(size=(500, 2))
    known.log_samples(0, fake=fake)
    (row,) = sample_rows(ring8, fake.T[None].astype(np.float32), thorough=True)
    ours = known.series().iloc[0].to_dict()
    for name in ("modes", "modes_robust", "high_quality", "reverse_kl", "mode_share_3"):
        for part in ("", "_se", "_floor"):
            assert ours[name + part] == pytest.approx(row[name + part], rel=1e-5), name + part


def test_a_mode_with_the_share_that_was_said_is_none_that_is_lost():
    shares = [0.02, 0.14, 0.14, 0.14, 0.14, 0.14, 0.14, 0.14]
    uneven = partial(on_ring, shares=shares)
    assert played(monitor(modes=RING, std=STD, shares=shares), uneven, n=2000).name == "healthy"
    known = monitor(modes=RING, std=STD)
    played(known, uneven, n=2000)
    assert known.verdict.name != "undecided"


def test_the_store_says_the_same_as_the_loop(tmp_path):
    known = monitor(tmp_path / "ring", modes=RING, std=STD)
    live = played(known, partial(on_ring, modes=range(4)))
    (run,) = diagnose_runs(gandiag.load(tmp_path / "ring"))
    assert run.diagnosis.verdict.name == live.name == "partially-collapsed"
    assert run.record.expected.modes == tuple(f"mode {k}" for k in range(8))
    assert run.diagnosis.verdict.onset == live.onset
    assert "missing: mode 4, mode 5, mode 6, mode 7" in str(live)


def test_a_resumed_run_keeps_its_modes(tmp_path):
    def part(begin, end, existing):
        rng = np.random.default_rng(begin)
        with monitor(tmp_path, modes=RING, std=STD, existing=existing) as known:
            for step in range(begin, end):
                known.log(
                    step, d_loss=1.38 + 0.02 * rng.normal(), g_loss=0.69 + 0.02 * rng.normal()
                )
                known.log_samples(step, fake=on_ring(rng, 500, modes=range(5)))
        return known.verdict

    part(0, 15, "refuse")
    assert part(15, 30, "continue").name == "partially-collapsed"


def pictures(rng, n, shares=None):
    """Vectors whose largest of four blocks is their class, the first three equally often."""
    which = rng.choice(4, n, p=shares)
    values = 0.3 * rng.normal(size=(n, 4, 16))
    values[np.arange(n), which] += 1.0
    return values.reshape(n, 8, 8), which


def brightest(samples):
    return samples.reshape(len(samples), 4, 16).mean(axis=2)  # scores [n, K]


SHARES = [0.4, 0.3, 0.2, 0.1]


@pytest.mark.parametrize("labelled", [False, True])
@pytest.mark.parametrize(
    ("shares", "verdict"),
    [(SHARES, "healthy"), ([0.6, 0.4, 0, 0], "partially-collapsed"), ([1, 0, 0, 0], "collapsed")],
)
def test_classes_that_a_classifier_no_longer_finds_are_told(labelled, shares, verdict):
    real, classes = pictures(np.random.default_rng(1), 2000, SHARES)
    known = monitor(real=real, classifier=brightest, labels=classes if labelled else None)
    final = played(known, lambda rng, n: pictures(rng, n, shares)[0])
    assert final.name == verdict
    if verdict == "partially-collapsed":
        assert "missing: class 2, class 3" in str(final)


def test_the_shares_of_classes_are_recorded_with_those_of_the_data():
    real, classes = pictures(np.random.default_rng(1), 1000, SHARES)
    known = monitor(real=real, classifier=lambda x: brightest(x).argmax(1), labels=classes)
    fake, of_fake = pictures(np.random.default_rng(2), 500)
    known.log_samples(0, fake=fake)
    row = known.series().iloc[0]
    counts = np.bincount(of_fake, minlength=4) / 500
    assert [row[f"class_share_{k}"] for k in range(4)] == pytest.approx(counts)
    expected = (np.bincount(classes, minlength=4) + 0.5) / 1002
    assert [row[f"class_share_{k}_floor"] for k in range(4)] == pytest.approx(expected)


def test_a_classifier_that_fails_later_is_a_problem_and_no_exception(tmp_path):
    known = monitor(tmp_path, classifier=lambda x: np.zeros(3), classes=4)
    with pytest.warns(UserWarning, match="the classifier must return the class"):
        known.log_samples(0, fake=np.zeros((10, 2)) + np.arange(2))
    assert known.series()["mean_1"][0] == 1.0


@pytest.mark.parametrize(
    ("known", "message"),
    [
        ({"modes": RING}, "modes need std="),
        ({"std": 1.0}, "pass modes="),
        ({"modes": RING, "std": -1.0}, "std must be positive"),
        ({"modes": RING[:1], "std": 1.0}, "two centres or more"),
        ({"modes": RING, "std": 0.1, "shares": [1, 2]}, "8 positive numbers"),
        ({"modes": RING, "std": 0.1, "classifier": brightest}, "not both"),
        ({"classifier": brightest}, "say how many classes"),
        ({"classes": 4}, "need modes= or classifier="),
        ({"labels": [0, 1]}, "labels need classifier="),
        ({"classifier": brightest, "labels": [0.5, 1.0]}, "class of every real sample"),
        ({"classifier": brightest, "labels": [0, 3], "classes": 2}, "class 3, counted from 0"),
        ({"real": np.ones((5, 3)), "classifier": lambda x: 1 / 0}, "the classifier failed"),
    ],
)
def test_what_does_not_fit_together_is_refused(known, message):
    with pytest.raises(UsageError, match=message):
        monitor(**known)


def test_coverage_and_recall_of_the_users_own_count():
    real = np.random.default_rng(1).normal(size=(600, 3))

    def measured(real, fake):
        return density_coverage(real=real, fake=fake)

    def narrow(rng, n):
        fake = rng.normal(size=(n, 3))
        fake[:, 0] = np.abs(fake[:, 0]) * 0.4 + 0.6  # less than half of the axis is reached
        return fake

    good = lambda rng, n: rng.normal(size=(n, 3))  # noqa: E731
    assert played(monitor(real=real, metrics={"dc": measured}), good, n=600).name == "healthy"


def test_an_old_store_reads_as_before():
    rows = [{"phase": "train", "iteration": k, "d_loss": 1.0, "modes": 3.0} for k in range(20)]
    assert record_of(rows, Recorded(name="loop")).expected.modes == ()


@pytest.mark.parametrize(("n", "verdict"), [(40, "undecided"), (400, "healthy")])
def test_too_few_samples_for_the_modes_are_undecided(n: int, verdict: str) -> None:
    angle = 2 * np.pi * np.arange(12) / 12
    centres = 2 * np.stack([np.cos(angle), np.sin(angle)], 1)
    rng = np.random.default_rng(0)
    monitor = gandiag.Monitor(None, modes=centres, std=0.05, every=10, iterations=400)
    for step in range(0, 400, 10):
        monitor.log(step, d_loss=1.386 + rng.normal() / 50, g_loss=0.693 + rng.normal() / 50)
        fake = centres[rng.integers(12, size=n)] + 0.05 * rng.normal(size=(n, 2))
        monitor.log_samples(step, fake=fake)
    monitor.close()
    assert monitor.verdict.name == verdict
