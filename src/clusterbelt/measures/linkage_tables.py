"""Tables of the clusters stage about industries: linkages, groups, how well they hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from clusterbelt.kernels.arithmetic import Array
from clusterbelt.kernels.industry_groups import (
    Method,
    bootstrap_stability,
    group_industries,
    group_relatedness,
    validation_scores,
)
from clusterbelt.kernels.linkage import colocation, combined_linkage, io_linkage
from clusterbelt.model.belt import Belt, NationalTable

__all__ = [
    "LINKAGE_COLUMNS",
    "LinkageLayers",
    "build_layers",
    "finest_table",
    "group_tables",
    "linkages_table",
    "roadmap_groups",
    "sector_layers",
]

LINKAGE_COLUMNS: Final = {
    "linkages": ("level", "code_from", "code_to", "trade", "colocation", "combined", "grade"),
    "groups": ("level", "group", "code", "name_zh", "name_en", "within", "between", "best_placed",
               "grade"),
    "group_scores": ("level", "groups", "evidence", "groups_mean", "groups_strict",
                     "industries_mean", "industries_strict", "best_placed", "overall",
                     "stability", "stability_low", "chosen", "grade"),
    "roadmap_groups": ("reach", "cluster", "name_zh", "name_en", "level", "group", "share",
                       "grade"),
}  # fmt: skip


@dataclass(frozen=True)
class LinkageLayers:
    """Linkages of the codes of one level; without co-location the combined one is trade."""

    level: str  # "industry" or the key of a national table
    codes: list[str]
    names: pd.DataFrame  # index code: name_zh, name_en
    trade: Array
    colocation: Array | None
    quotients: Array | None  # (R, codes): what co-location is the correlation of

    @property
    def combined(self) -> Array:
        """Both layers on one scale (z-scores over the pairs), averaged."""
        layers = [self.trade] if self.colocation is None else [self.trade, self.colocation]
        return combined_linkage(layers)


def finest_table(belt: Belt, year: int) -> tuple[str, NationalTable] | None:
    """Return the national table of the year nearest to ``year`` with the most sectors."""
    if not belt.national:
        return None

    def order(item: tuple[str, NationalTable]) -> tuple[int, int, int]:
        table = item[1]
        return abs(table.year - year), table.year, -len(table.sectors)

    return min(belt.national.items(), key=order)


def _usable(*layers: Array) -> NDArray[np.intp]:
    """Return which codes have a linkage with each other code that is usable in every layer."""
    count = layers[0].shape[0]
    keep = np.ones(count, dtype=np.bool_)
    while True:
        missing = np.zeros(count)
        for layer in layers:
            unknown = ~np.isfinite(layer) & ~np.eye(count, dtype=np.bool_)
            missing += (unknown & keep[:, None] & keep[None, :]).sum(axis=1)
        worst = int(np.argmax(missing))
        if missing[worst] == 0:
            return np.flatnonzero(keep)
        keep[worst] = False


def _by_industry(table: NationalTable, codes: Sequence[str]) -> Array:
    """Sum a national table to the belt's industries, rows sell."""
    sectors = [str(code) for code in table.sectors.index]
    where = {"sector_from": sectors, "sector_to": sectors}
    flows = table.intermediate.sel(where).transpose("sector_from", "sector_to").to_numpy()
    parents = table.sectors["industry"].astype(str).to_numpy()
    member = (parents[:, None] == np.asarray(codes)[None, :]).astype(np.float64)
    return np.asarray(member.T @ np.maximum(np.nan_to_num(flows), 0.0) @ member)


def build_layers(belt: Belt, year: int, quotients: Array) -> LinkageLayers | None:
    """Return the linkages of the belt's manufacturing industries; None without a national table.

    ``quotients`` (all regions, industries in table order) are location quotients. Shares of trade
    are of all intermediate purchases and sales, services included.
    """
    found = finest_table(belt, year)
    if found is None:
        return None
    codes = [str(code) for code in belt.industries.index]
    trade = io_linkage(_by_industry(found[1], codes))
    chosen = np.flatnonzero(belt.industries["manufacturing"].to_numpy(bool))
    known = np.isfinite(quotients).all(axis=1)
    together = colocation(quotients[known][:, chosen], kind="activity")
    trade = trade[np.ix_(chosen, chosen)]
    kept = _usable(trade, together)
    if kept.size < 4:
        return None
    columns = chosen[kept]
    return LinkageLayers(
        level="industry",
        codes=[codes[place] for place in columns],
        names=belt.industries.iloc[columns][["name_zh", "name_en"]],
        trade=trade[np.ix_(kept, kept)],
        colocation=together[np.ix_(kept, kept)],
        quotients=quotients[known][:, columns],
    )


