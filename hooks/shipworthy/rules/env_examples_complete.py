"""Every variable that production requires stands in a committed example.

Compose replaces a variable that nobody set by nothing, with no more than a warning: the database starts with an empty
password, the image without a tag. Whoever sets up production has to know every ``${NAME}`` without a default, and
looks for it in the example beside the Compose file. Variables with a default are optional and need not be there.

Wrong::

    # compose.prod.yaml
    services:
      web:
        image: registry.example.com/web:1.4.2
        environment:
          PUBLIC_URL: https://${DOMAIN}

    # .env.example
    LOG_LEVEL=info

Right::

    # compose.prod.yaml
    services:
      web:
        image: registry.example.com/web:1.4.2
        environment:
          PUBLIC_URL: https://${DOMAIN}

    # .env.example
    LOG_LEVEL=info
    # The host name that users see, without a scheme.
    DOMAIN=

Env files, commented lines in examples (``# DOMAIN=``) and the README of the same folder count as well, and so do
scripts and pipelines that set the variable themselves. ``--fix`` appends the missing names to the example, or writes
one that holds the names alone.

When not to use it: another system sets all variables, and its documentation is somewhere else.

Source: https://docs.docker.com/reference/compose-file/interpolation/ , https://12factor.net/config
"""

from __future__ import annotations

from shipworthy.hook import executable
from shipworthy.rule import HIGH, INFO, MEDIUM, REPOSITORY, Addition, NotApplicable, Rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from shipworthy.deployment.required_variables import Required
    from shipworthy.project import Project
    from shipworthy.rule import Finding

RULE = Rule(
    "env-examples-complete",
    "Examples name every variable that production requires",
    severity=HIGH,
    scope=REPOSITORY,
    since="0.1.0",
    fixes=True,
    options={"provided": ([], "variables that whatever runs the deployment sets, as a platform or a CI system does")},
)
_LOWER = {HIGH: MEDIUM, MEDIUM: INFO}
_MOST_SHOWN = 8


def check(project: Project) -> Iterator[Finding]:
    """A finding for each required variable that nothing names; one for all of an env file or of a missing example."""
    from shipworthy.deployment.compose import PRODUCTION, compose
    from shipworthy.deployment.required_variables import required_by

    sets = project.model(compose).production
    if not sets:
        raise NotApplicable("no Compose file may be production")
    seen: set[tuple[str, str]] = set()
    is_any = False
    for compose_set in sets:
        required = required_by(project, compose_set)
        is_any = is_any or bool(required)
        fresh = [
            variable
            for variable in required
            if (variable.file.path, variable.name) not in seen
            and not project.config.matches(RULE.id, "provided", variable.name)
        ]
        seen.update((variable.file.path, variable.name) for variable in fresh)
        for finding in _findings(project, fresh):
            if compose_set.role != PRODUCTION:
                finding.severity = _LOWER[finding.severity]
            yield finding
    if not is_any:
        raise NotApplicable("the Compose files require no variable")


def _findings(project: Project, required: Sequence[Required]) -> Iterator[Finding]:
    from shipworthy.deployment.env_names import is_env_file
    from shipworthy.deployment.required_variables import documented

    known = project.model(documented)
    unnamed: list[tuple[Required, str]] = []
    for variable in required:
        if not known.is_named(variable):
            setter, document = known.elsewhere(variable.name)
            if not setter:
                unnamed.append((variable, document))
    example = known.example_for(unnamed[0][0].file.directory) if unnamed else ""
    if len(unnamed) > 1 and not example:
        yield _several(unnamed, "")
        return
    by_env_file: dict[str, list[tuple[Required, str]]] = {}
    for variable, document in unnamed:
        if is_env_file(variable.file.path):
            by_env_file.setdefault(variable.file.path, []).append((variable, document))
        else:
            yield _unnamed(variable, document, example)
    for group in by_env_file.values():
        yield _several(group, example) if len(group) > 1 else _unnamed(*group[0], example)


def _unnamed(variable: Required, document: str, example: str) -> Finding:
    folder = variable.file.directory
    target = example or (f"{folder}/.env.example" if folder else ".env.example")
    where = f"{document} alone names it" if document else "nothing in the repository says so"
    return RULE.finding(
        variable.file,
        variable.start,
        f"{variable.name} is required and has no default, but no example and no README beside it names it: {where}",
        fix=f"append to {target}: {variable.name}=",
        severity=MEDIUM if document else HIGH,
        details={"variables": [variable.name], "example": target, "document": document or None},
        addition=_addition(target, [variable.name]),
    )


def _several(unnamed: Sequence[tuple[Required, str]], example: str) -> Finding:
    """One finding for several variables: where the example itself is missing, or an env file asks for them."""
    first = unnamed[0][0]
    names = [variable.name for variable, _ in unnamed]
    folder = first.file.directory
    target = example or (f"{folder}/.env.example" if folder else ".env.example")
    more = f" and {len(names) - _MOST_SHOWN} more" if len(names) > _MOST_SHOWN else ""
    return RULE.finding(
        first.file,
        first.start,
        f"{len(names)} variables are required and have no default, but no committed example names them: "
        f"{', '.join(names[:_MOST_SHOWN])}{more}",
        fix=f"{'append to' if example else 'write'} {target}: " + " ".join(f"{name}=" for name in names),
        severity=MEDIUM if all(document for _, document in unnamed) else HIGH,
        details={"variables": names, "example": target},
        addition=_addition(target, names),
    )


def _addition(target: str, names: Sequence[str]) -> Addition | None:
    """The names without values, for a file that is an example of an env file and nothing else."""
    from shipworthy.deployment.env_names import is_plain_example

    return Addition(target, [f"{name}=" for name in names]) if is_plain_example(target) else None


main = executable(RULE, check)
