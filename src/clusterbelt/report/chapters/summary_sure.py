"""How sure the summary is: survival of clusters and the interval of the price, if they were drawn.

Both come from the stage ``robustness``; a run without it says so in one sentence.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from clusterbelt.core.strings import Language
from clusterbelt.model.run_view import RunView
from clusterbelt.plot.labels import finite, join, records
from clusterbelt.report.chapters.summary_limits import limit_lines
from clusterbelt.report.common import frame_of, percent, say
from clusterbelt.report.document import Callout

__all__ = ["STANDINGS", "price_interval", "sure_callout", "survival"]

STANDINGS: Final = ("no_regret", "contingent", "fragile")


def survival(run: RunView) -> Mapping[str, float]:
    """Return by cluster the share of draws in which all its members have it together."""
    frame = frame_of(run, "robustness.cluster_survival")
    if frame is None:
        return {}
    shares = ((str(row["cluster"]), finite(row["together"])) for row in records(frame))
    return {cluster: share for cluster, share in shares if share is not None}


def price_interval(run: RunView, belief: str, language: Language) -> str | None:
    """Return the 90 % interval of the price under a belief in words, if it was drawn."""
    frame = frame_of(run, "robustness.price_interval")
    if frame is None:
        return None
    mine = frame[(frame["belief"] == belief) & (frame["part"] == "price")]
    if mine.empty:
        return None
    row = mine.iloc[0]
    return say(
        "summary.price_interval", language,
        low=percent(row["p05"], 1), high=percent(row["p95"], 1), draws=int(row["draws"]),
    )  # fmt: skip


def _standing_line(run: RunView, language: Language) -> str | None:
    frame = frame_of(run, "robustness.cluster_survival")
    if frame is None:
        return None
    counted = frame["standing"].value_counts()
    parts = [
        say(f"summary.standing.{name}", language, count=int(counted[name]))
        for name in STANDINGS
        if int(counted.get(name, 0))
    ]
    draws = run.results["robustness"].values.get("draws")
    count = "" if draws is None else draws.value
    shown = join(parts, language)
    return say("summary.survives", language, draws=count, clusters=len(frame), parts=shown)


def sure_callout(run: RunView, language: Language) -> Callout:
    """Return the remark on how sure the plan is, with the counts of the draws if there are any."""
    line = _standing_line(run, language)
    drawn = say("summary.not_drawn", language) if line is None else line
    lines = (drawn, *limit_lines(run, language), say("summary.how_sure.text", language))
    return Callout("assumption", say("summary.how_sure.title", language), lines)
