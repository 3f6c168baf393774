"""Experiments by name or from a file, with overrides, and the errors of loading them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from gandiag.errors import ExperimentError
from gandiag.experiment.loading import (
    experiment_from,
    preset_text,
    presets,
    read_experiment,
    read_trained,
    variants,
)


def complaint(what: str, settings: dict[str, Any] | None = None) -> str:
    with pytest.raises(ExperimentError) as caught:
        read_experiment(what, settings)
    return str(caught.value)


@pytest.mark.parametrize("name", presets())
def test_a_preset_saved_as_a_file_reads_as_the_preset(name: str, tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(preset_text(name), encoding="utf-8")
    assert read_experiment(str(path)) == read_experiment(name)
    for variant in variants(name):
        assert read_experiment(f"{path}:{variant}") == read_experiment(f"{name}:{variant}")


@pytest.mark.parametrize("name", presets())
def test_the_text_of_a_preset_documents_its_deviations(name: str) -> None:
    text = preset_text(name)
    for word in ("Success rule:", "Cost:", "Deviations:"):
        assert f"# {word}" in text


@pytest.mark.parametrize(
    ("what", "parts"),
    [
        ("devnag-1", ["no preset 'devnag-1'", "did you mean 'devnag-1d'?", "aylien-1d"]),
        ("zzz", ["no preset 'zzz'", "aylien-1d, aylien-1d-2017", "wiseodd-mnist"]),
        ("", ["no preset ''"]),
        ("dirac:nsgam", ["no variant of dirac 'nsgam'", "did you mean 'nsgan'?"]),
        ("devnag-1d:wide", ["no variant of devnag-1d 'wide'", "Available: raw, deviations"]),
        ("edward-1d:wide", ["no variant of edward-1d 'wide'", "Available: none"]),
        ("absent.toml", ["cannot read the experiment absent.toml", "No such file"]),
    ],
)
def test_an_unknown_experiment_is_refused_with_the_nearest(what: str, parts: list[str]) -> None:
    said = complaint(what)
    assert all(part in said for part in parts), said
    assert ("did you mean" in said) == any("did you mean" in part for part in parts)


def test_a_name_that_is_neither_preset_nor_file_is_refused() -> None:
    with pytest.raises(ExperimentError) as caught:
        read_trained("nomod:train")
    assert "there is no preset 'nomod' and no module of that name" in str(caught.value)
    with pytest.raises(ExperimentError, match="did you mean 'ring8'"):
        read_trained("ring9:pac2")


def test_a_file_that_is_not_toml_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text("name = ", encoding="utf-8")
    assert "is not valid TOML" in complaint(str(path))


def test_a_file_that_is_not_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_bytes(b"\xff\xfe\x00")
    assert "cannot read the experiment" in complaint(str(path))


def test_a_directory_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").mkdir()
    assert "cannot read the experiment" in complaint(str(tmp_path / "mine.toml"))


def test_an_empty_file_is_refused_with_the_missing_keys(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text("", encoding="utf-8")
    said = complaint(str(path))
    for key in ("name", "data", "latent", "generator", "discriminator", "schedule", "recording"):
        assert f"{key}: is missing" in said


@pytest.mark.parametrize("name", ["", "a b", "../up", "a/b", ".hidden", "x" * 81])
def test_a_name_that_is_not_a_valid_directory_name_is_refused(name: str) -> None:
    assert "name" in complaint("devnag-1d", {"name": name})


def test_an_experiment_is_read_from_plain_data() -> None:
    experiment = read_experiment("dirac")
    assert experiment_from(experiment.resolved(), "here") == experiment
