"""Checks of a belt that need several tables at once, and of a study against its belt."""

from __future__ import annotations

from collections.abc import Mapping

from clusterbelt.core.errors import Issue
from clusterbelt.model.belt import Belt

__all__ = ["check_belt_data"]


def check_belt_data(belt: Belt, files: Mapping[str, str]) -> list[Issue]:
    """Return what is wrong or odd."""
    return []
