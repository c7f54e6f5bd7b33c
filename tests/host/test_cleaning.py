"""The clean-up: what it removes, what it leaves alone, and what happens when somebody interferes.

Everything here is real: files are swapped between the last look and the removal, by the hook that `Cleaner` has for
that, and by another thread that never stops.
"""

from __future__ import annotations

import fcntl
import os
import pty
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import chdir, closing, suppress
from pathlib import Path

import pytest

from hosts import (
    ANOTHER_USER,
    FOLDER,
    NEEDS_PROC,
    NEEDS_ROOT,
    NOBODY,
    PIPE,
    SERVER,
    SOCKET,
    Layout,
    Link,
    Mode,
    as_another_user,
    bound,
    listing,
    make,
    running,
)
from shipworthy.config import Config, TemporaryStatement
from shipworthy.globs import Globs
from shipworthy.host import Host, Wanted
from shipworthy.host.cleaning import Cleaner, is_refused
from shipworthy.host.directories import TemporaryDirectory
from shipworthy.host.leftovers import STALE_PID_FILE, Leftover, shown_age
from shipworthy.host.looking import Entry
from shipworthy.host.opened import OPEN_FILE, Use
from shipworthy.host.paths import READABLE_FOLDER
from shipworthy.host.processes import HAS_PROC, Process, Processes
from shipworthy.project import Project
from shipworthy.repository import Repository
from support import command, repository, run

AT_ONCE = Wanted(older_than=0.0)
DEAD: Layout = {
    "api.pid": f"{NOBODY}\n",
    "run/worker.pid": f"{NOBODY}\n",
    "api.sock": SOCKET,
    "empty": FOLDER,
    "pip-build-env-ab12cd34/overlay/lib/a.py": "x",
}
STALE = (STALE_PID_FILE, STALE_PID_FILE)
GONE = ["api.pid", "api.sock", "empty", "pip-build-env-ab12cd34", "run/worker.pid"]
KEPT: Layout = {
    "whisper-env/pyvenv.cfg": "home = /usr/bin\n",
    "orders/.git/HEAD": "ref: x\n",
    "orders/api.pid": f"{NOBODY}\n",
    "orders.sqlite3": b"SQLite format 3\0" + b"\0" * 84,
    "uploads/a.mp3": "x",
    "app/inner-empty": FOLDER,
    "notes.txt": "x",
    ".env": Mode(0o600, "A=1"),
    "pipe": PIPE,
    "link.pid": Link("notes.txt"),
    "app.lock": FOLDER,
    "tomcat.8080.1": FOLDER,
    ".X11-unix": FOLDER,
    "no-number.pid": "x",
}


def cleaned(
    directory: Path,
    *,
    wanted: Wanted = AT_ONCE,
    between: Callable[[str], None] | None = None,
    host: Host | None = None,
) -> dict[str, str]:
    """Clean a directory; for each leftover, by its path within, why it stays, or "removed"."""
    host = host or Host([str(directory)], wanted=wanted)
    host.cleaner(between).clean(host.leftovers())
    return {os.path.relpath(left.path, directory): told(left) for left in host.leftovers()}


def told(leftover: Leftover) -> str:
    return "removed" if leftover.is_removed else leftover.kept


def test_what_is_dead_is_removed_and_nothing_else_is_touched(directory: Path) -> None:
    make(directory, {**DEAD, **KEPT})
    before = listing(directory)
    assert cleaned(directory) == dict.fromkeys(GONE, "removed")
    left = {path: seen for path, seen in before.items() if not any(f"{path}/".startswith(f"{gone}/") for gone in GONE)}
    after = listing(directory)
    del left["run"], after["run"]  # a folder changes when something in it goes
    assert after == left


def test_looking_removes_nothing(directory: Path) -> None:
    make(directory, {**DEAD, **KEPT})
    before = listing(directory)
    host = Host([str(directory)], wanted=AT_ONCE)
    host.cleaner().examine(host.leftovers())
    assert [told(left) for left in host.leftovers()] == [""] * 5
    assert listing(directory) == before


