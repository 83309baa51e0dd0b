"""The complexity family from a long table: clusterbelt beside its peers.

``python benchmarks/peers.py`` prints a table as Markdown: seconds, peak memory and the ratio at
three sizes; with ``--curve`` how the cost of clusterbelt grows. Every run is a process of its
own that imports its tool, works once on a small table, and is then timed from the long table to
tables of RCA, ECI, PCI, proximity and density. Tools take turns within a round; figures are medians
over rounds. Ratios count, not seconds: they are of the same machine in the same minutes.
"""

import argparse
import json
import logging
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from importlib import import_module
from pathlib import Path

import numpy as np
import pandas as pd

SIZES = ((31, 42), (330, 500), (2800, 1400))
CURVE = ((350, 350), (700, 350), (1400, 350), (2800, 350), (2800, 700), (2800, 1400), (2800, 2800))
COLUMNS = {"loc": "region", "act": "industry", "val": "value"}


def long_table(regions, industries, seed=1):
    """Make a table without its zeros, about half full, specialised along one gradient."""
    rng = np.random.default_rng(seed)
    size = rng.lognormal(0.0, 1.5, regions)
    skill, need = rng.normal(size=regions), rng.normal(size=industries)
    taste = np.exp(0.8 * skill[:, None] * need[None, :] + rng.normal(size=(regions, industries)))
    values = size[:, None] * taste * (rng.random((regions, industries)) < 0.5)
    rows, columns = np.nonzero(values)
    return pd.DataFrame(
        {
            "region": np.array([f"{k:06d}" for k in range(regions)])[rows],
            "industry": np.array([f"C{k:04d}" for k in range(industries)])[columns],
            "value": values[rows, columns],
        }
    )


def run_clusterbelt(frame):
    home = import_module("clusterbelt.measures.pipeline")
    return _parts(home.complexity_from_long(frame, absent="zero"))


def run_clusterbelt_self(frame):
    """Count the industry itself among its related ones, as ecomplexity does; not timed."""
    home = import_module("clusterbelt.measures.pipeline")
    return _parts(home.complexity_from_long(frame, absent="zero", include_self=True))


def _parts(found):
    density = found.cells["density"].to_numpy().reshape(len(found.eci), len(found.pci))
    return found.eci, found.pci, pd.DataFrame(density, found.eci.index, found.pci.index)


def run_econcomplex(frame):
    """Take its functions on matrices, which are faster than its one call on long tables."""
    home = import_module("econcomplex")
    matrix = home.pivot_to_matrix(frame, "region", "industry", "value")
    advantage = home.rca(matrix)
    eci, pci = home.eci_pci(matrix)
    phi = home.proximity(advantage, use_rca=False)["product"]
    return eci, pci, home.relatedness_density(advantage, phi=phi, use_rca=False)


def run_econcomplex_table(frame):
    home = import_module("econcomplex")
    found = home.compute_complexity(frame, COLUMNS, compute_coi_cog=False)
    eci = found.groupby("region")["eci"].first()
    return eci, found.groupby("industry")["pci"].first(), None


def run_ecomplexity(frame):
    home = import_module("ecomplexity")
    names = {"time": "year", "loc": "region", "prod": "industry", "val": "value"}
    found = home.ecomplexity(
        frame.assign(year=2017), names, check_logsupermodularity=False, verbose=False
    )
    eci = found.groupby("region")["eci"].first()
    density = found.pivot(index="region", columns="industry", values="density")
    return eci, found.groupby("industry")["pci"].first(), density


def run_economic_complexity(frame):
    """Take its reflections: it has no eigenvector."""
    home = import_module("economic_complexity")
    matrix = frame.pivot(index="region", columns="industry", values="value").fillna(0.0)
    advantage = home.rca(matrix)
    eci, pci = home.complexity(advantage)
    phi = home.proximity(advantage)
    return eci, pci, home.relatedness(advantage, proximities=phi)


_REFERENCE = {"ecomplexity": "clusterbelt (self)"}  # whose density counts the industry itself
TOOLS = {
    "clusterbelt": run_clusterbelt,
    "econcomplex (functions)": run_econcomplex,
    "econcomplex (one call)": run_econcomplex_table,
    "ecomplexity": run_ecomplexity,
    "economic-complexity": run_economic_complexity,
}


def _peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _forget_peak():
    # Linux only: making the table took memory too, which is not the tool's.
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def run_one(tool, regions, industries, out):
    warnings.simplefilter("ignore")
    logging.disable()
    work = {**TOOLS, "clusterbelt (self)": run_clusterbelt_self}[tool]
    work(long_table(12, 15))
    frame = long_table(regions, industries)
    _forget_peak()
    before = _peak()
    began = time.perf_counter()
    eci, pci, density = work(frame)
    seconds = time.perf_counter() - began
    np.savez(
        out,
        eci=eci.sort_index().to_numpy(float),
        pci=pci.sort_index().to_numpy(float),
        density=np.empty(0)
        if density is None
        else density.sort_index().sort_index(axis=1).to_numpy(float),
    )
    print(json.dumps({"seconds": seconds, "before": before, "peak": _peak()}))


