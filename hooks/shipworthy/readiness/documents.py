"""What documents describe: a part of the repository that a section is about, whether or not it is there.

Only headings are looked at, and whether anything stands below them. A section that says that something is missing, or
is to come, describes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from shipworthy.deployment.evidence import Evidence, text_of
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
    COMPOSE_PRODUCTION: r"(?:prod\w* (?:docker[ -])?compose|docker[ -]?compose\b.{0,40}\bprod|compose\b.{0,20}\bprod)",
    KUBERNETES: r"kubernetes|\bk8s\b|\bhelm\b|kustomize",
    CI: r"\bci[ /&-]+cd\b|\bci[ /-]?cd\b|continuous (?:integration|delivery|deployment)|github actions|gitlab ci"
    r"|\b(?:ci|build|deploy(?:ment)?|delivery|release)[ -]pipelines?\b",
    SCRIPTS: r"(?:build|deploy\w*|release|rollout|migration) (?:scripts?|automation)|automated deployment",
    ENVIRONMENT: r"environment (?:variables?|config\w*|files?)|\.env\b|configuration variables",
    SECRETS: r"secrets?\b|credentials? (?:management|rotation)|key management|\bvault\b",
    MONITORING: r"monitoring|observability|alert(?:ing|s)\b|metrics\b|logging and|prometheus|grafana",
    NETWORK: r"network (?:polic|security|isolation|segmentation)|networkpolic",
    BACKUP: r"back-?ups?\b|disaster recovery|restore\b|recovery\b",
    TESTS: r"tests?\b|testing\b",
}
_TOPIC = {component: re.compile(pattern, re.IGNORECASE) for component, pattern in _TOPICS.items()}
_NOT_DOCUMENTS = re.compile(
    r"(?:^|/)(?:changelog|changes|history|release[-_ ]?notes?|news|licen[cs]e|code[-_]of[-_]conduct|authors|todo"
    r"|roadmap)(?:[-_.][^/]*)?$|(?:^|/)(?:adrs?|rfcs?|proposals?|plans?|archived?|node_modules|vendor)/",
    re.IGNORECASE,
)
_DENIED = re.compile(
    r"\b(?:missing|gaps?|todo|to-do|to do|roadmap|future|planned|not (?:found|implemented|yet|started)|needs? creation"
    r"|recommendations?|next steps?|wish ?list|upcoming|proposed|proposal|limitations?|out of scope|backlog|checklist"
    r"|critical findings)\b",
    re.IGNORECASE,
)
_BY_OTHERS = re.compile(
    r"\b(?:managed (?:by|database|postgres\w*|mysql|service)|\brds\b|aurora|supabase|neon\b|planetscale|atlas\b"
    r"|(?:automated|automatic|daily) (?:snapshots?|backups?) (?:by|of|from|through)|cloud ?sql|point[- ]in[- ]time"
    r"|provider)",
    re.IGNORECASE,
)
_HEADING = re.compile(r"^(?P<level>#{1,6})[ \t]+(?P<text>[^\n]*\S)", re.MULTILINE)
_FILE = re.compile(r"(?<![\w.-])(?:[\w.-]+/)*(?P<name>[\w-]+\.(?:sh|bash|ps1|py|js|mjs|ts|ya?ml|sql|tf|toml|conf))\b")
_FENCE = re.compile(r"^[ \t]*(?:```|~~~)", re.MULTILINE)
_MOST_DOCUMENTS = 400
_FEWEST_CHARACTERS = 40
"""Of a section that describes something."""


class Section(NamedTuple):
    """A section of a document with its heading, the headings around it, and all that stands in it."""

    path: str
    line: int
    level: int
    heading: str
    around: tuple[str, ...]
    text: str


class Documents:
    """The sections of the repository's documents: ``project.model(Documents)``."""

    def __init__(self, project: Project) -> None:
        self.sections = list(_sections(project))
        paths = (path for path in project.repository.paths if project.place_of(path) != DOCUMENTATION)
        self._files = {path.rpartition("/")[2] for path in paths}

    def names_file(self, section: Section) -> bool:
        """Whether a section names a file that is committed and no document: then something is there."""
        return any(name in self._files for name in _FILE.findall(section.text))

    def describing(self, component: str) -> Section | None:
        """The section that is about a component: the outermost one, of the document that is called after it first."""
        topic = _TOPIC.get(component)
        if topic is None:
            return None
        found = [one for one in self.sections if topic.search(one.heading) and _says_something(one)]
        return min(
            found, key=lambda one: (not topic.search(_named(one.path)), one.level, one.path, one.line), default=None
        )


def is_done_by_others(section: Section) -> bool:
    """Whether a section says that somebody else takes care of it."""
    return _BY_OTHERS.search(section.text) is not None


def place_of(section: Section) -> Evidence:
    """Where the section begins."""
    return Evidence(section.path, section.line, section.heading)


def _says_something(section: Section) -> bool:
    if any(_DENIED.search(heading) for heading in (section.heading, *section.around)):
        return False
    body = section.text.strip()
    first = body[:300]
    return len(body) >= _FEWEST_CHARACTERS and not _DENIED.search(first)


def _named(path: str) -> str:
    return re.sub(r"[-_.]+", " ", path.rpartition("/")[2])


def _sections(project: Project) -> Iterator[Section]:
    paths = [path for path in project.repository.paths if path.lower().endswith((".md", ".mdx", ".markdown"))]
    documents = [path for path in paths if project.place_of(path) == DOCUMENTATION and not _NOT_DOCUMENTS.search(path)]
    for path in documents[:_MOST_DOCUMENTS]:
        if not project.config.excludes(path):
            yield from sections_of(path, text_of(project, path))


def sections_of(path: str, text: str) -> Iterator[Section]:
    """The sections of one document."""
    fences = [fence.start() for fence in _FENCE.finditer(text)]
    found = [heading for heading in _HEADING.finditer(text) if not _is_inside(fences, heading.start())]
    around: list[tuple[int, str]] = []
    line, last = 1, 0
    for number, heading in enumerate(found):
        level = len(heading["level"])
        while around and around[-1][0] >= level:
            around.pop()
        following = (other.start() for other in found[number + 1 :] if len(other["level"]) <= level)
        end = next(following, len(text))
        line += text.count("\n", last, heading.start())
        last = heading.start()
        title = heading["text"].rstrip("# \t")
        yield Section(
            path,
            line,
            level,
            title,
            tuple(text for _, text in around),
            text[heading.end() : min(end, heading.end() + 4000)],
        )
        around.append((level, title))


def _is_inside(fences: list[int], offset: int) -> bool:
    """Whether an offset is between the first and the second of two fences."""
    from bisect import bisect_right

    return bisect_right(fences, offset) % 2 == 1
