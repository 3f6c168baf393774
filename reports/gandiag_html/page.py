"""Builds the whole document from the results of a store."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Sequence
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, StrictUndefined

from gandiag_html.configurations import Configuration, collect_configurations
from gandiag_html.error_rates import table
from gandiag_html.figures.drawing import report_style
from gandiag_html.header import header_of
from gandiag_html.panels.diagnosis import diagnosis, in_a_sentence
from gandiag_html.panels.distributions import distributions
from gandiag_html.panels.frames import last_frames
from gandiag_html.panels.losses import losses
from gandiag_html.panels.panel import Panel
from gandiag_html.panels.provenance import provenance
from gandiag_html.panels.replay import replay
from gandiag_html.panels.runs import measured_through, runs
from gandiag_html.panels.stability import stability
from gandiag_html.panels.trajectories import trajectories

if TYPE_CHECKING:
    from gandiag.store.results import Results


def render(results: Results) -> str:
    """Writes the report; see `gandiag_html.render`."""
    configurations = collect_configurations(results)
    with report_style():
        panels = build_panels(configurations, results)
    return fill_template(panels, results)


def build_panels(configurations: Sequence[Configuration], results: Results) -> list[Panel]:
    """Builds the panels in the order of the page."""
    if not configurations:
        return [stability(configurations), provenance(configurations, results)]
    last = last_frames(configurations, results)
    diagnosis_panel = diagnosis(configurations, results)
    panels = [
        stability(configurations, in_a_sentence(diagnosis_panel)),
        diagnosis_panel,
        distributions(configurations, last),
        replay(configurations, results, last),
        trajectories(configurations, measured_through(results)),
        losses(configurations),
        runs(configurations, results),
        provenance(configurations, results),
    ]
    return [panel for panel in panels if panel is not None]


def fill_template(panels: Sequence[Panel], results: Results) -> str:
    """Fills the panels into the page template."""
    style = (resources.files("gandiag_html") / "style.css").read_text(encoding="utf-8")
    page = _templates().get_template("page.html")
    return page.render(
        header=header_of(results),
        panels=panels,
        summary="; ".join(verdict.sentence for verdict in panels[0].context["summaries"]),
        rates=table(),
        style=style,
        policy=content_policy(style, images=any(panel.has_images for panel in panels)),
    )


def content_policy(style: str, *, images: bool = False) -> str:
    """A content security policy that allows only this style sheet: no scripts, nothing loaded.

    Args:
        style: The style sheet.
        images: Whether images embedded in the document are allowed.
    """
    digest = b64encode(hashlib.sha256(style.encode()).digest()).decode()
    image_rule = "img-src data:; " if images else ""
    return (
        f"default-src 'none'; {image_rule}style-src 'sha256-{digest}'; base-uri 'none'; "
        "form-action 'none'"
    )


@cache
def _templates() -> Environment:
    return Environment(
        loader=PackageLoader("gandiag_html"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
