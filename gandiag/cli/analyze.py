"""``gandiag analyze``."""

from __future__ import annotations

import inspect
import operator
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from gandiag.cli.options import AsJson, StoreArgument
from gandiag.errors import UsageError, must_be_one_of

FAILED = 3
"""The exit code if a condition of ``--fail-on`` is true."""

CONDITION = re.compile(r"\s*([a-z_]+)\s*(>=|<=|>|<)\s*([0-9.eE+-]+)\s*")

COMPARE = {">": operator.gt, ">=": operator.ge, "<": operator.lt, "<=": operator.le}


def analyze(
    directory: StoreArgument,
    fail_on: Annotated[
        list[str] | None,
        typer.Option(
            metavar="CONDITION",
            help="Exit with status 3 if the condition is true, e.g. 'collapse_rate>0.3'; may be "
            "repeated. Rates: healthy_rate, collapse_rate, oscillation_rate, divergence_rate, "
            "dead_rate, off_target_rate, unconverged_rate, undecided_rate, failure_rate.",
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Diagnose the runs of a store: verdict, onset and evidence for each run.

    Verdicts: healthy, collapsed (to a narrow peak, less than half of the known modes or .3 of the
    data), partially-collapsed (modes or a part of the data are not reached), oscillating,
    diverging (values grow without bound), dead (a player no
    longer learns), off-target (settled on a wrong distribution), unconverged, undecided.

    Each verdict says on which kind of evidence it rests, and how often such verdicts were right on
    drawn runs: runs whose samples are drawn from distributions that are known, measured with the
    same kind of evidence and about as many samples. Where there were no such runs, no error rate
    is known. For all error rates see gandiag selftest.

    Episodes: d-overpowering (D is nearly always right), d-blind (D guesses although the samples are
    wrong), d-at-chance (both losses are at their equilibrium, and nothing shows the samples),
    no-contest (D and G both win: swapped labels), loss-runaway (a loss grows steadily),
    vanishing-gradient (of G), quality-regression (the samples were better before), stagnation (the
    samples stay equally bad), mode-hopping (the generated modes keep changing), loss-spike (a loss
    jumps and returns), standstill (a player's weights or gradients no longer change), blow-up
    (values grow by orders of magnitude).
    """
    from gandiag.cli import analyze_output
    from gandiag.cli.json_output import print_json
    from gandiag.diagnosis.runs import configurations, diagnose_runs, rates
    from gandiag.store.loading import load

    conditions = [(text, *_parsed(text)) for text in fail_on or []]
    results = load(directory)
    runs = diagnose_runs(results)
    run_rates = rates(runs)
    failed = [text for text, *condition in conditions if _holds(condition, run_rates, directory)]
    if as_json:
        document = analyze_output.document(results, runs, configurations(runs), run_rates)
        print_json(document | {"failed_on": failed})
    else:
        analyze_output.print_all(runs, configurations(runs))
    if failed:
        names = dict.fromkeys(name for text, name, *_ in conditions if text in failed)
        values = ", ".join(f"{name} is {run_rates[name]:.3g}" for name in names)
        typer.echo(f"failed: {'; '.join(failed)} ({values})", err=True)
        raise typer.Exit(FAILED)


def add_to(app: typer.Typer) -> None:
    """Adds the command; each paragraph of its help is one line, which the terminal wraps."""
    paragraphs = inspect.cleandoc(analyze.__doc__ or "").split("\n\n")
    app.command(help="\n\n".join(" ".join(text.split()) for text in paragraphs))(analyze)


def _parsed(text: str) -> tuple[str, str, float]:
    """A condition's rate, comparison and bound.

    Raises:
        UsageError: It is not a condition, or there is no such rate.
    """
    from gandiag.diagnosis.runs import RATES

    found = CONDITION.fullmatch(text)
    try:
        if found is None:
            raise ValueError(text)
        name, comparison, bound = found[1], found[2], float(found[3])
    except ValueError:
        raise UsageError(
            f"--fail-on takes a rate, a comparison and a number, as in 'collapse_rate>0.3'; "
            f"not {text!r}"
        ) from None
    if name not in RATES:
        raise UsageError(f"--fail-on: {must_be_one_of('rate', name, RATES)}")
    return name, comparison, bound


def _holds(condition: Sequence[Any], rates: Mapping[str, float], where: Path) -> bool:
    name, comparison, bound = condition
    if not rates:
        raise UsageError(f"--fail-on: no run of {where} has started, so {name} is undefined")
    return bool(COMPARE[comparison](rates[name], bound))
