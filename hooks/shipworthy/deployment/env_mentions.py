"""The places that name an env file: Compose, commands, units, Dockerfiles, kustomize.

Sources: https://docs.docker.com/reference/compose-file/services/#env_file , systemd.exec(5) EnvironmentFile=,
https://docs.docker.com/reference/dockerfile/#copy , https://nodejs.org/api/cli.html#--env-fileconfig ,
https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from shipworthy.deployment.besides_code import files_besides_code
from shipworthy.deployment.command_lines import CI, DOCUMENT, SCRIPT, UNIT, CommandLine, command_lines
from shipworthy.deployment.compose import CANDIDATE, DEVELOPMENT, PRODUCTION, TEST, ComposeSet, compose
from shipworthy.deployment.env_names import DEVELOPMENT_WORDS, TEST_WORDS, is_env_file, words_of
from shipworthy.deployment.paths import in_repository
from shipworthy.file import File
from shipworthy.formats.tree import OPERAND, Block, Setting
from shipworthy.formats.unreadable import Unreadable
from shipworthy.patterns import lazy
from shipworthy.places import DEVELOPMENT as DEVELOPMENT_PLACE
from shipworthy.places import PRODUCTION as PRODUCTION_PLACE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.project import Project

PLACES = (PRODUCTION_PLACE, DEVELOPMENT_PLACE)
"""Where a mention counts."""

_DEVELOPMENT_NAMES = lazy(
    r"(?:^|[^a-z])(?:dev|develop\w*|local\w*|tests?|testing|e2e|debug\w*|demo|contribut\w*|lint)(?:[^a-z]|$)",
    re.IGNORECASE,
)
_BEFORE_COMMAND = lazy(r"[-@!{]+|sudo|then|do|else|if|exec|time|RUN|[^=]*:|[A-Za-z_]\w*=.*", re.ASCII)
"""Words before the program: keywords, keys of YAML and JSON, variables."""
_ENV_FILE_OPTIONS = lazy(r"--(?:from-)?env-file(?P<optional>-if-exists)?")
_LOADERS = {"dotenv": ("-e", "-f", "--file"), "env-cmd": ("-f", "--file"), "dotenvx": ("-f", "--env-file")}
_TESTED = lazy(r"(?:\[\[?|\btest|\bif exist|\bwildcard)\s+(?:-[fersr]\s+)?[\"']?([^\s\"'\]);]+)", re.IGNORECASE)
_FORGIVING = lazy(r"\|\|\s*(?:true|:|echo|exit 0)|2>\s*/dev/null")
_WRITERS = frozenset({"tee", "touch", "-o", "--output"})
_COPIERS = frozenset({"cp", "mv", "ln", "install", "copy", "Copy-Item"})
_DEPLOYS = lazy(r"deploy|release|prod|publish|(?:^|[^a-z])cd(?:[^a-z]|$)", re.IGNORECASE)
_OPTIONAL = lazy(r"(?:^|[._-])override[._-].*(?:example|sample)|(?:example|sample)[\w.-]*override[._-]", re.IGNORECASE)
"""Names of Compose files that show what users may put on top of the ones that run."""
_FROM_PORTAINER = "stack.env"
"""Portainer writes this file beside the Compose file from what its users enter: https://docs.portainer.io/user/docker/stacks/add"""


class Mention(NamedTuple):
    """A place that names an env file.

    ``paths`` are the repository's paths that ``written`` may name, the likeliest first; none where only the host knows.
    ``reader`` says who reads it, in words for a message; ``by_command`` tells that it is a command of a script.
    ``stage`` is one of Compose's roles.
    """

    written: str
    paths: tuple[str, ...]
    required: bool
    file: File
    start: int
    reader: str
    stage: str
    by_command: bool = False


def mentions(project: Project) -> Iterator[Mention]:
    """Everything that names an env file; a place may come twice."""
    for source in (_of_compose, _of_commands, _of_documents):
        yield from source(project)


def written_by(line: CommandLine) -> Iterator[tuple[str, str]]:
    """The files called like env files that a command writes, each with the file it copies, or ""."""
    is_ours = line.file.place in PLACES or line.kind == DOCUMENT
    if not is_ours and not (line.kind == CI and _DEPLOYS.search(line.file.path)):
        return
    words = [word.text for word in line.words]
    for position, word in enumerate(words):
        operands = [other for other in words[position + 1 :] if not other.startswith(("-", ">", "<"))]
        written, copied = "", ""
        if word in _COPIERS and len(operands) > 1:
            written, copied = operands[-1], operands[0]
        elif line.kind != DOCUMENT and word.startswith(">"):
            written = word.lstrip(">") or "".join(operands[:1])
        elif line.kind != DOCUMENT and word in _WRITERS:
            written = "".join(operands[:1])
        if written and is_env_file(written):
            yield written, copied


