"""A game that could not be played is refused before anything is trained, with what to do."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from gandiag.errors import ExperimentError
from gandiag.experiment.experiment import Experiment
from gandiag.training.fitting import refuse_misfits
from gandiag.training.game import Game

DENSE = {"kind": "dense", "units": 4}
ONE, TWO = ({"kind": "dense", "units": n} for n in (1, 2))
NORM = {"kind": "batch-norm"}
MINIBATCH = {"kind": "minibatch"}
CONV = {"kind": "conv", "channels": 1, "kernel": 2}


def ending(player: str, *layers: dict[str, Any]) -> dict[str, Any]:
    return {f"{player}.layers": list(layers)}


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "too many outputs of G": (
        ending("generator", DENSE),
        "the generator has 4 outputs, the data 2 coordinates; let its layers end with 2",
    ),
    "too many outputs of D": (
        ending("discriminator", DENSE),
        "the discriminator has 4 outputs; give its last layer 1 unit, or 2 for a softmax over two "
        "classes",
    ),
    "two classes of a critic": (
        ending("discriminator", TWO) | {"objective": {"game": "hinge"}},
        "the discriminator has 2 outputs; give its last layer 1 unit",
    ),
    "a convolution of features": (
        ending("discriminator", CONV, {"kind": "flatten"}, ONE),
        "the discriminator: a conv layer takes images [channels, height, width] and is given [2]; "
        'put { kind = "reshape", to = [...] } before it',
    ),
    "a dense layer of images": (
        ending("generator", {"kind": "reshape", "to": [2, 1, 1]}, TWO),
        "the generator: a dense layer takes features and is given images of shape [2, 1, 1]; put "
        '{ kind = "flatten" } before it',
    ),
    "images of another number": (
        ending("generator", {"kind": "reshape", "to": [1, 3, 1]}, TWO),
        "2 numbers cannot be taken as images of [1, 3, 1], which are 3",
    ),
    "labels that G misses": (
        {"generator.labels": "first"},
        "generator.labels: the data have no labels; add labelled = true to them",
    ),
    "labels that D misses": (
        {"discriminator.labels": "every"},
        "discriminator.labels: the data have no labels",
    ),
    "consensus in turn": (
        {"objective.consensus": 1.0},
        'objective.consensus needs schedule.updates = "simultaneous", not "alternating"',
    ),
    "consensus of the worse": (
        {"objective.consensus": 1.0, "schedule.updates": "worse"},
        'needs schedule.updates = "simultaneous", not "worse"',
    ),
    "unrolled at once": (
        {"objective.unrolled": 1, "schedule.updates": "simultaneous"},
        'objective.unrolled needs schedule.updates = "alternating", not "simultaneous"',
    ),
    "a norm of one": (
        ending("generator", DENSE, NORM, TWO) | {"schedule.batch": 1},
        "layers that use the batch's statistics need schedule.batch = 2 or more",
    ),
    "neighbours of one": (
        ending("discriminator", MINIBATCH, ONE) | {"schedule.batch": 1},
        "the discriminator's layers that use the batch's statistics get one input a batch",
    ),
    "a norm of one pack": (
        ending("discriminator", DENSE, NORM, ONE) | {"discriminator.sees.count": 12},
        "get one input a batch: leave them out",
    ),
    "a norm of moments": (
        ending("discriminator", DENSE, NORM, ONE) | {"discriminator.sees": {"kind": "moments"}},
        "get one input a batch: leave them out",
    ),
    "neighbours of a generated sample": (
        ending("generator", MINIBATCH, TWO),
        "a minibatch layer is for the discriminator",
    ),
    "an average of D": (
        {"discriminator.average": 0.9},
        "discriminator.average: only the generator makes samples; set generator.average",
    ),
    "a penalty of whole batches": (
        {
            "discriminator.sees": {"kind": "batch"},
            "objective": {"game": "wasserstein", "gradient_penalty": 1.0},
        },
        "gradient_penalty needs gradients in single samples or packs",
    ),
    "reshaped to what is not known": (
        ending("generator", {"kind": "reshape", "to": [-1, -1, 2]}, TWO),
        "reshape.to.0: ",
    ),
    "a plane without room": (
        {"recording.plane": {"low": 1.0, "high": 1.0}},
        "low = 1.0 is not below high = 1.0",
    ),
    "r1 of a team": (
        {"discriminator.members": 2, "objective.r1": 1.0},
        "r1 and gradient_penalty need a single discriminator: members = 1",
    ),
    "a penalty of a team": (
        {
            "discriminator.members": 2,
            "objective": {"game": "wasserstein", "gradient_penalty": 1.0},
        },
        "r1 and gradient_penalty need a single discriminator: members = 1",
    ),
    "too few rows of a pairing": (
        {"generator.members": 2, "objective.pairing": [[1.0]]},
        "objective.pairing needs 2 rows (generators) of 1 weights (discriminators), not rows of "
        "[1]",
    ),
    "too many columns of a pairing": (
        {"generator.members": 2, "objective.pairing": [[1.0], [1.0, 1.0]]},
        "not rows of [1, 2]",
    ),
    "a generator without an opponent": (
        {
            "generator.members": 2,
            "discriminator.members": 2,
            "objective.pairing": [[1.0, 1.0], [0.0, 0.0]],
        },
        "objective.pairing leaves a player without an opponent",
    ),
    "a discriminator without an opponent": (
        {
            "generator.members": 2,
            "discriminator.members": 2,
            "objective.pairing": [[1.0, 0.0], [1.0, 0.0]],
        },
        "objective.pairing leaves a player without an opponent",
    ),
    "packs that do not fill the batch": (
        {"discriminator.sees.count": 5},
        "schedule.batch = 12 cannot be packed by 5; make it a multiple",
    ),
    "a stride beyond the kernel": (
        ending("discriminator", {"kind": "reshape", "to": [2, 1, 1]}, CONV | {"stride": 3}),
        "stride = 3 leaves out what kernel = 2 spans",
    ),
    "a side that no stride leads back from": (
        ending(
            "generator",
            {"kind": "reshape", "to": [2, 1, 1]},
            {"kind": "conv-transpose", "channels": 1, "kernel": 2, "stride": 2, "side": 3},
        ),
        "stride = 2 does not lead back from side = 3 to 1 × 1",
    ),
    "a plane of batches": (
        {
            "discriminator.sees": {"kind": "moments"},
            "recording.plane": {"low": -1.0, "high": 1.0},
        },
        "recording.plane needs data in the plane and a discriminator that judges single samples",
    ),
    "draws beyond memory": (
        {"schedule.chunk": 10_000_000},
        "schedule.chunk = 10000000 draws",
    ),
}


@pytest.mark.parametrize("what", REFUSED)
def test_a_misfit_is_refused_with_its_reason(small: Callable[..., Experiment], what: str) -> None:
    settings, message = REFUSED[what]
    with pytest.raises(ExperimentError, match=re.escape(message)):
        small(settings)


@pytest.fixture
def labelled(small: Callable[..., Experiment]) -> Game:
    """The game of data with three classes."""
    return replace(small({"discriminator.sees": {"kind": "samples"}}).game, classes=3)


def shown(game: Game, g: str, d: str) -> Game:
    """The game with labels shown to the players."""
    return replace(
        game,
        generator=game.generator.model_copy(update={"labels": g}),
        discriminator=game.discriminator.model_copy(update={"labels": d}),
    )


def test_labels_that_no_player_uses_are_refused(labelled: Game) -> None:
    with pytest.raises(ValueError, match="the data have labels that no player uses"):
        refuse_misfits(labelled)


@pytest.mark.parametrize("who", [("first", "none"), ("none", "every"), ("every", "first")])
def test_labels_that_a_player_uses_are_accepted(labelled: Game, who: tuple[str, str]) -> None:
    refuse_misfits(shown(labelled, *who))


def test_a_pack_has_no_label(small: Callable[..., Experiment]) -> None:
    game = replace(small({"discriminator.sees.count": 2}).game, classes=3)
    with pytest.raises(ValueError, match="a pack or a batch has more than one label"):
        refuse_misfits(shown(game, "first", "first"))


CANNOT_BE_PLAYED: dict[str, dict[str, Any]] = {
    "a generator that ends with images": ending("generator", {"kind": "reshape", "to": [2, 1, 1]}),
    "a discriminator that ends with images": ending(
        "discriminator", {"kind": "reshape", "to": [2, 1, 1]}, CONV
    ),
    "answers in the plane by a discriminator of pairs": {
        "discriminator.sees.count": 2,
        "recording.plane": {"low": -1.0, "high": 1.0},
    },
    "packs of more than the evaluation has": {
        "discriminator.sees.count": 12,
        "recording.samples": 8,
    },
}


@pytest.mark.parametrize("what", CANNOT_BE_PLAYED)
def test_what_cannot_be_played_is_refused(small: Callable[..., Experiment], what: str) -> None:
    with pytest.raises(ExperimentError):
        small(CANNOT_BE_PLAYED[what])
