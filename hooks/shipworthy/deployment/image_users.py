"""Who runs the image of a Dockerfile, where what deploys it says so: Compose's ``user``, Kubernetes' securityContext.

Source: https://kubernetes.io/docs/tasks/configure-pod-container/security-context/ ,
https://docs.docker.com/reference/compose-file/services/#user
"""

from __future__ import annotations

from collections.abc import Iterator

from shipworthy.deployment.images import image_source
from shipworthy.deployment.services import services
from shipworthy.deployment.services.judging import Judgements
from shipworthy.deployment.services.proofs import Proofs

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.deployment.kubernetes.objects import Value
    from shipworthy.project import Project

_ROOT = ("", "0", "root")
Place = tuple[str, int]


def are_of_a_tool(project: Project) -> bool:
    """Whether the images are of a command-line tool, which is run by hand, on the files of whoever does."""
    root = project.model(Proofs).units.at("")
    return root is not None and not len(project.model(services)) and project.model(Judgements).of(root).published


def gives_up_root(project: Project, dockerfile: str) -> bool:
    """Whether all that runs the image of a Dockerfile gives it another user than root, and something does run it."""
    verdicts = [*_in_compose(project, dockerfile), *_in_kubernetes(project, dockerfile)]
    return bool(verdicts) and all(verdicts)


def _in_compose(project: Project, dockerfile: str) -> Iterator[bool]:
    from shipworthy.deployment.compose.running import running

    for known in project.model(running):
        build = known.service.build
        if build is not None and build.dockerfile_path == dockerfile:
            yield known.service.scalar("user").partition(":")[0] not in _ROOT


def _in_kubernetes(project: Project, dockerfile: str) -> Iterator[bool]:
    wanted: set[Place] = set()
    for service in project.model(services):
        source = image_source(project, service)
        if source is not None and source.path == dockerfile:
            wanted |= {(evidence.path, evidence.line) for evidence in service.run_as_image}
    if wanted:
        known = project.model(_users)
        yield from (known[place] for place in sorted(wanted & known.keys()))


def _users(project: Project) -> dict[Place, bool]:
    """Whether the container does not run as root, for every place that names the image of one."""
    from shipworthy.deployment.kubernetes.objects import dig
    from shipworthy.deployment.kubernetes.units import cluster
    from shipworthy.formats.tree import Setting

    found: dict[Place, bool] = {}
    for pods in project.model(cluster).pods:
        of_pod = _is_another(dig(pods.spec, "securityContext"))
        for container in pods.all_containers:
            image, own = container.get("image"), _is_another(dig(container, "securityContext"))
            if isinstance(image, Setting):
                line = pods.object.file.position(image.start)[0]
                found[pods.object.path, line] = of_pod is True if own is None else own
    return found


def _is_another(context: Value) -> bool | None:
    """Whether a security context names a user other than root; None where it says nothing."""
    from shipworthy.deployment.kubernetes.objects import scalar

    user = scalar(context, "runAsUser")
    if user:
        return user not in _ROOT
    return True if scalar(context, "runAsNonRoot") == "true" else None
