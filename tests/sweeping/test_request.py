"""What a sweep is asked for, and what it says of a rule that does not fit."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from gandiag.errors import DataError, ExperimentError, UsageError
from gandiag.sweeping.request import Request, resolve_request

LINE = {"data": {"kind": "normal", "mean": 0.0, "std": 1.0}, "generator.layers.2.units": 1}
"""What makes a one-dimensional GAN of ``ring8``."""


def refused(what: str, **settings: Any) -> str:
    with pytest.raises(UsageError) as caught:
        resolve_request(Request(what, settings=settings))
    return str(caught.value)


def stopping(column: str) -> dict[str, Any]:
    return {"stopping": {"column": column, "goal": "low"}}


def test_an_unknown_column_is_answered_with_the_nearest_and_a_short_list() -> None:
    said = refused("ring8", **stopping("reverse_k"))
    assert "no column 'reverse_k'; did you mean 'reverse_kl'? Available: " in said
    listed = said.partition("Available: ")[2].split(", ")
    assert {"reverse_kl", "modes", "d_loss", "g_loss"} <= {*listed}
    assert not [name for name in listed if name.endswith(("_se", "_floor", "_min", "_max"))]
    assert len(listed) < 40


@pytest.mark.parametrize("column", ["reverse_kl_se", "modes_floor", "d_loss_max", "d_loss_last"])
def test_a_column_that_is_not_listed_can_be_watched_all_the_same(column: str) -> None:
    base: Any = resolve_request(Request("ring8", settings=stopping(column))).base
    assert base.stopping.column == column


def test_a_rule_of_success_that_does_not_fit_names_the_way_out_which_works() -> None:
    said = refused("ring8", **LINE)
    assert "the success rule of ring8: there is no column 'modes_robust'" in said
    assert said.endswith("--set 'success=[]'")
    resolve_request(Request("ring8", settings=LINE | {"success": []}))


def test_updates_of_both_players_say_which_counts_to_set() -> None:
    with pytest.raises(ExperimentError, match=r"set schedule.d_steps=1 and schedule.g_steps=1"):
        resolve_request(Request("devnag-1d", settings={"schedule.updates": "worse"}))


@pytest.mark.parametrize("arguments", ["", "n", "rng, n, more", "rng, *, n"])
def test_a_function_of_data_that_cannot_be_called_is_told_its_signature(
    arguments: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    module = f"wrong_{len(arguments)}"
    Path(f"{module}.py").write_text(f"def f({arguments}):\n    pass\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"write def f\(rng, n\), .* returns an array \[n, d\]"):
        resolve_request(
            Request("ring8", settings={"data": {"kind": "function", "function": f"{module}:f"}})
        )
