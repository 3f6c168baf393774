"""Do the losses look right while the samples are wrong? And does D lag, or is G bad?"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from gandiag.analysis.finding import Finding
from gandiag.analysis.loss_scale import CHANCE_LOSS, loss_column
from gandiag.analysis.quality import quality
from gandiag.analysis.record import Record, Series
from gandiag.analysis.series import format_number, mask_overflow, trend
from gandiag.analysis.thresholds import (
    EQUILIBRIUM_POINTS,
    RECENT,
    TEXTBOOK,
    TEXTBOOK_NOISE,
    TEXTBOOK_SE,
)


@dataclass(frozen=True)
class LossLevel:
    """The level of a loss, and whether it is near its equilibrium and constant."""

    column: str
    level: float
    expected: float
    near: bool
    still: bool

    @property
    def at_equilibrium(self) -> bool:
        """Whether it is at its equilibrium."""
        return self.near and self.still

    @property
    def miss(self) -> str:
        """How it misses its equilibrium."""
        if self.near:
            return f"{self.column} fluctuates around {self.expected:.3g}"
        return f"{self.column} {self.level:.3g} instead of {self.expected:.3g}"


def equilibrium(record: Record) -> Finding:
    """How far the samples are from the data while the losses are, or are not, at equilibrium.

    Over the last tenth of the planned length a loss is at its equilibrium where its mean is
    within 5 % of the textbook value, or two standard errors, and its standard deviation within
    15 %. An L2 term is left out where it was recorded apart. The value is the median distance
    from the data above its floor; ``hidden`` in the evidence is 1 where the losses are at
    equilibrium and the samples are not good.

    How to read it: losses at equilibrium show that *this* D cannot separate the samples, not that
    none could. Where ``hidden`` is 1, no loss shows what is wrong.

    It misleads where the measure of quality is blinder than D, and for a critic, whose equilibrium
    is 0 on a scale of its own: there the greatest part of its losses is the unit.
    """
    measured, levels = quality(record), _levels(record)
    why = record.trouble or _missing(record, levels, measured is None)
    recent = record.tail(RECENT, EQUILIBRIUM_POINTS) if len(record) else slice(0, 0)
    excess = mask_overflow(measured.excess[recent]) if measured else np.empty(0)
    excess = excess[np.isfinite(excess)]
    if measured is None or why or len(excess) < EQUILIBRIUM_POINTS:
        few = f"samples were measured at {len(excess)} of the last log points"
        why = why or f"{few}, of {EQUILIBRIUM_POINTS}"
        return Finding(math.nan, 0, f"not enough data: {why}")
    far = float(np.median(excess))
    unit = f" {measured.unit}" if measured.unit else ""
    at, good = all(each.at_equilibrium for each in levels), far <= measured.good
    return Finding(
        far,
        len(excess),
        _sentence(levels, f"{measured.words} is {format_number(far)}{unit} above its floor", good),
        floor=0.0,
        against="the data",
        evidence={"at_equilibrium": int(at), "good": int(good), "hidden": int(at and not good)},
    )


def lag(record: Record) -> Finding:
    """D's loss against the lowest that the shares of the modes allow an optimal D.

    The best D loses 2 log 2 - 2 JSD in nats, JSD the Jensen-Shannon divergence of the samples from
    the data (Goodfellow et al. 2014). The shares of the known modes, and of what lies between
    them, give a JSD that the true one is never below (data processing): of k of 8 equal modes
    D can get to .39 (k = 1), .95 (4) or 1.30 (7) by the shares alone. The value is D's loss minus
    that, means over the last tenth.

    How to read it: above 0, D lags: it uses less than the shares. Below 0, D uses more than the
    shares: the modes have the wrong shape, or it memorized its samples. Near 0, the shares
    explain the loss.

    It misleads where D's loss contains a penalty, where the shares move within the last tenth, and
    within the noise of n samples, whose shares alone make a JSD of about (K - 1) / 8n.

    Returns:
        NaN where there are no shares, or D's loss is no cross-entropy without label smoothing.
    """
    unit = _unit(record.expected.d_loss)
    column = loss_column("d", record)
    shares = _bins(record)
    if record.trouble or not unit or column is None or shares is None:
        why = record.trouble or "it takes shares of known modes and the cross-entropy of a GAN's D"
        return Finding(math.nan, 0, f"not enough data: {why}")
    recent = record.tail(RECENT, EQUILIBRIUM_POINTS)
    q, loss = shares[0][recent], mask_overflow(record.columns[column])[recent]
    known = np.isfinite(q).all(axis=1) & np.isfinite(loss)
    if known.sum() < EQUILIBRIUM_POINTS:
        return Finding(
            math.nan, 0, f"not enough data: {known.sum()} log points of {EQUILIBRIUM_POINTS}"
        )
    jsd = float(np.mean(_jsd(q[known], shares[1])))
    mean, best = float(loss[known].mean()), unit * (CHANCE_LOSS - 2 * jsd)
    return Finding(
        mean - best,
        int(known.sum()),
        f"{_side(mean - best, TEXTBOOK * unit * CHANCE_LOSS)}: {column} is {mean:.3g}, and the "
        f"shares of the modes alone allow {best:.3g}",
        floor=0.0,
        evidence={"jsd": jsd, "best": best, "loss": mean},
    )


def _levels(record: Record) -> list[LossLevel]:
    """Of every loss whose equilibrium is known."""
    found = []
    for player, expected in (("d", record.expected.d_loss), ("g", record.expected.g_loss)):
        column = loss_column(player, record)
        if expected is None or column is None:
            continue
        values = mask_overflow(record.columns[column])
        line = trend(values[record.tail(RECENT, EQUILIBRIUM_POINTS)])
        unit = abs(expected) or float(np.max(np.abs(values), where=~np.isnan(values), initial=0.0))
        error = line.noise / math.sqrt(max(line.n, 1))
        near = abs(line.level - expected) <= max(TEXTBOOK * unit, TEXTBOOK_SE * error)
        still = line.noise <= TEXTBOOK_NOISE * unit
        found.append(
            LossLevel(column, line.level, expected, line.n >= EQUILIBRIUM_POINTS and near, still)
        )
    return found


def _missing(record: Record, levels: list[LossLevel], blind: bool) -> str:
    if len(record) < EQUILIBRIUM_POINTS:
        return f"{len(record)} log points of {EQUILIBRIUM_POINTS}"
    if not levels:
        return "no loss with a known equilibrium was recorded"
    return "no recorded column shows how good the samples are" if blind else ""


def _sentence(levels: list[LossLevel], distance: str, good: bool) -> str:
    if not all(each.at_equilibrium for each in levels):
        away = ", ".join(each.miss for each in levels if not each.at_equilibrium)
        return f"the losses are not at their equilibrium ({away}); the {distance}"
    there = ", ".join(f"{each.column} {each.level:.3g}" for each in levels)
    if good:
        return f"the losses are at their equilibrium ({there}) and the samples are good"
    return f"the losses do not show it: they are at equilibrium ({there}) while the {distance}"


def _unit(expected: float | None) -> float:
    """What a loss of 2 log 2 is multiplied by; 0 where the loss is no cross-entropy."""
    for unit in (1.0, 0.5):
        if expected is not None and math.isclose(expected, unit * CHANCE_LOSS, rel_tol=1e-3):
            return unit
    return 0.0


def _bins(record: Record) -> tuple[Series, Series] | None:
    """Generated [log point, bin] and real [bin] shares; what lies between modes is the last bin."""
    shares, real = record.shares, record.expected.shares
    if shares is None or len(real) != shares.shape[1]:
        return None
    clean, best = record.series("high_quality"), record.series("high_quality_floor")
    if clean is None or best is None:
        return shares, real
    most = float(np.nanmax(np.where(np.isfinite(best), best, np.nan)))
    generated = np.column_stack([shares * clean[:, None], 1 - clean])
    return generated, np.append(real * most, 1 - most)


def _jsd(q: Series, p: Series) -> Series:
    """The Jensen-Shannon divergence of every row from p, in nats."""
    from scipy.special import rel_entr

    middle = (q + p) / 2
    jsd: Series = (rel_entr(q, middle) + rel_entr(p, middle)).sum(axis=1) / 2
    return jsd


def _side(beyond: float, tolerance: float) -> str:
    if beyond > tolerance:
        return "D lags behind the shares of the modes"
    if beyond < -tolerance:
        return "D separates the samples by more than the shares of the modes"
    return "D's loss is explained by the shares of the modes"
