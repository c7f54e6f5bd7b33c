"""Where the image of a service comes from: a Dockerfile, or what stands in its place."""

from __future__ import annotations

import re
from functools import cached_property

from shipworthy.deployment.containerfiles import (
    COPIES_ALL,
    Build,
    Dockerfile,
    builds,
    dockerfiles,
    label_of,
)
from shipworthy.deployment.evidence import Evidence, line_at, text_of
from shipworthy.deployment.names import comparable, spelled
from shipworthy.deployment.platforms import (
    BUILDER,
    SITE,
    Platform,
    platforms,
    started_on_hosts,
)
from shipworthy.deployment.services import STATIC, Service, services
from shipworthy.patterns import lazy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.project import Project

_STAGE = lazy(r"^[ \t]*FROM[ \t][^\n]*[ \t]AS[ \t]+(?P<stage>[\w.-]+)", re.MULTILINE | re.IGNORECASE)
_FAN_OUT = lazy(
    r"^[ \t]*ARG[ \t]+(?:SERVICE|APP|PACKAGE|PROJECT|MODULE|TARGET|COMPONENT|BINARY|CMD|WORKSPACE|ARTIFACT|JAR|WAR)"
    r"(?:_?(?:NAME|DIR|PATH|FILE|ID))?\b",
    re.MULTILINE,
)
"""A Dockerfile that is told which of the services to build."""
_TAKEN = lazy(r"^[ \t]*(?:COPY|ADD)[ \t]+(?:[^\n]*/)?\$\{?\w+\}?(?:\.[jw]ar)?[ \t/]", re.MULTILINE | re.IGNORECASE)
"""An argument that names a whole file or folder which is copied."""
_ARTIFACT = lazy(r"<artifactId>[ \t]*(?P<name>[\w.-]+)[ \t]*</artifactId>")
_ABOUT_IMAGES = ("-docker", "-image", "-container")
_INSTRUCTION = lazy(
    r"^[ \t]*(?:FROM|COPY|ADD|WORKDIR|RUN|ARG|ENV|CMD|ENTRYPOINT)\b(?:[^\n]*\\\r?\n)*[^\n]*",
    re.MULTILINE | re.IGNORECASE,
)
_SCOPED_NAME = lazy(r"^[ \t]*\"name\"[ \t]*:[ \t]*\"(?P<name>@[\w./-]+)\"", re.MULTILINE)
_HOST_PROJECT = lazy(r"<ProjectReference\s[^>\n]{0,200}Include\s*=\s*[\"'](?P<path>[^\"'\n]+)[\"']")
_SITE_HOSTS = frozenset({"Cloudflare", "Render"})
"""Hosts of programs that hand out sites as well."""


def image_source(project: Project, service: Service) -> Evidence | None:
    """The place that the service's image comes from, or None where the repository has none."""
    return project.model(_Sources).of(service)


