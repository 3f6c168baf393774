"""Records from rows: what is expected of every kind of data, and rows that are no series."""

from __future__ import annotations

import math

import numpy as np
import pytest

from gandiag.analysis.verdict import decide
from gandiag.diagnosis.records import expected_of, number, record_of
from gandiag.experiment.loading import read_experiment
from gandiag.experiment.recorded import Recorded
from gandiag.measure.rows import sample_rows

LOOP = Recorded(name="loop", iterations=100)


def rows(*iterations, **more):
    return [{"phase": "train", "iteration": k, "d_loss": 1.0} | more for k in iterations]


def test_a_record_holds_the_game_and_nothing_but_its_series():
    pretraining = [{"phase": "pretrain", "iteration": k, "d_loss": 9.0} for k in (0, 10, 20)]
    known = {"seed": 3, "backend": "loop", "run": "a", "point": ""}
    record = record_of([*pretraining, *rows(0, 10, 20, **known)], LOOP)
    assert record.iteration.tolist() == [0, 10, 20]
    assert dict(record.columns).keys() == {"d_loss"}
    assert record.columns["d_loss"].tolist() == [1.0] * 3
    assert (record.planned, record.diverged_at, record.trouble) == (100, None, "")


def test_a_column_that_a_row_lacks_is_nan_there():
    record = record_of([*rows(0), *rows(10, mean=2.0), *rows(20, mean=None)], LOOP)
    np.testing.assert_array_equal(record.columns["mean"], [math.nan, 2.0, math.nan])


@pytest.mark.parametrize("value", ["a word", "", None, [1.0], {"a": 1}, "1.5"])
def test_what_is_no_number_is_none(value):
    assert math.isnan(number(value))
    record = record_of(rows(0, 10, note=value), LOOP)
    assert np.isnan(record.columns["note"]).all()


@pytest.mark.parametrize("value", [1, 1.5, True, math.inf, 10**30])
def test_what_is_a_number_is_that(value):
    assert number(value) == float(value)


@pytest.mark.parametrize("again", [[0, 10, 20], [20, 30], [40, 0, 10]])
def test_restarted_iterations_are_not_one_series(again):
    record = record_of(rows(0, 10, 20, *again), LOOP)
    verdict = decide(record)
    assert verdict.name == "undecided"
    due = again if again[0] < 40 else again[1:]
    before = 40 if again[0] == 40 else 20
    assert verdict.missing.startswith(
        f"not enough data: the iterations fall from {before} to {due[0]}, "
    )


def test_nothing_recorded_is_an_empty_record():
    assert len(record_of([], LOOP)) == 0
    assert decide(record_of([], LOOP)).missing.endswith(
        "0 of the 8 log points that a verdict needs"
    )
    assert decide(record_of([], LOOP, diverged_at=7)).name == "diverging"


def test_a_line_is_expected_to_be_the_data():
    expected = expected_of(read_experiment("devnag-1d"))
    assert (expected.mean.tolist(), expected.std.tolist()) == ([4.0], [1.25])
    assert (expected.skew, expected.kurtosis) == (0.0, 0.0)
    assert expected.d_loss == pytest.approx(2 * math.log(2))


def test_a_point_has_no_width():
    expected = expected_of(read_experiment("dirac"))
    assert expected.std.tolist() == [0.0]


@pytest.mark.parametrize(("preset", "modes"), [("ring8", 8), ("grid25", 25)])
def test_of_a_mixture_modes_and_moments_are_those_of_its_samples(preset, modes):
    experiment = read_experiment(preset)
    expected = expected_of(experiment)
    assert len(expected.modes) == len(set(expected.modes)) == modes
    assert expected.shares.sum() == pytest.approx(1)
    rng = np.random.default_rng(0)
    data = experiment.data
    drawn = data.centres[rng.integers(modes, size=200_000)]
    drawn = drawn + data.std * rng.normal(size=drawn.shape)
    np.testing.assert_allclose(expected.mean, drawn.mean(axis=0), atol=0.03)
    np.testing.assert_allclose(expected.std, drawn.std(axis=0), rtol=0.01)


