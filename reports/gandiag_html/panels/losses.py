"""What did the two players' losses do?"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from gandiag.experiment import Experiment
from gandiag_html.figures.lines import Frame, chart
from gandiag_html.outcomes import column
from gandiag_html.panels.panel import Panel
from gandiag_html.panels.trajectories import curves, legend
from gandiag_html.story import Group
from gandiag_html.words import counted, number

PLAYERS = (("d_loss", "Discriminator"), ("g_loss", "Generator"))


def losses(groups: Sequence[Group]) -> Panel:
    """The panel."""
    shown = [
        {"label": group.label, "charts": list(_charts(group)), "before": _before(group)}
        for group in groups
    ]
    reference = any(equilibrium(group.experiment, "d_loss") for group in groups)
    context = {"groups": shown, "legend": legend(groups, target=False), "reference": reference}
    return Panel("losses", "What the losses did", "Losses", context)


def equilibrium(experiment: Experiment, player: str) -> tuple[float, str] | None:
    """The loss at which neither player can gain, and its name; None where none is known.

    There D answers 1/2 everywhere (Goodfellow et al. 2014), so that -log D and -log(1 - D) are
    ln 2 each. The score of a Wasserstein critic has no zero, so G's loss has none either.
    """
    objective = experiment.objective
    if objective.game == "wasserstein":
        return (0.0, "0") if player == "d_loss" else None
    if player == "d_loss":
        return 2 * math.log(2), "2 ln 2"
    if objective.generator == "minimax":
        return -math.log(2), "\N{MINUS SIGN}ln 2"
    return math.log(2), "ln 2"


def _charts(group: Group) -> Iterator[dict[str, Any]]:
    for name, title in PLAYERS:
        lines = curves(group, name)
        if not any(np.isfinite(line.y).any() for line in lines):
            continue
        rest = equilibrium(group.experiment, name)
        value, word = rest or (None, "")
        frame = Frame(end=group.experiment.schedule.iterations, reference=value, name=word)
        against = f"; at equilibrium it is {word}" if word else ""
        label = f"{title}'s loss over the iterations, {len(lines)} runs{against}"
        yield {
            "title": f"{title}\N{RIGHT SINGLE QUOTATION MARK}s loss",
            "picture": chart(lines, frame, key=f"{group.key}-{name}", label=label),
        }


def _before(group: Group) -> str:
    """What there is to say of the pre-training."""
    plan = group.experiment.pretraining
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
