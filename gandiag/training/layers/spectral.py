"""Spectral normalisation of a layer's weights (Miyato et al. 2018)."""

from __future__ import annotations

from collections.abc import Sequence

from gandiag.spec import Spec
from gandiag.training.initializers import NormalInit
from gandiag.training.layers.layer import LayerArrays, Parameter, Pass, Shape
from gandiag.training.operations import Array, Operations


class Normed(Spec):
    """A layer whose weights can be divided by their largest singular value.

    The value is found by one step of the power iteration a run, from the left singular vector of
    the run before, which is a buffer; the gradient takes both singular vectors as constants.
    """

    spectral_norm: bool = False
    """Whether the weights are divided by their largest singular value."""

    def buffers(self, given: Shape) -> tuple[Parameter, ...]:
        """The left singular vector, where the weights are normalised."""
        if not self.spectral_norm:
            return ()
        rows = self.parameters(given)[0].shape[0]  # type: ignore[attr-defined]
        return (Parameter("u", (rows, 1), (1, 1), "buffer", NormalInit(kind="normal", std=1.0)),)

    def normed(
        self, run: Pass, arrays: LayerArrays, rows: Sequence[int]
    ) -> tuple[Array, list[Array]]:
        """The weights to use, and the new vector.

        Args:
            run: The run of the network.
            arrays: The layer's arrays.
            rows: The weights' shape as a matrix in one lane, outputs first.
        """
        weights = arrays["weights"]
        if not self.spectral_norm:
            return weights, []
        ops = run.ops
        matrix = ops.reshape(weights, (-1, *_matrix_shape(weights, rows)))
        fixed = ops.stop_gradient(matrix)
        v = _unit(ops, ops.matmul(ops.transpose(fixed), arrays["u"]))
        u = _unit(ops, ops.matmul(fixed, v))
        largest = ops.matmul(ops.transpose(u), ops.matmul(matrix, v))  # [lane, 1, 1]
        scale = ops.reshape(largest, (-1, *[1] * (len(weights.shape) - 1)))
        return weights / scale, [u]


def _matrix_shape(weights: Array, rows: Sequence[int]) -> tuple[int, int]:
    total = 1
    for count in weights.shape[1:]:
        total *= count
    return (rows[0], total // rows[0])


def _unit(ops: Operations, vector: Array) -> Array:
    """A vector [lane, n, 1] of length one."""
    square = ops.sum(vector * vector, (1, 2))[:, None, None]
    return vector / ops.sqrt(square + 1e-24)
