"""Composite indices: labelled."""

from __future__ import annotations

from typing import Literal

import numpy as np
import xarray as xr

from clusterbelt.core.registry import MeasureSpec, register
from clusterbelt.kernels import composite as kernel
from clusterbelt.kernels import composite_audit as audit
from clusterbelt.kernels import composite_bod as bod
from clusterbelt.kernels.arithmetic import Array, Missing
from clusterbelt.kernels.composite_uncertainty import rank_uncertainty
from clusterbelt.measures.align import beside, core_values, label
from clusterbelt.model.dims import INDICATOR, REGION

__all__ = [
    "aggregate_arithmetic",
    "aggregate_copeland",
    "aggregate_geometric",
    "aggregate_harmonic",
    "benefit_of_the_doubt",
    "competition_rank",
    "coordination_degree",
    "correlations",
    "coupling_degree",
    "cronbach_alpha",
    "effective_weights",
    "impute",
    "mean_rank",
    "normalise_distance_to_best",
    "normalise_goalpost",
    "normalise_minmax",
    "normalise_rank",
    "normalise_zscore",
    "topsis",
    "treat_outliers",
    "weight_critic",
    "weight_entropy",
    "weight_equal",
    "weight_pca",
]

_TABLE = (REGION, INDICATOR)
_UNITS = {"competition_rank": "rank", "mean_rank": "rank", "impute": "", "treat_outliers": ""}


def _spec(name: str, needs: tuple[str, ...], gives: tuple[str, ...], source: str) -> MeasureSpec:
    unit = _UNITS.get(name, "1")
    return MeasureSpec(
        name=name, family="composite", needs=needs, gives=gives, unit=unit, source=source
    )


def _weights(values: Array, table: xr.DataArray, name: str) -> xr.DataArray:
    return label(values, table, [(INDICATOR, INDICATOR)], dropped=2, name=name, unit="1")


def _scores(values: Array, table: xr.DataArray, name: str) -> xr.DataArray:
    return label(values, table, [(REGION, REGION)], dropped=2, name=name, unit="1")


def _table(values: Array, table: xr.DataArray, name: str, unit: str = "1") -> xr.DataArray:
    dims = [(REGION, REGION), (INDICATOR, INDICATOR)]
    return label(values, table, dims, dropped=2, name=name, unit=unit)


@register(_spec("normalise_minmax", _TABLE, _TABLE, "OECD and JRC (2008)"))
def normalise_minmax(values: xr.DataArray, direction: xr.DataArray | None = None) -> xr.DataArray:
    """Min-max over regions; see :func:`clusterbelt.kernels.composite.normalise_minmax`.

    ``direction`` (indicator) is 1 or -1.
    """
    table = core_values(values, _TABLE)
    found = kernel.normalise_minmax(table.values, beside(direction, table, INDICATOR, _TABLE))
    return _table(found, table, "normalise_minmax")


@register(_spec("weight_equal", _TABLE, (INDICATOR,), "OECD and JRC (2008)"))
def weight_equal(values: xr.DataArray) -> xr.DataArray:
    """Equal weights; see :func:`clusterbelt.kernels.composite.weight_equal`."""
    table = core_values(values, _TABLE)
    return _weights(kernel.weight_equal(table.values), table, "weight_equal")


@register(_spec("weight_entropy", _TABLE, (INDICATOR,), "Zeleny (1982)"))
def weight_entropy(values: xr.DataArray, *, missing: Missing = "propagate") -> xr.DataArray:
    """Entropy weights; see :func:`clusterbelt.kernels.composite.weight_entropy`."""
    table = core_values(values, _TABLE)
    found = kernel.weight_entropy(table.values, missing=missing)
    return _weights(found, table, "weight_entropy")


@register(_spec("weight_critic", _TABLE, (INDICATOR,), "Diakoulaki et al. (1995)"))
def weight_critic(values: xr.DataArray) -> xr.DataArray:
    """CRITIC weights; see :func:`clusterbelt.kernels.composite.weight_critic`."""
    table = core_values(values, _TABLE)
    return _weights(kernel.weight_critic(table.values), table, "weight_critic")


