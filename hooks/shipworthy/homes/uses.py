"""Which settings put something that must last into a temporary directory.

A path in ``/tmp`` is right far more often than wrong: build scratch, downloads, mounts onto a container's ``/tmp``,
clean-up. What decides is what the setting is for (`roles`), and what the block around it does with the path.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from shipworthy.file import File
from shipworthy.formats import CODE as CODE_FORMATS
from shipworthy.formats.tree import DEFAULT, OPERAND, OPTION, REDIRECT, VALUE, VARIABLE, Block, Setting
from shipworthy.homes.roles import (
    CERT,
    CODE,
    CONFIG,
    DATA,
    LOG,
    MODEL,
    PID,
    SOCKET,
    TEMPORARY,
    VENV,
    WELL_KNOWN,
    is_generic,
    is_temporary_path,
    role_of_name,
    role_of_path,
    role_of_word,
)
from shipworthy.homes.serverless import is_serverless
from shipworthy.homes.spellings import TemporaryPath, is_made_up, may_name_one, temporary_paths
from shipworthy.homes.surroundings import Surroundings
from shipworthy.homes.vocabulary import (
    BOUNDARIES,
    CLIENTS,
    DESCRIPTIVE,
    DESTINATIONS,
    FILE_ARGUMENTS,
    FILE_MODULES,
    HELM_TEMPLATE,
    INNER_NAME,
    INTERPRETERS,
    JOINED_OPTION,
    LOOKUPS,
    MAKERS,
    NOT_IN_SCRIPTS,
    OPENERS,
    OPTIONS,
    PERMITTING,
    POD_PRIVATE,
    SCRIPTS,
    SETTLED,
    SUBSTITUTION,
    TEMPLATE_DEFAULT,
    WORTH_A_LOOK,
)
from shipworthy.places import CI, GENERATED, PRODUCTION, TEST, VENDORED

LONGEST_LINE = 1000
"""Characters; longer lines of code are minified."""
QUIET_PLACES = frozenset({TEST, CI, VENDORED, GENERATED})


class Use:
    """A setting that keeps something with a durable ``role`` at a temporary ``path``."""

    __slots__ = ("path", "role", "setting")

    def __init__(self, setting: Setting, path: TemporaryPath, role: str) -> None:
        self.setting = setting
        self.path = path
        self.role = role


def temporary_homes(file: File) -> list[Use]:
    """The uses of temporary directories in a file that lose something, in order of their place."""
    if file.place in QUIET_PLACES:
        return []
    stated = file.config.temporary.directories
    if not any(may_name_one(line) for line in _unsettled_lines(file.text)) and not any(d in file.text for d in stated):
        return []
    judge = _Judge(file)
    uses: list[Use] = []
    for node in file.document.root.walk():
        uses += judge.uses(node) if isinstance(node, Setting) else judge.program(node)
    return [use for use in _without_repeats(uses) if not is_serverless(file, use.setting)]


def _unsettled_lines(text: str) -> Iterator[str]:
    """The lines that may matter; comments, and what is mounted onto a container's directory, do not in any format."""
    end = -1
    for match in WORTH_A_LOOK.finditer(text):
        if match.start() < end:
            continue
        begin, end = text.rfind("\n", 0, match.start()) + 1, text.find("\n", match.end())
        end = end if end >= 0 else len(text)
        line = text[begin:end]
        if not SETTLED.match(line):
            yield line


def _without_repeats(uses: list[Use]) -> list[Use]:
    """Each place once: an option is also an operand, and a default stands inside the value it is the default of.

    What a pod mounts is where the volume says it.
    """
    volumes = {use.setting.value for use in uses if "hostPath" in use.setting.keys}
    uses = [use for use in uses if "volumeMounts" not in use.setting.keys or use.setting.value not in volumes]
    kept: list[Use] = []
    for use in sorted(uses, key=lambda use: (use.setting.start, use.setting.kind != OPTION)):
        previous = kept[-1] if kept else None
        if previous and use.setting.start < max(previous.setting.end, previous.setting.start + 1):
            continue
        kept.append(use)
    return kept


