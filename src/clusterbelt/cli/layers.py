"""What the commands call in the layers below: loaded when a command first asks for it.

Tables, geometry and statistics take seconds to import, so ``--help`` must not import them. This
table is the one place that says which command function lives where; the commands write
``layers.run_study(...)``. Everything else in the project imports at the top of its file.
"""

from importlib import import_module
from typing import Any, Final

HOMES: Final = {
    "audit_file": "clusterbelt.cli.audit_job",
    "FORMATS": "clusterbelt.report.exports.write",
    "MeasureJob": "clusterbelt.cli.measure_job",
    "check_belt": "clusterbelt.io.read_belt",
    "compare_runs": "clusterbelt.study.compare",
    "comparison_rows": "clusterbelt.study.compare",
    "drawable_language": "clusterbelt.plot.fonts",
    "list_figures": "clusterbelt.report.figure_file",
    "list_zones": "clusterbelt.measures.zone_list",
    "print_audit": "clusterbelt.cli.audit_job",
    "print_backtest": "clusterbelt.cli.backtest_table",
    "print_summary": "clusterbelt.cli.summary",
    "read_china": "clusterbelt.io.counties",
    "read_roles": "clusterbelt.cli.zone_job",
    "read_run": "clusterbelt.io.run_folder",
    "read_study": "clusterbelt.io.read_study",
    "render_figure": "clusterbelt.report.figure_file",
    "run_measure": "clusterbelt.cli.measure_job",
    "run_study": "clusterbelt.study.runner",
    "study_schema": "clusterbelt.io.templates",
    "write_audit": "clusterbelt.cli.audit_job",
    "write_bytes_atomic": "clusterbelt.io.atomic",
    "write_china": "clusterbelt.io.counties",
    "write_formats": "clusterbelt.report.exports.write",
    "write_measure": "clusterbelt.cli.measure_job",
    "write_new": "clusterbelt.io.templates",
    "write_reports": "clusterbelt.report.write",
    "write_template": "clusterbelt.io.templates",
    "write_zone_list": "clusterbelt.cli.zone_job",
    "zone_correlations": "clusterbelt.cli.zone_job",
}

__all__ = ["HOMES"]


def __getattr__(name: str) -> Any:
    if name not in HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(HOMES[name]), name)
