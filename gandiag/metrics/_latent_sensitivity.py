"""How much the generator's output changes with its input."""

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
    difference (G(z + h v) - G(z - h v)) / (2 h), with an error of h^2 times a third derivative plus
    the rounding error over h: the default step suits float32, 1e-5 suits float64. The standard
    error is that of a mean of squares over the latent points, by the delta method.

    How to read it: 0 is a generator that ignores z; a fall towards it during training is a
    collapse in progress. It misleads where the modes are far apart: a correct generator is flat
    within them and steep between, and a few points in between dominate the value and its
    standard error. With batch statistics the samples depend on each other: put the generator in
    evaluation mode.

    Args:
        generator: G, which maps z [n, k] to samples [n, d]; z is a NumPy array.
        latent: The latent points z [n, k], or [n] for k = 1.
        jvp: ``jvp(z, v)``, the exact J v [n, d] for directions v [n, k].
        step: The step h, in the unit of z.
        seed: The seed of the directions.

    Returns:
        An estimate in units of x per unit of z, with floor 0; NaN if G gives NaN.

    Raises:
        ValueError: Fewer than two latent points, points that are not finite, or another number of
            samples from G.

    >>> estimate = latent_sensitivity(generator=lambda z: 3 * z, latent=[0.1, -0.4, 0.7])
    >>> round(estimate.value, 6)
    3.0
    """
    z = vectors(latent, "latent", 2)
    if not np.isfinite(z).all():
        raise ValueError("latent holds points that are NaN or infinite; drop them first")
    v = np.random.default_rng(seed).standard_normal(z.shape)
    v /= np.linalg.norm(v, axis=1, keepdims=True)
    latent_array = to_numpy(latent)

    def like_latent(points: Floats) -> Any:
        """The points in the shape and precision of ``latent``; G may need float32."""
        dtype = np.float32 if latent_array.dtype == np.float32 else np.float64
        return points.reshape(latent_array.shape).astype(dtype)

    if jvp is not None:
        differences = vectors(jvp(like_latent(z), like_latent(v)), "jvp's answer")
    else:
        ends = [vectors(generator(like_latent(z + h * v)), "fake") for h in (step, -step)]
        differences = (ends[0] - ends[1]) / (2 * step)
    if len(differences) != len(z):
        raise ValueError(
            f"{len(z)} latent points gave {len(differences)} samples; G must give one for each"
        )
    squares = np.einsum("ij,ij->i", differences, differences)
    value = math.sqrt(squares.mean())
    se = float(squares.std(ddof=1)) / math.sqrt(len(z)) / (2 * value) if value else 0.0
    return Estimate(value, se, 0.0, len(z))
