"""The places where a repository gives variables and keys their values, and what each of them is for.

Env files, Compose, Kubernetes, Dockerfiles, systemd units, blueprints of Render, Spring's and .NET's settings, the
values of Helm charts and the configuration of brokers are read alike. What a file is for is told by its name, by its
folder, and by the Compose set that reads it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from shipworthy.deployment.besides_code import files_besides_code
from shipworthy.deployment.compose import ROLES, ComposeSet, Pair, Service, compose
from shipworthy.deployment.containerfiles import dockerfiles
from shipworthy.deployment.env_names import (
    DEVELOPMENT_WORDS,
    MAY_BE_EXAMPLE,
    TEST_WORDS,
    is_env_file,
    without_example_words,
)
from shipworthy.deployment.kubernetes.documents import documents
from shipworthy.deployment.names import shared_prefix
from shipworthy.deployment.paths import in_repository
from shipworthy.file import File
from shipworthy.formats import format_of, read_embedded
from shipworthy.formats.source import Source
from shipworthy.formats.tree import DEFAULT, VARIABLE, Block, Setting
from shipworthy.formats.unreadable import TooLarge, Unreadable
from shipworthy.patterns import lazy
from shipworthy.places import DEVELOPMENT as DEVELOPMENT_PLACE
from shipworthy.places import EXAMPLE as EXAMPLE_PLACE
from shipworthy.places import PRODUCTION as PRODUCTION_PLACE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.project import Project

PRODUCTION, CANDIDATE, DEVELOPMENT, TEST = ROLES
UNMARKED = "unmarked"
"""An env file that nothing says anything about: ``.env``."""
PRIVATE = "private"
"""What one person keeps on one machine: ``.env.local``."""
EXAMPLE = "example"

ENV_FILE = "env file"
COMPOSE = "compose"
KUBERNETES = "kubernetes"
DOCKERFILE = "dockerfile"
BUILD = "build"
"""What a Dockerfile sets for the build alone: an argument, or a variable of a stage that does not ship."""
UNIT = "unit"
SETTINGS = "settings"
"""A program's own configuration: Spring, .NET, a broker."""
CHART = "chart"
PLATFORM = "platform"
"""What a platform is told to run: a blueprint of Render."""
SECRET_FILE = "secret file"
"""A file that Compose hands to containers as a secret."""

_PLACES = (PRODUCTION_PLACE, DEVELOPMENT_PLACE)
"""Where what stands in files counts."""
_PRODUCTION_WORDS = frozenset({"prod", "production", "prd", "staging", "stage", "live"})
_PRODUCTION_FOLDERS = frozenset({"prod", "production", "prd", "staging"})
_DEVELOPMENT_WORDS = DEVELOPMENT_WORDS | {"devcontainer", "minikube", "kind", "k3d", "sandbox", "demo"}
_ENCRYPTED_WORDS = frozenset({"enc", "encrypted", "vault", "sops", "age", "gpg", "sealed"})
_WORD = lazy(r"[a-z0-9]+")
_PRIVATE_NAME = lazy(r"\.env(?:\.\w+)?\.local")
_VALUES = lazy(r"(?:^|/)(?:values[^/]*|[^/]*[-_.]values)\.ya?ml$", holding=("values",))
_SETTINGS = lazy(
    r"(?:^|/)(?:appsettings[^/]*\.json|(?:application|bootstrap)(?:-[\w.-]+)?\.(?:ya?ml|properties)"
    r"|(?:redis|valkey|rabbitmq)[^/]*\.conf)$",
    holding=("appsettings", "application", "bootstrap", ".conf"),
)
_BLUEPRINTS = frozenset({"render.yaml", "render.yml"})
"""https://render.com/docs/blueprint-spec"""
_UNIT_NAME = lazy(r"\.service(?:\.(?:j2|template|tmpl|in))?$", holding=(".service",))
_MANIFEST = lazy(rb"^[ \t]*(?:- )?(?:kind: *[\"']?ConfigMap\b|env:)", re.MULTILINE)
_DEFINITION = lazy(r"^kind: *[\"']?CustomResourceDefinition\b", re.MULTILINE)
_LARGE = 100_000
"""Characters of a manifest."""
_TELLING = lazy(
    rb"pass|secret|token|pwd|_key|apikey|api-key|credential|salt|pepper|private|auth|://[^\s/:@]*:[^\s/@]+@|license"
    rb"|key[\"']?\s*[:=]|sk[-_]|gh[pousr]_|AKIA",
    re.IGNORECASE,
    holding=(
        *(b"pass", b"secret", b"token", b"pwd", b"key", b"credential", b"salt", b"pepper", b"private", b"auth"),
        *(b"://", b"license", b"sk-", b"sk_", b"ghp_", b"gho_", b"ghu_", b"ghs_", b"ghr_", b"akia"),
    ),
)
"""Stands in every file that can hold a finding: some name of a secret, or a password in a URL."""
_TELLING_INSTRUCTION = lazy(
    rb"^[ \t]*(?:ENV|ARG)[ \t][^\n]*?(?:pass|secret|token|pwd|_key|apikey|salt|credential|auth|://|sk-|gh[pousr]_|AKIA)",
    re.IGNORECASE | re.MULTILINE,
)
"""Stands in every Dockerfile that can hold a finding, its continued lines joined."""
_CONTINUED = lazy(rb"\\\r?\n")
_SECRET_KINDS = frozenset({"Secret", "SealedSecret", "ExternalSecret", "ClusterExternalSecret", "SecretStore"})
"""Objects that belong to the rule about them, or that hold no secret but say where one is."""
_REFERRING = lazy(
    r"existing\w*|secretkeys?|secretkeyref|secretref|externalsecrets?|valuefrom|secretname", re.IGNORECASE
)
_NAMING = lazy(r"(?:^|[_.\-])(?:USER|USERNAME|DB|DATABASE|DBNAME)$", re.IGNORECASE)
_GENERIC_KEYS = frozenset({"key", "value", "default", "secret_value", "raw"})


