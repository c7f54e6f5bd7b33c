"""No Secret manifest holds values that everybody can read.

Base64 is a spelling, not encryption: whoever can read the repository, or any clone or backup of it, has every password
of a committed Secret, and deleting the file does not take it out of the history. A Secret with placeholders is wrong in
another way: it is applied with the rest, and production runs with the password `changeme`.

Wrong::

    # deploy/secret.yaml
    apiVersion: v1
    kind: Secret
    metadata: {name: api}
    data:
      password: czNjcmV0LXZhbHVl

Right::

    # deploy/secret.yaml
    apiVersion: external-secrets.io/v1
    kind: ExternalSecret
    metadata: {name: api}
    spec:
      data:
        - secretKey: password
          remoteRef: {key: production/api, property: password}

Encrypted values (SOPS, SealedSecret), references and variables that are replaced at deployment are left alone, and so
are placeholders in examples and in files for development.

When not to use it: never in a repository that deploys; what is for tests alone can be excluded by its path.

Source: https://kubernetes.io/docs/concepts/security/secrets-good-practices/
"""

from __future__ import annotations

from shipworthy.hook import executable
from shipworthy.rule import BLOCKING, FILE, HIGH, MEDIUM, Rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from shipworthy.deployment.kubernetes.secrets import Readable
    from shipworthy.file import File
    from shipworthy.rule import Finding

RULE = Rule(
    "kubernetes-secrets",
    "No Secret manifest holds readable values",
    severity=BLOCKING,
    scope=FILE,
    files=r"(?i)\.(?:ya?ml|json)$",
    triggers=(
        b"kind: Secret",
        b'kind: "Secret',
        b"kind: 'Secret",
        b"kind:  Secret",
        b'"kind": "Secret',
        b'"kind":"Secret',
    ),
    since="0.1.0",
)


def check(file: File) -> Iterator[Finding]:
    """One finding for every Secret that holds readable values, at the worst of them."""
    from shipworthy.deployment.kubernetes.secrets import readable

    by_secret: dict[int, list[Readable]] = {}
    for found in readable(file):
        by_secret.setdefault(found.object.start, []).append(found)
    for values in by_secret.values():
        finding = _finding(file, values)
        if finding is not None:
            yield finding


def _finding(file: File, values: list[Readable]) -> Finding | None:
    from shipworthy.deployment.secrets import hinted
    from shipworthy.deployment.secrets.values import IDENTIFIER, KNOWN, LITERAL, PLACEHOLDER

    is_real = [value for value in values if value.rank in (KNOWN, LITERAL)]
    severity = _severity(file, [value.rank for value in values])
    if not severity:
        return None
    worst = (is_real or values)[0]
    others = [value.key for value in values if value is not worst]
    also = f", and so are {len(others)} more" if others else ""
    if is_real or worst.rank == IDENTIFIER:
        what = f"the value of {worst.key} is readable ({hinted(worst.value)}){also}"
        fix = (
            "change the secret, for it is in the history; then commit a SealedSecret, an ExternalSecret or a SOPS file"
        )
    elif all(value.rank == PLACEHOLDER for value in values):
        what = f"{worst.key} is a placeholder{also}: whoever applies the manifest puts it into production"
        fix = "keep the manifest as an example (secret.example.yaml), or commit a SealedSecret or an ExternalSecret"
    else:
        what = f"the value of {worst.key} is one that everybody guesses ({hinted(worst.value)}){also}"
        fix = "choose a random value, and commit it as a SealedSecret, an ExternalSecret or a SOPS file"
    return RULE.finding(
        file,
        worst.node,
        f"Secret {worst.object.name or '?'}: {what}",
        fix=fix,
        severity=severity,
        details={"secret": worst.object.name, "keys": [value.key for value in values]},
    )


def _severity(file: File, ranks: list[str]) -> str:
    """How bad it is; "" where it is meant to be so."""
    import re

    from shipworthy.deployment.env_names import DEVELOPMENT_WORDS, MAY_BE_EXAMPLE, TEST_WORDS, without_example_words
    from shipworthy.deployment.secrets.values import KNOWN, LITERAL
    from shipworthy.places import DEVELOPMENT, PRODUCTION

    words = set(re.findall(r"[a-z0-9]+", file.path.lower()))
    if file.place not in (PRODUCTION, DEVELOPMENT) or words & TEST_WORDS:
        return ""
    if MAY_BE_EXAMPLE.search(file.name.lower()) and without_example_words(file.name) != file.name:
        return BLOCKING if KNOWN in ranks else ""
    is_real = KNOWN in ranks or LITERAL in ranks
    if file.place == DEVELOPMENT or words & DEVELOPMENT_WORDS:
        return BLOCKING if KNOWN in ranks else MEDIUM if is_real else ""
    return BLOCKING if is_real else HIGH


main = executable(RULE, check)