class _Judge:
    """Decides for each setting of one file."""

    def __init__(self, file: File) -> None:
        self.file = file
        self.document = file.document
        self.is_code = self.document.format in CODE_FORMATS
        self.surroundings = Surroundings(self.document.root)
        self.own_variables = {
            s.name
            for s in self.document.root.all_settings()
            if s.name in ("TMP", "TEMP", "TMPDIR", "TEMPDIR") and s.kind == VARIABLE
        }
        self.decide: dict[str, Callable[[Setting, TemporaryPath], str]] = {
            VALUE: self.value,
            VARIABLE: self.value,
            DEFAULT: self.value,
            OPTION: self.option,
            OPERAND: self.operand,
            REDIRECT: self.redirect,
        }

    def uses(self, setting: Setting) -> Iterator[Use]:
        """The first temporary path in a setting's value that holds something durable."""
        for path in temporary_paths(setting.value, self.file.config.temporary.directories):
            if path.directory.strip("${}") in self.own_variables:
                continue
            on_host = setting.parent is not None and setting.parent.kind == "mount"
            if self.surroundings.is_discarded(setting) or (not on_host and self.surroundings.is_mounted(setting, path)):
                continue
            role = self.decide[setting.kind](setting, path)
            if role and role != TEMPORARY and not (role in POD_PRIVATE and self.is_in_pod(setting)):
                yield Use(setting, path, role)
                return

    def is_in_pod(self, setting: Setting) -> bool:
        """Whether the setting is a pod's.

        Its ``/tmp`` is private to it, and the chart or another manifest says what is mounted there.
        """
        if HELM_TEMPLATE.search(self.file.path) and "{{" in self.file.text:
            return True
        return any(block.kind == "mapping" and block.get("apiVersion") is not None for block in setting.enclosing)

    def program(self, block: Block) -> Iterator[Use]:
        """A program in a temporary directory that the system starts."""
        if block.kind != "command" or not self.starts_service(block) or self.surroundings.is_discarded(block):
            return
        path = next((word for word in block.words if word.rpartition("/")[2] == block.name), "")
        for found in temporary_paths(path):
            started = Setting("", path, block.start, max(block.end, block.start))
            if (
                found.start == 0
                and found.rest
                and (self.runs_on_host(block) or self.surroundings.is_copied(found))
                and not self.surroundings.is_mounted(block, found)
            ):
                yield Use(started, found, role_of_path(found.rest) if role_of_path(found.rest) == VENV else CODE)

    def value(self, setting: Setting, path: TemporaryPath) -> str:
        """The role of ``name = value``."""
        if self.is_described(setting) or PERMITTING.search(setting.name) or setting.name == "PATH":
            return ""
        if setting.name in FILE_ARGUMENTS and setting.parent and setting.parent.name.rpartition(".")[2] in FILE_MODULES:
            return ""
        if self.is_code and not self.is_configuration(setting, path):
            return ""
        mount = setting.parent if setting.parent and setting.parent.kind == "mount" else None
        if mount is not None:
            return self.mount_source(setting, mount, path)
        if not self.is_path(setting, path):
            return self.composite(setting, path)
        return self.named(setting, path)

    def is_described(self, setting: Setting) -> bool:
        """Whether the setting, or what it stands in, is text for people."""
        names = [setting.name, *(block.name for block in setting.enclosing)]
        return any(name.lower() in DESCRIPTIVE for name in names)

    def is_path(self, setting: Setting, path: TemporaryPath) -> bool:
        """Whether the value is this path, or a list of paths, and not a text that names it."""
        before = setting.value[: path.start].strip()
        return not before or path.scheme[:1].isalpha() or before[-1] in ",;" or " " not in setting.value.strip()

    def is_configuration(self, setting: Setting, path: TemporaryPath) -> bool:
        """Whether code plainly configures something.

        That is a default in place of the environment, or a constant of a module, a class or an object. What a function
        does with its own files is its own business, its PID file apart: other programs look for that.
        """
        if self.file.place != PRODUCTION or not _is_whole(setting.value, path) or self.is_minified(setting):
            return False
        if setting.kind == DEFAULT or setting.inside("function") is None:
            return True
        return (role_of_name(setting.name) or role_of_path(path.rest)) == PID

    def is_minified(self, setting: Setting) -> bool:
        """Whether the setting stands on a line that no person wrote."""
        text = self.file.text
        begin, end = text.rfind("\n", 0, setting.start) + 1, text.find("\n", setting.end)
        return (end if end >= 0 else len(text)) - begin > LONGEST_LINE

    def named(self, setting: Setting, path: TemporaryPath) -> str:
        """The role by the setting's name, by the file it names, or by the blocks around it."""
        inner = INNER_NAME.search(setting.value[: path.start])
        name = inner[1] if inner else setting.name
        if PERMITTING.search(name) or _in_expression(setting.value, path):
            return ""
        role = self.role_by(setting, name, path)
        if self.document.format in SCRIPTS and (role in NOT_IN_SCRIPTS or (role == LOG and self.is_passing(setting))):
            return ""
        return role

    def is_passing(self, setting: Setting) -> bool:
        """Whether a script's variable is for the script alone: neither a default that others may set, nor exported."""
        before = self.file.text[self.file.text.rfind("\n", 0, setting.start) + 1 : setting.start]
        return (
            setting.kind == VARIABLE
            and "export" not in before
            and setting.inside("document") in (None, self.document.root)
        )

    def role_by(self, setting: Setting, name: str, path: TemporaryPath) -> str:
        """The role of a path under a name."""
        parent = setting.parent.name.partition(":")[0] if setting.parent else ""
        known = WELL_KNOWN.get((parent, name)) or WELL_KNOWN.get(("", name))
        if known and (path.rest or known not in (CODE, CONFIG)):  # a working directory alone keeps nothing
            return known
        role = role_of_name(name)
        if role == TEMPORARY or (role != PID and is_made_up(setting.value)) or is_temporary_path(path.rest):
            return TEMPORARY
        if name in DESTINATIONS:
            return ""
        by_path = role_of_path(path.rest)
        if by_path and (not role or by_path in (PID, SOCKET, VENV)):
            return by_path
        if role:
            return role
        if path.scheme.startswith(("unix:", "sock")):
            return SOCKET
        if path.scheme.startswith(("sqlite", "jdbc:h2", "jdbc:sqlite", "h2:")):
            return DATA
        if setting.parent and setting.parent.name == "hostPath":
            return DATA if path.rest else ""
        return self.role_of_surroundings(setting) or role_of_word(path.name) if is_generic(name) else ""

    def role_of_surroundings(self, setting: Setting) -> str:
        """The role that the nearest enclosing name tells, for a setting whose own name tells nothing."""
        for block in setting.enclosing:
            if block.kind in BOUNDARIES:
                break
            role = role_of_name(block.name)
            if role:
                return role
            if not is_generic(block.name):
                break
        return ""

    def mount_source(self, setting: Setting, mount: Block, path: TemporaryPath) -> str:
        """A host directory that is mounted: wrong where a container keeps something in it."""
        if setting.name != "source":
            return ""
        target = mount.value("target")
        if temporary_paths(target) or is_temporary_path(target) or is_temporary_path(path.rest) or ".sock" in target:
            return TEMPORARY
        role = role_of_path(path.rest) or role_of_name(target.replace("/", "_"))
        if role:
            return role
        return DATA if path.rest else ""

    def composite(self, setting: Setting, path: TemporaryPath) -> str:
        """A value that holds several options: ``-javaagent:/tmp/agent.jar -Dlog.dir=/tmp/logs``."""
        option = JOINED_OPTION.search(setting.value[: path.start])
        if option is None or not (setting.kind == VARIABLE or OPTIONS.search(setting.name)):
            return ""
        role = role_of_name(option[1])
        if role == TEMPORARY or is_temporary_path(path.rest):
            return TEMPORARY
        return role or role_of_path(path.rest)

    def option(self, setting: Setting, path: TemporaryPath) -> str:
        """The role of a command's option."""
        command = setting.inside("command")
        if command is not None and command.name == "sed":
            return self.written_by_sed(setting.value, path)
        if command is None or self.is_described(setting):
            return ""
        interpreted = _is_interpreter(command.name) and self.starts_service(setting)  # the options are the script's
        if command.name in CLIENTS and not interpreted:
            return ""
        if PERMITTING.search(setting.name):
            return ""
        if len(setting.name) == 1:
            by_path = role_of_path(path.rest)
            return by_path if by_path in (PID, SOCKET) and self.starts_service(setting) else ""
        return self.named(setting, path)

    def operand(self, setting: Setting, path: TemporaryPath) -> str:
        """The role of an argument without a name."""
        parent = setting.parent
        if parent is None:
            return ""
        if parent.kind == "directive":
            return self.value(setting, path)
        if parent.kind == "instruction":
            return self.instruction_operand(setting, parent, path)
        if parent.kind == "call":
            return self.argument(setting, parent, path)
        if parent.kind != "command":
            return ""
        if parent.name == "sed":
            return self.written_by_sed(setting.value, path)
        before = self.surroundings.operand_before(setting)
        if before.startswith("-") and self.starts_service(setting):  # behind ``--`` are the next program's options
            return self.named(Setting(before.lstrip("-"), setting.value, setting.start, setting.end), path)
        if self.is_configured_by(before, parent, path):
            return self.named(Setting(before, setting.value, setting.start, setting.end), path)
        runs = self.runs_on_host(setting) or (self.starts_service(setting) and self.surroundings.is_copied(path))
        return self.run_file(setting, parent, path) if runs else ""

    def is_configured_by(self, before: str, command: Block, path: TemporaryPath) -> bool:
        """Whether a command sets the setting named by the word before: ``set_config api.conf SocketDir /tmp``."""
        sets = re.search(r"set|conf|update|replace|param|option", command.name, re.IGNORECASE)
        return sets is not None and re.fullmatch(r"[A-Za-z][\w.\-]+", before) is not None and path.start == 0

    def written_by_sed(self, script: str, path: TemporaryPath) -> str:
        """The role of a path that ``s/pattern/replacement/`` writes into a configuration file."""
        substitution = SUBSTITUTION.match(script)
        if substitution is None or not substitution.start(3) <= path.start < substitution.end(3):
            return ""
        role = role_of_path(path.rest)
        return role if role in (SOCKET, LOG) and not temporary_paths(substitution[2]) else ""

    def argument(self, setting: Setting, call: Block, path: TemporaryPath) -> str:
        """The role of an argument in code: of the default behind an option's name, or of what the call opens."""
        if not _is_whole(setting.value, path) or self.is_described(setting) or self.is_minified(setting):
            return ""
        if self.file.place != PRODUCTION:
            return ""
        callee = call.name.rpartition(".")[2]
        before = self.surroundings.operand_before(setting)
        if before and LOOKUPS.search(callee) and not temporary_paths(before):
            return self.role_by(setting, before, path)
        if is_made_up(setting.value) or is_temporary_path(path.rest):
            return ""
        role, by_path = role_of_name(callee), role_of_path(path.rest)
        if role in (CERT, DATA, MODEL) and not by_path and MAKERS.match(callee):
            return role
        return (
            by_path
            if by_path and any(role == by_path and pattern.search(call.name) for role, pattern in OPENERS)
            else ""
        )

    def instruction_operand(self, setting: Setting, instruction: Block, path: TemporaryPath) -> str:
        """What COPY puts where the image's command runs it, and the folder that the image starts in."""
        if instruction.name in ("COPY", "ADD"):
            is_destination = instruction.children and setting is _last_operand(instruction)
            return CODE if is_destination and self.surroundings.is_run_later(instruction, path) else ""
        if instruction.name == "WORKDIR":
            return CODE if path.rest and self.surroundings.is_last_working_directory(instruction) else ""
        return ""

    def run_file(self, setting: Setting, command: Block, path: TemporaryPath) -> str:
        """A script in a temporary directory that the system starts an interpreter with."""
        if not _is_interpreter(command.name) or not path.rest or path.start > 0:
            return ""
        first = next(
            (child for child in command.children if isinstance(child, Setting) and child.kind == OPERAND), None
        )
        return CODE if setting is first else ""

    def redirect(self, setting: Setting, path: TemporaryPath) -> str:
        """A service's output that is kept in a file."""
        if "<" in setting.name or is_temporary_path(path.rest) or is_made_up(setting.value):
            return ""
        return LOG if self.starts_service(setting) and role_of_path(path.rest) == LOG else ""

    def starts_service(self, node: Setting | Block) -> bool:
        """Whether the command is one that the system runs: a unit, a schedule, a container's command."""
        return self.runs_on_host(node) or any(
            (block.kind == "instruction" and block.name in ("CMD", "ENTRYPOINT")) or _is_container_command(block)
            for block in node.enclosing
        )

    def runs_on_host(self, node: Setting | Block) -> bool:
        """Whether the command is one that a host's service manager or scheduler runs."""
        if self.document.format in ("crontab", "procfile"):
            return True
        if self.document.format not in ("systemd", "ini"):
            return False
        return any(block.kind == "directive" and block.name in ("ExecStart", "command") for block in node.enclosing)


def _is_interpreter(program: str) -> bool:
    return program.rstrip("0123456789.") in INTERPRETERS


def _is_whole(value: str, path: TemporaryPath) -> bool:
    """Whether the value is the path and nothing else, a scheme before it apart."""
    return value[: path.start] in ("", path.scheme) and path.end >= len(value)


def _is_container_command(block: Block) -> bool:
    """Whether the block is the command of a Compose service or a Kubernetes container."""
    if block.kind != "directive" or block.name not in ("command", "entrypoint", "args") or block.parent is None:
        return False
    return any(block.parent.get(key) is not None for key in ("image", "build", "extends"))


def _in_expression(value: str, path: TemporaryPath) -> bool:
    """Whether the path is part of a template's expression, other than the default of a variable."""
    before = value[: path.start]
    inside = before.rfind("{{") > before.rfind("}}") or before.rfind("{%") > before.rfind("%}")
    return inside and TEMPLATE_DEFAULT.search(before) is None


def _last_operand(block: Block) -> Setting | None:
    return next((s for s in reversed(block.children) if isinstance(s, Setting) and s.kind == OPERAND), None)
