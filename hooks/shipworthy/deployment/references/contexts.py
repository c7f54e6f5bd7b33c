"""Build contexts: the folder that a Dockerfile's sources start from.

A Dockerfile does not say it. Compose, Skaffold, Bake and Tilt do; for a Dockerfile that none of them builds, any folder
around it may be the context, and any that a pipeline or a script names as one.
"""

from __future__ import annotations

import re
from functools import cached_property

from shipworthy.deployment.containerfiles import Build, builds
from shipworthy.deployment.evidence import text_of
from shipworthy.deployment.paths import in_repository
from shipworthy.deployment.references.dockerignore import DockerIgnore
from shipworthy.patterns import lazy
from shipworthy.places import DOCUMENTATION, VENDORED

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.project import Project

_STATED = lazy(r"\b(?:context|workdir|working-directory|path)[\"']?[ \t]*[:=][ \t]*[\"']?(?P<path>[\w./-]+)")
_BUILD = lazy(r"\bbuild\b(?P<words>[^\n;&|]{1,500})")
_PIPED = lazy(r"\bbuild\b[^\n]{0,300}[ \t]-(?:[ \t]|$)|\|[ \t]*docker\b|pnpm-context", re.MULTILINE)
_CONTINUED = lazy(r"\\\r?\n")


class Contexts:
    """The build contexts of a repository's Dockerfiles."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self._builds: dict[str, list[Build]] = {}
        for build in project.model(builds):
            if build.dockerfile and build.context is not None:
                self._builds.setdefault(build.dockerfile, []).append(build)

    def stated(self, dockerfile: str) -> dict[str, Build]:
        """The contexts that something states for a Dockerfile, each with the first that does, production first.

        None where nothing does, or where only some of the stages are built: then others may be built elsewhere.
        """
        known = sorted(self._builds.get(dockerfile, ()), key=lambda build: not build.production)
        if any(build.target for build in known):
            return {}
        found: dict[str, Build] = {}
        for build in known:
            if build.context is not None:
                found.setdefault(build.context, build)
        return found

    def production(self, dockerfile: str) -> list[str]:
        """The first context of `stated` that is for production; none where there is none."""
        return [context for context, build in self.stated(dockerfile).items() if build.production][:1]

    def around(self, dockerfile: str) -> list[str]:
        """The contexts of a Dockerfile whose builds nothing states: the folders around it, the nearest first."""
        found = [build.context for build in self._builds.get(dockerfile, ()) if build.context is not None]
        folder = dockerfile.rpartition("/")[0]
        while folder:
            found.append(folder)
            folder = folder.rpartition("/")[0]
        return list(dict.fromkeys([*found, ""]))

    def may_hold(self, source: str) -> bool:
        """Whether a context that nothing but a pipeline or a script names may hold a source."""
        folders = self._built_in
        if folders is None:
            return True
        paths = (in_repository(folder, source) for folder in folders)
        return any(path is not None and self.project.repository.has(path) for path in paths)

    @cached_property
    def _built_in(self) -> frozenset[str] | None:
        """The folders that pipelines and scripts name where they build images.

        None where one pipes a context into the builder: what is in it is not known.
        """
        found: set[str] = set()
        for path in self.project.repository.containing("docker"):
            if self.project.place_of(path) in (VENDORED, DOCUMENTATION) or path.endswith("lock.json"):
                continue
            text = text_of(self.project, path)
            if "build" not in text:
                continue
            text = _CONTINUED.sub(" ", text)
            if _PIPED.search(text):
                return None
            own = path.rpartition("/")[0]
            words = [stated["path"] for stated in _STATED.finditer(text)]
            for build in _BUILD.finditer(text):
                words += build["words"].replace('"', " ").replace("'", " ").split()
            for word in words:
                found.update(folder for base in ("", own) if (folder := in_repository(base, word)) is not None)
        return frozenset(folder for folder in found if folder in self.project.repository.directories)

    def ignore(self, dockerfile: str, context: str) -> tuple[str, DockerIgnore] | None:
        """What a build leaves out of its context, with the path of the file that says so."""
        beside = f"{dockerfile}.dockerignore"
        path = beside if beside in self.project.repository else _joined(context, ".dockerignore")
        if path not in self.project.repository:
            return None
        if path not in self._ignores:
            self._ignores[path] = DockerIgnore(text_of(self.project, path))
        return path, self._ignores[path]

    @cached_property
    def _ignores(self) -> dict[str, DockerIgnore]:
        return {}


def contexts(project: Project) -> Contexts:
    """The build contexts: ``project.model(contexts)``."""
    return Contexts(project)


def _joined(directory: str, name: str) -> str:
    return f"{directory}/{name}" if directory else name
