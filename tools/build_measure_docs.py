"""Write the pages of the measures (``docs/measures``) and their index (``data/measures.csv``).

``python tools/build_measure_docs.py`` writes them; ``--check`` says which are out of date. All of
it comes from the registry, the docstrings and what the command line prints.
"""

import contextlib
import inspect
import io
import os
import re
import shlex
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from clusterbelt.cli.main import main as command_line
from clusterbelt.core.registry import FAMILIES, Measure
from clusterbelt.core.strings import LANGUAGES, Language, text
from clusterbelt.measures.catalogue import all_measures
from clusterbelt.measures.index import index_text
from clusterbelt.measures.pipeline_call import inputs_of, options_of

ROOT = Path(__file__).parents[1]
DATA = ROOT / "src" / "clusterbelt" / "data"
PAGES = ROOT / "docs" / "measures"
BELT = "310000,320000,330000,340000,360000,420000,430000,500000,510000,520000,530000"
ACTIVITY = "activity_io42.parquet --year 2017 --where variable=output"
GROWTH = "shift_share activity_common.parquet --where variable=output --only region=310000,520000"
EXAMPLES: dict[str, str | tuple[str, ...]] = {
    "agglomeration": f"coagglomeration {ACTIVITY}",
    "complexity": f"eci {ACTIVITY}",
    "composite": "weight_equal indicators.csv --year 2017 --absent missing",
    "concentration": f"hoover {ACTIVITY}",
    "growth": (f"{GROWTH} --year 2007 --year 2012", f"{GROWTH} --year 2012 --year 2017"),
    "linkage": f"colocation {ACTIVITY}",
    "similarity": f"similarity {ACTIVITY} --only region=310000,320000,520000",
    "specialisation": f"location_quotient {ACTIVITY} --only region={BELT} --reference all",
}
MOST_LINES = 16


def _kernel_doc(function: Callable[..., Any]) -> str:
    """Return the docstring of the kernel a labelled function names, or its own."""
    own = inspect.getdoc(function) or ""
    named = re.search(r":func:`(clusterbelt\.kernels\.[\w.]+)\.(\w+)`", own)
    if not named:
        return own
    module = import_module(named[1])
    return inspect.getdoc(getattr(module, named[2])) or own


def _formula(doc: str) -> list[str]:
    """Return the formulas of a docstring: its paragraphs that stand in code quotes and equate."""
    found = re.findall(r"``([^`]*?=[^`]*?)``", doc)
    return [" ".join(one.split()) for one in found]


def _markdown(doc: str) -> str:
    """Turn a docstring into Markdown: code, sections, parameters, examples."""
    lines, out = doc.splitlines(), []
    for place, line in enumerate(lines):
        following = lines[place + 1] if place + 1 < len(lines) else ""
        if re.fullmatch(r"-{3,}", line.strip()) and place:
            continue
        if re.fullmatch(r"-{3,}", following.strip()) and line.strip():
            out += ["", f"**{line.strip()}**", ""]
        else:
            out.append(line)
    body = "\n".join(out).replace("``", "`")
    body = re.sub(r":\w+:`~?(?:[\w.]+\.)?(\w+)`", r"`\1`", body)
    body = re.sub(r"(?m)^(\w[\w, ]*)\n    (?=\S)", r"- `\1`: ", body)
    body = re.sub(r"(?m)^((?:>>>.*\n?)(?:.+\n?)*)", r"```python\n\1\n```\n", body)
    return re.sub(r"\n{3,}", "\n\n", body).strip()


