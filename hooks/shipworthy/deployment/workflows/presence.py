"""Whether a repository has CI at all, and where else its pipelines are.

Workflows in a folder that GitHub does not read, and workflows that only a document shows, never run.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from shipworthy.deployment.evidence import Evidence, line_at, text_of, text_with
from shipworthy.deployment.workflows.discovery import read_by_ci
from shipworthy.patterns import lazy
from shipworthy.places import DOCUMENTATION, PRODUCTION, TEST, VENDORED

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.project import Project

_FOLDER = lazy(
    r"(?:^|/)(?:\.?github/workflows?|\.?workflows?|\.github|ci|cd|ci-cd|pipelines?)/(?:[^/]+/)?[^/]+\.ya?ml$"
)
_MISSPELLED = lazy(r"^(?:\.github/workflow/|github/workflows?/|\.workflows?/|\.github/workflows/[^/]+/)[^/]+\.ya?ml$")
_OTHERS = lazy(r"/(?:\.gitlab-ci\.ya?ml|\.circleci/config\.ya?ml|bitbucket-pipelines\.ya?ml)$")
_FENCE = lazy(r"^[ \t]*+(?:```|~~~)[ \t]*+(?:ya?ml|github-actions)?[ \t]*+$", re.MULTILINE | re.IGNORECASE)
_MOST_TEXT = 100_000
_DELIVERS = lazy(
    r"docker|podman|buildah|kaniko|deploy|release|publish|kubectl|helm|terraform|tofu|pulumi|ansible|ssh|rsync|scp"
    r"|heroku|fly(?:ctl|\.io)|vercel|netlify|railway|render\.com|wrangler|cloudflare|gcloud|\baws\b|\baz\b|azure/|amazon"
    r"|serverless|argocd|flux|kamal|dokku|coolify|goreleaser|jib|nixpacks|packer|skaffold|earthly|dagger|bake|ghcr"
    r"|registry|webhook|environment:|/\.github/workflows/|sam\b|cdk\b|eas\b|fastlane|upload-artifact",
    re.IGNORECASE,
)


def misplaced(project: Project) -> Iterator[Evidence]:
    """Workflows in folders that no CI reads."""
    known = project.model(read_by_ci)
    for path in project.repository.paths:
        if path in known or not path.endswith((".yml", ".yaml")) or project.config.excludes(path):
            continue
        if _OTHERS.search(path) and project.place_of(path) not in (TEST, VENDORED):
            yield Evidence(path, 1, "a pipeline")
        elif _FOLDER.search(path) and project.place_of(path) not in (TEST, VENDORED):
            text = text_with(project, path, b"jobs:", b"on")[:_MOST_TEXT]
            if text and _is_workflow(text):
                yield Evidence(path, 1, "a workflow")


def misspelled(project: Project) -> list[Evidence]:
    """Workflows in folders at the root that somebody took for the one that GitHub reads."""
    known = project.model(read_by_ci)
    found = []
    for path in project.repository.paths:
        is_candidate = path.startswith((".github/workflow", "github/workflow", "workflow", ".workflow"))
        if is_candidate and path not in known and _MISSPELLED.search(path) and not project.config.excludes(path):
            text = text_with(project, path, b"jobs:", b"on")[:_MOST_TEXT]
            found += [Evidence(path, 1, "a workflow")] if text and _is_workflow(text) else []
    return found


def documented(project: Project) -> Evidence | None:
    """The first document that shows a workflow in a fenced block."""
    for path in project.repository.paths:
        if not path.endswith((".md", ".mdx")) or project.place_of(path) not in (PRODUCTION, DOCUMENTATION):
            continue
        text = text_with(project, path, b"runs-on:", b"jobs:")[:_MOST_TEXT]
        fences = [fence.span() for fence in _FENCE.finditer(text)] if text else []
        for (_, start), (end, _) in pairwise(fences):
            if _is_workflow(text[start:end]):
                return Evidence(path, line_at(text, start), "shows a workflow")
    return None


def is_run_by_prow(project: Project) -> bool:
    """Whether the root says who approves in the file that Prow reads; where its jobs stand it does not say."""
    return "approvers:" in text_of(project, "OWNERS")


def _is_workflow(text: str) -> bool:
    lines = {line.split(":")[0].strip("\"'") for line in text.split("\n") if line[:1].isalpha() or line[:1] in "\"'"}
    return {"on", "jobs"} <= lines and ("runs-on:" in text or "uses:" in text)


def delivers(project: Project) -> bool:
    """Whether some pipeline may build an image, publish or deploy something; comments do not count."""
    for path in project.model(read_by_ci):
        text = "\n".join(
            line.partition(" #")[0] for line in text_of(project, path).split("\n") if not line.lstrip().startswith("#")
        )
        if _DELIVERS.search(text):
            return True
    return False
