"""Collapse: points, narrow peaks, the k-of-K table of dropped modes, and what is none."""

from __future__ import annotations

import math

import numpy as np
import pytest

from gandiag.analysis.collapse import collapses, diversity, lost_modes
from gandiag.analysis.record import Expected, Record
from gandiag.analysis.verdict import decide

NAN = np.nan
LINE = Expected(np.array([4.0]), np.array([0.5]))
N = 2500
"""Samples a log point."""


def on_a_line(std, planned=None):
    std = np.asarray(std, float)
    columns = {"mean": np.full(len(std), 4.0), "std": std, "wasserstein": np.abs(std - 0.5)}
    losses = np.linspace(0.7, 0.71, len(std))
    columns |= {"d_loss": 2 * losses, "g_loss": losses}
    return Record(np.arange(len(std)) * 10, columns, LINE, planned)


def of_modes(held, modes, points=60, n=N, clean=0.95, seed=0):
    """Modes on a ring, of which the first are held evenly: counted samples and their moments."""
    rng = np.random.default_rng(seed)
    angle = 2 * np.pi * np.arange(modes) / modes
    centres = 2 * np.stack([np.cos(angle), np.sin(angle)], 1)
    law = np.where(np.arange(modes) < held, clean / held, 0)
    counts = rng.multinomial(n, np.append(law, 1 - clean), points)[:, :modes]
    shares = counts / counts.sum(axis=1, keepdims=True)
    columns = {f"mode_share_{k}": shares[:, k] for k in range(modes)}
    for axis in range(2):
        middle = shares @ centres[:, axis]
        columns[f"mean_{axis}"] = middle
        columns[f"std_{axis}"] = np.sqrt(shares @ centres[:, axis] ** 2 - middle**2 + 1e-4)
    with np.errstate(all="ignore"):
        divergence = np.nansum(shares * np.log(shares * modes), axis=1)
    columns |= {"reverse_kl": divergence, "n_samples": np.full(points, float(n))}
    columns |= {"high_quality": np.full(points, clean), "high_quality_floor": np.full(points, 0.99)}
    columns |= {"g_loss": rng.normal(0.7, 0.05, points), "d_loss": rng.normal(1.4, 0.05, points)}
    target = Expected(
        centres.mean(axis=0),
        np.sqrt(centres.var(axis=0) + 1e-4),
        modes=tuple(f"mode {k}" for k in range(modes)),
        shares=np.full(modes, 1 / modes),
        share_column="mode_share",
    )
    return Record(np.arange(points) * 100, columns, target)


@pytest.mark.parametrize("modes", [8, 25])
def test_the_table_of_dropped_modes(modes):
    """Of k of K: less than half are a collapse, one lost is a partial one, all are healthy."""
    for held in range(1, modes + 1):
        run = of_modes(held, modes)
        verdict, found = decide(run), diversity(run)
        assert (found.held == held).all()
        np.testing.assert_allclose(found.divergence, math.log(modes / held), atol=0.03)
        if held == modes:
            assert verdict.name == "healthy"
            assert lost_modes(run, slice(0, 60)) == []
            continue
        assert verdict.name == ("collapsed" if held < modes / 2 else "partially-collapsed"), held
        assert lost_modes(run, slice(0, 60)) == [f"mode {k}" for k in range(held, modes)]
        assert f"{held} of {modes} modes are covered" in verdict.sentence
        assert f"missing: mode {held}" in verdict.sentence
        assert verdict.onset == 0


def test_at_most_five_lost_modes_are_named_and_all_are_in_the_evidence():
    (episode,) = collapses(of_modes(2, 8))
    assert "missing: mode 2, mode 3, mode 4, mode 5, mode 6, …" in episode.sentence
    assert episode.evidence["lost"].endswith("mode 6, mode 7")
    assert (episode.evidence["modes held"], episode.evidence["modes"]) == (2, 8)


def test_uneven_modes_are_a_partial_collapse():
    run = of_modes(8, 8)
    shares = np.array([0.6] + [0.4 / 7] * 7)
    uneven = {f"mode_share_{k}": np.full(60, shares[k]) for k in range(8)}
    (episode,) = collapses(Record(run.iteration, {**run.columns, **uneven}, run.expected))
    assert episode.kind == "partial-collapse"
    assert episode.severity == pytest.approx(float((shares * np.log(8 * shares)).sum()))
    assert "8 of 8 modes are covered, unevenly" in episode.sentence