def test_what_was_changed_lately_stays(directory: Path) -> None:
    make(directory, DEAD)
    before = listing(directory)
    reasons = cleaned(directory, wanted=Wanted(3_600))
    assert reasons == dict.fromkeys(GONE, "it was changed within the last 1h")
    assert listing(directory) == before


def test_an_old_time_of_the_content_makes_nothing_old(directory: Path) -> None:
    """``touch -d`` and ``cp -p`` set it; when the status was changed, nobody can set."""
    make(directory, {"api.pid": f"{NOBODY}\n"})
    os.utime(directory / "api.pid", (1_000_000_000, 1_000_000_000))
    assert cleaned(directory, wanted=Wanted(3_600)) == {"api.pid": "it was changed within the last 1h"}


def test_a_single_young_file_keeps_a_whole_tree(directory: Path) -> None:
    make(directory, {"go-build123/b001/a.o": "x"})
    host = Host([str(directory)], wanted=AT_ONCE)
    left = host.leftovers()
    cleaner = host.cleaner()
    cleaner.older_than = 3_600
    cleaner.clean(left)
    assert [told(leftover) for leftover in left] == ["b001 in it was changed lately"]
    assert (directory / "go-build123" / "b001" / "a.o").exists()


def test_living_things_stay(directory: Path) -> None:
    make(directory, {"pytest-of-me/pytest-0/a": "x", "elsewhere": FOLDER, "here": FOLDER})
    program = (
        SERVER + "open(sys.argv[1] + '/api.pid', 'w').write(str(os.getpid()))\n"
        "named = socket.socket(socket.AF_UNIX)\nnamed.bind(sys.argv[1] + '/api.sock')\nnamed.listen()\n"
        "kept = open(sys.argv[1] + '/pytest-of-me/pytest-0/a')\n"
    )
    with running(program, directory, cwd=directory / "here"):
        before = listing(directory)
        reasons = cleaned(directory)
        assert reasons.pop("elsewhere") == "removed"
        assert reasons == dict.fromkeys(["here", "pytest-of-me"], "a process uses it, or was told its path")
        after = listing(directory)
        assert {path: before[path] for path in after} == after
        assert set(before) - set(after) == {"elsewhere"}
    assert set(cleaned(directory).values()) == {"removed"}
    assert listing(directory) == {}


def test_a_folder_that_a_process_was_told_of_stays(directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(directory, {"work": FOLDER, "scratch": FOLDER})
    monkeypatch.setenv("WORK", f"{directory}/scratch")
    with running("", directory / "work"):
        assert set(cleaned(directory).values()) == {"a process uses it, or was told its path"}


def test_a_file_that_is_locked_stays(directory: Path) -> None:
    """By a process of which nothing else may be seen: this one is no part of what it sees of itself."""
    make(directory, {"api.pid": f"{NOBODY}\n"})
    with open(directory / "api.pid") as held:
        fcntl.flock(held, fcntl.LOCK_SH)
        assert cleaned(directory) == {"api.pid": "a process has locked it"}
    assert cleaned(directory) == {"api.pid": "removed"}


@NEEDS_PROC
def test_a_socket_that_somebody_listens_on_unseen_stays(directory: Path) -> None:
    """A container's own network has sockets that no list here has; asking the socket itself is what tells."""
    host = Host([str(directory)], wanted=AT_ONCE)
    with closing(bound(directory / "api.sock")) as server:
        host.audit().alive.listeners.clear()
        host.audit().items[f"{directory}/api.sock"].is_listened_on = False
        server.listen()
        cleaner = host.cleaner()
        cleaner.alive.listeners.clear()
        cleaner.clean(host.leftovers())
        assert [told(left) for left in host.leftovers()] == ["nobody knows whether somebody listens on it"]
        with socket.socket(socket.AF_UNIX) as client:
            client.connect(str(directory / "api.sock"))


@pytest.mark.parametrize("has_proc", sorted({False, HAS_PROC}))
def test_whether_a_socket_is_dead_is_asked_of_the_socket(directory: Path, has_proc: bool) -> None:
    """Also where its path would be too long for a socket, and from a folder that is left as it was."""
    deep = directory / ("a" * 60) / ("b" * 60)
    deep.mkdir(parents=True)
    here = os.getcwd()
    folder = os.open(deep, READABLE_FOLDER)
    try:
        with chdir(deep), closing(bound(Path("api.sock"))) as server:
            assert is_refused(folder, "api.sock", has_proc=has_proc)
            server.listen()
            assert not is_refused(folder, "api.sock", has_proc=has_proc)
        assert is_refused(folder, "api.sock", has_proc=has_proc)
        assert not is_refused(folder, "absent.sock", has_proc=has_proc)
    finally:
        os.close(folder)
    assert os.getcwd() == here


@NEEDS_PROC
def test_a_socket_of_datagrams_stays(directory: Path) -> None:
    with closing(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)) as server:
        server.bind(str(directory / "log.sock"))
        host = Host([str(directory)], wanted=AT_ONCE)
        host.audit().items[f"{directory}/log.sock"].is_listened_on = False
        cleaner = host.cleaner()
        cleaner.alive.listeners.clear()
        cleaner.clean(host.leftovers())
        assert [told(left) for left in host.leftovers()] == ["nobody knows whether somebody listens on it"]
    assert cleaned(directory) == {"log.sock": "removed"}


