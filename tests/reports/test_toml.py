"""The TOML that the report shows."""

from __future__ import annotations

import tomllib

import pytest

from gandiag.experiment.loading import experiment_from, read_experiment
from gandiag_html.toml import to_toml


@pytest.mark.parametrize("name", ["devnag-1d", "aylien-1d", "dirac:r1"])
def test_an_experiment_written_as_toml_reads_back_equal(name: str) -> None:
    experiment = read_experiment(name)
    assert experiment_from(tomllib.loads(to_toml(experiment.resolved())), name) == experiment


def test_none_is_left_out_at_every_depth() -> None:
    table = {"a": None, "b": {"c": None, "d": [{"e": None, "f": 1}]}}
    assert tomllib.loads(to_toml(table)) == {"b": {"d": [{"f": 1}]}}
