"""No committed environment holds a secret in clear text, and none ships a password that everybody knows.

What is committed once stays in the history of every clone, fork and image layer: a secret in an env file, a Compose
file, a ConfigMap or a Dockerfile is known to all who ever saw the repository, and taking it out later changes nothing.
A placeholder or a default such as ``postgres`` in a production file is the opposite mistake: it is no secret at all,
and whoever forgets to set the variable deploys with a password that everybody guesses.

The rule asks what the file is for, what the key is called and what the value is. Read are env files, Compose files,
manifests and values of charts, Dockerfiles, units, blueprints of Render, the settings of applications
(`appsettings.json`, `application.yml`), and files that are nothing but secrets: private keys and key stores, `.npmrc`,
`.netrc`, kubeconfig, Terraform state. Scripts and pipelines are not. References, templates, encrypted values,
publishable keys, credentials of the developer's own machine, examples with placeholders and tests are left alone; in
a file for development what is no token of a known form is only mentioned. It says of a value at most how long it is and
how it begins.

Wrong::

    # .env.production
    SESSION_SECRET=kT4-wq9z-Lm2x-8vRd

    # compose.prod.yaml
    services:
      db:
        image: postgres:17
        environment:
          POSTGRES_PASSWORD: ${POSTGRES_PASSWORD:-postgres}

Right::

    # .gitignore
    .env.production

    # .env.production.example
    SESSION_SECRET=

    # compose.prod.yaml
    services:
      db:
        image: postgres:17
        environment:
          POSTGRES_PASSWORD: ${POSTGRES_PASSWORD:?set POSTGRES_PASSWORD}

When not to use it: another secret scanner guards the repository and its history already, and nobody minds defaults.

Source: https://12factor.net/config , https://docs.docker.com/reference/compose-file/interpolation/ , CWE-798, CWE-1392.
"""

from __future__ import annotations

from shipworthy.hook import executable
from shipworthy.rule import BLOCKING, HIGH, INFO, MEDIUM, REPOSITORY, NotApplicable, Rule, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from shipworthy.deployment.secrets import Secret
    from shipworthy.deployment.secrets.material import Material
    from shipworthy.project import Project
    from shipworthy.rule import Finding

RULE = Rule(
    "env-files-without-secrets",
    "No committed environment holds secrets or known passwords",
    severity=BLOCKING,
    scope=REPOSITORY,
    since="0.1.0",
)


def check(project: Project) -> Iterator[Finding]:
    """A finding for every secret in a file, however often it stands there, and for every key and credential file."""
    from shipworthy.deployment.secrets import secrets
    from shipworthy.deployment.secrets.material import materials

    if not project.repository.paths:
        raise NotApplicable("nothing is committed")
    groups: dict[tuple[str, str, str, str], list[Secret]] = {}
    for secret in secrets(project):
        name = secret.part.variable or secret.assignment.name
        key = (secret.assignment.file.path, name, secret.kind, secret.part.value)
        groups.setdefault(key, []).append(secret)
    for group in groups.values():
        yield _finding(group)
    for material in materials(project):
        yield _material(material)


def _finding(group: Sequence[Secret]) -> Finding:
    secret = group[0]
    file = secret.assignment.file
    lines = sorted({file.position(other.assignment.start)[0] for other in group[1:]})
    own = file.position(secret.assignment.start)[0]
    also = [line for line in lines if line != own]
    return RULE.finding(
        file,
        secret.assignment.start,
        _problem(secret) + (f"; also on line {', '.join(map(str, also))}" if also else ""),
        fix=_fix(secret),
        severity=_severity(secret),
        details={
            "variable": secret.part.variable or secret.assignment.name,
            "kind": secret.kind,
            "stage": secret.assignment.stage,
            "also": also,
        },
    )


def _severity(secret: Secret) -> str:
    from shipworthy.deployment.secrets import BUILD, DEVELOPMENT, EXAMPLE, KNOWN, LITERAL, PRODUCTION

    stage = secret.assignment.stage
    if secret.kind == KNOWN:
        return BLOCKING
    if secret.kind == LITERAL:
        worst = HIGH if secret.assignment.origin == BUILD else BLOCKING
        return {PRODUCTION: worst, DEVELOPMENT: INFO, EXAMPLE: MEDIUM}.get(stage, HIGH)
    return HIGH if stage == PRODUCTION else MEDIUM


