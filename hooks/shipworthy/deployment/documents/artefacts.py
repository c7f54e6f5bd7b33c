"""Kinds of things that a document calls done without naming a path, and of which the repository has none.

"CI/CD: complete" needs a pipeline, "Kubernetes manifests: done" a workload. Only where nothing of the kind is committed
at all is the claim wrong for sure.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cached_property, partial
from typing import NamedTuple

from shipworthy.deployment.documents.context import DONE, PLAIN, Context
from shipworthy.deployment.documents.hints import KINDS
from shipworthy.deployment.documents.model import ARTEFACT, Named
from shipworthy.file import File
from shipworthy.filenames import GENERATED
from shipworthy.formats.prose import CODE, ENDINGS, HEADING, ITEM, ROW, Piece, Prose, cells
from shipworthy.patterns import lazy
from shipworthy.places import DOCUMENTATION, TEST, VENDORED

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.project import Project

_MARKUP = lazy(r"[*_`~#>\[\]]+|[^\w\s().,:;/&+–—|-]")
_BULLET = lazy(r"[ \t>]*(?:(?:[-*+•|]|#{1,6}|={1,6}|\*{2,5}|\.{1,5}|\d{1,9}[.)])[ \t]*){0,2}(?:\[[ x✓✔*]\][ \t]*)?")
"""Makes a heading, an item, a row of a line."""
_BEGINNING = lazy(
    r"[\W\d_]*(?:(?:(?:create|add|implement|configure|complete|finish|deploy)(?:d|ed)?|x|the|all|full|done|set|up|setup|wrote"
    r"|write|built|build|phase|step|task|section|production|prod|multi|stage|optimi[sz]ed|basic|automated|base|database|and"
    r"|unit|integration|e2e|end|to|kubernetes|k8s|docker|github|helm|ci|cd|deploy|deployment)(?:[\W\d_]+|$))*"
)
"""What may stand before the word that tells the kind: all words of `_NUMBER`, `_LEADING` and `ARTEFACTS`."""
_OF_DOCUMENTS = lazy(
    r"\b(?:document(?:ation|ed|s)?|docs|guides?|readme|tutorials?|training|learn\w*|skills?|topics?|concepts?)\b"
)
"""In headings, in small letters, below which stands what is written or known about a kind of thing."""
_NUMBER = lazy(r"^\s*(?:\d+(?:\.\d+)*[.)]?\s+|(?:phase|step|task|section)\s+\d+\s*[:.–—-]?\s*)", re.IGNORECASE)
_FINISHED = lazy(r"^\s*(?:complete[d]?|done|implemented|finished)\s*[:–—-]\s*")
_END = lazy(r"\s*(?:[:–—|]|\s-\s|,|;|\.\s|\s(?:with|using|via|including|in)\s)")
_TRAILING = lazy(
    r"\s*\(?(?:100\s?%|complete[d]?|done|implemented|finished|ready|created|configured|deployed|in place|added)\)?\s*$"
)
_LEADING = lazy(
    r"^(?:created?|add(?:ed)?|implement(?:ed)?|complete[d]?|set\s?up|configured?|wrote|write|built|build|deploy(?:ed)?|the|all"
    r"|full|done)\s+"
)
_DOCUMENTS = (*ENDINGS, ".txt", ".png", ".svg")
_PLACE_HOLDERS = (".gitkeep", ".keep")
"""What keeps an empty folder in git."""
_LONGEST_LINE = 200
_FARTHEST = 80
"""Characters before the word that tells of which kind something is: a few more words may stand there, and markup."""
_LONGEST_SUBJECT = 60


def _never(_project: Project) -> bool:
    """For kinds of which the paths tell everything."""
    return False


class Artefact(NamedTuple):
    """A kind of thing: how it is called, what is not committed where it is missing, and how to find out.

    ``path`` stands in the list of committed paths, in small letters and each on a line, where the kind is there for
    sure, and in every such path one of the ``hints``; ``is_there`` takes a closer look where it does not.
    """

    called: re.Pattern[str]
    lacks: str
    path: re.Pattern[str]
    hints: tuple[str, ...]
    is_there: Callable[[Project], bool] = _never


class Presence:
    """Which kinds of things are there, each looked for once: ``project.model(Presence)``."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._known: dict[str, bool] = {}
        self._in_paths: dict[str, bool] = {}
        self._lines: dict[str, bool] = {}

    def may_be_claimed(self, lowered: str) -> bool:
        """Whether a line of a document, in small letters, may be about a kind of thing that no path tells is there.

        Anything may be in a submodule.
        """
        if self._project.repository.submodules:
            return False
        starts = {start for kind in KINDS for start, at in _lines_with(lowered, kind) if _may_begin(lowered, start, at)}
        return any(self._doubtful_in(lowered[start : start + _LONGEST_LINE]) for start in starts)

    def _doubtful_in(self, beginning: str) -> bool:
        line = beginning.partition("\n")[0]
        if line not in self._lines:
            begun = _BULLET.match(line)
            self._lines[line] = self.doubtful_called(subject(line[begun.end() if begun else 0 :])) is not None
        return self._lines[line]

    def doubtful_called(self, called: str) -> Artefact | None:
        """The kind of thing that is called so, if no path tells that it is there."""
        artefact = next((known for known in ARTEFACTS if known.called.fullmatch(called)), None)
        return artefact if artefact is not None and not self._is_in_paths(artefact) else None

    def _is_in_paths(self, artefact: Artefact) -> bool:
        if artefact.lacks not in self._in_paths:
            self._in_paths[artefact.lacks] = any(
                artefact.path.search(_line_at(self._listed, start))
                for hint in artefact.hints
                for start, _ in _lines_with(self._listed, hint)
            )
        return self._in_paths[artefact.lacks]

    @cached_property
    def _listed(self) -> str:
        """The committed paths that are no documents, each on a line, in small letters."""
        paths = self._project.repository.paths
        known = [path for path in paths if not path.lower().endswith(_DOCUMENTS) and not path.endswith(_PLACE_HOLDERS)]
        return "\n/" + "\n/".join(known).lower() + "\n"

    def has(self, artefact: Artefact) -> bool:
        """Whether anything of the kind is committed."""
        if artefact.lacks not in self._known:
            self._known[artefact.lacks] = artefact.is_there(self._project)
        return self._known[artefact.lacks]


