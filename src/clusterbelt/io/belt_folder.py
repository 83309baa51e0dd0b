"""Finding a belt's folder, reading its ``belt.yaml`` and the files that it names."""

from __future__ import annotations

import codecs
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path

from clusterbelt.config.belt_file import BY_INDUSTRY, COMPULSORY, BeltFile, Role, TableSpec
from clusterbelt.core.errors import Place, first_labels
from clusterbelt.core.units import is_unit, parse_unit
from clusterbelt.io.encoding import read_bytes
from clusterbelt.io.findings import Findings, nearest
from clusterbelt.io.table import Table
from clusterbelt.io.tables import read_table
from clusterbelt.io.validation import validate
from clusterbelt.io.yaml_text import Document, read_yaml

__all__ = ["BELT_FILE", "BeltFolder", "Source", "open_belt", "shipped_belts", "shipped_folder"]

BELT_FILE = "belt.yaml"


@dataclass(frozen=True)
class BeltFolder:
    """A belt's folder and its description."""

    folder: Path
    document: Document
    file: BeltFile


def shipped_folder(name: str) -> Path:
    """Return the folder in which a belt of that name would ship."""
    return Path(str(files("clusterbelt"))) / "data" / name


def shipped_belts() -> list[str]:
    """Return the names of the belts that ship with clusterbelt."""
    data = shipped_folder("")
    return sorted(one.name for one in data.iterdir() if (one / BELT_FILE).is_file())


def _locate(belt: str, findings: Findings) -> Path | None:
    if belt in shipped_belts():
        return shipped_folder(belt)
    path = Path(belt)
    if path.name == BELT_FILE and path.is_file():
        return path.parent
    if path.is_file():
        findings.add("belt_is_file", Place(file=belt))
        return None
    if not path.is_dir():
        beside = [one.name for one in path.parent.iterdir()] if path.parent.is_dir() else []
        known = [*shipped_belts(), *sorted(beside)]
        findings.add(
            "belt_missing", Place(file=belt), name=belt, nearest=nearest(path.name, known) or "-",
            shipped=", ".join(shipped_belts()),
        )  # fmt: skip
        return None
    return path


def open_belt(belt: str, findings: Findings) -> BeltFolder | None:
    """Find the belt's folder and read its ``belt.yaml``, or return None after saying why not."""
    folder = _locate(belt, findings)
    if folder is None:
        return None
    path = folder / BELT_FILE
    if not path.exists():
        found = sorted(one.name for one in folder.iterdir())
        findings.add(
            "belt_file_missing", Place(file=str(folder)), nearest=nearest(BELT_FILE, found) or "-"
        )
        return None
    document = read_yaml(path, BELT_FILE, findings)
    file = validate(BeltFile, document, findings) if document is not None else None
    if document is None or file is None:
        return None
    before = len(findings.errors)
    _check_manifest(folder, document, file, findings)
    return BeltFolder(folder, document, file) if len(findings.errors) == before else None


def _check_manifest(folder: Path, document: Document, file: BeltFile, findings: Findings) -> None:
    if not (is_unit(file.money_unit) and parse_unit(file.money_unit).dimension[:6] == "money:"):
        place = _place(document, ("money_unit",))
        findings.add("money_unit", place, unit=file.money_unit)
    seen: dict[tuple[str, str | None], int] = {}
    for number, spec in enumerate(file.tables):
        key = (spec.role, _classification(spec, file))
        if key in seen:
            place = _place(document, ("tables", number, "role"))
            findings.add("role_twice", place, role=spec.role, first=seen[key])
        seen.setdefault(key, number + 1)
        _check_spec(document, number, spec, file, findings)
        _check_path(folder, document, number, spec, findings)
    roles = {spec.role for spec in file.tables}
    for role in COMPULSORY:
        if role not in roles:
            place = _place(document, ("tables",))
            findings.add("role_missing", place, role=role, compulsory=", ".join(COMPULSORY))


