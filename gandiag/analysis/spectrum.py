"""Rotation in theory: the recorded eigenvalues of a game, and the period of the Dirac-GAN."""

from __future__ import annotations

import math
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from gandiag.analysis.finding import Finding
from gandiag.analysis.record import Record

Updates = Literal["simultaneous", "alternating"]


def dirac_period(
    learning_rates: tuple[float, float], *, updates: Updates = "simultaneous", gradient: float = 0.5
) -> float:
    """The period of a small orbit of the Dirac-GAN, in iterations (Mescheder et al. 2018), or inf.

    With a = gradient √(h_d h_g) the angle per step is atan a for simultaneous updates and
    acos(1 - a² / 2) for alternating ones, which do not rotate beyond a = 2.

    >>> round(dirac_period((0.2, 0.2), updates="alternating"), 3)
    62.806
    """
    a = gradient * math.sqrt(learning_rates[0] * learning_rates[1])
    if updates == "alternating":
        angle = math.acos(1 - a * a / 2) if a <= 2 else 0.0
    else:
        angle = math.atan(a)
    return 2 * math.pi / angle if angle > 0 else math.inf


def eigenvalues(record: Record) -> NDArray[np.complex128] | None:
    """The game's last recorded ones, of ``eigenvalue_k_real`` and ``eigenvalue_k_imag``."""
    found = []
    for k in range(len(record.columns)):
        parts = [record.series(f"eigenvalue_{k}_{part}") for part in ("real", "imag")]
        if any(part is None for part in parts):
            break
        found.append(complex(*(float(p[np.isfinite(p)][-1]) for p in parts if p is not None)))
    return np.array(found) if found else None


def jacobian(record: Record) -> Finding:
    """The greatest real part of the recorded eigenvalues of the game's vector field.

    How to read it: below 0 small enough steps converge, above 0 they diverge, at 0 the players
    orbit. It misleads away from an equilibrium, and for Adam or momentum.
    """
    values = eigenvalues(record)
    if values is None:
        return Finding(math.nan, 0, "not enough data: no eigenvalues were recorded")
    first = complex(values[int(np.argmax(values.real))])
    return Finding(
        first.real,
        len(values),
        f"the game {_course(first)} at its leading eigenvalue {first:.3g}, {_rotation(first)}",
        floor=0.0,
        evidence={"imaginary": abs(first.imag)},
    )


def _course(value: complex) -> str:
    if abs(value.real) <= 1e-9 * abs(value):
        return "orbits"
    return "diverges" if value.real > 0 else "converges"


def _rotation(value: complex) -> str:
    if not value.imag:
        return "without rotation"
    period = 2 * math.pi / abs(value.imag)
    return f"with period {period:.3g} in units of learning rate times steps"
