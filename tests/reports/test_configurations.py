"""Configurations: runs of one grid point, backend and mode, in the order of the grid."""

from __future__ import annotations

from typing import Any

from gandiag.experiment.loading import read_experiment
from gandiag_html.configurations import collect_configurations


def test_runs_are_sorted_by_grid_point_backend_and_seed(synthetic_stores: Any) -> None:
    points = {point: read_experiment("devnag-1d") for point in ("b", "a")}
    runs = [
        synthetic_stores.run(seed, "good", backend=backend, point=point)
        for point in ("a", "b")
        for backend in ("torch", "tensorflow")
        for seed in (1, 0)
    ]
    found = collect_configurations(synthetic_stores.store(runs, points))
    assert [one.label for one in found] == [
        "b · tensorflow", "b · torch", "a · tensorflow", "a · torch"
    ]  # fmt: skip
    assert [[run.seed for run in one.outcomes] for one in found] == [[0, 1]] * 4
    assert len({one.key for one in found}) == 4


def test_a_single_configuration_has_no_label_and_the_rate_of_its_rule(
    synthetic_stores: Any,
) -> None:
    (found,) = collect_configurations(synthetic_stores.of("good", "concave", "diverged", "running"))
    assert found.label == ""
    assert found.rate is not None
    assert (found.rate.value, found.rate.n) == (1 / 3, 3)
    assert found.end == 5000


def test_without_a_success_rule_there_is_no_rate(synthetic_stores: Any) -> None:
    (found,) = collect_configurations(synthetic_stores.of("unjudged", experiment="dirac"))
    assert found.rate is None
