"""Issues say where, what and what to do, in both languages."""

import pickle

from clusterbelt.core.errors import InfeasibleError, InputError, Issue, Place, first_labels


def test_an_issue_in_both_languages():
    issue = Issue(
        "cli_stage", Place("a.csv", "Sheet1", 7, "value", "110000"), {"stage": "x", "known": "plan"}
    )
    assert issue.describe("en") == (
        "a.csv, sheet Sheet1, row 7, column value, 110000: "
        "There is no stage x. Choose one of: plan."
    )
    assert issue.describe("zh") == (
        "a.csv, 工作表 Sheet1, 第 7 行, 列 value, 110000: 没有名为 x 的阶段。 可选：plan。"
    )


def test_an_input_error_carries_all_issues():
    issues = [Issue("cli_stage", params={"stage": name, "known": ""}) for name in ("a", "b")]
    error = InputError(iter(issues))
    assert error.issues == tuple(issues)
    assert "stage a" in str(error)
    assert "stage b" in str(error)


def test_infeasible_is_bad_input():
    assert issubclass(InfeasibleError, InputError)


def test_first_labels():
    assert first_labels("abc") == "a, b, c"
    assert first_labels("abcdefgh") == "a, b, c, d, e … (+3)"
    assert first_labels([]) == ""


def test_an_input_error_comes_back_whole_from_another_process():
    issue = Issue("cli_stage", Place("a.csv", row=7), {"stage": "x", "known": "plan"})
    for kind in (InputError, InfeasibleError):
        again = pickle.loads(pickle.dumps(kind([issue])))
        assert type(again) is kind
        assert again.issues == (issue,)
        assert str(again) == issue.describe("en")
