"""Areas and partitions at county scale: seconds, quality and gaps, beside spopt in the same run.

``python benchmarks/areas_peers.py`` prints three tables as Markdown: partitions of square maps into
connected groups beside spopt's SKATER (its tree on the same standardised attributes, largest size
of a partitioned map with the peer: 1,600); heavy areas against the exact solver; and the test of
all areas of 2,870 regions x 60 industries. Ratios count, not seconds.
"""

import resource
import time
import warnings

import geopandas as gpd
import numpy as np
from libpysal.weights import Rook
from scipy import sparse
from shapely.geometry import box
from spopt.region import Skater

from clusterbelt.kernels import (
    area_significance,
    large_areas,
    maximum_weight_connected_set,
    partition_regions,
    within_ssd,
)
from clusterbelt.kernels.graph import as_graph

PEER_SIDE = 40  # the peer alone takes minutes there
warnings.simplefilter("ignore")


def lattice(rows, columns):
    def line(size):
        return sparse.diags_array([1.0, 1.0], offsets=[-1, 1], shape=(size, size))

    across = sparse.kron(sparse.eye_array(rows), line(columns))
    return as_graph(sparse.csr_array(across + sparse.kron(line(rows), sparse.eye_array(columns))))


def peer(x, side, groups):
    cells = [box(c, r, c + 1, r + 1) for r in range(side) for c in range(side)]
    names = [f"x{k}" for k in range(x.shape[1])]
    frame = gpd.GeoDataFrame(dict(zip(names, x.T, strict=True)), geometry=cells)
    weights = Rook.from_dataframe(frame, use_index=False)
    begin = time.perf_counter()
    model = Skater(frame, weights, names, n_clusters=groups)
    model.solve()
    return time.perf_counter() - begin, within_ssd(x, np.asarray(model.labels_))


def partitions():
    print("| regions | groups | clusterbelt s | spopt s | times faster | SSD | SSD spopt |")
    print("|---:|---:|---:|---:|---:|---:|---:|")
    partition_regions(np.arange(9.0)[:, None], lattice(3, 3), 2)
    for side in (20, 40, 57, 80, 100):
        graph, rng = lattice(side, side), np.random.default_rng(side)
        smooth = rng.normal(size=(side * side, 3))
        for _ in range(4):
            smooth = smooth + graph @ smooth / 4.0
        x = (smooth - smooth.mean(axis=0)) / smooth.std(axis=0)
        seconds = []
        for _ in range(3):
            begin = time.perf_counter()
            found = partition_regions(x, graph, 20)
            seconds.append(time.perf_counter() - begin)
        mine, theirs, other = sorted(seconds)[1], float("nan"), float("nan")
        if side <= PEER_SIDE:
            theirs, other = peer(x, side, 20)
        print(
            f"| {side * side} | {found.groups} | {mine:.4f} | {theirs:.2f} | {theirs / mine:.0f} "
            f"| {found.ssd:.1f} | {other:.1f} |",
            flush=True,
        )


def gaps():
    print("\n| map | mean weight | instances | worst short of exact | worst stated gap |")
    print("|---|---:|---:|---:|---:|")
    graph = lattice(12, 12)
    for shift in (0.2, 0.5, 0.8, 1.0):
        short, stated = [], []
        for seed in range(20):
            w = np.random.default_rng(seed).normal(-shift, 1.0, 144)
            exact = maximum_weight_connected_set(w, graph).objective
            (area,) = large_areas(w, graph, exact_up_to=0)
            short.append(1.0 - area.objective / exact)
            stated.append(area.bound / area.objective - 1.0)
        print(f"| 12 x 12 | {-shift} | 20 | {max(short):.3%} | {max(stated):.1%} |", flush=True)


def test_at_scale():
    graph, rng = lattice(41, 70), np.random.default_rng(0)
    expected = rng.lognormal(0.0, 1.0, 2870)
    counts = rng.multinomial(20_000, expected / expected.sum(), size=60).T
    begin = time.perf_counter()
    found = area_significance(
        counts, expected, graph, cost_share=1e-4, null="multinomial", draws=999, workers=2
    )
    seconds = time.perf_counter() - begin
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print("\n| regions | industries | draws | seconds | peak GB | share of p up to 0.05 |")
    print("|---:|---:|---:|---:|---:|---:|")
    level = (found.p_value <= 0.05).mean()
    print(f"| 2870 | 60 | 999 | {seconds:.1f} | {memory:.2f} | {level:.3f} |")


if __name__ == "__main__":
    partitions()
    gaps()
    test_at_scale()
