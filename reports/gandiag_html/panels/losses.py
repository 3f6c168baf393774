"""What did the two players' losses do?"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from gandiag.experiment import Experiment
from gandiag.recorded import Trained
from gandiag_html.figures.lines import chart
from gandiag_html.outcomes import column
from gandiag_html.panels.panel import Panel
from gandiag_html.panels.trajectories import curves, frame, legend
from gandiag_html.story import Group
from gandiag_html.telling import losses as loss_columns
from gandiag_html.words import counted, listing, number

PLAYERS = {"d_loss": "Discriminator", "g_loss": "Generator"}
MOST = 6
"""Charts of a group; a loop may log many parts of its losses."""


def losses(groups: Sequence[Group]) -> Panel:
    """The panel."""
    shown = [_group(group) for group in groups]
    reference = any(equilibrium(group.experiment, "d_loss") for group in groups)
    band = any(chart["ruled"] for group in shown for chart in group["charts"])
    context = {
        "groups": shown,
        "legend": legend(groups, target=False, band=band),
        "reference": reference,
    }
    return Panel("losses", "What the losses did", "Losses", context)


def equilibrium(experiment: Trained, player: str) -> tuple[float, str] | None:
    """The loss at which neither player can gain, and its name; None where none is known.

    There D answers 1/2 everywhere (Goodfellow et al. 2014), so that -log D and -log(1 - D) are
    ln 2 each. The score of a Wasserstein critic has no zero, so G's loss has none either.
    """
    if not isinstance(experiment, Experiment) or player not in PLAYERS:
        return None
    objective = experiment.objective
    if objective.game == "wasserstein":
        return (0.0, "0") if player == "d_loss" else None
    if player == "d_loss":
        return 2 * math.log(2), "2 ln 2"
    if objective.generator == "minimax":
        return -math.log(2), "\N{MINUS SIGN}ln 2"
    return math.log(2), "ln 2"


def _group(group: Group) -> dict[str, Any]:
    names = loss_columns(group)
    recorded = any(len(one.series) for one in group.outcomes)
    return {
        "label": group.label,
        "charts": list(_charts(group, names[:MOST])),
        "before": _before(group) or _others(names[MOST:]),
        "none": "No losses were recorded." if recorded else "",
    }


def _charts(group: Group, names: Sequence[str]) -> Iterator[dict[str, Any]]:
    for index, name in enumerate(names):
        lines = curves(group, name)
        value, word = equilibrium(group.experiment, name) or (None, "")
        against = f"; at equilibrium it is {word}" if word else ""
        whose = f"{PLAYERS[name]}\N{RIGHT SINGLE QUOTATION MARK}s loss" if name in PLAYERS else name
        behind = frame(group, name, value, word)
        label = f"{whose} over the iterations, {len(lines)} runs{against}"
        yield {
            "title": whose,
            "picture": chart(lines, behind, key=f"{group.key}-loss-{index}", label=label),
            "ruled": behind.band is not None,
        }


def _others(names: Sequence[str]) -> str:
    return f"Not drawn, but in the store: {listing(names)}." if names else ""


def _before(group: Group) -> str:
    """What there is to say of the pre-training."""
    plan = getattr(group.experiment, "pretraining", None)
    if plan is None:
        return ""
    said = (
        f"Before the game, the discriminator was fitted to the density of the data for "
        f"{counted(plan.iterations, 'iteration')}"
    )
    fits = [column(one.pretraining, "d_loss") for one in group.outcomes]
    fits = [fit[np.isfinite(fit)] for fit in fits]
    ends = [(fit[0], fit[-1]) for fit in fits if len(fit)]
    if ends:
        first, last = (number(float(value), 2) for value in np.median(ends, axis=0))
        said += f"; its loss there went from {first} to {last} (median of the seeds)"
    return f"{said}. It is not drawn."
