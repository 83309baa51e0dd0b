"""The robustness stage: the plan solved again and again, and what else it must be able to tell."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np
from joblib import Parallel, delayed  # type: ignore[import-untyped]
from joblib.parallel import BACKENDS, EXTERNAL_BACKENDS  # type: ignore[import-untyped]

from clusterbelt.config.plan import PlanSection
from clusterbelt.config.robustness import RobustnessSection
from clusterbelt.config.scope import Scope
from clusterbelt.core.errors import InputError, Issue, Place
from clusterbelt.core.units import parse_unit
from clusterbelt.io.atomic import write_text_atomic
from clusterbelt.model.belt import Belt
from clusterbelt.model.dims import REGION, VARIABLE, YEAR
from clusterbelt.model.result import Message, Result, ResultTable, ResultValue
from clusterbelt.plan.again import Answer, Question, answer_question
from clusterbelt.plan.alone import BELIEFS, solve_alone
from clusterbelt.plan.borders import Border, closed_except, find_borders, without_border
from clusterbelt.plan.build import build_problem
from clusterbelt.plan.candidates import build_eligibility
from clusterbelt.plan.draws import draw_assumptions, readiness_is_learnt
from clusterbelt.plan.evaluate import Evaluation, evaluate_plan
from clusterbelt.plan.fragmentation import regional_values
from clusterbelt.plan.frontier import (
    LEAST_CO2,
    co2_question,
    emissions_of,
    equity_levels,
    equity_question,
    steps,
)
from clusterbelt.plan.priority import priority_table
from clusterbelt.plan.problem import FloatArray, PlannedCluster, Problem
from clusterbelt.plan.regret import bound_question, force_question, rejected_pairs
from clusterbelt.plan.robustness import (
    Outcome,
    chosen_starts,
    find_flips,
    read_outcome,
    solve_draws,
    write_outcome,
)
from clusterbelt.plan.robustness_tables import (
    border_table,
    cluster_survival_table,
    draw_table,
    flip_table,
    frontier_table,
    price_draw_table,
    price_interval_table,
    reach_price_table,
    regret_table,
    selection_table,
)

__all__ = ["run"]

# Back ends of joblib that hand results back one by one, so that each can be kept at once; of the
# others a killed run keeps nothing.
_STREAMING: Final = {"loky", "sequential", "threading"}


@dataclass(frozen=True)
class _Work:
    """What every part of the stage works on."""

    problem: Problem
    clusters: tuple[PlannedCluster, ...]
    plan: Evaluation
    settings: RobustnessSection
    seed: int
    money: str


def _require_backend(settings: RobustnessSection) -> None:
    known = sorted({*BACKENDS, *EXTERNAL_BACKENDS})
    if settings.parallel_backend not in known:
        params = {"given": settings.parallel_backend, "known": ", ".join(known)}
        place = Place(label="robustness.parallel_backend")
        raise InputError([Issue("robustness_backend", place, params)])


def _each(settings: RobustnessSection, calls: Sequence[Callable[[], Any]]) -> Iterator[Any]:
    """Make the calls, in processes of their own where there are several; results in order."""
    backend = settings.parallel_backend
    if len(calls) < 2 or settings.workers == 1:
        backend = "sequential"
    streaming = "generator" if backend in _STREAMING else "list"
    jobs = 1 if backend == "sequential" else settings.workers or -1
    pool = Parallel(n_jobs=jobs, backend=backend, return_as=streaming, batch_size=1)
    yield from pool(delayed(call)() for call in calls)


def _read_chunk(path: Path, numbers: Sequence[int]) -> list[Outcome] | None:
    """Return a chunk that an earlier, killed run kept; None where it is lacking or harmed."""
    try:
        found = [read_outcome(plain) for plain in json.loads(path.read_text(encoding="utf-8"))]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return found if [outcome.number for outcome in found] == list(numbers) else None


def _draw(work: _Work, scratch: Path | None) -> list[Outcome]:
    """Solve all draws by chunks; each finished chunk is kept in ``scratch`` at once."""
    settings, size = work.settings, work.settings.chunk
    chunks = [
        list(range(start, min(start + size, settings.draws)))
        for start in range(0, settings.draws, size)
    ]
    kept: dict[int, list[Outcome]] = {}
    paths = {chunk[0]: scratch / f"draws-{chunk[0]:06d}.json" for chunk in chunks if scratch}
    for chunk in chunks:
        found = _read_chunk(paths[chunk[0]], chunk) if scratch else None
        if found is not None:
            kept[chunk[0]] = found
    left = [chunk for chunk in chunks if chunk[0] not in kept]
    calls = [partial(solve_draws, work.problem, settings, work.seed, chunk) for chunk in left]
    for chunk, outcomes in zip(left, _each(settings, calls), strict=True):
        kept[chunk[0]] = outcomes
        if scratch:
            plain = [write_outcome(outcome) for outcome in outcomes]
            write_text_atomic(paths[chunk[0]], json.dumps(plain, allow_nan=False) + "\n")
    return [outcome for chunk in chunks for outcome in kept[chunk[0]]]


def _planned(problem: Problem, plan: Result) -> tuple[PlannedCluster, ...]:
    """Return the joint plan's clusters, from the table of the plan stage."""
    return tuple(
        PlannedCluster(
            problem.industries.index(str(row["industry"])),
            tuple(sorted(problem.regions.index(code) for code in str(row["members"]).split(";"))),
            int(row["start_phase"]),
        )
        for row in plan.frame("clusters").to_dict("records")
    )


