"""The stages, what each needs, and which section of the study each reads."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from clusterbelt.model.result import Result
from clusterbelt.stages import (
    advantage,
    audit,
    clusters,
    coordination,
    demand,
    foundation,
    plan,
)

__all__ = ["STAGES", "Stage", "stages_needed_for"]


@dataclass(frozen=True)
class Stage:
    """One stage: its name (also that of its section) and the stages whose results it reads."""

    name: str
    run: Callable[..., Result]
    needs: tuple[str, ...] = ()


STAGES: Mapping[str, Stage] = {
    stage.name: stage
    for stage in (
        Stage("foundation", foundation.run),
        Stage("advantage", advantage.run),
        Stage("clusters", clusters.run),
        Stage("demand", demand.run),
        Stage("plan", plan.run, ("advantage", "clusters", "demand")),
        Stage("coordination", coordination.run, ("advantage", "demand", "plan")),
        Stage("audit", audit.run, ("advantage", "plan")),
    )
}


def stages_needed_for(only: str | None) -> list[Stage]:
    """Return the stages to run, in order: all, or ``only`` with everything it rests on."""
    if only is None:
        return list(STAGES.values())
    wanted: set[str] = set()

    def visit(name: str) -> None:
        wanted.add(name)
        for need in STAGES[name].needs:
            visit(need)

    visit(only)
    return [stage for name, stage in STAGES.items() if name in wanted]