@NEEDS_ROOT
def test_what_belongs_to_somebody_else_stays_also_for_root(directory: Path) -> None:
    make(directory, {**DEAD, "other/b.pid": f"{NOBODY}\n"})
    for path in ("api.pid", "api.sock", "empty"):
        os.chown(directory / path, ANOTHER_USER, ANOTHER_USER)
    os.chown(directory / "other", ANOTHER_USER, ANOTHER_USER)
    os.chown(directory / "pip-build-env-ab12cd34" / "overlay" / "lib" / "a.py", ANOTHER_USER, ANOTHER_USER)
    before = listing(directory / "other")
    assert cleaned(directory) == {
        "api.pid": "it belongs to another user",
        "api.sock": "it belongs to another user",
        "empty": "it belongs to another user",
        "other/b.pid": "the folder that it is in belongs to another user",
        "pip-build-env-ab12cd34": "overlay/lib/a.py in it belongs to another user",
        "run/worker.pid": "removed",
    }
    assert listing(directory / "other") == before


@NEEDS_ROOT
def test_another_user_removes_his_own_and_nobody_else_s(directory: Path) -> None:
    make(directory, {"root.pid": f"{NOBODY}\n", "mine.pid": f"{NOBODY}\n"})
    directory.chmod(0o1777)
    for path in ("root.pid", "mine.pid"):
        (directory / path).chmod(0o644)
    os.chown(directory / "mine.pid", ANOTHER_USER, ANOTHER_USER)
    cleaned(directory, wanted=Wanted())  # loads what the other user may not read
    said = as_another_user(lambda: repr(cleaned(directory)))
    assert said == repr({"mine.pid": "removed", "root.pid": "it belongs to another user"})
    assert [path.name for path in directory.iterdir()] == ["root.pid"]


@pytest.mark.parametrize("mode", [0o777, 0o775])
def test_in_a_folder_that_others_write_to_nothing_is_removed(directory: Path, mode: int) -> None:
    make(directory, {"open/api.pid": f"{NOBODY}\n"})
    (directory / "open").chmod(mode)
    if mode == 0o775:
        groups = [group for group in os.getgroups() if group != os.getegid()]
        other = ANOTHER_USER if os.geteuid() == 0 else groups[0] if groups else None
        if other is None:
            pytest.skip("this user has one group only")
        os.chown(directory / "open", -1, other)
        (directory / "open").chmod(mode)
    assert cleaned(directory) == {"open/api.pid": "other users may write to the folder that it is in"}
    (directory / "open").chmod(mode | 0o1000)
    assert cleaned(directory) == {"open/api.pid": "removed"}