def _added(problem: Problem, plan: Result) -> FloatArray:
    """Added output (R, I, P) of the joint plan, from the table of the plan stage."""
    added = np.zeros(problem.baseline.shape)
    for row in plan.frame("trajectory").to_dict("records"):
        region = problem.regions.index(str(row["region"]))
        industry = problem.industries.index(str(row["industry"]))
        added[region, industry, problem.phases.index(str(row["phase"]))] = row["added_output"]
    return added


def _people(belt: Belt, problem: Problem, scope: Scope) -> FloatArray | None:
    """Population by region (R): value added of all industries over value added per head."""
    per_head = "gdp_per_head"
    if belt.indicators is None or belt.indicator_specs is None:
        return None
    if per_head not in belt.indicators["indicator"].values:
        return None
    if scope.base_year not in belt.indicators[YEAR].values:
        return None
    where = {YEAR: scope.base_year, REGION: list(problem.regions)}
    rate = belt.indicators.sel({**where, "indicator": per_head}).to_numpy().astype(np.float64)
    cube = belt.activity.sel({**where, VARIABLE: "value_added"})
    total = cube.sum("industry", skipna=True, min_count=1).to_numpy().astype(np.float64)
    rate = rate * parse_unit(str(belt.indicator_specs.at[per_head, "unit"])).factor
    people = total * parse_unit(belt.money_unit).factor / rate
    usable = np.isfinite(people) & (people > 0.0)
    return people if usable.all() else None


@dataclass(frozen=True)
class _Asked:
    """Questions by what they are for, in the order in which they are answered."""

    labels: tuple[tuple[str, Any], ...]
    questions: tuple[Question, ...]


def _ask(work: _Work, people: FloatArray | None, borders: Sequence[Border]) -> _Asked:
    problem, settings = work.problem, work.settings
    asked: list[tuple[tuple[str, Any], Question]] = []
    eligible = build_eligibility(problem).eligible
    for pair in rejected_pairs(problem, work.clusters)[: settings.regret_solves]:
        asked.append((("regret", pair), force_question(problem, eligible, pair)))
    if settings.border_solves and borders:
        asked.append((("open", None), Question(closed_except(problem, None), exact=True)))
        for border in borders:
            asked.append((("open", border), Question(closed_except(problem, border), exact=True)))
        crossed = [border for border in borders if border.crossed]
        for border in crossed[: settings.border_solves]:
            asked.append((("close", border), Question(without_border(problem, border), exact=True)))
    if settings.frontier_points and people is not None:
        now = float(equity_levels(problem, work.plan, people).min())
        for level in steps(now, 1.0, settings.frontier_points) if now < 1.0 else ():
            asked.append((("equity", level), equity_question(problem, people, level)))
    labels, questions = zip(*asked, strict=True) if asked else ((), ())
    return _Asked(tuple(labels), tuple(questions))


def _answers(work: _Work, asked: _Asked) -> dict[tuple[str, Any], Answer]:
    calls = [partial(answer_question, q, work.settings, work.seed) for q in asked.questions]
    return dict(zip(asked.labels, _each(work.settings, calls), strict=True))


def _co2_answers(work: _Work) -> dict[tuple[str, Any], Answer]:
    """Answers of the CO2 frontier: the plan without caps first, then ever less."""
    intensity = work.problem.intensities.get("co2")
    count = work.settings.frontier_points
    if intensity is None or not count:
        return {}
    last = intensity[:, :, -1]
    free = answer_question(co2_question(work.problem, last, np.inf), work.settings, work.seed)
    if free.evaluation is None:
        return {}
    most = emissions_of(free.evaluation, last)
    levels = steps(most, LEAST_CO2 * most, count - 1)
    calls = [
        partial(answer_question, co2_question(work.problem, last, x), work.settings, work.seed)
        for x in levels
    ]
    found = {
        ("co2", level): a for level, a in zip(levels, _each(work.settings, calls), strict=True)
    }
    return {("co2", most): free, **found}


def _regret_bounds(work: _Work) -> dict[tuple[int, int], float]:
    """Bounds from the linear programme for the pairs that are not solved for."""
    eligible = build_eligibility(work.problem).eligible
    rest = rejected_pairs(work.problem, work.clusters)[work.settings.regret_solves :]
    if not work.settings.regret_solves:
        return {}
    calls = [partial(bound_question, force_question(work.problem, eligible, pair)) for pair in rest]
    return dict(zip(rest, _each(work.settings, calls), strict=True))


