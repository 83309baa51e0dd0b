"""The last chapter: what the words of the report mean."""

from __future__ import annotations

from typing import Final

from clusterbelt.core.strings import Language
from clusterbelt.model.run_view import RunView
from clusterbelt.report.common import column, say, table_block
from clusterbelt.report.document import Cell, Chapter

__all__ = ["TERMS", "glossary_chapter"]

TERMS: Final = (
    "belt", "reach", "reference_area", "grade", "location_quotient", "excess", "foundation",
    "factor_intensity", "fit", "cluster_area", "cross_border_share", "relatedness", "readiness",
    "core_industry", "lead_partner", "carrier", "phase", "baseline", "uplift", "synergy",
    "ceiling", "multiplier", "price_of_fragmentation", "alone", "selection_frequency", "no_regret",
    "interval", "backtest", "value",
)  # fmt: skip


def glossary_chapter(run: RunView, language: Language) -> Chapter:
    """Return the glossary: one row per term, in the order in which the report uses them."""
    rows = [
        (
            Cell(say(f"glossary.{term}.term", language)),
            Cell(say(f"glossary.{term}.meaning", language)),
        )
        for term in TERMS
    ]
    columns = (column("term", language), column("meaning", language))
    return Chapter(
        id="glossary",
        title=say("chapter.glossary.title", language),
        lead=say("chapter.glossary.lead", language),
        blocks=(table_block("glossary", language, columns, rows, ()),),
    )
