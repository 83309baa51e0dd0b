"""Planted areas across provincial borders on the map of real counties: who finds them again.

``python benchmarks/counties_recovery.py`` prints Markdown. 60 simulated industries fall on the
counties of the shipped dataset: 45 have a planted area that lies in two provinces or more (three
strengths, five sizes), 15 have none. Compared: the scan for areas with its test, the same areas
bounded by provinces (one, and up to three), and local Moran statistics (esda), all with the
false-discovery rate held at 5 %. ``--draws`` and ``--industries`` make a smaller run; ``--keep
FILE`` keeps the sets for ``benchmarks/draw_counties.py``.
"""

import argparse
import os
import resource
import time
import warnings
from importlib.resources import files
from pathlib import Path

import numpy as np
import pandas as pd
from esda import Moran_Local
from libpysal.weights import W
from scipy import sparse

from clusterbelt.kernels import area_scan, benjamini_hochberg, large_areas
from clusterbelt.kernels.graph import as_graph
from clusterbelt.kernels.planted import area_recovery, draw_planted_activity, plant_areas

STRENGTHS, SIZES = (2.0, 3.0, 4.0), (10, 15, 20, 25, 30)
QUOTIENTS, COSTS = (1.0, 1.5, 2.0, 3.0), (0.0, 0.5, 1.0, 2.0)  # costs in 1/R
TRIED = ((1.5, 0.5), (2.0, 0.0), (2.0, 0.5))  # penalties of the scan
UNITS, EVENNESS, SPREAD, SEED = 20_000, 5.0, 0.5, 2026
LISA_DRAWS, LEVEL = 9_999, 0.05


def read_counties():
    """Return the table of counties and their contiguity from the shipped dataset."""
    folder = Path(str(files("clusterbelt"))) / "data" / "yangtze"
    table = pd.read_csv(folder / "counties.csv", dtype=str)
    pairs = pd.read_csv(folder / "county_neighbours.csv", dtype=str)
    place = {code: k for k, code in enumerate(table["county"])}
    one, two = (pairs[name].map(place).to_numpy() for name in ("county_from", "county_to"))
    ends = (np.concatenate([one, two]), np.concatenate([two, one]))
    graph = sparse.csr_array((np.ones(2 * one.size), ends), shape=(len(table),) * 2)
    return table, as_graph(graph)


