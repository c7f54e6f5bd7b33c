"""The versions that package managers resolved and wrote down, looked up for one package at a time.

Lock files are long: nothing of them is parsed but the lines about the package that is asked for.

Sources: https://docs.npmjs.com/cli/configuring-npm/package-lock-json ,
https://github.com/pnpm/spec/tree/master/lockfile ,
https://classic.yarnpkg.com/lang/en/docs/yarn-lock/ , https://python-poetry.org/docs/basic-usage/ ,
https://docs.astral.sh/uv/concepts/projects/layout/ , https://doc.rust-lang.org/cargo/guide/cargo-toml-vs-cargo-lock.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from shipworthy.deployment.evidence import Evidence, line_at
from shipworthy.deployment.modules.model import ancestors, below
from shipworthy.deployment.stack.model import Statement
from shipworthy.deployment.stack.technologies import CARGO, COMPOSER, GEMS, NPM, PYPI
from shipworthy.formats.unreadable import Unreadable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.project import Project

_TOML = r"^name = \"NAME\"\r?\nversion = \"(?P<version>[^\"\n]+)\""
_PNPM = (
    r"^ +['\"]?NAME['\"]?:\r?\n +specifier: [^\n]*\n +version: ['\"]?(?P<version>[\d.]+)"
    r"|^ +['\"]?/?NAME[@/](?P<older>[\d.]+)[^\n:]*:"
)
_LOCKS: dict[str, tuple[tuple[str, str], ...]] = {
    NPM: (
        (
            "package-lock.json",
            r"^ {2,4}\"(?:node_modules/)?NAME\": \{\r?\n +\"version\": \"(?P<version>[^\"\n]+)\"",
        ),
        ("pnpm-lock.yaml", _PNPM),
        ("yarn.lock", r"^\"?NAME@[^\n]*:\r?\n +version:? \"?(?P<version>[\d.]+)"),
    ),
    PYPI: (("uv.lock", _TOML), ("poetry.lock", _TOML), ("pdm.lock", _TOML)),
    CARGO: (("Cargo.lock", _TOML),),
    GEMS: (("Gemfile.lock", r"^    NAME \((?P<version>[\d.]+)\)"),),
    COMPOSER: (("composer.lock", r"^ +\"name\": \"NAME\",\r?\n +\"version\": \"(?P<version>v?[\d.]+)\""),),
}


def locked(project: Project, statement: Statement) -> Statement | None:
    """The resolved version of the package that a manifest names; None where no lock file around it has it."""
    for path, pattern in _locks_of(project, statement):
        try:
            text = project.open(path).text
        except (OSError, Unreadable):
            continue
        found = re.search(pattern.replace("NAME", re.escape(statement.package)), text, re.MULTILINE)
        if found is not None:
            version = next(group for group in found.groups() if group)
            evidence = Evidence(path, line_at(text, found.start()), f"{statement.package} {version}")
            return Statement(
                project,
                statement.technology,
                version,
                evidence,
                registry=statement.registry,
                package=statement.package,
                lock=True,
            )
    return None


def _locks_of(project: Project, statement: Statement) -> Iterator[tuple[str, str]]:
    """The lock files that may hold a package of a manifest, the nearest first, each with the pattern of its lines."""
    known = _LOCKS.get(statement.registry, ())
    for folder in ancestors(statement.evidence.path.rpartition("/")[0]):
        for name, pattern in known:
            if below(folder, name) in project.repository:
                yield below(folder, name), pattern