def _reach_price(work: _Work) -> ResultTable:
    """Values by reach, of the joint plan and of every region alone."""
    problem = work.problem
    eligible = build_eligibility(problem).eligible
    alone: dict[str, FloatArray] = {}
    for belief in BELIEFS:
        plan = solve_alone(problem, eligible, belief, seed=work.seed)
        found = evaluate_plan(problem, plan.added, plan.clusters)
        alone[belief] = regional_values(problem, found, plan.clusters)
    joint = regional_values(problem, work.plan, work.clusters)
    return reach_price_table(problem, joint, alone, work.money)


def _messages(outcomes: Sequence[Outcome], people: FloatArray | None, work: _Work) -> list[Message]:
    messages = []
    limited = [o for o in outcomes if o.status in ("node_limit", "time_limit")]
    if limited:
        worst = max(outcome.gap for outcome in limited)
        messages.append(
            Message("robustness.message.limited", {"count": len(limited), "gap": 100.0 * worst})
        )
    without = sum(not outcome.clusters for outcome in outcomes)
    if without:
        messages.append(Message("robustness.message.without_plan", {"count": without}))
    if not readiness_is_learnt(work.problem, work.settings) and work.settings.draws:
        messages.append(Message("robustness.message.readiness_assumed"))
    if people is None:
        messages.append(Message("robustness.message.no_people"))
    if "co2" not in work.problem.intensities:
        messages.append(Message("robustness.message.no_co2"))
    return messages


def _values(outcomes: Sequence[Outcome], work: _Work) -> dict[str, ResultValue]:
    planned = [outcome for outcome in outcomes if outcome.clusters]
    values = {
        "draws": ResultValue(len(outcomes), "D"),
        "draws_with_plan": ResultValue(len(planned), "D"),
        "joint_value": ResultValue(work.plan.value, "D", work.money),
    }
    if planned:
        low, middle, high = np.quantile([outcome.value for outcome in planned], [0.05, 0.5, 0.95])
        values["joint_value_p05"] = ResultValue(float(low), "D", work.money)
        values["joint_value_p50"] = ResultValue(float(middle), "D", work.money)
        values["joint_value_p95"] = ResultValue(float(high), "D", work.money)
    return values


def _draw_tables(work: _Work, outcomes: Sequence[Outcome], plan: Result) -> list[ResultTable]:
    problem, settings = work.problem, work.settings
    planned = [outcome for outcome in outcomes if outcome.clusters]
    plans = [outcome.clusters for outcome in planned]
    starts = chosen_starts(problem, plans)
    draws = [draw_assumptions(problem, settings, work.seed, o.number) for o in planned]
    names = [str(name) for name in plan.frame("clusters")["cluster"]]
    points = plan.frame("fragmentation")
    return [
        selection_table(problem, work.clusters, starts, settings),
        cluster_survival_table(problem, names, work.clusters, plans, settings),
        flip_table(problem, find_flips(draws, starts >= 0, settings)),
        draw_table(problem, settings, work.seed, outcomes, work.money),
        price_draw_table(outcomes),
        price_interval_table(outcomes, points),
    ]


def run(
    belt: Belt,
    results: Mapping[str, Result],
    section: RobustnessSection,
    scope: Scope,
    *,
    plan: PlanSection,
    scratch: Path | None = None,
) -> Result:
    """Solve the plan under draws of everything uncertain, and answer further questions about it.

    Needs ``advantage``, ``clusters``, ``demand`` and ``plan``, whose section is ``plan``. Finished
    draws are kept in ``scratch`` and found again by a run with the same key. Tables as in
    ``plan/robustness_tables.py``, and ``priority``; those of draws have no row when none is made.
    """
    _require_backend(section)
    problem, _, _ = build_problem(belt, results, plan, scope)
    clusters = _planned(problem, results["plan"])
    joint = evaluate_plan(problem, _added(problem, results["plan"]), clusters)
    work = _Work(problem, clusters, joint, section, scope.seed, belt.money_unit)
    outcomes = _draw(work, scratch)
    people = _people(belt, problem, scope)
    borders = find_borders(problem, clusters)
    answers = {
        ("joint", np.nan): Answer("optimal", 0.0, joint.value, clusters, joint),
        **_answers(work, _ask(work, people, borders)),
        **_co2_answers(work),
    }
    tables = [
        *_draw_tables(work, outcomes, results["plan"]),
        _reach_price(work),
        border_table(problem, borders, answers, joint.value, work.money),
        regret_table(problem, answers, _regret_bounds(work), joint.value, work.money),
        frontier_table(problem, answers, people, joint.value, work.money),
        priority_table(belt, results, plan, scope, outcomes, problem),
    ]
    return Result(
        "robustness",
        {table.name: table for table in tables},
        _values(outcomes, work),
        tuple(_messages(outcomes, people, work)),
    )
