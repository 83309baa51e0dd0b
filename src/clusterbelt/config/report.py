"""The report."""

from clusterbelt.config.base import Section

__all__ = ["ReportSection"]


class ReportSection(Section):
    """What the report shows."""

    title_zh: str = ""
    """Title of the Chinese report; empty means one made from the belt's name."""
    title_en: str = ""
    """Title of the English report; empty means one made from the belt's name."""
