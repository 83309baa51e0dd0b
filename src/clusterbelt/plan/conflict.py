"""Which settings of a study cannot hold together.

From all rows that come from a setting, rows are taken away one by one as long as what is left still
conflicts. What remains cannot lose a row without becoming possible: an irreducible conflict. There
may be others; this is one of them.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from clusterbelt.core.errors import Issue
from clusterbelt.plan.problem import BoolArray
from clusterbelt.plan.programme import Programme
from clusterbelt.plan.solve import solve_programme

__all__ = ["SETTINGS", "find_conflict", "name_codes", "say_rows"]

# The setting of the study that each group of rows comes from.
SETTINGS: Final[Mapping[str, str]] = {
    "core_minimum": "minimum_core",
    "core_maximum": "maximum_core",
    "new_per_phase": "maximum_new_per_phase",
    "clusters_industry": "clusters_per_industry",
    "clusters_reach": "clusters_per_industry_reach",
    "required": "required",
    "forbidden": "forbidden",
    "precedence": "precedence",
}


def _conflicts(programme: Programme, kept: BoolArray, seed: int, seconds: float) -> bool:
    """Say whether the rows kept conflict; a question not answered in time counts as no."""
    upper = programme.upper.copy()
    upper[~programme.integral] = 0.0
    part = replace(
        programme,
        objective=np.zeros_like(programme.objective),
        upper=upper,
        groups=tuple(g for g, keep in zip(programme.groups, kept, strict=True) if keep),
        row_names=tuple(n for n, keep in zip(programme.row_names, kept, strict=True) if keep),
        matrix=programme.matrix[np.nonzero(kept)[0]],
        row_lower=programme.row_lower[kept],
        row_upper=programme.row_upper[kept],
    )
    found = solve_programme(part, seed=seed, time_limit=seconds, gap=1.0 - 1e-9)
    return found.status == "infeasible"


def find_conflict(programme: Programme, *, seed: int = 0, time_limit: float = 30.0) -> list[int]:
    """Rows of an irreducible conflict among the study's settings; whole groups are tried first.

    When the time is over, what is then left is returned: still a conflict, but not the smallest.
    Empty when the rows do not conflict, or nobody could tell in time.
    """
    began = time.monotonic()
    group = np.array(programme.groups)
    kept = np.ones(group.size, dtype=np.bool_)
    if not _conflicts(programme, kept, seed, time_limit):
        return []
    tries = [np.nonzero(group == name)[0] for name in SETTINGS]
    tries += [np.array([row]) for name in SETTINGS for row in np.nonzero(group == name)[0]]
    for rows in tries:
        left = time_limit - (time.monotonic() - began)
        if left <= 0.0:
            break
        if not kept[rows].any():
            continue
        without = kept.copy()
        without[rows] = False
        if _conflicts(programme, without, seed, left):
            kept = without
    return [int(row) for row in np.nonzero(kept & np.isin(group, list(SETTINGS)))[0]]


def say_rows(programme: Programme, rows: Iterable[int]) -> str:
    """Rows in the words of the study file: the setting and what it speaks of."""
    words = []
    for row in rows:
        name = programme.groups[row]
        subject = programme.row_names[row][len(name) + 1 : -1].replace(",", ", ")
        lower, upper = float(programme.row_lower[row]), float(programme.row_upper[row])
        sign, limit = (">=", lower) if np.isfinite(lower) else ("<=", upper)
        plain = name in ("required", "forbidden", "precedence")
        words.append(f"{SETTINGS[name]} ({subject})" + ("" if plain else f" {sign} {limit:.0f}"))
    return "; ".join(words)


def name_codes(issues: Sequence[Issue], names: Mapping[str, str]) -> list[Issue]:
    """Put the names of regions and industries beside their codes in the figures of issues."""
    if not names:
        return list(issues)
    longest_first = sorted(names, key=lambda code: (-len(code), code))
    pattern = re.compile(r"(?<![\w.])(" + "|".join(map(re.escape, longest_first)) + r")(?![\w.])")
    keys = ("subject", "rows", "region", "industry", "before", "later")
    found = []
    for issue in issues:
        params = {
            key: pattern.sub(lambda hit: f"{hit[0]} {names[hit[0]]}", str(value))
            if key in keys
            else value
            for key, value in issue.params.items()
        }
        found.append(replace(issue, params=params))
    return found
