"""Solving the programme again, with one thing changed: a question and its answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from clusterbelt.config.robustness import RobustnessSection
from clusterbelt.plan.candidates import build_candidates, build_eligibility
from clusterbelt.plan.constraints import define_all
from clusterbelt.plan.evaluate import Evaluation, evaluate_plan
from clusterbelt.plan.problem import BoolArray, PlannedCluster, Problem
from clusterbelt.plan.programme import (
    Columns,
    Programme,
    Rows,
    assemble_programme,
    build_columns,
)
from clusterbelt.plan.solve import read_added, read_clusters, solve_programme

__all__ = ["Answer", "MoreRows", "Question", "answer_question", "build_programme"]

MoreRows = Callable[[Columns], Sequence[Rows]]


@dataclass(frozen=True)
class Question:
    """A problem to be solved again; with eligibility of its own and further rows on wish."""

    problem: Problem
    eligible: BoolArray | None = None
    more: MoreRows | None = None
    exact: bool = False  # within the gap and nodes of questions, not those of draws


@dataclass(frozen=True)
class Answer:
    """The plan found; without one, ``evaluation`` is None and the value NaN."""

    status: str
    gap: float
    bound: float  # no plan of the problem is worth more
    clusters: tuple[PlannedCluster, ...]
    evaluation: Evaluation | None

    @property
    def value(self) -> float:
        """Value of the plan."""
        return float("nan") if self.evaluation is None else self.evaluation.value


def build_programme(question: Question) -> Programme:
    """Assemble the joint programme of the question."""
    problem = question.problem
    eligible = question.eligible
    allowed = build_eligibility(problem).eligible if eligible is None else eligible
    columns = build_columns(problem, build_candidates(problem, allowed))
    more = question.more(columns) if question.more else ()
    return assemble_programme(columns, [*define_all(columns), *more])


def answer_question(question: Question, settings: RobustnessSection, seed: int) -> Answer:
    """Solve the programme of the question."""
    problem, programme = question.problem, build_programme(question)
    columns = programme.columns
    solution = solve_programme(
        programme,
        seed=seed,
        time_limit=problem.section.time_limit,
        gap=settings.question_gap if question.exact else settings.gap,
        nodes=settings.question_nodes if question.exact else settings.nodes,
    )
    if not solution.has_plan:
        return Answer(solution.status, solution.gap, solution.bound, (), None)
    clusters = read_clusters(columns, solution.values)
    evaluation = evaluate_plan(problem, read_added(columns, solution.values), clusters)
    return Answer(solution.status, solution.gap, solution.bound, clusters, evaluation)
