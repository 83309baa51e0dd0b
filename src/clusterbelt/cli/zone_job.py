"""What ``clusterbelt zones`` needs of the layers below, beside the list itself."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from clusterbelt.core.errors import InputError, Issue, Place
from clusterbelt.io.atomic import write_bytes_atomic, write_text_atomic, writing_to
from clusterbelt.io.run_folder import read_manifest, read_result
from clusterbelt.measures.zone_concentration import orientation_correlations
from clusterbelt.measures.zones import has_zones, oriented_by, zone_parts
from clusterbelt.model.belt import Belt
from clusterbelt.model.dims import YEAR

__all__ = ["read_roles", "write_zone_list", "zone_correlations"]


def read_roles(run: Path, belt: Belt) -> pd.DataFrame:
    """Return the roles of zones in a run of ``belt``.

    Raises
    ------
    InputError
        If the folder holds no run, one of another belt, or one whose plan has no carriers.
    """
    other = str(read_manifest(run).get("belt", {}).get("name", ""))
    if other != belt.name:
        params = {"run": other or "-", "belt": belt.name}
        raise InputError([Issue("zones_run_of_other_belt", Place(file=str(run)), params)])
    result = read_result(run, "carriers")
    if "roles" not in result.tables:
        raise InputError([Issue("zones_run_without_roles", Place(file=str(run)))])
    return result.frame("roles")


def write_zone_list(found: pd.DataFrame, path: Path) -> None:
    """Write the list to a .csv, .xlsx or .parquet file.

    Raises
    ------
    InputError
        If the ending is another, or the file cannot be written.
    """
    ending = path.suffix.lower()
    if ending not in (".csv", ".xlsx", ".parquet"):
        raise InputError([Issue("zones_out_ending", Place(file=str(path)), {"ending": ending})])
    with writing_to(path.parent):
        path.parent.mkdir(parents=True, exist_ok=True)
    if ending == ".csv":
        # The mark at the beginning lets Excel read the Chinese names.
        write_text_atomic(path, "\ufeff" + found.to_csv(index=False, lineterminator="\n"))
        return
    target = path.with_name(f".{path.name}")
    if ending == ".xlsx":
        with pd.ExcelWriter(target, engine="xlsxwriter") as writer:
            found.to_excel(writer, sheet_name="zones", index=False)
    else:
        found.to_parquet(target, index=False)
    data = target.read_bytes()
    target.unlink()
    write_bytes_atomic(path, data)


def zone_correlations(belt: Belt, year: int) -> pd.DataFrame:
    """Return, per manufacturing industry, how oriented area goes with output over the regions.

    Raises
    ------
    InputError
        If the belt has no zones, or no activity in that year.
    """
    years = [int(one) for one in belt.activity[YEAR].to_numpy()]
    if not has_zones(belt):
        raise InputError([Issue("zones_none", Place(label=belt.name))])
    if year not in years:
        params = {"year": str(year), "years": ", ".join(map(str, years))}
        raise InputError([Issue("zones_no_year", Place(label=str(year)), params)])
    made = [str(c) for c in belt.industries.index[belt.industries["manufacturing"].to_numpy(bool)]]
    parts = zone_parts(belt)
    oriented = oriented_by(parts[parts["industry"].isin(made)], "industry", belt)
    return orientation_correlations(belt, oriented, made, year, "output")
