"""Whether anything of the repository deploys a service, looked for wherever a deployment may be written down."""

from __future__ import annotations

import re

from shipworthy.deployment.compose import compose
from shipworthy.deployment.evidence import Evidence
from shipworthy.deployment.images import image_source
from shipworthy.deployment.mentions import lines_with
from shipworthy.deployment.names import comparable, spelled
from shipworthy.deployment.pipelines import mentioned
from shipworthy.deployment.services import Service, services
from shipworthy.patterns import lazy
from shipworthy.places import PRODUCTION

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.project import Project

_ARTEFACTS = lazy(
    r"\.(?:ya?ml|tf|tfvars|hcl|nomad|bicep|service|sh|bash|ps1|mk|j2|jsonnet|cue)$|(?:^|/)(?:[Mm]akefile"
    r"|[Jj]ustfile|Tiltfile)$"
    r"|(?:^|/)(?:deploy\w*|infra\w*|ops|cdk|pulumi|terraform|ecs|cloudformation|ansible|k8s|kubernetes|helm"
    r"|charts?|nomad)/.",
)
"""Files that may deploy something."""
_NO_ARTEFACTS = lazy(
    r"(?:^|/)(?:pnpm-workspace\.ya?ml|dependabot\.ya?ml|labeler\.ya?ml|mkdocs\.ya?ml|\.pre-commit-config\.ya?ml"
    r"|\.shipworthy\.yaml"
    r"|codecov\.ya?ml|renovate[^/]*)$"
)
_OWN_DEPLOYMENT = lazy(r"(?:^|/)(?:deploy[^/]*|[^/]+\.service|[^/]+\.nomad|[^/]*task[-_]?def[^/]*\.json)$")
_COMMON_WORDS = frozenset(
    "admin api app auth backend bot client common core data dashboard db frontend gateway main manager monitor"
    " proxy server"
    " service site ui web worker".split()
)
"""Names of services that stand in any file, whatever it is about."""
_RUN_OTHERWISE = frozenset({"CI deploys it", "runs on a host", "an Aspire host starts it"})
"""What `image_source` says of services that need no image."""


class Deployments:
    """What is deployed: asked for one service at a time, ``project.model(Deployments)``."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.services = project.model(services)
        sets = project.model(compose).sets
        self.production = [compose_set for compose_set in sets if compose_set.in_production]
        self._run = {spelled(name) for compose_set in self.production for name in compose_set.services} | {
            spelled(service.name) for service in self.services if service.deployed_by
        }
        self._folders = {compose_set.directory for compose_set in self.production}
        self._aside = {
            file.path
            for compose_set in sets
            if not compose_set.in_production and compose_set.directory in self._folders
            for file in compose_set.files
            if all(file not in other.files for other in self.production)
        }

    @property
    def deployed(self) -> list[Service]:
        """The services that something is known to run."""
        return [service for service in self.services if service.deployed_by]

    def is_deployed(self, service: Service) -> bool:
        """Whether something runs the service, or may: only a service that nothing mentions is certain not to be."""
        source = image_source(self.project, service)
        if service.deployed_by or source is None or source.what in _RUN_OTHERWISE:
            return True  # without an image it is `dockerfile-per-service` that has something to say
        if self._shares_name(service) or self._is_built_elsewhere(service) or self._deploys_itself(service):
            return True
        if mentioned(self.project, service.path, service.name) is not None:
            return True
        return any(self._mention(service, name) for name in self._names(service))

    def _names(self, service: Service) -> set[str]:
        folder = service.path.rpartition("/")[2]
        return {name for known in (service.name, folder, *service.names) for name in (known, spelled(known)) if name}

    def _shares_name(self, service: Service) -> bool:
        """Whether something of a name like the service's runs: ``search`` beside ``search-engine-python``."""
        for name in map(spelled, self._names(service)):
            for other in self._run:
                if comparable(name) == comparable(other) or _is_part(name, other) or _is_part(other, name):
                    return True
        return False

    def _is_built_elsewhere(self, service: Service) -> bool:
        """Whether a Compose file builds it that is no development twin of the one for production."""
        return any(
            evidence.what.startswith("Compose ") and evidence.path not in self._aside for evidence in service.evidence
        )

    def _mention(self, service: Service, name: str) -> bool:
        """Whether a file that may deploy something mentions the service by that name."""
        wanted = _written_as(name, service.path)
        return any(
            wanted.search(line.text)
            and line.path not in self._aside
            and self._deploys(line.path, service)
            and self.project.place_of(line.path) == PRODUCTION
            for line in lines_with(self.project, name)
        )

    def _deploys(self, path: str, service: Service) -> bool:
        if path.startswith(service.path + "/"):
            return False
        return _ARTEFACTS.search(path) is not None and _NO_ARTEFACTS.search(path) is None

    def _deploys_itself(self, service: Service) -> bool:
        """Whether a script or a unit in the service's own folder deploys it."""
        below = self.project.repository.below(service.path)
        return any(_OWN_DEPLOYMENT.search(path[len(service.path) :]) for path in below)


def _written_as(name: str, path: str) -> re.Pattern[str]:
    """How something deployed is written: not as the host of an address, and a common word not by itself."""
    word = re.escape(name)
    if spelled(name) in _COMMON_WORDS:
        return re.compile(rf"(?<![\w-])(?:{re.escape(path)}(?![\w-])|[\w-]/{word}[:@\"'])")
    return re.compile(rf"(?<![\w-])(?<!//){word}(?![\w-])(?!:\d{{2,5}}(?!\.))|[\w-]/{word}(?![\w-])")


def proof_of(project: Project, service: Service) -> Evidence | None:
    """The first evidence of the service that is committed: where a finding about it belongs."""
    return next((evidence for evidence in service.evidence if evidence.path in project.repository), None)


def _is_part(name: str, other: str) -> bool:
    """Whether the first name is the beginning or the end of the other, up to a dash."""
    return other.startswith(name + "-") or other.endswith("-" + name)
