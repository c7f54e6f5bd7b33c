"""Crontabs: of a user, of the system (``/etc/crontab``, ``/etc/cron.d``), and of supercronic.

Sources: crontab(5); https://github.com/aptible/supercronic#crontab-format
"""

from __future__ import annotations

import re

from shipworthy.formats.lexing import add_command, add_setting, lines, refuse_template, trimmed, value_span
from shipworthy.formats.source import Source
from shipworthy.formats.templates import MASK
from shipworthy.formats.tree import VARIABLE, Block
from shipworthy.patterns import lazy

_VARIABLE = lazy(r"""\s*+["']?(?P<name>[A-Za-z_]\w*+)["']?\s*+=""")
_NAMED = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|sun|mon|tue|wed|thu|fri|sat|[hlw]"
_FIELD = rf"(?:[\d*?{MASK}][\w*?,/\-~#{MASK}]*+|(?:{_NAMED})\b[\w,/\-~#()]*+)"
_MORE_FIELDS = r"(?:\s++[\d*?][\d*?,/\-]*+(?=\s)){0,2}"  # seconds in front and years behind, of supercronic
_SCHEDULE = lazy(
    rf"\s*+(?P<schedule>@every\s++\S++|@[a-z]++|{_FIELD}(?:\s++{_FIELD}){{4}}{_MORE_FIELDS}|{MASK}++)\s++",
    re.IGNORECASE,
)
_USER = lazy(rf"(?P<user>[a-z_{MASK}][\w.\-{MASK}]*+)\s++(?=\S)", re.IGNORECASE)
_USERS = frozenset(
    "root nobody daemon www www-data apache nginx postgres mysql mongodb redis app application deploy deployer ubuntu "
    "debian admin ec2-user centos vagrant git node rails backup operator".split()
)
"""Names of users that are no names of programs: they tell a crontab of the system from one of a user."""


def read(source: Source) -> Block:
    """A directive for every job, named by its schedule, which holds its command; and the variables.

    ``words`` of a job are its schedule and, in a crontab of the system, its user. Raises `Unreadable` for a template.
    """
    refuse_template(source)
    root = Block("document")
    has_users = any(_user(line) in _USERS for line in lines(source))
    for line in lines(source):
        variable = _VARIABLE.match(line.text)
        schedule = _SCHEDULE.match(line.text)
        if variable:
            span = value_span(line.text, variable.end(), len(line.text), "")
            add_setting(root, line, variable["name"], *span, VARIABLE, key=variable.start("name"))
        elif schedule:
            _add_job(root, line, schedule, _USER.match(line.text, schedule.end()) if has_users else None)
    return root


def _user(line: Source) -> str:
    """The word where a crontab of the system names the user, "" where there is none."""
    schedule = _SCHEDULE.match(line.text)
    user = _USER.match(line.text, schedule.end()) if schedule else None
    return user["user"] if user else ""


def _add_job(root: Block, line: Source, schedule: re.Match[str], user: re.Match[str] | None) -> None:
    command = trimmed(line.text, user.end() if user else schedule.end(), len(line.text))
    title = (schedule["schedule"], user["user"]) if user else (schedule["schedule"],)
    add_command(root, line, schedule.span("schedule"), command, title)
