"""What Kubernetes starts in containers: programs of images that are built here, and scripts of ConfigMaps and Secrets.

Kubernetes puts the files of ConfigMaps and Secrets into containers without any executable bit unless it is told to.

Source: https://kubernetes.io/docs/reference/kubernetes-api/config-and-storage-resources/volume/
"""

from __future__ import annotations

from collections.abc import Iterator
from posixpath import join, normpath

from shipworthy.deployment.executions.images import Images, started
from shipworthy.deployment.executions.model import Execution, Unexecutable
from shipworthy.deployment.images import image_source
from shipworthy.deployment.kubernetes.objects import blocks, dig, items, objects, scalar
from shipworthy.deployment.kubernetes.pods import Pods, all_pods
from shipworthy.deployment.names import image_name
from shipworthy.deployment.services import services
from shipworthy.formats.tree import Block, Setting
from shipworthy.formats.unreadable import Unreadable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.project import Project

_READ_ONLY_FOR_ALL = 0o644
"""The mode of a file in a ConfigMap's or Secret's volume where nobody says another."""


def pod_executions(project: Project) -> Iterator[Execution | Unexecutable]:
    """What the containers of pods start."""
    starting = [object for object in project.model(objects) if "command" in object.text]
    for pods in all_pods(starting):
        for container in pods.all_containers:
            yield from _of_pod(project, pods, container)


def _of_pod(project: Project, pods: Pods, container: Block) -> Iterator[Execution | Unexecutable]:
    for where, words in _started_in(container):
        first = started(words)
        if first is None or "$(" in first.program:
            continue
        directory = scalar(container, "workingDir")
        path = normpath(join(directory or "/", first.program))
        volume = _volume_at(pods, container, path)
        if volume is not None:
            yield from _of_volume(pods, where, path, *volume)
        elif where is container.block("command"):
            yield from _of_image(project, pods, container, where, first.program, directory, first.has_shell)


def _started_in(container: Block) -> Iterator[tuple[Block, list[str]]]:
    """What a container starts: its own program, and those of its probes and hooks."""
    given = container.block("command")
    if given is not None:
        yield given, _values(container, "command") + _values(container, "args")
    for name in ("livenessProbe", "readinessProbe", "startupProbe"):
        probe = dig(container, name, "exec", "command")
        if isinstance(probe, Block):
            yield probe, _values(container, name, "exec", "command")
    for name in ("postStart", "preStop"):
        hook = dig(container, "lifecycle", name, "exec", "command")
        if isinstance(hook, Block):
            yield hook, _values(container, "lifecycle", name, "exec", "command")


def _values(container: Block, *names: str) -> list[str]:
    return [item.value for item in items(container, *names) if isinstance(item, Setting)]


def _volume_at(pods: Pods, container: Block, path: str) -> tuple[Block, str] | None:
    """The volume that a path of a container is on, with the file's name in it."""
    over: list[tuple[str, Block]] = []
    for mount in blocks(container, "volumeMounts"):
        target = scalar(mount, "mountPath").rstrip("/")
        if target and (path == target or path.startswith(target + "/")):
            over.append((target, mount))
    if not over:
        return None
    target, mount = max(over, key=lambda found: len(found[0]))
    inside = path.removeprefix(target).lstrip("/")
    name = scalar(mount, "subPath") if path == target else join(scalar(mount, "subPath"), inside)
    name_of_volume = scalar(mount, "name")
    volume = next((block for block in blocks(pods.spec, "volumes") if scalar(block, "name") == name_of_volume), None)
    return (volume, name) if volume is not None else (Block("mapping"), name)


def _of_volume(pods: Pods, where: Block, path: str, volume: Block, name: str) -> Iterator[Unexecutable]:
    """A script of a ConfigMap or a Secret that has no executable bit."""
    for kind, key in (("ConfigMap", "configMap"), ("Secret", "secret")):
        source = volume.block(key)
        if source is None:
            continue
        item = next((block for block in blocks(source, "items") if scalar(block, "path") == name), None)
        mode = (scalar(item, "mode") if item is not None else "") or scalar(source, "defaultMode")
        number = _mode(mode)
        if number is None or number & 0o111:
            continue
        held = scalar(source, "name") or scalar(source, "secretName") or name
        state = f"with the mode {mode}" if mode else "with the mode 0644, as nothing says another"
        problem = f"{pods.object.kind} {pods.object.name} starts {path}, which the {kind} {held} brings {state}"
        fix = f"defaultMode: 0755 in the volume {scalar(volume, 'name')}"
        first = next((item for item in where.items() if isinstance(item, Setting)), where)
        yield Unexecutable(pods.object.file, first.start, problem, fix)


def _mode(written: str) -> int | None:
    """The number of a mode: octal in YAML 1.1, decimal in JSON; None where it is not known."""
    if not written:
        return _READ_ONLY_FOR_ALL
    digits = written.removeprefix("0o")
    if not digits.isdecimal() or len(digits) > 5:
        return None
    is_octal = written.startswith("0") and not set(digits) & set("89")
    return int(digits, 8) if is_octal else int(digits)


def _of_image(
    project: Project,
    pods: Pods,
    container: Block,
    where: Block,
    program: str,
    directory: str,
    has_shell: bool,
) -> Iterator[Execution]:
    """A program of an image that is built here."""
    name = image_name(scalar(container, "image"))
    service = project.model(services).find(name) if name else None
    source = image_source(project, service) if service is not None else None
    if source is None or source.path not in project.repository:
        return
    try:
        file = project.file(source.path)
        if file.document.degraded or not any(block.kind == "stage" for block in file.document.root.blocks):
            return
    except (KeyError, OSError, Unreadable):
        return
    image = project.model(Images).of(file)
    found = image.found(image.stage, program, directory) if image.stage is not None else None
    if found is None:
        return
    first = next((item for item in where.items() if isinstance(item, Setting)), where)
    yield Execution(
        pods.object.file,
        first.start,
        f"{pods.object.kind} {pods.object.name} starts",
        found.paths,
        has_shell=has_shell,
        given=found.given,
        is_executable=found.is_executable,
        is_rewritten=found.is_rewritten,
        image=image.stage,
    )
