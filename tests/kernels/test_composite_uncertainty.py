"""Monte Carlo of ranks and Sobol shares, against SALib, known answers and a plain loop."""

import numpy as np
import pytest
from SALib.analyze import sobol as salib
from SALib.test_functions import Ishigami, Sobol_G

from clusterbelt.kernels import composite_uncertainty as engine
from clusterbelt.kernels.composite import (
    aggregate,
    competition_rank,
    normalise,
    weight_critic,
    weight_entropy,
)
from clusterbelt.kernels.composite_sobol import sobol_interval, sobol_samples, sobol_shares
from clusterbelt.kernels.composite_uncertainty import (
    FACTORS,
    Assumptions,
    rank_dominance,
    rank_summary,
    rank_uncertainty,
)

VALUES = np.random.default_rng(5).lognormal(size=(9, 6))
GROUPS = [0, 0, 0, 1, 1, 1]
PLAIN = Assumptions(weight_noise=0.0, leave_out=False)


def _salib(a, b, mixed, names):
    d, n = len(mixed), len(a)
    stacked = np.empty(n * (d + 2))
    stacked[0 :: d + 2], stacked[d + 1 :: d + 2] = a, b
    for place in range(d):
        stacked[place + 1 :: d + 2] = mixed[place]
    problem = {"num_vars": d, "names": names, "bounds": [[0, 1]] * d}
    return salib.analyze(problem, stacked, calc_second_order=False, num_resamples=2, seed=1)


@pytest.mark.parametrize("model", ["ishigami", "g"])
def test_shares_are_those_of_salib_and_of_theory(model):
    factors = 3 if model == "ishigami" else 8
    a, b, mixed = sobol_samples(8192, factors, np.random.default_rng(11))

    def run(x):
        return (
            Ishigami.evaluate(np.pi * (2 * x - 1)) if model == "ishigami" else Sobol_G.evaluate(x)
        )

    results = run(a), run(b), np.stack([run(part) for part in mixed])
    ours = sobol_shares(*results)
    theirs = _salib(*results, [str(place) for place in range(factors)])
    # SALib divides by the same variance, of A and B together.
    assert ours.first == pytest.approx(theirs["S1"], abs=2e-3)
    assert ours.total == pytest.approx(theirs["ST"], abs=2e-3)
    if model == "ishigami":
        assert ours.first == pytest.approx([0.3139, 0.4424, 0.0], abs=0.04)
        assert ours.total == pytest.approx([0.5576, 0.4424, 0.2437], abs=0.04)


def test_shares_of_an_index_are_those_of_salib():
    found = rank_uncertainty(VALUES, np.random.default_rng(2), groups=GROUPS, draws=400)
    assert found.sobol is not None
    assert found.sobol.first.shape == (7, 9)
    assert (found.sobol.total[FACTORS.index("treatment")] == 0).all()
    assert (found.sobol.total >= 0).all()
    assert found.active == (False, True, True, True, True, True, False)
    a, b, mixed = sobol_samples(512, 2, np.random.default_rng(3))

    def ranks(x):
        score = VALUES[:, 0] * x[:, :1] + VALUES[:, 1] * x[:, 1:]
        return competition_rank(score)

    results = ranks(a), ranks(b), np.stack([ranks(part) for part in mixed])
    ours = sobol_shares(*results)
    for unit in np.flatnonzero(ours.variance > 0):
        theirs = _salib(*(part[..., unit] for part in results), ["x", "y"])
        assert ours.first[:, unit] == pytest.approx(theirs["S1"], abs=1e-2)
        assert ours.total[:, unit] == pytest.approx(theirs["ST"], abs=1e-2)
    pooled = sobol_interval(*results, np.random.default_rng(1))
    weight = ours.variance / ours.variance.sum()
    assert pooled.total == pytest.approx(np.nansum(ours.total * weight, axis=1))
    assert (pooled.first_low <= pooled.first).all()
    assert (pooled.first <= pooled.first_high).all()


def _one(values, kind, word, join):
    scaled = normalise(values, kind)
    share = {"equal": np.full(6, 1 / 3), "entropy": weight_entropy(normalise(values, "minmax")),
             "critic": weight_critic(normalise(values, "minmax"))}[word]  # fmt: skip
    of = np.array(GROUPS)
    parts = np.stack(
        [scaled[:, of == g] @ share[of == g] / share[of == g].sum() for g in (0, 1)], axis=1
    )
    outer = [share[of == g].sum() for g in (0, 1)]
    if join == "geometric":
        low, high = scaled.min(), scaled.max()
        parts = 0.01 + 0.99 * (parts - low) / (high - low)
    return competition_rank(np.round(aggregate(parts, outer, join), 12))


