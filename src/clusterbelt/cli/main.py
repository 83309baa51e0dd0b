"""The command line: ``clusterbelt run``, ``check``, ``new``, ``report``, ``figure`` and the rest.

Exit codes: 0 done, 1 a fault of clusterbelt, 2 bad input, 130 stopped by the user.
"""

from __future__ import annotations

import io
import os
import re
import sys
import traceback
from typing import Any

import typer

from clusterbelt import __version__
from clusterbelt.cli.audit_commands import audit
from clusterbelt.cli.backtest_commands import backtest
from clusterbelt.cli.commands import check, new, run, schema
from clusterbelt.cli.compare_commands import compare
from clusterbelt.cli.figure_commands import figure, report
from clusterbelt.cli.measure_commands import measure, measures
from clusterbelt.cli.messages import print_internal_error, print_issues, print_stopped
from clusterbelt.cli.place_commands import places
from clusterbelt.cli.zone_commands import zones
from clusterbelt.core.errors import InputError
from clusterbelt.core.strings import Language

__all__ = ["app", "main"]

# Typer carries its own command library; its root of usage errors is the base of BadParameter.
UsageFault: Any = typer.BadParameter.__mro__[2]

app = typer.Typer(
    name="clusterbelt",
    help="Plan advanced-manufacturing clusters for an economic belt. / 经济带先进制造业集群规划。",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"clusterbelt {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: bool = typer.Option(
        False, "--version", help="Print the version.", callback=_print_version, is_eager=True
    ),
) -> None:
    """Plan advanced-manufacturing clusters for an economic belt."""


_COMMANDS = (
    run,
    check,
    new,
    schema,
    report,
    compare,
    figure,
    measures,
    measure,
    places,
    zones,
    backtest,
    audit,
)
for _command in _COMMANDS:
    app.command()(_command)


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and leave with its exit code."""
    _tolerate_narrow_terminals()
    sys.exit(_run(sys.argv[1:] if arguments is None else arguments))


def _tolerate_narrow_terminals() -> None:
    # A terminal or pipe that cannot show Chinese loses those characters, not the whole run.
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper) and not stream.encoding.lower().startswith("utf"):
            stream.reconfigure(errors="replace")


def _asked_language(arguments: list[str]) -> Language:
    """Return the language of ``--lang``; English for both languages and for none."""
    joined = " ".join(arguments)
    return "zh" if re.search(r"--lang[= ]zh(?: |$)", joined) else "en"


def _run(arguments: list[str]) -> int:
    try:
        # Typer's own handling of errors ends the process; ours has to come first.
        code = typer.main.get_command(app).main(
            arguments, prog_name="clusterbelt", standalone_mode=False
        )
    except InputError as error:
        print_issues(error.issues, _asked_language(arguments))
        return 2
    except UsageFault as error:
        error.show()
        return int(error.exit_code)
    except (KeyboardInterrupt, typer.Abort):
        print_stopped()
        return 130
    except Exception as error:  # the one place where everything else becomes exit code 1
        if os.environ.get("CLUSTERBELT_DEBUG"):
            traceback.print_exc()
        print_internal_error(error)
        return 1
    return int(code or 0)
