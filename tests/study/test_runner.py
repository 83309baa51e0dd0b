"""The runner: reuse, resume, byte-for-byte repetition, on the toy belt."""

import hashlib

import pytest

from clusterbelt.core.errors import InputError
from clusterbelt.io.read_study import read_study
from clusterbelt.io.run_folder import read_run
from clusterbelt.study import runner
from clusterbelt.study.graph import STAGES, stages_needed_for
from clusterbelt.study.runner import run_study


def _hashes(folder):
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "timings.json"
    }


@pytest.fixture(scope="module")
def toy_run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("run") / "toy"
    outcome = run_study(read_study("toy"), folder)
    return folder, outcome


def test_every_stage_is_computed_once(toy_run):
    folder, outcome = toy_run
    assert outcome.computed == tuple(STAGES)
    assert outcome.reused == ()
    view = read_run(folder)
    assert view.manifest["complete"] is True
    assert list(view.results) == list(STAGES)


def test_stages_come_after_what_they_need():
    seen = set()
    for stage in STAGES.values():
        assert set(stage.needs) <= seen
        seen.add(stage.name)


def test_two_runs_give_the_same_files(toy_run, tmp_path):
    run_study(read_study("toy"), tmp_path / "again")
    assert _hashes(tmp_path / "again") == _hashes(toy_run[0])


def test_a_second_run_reuses_everything(tmp_path):
    run_study(read_study("toy"), tmp_path / "run")
    before = _hashes(tmp_path / "run")
    outcome = run_study(read_study("toy"), tmp_path / "run")
    assert outcome.computed == ()
    assert outcome.reused == tuple(STAGES)
    assert _hashes(tmp_path / "run") == before


def test_a_changed_setting_recomputes_only_what_rests_on_it(tmp_path):
    study = read_study("toy")
    run_study(study, tmp_path)
    changed = study.model_copy(
        update={"coordination": study.coordination.model_copy(update={"top_matches": 3})}
    )
    outcome = run_study(changed, tmp_path)
    assert outcome.computed == ("coordination",)
    assert len(read_run(tmp_path).results["coordination"].frame("matches")) <= 3


def test_changed_code_recomputes_everything(tmp_path, monkeypatch):
    run_study(read_study("toy"), tmp_path)
    monkeypatch.setattr(runner, "code_version", lambda: "another")
    assert run_study(read_study("toy"), tmp_path).computed == tuple(STAGES)


def test_a_killed_run_goes_on(tmp_path):
    study = read_study("toy")

    def stop(stage, _done, _total):
        if stage == "plan":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_study(study, tmp_path, progress=stop)
    with pytest.raises(InputError) as caught:
        read_run(tmp_path)
    assert caught.value.issues[0].code == "run_unfinished"
    outcome = run_study(study, tmp_path)
    done = list(STAGES).index("plan")
    assert outcome.reused == tuple(STAGES)[:done]
    assert outcome.computed == tuple(STAGES)[done:]


def test_only_one_stage(tmp_path):
    outcome = run_study(read_study("toy"), tmp_path, only="clusters")
    assert outcome.computed == tuple(stage.name for stage in stages_needed_for("clusters"))
    assert "plan" not in outcome.computed
    assert run_study(read_study("toy"), tmp_path).reused == outcome.computed


def test_the_study_is_written_out_and_can_be_run_again(toy_run, tmp_path):
    study = read_study(str(toy_run[0] / "study.yaml"))
    assert study.model_dump(exclude={"belt"}) == read_study("toy").model_dump(exclude={"belt"})
