"""One service of a Compose set, after merging.

Source: https://github.com/compose-spec/compose-spec/blob/main/05-services.md
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property
from typing import NamedTuple

from shipworthy.deployment.compose.values import Pair, Value
from shipworthy.deployment.interpolation import interpolated
from shipworthy.deployment.paths import in_repository
from shipworthy.formats.tree import Setting
from shipworthy.patterns import lazy

DEVELOPMENT_PROFILES = frozenset(
    "bench benchmark ci debug debugging dev devel development e2e load-test loadtest local perf performance seed test"
    " testing tests tool tools utils".split()
)
"""Profiles that nobody activates in production."""

MANUAL_PROFILES = frozenset(
    "admin backup cli init job jobs maintenance manual migrate migration migrations one-shot oneshot ops setup".split()
)
"""Profiles of services that somebody runs by hand, and that end by themselves."""

LONGEST_MOUNT = 10_000
"""Characters; colons behind them separate nothing."""

_ONE_SHOT = lazy(
    r"(?:^|[-_.])(?:migrat\w*|seed(?:er|s|ing)?|init(?:ial\w*|db)?|setup|bootstrap\w*|create|createbuckets?|backups?"
    r"|wait[-_]for.*|certgen|(?:gen|generate)[-_]?certs?|provision\w*|tests?|import(?:er)?"
    r"|load[-_]?(?:tests?|gen(?:erator)?))(?:$|[-_.])",
    re.IGNORECASE,
)
_ONE_SHOT_COMMAND = lazy(
    r"\b(?:migrate|migrations?|alembic\s+upgrade|db:(?:migrate|setup|seed)|createbuckets?|mc\s+(?:mb|alias)|wait-for-it|certonly)\b",
    re.IGNORECASE,
)
_ONE_SHOT_IMAGE = lazy(r"(?:^|/)(?:migrate|flyway|liquibase|load-test|k6|locust)(?:$|[:@])")
"""Images of programs that do one thing and end."""
_SEVERAL = lazy(r"&&|;|\bexec\b|\n|\|\|")
_STAYS_UP = frozenset({"always", "unless-stopped"})
_JOB_MODES = frozenset({"replicated-job", "global-job"})


class Build(NamedTuple):
    """How a service is built. ``context`` and ``dockerfile`` are as written, ``directory`` is what they start from.

    ``value`` is the ``build`` value itself; ``inline`` tells that the Dockerfile stands in the Compose file.
    """

    value: Value
    context: str
    dockerfile: str
    target: str
    directory: str
    inline: bool
    args: dict[str, Pair]
    context_path: str | None
    """The context's path in the repository; None where it cannot be known (a variable, a Git address)."""
    dockerfile_path: str | None
    """The Dockerfile's path in the repository; None where it cannot be known, or stands inline."""


class Mount(NamedTuple):
    """What is mounted into a service. ``type`` is bind, volume, anonymous, tmpfs, or what the long form says."""

    source: str
    target: str
    mode: str
    type: str
    value: Value


class Dependency(NamedTuple):
    """What a service waits for; ``condition`` is one of Compose's ``service_started``, ``service_healthy``, ..."""

    name: str
    condition: str
    required: bool
    value: Value


class EnvFile(NamedTuple):
    """One entry of ``env_file``. ``path`` is as written, ``resolved`` its path in the repository, None if unknown."""

    path: str
    resolved: str | None
    required: bool
    value: Value


