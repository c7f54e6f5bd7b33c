"""Which Compose files belong together, and which of these sets is production.

Neither the specification nor any tool says it. Files that one command runs are one set; otherwise a file stands for
itself, or on top of the folder's default file where it lacks what only that one has. What a set is for is told by what
runs it and by the words in its path, and a comment that denies it has the last word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cached_property

from shipworthy.deployment.besides_code import paths_besides_code
from shipworthy.deployment.command_lines import CI, DOCUMENT, UNIT
from shipworthy.deployment.compose.commands import STACK, ComposeCommand, compose_commands
from shipworthy.deployment.compose.files import ComposeFile, ComposeFiles
from shipworthy.deployment.compose.resolve import Application, Missing
from shipworthy.deployment.compose.services import Dependency, EnvFile, Service
from shipworthy.deployment.compose.values import Value
from shipworthy.deployment.data_stores import is_store
from shipworthy.deployment.dockerfile_names import is_named_for_development
from shipworthy.deployment.evidence import text_of, tree_of
from shipworthy.deployment.image_references import ImageReference, parse
from shipworthy.deployment.paths import in_repository
from shipworthy.formats.tree import Block, Setting
from shipworthy.patterns import lazy
from shipworthy.places import CI as CI_PLACE
from shipworthy.places import PRODUCTION as PRODUCTION_PLACE
from shipworthy.places import TEST as TEST_PLACE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.project import Project

PRODUCTION = "production"
CANDIDATE = "candidate"
DEVELOPMENT = "development"
TEST = "test"
ROLES = (PRODUCTION, CANDIDATE, DEVELOPMENT, TEST)
"""What a set is for. A candidate may be production: nothing says so, and nothing speaks against it."""

_PRODUCTION_WORDS = frozenset(
    "prod production prd deploy deployment release live swarm stack selfhost selfhosted community vps images".split()
)
_TEST_WORDS = frozenset("test tests testing e2e ci integration bench benchmark loadtest qa fixtures".split())
_DEVELOPMENT_WORDS = frozenset(
    "dev devel develop development local override debug debugger devcontainer docs build profiling playground sandbox"
    " demo example examples sample watch hotreload windows macos".split()
)
_WORD = lazy(r"[a-z0-9]+")
_DENIAL = lazy(
    r"\b(?:not|never|don'?t)\b[^\n.]{0,60}\bproduction\b"
    r"|\bfor\s+(?:the\s+)?[*_`]{0,3}(?:local\s+)?(?:development|testing)[*_`]{0,3}\s+(?:only|purposes|setup|environment)"
    r"|\b(?:development|dev|testing|test|local)[- ]only\b"
    r"|\blocal development\b",
    re.IGNORECASE,
    holding=("production", "development", "testing", "only"),
)
_DENIED_IN_DOCUMENT = lazy(
    r"\bthis (?:repo(?:sitory)?|setup|stack|project|configuration|compose file)\b[^.\n]{0,80}"
    r"(?:\bnot\b[^.\n]{0,60}\bproduction\b|\bdevelopment only\b|\bonly for (?:local )?development\b)",
    re.IGNORECASE,
    holding=("production", "development"),
)
_README = ("README.md", "readme.md", "Readme.md", "README.rst", "README")
_NAMED_PRODUCTION = lazy(
    r"(?:^|[^a-z])(?:prod(?:uction)?|deploy\w*|release|rollout|update|upgrade|self-?host\w*)(?:[^a-z]|$)", re.IGNORECASE
)
_PLAIN_PRODUCTION = lazy(r"(?:^|[^a-z])prod(?:uction)?(?:[^a-z]|$)", re.IGNORECASE)
_NAMED_DEVELOPMENT = lazy(
    r"(?:^|[^a-z])(?:dev\w*|local\w*|tests?|testing|e2e|contribut\w*|debug\w*|demo|lint)(?:[^a-z]|$)", re.IGNORECASE
)
_OF_PROGRAMS = (
    "Dockerfile package.json pyproject.toml requirements.txt go.mod Cargo.toml pom.xml build.gradle build.gradle.kts"
    " composer.json Gemfile mix.exs"
).split()
"""Files that a program of one's own has in its folder."""
_BESIDE_STORES = frozenset(
    "memcached zookeeper cp-zookeeper adminer pgadmin4 phpmyadmin mongo-express redis-commander redisinsight"
    " mailhog mailpit maildev localstack dynamodb-local azurite mc kafka-ui".split()
)
"""Images of what developers run beside a database."""
_STARTS = frozenset({"up", "start", "pull", "restart", "run", "create", "build", "", STACK})
_COMPOSE_NAME = lazy(r"compose|stack|swarm")
_COMMENTS = lazy(r"(?:[ \t]*(?:#[^\n]*)?\n)*")


