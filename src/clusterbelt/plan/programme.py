"""The joint programme, in full.

Sets
    r regions, i industries, p and q phases, l reaches; k candidates, each an industry i(k) and a
    connected set of regions S(k). *Cells* are the pairs (r, i) that some candidate contains.
    *Pairs* are (r, r', i): neighbours r < r' that some candidate of i contains together.

Variables
    ``y[k,q]``    1 if candidate k is built and starts in phase q, else 0
    ``a[r,i,p]``  added output a year in phase p, at least 0, money
    ``s[r,r',i,p]``  synergy of a pair, at least 0, money a year

Figures (see ``problem.py``)
    ``C[r,i,p] = uplift * phi[r,i] * B[r,i,p]``  capacity at full ramp; ``ramp[q,p]`` the share of
    it reached in p after a start in q; ``v[r,i]`` value added per output; ``kappa[i]`` capital per
    added output; ``c`` capital charge; ``w[p]`` discounted years; ``sigma`` synergy; ``D[i,p]``
    demand ceiling; ``F[r,p]`` investment cap; ``g`` coordination cost, ``h`` programme cost;
    ``T[r,i,p]`` attainable added output; ``e[r,i,p]`` labour, water or CO2 per added output and
    ``E[l,p]`` their cap in place l (a region, a reach, the belt); ``A[r,j,i]`` input of product j
    per output; ``S[j,p]`` supply of j beyond what the plan adds.

Units
    a, C, B, D, T, S: money a year (the belt's unit, 1e8 CNY); F: money in the phase; v, A, c, phi,
    ramp, sigma: pure; kappa: years (money of capital per money a year); g, h: money a year;
    w: years; e E: persons, m3 or t. The objective is money, discounted to the start year.

Maximise
    ``sum_p w[p] * ( sum_{r,i} (v[r,i] - c kappa[i]) a[r,i,p] + sum_pairs s[r,r',i,p] )``
    ``- sum_{k,q} (g (|S(k)|-1) + h |S(k)|) * (sum_{p>=q} w[p]) * y[k,q]``

Subject to (name of the row: formula; builder)
    ``one_cluster(r,i)``       sum_{k: i(k)=i, r in S(k)} sum_q y[k,q] <= 1; ``define_one_cluster``
    ``core_minimum(r)``        sum_{k: r in S(k)} sum_q y[k,q] >= minimum_core[r];
                               ``define_core_minimum``
    ``core_maximum(r)``        the same sum <= maximum_core[r]; ``define_core_maximum``
    ``new_per_phase(r,q)``     sum_{k: r in S(k)} y[k,q] <= maximum_new_per_phase[q];
                               ``define_new_per_phase``
    ``clusters_industry(i)``   sum_{k: i(k)=i} sum_q y[k,q] <= clusters_per_industry;
                               ``define_clusters_industry``
    ``clusters_reach(i,l)``    sum_{k: i(k)=i, S(k) touches l} sum_q y[k,q]
                               <= clusters_per_industry_reach; ``define_clusters_reach``
    ``required(r,i)``          sum_{k: i(k)=i, r in S(k)} sum_q y[k,q] >= 1; ``define_required``
    ``forbidden(r,i)``         the same sum <= 0; ``define_forbidden``
    ``precedence(r,i,j,q)``    sum_{k: i(k)=j, r in S(k)} sum_{q'<=q} y[k,q'] <=
                               the same sum with i(k)=i; ``define_precedence``
    ``capacity(r,i,p)``        a[r,i,p] <= C[r,i,p]
                               * sum_{k: i(k)=i, r in S(k)} sum_q ramp[q,p] y[k,q];
                               ``define_capacity``
    ``keep(r,i,p)``            a[r,i,p] >= a[r,i,p-1]: capacity once built stays; ``define_keep``
    ``demand(i,p)``            sum_r a[r,i,p] <= D[i,p]; ``define_demand``
    ``investment(r,p)``        sum_i kappa[i] (a[r,i,p] - a[r,i,p-1]) <= F[r,p];
                               ``define_investment``
    ``attainable(r,i,p)``      a[r,i,p] <= T[r,i,p]; ``define_attainable``
    ``investment_cap(l,p)``    sum_{r in l, i} kappa[i] (a[r,i,p] - a[r,i,p-1]) <= E[l,p];
                               ``define_caps``
    ``labour(l,p)``, ``water(l,p)``, ``co2(l,p)``  sum_{r in l, i} e[r,i,p] a[r,i,p] <= E[l,p];
                               ``define_caps``
    ``supply(j,p)``            sum_{r,i} A[r,j,i] a[r,i,p] - sum_r a[r,j,p] <= S[j,p];
                               ``define_supply``
    ``pair_from(r,r',i,p)``    s <= sigma max(v[r,i],0) a[r,i,p]; ``define_pair_ends``
    ``pair_to(r,r',i,p)``      s <= sigma max(v[r',i],0) a[r',i,p]; ``define_pair_ends``
    ``pair_together(r,r',i,p)``  s <= sigma min(max(v[r,i],0) C[r,i,p], max(v[r',i],0) C[r',i,p])
                               * sum_{k: i(k)=i, r and r' in S(k)} sum_q ramp[q,p] y[k,q];
                               ``define_pair_together``

That a candidate starts at most once follows from ``one_cluster`` of any of its members.
Synergy is a share of what the smaller of two partners really adds, so a cluster that adds nothing
earns none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from clusterbelt.plan.candidates import Candidates
from clusterbelt.plan.problem import (
    BoolArray,
    FloatArray,
    IntArray,
    Problem,
    margin,
)

__all__ = [
    "Columns",
    "Programme",
    "Rows",
    "assemble_programme",
    "build_columns",
    "build_objective",
    "column_names",
]


@dataclass(frozen=True)
class Rows:
    """Named rows of one constraint: coefficients as triplets, bounds per row."""

    group: str
    names: tuple[str, ...]
    row: IntArray
    column: IntArray
    coefficient: FloatArray
    lower: FloatArray
    upper: FloatArray


@dataclass(frozen=True)
class Columns:
    """Where each variable stands, and the incidence of candidates with cells and pairs.

    Columns are all y (k-major), then all a (cell-major), then all s (pair-major).
    """

    problem: Problem
    candidates: Candidates
    cells: IntArray  # (C, 2) region, industry
    pairs: IntArray  # (Q, 3) region, region, industry
    cell_candidate: sparse.csr_array  # (C, K) 1 where candidate k contains cell c
    pair_candidate: sparse.csr_array  # (Q, K) 1 where candidate k contains pair q

    @property
    def phases(self) -> int:
        """Number of phases."""
        return len(self.problem.phases)

    @property
    def first_added(self) -> int:
        """Column of the first a."""
        return len(self.candidates) * self.phases

    @property
    def first_synergy(self) -> int:
        """Column of the first s."""
        return self.first_added + len(self.cells) * self.phases

    @property
    def count(self) -> int:
        """Number of columns."""
        return self.first_synergy + len(self.pairs) * self.phases


@dataclass(frozen=True)
class Programme:
    """A mixed-integer programme to be maximised."""

    columns: Columns
    objective: FloatArray
    lower: FloatArray
    upper: FloatArray
    integral: BoolArray
    groups: tuple[str, ...]  # group of each row
    row_names: tuple[str, ...]
    matrix: sparse.csr_array
    row_lower: FloatArray
    row_upper: FloatArray


def build_columns(problem: Problem, candidates: Candidates) -> Columns:
    """Find cells and pairs, and lay out the columns."""
    regions, industries = len(problem.regions), len(problem.industries)
    owner = np.repeat(np.arange(len(candidates)), candidates.sizes)
    region = np.array([r for members in candidates.members for r in members], dtype=np.int64)
    cell_key = region * industries + candidates.industry[owner]
    cell_keys, cell_row = np.unique(cell_key, return_inverse=True)
    member = sparse.csr_array(
        (np.ones(len(owner)), (owner, region)), shape=(len(candidates), regions)
    )
    ends_from, ends_to = np.nonzero(np.triu(problem.neighbours, 1))
    together = (member[:, ends_from] * member[:, ends_to]).tocoo()
    edge, holder = together.col.astype(np.int64), together.row.astype(np.int64)
    pair_key = edge * industries + candidates.industry[holder]
    pair_keys, pair_row = np.unique(pair_key, return_inverse=True)
    edges = pair_keys // industries
    return Columns(
        problem,
        candidates,
        np.column_stack([cell_keys // industries, cell_keys % industries]),
        np.column_stack([ends_from[edges], ends_to[edges], pair_keys % industries]),
        _incidence(cell_row, owner, (len(cell_keys), len(candidates))),
        _incidence(pair_row, holder, (len(pair_keys), len(candidates))),
    )


def _incidence(row: IntArray, column: IntArray, shape: tuple[int, int]) -> sparse.csr_array:
    return sparse.csr_array((np.ones(len(row)), (row, column)), shape=shape)


def build_objective(columns: Columns) -> FloatArray:
    """Objective coefficients (maximise), one per column."""
    problem, section = columns.problem, columns.problem.section
    weights = problem.weights
    remaining = np.cumsum(weights[::-1])[::-1]  # discounted years from each phase to the end
    size = columns.candidates.sizes.astype(np.float64)
    yearly = section.coordination_cost * (size - 1.0) + section.programme_cost * size
    region, industry = columns.cells[:, 0], columns.cells[:, 1]
    gain = margin(problem)[region, industry]
    return np.concatenate(
        [
            -np.outer(yearly, remaining).ravel(),
            np.outer(gain, weights).ravel(),
            np.tile(weights, len(columns.pairs)),
        ]
    )


def column_names(columns: Columns) -> list[str]:
    """Names of the columns, in the characters that LP files allow."""
    problem = columns.problem
    names = [
        f"y({problem.industries[i]},{'_'.join(problem.regions[r] for r in members)},{phase})"
        for i, members in zip(columns.candidates.industry, columns.candidates.members, strict=True)
        for phase in problem.phases
    ]
    names += [
        f"a({problem.regions[r]},{problem.industries[i]},{phase})"
        for r, i in columns.cells
        for phase in problem.phases
    ]
    names += [
        f"s({problem.regions[r]},{problem.regions[t]},{problem.industries[i]},{phase})"
        for r, t, i in columns.pairs
        for phase in problem.phases
    ]
    return names


def assemble_programme(columns: Columns, parts: Sequence[Rows]) -> Programme:
    """Put objective, bounds and the rows of all constraints together."""
    offsets = np.cumsum([0, *(len(part.names) for part in parts)])
    row = np.concatenate([part.row + at for part, at in zip(parts, offsets[:-1], strict=True)])
    column = np.concatenate([part.column for part in parts])
    value = np.concatenate([part.coefficient for part in parts])
    shape = (int(offsets[-1]), columns.count)
    starts = columns.first_added
    upper = np.full(columns.count, np.inf)
    upper[:starts] = 1.0
    return Programme(
        columns,
        build_objective(columns),
        np.zeros(columns.count),
        upper,
        np.arange(columns.count) < starts,
        tuple(part.group for part in parts for _ in part.names),
        tuple(name for part in parts for name in part.names),
        sparse.csr_array((value, (row, column)), shape=shape),
        np.concatenate([part.lower for part in parts]),
        np.concatenate([part.upper for part in parts]),
    )
