"""Checks that accounts add up: value added, regional input-output tables, national tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import numpy.typing as npt
import xarray as xr

from clusterbelt.core.errors import Issue, Place, Severity, first_labels
from clusterbelt.model.belt import Belt, NationalTable
from clusterbelt.model.dims import FINAL_DEMAND, INDUSTRY, REGION, SECTOR, VALUE_ADDED_PARTS, YEAR

__all__ = ["cell_names", "check_accounts", "check_national"]

Values = npt.NDArray[np.float64]
_BROKEN = 0.01  # of output: no table that adds up is off by more
_ROUNDED = 1e-6  # of output: what rounding may leave
_SMALL = 0.05  # money units: differences below are rounding whatever the output
_SCALE = 2.0  # times: regions against the nation


def cell_names(like: xr.DataArray, mask: npt.NDArray[np.bool_]) -> list[str]:
    """Name the cells of a mask by their labels, as ``2017 / 310000 / 18``."""
    coords = [like[str(dim)].to_numpy() for dim in like.dims]
    return [
        " / ".join(str(names[k]) for names, k in zip(coords, at, strict=True))
        for at in np.argwhere(mask)
    ]


def _issue(
    code: str, file: str, cells: list[str], worst: float, severity: Severity, **params: str
) -> Iterator[Issue]:
    if cells:
        texts = {"labels": first_labels(cells), "count": str(len(cells)), "worst": f"{worst:.2g}"}
        yield Issue(code, Place(file=file, label=cells[0]), {**params, **texts}, severity)


def check_accounts(belt: Belt, files: Mapping[str, str]) -> Iterator[Issue]:
    """Yield where value added exceeds output, or its parts, columns or rows do not add up."""
    file = files.get("activity", "")
    names = {str(name) for name in belt.activity["variable"].to_numpy()}
    cube = belt.activity.transpose(YEAR, REGION, INDUSTRY, "variable")
    if not {"output", "value_added"} <= names:
        return
    output = cube.sel(variable="output", drop=True)
    added = cube.sel(variable="value_added", drop=True)
    yield from _off(
        "value_added_above_output", file, output, np.fmax((added - output).to_numpy(), 0), "error"
    )
    if set(VALUE_ADDED_PARTS) <= names:
        parts = cube.sel(variable=list(VALUE_ADDED_PARTS)).sum("variable", skipna=False)
        yield from _off("value_added_parts", file, output, (parts - added).to_numpy(), "warning")
    if belt.intermediate is None:
        return
    years = np.intersect1d(cube[YEAR].to_numpy(), belt.intermediate[YEAR].to_numpy())
    use = belt.intermediate.sel(year=years)
    output = output.sel(year=years)
    made = use.sum("industry_from", skipna=False).to_numpy() + added.sel(year=years).to_numpy()
    file = files.get("intermediate", "")
    yield from _off("account_column", file, output, made - output.to_numpy(), "warning")
    rest = (*FINAL_DEMAND, "exports", "outflow", "imports", "inflow")
    if set(rest) <= names:
        part = cube.sel(year=years)
        positive = part.sel(variable=list(rest[:-2])).sum("variable", skipna=False)
        negative = part.sel(variable=list(rest[-2:])).sum("variable", skipna=False)
        used = use.sum("industry_to", skipna=False).to_numpy() + (positive - negative).to_numpy()
        if "statistical_error" in names:
            used = used + np.nan_to_num(part.sel(variable="statistical_error").to_numpy())
        yield from _off("account_row", file, output, used - output.to_numpy(), "warning")


def _off(
    code: str, file: str, output: xr.DataArray, gap: Values, severity: Severity
) -> Iterator[Issue]:
    size = np.abs(output.to_numpy())
    tolerance = _ROUNDED if severity == "error" else _BROKEN
    with np.errstate(invalid="ignore", divide="ignore"):
        wrong = np.abs(gap) > np.fmax(tolerance * size, _SMALL)
        relative = np.where(wrong, np.abs(gap) / size, 0.0)
    worst = float(np.max(relative, initial=0.0))
    yield from _issue(code, file, cell_names(output, wrong), worst, severity)


def check_national(belt: Belt, files: Mapping[str, str]) -> Iterator[Issue]:
    """Yield which national tables do not balance, or are of another size than the regions' sum."""
    file = files.get("national", "")
    for name, table in belt.national.items():
        for kind, gap in (("row", _row_gap(table)), ("column", _column_gap(table))):
            worst = float(np.max(gap, initial=0.0))
            cells = [str(code) for code in table.output[SECTOR].to_numpy()[gap > _ROUNDED]]
            severity: Severity = "error" if worst > _BROKEN else "warning"
            yield from _issue(f"national_{kind}", file, cells, worst, severity, table=name)
        yield from _check_scale(belt, table, name, file)


def _relative(gap: Values, output: Values) -> Values:
    with np.errstate(invalid="ignore", divide="ignore"):
        relative = np.where(np.abs(gap) < 1e-9, 0.0, np.abs(gap) / np.abs(output))
    return np.nan_to_num(relative, nan=np.inf)


def _row_gap(table: NationalTable) -> Values:
    used = table.intermediate.sum("sector_to").to_numpy()
    used = used + table.final_demand.sum("category").to_numpy() - table.imports.to_numpy()
    output = table.output.to_numpy()
    return _relative(used - output, output)


def _column_gap(table: NationalTable) -> Values:
    made = table.intermediate.sum("sector_from").to_numpy()
    made = made + table.value_added.sum("variable").to_numpy()
    output = table.output.to_numpy()
    return _relative(made - output, output)


def _check_scale(belt: Belt, table: NationalTable, name: str, file: str) -> Iterator[Issue]:
    years = belt.activity[YEAR].to_numpy()
    if table.year not in years or "output" not in belt.activity["variable"].to_numpy():
        return
    regions = float(belt.activity.sel(year=table.year, variable="output").sum())
    nation = float(table.output.sum())
    if regions > 0 and nation > 0 and not 1 / _SCALE < regions / nation < _SCALE:
        params = {"table": name, "ratio": f"{regions / nation:.3g}"}
        yield Issue("national_scale", Place(file=file, label=name), params, "warning")
