"""How did the losses of the two players develop?"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from gandiag.columns import LOSSES, look_up, owner
from gandiag.experiment.experiment import Experiment
from gandiag.experiment.recorded import Trained
from gandiag_html.column_selection import loss_columns
from gandiag_html.configurations import Configuration
from gandiag_html.figures.curves import chart
from gandiag_html.formatting import MINUS, counted, exact, listing, number
from gandiag_html.outcomes import column
from gandiag_html.panels.panel import Panel
from gandiag_html.panels.trajectories import background_of, curves, legend

CRITICS = ("wasserstein", "hinge")
"""Games in which the loss of G is a score, whose zero is arbitrary."""
MOST = 6
"""The most charts of a configuration; a training loop may log many parts of its losses."""


def losses(configurations: Sequence[Configuration]) -> Panel:
    """The section of the losses."""
    shown = [_configuration(configuration) for configuration in configurations]
    drawn = [chart for configuration in shown for chart in configuration["charts"]]
    band = any(chart["ruled"] for chart in drawn)
    context = {
        "configurations": shown,
        "legend": legend(configurations, target=False, band=band),
        "reference": any(chart["reference"] for chart in drawn),
        "l2": any(chart["name"] in ("d_l2", "g_l2") for chart in drawn),
    }
    return Panel("losses", "Losses", "Losses", context)


def equilibrium(experiment: Trained, column: str) -> tuple[float, str] | None:
    """The loss at the equilibrium, and its label; None if it is not known.

    There D answers 1/2 everywhere (Goodfellow et al. 2014), so that -log D and -log(1 - D) are
    ln 2 each. Of a loss with an L2 term the cross-entropy alone has such a value.
    """
    if not isinstance(experiment, Experiment) or column not in LOSSES:
        return None
    objective, of_g = experiment.objective, owner(column) == "G"
    player = experiment.generator if of_g else experiment.discriminator
    if not column.endswith("_cross_entropy" if player.l2 else "_loss"):
        return None
    if objective.game in CRITICS if of_g else objective.gradient_penalty:
        return None
    value = objective.equilibrium[of_g]
    return value, _in_logarithms(value)


def _in_logarithms(value: float) -> str:
    """Formats a value, as a multiple of ln 2 if it is one.

    >>> _in_logarithms(2 * math.log(2)), _in_logarithms(-math.log(2)), _in_logarithms(0.25)
    ('2 ln 2', '−ln 2', '0.25')
    """
    times = round(value / math.log(2))
    if not times or not math.isclose(value, times * math.log(2)):
        return exact(value)
    sign = MINUS if times < 0 else ""
    return f"{sign}{abs(times)} ln 2" if abs(times) > 1 else f"{sign}ln 2"


def title(column: str) -> str:
    """The title of a column of losses, or its name if it is not a known one.

    >>> title("d_loss"), title("g_l2"), title("d_loss_real")
    ('Discriminator’s loss', 'Generator’s L2 term', 'd_loss_real')
    """
    known = look_up(column)
    return known.title if known is not None and column in LOSSES else column


def _configuration(configuration: Configuration) -> dict[str, Any]:
    names = loss_columns(configuration)
    recorded = any(len(one.series) for one in configuration.outcomes)
    return {
        "label": configuration.label,
        "charts": list(_charts(configuration, names[:MOST])),
        "before": _before(configuration) or _others(names[MOST:]),
        "none": "No losses were recorded." if recorded else "",
    }


def _charts(configuration: Configuration, names: Sequence[str]) -> Iterator[dict[str, Any]]:
    for index, name in enumerate(names):
        lines = curves(configuration, name)
        value, word = equilibrium(configuration.experiment, name) or (None, "")
        against = f"; equilibrium {word}" if word else ""
        background = background_of(configuration, name, value, word)
        label = f"{title(name)} over the iterations, {len(lines)} runs{against}"
        yield {
            "name": name,
            "title": title(name),
            "reference": value is not None,
            "picture": chart(
                lines, background, key=f"{configuration.key}-loss-{index}", label=label
            ),
            "ruled": background.band is not None,
        }


def _others(names: Sequence[str]) -> str:
    return f"Not drawn, but in the store: {listing(names)}." if names else ""


def _before(configuration: Configuration) -> str:
    """A note on the pre-training, if there was one."""
    plan = getattr(configuration.experiment, "pretraining", None)
    if plan is None:
        return ""
    note = (
        f"Before the adversarial training, the discriminator was pre-trained on the density of "
        f"the data for {counted(plan.iterations, 'iteration')}"
    )
    fits = [column(one.pretraining, "d_loss") for one in configuration.outcomes]
    fits = [fit[np.isfinite(fit)] for fit in fits]
    ends = [(fit[0], fit[-1]) for fit in fits if len(fit)]
    if ends:
        first, last = (number(float(value), 2) for value in np.median(ends, axis=0))
        note += f"; its loss went from {first} to {last} (median over the seeds)"
    return f"{note}. The pre-training is not drawn."
