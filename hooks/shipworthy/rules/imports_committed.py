"""Every module of this repository that production code imports is committed.

A module that exists on the author's machine alone works there and nowhere else: the build of every other clone, and
the image made of it, ends with "cannot find module". It happens where a `git add` was forgotten, where a pattern in
`.gitignore` meant for something else (``lib/``, ``data/``) takes source with it, where a name is written with another
capital on a disk that does not care, and where code was written against a file that nobody ever wrote.

Wrong::

    # .gitignore
    lib/

    // src/app.ts
    import { format } from "./lib/prices";

Right::

    # .gitignore
    /lib/

    // src/app.ts
    import { format } from "./lib/prices";

    // src/lib/prices.ts
    export const format = (cents: number) => (cents / 100).toFixed(2);

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
    apart=True,
    options={"generated": ([], "paths, as in .gitignore, of modules that a program writes before they are imported")},
)


def check(project: Project) -> Iterator[Finding]:
    """A finding for every module that is not committed, at the first import of it."""
    from shipworthy.deployment.modules import modules
    from shipworthy.globs import Globs

    found = project.model(modules)
    if not found.files:
        raise NotApplicable("no source in TypeScript, JavaScript, Python, Go or Rust")
    generated = Globs(project.config.listed(RULE.id, "generated"))
    ignored = project.repository.ignored_by(path for missing in found.missing for path in missing.candidates)
    for missing in found.missing:
        if any(generated.match(path) for path in missing.candidates):
            continue
        yield _finding(project, missing, ignored)


def _finding(project: Project, missing: Missing, ignored: dict[str, str]) -> Finding:
    on_disk = next((path for path in missing.candidates if project.repository.only_on_disk(path)), None)
    pattern = ignored.get(on_disk or missing.candidates[0])
    target, problem, fix = _problem(project, missing, on_disk, pattern)
    others = f" ({len(missing.also)} more import it)" if missing.also else ""
    return RULE.finding(
        missing.file,
        missing.start,
        f"{shown(missing.written)} is imported here{others}, but {problem}",
        fix=fix,
        details={"target": target, "ignored_by": pattern, "also": list(missing.also)},
    )


def _problem(project: Project, missing: Missing, on_disk: str | None, pattern: str | None) -> tuple[str, str, str]:
    """The path that should be committed, what is wrong with it, and what to do."""
    from shlex import quote

    target = on_disk or missing.target
    for wanted in missing.candidates:
        spelled = project.repository.differing_in_case(wanted)
        if spelled is not None:
            problem = f"it is committed as {spelled}, and Linux tells capitals from small letters"
            return (
                wanted,
                problem,
                f"write the import as {spelled} is spelled, or: git mv {quote(spelled)} {quote(wanted)}",
            )
    if on_disk is not None and pattern is not None:
        problem = f"{target} is on disk, but not committed: it is ignored ({pattern})"
        return target, problem, f"git add -f {quote(target)}, and narrow the pattern"
    if on_disk is not None:
        return target, f"{target} is on disk, but not committed", f"git add {quote(target)}"
    path = _with_ending(missing)
    if pattern is not None:
        problem = f"{path} is not committed: it is ignored ({pattern})"
        return target, problem, f"narrow the pattern, and git add {quote(path)} where it exists"
    near = _elsewhere(project, missing)
    fix = f"import {near} instead" if near else f"write {path} and git add it, or remove the import"
    return target, f"{path} is not committed", fix


def _with_ending(missing: Missing) -> str:
    """The path that a missing module would have: one without an ending gets that of the source that imports it.

    What begins with a capital may be a component, whose source has another ending.
    """
    from shipworthy.filenames import COMPONENTS

    ending = missing.file.path[missing.file.path.rfind(".") :]
    name = missing.target.rpartition("/")[2]
    is_bare = "." not in name and not name[:1].isupper() and ending not in COMPONENTS
    return missing.target + ending if is_bare and missing.target + ending in missing.candidates else missing.target


def _elsewhere(project: Project, missing: Missing) -> str:
    """The only committed file that has the name and the folder of a missing one, in another place."""
    for path in missing.candidates:
        found = project.model(_by_ending).get(_ending(path), [])
        if found:
            return found[0] if len(found) == 1 else ""
    return ""


def _by_ending(project: Project) -> dict[str, list[str]]:
    """The committed paths by their name and folder."""
    found: dict[str, list[str]] = {}
    for path in project.repository.paths:
        if path.count("/") > 1:
            found.setdefault(_ending(path), []).append(path)
    return found


def _ending(path: str) -> str:
    return "/".join(path.split("/")[-2:])


main = executable(RULE, check)
