"""A frame of a run as a few pictures: samples, D's answers, both losses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from markupsafe import Markup

from gandiag.data import Data, Grid, MultivariateNormal, Ring
from gandiag.data.samples import Samples
from gandiag.experiment.experiment import Experiment
from gandiag_html.figures.answers import AnswerHistograms, AnswerMap
from gandiag_html.figures.final_samples import RunSamples
from gandiag_html.figures.loss_parts import NAMES, LossParts
from gandiag_html.figures.replay_samples import ReplaySamples, choose_replay
from gandiag_html.formatting import number
from gandiag_html.outcomes import Outcome
from gandiag_html.panels.frames import MOST_FRAMES, evenly_spaced, finite_samples, value_range
from gandiag_html.panels.losses import title
from gandiag_html.telling import briefly

if TYPE_CHECKING:
    from gandiag.store.frames import Frames

PARTS = ("loss", "cross_entropy", "l2")
"""A player's whole loss, what its scores cost, and its L2 term."""

QUOTE = "\N{RIGHT SINGLE QUOTATION MARK}"


class Picture(NamedTuple):
    """One picture of a frame: what kind it is, its title, itself, and what must be known of it."""

    kind: str
    title: str
    picture: Markup
    note: str = ""


@dataclass(frozen=True)
class DrawnFrame:
    """A frame as it is shown."""

    iteration: int
    summary: Sequence[str]
    screens: Sequence[Picture]

    @property
    def cost(self) -> int:
        """About how many bytes of the page it takes."""
        return 400 + sum(150 + len(screen.picture) for screen in self.screens)


@dataclass(frozen=True, eq=False)
class FrameRenderer:
    """What draws the frames of one run.

    Attributes:
        one: The run.
        frames: Its frames.
        view: How its samples are shown.
        field: How D's answers over the plane are, if they were recorded.
        answers: How D's answers to samples are.
        losses: How the players' losses are, by player.
    """

    one: Outcome
    frames: Frames
    view: ReplaySamples
    field: AnswerMap | None
    answers: AnswerHistograms
    losses: Mapping[str, LossParts]

    @property
    def stored(self) -> Markup:
        """What the frames refer to."""
        held = [self.view.stored, self.answers.stored]
        held += [drawn.stored for drawn in self.losses.values()]
        held += [] if self.field is None else [self.field.stored]
        return Markup("").join(held)

    def still(self, index: int) -> DrawnFrame:
        """Draws a frame."""
        at = int(self.frames.iterations[index])
        return DrawnFrame(at, briefly(self.one, at), list(self._screens(index, at)))

    def _screens(self, index: int, at: int) -> Iterator[Picture]:
        frames, who = self.frames, f"seed {self.one.seed} at iteration {at:,}"
        role, samples = RunSamples(self.one, None).role, finite_samples(self.frames, index)
        shown = (Markup(""), "")
        if len(samples):
            shown = self.view.show(samples, role, f"Generated samples of {who}")
        yield Picture(self.view.kind, "Generated samples", *shown)
        if self.field is not None and frames.plane is not None:
            label = f"The discriminator{QUOTE}s answers over the plane, {who}"
            answers = frames.plane[index].astype(np.float64)
            yield Picture("field", "D over the plane", self.field.show(answers, label))
        if frames.real_answers is not None and frames.fake_answers is not None:
            label = f"What the discriminator answers to real and to generated samples, {who}"
            real, fake = frames.real_answers[index], frames.fake_answers[index]
            picture = self.answers.show(real, fake, role, label)
            yield Picture("answers", f"D{QUOTE}s answers: real above, generated below", picture)
        for player, drawn in self.losses.items():
            label = f"{title(f'{player}_loss')}, {who}"
            yield Picture("loss", _caption(self.one, player, at), drawn.show(at, label))


def renderer_for(
    one: Outcome, frames: Frames, data: Data | Samples, key: str, end: int
) -> FrameRenderer | None:
    """What draws the frames of a run.

    Args:
        one: The run.
        frames: Its frames.
        data: The law that its samples should follow, or real samples.
        key: What identifiers begin with.
        end: The last iteration of the axes.

    Returns:
        It; None where there are no samples that are drawn frame by frame.
    """
    parts = [
        finite_samples(frames, index)
        for index in evenly_spaced(len(frames.iterations), MOST_FRAMES)
    ]
    view = choose_replay(data, parts, key, value_range(frames))
    if view is None:
        return None
    answers = AnswerHistograms(key, view.layout)
    return FrameRenderer(
        one, frames, view, _field(one, frames, data, key), answers, _losses(one, key, end)
    )


def _losses(one: Outcome, key: str, end: int) -> dict[str, LossParts]:
    """The players of whom a loss was recorded."""
    found = {}
    for player in ("d", "g"):
        columns = {part: one.column(f"{player}_{part}") for part in PARTS}
        seen = {name: held for name, held in columns.items() if np.isfinite(held).any()}
        if "loss" in seen:
            found[player] = LossParts(f"{key}-{player}", one.iterations, seen, end)
    return found


def _field(one: Outcome, frames: Frames, data: Data | Samples, key: str) -> AnswerMap | None:
    """How D's answers over the plane are shown; None where they were not recorded."""
    trained = one.experiment
    if frames.plane is None or not isinstance(trained, Experiment):
        return None
    if trained.recording.plane is None:
        return None
    law = data if isinstance(data, MultivariateNormal | Ring | Grid) else None
    span = (0.0, 1.0)
    if trained.objective.game != "gan":  # a score, and no probability
        seen = frames.plane[np.isfinite(frames.plane)]
        span = tuple(np.quantile(seen, [0.02, 0.98]).tolist()) if len(seen) else span
    return AnswerMap(key, trained.recording.plane, law, span)


def _caption(one: Outcome, player: str, at: int) -> str:
    """A player's loss at an iteration, and what it is made of."""
    name = title(f"{player}_loss")
    here = np.flatnonzero(one.iterations == at)
    if not len(here):
        return name
    total, *parts = (float(one.column(f"{player}_{part}")[here[0]]) for part in PARTS)
    if not np.isfinite(total):
        return name
    if not np.isfinite(parts).all():
        return f"{name} {number(total)}"
    words = list(NAMES.values())[1:]
    made = ", ".join(f"{word} {number(part)}" for word, part in zip(words, parts, strict=True))
    return f"{name} {number(total)}: {made}"
