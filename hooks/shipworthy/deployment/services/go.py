"""Services of Go: a `package main` that listens or consumes, itself or in a package of its module that it imports."""

from __future__ import annotations

import re

from shipworthy.deployment.evidence import Evidence, line_at, text_of
from shipworthy.deployment.services.judgement import Judgement
from shipworthy.deployment.services.model import SERVER, WORKER
from shipworthy.patterns import lazy
from shipworthy.places import PRODUCTION

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.deployment.services.units import Unit
    from shipworthy.project import Project

MOST_PROGRAMS = 40
"""How many main files of a module are looked into."""
MOST_FILES = 60
"""How many files of the packages that a program imports are looked into."""

_MODULE = lazy(r"^module[ \t]+\"?(?P<path>[^\s\"]+)", re.MULTILINE)
_MAIN = lazy(r"^package main\b", re.MULTILINE)
_IMPORT = lazy(r"\"(?P<path>[\w.\-/]+)\"")
_LISTENS = lazy(
    r"\b(?:ListenAndServe(?:TLS)?\(|net\.Listen\(|grpc\.NewServer\(|gin\.(?:Default|New)\(|echo\.New\(|fiber\.New\("
    r"|chi\.NewRouter\(|mux\.NewRouter\(|http\.Server\{|http\.HandleFunc\(|kratos\.New\(|micro\.NewService\("
    r"|(?:zrpc|rest)\.MustNewServer\()"
)
_CONSUMES = lazy(
    r"\b(?:kafka\.NewReader|sarama\.NewConsumer|NewConsumerGroup|asynq\.NewServer|cron\.New|tgbotapi\.NewBotAPI|worker\.New"
    r"|nsq\.NewConsumer)\(|\.Consume\("
)
_COMMANDS = lazy(r"\"github\.com/(?:spf13/cobra|urfave/cli|alecthomas/kong)\b|\"github\.com/charmbracelet/")
_SERVER_NAMES = lazy(r"(?:^|[-_/])(?:server|api|gateway|service|svc|worker|web|backend|daemon|consumer|bot)s?$")
_LIBRARY_FOLDERS = lazy(
    r"(?:^|/)(?:internal|pkg|tools?|hack|scripts?|test|examples?|sdk)(?:/|$)",
    holding=("internal", "pkg", "tool", "hack", "script", "test", "example", "sdk"),
)


def judge(project: Project, unit: Unit, ecosystem: str) -> Judgement:
    """What the main packages of the module say."""
    manifest = unit.manifests[ecosystem][0]
    found = _MODULE.search(text_of(project, manifest))
    module = found["path"] if found else ""
    packages = _Packages(project, unit.directory, module)
    programs: dict[str, Evidence] = {}
    kind = WORKER
    mains = 0
    candidates = [path for path in unit.entries if path.endswith(".go") and project.place_of(path) == PRODUCTION]
    for path in sorted(candidates, key=lambda path: (path.count("/"), path))[:MOST_PROGRAMS]:
        directory = path.rpartition("/")[0]
        if directory in programs or _LIBRARY_FOLDERS.search(directory[len(unit.directory) :] + "/"):
            continue
        text = text_of(project, path)
        if not _MAIN.search(text):
            continue
        mains += 1
        evidence, listens = packages.serves(path, text)
        if evidence:
            programs[directory] = evidence
            kind = SERVER if listens else kind
    if not programs:
        reason = "a command-line tool: it listens nowhere" if mains else "a Go library: no package main"
        return Judgement(reason=reason, published=True)
    first = next(iter(programs.values()))
    return Judgement(kind, first, manifest=manifest, programs=programs if len(programs) > 1 else {})


class _Packages:
    """The packages of one module."""

    def __init__(self, project: Project, directory: str, module: str) -> None:
        self.project = project
        self.directory = directory
        self.module = module
        self.files: dict[str, list[str]] = {}
        for path in project.repository.below(directory):
            if path.endswith(".go") and not path.endswith("_test.go"):
                self.files.setdefault(path.rpartition("/")[0], []).append(path)
        self.texts: dict[str, str] = {}

    def serves(self, path: str, text: str) -> tuple[Evidence | None, bool]:
        """Where the program listens or consumes, and whether it listens."""
        directory = path.rpartition("/")[0]
        own = [path, *(other for other in self.files.get(directory, ()) if other != path)]
        found = self._search(own)
        if found[0]:
            return found
        if _COMMANDS.search(text) and not _SERVER_NAMES.search(directory or self.module):
            return None, False
        return self._search(self._imported(own))

    def _search(self, paths: list[str]) -> tuple[Evidence | None, bool]:
        for pattern, what in ((_LISTENS, "listens"), (_CONSUMES, "consumes")):
            for path in paths:
                found = pattern.search(self._text(path))
                if found:
                    line = line_at(self._text(path), found.start())
                    return Evidence(path, line, f"the program {what} ({found[0].rstrip('({')})"), what == "listens"
        return None, False

    def _imported(self, paths: list[str]) -> list[str]:
        """The files of the packages that are imported, and of those that these import."""
        found: list[str] = []
        seen = {path.rpartition("/")[0] for path in paths}
        waiting = list(paths)
        while waiting and len(found) < MOST_FILES:
            for match in _IMPORT.finditer(self._text(waiting.pop(0))):
                name = match["path"]
                if not self.module or not name.startswith(self.module + "/"):
                    continue
                directory = (self.directory + "/" if self.directory else "") + name[len(self.module) + 1 :]
                if directory not in seen:
                    seen.add(directory)
                    found += self.files.get(directory, [])
                    waiting += self.files.get(directory, [])
        return found[:MOST_FILES]

    def _text(self, path: str) -> str:
        if path not in self.texts:
            self.texts[path] = text_of(self.project, path)
        return self.texts[path]
