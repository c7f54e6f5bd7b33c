"""Platforms that take a service without a Dockerfile, known by the files that configure them.

A platform file proves that the folder it lies in is deployed, and it is where the image, or what stands in its place,
comes from.
"""

from __future__ import annotations

import re

from shipworthy.deployment.evidence import Evidence, line_at, text_of
from shipworthy.places import CI, DEVELOPMENT, PRODUCTION

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.project import Project

BUILDER = "builder"
"""Says how an image is built; whether something runs in production it does not say."""
HOST = "host"
"""Runs the program in production."""
SITE = "site"
"""Hands out files in production, perhaps with functions beside them."""

# (file name or regular expression of the path, what the content must have, the platform, what it does)
_PLATFORMS: tuple[tuple[str, str, str, str], ...] = (
    (r"Procfile", r"^(?!release\b)[\w-]+:", "Procfile (buildpacks)", HOST),
    (r"fly(?:\.prod(?:uction)?)?\.toml", r"^app\s*=|^\[", "Fly.io", HOST),
    (r"railway\.(?:json|toml)", r"build|deploy", "Railway", HOST),
    (r"render\.ya?ml", r"^services:", "Render", HOST),
    (r"heroku\.yml", r"^build:|^run:", "Heroku", HOST),
    (r"app\.json", r"\"(?:buildpacks|formation|stack)\"", "Heroku", HOST),
    (r"app\.ya?ml", r"^runtime:", "App Engine", HOST),
    (r"Dockerrun\.aws\.json", r"", "Elastic Beanstalk", HOST),
    (r"\.ebextensions/[^/]+\.config", r"", "Elastic Beanstalk", HOST),
    (r"\.elasticbeanstalk/config\.yml", r"", "Elastic Beanstalk", HOST),
    (r"apprunner\.yaml", r"runtime:", "App Runner", HOST),
    (r"serverless\.(?:ya?ml|ts|js)", r"provider|service", "Serverless Framework", HOST),
    (r"(?:template|sam|template-prod)\.ya?ml", r"AWS::Serverless", "AWS SAM", HOST),
    (r"sst\.config\.ts", r"", "SST", HOST),
    (r"host\.json", r"\"version\"", "Azure Functions", HOST),
    (r"azure\.yaml", r"^services:", "Azure Developer CLI", HOST),
    (r"config/deploy(?:\.production)?\.yml", r"^service:", "Kamal", HOST),
    (r"captain-definition", r"schemaVersion", "CapRover", HOST),
    (r"\.do/(?:app|deploy\.template)\.ya?ml", r"services|static_sites", "DigitalOcean App Platform", HOST),
    (r"\.platform\.app\.yaml", r"", "Platform.sh", HOST),
    (r"\.upsun/config\.yaml", r"", "Upsun", HOST),
    (r"zeabur\.(?:json|yaml)", r"", "Zeabur", HOST),
    (r"koyeb\.ya?ml", r"", "Koyeb", HOST),
    (r"manifest\.ya?ml", r"^applications:", "Cloud Foundry", HOST),
    (r"\.replit", r"^\[deployment\]", "Replit", HOST),
    (r"(?:ecosystem|pm2)\.config\.c?js|ecosystem\.json|pm2\.json", r"\bscript\b", "PM2", HOST),
    (r"wrangler\.(?:toml|jsonc?)", r"name", "Cloudflare", HOST),
    (r"vercel\.json", r"", "Vercel", SITE),
    (r"netlify\.toml", r"\[", "Netlify", SITE),
    (r"amplify\.yml", r"", "AWS Amplify", SITE),
    (r"firebase\.json", r"\"(?:hosting|functions|apphosting)\"", "Firebase", SITE),
    (r"apphosting\.ya?ml", r"", "Firebase App Hosting", SITE),
    (r"staticwebapp\.config\.json", r"", "Azure Static Web Apps", SITE),
    (r"static\.json", r"\"root\"", "Heroku", SITE),
    (r"nixpacks\.(?:toml|json)", r"", "Nixpacks", BUILDER),
    (r"project\.toml", r"^\[\[?(?:_|io\.buildpacks|build)", "buildpacks", BUILDER),
    (r"railpack\.json", r"", "Railpack", BUILDER),
    (r"\.ko\.ya?ml", r"", "ko", BUILDER),
    (r"dagger\.json", r"", "Dagger", BUILDER),
    (r"\.goreleaser(?:\.[\w-]+)?\.ya?ml", r"^(?:dockers|dockers_v2|kos):", "GoReleaser", BUILDER),
    (r"(?:flake|default|image|docker)\.nix", r"dockerTools|nix2container", "Nix", BUILDER),
    (r"BUILD(?:\.bazel)?", r"\b(?:oci_image|container_image|\w+_image)\(", "Bazel", BUILDER),
    (r"pom\.xml", r"jib-maven-plugin|spring-boot:build-image|<goal>build-image</goal>|dockerfile-maven|fabric8|container-image-(?:docker|jib|podman)", "the build file", BUILDER),
    (r"build\.gradle(?:\.kts)?", r"com\.google\.cloud\.tools\.jib|\bjib\s*\{|bootBuildImage|container-image-(?:docker|jib|podman)|com\.bmuschko\.docker", "the build file", BUILDER),
    (r"[^/]+\.(?:cs|fs)proj", r"PublishContainer|EnableSdkContainerSupport|<ContainerRepository>|<ContainerImageName>|DefaultContainer", "the .NET SDK", BUILDER),
)  # fmt: skip
_NAMES = re.compile("(?:^|.*/)(?:" + "|".join(f"(?P<p{n}>{row[0]})" for n, row in enumerate(_PLATFORMS)) + ")")
_UNIT = re.compile(r"\.service(?:\.(?:j2|tmpl|template|in|example|erb))?$")
_STARTS = re.compile(r"^ExecStart\s*=\s*(?P<command>[^\n]+)|^WorkingDirectory\s*=\s*(?P<directory>[^\n]+)", re.MULTILINE)
_SUPERVISED = re.compile(r"(?:^|/)supervisord?[^/]*\.(?:conf|ini)(?:\.j2)?$")
_PAGES = re.compile(
    r"actions/deploy-pages|peaceiris/actions-gh-pages|JamesIves/github-pages-deploy-action|gh-pages\b|cloudflare/(?:pages|wrangler)-action|amondnet/vercel-action|vercel\b[^\n]*--prod|vercel deploy|nwtgck/actions-netlify|netlify deploy|FirebaseExtended/action-hosting-deploy|firebase deploy|Azure/static-web-apps-deploy|aws s3 sync|gsutil[^\n]*rsync"
)
_DEPLOYS = re.compile(
    r"gcloud (?:run|app|functions) deploy|\b(?:flyctl|fly) deploy|railway up|superfly/flyctl-actions|akhileshns/heroku-deploy|git push heroku|aws lambda update-function-code|eb deploy|az webapp|azure/webapps-deploy|azd (?:up|deploy)|serverless deploy|sls deploy|sam deploy|vercel\b[^\n]*--prod|wrangler (?:deploy|publish)|cloudflare/wrangler-action|pack build|spring-boot:build-image|bootBuildImage|jib:(?:build|dockerBuild)|\bko (?:build|publish|resolve|apply)|/t:PublishContainer|nixpacks build|kamal deploy"
)


