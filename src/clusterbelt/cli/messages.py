"""What the commands print. Results go to stdout; problems and progress to stderr."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from clusterbelt.core.errors import Issue, Severity
from clusterbelt.core.strings import Language, text

__all__ = [
    "print_internal_error",
    "print_issues",
    "print_stopped",
    "progress_bar",
    "say",
    "stdout",
    "warn",
]

_STYLE: dict[Severity, str] = {"error": "bold red", "warning": "yellow", "note": "dim"}
_ORDER: tuple[Severity, ...] = ("error", "warning", "note")


def stdout() -> Console:
    """Return a console for results: no colour and no width limit where there is no terminal."""
    console = Console(highlight=False, soft_wrap=False)
    return console if console.is_terminal else Console(highlight=False, width=110, no_color=True)


def _stderr() -> Console:
    return Console(stderr=True, highlight=False, soft_wrap=True)


def say(key: str, language: Language, **figures: object) -> None:
    """Print one line of text to stdout."""
    Console(highlight=False, soft_wrap=True).print(text(key, language, **figures), markup=False)


def warn(key: str, language: Language, **figures: object) -> None:
    """Print one line of text to stderr, marked as a warning."""
    console = _stderr()
    console.print(text("cli.warning", language), style=_STYLE["warning"], end=" ")
    console.print(text(key, language, **figures), markup=False)


def print_issues(issues: Sequence[Issue], language: Language = "en") -> None:
    """Print problems to stderr, errors first: where, what, what to do."""
    console = _stderr()
    for severity in _ORDER:
        for issue in issues:
            if issue.severity == severity:
                console.print(text(f"cli.{severity}", language), style=_STYLE[severity], end=" ")
                console.print(issue.describe(language), markup=False)
    errors = sum(issue.severity == "error" for issue in issues)
    if errors:
        console.print(text("cli.errors", language, count=errors), style="bold", markup=False)


def print_stopped() -> None:
    """Say that the user stopped the run and that nothing is lost."""
    _stderr().print(text("cli.stopped", "en"), markup=False)


def print_internal_error(error: Exception) -> None:
    """Say that clusterbelt itself failed, and how to get the details."""
    line = text("cli.internal", "en", kind=type(error).__name__, message=str(error))
    _stderr().print(line, style="red", markup=False)


@contextmanager
def progress_bar(language: Language) -> Iterator[Callable[[str, int, int], None]]:
    """Show a bar with the running stage on a terminal, and nothing elsewhere."""
    console = _stderr()
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TimeElapsedColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )
    with bar:
        task = bar.add_task("", total=1)

        def update(stage: str, done: int, total: int) -> None:
            label = text(f"cli.stage.{stage}", language) if stage else ""
            bar.update(task, description=label, completed=done, total=total)

        yield update
