"""The networks of a finished run with their weights, and samples of them.

It reads a run's directory and needs no framework.
"""

from gandiag.sampling.net import Net
from gandiag.sampling.part import Part
from gandiag.sampling.sample import latent_points, sample, samples_of
from gandiag.sampling.trained_networks import TrainedNetworks, read_trained_networks
from gandiag.store.weights import Which

__all__ = [
    "Net",
    "Part",
    "TrainedNetworks",
    "Which",
    "latent_points",
    "read_trained_networks",
    "sample",
    "samples_of",
]
