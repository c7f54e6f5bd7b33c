"""Docker Compose files: commands, environments, mounts, health checks, configs.

A command line is what the container runs: ``$$`` gives a dollar sign, and lines are words, as Compose splits them. One
that starts with an option stands behind the program that the image's name tells. `${X:-v}` anywhere gives a DEFAULT
setting named X in the nearest mapping around it.

Source: https://github.com/compose-spec/compose-spec/blob/main/spec.md
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from shipworthy.formats.dialects.values import (
    Values,
    add_command,
    add_script,
    after_program,
    derived,
    image_name,
    new_directive,
    part,
    put,
    target,
)
from shipworthy.formats.interpolation import defaults
from shipworthy.formats.source import Source
from shipworthy.formats.templates import MASK
from shipworthy.formats.tree import DEFAULT, MERGE, Block, Setting
from shipworthy.patterns import lazy

_FILE = lazy(r"(?:^|/)(?:[^/]*[._-])?(?:compose|stack)(?:[._-][^/]*)?$", re.IGNORECASE)
_SOURCES = frozenset({"build", "extends", "image"})
_SERVICE_KEYS = _SOURCES | frozenset(
    "cap_add cap_drop command configs container_name cpus depends_on deploy devices dns entrypoint env_file "
    "environment expose extra_hosts healthcheck hostname init labels logging mem_limit network_mode networks "
    "platform ports privileged profiles pull_policy read_only restart secrets security_opt shm_size stdin_open "
    "stop_grace_period stop_signal sysctls tmpfs tty ulimits user volumes volumes_from working_dir".split()
)
_COMMANDS = ("entrypoint", "command")
_SHELL_OPTION = lazy(r"-[a-z]*c")
_MOST_LOOKED_AT = 200
_DOLLARS = lazy(r"\$\$")
_LINE_FEED = lazy(r"""(?P<kept>"[^"]*"|'[^']*'|\\.)|\n""", re.DOTALL)
_BRACE = lazy(r"[{}:]")
_DRIVE = lazy(r"[A-Za-z]")
_PATH = lazy(rf"[A-Za-z]:[\\/]|[/.~${{\\{MASK}]")
"""What the source of a bind mount starts with: a variable or a template holds a path more often than a name."""


def recognises(document: Block, path: str) -> bool:
    """Whether a mapping is a Compose file, or a fragment of one."""
    services = document.get("services")
    if isinstance(services, Block):
        return services.kind == "mapping" and _holds_services(services, named=_FILE.search(path) is not None)
    return _FILE.search(path) is not None and _holds_services(document, named=False)


def expand(document: Block, source: Source, path: str) -> None:
    """Refine a Compose file."""
    del path
    values = Values(source, _unescaped)
    refine(values, document)
    _add_defaults(values, document)


def refine(values: Values, document: Block) -> None:
    """Refine a Compose file that stands in a file of any dialect; `${X:-v}` is left to that dialect."""
    services = document.block("services") or document
    targets: dict[str, str] = {}
    for fragment in _fragments(document, services):
        refine_service(values, fragment)
        targets.update(_config_targets(fragment))
    configs = document.block("configs")
    if configs is not None and configs is not services:
        _read_configs(values, configs, targets)


def refine_service(values: Values, service: Block) -> None:
    """Refine the values of a service, or of what is shaped like one."""
    _refine_commands(values, service)
    for position, child in enumerate(service.children):
        node = target(child)
        if child.name in ("environment", "env"):
            values.variables(node)
        elif child.name == "volumes" and isinstance(node, Block):
            _refine_mounts(values, node)
        elif child.name == "tmpfs" and isinstance(node, Setting):
            put(service, position, _tmpfs(values, node))
        elif child.name == "tmpfs":
            _refine_tmpfs_list(values, node)
        elif child.name == "healthcheck" and isinstance(node, Block):
            _refine_health_check(values, node)
        elif child.name == "build" and isinstance(node, Block):
            _read_inline_dockerfile(values, node)


