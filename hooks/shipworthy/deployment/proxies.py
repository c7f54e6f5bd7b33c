"""What proxies pass requests on to: nginx, Caddy and Traefik's files.

Sources: https://nginx.org/en/docs/http/ngx_http_proxy_module.html , ngx_http_upstream_module.html ;
https://caddyserver.com/docs/caddyfile/directives/reverse_proxy ;
https://doc.traefik.io/traefik/routing/services/
"""

from __future__ import annotations

from typing import NamedTuple

from shipworthy.deployment.addresses import host_of
from shipworthy.file import File
from shipworthy.formats.tree import Block, Setting
from shipworthy.formats.unreadable import Unreadable
from shipworthy.patterns import lazy

_PASSES = frozenset({"proxy_pass", "fastcgi_pass", "uwsgi_pass", "scgi_pass", "grpc_pass", "memcached_pass"})
_CADDY = frozenset({"reverse_proxy", "php_fastcgi", "forward_auth", "to"})
_MARKS = (b"_pass", b"reverse_proxy", b"php_fastcgi", b"forward_auth", b"loadBalancer")
_DEFAULT = lazy(r"\{\$\w+:([^{}]*)\}")
_CADDY_ADDRESS = lazy(r"(?:(?:https?|h2c)://)?[\w-]+:\d+|(?:https?|h2c)://[\w-]+")


class Upstream(NamedTuple):
    """A host of one label that a proxy passes requests on to.

    ``is_fatal`` tells that the proxy does not start without it.
    """

    file: File
    node: Setting
    host: str
    is_fatal: bool


def upstreams(files: list[File]) -> list[Upstream]:
    """The upstreams of one proxy's files, without those that an ``upstream`` block in them names."""
    found: list[Upstream] = []
    groups: set[str] = set()
    for file in files:
        if not any(mark in file.data for mark in _MARKS):
            continue
        try:
            root = file.document.root
        except Unreadable:
            continue
        for node in root.walk():
            if isinstance(node, Block) and node.name == "upstream" and node.kind == "directive":
                groups.update(node.words[1:2])
            found += _of_node(file, node)
    return [upstream for upstream in found if upstream.host not in groups]


def upstreams_between(file: File, start: int, end: int) -> list[Upstream]:
    """Those of the configuration that stands between two offsets of a file."""
    return [upstream for upstream in upstreams([file]) if start <= upstream.node.start < end]


def _of_node(file: File, node: Setting | Block) -> list[Upstream]:
    if isinstance(node, Setting):
        is_server = node.name == "url" and {"servers", "loadBalancer"} <= set(node.keys)
        host = host_of(node.value) if is_server and "{{" not in node.value else ""
        return [Upstream(file, node, host, False)] if host else []
    if node.kind != "directive":
        return []
    operands = [setting for setting in node.settings if setting.kind == "operand"]
    if node.name in _PASSES or (node.name == "server" and node.parent is not None and node.parent.name == "upstream"):
        return _of_nginx(file, operands[:1], is_fatal=True)
    if node.name == "set" and node.words[1:2] and node.words[1].startswith("$"):
        return [found for found in _of_nginx(file, operands[1:2], is_fatal=False) if "://" in found.node.value]
    return _of_caddy(file, operands) if node.name in _CADDY and _is_caddy(node) else []


def _of_nginx(file: File, operands: list[Setting], *, is_fatal: bool) -> list[Upstream]:
    found = []
    for operand in operands:
        host = (
            ""
            if operand.value.startswith("unix:") or "$" in operand.value.partition("://")[2].partition("/")[0]
            else host_of(operand.value)
        )
        if host:
            found.append(Upstream(file, operand, host, is_fatal))
    return found


def _of_caddy(file: File, operands: list[Setting]) -> list[Upstream]:
    found = []
    for operand in operands:
        written = _DEFAULT.sub(r"\1", operand.value)
        host = host_of(written) if _CADDY_ADDRESS.fullmatch(written) else ""
        if host:
            found.append(Upstream(file, operand, host, False))
    return found


def _is_caddy(node: Block) -> bool:
    return node.name != "to" or (node.parent is not None and node.parent.name == "reverse_proxy")
