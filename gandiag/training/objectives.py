"""The two players' losses, each a mean over the batch, one value a lane."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from gandiag.spec import Spec
from gandiag.training.operations import Array, Operations


class Objective(Spec):
    """What the players minimise.

    Attributes:
        game: ``"gan"`` (Goodfellow et al. 2014; the score is the logit of "real") or
            ``"wasserstein"`` (Arjovsky et al. 2017; the score is a critic's).
        generator: ``"non-saturating"`` -log D(G(z)), or ``"minimax"`` log(1 - D(G(z))); a
            Wasserstein game is always minimax.
        form: How the logarithms are taken: of ``"logits"``, which cannot overflow, or of
            ``"probabilities"`` without a safeguard, as the oldest codes do; there log 0 is
            reached in practice and the run diverges.
        r1: The weight gamma of gamma/2 · E|grad_x score(x)|² at real x (Mescheder et al. 2018).
        instance_noise: The standard deviation of the normal noise that is added to everything
            the discriminator is shown (Sønderby et al. 2017).
    """

    game: Literal["gan", "wasserstein"] = "gan"
    generator: Literal["non-saturating", "minimax"] = "non-saturating"
    form: Literal["logits", "probabilities"] = "logits"
    r1: Annotated[float, Field(ge=0)] = 0.0
    instance_noise: Annotated[float, Field(ge=0)] = 0.0

    @model_validator(mode="after")
    def _fits_the_game(self) -> Objective:
        if self.game == "wasserstein" and self.generator != "minimax":
            raise ValueError('a wasserstein game needs generator = "minimax"')
        if self.game == "wasserstein" and self.form != "logits":
            raise ValueError('a wasserstein game has scores and no probabilities: form = "logits"')
        return self

    def d_loss(self, ops: Operations, real: Array, fake: Array) -> Array:
        """The discriminator's loss from its scores [lane, 1, answers], shape [lane]."""
        if self.game == "wasserstein":
            return _batch_mean(ops, fake) - _batch_mean(ops, real)
        return _batch_mean(ops, self._surprise(ops, real)) + _batch_mean(
            ops, self._surprise(ops, -fake)
        )

    def g_loss(self, ops: Operations, fake: Array) -> Array:
        """The generator's loss from the discriminator's scores [lane, 1, answers], shape [lane]."""
        if self.game == "wasserstein":
            return -_batch_mean(ops, fake)
        if self.generator == "minimax":
            return -_batch_mean(ops, self._surprise(ops, -fake))
        return _batch_mean(ops, self._surprise(ops, fake))

    def answer(self, ops: Operations, scores: Array) -> Array:
        """What D is said to answer: a probability of "real", or a critic's raw score."""
        return ops.sigmoid(scores) if self.game == "gan" else scores

    def _surprise(self, ops: Operations, scores: Array) -> Array:
        """-log sigmoid(scores)."""
        if self.form == "logits":
            return ops.softplus(-scores)
        return -ops.log(ops.sigmoid(scores))


def r1_penalty(ops: Operations, gradient: Array, weight: float, answers: int) -> Array:
    """Half the weight times the mean squared norm of the score's gradient, shape [lane].

    Args:
        ops: The array operations.
        gradient: d(sum of scores)/d(input), [lane, feature, batch].
        weight: gamma.
        answers: How many scores there were: the mean is over them.
    """
    return ops.sum(gradient * gradient, (1, 2)) * (0.5 * weight / answers)


def _batch_mean(ops: Operations, values: Array) -> Array:
    return ops.mean(values, (1, 2))[:, 0, 0]
