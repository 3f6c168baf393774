"""What is trained: an experiment, frozen, valid from birth, and readable as TOML."""

from __future__ import annotations

from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from gandiag.data import Data
from gandiag.data.latent import Latent, NormalLatent, UniformLatent
from gandiag.experiment.stopping import Stopping
from gandiag.spec import Interval, Spec
from gandiag.training.fitting import refuse_misfits
from gandiag.training.game import Game
from gandiag.training.objectives import Objective
from gandiag.training.players import Discriminator, Player
from gandiag.training.pretraining import Density, Pretrain, Pretraining
from gandiag.training.schedule import Schedule

CHUNK_LIMIT = 32 * 2**20
"""The most bytes that one stream of one seed draws at a time."""


HEAVY = 10_000_000
"""Weights times samples, from which an update of dense nets takes a core a millisecond or so."""

Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$", max_length=80)]


class Plane(Interval):
    """A square of the plane that a discriminator's answers are recorded on."""

    low: float
    """Its lower and left edge."""
    high: float
    """Its upper and right edge."""
    side: Annotated[int, Field(ge=2, le=201)] = 41
    """The number of points along an edge."""

    @property
    def points(self) -> NDArray[np.float32]:
        """The points [2, side · side], row by row from below, each row from the left."""
        edge = np.linspace(self.low, self.high, self.side, dtype=np.float32)
        rows, columns = np.meshgrid(edge, edge, indexing="ij")
        return np.stack([columns.ravel(), rows.ravel()])


class Recording(Spec):
    """What is looked at, and how often."""

    every: Annotated[int, Field(ge=1)]
    """The number of iterations between two log points."""
    pretrain_every: Annotated[int, Field(ge=1)] = 10
    """The same for the pre-training."""
    samples: Annotated[int, Field(ge=2, le=1_000_000)] = 2500
    """How many generated samples the metrics are computed from."""
    batches: Annotated[int, Field(ge=1, le=100_000)] = 64
    """How many batches a discriminator that sees whole batches is evaluated on."""
    frames: Annotated[int, Field(ge=2)] = 26
    """How many log points keep their samples, the first and the last included."""
    frame_every: Annotated[int, Field(ge=1)] | None = None
    """The number of iterations between two such log points instead, e.g. the cadence of a published
    log; where there is none, the next log point takes its place.
    """
    plane: Plane | None = None
    """Where the discriminator's answers are looked at, for data in the plane."""
    snapshots: Annotated[int, Field(ge=0)] = 0
    """How many log points keep their weights on the way, evenly from the first to the last; those
    of the end are kept in any case.
    """


class Rule(Spec):
    """A bound on one recorded column, on the mean of the last tenth of the log points."""

    column: str
    """The column."""
    low: float | None = None
    """The least value that is a success, if any."""
    high: float | None = None
    """The greatest."""

    @model_validator(mode="after")
    def _bounds_something(self) -> Rule:
        if self.low is None and self.high is None:
            raise ValueError("a rule needs low, high or both")
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError(f"low = {self.low} is above high = {self.high}")
        return self

    def __str__(self) -> str:
        """The rule as a person would write it."""
        if self.low is None:
            return f"{self.column} ≤ {self.high:g}"
        if self.high is None:
            return f"{self.column} ≥ {self.low:g}"
        return f"{self.low:g} ≤ {self.column} ≤ {self.high:g}"


