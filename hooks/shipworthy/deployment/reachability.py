"""The hosts that production calls, and the names that something in the same deployment answers to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from shipworthy.deployment.addresses import filled_in, hosts_called, hosts_in_urls, may_hold_hosts
from shipworthy.deployment.compose import PRODUCTION as PRODUCTION_SET
from shipworthy.deployment.compose import ComposeSet, Service, Value, compose
from shipworthy.deployment.evidence import text_of
from shipworthy.deployment.kubernetes.objects import Object, blocks, dig, objects
from shipworthy.deployment.mentions import lines_with
from shipworthy.deployment.names import spelled
from shipworthy.deployment.paths import in_repository
from shipworthy.deployment.proxies import Upstream, upstreams, upstreams_between
from shipworthy.file import File
from shipworthy.formats.tree import VARIABLE, Block, Node, Setting
from shipworthy.formats.unreadable import Unreadable
from shipworthy.patterns import lazy
from shipworthy.places import PRODUCTION

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.project import Project

_PROXY_FOLDERS = lazy(r"/etc/(?:nginx|caddy|traefik)|/usr/local/openresty|/etc/openresty|^/(?:nginx|caddy|traefik)\b")
_COPIES = frozenset({"COPY", "ADD"})
_MOST_FILES = 50
"""Files of one folder that a proxy reads."""
_SWITCH = lazy(r"(?:(?P<feature>\w+)_(?:ENABLED|ENABLE|(?P<off>DISABLED)))|ENABLE_(?P<of>\w+)")
"""Variables that switch a feature on or off, whose other variables begin with its name."""
_FALSE = frozenset({"false", "0", "no", "off"})
_TRUE = frozenset({"true", "1", "yes", "on"})
_CONTAINERS = ("containers", "initContainers")
_INSTALLED = lazy(
    r"\bhelm(?:file)?\b|\bcharts?\b|HelmRelease|kind: Application|terraform|operator|managed", re.IGNORECASE
)
"""Stands near the name of something that is installed from elsewhere."""
_WORKLOADS = frozenset("Deployment StatefulSet DaemonSet ReplicaSet Job CronJob Pod Rollout DeploymentConfig".split())


class Unreachable(NamedTuple):
    """A host that nothing answers to.

    ``caller`` says who calls it, a sentence up to the host, ``deployment`` where nothing answers, and ``known`` holds
    the names that do exist there.
    """

    file: File
    node: Node
    host: str
    caller: str
    deployment: str
    known: frozenset[str]
    is_proxy: bool
    is_candidate: bool


class Reachability:
    """``project.model(Reachability)``. ``is_judged`` tells whether anything is deployed whose calls can be judged."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.sets = project.model(compose).production
        self.objects = [found for found in project.model(objects) if project.place_of(found.path) == PRODUCTION]

    @property
    def is_judged(self) -> bool:
        """Whether there is a Compose set or a Kubernetes Service."""
        return bool(self.sets) or any(found.kind == "Service" for found in self.objects)

    def unreachable(self) -> Iterator[Unreachable]:
        """What is called and not there, each place once."""
        seen: set[tuple[str, int, str]] = set()
        for found in (*self._in_compose(), *_Cluster(self.project, self.objects).unreachable()):
            place = (found.file.path, found.node.start, found.host)
            if place not in seen:
                seen.add(place)
                yield found

    def _in_compose(self) -> Iterator[Unreachable]:
        for compose_set in self.sets:
            if not compose_set.unknown and not any(file.templated or file.unreadable for file in compose_set.files):
                yield from _Network(self.project, compose_set, self._beside(compose_set)).unreachable()

    def _beside(self, compose_set: ComposeSet) -> set[str]:
        """The names in other sets of the folder: they are one project, and share its network.

        A set that may be for production may also run together with one of a folder around it.
        """
        folders = {compose_set.directory}
        if compose_set.role != PRODUCTION_SET:
            parts = compose_set.directory.split("/")
            folders |= {"/".join(parts[:length]) for length in range(len(parts))}
        sets = self.project.model(compose).sets
        return {name for other in sets if other.in_production and other.directory in folders for name in _names(other)}


