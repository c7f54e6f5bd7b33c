"""No configuration puts what must last into a temporary directory.

A temporary directory is emptied at every reboot, by ``systemd-tmpfiles`` while the system runs, and with every new
container; often it lies in memory. A virtual environment, a database, an upload folder, a log or a socket there is
lost without a trace, and any user of the host can put something else in its place.

The rule reads settings, not lines: it knows what a setting is for by its name, by the blocks around it and by the file
it names, and it knows which half of a mount is the host's. Temporary files, caches, build scratch, downloads, mounts
onto a container's ``/tmp``, clean-up commands and comments are left alone.

Wrong::

    # .env.production
    WHISPER_PYTHON_PATH=/tmp/whisper-env/bin/python3

    # compose.production.yaml
    services:
      db:
        image: postgres:16
        volumes:
          - /tmp/pgdata:/var/lib/postgresql/data

Right::

    # .env.production
    WHISPER_PYTHON_PATH=/opt/whisper-env/bin/python3

    # compose.production.yaml
    services:
      db:
        image: postgres:16
        volumes:
          - pgdata:/var/lib/postgresql/data
    volumes:
      pgdata:

What may live in a temporary directory of yours after all, ``temporary`` in `.shipworthy.yaml` states: paths in
``permitted``, and whole kinds of things in ``roles``, such as ``log``.

When not to use it: where only a temporary directory can be written (functions as a service). The rule is silent there
when the file shows it.

Source: file-hierarchy(7), systemd-tmpfiles(8), Filesystem Hierarchy Standard 3.0, section 3.18.
"""

from __future__ import annotations

from shipworthy.homes import CONFIGURATION, TEMPORARY_DIRECTORIES
from shipworthy.hook import executable
from shipworthy.rule import BLOCKING, FILE, Rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from shipworthy.file import File
    from shipworthy.rule import Finding

RULE = Rule(
    "no-tmp-paths",
    "Nothing that must last lives in a temporary directory",
    severity=BLOCKING,
    scope=FILE,
    files=CONFIGURATION,
    triggers=TEMPORARY_DIRECTORIES,
    since="0.1.0",
)


def check(file: File) -> Iterator[Finding]:
    """A finding for every setting with a durable role, PID files apart, in a temporary directory."""
    from shipworthy.homes.findings import findings
    from shipworthy.homes.roles import DURABLE, PID

    return findings(RULE, file, [role for role in DURABLE if role != PID])


main = executable(RULE, check)
