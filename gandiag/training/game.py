"""The game: two players, their objective and schedule, and the random numbers it needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from gandiag.training.objectives import Objective
from gandiag.training.players import Discriminator, Player
from gandiag.training.process import Draw, Source
from gandiag.training.schedule import Schedule

WeightsAndBuffers = tuple[NDArray[np.floating], NDArray[np.floating] | None]
"""A player's weights [lane, parameters] and the buffers of its layers [lane, n]."""


@dataclass(frozen=True)
class Game:
    """The phase in which generator and discriminator are trained.

    Attributes:
        generator: The player that makes samples.
        discriminator: The player that judges them.
        objective: What they minimise.
        schedule: Which player is updated when.
        data: The distribution of the data.
        data_size: The number of coordinates of a sample.
        classes: The number of classes of the labels that the data's draws end with.
        latent: The distribution of the generator's input.
        latent_size: The number of its coordinates.
        noise: The standard normal distribution, for instance noise.
        uniform: The uniform distribution on (0, 1), for points between real and generated samples.
        samples: How many generated samples are recorded.
        batches: How many batches a discriminator that judges batches is evaluated on.
    """

    generator: Player
    discriminator: Discriminator
    objective: Objective
    schedule: Schedule
    data: Source
    data_size: int
    classes: int
    latent: Source
    latent_size: int
    noise: Source
    uniform: Source
    samples: int
    batches: int

    @property
    def name(self) -> Literal["train"]:
        """The name of the phase."""
        return "train"

    @property
    def iterations(self) -> int:
        """How many iterations it has."""
        return self.schedule.iterations

    @property
    def draws(self) -> Mapping[str, Draw]:
        """The random numbers of an iteration, by the name of their stream."""
        plan, batch = self.schedule, self.schedule.batch
        reals = plan.d_steps if plan.real == "fresh" else 1
        draws = {"real": Draw(self.data, reals, self.data_size + self.classes, batch)}
        if plan.latent == "shared":
            draws["latent"] = Draw(self.latent, 1, self.latent_size, batch)
        else:
            draws["d_latent"] = Draw(self.latent, plan.d_steps, self.latent_size, batch)
            draws["g_latent"] = Draw(self.latent, plan.g_steps, self.latent_size, batch)
        if self.objective.instance_noise:
            for stream, count in (
                ("d_real_noise", plan.d_steps),
                ("d_fake_noise", plan.d_steps),
                ("g_fake_noise", plan.g_steps),
            ):
                draws[stream] = Draw(self.noise, count, self.data_size, batch)
        if self.objective.gradient_penalty:
            draws["d_mix"] = Draw(self.uniform, plan.d_steps, 1, batch)
        return draws

    @property
    def d_inputs(self) -> int:
        """The number of inputs of the discriminator, labels not counted."""
        return self.discriminator.sees.width(self.data_size, self.schedule.batch)

    @property
    def g_classes(self) -> int:
        """The number of classes of the labels that the generator takes."""
        return self.classes if self.generator.labels != "none" else 0

    @property
    def d_classes(self) -> int:
        """The number of classes of the labels that the discriminator takes."""
        return self.classes if self.discriminator.labels != "none" else 0

    @property
    def evaluates_batches(self) -> bool:
        """Whether D is evaluated on batches as in training, and not on the recorded samples.

        So it is where an answer about a sample depends on others, and where each pack comes from
        one of several generators.
        """
        sees = self.discriminator.sees
        packed = sees.kind == "packed" and sees.count > 1
        return self.discriminator.depends_on_batch or (packed and self.generator.members > 1)

    @property
    def needs_real_for_g(self) -> bool:
        """Whether a G update needs real samples."""
        return self.objective.zero_sum or self.objective.unrolled > 0

    def initial(
        self,
        g: NDArray[np.floating] | WeightsAndBuffers,
        d: NDArray[np.floating] | WeightsAndBuffers,
    ) -> dict[str, object]:
        """The state before the first iteration.

        Args:
            g: The generator's weights [lane, parameters], alone or with its buffers.
            d: The discriminator's.
        """
        g_start, d_start = (x if isinstance(x, tuple) else (x, None) for x in (g, d))
        return {
            "g": self.generator.init_state(*g_start),
            "d": self.discriminator.init_state(*d_start),
            "failed_at": np.full(len(g_start[0]), -1, np.int32),
        }