def _lines_with(text: str, words: str) -> Iterator[tuple[int, int]]:
    """Where the lines begin in which some words stand, and where in them these stand first."""
    at = text.find(words)
    while at >= 0:
        yield text.rfind("\n", 0, at) + 1, at
        end = text.find("\n", at)
        at = text.find(words, end) if end >= 0 else -1


def _may_begin(text: str, start: int, end: int) -> bool:
    """Whether a line that begins so may be about the kind of thing whose name follows."""
    return end - start <= _FARTHEST and _BEGINNING.fullmatch(text, start, end) is not None


def _line_at(text: str, start: int) -> str:
    """The line that begins somewhere, with the line breaks around it."""
    return text[start - 1 : text.find("\n", start) + 1]


def claims(file: File, context: Context, presence: Presence) -> Iterator[Named]:
    """The kinds of things that the document calls done and that are not there."""
    found: set[str] = set()
    for piece in context.pieces_with(KINDS, context.lowered):
        if piece.kind == CODE:
            continue
        text, start = _subject(context.document, piece)
        artefact = presence.doubtful_called(text)
        if artefact is None or artefact.lacks in found:
            continue
        if _state(context, piece, start) == DONE and not presence.has(artefact):
            found.add(artefact.lacks)
            yield Named(ARTEFACT, file, start, text, what=f'calls "{text}" done, and {artefact.lacks}')


def _subject(document: Prose, piece: Piece) -> tuple[str, int]:
    """What a heading, an item or a row is about, in small letters and without markup, and where it stands."""
    start, end = piece.start, piece.end
    if piece.kind == ROW:
        spans = cells(document, piece)
        start, end = spans[0] if spans else (start, start)
    line = document.text.find("\n", start, end)
    raw = document.text[start : line if line >= 0 else end][:_LONGEST_LINE]
    first = re.search(r"\w", raw)
    return subject(raw), start + (first.start() if first else 0)


def subject(raw: str) -> str:
    """What a line is about, in small letters and without markup."""
    text = _FINISHED.sub("", _NUMBER.sub("", _MARKUP.sub(" ", raw).strip()).lower())
    stop = _END.search(text)
    text = " ".join((text[: stop.start()] if stop else text).split())
    return _LEADING.sub("", _TRAILING.sub("", text)).strip(" .-")[:_LONGEST_SUBJECT]


