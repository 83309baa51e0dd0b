"""Units of measurement: one small closed list, exact conversion factors, no guessing.

Inside clusterbelt money is in 1e8 of the belt's currency (``1e8 CNY``), people in persons, mass
in tonnes, shares between 0 and 1.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["Unit", "convert_factor", "is_unit", "parse_unit"]

# Each word: (dimension, factor to the dimension's base).
_WORDS: dict[str, tuple[str, float]] = {
    "1": ("number", 1.0),
    "%": ("number", 0.01),
    "index": ("index", 1.0),
    "rank": ("rank", 1.0),
    "persons": ("people", 1.0),
    "person-years": ("person-years", 1.0),
    "t": ("mass", 1.0),
    "kt": ("mass", 1e3),
    "Mt": ("mass", 1e6),
    "m": ("length", 1e-3),
    "km": ("length", 1.0),
    "km2": ("area", 1.0),
    "ha": ("area", 0.01),
    "m3": ("volume", 1.0),
    "mm": ("precipitation", 1.0),
    "pieces": ("pieces", 1.0),
    "year": ("year", 1.0),
    "kWh": ("energy", 1.0),
    "tce": ("energy content", 1.0),
}
_CURRENCY = re.compile(r"^[A-Z]{3}$")
_PREFIX = re.compile(r"^(1e\d+)\s+(.+)$")


@dataclass(frozen=True)
class Unit:
    """A parsed unit: its dimension (with the currency, if any) and its factor to the base."""

    dimension: str
    factor: float


def _parse_word(word: str) -> Unit:
    word = word.strip()
    scale = 1.0
    match = _PREFIX.match(word)
    if match:
        scale, word = float(match[1]), match[2].strip()
    if word in _WORDS:
        dimension, factor = _WORDS[word]
        return Unit(dimension, scale * factor)
    if _CURRENCY.match(word):
        return Unit(f"money:{word}", scale)
    raise ValueError(f"unknown unit {word!r}")


def parse_unit(unit: str) -> Unit:
    """Parse ``"1e4 CNY"``, ``"t"``, ``"%"``, ``"CNY / persons"`` and the like.

    Raises
    ------
    ValueError
        If a word is not a known unit or a three-letter currency code.
    """
    parts = [_parse_word(part) for part in unit.split("/")]
    dimension = " / ".join(part.dimension for part in parts)
    factor = parts[0].factor
    for part in parts[1:]:
        factor /= part.factor
    return Unit(dimension, factor)


def is_unit(unit: str) -> bool:
    """Say whether ``unit`` can be parsed."""
    try:
        parse_unit(unit)
    except ValueError:
        return False
    return True


def convert_factor(unit_from: str, unit_to: str) -> float:
    """Return the factor by which values in ``unit_from`` become values in ``unit_to``.

    Raises
    ------
    ValueError
        If the two measure different things.

    Examples
    --------
    >>> convert_factor("1e4 CNY", "1e8 CNY")
    0.0001
    """
    source, target = parse_unit(unit_from), parse_unit(unit_to)
    if source.dimension != target.dimension:
        raise ValueError(f"{unit_from!r} cannot become {unit_to!r}")
    return source.factor / target.factor