def sector_layers(belt: Belt, year: int) -> LinkageLayers | None:
    """Return linkages by trade of the finest national table's manufacturing sectors.

    None without a table finer than the belt's industries.
    """
    found = finest_table(belt, year)
    if found is None or len(found[1].sectors) <= len(belt.industries):
        return None
    key, table = found
    sectors = [str(code) for code in table.sectors.index]
    where = {"sector_from": sectors, "sector_to": sectors}
    flows = table.intermediate.sel(where).transpose("sector_from", "sector_to").to_numpy()
    trade = io_linkage(np.maximum(np.nan_to_num(flows), 0.0))
    made = {str(code) for code in belt.industries.index[belt.industries["manufacturing"]]}
    chosen = np.flatnonzero(table.sectors["industry"].astype(str).isin(made).to_numpy(bool))
    kept = chosen[_usable(trade[np.ix_(chosen, chosen)])]
    if kept.size < 4:
        return None
    return LinkageLayers(
        level=key,
        codes=[sectors[place] for place in kept],
        names=table.sectors.iloc[kept][["name_zh", "name_en"]],
        trade=trade[np.ix_(kept, kept)],
        colocation=None,
        quotients=None,
    )


def linkages_table(levels: Sequence[LinkageLayers]) -> pd.DataFrame:
    """Return a row per pair of codes of a level (each pair once, in table order)."""
    frames = []
    for layers in levels:
        one, other = np.triu_indices(len(layers.codes), k=1)
        codes = np.asarray(layers.codes, dtype=object)
        together = layers.colocation
        frames.append(
            pd.DataFrame(
                {
                    "level": layers.level,
                    "code_from": codes[one],
                    "code_to": codes[other],
                    "trade": layers.trade[one, other],
                    "colocation": np.nan if together is None else together[one, other],
                    "combined": layers.combined[one, other],
                    "grade": "B" if together is None else "C",
                }
            )
        )
    if not frames:
        return pd.DataFrame(columns=list(LINKAGE_COLUMNS["linkages"]))
    return pd.concat(frames, ignore_index=True)


def _score_rows(
    layers: LinkageLayers, groups: NDArray[np.int64], draws: int, seed: int, method: Method
) -> list[dict[str, Any]]:
    """Return the scores of one grouping on each evidence and their mean."""
    count = int(groups.max()) + 1
    evidence = {"trade": layers.trade}
    if layers.colocation is not None:
        evidence |= {"colocation": layers.colocation, "combined": layers.combined}
    rows = []
    for name, linkage in evidence.items():
        scores = validation_scores(linkage, groups)
        rows.append(
            {"level": layers.level, "groups": count, "evidence": name, **vars(scores), "grade": "C"}
        )
    mean = {
        key: float(np.mean([row[key] for row in rows]))
        for key in ("groups_mean", "groups_strict", "industries_mean", "industries_strict",
                    "best_placed", "overall")
    }  # fmt: skip
    rows.append({"level": layers.level, "groups": count, "evidence": "mean", **mean, "grade": "C"})
    if layers.quotients is not None and draws:
        again = bootstrap_stability(
            layers.quotients, [layers.trade], groups, draws=draws, seed=seed, method=method,
            kind="activity",
        )  # fmt: skip
        if np.isfinite(again).any():
            rows[-1]["stability"] = float(np.nanmean(again))
            rows[-1]["stability_low"] = float(np.nanquantile(again, 0.05))
    return rows


