"""The structure that the configuration requires is committed.

A team agrees on where things are: what every service brings along, where the manifests are, which page the one on call
opens first. Written down in a document the agreement holds until the first busy week; a service without the file that
the deployment script expects in every folder is noticed when it is deployed. Here it is stated once, with a reason for
each path, and every commit is held against it. An empty file and a folder that holds nothing but ``.gitkeep`` are no
answer.

Wrong::

    # .shipworthy.yaml
    layout:
      required:
        "services/*/runbook.md": whoever is on call looks there first
    # services/api/main.py
    print("no runbook")

Right::

    # .shipworthy.yaml
    layout:
      required:
        "services/*/runbook.md": whoever is on call looks there first
    # services/api/runbook.md
    Restart it: systemctl restart api

A path is required as a file or a folder, with a ``/`` at its end as a folder. ``*``, ``?``, ``[...]`` and ``**`` mean
what they mean in `.gitignore`; one match is enough. ``{service}`` stands for the folder of each service and ``{name}``
for its name, quoted because of YAML: ``"{service}/Dockerfile.production"`` is required of every service. Instead of the
reason alone an entry may be a mapping with ``reason``, ``severity``, ``or`` (paths that do as well) and ``when`` (paths
one of which must be committed for the entry to count).

``presets`` names structures that come with Shipworthy: ``production-services``, ``twelve-factor-compose`` and
``kustomize``. What a repository need not have of one stands in ``not_required``, and an entry of its own with the same
path takes the place of the preset's. Without ``layout`` there is nothing to check.

When not to use it: nobody agreed on a structure; what deployment itself needs, the other hooks find out.

Source: https://12factor.net , https://kubectl.docs.kubernetes.io/references/kustomize/glossary/#overlay
"""

from __future__ import annotations

from shipworthy.hook import executable
from shipworthy.rule import HIGH, REPOSITORY, Finding, NotApplicable, Rule, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from shipworthy.deployment.layout import Unmet
    from shipworthy.project import Project

RULE = Rule(
    "project-layout",
    "The structure that the configuration requires is there",
    severity=HIGH,
    scope=REPOSITORY,
    since="0.1.0",
)
_MOST_SHOWN = 3


def check(project: Project) -> Iterator[Finding]:
    """A finding for every path that is required and not there, of each service by itself."""
    if not project.config.layout:
        raise NotApplicable("the configuration requires no structure")
    from shipworthy.deployment.layout import Structure

    structure = project.model(Structure)
    if not structure.applicable:
        raise NotApplicable("nothing that the configuration requires is required of what is here")
    ignored = project.repository.ignored_by(path.rstrip("/") for unmet in structure.unmet for path in _paths(unmet))
    for unmet in structure.unmet:
        yield _finding(project, unmet, ignored)


def _finding(project: Project, unmet: Unmet, ignored: dict[str, str]) -> Finding:
    """A finding where the path is required; for what a service lacks, where the service is known by."""
    requirement, service = unmet.requirement, unmet.service
    problem, fix = _problem(project, unmet, ignored)
    path, line, column = project.config.path, requirement.line, requirement.column
    proofs = service.evidence if service is not None else []
    proof = next((evidence for evidence in proofs if evidence.path in project.repository), None)
    if proof is not None:
        path, line, column = proof.path, proof.line, 1
    details: dict[str, object] = {
        "required": requirement.path,
        "stated": f"{project.config.path}:{requirement.line}",
        "path": unmet.path,
        "service": service.name if service is not None else None,
        "preset": requirement.preset or None,
        "state": unmet.state,
        "nearest": unmet.nearest or None,
    }
    message = f"{problem}: {shown(requirement.reason)}"
    return Finding(RULE.id, requirement.severity or RULE.severity, path, line, column, message, fix, details)


def _paths(unmet: Unmet) -> list[str]:
    """The paths of which one must be there."""
    return [unmet.path, *unmet.others]


def _problem(project: Project, unmet: Unmet, ignored: dict[str, str]) -> tuple[str, str]:
    """What is wrong, the nearest cause first, and what to do about it."""
    from shlex import quote

    from shipworthy.deployment.layout import EMPTY_FILE, EMPTY_FOLDER, NO_FOLDER

    path, plain = unmet.path, unmet.path.rstrip("/")
    whose = f"{path} is required"
    if unmet.service is not None:
        whose += f" of the service {unmet.service.name} ({project.config.path}:{unmet.requirement.line})"
    if unmet.state == EMPTY_FOLDER:
        return f"{whose}, and the folder holds nothing but {unmet.held}", f"commit into {path} what belongs there"
    if unmet.state == EMPTY_FILE:
        return f"{whose}, and {unmet.held or path} is empty", f"write {unmet.held or path}"
    if unmet.state == NO_FOLDER:
        return f"{whose}, and {plain} is a file", f"make {path} a folder"
    for written in _paths(unmet):
        plain = written.rstrip("/")
        what = "which" if written == path else f"and {written}, which does as well,"
        if project.repository.only_on_disk(plain):
            state = f"ignored ({ignored[plain]})" if plain in ignored else "not committed"
            force = "--force " if plain in ignored else ""
            return f"{whose}, {what} is on disk but {state}", f"git add {force}{quote(plain)}"
        other = project.repository.differing_in_case(plain)
        if other:
            return f"{whose}, {what} is committed as {other}", f"git mv {quote(other)} {quote(plain)}"
    return f"{whose}, which is not committed{_or(unmet.others)}", _creation(unmet)


def _or(others: Sequence[str]) -> str:
    """The paths that would do as well."""
    if not others:
        return ""
    more = len(others) - _MOST_SHOWN
    listed = ", ".join(others[:_MOST_SHOWN]) + (f" or {more} more" if more > 0 else "")
    return f", nor is {listed}"


def _creation(unmet: Unmet) -> str:
    """How to bring about what is missing, starting from what is nearest."""
    fix = f"create and commit {unmet.path}"
    return f"{fix}; the nearest that there is: {unmet.nearest}" if unmet.nearest else fix


main = executable(RULE, check)