def test_every_replicate_is_the_index_built_alone():
    found = rank_uncertainty(
        VALUES, np.random.default_rng(1), groups=GROUPS, assumptions=PLAIN, draws=60, sobol=False
    )
    chosen = found.choices
    for draw in range(60):
        wanted = _one(
            VALUES,
            PLAIN.normalisations[chosen["normalisation"][draw]],
            PLAIN.weightings[chosen["weighting"][draw]],
            PLAIN.aggregations[chosen["aggregation"][draw]],
        )
        assert found.ranks[draw].tolist() == wanted.tolist()


def test_leaving_out_is_the_index_without_the_indicator():
    one = Assumptions(("minmax",), ("critic",), ("arithmetic",), weight_noise=0.0)
    found = rank_uncertainty(
        VALUES, np.random.default_rng(1), groups=GROUPS, assumptions=one, draws=40, sobol=False
    )
    of = np.array(GROUPS)
    for draw, gone in enumerate(found.choices["left_out"]):
        kept = np.arange(6) != gone
        scaled = normalise(VALUES[:, kept], "minmax")
        score = scaled @ weight_critic(scaled)
        assert len(of[kept]) in (5, 6)
        assert found.ranks[draw].tolist() == competition_rank(score).tolist()


def test_same_seed_same_bytes_whatever_the_block(monkeypatch):
    def run():
        return rank_uncertainty(
            np.stack([VALUES, np.sqrt(VALUES)]), np.random.default_rng(9), groups=GROUPS,
            error=0.1, draws=50, group_ranks=True,
        )  # fmt: skip

    first = run()
    monkeypatch.setattr(engine, "_BLOCK_VALUES", 100)
    second = run()
    assert first.ranks.tobytes() == second.ranks.tobytes()
    assert first.group_ranks.tobytes() == second.group_ranks.tobytes()
    assert first.sobol.total.tobytes() == second.sobol.total.tobytes()
    assert all(first.active)


def test_missing_values_never_become_numbers():
    holed = VALUES.copy()
    holed[0] = np.nan
    holed[1, 2] = np.nan
    found = rank_uncertainty(
        holed, np.random.default_rng(4), groups=GROUPS, error=0.05 * np.ones_like(holed), draws=60
    )
    assert np.isnan(found.ranks[:, 0]).all()
    assert not np.isnan(found.ranks[:, 1:]).any()
    assert np.isnan(found.sobol.total[:, 0]).all()
    assert not np.isnan(found.pooled.total).any()


def test_no_doubt_no_spread():
    sure = Assumptions(("minmax",), ("equal",), ("arithmetic",), 0.0, leave_out=False)
    found = rank_uncertainty(VALUES, np.random.default_rng(1), assumptions=sure, draws=10)
    assert (found.ranks == found.ranks[0]).all()
    assert np.isnan(found.sobol.total).all()


def test_summaries_by_hand():
    ranks = np.array([[1.0, 2, 3], [1, 3, 2], [2, 1, 3], [1, 2, 3]])
    found = rank_summary(ranks, (1, 2))
    assert found.mean.tolist() == [1.25, 2, 2.75]
    assert found.median.tolist() == [1, 2, 3]
    assert (found.low.tolist(), found.high.tolist()) == ([1, 1, 2], [2, 3, 3])
    assert found.top.tolist() == [[0.75, 0.25, 0], [1, 0.75, 0.25]]
    before = rank_dominance(ranks)
    assert before[0].tolist()[1:] == [0.75, 1.0]
    assert np.isnan(np.diag(before)).all()
    off = ~np.eye(3, dtype=bool)
    assert (before + before.T)[off] == pytest.approx(1)
    holes = rank_dominance([[1.0, np.nan], [1.0, 2.0], [1.0, 1.0]])
    assert holes[0, 1] == 0.75


@pytest.mark.parametrize(
    ("change", "message"),
    [({"draws": 3}, "even"), ({"groups": [0, 0, 2, 2, 2, 2]}, "groups"), ({"error": -1.0}, "negative")],
)  # fmt: skip
def test_what_is_refused(change, message):
    with pytest.raises(ValueError, match=message):
        rank_uncertainty(VALUES, np.random.default_rng(1), **change)
