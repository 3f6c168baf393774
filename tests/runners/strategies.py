"""Computes what the strategies do on one backend: ``python strategies.py BACKEND FILE``.

The losses of small games and their slopes, the orbits of the Dirac-GAN, and in passing whether
the runner keeps its promise.
"""

from __future__ import annotations

import sys

import numpy as np
from frameworks import framework
from losses import losses
from moves import moves
from orbits import orbits
from replaying import check_promises

from gandiag.plugins import runner


def main(backend: str, path: str) -> None:
    """Computes everything and writes it to an ``.npz`` file."""
    work = framework(backend)
    values = {f"loss/{name}": value for name, value in losses(work).items()}
    values |= {f"move/{name}": value for name, value in moves(work).items()}
    values |= {f"orbit/{name}": value for name, value in orbits(work).items()}
    check_promises(runner(backend))
    np.savez(path, **values)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