def _measure(tool, size, out, limit):
    command = [sys.executable, __file__, "--one", tool, *map(str, size), "--out", str(out)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=limit, check=False)
    except subprocess.TimeoutExpired:
        return f"more than {limit} s"
    if done.returncode:
        return (done.stderr.strip().splitlines() or [f"ended with {done.returncode}"])[-1][:120]
    return json.loads(done.stdout.splitlines()[-1])


def _standard(values):
    return (values - values.mean()) / values.std()


def _deviation(ours, theirs):
    """Return the largest difference of ECI, PCI (both standardised) and density, and signs."""
    found, turned = [], ""
    for name in ("eci", "pci"):
        one, other = _standard(ours[name]), _standard(theirs[name])
        same, reverse = np.abs(one - other).max(), np.abs(one + other).max()
        found.append(float(min(same, reverse)))
        if reverse < same:
            turned += f"; {name.upper()} has the other sign"
    density = theirs["density"]
    scale = 100.0 if density.size and density.max() > 1.5 else 1.0
    if density.size:
        found.append(float(np.abs(ours["density"] - density / scale).max()))
    return ", ".join(f"{part:.1e}" for part in found) + turned


def compare(rounds, limit, sizes, tools):
    print(f"{os.cpu_count()} processors, medians of {rounds} rounds, a process per run.\n")
    print("| size | tool | seconds | times clusterbelt | peak MB | of it by the work MB "
          "| largest difference: ECI, PCI, density |")  # fmt: skip
    print("|---|---|---:|---:|---:|---:|---|")
    with tempfile.TemporaryDirectory() as folder:
        for size in sizes:
            _compare_size(size, rounds, limit, Path(folder), tools)


def _compare_size(size, rounds, limit, folder, tools):
    runs = {tool: [] for tool in tools}
    files = {tool: folder / f"{k}.npz" for k, tool in enumerate(TOOLS)}
    files["clusterbelt (self)"] = folder / "self.npz"
    _measure("clusterbelt (self)", size, files["clusterbelt (self)"], limit)
    for _ in range(rounds):
        for tool, done in runs.items():
            if not any(isinstance(one, str) for one in done):
                done.append(_measure(tool, size, files[tool], limit))
    ours = statistics.median(one["seconds"] for one in runs["clusterbelt"])
    for tool, done in runs.items():
        name = f"| {size[0]:,} x {size[1]:,} | {tool} |"
        failed = [one for one in done if isinstance(one, str)]
        if failed:
            print(f"{name} does not run: {failed[0]} | | | | |", flush=True)
            continue
        seconds = statistics.median(one["seconds"] for one in done)
        peak = statistics.median(one["peak"] for one in done)
        work = statistics.median(one["peak"] - one["before"] for one in done)
        off = _deviation(np.load(files[_REFERENCE.get(tool, "clusterbelt")]), np.load(files[tool]))
        print(
            f"{name} {seconds:.4f} | {seconds / ours:.1f} | {peak:.0f} | {work:.0f} | {off} |",
            flush=True,
        )


def curve(rounds, limit):
    print("\n| regions | industries | rows of the table | seconds | work MB |")
    print("|---:|---:|---:|---:|---:|")
    with tempfile.TemporaryDirectory() as folder:
        for size in CURVE:
            runs = [
                _measure("clusterbelt", size, Path(folder) / "x.npz", limit) for _ in range(rounds)
            ]
            seconds = statistics.median(one["seconds"] for one in runs)
            work = statistics.median(one["peak"] - one["before"] for one in runs)
            rows = len(long_table(*size))
            print(f"| {size[0]:,} | {size[1]:,} | {rows:,} | {seconds:.3f} | {work:.0f} |")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--sizes", type=int, nargs="*", default=[0, 1, 2], help="0, 1, 2")
    parser.add_argument("--tools", nargs="*", choices=TOOLS, default=list(TOOLS))
    parser.add_argument("--curve", action="store_true", help="print only how the cost grows")
    parser.add_argument("--limit", type=int, default=300, help="seconds before a run is ended")
    parser.add_argument("--one", nargs=3, metavar=("TOOL", "REGIONS", "INDUSTRIES"))
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    if given.one:
        run_one(given.one[0], int(given.one[1]), int(given.one[2]), given.out)
        return
    if given.curve:
        curve(given.rounds, given.limit)
    else:
        tools = ["clusterbelt", *(tool for tool in given.tools if tool != "clusterbelt")]
        compare(given.rounds, given.limit, [SIZES[place] for place in given.sizes], tools)


if __name__ == "__main__":
    main()