class Service:
    """A service. ``definition`` is all that the set's files and extended services say about it.

    ``variables`` are those that the set's committed env files set.
    """

    def __init__(self, name: str, definition: Value, variables: Mapping[str, str]) -> None:
        self.name = name
        self.definition = definition
        self.variables = variables

    def __repr__(self) -> str:
        return f"<Service {self.name}>"

    def get(self, *names: str) -> Value | None:
        """The value below that path of keys, such as ``("deploy", "resources", "limits", "memory")``."""
        found = self.entries.get(names[0])
        return found.get(*names[1:]) if found is not None and len(names) > 1 else found

    def scalar(self, *names: str) -> str:
        """The text below that path of keys with variables replaced; "" where there is none or it is unknown."""
        found = self.get(*names)
        return (self.known(found.text) or "") if found is not None else ""

    def known(self, text: str) -> str | None:
        """``text`` with its variables replaced by what is committed; None where one of them is unknown."""
        return interpolated(text, self.variables)

    @cached_property
    def entries(self) -> dict[str, Value]:
        """What is set for the service, by key."""
        return self.definition.entries()

    @property
    def image(self) -> Value | None:
        """The ``image`` as written."""
        return self.entries.get("image")

    @property
    def has_provider(self) -> bool:
        """Whether something that is no container provides the service."""
        return "provider" in self.entries

    @cached_property
    def build(self) -> Build | None:
        """How the service is built; None for one that is only pulled."""
        value = self.entries.get("build")
        if value is None or value.is_null:
            return None
        given = value.entries(short="context")
        context = given.get("context")
        written = context.text if context is not None else "."
        directory = context.directory if context is not None else value.directory
        inline = "dockerfile_inline" in given
        dockerfile = given["dockerfile"].text if "dockerfile" in given else "Dockerfile"
        context_path = self._path(directory, written)
        dockerfile_path = None if inline or context_path is None else self._path(context_path, dockerfile)
        target = given["target"].text if "target" in given else ""
        args = given["args"].pairs() if "args" in given else {}
        return Build(value, written, dockerfile, target, directory, inline, args, context_path, dockerfile_path)

    @cached_property
    def environment(self) -> dict[str, Pair]:
        """The variables that the Compose files themselves set."""
        value = self.entries.get("environment")
        return value.pairs() if value is not None else {}

    @cached_property
    def env_files(self) -> list[EnvFile]:
        """The env files that the service reads, in order."""
        value = self.entries.get("env_file")
        found: list[EnvFile] = []
        for item in value.items() if value is not None else ():
            given = item.entries(short="path")
            path = given.get("path")
            if path is not None and path.text:
                required = given["required"].text.lower() not in ("false", "no", "off") if "required" in given else True
                found.append(EnvFile(path.text, self._path(path.directory, path.text), required, path))
        return found

    @cached_property
    def mounts(self) -> list[Mount]:
        """The volumes, bind mounts and tmpfs mounts; of several for one target the last one."""
        found: dict[str, Mount] = {}
        volumes, tmpfs = self.entries.get("volumes"), self.entries.get("tmpfs")
        for item in volumes.items() if volumes is not None else ():
            mount = _mount(item)
            found[mount.target.rstrip("/")] = mount
        for item in tmpfs.items() if tmpfs is not None else ():
            target, _, mode = item.text.partition(":")
            found[target.rstrip("/")] = Mount("", target, mode, "tmpfs", item)
        return list(found.values())

    @cached_property
    def ports(self) -> list[Value]:
        """The published ports, equal ones once."""
        value = self.entries.get("ports")
        return list({item.text or id(item.node): item for item in value.items()}.values()) if value is not None else []

    @cached_property
    def depends_on(self) -> dict[str, Dependency]:
        """What the service waits for, by name."""
        value = self.entries.get("depends_on")
        found: dict[str, Dependency] = {}
        for name, item in value.names().items() if value is not None else ():
            is_short = isinstance(item.node, Setting)  # which says all that the long form may say, not only a name
            condition = item.scalar("condition") if not is_short else ""
            required = is_short or item.scalar("required") != "false"
            found[name] = Dependency(name, condition or "service_started", required, item)
        return found

    def named(self, key: str) -> dict[str, Value]:
        """The networks, secrets or configs that the service uses, by name."""
        value = self.entries.get(key)
        if value is None:
            return {}
        found = value.names()
        for item in value.items():  # secrets and configs in the long form are mappings with a source
            source = item.get("source")
            if source is not None and source.text:
                found[source.text] = source
        return found

    @cached_property
    def profiles(self) -> tuple[str, ...]:
        """The profiles that switch the service on; none: it is always on."""
        value = self.entries.get("profiles")
        return tuple(item.text for item in value.items()) if value is not None else ()

    @cached_property
    def replicas(self) -> int | None:
        """How many containers are asked for; None where nothing or a variable says it."""
        number = self.scalar("deploy", "replicas") or self.scalar("scale")
        return int(number) if number.isdecimal() and len(number) < 9 else None

    @property
    def is_active(self) -> bool:
        """Whether production runs the service: not switched off, not only in a profile for development or tests."""
        only_development = bool(self.profiles) and all(name.lower() in DEVELOPMENT_PROFILES for name in self.profiles)
        return not only_development and self.replicas != 0

    @cached_property
    def command(self) -> str:
        """What the service runs, entrypoint and command in one line as written; "" where the image decides."""
        parts: list[str] = []
        for key in ("entrypoint", "command"):
            value = self.entries.get(key)
            parts += [item.text for item in value.items()] if value is not None else []
        return " ".join(parts)

    def one_shot(self, waited_for: bool) -> str:
        """Why the service counts as one that ends by itself; "" for one that should stay up.

        ``waited_for`` tells that another service depends on its successful completion.
        """
        if waited_for:
            return "another service waits for its completion"
        mode = self.scalar("deploy", "mode")
        if mode in _JOB_MODES:
            return f"deploy.mode is {mode}"
        if self.scalar("restart") in _STAYS_UP or self.ports:
            return ""
        if self.profiles and self.scalar("restart") == "no":
            return "only a profile starts it, and nothing starts it again"
        if self.profiles and all(name.lower() in MANUAL_PROFILES for name in self.profiles):
            return f"the profile {self.profiles[0]} starts it, and it publishes no port"
        if _ONE_SHOT.search(self.name):
            return f"it is called {self.name} and publishes no port"
        if self.image is not None and _ONE_SHOT_IMAGE.search(self.image.text):
            return f"it runs {self.image.text}"
        if _ONE_SHOT_COMMAND.search(self.command) and not _SEVERAL.search(self.command):
            return f"it runs {self.command}"
        return ""

    def _path(self, directory: str, written: str) -> str | None:
        known = self.known(written)
        return in_repository(directory, known) if known is not None else None