def _state(context: Context, piece: Piece, start: int) -> str:
    if any(_OF_DOCUMENTS.search(context.document.of(section).lower()) for section in piece.sections):
        return PLAIN
    if piece.kind == HEADING:
        return context.section_state(piece)
    if piece.kind == ITEM and piece.checked is None:
        return context.own_state(piece, start)
    return context.state(piece, start)


def _says(project: Project, words: str) -> bool:
    """Whether a file that is no document holds one of some lines."""
    return any(
        project.place_of(path) not in (DOCUMENTATION, VENDORED)
        and not re.search(GENERATED, path)
        and not path.lower().endswith(_DOCUMENTS)
        for path in project.repository.containing(words)
    )


def _has_production_compose(project: Project) -> bool:
    from shipworthy.deployment.compose import compose

    return any(compose_set.in_production for compose_set in project.model(compose).sets)


def _has_workload(project: Project) -> bool:
    from shipworthy.deployment.kubernetes.discovery import workloads

    words = "kind: Deployment\nkind: StatefulSet\nkind: DaemonSet\nkubernetes_deployment\nkind: Rollout"
    return bool(project.model(workloads)) or _says(project, words)


def _has_pipeline(project: Project) -> bool:
    from shipworthy.deployment.workflows import pipelines

    return bool(project.model(pipelines))


def _has_watcher(project: Project) -> bool:
    from shipworthy.deployment.monitoring.evidence import watcher

    return watcher(project) is not None


def _has_script_that_deploys(project: Project) -> bool:
    from shipworthy.deployment.documents.needs import Needs

    return project.model(Needs).has_script_about("deploy", "release", "prod", "publish")


def _has_tests(project: Project) -> bool:
    return any(project.place_of(path) == TEST for path in project.repository.paths)


