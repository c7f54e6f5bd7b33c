"""Nothing that production runs on is in a temporary directory of this host.

What was put into ``/tmp`` to try it out becomes production when nobody moves it: the virtual environment that the
service runs in, the checkout that it was started from, the SQLite file with the data, the PID file. The next reboot
empties the directory, ``systemd-tmpfiles`` removes what nobody touched for some days, and any user of the host can put
something else in its place. No repository shows it, so this rule looks at the host itself, when somebody asks for it:
it is a hook of the stage ``manual``, and ``shipworthy check`` never runs it.

Wrong::

    $ find /tmp -maxdepth 1
    /tmp/whisper-env            # transcription.service runs /tmp/whisper-env/bin/python3
    /tmp/transcription.pid

Right::

    $ find /opt /run/transcription -maxdepth 1
    /opt/whisper-env
    /run/transcription/transcription.pid

It looks into ``TMPDIR``, ``/tmp``, ``/var/tmp``, ``/dev/shm`` and what the repository's configuration calls temporary,
or into the directories that ``--directory`` names, for virtual environments, repositories and source trees, units and
configuration, databases and sockets, PID files, logs that grow, env files and keys. It looks at all processes for what
they run and have open there. ``blocking`` is what a service runs on now, ``high`` what a service needs otherwise, what
a committed setting names, a database that is open and a secret that every user can read, ``medium`` what only lies
there. Of env files and keys it tells names and modes, and opens none; of command lines and environments it tells paths
in temporary directories, and nothing else. Without privileges it reports what it may see, and says what it may not.

``--clean`` lists what is certainly dead (a PID file whose process is gone, a socket that nobody listens on, an empty
folder, the scratch space of programs that make it anew, and what ``--remove`` names), asks, and removes it. It leaves
alone what is in use, what belongs to somebody else, what is reached through a symbolic link, what a committed setting
still names, and what was changed within ten days, or within ``--older-than``. Without it nothing is ever removed;
``--dry-run`` prints the list.

When not to use it: on a machine that nobody depends on. It needs Linux or macOS.

Source: file-hierarchy(7), systemd-tmpfiles(8), Filesystem Hierarchy Standard 3.0, section 3.18.
"""

from __future__ import annotations

from shipworthy.hook import executable
from shipworthy.rule import BLOCKING, HOST, Rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from shipworthy.host import Host
    from shipworthy.rule import Finding

RULE = Rule(
    "tmp-audit",
    "Nothing that production runs on is in this host's /tmp",
    severity=BLOCKING,
    scope=HOST,
    manual=True,
    since="0.1.0",
)


def check(host: Host) -> Iterator[Finding]:
    """A finding for each thing in a temporary directory that production runs on, or may."""
    from shipworthy.host.wording import finding, summaries

    items = host.audit().items
    leftovers = {leftover.path: leftover for leftover in host.leftovers()}
    for path, item in items.items():
        yield finding(RULE.id, item, leftovers.get(path))
    yield from summaries(RULE.id, [leftover for path, leftover in leftovers.items() if path not in items])


main = executable(RULE, check)
