"""The words of the verdict."""

from __future__ import annotations

from typing import Any

from gandiag.experiment.loading import read_experiment
from gandiag.store.results import Results
from gandiag_html.configurations import collect_configurations
from gandiag_html.panels.stability import SuccessSummary, summarize

DASH = "\N{EN DASH}"
MINUS = "\N{MINUS SIGN}"


def verdicts(results: Results) -> list[SuccessSummary]:
    """What is said of every group."""
    return [summarize(group) for group in collect_configurations(results)]


def words(verdict: SuccessSummary) -> dict[int, str]:
    """What is said of the failing seeds."""
    return {one.seed: one.description for one in verdict.failures}


def test_it_counts_gives_an_interval_and_names_the_seeds(synthetic_stores: Any) -> None:
    (verdict,) = verdicts(synthetic_stores.ten())
    assert verdict.sentence == (
        f"8 of 10 seeds reached the target, 95 % interval 44{DASH}97 %; seeds 4 and 9 did not"
    )
    assert verdict.rule == "3.5 ≤ mean ≤ 4.5 and 0.75 ≤ std ≤ 1.75"
    assert verdict.unfinished == ""


def test_it_says_which_bound_was_missed_and_by_what_value(synthetic_stores: Any) -> None:
    (verdict,) = verdicts(synthetic_stores.ten())
    said = words(verdict)
    assert said[4].startswith("ended with mean 5.99 (above 4.5) and std 0.60")
    assert said[4].endswith("(below 0.75)")
    assert said[9].startswith(f"ended with mean {MINUS}11.0 (below 3.5) and std 0 (below 0.75)")


def test_runs_that_stopped_early_are_in_the_denominator(synthetic_stores: Any) -> None:
    (verdict,) = verdicts(
        synthetic_stores.of("good", "diverged", "crashed", "timed out", "at once")
    )
    assert verdict.count == "1 of 5"
    assert words(verdict) == {
        1: "diverged at iteration 1,251",
        2: "crashed at iteration 2,500 of 5,000: RuntimeError: out of memory",
        3: "timed out at iteration 3,500 of 5,000",
        4: "diverged at iteration 1",
    }


def test_unfinished_runs_are_named_and_not_counted(synthetic_stores: Any) -> None:
    (verdict,) = verdicts(
        synthetic_stores.of("good", "running", "pending", "pending", "interrupted")
    )
    assert verdict.count == "1 of 1"
    assert verdict.failures == []
    assert verdict.unfinished == (
        "4 of 5 runs have not finished and are not counted "
        "(still running: seed 1; not started: seeds 2 and 3; interrupted: seed 4)."
    )


def test_a_sweep_that_has_just_begun_claims_nothing(synthetic_stores: Any) -> None:
    (verdict,) = verdicts(synthetic_stores.of("running", "pending"))
    assert verdict.sentence == "no run has ended yet"
    assert verdict.interval is None


def test_without_a_rule_there_is_no_rate(synthetic_stores: Any) -> None:
    (verdict,) = verdicts(
        synthetic_stores.of("unjudged", "unjudged", "diverged", experiment="dirac")
    )
    assert verdict.sentence == "2 of 3 seeds completed; seed 2 did not"
    assert verdict.interval is None
    assert verdict.rule == ""


def test_one_seed_is_described_in_the_singular(synthetic_stores: Any) -> None:
    (verdict,) = verdicts(synthetic_stores.of("good"))
    assert verdict.sentence == f"1 of 1 seed reached the target, 95 % interval 2.5{DASH}100 %"


def test_every_backend_and_every_point_has_a_verdict_of_its_own(synthetic_stores: Any) -> None:
    points = {p: read_experiment("devnag-1d") for p in ("schedule.batch=500", "schedule.batch=12")}
    runs = [
        synthetic_stores.run(
            seed, "concave" if point.endswith("12") else "good", backend=b, point=point
        )
        for point in points
        for b in ("torch", "tensorflow")
        for seed in (2, 0, 1)
    ]
    found = verdicts(synthetic_stores.store(runs, points))
    assert [verdict.label for verdict in found] == [
        "schedule.batch=500 · tensorflow",
        "schedule.batch=500 · torch",
        "schedule.batch=12 · tensorflow",
        "schedule.batch=12 · torch",
    ]
    assert [verdict.count for verdict in found] == ["3 of 3", "3 of 3", "0 of 3", "0 of 3"]
    assert [one.seed for one in found[0].outcomes] == [0, 1, 2]


def test_a_seed_that_was_trained_in_two_modes_is_not_counted_twice(synthetic_stores: Any) -> None:
    runs = [
        synthetic_stores.run(seed, "good", backend=backend, extra={"mode": mode})
        for backend, mode in (("tensorflow", "xla"), ("torch", "eager"), ("torch", "inductor"))
        for seed in range(2)
    ]
    found = verdicts(synthetic_stores.store(runs))
    assert [verdict.label for verdict in found] == [
        "tensorflow · xla",
        "torch · eager",
        "torch · inductor",
    ]
    assert [verdict.count for verdict in found] == ["2 of 2"] * 3


def test_a_value_that_is_not_a_number_breaks_every_rule(synthetic_stores: Any) -> None:
    results = synthetic_stores.of("concave")
    results.series["mean"] = float("nan")
    (verdict,) = verdicts(results)
    assert words(verdict)[0].startswith("ended with mean not a number and std")


def test_a_failure_that_no_bound_explains_is_said_to_be_one(synthetic_stores: Any) -> None:
    run = synthetic_stores.run(0, "good", success=False)
    (verdict,) = verdicts(synthetic_stores.store([run]))
    assert words(verdict) == {0: "completed, but is recorded as a failure"}


def test_the_words_are_the_same_in_whatever_order_the_runs_were_read(synthetic_stores: Any) -> None:
    results = synthetic_stores.ten()
    turned = Results(
        results.directory,
        results.experiments,
        results.runs.iloc[::-1],
        results.series.iloc[::-1],
        results.provenance,
        results.data,
    )
    (one,), (other,) = verdicts(results), verdicts(turned)
    assert one.sentence == other.sentence
    assert words(one) == words(other)
