"""Write the reference pages: the study file from its schema, the commands from their help.

``python tools/build_reference_docs.py`` writes them; ``--check`` says which are out of date.
"""

import io
import os
import sys
from collections.abc import Iterator
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any, get_args, get_origin

import typer
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from clusterbelt.cli.main import app
from clusterbelt.config.belt_file import BeltFile, TableSpec
from clusterbelt.config.study import Study
from clusterbelt.core.strings import LANGUAGES, Language, has_text, text

ROOT = Path(__file__).parents[1]
PAGES = ROOT / "docs" / "reference"
WORDS: dict[str, tuple[str, str]] = {  # Chinese, English
    "study": ("研究文件参考", "The study file"),
    "study_lead": (
        "研究文件是一个 YAML 文件，列出一次测算的全部设置。以下内容由程序的模式生成，"
        "默认值即 `clusterbelt run yangtze` 所用的取值；标有 (D) 的是研究假设。",
        "The study file is YAML and says everything about a run. This page is generated from the "
        "program's schema; the defaults are those of `clusterbelt run yangtze`. A description that "
        "ends with (D) is an assumption of the study. `clusterbelt schema` prints the schema.",
    ),
    "belt": ("belt.yaml 参考", "belt.yaml"),
    "belt_lead": (
        "`belt.yaml` 说明经济带的名称以及各数据表的角色。",
        "`belt.yaml` says what a belt is called and which file plays which role.",
    ),
    "tables": ("数据表的说明（tables 的每一项）", "A table (each entry of tables)"),
    "commands": ("命令参考", "Commands"),
    "commands_lead": (
        "以下为每个命令的 `--help` 输出。",
        "What every command prints with `--help`.",
    ),
    "field": ("字段", "field"),
    "name": ("名称", "name"),
    "kind": ("类型", "type"),
    "default": ("默认值", "default"),
    "meaning": ("说明（英文）", "meaning"),
}


def say(key: str, language: Language) -> str:
    return WORDS[key][LANGUAGES.index(language)]


def _kind(annotation: Any) -> str:
    origin = get_origin(annotation)
    parts = [_kind(part) for part in get_args(annotation)] if origin is not None else []
    if annotation is type(None):
        return "null"
    if annotation is Ellipsis:
        return "..."
    if origin is None:
        return getattr(annotation, "__name__", str(annotation))
    name = str(getattr(origin, "__name__", origin))
    if name == "Literal":
        return " or ".join(f"`{part}`" for part in get_args(annotation))
    if name == "Annotated":
        return parts[0]
    if name in {"Union", "UnionType"}:
        return " or ".join(parts)
    shown = "map" if name in {"dict", "Mapping"} else "list" if name in {"tuple", "list"} else name
    return f"{shown} of {', '.join(part for part in dict.fromkeys(parts) if part != '...')}"


def _plain(value: Any) -> Any:
    if isinstance(value, BaseModel):
        return {key: _plain(item) for key, item in value.model_dump().items()}
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return value


def _default(info: FieldInfo) -> str:
    if info.is_required():
        return ""
    shown = str(_plain(info.get_default(call_default_factory=True))).replace("|", "\\|")
    return f"`{shown if len(shown) <= 90 else shown[:87] + '...'}`"


def _rows(model: type[BaseModel], section: str, language: Language) -> Iterator[str]:
    header = ["field", *(["name"] if section else []), "kind", "default", "meaning"]
    if language == "en" and section:
        header.remove("name")
    yield "| " + " | ".join(say(key, language) for key in header) + " |"
    yield "|" + "---|" * len(header)
    for name, info in model.model_fields.items():
        cells = [f"`{name}`"]
        if "name" in header:
            key = f"report.assumption.{section}.{name}"
            cells.append(text(key, language) if has_text(key, language) else "")
        kind = _kind(info.annotation).replace("|", "\\|")
        meaning = " ".join((info.description or "").split()).replace("|", "\\|")
        meaning = meaning.replace("<", "&lt;").replace("[", "\\[")
        yield "| " + " | ".join([*cells, kind, _default(info), meaning]) + " |"


def study_page(language: Language) -> str:
    lines = [f"# {say('study', language)}", "", say("study_lead", language), ""]
    for name, info in Study.model_fields.items():
        kind = info.annotation
        description = " ".join((info.description or "").split())
        lines += [f"## {name}", ""]
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            lines += [description, "", *_rows(kind, name, language), ""]
        else:
            lines += [f"{description} {say('default', language)}: {_default(info)}", ""]
    return "\n".join(lines)


def belt_page(language: Language) -> str:
    lines = [f"# {say('belt', language)}", "", say("belt_lead", language), ""]
    lines += [*_rows(BeltFile, "", language), "", f"## {say('tables', language)}", ""]
    return "\n".join([*lines, *_rows(TableSpec, "", language), ""])


def _help(arguments: list[str]) -> str:
    shown = io.StringIO()
    with redirect_stdout(shown):
        typer.main.get_command(app).main(
            [*arguments, "--help"], prog_name="clusterbelt", standalone_mode=False
        )
    return "\n".join(line.rstrip() for line in shown.getvalue().strip().splitlines())


def commands_page(language: Language) -> str:
    os.environ |= {"COLUMNS": "96", "TERMINAL_WIDTH": "96", "NO_COLOR": "1", "TERM": "dumb"}
    group: Any = typer.main.get_command(app)
    lines = [f"# {say('commands', language)}", "", say("commands_lead", language), ""]
    lines += ["```text", _help([]), "```", ""]
    for name in sorted(group.commands):
        lines += [f"## {name}", "", "```text", _help([name]), "```", ""]
    return "\n".join(lines)


def build_all() -> dict[Path, str]:
    pages = {"study": study_page, "belt": belt_page, "commands": commands_page}
    ends: dict[Language, str] = {"en": ".md", "zh": ".zh.md"}
    return {
        PAGES / f"{name}{end}": make(language)
        for name, make in pages.items()
        for language, end in ends.items()
    }


def main() -> int:
    stale = []
    for path, content in build_all().items():
        if path.exists() and path.read_text(encoding="utf-8") == content:
            continue
        stale.append(path)
        if "--check" not in sys.argv:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8")
    for path in stale:
        print(path.relative_to(ROOT))
    return 1 if stale and "--check" in sys.argv else 0


if __name__ == "__main__":
    sys.exit(main())
