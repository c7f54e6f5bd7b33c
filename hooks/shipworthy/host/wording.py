"""What a finding about the host says, and the change that mends it."""

from __future__ import annotations

import posixpath
import stat
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import islice
from shlex import quote

from shipworthy.homes.permanent import REASONS
from shipworthy.homes.roles import CODE, DATA, LOG, PID, SOCKET, VENV
from shipworthy.host import opened
from shipworthy.host.audit import user_name
from shipworthy.host.items import GONE, TAKEN, Item, User
from shipworthy.host.kinds import ENV_FILE, KEY, LOG_FILE, PID_FILE, SERVICE_SOCKET, UNIT
from shipworthy.host.leftovers import Leftover
from shipworthy.host.mentions import SHOWN
from shipworthy.host.processes import Process
from shipworthy.host.units import Membership
from shipworthy.rule import BLOCKING, HIGH, INFO, MEDIUM, Finding

CLEAN = "tmp-audit --clean"
SHOWN_USERS = 3
MOST_USES = 20
_PASSING_ROLES = (PID, SOCKET, LOG)
"""What is made again, or is only missed later, when a clean-up deletes it under a running service."""
_HELD = frozenset({opened.OPEN_FILE, opened.WRITTEN_FILE, opened.MOUNT})


def severity(item: Item) -> str:
    """How bad it is: what production runs on now, what it is about to run on, what only lies there."""
    if item.services:
        return HIGH if item.kind.role in _PASSING_ROLES else BLOCKING
    is_held_data = item.kind.role == DATA and any(use.how in _HELD for user in item.users for use in user.uses)
    return HIGH if item.settings or item.is_open or is_held_data else MEDIUM


def message(item: Item) -> str:
    """What it is, who uses it, which committed file names it, since when, and what will happen to it."""
    parts = [_what(item), _users(item), _named(item), _since(item), _fate(item)]
    return "; ".join(part for part in parts if part)


def _what(item: Item) -> str:
    if item.kind == PID_FILE and item.process_state:
        return _pid_file(item)
    if item.kind == SERVICE_SOCKET:
        if not item.is_listened_on:
            return "a socket that nobody is seen to listen on"
        if item.users:
            return "a socket in use"
        return f"a socket that somebody {'listens on' if item.is_surely_listened_on else 'may listen on, unseen'}"
    words = f"{item.kind.words} that is deleted already" if item.is_gone else item.kind.words
    if item.open_files:
        shown = ", ".join(sorted(item.open_files)[:SHOWN])
        return f"{words} with env files or keys that every user of this host can read ({shown})"
    if item.kind in (ENV_FILE, KEY) and item.entry is not None:
        mode = f"mode {stat.S_IMODE(item.entry.status.st_mode):04o}"
        return f"{words}, {mode}" + (", which every user of this host can read" if item.is_open else "")
    return words


def _pid_file(item: Item) -> str:
    if item.process_state == GONE:
        return f"a stale PID file: there is no process {item.number}"
    if item.process_state == TAKEN:
        return f"a stale PID file: the process {item.number} is another one, which started later"
    holders = [user.process for user in item.users if any(use.how == opened.NAMED for use in user.uses)]
    running = described(holders[0]) if holders else f"process {item.number}, of which no more may be seen"
    return f"the PID file of {running}"


def _users(item: Item) -> str:
    """Those that serve somebody first."""
    if item.kind == PID_FILE:
        return ""
    if not item.users:
        is_asked = item.kind not in (SERVICE_SOCKET, UNIT, ENV_FILE, KEY)
        return "no process is seen to use it" if is_asked else ""
    groups: dict[tuple[str, str, Membership], list[User]] = {}
    for user in sorted(item.users, key=lambda user: (not user.process.is_service, user.process.number)):
        process = user.process
        groups.setdefault((process.name, process.user, process.membership), []).append(user)
    shown = [_group(users) for users in list(groups.values())[:SHOWN_USERS]]
    more = len(groups) - len(shown)
    return "used by " + ", ".join(shown) + (f" and {more} more" if more else "")


def _group(users: list[User]) -> str:
    """Processes of one program, which use the same thing: a server and its workers."""
    hows = dict.fromkeys(use.how + " (deleted meanwhile)" * use.is_deleted for user in users for use in user.uses)
    return f"{described(*(user.process for user in users))} as {', '.join(hows)}"


def described(*processes: Process) -> str:
    """Processes of one program: its name, their numbers, the user, the unit or container, and since when it runs."""
    first = processes[0]
    numbers = [str(process.number) for process in processes]
    shown = ", ".join(numbers[:SHOWN_USERS]) + (" and more" if len(numbers) > SHOWN_USERS else "")
    belongs = first.membership.container and f"container {first.membership.container}"
    since = moment(min(process.started for process in processes))
    facts = [f"PID {shown}", f"user {first.user}", belongs or first.membership.unit, f"since {since}"]
    return f"{first.name} ({', '.join(fact for fact in facts if fact)})"


def _named(item: Item) -> str:
    places = [mention.place for mention in item.settings or item.mentions]
    more = len(places) - SHOWN
    if not places:
        return ""
    return "named by " + ", ".join(places[:SHOWN]) + (f" and {more} more" if more > 0 else "")


def _since(item: Item) -> str:
    return f"last changed {moment(item.entry.status.st_mtime)}" if item.entry is not None else ""


def _fate(item: Item) -> str:
    said = [text for text in (item.fate.reboot, item.fate.clean_up) if text]
    return "; ".join(said) or REASONS[item.kind.role]


