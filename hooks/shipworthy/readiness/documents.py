"""What documents describe: a part of the repository that a section is about, whether or not it is there.

A section is about what its heading names, and describes it where something stands below. One that says that something
is missing, or is to come, describes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

from shipworthy.deployment.documents.context import QUIET, Context
from shipworthy.deployment.documents.discovery import documents as pages
from shipworthy.deployment.evidence import MOST_CHARACTERS, Evidence
from shipworthy.formats.prose import ENDINGS, HEADING, Piece, Prose, prose
from shipworthy.formats.source import Lines
from shipworthy.formats.unreadable import Unreadable
from shipworthy.patterns import lazy
from shipworthy.places import DOCUMENTATION
from shipworthy.readiness.model import (
    BACKUP,
    CI,
    COMPOSE_PRODUCTION,
    DATABASE,
    DOCKERFILES,
    ENVIRONMENT,
    KUBERNETES,
    MONITORING,
    NETWORK,
    SCRIPTS,
    SECRETS,
    TESTS,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.project import Project

_TOPICS = {
    DATABASE: r"database schema|data model|schema design|migrations?\b",
    DOCKERFILES: r"docker ?files?\b|container images?\b|docker images?\b",
    COMPOSE_PRODUCTION: (r"prod\w* (?:docker[ -])?compose|docker[ -]?compose\b.{0,40}\bprod|compose\b.{0,20}\bprod"),
    KUBERNETES: r"kubernetes|\bk8s\b|\bhelm\b|kustomize",
    CI: (
        r"\bci[ /&-]+cd\b|\bci[ /-]?cd\b|continuous (?:integration|delivery|deployment)|github actions|gitlab ci"
        r"|\b(?:ci|build|deploy(?:ment)?|delivery|release)[ -]pipelines?\b"
    ),
    SCRIPTS: r"(?:build|deploy\w*|release|rollout|migration) (?:scripts?|automation)|automated deployment",
    ENVIRONMENT: r"environment (?:variables?|config\w*|files?)|\.env\b|configuration variables",
    SECRETS: r"secrets?\b|credentials? (?:management|rotation)|key management|\bvault\b",
    MONITORING: r"monitoring|observability|alert(?:ing|s)\b|metrics\b|logging and|prometheus|grafana",
    NETWORK: r"network (?:polic|security|isolation|segmentation)|networkpolic",
    BACKUP: r"backups?\b|back-ups?\b|disaster recovery|restore\b|recovery\b",
    TESTS: r"tests?\b|testing\b",
}
_IN_OTHER_LANGUAGES = {
    DATABASE: "数据库设计|数据库结构|資料庫設計|datenbankschema|datenmodell|schéma de la base|modelo de datos",
    CI: "持续集成|持续部署|持續整合|持續部署|intégration continue|integración continua|despliegue continuo",
    ENVIRONMENT: "环境变量|環境變數|umgebungsvariable|variables d.environnement|variables de entorno",
    SECRETS: "密钥管理|密鑰管理|gestion des secrets|gestión de secretos",
    MONITORING: r"监控|監控|überwachung|surveillance d(?:e|u|es)\b|monitoreo|monitorización",
    NETWORK: "网络策略|網路策略|netzwerkrichtlinie|politiques? réseau|políticas? de red",
    BACKUP: "备份|備份|灾难恢复|災難恢復|datensicherung|wiederherstellung|sauvegarde|copias? de seguridad|respaldo",
    TESTS: "测试|測試",
}
"""Headings of Chinese, French, German and Spanish documents; what they call by its English name stands above."""
_WORDS = {
    DATABASE: "schema schéma model migration 数据库 資料庫 datenbankschema",
    DOCKERFILES: "docker container",
    COMPOSE_PRODUCTION: "compose",
    KUBERNETES: "kubernetes k8s helm kustomize",
    CI: "cd continuous github gitlab pipeline 持续 持續 continu",
    SCRIPTS: "script automat",
    ENVIRONMENT: "environment .env variables 环境变量 環境變數 umgebungsvariable environnement entorno",
    SECRETS: "secret credential key vault 密钥 密鑰 secretos",
    MONITORING: "monitor observability alert metrics logging prometheus grafana 监控 監控 überwachung surveillance",
    NETWORK: "network 策略 netzwerk réseau red",
    BACKUP: (
        "backup back-up recovery restore 备份 備份 恢复 恢復 datensicherung wiederherstellung sauvegarde seguridad"
        " respaldo"
    ),
    TESTS: "test 测试 測試",
}
"""The words one of which is in whatever a topic's pattern matches."""
_TOPIC = {
    component: lazy(
        "|".join(filter(None, (pattern, _IN_OTHER_LANGUAGES.get(component)))),
        re.IGNORECASE,
        holding=tuple(_WORDS[component].split()),
        by_line=True,
    )
    for component, pattern in _TOPICS.items()
}
_BY_OTHERS = lazy(
    r"\b(?:managed (?:by|database|postgres\w*|mysql|service)|\brds\b|aurora|supabase|neon\b|planetscale|atlas\b"
    r"|(?:automated|automatic|daily) (?:snapshots?|backups?) (?:by|of|from|through)|cloud ?sql|point[- ]in[- ]time"
    r"|provider)",
    re.IGNORECASE,
)
_FILE = lazy(
    r"(?<![\w.-])(?:[\w.-]+/)*(?P<name>[\w-]+\.(?:sh|bash|ps1|py|js|mjs|ts|ya?ml|sql|tf|toml|conf))\b", re.ASCII
)
_MOST_SHOWN = 4000
"""Characters of a section that are looked at."""
_FEWEST = 40
"""Characters of a section that describes something."""