def _of_compose(project: Project) -> Iterator[Mention]:
    for compose_set in project.model(compose).sets:
        if compose_set.file.file.place not in PLACES:
            continue
        for service in compose_set.services.values():
            stage = compose_set.role if service.is_active else DEVELOPMENT
            for env_file in service.env_files:
                value = env_file.value
                paths = (env_file.resolved,) if env_file.resolved else ()
                required = env_file.required and value.text != _FROM_PORTAINER and not _OPTIONAL.search(value.file.name)
                reader = f"service {service.name}"
                yield Mention(env_file.path, paths, required, value.file, value.node.start, reader, stage)
        yield from _of_includes(compose_set)


def _of_includes(compose_set: ComposeSet) -> Iterator[Mention]:
    for env_file in compose_set.include_env_files:
        paths = (env_file.resolved,) if env_file.resolved else ()
        value = env_file.value
        yield Mention(env_file.path, paths, True, value.file, value.node.start, "the Compose include", compose_set.role)


def _of_commands(project: Project) -> Iterator[Mention]:
    guarded: dict[str, frozenset[str]] = {}
    for line in project.model(command_lines):
        if line.kind not in (SCRIPT, UNIT) or line.file.place not in PLACES:
            continue
        for position, reader, required in _read_by(line):
            word = line.words[position]
            written = word.text.rpartition("=")[2]
            if not written or written.startswith("-"):
                continue
            stage = _stage(line, written)
            start = word.start + word.text.rfind("=") + 1
            if line.file.path not in guarded:
                guarded[line.file.path] = _guarded_in(line.file)
            optional = written in guarded[line.file.path] or _FORGIVING.search(line.line) is not None
            needed = required and not optional
            yield Mention(written, paths_of(line, written), needed, line.file, start, reader, stage, by_command=True)


def _read_by(line: CommandLine) -> Iterator[tuple[int, str, bool]]:
    """The positions of the words that name env files to read, who reads them, and whether they must be there."""
    words = [word.text for word in line.words]
    first = next((at for at, word in enumerate(words) if not _BEFORE_COMMAND.fullmatch(word)), len(words))
    program = words[first] if first < len(words) else ""
    following = first + 1
    if following < len(words) and is_env_file(words[following]):
        if program in ("source", "."):
            yield following, f"`{program} {words[following]}`", True
        elif program in ("include", "-include", "sinclude") and line.file.name.lower().endswith(("makefile", ".mk")):
            yield following, "make", program == "include"
    if "xargs" in line.line and program in ("cat", "grep", "egrep", "sed"):
        for position in range(following, len(words)):
            if is_env_file(words[position]):
                yield position, f"`{program} {words[position]}`", True
    for position, word in enumerate(words):
        name, equals, _ = word.partition("=")
        option = _ENV_FILE_OPTIONS.fullmatch(name)
        if option:
            runner = " ".join(part for part in words[first:position][:2] if part.replace("-", "a").isalpha())
            yield position if equals else position + 1, f"`{runner} {name}`".replace("` ", "`"), not option["optional"]
        elif word in _LOADERS.get(program.rpartition("/")[2], ()) or (
            position and word in _LOADERS.get(words[position - 1], ())
        ):
            yield position + 1, f"`{words[first]} {word}`", True


def paths_of(line: CommandLine, written: str) -> tuple[str, ...]:
    """The repository's paths that a word of a command may name."""
    found = (in_repository(directory, written) for directory in line.directories)
    return tuple(dict.fromkeys(path for path in found if path))


def _stage(line: CommandLine, written: str) -> str:
    words = words_of(written)
    if words & TEST_WORDS:
        return TEST
    if words & DEVELOPMENT_WORDS or line.file.place == DEVELOPMENT_PLACE or _DEVELOPMENT_NAMES.search(_about(line)):
        return DEVELOPMENT
    return PRODUCTION if "production" in words else CANDIDATE


def _about(line: CommandLine) -> str:
    """What a command is for: its file, and the name of its entry where a manifest's scripts have one."""
    key = re.match(r'\s*"([\w:.-]+)"\s*:', line.line)
    return f"{line.file.path} {key[1] if key else ''}"


def _guarded_in(file: File) -> frozenset[str]:
    """What the file does without: it tests for it."""
    return frozenset(found[1] for found in _TESTED.finditer(file.text))


