"""Simulated runs with a fault, and what the tests read from their columns."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from gandiag.analysis.record import Record, Series
from gandiag.selftest.cases import Truth, cases

COUNT = 12

Drawn = tuple[Record, Truth, int]


def drawn(name: str) -> Iterator[Drawn]:
    """Records with a fault, their truth and the log point of the onset."""
    for case in cases("calibrating", COUNT, (name,)):
        record, truth = case.draw()
        yield record, truth, int(np.searchsorted(record.iteration, truth.onset or 0))


def std_ratio(record: Record) -> Series:
    """The samples' standard deviation over the data's."""
    if record.expected.spread:
        return record.columns["spread"] / record.expected.spread
    return record.columns["std"] / record.expected.std[0]


def error_of_mean(record: Record) -> Series:
    """The error of the mean in std; for features, the distance of the distributions."""
    if record.expected.spread:
        return record.columns["sliced_wasserstein"] / record.expected.spread
    return (record.columns["mean"] - record.expected.mean[0]) / record.expected.std[0]


def final(values: Series) -> float:
    """The median of the last tenth of the log points, at least of six."""
    return float(np.median(values[-max(6, len(values) // 10) :]))


def sample_columns(record: Record) -> list[str]:
    return [
        name for name in record.columns if not name.startswith(("d_", "g_")) and name != "n_samples"
    ]


def constant(record: Record, names: list[str], at: int) -> bool:
    return all(len(set(record.columns[name][at:].tolist())) == 1 for name in names)