def test_what_is_reached_through_a_link_stays(directory: Path) -> None:
    make(directory, {"real/api.pid": f"{NOBODY}\n", "real/empty": FOLDER, "link": Link("real")})
    before = listing(directory)
    found = cleaned(directory, host=Host([str(directory / "link")], wanted=AT_ONCE))
    why = f"it is reached through a symbolic link: {directory}/link"
    assert found == {"real/api.pid": why, "real/empty": why}
    assert cleaned(directory / "real", wanted=Wanted(3_600)).keys() == {"api.pid", "empty"}
    assert listing(directory) == before


def test_directories_that_only_the_repository_states_stay(directory: Path, tmp_path: Path) -> None:
    """Whoever can change a repository could choose what is removed from the hosts of those who check it."""
    make(directory, DEAD)
    before = listing(directory)
    config = Config()
    config.temporary = TemporaryStatement(directories=(str(directory),))
    host = Host((), config, wanted=AT_ONCE)
    ours = [left for left in host.leftovers() if left.path.startswith(f"{directory}/")]
    host.cleaner().examine(ours)
    assert {told(left) for left in ours} == {"it is a temporary directory only because the repository says so"}
    assert len(ours) == 5
    assert listing(directory) == before


def test_what_the_repository_permits_excludes_or_names_stays(directory: Path, tmp_path: Path) -> None:
    make(directory, {"models": FOLDER, "legacy": FOLDER, "uploads": FOLDER, "empty": FOLDER})
    root = repository(tmp_path / "repository", {".env.production": f"UPLOAD_DIR={directory}/uploads\n"})
    config = Config()
    config.temporary = TemporaryStatement(permitted=(f"{directory}/models",))
    project = Project(Repository(str(root)), config)
    excluded = Globs([f"{directory}/legacy/"])
    found = cleaned(directory, host=Host([str(directory)], config, project, AT_ONCE, excluded))
    assert found == {
        "empty": "removed",
        "legacy": "the repository permits it",
        "models": "the repository permits it",
        "uploads": ".env.production:1 names it",
    }


@pytest.mark.parametrize(
    ("pattern", "gone"),
    [
        ("{}/whisper-env", ["whisper-env"]),
        ("whisper-env/", ["whisper-env"]),
        ("{}/transcription*.pid", ["transcription-1.pid", "transcription.pid"]),
        ("transcription*.pid", ["old/transcription.pid", "transcription-1.pid", "transcription.pid"]),
        ("{}/old/*", ["old/transcription.pid"]),
        ("{}", []),
        ("{}/", []),
        ("/", []),
        ("**", []),
        ("/srv/*", []),
        ("{}/../*", []),
    ],
)
def test_what_is_named_may_go(directory: Path, pattern: str, gone: list[str]) -> None:
    layout = {
        "whisper-env/pyvenv.cfg": "x", "whisper-env/lib/a.py": "x", "whisper-env/out": Link("/etc"), "notes.txt": "x",
        "transcription.pid": "no number", "transcription-1.pid": "1\n", "old/transcription.pid": "x",
    }  # fmt: skip
    make(directory, layout)
    before = set(listing(directory))
    found = cleaned(directory, wanted=Wanted(0, (pattern.format(directory),)))
    assert [path for path, reason in found.items() if reason == "removed"] == gone
    after = set(listing(directory))
    assert {path for path in before - after if not any(path.startswith(f"{name}/") for name in gone)} == set(gone)
    assert os.path.isdir("/etc")


def test_what_is_named_and_a_setting_still_needs_stays(directory: Path, tmp_path: Path) -> None:
    """It was not moved yet: the next start of the service would miss it. A PID file the service makes anew."""
    make(directory, {"whisper-env/pyvenv.cfg": "x", "old-env/pyvenv.cfg": "x", "api.pid": "no number"})
    unit = f"[Service]\nExecStart={directory}/whisper-env/bin/python3 -m api\nPIDFile={directory}/api.pid\n"
    root = repository(tmp_path / "repository", {"deploy/api.service": unit})
    project = Project(Repository(str(root)), Config())
    wanted = Wanted(0, (f"{directory}/*-env", f"{directory}/api.pid"))
    assert cleaned(directory, host=Host([str(directory)], Config(), project, wanted)) == {
        "api.pid": "removed",
        "old-env": "removed",
        "whisper-env": "deploy/api.service:2 names it",
    }