@register(_spec("aggregate_arithmetic", _TABLE, (REGION,), "OECD and JRC (2008)"))
def aggregate_arithmetic(
    values: xr.DataArray,
    weights: xr.DataArray | None = None,
    *,
    missing: Missing = "propagate",
) -> xr.DataArray:
    """Weighted mean; see :func:`clusterbelt.kernels.composite.aggregate_arithmetic`."""
    table = core_values(values, _TABLE)
    found = kernel.aggregate_arithmetic(
        table.values, beside(weights, table, INDICATOR, _TABLE), missing=missing
    )
    return _scores(found, table, "aggregate_arithmetic")


@register(_spec("topsis", _TABLE, (REGION,), "Hwang and Yoon (1981)"))
def topsis(
    values: xr.DataArray,
    weights: xr.DataArray | None = None,
    direction: xr.DataArray | None = None,
) -> xr.DataArray:
    """TOPSIS score; see :func:`clusterbelt.kernels.composite.topsis`."""
    table = core_values(values, _TABLE)
    found = kernel.topsis(
        table.values,
        beside(weights, table, INDICATOR, _TABLE),
        beside(direction, table, INDICATOR, _TABLE),
    )
    return _scores(found, table, "topsis")


@register(_spec("competition_rank", (REGION,), (REGION,), "standard competition ranking"))
def competition_rank(scores: xr.DataArray) -> xr.DataArray:
    """Rank of every region; see :func:`clusterbelt.kernels.composite.competition_rank`."""
    table = core_values(scores, (REGION,))
    found = kernel.competition_rank(table.values)
    return label(found, table, [(REGION, REGION)], dropped=1, name="competition_rank", unit="rank")


@register(_spec("normalise_zscore", _TABLE, _TABLE, "OECD and JRC (2008)"))
def normalise_zscore(values: xr.DataArray, direction: xr.DataArray | None = None) -> xr.DataArray:
    """Normalise over regions; see :func:`clusterbelt.kernels.composite.normalise_zscore`."""
    table = core_values(values, _TABLE)
    signs = beside(direction, table, INDICATOR, _TABLE)
    return _table(kernel.normalise_zscore(table.values, signs), table, "normalise_zscore")


@register(_spec("normalise_rank", _TABLE, _TABLE, "OECD and JRC (2008)"))
def normalise_rank(values: xr.DataArray, direction: xr.DataArray | None = None) -> xr.DataArray:
    """Normalise over regions; see :func:`clusterbelt.kernels.composite.normalise_rank`."""
    table = core_values(values, _TABLE)
    signs = beside(direction, table, INDICATOR, _TABLE)
    return _table(kernel.normalise_rank(table.values, signs), table, "normalise_rank")


@register(_spec("normalise_distance_to_best", _TABLE, _TABLE, "OECD and JRC (2008)"))
def normalise_distance_to_best(
    values: xr.DataArray, direction: xr.DataArray | None = None
) -> xr.DataArray:
    """Normalise over regions; see :func:`clusterbelt.kernels.normalise_distance_to_best`."""
    table = core_values(values, _TABLE)
    signs = beside(direction, table, INDICATOR, _TABLE)
    return _table(
        kernel.normalise_distance_to_best(table.values, signs), table, "normalise_distance_to_best"
    )


@register(_spec("normalise_goalpost", _TABLE, _TABLE, "UNDP (2022)"))
def normalise_goalpost(
    values: xr.DataArray,
    low: xr.DataArray | None = None,
    high: xr.DataArray | None = None,
    direction: xr.DataArray | None = None,
) -> xr.DataArray:
    """Normalise between posts; see :func:`clusterbelt.kernels.composite.normalise_goalpost`.

    ``low`` and ``high`` (indicator) default to 0 and 1, the posts of a share.
    """
    table = core_values(values, _TABLE)
    below = beside(low, table, INDICATOR, _TABLE)
    above = beside(high, table, INDICATOR, _TABLE)
    found = kernel.normalise_goalpost(
        table.values,
        0.0 if below is None else below,
        1.0 if above is None else above,
        beside(direction, table, INDICATOR, _TABLE),
    )
    return _table(found, table, "normalise_goalpost")


