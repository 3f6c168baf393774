"""How much the generator's output moves when its input does."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from gandiag.arrays import to_numpy
from gandiag.metrics.estimate import Estimate
from gandiag.metrics.samples import Floats, vectors


@np.errstate(all="ignore")
def latent_sensitivity(
    *,
    generator: Callable[[Any], ArrayLike],
    latent: ArrayLike,
    jvp: Callable[[Any, Any], ArrayLike] | None = None,
    step: float = 5e-3,
    seed: int = 0,
) -> Estimate:
    """The root mean square of |J v| over latent points and random unit directions v.

    J is the Jacobian of the generator; as E|J v|^2 = ||J||_F^2 / k in k dimensions, it is the
    root mean square singular value times sqrt(min(d, k) / k). Without ``jvp`` J v is the central
    difference (G(z + h v) - G(z - h v)) / (2 h), in error by h^2 times a third derivative and by
    the rounding over h: the step given suits float32, 1e-5 suits float64. The standard error is
    that of a mean of squares over the latent points, by the delta method.

    How to read it: 0 is a generator that ignores z; a fall towards it during a training is a
    collapse under way. It misleads where the modes are far apart: a right generator is flat
    within them and steep between, and a few points in between carry the number and its
    standard error. With batch statistics inside, the samples hold hands: put the generator in
    evaluation mode.

    Args:
        generator: G, which maps z [n, k] to samples [n, d]; z is a NumPy array.
        latent: The latent points z [n, k], or [n] for k = 1.
        jvp: ``jvp(z, v)``, the exact J v [n, d] for directions v [n, k].
        step: The step h, in the unit of z.
        seed: Of the directions.

    Returns:
        An estimate in units of x a unit of z, with floor 0; NaN where G gives NaN.

    Raises:
        ValueError: The latent points are too few or not finite, or G gives another number of
            samples.

    >>> found = latent_sensitivity(generator=lambda z: 3 * z, latent=[0.1, -0.4, 0.7])
    >>> round(found.value, 6)
    3.0
    """
    z = vectors(latent, "latent", 2)
    if not np.isfinite(z).all():
        raise ValueError("latent holds points that are NaN or infinite; drop them first")
    v = np.random.default_rng(seed).standard_normal(z.shape)
    v /= np.linalg.norm(v, axis=1, keepdims=True)
    given = to_numpy(latent)

    def as_given(points: Floats) -> Any:
        """As the points came: a generator of float32 wants float32."""
        kind = np.float32 if given.dtype == np.float32 else np.float64
        return points.reshape(given.shape).astype(kind)

    if jvp is not None:
        moved = vectors(jvp(as_given(z), as_given(v)), "jvp's answer")
    else:
        ends = [vectors(generator(as_given(z + h * v)), "fake") for h in (step, -step)]
        moved = (ends[0] - ends[1]) / (2 * step)
    if len(moved) != len(z):
        raise ValueError(f"{len(z)} latent points gave {len(moved)} samples; one each is needed")
    squares = np.einsum("ij,ij->i", moved, moved)
    value = math.sqrt(squares.mean())
    se = float(squares.std(ddof=1)) / math.sqrt(len(z)) / (2 * value) if value else 0.0
    return Estimate(value, se, 0.0, len(z))
