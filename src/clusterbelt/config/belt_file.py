"""``belt.yaml``: what a belt is called and which file plays which role."""

from __future__ import annotations

from typing import Final, Literal

from pydantic import Field

from clusterbelt.config.base import Section

__all__ = ["BY_INDUSTRY", "COMPULSORY", "BeltFile", "BilingualText", "Role", "TableSpec"]

Role = Literal[
    "regions",
    "industries",
    "activity",
    "intermediate",
    "national",
    "national_sectors",
    "indicators",
    "indicator_specs",
    "neighbours",
    "distance",
    "travel_time",
    "boundaries",
    "roadmap",
    "roadmap_claims",
    "sources",
    "concordance",
    "series",
    "places",
    "place_groups",
    "place_neighbours",
    "zones",
    "zone_terms",
    "interregional_flows",
]
COMPULSORY: Final[tuple[Role, ...]] = ("regions", "industries", "activity")
# Tables whose labels belong to one industry classification; the first declared, if none is named.
BY_INDUSTRY: Final[tuple[Role, ...]] = (
    "industries",
    "activity",
    "intermediate",
    "national",
    "roadmap",
    "zone_terms",
    "interregional_flows",
)


class BilingualText(Section):
    """A text in both languages."""

    zh: str
    """Chinese."""
    en: str
    """English."""


class TableSpec(Section):
    """One table: its role, its file, and how the file is to be read."""

    role: Role
    """What the table is for."""
    file: str = Field(min_length=1)
    """Name of the file inside the belt's folder (.csv, .tsv, .xlsx, .parquet, .geojson)."""
    classification: str | None = None
    """Industry classification of the table's codes; null means the first one declared."""
    shape: Literal["long", "wide"] = "long"
    """long: one value a row. wide: the labels of one dimension stand in the header."""
    wide_dimension: str | None = None
    """For a wide table: which dimension the header's labels belong to (year, industry ...)."""
    columns: dict[str, str] = Field(default={})
    """Names of columns in the file where they differ from the usual ones: {usual: in the file}."""
    constants: dict[str, str | int | float] = Field(default={})
    """Values that hold for every row and have no column of their own: {year: 2017}."""
    unit: str | None = None
    """Unit of the values; null means what clusterbelt works in."""
    units: dict[str, str] = Field(default={})
    """Units of single variables, where they differ from ``unit``."""
    sheet: str | None = None
    """Sheet of an Excel file; null means its first sheet."""
    header_row: int = Field(default=1, ge=1)
    """Row of the header as a spreadsheet shows it."""
    encoding: str | None = None
    """Encoding of a text file; null means it is found out (UTF-8, UTF-16, GB18030)."""
    delimiter: str | None = Field(default=None, min_length=1, max_length=1)
    """Sign between the columns of a text file; null means a comma (a tab in a .tsv file)."""
    thousands: Literal[",", ".", " ", "'"] | None = None
    """Sign between groups of three digits, if the file uses one."""
    decimal: Literal[".", ","] = "."
    """Decimal sign."""
    absent_is: Literal["missing", "zero"] = "missing"
    """What a value that is not in the table means: not known, or nothing."""
    absent_markers: tuple[str, ...] = ()
    """Words in value cells that mean the same as an empty cell, such as NA or -."""


class BeltFile(Section):
    """The description of a belt."""

    format: Literal[1]
    """Version of this form."""
    name: str = Field(min_length=1)
    """Short name of the belt."""
    title: BilingualText
    """Its full name."""
    money_unit: str = "1e8 CNY"
    """Unit that money is worked and reported in."""
    reaches: dict[str, BilingualText] = Field(min_length=1)
    """Its reaches, in order."""
    classifications: dict[str, BilingualText] = Field(min_length=1)
    """Industry classifications of its tables; the first is the usual one."""
    tables: tuple[TableSpec, ...] = Field(min_length=1)
    """Its tables."""
