"""The command line, one module per command: it parses, calls one function and prints the result.

Exit codes: 0 every run finished (an unstable GAN is a finding, not an error); 1 a run crashed,
timed out or was interrupted; 2 the request cannot be carried out; 3 a condition of analyze
--fail-on is true; 130 Ctrl-C; 143 SIGTERM.
"""

from __future__ import annotations

import sys
import warnings
from typing import Annotated

import typer

from gandiag.errors import GandiagError, UsageError

app = typer.Typer(
    name="gandiag",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)

_debug = False


@app.callback()
def _options(
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")] = False,
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    """Diagnose the training dynamics of generative adversarial networks."""
    global _debug
    _debug = debug


def main() -> None:
    """Runs the command line and exits with its code."""
    if sys.argv[1:] == ["--version"]:
        from gandiag._version import __version__

        print(__version__)
        return
    if not app.registered_commands:  # a process may call this more than once
        _add_commands()
    try:
        with warnings.catch_warnings():
            warnings.showwarning = _warn  # type: ignore[assignment]
            app()
    except (GandiagError, OSError) as error:  # OSError: a full disk, for instance
        if _debug:
            raise
        print(f"error: {error}", file=sys.stderr)
        sys.exit(2 if isinstance(error, UsageError) else 1)


def _add_commands() -> None:
    """Adds the commands in the order of the help."""
    from gandiag.cli import (
        analyze,
        doctor,
        export,
        import_,
        keys,
        ls,
        presets,
        report,
        rm,
        sample,
        selftest,
        show,
        sweep,
        weights,
    )

    commands = (
        *(sweep, report, ls, show, rm, analyze, sample, weights),
        *(presets, keys, doctor, import_, export, selftest),
    )
    for command in commands:
        command.add_to(app)


def _warn(message: Warning | str, *_: object) -> None:
    """Prints a warning in one line, without its location in the code."""
    print(f"warning: {message}", file=sys.stderr)
