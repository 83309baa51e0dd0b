"""The stages, what each needs, and which section of the study each reads.

A stage is named by its module, which is imported when the stage first runs: whoever only asks
what stages there are, or runs one of them, does not pay for the libraries of all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from clusterbelt.model.result import Result

_STAGES_PACKAGE: Final = "clusterbelt.stages"

__all__ = ["STAGES", "Stage", "stages_needed_for"]


@dataclass(frozen=True)
class Stage:
    """One stage: its name (also that of its section) and the stages whose results it reads.

    It cannot do without those it ``needs``; those it ``reads`` may have been left out for lack of
    data, and then it goes another way and says so. ``sections`` are sections of other stages that
    it reads beside its own: each is given as a keyword. A stage with ``scratch`` is given a folder
    for what it has finished before it is done, as the keyword ``scratch``: a run that is killed and
    goes on finds it again.
    """

    name: str
    needs: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    scratch: bool = False

    @property
    def module(self) -> str:
        """The module that holds the stage's ``run``."""
        return f"{_STAGES_PACKAGE}.{self.name}"

    def run(self, *arguments: Any, **more: Any) -> Result:
        """Import the stage's module and run it."""
        result: Result = import_module(self.module).run(*arguments, **more)
        return result


STAGES: Mapping[str, Stage] = {
    stage.name: stage
    for stage in (
        Stage("foundation"),
        Stage("advantage"),
        Stage("clusters"),
        Stage("interregional"),
        Stage("zones"),
        Stage("demand", reads=("interregional",), sections=("interregional",)),
        Stage("readiness"),
        Stage("plan", ("advantage", "clusters", "demand", "readiness")),
        Stage(
            "robustness",
            ("advantage", "clusters", "demand", "readiness", "plan"),
            sections=("plan",),
            scratch=True,
        ),
        Stage(
            "coordination",
            ("advantage", "demand", "plan"),
            reads=("foundation", "interregional"),
        ),
        Stage("backtest", sections=("plan", "demand", "readiness")),
        Stage("audit", ("advantage", "plan")),
        Stage("carriers", ("plan",)),
    )
}


def stages_needed_for(only: str | None) -> list[Stage]:
    """Return the stages to run, in order: all, or ``only`` with everything it rests on."""
    if only is None:
        return list(STAGES.values())
    wanted: set[str] = set()

    def visit(name: str) -> None:
        wanted.add(name)
        for need in (*STAGES[name].needs, *STAGES[name].reads):
            visit(need)

    visit(only)
    return [stage for name, stage in STAGES.items() if name in wanted]