class Platform:
    """A committed file that configures a platform for the folder it lies in."""

    __slots__ = ("directory", "does", "line", "name", "path", "text")

    def __init__(self, name: str, does: str, path: str, line: int, text: str, directory: str) -> None:
        self.name = name
        self.does = does
        self.path = path
        self.line = line
        self.text = text
        self.directory = directory

    def names(self, directory: str) -> bool:
        """Whether the file names a folder below its own."""
        inner = directory[len(self.directory) :].strip("/")
        return bool(inner) and re.search(rf"(?<![\w.-]){re.escape(inner)}(?![\w-])", self.text) is not None

    @property
    def evidence(self) -> Evidence:
        """The file as evidence."""
        return Evidence(self.path, self.line, self.name)


def platforms(project: Project) -> list[Platform]:
    """The platform files of the repository, sorted by path."""
    found = []
    for entry in project.repository.files():
        match = _NAMES.fullmatch(entry.path)
        if not match or project.config.excludes(entry.path):
            continue
        if project.place_of(entry.path) not in (PRODUCTION, CI, DEVELOPMENT):
            continue
        row = _PLATFORMS[int((match.lastgroup or "p0")[1:])]
        text = text_of(project, entry.path)
        content = re.search(row[1], text, re.MULTILINE)
        if content:
            start = entry.path.rfind("/", 0, match.start(match.lastgroup or "p0"))
            line = line_at(text, content.start()) if row[1] else 1
            found.append(Platform(row[2], row[3], entry.path, line, text, entry.path[: max(start, 0)]))
    return found


def pipelines_that_deploy(texts: list[tuple[str, str]], *, site: bool) -> Evidence | None:
    """The first CI file that hands the program, or the ``site``, to a platform."""
    for path, text in texts:
        found = (_PAGES if site else _DEPLOYS).search(text)
        if found:
            return Evidence(path, line_at(text, found.start()), found[0])
    return None


def started_on_hosts(project: Project) -> list[Evidence]:
    """What systemd units and supervisord start: the command or the folder, as written."""
    found = []
    for path in project.repository.paths:
        if not (_UNIT.search(path) or _SUPERVISED.search(path)) or project.config.excludes(path):
            continue
        if project.place_of(path) not in (PRODUCTION, DEVELOPMENT):
            continue
        text = text_of(project, path)
        for match in _STARTS.finditer(text):
            found.append(Evidence(path, line_at(text, match.start()), (match["command"] or match["directory"]).strip()))
    return found
