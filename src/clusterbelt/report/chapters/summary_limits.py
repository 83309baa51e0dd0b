"""What the evidence does not show, for the summary: each sentence from a table of the run."""

from __future__ import annotations

from clusterbelt.core.strings import Language
from clusterbelt.model.run_view import RunView
from clusterbelt.plot.labels import finite, join, money_scale, number, records
from clusterbelt.report.common import frame_of, say

__all__ = ["limit_lines"]


def _value_range(run: RunView, language: Language) -> str | None:
    result = run.results.get("robustness")
    if result is None:
        return None
    names = ("joint_value_p05", "joint_value", "joint_value_p95")
    found = [finite(result.values[name].value) for name in names if name in result.values]
    known = [value for value in found if value is not None]
    if len(known) < len(names):
        return None
    money = money_scale(run, language)
    low, value, high = (money.say(one) for one in known)
    return say("summary.value_range", language, low=low, value=value, high=high)


def _backtest(run: RunView, language: Language) -> str | None:
    frame = frame_of(run, "backtest.scores")
    if frame is None:
        return None
    mine = frame[
        (frame["kind"] == "correlation")
        & (frame["method"] == "plan")
        & (frame["against"] == "change")
    ].dropna(subset=["value", "low", "high"])
    if mine.empty:
        return None
    listed = [
        say(
            "summary.backtest_one", language, year=int(row["year"]), until=int(row["until"]),
            value=number(row["value"], 2), low=number(row["low"], 2), high=number(row["high"], 2),
        )
        for row in records(mine)
    ]  # fmt: skip
    word = "skill" if bool((mine["low"] > 0).all()) else "no_skill"
    return say(f"summary.backtest_{word}", language, years=join(listed, language))


def _chance(run: RunView, language: Language) -> str | None:
    frame = frame_of(run, "clusters.significance")
    if frame is None or frame.empty:
        return None
    return say(
        "summary.chance", language, areas=len(frame),
        dispersed=int((frame["q_dispersed"] <= 0.05).sum()),
        arrangement=int((frame["q_arrangement"] <= 0.05).sum()),
    )  # fmt: skip


def limit_lines(run: RunView, language: Language) -> tuple[str, ...]:
    """Return what the evidence does not show, a sentence each, as far as the run knows."""
    found = (_value_range(run, language), _backtest(run, language), _chance(run, language))
    return tuple(line for line in found if line is not None)
