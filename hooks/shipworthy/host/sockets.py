"""Which sockets are bound to a path, and which file of the file system each of them is.

A path is not enough: supervisor binds ``supervisor.sock.123`` and renames it, others bind a path relative to a folder
that they leave. The kernel tells the number of the file as well, to everybody, without the socket being asked.

Sources: sock_diag(7), unix(7), linux/unix_diag.h
"""

from __future__ import annotations

import os
import socket
import struct
from collections.abc import Iterable, Iterator
from typing import NamedTuple

_SOCK_DIAG = 4
_BY_FAMILY = 20
_DUMP = 0x301
_ALL_STATES = 0xFFFFFFFF
_NAMES_AND_FILES = 0x3
_ERROR, _DONE = 2, 3
_NAME, _FILE = 0, 1
_LISTENING = 10
_ACCEPTS = 0x10000
"""The state, in one list, and the flag, in the other, of a socket that accepts connections."""
_ALIGNMENT = 3
_PATIENCE = 2.0
FILE_NUMBER = 0xFFFFFFFF
"""As many bits of a file's number as the kernel tells."""


class BoundSocket(NamedTuple):
    """A socket that is bound to a path, as the process wrote it.

    ``number`` tells which process has it, ``file`` is the number of its file, None where the kernel did not tell.
    """

    path: str
    number: str
    is_listening: bool
    file: int | None = None


def bound_sockets() -> list[BoundSocket]:
    """The sockets of this network namespace. Raises `OSError` where the kernel tells nothing of them."""
    try:
        return list(told(_answers()))
    except (AttributeError, OSError, struct.error):  # another system, or a kernel that has no such list
        with open("/proc/net/unix", "rb") as file:
            return list(listed(os.fsdecode(file.read())))


def _answers() -> Iterator[bytes]:
    """What the kernel sends when it is asked for all sockets."""
    body = struct.pack("=BBHIIIII", socket.AF_UNIX, 0, 0, _ALL_STATES, 0, _NAMES_AND_FILES, _ALL_STATES, _ALL_STATES)
    request = struct.pack("=IHHII", 16 + len(body), _BY_FAMILY, _DUMP, 1, 0) + body
    with socket.socket(socket.AF_NETLINK, socket.SOCK_DGRAM, _SOCK_DIAG) as asking:
        asking.settimeout(_PATIENCE)
        asking.sendto(request, (0, 0))
        while True:
            answer = asking.recv(1 << 18)
            yield answer
            if _is_last(answer):
                return


def _is_last(answer: bytes) -> bool:
    return any(kind in (_ERROR, _DONE) for kind, _ in _messages(answer))


def _messages(answer: bytes) -> Iterator[tuple[int, bytes]]:
    """The messages of an answer: the type and the content of each."""
    while len(answer) >= 16:
        length, kind = struct.unpack_from("=IH", answer)
        if length < 16:
            raise struct.error("a message without a length")
        yield kind, answer[16:length]
        answer = answer[(length + _ALIGNMENT) & ~_ALIGNMENT :]


def told(answers: Iterable[bytes]) -> Iterator[BoundSocket]:
    """The sockets that the kernel's answers name. Raises `OSError` where it refuses, `struct.error` for nonsense."""
    for answer in answers:
        for kind, content in _messages(answer):
            if kind == _ERROR and struct.unpack_from("=i", content)[0]:
                raise OSError(-struct.unpack_from("=i", content)[0], "the kernel does not tell")
            if kind == _BY_FAMILY:
                _, _, state, _, number = struct.unpack_from("=BBBBI", content)
                attributes = dict(_attributes(content[16:]))
                path = attributes.get(_NAME, b"").rstrip(b"\0")
                if _FILE in attributes and path:
                    file = struct.unpack_from("=I", attributes[_FILE])[0]
                    yield BoundSocket(os.fsdecode(path), str(number), state == _LISTENING, file)


def _attributes(content: bytes) -> Iterator[tuple[int, bytes]]:
    while len(content) >= 4:
        length, kind = struct.unpack_from("=HH", content)
        if length < 4:
            raise struct.error("an attribute without a length")
        yield kind, content[4:length]
        content = content[(length + _ALIGNMENT) & ~_ALIGNMENT :]


def listed(text: str) -> Iterator[BoundSocket]:
    """The sockets that ``/proc/net/unix`` lists: ``NUM: REFERENCES PROTOCOL FLAGS TYPE STATE INODE PATH``."""
    for line in text.splitlines()[1:]:
        fields = line.split(None, 7)
        if len(fields) == 8 and not fields[7].startswith("@"):
            yield BoundSocket(fields[7], fields[6], _has_flag(fields[3]))


def _has_flag(flags: str) -> bool:
    try:
        return bool(int(flags, 16) & _ACCEPTS)
    except ValueError:
        return False
