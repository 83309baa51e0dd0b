"""The mathematics: numpy arrays in, numpy arrays out, one file a family.

The public functions can be imported from here (``from clusterbelt.kernels import hhi``); each is
loaded when it is first asked for, so that a command that needs one family does not pay for all.
"""

from importlib import import_module
from typing import Any

_FAMILIES = {
    "agglomeration": (
        "coagglomeration",
        "ellison_glaeser",
        "ellison_glaeser_bounds",
        "litzenberger",
        "plant_herfindahl",
    ),
    "areas": ("best_areas", "maximum_weight_connected_set"),
    "areas_permutation": ("area_significance", "large_areas"),
    "areas_scan": ("area_scan",),
    "balance": ("gras",),
    "complexity": (
        "complexity_outlook",
        "eci_pci",
        "fitness",
        "presence",
        "proximity",
        "rca",
        "relatedness_density",
    ),
    "composite": (
        "aggregate_arithmetic",
        "aggregate_copeland",
        "aggregate_geometric",
        "aggregate_harmonic",
        "competition_rank",
        "coupling_coordination",
        "critic_weights",
        "entropy_weights",
        "impute",
        "kurtosis",
        "normalise_distance_to_best",
        "normalise_goalpost",
        "normalise_minmax",
        "normalise_rank",
        "normalise_zscore",
        "skewness",
        "standardise",
        "topsis",
        "treat_outliers",
        "weight_critic",
        "weight_entropy",
        "weight_equal",
        "weight_pca",
        "weight_user",
    ),
    "composite_audit": (
        "correlations",
        "cronbach_alpha",
        "effective_weights",
        "left_out_changes",
    ),
    "composite_bod": ("benefit_of_the_doubt",),
    "composite_hierarchy": ("aggregate_hierarchy",),
    "composite_sobol": ("sobol_samples", "sobol_shares"),
    "composite_uncertainty": ("rank_dominance", "rank_summary", "rank_uncertainty"),
    "concentration": (
        "equivalent_number",
        "gini",
        "hhi",
        "hoover",
        "krugman",
        "locational_gini",
        "theil_decomposition",
        "theil_l",
        "theil_t",
    ),
    "downscaling": ("allocate", "allocation_errors", "spread_errors"),
    "input_output": ("leontief_solve", "multipliers", "ras", "technical_coefficients"),
    "input_output_interregional": (
        "extraction_loss",
        "factorise_leontief",
        "ghosh_row_sums",
        "group_effects",
        "interregional_matrix",
        "interregional_multipliers",
        "solve_leontief",
    ),
    "input_output_linkages": (
        "backward_linkages",
        "forward_linkages",
        "hypothetical_extraction",
        "interregional_solve",
        "sensitivity_of_dispersion",
        "structural_decomposition",
        "value_added_in_trade",
    ),
    "gravity": ("balance_flows", "fit_decay", "gravity_prior", "net_transit"),
    "growth": ("shift_share", "shift_share_arcelus"),
    "intervals": ("location_quotient_interval",),
    "industry_groups": ("bootstrap_stability", "group_industries", "validation_scores"),
    "linkage": ("colocation", "combined_linkage", "io_linkage", "trade_shares"),
    "logistic": ("fit_logistic_ridge", "logistic_draws", "predict_logistic"),
    "partition": ("partition_regions", "within_ssd"),
    "planted": ("area_recovery", "draw_planted_activity", "plant_areas"),
    "points": (
        "besag_l",
        "k_density",
        "k_density_bandwidth",
        "marcon_puech_m",
        "marcon_puech_m_density",
        "ripley_k",
    ),
    "points_envelope": ("k_density_envelope", "marcon_puech_envelope"),
    "points_groups": ("density_groups",),
    "prediction": (
        "area_under_curve",
        "brier_score",
        "calibration",
        "group_bootstrap",
        "precision_at",
        "rank_correlation",
    ),
    "regionalisation": (
        "cross_industry_quotient",
        "regional_coefficients",
        "regionalisation_quotient",
    ),
    "significance": ("area_p_value", "area_power", "dispersion"),
    "spatial": (
        "benjamini_hochberg",
        "getis_ord",
        "local_getis_ord",
        "local_moran",
        "moran",
        "moran_power",
    ),
    "structure": ("similarity",),
    "specialisation": (
        "excess",
        "gradient",
        "gradient_parts",
        "location_quotient",
        "standardised_lq",
        "symmetric_lq",
    ),
    "trade_margins": (
        "cap_dominant",
        "cross_hauling_share",
        "net_through_trade",
        "reconcile_margins",
    ),
    "transition": (
        "industry_rate",
        "profile_similarity",
        "similar_outcomes",
        "transition_features",
    ),
}
_HOME = {name: family for family, names in _FAMILIES.items() for name in names}

__all__ = sorted(_HOME)


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