class _Sources:
    """All image sources of a repository, asked for one service at a time."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.services = project.model(services)
        self.dockerfiles = project.model(dockerfiles)
        self.platforms = project.model(platforms)
        self._builds_at: dict[tuple[str, int], list[tuple[int, Build]]] = {}
        for number, build in enumerate(project.model(builds)):
            self._builds_at.setdefault((build.path, build.line), []).append((number, build))
        self._dockerfiles_of: dict[str, list[Dockerfile]] = {}
        for dockerfile in self.dockerfiles:
            if (owner := self.services.owner(dockerfile.path)) is not None:
                self._dockerfiles_of.setdefault(owner.path, []).append(dockerfile)
        self._texts: dict[str, str] = {}

    def of(self, service: Service) -> Evidence | None:
        """The first source there is, the most certain kind first."""
        for find in (
            self._stated,
            self._built,
            self._inside,
            self._called_alike,
            self._around,
            self._platform,
            self._aspire,
            self._depended_on,
            self._mentioning,
            self._beside,
            self._pipeline,
            self._host,
        ):
            source = find(service)
            if source:
                return source
        return None

    def _stated(self, service: Service) -> Evidence | None:
        """What the configuration states, an image of another repository among it."""
        if not service.image:
            return None
        if service.image == "external" or service.image in self.project.repository:
            return Evidence(self.project.config.path, service.evidence[0].line, f"stated: {service.image}")
        return None

    def _inside(self, service: Service) -> Evidence | None:
        """A Dockerfile in the service's folder, not in that of a service within it."""
        if not service.path:
            return None
        owned = self._dockerfiles_of.get(service.path, ())
        inside = [dockerfile for dockerfile in owned if not self._is_for_another(dockerfile, service)]
        return _source(min(inside, key=lambda found: (found.path.count("/"), len(found.path)), default=None))

    def _is_for_another(self, dockerfile: Dockerfile, service: Service) -> bool:
        other = self.services.find(dockerfile.label) if dockerfile.label else None
        return other is not None and other is not service and other.path != service.path

    def _built(self, service: Service) -> Evidence | None:
        """What Compose, Skaffold, Bake or Tilt build for the service, the Dockerfile committed or not."""
        proofs = {(evidence.path, evidence.line) for evidence in service.evidence}
        found = sorted(numbered for proof in proofs for numbered in self._builds_at.get(proof, ()))
        mine = [build for _, build in found if self._is_for_production(build)]
        for build in sorted(mine, key=lambda build: not build.production):
            if build.dockerfile and build.dockerfile in self.project.repository:
                return Evidence(build.dockerfile, 1, f"a Dockerfile, built by {build.by}")
            return Evidence(build.path, build.line, f"{build.by} builds it")
        return None

    def _beside(self, service: Service) -> Evidence | None:
        """A Dockerfile that is evidence for the service itself."""
        own = {evidence.path for evidence in service.evidence}
        return _source(next((dockerfile for dockerfile in self.dockerfiles if dockerfile.path in own), None))

    def _is_for_production(self, build: Build) -> bool:
        return build.production or not build.dockerfile or label_of(build.dockerfile) is not None

    def _called_alike(self, service: Service) -> Evidence | None:
        """A Dockerfile that is called after the service, or that lies in a folder that is."""
        names = {spelled(name) for name in service.names}
        near = {comparable(name) for name in service.names}
        for known, called in ((names, spelled), (near, comparable)):
            for dockerfile in self.dockerfiles:
                folders = {called(_folder(dockerfile.directory)), called(_folder(dockerfile.around))}
                if dockerfile.label and called(dockerfile.label) in known:
                    return _source(dockerfile)
                owner = self.services.owner(dockerfile.path)
                if folders & known and (owner is None or not owner.path or owner.path == service.path):
                    return _source(dockerfile)
        return None

    def _around(self, service: Service) -> Evidence | None:
        """A Dockerfile of a folder around the service that builds it, or builds whatever it is told to."""
        for dockerfile in self.dockerfiles:
            if not _is_in(service.path, dockerfile.around):
                continue
            text = self._text(dockerfile.path)
            stages = {spelled(stage["stage"]) for stage in _STAGE.finditer(text)}
            if _FAN_OUT.search(text) or _TAKEN.search(text) or stages & {spelled(name) for name in service.names}:
                return _source(dockerfile)
            below = (other for other in self.services if _is_in(other.path, dockerfile.around))
            alone = all(other.path == service.path or other.kind == STATIC for other in below)
            is_beside = dockerfile.directory == service.path or (alone and dockerfile.around == service.path)
            if not dockerfile.label and (is_beside or (alone and COPIES_ALL.search(text))):
                return _source(dockerfile)
        return None

    def _platform(self, service: Service) -> Evidence | None:
        """A platform or a build tool that the service's folder, or one around it that names it, is set up for."""
        for platform in self.platforms:
            if self._covers(platform, service):
                return Evidence(platform.path, platform.line, platform.name)
        return None

    def _covers(self, platform: Platform, service: Service) -> bool:
        if platform.directory == service.path:
            return True
        if _is_in(platform.directory, service.path):
            owner = self.services.owner(platform.path)
            return owner is not None and owner.path == service.path
        if not _is_in(service.path, platform.directory):
            return platform.names(service.path) or _is_word(service.name, platform.text)
        if platform.does == SITE or platform.name in _SITE_HOSTS:
            return service.kind == STATIC or platform.names(service.path) or self._is_alone(service)
        return platform.does == BUILDER or platform.names(service.path) or self._is_alone(service)

    def _is_alone(self, service: Service) -> bool:
        return all(other.path == service.path or other.kind == STATIC for other in self.services)

    def _aspire(self, service: Service) -> Evidence | None:
        """An Aspire host that refers to the service's project: it builds its image."""
        for path in self._aspire_hosts:
            text = self._text(path)
            for reference in _HOST_PROJECT.finditer(text):
                name = reference["path"].replace("\\", "/").rpartition("/")[2]
                if service.manifest.endswith("/" + name):
                    return Evidence(path, line_at(text, reference.start()), "an Aspire host starts it")
            if found := self._named_by_host(path.rpartition("/")[0], service):
                return found
        return None

    @cached_property
    def _aspire_hosts(self) -> list[str]:
        projects = [path for path in self.project.repository.paths if path.endswith((".csproj", ".fsproj"))]
        if not projects:
            return []
        from shipworthy.deployment.services.manifests import ASPIRE_HOST

        return [path for path in projects if ASPIRE_HOST.search(self._text(path))]

    def _named_by_host(self, directory: str, service: Service) -> Evidence | None:
        """The line of an Aspire host's program that starts what is no .NET project, by its folder."""
        for name in ("Program.cs", "AppHost.cs"):
            path = f"{directory}/{name}" if directory else name
            text = self._text(path)
            found = text.find(f'/{service.path.rpartition("/")[2]}"') if service.path else -1
            if found >= 0:
                return Evidence(path, line_at(text, found), "an Aspire host starts it")
        return None

    def _depended_on(self, service: Service) -> Evidence | None:
        """The Dockerfile of a Maven module that takes the service's artifact as a dependency: it packs it."""
        folder = f"{service.path}/" if service.path else ""
        found = _ARTIFACT.search(self._text(f"{folder}pom.xml").rpartition("</parent>")[2])
        if found is None:
            return None
        name = found["name"]
        for dockerfile in self.dockerfiles:
            pom = self._text(f"{dockerfile.around}/pom.xml") if dockerfile.around != service.path else ""
            if name in pom and any(other["name"] == name for other in _ARTIFACT.finditer(pom)):
                return _source(dockerfile)
        return None

    def _mentioning(self, service: Service) -> Evidence | None:
        """A Dockerfile anywhere that copies or builds the service's folder."""
        if not service.path:
            return None
        tail = service.path.rpartition("/")[2]
        wanted = re.compile(rf"(?<![\w.-])(?:{re.escape(service.path)}|{re.escape(tail)}/)(?![\w.-])")
        package = self._package_name(service)
        for dockerfile in self.dockerfiles:
            text = self._text(dockerfile.path)
            may_name = tail in text or (package and package in text)
            for instruction in _INSTRUCTION.finditer(text) if may_name else ():
                if wanted.search(instruction[0]) or (package and package in instruction[0]):
                    line = line_at(text, instruction.start())
                    return Evidence(dockerfile.path, line, "a Dockerfile that builds the folder")
        return None

    def _package_name(self, service: Service) -> str:
        """The scoped name by which a monorepo's tools call the service's package; "" where nothing is sure."""
        if not service.manifest.endswith("package.json"):
            return ""
        found = _SCOPED_NAME.search(self._text(service.manifest))
        return found["name"] if found else ""

    def _pipeline(self, service: Service) -> Evidence | None:
        """CI or a script that builds an image from the folder, or hands the folder to a platform."""
        from shipworthy.deployment.pipelines import deploying, mentioned  # read only where nothing else is known

        found = mentioned(self.project, service.path, service.name)
        if found is None and (service.kind == STATIC or self._is_alone(service)):
            found = deploying(self.project, site=service.kind == STATIC)
        return found

    def _host(self, service: Service) -> Evidence | None:
        """A systemd unit or supervisord that runs the service on a host, which needs no image."""
        words = [word for word in {service.path, *service.names} if word]
        for started in self.project.model(started_on_hosts):
            stem = started.path.rpartition("/")[2].partition(".")[0]
            alike = comparable(stem) in {comparable(name) for name in service.names}
            if alike or self._is_alone(service) or any(_is_word(word, started.what) for word in words):
                return Evidence(started.path, started.line, "runs on a host")
        return None

    def _text(self, path: str) -> str:
        if path not in self._texts:
            self._texts[path] = text_of(self.project, path)
        return self._texts[path]


def _is_in(path: str, directory: str) -> bool:
    """Whether a path is a folder or lies in it."""
    return not directory or path == directory or path.startswith(directory + "/")


def _folder(path: str) -> str:
    """The name of a folder without the ending that says that it is for an image."""
    folder = path.rpartition("/")[2]
    for ending in _ABOUT_IMAGES:
        folder = folder.removesuffix(ending)
    return folder


def _is_word(word: str, text: str) -> bool:
    return re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", text) is not None


def _source(dockerfile: Dockerfile | None) -> Evidence | None:
    return Evidence(dockerfile.path, 1, "a Dockerfile") if dockerfile else None