class Assignment(NamedTuple):
    """A variable or key with its value.

    ``origin`` says what kind of file it stands in, ``stage`` what the file is for. ``known`` are the names around it
    that a weak secret equals, in small letters. ``given`` are the variables that committed files set, so that what
    stands in for them never counts.
    """

    file: File
    start: int
    name: str
    value: str
    origin: str
    stage: str
    known: frozenset[str] = frozenset()
    given: frozenset[str] = frozenset()


def assignments(project: Project) -> Iterator[Assignment]:
    """Every place that gives a variable or key a value; those in tests and in generated or foreign files left out."""
    yield from _of_compose(project)
    stages = _stages_by_compose(project)
    containerfiles = {dockerfile.path for dockerfile in project.model(dockerfiles)}
    for path in project.model(files_besides_code):
        reader = _reader(path, containerfiles)
        if reader is None or project.config.excludes(path):
            continue
        if project.place_of(path) not in _PLACES:
            continue
        try:
            file = project.open(path)  # its tree is not kept: hardly any other rule reads all of a manifest
            if not _TELLING.search(file.data):
                continue
            stage = _stage(project, path, stages)
            if stage != TEST:
                yield from reader(file, stage)
        except (OSError, Unreadable):
            continue


# What a file is for.


def _stage(project: Project, path: str, by_compose: dict[str, str]) -> str:
    """What a file is for; `TEST` for what is no configuration of this repository, too."""
    place = project.place_of(path)
    words = set(_WORD.findall(path.lower()))
    name = path.rpartition("/")[2]
    if place not in _PLACES or words & TEST_WORDS:
        return TEST
    if MAY_BE_EXAMPLE.search(name.lower()) and without_example_words(name) != name:
        return EXAMPLE
    if _PRIVATE_NAME.match(name):
        return PRIVATE
    own = set(_WORD.findall(name.lower()))
    if own & _PRODUCTION_WORDS:
        return PRODUCTION
    if own & _DEVELOPMENT_WORDS or place == DEVELOPMENT_PLACE:
        return DEVELOPMENT
    if path in by_compose:
        return by_compose[path]
    if words & _PRODUCTION_FOLDERS:
        return PRODUCTION
    if words & _DEVELOPMENT_WORDS or "docker" in own:
        return DEVELOPMENT
    if is_env_file(path):
        return UNMARKED
    return CANDIDATE if _SETTINGS.search(path) or _VALUES.search(path) else PRODUCTION


def _stages_by_compose(project: Project) -> dict[str, str]:
    """The env files that Compose reads, with the role of the first set that does."""
    found: dict[str, str] = {}
    for compose_set in project.model(compose).sets:
        directory = compose_set.directory
        found.setdefault(f"{directory}/.env" if directory else ".env", compose_set.role)
        for service in compose_set.services.values():
            for env_file in service.env_files:
                if env_file.resolved:
                    found.setdefault(env_file.resolved, compose_set.role)
    return found


