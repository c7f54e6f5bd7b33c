"""Kubernetes manifests and what is shaped like them: containers, their mounts and environments, ConfigMaps.

- ``command`` and ``args`` of a container become one directive around one command, named by the first of the two.
- A container's ``volumeMounts`` become mounts: ``target`` is the path, ``type`` the kind of the pod's volume in its own
  word (``hostPath``, ``emptyDir``, ``emptyDir-memory``, ``persistentVolumeClaim``, ...) or ``unknown``, and ``source``
  what that volume holds (the host's path, the name of the claim, ConfigMap or Secret).
- An entry of a ConfigMap becomes a document, or a variable where its key is written like one.

Custom resources count: what matters is the shape, wherever below the document it stands.

Source: https://kubernetes.io/docs/reference/kubernetes-api/
"""

from __future__ import annotations

from shipworthy.formats.dialects.values import Values, after_program, derived, put
from shipworthy.formats.source import Source
from shipworthy.formats.tree import MERGE, VARIABLE, Block, Setting
from shipworthy.patterns import lazy

UNKNOWN_VOLUME = "unknown"
"""The type of a mount whose volume the document does not show."""

_CONTAINERS = frozenset({"containers", "ephemeralContainers", "initContainers", "sidecars", "steps"})
_SCRIPTS = frozenset({"script", "source"})
_VOLUME_SOURCES = {
    "configMap": "name",
    "csi": "driver",
    "downwardAPI": "",
    "emptyDir": "",
    "ephemeral": "",
    "hostPath": "path",
    "image": "reference",
    "iscsi": "",
    "nfs": "path",
    "persistentVolumeClaim": "claimName",
    "projected": "",
    "secret": "secretName",
}
"""The kinds of volume, and the key below that says what the volume holds."""
_ENTRIES = {"ConfigMap": "data", "Secret": "stringData"}
_VARIABLE_NAME = lazy(r"[A-Z][A-Z0-9_]*")
_SHEBANG = lazy(r"#!\s*\S*?(?:/env\s+(?:-S\s+)?)?(?P<program>[^\s/]+)(?:\s|$)")
_SHELLS = frozenset({"ash", "bash", "dash", "ksh", "sh", "zsh"})

Volumes = dict[str, tuple[str, str]]
"""A pod's volumes by name: pairs (type, what the volume holds)."""


def expand(document: Block, source: Source, path: str) -> None:
    """Refine one manifest, or a list of manifests."""
    del path
    refine(Values(source), document)


def refine(values: Values, document: Block) -> None:
    """Refine everything below a manifest that stands in a file of any dialect."""
    waiting: list[tuple[Block, Volumes]] = [(document, {})]
    while waiting:
        block, volumes = waiting.pop()
        if block.kind == "mapping":
            own = _volumes(block)
            volumes = {**volumes, **own} if own else volumes
            _refine_mapping(values, block, volumes)
        waiting += [(child, volumes) for child in block.blocks if child.kind in ("mapping", "sequence")]


def _refine_mapping(values: Values, block: Block, volumes: Volumes) -> None:
    _join_command(values, block)
    own = {child.name: child for child in block.children}
    kind = own.get("kind")
    entries = own.get(_ENTRIES.get(kind.value, "")) if isinstance(kind, Setting) else None
    if isinstance(entries, Block):
        _read_entries(values, entries)
    for position, child in enumerate(block.children):
        if child.name == "env" and isinstance(child, Block) and child.kind == "sequence":
            values.variables(child)
        elif child.name == "volumeMounts" and isinstance(child, Block):
            _refine_mounts(child, volumes)
        elif child.name in _SCRIPTS and isinstance(child, Setting) and _is_shell_script(block, child):
            put(block, position, values.script(child))


def _volumes(block: Block) -> Volumes:
    """The volumes that a pod's specification, or a StatefulSet's, declares."""
    found: Volumes = {}
    for child in block.children:
        if not isinstance(child, Block) or child.kind != "sequence":
            continue
        for item in child.blocks if child.name in ("volumes", "volumeClaimTemplates") else ():
            if child.name == "volumes" and item.value("name"):
                found[item.value("name")] = _volume_source(item)
            elif child.name == "volumeClaimTemplates":
                metadata = item.block("metadata")
                found[metadata.value("name") if metadata is not None else ""] = ("persistentVolumeClaim", "")
    return found


def _volume_source(volume: Block) -> tuple[str, str]:
    for child in volume.children:
        key = _VOLUME_SOURCES.get(child.name)
        if key is None:
            continue
        details = child if isinstance(child, Block) else None
        if child.name == "emptyDir" and details is not None and details.value("medium") == "Memory":
            return "emptyDir-memory", ""
        return child.name, details.value(key) if details is not None and key else ""
    return UNKNOWN_VOLUME, ""


def _refine_mounts(mounts: Block, volumes: Volumes) -> None:
    for mount in mounts.blocks:
        path, name = mount.get("mountPath"), mount.get("name")
        if not isinstance(path, Setting):
            continue
        mount.kind = "mount"
        mount.add(derived("target", path.value, path))
        type_, held = volumes.get(mount.value("name"), (UNKNOWN_VOLUME, ""))
        place = name if isinstance(name, Setting) else path
        mount.add(derived("type", type_, place))
        if held:
            mount.add(derived("source", held, place))
        if mount.value("readOnly") == "true":
            mount.add(derived("mode", "ro", place))


def _join_command(values: Values, block: Block) -> None:
    """Make one directive of a container's ``command`` and ``args``, or of the command of a probe."""
    if block.name != "exec" and not _is_container(block):
        return
    lists = {
        child.name: (position, child)
        for position, child in enumerate(block.children)
        if isinstance(child, Block) and child.kind == "sequence" and child.name in ("command", "args")
    }
    found = [lists[name] for name in ("command", "args") if name in lists]
    words = [word for _, part in found for word in values.words(part)]
    if not words:
        return
    if "command" not in lists:
        words = after_program(block.value("image") or block.value("name"), words[0], words)
    put(block, found[0][0], values.command(found[0][1], words))
    for position, _ in found[1:]:
        del block.children[position]


def _is_container(block: Block) -> bool:
    parent = block.parent
    is_item = parent is not None and parent.kind == "sequence" and parent.name in _CONTAINERS
    return is_item or isinstance(block.get("image"), Setting)


def _is_shell_script(block: Block, setting: Setting) -> bool:
    """Whether a step of a workflow is a shell script: Tekton's and Argo's stand beside an image."""
    if not isinstance(block.get("image"), Setting) or not setting.value.strip():
        return False
    shebang = _SHEBANG.match(setting.value)
    if shebang:
        return shebang["program"] in _SHELLS
    command = block.get("command")
    program = command.words[0] if isinstance(command, Block) and command.words else "sh"
    return program.rpartition("/")[2] in _SHELLS


def _read_entries(values: Values, entries: Block) -> None:
    """Read what a ConfigMap or a Secret holds in plain text."""
    from shipworthy.formats import format_of  # it imports the dialects

    for position, child in enumerate(entries.children):
        if not isinstance(child, Setting) or child.name == MERGE:
            continue
        if "\n" in child.value.strip() or ("." in child.name and format_of(child.name) != "text"):
            put(entries, position, values.document(child, child.name))
        elif _VARIABLE_NAME.fullmatch(child.name):
            child.kind = VARIABLE
