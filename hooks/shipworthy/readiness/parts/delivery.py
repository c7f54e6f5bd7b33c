"""CI, and the scripts that bring the program into production."""

from __future__ import annotations

import re
from itertools import islice

from shipworthy.deployment.compose import compose
from shipworthy.deployment.evidence import Evidence, line_at, text_of
from shipworthy.deployment.workflows import read_by_ci
from shipworthy.deployment.workflows.presence import documented, misplaced
from shipworthy.patterns import lazy
from shipworthy.places import PRODUCTION
from shipworthy.readiness.known import Known
from shipworthy.readiness.model import OWN, WEIGHTS, Requirement
from shipworthy.readiness.parts import Part, absent, needless, present
from shipworthy.rule import HIGH

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.project import Project

_MOST_SHOWN = 4
_BUILDS = lazy(
    r"docker(?:/build-push-action|/bake-action|[ \t]+buildx|[ \t]+(?:image[ \t]+)?build|[ \t]+push)"
    r"|docker[ -]compose\b[^\n]{0,80}[ \t]build|\b(?:podman|nerdctl|pack|nixpacks|depot|az[ \t]+acr)[ \t]+build\b"
    r"|\b(?:buildah|kaniko|earthly)\b|\bskaffold[ \t]+(?:build|run)\b|\bko[ \t]+(?:build|publish|resolve|apply)\b"
    r"|\bgcloud[ \t]+builds[ \t]+submit|goreleaser|jib:(?:build|dockerbuild)|bootbuildimage|spring-boot:build-image"
    r"|publishcontainer",
)
_DEPLOYS = lazy(
    r"\bkubectl\b[^\n]{0,120}[ \t](?:apply|replace|set[ \t]+image|rollout)"
    r"|\bhelm(?:file)?\b[^\n]{0,80}[ \t](?:upgrade|install|apply|sync)|docker[ \t]+stack[ \t]+deploy"
    r"|docker[ -]compose\b[^\n]{0,200}[ \t]up\b|\bansible-playbook\b|\bargocd[ \t]+app[ \t]+sync|\bpulumi[ \t]+up"
    r"|\b(?:terraform|tofu|terragrunt)\b[^\n]{0,80}[ \t]apply|\bcdk[ \t]+deploy|\bkamal[ \t]+deploy"
    r"|\b(?:serverless|sls|sam|vercel|wrangler|firebase|netlify|railway|flyctl|fly|eb|amplify)[ \t]+"
    r"(?:deploy|publish|up)\b|\bvercel\b[^\n]{0,80}--prod|\bgcloud\b[^\n]{0,80}[ \t]deploy"
    r"|\baws\b[^\n]{0,40}(?:update-service|update-function-code|deploy)"
    r"|\baz\b[^\n]{0,40}(?:webapp|containerapp|functionapp)|systemctl[ \t]+(?:restart|reload)"
    r"|\bpm2[ \t]+(?:start|reload|restart)|azure/(?:webapps|k8s|aks|container-apps)\S*deploy|superfly/flyctl-actions"
    r"|amazon-ecs-deploy|appleboy/ssh-action|cloudflare/wrangler-action|akhileshns/heroku-deploy"
    r"|git[ \t]+push[ \t]+(?:heroku|dokku)|actions/deploy-pages|gh-pages",
)
_COMPOSE_UP = lazy(r"docker[ -]compose\b[^\n]*[ \t]up\b")
_ELSEWHERE = lazy(r"\bssh\b|docker_host|docker[ \t]+context|--context|self-hosted|\bruns-on:[^\n]*\$")
"""In a pipeline, in lower case: its commands may run on another machine than the one that is thrown away afterwards."""
_ARGUMENTS = lazy(r"docker[ -]compose\b[^\n$]{0,80}\$\{?(?P<name>\w+)")
"""``docker compose $ARGUMENTS``, in lower case, where a variable may hold the command."""
_UP = lazy(r"\bup\b")
_MOST_USES = 20
_NAMED_SO = lazy(r"(?:^|[/._-])(?:deploy\w*|release|rollout|cd|delivery|prod\w*)(?=[/._-]|$)", re.IGNORECASE)
_OF_DOCUMENTS = lazy(r"(?:^|[/._-])(?:docs?|documentation|mkdocs|storybook)(?=[/._-]|$)", re.IGNORECASE)
"""What it deploys is read, and nothing that runs."""
_WORDS = lazy(
    r"docker|podman|nerdctl|build|kaniko|earthly|skaffold|\bko |goreleaser|jib:|image|publish|kubectl|helm|ansible"
    r"|argocd|pulumi|terraform|tofu|terragrunt|\bcdk|kamal|serverless|\bsls|\bsam |vercel|wrangler|firebase|netlify"
    r"|railway|\bfly|\beb |amplify|gcloud|\baws|\baz |systemctl|\bpm2|azure/|amazon-ecs|appleboy|cloudflare|heroku"
    r"|dokku|pages"
)
"""One of them stands in each line that builds or deploys: all are in lower case, as the lines are by then."""
_SCRIPTS = lazy(
    r"\.(?:sh|bash|zsh|ps1|mk)$|(?:^|/)(?:bin|scripts?|deploy|ops)/[^/.]+$"
    r"|(?:^|/)(?:(?:GNU)?[Mm]akefile|[Jj]ustfile|[Tt]askfile\.ya?ml|package\.json|fabfile\.py|tasks\.py)$",
    holding=tuple(".sh .bash .zsh .ps1 .mk bin/ script deploy/ ops/ file package.json tasks.py".split()),
)
_COMMENT = lazy(r"^[ \t]*(?:#(?!!)|//|\"//\")[^\n]*", re.MULTILINE)
_SPOKEN = lazy(r"^[ \t]*[@-]?[ \t]*(?:echo|printf|print|log\w*|info|warn\w*|die|usage)\b[^\n]*", re.MULTILINE)
_NOT_PRODUCTION = lazy(
    r"(?:^|[/._-])(?:dev|develop|development|local|tests?|e2e|setup|install|bootstrap|demo|example|minikube|kind)"
    r"(?=[/._-]|$)",
    re.IGNORECASE,
)