def simulate(table, graph, industries=60):
    """Return expected shares, counts, planted sets and the strength of each (0: none planted)."""
    planted = round(0.75 * industries)
    strength = np.array([STRENGTHS[k % 3] if k < planted else 0.0 for k in range(industries)])
    sizes = np.array([SIZES[k // 3 % 5] if k < planted else 0 for k in range(industries)])
    expected = np.random.default_rng(SEED).lognormal(0.0, SPREAD, len(table))
    provinces = pd.factorize(table["region"])[0]
    sets = plant_areas(graph, provinces, sizes, seed=SEED)
    raised = np.where(strength > 0.0, strength, 1.0)
    units = np.full(industries, UNITS)
    x = draw_planted_activity(expected, sets, raised, units, evenness=EVENNESS, seed=SEED)
    return expected / expected.sum(), x, sets, strength


def within_provinces(table, graph):
    code = pd.factorize(table["region"])[0]
    rows, columns = graph.nonzero()
    same = code[rows] == code[columns]
    return as_graph(
        sparse.csr_array((np.ones(same.sum()), (rows[same], columns[same])), graph.shape)
    )


def local_moran(x, expected, graph):
    """Return high-high counties at p and at q, each (R, I)."""
    lists = {
        k: graph.indices[graph.indptr[k] : graph.indptr[k + 1]].tolist() for k in range(len(x))
    }
    weights = W(lists, silence_warnings=True)
    weights.transform = "r"
    at_p, at_q = np.zeros(x.shape, bool), np.zeros(x.shape, bool)
    for column in range(x.shape[1]):
        quotient = x[:, column] / x[:, column].sum() / expected
        found = Moran_Local(quotient, weights, permutations=LISA_DRAWS, seed=SEED, n_jobs=1)
        p = np.where(graph.indptr[1:] > graph.indptr[:-1], found.p_sim, np.nan)
        high = found.q == 1
        at_p[:, column] = high & (p <= LEVEL)
        at_q[:, column] = high & (benjamini_hochberg(p) <= LEVEL)
    return at_p, at_q


def bounded(x, expected, graph, penalties, chosen, count):
    sets, weight = np.zeros(x.shape, bool), np.zeros(x.shape[1])
    for column, place in enumerate(chosen):
        theta, cost = penalties[place]
        w = x[:, column] / x[:, column].sum() - theta * expected - cost
        areas = large_areas(w, graph, count, exact_up_to=0, rounds=0)
        if areas:
            sets[:, column] = np.any([area.members for area in areas], axis=0)
            weight[column] = areas[0].objective
    return sets, weight


def show(name, found, sets, strength):
    cells = [name]
    score = area_recovery(found, sets)
    for b in STRENGTHS:
        own = strength == b
        there = found[:, own].any(axis=0)
        precision = score.precision[own][there].mean() if there.any() else float("nan")
        cells.append(
            f"{precision:.2f} / {score.recall[own].mean():.2f} / {score.f_score[own].mean():.2f}"
        )
    none = strength == 0.0
    cells.append(f"{int(found[:, none].any(axis=0).sum())} of {int(none.sum())}")
    cells.append(f"{found[:, none].sum(axis=0).mean():.1f}")
    print("| " + " | ".join(cells) + " |", flush=True)


def borders(table, graph, x, expected, sets, strength, scan, penalties):
    """Print what the planner of one province would miss of the areas found."""
    code = pd.factorize(table["region"])[0]
    _, inside = bounded(x, expected, within_provinces(table, graph), penalties, scan.penalty, 1)
    share = x / x.sum(axis=0)
    print(
        "\n| strength | areas found | across a border | activity outside the core province "
        "| weight missed inside borders |"
    )
    print("|---:|---:|---:|---:|---:|")
    for b in STRENGTHS:
        rows = []
        for column in np.flatnonzero((strength == b) & scan.members.any(axis=0)):
            own = np.bincount(code, weights=share[:, column] * scan.members[:, column])
            rows.append(
                (
                    np.count_nonzero(own) > 1,
                    1 - own.max() / own.sum(),
                    1 - inside[column] / scan.weight[column],
                )
            )
        mean = np.mean(rows, axis=0)
        print(f"| {b:g} | {len(rows)} | {mean[0]:.0%} | {mean[1]:.0%} | {mean[2]:.0%} |")


def costs(x, expected, graph, sets, strength):
    """Print how recovery rests on the penalty, without choice and without test."""
    size = len(expected)
    print(
        "\n| quotient | cost, of 1/R | regions in the area (median) | "
        + " | ".join(f"F, strength {b:g}" for b in STRENGTHS)
        + " |"
    )
    print("|---:|---:|---:|" + "---:|" * len(STRENGTHS))
    for theta in QUOTIENTS:
        for cost in COSTS:
            found, _ = bounded(x, expected, graph, [(theta, cost / size)], [0] * x.shape[1], 1)
            score = area_recovery(found, sets).f_score
            cells = [f"{score[strength == b].mean():.2f}" for b in STRENGTHS]
            regions = np.median(found[:, strength > 0.0].sum(axis=0))
            print(
                f"| {theta:g} | {cost:g} | {regions:.0f} | " + " | ".join(cells) + " |", flush=True
            )


def main():
    warnings.simplefilter("ignore")
    parser = argparse.ArgumentParser()
    parser.add_argument("--draws", type=int, default=999)
    parser.add_argument("--industries", type=int, default=60)
    parser.add_argument("--keep", type=Path)
    given = parser.parse_args()
    table, graph = read_counties()
    expected, x, sets, strength = simulate(table, graph, given.industries)
    penalties = [(theta, cost / len(table)) for theta, cost in TRIED]
    begin, load = time.perf_counter(), os.getloadavg()[0]
    scan = area_scan(x, expected, graph, penalties, draws=given.draws, seed=SEED, workers=2)
    seconds = time.perf_counter() - begin
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    significant = benjamini_hochberg(scan.p_value) <= LEVEL
    tested = scan.members & significant
    begin = time.perf_counter()
    at_p, at_q = local_moran(x, expected, graph)
    other = time.perf_counter() - begin
    inner = within_provinces(table, graph)
    one, three = (bounded(x, expected, inner, penalties, scan.penalty, k)[0] for k in (1, 3))
    print(
        "| method | "
        + " | ".join(f"strength {b:g}: precision / recall / F" for b in STRENGTHS)
        + " | false alarms | counties in them |"
    )
    print("|---|" + "---:|" * (len(STRENGTHS) + 2))
    show("areas across borders, tested", tested, sets, strength)
    show("areas across borders, untested", scan.members, sets, strength)
    show("bounded by provinces, one area", one & significant, sets, strength)
    show("bounded by provinces, up to three", three & significant, sets, strength)
    show("local Moran, q up to 0.05", at_q, sets, strength)
    show("local Moran, p up to 0.05", at_p, sets, strength)
    borders(table, graph, x, expected, sets, strength, scan, penalties)
    costs(x, expected, graph, sets, strength)
    print(
        "\n| counties | industries | penalties | draws | areas s | peak GB | local Moran s "
        "| load before / after |"
    )
    print("|---:|---:|---:|---:|---:|---:|---:|---:|")
    print(
        f"| {len(table)} | {given.industries} | {len(penalties)} | {given.draws} | {seconds:.0f} "
        f"| {memory:.2f} | {other:.0f} | {load:.1f} / {os.getloadavg()[0]:.1f} |"
    )
    if given.keep:
        np.savez_compressed(
            given.keep,
            planted=sets,
            areas=tested,
            bounded=one & significant,
            lisa=at_q,
            strength=strength,
        )


if __name__ == "__main__":
    main()
