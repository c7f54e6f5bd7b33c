"""Every module of this repository that production code imports is committed.

A module that exists on the author's machine alone works there and nowhere else: the build of every other clone, and
the image made of it, ends with "cannot find module". It happens where a `git add` was forgotten, where a pattern in
`.gitignore` meant for something else (``lib/``, ``data/``) takes source with it, where a name is written with another
capital on a disk that does not care, and where code was written against a file that nobody ever wrote.

Wrong::

    # .gitignore has lib/, and src/lib/prices.ts is only on the author's disk
    import { format } from "./lib/prices";

Right::

    # .gitignore has /lib/, and src/lib/prices.ts is committed
    import { format } from "./lib/prices";

The rule reads TypeScript and JavaScript (with the aliases of tsconfig, jsconfig and Vite, and packages of the same
workspace), Python, Go and Rust, in production places. Installed packages, generated modules, optional imports
(``try``, ``TYPE_CHECKING``, ``#[cfg]``) and whatever lies in a submodule are left alone.

When not to use it: the build writes modules into the source tree in a way that nothing in the repository shows.

Source: https://nodejs.org/api/esm.html , https://docs.python.org/3/reference/import.html , https://go.dev/ref/spec ,
https://doc.rust-lang.org/reference/items/modules.html
"""

from __future__ import annotations

from shipworthy.hook import executable
from shipworthy.rule import BLOCKING, REPOSITORY, NotApplicable, Rule, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from shipworthy.deployment.modules import Missing
    from shipworthy.project import Project
    from shipworthy.rule import Finding

RULE = Rule(
    "imports-committed",
    "Every module of this repository that is imported is there",
    severity=BLOCKING,
    scope=REPOSITORY,
    since="0.1.0",
)


def check(project: Project) -> Iterator[Finding]:
    """A finding for every module that is not committed, at the first import of it."""
    from shipworthy.deployment.modules import modules

    found = project.model(modules)
    if not found.files:
        raise NotApplicable("no source in TypeScript, JavaScript, Python, Go or Rust")
    ignored = project.repository.ignored_by(path for missing in found.missing for path in missing.candidates)
    for missing in found.missing:
        yield _finding(project, missing, ignored)


def _finding(project: Project, missing: Missing, ignored: dict[str, str]) -> Finding:
    from shlex import quote

    repository = project.repository
    on_disk = next((path for path in missing.candidates if repository.only_on_disk(path)), None)
    spelled, wanted = next(
        ((known, path) for path in missing.candidates if (known := repository.differing_in_case(path))), ("", "")
    )
    target = on_disk or missing.target
    pattern = ignored.get(on_disk) if on_disk else None
    pattern = pattern or ignored.get(missing.candidates[0])
    if spelled:
        target = wanted
        problem = f"it is committed as {spelled}, and Linux tells capitals from small letters"
        fix = f"write the import as the file is spelled, or: git mv {quote(spelled)} {quote(wanted)}"
    elif pattern:
        problem = f"{target} is {'on disk, but ' if on_disk else 'not committed and '}ignored ({pattern})"
        fix = f"git add -f {quote(target)}, and narrow the pattern"
    elif on_disk:
        problem = f"{target} is on disk, but not committed"
        fix = f"git add {quote(target)}"
    else:
        problem = f"{target} is not committed"
        fix = f"write {target} and git add it, or remove the import"
    others = f" ({len(missing.also)} more import it)" if missing.also else ""
    return RULE.finding(
        missing.file,
        missing.start,
        f"{shown(missing.written)} is imported here{others}, but {problem}",
        fix=fix,
        details={"target": target, "ignored_by": pattern, "also": list(missing.also)},
    )


main = executable(RULE, check)
