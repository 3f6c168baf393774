"""What is needed to reproduce the runs?"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from gandiag.experiment.recorded import Recorded, Trained
from gandiag_html.configurations import Configuration
from gandiag_html.outcomes import cell
from gandiag_html.panels.panel import Panel
from gandiag_html.privacy import redact, redacted
from gandiag_html.toml import to_toml

if TYPE_CHECKING:
    from gandiag.store.results import Results

SETTINGS = ("backend", "device", "precision", "mode", "width")


def provenance(configurations: Sequence[Configuration], results: Results) -> Panel:
    """The section on experiments, settings and versions."""
    own = any(isinstance(trained, Recorded) for trained in results.experiments.values())
    # Notes are shown with the table of runs.
    facts_shown = {key: value for key, value in results.provenance.items() if key != "notes"}
    columns = [name for name in SETTINGS if _is_set(configurations, name, own)]
    context = {
        "facts": facts(facts_shown),
        "columns": columns,
        "settings": _settings(configurations, columns),
        "own": own,
        "experiments": [
            (point, redact(to_toml(_table(trained))))
            for point, trained in results.experiments.items()
        ],
    }
    return Panel("provenance", "How to reproduce it", "Reproduce", context)


def _table(trained: Trained) -> dict[str, object]:
    """The settings of an experiment; of a user's own training loop, only those that were given."""
    table = trained.resolved()
    return (
        {k: v for k, v in table.items() if v not in ("", [], {})}
        if isinstance(trained, Recorded)
        else table
    )


def _is_set(configurations: Sequence[Configuration], name: str, own: bool) -> bool:
    """Whether a setting is known: of a user's own training loop, many are not."""
    if not own:
        return True
    return any(
        cell(one.row, name) not in (None, 1)
        for configuration in configurations
        for one in configuration.outcomes
    )


def facts(provenance: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The provenance of a store as names and values, without home directories.

    >>> facts({"versions": {"numpy": "2.4"}, "command": ["gandiag", "sweep"]})
    [('versions · numpy', '2.4'), ('command', 'gandiag sweep')]
    """
    lines = []
    for key, value in redacted(provenance).items():
        if isinstance(value, Mapping):
            lines += [(f"{key} · {name}", text) for name, text in facts(value)]
        elif isinstance(value, list):
            lines.append((key, " ".join(map(_text, value))))
        elif value is not None:
            lines.append((key, _text(value)))
    return lines


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)


def _settings(
    configurations: Sequence[Configuration], columns: Sequence[str]
) -> list[tuple[list[str], int]]:
    """The combinations of settings, and the number of runs with each."""
    counts: dict[tuple[str, ...], int] = {}
    for one in (one for configuration in configurations for one in configuration.outcomes):
        values = tuple(_setting(cell(one.row, name)) for name in columns)
        counts[values] = counts.get(values, 0) + 1
    return [(list(values), count) for values, count in sorted(counts.items())]


def _setting(value: Any) -> str:
    if value is None:
        return ""
    return f"{value:g}" if isinstance(value, float) else redact(str(value))
