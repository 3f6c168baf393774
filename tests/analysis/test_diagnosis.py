"""All that is said of a run: episodes in order, oscillations along the way, and a whole story."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gandiag.analysis.diagnosis import diagnose, episodes
from gandiag.analysis.record import Expected, Record
from gandiag.analysis.verdict import decide
from gandiag.selftest.cases import cases

NAN, INF = np.nan, np.inf
LN2 = math.log(2)
LINE = Expected(np.array([4.0]), np.array([0.5]), 0.0, 0.0, d_loss=2 * LN2, g_loss=LN2)
X = np.arange(300)


def run(planned=None, seed=0, **columns):
    """A healthy run, but for the columns that are given."""
    rng = np.random.default_rng(seed)
    made = {
        "d_loss": rng.normal(2 * LN2, 0.03, 300),
        "g_loss": rng.normal(LN2, 0.03, 300),
        "mean": rng.normal(4, 0.02, 300),
        "std": rng.normal(0.5, 0.02, 300),
        "wasserstein": 0.02 + 0.02 * rng.random(300),
    }
    made |= {name: np.asarray(values, float) for name, values in columns.items()}
    return Record(X * 10, made, LINE, planned)


def test_a_healthy_run_has_no_episodes_and_its_verdict_as_it_is():
    found = diagnose(run())
    assert found.episodes == ()
    assert found.verdict == decide(run())
    assert found.verdict.name == "healthy"


def test_episodes_are_ordered_by_their_starts():
    late = run(std=np.where((X > 200) & (X < 240), 0.05, 0.5), d_loss=np.where(X < 270, 1.4, NAN))
    assert [each.kind for each in episodes(late)] == ["collapse", "non-finite"]
    assert decide(late).name == "diverging"


def test_an_oscillation_that_has_ended_is_an_episode():
    swing = 4 + np.where(X < 170, 0.5 * np.sin(2 * np.pi * X / 15), 0)
    (found,) = [each for each in episodes(run(mean=swing)) if each.kind == "oscillation"]
    assert (found.series, found.recovered) == ("mean", True)
    assert found.start <= 100
    assert found.evidence["period"] == pytest.approx(150, rel=0.02)
    assert decide(run(mean=swing)).name == "healthy"


def test_an_ongoing_oscillation_is_one_episode_since_its_beginning():
    swing = 4 + 0.5 * np.sin(2 * np.pi * X / 15)
    (found,) = [each for each in episodes(run(mean=swing)) if each.kind == "oscillation"]
    assert (found.recovered, found.end) == (False, 2990)
    assert found.start <= 100


def test_a_narrow_start_that_widens_is_how_every_generator_begins():
    narrow = run(planned=2990, std=np.where(X < 40, 0.05, 0.5))
    assert [each for each in episodes(narrow) if each.kind == "collapse"] == []
    later = run(planned=2990, std=np.where((X > 90) & (X < 140), 0.05, 0.5))
    assert [each.kind for each in episodes(later)] == ["collapse"]


def test_losses_at_equilibrium_while_the_samples_are_wrong_are_part_of_the_story():
    rng = np.random.default_rng(3)
    wrong = run(mean=rng.normal(5, 0.02, 300), wasserstein=1 + 0.02 * rng.random(300))
    found = diagnose(wrong)
    assert found.verdict.name == "off-target"
    assert "the losses do not show it" in found.verdict.sentence
    assert "the mean is off by +2 standard deviations" in found.verdict.sentence
    assert found.verdict.sentence.startswith(decide(wrong).sentence)
    assert len(found.verdict.evidence) > len(decide(wrong).evidence)


def findings(diagnosis):
    """All findings of a diagnosis beside its verdict."""
    moments, losses = diagnosis.moments, vars(diagnosis.losses)
    return [*moments.deviations, moments.failing, *losses.values(), *diagnosis.dynamics.values()]


def selected(diagnosis):
    """What a diagnosis selects and orders, without any text."""
    verdict = diagnosis.verdict
    return repr((
        (verdict.name, verdict.onset, len(verdict.reasons)),
        [(each.value, each.n, each.interval, dict(each.evidence)) for each in verdict.evidence],
        [(each.kind, each.start, each.first) for each in verdict.episodes],
        verdict.episode is not None and verdict.episode.kind,
        [(each.kind, each.start, each.end, each.first) for each in diagnosis.episodes],
        [each.value for each in findings(diagnosis)],
    ))  # fmt: skip


def test_no_selection_and_no_order_depends_on_a_text(without_text):
    records = [case.draw()[0] for case in cases("calibrating", 1)]
    with np.errstate(all="ignore"):
        before = [selected(diagnose(record)) for record in records]
        without_text()
        muted = [diagnose(record) for record in records]
    assert {each.sentence for one in muted for each in one.verdict.evidence} >= {"x"}
    assert [selected(each) for each in muted] == before


def test_a_verdict_cites_its_episodes_as_they_are_in_the_diagnosis():
    found = diagnose(run(std=np.where(X > 150, 0.01, 0.5), wasserstein=np.where(X > 150, 0.6, 0)))
    assert found.verdict.name == "collapsed"
    assert found.verdict.episode is found.verdict.episodes[0]
    assert found.verdict.episode in found.episodes
    assert found.verdict.episode.first != "unknown"


def test_what_is_not_known_is_reported_as_not_enough_data():
    nothing = diagnose(Record(np.empty(0, np.int64), {}, LINE))
    assert nothing.verdict.name == "undecided"
    assert nothing.episodes == nothing.divergence == ()
    for finding in findings(nothing):
        assert math.isnan(finding.value)
        assert finding.sentence.startswith("not enough data: ")


def test_rows_that_are_no_series_have_no_episodes():
    trouble = "not enough data: the iterations fall"
    torn = Record(np.r_[X[:150], X[:150]], run(d_loss=X * NAN).columns, LINE, trouble=trouble)
    with np.errstate(all="ignore"):
        found = diagnose(torn)
    assert (found.verdict.name, found.verdict.missing) == ("undecided", trouble)
    assert found.episodes == ()


def test_every_kind_of_simulated_run_has_a_story():
    """Whatever is wrong, the diagnosis keeps the verdict, and its episodes lie in the record."""
    for case in cases("calibrating", 1):
        record, _ = case.draw()
        with np.errstate(all="ignore"):
            found, name = diagnose(record), decide(record).name
        assert found.verdict.name == name
        for each in found.episodes:
            assert each.start <= each.peak <= each.end <= max(record.iteration[-1], each.start)
            assert not each.sentence.endswith(".")
        starts = [each.start for each in found.episodes]
        assert starts == sorted(starts)


NAMES = (
    *("d_loss", "g_loss", "mean", "std", "wasserstein", "wasserstein_se", "sliced_wasserstein"),
    *("d_grad_norm", "g_grad_norm", "d_weight_norm", "d_accuracy", "d_real", "d_fake", "spread"),
    *("mode_share_0", "mode_share_1", "high_quality", "high_quality_floor", "n_samples"),
    *("g_l2", "g_cross_entropy", "d_l2", "d_cross_entropy", "mean_0", "mean_1", "std_0", "std_1"),
    *("skew", "kurtosis", "mean_se", "reverse_kl", "modes", "modes_floor", "modes_se"),
)
TARGETS = (
    LINE,
    Expected(np.zeros(1), np.zeros(1), d_loss=0.0),
    Expected(np.zeros(2), np.ones(2), modes=("a", "b"), shares=np.full(2, 0.5),
             share_column="mode_share", d_loss=math.log(4)),
    Expected(modes=("a", "b"), shares=np.full(2, 0.5)),
    Expected(spread=0.25),
)  # fmt: skip
KINDS = (
    lambda rng, n: rng.normal(size=n),
    lambda rng, n: np.full(n, rng.choice([0.0, 1.0, NAN, INF, 1e200, 1e-320])),
    lambda rng, n: rng.choice([NAN, INF, -INF, 0.0, 1.0, -1e308, 1e-9], n),
    lambda rng, n: np.sin(np.arange(n) * rng.uniform(0.05, 1.5)) * 10.0 ** rng.integers(-3, 4),
    lambda rng, n: np.exp(np.arange(n) * rng.uniform(-0.1, 0.3)),
    lambda rng, n: np.where(rng.random(n) < 0.9, rng.uniform(size=n), rng.choice([NAN, INF])),
    lambda rng, n: np.where(np.arange(n) < n // 2, rng.uniform(size=n), rng.choice([NAN, 0, 1])),
)


@settings(max_examples=120, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.integers(0, 2**32), st.sampled_from([0, 1, 2, 5, 9, 24, 31, 60, 120]),
    st.sampled_from(TARGETS), st.sampled_from([None, 50, 600, 10**5]),
    st.lists(st.sampled_from(NAMES), unique=True, max_size=len(NAMES)),
)  # fmt: skip
def test_any_record_is_diagnosed_without_an_error_or_a_warning(seed, n, target, planned, names):
    rng = np.random.default_rng(seed)
    columns = {name: np.array(KINDS[rng.integers(len(KINDS))](rng, n), float) for name in names}
    record = Record(np.cumsum(rng.integers(1, 20, n)), columns, target, planned)
    with np.errstate(all="ignore"):
        found = diagnose(record)
        assert found.verdict.name == decide(record).name
        assert found.episodes == episodes(record) or "nan" in repr(found.episodes)
