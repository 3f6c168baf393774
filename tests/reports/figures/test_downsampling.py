"""Downsampling keeps the ends, the extremes and the gaps of a curve."""

from __future__ import annotations

import numpy as np

from gandiag_html.figures.downsampling import downsample


def test_downsampling_keeps_the_ends_and_the_extremes() -> None:
    x = np.arange(10_000.0)
    y = np.sin(x / 50)
    y[[1234, 8765]] = [9.0, -9.0]
    few, kept = downsample(x, y, 300)
    assert len(few) <= 300
    assert (few[0], few[-1]) == (0.0, 9999.0)
    assert (kept.max(), kept.min()) == (9.0, -9.0)
    assert (np.diff(few) > 0).all()
    assert np.array_equal(y[few.astype(int)], kept)


def test_downsampling_keeps_gaps_as_gaps() -> None:
    x, y = np.arange(1000.0), np.full(1000, np.nan)
    y[:10] = 1.0
    _, kept = downsample(x, y, 100)
    assert np.isnan(kept).any()