def test_of_a_loop_real_samples_are_what_their_floors_say():
    line = rows(0, 10, mean=2.0, mean_floor=4.0, std_floor=0.5, spread_floor=0.7)
    expected = record_of(line, LOOP).expected
    assert (expected.mean.tolist(), expected.std.tolist(), expected.spread) == ([4.0], [0.5], 0.7)
    plane = rows(0, mean_0_floor=1.0, mean_1_floor=2.0, std_0_floor=3.0, std_1_floor=4.0)
    assert record_of(plane, LOOP).expected.mean.tolist() == [1.0, 2.0]
    assert record_of(plane, LOOP).expected.std.tolist() == [3.0, 4.0]
    assert len(record_of(rows(0, mean_floor=4.0), LOOP).expected.mean) == 0
    assert len(record_of(rows(0), LOOP).expected.mean) == 0


def test_the_first_floors_count_so_that_what_comes_later_changes_nothing():
    told = [*rows(0), *rows(10, mean_floor=4.0, std_floor=0.5), *rows(20, mean_floor=9.0,
            std_floor=9.0)]  # fmt: skip
    assert record_of(told, LOOP).expected.mean.tolist() == [4.0]


@pytest.fixture(params=[("file", "uniform"), ("function", "uniform"), ("file", "stratified")])
def own_data(request, tmp_path, monkeypatch):
    """An experiment on a user's own data: a line of two peaks with a gap, of std 3.

    The samples of the last one are stratified, so that no errors are recorded.
    """
    monkeypatch.chdir(tmp_path)
    source, latent = request.param
    if source == "file":
        np.save("mine.npy", two_peaks(np.random.default_rng(5), 4000))
        data = {"kind": "array", "path": "mine.npy"}
    else:
        text = (
            "import numpy as np\ndef draw(rng, n):\n"
            "    return (3 * rng.choice([-1, 1], n) + 0.2 * rng.normal(size=n))[:, None]\n"
        )
        (tmp_path / "mine.py").write_text(text)
        data = {"kind": "function", "function": "mine.py:draw"}
    settings = {"data": data, "schedule.iterations": 1000, "success": []}
    if latent == "stratified":
        settings["latent"] = {"kind": "line", "low": -1.0, "high": 1.0}
    return read_experiment("devnag-1d", settings)


def two_peaks(rng, n):
    return (3 * rng.choice([-1, 1], n) + 0.2 * rng.normal(size=n))[:, None]


def planted(experiment, draw):
    """The rows of a run whose samples are drawn from a law, next to balanced losses."""
    rng = np.random.default_rng(7)
    found = []
    for k in range(41):
        (measured,) = sample_rows(experiment, draw(rng, 500).T[None], thorough=True)
        losses = {"d_loss": 1.38 + 0.02 * rng.normal(), "g_loss": 0.7 + 0.02 * rng.normal()}
        found.append({"phase": "train", "iteration": 25 * k} | losses | measured)
    return found


@pytest.mark.parametrize(
    ("law", "verdict"),
    [
        (two_peaks, "healthy"),
        (lambda rng, n: two_peaks(rng, n) + 3.0, "off-target"),
        (lambda rng, n: two_peaks(rng, n) * 0.05, "collapsed"),
    ],
)
def test_on_data_of_the_users_own_a_sweep_comes_to_a_verdict(own_data, law, verdict):
    record = record_of(planted(own_data, law), own_data).ended()
    # In normal scores, in which the data have mean 0 and standard deviation 1.
    assert record.expected.mean == pytest.approx([0.0])
    assert record.expected.std == pytest.approx([1.0], abs=0.01)
    assert decide(record).name == verdict


def test_a_record_knows_whether_its_run_was_planned():
    assert record_of(rows(0), Recorded(name="loop")).planned is None