# Compose.


def _of_compose(project: Project) -> Iterator[Assignment]:
    """The environments and build arguments of services, each once, as the first set has them."""
    seen: set[tuple[str, int]] = set()
    for compose_set in project.model(compose).sets:
        if compose_set.role == TEST or project.place_of(compose_set.file.path) == EXAMPLE_PLACE:
            continue
        services = compose_set.services.values()
        names = [service.name for service in services]
        product = shared_prefix(names).strip("-")
        known = frozenset(name.lower() for name in (*names, product) if name).union(*map(_names_in, services))
        for service in services:
            given = frozenset(name for name, value in service.variables.items() if value)
            stage = compose_set.role if service.is_active else DEVELOPMENT
            for pair in _pairs(service):
                file, start = pair.layer.file, pair.layer.node.start
                if pair.value and (file.path, start) not in seen:
                    seen.add((file.path, start))
                    yield Assignment(file, start, pair.name, pair.value, COMPOSE, stage, known, given)
        yield from _of_secret_files(project, compose_set)


def _of_secret_files(project: Project, compose_set: ComposeSet) -> Iterator[Assignment]:
    for name, value in compose_set.declared("secrets").items():
        path = in_repository(value.directory, value.scalar("file"))
        if path is None or path not in project.repository or MAY_BE_EXAMPLE.search(path.lower()):
            continue
        try:
            file = project.file(project.repository.resolve(path))
            text = file.text.strip()
        except (KeyError, OSError, Unreadable):
            continue
        if "\n" not in text:
            yield Assignment(file, 0, f"the secret {name}", text, SECRET_FILE, compose_set.role)


def _pairs(service: Service) -> Iterator[Pair]:
    yield from service.environment.values()
    if service.build is not None:
        yield from service.build.args.values()


def _names_in(service: Service) -> frozenset[str]:
    """The users and databases that a service's environment names."""
    pairs = service.environment.values()
    return _named((pair.name, service.known(pair.value) or "") for pair in pairs if pair.value)


def _named(values: Iterable[tuple[str, str]]) -> frozenset[str]:
    """The values of variables that name users and databases, in small letters."""
    return frozenset(
        value.lower() for name, value in values if _NAMING.search(name) and 0 < len(value) < 40 and "$" not in value
    )


# Files by themselves.


def _reader(path: str, containerfiles: set[str]) -> Callable[[File, str], Iterator[Assignment]] | None:
    name = path.rpartition("/")[2]
    if path in containerfiles:
        return _of_dockerfile
    if "env" in name and is_env_file(path) and format_of(path) == "dotenv":
        return None if set(_WORD.findall(name.lower())) & _ENCRYPTED_WORDS else _of_env_file
    if name in _BLUEPRINTS:
        return _of_blueprint
    if name.endswith((".yaml", ".yml")):
        if _VALUES.search(path):
            return _of_chart
        return _of_settings if _SETTINGS.search(path) else _of_manifest
    if _SETTINGS.search(path):
        return _of_settings
    return _of_unit if _UNIT_NAME.search(name) else None


def _of_env_file(file: File, stage: str) -> Iterator[Assignment]:
    settings = [setting for setting in file.document.root.settings if setting.kind == VARIABLE]
    known = _named((setting.name, setting.value) for setting in settings)
    given = frozenset(setting.name for setting in settings if setting.value)
    for setting in settings:
        yield Assignment(file, setting.start, setting.name, setting.value, ENV_FILE, stage, known, given)


def _of_dockerfile(file: File, stage: str) -> Iterator[Assignment]:
    if not _TELLING_INSTRUCTION.search(_CONTINUED.sub(b" ", file.data)):
        return
    stages = [block for block in file.document.root.blocks if block.kind == "stage"]
    for setting in _variables(file.document.root):
        instruction = setting.inside("instruction")
        if instruction is None or instruction.name not in ("ENV", "ARG"):
            continue
        ships = instruction.name == "ENV" and setting.inside("stage") is (stages[-1] if stages else None)
        origin = DOCKERFILE if ships else BUILD
        yield Assignment(file, setting.start, setting.name, setting.value, origin, stage)


def _of_unit(file: File, stage: str) -> Iterator[Assignment]:
    for setting in _variables(file.document.root):
        yield Assignment(file, setting.start, setting.name, setting.value, UNIT, stage)


