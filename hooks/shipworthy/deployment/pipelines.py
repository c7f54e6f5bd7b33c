"""What CI pipelines and scripts build and deploy, told by single lines: the last place to look, and a large one."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property
from operator import itemgetter

from shipworthy.deployment.evidence import Evidence, line_at, text_of
from shipworthy.patterns import lazy
from shipworthy.places import CI, DEVELOPMENT, PRODUCTION

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from shipworthy.project import Project

_PIPELINES = lazy(
    r"^\.(?:github|forgejo|gitea)/(?:workflows|actions)/.*\.ya?ml$|^\.(?:circleci|buildkite|semaphore|tekton|woodpecker)/"
    r"|^(?:azure-pipelines[^/]*|bitbucket-pipelines|\.travis|\.drone|\.woodpecker)\.ya?ml$"
    r"|(?:^|/)(?:\.gitlab-ci[^/]*|cloudbuild[^/]*|buildspec[^/]*)\.ya?ml$|(?:^|/)Jenkinsfile[^/]*$"
)
_BEGINNINGS = (".", "azure-pipelines", "bitbucket-pipelines")
_NAMES = (".gitlab-ci", "cloudbuild", "buildspec", "Jenkinsfile")
"""How the paths of pipelines begin, or their names: a quick look before the slow one."""
_SCRIPTS = lazy(r"(?:^|/)(?:(?:GNU)?[Mm]akefile|[Jj]ustfile|Taskfile\.ya?ml|package\.json)$|\.(?:mk|sh|bash|ps1)$")
_ENDINGS = ("akefile", "ustfile", "Taskfile.yml", "Taskfile.yaml", "package.json", ".mk", ".sh", ".bash", ".ps1")
"""How the paths of scripts end."""
_CONTINUED = lazy(r"\\\r?\n")
_BUILD_COMMANDS = (
    r"buildah|kaniko|nixpacks|podman build|pack build|\bko (?:build|publish|resolve|apply)"
    r"|gcloud (?:run|app|functions) deploy|\b(?:flyctl|fly) deploy|railway up|vercel|wrangler"
)
_IN_BUILD_COMMANDS = (
    *("buildah", "kaniko", "nixpacks", "podman build", "pack build", "gcloud ", "fly deploy", "flyctl deploy"),
    *("railway up", "vercel", "wrangler", "ko build", "ko publish", "ko resolve", "ko apply"),
)
_BUILDING = lazy(
    r"docker(?:/build-push-action|/bake-action|[ \t]+buildx|[ \t]+build|[ -]compose[ \t]+build)"
    r"|^[ \t]*(?:docker)?file[ \t]*:[^\n]{0,200}dockerfile|" + _BUILD_COMMANDS,
    re.IGNORECASE | re.MULTILINE,
    holding=("docker", *_IN_BUILD_COMMANDS),
    by_line=True,
)
"""Stands in a file that builds images."""
_BUILD_LINE = lazy(
    r"\b(?:context|(?:docker)?file|path|source|directory|working-directory)[ \t]*[:=]"
    r"|docker\b.{0,100}\bbuild|buildx|--source|matrix\.|" + _BUILD_COMMANDS,
    re.IGNORECASE,
    holding=("context", "file", "path", "source", "directory", "docker", "buildx", "matrix.", *_IN_BUILD_COMMANDS),
)
"""Stands in a line that says what an image is built from."""
LONGEST_LINE = 1000
"""Characters of a line that are looked at."""
_HANDS_OUT = lazy(
    r"actions/deploy-pages|peaceiris/actions-gh-pages|JamesIves/github-pages-deploy-action|gh-pages\b"
    r"|cloudflare/pages-action|amondnet/vercel-action|nwtgck/actions-netlify|netlify deploy|firebase deploy"
    r"|FirebaseExtended/action-hosting-deploy|Azure/static-web-apps-deploy|aws s3 sync|gsutil\b[^\n]{0,80}\brsync"
)
_DEPLOYS = lazy(
    r"gcloud (?:run|app|functions) deploy|\b(?:flyctl|fly) deploy|superfly/flyctl-actions|railway up"
    r"|akhileshns/heroku-deploy|git push heroku"
    r"|aws lambda update-function-code|\beb deploy|az webapp|azure/webapps-deploy|azd (?:up|deploy)"
    r"|(?:serverless|sls|sam|vercel|kamal) deploy|vercel\b[^\n]{0,80}--prod|wrangler (?:deploy|publish)"
    r"|cloudflare/wrangler-action|pack build|spring-boot:build-image|bootBuildImage|jib:(?:build|dockerBuild)"
    r"|\bko (?:build|publish|resolve|apply)|/t:PublishContainer|nixpacks build"
)


def mentioned(project: Project, directory: str, name: str) -> Evidence | None:
    """Where CI or a script builds an image from ``directory``, or one after the other, ``name`` among them."""
    for built in project.model(build_texts):
        for at in _standing_alone(built.joined, directory, ".-"):
            if built.says_what_is_built(at):
                return Evidence(built.path, line_at(built.text, at), f"builds an image from {directory}")
        at = next(_standing_alone(built.text, name, "./-"), -1)
        if at >= 0 and built.loops:
            return Evidence(built.path, line_at(built.text, at), f"builds {name} among others")
    return None


def _standing_alone(text: str, word: str, marks: str) -> Iterator[int]:
    """Where a word stands that neither letters nor digits nor one of the marks touch."""
    at = text.find(word) if word else -1
    while at >= 0:
        end = at + len(word)
        around = text[max(at - 1, 0) : at] + text[end : end + 1]
        if not any(character.isalnum() or character == "_" or character in marks for character in around):
            yield at
        at = text.find(word, at + 1)


class BuildText:
    """A CI file or a script that builds images."""

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.text = text

    @cached_property
    def joined(self) -> str:
        """The text with continued lines as one, each character in its place."""
        return _CONTINUED.sub(lambda found: " " * len(found[0]), self.text)

    @cached_property
    def lines(self) -> list[tuple[int, int]]:
        """The lines of `joined` that say what an image is built from."""
        return [*build_lines(self.joined)]

    def says_what_is_built(self, offset: int) -> bool:
        """Whether the offset is in one of these lines."""
        number = bisect_right(self.lines, offset, key=itemgetter(0)) - 1
        return number >= 0 and offset < self.lines[number][1]

    @cached_property
    def loops(self) -> bool:
        """Whether a variable stands in one of these lines: it may build one image after the other."""
        return any(self.joined.find("$", start, end) >= 0 for start, end in self.lines)


def build_texts(project: Project) -> list[BuildText]:
    """The CI files and scripts that build images."""
    found = []
    for path in project.repository.paths:
        is_script = path.endswith(_ENDINGS) and _SCRIPTS.search(path)
        if (is_script and project.place_of(path) in (PRODUCTION, DEVELOPMENT, CI)) or _is_pipeline(path):
            text = text_of(project, path)
            if _BUILDING.search(text):
                found.append(BuildText(path, text))
    return found


def build_lines(text: str) -> Iterator[tuple[int, int]]:
    """Where the lines begin and end that say what an image is built from."""
    start = 0
    for line in text.split("\n"):
        end = start + len(line)
        if _BUILD_LINE.search(line[:LONGEST_LINE]):
            yield start, end
        start = end + 1


def deploying(project: Project, *, site: bool) -> Evidence | None:
    """The first CI file that hands the program, or the ``site``, to a platform."""
    for path in project.repository.paths:
        if not _is_pipeline(path):
            continue
        text = text_of(project, path)
        found = _DEPLOYS.search(text) or (_HANDS_OUT.search(text) if site else None)
        if found:
            return Evidence(path, line_at(text, found.start()), "CI deploys it")
    return None


def _is_pipeline(path: str) -> bool:
    is_one = path.startswith(_BEGINNINGS) or path[path.rfind("/") + 1 :].startswith(_NAMES)
    return is_one and _PIPELINES.search(path) is not None
