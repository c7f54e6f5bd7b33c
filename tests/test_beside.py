"""Work in a process beside this one: its result comes back, and nothing is lost when the process is."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from shipworthy.beside import Beside, in_turn, results

HERE = os.getpid()
COPIES = hasattr(os, "fork")
NEEDS_COPIES = pytest.mark.skipif(not COPIES, reason="the system makes no copies of a process")


def fail_in_a_copy() -> str:
    if os.getpid() != HERE:
        raise ValueError("in the copy alone")
    return "done here"


def die_in_a_copy() -> str:
    if os.getpid() != HERE:
        os.kill(os.getpid(), signal.SIGKILL)
    return "done here"


def give_what_cannot_be_pickled() -> object:
    return lambda: None


def test_the_result_comes_back() -> None:
    beside = Beside(lambda: {"found": ["a", "b" * 1_000_000]})
    assert beside.result() == {"found": ["a", "b" * 1_000_000]}


@NEEDS_COPIES
def test_the_work_is_done_in_another_process() -> None:
    works = [Beside(os.getpid) for _ in range(3)]
    assert len({HERE, *(work.result() for work in works)}) == 4


@pytest.mark.parametrize("processes", [1, 2, 9])
def test_results_come_as_they_are_ready_each_from_a_process_of_its_own(tmp_path: Path, processes: int) -> None:
    def work(number: int) -> tuple[int, int]:
        (tmp_path / f"{number} {os.getpid()}").touch()
        while processes > 1 and number == 0 and len([*tmp_path.iterdir()]) < 5:  # until all others have begun
            os.sched_yield() if hasattr(os, "sched_yield") else None
        return number, os.getpid()

    found = list(results([partial(work, number) for number in range(5)], processes))
    assert sorted(number for number, _ in found) == [0, 1, 2, 3, 4]
    if COPIES:
        assert len({HERE, *(process for _, process in found)}) == 6
    if processes == 1:
        assert [number for number, _ in found] == [0, 1, 2, 3, 4]
    elif processes == 2 and COPIES:
        assert found[0][0] == 1


@pytest.mark.parametrize("work", [fail_in_a_copy, die_in_a_copy])
def test_what_a_process_leaves_undone_is_done_here(work: object) -> None:
    assert Beside(work).result() == "done here"  # type: ignore[arg-type]


def test_a_result_that_cannot_be_sent_is_made_here() -> None:
    assert callable(Beside(give_what_cannot_be_pickled).result())


def test_a_fault_is_raised_here() -> None:
    def work() -> None:
        raise KeyError("wrong")

    with pytest.raises(KeyError, match="wrong"):
        Beside(work).result()


@NEEDS_COPIES
def test_where_no_process_can_be_started_the_work_is_done_here(monkeypatch: pytest.MonkeyPatch) -> None:
    def fork() -> int:
        raise BlockingIOError("as many processes as this user may have")

    monkeypatch.setattr(os, "fork", fork)
    assert Beside(os.getpid).result() == HERE


@NEEDS_COPIES
def test_a_process_that_nobody_waits_for_ends(tmp_path: Path) -> None:
    started, ready = os.pipe()

    def work() -> None:
        os.write(ready, str(os.getpid()).encode())
        signal.pause()

    beside = Beside(work)
    process = int(os.read(started, 20))
    del beside
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)


@NEEDS_COPIES
def test_a_copy_ends_when_its_original_was_killed(tmp_path: Path) -> None:
    program = """
import signal
from shipworthy.beside import Beside

def work():
    print("begun", flush=True)
    while True:
        pass

beside = Beside(work)
signal.pause()
"""
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) as original:
        assert original.stdout is not None
        original.stdout.readline()
        original.kill()
        original.communicate(timeout=30)  # it takes as long as the copy, which holds the same output, is there


@NEEDS_COPIES
def test_a_copy_prints_nothing_that_the_original_has_in_hand(capfd: pytest.CaptureFixture[str]) -> None:
    print("said once", end="")
    Beside(fail_in_a_copy).result()
    assert capfd.readouterr() == ("said once", "")


def tell(number: int) -> tuple[int, int]:
    return number, os.getpid()


@pytest.mark.parametrize("processes", [1, 2, 9])
@pytest.mark.parametrize(
    ("full", "each"), [pytest.param(10**12, 1, id="a copy for a group"), pytest.param(0, 3, id="a copy for each")]
)
def test_groups_are_done_in_copies_as_long_as_there_is_memory(processes: int, full: int, each: int) -> None:
    begun: list[int] = []
    groups = [[partial(tell, 10 * group + number) for number in range(3)] for group in range(4)]
    found = in_turn(groups, processes, full=full, begin=lambda: begun.append(1), step=begun.append)
    assert [[number for number, _ in group] for group in found] == [[10 * n, 10 * n + 1, 10 * n + 2] for n in range(4)]
    assert begun == [0, 1, 2, 3] * (each if COPIES else 1)
    if COPIES:
        assert [len({process for _, process in group} - {HERE}) for group in found] == [each] * 4


@NEEDS_COPIES
def test_a_group_that_no_copy_does_is_done_here() -> None:
    works = [[fail_in_a_copy, fail_in_a_copy], [die_in_a_copy, lambda: "a copy can do this"]]
    assert in_turn(works, 2, full=0, begin=lambda: None) == [["done here"] * 2, ["done here", "a copy can do this"]]
