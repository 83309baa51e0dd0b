"""Writing so that nothing already written is lost: to a neighbour first, then one rename."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from clusterbelt.core.errors import InputError, Issue, Place

__all__ = ["replace_folder", "write_bytes_atomic", "write_text_atomic", "writing_to"]

_FULL = {errno.ENOSPC, errno.EDQUOT}


@contextmanager
def writing_to(path: Path) -> Iterator[None]:
    """Turn an operating-system error while writing ``path`` into an :class:`InputError`."""
    try:
        yield
    except OSError as error:
        code = "run_disk_full" if error.errno in _FULL else "run_not_writable"
        reason = error.strerror or str(error)
        issue = Issue(code, Place(file=str(path)), {"reason": reason})
        raise InputError([issue]) from error


def write_bytes_atomic(path: Path, data: bytes) -> None:
    """Write ``data`` to ``path``; on failure the old file, if any, is untouched."""
    temporary = path.with_name(f".{path.name}.tmp")
    with writing_to(path):
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with temporary.open("wb") as stream:
                stream.write(data)
                stream.flush()
                os.fsync(stream.fileno())
            temporary.replace(path)
        except OSError:
            temporary.unlink(missing_ok=True)
            raise


def write_text_atomic(path: Path, content: str) -> None:
    """Write ``content`` as UTF-8 with Unix line ends."""
    write_bytes_atomic(path, content.encode("utf-8"))


def replace_folder(new: Path, target: Path) -> None:
    """Put the finished folder ``new`` in the place of ``target``.

    A directory cannot be renamed over one that is not empty, so the old one steps aside first;
    should the process die in between, the old one is still there under its side name and the
    stage is simply computed again.
    """
    aside = target.with_name(f".{target.name}.old")
    with writing_to(target):
        shutil.rmtree(aside, ignore_errors=True)
        if target.exists():
            target.rename(aside)
        new.rename(target)
        shutil.rmtree(aside, ignore_errors=True)
