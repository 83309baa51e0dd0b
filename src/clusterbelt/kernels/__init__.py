"""The mathematics: numpy arrays in, numpy arrays out, one file a family.

The public functions can be imported from here (``from clusterbelt.kernels import hhi``); each is
loaded when it is first asked for, so that a command that needs one family does not pay for all.
"""

from importlib import import_module
from typing import Any

_FAMILIES = {
    "agglomeration": ("ellison_glaeser", "litzenberger", "plant_herfindahl"),
    "complexity": (
        "complexity_outlook",
        "eci_pci",
        "fitness",
        "presence",
        "proximity",
        "rca",
        "relatedness_density",
    ),
    "composite": ("coupling_coordination", "critic_weights", "entropy_weights", "topsis"),
    "concentration": (
        "equivalent_number",
        "gini",
        "hhi",
        "hoover",
        "krugman",
        "locational_gini",
        "theil_decomposition",
        "theil_l",
        "theil_t",
    ),
    "input_output": ("leontief_solve", "multipliers", "ras", "technical_coefficients"),
    "growth": ("shift_share",),
    "structure": ("similarity",),
    "specialisation": ("excess", "location_quotient", "symmetric_lq"),
}
_HOME = {name: family for family, names in _FAMILIES.items() for name in names}

__all__ = sorted(_HOME)


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
