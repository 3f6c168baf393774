"""The verdict: its order of questions, what it never says, and that it looks at a prefix alone."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gandiag.analysis.names import ALARMS
from gandiag.analysis.record import Expected, Record
from gandiag.analysis.verdict import decide
from gandiag.selftest.cases import cases

NAN, INF = np.nan, np.inf
LINE = Expected(np.array([4.0]), np.array([0.5]), 0.0, 0.0, d_loss=1.386, g_loss=0.693)


def run(n=200, planned=None, cadence=10, seed=0, **columns):
    """A healthy run, but for the columns that are given; None takes one out."""
    rng = np.random.default_rng(seed)
    made = {
        "d_loss": rng.normal(1.386, 0.03, n),
        "g_loss": rng.normal(0.693, 0.03, n),
        "mean": rng.normal(4, 0.02, n),
        "std": rng.normal(0.5, 0.02, n),
        "wasserstein": 0.02 + 0.02 * rng.random(n),
        "wasserstein_floor": np.full(n, 0.02),
    }
    made |= {name: None if v is None else np.asarray(v, float) for name, v in columns.items()}
    held = {name: values for name, values in made.items() if values is not None}
    return Record(np.arange(n) * cadence, held, LINE, planned)


@pytest.mark.parametrize("planned", [None, 1990])
def test_a_run_that_is_well_is_healthy(planned):
    verdict = decide(run(planned=planned))
    assert (verdict.name, verdict.onset, verdict.missing) == ("healthy", 0, "")
    assert verdict.sentence.startswith("healthy from the start: the Wasserstein distance is ")
    (far,) = verdict.evidence
    assert far.value < 1 / 3
    assert far.against == "wasserstein"


@pytest.mark.parametrize(("game", "h"), [("gan", 0.1), ("gan", 0.2), ("wgan", 0.1), ("wgan", 0.2)])
def test_the_simultaneous_dirac_game_diverges_with_growing_amplitude(dirac, game, h):
    slope = 0.5 if game == "gan" else 1.0
    verdict = decide(dirac(game, "simultaneous", round(8 * 2 * math.pi / (slope * h)), h=h))
    assert verdict.name == "diverging"
    assert "oscillates" in verdict.sentence
    assert "growing amplitude" in verdict.sentence
    assert verdict.evidence[0].evidence["growth"] >= 2


@pytest.mark.parametrize(("game", "h"), [("gan", 0.1), ("gan", 0.5), ("wgan", 0.2), ("wgan", 0.5)])
def test_the_alternating_dirac_game_oscillates_at_its_period(dirac, game, h):
    a = h * (0.5 if game == "gan" else 1.0)
    due = 2 * math.pi / math.acos(1 - a * a / 2)
    verdict = decide(dirac(game, "alternating", round(8 * due), h=h))
    assert (verdict.name, verdict.onset) == ("oscillating", 0)
    assert verdict.sentence.startswith("oscillating from the start: mean oscillates with period ")
    assert verdict.evidence[0].evidence["period"] == pytest.approx(due, rel=0.02)


@pytest.mark.parametrize("h", [0.1, 0.2])
def test_the_nonsaturating_dirac_game_oscillates_on_its_limit_cycle(dirac, h):
    verdict = decide(dirac("nsgan", "simultaneous", round(2400 / h), h=h))
    assert verdict.name == "oscillating"
    assert "at constant amplitude" in verdict.sentence
    found = verdict.evidence[0].evidence
    assert found["amplitude"] == pytest.approx(math.sqrt(2 * h), rel=0.02)
    assert found["growth"] < 2


def test_r1_lets_the_dirac_game_end_well(dirac):
    verdict = decide(dirac("gan", "alternating", 1500, r1=0.3))
    assert verdict.name == "healthy"
    assert dirac("gan", "alternating", 1500, r1=0.3).columns["wasserstein"][-1] < 1e-6


MISSING = {
    "no log points": run(0),
    "one": run(1),
    "two": run(2),
    "seven": run(7),
    "a burn-in of unknown length": run(29),
    "planned for much longer than recorded": run(planned=100_000),
    "nothing finite": run(**dict.fromkeys(run().columns, np.full(200, NAN))),
    "nothing recorded": Record(np.arange(200), {}, LINE),
    "losses seen seven times": run(
        wasserstein=None, mean=None, std=None, g_loss=None,
        d_loss=np.where(np.arange(200) % 30 == 1, 1.4, NAN),
    ),
    "restarted iterations": Record(
        np.r_[np.arange(100), np.arange(100)], run().columns, LINE,
        trouble="not enough data: the iterations fall from 99 to 0",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", MISSING)
def test_what_the_record_does_not_say_is_undecided_with_what_is_missing(what):
    verdict = decide(MISSING[what])
    assert (verdict.name, verdict.onset, verdict.evidence) == ("undecided", None, ())
    assert verdict.missing.startswith("not enough data: ")
    assert verdict.sentence == verdict.missing


def test_samples_that_were_not_measured_lately_leave_the_losses():
    seldom = np.where((np.arange(200) % 2 > 0) & (np.arange(200) < 150), 0.03, NAN)
    verdict = decide(run(mean=None, std=None, wasserstein=seldom))
    assert (verdict.name, verdict.onset, verdict.statements[-1]) == (
        "undecided", None, verdict.missing)  # fmt: skip
    assert verdict.statements[0].startswith("the losses show nothing certain")


CONSTANT = {name: np.full(200, float(np.median(v))) for name, v in run().columns.items()}


def test_constant_losses_of_bad_samples_are_dead_and_of_good_ones_at_rest():
    assert decide(run(**CONSTANT)).name == "healthy"
    assert decide(run(**CONSTANT | {"wasserstein": np.full(200, 1.0)})).name == "dead"


def test_gaps_do_not_change_the_verdict():
    rng = np.random.default_rng(1)
    holes = {name: np.where(rng.random(200) < 0.4, NAN, v) for name, v in run().columns.items()}
    assert decide(run(**holes)).name == "healthy"


def test_two_cadences_joined_do_not_change_the_verdict():
    joined = np.r_[np.arange(0, 1000, 100), np.arange(1000, 1190)]
    assert decide(Record(joined, run().columns, LINE)).name == "healthy"


X = np.arange(200)
SWING = 4 + 0.5 * np.sin(2 * np.pi * X / 20)
ORDER = [
    ("diverging", {"d_loss": np.where(X < 150, 1.4, NAN)}),
    ("dead", {"g_weight_norm": np.where(X < 100, X / 50, 2.0)}),
    ("collapsed", {"std": np.full(200, 0.01)}),
    ("oscillating", {"mean": SWING}),
    ("partially-collapsed", {"std": np.full(200, 0.2)}),
    ("off-target", {"wasserstein": np.full(200, 0.5) + 0.01 * np.cos(X * X)}),
    ("healthy", {}),
]


@pytest.mark.parametrize("first", range(len(ORDER) - 1))
def test_the_worse_of_two_troubles_is_the_verdict(first):
    """Every trouble hides those that come after it."""
    name, columns = ORDER[first]
    assert decide(run(**columns)).name == name
    for _, others in ORDER[first + 1 :]:
        if not columns.keys() & others.keys():
            assert decide(run(**columns, **others)).name == name


def test_in_the_burn_in_only_diverging_and_dead_are_judged():
    early = {"planned": 10_000, "n": 150}
    for name, columns in ORDER[:-1]:
        short = {column: values[:150] for column, values in columns.items()}
        if name == "diverging":
            short = {"d_loss": np.where(X[:150] < 120, 1.4, NAN)}
        if name == "dead":  # in good samples a player may rest for a fifth of the length
            short["wasserstein"] = 1 + 0.01 * np.cos(X[:150] ** 2)
        due = name if name in ("diverging", "dead") else "undecided"
        assert decide(run(**early, **short)).name == due


def test_an_improving_run_is_unconverged():
    coming = run(wasserstein=0.5 * (3 - X / 100), planned=1990)
    assert decide(coming).name == "unconverged"
    assert decide(coming).onset is None
    half = decide(run(wasserstein=0.5 + 0.01 * np.cos(X * X), planned=4100))
    assert half.name == "unconverged"


def test_a_good_phase_before_is_reported():
    late = decide(run(std=np.where(X < 120, 0.5, 0.01), wasserstein=np.where(X < 120, 0.03, 0.6)))
    assert late.name == "collapsed"
    assert late.sentence.startswith("collapsed since iteration 1,2")
    assert ", after a good phase: " in late.sentence
    whole = decide(run(std=np.full(200, 0.01), wasserstein=np.full(200, 0.6)))
    assert whole.sentence.startswith("collapsed from the start: ")


def test_alarms_have_an_onset_and_evidence_and_a_sentence_that_names_them():
    for name, columns in ORDER[:-1]:
        verdict = decide(run(**columns))
        assert verdict.name in ALARMS
        assert 0 <= verdict.onset <= 1990
        assert verdict.evidence
        assert verdict.sentence.startswith(f"{name} ")
        assert not verdict.sentence.endswith(".")
        assert "nan" not in verdict.sentence


def test_what_comes_later_does_not_change_an_earlier_verdict():
    """On every kind of simulated run: the prefix of a run, and of the run cut there."""
    for case in cases("calibrating", 1):
        record, _ = case.draw()
        for part in (0.1, 0.3, 0.55, 0.9):
            at = int(part * record.iteration[-1])
            known = record.prefix(at)
            points = len(known)
            rng = np.random.default_rng(points)
            other = {
                name: np.r_[v[:points], rng.normal(size=len(v) - points) * 10.0**9]
                for name, v in record.columns.items()
            }
            went_on = Record(record.iteration, other, record.expected, record.planned)
            with np.errstate(all="ignore"):
                assert repr(decide(went_on.prefix(at))) == repr(decide(known)), (case, part)


NAMES = (
    *("d_loss", "g_loss", "mean", "std", "wasserstein", "wasserstein_floor", "sliced_wasserstein"),
    *("d_grad_norm", "g_grad_norm", "d_weight_norm", "g_weight_norm", "spread", "n_samples"),
    *("mode_share_0", "mode_share_1", "high_quality", "high_quality_floor", "reverse_kl"),
    *("classifier_score", "classifier_score_floor", "mean_0", "std_0", "mean_1", "modes"),
)
TARGETS = (
    Expected(),
    LINE,
    Expected(np.zeros(1), np.zeros(1)),
    Expected(np.zeros(2), np.ones(2), modes=("a", "b"), shares=np.full(2, 0.5),
             share_column="mode_share"),
    Expected(modes=("a", "b"), shares=np.full(2, 0.5)),
    Expected(spread=0.25),
)  # fmt: skip
VALUES = st.floats() | st.sampled_from([NAN, INF, -INF, 0.0, 1.0, 1e-320, 1.7e308])


@st.composite
def records(draw):
    n = draw(st.sampled_from([0, 1, 2, 7, 8, 9, 24, 31, 60]))
    columns = {}
    for name in draw(st.lists(st.sampled_from(NAMES), unique=True, max_size=9)):
        some = draw(st.lists(VALUES, min_size=1, max_size=5))
        rng = np.random.default_rng(draw(st.integers(0, 99)))
        columns[name] = rng.choice(np.array(some), n) if draw(st.booleans()) else np.resize(some, n)
    iteration = np.cumsum(np.resize(draw(st.lists(st.integers(1, 9), min_size=1, max_size=4)), n))
    planned = draw(st.sampled_from([None, 10, 60, 300, 10_000]))
    lost = draw(st.sampled_from([None, None, None, 3]))
    return Record(
        iteration.astype(np.int64), columns, draw(st.sampled_from(TARGETS)), planned, lost
    )


@settings(max_examples=250, suppress_health_check=[HealthCheck.too_slow])
@given(records())
def test_any_floats_get_a_consistent_verdict(record):
    with np.errstate(all="ignore"):
        verdict = decide(record)
    assert (verdict.name == "undecided") == bool(verdict.missing)
    assert (verdict.name in (*ALARMS, "healthy")) == (verdict.onset is not None)
    assert verdict.missing.startswith("not enough data: " if verdict.missing else "")
    if verdict.name == "healthy":
        assert math.isfinite(verdict.evidence[0].value)