def pipeline(known: Known) -> Part:
    """The pipelines that a CI reads."""
    read = known.project.model(read_by_ci)
    if read:
        systems = dict.fromkeys(read.values())
        reason = f"{len(read)} pipeline{'s' * (len(read) != 1)} of {', '.join(systems)}"
        return present(reason, [Evidence(path, 1, system) for path, system in list(read.items())[:_MOST_SHOWN]])
    need = known.need
    if need is None:
        return needless("no service and no pipeline was found")
    stray = next(misplaced(known.project), None)
    if stray is not None:
        what = "a pipeline is committed where no CI reads it"
        places = [Evidence(stray.path, 1, stray.reason), need]
        return absent(what, places, HIGH, what, f"git mv {stray.path} {stray.target}")
    shown = documented(known.project)
    needs = [shown[0], need] if shown is not None else [need]
    message = "no pipeline is committed that tests and builds the services"
    fix = "commit a pipeline where your CI reads it, such as .github/workflows/ci.yml"
    return absent("no pipeline is committed where a CI reads it", needs, HIGH, message, fix)


def scripts(known: Known) -> Part:
    """What builds images and deploys: scripts, makefiles, pipelines, or a platform."""
    if known.need is None:
        return needless("no service was found that a script could build or deploy")
    built, deployed = known.project.model(Steps).builds, known.project.model(Steps).deploys
    deployed = sorted(deployed, key=lambda step: _NAMED_SO.search(step.path) is None)  # one that says so comes first
    if not built and not deployed:
        if known.platforms:
            platform = known.platforms[0]
            return needless(f"{platform.name} builds and deploys what is pushed", [platform.evidence])
        for one in known.production_sets:
            service = next((service for service in one.active if service.build is not None), None)
            if service is not None:
                line = service.definition.file.position(service.definition.node.start)[0]
                place = Evidence(
                    service.definition.file.path, line, f"docker compose up builds and starts {service.name}"
                )
                return present("Compose itself builds and starts the services", [place])
        message = "no script, makefile or pipeline builds an image or deploys"
        fix = "commit a script, or a job of a pipeline, that builds the images, and one that deploys them"
        return absent("nothing builds images or deploys", [known.need], HIGH, message, fix)
    requirements = [
        _requirement("something builds images or packages", built, "they may be built where they are deployed"),
        _requirement("something deploys", deployed, "whoever runs the product may, or a program that watches the tree"),
    ]
    reason = f"{built[0].path} builds" if built else "nothing here builds images"
    reason += f"; {deployed[0].path} deploys" if deployed else "; nothing here deploys them"
    half = _MOST_SHOWN // 2
    return present(reason, [*built[:half], *deployed[:half]], requirements)


