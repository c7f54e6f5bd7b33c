from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shipworthy.formats.failures import AND, BRANCH, OR, PIPE, SEQUENCE, commands, only_pretends, only_speaks
from shipworthy.formats.source import Source
from shipworthy.formats.unreadable import Unreadable


def ignored(text: str, *, stops: bool = True, pipefail: bool = False) -> dict[str, str]:
    """The commands whose failure is ignored, each with how."""
    found = commands(Source(text), stops=stops, pipefail=pipefail)
    return {" ".join(command.block.words): command.ignored.how for command in found if command.ignored}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("t || true", {"t": OR}, id="true"),
        pytest.param("t || :", {"t": OR}, id="the colon"),
        pytest.param("t || echo bad", {"t": OR}, id="an echo"),
        pytest.param("t || exit 0", {"t": OR}, id="a success"),
        pytest.param("t || { echo bad; echo worse; }", {"t": OR}, id="a group that speaks"),
        pytest.param("t || echo bad >&2", {"t": OR}, id="an echo to the error output"),
        pytest.param("t 2>/dev/null || true", {"t": OR}, id="behind a redirect"),
        pytest.param("t || u || true", {"t": OR, "u": OR}, id="all alternatives"),
        pytest.param("cd x && t || true", {"cd x": OR, "t": OR}, id="all of a list"),
        pytest.param("t \\\n  --x \\\n  || true", {"t --x": OR}, id="a command on several lines"),
        pytest.param("for x in a b; do\n  t || true\ndone", {"t": OR}, id="in a loop"),
        pytest.param("t | tee log", {"t": PIPE}, id="a pipe into tee"),
        pytest.param("t && echo good\nu", {"t": AND}, id="the left side of a list before the end"),
        pytest.param("if t; then echo good; else echo bad; fi", {"t": BRANCH}, id="branches that speak"),
        pytest.param("if ! t; then echo bad; fi", {"t": BRANCH}, id="a negated condition"),
        pytest.param("set +e\nt\nu", {"t": SEQUENCE, "set +e": SEQUENCE}, id="behind set +e"),
    ],
)
def test_a_failure_that_nobody_heeds(text: str, expected: dict[str, str]) -> None:
    assert ignored(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("t", id="nothing behind it"),
        pytest.param("t || exit 1", id="an exit"),
        pytest.param("t || { echo bad; exit 1; }", id="a group that exits"),
        pytest.param("t || (echo bad && false)", id="a subshell that fails"),
        pytest.param("t || exit", id="an exit with the same status"),
        pytest.param("t || failed=1", id="an assignment, which may be read"),
        pytest.param("t || u", id="an alternative"),
        pytest.param("t || echo 'failed=1' >> $GITHUB_OUTPUT", id="an output that a later step may read"),
        pytest.param("t || echo '::set-output name=x::y'", id="an output of the old kind"),
        pytest.param("x=$(t || true)", id="a value"),
        pytest.param("u && t && echo good", id="the end of the script"),
        pytest.param("if t; then echo good; else exit 1; fi", id="a branch that exits"),
        pytest.param("while ! t; do echo waiting; done", id="the condition of a loop"),
        pytest.param("set -o pipefail\nt | tee log", id="pipefail"),
        pytest.param("t | tee log\nexit ${PIPESTATUS[0]}", id="a status that is read"),
        pytest.param("t | grep -q good", id="a pipe into something that judges"),
        pytest.param("set +e\nt\nstatus=$?\nexit $status", id="a status that is read behind set +e"),
        pytest.param("set +e\nset -e\nt\nu", id="set -e again"),
        pytest.param("docker run x sh -c 't || true'", id="a script inside the script"),
        pytest.param("ssh host <<EOF\nt || true\nEOF", id="a script for another host"),
    ],
)
def test_a_failure_that_counts(text: str) -> None:
    assert "t" not in ignored(text)


def test_without_set_e_only_the_last_command_counts() -> None:
    assert ignored("t\nu", stops=False) == {"t": SEQUENCE}


def test_with_pipefail_every_part_of_a_pipe_counts() -> None:
    assert ignored("t | tee log", pipefail=True) == {}


def test_the_text_behind_a_command_is_kept_on_one_line() -> None:
    (command, *_) = commands(Source("t \\\n  || echo  bad"), stops=True, pipefail=False)
    assert command.ignored is not None
    assert command.ignored.text == "|| echo bad"
    assert command.block.words == ("t",)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("echo deploying\nsleep 5\necho done", True, id="words and waiting"),
        pytest.param("# ./deploy.sh\necho deployed", True, id="a command in a comment"),
        pytest.param("echo x >> $GITHUB_STEP_SUMMARY", True, id="the summary of the run"),
        pytest.param("echo x=1 >> $GITHUB_OUTPUT", False, id="an output"),
        pytest.param("echo deploying\n./deploy.sh", False, id="a command behind the words"),
        pytest.param("echo x > file", False, id="a file that is written"),
        pytest.param("echo bad\nexit 1", False, id="a failure"),
        pytest.param("", False, id="nothing"),
        pytest.param("# nothing", False, id="only a comment"),
    ],
)
def test_a_script_that_only_speaks(text: str, expected: bool) -> None:
    assert only_speaks(text) is expected


@given(st.text(alphabet="ab $|&;(){}<>'\"\\\n=![]#te+-`", max_size=60))
def test_any_script_is_read_or_refused(text: str) -> None:
    try:
        found = commands(Source(text), stops=True, pipefail=False)
        only_speaks(text)
    except Unreadable:
        return
    assert all(0 <= command.start <= command.end <= len(text) for command in found)


def test_deep_nesting_is_read() -> None:
    commands(Source("(" * 3000 + "t" + ")" * 3000), stops=True, pipefail=False)
    commands(Source("t || " * 3000 + "true"), stops=True, pipefail=False)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("for x in a b; do\n  echo $x\n  sleep 1\ndone", True, id="a loop that speaks"),
        pytest.param("cat > report.md << EOF\nall good\nEOF", True, id="a file of words"),
        pytest.param("git checkout $LAST\necho done", True, id="a checkout"),
        pytest.param("git push origin main", False, id="a push"),
        pytest.param("x=$(curl -f https://example.com)\necho $x", False, id="a request in a substitution"),
        pytest.param("case $x in a) kubectl apply -f k8s;; esac", False, id="a command in a branch"),
        pytest.param("x=1", False, id="an assignment alone"),
        pytest.param("", False, id="nothing"),
    ],
)
def test_a_script_that_only_pretends(text: str, expected: bool) -> None:
    assert only_pretends(text) is expected