def _holds_services(services: Block, *, named: bool) -> bool:
    """Whether the entries are services: some has an image or a build, or none has a key that services lack."""
    blocks = [child for child in services.children[:_MOST_LOOKED_AT] if isinstance(child, Block)]
    keys = [{child.name for child in block.children} for block in blocks if block.kind == "mapping"]
    if any(_SOURCES & entry for entry in keys):
        return True
    return bool(keys) and all(entry and (named or all(map(_is_service_key, entry))) for entry in keys)


def _is_service_key(key: str) -> bool:
    return key in _SERVICE_KEYS or key.startswith(("x-", MERGE))


def _fragments(document: Block, services: Block) -> Iterator[Block]:
    """The services, and the ``x-`` fragments that services may merge."""
    for child in services.children:
        if isinstance(child, Block) and child.kind == "mapping":
            yield child
    if services is document:
        return
    for child in document.children:
        if child.name.startswith("x-") and isinstance(child, Block) and child.kind == "mapping":
            yield child
            for inner in child.blocks:
                if inner.kind == "mapping" and any(key.name in _SERVICE_KEYS for key in inner.children):
                    yield inner


def _refine_commands(values: Values, service: Block) -> None:
    """The entry point first: its words stand before those of the command."""
    positions = {name: [at for at, child in enumerate(service.children) if child.name == name] for name in _COMMANDS}
    if not any(positions.values()):
        return
    image = service.value("image") or service.name
    for position in positions["entrypoint"]:
        put(service, position, _command(values, target(service.children[position]), image, None))
    entrypoint = service.block("entrypoint")
    first = None if entrypoint is None else _first_command(entrypoint)
    for position in positions["command"]:
        put(service, position, _command(values, target(service.children[position]), image, first))


def _command(values: Values, node: Setting | Block, image: str, entrypoint: Block | None) -> Block | None:
    program = image if entrypoint is None else entrypoint.name
    if isinstance(node, Setting):
        return values.script(node, lambda text: _shell_words(text, program)) if _given(node) else None
    words = values.words(node) if node.kind == "sequence" else []
    if not words:
        return None
    if entrypoint is not None and _SHELL_OPTION.fullmatch(entrypoint.words[-1]):
        words = [*(words[0].within(word, [(0, 0)]) for word in entrypoint.words), *words]
    return values.command(node, after_program(program, words[0], words))


def _first_command(directive: Block) -> Block | None:
    commands = (node for node in directive.walk() if isinstance(node, Block) and node.kind == "command")
    return next((command for command in commands if command.words), None)


def _given(setting: Setting) -> bool:
    return setting.literal or setting.value not in ("", "null", "~")


def _unescaped(text: Source) -> Source:
    """The text as the container gets it."""
    if "$$" not in text.text:
        return text
    pieces: list[tuple[str, int]] = []
    done = 0
    for dollars in _DOLLARS.finditer(text.text):
        pieces.append((text.text[done : dollars.start()], done))
        done = dollars.start() + 1
    pieces.append((text.text[done:], done))
    return text.joined(pieces)


def _shell_words(text: Source, image: str) -> Source:
    """A command line on one line, behind the image's program where it starts with an option."""
    line = _LINE_FEED.sub(lambda found: found["kept"] or " ", text.text)
    blank = len(line) - len(line.lstrip())
    if not line.startswith("-", blank):
        return text.within(line, [(0, 0)])
    program = (image_name(image) or "container") + " "
    return text.within(program + line[blank:], [(0, blank), (len(program), blank)])


def _refine_health_check(values: Values, check: Block) -> None:
    for position, child in enumerate(check.children):
        node = target(child)
        if child.name != "test":
            continue
        if isinstance(node, Setting):
            put(check, position, values.script(node))
        elif node.kind == "sequence" and values.first_time(node):
            put(check, position, _health_test(values, node))


def _health_test(values: Values, test: Block) -> Block | None:
    words = values.words(test)
    if len(words) < 2 or words[0].text not in ("CMD", "CMD-SHELL"):
        return None
    directive = new_directive(test, tuple(word.text for word in words))
    if words[0].text == "CMD":
        add_command(directive, words[1:])
    else:
        add_script(directive, words[1])
    return directive


