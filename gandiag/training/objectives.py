"""The two players' losses, each a mean over the batch, one value a lane."""

from __future__ import annotations

import math
from typing import Annotated, Literal

from pydantic import Field, model_validator

from gandiag.spec import Spec
from gandiag.training.operations import Array, Operations

Weight = Annotated[float, Field(ge=0)]

_EQUILIBRIUM = {"wasserstein": (0.0, 0.0), "least-squares": (0.25, 0.125), "hinge": (2.0, 0.0)}
"""D's and G's loss where D cannot tell real from generated."""


class Objective(Spec):
    """What the players minimise."""

    game: Literal["gan", "wasserstein", "least-squares", "hinge"] = "gan"
    """``"gan"`` (Goodfellow et al. 2014; the score is the logit of "real"), ``"wasserstein"``
    (Arjovsky et al. 2017), ``"least-squares"`` (Mao et al. 2017, targets 1 and 0, halved) or
    ``"hinge"`` (Lim & Ye 2017); in these three the score is a critic's.
    """
    generator: Literal["non-saturating", "minimax", "zero-sum"] | None = None
    """For a GAN ``"non-saturating"`` -log D(G(z)), which is the default, ``"minimax"`` log(1 -
    D(G(z))), or ``"zero-sum"``: minus the whole of D's loss, with the gradient of minimax. The
    other games have one form each.
    """
    form: Literal["logits", "probabilities", "clipped"] = "logits"
    """How a GAN's logarithms are taken: of ``"logits"``, which cannot overflow, of
    ``"probabilities"`` without a safeguard, as the oldest codes do; there log 0 is reached in
    practice and the run diverges; or of probabilities ``"clipped"`` at 1e-5.
    """
    stacked: bool = False
    """Whether D's loss is the mean over the real and generated rows together, so half of the sum of
    their means.
    """
    smoothing: Annotated[float, Field(ge=0, lt=0.5)] = 0.0
    """One-sided label smoothing (Salimans et al. 2016): a GAN's target for real samples is 1 less
    this.
    """
    r1: Weight = 0.0
    """The weight gamma of gamma/2 · E|grad_x score(x)|² at real x (Mescheder et al. 2018); a pack
    of samples or a batch counts as one x where D sees it as one.
    """
    gradient_penalty: Weight = 0.0
    """The weight of E(|grad_x score(x)| - 1)² between real and generated samples, or packs of them
    (Gulrajani et al. 2017).
    """
    instance_noise: Weight = 0.0
    """The standard deviation of the normal noise that is added to everything the discriminator
    sees (Sønderby et al. 2017).
    """
    consensus: Weight = 0.0
    """The weight of half the squared norm of both players' gradients, which both descend (Mescheder
    et al. 2017); it needs simultaneous updates.
    """
    unrolled: Annotated[int, Field(ge=0)] = 0
    """How many of its own steps D answers a G update with, inside G's loss (Metz et al. 2017); G's
    gradient goes through them.
    """
    pairing: (
        Annotated[
            tuple[Annotated[tuple[Weight, ...], Field(strict=False)], ...], Field(strict=False)
        ]
        | None
    ) = None
    """With several generators and discriminators the weight of each pair, a row a generator; equal
    ones by default.
    """

    @model_validator(mode="after")
    def _fits_the_game(self) -> Objective:
        if self.game == "gan":
            return self
        if self.form != "logits" or self.smoothing:
            raise ValueError(
                f"a {self.game} game has scores and no probabilities: leave form and smoothing out"
            )
        allowed = (None, "minimax") if self.game == "wasserstein" else (None,)
        if self.generator not in allowed:
            raise ValueError(
                f'a {self.game} game has one generator loss: leave generator = "{self.generator}" '
                f"out, e.g. with --set 'objective={{game=\"{self.game}\"}}'"
            )
        return self

    @property
    def zero_sum(self) -> bool:
        """Whether G's loss is all of D's, so that it needs the real batch too."""
        return self.generator == "zero-sum"

    @property
    def equilibrium(self) -> tuple[float, float]:
        """D's and G's loss where D cannot tell the samples apart, without any penalty."""
        scale = 0.5 if self.stacked else 1.0
        if self.game != "gan":
            d, g = _EQUILIBRIUM[self.game]
            return scale * d, g
        # The best answer to equal parts of both is not .5 where the real target is less than 1.
        p = (1 - self.smoothing) / 2
        d = -(math.log(p) * (1 - self.smoothing) + math.log(1 - p) * (1 + self.smoothing))
        g = {"zero-sum": -scale * d, "minimax": math.log(1 - p)}.get(
            self.generator or "", -math.log(p)
        )
        return scale * d, g

    def real_loss(self, ops: Operations, scores: Array) -> Array:
        """D's loss on real samples, of the shape of the scores."""
        if self.game == "wasserstein":
            return -scores
        if self.game == "least-squares":
            return 0.5 * (scores - 1) * (scores - 1)
        if self.game == "hinge":
            return ops.relu(1 - scores)
        loss = self._minus_log_real(ops, scores)
        if not self.smoothing:
            return loss
        return (1 - self.smoothing) * loss + self.smoothing * self._minus_log_fake(ops, scores)

    def fake_loss(self, ops: Operations, scores: Array) -> Array:
        """D's loss on generated samples, of the shape of the scores."""
        if self.game == "wasserstein":
            return scores
        if self.game == "least-squares":
            return 0.5 * scores * scores
        if self.game == "hinge":
            return ops.relu(1 + scores)
        return self._minus_log_fake(ops, scores)

    def g_loss(self, ops: Operations, scores: Array) -> Array:
        """G's loss on generated samples, of the shape of the scores."""
        if self.game in ("wasserstein", "hinge"):
            return -scores
        if self.game == "least-squares":
            return 0.5 * (scores - 1) * (scores - 1)
        if self.generator in ("minimax", "zero-sum"):
            return -self._minus_log_fake(ops, scores)
        return self._minus_log_real(ops, scores)

    def answer(self, ops: Operations, scores: Array) -> Array:
        """D's answer: a probability of "real", or a critic's raw score."""
        return ops.sigmoid(scores) if self.game == "gan" else scores

    def _minus_log_real(self, ops: Operations, scores: Array) -> Array:
        """-log of the probability of "real"."""
        if self.form == "logits":
            return ops.softplus(-scores)
        return self._minus_log(ops, ops.sigmoid(scores))

    def _minus_log_fake(self, ops: Operations, scores: Array) -> Array:
        """-log of the probability of "generated"."""
        if self.form == "logits":
            return ops.softplus(scores)
        return self._minus_log(ops, 1 - ops.sigmoid(scores))

    def _minus_log(self, ops: Operations, probability: Array) -> Array:
        if self.form == "clipped":
            probability = ops.clip(probability, 1e-5, 1.0)
        return -ops.log(probability)


def r1_penalty(ops: Operations, gradient: Array, weight: float, answers: int) -> Array:
    """Half the weight times the mean squared norm of the score's gradient, shape [lane].

    Args:
        ops: The array operations.
        gradient: d(sum of scores)/d(input), [lane, feature, batch].
        weight: gamma.
        answers: How many scores there were: the mean is over them.
    """
    return ops.sum(gradient * gradient, (1, 2)) * (0.5 * weight / answers)


def gradient_penalty(ops: Operations, gradient: Array, weight: float) -> Array:
    """The weight times the mean squared distance of the gradient's norm from 1, shape [lane].

    Args:
        ops: The array operations.
        gradient: d(score)/d(its input), a sample or a pack, [lane, feature, answers].
        weight: lambda.
    """
    # Without the tiny number, a gradient of exactly 0 would itself have the gradient NaN.
    length = ops.sqrt(ops.sum(gradient * gradient, 1) + 1e-24)
    return weight * ops.mean((length - 1) * (length - 1), 1)[:, 0]
