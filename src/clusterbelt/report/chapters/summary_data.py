"""The summary of a run without a plan: what the data show all the same."""

from __future__ import annotations

from clusterbelt.core.strings import Language
from clusterbelt.model.run_view import RunView
from clusterbelt.plot.labels import join, manufacturing, number
from clusterbelt.report.common import frame_of, merge_grades, say, table_of
from clusterbelt.report.document import Block, Callout, Paragraph
from clusterbelt.report.not_computed import not_computed_lines

__all__ = ["without_plan"]


def _strongest(run: RunView, language: Language) -> str | None:
    frame = frame_of(run, "advantage.advantage")
    if frame is None:
        return None
    belt = frame[frame["in_belt"] & frame["industry"].astype(str).isin(manufacturing(run))]
    belt = belt[belt["location_quotient_all"].notna()]
    if belt.empty:
        return None
    best = belt.loc[belt.groupby("region", sort=False)["location_quotient_all"].idxmax()]
    items = [
        say(
            "summary.no_plan.strongest_item", language,
            region=run.region_name(str(region), language),
            industry=run.industry_name(str(industry), language), quotient=number(quotient, 2),
        )
        for region, industry, quotient in zip(
            best["region"], best["industry"], best["location_quotient_all"], strict=True
        )
    ]  # fmt: skip
    return say("summary.no_plan.strongest", language, regions=join(items, language))


def _areas(run: RunView, language: Language) -> str | None:
    frame = frame_of(run, "clusters.areas")
    if frame is None:
        return None
    return say(
        "summary.no_plan.areas", language, areas=len(frame),
        industries=frame["industry"].nunique(), crossing=int(frame["cross_border"].sum()),
    )  # fmt: skip


def without_plan(run: RunView, language: Language) -> tuple[Block, ...]:
    """Return why there is no plan, and what advantage and clusters show."""
    lines = (say("summary.no_plan.text", language), *not_computed_lines(run, "plan", language))
    blocks: list[Block] = [Callout("absent", say("summary.no_plan.title", language), lines)]
    for shown, need in (
        (_strongest(run, language), "advantage.advantage"),
        (_areas(run, language), "clusters.areas"),
    ):
        if shown is not None:
            blocks.append(Paragraph(shown, merge_grades(table_of(run, need))))
    return tuple(blocks)
