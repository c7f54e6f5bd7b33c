"""What the documents say is there is committed.

A guide that starts a script nobody wrote, a check-list that ticks off a folder that is empty, a tree of files that were
moved long ago: whoever trusts such a document loses an hour, or, in a run book, the night. And a repository whose
documents call it complete is deployed because of them.

Wrong::

    # docs/STATUS.md
    | Component            | Path              | Status      |
    |----------------------|-------------------|-------------|
    | Kubernetes manifests | `k8s/production/` | ✅ Complete |

    Deploy with `npm run deploy:prod`.

    # package.json
    {"scripts": {"build": "tsc"}}

Right::

    # docs/STATUS.md
    | Component            | Path              | Status      |
    |----------------------|-------------------|-------------|
    | Kubernetes manifests | `k8s/production/` | 🚧 planned  |

Looked at are Markdown, reStructuredText and AsciiDoc: paths set as code, links, images and includes, tree diagrams
(drawn, indented, or as nested lists), commands with the files, package scripts, make targets and Compose services they
name, and tables, check-lists and headings that call something done, in many languages. Links are exact, as on the web
server and on Linux; a path in a sentence may be seen from any folder. What a document itself calls missing, planned,
optional or removed is left alone, and so are placeholders, ignored and generated paths, examples, change logs,
decisions, proposals and archives; of plans only what they tick off counts. A table of technology whose versions no
manifest and no image agrees with is reported as medium.

When not to use it: the documents describe another repository.

Source: https://docs.github.com/get-started/writing-on-github , https://diataxis.fr/reference/
"""

from __future__ import annotations

from shipworthy.hook import executable
from shipworthy.rule import HIGH, INFO, MEDIUM, REPOSITORY, NotApplicable, Rule, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from shipworthy.deployment.documents import Unkept
    from shipworthy.project import Project
    from shipworthy.rule import Finding

RULE = Rule(
    "documented-files",
    "What the documents say is there is committed",
    severity=HIGH,
    scope=REPOSITORY,
    since="0.1.0",
    apart=True,
)
_MOST_NAMES = 5
"""Of a tree or of copies that a message lists."""


def check(project: Project) -> Iterator[Finding]:
    """A finding for everything that a document names and that is not so."""
    from shipworthy.deployment.documents import documented

    found = project.model(documented)
    if not found.are_any:
        raise NotApplicable("no document speaks for the repository")
    for unkept in found.unkept:
        yield _finding(unkept)


def _finding(unkept: Unkept) -> Finding:
    named = unkept.named
    lines = ", ".join(f"line {line}" for line in unkept.lines[:_MOST_NAMES])
    message = _problem(unkept) + (f" (also in {lines})" if lines else "")
    if unkept.copies:
        message += f"; so do {_listed(unkept.copies)}"
    return RULE.finding(
        named.file,
        named.start,
        message,
        fix=_fix(unkept),
        severity=_severity(unkept),
        details={
            "kind": named.kind,
            "target": named.path or None,
            "others": list(named.others),
            "also": list(unkept.lines),
            "copies": list(unkept.copies),
        },
    )


def _problem(unkept: Unkept) -> str:
    """What the document says, and what is so."""
    named = unkept.named
    if named.what:
        return f"the document {named.what}"
    path = shown(named.path)
    says = {
        "claim": f"the document says that {shown(named.written)} is done",
        "command": f"the document runs a command with {shown(named.written)}",
        "tree": f"the tree shows {path}",
        "link": f"the link leads to {path}",
        "mention": f"the document names {shown(named.written)}",
    }[named.kind]
    if named.others:
        says += f" and {len(named.others)} more ({_listed(named.others)})"
    if unkept.differing_in_case:
        return f"{says}, which is committed as {unkept.differing_in_case}: capitals count"
    if unkept.is_on_disk:
        return f"{says}, which is on disk but not committed"
    return f"{says}, {'which are' if named.others else 'which is'} not committed"


def _fix(unkept: Unkept) -> str:
    from posixpath import relpath
    from shlex import quote

    named = unkept.named
    if named.what:
        return named.fix or "commit it, or say in the document that it is planned"
    if unkept.differing_in_case:
        return f"write {unkept.differing_in_case}"
    if unkept.is_on_disk:
        return f"git add {quote(named.path)}"
    if unkept.elsewhere and not named.others:
        is_link = named.kind == "link"
        path = relpath(unkept.elsewhere, named.file.directory or ".") if is_link else unkept.elsewhere
        return f"write {path}, or commit {named.path}"
    return f"commit {named.path}, or say in the document that it is planned or gone"


def _severity(unkept: Unkept) -> str:
    from shipworthy.deployment.documents.grammar import is_for_deployment

    named = unkept.named
    if named.kind in ("claim", "artefact") or (named.kind == "command" and named.what):
        return HIGH
    if named.kind in ("link", "version"):
        return MEDIUM
    if any(is_for_deployment(path) for path in (named.path, *named.others)):
        return HIGH
    return INFO if named.kind == "mention" else MEDIUM


def _listed(names: tuple[str, ...]) -> str:
    rest = len(names) - _MOST_NAMES
    return ", ".join(shown(name) for name in names[:_MOST_NAMES]) + (f" and {rest} more" if rest > 0 else "")


main = executable(RULE, check)