def _of_documents(project: Project) -> Iterator[Mention]:
    """What units, Dockerfiles and kustomizations name."""
    for path in project.model(files_besides_code):
        name = path.rpartition("/")[2].lower()
        found = next((row for row in _READERS if name.startswith(row[0]) or name.endswith(row[0])), None)
        if found is None or project.place_of(path) not in PLACES or project.config.excludes(path):
            continue
        _, mark, read = found
        try:
            if mark.search(project.open(path).data):
                yield from read(project, project.file(path))
        except (OSError, Unreadable):
            continue


def _of_unit(_project: Project, file: File) -> Iterator[Mention]:
    for setting in file.document.root.all_settings():
        if setting.name == "EnvironmentFile" and setting.value:
            written = setting.value.removeprefix("-")
            path = in_repository(file.directory, written)
            required = written == setting.value
            yield Mention(written, (path,) if path else (), required, file, setting.start, "the unit", PRODUCTION)


def _of_dockerfile(project: Project, file: File) -> Iterator[Mention]:
    """Env files that are copied into images. A build context that nothing names is one that has the other sources."""
    copied = _copied(file.document.root)
    others = [source.value for source in copied if not is_env_file(source.value)]
    directories = project.model(_contexts).get(file.path) or [
        directory
        for directory in dict.fromkeys((file.directory, ""))
        if any(_has(project, directory, other) for other in others)
    ]
    stage = PRODUCTION if file.in_production else DEVELOPMENT
    for source in copied:
        if directories and is_env_file(source.value):
            found = (in_repository(directory, source.value) for directory in directories)
            paths = tuple(dict.fromkeys(path for path in found if path))
            yield Mention(source.value, paths, True, file, source.start, "the image build", stage)


def _contexts(project: Project) -> dict[str, list[str]]:
    """The contexts in which Compose builds each Dockerfile."""
    contexts: dict[str, list[str]] = {}
    for compose_set in project.model(compose).sets:
        for service in compose_set.services.values():
            build = service.build
            if build is not None and build.dockerfile_path is not None and build.context_path is not None:
                contexts.setdefault(build.dockerfile_path, []).append(build.context_path)
    return contexts


def _has(project: Project, directory: str, written: str) -> bool:
    path = in_repository(directory, written)
    return path is not None and project.repository.has(path)


def _copied(root: Block) -> list[Setting]:
    """What a Dockerfile copies from the build context."""
    found: list[Setting] = []
    for node in root.walk():
        if isinstance(node, Block) and node.name in ("COPY", "ADD") and node.get("from") is None:
            found += [operand for operand in node.settings if operand.kind == OPERAND][:-1]
    return found


def _of_kustomization(_project: Project, file: File) -> Iterator[Mention]:
    is_development = not file.in_production or _DEVELOPMENT_NAMES.search(file.path) is not None
    stage = DEVELOPMENT if is_development else PRODUCTION
    for document in file.document.root.blocks:
        for key in ("configMapGenerator", "secretGenerator"):
            for generator in _blocks(document.block(key)):
                for setting in _generated_from(generator):
                    written = _generated_path(setting)
                    path = in_repository(file.directory, written)
                    yield Mention(written, (path,) if path else (), True, file, setting.start, f"the {key}", stage)


def _generated_from(generator: Block) -> Iterator[Setting]:
    """The env files that a generator reads: ``env``, ``envs``, and of ``files`` those that are called so."""
    for name in ("env", "envs", "files"):
        given = generator.get(name)
        if given is None:
            continue
        for item in given.items() if isinstance(given, Block) else [given]:
            if isinstance(item, Setting) and (name != "files" or is_env_file(_generated_path(item))):
                yield item


def _generated_path(item: Setting) -> str:
    """The path in ``path`` or ``key=path``."""
    return item.value.partition("=")[2] or item.value


def _blocks(sequence: Block | None) -> Iterator[Block]:
    return (item for item in sequence.items() if isinstance(item, Block)) if sequence is not None else iter(())


_READERS: tuple[tuple[tuple[str, ...], re.Pattern[bytes], Callable[[Project, File], Iterator[Mention]]], ...] = (
    ((".service", ".service.j2", ".service.template"), lazy(b"EnvironmentFile"), _of_unit),
    (("dockerfile", "containerfile"), lazy(rb"(?mi)^\s*(?:COPY|ADD)\s[^\n]*env"), _of_dockerfile),
    (("kustomization.yaml", "kustomization.yml"), lazy(b"(?:configMap|secret)Generator"), _of_kustomization),
)
"""How names begin or end, what must stand in the bytes, and who reads the file."""
