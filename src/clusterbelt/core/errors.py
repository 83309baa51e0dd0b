"""The one error tree.

::

    ClusterbeltError
    ├── InputError        the user's data, study or command line: exit code 2, carries all issues
    │   └── InfeasibleError   the study admits no plan; issues name the conflicting limits
    ├── AlignmentError    two labelled objects whose labels differ (a fault of the caller)
    ├── NotYetError       a feature that does not exist yet (listed in the README)
    └── InternalError     a fault of clusterbelt itself: exit code 1

An :class:`Issue` is one problem: a code (whose texts in both languages stand in
``data/strings/issues.*.toml``), the figures that go into the text, and the place.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from clusterbelt.core.strings import Language, text

__all__ = [
    "AlignmentError",
    "ClusterbeltError",
    "InfeasibleError",
    "InputError",
    "InternalError",
    "Issue",
    "NotYetError",
    "Place",
    "Severity",
    "first_labels",
]

Severity = Literal["error", "warning", "note"]


@dataclass(frozen=True, order=True)
class Place:
    """Where a problem is: file, sheet, row (1-based, as a spreadsheet shows it), column, label."""

    file: str = ""
    sheet: str = ""
    row: int | None = None
    column: str = ""
    label: str = ""

    def describe(self, language: Language = "en") -> str:
        """Return the place as one short phrase; empty when nothing is known."""
        parts = [self.file]
        if self.sheet:
            parts.append(text("place.sheet", language, sheet=self.sheet))
        if self.row is not None:
            parts.append(text("place.row", language, row=self.row))
        if self.column:
            parts.append(text("place.column", language, column=self.column))
        if self.label:
            parts.append(self.label)
        return ", ".join(part for part in parts if part)


def _no_params() -> Mapping[str, str]:
    return MappingProxyType({})


@dataclass(frozen=True)
class Issue:
    """One problem in the input: what, where, what to do, in either language."""

    code: str
    place: Place = field(default_factory=Place)
    params: Mapping[str, str] = field(default_factory=_no_params)
    severity: Severity = "error"

    def what(self, language: Language = "en") -> str:
        """Say what is wrong."""
        return text(f"issue.{self.code}.what", language, **self.params)

    def remedy(self, language: Language = "en") -> str:
        """Say what to do."""
        return text(f"issue.{self.code}.remedy", language, **self.params)

    def describe(self, language: Language = "en") -> str:
        """Return ``place: what. remedy`` on one line."""
        place = self.place.describe(language)
        head = f"{place}: " if place else ""
        return f"{head}{self.what(language)} {self.remedy(language)}"


class ClusterbeltError(Exception):
    """Root of all errors that clusterbelt raises on purpose."""


class InputError(ClusterbeltError):
    """The input cannot be used. Carries every problem found, not only the first."""

    def __init__(self, issues: Iterable[Issue]) -> None:
        self.issues: tuple[Issue, ...] = tuple(issues)
        super().__init__("\n".join(issue.describe("en") for issue in self.issues))

    def __reduce__(self) -> tuple[type[InputError], tuple[tuple[Issue, ...]]]:
        # A worker process hands it back: made anew from its issues, not from its message.
        return type(self), (self.issues,)


class InfeasibleError(InputError):
    """The study admits no plan; the issues name the limits that conflict."""


class AlignmentError(ClusterbeltError):
    """Two labelled objects do not carry the same labels."""


class NotYetError(ClusterbeltError):
    """The feature does not exist yet."""


class InternalError(ClusterbeltError):
    """A fault of clusterbelt itself."""


def first_labels(labels: Iterable[object], count: int = 5) -> str:
    """Join the first ``count`` labels; say how many more there are."""
    items = [str(label) for label in labels]
    shown = ", ".join(items[:count])
    return shown if len(items) <= count else f"{shown} … (+{len(items) - count})"
