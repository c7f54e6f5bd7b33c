"""Whether a repository has CI at all, and where else its pipelines are.

Workflows in a folder that GitHub does not read, and workflows that only a document shows, never run.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from shipworthy.deployment.evidence import Evidence, line_at, text_of, text_with
from shipworthy.deployment.paths import beginning_with
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
_WRONG_ENDING = lazy(r"^(?P<right>(?:\.gitlab-ci|bitbucket-pipelines|\.travis|\.?appveyor)\.y)a(?P<end>ml)$")
_SWITCHED_OFF = lazy(
    r"^(?P<right>\.(?:github|gitea|forgejo)/workflows/[^/]+?\.ya?ml)(?:[._-](?:disabled?|off|bak|backup|old|orig|example|sample"
    r"|template|txt|inactive|draft|todo)|~)$"
)
_FENCE = lazy(
    r"^[ \t]*+(?:```|~~~)[ \t]*+(?:ya?ml|github-actions|groovy|jenkinsfile)?[ \t]*+$", re.MULTILINE | re.IGNORECASE
)
_GOES_ON_ELSEWHERE = lazy(
    r"^[ \t]*-?[ \t]*(?:remote|project|component|template)[ \t]*:[ \t]*\S|^include[ \t]*:[ \t]*[\"']?https?:"
    r"|\btemplate[ \t]*:[^\n]*@|\borbs[ \t]*:|@Library|\b(?:shared|library)\s*\(",
    re.MULTILINE,
)
"""Parts of a pipeline that stand in another repository."""
_SHOWN = (
    (".github/workflows/ci.yml", ("on", "jobs"), ("runs-on:", "uses:")),
    (".gitlab-ci.yml", ("stages",), ("script:",)),
    (".circleci/config.yml", ("version", "jobs"), ("docker:", "machine:")),
    ("bitbucket-pipelines.yml", ("pipelines",), ("step:",)),
    ("azure-pipelines.yml", ("trigger", "steps"), ("script:", "task:")),
    ("azure-pipelines.yml", ("trigger", "stages"), ("jobs:", "job:")),
    ("Jenkinsfile", ("pipeline {",), ("stages {", "stages{")),
)
"""The pipelines that documents show: where each belongs, what its lines begin with, and one of what else it holds."""
_MOST_TEXT = 100_000
_DELIVERS = lazy(
    r"docker|podman|buildah|kaniko|deploy|release|publish|kubectl|helm|terraform|tofu|pulumi|ansible|ssh|rsync|scp"
    r"|heroku|fly(?:ctl|\.io)|vercel|netlify|railway|render\.com|wrangler|cloudflare|gcloud|\baws\b|\baz\b|azure/|amazon"
    r"|serverless|argocd|flux|kamal|dokku|coolify|goreleaser|jib|nixpacks|packer|skaffold|earthly|dagger|bake|ghcr"
    r"|registry|webhook|environment:|/\.github/workflows/|sam\b|cdk\b|eas\b|fastlane|upload-artifact",
    re.IGNORECASE,
)


class Misplaced(NamedTuple):
    """A pipeline that no CI reads where it stands: why, and where it would be read."""

    path: str
    reason: str
    target: str


def misplaced(project: Project) -> Iterator[Misplaced]:
    """Pipelines in folders and under names that no CI reads."""
    known = project.model(read_by_ci)
    for path in project.repository.paths:
        if path in known or project.config.excludes(path):
            continue
        ending = _WRONG_ENDING.search(path) if path.endswith(".yaml") else None
        off = _SWITCHED_OFF.search(path) if "/workflows/" in path else None
        if ending:
            right = ending["right"] + ending["end"]
            yield Misplaced(path, f"CI reads {right} alone", right)
        elif off:
            yield Misplaced(path, "its name switches it off", off["right"])
        elif path.endswith((".yml", ".yaml")) and project.place_of(path) not in (TEST, VENDORED):
            yield from _in_wrong_folder(project, path)


def _in_wrong_folder(project: Project, path: str) -> Iterator[Misplaced]:
    name = path.rpartition("/")[2]
    if _OTHERS.search(path):
        target = ".circleci/config.yml" if "/.circleci/" in path else name.replace(".yaml", ".yml")
        yield Misplaced(path, "CI reads pipelines at the root alone", target)
    elif _FOLDER.search(path):
        text = text_with(project, path, b"jobs:", b"on")[:_MOST_TEXT]
        if text and _is_workflow(text):
            yield Misplaced(path, "GitHub reads .github/workflows at the root alone", f".github/workflows/{name}")


def misspelled(project: Project) -> list[Evidence]:
    """Workflows in folders at the root that somebody took for the one that GitHub reads."""
    known = project.model(read_by_ci)
    found = []
    beginnings = (".github/workflow", "github/workflow", "workflow", ".workflow")
    for path in sorted(beginning_with(project.repository.paths, beginnings)):
        if path not in known and _MISSPELLED.search(path) and not project.config.excludes(path):
            text = text_with(project, path, b"jobs:", b"on")[:_MOST_TEXT]
            found += [Evidence(path, 1, "a workflow")] if text and _is_workflow(text) else []
    return found


def documented(project: Project) -> tuple[Evidence, str] | None:
    """The first document that shows a pipeline in a fenced block, and the path that the pipeline belongs at."""
    for path in project.repository.paths:
        if not path.endswith((".md", ".mdx")) or project.place_of(path) not in (PRODUCTION, DOCUMENTATION):
            continue
        text = text_of(project, path)[:_MOST_TEXT]
        fences = [fence.span() for fence in _FENCE.finditer(text)] if _may_show(text) else []
        for (_, start), (end, _) in pairwise(fences):
            target = _shown(text[start:end])
            if target:
                return Evidence(path, line_at(text, start), "shows a pipeline"), target
    return None


def _may_show(text: str) -> bool:
    return any(mark in text for _, _, marks in _SHOWN for mark in marks)


def _shown(text: str) -> str:
    """Where the pipeline in a block of a document belongs; "" for a block without one."""
    lines = {line.split(":")[0].strip("\"' \t") for line in text.split("\n") if line[:1].strip()}
    for target, starts, marks in _SHOWN:
        if all(start in lines for start in starts) and any(mark in text for mark in marks):
            return target
    return ""


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
        if _DELIVERS.search(text) or _GOES_ON_ELSEWHERE.search(text):
            return True
    return False
