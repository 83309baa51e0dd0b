"""Inter-regional models: multipliers and a demand scenario beside the dense inverse and pymrio.

``python benchmarks/interregional.py`` prints a table as Markdown: 31 x 42 with pymrio, 100 x 42,
and 337 cities x 42 industries (14,154 sectors). The dense inverse of the last needs about 5 GB and
minutes: ``--dense`` adds it. Every run is a process of its own that builds the same synthetic
system from one seed and is timed after that; peak memory is that of the process, less what it held
before the work. Ratios count, not seconds.

The synthetic system: every product is bought from the own city, from one city in ten at random and
from abroad; four in ten technical coefficients are zero; columns of the inter-regional matrix add
up to 0.3 to 0.75.
"""

import argparse
import json
import resource
import statistics
import subprocess
import sys
import time
import warnings
from importlib import import_module

import numpy as np
import pandas as pd

from clusterbelt.kernels import (
    balance_flows,
    factorise_leontief,
    gravity_prior,
    interregional_matrix,
    interregional_multipliers,
    interregional_solve,
    solve_leontief,
)
from clusterbelt.measures.demand_scenario import gain_shares

INDUSTRIES = 42
EFFECTS = 4  # output, value added, income, CO2


def system(regions, seed=1):
    """Sourcing T (N, R, R), coefficients A (R, N, N) and final demand by region (R, N)."""
    rng = np.random.default_rng(seed)
    n, r = INDUSTRIES, regions
    shares = rng.lognormal(0.0, 1.5, (n, r, r)) * (rng.random((n, r, r)) < 0.1)
    own = rng.uniform(0.4, 0.8, (n, r))
    abroad = rng.uniform(0.02, 0.15, (n, r))
    sold = shares.sum(axis=1)
    shares *= np.divide(1 - own - abroad, sold, out=np.zeros_like(sold), where=sold > 0)[:, None]
    shares[:, np.arange(r), np.arange(r)] += own
    inputs = rng.lognormal(0.0, 1.5, (r, n, n)) * (rng.random((r, n, n)) < 0.6)
    inputs *= rng.uniform(0.3, 0.75, (r, 1, n)) / inputs.sum(axis=1, keepdims=True)
    return shares, inputs, rng.lognormal(3.0, 1.0, (r, n))


def effects(inputs):
    """Four effects per unit of output, (R, N, 4): ones, value added, a part of it, emissions."""
    rng = np.random.default_rng(2)
    added = 1.0 - inputs.sum(axis=1)
    return np.stack([np.ones_like(added), added, 0.5 * added, rng.random(added.shape)], axis=2)


def multipliers_free(regions):
    """Multipliers from sourcing and coefficients, no matrix."""
    shares, inputs, _ = system(regions)
    asked = effects(inputs)

    def work():
        found = interregional_multipliers(shares, inputs, asked, tolerance=1e-8)
        return found.values[:, :, 1]

    return work


def multipliers_factors(regions):
    """Multipliers by one factorisation of the matrix."""
    shares, inputs, _ = system(regions)
    asked = effects(inputs)

    def work():
        factors = factorise_leontief(interregional_matrix(shares, inputs))
        found = solve_leontief(factors, asked.reshape(-1, EFFECTS), transposed=True)
        return found[:, 1].reshape(asked.shape[:2])

    return work


def multipliers_inverse(regions):
    """The same by the dense inverse."""
    shares, inputs, _ = system(regions)
    asked = effects(inputs)

    def work():
        matrix = interregional_matrix(shares, inputs)
        np.negative(matrix, out=matrix)
        matrix[np.diag_indices_from(matrix)] += 1.0
        found = np.linalg.inv(matrix).T @ asked.reshape(-1, EFFECTS)
        return found[:, 1].reshape(asked.shape[:2])

    return work


def multipliers_pymrio(regions):
    """calc_all of pymrio, from flows and final demand in its own tables."""
    pymrio = import_module("pymrio")
    shares, inputs, final = system(regions)
    names = [f"r{place:03d}" for place in range(regions)]
    sectors = [f"s{place:02d}" for place in range(INDUSTRIES)]
    bought = np.einsum("irs,si->ris", shares, final).reshape(-1, regions)
    demand = bought.sum(axis=1).reshape(regions, INDUSTRIES)
    output = interregional_solve(shares, inputs, demand, tolerance=1e-12).ravel()
    index = pd.MultiIndex.from_product([names, sectors], names=["region", "sector"])
    users = pd.MultiIndex.from_product([names, ["final"]], names=["region", "category"])
    flows = pd.DataFrame(interregional_matrix(shares, inputs) * output, index=index, columns=index)
    use = pd.DataFrame(bought, index=index, columns=users)
    asked = effects(inputs).reshape(-1, EFFECTS).T * output
    stressors = pd.Index([f"e{place}" for place in range(EFFECTS)], name="stressor")
    table = pd.DataFrame(asked, index=stressors, columns=index)

    def work():
        found = pymrio.IOSystem(Z=flows, Y=use)
        found.effects = pymrio.Extension(name="effects", F=table)
        found.calc_all()
        return found.effects.M.to_numpy()[1].reshape(regions, INDUSTRIES)

    return work


