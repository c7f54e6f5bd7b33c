"""Compose for developers and in production, and the images of services."""

from __future__ import annotations

from shipworthy.deployment.compose import CANDIDATE, ComposeSet
from shipworthy.deployment.containerfiles import Dockerfile, dockerfiles
from shipworthy.deployment.evidence import Evidence
from shipworthy.deployment.images import image_source
from shipworthy.deployment.platforms import BUILDER, platforms
from shipworthy.readiness.known import Known
from shipworthy.readiness.parts import Part, absent, needless, present, untold
from shipworthy.rule import BLOCKING, HIGH

_MOST_SHOWN = 5
_MOST_NAMES = 4


def images(known: Known) -> Part:
    """What the images of the services come from."""
    found = known.project.model(dockerfiles)
    if known.need is None:
        if found:
            return present(f"{_files(len(found), 'Dockerfile')} for production", _places(found))
        return needless("no service was found that needs an image")
    sources = [(service.name, image_source(known.project, service)) for service in known.needs]
    if found:
        covered = sum(source is not None for _, source in sources)
        reason = (
            f"{_files(len(found), 'Dockerfile')}; {covered} of {_files(len(sources), 'service')} with an image source"
        )
        return present(reason, _places(found))
    others = [source for _, source in sources if source is not None]
    if len(others) == len(sources):
        return needless(f"the services need no Dockerfile: {others[0].what} ({others[0].path})", others[:1])
    builder = next((found for found in known.project.model(platforms) if found.does == BUILDER), None)
    if builder is not None:
        return present(f"{builder.name} builds images", [builder.evidence])
    lacking = [name for name, source in sources if source is None]
    message = f"no Dockerfile is committed, and nothing else builds an image of {_names(lacking)}"
    return absent(
        f"{len(lacking)} of {_files(len(sources), 'service')} without an image source: {_names(lacking)}",
        _proofs(known, lacking),
        BLOCKING,
        message,
        f"create a Dockerfile for each of {_names(lacking)}",
    )


def development(known: Known) -> Part:
    """The Compose files that developers use."""
    found = known.development_sets
    if not found:
        candidate = next((one for one in known.compose.sets if one.role == CANDIDATE), None)
        if candidate is not None:
            reason = f"no Compose file is for development alone: {candidate.file.path} may be for production"
            return needless(reason, [Evidence(candidate.file.path, 1, candidate.reason)])
        return needless("no Compose file is for development")
    services = {name for one in found for name in one.services}
    files = _files(len({one.file.path for one in found}), "Compose file")
    reason = f"{files} for development, {_files(len(services), 'service')}"
    return present(reason, _sets(found))


def production(known: Known) -> Part:
    """The Compose files that production runs."""
    if not known.deploys("compose"):
        return needless(f"the configuration says how production is deployed: {known.stated_targets}")
    found = known.production_sets
    if found:
        files = ", ".join(dict.fromkeys(one.file.path for one in found[:_MOST_NAMES]))
        if known.certain_sets:
            return present(f"{files}: {found[0].reason}", _sets(found))
        reason = f"{files} may be for production: {found[0].reason}"
        return present(reason, _sets(found))
    other = known.other_than_compose
    if other is not None:
        return needless(f"{other.what} ({other.path}) deploys, and no Compose file is for production", [other])
    if known.need is None:
        return needless("no service was found that Compose could run")
    for_development = [one for one in known.development_sets if one.services]
    if for_development:
        reason = "the Compose files are for development, and nothing else deploys the services"
        first = for_development[0].file.path
        message = f"no production Compose file is committed, only {first}, which is for development"
        fix = "write compose.prod.yaml, which runs the built images: no mounted sources, the production command"
        return absent(reason, [Evidence(first, 1, for_development[0].reason), known.need], HIGH, message, fix)
    return untold("nothing here uses Compose, and nothing says how production is deployed", [known.need])


def _sets(found: list[ComposeSet]) -> list[Evidence]:
    unique = {one.file.path: Evidence(one.file.path, 1, one.reason) for one in reversed(found)}
    return list(reversed(unique.values()))[:_MOST_SHOWN]


def _places(found: list[Dockerfile]) -> list[Evidence]:
    return [Evidence(dockerfile.path, 1, "a Dockerfile") for dockerfile in found[:_MOST_SHOWN]]


def _proofs(known: Known, names: list[str]) -> list[Evidence]:
    """The proofs of the services of these names."""
    proofs = []
    for service in known.needs:
        if service.name in names:
            proof = next(found for found in service.evidence if found.path in known.project.repository)
            proofs.append(Evidence(proof.path, proof.line, f"the service {service.name}: {proof.what}"))
    return proofs[:_MOST_SHOWN]


def _names(names: list[str]) -> str:
    more = f" and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
    return ", ".join(names[:_MOST_NAMES]) + more


def _files(count: int, noun: str) -> str:
    return f"{count} {noun}{'s' * (count != 1)}"
