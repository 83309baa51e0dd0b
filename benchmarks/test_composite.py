"""Ranks of a composite index under 1,000 sets of assumptions, at two sizes; Sobol shares apart.

``python benchmarks/test_composite.py UNITS INDICATORS GROUPS SOBOL`` prints seconds and peak memory
of one run in a process of its own.
"""

import resource
import sys
import time

import numpy as np
import pytest

from clusterbelt.kernels.composite_uncertainty import rank_uncertainty


def _run(units, indicators, groups, sobol):
    rng = np.random.default_rng(1)
    values = np.sqrt(rng.lognormal(size=(units, 1))) * rng.lognormal(size=(units, indicators))
    of = np.arange(indicators) * groups // indicators
    return rank_uncertainty(
        values, np.random.default_rng(3), groups=of, error=0.05 * values, draws=1000, sobol=sobol
    )


@pytest.mark.parametrize("sobol", [False, True], ids=["ranks", "ranks and shares"])
def test_replicates_of_a_small_index(benchmark, sobol):
    found = benchmark.pedantic(_run, args=(51, 49, 8, sobol), rounds=3, warmup_rounds=1)
    assert found.ranks.shape == (1000, 51)


def test_replicates_of_a_large_index(benchmark):
    found = benchmark.pedantic(_run, args=(2870, 60, 6, False), rounds=1)
    assert found.ranks.shape == (1000, 2870)


if __name__ == "__main__":
    size = [int(word) for word in sys.argv[1:5]]
    start = time.perf_counter()
    _run(size[0], size[1], size[2], bool(size[3]))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    seconds = time.perf_counter() - start
    print(f"{size[0]} x {size[1]}, shares {size[3]}: {seconds:.2f} s, {peak:.0f} MB")
