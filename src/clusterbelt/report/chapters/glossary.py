"""The last chapter: what the words of the report mean."""

from __future__ import annotations

from typing import Final

from clusterbelt.core.strings import Language
from clusterbelt.model.run_view import RunView
from clusterbelt.report.common import say
from clusterbelt.report.document import Bullets, Chapter

__all__ = ["TERMS", "glossary_chapter"]

TERMS: Final = (
    "belt", "reach", "reference_area", "grade", "location_quotient", "excess", "foundation",
    "factor_intensity", "fit", "cluster_area", "cross_border_share", "relatedness", "readiness",
    "core_industry", "lead_partner", "carrier", "phase", "baseline", "uplift", "synergy",
    "ceiling", "multiplier", "price_of_fragmentation", "alone", "selection_frequency", "no_regret",
    "interval", "backtest", "value",
)  # fmt: skip


def glossary_chapter(run: RunView, language: Language) -> Chapter:
    """Return the glossary: one line per term, in the order in which the report uses them."""
    items = tuple(
        say(
            "glossary.line",
            language,
            term=say(f"glossary.{term}.term", language),
            meaning=say(f"glossary.{term}.meaning", language),
        )
        for term in TERMS
    )
    return Chapter(
        id="glossary",
        title=say("chapter.glossary.title", language),
        lead=say("chapter.glossary.lead", language),
        blocks=(Bullets(items),),
    )
