"""A table as it was read: canonical column names, and where every row and column stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from clusterbelt.config.belt_file import TableSpec

__all__ = ["Table"]


@dataclass(frozen=True)
class Table:
    """A table read from a file; nothing in it has been judged yet.

    ``frame`` has canonical column names; cells are text unless the file is typed (Parquet) or
    the column is a constant. ``rows`` is the row of each record as a spreadsheet shows it.
    """

    spec: TableSpec
    file: str
    sheet: str
    frame: pd.DataFrame
    rows: npt.NDArray[np.int64]
    columns: Mapping[str, str]  # canonical name -> name in the file
    value_columns: npt.NDArray[np.object_] | None = None  # of a wide table: the header per value