def test_few_samples_do_not_show_that_a_mode_is_missing():
    assert decide(of_modes(24, 25, n=50)).name != "partially-collapsed"
    assert collapses(of_modes(24, 25, n=50)) == []
    assert collapses(of_modes(24, 25, n=500, clean=0.1)) == []


def test_incomplete_shares_are_ignored():
    run = of_modes(7, 8)
    assert collapses(run) != []
    some = {name: v for name, v in run.columns.items() if name != "mode_share_5"}
    assert collapses(Record(run.iteration, some, run.expected)) == []


@pytest.mark.parametrize(("ratio", "kind"), [(0.0, "collapse"), (0.2, "collapse"),
                                             (0.4, "partial-collapse")])  # fmt: skip
def test_a_narrow_peak_is_found_where_it_begins(ratio, kind):
    std = np.where(np.arange(100) < 60, 0.5, 0.5 * ratio)
    (episode,) = collapses(on_a_line(std))
    assert (episode.kind, episode.recovered) == (kind, False)
    assert 600 <= episode.start <= 620  # the median of five sees it at the third
    assert episode.severity == pytest.approx(1 - ratio)
    assert ("a single point" if ratio == 0 else f"{100 * ratio:.0f} %") in episode.sentence


def test_a_collapse_that_ended_has_recovered_and_is_no_verdict():
    std = np.where((np.arange(100) >= 40) & (np.arange(100) < 60), 0.05, 0.5)
    (episode,) = collapses(on_a_line(std))
    assert episode.recovered
    assert 400 <= episode.start <= episode.end <= 620
    assert decide(on_a_line(std)).name == "healthy"


def test_a_start_that_is_narrow_has_half_of_the_planned_length_to_widen():
    std = 0.05 + 0.001 * np.cos(np.arange(100) ** 2)
    early = on_a_line(std, planned=2200)
    assert collapses(early)
    assert decide(early).name not in ("collapsed", "partially-collapsed", "healthy")
    assert decide(on_a_line(std, planned=1000)).name == "collapsed"


def test_single_log_points_are_no_collapse():
    std = np.full(100, 0.5)
    std[::7] = 0.01
    assert collapses(on_a_line(std)) == []


def test_a_target_without_a_width_has_no_collapse():
    point = Expected(np.zeros(1), np.zeros(1))
    run = Record(np.arange(50), {"mean": np.ones(50), "std": np.zeros(50)}, point)
    assert collapses(run) == []


def test_images_collapse_by_their_spread():
    run = Record(np.arange(50), {"spread": np.full(50, 0.02)}, Expected(spread=0.25))
    (episode,) = collapses(run)
    assert (episode.kind, episode.series) == ("collapse", "spread")


def stacked(modes, floor=915.7, se=8.0, n=2500.0):
    names = tuple(f"{k:03d}" for k in range(1000))
    columns = {"modes": np.full(50, float(modes)), "n_samples": np.full(50, n)}
    if floor:
        columns |= {"modes_floor": np.full(50, floor), "modes_se": np.full(50, se)}
    return Record(np.arange(50), columns, Expected(modes=names, shares=np.full(1000, 1e-3)))


def test_of_a_thousand_modes_those_do_not_count_that_the_data_would_miss_as_well():
    assert collapses(stacked(910)) == []
    (some,) = collapses(stacked(700))
    assert some.kind == "partial-collapse"
    assert some.description == "700 of 1000 modes are covered"
    (most,) = collapses(stacked(100))
    assert most.kind == "collapse"


def test_a_thousand_modes_cannot_be_counted_in_few_samples_without_a_floor():
    assert collapses(stacked(910, floor=None)) == []
    assert collapses(stacked(910, floor=None, n=26_000.0)) != []


@pytest.mark.parametrize("n", [0, 1, 4])
def test_too_few_log_points_give_no_episode(n):
    assert collapses(on_a_line(np.full(n, 0.01))) == []


def test_gaps_are_bridged_and_nothing_recorded_is_no_collapse():
    std = np.full(100, 0.05)
    std[::2] = NAN
    (episode,) = collapses(on_a_line(std))
    assert (episode.start, episode.end) == (10, 990)
    assert collapses(on_a_line(np.full(100, NAN))) == []
