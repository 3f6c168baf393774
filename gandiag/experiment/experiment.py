"""The definition of a training: an experiment, frozen, validated, and readable as TOML."""

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
"""Weights times batch size above which an update of dense networks is heavy: about 1 ms a core."""

Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$", max_length=80)]


class Plane(Interval):
    """A square grid on which the discriminator's output is recorded."""

    low: float
    """The coordinate of its lower and left edge."""
    high: float
    """The coordinate of its upper and right edge."""
    side: Annotated[int, Field(ge=2, le=201)] = 41
    """The number of points along an edge."""

    @property
    def points(self) -> NDArray[np.float32]:
        """The points [2, side · side], row by row from below, each row from the left."""
        edge = np.linspace(self.low, self.high, self.side, dtype=np.float32)
        rows, columns = np.meshgrid(edge, edge, indexing="ij")
        return np.stack([columns.ravel(), rows.ravel()])


class Recording(Spec):
    """What is recorded, and how often."""

    every: Annotated[int, Field(ge=1)]
    """The number of iterations between two log points."""
    pretrain_every: Annotated[int, Field(ge=1)] = 10
    """The number of iterations between two log points of the pre-training."""
    samples: Annotated[int, Field(ge=2, le=1_000_000)] = 2500
    """The number of generated samples from which the metrics are computed."""
    batches: Annotated[int, Field(ge=1, le=100_000)] = 64
    """The number of batches on which a discriminator of whole batches is evaluated."""
    frames: Annotated[int, Field(ge=2)] = 26
    """The number of log points whose samples are kept, the first and the last included."""
    frame_every: Annotated[int, Field(ge=1)] | None = None
    """The number of iterations between two kept log points instead, e.g. the interval of a
    published log; if there is no log point at an iteration, the next one is kept.
    """
    plane: Plane | None = None
    """The square grid on which the discriminator's output is recorded, for two-dimensional data."""
    snapshots: Annotated[int, Field(ge=0)] = 0
    """The number of log points whose weights are kept, evenly spaced from the first to the last;
    the final weights are always kept.
    """


class Rule(Spec):
    """A bound on one recorded column, on the mean of the last tenth of the log points."""

    column: str
    """The column."""
    low: float | None = None
    """The lowest value that is a success, if bounded."""
    high: float | None = None
    """The highest value that is a success, if bounded."""

    @model_validator(mode="after")
    def _bounds_something(self) -> Rule:
        if self.low is None and self.high is None:
            raise ValueError("a rule needs low, high or both")
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError(f"low = {self.low} is above high = {self.high}")
        return self

    def __str__(self) -> str:
        """The rule as an inequality."""
        if self.low is None:
            return f"{self.column} ≤ {self.high:g}"
        if self.high is None:
            return f"{self.column} ≥ {self.low:g}"
        return f"{self.low:g} ≤ {self.column} ≤ {self.high:g}"


class Experiment(Spec):
    """A GAN training, framework-neutral."""

    name: Name
    """A short name; the default store is runs/NAME."""
    title: str = ""
    """A title of one line."""
    source: str = ""
    """Where it was published."""
    outcome: str = ""
    """What the source reports."""
    precision: Literal["float32", "float64", "bf16"] = "float32"
    """The type of all arithmetic of the training; ``"bf16"`` is float32 with the factors and the
    result of every matrix product and convolution rounded to bfloat16.
    """
    data: Data
    """The data distribution that the generator learns."""
    latent: Latent
    """The distribution of the generator's input."""
    generator: Player
    """The network that generates samples."""
    discriminator: Discriminator
    """The network that tells real from generated samples."""
    objective: Objective = Objective()
    """The losses and penalties that the players minimise."""
    schedule: Schedule
    """The number and order of the updates."""
    pretraining: Pretraining | None = None
    """Pre-training of the discriminator, if any."""
    recording: Recording
    """What is recorded, and how often."""
    success: Annotated[tuple[Rule, ...], Field(strict=False)] = ()
    """The bounds that a successful run satisfies; without bounds success is undefined."""
    stopping: Stopping | None = None
    """The rule for early stopping and for keeping the best weights, if any."""

    @model_validator(mode="after")
    def _fits_together(self) -> Experiment:
        refuse_misfits(self.game)
        if self.recording.plane is not None and not self._is_defined_in_the_plane():
            raise ValueError(
                "recording.plane needs data in the plane and a discriminator that judges single "
                "samples without labels"
            )
        if self.pretraining is not None:
            self._check_pretraining()
        self._check_chunk()
        return self

    def _is_defined_in_the_plane(self) -> bool:
        discriminator = self.discriminator
        in_the_plane = discriminator.sees.width(self.data.size, self.schedule.batch) == 2
        return in_the_plane and not discriminator.depends_on_batch and not self.data.classes

    def _check_pretraining(self) -> None:
        net = self.discriminator
        single = net.sees.kind == "samples" and net.members == 1 and net.shapes(1)[-1] == (1,)
        if not isinstance(self.data, Density) or not single:
            raise ValueError(
                "pretraining fits D to the density of the data at single points: it needs data "
                'with a known density and one discriminator that sees { kind = "samples" } and '
                "has one output"
            )

    def _check_chunk(self) -> None:
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
        """The number of iterations of the game."""
        return self.schedule.iterations

    @property
    def convolutional(self) -> bool:
        """Whether a player has convolutions."""
        return self.generator.convolutional or self.discriminator.convolutional

    @property
    def heavy(self) -> bool:
        """Whether one seed's update keeps a core busy, so that a group of seeds is no faster."""
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
        """The pre-training phase, if there is one."""
        if self.pretraining is None or not isinstance(self.data, Density):
            return None
        return Pretrain(self.pretraining, self.discriminator, self.data)

    def written(self) -> dict[str, object]:
        """The values that were set, without defaults: another kind has other defaults."""
        return self.model_dump(mode="json", exclude_unset=True)

    def resolved(self) -> dict[str, object]:
        """Every value, defaults included, as plain data; the run's id is a hash of it."""
        return self.model_dump(mode="json")
