"""Two runs side by side: what differs in their plans, their values and their assumptions."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd

from clusterbelt.core.errors import InputError, Issue, Place
from clusterbelt.model.run_view import RunView

__all__ = ["Change", "Comparison", "compare_runs", "comparison_rows"]

Change = Literal["new", "gone", "earlier", "later", "other_partners", "more", "less"]
_ROUNDING = 1e-6  # of the larger figure: no difference
_APART = {"name", "report"}  # parts of the study that change no result


@dataclass(frozen=True)
class Comparison:
    """What differs between run A and run B; equal things are left out.

    ``plans``: region, industry, change, phase_a, phase_b, partners_a, partners_b, added_a, added_b.
    ``values``: stage, value, unit, a, b, difference (NaN for words).
    ``assumptions``: field, a, b, as JSON; absent is empty.
    """

    plans: pd.DataFrame
    values: pd.DataFrame
    assumptions: pd.DataFrame
    same_choices: int


def _check(run: RunView, other: RunView) -> None:
    issues = [
        Issue("compare_no_plan", Place(file=str(view.folder)))
        for view in (run, other)
        if "plan" not in view.results or "assignments" not in view.results["plan"].tables
    ]
    pairs = ((run.regions, other.regions), (run.industries, other.industries))
    if any(set(a.index) != set(b.index) for a, b in pairs):
        names = {"belt_a": str(run.manifest.get("belt", {}).get("name", "")),
                 "belt_b": str(other.manifest.get("belt", {}).get("name", ""))}  # fmt: skip
        issues.append(Issue("compare_other_belt", Place(file=str(other.folder)), names))
    if issues:
        raise InputError(issues)


def _choices(run: RunView) -> dict[tuple[str, str], dict[str, Any]]:
    plan = run.results["plan"]
    members = dict(
        zip(plan.frame("clusters")["cluster"], plan.frame("clusters")["members"], strict=True)
    )
    return {
        (str(row["region"]), str(row["industry"])): {
            "start": int(row["start_phase"]),
            "phase": str(row["phase"]),
            "partners": ";".join(
                code for code in str(members[row["cluster"]]).split(";") if code != row["region"]
            ),
            "added": float(row["added_output"]),
        }
        for row in plan.frame("assignments").to_dict("records")
    }


def _differ(a: float, b: float) -> bool:
    return abs(a - b) > _ROUNDING * max(abs(a), abs(b), 1.0)


def _change(a: Mapping[str, Any] | None, b: Mapping[str, Any] | None) -> Change | None:
    """Return the first thing that differs, the weightiest first; None where nothing does."""
    if a is None or b is None:
        return "new" if a is None else "gone"
    if a["start"] != b["start"]:
        return "earlier" if b["start"] < a["start"] else "later"
    if a["partners"] != b["partners"]:
        return "other_partners"
    if _differ(a["added"], b["added"]):
        return "more" if b["added"] > a["added"] else "less"
    return None


def _plans(run: RunView, other: RunView) -> tuple[pd.DataFrame, int]:
    first, second = _choices(run), _choices(other)
    rows, same = [], 0
    for pair in sorted(first.keys() | second.keys()):
        a, b = first.get(pair), second.get(pair)
        change = _change(a, b)
        if change is None:
            same += 1
            continue
        row: dict[str, Any] = {"region": pair[0], "industry": pair[1], "change": change}
        for mark, side in (("a", a), ("b", b)):
            row[f"phase_{mark}"] = None if side is None else side["phase"]
            row[f"partners_{mark}"] = None if side is None else side["partners"]
            row[f"added_{mark}"] = float("nan") if side is None else side["added"]
        rows.append(row)
    columns = "region industry change phase_a phase_b partners_a partners_b added_a added_b"
    return pd.DataFrame(rows, columns=columns.split()), same


def _number(value: object) -> float | None:
    plain = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if plain else None  # type: ignore[arg-type]


def _values(run: RunView, other: RunView) -> pd.DataFrame:
    rows = []
    for stage in (name for name in run.results if name in other.results):
        first, second = run.results[stage].values, other.results[stage].values
        for name in (key for key in first if key in second):
            a, b = first[name].value, second[name].value
            x, y = _number(a), _number(b)
            if x is not None and y is not None:
                if not _differ(x, y):
                    continue
                difference = y - x
            elif a == b:
                continue
            else:
                difference = float("nan")
            rows.append((stage, name, second[name].unit, a, b, difference))
    columns = ["stage", "value", "unit", "a", "b", "difference"]
    return pd.DataFrame(rows, columns=columns, dtype=object).astype({"difference": float})


def _flat(content: Any, field: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(content, Mapping) and content:
        for key, value in content.items():
            yield from _flat(value, f"{field}.{key}" if field else str(key))
    else:
        yield field, content


def _assumptions(run: RunView, other: RunView) -> pd.DataFrame:
    first, second = (
        {
            field: json.dumps(value, ensure_ascii=False)
            for field, value in _flat(view.study)
            if field.partition(".")[0] not in _APART
        }
        for view in (run, other)
    )
    rows = [
        (field, first.get(field, ""), second.get(field, ""))
        for field in sorted(first.keys() | second.keys())
        if first.get(field) != second.get(field)
    ]
    return pd.DataFrame(rows, columns=["field", "a", "b"])


def compare_runs(run: RunView, other: RunView) -> Comparison:
    """Compare two runs of one belt, from A (``run``) to B (``other``).

    Raises
    ------
    InputError
        If a run has no plan, or the runs are of belts with other regions or industries.
    """
    _check(run, other)
    plans, same = _plans(run, other)
    return Comparison(plans, _values(run, other), _assumptions(run, other), same)


def comparison_rows(comparison: Comparison) -> pd.DataFrame:
    """Return everything as one long table for a file: kind, subject, what, a, b."""
    rows: list[tuple[str, str, str, object, object]] = []
    for row in comparison.plans.to_dict("records"):
        subject = f"{row['region']};{row['industry']}"
        for name in ("phase", "partners", "added"):
            a, b = row[f"{name}_a"], row[f"{name}_b"]
            if not (a == b or (pd.isna(a) and pd.isna(b))):
                rows.append(("plan", subject, f"{row['change']}.{name}", a, b))
    rows += [
        ("value", str(row["stage"]), str(row["value"]), row["a"], row["b"])
        for row in comparison.values.to_dict("records")
    ]
    rows += [
        ("assumption", str(row["field"]), "", row["a"], row["b"])
        for row in comparison.assumptions.to_dict("records")
    ]
    return pd.DataFrame(rows, columns=["kind", "subject", "what", "a", "b"], dtype=object)