class Experiment(Spec):
    """A GAN training, framework-neutral."""

    name: Name
    """A short name; the default store is called by it."""
    title: str = ""
    """One line for a list."""
    source: str = ""
    """Where it was published."""
    outcome: str = ""
    """What the source reports."""
    precision: Literal["float32", "float64", "bf16"] = "float32"
    """The type of all arithmetic of the training; ``"bf16"`` is float32 with the factors and the
    result of every matrix product and convolution rounded to bfloat16.
    """
    data: Data
    """What the generator is to imitate."""
    latent: Latent
    """Where the generator's input comes from."""
    generator: Player
    """The player that makes samples."""
    discriminator: Discriminator
    """The player that judges them."""
    objective: Objective = Objective()
    """What they minimise."""
    schedule: Schedule
    """Who updates when."""
    pretraining: Pretraining | None = None
    """What happens to the discriminator before the game, if anything."""
    recording: Recording
    """What is looked at, and how often."""
    success: Annotated[tuple[Rule, ...], Field(strict=False)] = ()
    """The bounds that a successful run keeps; none means that success is undefined."""
    stopping: Stopping | None = None
    """What ends a run early and keeps its best weights, if anything."""

    @model_validator(mode="after")
    def _fits_together(self) -> Experiment:
        refuse_misfits(self.game)
        if self.recording.plane is not None and not self._can_answer_in_the_plane():
            raise ValueError(
                "recording.plane needs data in the plane and a discriminator that judges single "
                "samples without labels"
            )
        if self.pretraining is not None:
            self._can_pretrain()
        self._draws_little_at_a_time()
        return self

    def _can_answer_in_the_plane(self) -> bool:
        judge = self.discriminator
        alone = judge.sees.width(self.data.size, self.schedule.batch) == 2
        return alone and not judge.depends_on_batch and not self.data.classes

    def _can_pretrain(self) -> None:
        judge = self.discriminator
        one = judge.sees.kind == "samples" and judge.members == 1
        if not isinstance(self.data, Density) or not one or judge.shapes(1)[-1] != (1,):
            raise ValueError(
                "pretraining fits D to the density of the data at single points: it needs data "
                'with a known density and one discriminator that sees { kind = "samples" } and '
                "has one output"
            )

    def _draws_little_at_a_time(self) -> None:
        for name, draw in self.game.draws.items():
            size = 4 * int(np.prod(draw.shape)) * self.schedule.chunk
            if size > CHUNK_LIMIT:
                most = CHUNK_LIMIT // (size // self.schedule.chunk)
                advice = f"set it to {most} or less" if most else "take a smaller batch"
                raise ValueError(
                    f"schedule.chunk = {self.schedule.chunk} draws {size / 2**20:.0f} MB of "
                    f"{name!r} at a time, of at most 32; {advice}"
                )

    @property
    def iterations(self) -> int:
        """How many iterations the game has."""
        return self.schedule.iterations

    @property
    def convolutional(self) -> bool:
        """Whether a player has convolutions."""
        return self.generator.convolutional or self.discriminator.convolutional

    @property
    def heavy(self) -> bool:
        """Whether one seed's update keeps a processor core at work, so that lanes gain nothing."""
        game = self.game
        weights = game.generator.members * game.generator.count(game.latent_size, game.g_classes)
        weights += game.discriminator.members * game.discriminator.count(
            game.d_inputs, game.d_classes
        )
        return self.convolutional or weights * self.schedule.batch > HEAVY

    @property
    def game(self) -> Game:
        """The game that is played."""
        return Game(
            generator=self.generator,
            discriminator=self.discriminator,
            objective=self.objective,
            schedule=self.schedule,
            data=self.data,
            data_size=self.data.size,
            classes=self.data.classes,
            latent=self.latent,
            latent_size=self.latent.size,
            noise=NormalLatent(kind="normal", size=self.data.size),
            uniform=UniformLatent(kind="uniform", size=1),
            samples=self.recording.samples,
            batches=self.recording.batches,
        )

    @property
    def pretrain(self) -> Pretrain | None:
        """The phase before the game, if there is one."""
        if self.pretraining is None or not isinstance(self.data, Density):
            return None
        return Pretrain(self.pretraining, self.discriminator, self.data)

    def written(self) -> dict[str, object]:
        """The values that were written down, without defaults: another kind has other defaults."""
        return self.model_dump(mode="json", exclude_unset=True)

    def resolved(self) -> dict[str, object]:
        """Every value, defaults included, as plain data: what the run's id is made of."""
        return self.model_dump(mode="json")
