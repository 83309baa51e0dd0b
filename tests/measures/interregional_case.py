"""A synthetic inter-regional table with every identity in place, of any size."""

import numpy as np

from clusterbelt.model.interregional import InterregionalTable


def make_table(regions=("a", "b", "c", "d"), industries=("10", "20", "30"), seed=3, **changes):
    """Random sourcing and inputs; output solves the model, value added closes the columns."""
    rng = np.random.default_rng(seed)
    r, n = len(regions), len(industries)
    categories = changes.pop("categories", ("consumption", "investment", "inventory_change"))
    shares = rng.random((n, r, r)) + 2.0 * r * np.eye(r)
    shares *= rng.uniform(0.75, 0.98, (n, 1, r)) / shares.sum(axis=1, keepdims=True)
    inputs = rng.random((r, n, n))
    inputs *= rng.uniform(0.3, 0.7, (r, 1, n)) / inputs.sum(axis=1, keepdims=True)
    use_final = rng.uniform(50.0, 150.0, (r, n, len(categories)))
    use_final[:, :, -1] = rng.uniform(-5.0, 5.0, (r, n))
    exports = rng.uniform(5.0, 30.0, (r, n))
    discrepancy = rng.uniform(-2.0, 2.0, (r, n))
    matrix = np.einsum("irs,sij->risj", shares, inputs).reshape(r * n, r * n)
    demand = np.einsum("irs,sik->ri", shares, use_final) + exports + discrepancy
    output = np.linalg.solve(np.eye(r * n) - matrix, demand.ravel()).reshape(r, n)
    use_intermediate = inputs * output[:, None, :]
    use = use_intermediate.sum(axis=2) + use_final.sum(axis=2)
    flows = shares * use.T[:, None, :]
    added = output - use_intermediate.sum(axis=1)
    parts = {
        "year": 2017,
        "classification": "3",
        "money_unit": "1e8 CNY",
        "regions": tuple(regions),
        "industries": tuple(industries),
        "categories": tuple(categories),
        "value_added_parts": ("compensation", "rest"),
        "flows": flows,
        "use_intermediate": use_intermediate,
        "use_final": use_final,
        "imports": use - flows.sum(axis=1).T,
        "exports": exports,
        "value_added": np.stack([0.6 * added, 0.4 * added], axis=1),
        "output": output,
        "discrepancy": discrepancy,
    }
    return InterregionalTable(**(parts | changes))
