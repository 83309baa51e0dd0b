"""The command that makes a belt's geography from the counties, cities or provinces of China."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

import typer

from clusterbelt.cli import layers
from clusterbelt.cli.commands import Languages
from clusterbelt.cli.messages import say
from clusterbelt.core.strings import Language

__all__ = ["PlaceLevel", "places"]


class PlaceLevel(StrEnum):
    """Which places to take."""

    province = "province"
    city = "city"
    county = "county"


def places(
    out: Path = typer.Option(help="Folder to write to: the folder of a belt."),
    level: PlaceLevel = typer.Option(PlaceLevel.county, help="Which places become the regions."),
    province: list[str] = typer.Option(
        [], help="Code of a province to take; may be repeated. Default: those of the Yangtze belt."
    ),
    tolerance: float = typer.Option(
        0.005, min=0.0, max=1.0, help="Degrees by which borders are simplified; 0 keeps them."
    ),
    cache: Path | None = typer.Option(
        None, help="Folder of the cache; default CLUSTERBELT_CACHE or the platform's."
    ),
    lang: Languages = typer.Option(Languages.en, "--lang", help="Language of the messages."),
) -> None:
    """Write regions, neighbours and boundaries of counties or cities (extra clusterbelt[china])."""
    language: Language = "zh" if lang is Languages.zh else "en"
    found = layers.read_china(level.value, cache)
    files = layers.write_china(found, out, province, tolerance)
    for path in files:
        say("places.written", language, path=str(path))
    say("places.level", language, places=len(found.table), pairs=found.contiguity.nnz // 2)
    if found.islands:
        say("places.islands", language, islands=", ".join(found.islands))
    say("places.tables", language)
    for role, path in zip(("regions", "neighbours", "boundaries"), files, strict=True):
        typer.echo(f"  - {{role: {role}, file: {path.name}}}")