def _of_blueprint(file: File, stage: str) -> Iterator[Assignment]:
    """The variables of services, each a ``key`` with its ``value``."""
    for setting in file.document.root.all_settings():
        pair = setting.parent
        if setting.name == "value" and setting.value and pair is not None and isinstance(pair.get("key"), Setting):
            yield Assignment(file, setting.start, pair.value("key"), setting.value, PLATFORM, stage)


def _of_manifest(file: File, stage: str) -> Iterator[Assignment]:
    """The environments of containers and what ConfigMaps hold."""
    if b"apiVersion" not in file.data or not _MANIFEST.search(file.data):
        return
    for document in _documents(file):
        for setting in _of_objects(document):
            yield Assignment(file, setting.start, _name(setting), setting.value, KUBERNETES, stage)


def _documents(file: File) -> Iterator[Block]:
    """The documents of a manifest; of a large one only those that may hold a value, each read by itself.

    Large ones hold definitions of custom resources, which name everything and set nothing.
    """
    text = file.text
    if len(text) < _LARGE or not file.path.endswith((".yaml", ".yml")):
        yield from file.document.root.blocks
        return
    source = Source(text)
    for start, end in documents(text):
        if _MANIFEST.search(text[start:end].encode()) and not _DEFINITION.search(text, start, end):
            try:
                root = read_embedded(file.path, source.part(start, end))
            except TooLarge as error:
                file.note_size(str(error))
                continue
            yield from root.blocks if root is not None else ()


def _of_objects(document: Block) -> Iterator[Setting]:
    """The variables of a Kubernetes document, and all settings below the ``data`` of its ConfigMaps."""
    waiting = [(document, "", False)]
    while waiting:
        block, kind, is_data = waiting.pop()
        if block.kind == "mapping" and not is_data:
            own = {child.name: child for child in block.children}
            given = own.get("kind")
            kind = given.value if "apiVersion" in own and isinstance(given, Setting) else kind
        if kind in _SECRET_KINDS:
            continue
        is_data = is_data or (kind == "ConfigMap" and block.name == "data")
        for child in block.children:
            if isinstance(child, Block):
                waiting.append((child, kind, is_data))
            elif isinstance(child, Setting) and kind and (is_data or child.kind == VARIABLE) and child.kind != DEFAULT:
                yield child


def _of_chart(file: File, stage: str) -> Iterator[Assignment]:
    yield from _of_tree(file, stage, CHART)


def _of_settings(file: File, stage: str) -> Iterator[Assignment]:
    for block in file.document.root.blocks:
        if isinstance(block.get("apiVersion"), Setting):
            yield from _of_manifest(file, stage)
            return
    yield from _of_tree(file, stage, SETTINGS)


def _of_tree(file: File, stage: str, origin: str) -> Iterator[Assignment]:
    """The settings of a configuration, however deep."""
    for setting in file.document.root.all_settings():
        if setting.kind == DEFAULT or not setting.value or setting.tag:
            continue
        name = _name(setting)
        if name and not any(_REFERRING.fullmatch(key) for key in setting.keys):
            own = _stage_of_profile(setting) or stage
            yield Assignment(file, setting.start, name, setting.value, origin, own)


def _stage_of_profile(setting: Setting) -> str:
    """What the Spring profile of a document says: `DEVELOPMENT`, or ""."""
    document = None
    for block in setting.enclosing:
        if block.kind == "mapping":
            document = block
    found = document
    for key in ("spring", "config", "activate"):
        found = found.block(key) if found is not None else None
    profile = found.value("on-profile") if found is not None else ""
    return DEVELOPMENT if set(_WORD.findall(profile.lower())) & (_DEVELOPMENT_WORDS | TEST_WORDS) else ""


def _name(setting: Setting) -> str:
    """What a setting is called: by the ``name`` beside a ``value``, with the key around a meagre one."""
    parent = setting.parent
    if parent is None:
        return setting.name
    if setting.name == "value" and parent.kind == "mapping" and isinstance(parent.get("name"), Setting):
        return parent.value("name")
    if parent.kind == "sequence":
        return ""
    if setting.name.lower() in _GENERIC_KEYS and parent.name:
        return f"{parent.name}_{setting.name}"
    return setting.name


def _variables(root: Block) -> Iterator[Setting]:
    return (setting for setting in root.all_settings() if setting.kind == VARIABLE and setting.value)
