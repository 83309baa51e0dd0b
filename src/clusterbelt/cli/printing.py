"""Tables on the terminal, aligned by what they show: a Chinese character is two columns wide."""

from __future__ import annotations

from collections.abc import Sequence

import typer
from rich.cells import cell_len

__all__ = ["print_table"]


def print_table(head: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[bool]) -> None:
    """Print a table; columns for which ``right`` is true are flush right."""
    widths = [max(map(cell_len, column)) for column in zip(head, *rows, strict=True)]
    for row in (head, *rows):
        cells = []
        for word, width, flush in zip(row, widths, right, strict=True):
            gap = " " * (width - cell_len(word))
            cells.append(gap + word if flush else word + gap)
        typer.echo("  ".join(cells).rstrip())