def _problem(secret: Secret) -> str:
    """What is wrong, without the value."""
    from shipworthy.deployment.secrets import KNOWN, LITERAL, PLACEHOLDER, hinted
    from shipworthy.deployment.secrets.values import format_of_token

    part, value = secret.part, secret.part.value
    length = f"{len(value)} character{'s' * (len(value) != 1)}"
    what = {
        KNOWN: f"{format_of_token(value, part.name) or 'a token'} in clear text ({hinted(value)})",
        LITERAL: f"a secret in clear text ({hinted(value)})",
        PLACEHOLDER: f"a placeholder ({length})",
    }.get(secret.kind, f"a word that everybody guesses first ({length})")
    name = shown(secret.assignment.name)
    if part.variable:
        subject = "the password in its default" if part.host is not None else "its default"
        return f"where {part.variable} is not set, {subject} is {what}"
    if part.host is not None:
        return f"the password in {name} is {what}"
    if part.name == secret.assignment.name:
        return f"{name} holds {what}"
    return f"{shown(part.name)} in {name} is {what}"


def _fix(secret: Secret) -> str:
    """What to do instead: first make a secret that leaked worthless, then take it out of the file."""
    from shipworthy.deployment.secrets import KNOWN, LITERAL

    leaked = secret.kind in (KNOWN, LITERAL)
    return ("rotate it first: it stays in the history; then " if leaked else "") + _replacement(secret)


def _replacement(secret: Secret) -> str:
    from shipworthy.deployment.secrets import (
        BUILD,
        CHART,
        COMPOSE,
        DOCKERFILE,
        ENV_FILE,
        EXAMPLE,
        KUBERNETES,
        PLATFORM,
        SECRET_FILE,
        UNIT,
    )

    origin, path = secret.assignment.origin, secret.assignment.file.path
    variable = secret.part.variable or secret.assignment.name
    if secret.part.variable:
        return f"let a missing variable be an error: ${{{variable}:?set {variable}}}"
    if secret.assignment.stage == EXAMPLE:
        return f"leave the name alone in the example: {variable}="
    if origin in (ENV_FILE, SECRET_FILE):
        return _out_of_the_repository(path)
    if origin == COMPOSE and secret.part.host is None:
        is_item = secret.assignment.file.text.startswith(f"{variable}=", secret.assignment.start)
        return f"take it from the environment: {variable}{'=' if is_item else ': '}${{{variable}:?set {variable}}}"
    if path.rpartition("/")[2].startswith("appsettings"):
        return f"take it out, and set it in the environment: SECTION__{variable}, with its sections in front"
    return {
        COMPOSE: "take the password from the environment: ${DB_PASSWORD:?set DB_PASSWORD} in its place",
        KUBERNETES: "take it from a Secret that is not committed in clear text: valueFrom.secretKeyRef",
        CHART: "leave the default empty and take an existing Secret, or require the value",
        DOCKERFILE: "hand it to the container when it starts",
        BUILD: "hand it to the build with RUN --mount=type=secret",
        PLATFORM: "write sync: false in its place, and give it to the platform by hand",
        UNIT: "use LoadCredential=, or an EnvironmentFile= outside of the repository",
    }.get(origin, f"take it from the environment, without a default: ${{{_spelled(variable)}}}")


def _spelled(name: str) -> str:
    """A key as the name of an environment variable."""
    import re

    return re.sub(r"\W+", "_", re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name)).upper()


def _out_of_the_repository(path: str) -> str:
    from shlex import quote

    return (
        f"git rm --cached {quote(path)}, add it to .gitignore, and commit the names alone as {quote(path + '.example')}"
    )


def _material(material: Material) -> Finding:
    from shlex import quote

    path = material.file.path
    return RULE.finding(
        material.file,
        material.start,
        f"{path} holds {material.what}",
        fix=f"replace it first: it stays in the history; then git rm --cached {quote(path)}, and add it to .gitignore",
    )


main = executable(RULE, check)
