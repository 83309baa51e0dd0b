"""Composite indices: treat, normalise, weight, aggregate, rank, audit, and how sure it is.

v[r,j] is indicator j of unit r, shape (..., U, J): units on the last axis but one, indicators on
the last. Missing values are NaN and every function says what it does with them.

The functions stand in files by step; this module gathers them.
"""

from clusterbelt.kernels.composite_aggregate import (
    aggregate,
    aggregate_arithmetic,
    aggregate_copeland,
    aggregate_geometric,
    aggregate_harmonic,
    competition_rank,
    positive_scale,
    topsis,
)
from clusterbelt.kernels.composite_coordination import Coordination, coupling_coordination
from clusterbelt.kernels.composite_normalise import (
    directions,
    normalise,
    normalise_distance_to_best,
    normalise_goalpost,
    normalise_minmax,
    normalise_rank,
    normalise_zscore,
    pooled,
    standardise,
)
from clusterbelt.kernels.composite_treatment import (
    Treatment,
    denominate,
    impute,
    kurtosis,
    log_transform,
    skewness,
    treat_outliers,
)
from clusterbelt.kernels.composite_weights import (
    critic_weights,
    entropy_weights,
    weight_critic,
    weight_entropy,
    weight_equal,
    weight_pca,
    weight_user,
)

__all__ = [
    "Coordination",
    "Treatment",
    "aggregate",
    "aggregate_arithmetic",
    "aggregate_copeland",
    "aggregate_geometric",
    "aggregate_harmonic",
    "competition_rank",
    "coupling_coordination",
    "critic_weights",
    "denominate",
    "directions",
    "entropy_weights",
    "impute",
    "kurtosis",
    "log_transform",
    "normalise",
    "normalise_distance_to_best",
    "normalise_goalpost",
    "normalise_minmax",
    "normalise_rank",
    "normalise_zscore",
    "pooled",
    "positive_scale",
    "skewness",
    "standardise",
    "topsis",
    "treat_outliers",
    "weight_critic",
    "weight_entropy",
    "weight_equal",
    "weight_pca",
    "weight_user",
]
