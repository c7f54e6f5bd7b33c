"""Alertmanager: every route leads to a receiver, and a receiver tells somebody.

Source: https://prometheus.io/docs/alerting/latest/configuration/
"""

from __future__ import annotations

from collections.abc import Iterator

from shipworthy.deployment.monitoring.model import Break, files_with, tops
from shipworthy.file import File
from shipworthy.formats.tree import Block, Setting

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.project import Project


def breaks(project: Project) -> Iterator[Break]:
    """What is wrong with the committed configurations of Alertmanager."""
    for file in files_with(project, "receivers"):
        for top in tops(file):
            route, receivers = top.block("route"), top.block("receivers")
            if route is not None and receivers is not None and receivers.kind == "sequence":
                yield from of_routes(file, route, receivers)


def of_routes(
    file: File, route: Block, receivers: Block, effect: str = "Alertmanager does not start"
) -> Iterator[Break]:
    """The routes that lead nowhere, or all to receivers that tell nobody."""
    known = {name: block for block in receivers.items() if isinstance(block, Block) and (name := block.value("name"))}
    used = list(_used(route))
    for setting in used:
        if setting.value not in known and "$" not in setting.value and "{{" not in setting.value:
            message = f"a route leads to the receiver {setting.value[:80]}, which does not exist: {effect}"
            yield Break(file, setting.start, message, "add the receiver, or name one that is there")
    if used and all(setting.value in known for setting in used) and not any(_tells(known[s.value]) for s in used):
        message = "no receiver of a route tells anybody: every alert is thrown away"
        fix = "give the receiver an integration: email_configs, slack_configs, webhook_configs ..."
        yield Break(file, used[0].start, message, fix, is_silent=True)


def _used(route: Block) -> Iterator[Setting]:
    """The receivers that routes name."""
    for node in (child for child in (*route.children, *_routes(route)) if child.name == "receiver"):
        if isinstance(node, Setting) and node.value:
            yield node


def _routes(route: Block) -> Iterator[Setting | Block]:
    routes = route.block("routes")
    return routes.walk() if routes is not None else iter(())


def _tells(receiver: Block) -> bool:
    """Whether a receiver has an integration."""
    return any(name.endswith(("_configs", "_config", "Configs")) for name in receiver.entries())