def _place(document: Document, path: tuple[str | int, ...]) -> Place:
    mark = document.mark(path)
    label = ".".join(str(part) for part in path)
    return Place(file=document.file, row=mark.line if mark else None, label=label)


def _classification(spec: TableSpec, file: BeltFile) -> str | None:
    if spec.role not in BY_INDUSTRY:
        return None
    return spec.classification or next(iter(file.classifications))


def _check_spec(
    document: Document, number: int, spec: TableSpec, file: BeltFile, findings: Findings
) -> None:
    declared = spec.classification
    if declared is not None and declared not in file.classifications:
        findings.add(
            "classification_undeclared", _place(document, ("tables", number, "classification")),
            classification=declared, known=", ".join(file.classifications),
            nearest=nearest(declared, file.classifications) or "-",
        )  # fmt: skip
    if (spec.shape == "wide") != (spec.wide_dimension is not None):
        findings.add("wide_undeclared", _place(document, ("tables", number, "shape")))
    if spec.thousands == spec.decimal:
        place = _place(document, ("tables", number, "thousands"))
        findings.add("thousands_is_decimal", place, sign=spec.decimal)
    if spec.encoding is not None:
        try:
            codecs.lookup(spec.encoding)
        except LookupError:
            place = _place(document, ("tables", number, "encoding"))
            findings.add("encoding_unknown", place, encoding=spec.encoding)


def _check_path(
    folder: Path, document: Document, number: int, spec: TableSpec, findings: Findings
) -> None:
    place = _place(document, ("tables", number, "file"))
    path = folder / spec.file
    if Path(spec.file).is_absolute() or not path.resolve().is_relative_to(folder.resolve()):
        findings.add("file_outside", place, name=spec.file)
    elif not path.exists():
        here = path.parent if path.parent.is_dir() else folder
        found = [str(one.relative_to(folder)) for one in sorted(here.iterdir())]
        close = nearest(spec.file, found, 0.75) or "-"
        findings.add("file_missing", place, name=spec.file, role=spec.role, nearest=close)


@dataclass(frozen=True)
class Source:
    """One reading of one classification: where from, what was found, which bytes it rests on."""

    belt: BeltFolder
    classification: str
    findings: Findings
    read: dict[str, bytes] = field(default_factory=dict)

    def spec(self, role: Role) -> TableSpec | None:
        """Return the declaration of the table with that role, if there is one."""
        for spec in self.belt.file.tables:
            mine = _classification(spec, self.belt.file) in {None, self.classification}
            if spec.role == role and mine:
                return spec
        return None

    def bytes_of(self, spec: TableSpec) -> bytes | None:
        """Return the content of a declared file; it counts towards the fingerprint."""
        if spec.file not in self.read:
            data = read_bytes(self.belt.folder / spec.file, spec.file, self.findings)
            if data is None:
                return None
            self.read[spec.file] = data
        return self.read[spec.file]

    def table(
        self, role: Role, needed: Sequence[str], optional: Sequence[str] = ()
    ) -> Table | None:
        """Read the table with that role; None if it is not declared or cannot be read."""
        spec = self.spec(role)
        data = self.bytes_of(spec) if spec is not None else None
        if spec is None or data is None:
            return None
        return read_table(spec, data, self.findings, needed=needed, optional=optional)

    def fingerprint(self) -> str:
        """Return a hash over ``belt.yaml``, the classification and every file read."""
        digest = hashlib.sha256()
        parts = [("", self.classification.encode()), (BELT_FILE, self.belt.document.content)]
        for name, content in (*parts, *sorted(self.read.items())):
            digest.update(f"{name}\0{len(content)}\0".encode())
            digest.update(content)
        return digest.hexdigest()

    def names(self) -> str:
        """Return the declared classifications, for messages."""
        return first_labels(self.belt.file.classifications)
