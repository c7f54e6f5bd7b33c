"""The environment, secrets, and where what must last is kept."""

from __future__ import annotations

import re

from shipworthy.deployment.env_files import EnvFiles, env_files
from shipworthy.deployment.evidence import Evidence, line_at, text_of
from shipworthy.deployment.kubernetes.objects import Object, dig
from shipworthy.deployment.workflows import read_by_ci
from shipworthy.filenames import READABLE
from shipworthy.patterns import lazy
from shipworthy.places import PRODUCTION
from shipworthy.readiness.known import Known, named
from shipworthy.readiness.parts import Part, absent, needless, present, untold
from shipworthy.readiness.parts.delivery import Steps
from shipworthy.rule import HIGH

_MOST_SHOWN = 4
_SECRET_KINDS = (
    "Secret",
    "SealedSecret",
    "ExternalSecret",
    "ClusterExternalSecret",
    "SopsSecret",
    "VaultStaticSecret",
    "VaultDynamicSecret",
    "SecretProviderClass",
    "OnePasswordItem",
)
_SECRET_NAME = lazy(
    r"^[ \t]*(?:export[ \t]+)?"
    r"(?P<name>\w*(?:SECRET|PASSWORD|PASSWD|TOKEN|API_KEY|PRIVATE_KEY|ACCESS_KEY|CREDENTIALS)\w*)[ \t]*=",
    re.MULTILINE,
)
_VARIABLE = lazy(r"^[ \t]*(?:#[ \t]*)?(?:export[ \t]+)?(?P<name>[A-Z][A-Z0-9_]*)[ \t]*=", re.MULTILINE)
_MANAGERS = lazy(
    r"hashicorp/vault-action|\bvault[ \t]+kv[ \t]+get|aws[ \t]+secretsmanager|aws_secretsmanager_secret"
    r"|gcloud[ \t]+secrets|google_secret_manager_secret|azurerm_key_vault|az[ \t]+keyvault|doppler[ \t]+run"
    r"|infisical[ \t]+run|op[ \t]+(?:run|read|inject)|sops[ \t]+(?:-d|--decrypt|decrypt|exec-env)|\bgit-crypt\b"
    r"|\bberglas\b|chamber[ \t]+exec|ansible-vault|LoadCredential(?:Encrypted)?=|/run/secrets/"
    r"|\$\{\{[ \t]*secrets\.(?!GITHUB_TOKEN)\w+(?:[ \t]*\}\})?"
)
_MANAGER_WORDS = (
    "vault secretsmanager key_vault keyvault secret_manager_secret doppler infisical sops git-crypt berglas"
    " LoadCredential /run/secrets/ secrets."
).split()
_NOT_EVIDENCE = lazy(r"\.(?:md|mdx|rst|adoc|txt|lock|sum|snap|svg|html|css|csv|example|sample)$", re.IGNORECASE)
_CONFIGURED = lazy(READABLE)
_SETTINGS = lazy(r"(?:^|/)(?:application[\w-]*\.(?:ya?ml|properties)|appsettings[\w.-]*\.json|config/production\.\w+)$")


def environment(known: Known) -> Part:
    """What tells which variables the program needs."""
    files = known.project.model(env_files)
    examples = [path for path in files.committed if path in known.project.repository]
    if examples:
        counts = {path: _variables(known, path) for path in examples}
        best = sorted(examples, key=lambda path: (path not in files.examples, -counts[path], path))
        others = len(best) - 1
        more = f", and {others} more env file{'s are' if others > 1 else ' is'} committed" if others else ""
        reason = f"{best[0]} names {_count(counts[best[0]])}{more}"
        return present(reason, [Evidence(path, 1, _count(counts[path])) for path in best[:_MOST_SHOWN]])
    orchestrated = _orchestrated(known)
    if orchestrated:
        return present("the manifests set the variables", orchestrated[:_MOST_SHOWN])
    composed = _composed(known)
    if composed:
        return present("the Compose files set the variables", composed[:_MOST_SHOWN])
    paths = known.project.repository.paths
    settings = [Evidence(path, 1, "settings") for path in paths if _SETTINGS.search(path) and known.is_production(path)]
    if settings:
        return present(f"the program's own settings: {settings[0].path}", settings[:_MOST_SHOWN])
    need = _env_need(files)
    if need is not None:
        message = f"{need.path} reads an env file, and neither one for production nor an example is committed"
        fix = "write the variables with harmless values into .env.example, then: git add -f .env.example"
        return absent("an env file is read, and no example is committed", [need], HIGH, message, fix)
    if known.need is None:
        return needless("no service was found, and nothing reads an env file")
    return needless("nothing reads an env file")


def _orchestrated(known: Known) -> list[Evidence]:
    """The workloads whose containers get variables, and the ConfigMaps."""
    workloads = [
        pods.object
        for pods in known.cluster.pods
        if known.cluster.is_judged(pods.object)
        and any(dig(one, "env") is not None or dig(one, "envFrom") is not None for one in pods.containers)
    ]
    maps = [found for found in known.cluster.by_kind.get("ConfigMap", ()) if known.is_production(found.path)]
    return [_place(found) for found in (*workloads, *maps)]


