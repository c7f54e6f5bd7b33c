"""Everything that Compose files name is declared.

A service, network, volume, secret or config that nothing declares, a file that `include` or `extends` does not find and
a build target that the Dockerfile does not have all end the same way: Compose refuses to start anything.

Wrong::

    # compose.production.yaml
    services:
      api:
        image: registry.example.com/api:1.4.2
        depends_on: [database]
        volumes: ["uploads:/uploads"]
      db:
        image: postgres:16

Right::

    # compose.production.yaml
    services:
      api:
        image: registry.example.com/api:1.4.2
        depends_on: [db]
        volumes: ["uploads:/uploads"]
      db:
        image: postgres:16
    volumes:
      uploads:

Files are judged as Compose merges them: with what they extend and include, with the files that a script, a pipeline or
a document runs them together with. What is unknown (remote files, templates, variables without a default) is left
alone. A fixed `container_name` for a service with several replicas is reported too, and so are keys that Compose cannot
take: a service beside `services` instead of below it, a name that is given twice. Missing env files belong to
`env-files-committed`, missing Dockerfiles and build contexts to `referenced-files-committed`.

When not to use it: another program writes the missing part before Compose runs.

Source: https://github.com/compose-spec/compose-spec/blob/main/spec.md
"""

from __future__ import annotations

from shipworthy.hook import executable
from shipworthy.patterns import lazy
from shipworthy.rule import BLOCKING, REPOSITORY, NotApplicable, Rule, lower, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from shipworthy.deployment.compose import ComposeSet, Missing
    from shipworthy.deployment.compose.dangling import Dangling, WrongKey
    from shipworthy.project import Project
    from shipworthy.rule import Finding

RULE = Rule(
    "compose-references",
    "Everything that Compose files name is declared",
    severity=BLOCKING,
    scope=REPOSITORY,
    since="0.1.0",
)
_MOST_SHOWN = 8
_FAULT = lazy(r"line (?P<line>\d+): (?P<problem>.+)")
_TEMPLATE = lazy(r"\{\{|\{%|<%")


def check(project: Project) -> Iterator[Finding]:
    """A finding for every name and file that is not there."""
    from shipworthy.deployment.compose import TEST, compose
    from shipworthy.deployment.compose.dangling import dangling, wrong_keys

    yield from _broken(project)
    sets = [compose_set for compose_set in project.model(compose).sets if compose_set.role != TEST]
    if not sets:
        raise NotApplicable("no Compose file")
    for compose_set in sets:
        for missing in compose_set.missing:
            yield _missing(project, compose_set, missing)
        yield from _fixed_names(compose_set)
    for wrong in wrong_keys(sets):
        yield _wrong_key(wrong)
    for one in project.model(dangling):
        yield _dangling(one)


def _broken(project: Project) -> Iterator[Finding]:
    """The Compose files that are no YAML, which nothing else can be said of. What is rendered first may become YAML."""
    from shipworthy.deployment.compose import compose
    from shipworthy.places import DEVELOPMENT, PRODUCTION

    for compose_file in project.model(compose).files:
        file, fault = compose_file.file, _FAULT.fullmatch(compose_file.unreadable)
        if fault and file.place in (PRODUCTION, DEVELOPMENT) and not _TEMPLATE.search(file.text):
            yield RULE.finding(
                file,
                file.offset(int(fault["line"])),
                f"this is no YAML: {fault['problem']}: Compose refuses to start",
                fix="mend the line, or the one before it: its indentation, its quotes, its brackets",
                severity=BLOCKING if file.place == PRODUCTION else lower(BLOCKING),
                details={"kind": "syntax"},
            )


def _severity(compose_set: ComposeSet) -> str:
    """A file that nobody runs in production keeps only its developers waiting."""
    from shipworthy.deployment.compose import DEVELOPMENT

    return lower(BLOCKING) if compose_set.role == DEVELOPMENT else BLOCKING


