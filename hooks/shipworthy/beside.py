"""Work in a process of its own, beside this one: Python itself computes on one processor at a time."""

from __future__ import annotations

import os
import pickle
import signal
import weakref
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import Generic, NoReturn, TypeVar

from shipworthy.memory import memory_in_use

Result = TypeVar("Result")
_BETWEEN_LOOKS = 1.0
"""Seconds."""


def _nothing() -> None:
    """What a copy has to do before its work."""


class Beside(Generic[Result]):
    """``work()``, begun in a copy of this process where the system makes copies; `result` waits for it.

    Only what the work returns comes back, pickled: what it changes in memory is lost. Where no process could be made,
    or it ended without an answer, `result` does the work here, so that it says here what is wrong.
    """

    def __init__(self, work: Callable[[], Result], begin: Callable[[], None] = _nothing) -> None:
        """``begin`` is called first in the copy."""
        self._work = work
        self._process = _Copy(work, begin) if hasattr(os, "fork") else None

    @property
    def pipe(self) -> int | None:
        """The file descriptor that can be read when the work is done; None where no copy does it."""
        return self._process.pipe if self._process is not None else None

    def result(self) -> Result:
        """What the work returns. Raises what it raises."""
        answer = self._process.answer() if self._process is not None else b""
        if not answer:
            return self._work()
        result: Result = pickle.loads(answer)
        return result


def results(
    works: Iterable[Callable[[], Result]], processes: int, begin: Callable[[], None] = _nothing
) -> Iterator[Result]:
    """What pieces of work return, in the order in which they end: each in a copy of its own, so many at once.

    ``begin`` is called first in each copy.
    """
    running: list[Beside[Result]] = []
    for work in works:
        if len(running) >= max(processes, 1):
            yield _first_ended(running).result()
        running.append(Beside(work, begin))
    while running:
        yield _first_ended(running).result()


def in_turn(
    groups: Sequence[Sequence[Callable[[], Result]]],
    processes: int,
    *,
    full: int,
    begin: Callable[[], None],
    step: Callable[[int], None] = lambda group: None,
) -> list[list[Result]]:
    """What groups of work return, each group in a copy of this process, whose memory is given back when it ends.

    What a copy leaves undone because it has more than ``full`` bytes of memory is done by another one. ``begin`` is
    called first in each copy; ``step`` is told which group is begun.
    """
    original = os.getpid()
    found: list[list[Result]] = [[] for _ in groups]
    while left := [number for number, works in enumerate(groups) if len(found[number]) < len(works)]:

        def begun(left: list[int] = left) -> Iterator[Callable[[], tuple[int, list[Result]]]]:
            for number in left:
                step(number)
                yield partial(_until_full, original, full, number, groups[number][len(found[number]) :])

        for number, more in results(begun(), processes, begin):
            found[number] += more
    return found


def _until_full(
    original: int, full: int, number: int, works: Sequence[Callable[[], Result]]
) -> tuple[int, list[Result]]:
    """What the first pieces of work return: one, and as many as there is memory for. The original does all."""
    is_copy = os.getpid() != original
    done: list[Result] = []
    for work in works:
        if done and is_copy and memory_in_use() > full:
            break
        done.append(work())
    return number, done


def _first_ended(running: list[Beside[Result]]) -> Beside[Result]:
    """Take the work out that is done first; the first one, where the system makes no copies."""
    from select import select

    pipes = {work.pipe: work for work in running if work.pipe is not None}
    ended = pipes[select(pipes, (), ())[0][0]] if pipes else running[0]
    running.remove(ended)
    return ended


class _Copy:
    """A copy of this process that does some work, writes the pickled result into a pipe and ends."""

    def __init__(self, work: Callable[[], object], begin: Callable[[], None]) -> None:
        self.pipe, writable = os.pipe()
        original = os.getpid()
        try:
            self._id = os.fork()
        except OSError:  # as many processes as the system allows
            self._id = 0
            os.close(writable)
            return
        if self._id == 0:
            os.close(self.pipe)
            _end_with(original)
            _work_and_end(work, begin, writable)
        os.close(writable)
        self._stop = weakref.finalize(self, _stop, self._id)

    def answer(self) -> bytes:
        """What the process wrote, when it has ended; nothing where it failed."""
        with os.fdopen(self.pipe, "rb") as pipe:
            answer = pipe.read()
        if not self._id:
            return b""
        self._stop.detach()
        _, status = os.waitpid(self._id, 0)
        return answer if status == 0 else b""


def _end_with(original: int) -> None:
    """Have this copy look every now and then whether its original is still there, which may have been killed."""

    def look(_signal: int, _frame: object) -> None:
        if os.getppid() != original:
            os._exit(1)

    signal.signal(signal.SIGALRM, look)
    signal.setitimer(signal.ITIMER_REAL, _BETWEEN_LOOKS, _BETWEEN_LOOKS)


def _work_and_end(work: Callable[[], object], begin: Callable[[], None], descriptor: int) -> NoReturn:
    """Do the work of a copy. Nothing else of this process, which its original does too, is done a second time."""
    code = 1
    try:
        begin()
        with os.fdopen(descriptor, "wb") as pipe:
            pickle.dump(work(), pipe, pickle.HIGHEST_PROTOCOL)
        code = 0
    finally:
        os._exit(code)


def _stop(process: int) -> None:
    os.kill(process, signal.SIGKILL)
    os.waitpid(process, 0)