def _refine_mounts(values: Values, volumes: Block) -> None:
    """The mounts of a service, in the short and the long syntax."""
    if volumes.kind != "sequence" or not values.first_time(volumes):
        return
    for position, child in enumerate(volumes.children):
        if isinstance(child, Block) and child.kind == "mapping":
            child.kind = "mount"
            _read_content(values, child, child.value("target"))
        elif isinstance(child, Setting) and child.value:
            put(volumes, position, _mount(values, child))


def _mount(values: Values, setting: Setting) -> Block:
    """``[source:]target[:mode]``."""
    text = values.text(setting)
    mount = Block("mount", setting.name, setting.start, setting.end, words=(setting.value,), tag=setting.tag)
    parts = _parts(text.text)
    names = ("target",) if len(parts) == 1 else ("source", "target", "mode")
    for name, (start, end) in zip(names, parts, strict=False):
        mount.add(part(name, text, start, end))
    mount.add(derived("type", _type_of(mount.value("source")) if len(parts) > 1 else "anonymous", setting))
    return mount


def _parts(text: str) -> list[tuple[int, int]]:
    """Start and end of what stands between the colons; those in braces and behind a drive letter separate nothing."""
    found: list[tuple[int, int]] = []
    start = depth = 0
    for mark in _BRACE.finditer(text):
        at = mark.start()
        if mark[0] != ":":
            depth = max(depth + (1 if mark[0] == "{" else -1), 0)
        elif depth == 0 and not (_DRIVE.fullmatch(text[start:at]) and text[at + 1 : at + 2] in ("/", "\\")):
            found.append((start, at))
            start = at + 1
    return [*found, (start, len(text))]


def _type_of(source: str) -> str:
    return "bind" if _PATH.match(source) else "volume"


def _refine_tmpfs_list(values: Values, node: Setting | Block) -> None:
    if not isinstance(node, Block) or not values.first_time(node):
        return
    for position, child in enumerate(node.children):
        if isinstance(child, Setting):
            put(node, position, _tmpfs(values, child))


def _tmpfs(values: Values, setting: Setting) -> Block | None:
    """``target[:options]``."""
    if not _given(setting):
        return None
    text = values.text(setting)
    mount = Block("mount", setting.name, setting.start, setting.end, words=(setting.value,), tag=setting.tag)
    first, *rest = _parts(text.text)
    mount.add(part("target", text, *first))
    if rest:
        mount.add(part("mode", text, rest[0][0], len(text.text)))
    mount.add(derived("type", "tmpfs", setting))
    return mount


def _read_inline_dockerfile(values: Values, build: Block) -> None:
    for position, child in enumerate(build.children):
        if child.name == "dockerfile_inline" and isinstance(child, Setting):
            put(build, position, values.document(child, "Dockerfile"))


def _config_targets(service: Block) -> Iterator[tuple[str, str]]:
    """Where a service has its configs: pairs (name of the config, path in the container)."""
    configs = service.block("configs")
    for config in configs.items() if configs is not None else ():
        if isinstance(config, Block) and config.value("target"):
            yield config.value("source"), config.value("target")


def _read_configs(values: Values, configs: Block, targets: dict[str, str]) -> None:
    for config in configs.blocks:
        _read_content(values, config, targets.get(config.name, config.name))


def _read_content(values: Values, block: Block, path: str) -> None:
    """Read a file that is written inside the Compose file; mounts have one in Coolify's templates."""
    for position, child in enumerate(block.children):
        if child.name == "content" and isinstance(child, Setting) and path:
            put(block, position, values.document(child, path))


def _add_defaults(values: Values, document: Block) -> None:
    """Add what stands in for variables that are not given; the shell reader has done so for scripts."""
    settings = list(document.all_settings())
    known = {(setting.name, setting.start) for setting in settings if setting.kind == DEFAULT}
    for setting in settings:
        if setting.kind == DEFAULT or "${" not in setting.value:
            continue
        for default in defaults(values.text(setting)):
            if (default.name, default.start) not in known:
                known.add((default.name, default.start))
                _nearest_mapping(setting).add(default)


def _nearest_mapping(setting: Setting) -> Block:
    """The innermost block around a setting that is no list, whose items would be counted."""
    return next(block for block in setting.enclosing if block.kind != "sequence")
