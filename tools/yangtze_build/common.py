"""What every part of the build shares: problems found, tables of decisions, rounding, writing."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

TABLES = Path(__file__).parent / "tables"
MONEY_DECIMALS = 8  # of 1e8 CNY: the nearest yuan
YEARS = (2002, 2007, 2012, 2017)
IO42_YEARS = (2012, 2017)


class BuildError(Exception):
    """The sources do not say what the build expects; every problem is in the message."""


@dataclass
class Log:
    """Problems (which stop the build) and figures (which go into the data report)."""

    problems: list[str] = field(default_factory=list)
    figures: dict[str, pd.DataFrame] = field(default_factory=dict)

    def require(self, condition: bool, problem: str) -> None:
        """Keep ``problem`` when ``condition`` does not hold."""
        if not condition:
            self.problems.append(problem)

    def table(self, name: str, frame: pd.DataFrame) -> None:
        """Keep a table for the data report."""
        self.figures[name] = frame

    def stop_on_problems(self) -> None:
        """Raise with all problems at once."""
        if self.problems:
            lines = "\n".join(f"  - {problem}" for problem in self.problems)
            raise BuildError(f"{len(self.problems)} problem(s):\n{lines}")


@cache
def _read(name: str) -> pd.DataFrame:
    return pd.read_csv(TABLES / name, dtype=str, keep_default_na=False)


def read_table(name: str) -> pd.DataFrame:
    """Read one of the build's own tables (names, concordance, decisions); all text."""
    return _read(name).copy()


def money(values: pd.Series) -> pd.Series:
    """10,000 yuan to 1e8 yuan, to the nearest yuan, without negative zeros."""
    return (values / 1e4).round(MONEY_DECIMALS) + 0.0


def clean_number(value: float) -> str:
    """Write a number in as few digits as say it exactly."""
    if pd.isna(value):
        return ""
    return str(int(value)) if float(value).is_integer() else repr(float(value))


def significant(values: pd.Series, digits: int = 7) -> pd.Series:
    """Round to significant digits (a whole column of mixed sizes)."""
    numbers = values.to_numpy(float)
    with np.errstate(divide="ignore", invalid="ignore"):
        exponent = np.where(numbers == 0, 0, np.floor(np.log10(np.abs(numbers))))
    exponent = np.nan_to_num(exponent)
    factor = 10.0 ** (digits - 1 - exponent)
    return pd.Series(np.round(numbers * factor) / factor + 0.0, index=values.index)


def write_csv(frame: pd.DataFrame, path: Path) -> None:
    """Write a table as CSV: UTF-8, line feeds, shortest exact numbers."""
    text = frame.copy()
    for column in text.columns:
        if pd.api.types.is_float_dtype(text[column]):
            text[column] = [clean_number(value) for value in text[column]]
    path.write_text(text.to_csv(index=False, lineterminator="\n"), encoding="utf-8")


def write_parquet(frame: pd.DataFrame, path: Path) -> None:
    """Write a table as Parquet: text as dictionaries, no metadata that changes by version."""
    arrays = {}
    for column in frame.columns:
        values = frame[column]
        if pd.api.types.is_float_dtype(values):
            arrays[column] = pa.array(values.to_numpy(float), type=pa.float64())
        elif pd.api.types.is_integer_dtype(values):
            arrays[column] = pa.array(values.to_numpy("int16"), type=pa.int16())
        else:
            arrays[column] = pa.array(values.astype(str).tolist(), type=pa.string())
    text = [name for name, array in arrays.items() if array.type == pa.string()]
    pq.write_table(
        pa.table(arrays),
        path,
        compression="zstd",
        compression_level=19,
        use_dictionary=[*text, *(name for name in arrays if name == "year")],
        column_encoding={
            name: "BYTE_STREAM_SPLIT"
            for name, array in arrays.items()
            if array.type == pa.float64()
        },
        store_schema=False,
        write_statistics=False,
    )