class _Network:
    """The services of one Compose set, and what they call."""

    def __init__(self, project: Project, compose_set: ComposeSet, beside: set[str]) -> None:
        self.project = project
        self.set = compose_set
        self.known = frozenset(_names(compose_set) | beside)
        self._lowered = {name.lower() for name in self.known}
        self._external = {name for name, value in compose_set.declared("networks").items() if _is_external(value)}

    def unreachable(self) -> Iterator[Unreachable]:
        for service in self.set.active:
            if self._is_alone(service):
                continue
            for file, node, host in self._called(service):
                if host.lower() not in self._lowered:
                    yield self._found(file, node, host, f"{service.name} calls", is_proxy=False)
            for upstream in upstreams(self._proxy_files(service)):
                if upstream.host.lower() not in self._lowered:
                    yield self._of_proxy(service, upstream)

    def _of_proxy(self, service: Service, upstream: Upstream) -> Unreachable:
        caller = f"the proxy {service.name} passes requests on to"
        return self._found(upstream.file, upstream.node, upstream.host, caller, is_proxy=True)

    def _found(self, file: File, node: Node, host: str, caller: str, *, is_proxy: bool) -> Unreachable:
        is_candidate = self.set.role != PRODUCTION_SET
        return Unreachable(file, node, host, caller, self.set.file.path, self.known, is_proxy, is_candidate)

    def _is_alone(self, service: Service) -> bool:
        """Whether others than this set's services may answer: on the host's network, or on one from outside."""
        if service.scalar("network_mode") or service.get("network_mode") is not None or service.has_provider:
            return True
        return not self._external.isdisjoint(service.named("networks") or ("default",))

    def _called(self, service: Service) -> Iterator[tuple[File, Node, str]]:
        image = service.image.text if service.image is not None else ""
        off = _switched_off(service)
        for pair in service.environment.values():
            if pair.value is not None and not pair.name.startswith(off):
                value = filled_in(pair.value, service.variables)
                for host in hosts_called(pair.name, value, image):
                    yield pair.layer.file, pair.layer.node, host
        for file, setting in self._of_env_files(service):
            if setting.name not in service.environment:
                for host in hosts_called(setting.name, filled_in(setting.value, service.variables), image):
                    yield file, setting, host
        for key in ("command", "entrypoint"):
            words = service.get(key)
            for item in words.items() if words is not None else ():
                for host in hosts_in_urls(filled_in(item.text, service.variables)):
                    yield item.file, item.node, host

    def _of_env_files(self, service: Service) -> Iterator[tuple[File, Setting]]:
        for env_file in service.env_files:
            if env_file.resolved is None or env_file.resolved not in self.project.repository:
                continue
            file = self.project.file(self.project.repository.resolve(env_file.resolved))
            try:
                settings = list(file.document.root.settings)
            except (OSError, Unreadable):
                continue
            yield from ((file, setting) for setting in settings if setting.kind == VARIABLE)

    def _proxy_files(self, service: Service) -> list[File]:
        """The committed files that the service's container has as a proxy's configuration."""
        paths: list[str] = []
        for mount in service.mounts:
            if mount.type == "bind" and _PROXY_FOLDERS.search(mount.target):
                known = service.known(mount.source)
                path = in_repository(mount.value.directory, known) if known is not None else None
                paths += self._below(path) if path else []
        build = service.build
        if build is not None and build.dockerfile_path and build.context_path is not None:
            paths += self._copied(build.dockerfile_path, build.context_path)
        found = []
        for path in dict.fromkeys(paths):
            if not self.project.config.excludes(path):
                try:
                    found.append(self.project.file(path))
                except (KeyError, OSError):
                    continue
        return found

    def _below(self, path: str) -> list[str]:
        resolved = self.project.repository.resolve(path)
        if resolved in self.project.repository:
            return [resolved]
        return self.project.repository.below(resolved)[:_MOST_FILES] if resolved else []

    def _copied(self, dockerfile: str, context: str) -> list[str]:
        """The files that a Dockerfile copies to where a proxy reads its configuration."""
        if "/etc/" not in text_of(self.project, dockerfile):
            return []
        try:
            root = self.project.file(dockerfile).document.root
        except (KeyError, OSError, Unreadable):
            return []
        found: list[str] = []
        for node in root.walk():
            if not isinstance(node, Block) or node.name not in _COPIES or node.get("from") is not None:
                continue
            for source in node.words[1:-1] if _PROXY_FOLDERS.search(node.words[-1]) else ():
                path = in_repository(context, source.lstrip("/"))
                found += self._below(path) if path else []
        return found


