"""Where the Compose services that are stores keep their data."""

from __future__ import annotations

from shipworthy.deployment.compose.images import base, started
from shipworthy.deployment.compose.services import Mount, Service
from shipworthy.deployment.data_stores import DataStore, data_store

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.project import Project


def store(project: Project, service: Service) -> DataStore | None:
    """The store that a service runs; None where it runs none, or that cannot be known."""
    variables = {
        name: service.known(pair.value) if pair.value is not None else None
        for name, pair in service.environment.items()
    }
    return data_store(base(project, service), started(project, service), variables)


def mount_of(found: DataStore, service: Service) -> Mount | None:
    """The mount that the data is on: the volume that lasts, if there is one."""
    on = [mount for mount in service.mounts if found.is_on(mount.target)]
    return min(on, key=lambda mount: mount.type in ("anonymous", "tmpfs"), default=None)


def mount_in_vain(found: DataStore, service: Service) -> tuple[Mount, str] | None:
    """The mount that looks like the data's and does not hold it, with the reason."""
    reasons = ((mount, found.why_not_on(mount.target)) for mount in service.mounts)
    return next(((mount, why) for mount, why in reasons if why), None)


def may_be_elsewhere(service: Service) -> bool:
    """Whether the data may be on a volume that cannot be known."""
    return "volumes_from" in service.entries or any("$" in mount.target for mount in service.mounts)
