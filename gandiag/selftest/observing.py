"""What is recorded of a simulated run: the columns that gandiag's own metrics would have."""

from __future__ import annotations

import numpy as np

from gandiag.analysis.record import Record
from gandiag.selftest.course import Course, normal_distance
from gandiag.selftest.noise import Floats
from gandiag.selftest.target import SAMPLES, WITHIN

Generator = np.random.Generator
Columns = dict[str, Floats]

FLOOR = 1.288 / np.sqrt(SAMPLES)
"""What the Wasserstein distance reads of the data themselves, in their standard deviations."""

CEILING = 0.98889
"""The part of the data that counts as lying on a mode."""

DIRECTIONS = np.pi * (np.arange(8) + 0.37) / 8
"""The angles of the slices of a plane."""


def observe(rng: Generator, course: Course) -> Record:
    """Measures a run with 2,500 samples at every log point.

    Two thirds of the runs are measured with the same latent points all along, as gandiag does
    (devnag-1d: the mean moves less than its standard error); the others with fresh ones.
    """
    measured = _MEASURES[course.target.family](rng, course)
    for values in measured.values():
        if course.held is not None:
            values[course.held :] = values[course.held]
        if course.lost is not None:
            values[course.lost :] = np.nan
    measured["n_samples"] = np.full(len(course), float(SAMPLES))
    end = len(course) if course.last is None else course.last + 1
    columns = {**course.players, **measured}
    return Record(
        iteration=course.iteration[:end],
        columns={name: values[:end].copy() for name, values in columns.items()},
        expected=course.target.expected,
        planned=int(course.iteration[-1]),
        diverged_at=None if course.diverged is None else int(course.iteration[course.diverged]),
    )


def _line(rng: Generator, course: Course) -> Columns:
    scale, ratio, n = course.target.scale, course.ratio, len(course)
    error = _errors(rng, n, 4)
    root = np.sqrt(SAMPLES)
    skew, kurtosis = (0.1 * course.noise.draw(rng, n) * rng.uniform(0.1, 0.5) for _ in range(2))
    std = scale * ratio * (1 + error[1] / np.sqrt(2) / root)
    return {
        "mean": course.target.centre + scale * (course.offset + ratio * error[0] / root),
        "mean_se": std / root,
        "std": std,
        "std_se": std / np.sqrt(2) / root,
        "skew": skew + np.sqrt(6) / root * error[2],
        "skew_se": np.full(n, np.sqrt(6) / root),
        "kurtosis": kurtosis + np.sqrt(24) / root * error[3],
        "kurtosis_se": np.full(n, np.sqrt(24) / root),
        **_distance("wasserstein", rng, course),
    }


def _features(rng: Generator, course: Course) -> Columns:
    error = _errors(rng, len(course), 1)[0]
    spread = course.target.scale * course.ratio * (1 + 0.005 * error)
    return {
        "spread": spread,
        "spread_se": 0.005 * spread,
        "spread_floor": np.full(len(course), course.target.scale),
        **_distance("sliced_wasserstein", rng, course),
    }


def _modes(rng: Generator, course: Course) -> Columns:
    k = course.target.modes
    on = rng.binomial(SAMPLES, np.clip(course.quality, 0.0, 1.0))
    counts = rng.multinomial(on, course.shares).astype(np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        shares = counts / on[:, None]
        logs = np.where(counts > 0, np.log(shares * k), 0.0)
        floor = np.where(on > 0, (k - 1) / (2.0 * on), np.nan)
        se = np.sqrt(shares * (1 - shares) / on[:, None])
    divergence = np.where(on > 0, (np.nan_to_num(shares) * logs).sum(axis=1), np.nan)
    high = on / SAMPLES
    inner = course.ratio * (1 + 0.01 * _errors(rng, len(course), 1)[0])
    columns = {
        "modes": (counts > 0).sum(axis=1).astype(np.float64),
        "modes_robust": (counts >= 0.1 * np.maximum(on, 1)[:, None] / k).sum(axis=1) * 1.0,
        "high_quality": high,
        "high_quality_se": np.sqrt(high * (1 - high) / SAMPLES),
        "reverse_kl": divergence,
        "reverse_kl_se": np.sqrt(np.maximum(divergence, floor) * 2 / np.maximum(on, 1)),
        "reverse_kl_floor": floor,
        "spread_ratio": inner,
        "spread_ratio_se": 0.01 * inner,
    }
    whole = {"modes_floor": k, "modes_robust_floor": k, "high_quality_floor": CEILING}
    columns |= {name: np.full(len(course), float(v)) for name, v in whole.items()}
    columns["spread_ratio_floor"] = np.ones(len(course))
    columns |= {f"mode_share_{i}": shares[:, i].copy() for i in range(k)}
    columns |= {f"mode_share_{i}_se": se[:, i].copy() for i in range(k)}
    return columns | _moments(course, counts) | _sliced(course, counts)


def _moments(course: Course, counts: Floats) -> Columns:
    """Mean and standard deviation of every axis, from where the samples lie."""
    target, n = course.target, len(course)
    share = (counts + 1e-9) / (counts + 1e-9).sum(axis=1, keepdims=True)
    mean = share @ target.centres
    std = np.sqrt(share @ target.centres**2 - mean**2 + (WITHIN * course.ratio[:, None]) ** 2)
    columns: Columns = {}
    for axis in range(2):
        columns[f"mean_{axis}"] = target.centre + target.scale * mean[:, axis]
        columns[f"std_{axis}"] = target.scale * std[:, axis]
        columns[f"mean_{axis}_se"] = columns[f"std_{axis}"] / np.sqrt(SAMPLES)
        columns[f"std_{axis}_se"] = columns[f"std_{axis}"] / np.sqrt(2 * SAMPLES)
    return {name: np.broadcast_to(values, n).copy() for name, values in columns.items()}


def _sliced(course: Course, counts: Floats) -> Columns:
    """The sliced Wasserstein distance between the modes' shares and even ones."""
    share = (counts + 1e-9) / (counts + 1e-9).sum(axis=1, keepdims=True)
    total = np.zeros(len(course))
    for angle in DIRECTIONS:
        along = course.target.centres @ [np.cos(angle), np.sin(angle)]
        order = np.argsort(along)
        gaps = np.abs(np.cumsum(share[:, order] - 1 / share.shape[1], axis=1))[:, :-1]
        total += gaps @ np.diff(along[order])
    stray = 1 - course.quality
    values = np.sqrt((total / len(DIRECTIONS)) ** 2 + (0.3 * stray) ** 2 + FLOOR**2)
    return _distances("sliced_wasserstein", course, values)


def _distance(name: str, rng: Generator, course: Course) -> Columns:
    apart = normal_distance(course.offset, course.ratio)
    values = np.sqrt(apart**2 + course.shape**2 + FLOOR**2)
    return _distances(name, course, values * (1 + 0.02 * _errors(rng, len(course), 1)[0]))


def _distances(name: str, course: Course, values: Floats) -> Columns:
    columns = {name: values, f"{name}_se": np.full(len(course), 0.4 / np.sqrt(SAMPLES))}
    columns[f"{name}_floor"] = np.full(len(course), FLOOR)
    return {each: course.target.scale * numbers for each, numbers in columns.items()}


def _errors(rng: Generator, n: int, several: int) -> Floats:
    """Sampling errors in units of the standard error [several, log point]."""
    same, fresh = rng.standard_normal((several, 1)), rng.standard_normal((several, n))
    return np.asarray(np.broadcast_to(same, (several, n)) if rng.random() < 2 / 3 else fresh)


_MEASURES = {"line": _line, "modes": _modes, "features": _features}
