"""Every spelling of a temporary directory, and nothing that only looks like one."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shipworthy.homes.spellings import is_made_up, may_name_one, temporary_paths

# value, temporary directory, what follows it
PATHS = [
    pytest.param("/tmp", "/tmp", "", id="the directory itself"),
    pytest.param("/tmp/", "/tmp", "", id="a slash at its end"),
    pytest.param("/tmp/a/b.db", "/tmp", "a/b.db", id="a path in it"),
    pytest.param("//tmp//a", "/tmp", "a", id="doubled slashes"),
    pytest.param("/tmp/../tmp/a", "/tmp", "a", id="a detour"),
    pytest.param("/srv/../tmp/a", "/tmp", "a", id="a way there"),
    pytest.param("/var/tmp/a", "/var/tmp", "a", id="the one that survives reboots on some systems"),
    pytest.param("/private/tmp/a", "/private/tmp", "a", id="macOS"),
    pytest.param("/dev/shm/a.sock", "/dev/shm", "a.sock", id="shared memory"),
    pytest.param("/run/user/1000/app.pid", "/run/user/1000", "app.pid", id="a login's runtime directory"),
    pytest.param("unix:/tmp/a.sock", "/tmp", "a.sock", id="a socket address"),
    pytest.param("http://unix:/tmp/a.sock", "/tmp", "a.sock", id="a socket behind a protocol"),
    pytest.param("file:///tmp/a", "/tmp", "a", id="a file address"),
    pytest.param("sqlite:////tmp/a.db", "/tmp", "a.db", id="an SQLite address"),
    pytest.param("jdbc:h2:file:/tmp/a", "/tmp", "a", id="an H2 address"),
    pytest.param("append:/tmp/a.log", "/tmp", "a.log", id="systemd's append"),
    pytest.param('"/tmp/a"', "/tmp", "a", id="quotes"),
    pytest.param("${DATA:-/tmp/a}", "/tmp", "a", id="a default"),
    pytest.param("${A:-${B:-/tmp/a}}", "/tmp", "a", id="a nested default"),
    pytest.param("${TMPDIR}/a", "${TMPDIR}", "a", id="a shell's variable"),
    pytest.param("$TMPDIR/a", "$TMPDIR", "a", id="a shell's variable without braces"),
    pytest.param("${TMPDIR:-/var/tmp}/a", "/var/tmp", "a", id="a variable with its default"),
    pytest.param("%TEMP%\\a\\b", "%TEMP%", "a/b", id="cmd"),
    pytest.param("$env:TEMP\\a", "$env:TEMP", "a", id="PowerShell"),
    pytest.param("C:\\Windows\\Temp\\a", "C:\\Windows\\Temp", "a", id="the folder of Windows"),
    pytest.param("C:/Temp/a", "C:/Temp", "a", id="another folder of Windows"),
    pytest.param("{os.tmpdir()}/a", "{os.tmpdir()}", "a", id="Node.js"),
    pytest.param("{tempfile.gettempdir()}/a", "{tempfile.gettempdir()}", "a", id="Python"),
    pytest.param('{System.getProperty("java.io.tmpdir")}/a', '{System.getProperty("java.io.tmpdir")}', "a", id="Java"),
    pytest.param("${java.io.tmpdir}/a", "${java.io.tmpdir}", "a", id="a Java property"),
    pytest.param("{os.TempDir()}/a", "{os.TempDir()}", "a", id="Go"),
    pytest.param("{sys_get_temp_dir()}/a", "{sys_get_temp_dir()}", "a", id="PHP"),
    pytest.param("{Dir.tmpdir}/a", "{Dir.tmpdir}", "a", id="Ruby"),
    pytest.param("{Path.GetTempPath()}/a", "{Path.GetTempPath()}", "a", id=".NET"),
]

NO_PATHS = [
    pytest.param("/srv/app/tmp/pids", id="an application's own folder"),
    pytest.param("$ROOT/tmp/a", id="below a variable"),
    pytest.param("${ROOT}/tmp", id="below a variable in braces"),
    pytest.param("$(pwd)/tmp", id="below a command's output"),
    pytest.param("{{ root }}/tmp", id="below a template's value"),
    pytest.param("~/tmp", id="below the home directory"),
    pytest.param("./tmp/a", id="below the working directory"),
    pytest.param("../tmp", id="beside the working directory"),
    pytest.param("%{_localstatedir}/tmp", id="below a macro"),
    pytest.param("tmp/pids", id="a relative path"),
    pytest.param("/tmpfs", id="a longer name"),
    pytest.param("/tmp2/a", id="a number behind it"),
    pytest.param("/tmp-data", id="a dash behind it"),
    pytest.param("/tmp.d/a", id="a dot behind it"),
    pytest.param("/tmp/../srv/a", id="a way out of it"),
    pytest.param("https://example.com/tmp/a", id="a path on another host"),
    pytest.param("/var/run/app.sock", id="the runtime directory"),
    pytest.param("$TMPDIRECTORY/a", id="a longer variable"),
    pytest.param("$tmpdir/a", id="a variable in lower case"),
    pytest.param("{tmpdir_of(x)}/a", id="a function of a longer name"),
]


@pytest.mark.parametrize(("value", "directory", "rest"), PATHS)
def test_is_a_temporary_path(value: str, directory: str, rest: str) -> None:
    (path,) = temporary_paths(value)
    assert (path.directory, path.rest) == (directory, rest)


@pytest.mark.parametrize("value", NO_PATHS)
def test_is_none(value: str) -> None:
    assert temporary_paths(value) == []


def test_a_list_of_paths_gives_each() -> None:
    assert [path.rest for path in temporary_paths("/tmp/a,/srv/b,/var/tmp/c;/tmp/d")] == ["a", "c", "d"]


@pytest.mark.parametrize(
    "value", ["/tmp/x.XXXXXX", "$(mktemp -d)/x", "/tmp/$$", "/tmp/log-$(date +%s)", "/tmp/$RANDOM"]
)
def test_a_name_that_is_made_up_at_run_time(value: str) -> None:
    assert is_made_up(value)


def test_a_plain_name_is_not_made_up() -> None:
    assert not is_made_up("/tmp/data/users.db")


@given(st.text(alphabet=st.sampled_from(list("/tmpvar.${}%:-=~ \\'\"TMPDIRshmun019")), max_size=200))
def test_what_is_found_lies_in_the_value(value: str) -> None:
    for path in temporary_paths(value):
        assert 0 <= path.start < path.end <= len(value)
        assert not path.rest.startswith("/")
        assert not path.rest.endswith("/")


@given(st.text(max_size=300))
def test_the_quick_look_misses_no_path(value: str) -> None:
    if any(path.directory.startswith("/") and "/../" not in value for path in temporary_paths(value)):
        assert may_name_one(value)


@pytest.mark.parametrize("piece", ["/", "/a", "/tmp", "${", "${A:-", "{", "a:", "\\", "/tmp/../", "$a", "%TEMP%"])
def test_hostile_repetitions_take_no_time(piece: str) -> None:
    start = time.monotonic()
    temporary_paths((piece * 5000)[:4096])
    may_name_one(piece * 500_000)
    assert time.monotonic() - start < 5
