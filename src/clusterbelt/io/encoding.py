"""Bytes to text: UTF-8, UTF-8 with a byte-order mark, UTF-16, GBK/GB18030; found out, and said."""

from __future__ import annotations

import codecs
from pathlib import Path

from clusterbelt.core.errors import Place
from clusterbelt.io.findings import Findings

__all__ = ["decode", "read_bytes"]

_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_CHINESE = "gb18030"


def read_bytes(path: Path, shown: str, findings: Findings) -> bytes | None:
    """Return the content of a file, or None after saying why it cannot be read."""
    place = Place(file=shown)
    if path.is_dir():
        findings.add("file_is_folder", place)
        return None
    try:
        return path.read_bytes()
    except PermissionError:
        findings.add("file_no_permission", place)
    except OSError as error:
        findings.add("file_unreadable", place, reason=error.strerror or str(error))
    return None


def _line_of(data: bytes, position: int) -> int:
    return data.count(b"\n", 0, position) + 1


def _decode_as(data: bytes, name: str, place: Place, findings: Findings) -> str | None:
    try:
        return data.decode(name)
    except LookupError:
        findings.add("encoding_unknown", place, encoding=name)
    except UnicodeDecodeError as error:
        at = Place(file=place.file, row=_line_of(data, error.start))
        findings.add("encoding_broken", at, encoding=name, byte=f"0x{data[error.start]:02X}")
    return None


def _looks_like_broken_utf8(data: bytes) -> bool:
    # GBK text read as UTF-8 is nearly all replacement signs; damaged UTF-8 nearly none.
    text = data.decode("utf-8", errors="replace")
    broken = text.count("\ufffd")
    sound = sum(character > "\x7f" for character in text) - broken
    return sound > broken


def decode(data: bytes, declared: str | None, shown: str, findings: Findings) -> str | None:
    """Return the text, or None after saying where it is broken. Says which encoding it found."""
    place = Place(file=shown)
    if declared is not None:
        text = _decode_as(data, declared, place, findings)
        return None if text is None else text.removeprefix("\ufeff")
    if data.startswith(codecs.BOM_UTF8):
        findings.add("encoding_mark", place, "note")
        return _decode_as(data, "utf-8-sig", place, findings)
    if data.startswith(_UTF16):
        findings.add("encoding_found", place, "note", encoding="UTF-16")
        return _decode_as(data, "utf-16", place, findings)
    if b"\x00" in data:
        findings.add("file_not_text", place)
        return None
    name = _find_encoding(data)
    text = _decode_as(data, name, place, findings)
    if text is not None and name == _CHINESE:
        findings.add("encoding_found", place, "note", encoding="GBK/GB18030")
    return text


def _reach(data: bytes, name: str) -> int:
    """Return how far ``data`` can be decoded: its length if all of it."""
    try:
        data.decode(name)
    except UnicodeDecodeError as error:
        return error.start
    return len(data)


def _find_encoding(data: bytes) -> str:
    """Return UTF-8 or GB18030, also for damaged text: that in which less of it is broken."""
    unicode, chinese = _reach(data, "utf-8"), _reach(data, _CHINESE)
    if unicode == len(data) or _looks_like_broken_utf8(data):
        return "utf-8"
    return _CHINESE if chinese > unicode else "utf-8"
