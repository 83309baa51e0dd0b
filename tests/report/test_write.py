"""Reports and figures in the run folder."""

import pytest

from clusterbelt.core.errors import InputError
from clusterbelt.plot.figures import FIGURES
from clusterbelt.report.write import write_reports
from report.fixture import build_run


def test_reports_and_figures_are_written(tmp_path):
    paths = write_reports(build_run(tmp_path), ("zh", "en"))
    assert [path.name for path in paths] == ["report.zh.html", "report.en.html"]
    drawn = {path.name for path in (tmp_path / "figures").iterdir()}
    assert drawn == {f"{name}.{language}.svg" for name in FIGURES for language in ("zh", "en")}
    assert 'href="report.en.html"' in paths[0].read_text(encoding="utf-8")


def test_a_single_language_links_to_no_other(tmp_path):
    run = build_run(tmp_path, without=("plan", "boundaries"))
    (path,) = write_reports(run, ("en",))
    assert "report.zh.html" not in path.read_text(encoding="utf-8")
    assert not (tmp_path / "report.zh.html").exists()


def test_a_folder_that_cannot_be_written_is_a_problem_of_the_user(tmp_path):
    (tmp_path / "figures").write_text("in the way", encoding="utf-8")
    with pytest.raises(InputError):
        write_reports(build_run(tmp_path), ("en",))