@register(_spec("treat_outliers", _TABLE, _TABLE, "Becker et al. (2022)"))
def treat_outliers(values: xr.DataArray, *, most_points: int = 5, log: bool = True) -> xr.DataArray:
    """Treat outliers; see :func:`clusterbelt.kernels.composite.treat_outliers`.

    Where the logarithm is taken the indicator has no unit any more.
    """
    table = core_values(values, _TABLE)
    found = kernel.treat_outliers(table.values, most_points=most_points, log=log)
    return _table(found.values, table, "treat_outliers", "")


@register(_spec("impute", _TABLE, _TABLE, "OECD and JRC (2008)"))
def impute(values: xr.DataArray, *, kind: Literal["mean", "median"] = "mean") -> xr.DataArray:
    """Fill missing values over all regions; see :func:`clusterbelt.kernels.composite.impute`."""
    table = core_values(values, _TABLE)
    return _table(kernel.impute(table.values, kind=kind), table, "impute", "")


@register(_spec("weight_pca", _TABLE, (INDICATOR,), "Nicoletti et al. (2000)"))
def weight_pca(
    values: xr.DataArray,
    *,
    kind: Literal["first", "kaiser"] = "first",
    missing: Missing = "propagate",
) -> xr.DataArray:
    """Component weights; see :func:`clusterbelt.kernels.composite.weight_pca`."""
    table = core_values(values, _TABLE)
    found = kernel.weight_pca(table.values, kind=kind, missing=missing)
    return _weights(found, table, "weight_pca")


@register(_spec("benefit_of_the_doubt", _TABLE, (REGION,), "Cherchye et al. (2007)"))
def benefit_of_the_doubt(
    values: xr.DataArray, *, least_share: float | None = None, most_share: float | None = None
) -> xr.DataArray:
    """Most favourable score; see :func:`clusterbelt.kernels.benefit_of_the_doubt`.

    The two shares bound every indicator's part in a region's own score.
    """
    table = core_values(values, _TABLE)
    found = bod.benefit_of_the_doubt(table.values, least_share, most_share)
    return _scores(found.score, table, "benefit_of_the_doubt")


@register(_spec("aggregate_geometric", _TABLE, (REGION,), "OECD and JRC (2008)"))
def aggregate_geometric(
    values: xr.DataArray,
    weights: xr.DataArray | None = None,
    *,
    missing: Missing = "propagate",
) -> xr.DataArray:
    """Combine indicators; see :func:`clusterbelt.kernels.composite.aggregate_geometric`."""
    table = core_values(values, _TABLE)
    given = beside(weights, table, INDICATOR, _TABLE)
    found = kernel.aggregate_geometric(table.values, given, missing=missing)
    return _scores(found, table, "aggregate_geometric")


@register(_spec("aggregate_harmonic", _TABLE, (REGION,), "OECD and JRC (2008)"))
def aggregate_harmonic(
    values: xr.DataArray,
    weights: xr.DataArray | None = None,
    *,
    missing: Missing = "propagate",
) -> xr.DataArray:
    """Combine indicators; see :func:`clusterbelt.kernels.composite.aggregate_harmonic`."""
    table = core_values(values, _TABLE)
    given = beside(weights, table, INDICATOR, _TABLE)
    found = kernel.aggregate_harmonic(table.values, given, missing=missing)
    return _scores(found, table, "aggregate_harmonic")


@register(_spec("aggregate_copeland", _TABLE, (REGION,), "Munda and Nardo (2009)"))
def aggregate_copeland(
    values: xr.DataArray,
    weights: xr.DataArray | None = None,
    *,
    missing: Missing = "propagate",
) -> xr.DataArray:
    """Combine indicators; see :func:`clusterbelt.kernels.composite.aggregate_copeland`."""
    table = core_values(values, _TABLE)
    given = beside(weights, table, INDICATOR, _TABLE)
    found = kernel.aggregate_copeland(table.values, given, missing=missing)
    return _scores(found, table, "aggregate_copeland")


def _coordination(
    values: xr.DataArray, weights: xr.DataArray | None, kind: str, *, scaled: bool
) -> tuple[kernel.Coordination, xr.DataArray]:
    table = core_values(values, _TABLE)
    subsystems = table.values if scaled else 0.01 + 0.99 * kernel.normalise_minmax(table.values)
    given = beside(weights, table, INDICATOR, _TABLE)
    form: Literal["classic", "modified"] = "modified" if kind == "modified" else "classic"
    return kernel.coupling_coordination(subsystems, given, kind=form), table


