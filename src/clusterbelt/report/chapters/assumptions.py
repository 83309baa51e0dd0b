"""Chapter 10: everything the study assumes or decides, with its value in this run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from clusterbelt.config.base import Section as StudySection
from clusterbelt.config.study import Study
from clusterbelt.core.strings import Language, has_text, text
from clusterbelt.model.run_view import RunView
from clusterbelt.plot.labels import join, known_word, money_scale, percent_text, phase_label
from clusterbelt.report.common import column, say, table_block
from clusterbelt.report.document import Cell, Chapter, Row, TableBlock

__all__ = ["assumed_fields", "assumptions_chapter"]

# Fields that are shares, shown in per cent; the others are shown as they are.
_SHARES = {
    "demand.growth",
    "demand.growth_premium",
    "demand.import_substitution",
    "demand.market_gain",
    "demand.price_change",
    "plan.capital_charge",
    "plan.discount_rate",
    "plan.investment_share",
    "plan.minimum_belt_share",
    "plan.ramp",
    "plan.synergy",
    "plan.uplift",
    "plan.own_ratio_weight",
    "clusters.area_cost_share",
    "audit.in_plan_share",
    "audit.supported_share",
    "audit.testable_share",
    "coordination.least_sales",
}
_MONEY = {"plan.coordination_cost", "plan.programme_cost"}
_ASSUMED = {
    "audit.in_plan_share",
    "audit.specialised_above",
    "audit.supported_share",
    "audit.testable_share",
    "demand.growth",
    "demand.growth_premium",
    "demand.import_substitution",
    "demand.market_gain",
    "demand.price_change",
}
_NOT_SHOWN = {"belt", "name", "report"}


def assumed_fields() -> tuple[str, ...]:
    """Return the fields of a study that are assumptions: those whose description says (D)."""
    found = set(_ASSUMED)
    for section, info in Study.model_fields.items():
        kind = info.annotation
        if isinstance(kind, type) and issubclass(kind, StudySection):
            for name, item in kind.model_fields.items():
                if "(D)" in (item.description or ""):
                    found.add(f"{section}.{name}")
    return tuple(sorted(found))


def _fields(study: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for section, values in study.items():
        if section in _NOT_SHOWN or not isinstance(values, Mapping):
            continue
        for name, value in values.items():
            yield f"{section}.{name}", value


def _one(run: RunView, field: str, value: Any, language: Language) -> str:
    if isinstance(value, bool) or value is None:
        key = "none" if value is None else str(value).lower()
        return say(f"value.{key}", language)
    if isinstance(value, int | float):
        if field in _SHARES:
            return percent_text(float(value))
        if field in _MONEY:
            return money_scale(run, language).say(float(value))
        return f"{value:g}" if isinstance(value, float) else str(value)
    return _word(run, str(value), language)


def _word(run: RunView, word: str, language: Language) -> str:
    if word in run.regions.index:
        return run.region_name(word, language)
    for prefix in ("plot.dimension", "plot.belief", "plot.weights", "report.word"):
        if has_text(f"{prefix}.{word}", language):
            return text(f"{prefix}.{word}", language)
    return word


def _growth(
    run: RunView, value: Mapping[str, Any], language: Language
) -> Iterator[tuple[str, str]]:
    years = run.study.get("demand", {}).get("years", ())
    for category, rates in value.items():
        shown = (
            say("assumption.until", language, year=year, rate=percent_text(float(rate)))
            for year, rate in zip(years, rates, strict=False)
        )
        yield known_word("report.category", str(category), language), join(shown, language)


def _shown(run: RunView, field: str, value: Any, language: Language) -> str:
    if field == "plan.phases":
        return join((phase_label(run, str(item["name"]), language) for item in value), language)
    if isinstance(value, Mapping):
        if not value:
            return say("value.empty", language)
        return join(
            (_entry(run, field, key, item, language) for key, item in value.items()), language
        )
    if isinstance(value, Sequence) and not isinstance(value, str):
        if not value:
            return say("value.empty", language)
        return join((_pair(run, field, item, language) for item in value), language)
    return _one(run, field, value, language)


def _entry(run: RunView, field: str, key: object, item: Any, language: Language) -> str:
    name = _name(run, str(key), language)
    if isinstance(item, Mapping):
        inner = _shown(run, field, item, language)
        return say("assumption.group", language, name=name, inner=inner)
    if field == "advantage.abundance":
        return f"{name} ({'+' if float(item) > 0 else '−'})"
    return say("assumption.entry", language, name=name, value=_one(run, field, item, language))


def _name(run: RunView, code: str, language: Language) -> str:
    """Return the name of whatever a key of the study stands for: industry, factor, indicator."""
    if code in run.industries.index:
        return run.industry_name(code, language)
    specs = run.indicator_specs
    if specs is not None and code in specs.index:
        return str(specs.at[code, f"name_{language}"])
    return known_word("plot.factor", code, language)


def _industry(run: RunView, code: str, language: Language) -> str:
    return run.industry_name(code, language) if code in run.industries.index else code


def _pair(run: RunView, field: str, item: Any, language: Language) -> str:
    if isinstance(item, list | tuple):
        words = (_industry(run, str(part), language) for part in item)
        return "–".join(_word(run, word, language) for word in words)
    return _one(run, field, item, language)


def _label(field: str, language: Language) -> str:
    key = f"report.assumption.{field}"
    return text(key, language) if has_text(key, language) else field


def _table(
    run: RunView, key: str, fields: Sequence[tuple[str, Any]], language: Language, collapsed: bool
) -> TableBlock:
    rows: list[Row] = []
    section = ""
    for field, value in fields:
        if field.partition(".")[0] != section:
            section = field.partition(".")[0]
            rows.append(Row((Cell(say(f"study_section.{section}", language)),), heading=True))
        entries = [(_label(field, language), _shown(run, field, value, language))]
        if field == "demand.growth" and isinstance(value, Mapping):
            label = _label(field, language)
            entries = [
                (say("assumption.of", language, what=label, category=category), shown)
                for category, shown in _growth(run, value, language)
            ]
        rows += [
            Row((Cell(label), Cell(shown), Cell(field, "code"), Cell("D", "grade")))
            for label, shown in entries
        ]
    columns = (
        column("assumption", language),
        column("value", language),
        column("field", language),
        column("grade", language),
    )
    return table_block(key, language, columns, rows, ("D",), collapsed=collapsed)


def assumptions_chapter(run: RunView, language: Language) -> Chapter:
    """Return the chapter that lists every assumption and every choice of the study."""
    assumed = set(assumed_fields())
    fields = list(_fields(run.study))
    first = [item for item in fields if item[0] in assumed]
    second = [item for item in fields if item[0] not in assumed]
    return Chapter(
        id="assumptions",
        title=say("chapter.assumptions.title", language),
        lead=say("chapter.assumptions.lead", language),
        blocks=(
            _table(run, "assumptions", first, language, collapsed=False),
            _table(run, "choices", second, language, collapsed=True),
        ),
    )