def _mount(item: Value) -> Mount:
    """A mount in the short form ``source:target:mode`` or as a mapping."""
    if item.text:
        source, target, mode = _short_mount(item.text)
        return Mount(source, target, mode, _type(source), item)
    source, target = item.scalar("source") or item.scalar("src"), item.scalar("target") or item.scalar("dst")
    mode = "ro" if item.scalar("read_only") == "true" else ""
    return Mount(source, target, mode, item.scalar("type") or "volume", item)


def _short_mount(text: str) -> tuple[str, str, str]:
    """Source, target and mode. Colons inside ``${...}`` and behind a drive letter separate nothing."""
    separators: list[int] = []
    opened = start = 0
    for position, character in enumerate(text[:LONGEST_MOUNT]):
        if character == "{":
            opened += 1
        elif character == "}":
            opened -= 1
        elif character == ":" and opened <= 0:
            is_drive = (
                position - start == 1 and text[start].isalpha() and text[position + 1 : position + 2] in ("\\", "/")
            )
            if not is_drive:
                separators.append(position)
                start = position + 1
    if not separators:
        return "", text, ""
    first, second = separators[0], separators[1] if len(separators) > 1 else len(text)
    return text[:first], text[first + 1 : second], text[second + 1 :]


def _type(source: str) -> str:
    if not source:
        return "anonymous"
    return "bind" if source.startswith(("/", ".", "~", "$")) or source[1:2] == ":" else "volume"