class Section(NamedTuple):
    """A section of a document: where its heading stands, how deep it is, and what stands below it."""

    path: str
    line: int
    level: int
    heading: str
    text: str


class Documents:
    """The sections of the repository's documents that describe something: ``project.model(Documents)``."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self._described: dict[str, Section | None] = {}
        self._read: dict[str, Prose] = {}

    def describing(self, component: str) -> Section | None:
        """The section that is about a component: of a document that is called after it first, then the outermost."""
        topic = _TOPIC.get(component)
        if topic is None:
            return None
        if component not in self._described:
            found = [section for path in self._paths for section in self._about(topic, path)]
            self._described[component] = min(
                found, key=lambda one: (topic.search(_named(one.path)) is None, one.level), default=None
            )
        return self._described[component]

    def names_file(self, section: Section) -> bool:
        """Whether a section names a file that is committed and no document: then something is there."""
        return any(found["name"] in self._files for found in _FILE.finditer(section.text))

    @cached_property
    def _files(self) -> set[str]:
        """The names of the committed files that are no documents."""
        paths = (path for path in self.project.repository.paths if self.project.place_of(path) != DOCUMENTATION)
        return {path.rpartition("/")[2] for path in paths}

    @cached_property
    def _paths(self) -> list[str]:
        """The documents that speak for the repository as it is, and those that are called after a component."""
        project = self.project
        named = {
            path
            for path in project.repository.paths
            if path.lower().endswith(ENDINGS) and project.place_of(path) == DOCUMENTATION
            if any(topic.search(_named(path)) for topic in _TOPIC.values()) and not project.config.excludes(path)
        }
        return sorted(named | {page.path for page in pages(project) if not page.claims_only})

    def _about(self, topic: re.Pattern[str], path: str) -> Iterator[Section]:
        """The sections of a document; all texts at once fill the memory, and to read one again takes little time."""
        try:
            text = self.project.open(path).text[:MOST_CHARACTERS]
        except (OSError, Unreadable):
            return
        if topic.search(text):
            if path not in self._read:
                self._read[path] = prose(path, text)
            yield from sections_of(topic, path, self._read[path])


def is_done_by_others(section: Section) -> bool:
    """Whether a section says that somebody else takes care of it."""
    return _BY_OTHERS.search(section.text) is not None


def place_of(section: Section) -> Evidence:
    """Where the section begins."""
    return Evidence(section.path, section.line, section.heading)


def sections_of(topic: re.Pattern[str], path: str, document: Prose) -> Iterator[Section]:
    """The sections of a document that describe a topic which their headings name."""
    context, lines = Context(document), Lines(document.text)
    headings = [piece for piece in document.pieces if piece.kind == HEADING]
    for number, heading in enumerate(headings):
        title = document.of(heading).strip().strip("#").strip()
        if not topic.search(title):
            continue
        text = document.text[heading.end : _end(headings, number, len(document.text))][:_MOST_SHOWN]
        if len(text.strip()) >= _FEWEST and not _is_denied(context, heading):
            yield Section(path, lines.position(heading.start)[0], heading.level, title, text)


def _end(headings: list[Piece], number: int, otherwise: int) -> int:
    """Where the section of a heading ends: before the next heading that is not below it."""
    level = headings[number].level
    return next((other.start for other in headings[number + 1 :] if other.level <= level), otherwise)


def _is_denied(context: Context, heading: Piece) -> bool:
    """Whether the heading, or one above it, says that what follows is not there."""
    return any(context.section_state(one) == QUIET for one in (heading, *heading.sections))


def _named(path: str) -> str:
    return re.sub(r"[-_.]+", " ", path.rpartition("/")[2])
