"""The final samples of each seed, or the reason why there are none."""

from __future__ import annotations

from typing import Any

from gandiag_html.configurations import collect_configurations
from gandiag_html.figures.drawing import report_style
from gandiag_html.panels.distributions import SHOWN, distributions
from gandiag_html.panels.frames import last_frames


def shown(results: Any) -> dict[str, Any]:
    """The variables of the template for a store of one configuration."""
    configurations = collect_configurations(results)
    with report_style():
        panel = distributions(configurations, last_frames(configurations, results))
    (found,) = panel.context["configurations"]
    return dict(found)


def test_every_seed_has_a_picture_or_a_reason(synthetic_stores: Any) -> None:
    found = shown(synthetic_stores.of("good", "running", "diverged", "timed out"))
    good, running, diverged, timed_out = found["tiles"]
    assert good.picture is not None
    assert [part.split()[0] for part in good.summary] == ["mean", "std"]
    assert (running.picture, running.note) == (None, "No samples yet")
    assert (diverged.picture, diverged.note) == (None, "No samples were kept")
    assert timed_out.note == "samples of iteration 200"


def test_failures_are_never_collapsed(synthetic_stores: Any) -> None:
    found = shown(synthetic_stores.of(*["good"] * SHOWN, *["spike"] * 3))
    assert len(found["tiles"]) == SHOWN
    assert {tile.outcome.kind for tile in found["collapsed"]} == {"reached"}
    assert len(found["collapsed"]) == 3