def test_what_is_named_and_in_use_stays(directory: Path) -> None:
    environment = directory / "whisper-env"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", environment], check=True)
    before = listing(directory)
    with running(SERVER, interpreter=environment / "bin" / "python3"):
        found = cleaned(directory, wanted=Wanted(0, ("whisper-env",)))
    assert found == {"whisper-env": "a process uses it, or was told its path"}
    assert listing(directory) == before


def replaced_by(make_it: Callable[[Path], object]) -> Callable[[str], None]:
    """What happens between look and removal: the path goes, and something else takes its place."""

    def replace(path: str) -> None:
        os.rename(path, f"{path}.was")
        make_it(Path(path))

    return replace


INSTEAD = [
    pytest.param(lambda path: path.symlink_to(path.parent / "precious"), id="a link to a folder"),
    pytest.param(lambda path: path.symlink_to(path.parent / "precious" / "data"), id="a link to a file"),
    pytest.param(lambda path: path.symlink_to("nowhere"), id="a link to nothing"),
    pytest.param(lambda path: path.write_text(f"{NOBODY}\n"), id="a file that looks the same"),
    pytest.param(lambda path: os.link(path.parent / "precious" / "data", path), id="another name of a file"),
    pytest.param(lambda path: path.mkdir(), id="a folder"),
    pytest.param(lambda path: make(path.parent, {f"{path.name}/inner/a": "x"}), id="a folder that holds something"),
    pytest.param(lambda path: os.mkfifo(path), id="a pipe"),
    pytest.param(lambda path: bound(path).close(), id="a socket"),
]


@pytest.mark.parametrize("name", ["api.pid", "api.sock", "empty", "go-build123"])
@pytest.mark.parametrize("make_it", INSTEAD)
def test_what_takes_its_place_meanwhile_stays(directory: Path, name: str, make_it: Callable[[Path], object]) -> None:
    one: Layout = {"api.pid": f"{NOBODY}\n", "api.sock": SOCKET, "empty": FOLDER, "go-build123/a/b.o": "x"}
    make(directory, {path: content for path, content in one.items() if path.startswith(name)} | {"precious/data": "x"})
    during: dict[str, tuple[object, ...]] = {}

    def interfere(path: str) -> None:
        replaced_by(make_it)(path)
        during.update(listing(directory))

    host = Host([str(directory)], wanted=AT_ONCE)
    Cleaner(lambda: host.audit().alive, 0, interfere).clean(host.leftovers())
    assert [told(left) for left in host.leftovers()] == ["it is something else by now"]
    assert listing(directory) == during


def test_a_process_that_starts_meanwhile_keeps_its_pid_file(directory: Path) -> None:
    make(directory, {"api.pid": f"{NOBODY}\n"})

    def write_again(path: str) -> None:
        Path(path).write_text(f"{os.getpid()}\n")

    assert cleaned(directory, between=write_again) == {"api.pid": "it is something else by now"}
    assert (directory / "api.pid").read_text() == f"{os.getpid()}\n"


def test_a_number_that_is_given_again_meanwhile(directory: Path) -> None:
    make(directory, {"api.pid": f"{NOBODY}\n"})
    host = Host([str(directory)], wanted=AT_ONCE)
    cleaner = host.cleaner(lambda path: cleaner.alive.numbers.add(NOBODY))
    cleaner.clean(host.leftovers())
    assert [told(left) for left in host.leftovers()] == [f"there is a process {NOBODY} by now"]
    assert (directory / "api.pid").read_text() == f"{NOBODY}\n"


def test_a_folder_that_is_filled_meanwhile_stays(directory: Path) -> None:
    make(directory, {"empty": FOLDER, "go-build1/a": "x"})
    cleaned(directory, between=lambda path: (Path(path) / "new").write_text("x"))  # type: ignore[arg-type]
    assert (directory / "empty" / "new").read_text() == "x"
    assert sorted(path.name for path in (directory / "go-build1").iterdir()) == ["a", "new"]


