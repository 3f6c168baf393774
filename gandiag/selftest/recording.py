"""Records a simulated run: the columns that gandiag's own metrics would have written."""

from __future__ import annotations

import numpy as np

from gandiag.analysis.record import Record
from gandiag.selftest.noise import Floats
from gandiag.selftest.simulated_run import SimulatedRun, normal_distance
from gandiag.selftest.target import MODE_STD, SAMPLES

Generator = np.random.Generator
Columns = dict[str, Floats]

FLOOR = 1.288 / np.sqrt(SAMPLES)
"""The Wasserstein distance between samples of the data, in standard deviations of the data."""

CEILING = 0.98889
"""The share of real samples that count as lying on a mode."""

DIRECTIONS = np.pi * (np.arange(8) + 0.37) / 8
"""The angles of the projections of the sliced distance, in radians."""


def record_run(rng: Generator, run: SimulatedRun) -> Record:
    """Measures a run with 2,500 samples at every log point.

    Two thirds of the runs use the same latent points at every log point, as gandiag does
    (devnag-1d: the mean moves less than its standard error); the others draw new ones.
    """
    measured = {} if run.unmeasured else _MEASURES[run.target.kind](rng, run)
    for values in measured.values():
        if run.frozen_from is not None:
            values[run.frozen_from :] = values[run.frozen_from]
        if run.nan_from is not None:
            values[run.nan_from :] = np.nan
    if measured:
        measured["n_samples"] = np.full(len(run), float(SAMPLES))
    end = len(run) if run.ends_at is None else run.ends_at + 1
    columns = {**run.players, **measured}
    return Record(
        iteration=run.iteration[:end],
        columns={name: values[:end].copy() for name, values in columns.items()},
        expected=run.target.expected,
        planned=int(run.iteration[-1]),
        diverged_at=None if run.diverged_at is None else int(run.iteration[run.diverged_at]),
    )


def _line(rng: Generator, run: SimulatedRun) -> Columns:
    scale, ratio, n = run.target.scale, run.ratio, len(run)
    error = _errors(rng, n, 4)
    root = np.sqrt(SAMPLES)
    skew, kurtosis = (0.1 * run.noise.draw(rng, n) * rng.uniform(0.1, 0.5) for _ in range(2))
    std = scale * ratio * (1 + error[1] / np.sqrt(2) / root)
    return {
        "mean": run.target.centre + scale * (run.offset + ratio * error[0] / root),
        "mean_se": std / root,
        "std": std,
        "std_se": std / np.sqrt(2) / root,
        "skew": skew + np.sqrt(6) / root * error[2],
        "skew_se": np.full(n, np.sqrt(6) / root),
        "kurtosis": kurtosis + np.sqrt(24) / root * error[3],
        "kurtosis_se": np.full(n, np.sqrt(24) / root),
        **_distance("wasserstein", rng, run),
    }


def _features(rng: Generator, run: SimulatedRun) -> Columns:
    error = _errors(rng, len(run), 1)[0]
    spread = run.target.scale * run.ratio * (1 + 0.005 * error)
    return {
        "spread": spread,
        "spread_se": 0.005 * spread,
        "spread_floor": np.full(len(run), run.target.scale),
        **_distance("sliced_wasserstein", rng, run),
    }


