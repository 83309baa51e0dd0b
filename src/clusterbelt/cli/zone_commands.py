"""The command on zones: which there are, what they declare, what a plan makes of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import typer

from clusterbelt.cli import layers
from clusterbelt.cli.commands import Languages
from clusterbelt.cli.messages import print_issues, say
from clusterbelt.cli.printing import print_table
from clusterbelt.core.errors import InputError, Issue, Place
from clusterbelt.core.strings import Language, text

__all__ = ["zones"]

_ENDINGS = (".csv", ".xlsx", ".parquet")


def zones(
    data: str = typer.Argument("yangtze", help="A belt that ships, or a belt folder."),
    industry: str | None = typer.Option(None, help="Only zones that declare it: code or name."),
    region: list[str] = typer.Option([], help="Only these regions: code or name; repeatable."),
    level: str | None = typer.Option(None, help="Only this level, e.g. national."),
    near: str | None = typer.Option(None, help="A zone, county or city, or lon,lat."),
    km: float = typer.Option(100.0, min=0.0, help="How near, in km."),
    run: Path | None = typer.Option(None, help="A run folder: adds each zone's role in its plan."),
    role: list[str] = typer.Option(
        [], help="With --run: lead, partner, gateway, reserve, unsupported or no_industry."
    ),
    most: int = typer.Option(20, min=0, help="Rows to print; 0 prints all."),
    out: Path | None = typer.Option(None, help="Write all rows: .csv, .xlsx or .parquet."),
    correlations: bool = typer.Option(
        False, "--correlations", help="Print how declared orientation goes with activity."
    ),
    year: int = typer.Option(2017, help="With --correlations: year of the activity."),
    classification: str | None = typer.Option(None, help="Classification of the industries."),
    lang: Languages = typer.Option(Languages.en, "--lang", help="Language of the output."),
) -> None:
    """List development zones: place, orientation and, given a run, their role in the plan."""
    language: Language = "zh" if lang is Languages.zh else "en"
    if role and run is None:
        raise InputError([Issue("zones_role_needs_run", Place(label="--role"))])
    issues, belt = layers.check_belt(data, classification)
    errors = [issue for issue in issues if issue.severity == "error"]
    if belt is None or errors:
        print_issues(errors, language)
        raise typer.Exit(2)
    if correlations:
        _print_correlations(belt, year, language)
        return
    roles = layers.read_roles(run, belt) if run is not None else None
    found = layers.list_zones(
        belt, industry=industry, region=region, level=level, near=near, radius_km=km,
        roles=roles, only_roles=role,
    )  # fmt: skip
    if out is not None:
        layers.write_zone_list(found, out)
    _print_zones(found, belt, most, language)
    if out is not None:
        say("zones_cli.written", language, path=str(out), rows=len(found))


def _print_zones(found: Any, belt: Any, most: int, language: Language) -> None:
    shown = found if most == 0 else found.head(most)
    used = ["zone", f"name_{language}", "level", "region", f"place_{language}"]
    used += [
        name
        for name in ("oriented_area", "share", "distance_km")
        if len(found) and found[name].notna().any()
    ]
    used += ["orientation"]
    if len(found) and (found["status"] != "").any():
        used += ["role", "clusters"]
    rows = [
        [_word(name, row[name], belt, language) for name in used] for _, row in shown.iterrows()
    ]
    head = [
        text(f"zones_cli.column.{name.removesuffix(f'_{language}')}", language) for name in used
    ]
    numeric = {"oriented_area", "share", "distance_km"}
    print_table(head, rows, [name in numeric for name in used])
    say("zones_cli.count", language, shown=len(shown), found=len(found))


def _word(name: str, value: Any, belt: Any, language: Language) -> str:
    if name == "region":
        return str(belt.region_name(str(value), language))
    if name == "level" and value in ("national", "provincial"):
        return text(f"plot.zone_level.{value}", language)
    if name == "role" and value:
        return text(f"plot.carrier.{value}", language)
    if isinstance(value, float):
        digits = 2 if name == "share" else 1 if name == "distance_km" else 0
        return "" if value != value else f"{value:,.{digits}f}"
    return str(value)


def _print_correlations(belt: Any, year: int, language: Language) -> None:
    table = layers.zone_correlations(belt, year)
    rows = [
        (
            str(row["industry"]),
            str(belt.industry_name(str(row["industry"]), language)),
            str(row["regions"]),
            f"{row['area_activity']:.2f}",
            f"{row['share_share']:.2f}",
        )
        for _, row in table.iterrows()
    ]
    keys = ("industry", "name", "regions", "area_activity", "share_share")
    head = [text(f"zones_cli.column.{key}", language) for key in keys]
    print_table(head, rows, [False, False, True, True, True])
