"""The optimum by enumeration: every choice of clusters, a linear programme for the rest.

Written from the formulas, sharing no code with the package, so that it can be wrong in other ways.
"""

from itertools import combinations, product

import numpy as np
from scipy.optimize import linprog


def _connected(members, neighbours):
    reached, todo = {members[0]}, [members[0]]
    while todo:
        here = todo.pop()
        for there in members:
            if there not in reached and neighbours[here, there]:
                reached.add(there)
                todo.append(there)
    return len(reached) == len(members)


def _packings(problem):
    """Every set of disjoint connected clusters of one industry, each with a start phase."""
    section, count = problem.section, len(problem.regions)
    sets = [
        members
        for size in range(1, section.maximum_regions + 1)
        for members in combinations(range(count), size)
        if _connected(members, problem.neighbours)
    ]
    for number in range(section.clusters_per_industry + 1):
        for chosen in combinations(sets, number):
            used = [region for members in chosen for region in members]
            if len(used) != len(set(used)):
                continue
            touched = [r for members in chosen for r in {problem.reaches[m] for m in members}]
            if any(touched.count(reach) > section.clusters_per_industry_reach for reach in touched):
                continue
            for starts in product(range(len(problem.phases)), repeat=number):
                yield tuple(zip(chosen, starts, strict=True))


def _allowed(problem, plan):
    section = problem.section
    for region in range(len(problem.regions)):
        starts = [q for clusters in plan for members, q in clusters if region in members]
        usual = (section.minimum_core, section.maximum_core)
        least, most = section.core_limits.get(problem.regions[region], usual)
        if not least <= len(starts) <= most:
            return False
        for phase in set(starts):
            limits = section.maximum_new_per_phase
            if starts.count(phase) > limits[min(phase, len(limits) - 1)]:
                return False
    return True


def _in_order(problem, plan):
    """Nobody starts a later industry before the one that has to come first."""
    for before, later in problem.section.precedence:
        first, second = (problem.industries.index(code) for code in (before, later))
        for region in range(len(problem.regions)):
            begun = [q for members, q in plan[first] if region in members]
            for members, q in plan[second]:
                if region in members and (not begun or begun[0] > q):
                    return False
    return True


class _Rows:
    """Inequalities ``sum of value * x[key] <= limit`` over named variables."""

    def __init__(self, keys):
        self.at = {key: number for number, key in enumerate(keys)}
        self.rows, self.limits = [], []

    def add(self, terms, limit):
        row = np.zeros(len(self.at))
        for key, value in terms:
            row[self.at[key]] += value
        self.rows.append(row)
        self.limits.append(limit)


def _variables(problem, plan):
    phases = range(len(problem.phases))
    start = {
        (r, i): q for i, clusters in enumerate(plan) for members, q in clusters for r in members
    }
    pairs = [
        (r, t, i, p)
        for i, clusters in enumerate(plan)
        for members, _ in clusters
        for r, t in combinations(members, 2)
        if problem.neighbours[r, t]
        for p in phases
    ]
    return start, [(r, i, p) for (r, i) in start for p in phases], pairs


def _top(problem, start, cell):
    r, i, p = cell
    ramp = problem.section.ramp
    elapsed = p - start[r, i]
    share = 0.0 if elapsed < 0 else ramp[min(elapsed, len(ramp) - 1)]
    return share * problem.section.uplift * problem.readiness[r, i] * problem.baseline[r, i, p]


def _add_limits(problem, start, rows):
    capital, phases = problem.section.capital_output, range(len(problem.phases))
    for r, i in start:
        for p in phases[1:]:
            rows.add([((r, i, p - 1), 1.0), ((r, i, p), -1.0)], 0.0)
    for i, p in product(range(len(problem.industries)), phases):
        rows.add([((r, j, p), 1.0) for (r, j) in start if j == i], problem.ceilings[i, p])
    for region, p in product(range(len(problem.regions)), phases):
        own = [(r, i) for r, i in start if r == region]
        terms = [((r, i, p), capital) for r, i in own]
        terms += [((r, i, p - 1), -capital) for r, i in own if p]
        if np.isfinite(problem.investment[region, p]):
            rows.add(terms, problem.investment[region, p])


def _add_resources(problem, start, rows):
    for cap, p in product(problem.caps, range(len(problem.phases))):
        own = [(r, i) for r, i in start if cap.members[r]]
        terms = [((r, i, p), cap.intensity[r, i, p]) for r, i in own]
        if cap.resource == "investment" and p:
            terms += [((r, i, p - 1), -cap.intensity[r, i, p]) for r, i in own]
        if np.isfinite(cap.amount[p]):
            rows.add(terms, cap.amount[p])
    if problem.supply is None:
        return
    supply = problem.supply
    for j, p in product(range(len(supply.products)), range(len(problem.phases))):
        terms = [((r, i, p), supply.coefficients[r, j, i]) for r, i in start]
        made = [(r, i) for r, i in start if problem.industries[i] == supply.products[j]]
        rows.add(terms + [((r, i, p), -1.0) for r, i in made], supply.amount[:, j, p].sum())


def _continuous(problem, plan):
    """Value of the best added outputs, given the clusters."""
    section, weights = problem.section, problem.weights
    start, cells, pairs = _variables(problem, plan)
    rows = _Rows([*cells, *pairs])
    charge = section.capital_charge * section.capital_output
    cost = [-weights[p] * (problem.ratio[r, i] - charge) for r, i, p in cells]
    cost += [-weights[p] for *_, p in pairs]
    tops = [_top(problem, start, cell) for cell in cells]
    if problem.attainable is not None:
        tops = [min(top, problem.attainable[cell]) for top, cell in zip(tops, cells, strict=True)]
    bounds = [(0.0, top) for top in tops] + [(0.0, None)] * len(pairs)
    for r, t, i, p in pairs:
        for end in (r, t):
            gain = section.synergy * problem.ratio[end, i]
            rows.add([((r, t, i, p), 1.0), ((end, i, p), -gain)], 0.0)
    _add_limits(problem, start, rows)
    _add_resources(problem, start, rows)
    found = linprog(cost, A_ub=np.array(rows.rows), b_ub=np.array(rows.limits), bounds=bounds)
    assert found.status == 0
    return -found.fun


def _fixed_cost(problem, plan):
    section = problem.section
    total = 0.0
    for clusters in plan:
        for members, start in clusters:
            size = len(members)
            yearly = section.coordination_cost * (size - 1) + section.programme_cost * size
            total += yearly * sum(problem.weights[start:])
    return total


def best_value(problem):
    """Return the optimum, or None where no choice of clusters is allowed."""
    best = None
    for plan in product(list(_packings(problem)), repeat=len(problem.industries)):
        if _allowed(problem, plan) and _in_order(problem, plan) and any(plan):
            value = _continuous(problem, plan) - _fixed_cost(problem, plan)
            best = value if best is None else max(best, value)
    return best