def test_a_tree_in_which_something_is_new_stays(directory: Path) -> None:
    make(directory, {"go-build1/a/b": "x"})

    def write_into(path: str) -> None:
        (Path(path) / "a" / "b").write_text("y")
        cleaner.older_than = 3_600  # from here on everything is young

    host = Host([str(directory)], wanted=AT_ONCE)
    cleaner = host.cleaner(write_into)
    cleaner.clean(host.leftovers())
    assert [told(left) for left in host.leftovers()] == ["a in it was changed lately"]
    assert (directory / "go-build1" / "a" / "b").read_text() == "y"


def test_a_folder_on_the_way_that_becomes_a_link_leads_nowhere(directory: Path) -> None:
    make(directory, {"run/api.pid": f"{NOBODY}\n", "precious/api.pid": f"{NOBODY}\n"})
    before = listing(directory / "precious")

    def move_away(path: str) -> None:
        os.rename(directory / "run", directory / "moved")
        (directory / "run").symlink_to("precious")

    host = Host([str(directory)], wanted=AT_ONCE)
    [left] = [left for left in host.leftovers() if left.path == f"{directory}/run/api.pid"]
    host.cleaner(move_away).clean([left])
    assert told(left) == "removed"  # what was looked at, wherever it is by now
    assert list((directory / "moved").iterdir()) == []
    assert listing(directory / "precious") == before


def test_a_folder_that_became_a_link_before_is_not_entered(directory: Path) -> None:
    make(directory, {"run/api.pid": f"{NOBODY}\n", "precious/api.pid": f"{NOBODY}\n"})
    host = Host([str(directory)], wanted=AT_ONCE)
    [left] = [left for left in host.leftovers() if left.path == f"{directory}/run/api.pid"]
    os.rename(directory / "run", directory / "moved")
    (directory / "run").symlink_to("precious")
    host.cleaner().clean([left])
    assert told(left) in ("not a directory", "too many levels of symbolic links")
    assert (directory / "moved" / "api.pid").exists()
    assert (directory / "precious" / "api.pid").exists()


def test_what_is_opened_meanwhile_is_put_back(directory: Path) -> None:
    """The processes are asked once more when nobody can find it any longer; here somebody has it open then."""
    make(directory, {"go-build1/a": "x"})
    before = listing(directory)
    host = Host([str(directory)], wanted=AT_ONCE)
    cleaner = host.cleaner()
    asked = cleaner.look
    with running("import os, sys\nkept = os.open(sys.argv[1] + '/a', os.O_RDONLY)\n", directory / "go-build1"):
        cleaner.in_use = frozenset()
        cleaner.clean(host.leftovers())
        assert [told(left) for left in host.leftovers()] == ["a process uses it"]
        assert asked().by_number
    assert listing(directory) == before


def test_a_name_that_is_taken_meanwhile_is_left_to_who_took_it(directory: Path) -> None:
    make(directory, {"go-build1/a": "x"})
    host = Host([str(directory)], wanted=AT_ONCE)

    def look() -> Processes:
        alive = Processes()
        aside = next((path for path in directory.iterdir() if path.name.startswith(".shipworthy-")), None)
        if aside is not None:  # it was moved aside: take its name, and use it
            (directory / "go-build1").mkdir()
            process = alive.by_number[1] = Process(1, "x", "x", 0)
            process.uses = [Use(str(aside), OPEN_FILE)]
        return alive

    Cleaner(look, 0).clean(host.leftovers())
    [aside] = [path for path in directory.iterdir() if path.name.startswith(".shipworthy-")]
    assert [told(left) for left in host.leftovers()] == [
        f"it is called {aside.name} now, because something else took its name meanwhile"
    ]
    assert (aside / "a").read_text() == "x"
    assert list((directory / "go-build1").iterdir()) == []