def _modes(rng: Generator, run: SimulatedRun) -> Columns:
    k = run.target.modes
    on_mode = rng.binomial(SAMPLES, np.clip(run.quality, 0.0, 1.0))
    counts = rng.multinomial(on_mode, run.shares).astype(np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        shares = counts / on_mode[:, None]
        logs = np.where(counts > 0, np.log(shares * k), 0.0)
        floor = np.where(on_mode > 0, (k - 1) / (2.0 * on_mode), np.nan)
        se = np.sqrt(shares * (1 - shares) / on_mode[:, None])
    divergence = np.where(on_mode > 0, (np.nan_to_num(shares) * logs).sum(axis=1), np.nan)
    high = on_mode / SAMPLES
    inner = run.ratio * (1 + 0.01 * _errors(rng, len(run), 1)[0])
    columns = {
        "modes": (counts > 0).sum(axis=1).astype(np.float64),
        "modes_robust": (counts >= 0.1 * np.maximum(on_mode, 1)[:, None] / k).sum(axis=1) * 1.0,
        "high_quality": high,
        "high_quality_se": np.sqrt(high * (1 - high) / SAMPLES),
        "reverse_kl": divergence,
        "reverse_kl_se": np.sqrt(np.maximum(divergence, floor) * 2 / np.maximum(on_mode, 1)),
        "reverse_kl_floor": floor,
        "spread_ratio": inner,
        "spread_ratio_se": 0.01 * inner,
    }
    constant = {"modes_floor": k, "modes_robust_floor": k, "high_quality_floor": CEILING}
    columns |= {name: np.full(len(run), float(v)) for name, v in constant.items()}
    columns["spread_ratio_floor"] = np.ones(len(run))
    columns |= {f"mode_share_{i}": shares[:, i].copy() for i in range(k)}
    columns |= {f"mode_share_{i}_se": se[:, i].copy() for i in range(k)}
    return columns | _moments(run, counts) | _sliced(run, counts)


def _moments(run: SimulatedRun, counts: Floats) -> Columns:
    """Mean and standard deviation along every axis, from the counts of the modes."""
    target, n = run.target, len(run)
    share = (counts + 1e-9) / (counts + 1e-9).sum(axis=1, keepdims=True)
    mean = share @ target.centres
    std = np.sqrt(share @ target.centres**2 - mean**2 + (MODE_STD * run.ratio[:, None]) ** 2)
    columns: Columns = {}
    for axis in range(2):
        columns[f"mean_{axis}"] = target.centre + target.scale * mean[:, axis]
        columns[f"std_{axis}"] = target.scale * std[:, axis]
        columns[f"mean_{axis}_se"] = columns[f"std_{axis}"] / np.sqrt(SAMPLES)
        columns[f"std_{axis}_se"] = columns[f"std_{axis}"] / np.sqrt(2 * SAMPLES)
    return {name: np.broadcast_to(values, n).copy() for name, values in columns.items()}


def _sliced(run: SimulatedRun, counts: Floats) -> Columns:
    """The sliced Wasserstein distance between the modes' shares and equal shares."""
    share = (counts + 1e-9) / (counts + 1e-9).sum(axis=1, keepdims=True)
    total = np.zeros(len(run))
    for angle in DIRECTIONS:
        along = run.target.centres @ [np.cos(angle), np.sin(angle)]
        order = np.argsort(along)
        gaps = np.abs(np.cumsum(share[:, order] - 1 / share.shape[1], axis=1))[:, :-1]
        total += gaps @ np.diff(along[order])
    stray = 1 - run.quality
    values = np.sqrt((total / len(DIRECTIONS)) ** 2 + (0.3 * stray) ** 2 + FLOOR**2)
    return _distances("sliced_wasserstein", run, values)


def _distance(name: str, rng: Generator, run: SimulatedRun) -> Columns:
    distance = normal_distance(run.offset, run.ratio)
    values = np.sqrt(distance**2 + run.shape**2 + FLOOR**2)
    return _distances(name, run, values * (1 + 0.02 * _errors(rng, len(run), 1)[0]))


def _distances(name: str, run: SimulatedRun, values: Floats) -> Columns:
    columns = {name: values, f"{name}_se": np.full(len(run), 0.4 / np.sqrt(SAMPLES))}
    columns[f"{name}_floor"] = np.full(len(run), FLOOR)
    return {column: run.target.scale * numbers for column, numbers in columns.items()}


def _errors(rng: Generator, n: int, several: int) -> Floats:
    """Sampling errors in units of the standard error [several, log point]."""
    constant, independent = rng.standard_normal((several, 1)), rng.standard_normal((several, n))
    return np.asarray(
        np.broadcast_to(constant, (several, n)) if rng.random() < 2 / 3 else independent
    )


_MEASURES = {"line": _line, "modes": _modes, "features": _features}
