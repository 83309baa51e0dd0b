"""Calling a registered measure with words from outside: options by name, inputs by label."""

from __future__ import annotations

import difflib
import inspect
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, get_args, get_origin, get_type_hints

import pandas as pd
import xarray as xr

from clusterbelt.core.errors import AlignmentError, InputError, Issue, Place
from clusterbelt.core.registry import Measure
from clusterbelt.measures.pipeline import to_long

__all__ = ["Option", "call_measure", "inputs_of", "options_of", "read_options", "result_frame"]

_YES: Final = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


@dataclass(frozen=True)
class Option:
    """A keyword parameter of a measure: its words (for a choice), or its kind of value."""

    name: str
    kind: type | None
    words: tuple[str, ...]
    default: Any

    def describe(self) -> str:
        """Return ``name=what may stand there``."""
        kind = self.kind.__name__ if self.kind else "value"
        return f"{self.name}={'|'.join(self.words) or kind}"


def _is_array(hint: Any) -> bool:
    return hint is xr.DataArray or xr.DataArray in get_args(hint)


def _parameters(measure: Measure) -> list[tuple[inspect.Parameter, Any]]:
    hints = get_type_hints(measure.function)
    found = list(inspect.signature(measure.function).parameters.values())[1:]
    return [(one, hints.get(one.name, Any)) for one in found]


def inputs_of(measure: Measure) -> tuple[str, ...]:
    """Return the names of the further labelled inputs that a measure takes."""
    return tuple(one.name for one, hint in _parameters(measure) if _is_array(hint))


def _option(parameter: inspect.Parameter, hint: Any) -> Option:
    parts = [part for part in (get_args(hint) or (hint,)) if part is not type(None)]
    literal = hint if get_origin(hint) is Literal else None
    for part in parts:
        literal = part if get_origin(part) is Literal else literal
    words = tuple(str(word) for word in get_args(literal)) if literal is not None else ()
    kinds = [part for part in (hint, *parts) if part in (bool, int, float, str)]
    return Option(parameter.name, kinds[0] if kinds else None, words, parameter.default)


def options_of(measure: Measure) -> dict[str, Option]:
    """Return the options of a measure: its parameters that are no labelled inputs."""
    found = [_option(one, hint) for one, hint in _parameters(measure) if not _is_array(hint)]
    return {option.name: option for option in found}


def _value(option: Option, word: str) -> Any:
    if option.words:
        if word not in option.words:
            raise ValueError(word)
        return word
    if option.kind is bool:
        if word.casefold() not in _YES:
            raise ValueError(word)
        return _YES[word.casefold()]
    if option.kind is None:
        raise ValueError(word)
    return option.kind(word)


def read_options(measure: Measure, words: Mapping[str, str]) -> dict[str, Any]:
    """Return keyword arguments from words.

    Raises
    ------
    InputError
        With every option that is unknown or has a value it cannot have.
    """
    known = options_of(measure)
    issues, values = [], {}
    for name, word in words.items():
        place = Place(label=f"--option {name}={word}")
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            listed = ", ".join(option.describe() for option in known.values()) or "-"
            params = {"name": name, "measure": measure.spec.name, "known": listed}
            params["nearest"] = near[0] if near else "-"
            issues.append(Issue("measure_option_unknown", place, params))
            continue
        try:
            values[name] = _value(known[name], word)
        except ValueError:
            params = {"name": name, "given": word, "known": known[name].describe()}
            issues.append(Issue("measure_option_value", place, params))
    if issues:
        raise InputError(issues)
    return values


def call_measure(
    measure: Measure,
    array: xr.DataArray,
    inputs: Mapping[str, xr.DataArray],
    options: Mapping[str, Any],
) -> xr.DataArray | xr.Dataset:
    """Call a measure; what it refuses becomes an issue, not a traceback.

    Raises
    ------
    InputError
        If a further input is not one of the measure's or the measure refuses the data.
    """
    known = inputs_of(measure)
    listed = ", ".join(known) or "-"
    issues = [
        Issue(
            "measure_input_unknown",
            Place(label=f"--with {name}"),
            {"name": name, "measure": measure.spec.name, "known": listed},
        )
        for name in inputs
        if name not in known
    ]
    if issues:
        raise InputError(issues)
    try:
        found: xr.DataArray | xr.Dataset = measure.function(array, **inputs, **options)
    except (AlignmentError, ValueError) as error:
        params = {"measure": measure.spec.name, "reason": str(error)}
        raise InputError([Issue("measure_refused", Place(), params)]) from error
    return found


def result_frame(result: xr.DataArray | xr.Dataset) -> pd.DataFrame:
    """Return what a measure gave as a long table."""
    if isinstance(result, xr.Dataset):
        frame = result.to_dataframe().reset_index() if result.dims else result.to_pandas()
        return frame if isinstance(frame, pd.DataFrame) else pd.DataFrame([frame])
    return to_long(result)
