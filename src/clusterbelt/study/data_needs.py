"""What a stage cannot do without: tables of the belt, and the stages whose results it reads.

A belt may bring no more than one table of activity. What cannot be computed from what is there is
not computed: the stage's result then holds no table and one remark that names what is lacking,
and so do the stages that rest on it. Nothing is put in its place.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from clusterbelt.model.belt import Belt
from clusterbelt.model.result import Message, Result

__all__ = ["DATA_NEEDS", "NOT_COMPUTED", "absent_result", "is_absent"]

NOT_COMPUTED: Final = "not_computed"


def _has_indicators(belt: Belt) -> bool:
    return belt.indicators is not None and belt.indicator_specs is not None


def _has_accounts(belt: Belt) -> bool:
    return {"output", "value_added"} <= {str(name) for name in belt.activity["variable"].values}


_HAS: Final[Mapping[str, Callable[[Belt], bool]]] = {
    "indicators": _has_indicators,
    "neighbours": lambda belt: belt.neighbours is not None,
    "national": lambda belt: bool(belt.national),
    "accounts": _has_accounts,
    "roadmap": lambda belt: belt.roadmap is not None,
}
DATA_NEEDS: Final[Mapping[str, tuple[str, ...]]] = {
    "foundation": ("indicators",),
    "clusters": ("neighbours",),
    "demand": ("national", "accounts"),
    "audit": ("roadmap",),
}


def is_absent(result: Result) -> bool:
    """Say whether a stage was not computed."""
    return not result.tables and any(
        message.key.startswith(f"{NOT_COMPUTED}.") for message in result.messages
    )


def absent_result(
    stage: str, needs: Sequence[str], belt: Belt, results: Mapping[str, Result]
) -> Result | None:
    """Return the result of a stage that cannot be computed, or ``None`` when it can.

    Parameters
    ----------
    stage
        Name of the stage.
    needs
        The stages whose results it reads.
    belt
        The data.
    results
        The results so far; only those of ``needs`` are looked at.
    """
    lacking = [name for name in DATA_NEEDS.get(stage, ()) if not _HAS[name](belt)]
    unmet = [name for name in needs if name in results and is_absent(results[name])]
    messages = []
    if lacking:
        params = {"stage": stage, "needs": ", ".join(lacking)}
        messages.append(Message(f"{NOT_COMPUTED}.data", params))
    if unmet:
        params = {"stage": stage, "stages": ", ".join(unmet)}
        messages.append(Message(f"{NOT_COMPUTED}.stage", params))
    return Result(stage, messages=tuple(messages)) if messages else None