_KIND = r"(?:manifests?|deployments?|config(?:uration)?s?|files?|resources?|setup|support|definitions?|yamls?)"
_BEFORE = r"(?:(?:production|prod|multi-stage|optimi[sz]ed|complete|basic|automated|full|base)\s+)?"
_IN_PRODUCTION = r" ?\((?:prod|production)\)"
_PRODUCTION = f"(?:{_IN_PRODUCTION})?"
_CI = r"(?:ci/?-?cd|ci|github actions|continuous (?:integration|deployment|delivery))"
_RECOVERY = r"(?: ?/ ?| & | and )(?:(?:disaster )?recovery|dr)"
_DOCKERFILES = r"dockerfiles?(?: (?:for|per) .{1,30})?"
_COMPOSE = r"compose(?: file| configuration)?"
_DEPLOY = r"deploy(?:ment)?"
_SECRETS = (
    "kind: Secret\nSealedSecret\nExternalSecret\nSecretProviderClass\nsecretKeyRef\nsecretRef\nsecrets.\nsecrets:"
    "\nsecretsmanager\nSecretsManager\nSecretManager\nsecret_manager\nSecretClient\nvault\nVault\nVAULT\nsops\ndoppler"
)
_ALERTING = r"(?:(?: & | and )(?:observability|alerting|logging))?"
ARTEFACTS = (
    Artefact(
        lazy(
            rf"{_BEFORE}(?:{_DOCKERFILES}|docker images?|(?:docker )?containeri[sz]ation|docker {_KIND}){_PRODUCTION}"
        ),
        "no Dockerfile is committed",
        lazy(r"(?:docker|container)file"),
        ("dockerfile", "containerfile"),
    ),
    Artefact(
        lazy(
            rf"(?:production|prod) (?:docker[- ])?{_COMPOSE}|docker[- ]{_COMPOSE}(?:{_IN_PRODUCTION}| for production)"
        ),
        "no Compose file for production is committed",
        lazy(r"compose[^/\n]*prod[^/\n]*\.ya?ml\n|prod[^/\n]*compose[^/\n]*\.ya?ml\n"),
        ("compose",),
        _has_production_compose,
    ),
    Artefact(
        lazy(rf"{_BEFORE}docker[- ]compose(?: {_KIND})?"),
        "no Compose file is committed",
        lazy(r"compose[^/\n]*\.ya?ml\n"),
        ("compose",),
    ),
    Artefact(
        lazy(rf"{_BEFORE}(?:kubernetes|k8s)(?: \(?k8s\)?)?(?: {_KIND})?{_PRODUCTION}"),
        "no workload for Kubernetes is committed",
        lazy(r"/chart\.ya?ml\n|\nchart\.ya?ml\n"),
        ("chart.y",),
        _has_workload,
    ),
    Artefact(
        lazy(rf"{_BEFORE}helm charts?"),
        "no Helm chart is committed",
        lazy(r"/chart\.ya?ml\n|helm"),
        ("chart.y", "helm"),
    ),
    Artefact(
        lazy(rf"{_BEFORE}terraform(?: {_KIND}| modules?)"),
        "no Terraform file is committed",
        lazy(r"\.tf(?:\.json)?\n"),
        (".tf",),
    ),
    Artefact(
        lazy(rf"{_BEFORE}{_CI}(?: pipelines?| workflows?| {_KIND})?"),
        "no CI pipeline is committed",
        lazy(
            r"/\.?(?:github|gitea|forgejo)/workflows/[^/\n]+\.ya?ml\n|jenkinsfile|\.gitlab-ci|vercel\.json|netlify\.toml"
            r"|render\.ya?ml|fly\.toml|railway\.|cloudbuild|/\.tekton/|/app\.ya?ml\n"
        ),
        (
            *("/workflows/", "jenkinsfile", ".gitlab-ci", "vercel.json", "netlify.toml", "render.y", "fly.toml"),
            *("railway.", "cloudbuild", "/.tekton/", "/app.y"),
        ),
        _has_pipeline,
    ),
    Artefact(
        lazy(r"(?:kubernetes |k8s )?network policies(?: & security)?"),
        "no NetworkPolicy is committed",
        lazy(r"network-?_?polic(?:y|ies)[^/\n]*\.ya?ml\n"),
        ("network",),
        partial(_says, words="NetworkPolicy"),
    ),
    Artefact(
        lazy(rf"(?:automated |database )?backups?(?:{_RECOVERY}| scripts?| jobs?| cronjobs?)?"),
        "nothing that makes a backup is committed",
        lazy(r"backup|velero|pgbackrest|restic"),
        ("backup", "velero", "pgbackrest", "restic"),
        partial(_says, words="backup\nBackup\nBACKUP\npg_dump\nmysqldump\nmongodump"),
    ),
    Artefact(
        lazy(rf"{_BEFORE}(?:monitoring|observability){_ALERTING}(?: {_KIND}| stack)?"),
        "nothing that monitors is committed",
        lazy(r"monitor|prometheus|grafana|sentry|telemetry|metrics"),
        ("monitor", "prometheus", "grafana", "sentry", "telemetry", "metrics"),
        _has_watcher,
    ),
    Artefact(
        lazy(rf"(?:kubernetes |k8s )?secrets? (?:management|manager|{_KIND})(?: & security)?"),
        "nothing that manages secrets is committed",
        lazy(r"vault|sops|sealed-?_?secret|external-?_?secret|doppler|infisical|secrets?[^/\n]*\.(?:ya?ml|tf)\n"),
        ("vault", "sops", "secret", "doppler", "infisical"),
        partial(_says, words=_SECRETS),
    ),
    Artefact(
        lazy(rf"(?:{_DEPLOY}|production|kubernetes {_DEPLOY})(?: and [a-z]+)? scripts?"),
        "no script that deploys is committed",
        lazy(r"(?:deploy|release|rollout|prod|publish)[^/\n]*\.(?:sh|bash|py|[cm]?[jt]s|ps1)\n|\.tf\n"),
        ("deploy", "release", "rollout", "prod", "publish", ".tf"),
        _has_script_that_deploys,
    ),
    Artefact(
        lazy(
            r"(?:(?:automated |unit |integration |e2e |end-to-end )?(?:tests|test suite|testing)"
            r"|(?:unit|integration|e2e|end-to-end) test)"
        ),
        "no test is committed",
        lazy(r"/tests?/|[._-]tests?[._]|[._]spec\.|/__tests__/"),
        ("test", "spec."),
        _has_tests,
    ),
)
"""The first that fits counts."""