def test_a_thread_that_never_stops_swapping(directory: Path) -> None:
    """Sometimes the PID file is there, sometimes a link to what must stay: only the first may ever be removed."""
    make(directory, {"precious/data": "x"})
    pid_file, other = directory / "api.pid", directory / "other"
    stop = threading.Event()

    def swap() -> None:
        while not stop.is_set():
            other.symlink_to("precious/data")
            for _ in range(2):
                with suppress(FileNotFoundError):
                    os.rename(pid_file, directory / "third")
                    os.rename(other, pid_file)
                    os.rename(directory / "third", other)
            for path in (other, directory / "third"):
                path.unlink(missing_ok=True)

    swapping = threading.Thread(target=swap)
    swapping.start()
    reasons = set()
    try:
        for _ in range(300):
            (directory / "new").write_text(f"{NOBODY}\n")
            status = os.lstat(directory / "new")
            os.rename(directory / "new", pid_file)
            leftover = Leftover(
                Entry(str(directory), "api.pid", status), TemporaryDirectory(str(directory), ""), *STALE
            )
            leftover.number = NOBODY
            Cleaner(Processes, 0).clean([leftover])
            reasons.add(told(leftover))
            assert (directory / "precious" / "data").read_text() == "x"
    finally:
        stop.set()
        swapping.join()
    assert "" not in reasons
    assert reasons - {"removed"}, "the thread was never in the way"


def test_names_that_are_not_text_and_deep_trees(directory: Path) -> None:
    deep = "/".join(["d"] * 50)
    make(directory, {f"go-build1/{deep}/a": "x", os.fsdecode(b"caf\xe9\n.pid"): f"{NOBODY}\n"})
    assert set(cleaned(directory).values()) == {"removed"}
    assert listing(directory) == {}


def test_a_tree_that_is_too_deep_stays(directory: Path) -> None:
    make(directory, {f"go-build1/{'/'.join(['d'] * 80)}/a": "x"})
    assert cleaned(directory) == {"go-build1": "it is more than 64 folders deep"}


@NEEDS_PROC
def test_what_is_mounted_in_a_tree_keeps_it(directory: Path) -> None:
    make(directory, {"go-build1/mounted/a": "x", "precious/data": "x"})
    words = command_line(directory, "--clean", "--yes")
    script = 'mount --bind "$1/precious" "$1/go-build1/mounted" && shift && exec "$@"'
    try:
        inner: list[str | Path] = ["sh", "-c", script, "sh", directory, *words]
        process = run(["unshare", "--mount", "--propagation", "private", *inner], directory)
    except FileNotFoundError:
        pytest.skip("unshare(1) is not installed")
    if "to remove: " not in process.stderr:
        pytest.skip("mounts cannot be made here")
    assert f"{directory}/go-build1: scratch space of Go (something is mounted in it)\n" in process.stderr
    assert (directory / "precious" / "data").read_text() == "x"
    assert (directory / "go-build1" / "mounted" / "a").read_text() == "x"


@NEEDS_PROC
def test_what_is_mounted_after_the_last_look_is_not_entered(directory: Path) -> None:
    """The look at the list of mounts is left out here: the descriptor of the folder tells as well."""
    make(directory, {"go-build1/mounted/a": "x", "precious/data": "x"})
    program = (
        "import os, subprocess, sys\n"
        "from shipworthy.host import Host, Wanted, cleaning\n"
        "root = sys.argv[1]\n"
        "host = Host([root], wanted=Wanted(0))\n"
        "mount = ['mount', '--bind', root + '/precious', root + '/go-build1/mounted']\n"
        "cleaner = host.cleaner(lambda path: subprocess.run(mount, check=True))\n"
        "seen = cleaning.mounts_of()\n"
        "cleaning.mounts_of = lambda: seen\n"
        "cleaner.clean(host.leftovers())\n"
        "print(host.leftovers()[0].kept)\n"
    )
    words: list[str | Path] = [
        "unshare",
        "--mount",
        "--propagation",
        "private",
        sys.executable,
        "-c",
        program,
        directory,
    ]
    try:
        process = run(words, directory, environment={"PYTHONPATH": os.pathsep.join(sys.path)})
    except FileNotFoundError:
        pytest.skip("unshare(1) is not installed")
    if process.returncode:
        pytest.skip("mounts cannot be made here")
    assert process.stdout == "something is mounted in it\n"
    assert (directory / "precious" / "data").read_text() == "x"


def command_line(directory: Path, *options: str) -> list[str | Path]:
    return [*command("tmp-audit"), "--directory", directory, "--older-than", "0s", *options]