def _composed(known: Known) -> list[Evidence]:
    """The Compose services of production that get variables."""
    found = []
    for one in known.production_sets:
        for service in one.active:
            if service.environment:
                definition = service.definition
                line = definition.file.position(definition.node.start)[0]
                found.append(Evidence(definition.file.path, line, _count(len(service.environment))))
    return found


def _count(variables: int) -> str:
    return f"{variables} variable{'s' * (variables != 1)}"


def _place(found: Object) -> Evidence:
    return Evidence(found.path, found.file.position(found.start)[0], named(found.kind, found.name))


def _env_need(files: EnvFiles) -> Evidence | None:
    """The first place that reads an env file, and cannot do without it."""
    for mention in files.mentions:
        if mention.required:
            line = mention.file.position(mention.start)[0]
            return Evidence(mention.file.path, line, f"{mention.reader} reads {mention.written}")
    return None


def _variables(known: Known, path: str) -> int:
    """How many variables an env file names, in comments too: examples comment out what is optional."""
    return len({found["name"] for found in _VARIABLE.finditer(text_of(known.project, path))})


def secrets(known: Known) -> Part:
    """What brings secrets into production."""
    found = [*_objects(known), *_compose_secrets(known), *_managers(known)]
    if found:
        return present(f"{found[0].what} in {found[0].path}", found[:_MOST_SHOWN])
    private = _private_env_file(known)
    if private is not None:
        return present(f"{private.what}, which is kept out of git", [private])
    wanted = _wanted(known)
    if known.need is None:
        return needless("no service was found that needs secrets")
    if wanted is None:
        return needless("nothing names a secret", [])
    if known.platforms:
        platform = known.platforms[0]
        return untold(f"{platform.name} keeps the secrets itself, or does not", [platform.evidence, wanted])
    message = f"{wanted.path} names secrets ({wanted.what}), and nothing brings them into production"
    fix = "deliver them as SealedSecret or ExternalSecret, as secrets of Compose or of CI, or from a vault"
    return absent("secrets are needed, and nothing brings them into production", [wanted], HIGH, message, fix)


def _objects(known: Known) -> list[Evidence]:
    """The objects that bring secrets, those that a chart makes behind the others."""
    kinds = (found for kind in _SECRET_KINDS for found in known.cluster.by_kind.get(kind, ()))
    found = [object for object in kinds if known.is_production(object.path)]
    return [_place(object) for object in sorted(found, key=lambda object: object.is_template)]


def _compose_secrets(known: Known) -> list[Evidence]:
    return [
        Evidence(value.file.path, value.file.position(value.node.start)[0], f"the Compose secret {name}")
        for one in known.production_sets
        for name, value in one.declared("secrets").items()
    ]


def _managers(known: Known) -> list[Evidence]:
    """Vaults, encrypted files, secrets of CI that a pipeline which builds or deploys hands on."""
    found = []
    steps = known.project.model(Steps)
    delivering = {step.path for step in (*steps.builds, *steps.deploys)}
    read = known.project.model(read_by_ci)
    for path in known.project.repository.containing("\n".join(_MANAGER_WORDS)):
        place = known.project.place_of(path)
        if _NOT_EVIDENCE.search(path) or place not in (PRODUCTION, "ci") or known.project.config.excludes(path):
            continue
        if (path in read and path not in delivering) or not (path in read or _CONFIGURED.search(path)):
            continue
        text = text_of(known.project, path)
        match = _MANAGERS.search(text)
        if match and (path in read or not match[0].startswith("$")):
            found.append(Evidence(path, line_at(text, match.start()), " ".join(match[0].split())))
    return found


def _private_env_file(known: Known) -> Evidence | None:
    """The first env file of production that is ignored on purpose."""
    mentions = [one for one in known.project.model(env_files).mentions if one.stage in ("production", "candidate")]
    ignored = known.project.repository.ignored_by(path for mention in mentions for path in mention.paths)
    for mention in mentions:
        if any(path in known.project.repository for path in mention.paths):
            continue
        path = next((path for path in mention.paths if path in ignored), None)
        if path is not None:
            line = mention.file.position(mention.start)[0]
            return Evidence(mention.file.path, line, f"{mention.reader} reads {path}")
    return None


def _wanted(known: Known) -> Evidence | None:
    """The first variable with the name of a secret that an env file or an example has."""
    for path in known.project.model(env_files).committed:
        text = text_of(known.project, path)
        match = _SECRET_NAME.search(text)
        if match:
            return Evidence(path, line_at(text, match.start("name")), match["name"])
    return None


def paths(known: Known) -> Part:
    """The configuration in which nothing that must last may lie in a temporary directory."""
    files = known.project.repository.files
    first = next((path for path in files if known.is_production(path) and _CONFIGURED.search(path)), None)
    if first is None:
        return needless("no configuration and no source for production is committed")
    reason = "every file that may name a path was looked at"
    return present(reason, _volumes(known)[:_MOST_SHOWN] or [Evidence(first, 1, "the first of them")])


def _volumes(known: Known) -> list[Evidence]:
    """The volumes on which Compose keeps what must last."""
    return [
        Evidence(mount.value.file.path, mount.value.file.position(mount.value.node.start)[0], f"keeps {mount.target}")
        for one in known.production_sets
        for service in one.active
        for mount in service.mounts
        if mount.type == "volume" and mount.source
    ]