def _names(compose_set: ComposeSet) -> set[str]:
    """What the services of a set are called in its networks."""
    found: set[str] = set()
    for service in compose_set.services.values():
        found |= {service.name, service.scalar("container_name"), service.scalar("hostname")}
        for network in service.named("networks").values():
            aliases = network.get("aliases")
            found |= {item.text for item in aliases.items()} if aliases is not None else set()
        for key in ("links", "external_links"):
            value = service.get(key)
            for item in value.items() if value is not None else ():
                found |= {item.text.partition(":")[0], item.text.rpartition(":")[2]}
        hosts = service.get("extra_hosts")
        if hosts is not None:
            found |= {item.text.replace("=", ":").partition(":")[0] for item in hosts.items()} | set(hosts.names())
    return {name for name in found if name}


def _switched_off(service: Service) -> tuple[str, ...]:
    """What the names of variables begin with whose feature another variable switches off."""
    found: list[str] = []
    for name, pair in service.environment.items():
        switch = _SWITCH.fullmatch(name) if "ABLE" in name else None
        value = (service.known(pair.value) or "").lower() if switch is not None and pair.value is not None else ""
        if switch is not None and value in (_TRUE if switch["off"] else _FALSE):
            feature = switch["of"] or switch["feature"]
            found.append(feature.removesuffix("_SDK") + "_")
    return tuple(found)


def _is_external(network: Value) -> bool:
    external = network.get("external")
    return external is not None and external.text.lower() not in ("false", "no", "off")


class _Cluster:
    """The Services of all manifests, and what workloads and ConfigMaps call."""

    def __init__(self, project: Project, found: list[Object]) -> None:
        self.project = project
        self.objects = found
        self.services = [known for known in found if known.kind == "Service"]
        self.known = frozenset(service.name for service in self.services)
        self._custom = [known for known in found if known.is_custom and known.name]
        self._unknown: dict[str, bool] = {}

    def unreachable(self) -> Iterator[Unreachable]:
        if not self.services:
            return
        for found in self.objects:
            if found.is_template:
                continue
            for node, host, what, is_proxy in self._called(found):
                if not self._may_answer(host):
                    caller = f"the {found.kind} {found.name} {what}"
                    yield Unreachable(found.file, node, host, caller, "the manifests", self.known, is_proxy, False)

    def _called(self, found: Object) -> Iterator[tuple[Node, str, str, bool]]:
        if found.kind in _WORKLOADS and "name:" in found.text and may_hold_hosts(found.text):
            for container in _containers(found):
                for variable in blocks(container, "env"):
                    value = variable.get("value")
                    if isinstance(value, Setting):
                        for host in hosts_called(variable.value("name"), value.value):
                            yield value, host, "calls", False
        elif found.kind == "ConfigMap":
            data = dig(found.body, "data")
            for name, value in data.entries().items() if isinstance(data, Block) else ():
                if isinstance(value, Setting) and "\n" not in value.value.strip():
                    for host in hosts_called(name, value.value):
                        yield value, host, "calls", False
            if "_pass" in found.text:
                for upstream in upstreams_between(found.file, found.start, found.end):
                    yield upstream.node, upstream.host, "passes requests on to", True

    def _may_answer(self, host: str) -> bool:
        """Whether a Service has that name, or something may make one: a template, an operator, a chart."""
        if host not in self._unknown:
            self._unknown[host] = (
                any(service.may_be_called(host) or _ends_alike(service.name, host) for service in self.services)
                or any(_begins_with(host, custom.name) for custom in self._custom)
                or self._is_installed(host)
            )
        return self._unknown[host]

    def _is_installed(self, host: str) -> bool:
        """Whether a chart or another program of elsewhere is named near the host's name."""
        names = [host, host.partition("-")[0]]
        return any(
            _INSTALLED.search(line.text) or _INSTALLED.search(line.path)
            for name in dict.fromkeys(names)
            for line in lines_with(self.project, name)
        )


def _containers(workload: Object) -> Iterator[Block]:
    """The containers of a workload's pods."""
    for keys in (("spec",), ("spec", "template", "spec"), ("spec", "jobTemplate", "spec", "template", "spec")):
        for name in _CONTAINERS:
            yield from blocks(workload.body, *keys, name)


def _ends_alike(name: str, host: str) -> bool:
    """Whether a prefix or a suffix, which an overlay may add, is all that differs."""
    return bool(name) and (host.endswith("-" + name) or name.endswith("-" + host) or host.startswith(name + "-"))


def _begins_with(host: str, name: str) -> bool:
    return spelled(host).startswith(spelled(name))