class ComposeSet:
    """Compose files that run together, in merge order.

    ``directory`` is what relative paths start from. ``role`` is one of `ROLES` and ``reason`` says why, in words for a
    report. ``commands`` are those that run exactly these files.
    """

    def __init__(self, application: Application, role: str, reason: str, commands: Sequence[ComposeCommand]) -> None:
        self._application = application
        self.role = role
        self.reason = reason
        self.commands = tuple(commands)
        self.files = application.files
        self.directory = application.directory

    def __repr__(self) -> str:
        return f"<ComposeSet {' + '.join(file.path for file in self.files)}: {self.role}, {self.reason}>"

    @property
    def file(self) -> ComposeFile:
        """The file that makes the set what it is: the last one."""
        return self.files[-1]

    @property
    def in_production(self) -> bool:
        """Whether the set is production, or may be."""
        return self.role in (PRODUCTION, CANDIDATE)

    @property
    def services(self) -> dict[str, Service]:
        """All services after merging, by name, with what the files include."""
        return self._application.services

    @cached_property
    def active(self) -> list[Service]:
        """The services that production runs: none that only a development profile starts, none with 0 replicas."""
        return [service for service in self.services.values() if service.is_active]

    @cached_property
    def dependencies(self) -> dict[str, list[Dependency]]:
        """The dependencies of the services that production runs, by the name of the service depended on."""
        found: dict[str, list[Dependency]] = {}
        for service in self.active:
            for name, dependency in service.depends_on.items():
                found.setdefault(name, []).append(dependency)
        return found

    def declared(self, section: str) -> dict[str, Value]:
        """What ``networks``, ``volumes``, ``secrets`` or ``configs`` declare on the top level, by name."""
        return self._application.sections[section]

    @property
    def missing(self) -> list[Missing]:
        """Files and services that ``include`` and ``extends`` name and that are not there."""
        return self._application.missing

    @property
    def include_env_files(self) -> list[EnvFile]:
        """The env files that entries of ``include`` name."""
        return self._application.include_env_files

    @property
    def unknown(self) -> str:
        """Why names may be missing that are there all the same; "" where everything is known."""
        return self._application.unknown

    def one_shot(self, service: Service) -> str:
        """Why a service counts as one that ends by itself; "" for one that should stay up."""
        return service.one_shot(service.name in self._waited_for)

    @cached_property
    def _waited_for(self) -> frozenset[str]:
        return frozenset(
            dependency.name
            for service in self.services.values()
            for dependency in service.depends_on.values()
            if dependency.condition == "service_completed_successfully"
        )


