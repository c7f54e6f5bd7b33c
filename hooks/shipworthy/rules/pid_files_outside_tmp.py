"""PID files live in the service's runtime directory.

A PID file in a temporary directory is deleted by the next clean-up while its service runs, so that stopping,
reloading and monitoring miss the process; and any user of the host can plant one that makes root signal another
process.

Wrong::

    # deploy/api.service
    PIDFile=/tmp/api.pid

Right::

    # deploy/api.service
    RuntimeDirectory=api
    PIDFile=/run/api/api.pid

When not to use it: never on a host. In a container a service in the foreground needs no PID file at all.

Source: systemd.service(5), PIDFile=; systemd.exec(5), RuntimeDirectory=.
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
    "pid-files-outside-tmp",
    "PID files live in the service's runtime directory",
    severity=BLOCKING,
    scope=FILE,
    files=CONFIGURATION,
    triggers=TEMPORARY_DIRECTORIES,
    since="0.1.0",
    fixes=True,
)


def check(file: File) -> Iterator[Finding]:
    """A finding for every PID file in a temporary directory."""
    from shipworthy.homes.findings import findings
    from shipworthy.homes.roles import PID

    return findings(RULE, file, [PID])


main = executable(RULE, check)
