"""The machine's rate of multiplying matrices: seconds that some floating-point operations take."""

from __future__ import annotations

import sys
import time

import numpy as np


def main(operations: float) -> None:
    """Multiplies for every line on standard input and prints seconds for the operations."""
    a = np.random.default_rng(0).random((1024, 1024), dtype=np.float32)
    a @ a
    print("ready", flush=True)
    for _ in sys.stdin:
        began = time.perf_counter()
        for _ in range(4):
            a @ a
        print((time.perf_counter() - began) / (4 * 2 * 1024**3) * operations, flush=True)


if __name__ == "__main__":
    main(float(sys.argv[1]))
