"""The plan stage: one joint programme, every region alone, and the price of fragmentation."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from clusterbelt.config.plan import PlanSection
from clusterbelt.config.scope import Scope
from clusterbelt.core.errors import InfeasibleError, InputError, Issue, Place, first_labels
from clusterbelt.model.belt import Belt
from clusterbelt.model.result import Message, Result, ResultTable, ResultValue
from clusterbelt.plan.alone import BELIEFS, AlonePlans, Belief, solve_alone, solve_reaches
from clusterbelt.plan.build import Evidence, build_problem
from clusterbelt.plan.candidates import (
    Candidates,
    Eligibility,
    build_candidates,
    build_eligibility,
)
from clusterbelt.plan.conflict import name_codes
from clusterbelt.plan.constraints import define_all
from clusterbelt.plan.evaluate import Evaluation, evaluate_plan
from clusterbelt.plan.feasibility import check_before_solve, explain_infeasible
from clusterbelt.plan.fragmentation import Fragmentation, measure_fragmentation
from clusterbelt.plan.needs import chain_table, needs_table
from clusterbelt.plan.problem import PlannedCluster, Problem
from clusterbelt.plan.programme import Programme, assemble_programme, build_columns
from clusterbelt.plan.solve import (
    Solution,
    read_added,
    read_clusters,
    solve_programme,
    solve_shadow_prices,
)
from clusterbelt.plan.tables import (
    alone_table,
    assignment_table,
    binding_table,
    cluster_table,
    fragmentation_table,
    name_clusters,
    reach_core_table,
    readiness_table,
    supplier_table,
    trajectory_table,
)

__all__ = ["run"]


@dataclass(frozen=True)
class _Joint:
    programme: Programme
    solution: Solution
    clusters: tuple[PlannedCluster, ...]
    evaluation: Evaluation


def _solve_joint(
    problem: Problem, candidates: Candidates, seed: int, *, no_duplication: bool
) -> _Joint:
    section = problem.section
    columns = build_columns(problem, candidates)
    programme = assemble_programme(columns, define_all(columns, no_duplication=no_duplication))
    solution = solve_programme(programme, seed=seed, time_limit=section.time_limit, gap=section.gap)
    if solution.status == "infeasible":
        issues = explain_infeasible(programme, seed=seed, time_limit=section.time_limit)
        raise InfeasibleError(issues)
    if not solution.has_plan:
        params = {"seconds": f"{section.time_limit:g}"}
        raise InputError([Issue("plan_no_plan_in_time", Place(label="plan.time_limit"), params)])
    clusters = read_clusters(columns, solution.values)
    evaluation = evaluate_plan(problem, read_added(columns, solution.values), clusters)
    return _Joint(programme, solution, clusters, evaluation)


def _solution_messages(joint: _Joint, alone: Sequence[AlonePlans]) -> list[Message]:
    messages = []
    if joint.evaluation.value < 0.0:
        messages.append(Message("plan.message.worth_less_than_nothing"))
    if joint.solution.status == "time_limit":
        messages.append(Message("plan.message.time_limit", {"gap": 100.0 * joint.solution.gap}))
    for plan in alone:
        unplanned = [code for code, found in plan.solutions.items() if not found.has_plan]
        if unplanned:
            messages.append(
                Message(
                    f"plan.message.alone_without_plan.{plan.belief}",
                    {"regions": first_labels(unplanned, 20)},
                )
            )
    return messages


def _prices(
    problem: Problem, joint: _Joint, unrestricted: _Joint, plans: Sequence[AlonePlans]
) -> dict[Belief, Fragmentation]:
    """Price of every set of plans alone against the joint plan, by belief."""
    return {
        plan.belief: measure_fragmentation(
            problem,
            joint.evaluation,
            evaluate_plan(problem, plan.added, plan.clusters),
            unrestricted.evaluation,
        )
        for plan in plans
    }


def _waiver_messages(problem: Problem, eligibility: Eligibility) -> list[Message]:
    pairs = [
        f"{region}×{industry}"
        for r, region in enumerate(problem.regions)
        for i, industry in enumerate(problem.industries)
        if eligibility.waived[r, i]
    ]
    if not pairs:
        return []
    params: dict[str, str | float | int] = {
        "count": len(pairs),
        "pairs": first_labels(pairs, 10),
    }
    return [Message("plan.message.waived", params)]


def _nested_messages(problem: Problem, candidates: Candidates) -> list[Message]:
    limit = problem.section.enumerate_regions
    if len(problem.regions) <= limit:
        return []
    params: dict[str, str | float | int] = {"candidates": len(candidates), "limit": limit}
    return [Message("plan.message.nested", params)]


def _known(figure: float) -> float | None:
    """Return None for a figure that does not exist: a run folder holds no NaN as a value."""
    return figure if math.isfinite(figure) else None


def _values(
    problem: Problem,
    evidence: Evidence,
    candidates: Candidates,
    joint: _Joint,
    unrestricted: _Joint,
    prices: Mapping[Belief, Fragmentation],
    money: str,
) -> dict[str, ResultValue]:
    values = {
        "joint_value": ResultValue(joint.evaluation.value, "D", money),
        "joint_value_unrestricted": ResultValue(unrestricted.evaluation.value, "D", money),
        "cost_of_rules": ResultValue(
            unrestricted.evaluation.value - joint.evaluation.value, "D", money
        ),
        "candidates": ResultValue(len(candidates), "C"),
        "gap": ResultValue(joint.solution.gap, "C"),
        "status": ResultValue(joint.solution.status, "C"),
        "headline_belief": ResultValue(problem.section.headline_belief, "D"),
    }
    for name in ("value_added", "capital", "synergy", "coordination", "programme"):
        part = float(getattr(joint.evaluation, name))
        values[f"joint_{name}"] = ResultValue(part, "D", money)
    for belief, price in prices.items():
        values[f"price_of_fragmentation_{belief}"] = ResultValue(_known(price.price), "D")
    fit = evidence.readiness.fit
    if fit is not None:
        values["readiness_intercept"] = ResultValue(fit.intercept, "C")
        values["readiness_slope"] = ResultValue(fit.slope, "C")
        values["readiness_cells"] = ResultValue(fit.cells, "C")
        values["readiness_auc_in_sample"] = ResultValue(_known(fit.auc), "C")
    return values


def _names(belt: Belt, problem: Problem) -> dict[str, str]:
    """Names in both languages beside the codes of regions and industries."""
    tables = ((problem.regions, belt.regions), (problem.industries, belt.industries))
    return {
        code: "({} / {})".format(*(str(frame.at[code, f"name_{word}"]) for word in ("zh", "en")))
        for codes, frame in tables
        for code in codes
    }


def _reaches(belt: Belt, problem: Problem) -> list[str]:
    named = [reach for reach in belt.reaches if reach in problem.reaches]
    # Reaches that the belt file does not name come after those that it does.
    return [*named, *sorted({r for r in problem.reaches if r and r not in belt.reaches})]


def run(belt: Belt, results: Mapping[str, Result], section: PlanSection, scope: Scope) -> Result:
    """Solve the joint plan and every region's own, and compare them with one evaluator.

    Needs ``advantage`` and ``demand``. Tables as in ``plan/tables.py`` and ``plan/needs.py``;
    ``suppliers`` and ``chains`` only where the belt has intermediate flows. Money is discounted to
    ``start_year`` where it is called value.

    Raises
    ------
    InputError
        If study and data do not fit, or no plan was found in time.
    InfeasibleError
        If the limits of the study conflict; the issues say which, and by how much.
    """
    problem, evidence, said = build_problem(belt, results, section, scope)
    eligibility = build_eligibility(problem)
    conflicts = check_before_solve(problem, eligibility)
    if conflicts:
        raise InfeasibleError(name_codes(conflicts, _names(belt, problem)))
    candidates = build_candidates(problem, eligibility.eligible)
    try:
        joint = _solve_joint(problem, candidates, scope.seed, no_duplication=True)
    except InfeasibleError as error:
        raise InfeasibleError(name_codes(error.issues, _names(belt, problem))) from None
    unrestricted = _solve_joint(problem, candidates, scope.seed, no_duplication=False)
    alone = [
        solve_alone(problem, eligibility.eligible, belief, seed=scope.seed) for belief in BELIEFS
    ]
    apart = [
        solve_reaches(problem, eligibility.eligible, belief, seed=scope.seed) for belief in BELIEFS
    ]
    prices = _prices(problem, joint, unrestricted, alone)
    by_reach = _prices(problem, joint, unrestricted, apart)
    reaches, money = _reaches(belt, problem), belt.money_unit
    named = name_clusters(problem, joint.clusters, reaches)
    shadow = solve_shadow_prices(joint.programme, joint.solution, seed=scope.seed)
    tables: list[ResultTable | None] = [
        readiness_table(belt, problem, evidence, eligibility),
        cluster_table(problem, named, joint.evaluation, money),
        assignment_table(problem, named, joint.evaluation, money),
        trajectory_table(problem, named, joint.evaluation, money),
        reach_core_table(problem, named, reaches),
        alone_table(problem, alone, money),
        fragmentation_table(prices, money),
        fragmentation_table(by_reach, money, "fragmentation_reach"),
        binding_table(joint.programme, joint.solution.values, shadow, money),
        supplier_table(belt, problem, named, scope.base_year),
        needs_table(problem, named, joint.evaluation, money),
        chain_table(belt, problem, named, scope.base_year),
    ]
    messages = (
        *said,
        *_nested_messages(problem, candidates),
        *_waiver_messages(problem, eligibility),
        *_solution_messages(joint, [*alone, *apart]),
    )
    values = _values(problem, evidence, candidates, joint, unrestricted, prices, money)
    return Result(
        "plan", {table.name: table for table in tables if table is not None}, values, messages
    )
