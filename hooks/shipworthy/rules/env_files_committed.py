"""Every env file that deployment needs is committed, or an example of it is.

Compose, systemd, kustomize and deployment scripts name env files that exist on the author's machine alone: `.gitignore`
keeps them out, and rightly so where they hold secrets. What a fresh clone needs then is an example, a committed file
with the same variables and harmless values. Without one, Compose refuses to start, scripts stop at `source`, and the
next person has to ask for a file. A repository that deploys also says what production needs: a production env file
without secrets, or an example.

Wrong::

    # compose.yaml
    services:
      api:
        image: registry.example.com/api:1.4.2
        env_file: deploy/api.env

    # .gitignore
    deploy/api.env

Right::

    # compose.yaml
    services:
      api:
        image: registry.example.com/api:1.4.2
        env_file: deploy/api.env

    # .gitignore
    deploy/api.env

    # deploy/api.env.example
    API_URL=
    LOG_LEVEL=info

An example is called after the env file and stands beside it or in a folder above: `api.env.example`,
`api.example.env`; for `.env` also `example.env`, `.env.production.sample`, `env.template`. Files that a script of the
repository writes, files that are optional (``required: false``, ``EnvironmentFile=-``, ``[ -f .env ] && . .env``) and
paths that only the host knows need none. ``--fix`` writes the example of an env file that is only on disk, in a folder
of the repository: the names of its variables, without values.

When not to use it: the team keeps its env files, examples included, in another repository on purpose.

Source: https://docs.docker.com/reference/compose-file/services/#env_file , https://12factor.net/config
"""

from __future__ import annotations

from shipworthy.hook import executable
from shipworthy.rule import BLOCKING, HIGH, MEDIUM, REPOSITORY, Addition, NotApplicable, Rule, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from shipworthy.deployment.env_files import EnvFiles
    from shipworthy.deployment.env_mentions import Mention
    from shipworthy.project import Project
    from shipworthy.rule import Finding

RULE = Rule(
    "env-files-committed",
    "Env files that deployment needs, or examples, are committed",
    severity=BLOCKING,
    scope=REPOSITORY,
    since="0.1.0",
    fixes=True,
)
_LOWER = {BLOCKING: HIGH, HIGH: MEDIUM}


def check(project: Project) -> Iterator[Finding]:
    """What is named and neither there nor explained; or the production env file that nothing names."""
    from shipworthy.deployment.env_files import env_files

    known = project.model(env_files)
    mentions = known.mentions
    missing = _missing(project, known, mentions)
    ignored = project.repository.ignored_by(path for mention, _ in missing for path in mention.paths)
    findings = [
        _finding(project, mention, also, ignored) for mention, also in missing if not _is_generated(mention, ignored)
    ]
    if all(finding.severity == MEDIUM for finding in findings):
        findings += _without_production_file(project, known)
    if not findings and not mentions:
        raise NotApplicable("nothing names an env file")
    yield from findings


def _missing(project: Project, known: EnvFiles, mentions: Sequence[Mention]) -> list[tuple[Mention, list[Mention]]]:
    """The first mention of each env file that is missing, with the other mentions of it."""
    from shipworthy.deployment.compose import TEST

    found: dict[str, tuple[Mention, list[Mention]]] = {}
    for mention in mentions:
        if not mention.required or not mention.paths or mention.stage == TEST:
            continue
        earlier = next((found[path] for path in mention.paths if path in found), None)
        if earlier is not None:
            earlier[1].append(mention)
        elif not any(_is_explained(project, known, path) for path in mention.paths):
            found[mention.paths[0]] = mention, []
    return list(found.values())


def _is_explained(project: Project, known: EnvFiles, path: str) -> bool:
    """Whether an env file is committed, has an example, or is written by the repository itself."""
    repository = project.repository
    return (
        path in repository
        or repository.has(path)
        or repository.is_unknown(path)
        or known.is_written(path)
        or known.example_of(path) is not None
    )


def _is_generated(mention: Mention, ignored: dict[str, str]) -> bool:
    """Whether a script reads a file from an ignored folder: what scripts make for each other lies there."""
    from fnmatch import fnmatchcase

    patterns = [ignored[path].rpartition(": ")[2] for path in mention.paths if path in ignored]
    names = [pattern.rstrip("/").rpartition("/")[2] for pattern in patterns]
    file = mention.written.rpartition("/")[2]
    return mention.by_command and bool(names) and not any(fnmatchcase(file, name) for name in names)


def _finding(project: Project, mention: Mention, also: Sequence[Mention], ignored: dict[str, str]) -> Finding:
    from shlex import quote

    from shipworthy.deployment.compose import DEVELOPMENT
    from shipworthy.deployment.env_files import names_on_disk

    repository = project.repository
    on_disk = next((path for path in mention.paths if repository.only_on_disk(path)), None)
    path = on_disk or mention.paths[0]
    pattern = next((ignored[candidate] for candidate in mention.paths if candidate in ignored), None)
    spelled = repository.differing_in_case(path)
    example = quote(path + ".example")
    state = "is on disk, but " if on_disk else "is "
    state += f"ignored ({pattern})" if pattern else "neither committed nor ignored"
    problem = f"{path} {state} and has no committed example: it is missing in every clone"
    fix = f"write its variables with harmless values into {path}.example, then: git add -f {example}"
    addition = None
    if spelled is not None:
        problem = f"it is committed as {spelled}, and Linux tells capitals from small letters"
        fix = f"git mv {quote(spelled)} {quote(path)}"
    elif on_disk is not None:
        variables = names_on_disk(project, path)
        write = f"{RULE.id} --fix" if variables else f"write {example} with the names alone"
        fix = f"git add -f {quote(path)} if it holds no secret; otherwise {write}, then: git add -f {example}"
        addition = Addition(f"{path}.example", [f"{name}=" for name in variables]) if variables else None
    severity = HIGH if pattern is not None else BLOCKING
    return RULE.finding(
        mention.file,
        mention.start,
        f"{mention.reader} reads {shown(mention.written)}: {problem}",
        fix=fix,
        severity=_LOWER[severity] if mention.stage == DEVELOPMENT else severity,
        details={
            "target": path,
            "ignored_by": pattern,
            "also": [f"{other.file.path}:{other.file.position(other.start)[0]}" for other in also],
        },
        addition=addition,
    )


def _without_production_file(project: Project, known: EnvFiles) -> Iterator[Finding]:
    """The proof that production reads an env file, where none is committed that could be it."""
    from shipworthy.deployment.env_names import is_for_development

    if any(not is_for_development(path) for path in known.committed) or known.need is None:
        return
    need, target = known.need
    yield RULE.finding(
        need.file,
        need.start,
        f"{need.reader} reads {shown(need.written)} and {target} deploys it, but neither a production env file nor an"
        " example is committed: nobody can tell which variables production needs",
        fix="write the variables with harmless values into .env.example, then: git add -f .env.example",
        severity=HIGH,
    )


main = executable(RULE, check)
