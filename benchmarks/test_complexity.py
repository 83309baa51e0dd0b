"""Cost of the complexity family as regions and industries grow. No asserts on time."""

import numpy as np
import pytest

from clusterbelt.kernels.complexity import eci_pci, proximity, rca, relatedness_density


def _activity(regions, industries, seed=1):
    rng = np.random.default_rng(seed)
    size = rng.lognormal(0.0, 1.5, regions)[:, None]
    taste = rng.lognormal(0.0, 1.0, (regions, industries))
    return size * taste * (rng.random((regions, industries)) < 0.5)


@pytest.mark.parametrize("shape", [(31, 42), (330, 500), (2800, 1400)], ids=str)
def test_rca_eci_proximity_density(benchmark, shape):
    activity = _activity(*shape)

    def work():
        advantage = rca(activity)
        eci, _ = eci_pci(advantage)
        return eci, relatedness_density(advantage, proximity(advantage))

    eci, density = benchmark.pedantic(work, rounds=3, iterations=1, warmup_rounds=1)
    assert np.isfinite(eci).all()
    assert density.shape == shape