class Compose:
    """The Compose files of a repository and the sets they form."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self._library = ComposeFiles(project)
        self.files: list[ComposeFile] = self._library.named_so()
        self.commands = compose_commands(project, self._library, [file.path for file in self.files])
        if self._named_by_commands():  # other commands may name the same files from folders that are not known
            self.commands = compose_commands(project, self._library, [file.path for file in self.files])

    def _named_by_commands(self) -> bool:
        """Take in the files whose names are not those of Compose files; whether there are any."""
        known = {file.path for file in self.files}
        count = len(known)
        for path in sorted({path for command in self.commands for path in command.files} - known):
            file = self._library.get(path)
            if file is not None and file.is_compose and file.path not in known:
                known.add(file.path)
                self.files.append(file)
        return len(known) > count

    @cached_property
    def sets(self) -> list[ComposeSet]:
        """The sets, those of production first, then as `ROLES` says."""
        roles = {paths: self._role(paths) for paths in self._groups()}
        certain = [paths for paths, (role, _) in roles.items() if role == PRODUCTION]
        found: list[ComposeSet] = []
        for paths, (role, reason) in roles.items():
            commands = [command for command in self.commands if command.files == paths]
            application = self._application(paths, commands)
            if role == CANDIDATE:
                role, reason = self._candidate(application, commands, certain)
            found.append(ComposeSet(application, role, reason, commands))
        return sorted(found, key=lambda compose_set: ROLES.index(compose_set.role))

    @property
    def production(self) -> list[ComposeSet]:
        """The sets that are production, or, where there are none, those that may be."""
        certain = [compose_set for compose_set in self.sets if compose_set.role == PRODUCTION]
        return certain or [compose_set for compose_set in self.sets if compose_set.role == CANDIDATE]

    def _groups(self) -> dict[tuple[str, ...], None]:
        """The lists of paths that form a set."""
        by_path = {file.path: file for file in self.files}
        groups: dict[tuple[str, ...], None] = {}
        together: set[str] = set()
        alone = {command.files[0] for command in self.commands if len(command.files) == 1}
        for command in self.commands:
            if len(command.files) > 1 and all(path in by_path for path in command.files):
                groups[command.files] = None
                together.update(command.files)
        for folder, paths in _of_editors(self.project):
            if len(paths) > 1 and all(path in by_path for path in paths):
                groups[paths] = None
                together.update(path for path in paths if path.startswith(folder + "/"))
        for file in self.files:
            base = self._library.default_in(file.directory)
            needs_base = (file.is_partial or file.is_override) and not file.is_default
            if needs_base and base is not None and base in by_path:
                if file.path not in together:
                    groups.setdefault((base, file.path))
            elif (file.path not in together or file.path in alone or file.is_default) and file.says_something:
                groups.setdefault((file.path,))
        return groups

    def _application(self, paths: tuple[str, ...], commands: Sequence[ComposeCommand]) -> Application:
        files = [file for path in paths if (file := self._library.get(path)) is not None]
        directory = paths[0].rpartition("/")[0]
        env_files: list[str] = []
        for command in commands[:1]:
            for folder in command.line.directories[:1]:
                stated = in_repository(folder, command.directory) if command.directory else None
                directory = stated if stated is not None else directory
                env_files = [path for written in command.env_files if (path := in_repository(folder, written))]
        return Application(self.project, self._library, files, directory, env_files)

    # What a set is for.

    def _role(self, paths: tuple[str, ...]) -> tuple[str, str]:
        """Role and reason, from the set alone."""
        last = paths[-1]
        place = self.project.place_of(last)
        stated = self.project.config.deploys
        if self.project.config.stated_place_of(last) == PRODUCTION_PLACE and (stated is None or "compose" in stated):
            return PRODUCTION, "the configuration says so"
        if place in (TEST_PLACE, CI_PLACE):
            return TEST, f"{last} is for tests"
        if stated is None or "compose" in stated:
            for command in self.commands:
                if command.files == paths and _is_plain(command):
                    return PRODUCTION, f"{command.line.file.path} runs it"
        if place != PRODUCTION_PLACE:
            return DEVELOPMENT, f"{last} is for {place}"
        if stated is not None and "compose" not in stated:
            return DEVELOPMENT, "the configuration deploys without Compose"
        denial = self._denial(last)
        if denial:
            return DEVELOPMENT, f'{last} says "{denial}"'
        word = _telling_word(paths)
        if word in _TEST_WORDS:
            return TEST, f'"{word}" in its name'
        if word in _DEVELOPMENT_WORDS:
            return DEVELOPMENT, f'"{word}" in its name'
        if word:
            return PRODUCTION, f'"{word}" in its name'
        for command in self.commands:
            reason = _reason(command) if command.files == paths and command.line.kind != DOCUMENT else ""
            if reason:
                return PRODUCTION, reason
        if stated is not None:
            return PRODUCTION, "the configuration deploys with Compose"
        return CANDIDATE, ""

    def _denial(self, path: str) -> str:
        """What the comments at the top of a file, or the document beside it, say against production."""
        file = self._library.get(path)
        if file is None or file.unreadable:
            return ""
        comments = _COMMENTS.match(file.file.text)
        found = _DENIAL.search(comments[0]) if comments else None
        return found[0].strip() if found else self._denial_beside(file.directory)

    def _denial_beside(self, directory: str) -> str:
        for name in _README:
            text = text_of(self.project, f"{directory}/{name}" if directory else name)
            found = _DENIED_IN_DOCUMENT.search(text)
            if found:
                return found[0].strip()
        return ""

    def _candidate(
        self, application: Application, commands: Sequence[ComposeCommand], certain: Sequence[tuple[str, ...]]
    ) -> tuple[str, str]:
        """What the rest of the repository says about a set that its own name and scripts say nothing about."""
        paths = tuple(file.path for file in application.files)
        folder = application.files[-1].directory
        for other in certain:
            near = other[-1].rpartition("/")[0]
            if set(paths) < set(other):
                return DEVELOPMENT, "production runs it together with other files"
            if near == folder or not folder or near.startswith(folder + "/"):
                return DEVELOPMENT, f"{other[-1]} is for production"
        running = [command for command in commands if command.verb in _STARTS and command.line.kind != CI]
        reason = next((reason for command in running if (reason := _reason(command))), "")
        if reason:
            return PRODUCTION, reason
        built = _built_for_development(application)
        if built:
            return DEVELOPMENT, f"it builds {built}"
        if running and all(_is_for_development(command) for command in running):
            return DEVELOPMENT, f"only {running[0].line.file.path} runs it, for development"
        if self._has_program and _runs_only_stores(application):
            return DEVELOPMENT, "it runs what the program needs, and not the program"
        if running:
            return CANDIDATE, f"{running[0].line.file.path} runs it"
        target = self._other_target(application)
        if target:
            return DEVELOPMENT, f"{target} deploys, and nothing runs this file"
        return CANDIDATE, "nothing says what it is for"

    @cached_property
    def _has_program(self) -> bool:
        """Whether the repository holds a program of its own."""
        return any(
            self.project.place_of(path) == PRODUCTION_PLACE
            for name in _OF_PROGRAMS
            for path in self.project.repository.named(name)
        )

    def _other_target(self, application: Application) -> str:
        """The Kubernetes manifest that deploys what the Compose files run, or what they run only the databases of."""
        from shipworthy.deployment.kubernetes import workloads
        from shipworthy.deployment.names import find, image_name

        found = [
            workload
            for workload in self.project.model(workloads)
            if self.project.place_of(workload.path) == PRODUCTION_PLACE
        ]
        own = {name for name, service in application.services.items() if service.build is not None}
        deployed = {image_name(image): workload.path for workload in found for image, _ in workload.images}
        deployed.update((workload.name, workload.path) for workload in found)
        if own:
            paths = [path for name in sorted(own) if (path := find(deployed, name)) is not None]
            return paths[0] if paths else ""
        return found[0].path if found else ""


def _of_editors(project: Project) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The Compose files that each development container starts together, with the outermost folder of its kind.

    Source: https://containers.dev/implementors/json_reference/ (dockerComposeFile)
    """
    for path in project.model(paths_besides_code):
        if not path.endswith("devcontainer.json"):
            continue
        directory = path.rpartition("/")[0]
        for top in tree_of(project, path).tops:
            files = top.get("dockerComposeFile")
            if isinstance(files, Block):
                written = [item.value for item in files.items() if isinstance(item, Setting)]
                found = [known for text in written if (known := in_repository(directory, text)) is not None]
                yield directory.partition("/")[0], tuple(found)