def test_without_being_told_to_the_command_removes_nothing(directory: Path, tmp_path: Path) -> None:
    make(directory, DEAD)
    before = listing(directory)
    for options in ([], ["--dry-run"], ["--dry-run", "--clean", "--yes"], ["--yes"]):
        process = run(command_line(directory, *options), tmp_path)
        assert process.returncode == 0
        assert listing(directory) == before
    assert (
        f"    {directory}/api.pid: a stale PID file: there is no process {NOBODY}\n" in process.stderr
        or "--yes" in options
    )


def test_the_list_of_a_dry_run(directory: Path, tmp_path: Path) -> None:
    make(directory, {"api.pid": f"{NOBODY}\n", "empty": FOLDER})
    process = run(command_line(directory, "--dry-run"), tmp_path)
    assert process.stderr.splitlines()[:4] == [
        "would be removed: 2",
        f"    {directory}/api.pid: a stale PID file: there is no process {NOBODY}",
        f"    {directory}/empty: an empty folder",
        "would be left alone: nothing",
    ]
    assert "    fix: tmp-audit --clean\n" in process.stdout
    assert f"{directory}:1:1: tmp-audit: left over: an empty folder\n" in process.stdout


def test_nobody_can_be_asked_without_a_terminal(directory: Path, tmp_path: Path) -> None:
    make(directory, DEAD)
    before = listing(directory)
    process = run(command_line(directory, "--clean"), tmp_path)
    assert process.returncode == 2
    assert process.stdout == ""
    assert process.stderr.endswith(
        "shipworthy: --clean asks before it removes anything: it needs a terminal, or --yes\n"
    )
    assert listing(directory) == before


@pytest.mark.parametrize(
    ("answer", "expected"), [("y\n", True), ("yes\n", True), ("n\n", False), ("\n", False), ("", False)]
)
def test_somebody_at_a_terminal_is_asked(directory: Path, tmp_path: Path, answer: str, expected: bool) -> None:
    make(directory, {"api.pid": f"{NOBODY}\n"})
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [os.fspath(word) for word in command_line(directory, "--clean")],
        cwd=tmp_path,
        stdin=theirs,
        stdout=-1,
        stderr=-1,
        text=True,
    )
    os.close(theirs)
    os.write(ours, (answer or "\x04").encode())  # the end of the input
    output, errors = process.communicate()
    os.close(ours)
    assert "remove it? [y/N]" in errors
    assert (directory / "api.pid").exists() != expected
    assert ("removed: a stale PID file" in output) == expected


def test_what_was_removed_is_reported(directory: Path, tmp_path: Path) -> None:
    make(directory, DEAD)
    process = run(command_line(directory, "--clean", "--yes", "--fail-on", "medium"), tmp_path)
    assert process.returncode == 0
    assert process.stdout.splitlines() == [
        f"{directory}:1:1: tmp-audit: removed: an empty folder, scratch space of pip",
        f"{directory}/api.pid:1:1: tmp-audit: removed: a stale PID file: there is no process {NOBODY}",
        f"{directory}/api.sock:1:1: tmp-audit: removed: a socket that nobody listens on",
        f"{directory}/run/worker.pid:1:1: tmp-audit: removed: a stale PID file: there is no process {NOBODY}",
        "4 findings in 6 files: 4 info",
    ]
    assert list(listing(directory)) == ["run"]


@pytest.mark.parametrize("age", ["", "10", "d", "-1d", "1.5h", "10 d", "1y"])
def test_an_age_that_is_none(tmp_path: Path, age: str) -> None:
    process = run([*command("tmp-audit"), f"--older-than={age}"], tmp_path)
    assert process.returncode == 2
    assert process.stderr == (
        f"tmp-audit: argument --older-than: {age!r} is no age such as 30m, 12h or 10d; see tmp-audit --help\n"
    )


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(0, "0s"), (59, "59s"), (60, "1m"), (90, "90s"), (3_600, "1h"), (864_000, "10d"), (0.5, "0.5s")],
)
def test_how_an_age_is_shown(seconds: float, shown: str) -> None:
    assert shown_age(seconds) == shown
