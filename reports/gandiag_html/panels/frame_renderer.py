"""Draws the frames of a run: the samples, D's answers and the losses at a log point."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from markupsafe import Markup

from gandiag.data import Data, Grid, MultivariateNormal, Ring
from gandiag.data.samples import Samples
from gandiag.experiment.experiment import Experiment
from gandiag_html.column_selection import sample_captions
from gandiag_html.figures.answers import AnswerHistograms, AnswerMap
from gandiag_html.figures.final_samples import RunSamples
from gandiag_html.figures.loss_parts import NAMES, LossParts
from gandiag_html.figures.replay_samples import ReplaySamples, choose_replay
from gandiag_html.formatting import number
from gandiag_html.outcomes import Outcome
from gandiag_html.panels.frames import MOST_FRAMES, evenly_spaced, finite_samples, value_range
from gandiag_html.panels.losses import title

if TYPE_CHECKING:
    from gandiag.store.frames import Frames

PARTS = ("loss", "cross_entropy", "l2")
"""A player's whole loss, what its scores cost, and its L2 term."""

QUOTE = "\N{RIGHT SINGLE QUOTATION MARK}"


class Picture(NamedTuple):
    """One picture of a frame: its kind, title, element, and a note for the reader."""

    kind: str
    title: str
    element: Markup
    note: str = ""


@dataclass(frozen=True)
class DrawnFrame:
    """A frame as a summary and pictures."""

    iteration: int
    summary: Sequence[str]
    pictures: Sequence[Picture]

    @property
    def cost(self) -> int:
        """Its approximate size in the page in bytes."""
        return 400 + sum(150 + len(picture.element) for picture in self.pictures)


@dataclass(frozen=True, eq=False)
class FrameRenderer:
    """Draws the frames of one run.

    Attributes:
        one: The run.
        frames: Its frames.
        samples: Draws its samples.
        answer_map: Draws D's answers over the plane, if they were recorded.
        answers: Draws D's answers to samples.
        losses: Draws the losses, by player.
    """

    one: Outcome
    frames: Frames
    samples: ReplaySamples
    answer_map: AnswerMap | None
    answers: AnswerHistograms
    losses: Mapping[str, LossParts]

    @property
    def stored(self) -> Markup:
        """The axes that the frames share."""
        stored = [self.samples.stored, self.answers.stored]
        stored += [loss.stored for loss in self.losses.values()]
        stored += [] if self.answer_map is None else [self.answer_map.stored]
        return Markup("").join(stored)

    def draw(self, index: int) -> DrawnFrame:
        """Draws a frame."""
        at = int(self.frames.iterations[index])
        return DrawnFrame(at, sample_captions(self.one, at), list(self._pictures(index, at)))

    def _pictures(self, index: int, at: int) -> Iterator[Picture]:
        frames, who = self.frames, f"seed {self.one.seed} at iteration {at:,}"
        role, samples = RunSamples(self.one, None).role, finite_samples(self.frames, index)
        element_and_note = (Markup(""), "")
        if len(samples):
            element_and_note = self.samples.show(samples, role, f"Generated samples of {who}")
        yield Picture(self.samples.kind, "Generated samples", *element_and_note)
        if self.answer_map is not None and frames.plane is not None:
            label = f"The discriminator{QUOTE}s answers over the plane, {who}"
            answers = frames.plane[index].astype(np.float64)
            yield Picture("field", "D over the plane", self.answer_map.show(answers, label))
        if frames.real_answers is not None and frames.fake_answers is not None:
            label = f"Discriminator outputs for real and generated samples, {who}"
            real, fake = frames.real_answers[index], frames.fake_answers[index]
            picture = self.answers.show(real, fake, role, label)
            yield Picture("answers", f"D{QUOTE}s answers: real above, generated below", picture)
        for player, drawn in self.losses.items():
            label = f"{title(f'{player}_loss')}, {who}"
            yield Picture("loss", _caption(self.one, player, at), drawn.show(at, label))


def renderer_for(
    one: Outcome, frames: Frames, data: Data | Samples, key: str, end: int
) -> FrameRenderer | None:
    """Prepares the drawing of the frames of a run.

    Args:
        one: The run.
        frames: Its frames.
        data: The distribution that its samples should follow, or real samples.
        key: The prefix of its identifiers.
        end: The last iteration of the axes.

    Returns:
        None if there are no samples that are drawn frame by frame.
    """
    parts = [
        finite_samples(frames, index)
        for index in evenly_spaced(len(frames.iterations), MOST_FRAMES)
    ]
    samples = choose_replay(data, parts, key, value_range(frames))
    if samples is None:
        return None
    answers = AnswerHistograms(key, samples.layout)
    return FrameRenderer(
        one, frames, samples, _answer_map(one, frames, data, key), answers, _losses(one, key, end)
    )


def _losses(one: Outcome, key: str, end: int) -> dict[str, LossParts]:
    """Draws the losses of the players whose loss was recorded."""
    drawings = {}
    for player in ("d", "g"):
        columns = {part: one.column(f"{player}_{part}") for part in PARTS}
        recorded = {name: part for name, part in columns.items() if np.isfinite(part).any()}
        if "loss" in recorded:
            drawings[player] = LossParts(f"{key}-{player}", one.iterations, recorded, end)
    return drawings


def _answer_map(one: Outcome, frames: Frames, data: Data | Samples, key: str) -> AnswerMap | None:
    """Draws D's answers over the plane; None if they were not recorded."""
    trained = one.experiment
    if frames.plane is None or not isinstance(trained, Experiment):
        return None
    if trained.recording.plane is None:
        return None
    distribution = data if isinstance(data, MultivariateNormal | Ring | Grid) else None
    span = (0.0, 1.0)
    if trained.objective.game != "gan":  # a score, not a probability
        finite = frames.plane[np.isfinite(frames.plane)]
        span = tuple(np.quantile(finite, [0.02, 0.98]).tolist()) if len(finite) else span
    return AnswerMap(key, trained.recording.plane, distribution, span)


def _caption(one: Outcome, player: str, at: int) -> str:
    """The loss of a player at an iteration, and its parts."""
    name = title(f"{player}_loss")
    here = np.flatnonzero(one.iterations == at)
    if not len(here):
        return name
    total, *parts = (float(one.column(f"{player}_{part}")[here[0]]) for part in PARTS)
    if not np.isfinite(total):
        return name
    if not np.isfinite(parts).all():
        return f"{name} {number(total)}"
    names = list(NAMES.values())[1:]
    values = ", ".join(f"{part} {number(value)}" for part, value in zip(names, parts, strict=True))
    return f"{name} {number(total)}: {values}"