def _missing(project: Project, compose_set: ComposeSet, missing: Missing) -> Finding:
    from shlex import quote

    from shipworthy.deployment.compose import CYCLE, INCLUDE

    repository, name = project.repository, missing.name
    message, fix = (
        f"nothing is called {name} in the file that it extends",
        f"define the service {name}, or name another",
    )
    if missing.what == CYCLE:
        message, fix = f"{name} extends itself in the end", "let one of the services stand for itself"
    elif missing.what == INCLUDE or "/" in name or "." in name:
        verb = "includes" if missing.what == INCLUDE else "extends a service of"
        spelled = repository.differing_in_case(name)
        message, fix = f"it {verb} {name}, which is not committed", f"write {name}, then: git add {quote(name)}"
        if spelled is not None:
            message = f"it {verb} {name}, which is committed as {spelled}: Linux tells capitals from small letters"
            fix = f"name {spelled}"
        elif repository.only_on_disk(name):
            message = f"it {verb} {name}, which is on disk but not committed"
            fix = f"git add -f {quote(name)}"
    return RULE.finding(
        missing.value.file,
        missing.value.node,
        f"{message}: Compose refuses to start",
        fix=fix,
        severity=_severity(compose_set),
        details={"kind": missing.what, "name": name},
    )


def _wrong_key(wrong: WrongKey) -> Finding:
    """A key that Compose cannot take: twice in one mapping, or on the top level, which has a handful and no others."""
    message = f"{shown(wrong.name)} stands on the top level, where Compose knows no such key: it refuses to start"
    fix = f"indent {wrong.name} below services" if wrong.is_service else f"name it x-{wrong.name}, or take it out"
    if wrong.first:
        message = f"{shown(wrong.name)} is given twice, first in line {wrong.first}: Compose refuses to start"
        fix = "keep one of them, with what belongs to it"
    return RULE.finding(
        wrong.file,
        wrong.start,
        message,
        fix=fix,
        severity=_severity(wrong.compose_set),
        details={"kind": "key", "name": wrong.name},
    )


def _dangling(one: Dangling) -> Finding:
    from difflib import get_close_matches

    from shipworthy.deployment.compose.dangling import SERVICE, STAGE

    near = get_close_matches(one.name, one.known, 1)
    declared = ", ".join(one.known[:_MOST_SHOWN]) or "none"
    build = one.service.build
    where = "nothing declares it"
    if one.kind == STAGE and build is not None:
        where = f"{build.dockerfile_path} has no such stage"
    section = "services" if one.kind == SERVICE else one.kind + "s"
    create = f"FROM ... AS {one.name} in the Dockerfile" if one.kind == STAGE else f"{one.name} below {section}"
    return RULE.finding(
        one.value.file,
        one.value.node,
        f"the service {one.service.name} names the {one.kind} {shown(one.name)}, but {where}"
        f" (there are: {declared}): Compose refuses to start",
        fix=f"name {near[0]}, or add {create}" if near else f"add {create}, or take the name out",
        severity=_severity(one.compose_set),
        details={"kind": one.kind, "name": one.name, "service": one.service.name},
    )


def _fixed_names(compose_set: ComposeSet) -> Iterator[Finding]:
    """Services with several containers and one name for all of them."""
    from shipworthy.deployment.compose.running import is_stack

    for service in compose_set.services.values():
        name = service.get("container_name")
        if name is not None and (service.replicas or 1) > 1 and not is_stack(compose_set):
            yield RULE.finding(
                name.file,
                name.node,
                f"the service {service.name} asks for {service.replicas} containers, and container_name gives all of"
                f" them the name {shown(name.text)}: Compose refuses to start",
                fix="take container_name out: other services reach it by the service's name",
                severity=_severity(compose_set),
                details={"kind": "container_name", "name": name.text, "service": service.name},
            )


main = executable(RULE, check)
