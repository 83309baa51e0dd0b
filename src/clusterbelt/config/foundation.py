"""Foundation: the composite index of the six dimensions, and how sure its ranks are."""

from typing import Annotated, Literal

from pydantic import Field

from clusterbelt.config.base import Section

__all__ = ["FoundationSection"]

Normalisation = Literal["minmax", "zscore", "rank", "distance_to_best"]
Joining = Literal["arithmetic", "geometric", "harmonic", "copeland"]
Share = Annotated[float, Field(ge=0, le=1)]
Error = Annotated[float, Field(ge=0, le=1)]
Graded = Literal["A", "B", "C", "D"]


def _data_error() -> dict[Graded, float]:
    return {"A": 0.02, "B": 0.05, "C": 0.1, "D": 0.2}


class FoundationSection(Section):
    """How indicators become an index."""

    treatment: Literal["none", "winsorise", "winsorise_log"] = "none"
    """Outliers before normalising: left as they are; or, where skewness is above 2 and kurtosis
    above 3.5, up to most_points values moved in to the next; or logarithms where that is not
    enough. The default keeps every value as published; draw_treatment draws other readings."""
    most_points: int = Field(default=5, ge=1)
    """The most values of an indicator that winsorising may move."""
    normalisation: Literal["minmax", "zscore", "rank", "distance_to_best", "goalpost"] = "minmax"
    """How indicators are made comparable over the compared regions: (x - min) / (max - min), or
    standard deviations from the mean, or ranks, or x / max, or between the fixed goalposts."""
    goalposts: dict[str, tuple[float, float]] = Field(default_factory=dict)
    """For goalpost: the low and the high post of every indicator, in its unit."""
    weights: Literal["equal", "entropy", "critic", "pca", "user"] = "equal"
    """Weights of the headline index; equal and entropy weights are always reported beside it."""
    user_weights: dict[str, Annotated[float, Field(ge=0)]] = Field(default_factory=dict)
    """For user: weights of dimensions and of indicators within their dimension; 1 if not named."""
    benefit_shares: tuple[Share, Share] = (0.05, 0.4)
    """Benefit of the doubt, reported beside the index: every region is weighed as suits it best,
    each dimension with at least and at most this share of its own score (D)."""
    aggregation: Literal["arithmetic", "geometric", "harmonic", "copeland", "topsis"] = "arithmetic"
    """How dimensions are combined into the index."""
    aggregation_within: Literal["arithmetic", "geometric", "harmonic"] = "arithmetic"
    """How indicators are combined within a dimension."""
    dimensions: tuple[str, ...] = (
        "resources",
        "economy",
        "education",
        "science_technology",
        "manufacturing",
        "advanced_manufacturing",
    )
    """Dimensions of the index, in the order of the report."""
    missing: Literal["skip", "refuse"] = "skip"
    """A missing indicator of a region: average over the indicators it has, or refuse to go on."""
    draws: int = Field(default=1000, ge=0, multiple_of=2)
    """Draws of the uncertainty of ranks; 0: none."""
    draw_treatment: tuple[Literal["none", "winsorise", "winsorise_log"], ...] = Field(
        default=("none", "winsorise"), min_length=1
    )
    """Treatments of outliers to draw from."""
    draw_normalisation: tuple[Normalisation, ...] = Field(
        default=("minmax", "zscore", "rank"), min_length=1
    )
    """Normalisations to draw from."""
    draw_weights: tuple[Literal["equal", "entropy", "critic", "pca"], ...] = Field(
        default=("equal", "entropy", "critic"), min_length=1
    )
    """Weights to draw from; those from the data are computed anew in every draw."""
    draw_aggregation: tuple[Literal["arithmetic", "geometric", "harmonic", "copeland"], ...] = (
        Field(default=("arithmetic", "geometric", "copeland"), min_length=1)
    )
    """Combinations of dimensions to draw from."""
    weight_noise: float = Field(default=0.25, ge=0, lt=1)
    """(D) Every weight is drawn within plus or minus this share of itself."""
    leave_out: bool = True
    """Whether every draw leaves out one indicator, or none, at random."""
    data_error: dict[Graded, Error] = Field(default_factory=_data_error)
    """(D) Standard deviation of a value's error, as a share of it, by grade of the indicator."""
    top: tuple[Annotated[int, Field(ge=1)], ...] = (1, 3, 5)
    """Ranks k for which the probability of being among the first k is reported."""
