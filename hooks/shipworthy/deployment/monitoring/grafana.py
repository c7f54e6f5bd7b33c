"""Grafana: dashboards that its provisioning finds and can read.

Source: https://grafana.com/docs/grafana/latest/administration/provisioning/#dashboards
"""

from __future__ import annotations

from collections.abc import Iterator

from shipworthy.deployment.monitoring.model import Break, Mounted, Unknown, committed_as, files_with, seen_by, tops
from shipworthy.file import File
from shipworthy.formats.source import Source
from shipworthy.formats.tree import Block, Setting
from shipworthy.formats.unreadable import Unreadable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.project import Project

_MOST_DASHBOARDS = 200
"""Of one provider that are read."""


def breaks(project: Project) -> Iterator[Break]:
    """What is wrong with the dashboards that Grafana's Compose service is told to load."""
    for file in files_with(project, "providers"):
        for top in tops(file):
            providers = top.block("providers")
            seen = seen_by(project, file.path, "grafana") if providers is not None else None
            if providers is None or seen is None or "/provisioning/" not in seen.path:
                continue
            for provider in providers.blocks:
                options = provider.block("options")
                path = options.get("path") if options is not None else None
                if isinstance(path, Setting) and path.value.startswith("/") and "$" not in path.value:
                    yield from _of_provider(project, file, path, seen)


def _of_provider(project: Project, file: File, path: Setting, seen: Mounted) -> Iterator[Break]:
    try:
        inside = committed_as(seen, path.value)
    except Unknown:
        return
    if inside is None:
        message = f"Grafana loads no dashboards: nothing mounts {path.value} into the service {seen.service.name}"
        yield Break(file, path.start, message, f"mount the folder with the dashboards at {path.value}")
        return
    dashboards = [other for other in project.repository.below(inside) if other.endswith(".json")]
    if not dashboards and not project.repository.is_unknown(inside):
        message = (
            f"Grafana loads no dashboards: no JSON file is committed in {inside or 'the root'}, mounted at {path.value}"
        )
        yield Break(
            file, path.start, message, f"commit the dashboards in {inside or 'a folder'}, or remove the provider"
        )
    for dashboard in dashboards[:_MOST_DASHBOARDS]:
        committed = project.file(dashboard)
        try:
            text = Source(committed.text)
        except Unreadable as error:
            yield _unreadable(committed, 0, "the dashboard", error)
        else:
            if not can_be_loaded(committed.text):
                yield from of_dashboard(committed, text, 0, "the dashboard")


def can_be_loaded(text: str) -> bool:
    """Whether a text is a dashboard that Grafana loads, told a hundred times faster than why it is none."""
    from json import loads

    try:
        top = loads(text)
    except (ValueError, RecursionError):
        return False
    return isinstance(top, dict) and not ("dashboard" in top and top.keys().isdisjoint(("panels", "title")))


def of_dashboard(file: File, text: Source, start: int, what: str) -> Iterator[Break]:
    """What keeps Grafana from loading a dashboard whose text stands at ``start`` of a file."""
    from shipworthy.formats import json

    try:
        top = next(iter(json.read(text).blocks), None)
    except Unreadable as error:
        yield _unreadable(file, start, what, error)
        return
    inner = top.block("dashboard") if isinstance(top, Block) else None
    if top is not None and inner is not None and top.get("panels") is None and top.get("title") is None:
        yield Break(
            file,
            inner.start,
            f"Grafana cannot load {what}: it is wrapped for the HTTP API, so that its title is missing",
            "save what stands below dashboard as the whole file",
        )


def _unreadable(file: File, start: int, what: str, error: Unreadable) -> Break:
    return Break(file, start, f"Grafana cannot load {what}: it is no JSON ({error})", "export it again")
