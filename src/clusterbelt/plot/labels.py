"""Words and numbers of figures and report: names, money, phases, shares, in either language."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from clusterbelt.core.strings import Language, has_text, text
from clusterbelt.core.units import parse_unit
from clusterbelt.model.run_view import RunView

__all__ = [
    "ABSENT",
    "MoneyScale",
    "Phase",
    "codes",
    "finite",
    "join",
    "known_word",
    "manufacturing",
    "money_scale",
    "number",
    "percent_text",
    "phase_label",
    "phases",
    "reach_order",
    "records",
    "region_names",
    "shortened",
    "unique_names",
    "wrapped",
]

ABSENT = "–"


@dataclass(frozen=True)
class MoneyScale:
    """How money of the run's unit is shown: ``value * factor``, in ``unit``."""

    factor: float
    unit: str
    currency: str
    language: Language

    def say(self, value: float | None) -> str:
        """Return the value with its unit, as it stands in a sentence."""
        return text(
            "plot.money.amount", self.language, currency=self.currency, amount=self.show(value)
        )

    def show(self, value: float | None, digits: int | None = None) -> str:
        """Return the value as text, without the unit; as many digits as its size deserves."""
        if value is None or math.isnan(value):
            return ABSENT
        scaled = value * self.factor
        if digits is None:
            digits = 0 if abs(scaled) >= 100 else 1 if abs(scaled) >= 10 else 2
        return number(scaled, digits)


def money_scale(run: RunView, language: Language) -> MoneyScale:
    """Return the scale of the run's money: 1e8 in Chinese, billions (1e9) in English."""
    unit = parse_unit(run.money_unit)
    currency = unit.dimension.partition(":")[2]
    size = 1e8 if language == "zh" else 1e9
    key = f"plot.money.{currency}"
    name = text(key, language) if has_text(key, language) else currency
    unit_words = text("plot.money.unit", language, currency=name)
    return MoneyScale(unit.factor / size, unit_words, name, language)


def number(value: float | None, digits: int = 0) -> str:
    """Return a number with thousands separators, a true minus sign, a dash when absent."""
    if value is None or math.isnan(value):
        return ABSENT
    shown = f"{value:,.{digits}f}"
    if not any(character in "123456789" for character in shown):
        shown = shown.replace("-", "")  # no minus nought
    return shown.replace("-", "\u2212")


def percent_text(share: float) -> str:
    """Return a share (0-1) in per cent with no more digits than it has (at most four)."""
    return f"{100 * share:.4g}%".replace("-", "\u2212")


def known_word(prefix: str, word: str, language: Language) -> str:
    """Return the text ``prefix.word``; a word of the user's own is shown as it is."""
    key = f"{prefix}.{word}"
    return text(key, language) if has_text(key, language) else str(word)


def codes(joined: object) -> list[str]:
    """Split a ``;``-joined list of codes."""
    return [code for code in str(joined).split(";") if code and code != "nan"]


def join(words: Iterable[str], language: Language) -> str:
    """Join words as a list of the language."""
    return text("plot.list_separator", language).join(words)


def region_names(run: RunView, joined: object, language: Language) -> str:
    """Return the names of ``;``-joined region codes."""
    return join((run.region_name(code, language) for code in codes(joined)), language)


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a table as dictionaries."""
    return [{str(key): value for key, value in row.items()} for row in frame.to_dict("records")]


def reach_order(run: RunView, regions: Iterable[str] | None = None) -> list[str]:
    """Return the belt's regions by reach, then in table order; only those of ``regions``."""
    kept = set(run.belt_regions if regions is None else regions)
    place = {reach: number for number, reach in enumerate(run.reaches)}
    belt = [code for code in run.belt_regions if code in kept]
    return sorted(belt, key=lambda code: place.get(str(run.regions.at[code, "reach"]), len(place)))


def manufacturing(run: RunView) -> list[str]:
    """Return the codes of the industries marked as manufacturing, in table order."""
    return [str(code) for code, flag in run.industries["manufacturing"].items() if bool(flag)]


@dataclass(frozen=True)
class Phase:
    """A phase of the plan: its id, its place in order and its last year."""

    name: str
    place: int
    end_year: int


def phases(run: RunView) -> list[Phase]:
    """Return the phases of the study, in order."""
    rows: Sequence[Mapping[str, Any]] = run.study.get("plan", {}).get("phases", ())
    return [Phase(str(row["name"]), place, int(row["end_year"])) for place, row in enumerate(rows)]


def phase_label(run: RunView, name: str, language: Language) -> str:
    """Return a phase as words with its last year."""
    words = known_word("plot.phase", name, language)
    for phase in phases(run):
        if phase.name == name:
            return text("plot.phase_until", language, phase=words, year=phase.end_year)
    return words


def wrapped(name: str, language: Language, width: int) -> str:
    """Break a long name into lines of about ``width`` Latin letters (half as many Chinese)."""
    if language == "zh":
        size = max(width // 2, 1)
        if len(name) <= size:
            return name
        lines = math.ceil(len(name) / size)
        even = math.ceil(len(name) / lines)
        return "\n".join(name[start : start + even] for start in range(0, len(name), even))
    return "\n".join(textwrap.wrap(name, width, break_long_words=False))


def shortened(name: str, language: Language, width: int) -> str:
    """Cut a name to ``width`` Latin letters (about half as many Chinese) with an ellipsis."""
    most = (width * 11) // 20 if language == "zh" else width
    return name if len(name) <= most else name[: most - 1].rstrip(" ,、(（") + "…"


def unique_names(names: Mapping[str, str]) -> dict[str, str]:
    """Return the names by code; where two codes share a name, the code is added to it."""
    found: dict[str, int] = {}
    for name in names.values():
        found[name] = found.get(name, 0) + 1
    return {code: name if found[name] == 1 else f"{name} ({code})" for code, name in names.items()}


def finite(value: object) -> float | None:
    """Return a float, or ``None`` when it is absent."""
    if value is None or pd.isna(value):  # type: ignore[call-overload]
        return None
    return float(value)  # type: ignore[arg-type]
