"""Which unit or container a process belongs to, told by its control group.

Sources: cgroups(7), systemd.unit(5), org.freedesktop.systemd1(5) (escaping of unit names).
"""

from __future__ import annotations

from typing import NamedTuple

from shipworthy.patterns import lazy

SHOWN_DIGITS = 12
"""As many of a container's digits as its engine shows."""
_CONTAINER = lazy(
    r"(?:docker|libpod|crio|cri-containerd|containerd|nerdctl|podman)[-:]([0-9a-f]{12,64})|(?:^|/)([0-9a-f]{64})(?:\.scope)?(?:/|$)"
)
_UNIT = lazy(r"[^/]+\.(?:service|scope)")
_OF_USERS = lazy(r"user@\d+\.service|init\.scope|user-\d+\.slice")
_ESCAPE = lazy(r"\\x([0-9a-f]{2})")


class Membership(NamedTuple):
    """The unit that a process belongs to, and the container; "" where it belongs to none."""

    unit: str = ""
    container: str = ""

    @property
    def is_service(self) -> bool:
        """Whether a service manager or a container engine started it."""
        return self.unit.endswith(".service") or bool(self.container)


def membership(cgroup: str) -> Membership:
    """What the content of ``/proc/PID/cgroup`` says: the line of systemd's hierarchy, or of the only one."""
    paths = [line.split(":", 2)[2] for line in cgroup.splitlines() if line.count(":") > 1]
    container = next((found[1] or found[2] for path in paths if (found := _CONTAINER.search(path))), "")
    units = [_nearest_unit(path) for path in paths]
    unit = next((unit for unit in units if unit), "")
    return Membership("" if container else unit, container[:SHOWN_DIGITS])


def _nearest_unit(path: str) -> str:
    """The innermost unit on a control group's path, that of a user's whole session left out."""
    found = [part for part in path.split("/") if _UNIT.fullmatch(part) and not _OF_USERS.fullmatch(part)]
    return _ESCAPE.sub(lambda match: chr(int(match[1], 16)), found[-1]) if found else ""
