"""Survival, flips, regret, borders, frontiers and priority on problems small enough to check."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import spearmanr

from clusterbelt.config.robustness import RobustnessSection
from clusterbelt.plan.again import Question, answer_question, build_programme
from clusterbelt.plan.borders import closed_except, find_borders, without_border
from clusterbelt.plan.candidates import build_eligibility
from clusterbelt.plan.draws import draw_assumptions
from clusterbelt.plan.frontier import (
    added_per_head,
    co2_question,
    emissions_of,
    equity_levels,
    equity_question,
    gini,
    steps,
    without_co2_caps,
)
from clusterbelt.plan.priority import priority_score
from clusterbelt.plan.problem import Cap, PlannedCluster, capacity, margin
from clusterbelt.plan.regret import bound_question, force_question, rejected_pairs
from clusterbelt.plan.robustness import (
    chosen_starts,
    class_of,
    find_flips,
    rank_correlation,
    read_outcome,
    solve_draw,
    solve_draws,
    together_frequency,
    write_outcome,
)
from plan.brute_force import best_value
from plan.test_draws import STILL
from plan.toy import make_problem, make_section

EXACT = RobustnessSection(gap=1e-7, question_gap=1e-7, nodes=10_000, question_nodes=10_000)


def _joint(problem):
    return answer_question(Question(problem), EXACT, 0)


def test_a_question_finds_the_optimum():
    problem = make_problem(2)
    assert _joint(problem).value == pytest.approx(best_value(problem), rel=1e-6)


def test_a_draw_without_width_is_the_plan_itself():
    problem = make_problem(2)
    still = STILL.model_copy(update={"gap": 1e-7, "nodes": 10_000, "price_draws": 1})
    outcome = solve_draw(problem, still, 0, 0)
    joint = _joint(problem)
    assert outcome.value == pytest.approx(joint.value, rel=1e-6)
    assert outcome.clusters == joint.clusters
    price, *parts = outcome.prices["own_share"]
    assert price == pytest.approx(sum(parts), abs=1e-9)
    assert solve_draw(problem, still, 0, 1).prices == {}


def test_draws_do_not_depend_on_how_they_are_cut():
    problem, few = make_problem(4, regions=3), RobustnessSection(price_draws=2)
    together = solve_draws(problem, few, 5, range(4))
    apart = [solve_draw(problem, few, 5, n) for n in (3, 1, 2, 0)]
    assert sorted(apart, key=lambda o: o.number) == together


def test_an_outcome_comes_back_from_its_file():
    outcome = solve_draw(make_problem(4), RobustnessSection(), 5, 1)
    assert read_outcome(write_outcome(outcome)) == outcome
    lost = replace(outcome, value=float("nan"), gap=float("nan"), clusters=(), prices={})
    assert np.isnan(read_outcome(write_outcome(lost)).value)


def test_frequencies_by_hand():
    problem = make_problem(regions=3, industries=2)
    pair, single = PlannedCluster(0, (0, 1), 0), PlannedCluster(0, (0,), 1)
    wide = PlannedCluster(0, (0, 1, 2), 0)
    plans = [(pair,), (single, PlannedCluster(1, (1,), 0)), (wide,), (pair,)]
    starts = chosen_starts(problem, plans)
    assert starts[:, 0, 0].tolist() == [0, 1, 0, 0]
    assert starts[:, 1, 1].tolist() == [-1, 0, -1, -1]
    assert together_frequency(pair, plans) == (0.5, 0.75)
    assert together_frequency(single, plans) == (0.25, 1.0)
    assert np.isnan(together_frequency(pair, [])).all()


def test_standings_at_their_limits():
    found = [class_of(share, RobustnessSection()) for share in (1.0, 0.8, 0.79, 0.4, 0.39, 0.0)]
    assert found == ["no_regret"] * 2 + ["contingent"] * 2 + ["fragile"] * 2
    assert class_of(float("nan"), RobustnessSection()) is None


@settings(max_examples=30)
@given(st.integers(0, 10_000))
def test_rank_correlation_is_spearmans(seed):
    random = np.random.default_rng(seed)
    values = random.normal(size=(30, 2)).round(1)
    chosen = random.uniform(size=30) < 0.4
    found = rank_correlation(values, chosen)
    if chosen.any() and not chosen.all():
        expected = [spearmanr(values[:, k], chosen).statistic for k in range(2)]
        assert np.allclose(found, expected)
    else:
        assert np.isnan(found).all()


def test_the_assumption_that_decides_is_found_and_the_others_are_not():
    problem, few = make_problem(regions=3, industries=2), RobustnessSection()
    draws = [draw_assumptions(problem, few, 1, n) for n in range(120)]
    selected = np.zeros((120, 3, 2), dtype=bool)
    selected[:, 2, 1] = [draw.scalars["uplift"] > 0.15 for draw in draws]
    selected[:, 0, 0] = True
    flips = find_flips(draws, selected, few)
    assert {(flip.region, flip.industry) for flip in flips} == {(2, 1)}
    assert [flip.assumption for flip in flips if flip.significant] == ["uplift"]
    strongest = max(flips, key=lambda flip: abs(flip.correlation))
    assert strongest.assumption == "uplift"
    assert strongest.frequency_low < 0.2 < 0.8 < strongest.frequency_high


def test_no_flips_where_nothing_changes():
    problem, few = make_problem(), RobustnessSection()
    draws = [draw_assumptions(problem, few, 1, n) for n in range(10)]
    assert find_flips(draws, np.ones((10, 3, 2), dtype=bool), few) == []
    assert find_flips(draws[:2], np.zeros((2, 3, 2), dtype=bool), few) == []


@settings(max_examples=6)
@given(st.integers(0, 10_000))
def test_regret_of_forcing_is_that_of_requiring(seed):
    problem = make_problem(seed, regions=3, industries=3)
    joint = _joint(problem)
    eligible = build_eligibility(problem).eligible
    for pair in rejected_pairs(problem, joint.clusters)[:2]:
        question = force_question(problem, eligible, pair)
        forced = answer_question(question, EXACT, 0)
        code = (problem.regions[pair[0]], problem.industries[pair[1]])
        section = problem.section.model_copy(update={"required": (code,)})
        required = _joint(replace(problem, section=section))
        assert (forced.evaluation is None) == (required.evaluation is None)
        if forced.evaluation is not None:
            assert forced.value == pytest.approx(required.value, rel=1e-6)
            assert forced.value <= joint.value + 1e-6
            assert bound_question(question) >= forced.value - 1e-6


def test_what_cannot_be_forced_is_not_asked():
    problem = make_problem(3)
    problem.readiness[0, 0] = np.nan
    section = make_section(forbidden=(("20", "13"),))
    pairs = rejected_pairs(replace(problem, section=section), ())
    assert (0, 0) not in pairs
    assert (1, 1) not in pairs
    ready = [problem.readiness[pair] for pair in pairs]
    assert ready == sorted(ready, reverse=True)


def test_borders():
    problem = make_problem(3, regions=4, industries=2, section=make_section(minimum_core=0))
    joint = _joint(problem)
    borders = find_borders(problem, joint.clusters)
    assert {(b.first, b.second) for b in borders} == {(0, 1), (1, 2), (2, 3)}
    assert [b.crossed for b in borders] == sorted((b.crossed for b in borders), reverse=True)
    none = _joint(closed_except(problem, None))
    assert all(len(cluster.members) == 1 for cluster in none.clusters)
    for border in borders:
        closed = _joint(without_border(problem, border))
        opened = _joint(closed_except(problem, border))
        assert closed.value <= joint.value + 1e-6
        assert none.value <= opened.value + 1e-6 <= joint.value + 2e-6
        if border.crossed == 0:
            assert closed.value == pytest.approx(joint.value, rel=1e-6)


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=8))
def test_gini_by_its_other_formula(values):
    array = np.array(values)
    found = gini(array)
    if array.sum() <= 0:
        assert np.isnan(found)
        return
    pairs = sum(abs(a - b) for a, b in combinations(values, 2))
    assert found == pytest.approx(pairs / (len(values) * array.sum()), abs=1e-9)
    assert -1e-12 <= found < 1


def test_equity_is_met_and_costs_value():
    problem = make_problem(3, regions=4, industries=2)
    people = np.array([10.0, 20.0, 30.0, 5.0])
    joint = _joint(problem)
    now = equity_levels(problem, joint.evaluation, people)
    by_hand = added_per_head(problem, joint.evaluation, people) * people
    belt = by_hand.sum() / 65.0
    assert now * belt == pytest.approx([by_hand[:2].sum() / 30.0, by_hand[2:].sum() / 35.0])
    before = joint.value
    for level in steps(float(now.min()), 1.0, 3):
        answer = answer_question(equity_question(problem, people, level), EXACT, 0)
        assert equity_levels(problem, answer.evaluation, people).min() >= level - 1e-6
        assert answer.value <= before + 1e-6
        before = answer.value
    assert before < joint.value


def test_co2_is_kept_within_its_limit_and_replaces_the_caps():
    problem = make_problem(3, regions=3, industries=2)
    intensity = np.random.default_rng(1).uniform(1, 3, problem.output.shape)
    full = np.repeat(intensity[:, :, None], 2, axis=2)
    cap = Cap("co2", "belt", "belt", np.ones(3, bool), full, np.zeros(2), "t", np.ones(3) / 3)
    capped = replace(problem, caps=(cap,))
    assert without_co2_caps(capped).caps == ()
    free = answer_question(co2_question(capped, intensity, np.inf), EXACT, 0)
    assert free.value == pytest.approx(_joint(problem).value, rel=1e-6)
    most = emissions_of(free.evaluation, intensity)
    half = answer_question(co2_question(capped, intensity, 0.5 * most), EXACT, 0)
    assert emissions_of(half.evaluation, intensity) <= 0.5 * most * (1 + 1e-6)
    assert half.value < free.value


def test_priority_by_hand():
    problem = make_problem(3)
    problem.readiness[0, 0] = np.nan
    score = priority_score(problem)
    assert np.isnan(score[0, 0])
    known = score[np.isfinite(score)]
    assert known.max() == 1.0
    assert (known >= 0).all()
    benefit = max(margin(problem)[1, 1], 0) * sum(
        w * min(c, d)
        for w, c, d in zip(
            problem.weights, capacity(problem)[1, 1], problem.ceilings[1], strict=True
        )
    )
    other = max(margin(problem)[2, 0], 0) * sum(
        w * min(c, d)
        for w, c, d in zip(
            problem.weights, capacity(problem)[2, 0], problem.ceilings[0], strict=True
        )
    )
    assert score[1, 1] * other == pytest.approx(score[2, 0] * benefit)


def test_priority_where_nothing_pays_is_unknown():
    problem = make_problem(3, ceilings=np.zeros((2, 2)))
    assert np.isnan(priority_score(problem)).all()


def test_further_rows_are_part_of_the_programme():
    problem = make_problem(3)
    eligible = build_eligibility(problem).eligible
    programme = build_programme(force_question(problem, eligible, (0, 0)))
    assert programme.row_names[-1] == "forced(10,12)"
    assert programme.row_lower[-1] == 1.0
