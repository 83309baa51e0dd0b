"""Planning problems small enough to enumerate."""

from dataclasses import replace

import numpy as np

from clusterbelt.config.plan import PhaseSpec, PlanSection
from clusterbelt.plan.candidates import build_candidates, build_eligibility
from clusterbelt.plan.constraints import define_all
from clusterbelt.plan.problem import Cap, Problem, Supply, capital_output, discount_weights
from clusterbelt.plan.programme import assemble_programme, build_columns

LINE = {(0, 1), (1, 2), (2, 3)}
PHASES = (PhaseSpec(name="one", end_year=2025), PhaseSpec(name="two", end_year=2030))


def make_section(**changes):
    settings = {
        "phases": PHASES,
        "maximum_regions": 3,
        "minimum_readiness": 0.0,
        "minimum_belt_share": 0.0,
        "minimum_core": 1,
        "maximum_core": 2,
        "maximum_new_per_phase": (1,),
        "clusters_per_industry": 1,
        "uplift": 0.2,
        "ramp": (0.5, 1.0),
        "coordination_cost": 0.3,
        "programme_cost": 0.2,
        "synergy": 0.1,
    }
    return PlanSection(**(settings | changes))


def make_problem(seed=1, regions=3, industries=2, edges=LINE, section=None, **changes):
    section = section or make_section()
    random = np.random.default_rng(seed)
    output = random.uniform(50, 400, (regions, industries)).round(0)
    ends = tuple(phase.end_year for phase in section.phases)
    years = np.diff([section.start_year, *ends]).astype(float)
    growth = 1.04 ** (np.array(ends) - 2017)
    baseline = output[:, :, None] * growth
    neighbours = np.zeros((regions, regions), dtype=bool)
    for a, b in edges:
        if a < regions and b < regions:
            neighbours[a, b] = neighbours[b, a] = True
    problem = Problem(
        regions=tuple(f"{10 * (r + 1)}" for r in range(regions)),
        reaches=tuple("lower" if r < 2 else "upper" for r in range(regions)),
        industries=tuple(f"{12 + i}" for i in range(industries)),
        phases=tuple(phase.name for phase in section.phases),
        end_years=ends,
        years=years,
        weights=discount_weights(section.start_year, ends, section.discount_rate),
        output=output,
        baseline=baseline,
        readiness=random.uniform(0.3, 0.95, (regions, industries)).round(2),
        location_quotient=random.uniform(0.5, 2.0, (regions, industries)).round(2),
        ratio=random.uniform(0.15, 0.35, (regions, industries)).round(3),
        ceilings=0.06 * baseline.sum(axis=0),
        investment=np.outer(random.uniform(20, 60, regions).round(0), np.ones(years.size)),
        neighbours=neighbours,
        section=section,
    )
    return replace(problem, **changes)


def make_cap(problem, resource, level, place, amount, seed=7):
    """A cap on one place; the intensity is drawn, for investment it is the capital per output."""
    names = {"region": problem.regions, "reach": problem.reaches}.get(level)
    count = len(problem.regions)
    members = np.ones(count, bool) if names is None else np.array([n == place for n in names])
    shape = problem.baseline.shape
    intensity = np.random.default_rng(seed).uniform(0.5, 3.0, shape).round(1)
    if resource == "investment":
        intensity = np.broadcast_to(capital_output(problem)[None, :, None], shape).copy()
    unit = {"investment": "1e8 CNY", "labour": "persons", "water": "m3", "co2": "t"}[resource]
    shares = members / members.sum()
    return Cap(resource, level, place, members, intensity, np.array(amount), unit, shares)


def make_supply(problem, products, amount, seed=8):
    """Supply of ``products``, the same amount in every region and phase."""
    regions, industries, phases = problem.baseline.shape
    random = np.random.default_rng(seed)
    coefficients = random.uniform(0.1, 0.5, (regions, len(products), industries)).round(2)
    return Supply(tuple(products), coefficients, np.full((regions, len(products), phases), amount))


def make_programme(problem, *, no_duplication=True):
    eligible = build_eligibility(problem).eligible
    columns = build_columns(problem, build_candidates(problem, eligible))
    return assemble_programme(columns, define_all(columns, no_duplication=no_duplication))


def permuted(problem, order):
    """Return the same problem with its regions in another order."""
    order = list(order)
    return replace(
        problem,
        regions=tuple(problem.regions[r] for r in order),
        reaches=tuple(problem.reaches[r] for r in order),
        output=problem.output[order],
        baseline=problem.baseline[order],
        readiness=problem.readiness[order],
        location_quotient=problem.location_quotient[order],
        ratio=problem.ratio[order],
        investment=problem.investment[order],
        neighbours=problem.neighbours[np.ix_(order, order)],
    )
