"""Hold location quotients against the provinces' own tables: which delta comes closest?

``python tools/validate_regionalisation.py`` scales the national table of 2017 down to the 31
provinces by each quotient and compares, for manufacturing, the share of domestic purchases that
each province makes itself with that of the table estimated from the provinces' tables. Weights are
domestic purchases.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from clusterbelt.config.interregional import InterregionalSection
from clusterbelt.io.read_belt import read_belt
from clusterbelt.measures.interregional_estimate import estimate_with_report
from clusterbelt.measures.interregional_regionalised import national_by_industry, regionalise

YEAR, TABLE = 2017, "2017_42"
DELTAS = {
    "slq": (None,),
    "cilq": (None,),
    "flq": (0.05, 0.1, 0.15, 0.2, 0.3),
    "aflq": (0.1, 0.2, 0.3),
}

Array = NDArray[np.float64]


def own_share(own: Array, domestic: Array) -> Array:
    """Return own supply over domestic purchases; NaN without purchases."""
    return np.divide(own, domestic, out=np.full_like(own, np.nan), where=domestic > 0.0)


def main() -> None:
    """Print one line per quotient and delta."""
    belt = read_belt("yangtze", "io42")
    known = estimate_with_report(belt, YEAR, InterregionalSection())
    making = belt.industries["manufacturing"].to_numpy(dtype=bool)
    bought = (known.accounts.use - known.table.imports.T)[making]
    wanted = own_share(np.einsum("irr->ir", known.table.flows)[making], bought)
    national = national_by_industry(belt.national[TABLE], list(belt.industries.index))
    print("| quotient | delta | mean error | mean difference | correlation |")
    print("|---|---|---|---|---|")
    for quotient, deltas in DELTAS.items():
        for delta in deltas:
            made = regionalise(national, known.accounts.output, quotient, delta)
            use = (made.intermediate.sum(axis=2) + made.final.sum(axis=2)).T
            domestic = (use - made.imports)[making]
            share = own_share(domestic - made.inflow[making], domestic)
            both = np.isfinite(wanted) & np.isfinite(share)
            gap, weight = (share - wanted)[both], bought[both]
            error = np.average(np.abs(gap), weights=weight)
            bias = np.average(gap, weights=weight)
            correlation = np.corrcoef(share[both], wanted[both])[0, 1]
            shown = "" if delta is None else f"{delta:g}"
            print(f"| {quotient} | {shown} | {error:.3f} | {bias:+.3f} | {correlation:.3f} |")


if __name__ == "__main__":
    main()
