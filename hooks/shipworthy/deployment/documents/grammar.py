"""What a path of the repository looks like in a document, and which paths deployment depends on."""

from __future__ import annotations

import re

from shipworthy.formats.prose import ENDINGS
from shipworthy.patterns import lazy

LONGEST = 200
"""Characters; nobody writes longer paths into a sentence."""

_ENDINGS = (
    "ts tsx mts cts js jsx mjs cjs py pyi go rs java kt kts rb php cs fs scala swift dart ex exs lua c h cc cpp hpp sh"
    " bash zsh fish ps1 bat cmd yml yaml json jsonc json5 toml ini cfg conf properties xml md mdx rst adoc txt sql"
    " prisma graphql proto tf tfvars hcl nomad service timer socket html css scss less vue svelte astro gradle j2 tmpl"
    " tpl rego csproj sln cue nix ipynb png svg jpg jpeg gif webp pdf drawio puml mmd http bicep template"
).split()
_NAMES = (
    "Dockerfile Containerfile Makefile Procfile Jenkinsfile Vagrantfile Caddyfile Justfile Taskfile Tiltfile Gemfile"
    " Rakefile LICENSE CODEOWNERS README CHANGELOG CONTRIBUTING NOTICE"
).split()
_BEGINNINGS = tuple(_NAMES)
_SEGMENT = r"[\w@+.()\[\]-]{1,100}"
_FILE = lazy(
    rf"(?P<folder>(?:{_SEGMENT}/){{0,15}})"
    rf"(?P<name>(?:Docker|Container)file\.[A-Za-z][\w.-]{{0,60}}|[\w+.-]{{1,80}}\.(?:Docker|docker|Container)file"
    rf"|(?:{'|'.join(_NAMES)})|[\w@+.()\[\]-]{{1,100}}\.(?:{'|'.join(_ENDINGS)}))"
)
_DIRECTORY = lazy(rf"(?:{_SEGMENT}/){{1,15}}")
_PLAIN = lazy(rf"{_SEGMENT}(?:/{_SEGMENT}){{1,14}}")
_POSITION = lazy(r"(?::\d+(?:[-:,]\d+)*(?:-L?\d+)?|#L\d+(?:-L?\d+)?|\(\))$")
_PLACEHOLDER = lazy(
    r"(?:^|[/._-])(?:your|my|foo|bar|baz|foobar|example|examples|sample|xxx+|yyyy|mm|dd|abc|xyz|some|path|to|placeholder"
    r"|nnn+|todo|new-?feature|feature-?name|module-?name|component-?name|service-?name|filename|file-?name|acme|"
    r"hello|myapp|category/script|myproject|my-?service|domain|project-?name)(?=[/._-]|$)|x{3,}|\.\.\.|…|[<>{}*$|%\\]|^script\.\w+$",
    re.IGNORECASE,
)
_HOST = lazy(
    r"^(?!(?:Docker|Container)file)(?:[\w-]+\.)+(?:com|org|net|io|dev|ai|app|co|cloud|local|internal|sh|gov|edu|me|xyz|de|uk|cn)(?:[:/]|$)"
)
_ENV_FILE = lazy(r"(?:^|/)\.env(?:[.\w-]*)$|\.env$|(?:^|/)env\.(?:example|sample|template)$")

_DEPLOYMENT_NAME = lazy(
    r"(?:Docker|Container)file(?:[.-][\w.-]+)?|[\w.-]+\.(?:docker|Docker)file|(?:docker-)?compose(?:[.-][\w.-]+)?\.ya?ml"
    r"|[\w.-]*docker-compose[\w.-]*\.ya?ml"
    r"|Jenkinsfile|Procfile|Caddyfile|Chart\.ya?ml|kustomization\.ya?ml|skaffold\.ya?ml|values[\w.-]*\.ya?ml"
    r"|\.gitlab-ci\.yml|azure-pipelines\.yml|fly\.toml|render\.ya?ml|railway\.(?:json|toml)|vercel\.json|netlify\.toml"
    r"|(?:deployment|statefulset|daemonset|ingress|networkpolic(?:y|ies)|cronjob|hpa|configmap)[\w.-]*\.ya?ml"
    r"|nginx[\w.-]*\.conf|prometheus[\w.-]*\.ya?ml|alertmanager[\w.-]*\.ya?ml|[\w.-]+\.(?:tf|nomad)"
)
_DEPLOYMENT_FOLDER = lazy(
    r"(?:^|/)(?:k8s|kubernetes|kube|helm|charts?|terraform|infra|infrastructure|ansible|deploy|deployments?|monitoring"
    r"|prometheus|grafana|docker|manifests|\.github/workflows|\.circleci|argocd|nginx|systemd|ops|backups?|overlays)/"
)
_SCRIPT = lazy(
    r"(?:^|/)(?:scripts?|bin|tools|ops|ci|deploy|deployment)/(?:[\w.-]+/)*[\w.-]+\.(?:sh|bash|py|ps1|js|mjs|ts)$"
)


def may_be_path(text: str) -> bool:
    """A quick look: whether some words can be a path at all, as `path_in` or `plain_path_in` tells."""
    return "/" in text or "." in text or text.lstrip().startswith(_BEGINNINGS)


def path_in(text: str) -> str:
    """The path that some words set as code are, without a line number behind it; "" where they are no path."""
    if "..." in text:
        return ""
    text = _POSITION.sub("", text.strip().rstrip(".,;:"))
    text = text.removeprefix("./")
    if not text or len(text) > LONGEST or _HOST.match(text) or "//" in text or _ENV_FILE.search(text):
        return ""
    found = _FILE.fullmatch(text) or _DIRECTORY.fullmatch(text)
    return text if found and not is_placeholder(text) and not text.startswith(("../", "-")) else ""


def plain_path_in(text: str) -> str:
    """A path without an ending that some words are, such as ``k8s/production``; "" where they are none."""
    text = text.strip().rstrip(".,;:").removeprefix("./")
    if len(text) > LONGEST or _HOST.match(text) or "//" in text or is_placeholder(text):
        return ""
    return text if _PLAIN.fullmatch(text) else ""


def is_placeholder(path: str) -> bool:
    """Whether a path stands for another one that the reader knows, or for many."""
    return _PLACEHOLDER.search(path) is not None


def is_env_file(path: str) -> bool:
    """Whether a path is that of an env file, which `env-files-committed` looks after."""
    return _ENV_FILE.search(path) is not None


def is_for_deployment(path: str) -> bool:
    """Whether production is built, started or watched by what has this path."""
    name = path.rstrip("/").rpartition("/")[2]
    if name.lower().endswith(ENDINGS):
        return False
    return _DEPLOYMENT_NAME.fullmatch(name) is not None or is_in_deployment_folder(path)


def is_in_deployment_folder(path: str) -> bool:
    """Whether the first folder of a path is one that holds what deploys."""
    return _DEPLOYMENT_FOLDER.match(path) is not None or _SCRIPT.match(path) is not None


def is_bare_deployment_file(name: str) -> bool:
    """Whether a name without a folder is one that only deployment files have."""
    return "/" not in name and _DEPLOYMENT_NAME.fullmatch(name) is not None
