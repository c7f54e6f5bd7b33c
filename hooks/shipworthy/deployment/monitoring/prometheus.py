"""Prometheus: the rules it reads, the targets it asks, and the Alertmanager it tells.

Source: https://prometheus.io/docs/prometheus/latest/configuration/configuration/
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from fnmatch import fnmatchcase

from shipworthy.deployment.compose import Compose, ComposeSet, compose
from shipworthy.deployment.evidence import text_of
from shipworthy.deployment.monitoring.model import Break, Mounted, Unknown, committed_as, files_with, seen_by, tops
from shipworthy.file import File
from shipworthy.formats.tree import Block, Setting
from shipworthy.patterns import lazy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.project import Project

_TARGET = lazy(r"(?P<host>[A-Za-z0-9][\w-]*):\d{1,5}(?:/\S*)?")
_HOSTS = frozenset({"localhost", "host", "gateway"})
ALERT = lazy(r"^[ \t]*-[ \t]+[\"']?alert[\"']?[ \t]*:", re.MULTILINE)
_DISCOVERED = lazy(r"_sd_configs$")
_ADDRESS = "__address__"


def breaks(project: Project) -> Iterator[Break]:
    """What is wrong with the configurations of Prometheus that Compose services read."""
    for file in files_with(project, "scrape_configs"):
        top = next((block for block in tops(file) if block.block("scrape_configs") is not None), None)
        seen = seen_by(project, file.path, "prometheus") if top is not None else None
        if top is not None and seen is not None:
            yield from _of_file(project, file, top, seen)


def _of_file(project: Project, file: File, top: Block, seen: Mounted) -> Iterator[Break]:
    rules: list[str] = []
    unread: list[Break] = []
    is_known = True
    for item in entries(top, "rule_files"):
        try:
            found, broken = _rules(project, file, item, seen)
        except Unknown:
            is_known = False
            continue
        rules += found
        if broken is not None:
            unread.append(broken)
    yield from unread
    if is_known and any(ALERT.search(text_of(project, path)) for path in rules):
        yield from unheard(project, file, top)
    yield from _targets(project, file, top, seen)


def entries(top: Block, name: str) -> list[Setting]:
    """The texts of a list of the configuration."""
    block = top.block(name)
    return [item for item in block.items() if isinstance(item, Setting) and item.value] if block is not None else []


def _rules(project: Project, file: File, item: Setting, seen: Mounted) -> tuple[list[str], Break | None]:
    """The committed rule files that an entry names, or what is wrong with it. Raises `Unknown`."""
    if "$" in item.value or "{{" in item.value:
        raise Unknown
    path = seen.seen_from(item.value)
    folder, _, name = path.rpartition("/")
    if re.search(r"[*?\[]", folder):
        raise Unknown
    inside = committed_as(seen, path) if not re.search(r"[*?\[]", name) else committed_as(seen, folder)
    if inside is None:
        beside = f"{file.directory}/{item.value}" if file.directory else item.value
        where = f"nothing mounts {path} into the service {seen.service.name}"
        fix = f"mount it: ./{beside}:{path}:ro" if beside in project.repository else f"mount the rules at {folder}"
        return [], Break(file, item.start, f"Prometheus reads no rules from {item.value}: {where}", fix)
    known = [inside] if inside in project.repository else project.repository.below(inside)
    found = [other for other in known if other == inside or _fits(other[len(inside) :].lstrip("/"), name)]
    if found or project.repository.is_unknown(inside):
        return found, None
    message = f"Prometheus reads no rules from {item.value}: no committed file is at {inside}"
    return [], Break(file, item.start, message, f"commit the rules at {inside}, or remove the entry")


def _fits(inner: str, name: str) -> bool:
    return "/" not in inner and fnmatchcase(inner, name)


def unheard(project: Project, file: File, top: Block) -> Iterator[Break]:
    """Alerts that nobody is told of: no Alertmanager, and nothing else that takes them."""
    alerting = top.block("alerting")
    managers = alerting.block("alertmanagers") if alerting is not None else None
    is_told = managers is not None and any(
        _DISCOVERED.search(node.name) or (node.name == "targets" and isinstance(node, Block) and node.children)
        for node in managers.walk()
    )
    if is_told or top.get("remote_write") is not None or project.repository.containing("contactPoints:"):
        return
    where = alerting or top.block("rule_files") or top
    yield Break(
        file,
        where.start,
        "the rules hold alerts, but no Alertmanager is configured: nobody is told",
        "add an Alertmanager with a receiver, and name it below alerting.alertmanagers",
        is_silent=True,
    )


def addresses(top: Block) -> Iterator[Setting]:
    """What a configuration asks and tells: its static targets, but not those of exporters that are told whom to ask."""
    scrapes = top.block("scrape_configs")
    alerting = top.block("alerting")
    managers = alerting.block("alertmanagers") if alerting is not None else None
    for block in [*(scrapes.blocks if scrapes is not None else ()), *(managers.blocks if managers is not None else ())]:
        nodes = list(block.walk())
        if any(isinstance(node, Setting) and node.value == _ADDRESS and node.name == "target_label" for node in nodes):
            continue
        for node in nodes:
            if isinstance(node, Block) and node.name == "targets":
                yield from node.settings


def _targets(project: Project, file: File, top: Block, seen: Mounted) -> Iterator[Break]:
    """Targets that no service answers to."""
    if _reaches_out(seen):
        return
    known = _names(project)
    for item in addresses(top):
        found = _TARGET.fullmatch(item.value)
        if found is None or found["host"].isdigit() or found["host"] in _HOSTS or found["host"] in known:
            continue
        yield Break(
            file,
            item.start,
            f"Prometheus asks {item.value}, but no service is called {found['host']}: the target is always down",
            f"name the service that is meant, or add {found['host']} to {seen.compose_set.file.path}",
        )


def _reaches_out(seen: Mounted) -> bool:
    """Whether the service is in a network that other projects share, or on the host's."""
    networks = seen.compose_set.declared("networks")
    shared = any(value.get("external") is not None for value in networks.values())
    return (
        shared
        or bool(seen.compose_set.unknown)
        or bool({"network_mode", "external_links"} & seen.service.entries.keys())
    )


def _names(project: Project) -> set[str]:
    """What Compose services and Kubernetes Services are called."""
    from shipworthy.deployment.kubernetes.objects import objects

    known: Compose = project.model(compose)
    found = {name for compose_set in known.sets for name in _names_in(compose_set)}
    return found | {object.name for object in project.model(objects) if object.kind == "Service"}


def _names_in(compose_set: ComposeSet) -> Iterator[str]:
    for name, service in compose_set.services.items():
        yield from (name, service.scalar("container_name"), service.scalar("hostname"))
        for network in service.named("networks").values():
            aliases = network.get("aliases")
            yield from (item.text for item in aliases.items()) if aliases is not None else ()
        hosts = service.get("extra_hosts")
        for item in hosts.items() if hosts is not None else ():
            yield re.split("[:=]", item.text)[0]
        yield from hosts.names() if hosts is not None else ()