def _group_rows(layers: LinkageLayers, groups: NDArray[np.int64]) -> list[dict[str, Any]]:
    industry, _ = group_relatedness(layers.combined, groups)
    rows = []
    for place in np.argsort(groups, kind="stable"):
        own = int(groups[place])
        within = float(industry[place, own])
        others = np.delete(industry[place], own)
        most = float(others.max()) if others.size else float("nan")
        code = layers.codes[place]
        rows.append(
            {
                "level": layers.level,
                "group": f"G{own + 1}",
                "code": code,
                "name_zh": layers.names.at[code, "name_zh"],
                "name_en": layers.names.at[code, "name_en"],
                "within": within,
                "between": most,
                "best_placed": bool(within > most),
                "grade": "C",
            }
        )
    return rows


def group_tables(
    levels: Sequence[LinkageLayers],
    *,
    count: int | None,
    most: int,
    method: Method,
    draws: int,
    seed: int,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return ``groups`` and ``group_scores``.

    Groupings into 2, 3 ... ``most`` groups (at most half as many as codes) are scored on every
    linkage; the one with the highest mean score is chosen, of equals the one with fewer groups.
    A given ``count`` is chosen at the level of industries as it is.
    """
    members: list[dict[str, Any]] = []
    scores: list[dict[str, Any]] = []
    for layers in levels:
        tried = range(2, min(most, len(layers.codes) // 2) + 1)
        if count is not None and layers.level == "industry":
            tried = range(min(count, len(layers.codes)), min(count, len(layers.codes)) + 1)
        combined = layers.combined
        found = {k: group_industries(combined, k, method=method, seed=seed) for k in tried}
        rows = {k: _score_rows(layers, groups, draws, seed, method) for k, groups in found.items()}
        chosen = max(found, key=lambda k: (np.nan_to_num(rows[k][-1]["overall"]), -k))
        for k, each in rows.items():
            scores.extend(row | {"chosen": k == chosen} for row in each)
        members.extend(_group_rows(layers, found[chosen]))
    return (
        pd.DataFrame(members, columns=list(LINKAGE_COLUMNS["groups"])),
        pd.DataFrame(scores, columns=list(LINKAGE_COLUMNS["group_scores"])),
    )


def _placed(row: Mapping[str, Any], group_of: Mapping[str, str], column: str) -> dict[str, float]:
    codes = [code for code in str(row.get(column) or "").split(";") if code in group_of]
    parts: dict[str, float] = {}
    for code in codes:
        group = group_of[code]
        parts[group] = parts.get(group, 0.0) + float(row["weight"]) / len(codes)
    return parts


def roadmap_groups(roadmap: pd.DataFrame | None, groups: pd.DataFrame) -> pd.DataFrame:
    """Place the industries of a published roadmap among the groups of each level.

    ``share`` is the part of the named industry's weight that falls in the group; the parts of an
    industry whose classes are in no group are missing, so shares may add to less than one.
    """
    rows: list[dict[str, Any]] = []
    if roadmap is None or groups.empty:
        return pd.DataFrame(rows, columns=list(LINKAGE_COLUMNS["roadmap_groups"]))
    for name, own in groups.groupby("level", sort=False):
        level = str(name)
        group_of = dict(zip(own["code"].astype(str), own["group"].astype(str), strict=True))
        column = "industry"
        if level != "industry":
            column = "sectors" if level.endswith("_149") else f"sectors_{level[-3:]}"
        if column not in roadmap:
            continue
        for (reach, cluster), lines in roadmap.groupby(["reach", "cluster"], sort=False):
            parts: dict[str, float] = {}
            for line in lines.to_dict("records"):
                row = {str(key): value for key, value in line.items()}
                for group, weight in _placed(row, group_of, column).items():
                    parts[group] = parts.get(group, 0.0) + weight
            whole = float(lines["weight"].sum())
            first = lines.iloc[0]
            rows.extend(
                {
                    "reach": reach,
                    "cluster": cluster,
                    "name_zh": first["name_zh"],
                    "name_en": first["name_en"],
                    "level": level,
                    "group": group,
                    "share": weight / whole,
                    "grade": "C",
                }
                for group, weight in sorted(parts.items(), key=lambda item: -item[1])
            )
    return pd.DataFrame(rows, columns=list(LINKAGE_COLUMNS["roadmap_groups"]))