def _requirement(what: str, found: list[Evidence], otherwise: str) -> Requirement:
    if found:
        return Requirement(OWN, what, WEIGHTS[HIGH], passed=1)
    return Requirement(OWN, what, WEIGHTS[HIGH], not_judged=f"nothing here does: {otherwise}")


class Steps:
    """The first command of each script and pipeline that builds images, or that deploys."""

    def __init__(self, project: Project) -> None:
        self.builds: list[Evidence] = []
        self.deploys: list[Evidence] = []
        read = project.model(read_by_ci)
        sets = project.model(compose).sets
        for_developers = bool(sets) and not any(one.in_production for one in sets)
        own = [path for path in project.repository.paths if _is_script(project.place_of(path), path)]
        for path in sorted({*own, *read}, key=lambda path: (path not in read, path)):
            if project.config.excludes(path):
                continue
            text = text_of(project, path)
            commands = _SPOKEN.sub(_blank, _COMMENT.sub(_blank, text)).lower()
            self._add(path, text, commands, self.builds, _first(_BUILDS, commands))
            if not _OF_DOCUMENTS.search(path):
                self._add(path, text, commands, self.deploys, _deployment(commands, path in read or for_developers))

    def _add(self, path: str, text: str, commands: str, found: list[Evidence], match: re.Match[str] | None) -> None:
        if match is not None:
            written = text[match.start() : match.end()] if len(text) == len(commands) else match[0]
            found.append(Evidence(path, line_at(commands, match.start()), " ".join(written.split())))


def _deployment(commands: str, starts_here: bool) -> re.Match[str] | None:
    """The first command that deploys. Where it ``starts_here``, what Compose starts serves tests or developers.

    So it is on the machine of a pipeline, and in scripts where every Compose file is for development.
    """
    match = _first(_DEPLOYS, commands)
    if match is not None and starts_here and _COMPOSE_UP.match(match[0]) and not _ELSEWHERE.search(commands):
        return _first(_DEPLOYS, _COMPOSE_UP.sub(_blank, commands))
    return match or (_in_variable(commands) if not starts_here else None)


def _in_variable(commands: str) -> re.Match[str] | None:
    """The first run of Compose whose command is in a variable that says ``up``."""
    for use in islice(_ARGUMENTS.finditer(commands), _MOST_USES):
        assigned = re.search(rf"\b{use['name']}=\"([^\"]{{0,1000}})\"", commands)
        if assigned is not None and _UP.search(assigned[1]):
            return use
    return None


def _first(pattern: re.Pattern[str], commands: str) -> re.Match[str] | None:
    """The first place of a pattern, looked for in the lines alone that may hold it."""
    line = _WORDS.search(commands)
    while line is not None:
        start, end = commands.rfind("\n", 0, line.start()) + 1, commands.find("\n", line.end())
        end = len(commands) if end < 0 else end
        match = pattern.search(commands, start, end)
        if match is not None:
            return match
        line = _WORDS.search(commands, end)
    return None


def _is_script(place: str, path: str) -> bool:
    return place == PRODUCTION and _SCRIPTS.search(path) is not None and _NOT_PRODUCTION.search(path) is None


def _blank(found: re.Match[str]) -> str:
    return " " * len(found[0])
