"""The networks of a finished run with their weights, and samples of them.

It reads a run's directory and needs no framework.
"""

from gandiag.sampling.learned import Learned, read_learned
from gandiag.sampling.net import Net
from gandiag.sampling.part import Part
from gandiag.sampling.sample import latent_points, sample, samples_of
from gandiag.store.weights import Which

__all__ = [
    "Learned",
    "Net",
    "Part",
    "Which",
    "latent_points",
    "read_learned",
    "sample",
    "samples_of",
]