def scenario(regions):
    """Output in four years for the base, replaced imports and won markets: twelve solutions."""
    shares, inputs, final = system(regions)
    belt, goods = np.arange(regions) < regions // 3, np.arange(INDUSTRIES) < 22
    output = interregional_solve(shares, inputs, final)

    def work():
        for year in range(1, 5):
            use = final * 1.05**year
            gained, moved = gain_shares(shares, output, belt, goods, 0.025 * year, 0.0125 * year)
            for sourcing in (shares, gained, moved):
                bought = np.einsum("irs,si->ri", sourcing, use)
                made = interregional_solve(sourcing, inputs, bought, tolerance=1e-8)
        return made

    return work


def balance(regions):
    """RAS of all flows of all products at once, to 1e-8."""
    rng = np.random.default_rng(3)
    sold = rng.lognormal(3.0, 1.0, (INDUSTRIES, regions))
    bought = rng.lognormal(3.0, 1.0, (INDUSTRIES, regions))
    bought *= sold.sum(axis=1, keepdims=True) / bought.sum(axis=1, keepdims=True)
    places = rng.random((regions, 2)) * 2000.0
    km = np.sqrt(((places[:, None] - places[None]) ** 2).sum(axis=2)) + 10.0

    def work():
        prior = gravity_prior(sold, bought, km, 0.9)
        flows, _ = balance_flows(prior, sold, bought, tolerance=1e-8)
        return flows[1]

    return work


JOBS = {
    "clusterbelt, no matrix": multipliers_free,
    "clusterbelt, one factorisation": multipliers_factors,
    "dense inverse (numpy)": multipliers_inverse,
    "pymrio calc_all": multipliers_pymrio,
    "clusterbelt, demand scenario": scenario,
    "clusterbelt, RAS of all flows": balance,
}
PLAN = (
    (31, ("clusterbelt, no matrix", "clusterbelt, one factorisation", "dense inverse (numpy)",
          "pymrio calc_all", "clusterbelt, demand scenario", "clusterbelt, RAS of all flows")),
    (100, ("clusterbelt, no matrix", "clusterbelt, one factorisation", "dense inverse (numpy)")),
    (337, ("clusterbelt, no matrix", "clusterbelt, demand scenario",
           "clusterbelt, RAS of all flows")),
)  # fmt: skip


def peak():
    """Peak memory of this process so far, MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def run_here(job, regions):
    """Build, run and time one job in this process; print what it took as JSON."""
    warnings.simplefilter("ignore")
    work = JOBS[job](regions)
    before = peak()
    start = time.perf_counter()
    found = work()
    seconds = time.perf_counter() - start
    result = {
        "seconds": seconds,
        "mb": peak() - before,
        "peak": peak(),
        "check": float(found.sum()),
    }
    print(json.dumps(result))


def run_apart(job, regions):
    """Run one job in a process of its own."""
    command = [sys.executable, __file__, "--one", job, str(regions)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        return {"error": (done.stderr.strip().splitlines() or ["killed"])[-1]}
    return json.loads(done.stdout.strip().splitlines()[-1])


def print_table(rounds, dense):
    """Print every job, each the median of its rounds."""
    print(
        "| sectors | what | seconds | times the fastest way to multipliers | peak MB | by work MB |"
    )
    print("|---:|---|---:|---:|---:|---:|")
    for regions, jobs in PLAN:
        listed = [*jobs, "dense inverse (numpy)"] if dense and regions == 337 else list(jobs)
        results = {job: [run_apart(job, regions) for _ in range(rounds)] for job in listed}
        good = {
            job: statistics.median(one["seconds"] for one in found)
            for job, found in results.items()
            if not any("error" in one for one in found)
        }
        free = min((good[job] for job in good if "matrix" in job or "factor" in job), default=None)
        for job, found in results.items():
            if job not in good:
                print(f"| {regions * INDUSTRIES:,} | {job} | fails: {found[0]['error']} | | | |")
                continue
            compared = "scenario" not in job and "RAS" not in job and free
            times = f"{good[job] / free:.1f}" if compared else "-"
            top, own = (max(one[name] for one in found) for name in ("peak", "mb"))
            size = f"{regions * INDUSTRIES:,} | {job} | {good[job]:.3f}"
            print(f"| {size} | {times} | {top:,.0f} | {own:,.0f} |", flush=True)
        checks = {round(found[0]["check"], 3) for job, found in results.items()
                  if job in good and "scenario" not in job and "RAS" not in job}  # fmt: skip
        print(f"<!-- sums of value-added multipliers at {regions * INDUSTRIES:,}: {checks} -->")


def main():
    """Read the options."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--dense", action="store_true", help="dense inverse of 14,154 sectors too")
    options.add_argument("--one", nargs=2, metavar=("JOB", "REGIONS"))
    given = options.parse_args()
    if given.one:
        run_here(given.one[0], int(given.one[1]))
    else:
        print_table(given.rounds, given.dense)


if __name__ == "__main__":
    main()