def _printed(command: str, language: Language) -> str:
    """Return what the command line prints, run beside the data; at most ``MOST_LINES``."""
    out, err = io.StringIO(), io.StringIO()
    before = Path.cwd()
    os.chdir(DATA / "yangtze")
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            command_line(["measure", *shlex.split(command), "--lang", language])
    except SystemExit as left:
        if left.code:
            raise RuntimeError(f"{command}: {err.getvalue()}") from left
    finally:
        os.chdir(before)
    lines = out.getvalue().rstrip().splitlines()
    rest = len(lines) - MOST_LINES
    if rest > 0:
        lines = [*lines[:MOST_LINES], text("measure_guide.shortened", language, count=rest)]
    return "\n".join(lines)


def _facts(measure: Measure, language: Language) -> list[str]:
    spec = measure.spec
    inputs = ", ".join(f"`{name}`" for name in inputs_of(measure))
    options = ", ".join(f"`{one.describe()}`" for one in options_of(measure).values())
    rows = [
        ("needs", " x ".join(spec.needs)),
        ("gives", " x ".join(spec.gives) or text("measure_guide.number", language)),
        ("unit", spec.unit or text("measure_cli.unit_of_input", language)),
        ("source", spec.source),
        ("inputs", inputs),
        ("options", options),
    ]
    colon = ": " if language == "en" else "："
    return [
        f"- {text(f'measure_guide.{key}', language)}{colon}{word}" for key, word in rows if word
    ]


def _section(measure: Measure, language: Language) -> str:
    spec = measure.spec
    doc = _kernel_doc(measure.function)
    parts = [f"## {spec.title(language)} (`{spec.name}`)", spec.line(language)]
    formulas = _formula(doc)
    if formulas:
        shown = "\n".join(formulas)
        colon = ":" if language == "en" else "："
        parts += [f"{text('measure_guide.formula', language)}{colon}", f"```text\n{shown}\n```"]
    parts.append("\n".join(_facts(measure, language)))
    if language == "en":
        parts.append(_markdown(doc))
    return "\n\n".join(parts)


def build_page(family: str, language: Language) -> str:
    """Return the page of a family."""
    measures = [one for one in all_measures().values() if one.spec.family == family]
    colon = ": " if language == "en" else "："
    say = {
        key: text(f"measure_guide.{key}", language) for key in ("reading", "pitfalls", "example")
    }
    parts = [
        f"# {text(f'measure_family.{family}', language)}",
        text("measure_guide.note", language),
        f"**{say['reading']}**{colon}{text(f'measure_guide.{family}.reading', language)}",
        f"**{say['pitfalls']}**{colon}{text(f'measure_guide.{family}.pitfalls', language)}",
    ]
    if family in EXAMPLES:
        given = EXAMPLES[family]
        parts.append(f"**{say['example']}**")
        for one in (given,) if isinstance(given, str) else given:
            command = f"$ clusterbelt measure {one} --lang {language}"
            parts.append(f"```text\n{command}\n{_printed(one, language)}\n```")
    parts += [_section(measure, language) for measure in measures]
    return "\n\n".join(parts) + "\n"


def build_all() -> dict[Path, str | tuple[str, Language]]:
    """Return every file and its content."""
    present = {one.spec.family for one in all_measures().values()}
    files: dict[Path, str | tuple[str, Language]] = {
        DATA / "measures.csv": index_text(all_measures())
    }
    for family in FAMILIES:
        if family in present:
            for language in LANGUAGES:
                suffix = "" if language == "en" else ".zh"
                files[PAGES / f"{family}{suffix}.md"] = (family, language)
    return files


def content_of(entry: str | tuple[str, Language]) -> str:
    """Return the content of an entry of :func:`build_all`."""
    return entry if isinstance(entry, str) else build_page(*entry)


def main() -> None:
    check = "--check" in sys.argv[1:]
    stale = []
    for path, entry in build_all().items():
        content = content_of(entry)
        if path.exists() and path.read_text(encoding="utf-8") == content:
            continue
        stale.append(path.relative_to(ROOT).as_posix())
        if not check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8")
    print("\n".join(stale) or "all up to date")
    sys.exit(1 if check and stale else 0)


if __name__ == "__main__":
    main()
