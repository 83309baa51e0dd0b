"""What a stage hands on: tables and single values, each with unit and grade. Frozen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

import pandas as pd

__all__ = ["GRADES", "Grade", "Message", "Result", "ResultTable", "ResultValue"]

Grade = Literal["A", "B", "C", "D"]
# A measured at this detail; B measured at a coarser level; C modelled; D assumed by the study.
GRADES: Final[tuple[Grade, ...]] = ("A", "B", "C", "D")


@dataclass(frozen=True)
class ResultTable:
    """A table of results: plain columns, a default index, rows in a stated order.

    A column ``grade`` in the frame, where there is one, overrides ``grade`` row by row.
    """

    name: str
    frame: pd.DataFrame
    grade: Grade
    units: Mapping[str, str] = field(default_factory=dict)  # column -> unit


@dataclass(frozen=True)
class ResultValue:
    """A single figure."""

    value: float | int | str | bool | None
    grade: Grade
    unit: str = "1"


@dataclass(frozen=True)
class Message:
    """A remark of a stage for the report: a key in the strings and the figures for it."""

    key: str
    params: Mapping[str, str | float | int] = field(default_factory=dict)


@dataclass(frozen=True)
class Result:
    """Output of one stage."""

    stage: str
    tables: Mapping[str, ResultTable] = field(default_factory=dict)
    values: Mapping[str, ResultValue] = field(default_factory=dict)
    messages: tuple[Message, ...] = ()

    def frame(self, name: str) -> pd.DataFrame:
        """Return the frame of table ``name``."""
        return self.tables[name].frame