@register(_spec("coupling_degree", _TABLE, (REGION,), "Wang et al. (2021)"))
def coupling_degree(
    values: xr.DataArray, *, kind: Literal["classic", "modified"] = "classic", scaled: bool = False
) -> xr.DataArray:
    """Coupling degree C of subsystems; see :func:`clusterbelt.kernels.coupling_coordination`.

    Unless ``scaled`` (values are 0-1 already) each subsystem is put on 0.01 to 1 over the regions.
    """
    found, table = _coordination(values, None, kind, scaled=scaled)
    return _scores(found.coupling, table, "coupling_degree")


@register(_spec("coordination_degree", _TABLE, (REGION,), "Wang et al. (2021)"))
def coordination_degree(
    values: xr.DataArray,
    weights: xr.DataArray | None = None,
    *,
    kind: Literal["classic", "modified"] = "classic",
    scaled: bool = False,
) -> xr.DataArray:
    """Coordination degree D of subsystems; see ``coupling_degree`` for ``scaled``."""
    found, table = _coordination(values, weights, kind, scaled=scaled)
    return _scores(found.coordination, table, "coordination_degree")


@register(_spec("cronbach_alpha", _TABLE, (), "Cronbach (1951)"))
def cronbach_alpha(values: xr.DataArray, *, standardised: bool = False) -> xr.DataArray:
    """Cronbach's alpha; see :func:`clusterbelt.kernels.cronbach_alpha`."""
    table = core_values(values, _TABLE)
    found = audit.cronbach_alpha(table.values, standardised=standardised)
    return label(found, table, [], dropped=2, name="cronbach_alpha", unit="1")


@register(_spec("correlations", _TABLE, ("indicator_from", "indicator_to"), "Pearson; Spearman"))
def correlations(
    values: xr.DataArray, *, kind: Literal["pearson", "spearman"] = "pearson"
) -> xr.DataArray:
    """Correlate every pair of indicators; see :func:`clusterbelt.kernels.correlations`."""
    table = core_values(values, _TABLE)
    found = audit.correlations(table.values, kind=kind)
    ends = [("indicator_from", INDICATOR), ("indicator_to", INDICATOR)]
    return label(found, table, ends, dropped=2, name="correlations", unit="1")


@register(_spec("effective_weights", _TABLE, (INDICATOR,), "Paruolo et al. (2013)"))
def effective_weights(
    values: xr.DataArray,
    weights: xr.DataArray | None = None,
    direction: xr.DataArray | None = None,
    *,
    kind: Literal["linear", "smooth"] = "linear",
) -> xr.DataArray:
    """Main effects on the weighted mean of min-max values; see :mod:`kernels.composite_audit`."""
    table = core_values(values, _TABLE)
    scaled = kernel.normalise_minmax(table.values, beside(direction, table, INDICATOR, _TABLE))
    given = beside(weights, table, INDICATOR, _TABLE)
    index = kernel.aggregate_arithmetic(scaled, given, missing="skip")
    return _weights(audit.effective_weights(scaled, index, kind=kind), table, "effective_weights")


@register(_spec("mean_rank", _TABLE, (REGION,), "Saisana et al. (2005)"))
def mean_rank(
    values: xr.DataArray,
    direction: xr.DataArray | None = None,
    *,
    draws: int = 1000,
    seed: int = 20200,
) -> xr.DataArray:
    """Mean rank over sets of assumptions; see :func:`clusterbelt.kernels.rank_uncertainty`.

    Without error in the data. Labels are drawn in sorted order, so that the order of rows and
    columns changes nothing.
    """
    table = core_values(values, _TABLE)
    ordered = table.sortby([REGION, INDICATOR])
    signs = beside(direction, ordered, INDICATOR, _TABLE)
    lead = ordered.shape[:-2]
    found = np.empty(ordered.shape[:-1])
    for place in np.ndindex(lead):
        drawn = rank_uncertainty(
            ordered.values[place], np.random.default_rng(seed), signs, draws=draws, sobol=False
        )
        found[place] = np.nanmean(drawn.ranks, axis=0)
    result = label(found, ordered, [(REGION, REGION)], dropped=2, name="mean_rank", unit="rank")
    return result.sel({REGION: table.get_index(REGION)})