def compose(project: Project) -> Compose:
    """The Compose files and sets of the repository: ``project.model(compose)``."""
    return Compose(project)


def _telling_word(paths: tuple[str, ...]) -> str:
    """The word that says what the files are for: of the last name that has one, else of the innermost such folder."""
    for path in reversed(paths):
        name = path.rpartition("/")[2].lower()
        word = _word_in(name.rpartition(".y")[0])
        if word and (word not in _PRODUCTION_WORDS or _COMPOSE_NAME.search(name)):
            return word
    for folder in reversed(paths[-1].lower().split("/")[:-1]):
        word = _word_in(folder)
        if word:
            return word
    return ""


def _word_in(name: str) -> str:
    found: set[str] = set(_WORD.findall(name))
    for words in (_TEST_WORDS, _DEVELOPMENT_WORDS, _PRODUCTION_WORDS):
        if found & words:
            return min(found & words)
    return ""


def _reason(command: ComposeCommand) -> str:
    """Why a command shows that its files are production; "" where it does not."""
    line = command.line
    if line.file.place == TEST_PLACE or command.verb not in _STARTS:
        return ""
    if command.verb == STACK:
        return f"{line.file.path} deploys it to a swarm"
    if line.kind == UNIT:
        return f"{line.file.path} runs it"
    about = f"{line.file.path} {line.heading}"
    if _NAMED_PRODUCTION.search(about) and not _NAMED_DEVELOPMENT.search(about):
        return f"{line.file.path} runs it"
    if any(_NAMED_PRODUCTION.search(path) for path in command.env_files):
        return f"{line.file.path} runs it with {command.env_files[0]}"
    return ""


def _is_plain(command: ComposeCommand) -> bool:
    """Whether a command shows production whatever the files are called: a pipeline or a unit called so starts all."""
    line = command.line
    return command.verb == "up" and line.kind in (CI, UNIT) and _PLAIN_PRODUCTION.search(line.file.name) is not None


def _built_for_development(application: Application) -> str:
    """The Dockerfile for development that a set builds, where it builds no other one."""
    builds = [service.build for service in application.services.values() if service.build is not None]
    paths = [build.dockerfile_path for build in builds if build.dockerfile_path is not None]
    if len(paths) < len(builds) or not all(is_named_for_development(path) for path in paths):
        return ""
    return paths[0] if paths else ""


def _runs_only_stores(application: Application) -> bool:
    """Whether a set runs databases, tools to look into them, and nothing else."""
    images = [_pulled(service) for service in application.services.values()]
    known = [image for image in images if image is not None and (is_store(image) or image.name in _BESIDE_STORES)]
    return len(known) == len(images) and any(map(is_store, known))


def _pulled(service: Service) -> ImageReference | None:
    """The image that a service runs; None for one that is built, or not known."""
    image = service.known(service.image.text) if service.image is not None and service.build is None else None
    return parse(image) if image else None


def _is_for_development(command: ComposeCommand) -> bool:
    about = f"{command.line.file.path} {command.line.heading}"
    return command.line.file.place == TEST_PLACE or bool(_NAMED_DEVELOPMENT.search(about))