def moment(seconds: float) -> str:
    """A time as reports name it, the same on every host."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M UTC")


def fix(item: Item) -> str:
    """The change: where it belongs, and what must name it there."""
    is_stale = item.process_state in (GONE, TAKEN) or (item.kind == SERVICE_SOCKET and not item.is_listened_on)
    if is_stale:
        return f"rm {quote(item.path)}" + (", if nothing can connect to it" if item.kind == SERVICE_SOCKET else "")
    is_needed = item.users or item.settings or item.is_listened_on or item.kind in (ENV_FILE, KEY)
    return ", ".join([_move(item), *_followed_by(item)]) + ("" if is_needed else "; or delete it if nobody needs it")


def _move(item: Item) -> str:
    old, new = quote(item.path), quote(item.home)
    unit = next((user.process.membership.unit for user in item.services), "")
    if item.kind.role == VENV:
        return f"python3 -m venv {new} and install into it again (a virtual environment cannot be moved)"
    if item.kind == PID_FILE:
        directory = item.home.split("/")[2]
        return f"PIDFile={item.home} with RuntimeDirectory={directory}" if unit else f"have it written to {item.home}"
    if item.kind == SERVICE_SOCKET:
        return f"listen at {item.home}"
    if item.kind == LOG_FILE:
        return f"log to {item.home}"
    moved = f"mkdir -p {quote(posixpath.dirname(item.home))} && mv {old} {new}"
    if item.kind == UNIT:
        return f"mv {old} {new}"
    if item.kind in (ENV_FILE, KEY):
        return f"{moved} && chmod 600 {new}"
    if item.kind.role == CODE:
        return f"commit and push what is not yet, and deploy it to {item.home}"
    return f"stop {_names(item)}, {moved}" if item.users else moved


def _followed_by(item: Item) -> Iterator[str]:
    """What must be told the new place."""
    places = [mention.place for mention in item.settings]
    if places:
        yield "name that in " + " and ".join(places[:SHOWN])
    if item.users:
        yield f"start {_names(item)} {'from there' if item.is_run else 'again'}"


def _names(item: Item) -> str:
    """What uses it, as somebody who stops and starts it calls it."""
    names = {_called(user.process): None for user in item.services or item.users}
    return " and ".join(list(names)[:SHOWN])


def _called(process: Process) -> str:
    if process.membership.container:
        return f"the container {process.membership.container}"
    return process.membership.unit if process.membership.is_service else process.name


def details(item: Item) -> dict[str, object]:
    """What programs may want to know."""
    status = item.entry.status if item.entry is not None else None
    return {
        "kind": item.kind.name,
        "role": item.kind.role,
        "directory": item.directory.path,
        "owner": user_name(status.st_uid) if status is not None else None,
        "mode": f"{stat.S_IMODE(status.st_mode):04o}" if status is not None else None,
        "size": status.st_size if status is not None and stat.S_ISREG(status.st_mode) else None,
        "changed": moment(status.st_mtime) if status is not None else None,
        "used_by": [_user_details(user) for user in item.users],
        "named_by": [{"path": mention.path, "line": mention.line, "role": mention.role} for mention in item.mentions],
        "at_reboot": item.fate.reboot or None,
        "at_clean_up": item.fate.clean_up or None,
        "permanent_place": item.home,
    }


def _user_details(user: User) -> dict[str, object]:
    process = user.process
    return {
        "pid": process.number,
        "name": process.name,
        "user": process.user,
        "unit": process.membership.unit or None,
        "container": process.membership.container or None,
        "is_service": process.is_service,
        "since": moment(process.started),
        "uses": [
            {"how": use.how, "path": use.path, "is_deleted": use.is_deleted}
            for use in islice(user.uses, MOST_USES)  # a server may have thousands of files open
        ],
    }


def finding(rule: str, item: Item, leftover: Leftover | None) -> Finding:
    """The finding about an item, which a clean-up may have removed."""
    more: dict[str, object] = {**details(item), "clean_up": _clean_up(leftover) if leftover is not None else None}
    if leftover is not None and leftover.is_removed:
        return Finding(rule, INFO, item.path, 1, 1, f"removed: {leftover.words}", None, more)
    mended = CLEAN if leftover is not None and not leftover.kept else fix(item)
    return Finding(rule, severity(item), item.path, 1, 1, message(item), mended, more)


def summaries(rule: str, leftovers: Iterable[Leftover]) -> Iterator[Finding]:
    """For each directory a finding about what is left over in it and is nothing that production could need."""
    by_directory: dict[str, list[Leftover]] = {}
    for leftover in leftovers:
        if leftover.is_removed or not leftover.kept:
            by_directory.setdefault(leftover.directory.path, []).append(leftover)
    for directory, found in by_directory.items():
        remaining = [leftover for leftover in found if not leftover.is_removed]
        removed = [leftover for leftover in found if leftover.is_removed]
        parts = [f"left over: {_counted(remaining)}"] if remaining else []
        parts += [f"removed: {_counted(removed)}"] if removed else []
        more: dict[str, object] = {
            "leftovers": [
                {"path": leftover.path, "what": leftover.words, "clean_up": _clean_up(leftover)} for leftover in found
            ]
        }
        fix = f"{CLEAN}; what it removes is listed by tmp-audit --dry-run" if remaining else None
        yield Finding(rule, INFO, directory, 1, 1, "; ".join(parts), fix, more)


def _counted(leftovers: Iterable[Leftover]) -> str:
    counts = Counter(leftover.words for leftover in leftovers)
    return ", ".join(f"{words} ({count} times)" if count > 1 else words for words, count in counts.most_common())


def _clean_up(leftover: Leftover) -> str:
    """What a clean-up does with it, or has done."""
    return "removed" if leftover.is_removed else leftover.kept or "would be removed"
