"""Which committed files may start a script that may not start: only they are worth parsing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from shipworthy.deployment.base_images import BARE_IMAGES
from shipworthy.deployment.evidence import text_of
from shipworthy.deployment.executions.suspects import MODE_IS_GIVEN, Suspects
from shipworthy.deployment.references.model import is_ours
from shipworthy.deployment.references.readers import dockerfile_paths, unit_paths
from shipworthy.deployment.references.walking import DOES_WITHOUT
from shipworthy.index import REGULAR
from shipworthy.patterns import lazy, lines_holding

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.project import Project

_SETTINGS = "services\ncommand"
"""One of them stands in every Compose file, and in every manifest that says what a container starts."""
_ENDINGS = tuple(
    ".yaml .yml .json .j2 .jinja .jinja2 .tmpl .tpl .ctmpl .gotmpl .template .templ .mustache .erb .in .tmp .dist"
    " .default .example .sample .orig .old".split()
)
_SERVICES = lazy(r"(?<![\w-])services[\"']?[ \t]*:")
"""The key that every Compose file has; the word alone stands in translations and lock files too."""
_VOLUMES = ("configMap", "secret")
_HANDED = lazy(
    r"(?P<copy>^[ \t]*(?:COPY|ADD)\b[^\n]*)"
    r"|(?<![\w=.:/-])(?:/[\w./-]+/)?(?:node|nodemon|bun|deno|tsx|ts-node|python[\d.]*|ruby|php|perl|bash|sh)"
    r"(?:[\"',]?[ \t]+[\"']?-(?!\w*[ce]\b)[\w=.:-]+)*[\"',]?[ \t]+[\"']?[\w./@$][\w./@${}-]*",
    re.MULTILINE | re.IGNORECASE,
)
"""An interpreter with the file that it is handed, which needs no bit; where files are copied such words name files."""
_IDLE = lazy(
    r"[ \t]*(?:#|@?(?:echo|printf|chmod|touch|cat|cp|mv|rm|ln|ls|cd|mkdir|head|tail|grep|wc|sed)[ \t][^;&|`(]*$)"
)
"""A line of a script that only speaks of files, or whose program starts none."""
_MAKEFILE = lazy(r"(?:GNU)?[Mm]akefile")
_IN_FOLDER = lazy(r"[\w}\")`.]/(?P<name>[\w.-]+)(?![\w./-])")
"""The name of a file behind its folder, whatever gives that."""
SHELL_SCRIPTS = (".sh", ".bash")
_STARTED_BY_GIT = frozenset(
    "applypatch-msg commit-msg post-applypatch post-checkout post-commit post-merge post-rewrite pre-applypatch"
    " pre-auto-gc pre-commit pre-merge-commit pre-push pre-rebase pre-receive prepare-commit-msg update".split()
)
_MOST_DOCUMENTED = 200
"""Scripts that are looked for in documents."""


def search(project: Project) -> None:
    """Have git look for Compose files and manifests while modules load."""
    project.repository.search(_SETTINGS, _ENDINGS)


class Starters:
    """The files that may start a suspect: ``project.model(Starters)``.

    ``dockerfiles`` are those that name one, ``on_hosts`` the manifests of packages, Procfiles, makefiles and scripts
    that do, all sorted. ``has_units``, ``has_compose`` and ``has_pods`` tell that one of those may start one; what a
    pod starts may also be in a volume. ``hooks`` are git's own that lack a bit, and ``documented`` the names of the
    scripts without one that documents may tell their readers to start.
    """

    def __init__(self, project: Project) -> None:
        self.project = project
        suspects = self._suspects = project.model(Suspects)
        images = list(dockerfile_paths(project))
        named = self._naming(images)
        self.dockerfiles = [
            path for path, lines in named.items() if suspects.are_named(lines, self._text(path).lower())
        ]
        containers = self._of_containers(images)
        units = self._naming(unit_paths(project))
        self.has_units = any(suspects.are_named(text) for text in units.values())
        on_hosts = self._naming(_paths_on_hosts(project))
        naming = [path for path, text in on_hosts.items() if self._is_on_host(text)]
        self.on_hosts = [path for path in naming if self._is_on_host(_without_idle_lines(on_hosts[path]))]
        without_bits = [path for path in project.repository.files if project.repository.mode(path) == REGULAR]
        self.hooks = [path for path in without_bits if self._is_hook(path)]
        self.documented = sorted({path[path.rfind("/") + 1 :] for path in without_bits if path.endswith(".sh")})
        del self.documented[_MOST_DOCUMENTED:]
        speaking = {*naming} - {*self.on_hosts}  # what the others start is known when they are parsed
        commands = {
            path: text for path, text in on_hosts.items() if path in speaking or not path.endswith(SHELL_SCRIPTS)
        }
        self._read = {**named, **containers, **units, **commands}

    def _of_containers(self, images: Iterable[str]) -> dict[str, str]:
        """The lines of Compose files and manifests of pods that may name a script; ``images`` are all Dockerfiles."""
        settings = self.project.repository.containing(_SETTINGS, _ENDINGS)
        compose: dict[str, str] = {}
        pods: dict[str, str] = {}
        has_volumes = False
        for path in settings:
            text = self._text(path)
            is_of_pods, is_compose = "apiVersion" in text and "command" in text, _has_services(text)
            lines = self._lines_naming(text) if is_of_pods or is_compose else ""
            if is_of_pods:
                pods[path] = lines
                has_volumes = has_volumes or any(word in text for word in _VOLUMES)
            if is_compose and lines:
                compose[path] = lines
        named = {**compose, **{path: lines for path, lines in pods.items() if lines}}
        about = _told_of_images(map(self._text, (*images, *settings))) if named else ""
        are_named = self._suspects.are_named
        # A script that a Dockerfile names may have another name in its image.
        self.has_compose = bool(self.dockerfiles) or any(are_named(text, about) for text in compose.values())
        self.has_pods = has_volumes or any(self.dockerfiles or are_named(text, about) for text in pods.values())
        return named

    def _text(self, path: str) -> str:
        return text_of(self.project, path)

    def _naming(self, paths: Iterable[str]) -> dict[str, str]:
        """The lines that may name a script, of the files that have some."""
        found = {path: self._lines_naming(self._text(path)) for path in paths}
        return {path: lines for path, lines in found.items() if lines}

    def _lines_naming(self, text: str) -> str:
        """The lines of a text that may name a script, without what interpreters are handed; "" where there are none."""
        lines = self._suspects.lines_naming(text)
        return _HANDED.sub(_kept, lines) if lines else ""

    def _is_on_host(self, text: str) -> bool:
        """Whether a text names a suspect behind a folder."""
        return self._suspects.are_named(text, names=_in_folders(text))

    @property
    def start_sound(self) -> bool:
        """Whether one seems to start a script of which nothing is wrong."""
        found = (path for path, text in self._read.items() if self._suspects.starts_sound(text))
        return any(is_ours(self.project, path) for path in found)

    @property
    def are_any_on_hosts(self) -> bool:
        """Whether anything outside of images and pipelines may start one."""
        return bool(self.on_hosts or self.has_units or self.hooks or self.documented)

    def _is_hook(self, path: str) -> bool:
        folder, _, name = path.rpartition("/")
        return name in _STARTED_BY_GIT and bool(folder) and not self.project.config.excludes(path)


def _paths_on_hosts(project: Project) -> Iterator[str]:
    """What starts programs on hosts and laptops."""
    for path in project.repository.files:
        name = path[path.rfind("/") + 1 :]
        is_one = name == "package.json" or name.endswith(SHELL_SCRIPTS) or name.startswith("Procfile")
        if is_one or ("akefile" in name and _MAKEFILE.fullmatch(name)):
            yield path


def _kept(found: re.Match[str]) -> str:
    return found["copy"] or " "


def _without_idle_lines(text: str) -> str:
    """The lines that may start something that has to be there; those that set a variable may name it for another."""
    lines = (line for line in text.split("\n") if "=" in line or not DOES_WITHOUT.search(line))
    return "\n".join(line for line in lines if not _IDLE.match(line))


def _has_services(text: str) -> bool:
    return any(_SERVICES.search(text, start, end) for start, end in lines_holding(text, ("services",)))


def _told_of_images(texts: Iterable[str]) -> str:
    """What texts say of images that `Suspects` asks for."""
    wanted = dict.fromkeys((MODE_IS_GIVEN, *BARE_IMAGES), False)
    for text in texts:
        lowered = text.lower()
        wanted = {word: is_told or word in lowered for word, is_told in wanted.items()}
    return " ".join(word for word, is_told in wanted.items() if is_told)


def _in_folders(text: str) -> list[str]:
    """The names of files that a text names behind a folder."""
    return [found["name"] for found in _IN_FOLDER.finditer(text)]
