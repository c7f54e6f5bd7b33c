"""Platforms that take a service without a Dockerfile, known by the files that configure them.

A platform file proves that the folder it lies in is deployed, and it is where the image, or what stands in its place,
comes from.
"""

from __future__ import annotations

import re

from shipworthy.deployment.besides_code import files_besides_code, paths_besides_code
from shipworthy.deployment.evidence import Evidence, line_at, text_of
from shipworthy.patterns import lazy
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

_MAVEN = (
    r"jib-maven-plugin|spring-boot:build-image|<goal>build-image</goal>|fabric8|quarkus-container-image"
    r"|docker(?:file)?-maven-plugin"
)
_GRADLE = r"cloud\.tools\.jib|\bjib[ \t]*\{|bootBuildImage|quarkus-container-image|bmuschko\.docker|palantir\.docker"
_DOTNET = r"PublishContainer|EnableSdkContainerSupport|<ContainerRepository>|<ContainerImageName>"
_PLATFORMS: tuple[tuple[str, str, str, str], ...] = (
    ("Procfile", r"^(?!release\b)[\w-]+:", "Procfile (buildpacks)", HOST),
    ("fly.toml fly.production.toml fly.prod.toml", r"^app\s*=|^\[", "Fly.io", HOST),
    ("railway.json railway.toml", r"build|deploy", "Railway", HOST),
    ("render.yaml render.yml", r"^services:", "Render", HOST),
    ("heroku.yml", r"^(?:build|run):", "Heroku", HOST),
    ("app.json", r"\"(?:buildpacks|formation|stack)\"", "Heroku", HOST),
    ("app.yaml app.yml", r"^runtime:", "App Engine", HOST),
    ("Dockerrun.aws.json .elasticbeanstalk/config.yml", r"", "Elastic Beanstalk", HOST),
    ("apprunner.yaml", r"runtime:", "App Runner", HOST),
    ("serverless.yml serverless.yaml serverless.ts serverless.js", r"provider|service", "Serverless Framework", HOST),
    ("template.yaml template.yml sam.yaml", r"AWS::Serverless", "AWS SAM", HOST),
    ("sst.config.ts", r"", "SST", HOST),
    ("host.json", r"\"version\"", "Azure Functions", HOST),
    ("azure.yaml", r"^services:", "Azure Developer CLI", HOST),
    ("config/deploy.yml config/deploy.production.yml", r"^service:", "Kamal", HOST),
    ("captain-definition", r"schemaVersion", "CapRover", HOST),
    (".do/app.yaml .do/deploy.template.yaml", r"services|static_sites", "DigitalOcean App Platform", HOST),
    (".platform.app.yaml", r"", "Platform.sh", HOST),
    (".upsun/config.yaml", r"", "Upsun", HOST),
    ("zeabur.json zeabur.yaml", r"", "Zeabur", HOST),
    ("koyeb.yaml", r"", "Koyeb", HOST),
    ("manifest.yml", r"^applications:", "Cloud Foundry", HOST),
    (".replit", r"^\[deployment\]", "Replit", HOST),
    ("ecosystem.config.js ecosystem.config.cjs ecosystem.json pm2.config.js pm2.json", r"\bscript\b", "PM2", HOST),
    ("wrangler.toml wrangler.json wrangler.jsonc", r"name", "Cloudflare", HOST),
    ("vercel.json", r"", "Vercel", SITE),
    ("netlify.toml", r"\[", "Netlify", SITE),
    ("amplify.yml", r"", "AWS Amplify", SITE),
    ("firebase.json", r"\"(?:hosting|functions|apphosting)\"", "Firebase", SITE),
    ("apphosting.yaml", r"", "Firebase App Hosting", SITE),
    ("staticwebapp.config.json", r"", "Azure Static Web Apps", SITE),
    ("static.json", r"\"root\"", "Heroku", SITE),
    ("nixpacks.toml nixpacks.json", r"", "Nixpacks", BUILDER),
    ("project.toml", r"^\[\[?(?:_|io\.buildpacks|build)", "buildpacks", BUILDER),
    ("railpack.json", r"", "Railpack", BUILDER),
    (".ko.yaml .ko.yml", r"", "ko", BUILDER),
    ("Earthfile", r"^[ \t]+SAVE IMAGE\b", "Earthly", BUILDER),
    ("dagger.json", r"", "Dagger", BUILDER),
    (".goreleaser.yml .goreleaser.yaml", r"^(?:dockers|dockers_v2|kos):", "GoReleaser", BUILDER),
    ("flake.nix default.nix image.nix docker.nix", r"dockerTools|nix2container", "Nix", BUILDER),
    ("BUILD BUILD.bazel", r"\b(?:oci_image|container_image|\w+_image)\(", "Bazel", BUILDER),
    ("pom.xml", _MAVEN, "the build file", BUILDER),
    ("build.gradle build.gradle.kts", _GRADLE, "the build file", BUILDER),
    ("*.csproj *.fsproj", _DOTNET, "the .NET SDK", BUILDER),
)  # fmt: skip
"""File names (with their folder where that tells), what the content must have, the platform, what it does."""
_BY_NAME = {name.rpartition("/")[2]: (name, row) for row in _PLATFORMS for name in row[0].split()}
_PROGRAMS = tuple(name for name in _BY_NAME if name.endswith((".ts", ".js", ".cjs")))
_UNIT = lazy(r"\.service(?:\.(?:j2|tmpl|template|in|example|erb))?$")
_STARTS = lazy(r"^(?:ExecStart|WorkingDirectory|command|directory)[ \t]*=[ \t]*(?P<what>[^\n]+)", re.MULTILINE)
_SUPERVISED = lazy(r"(?:^|/)supervisord?[^/]*\.(?:conf|ini)(?:\.j2)?$")


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
    for path in _paths(project):
        name = path[path.rfind("/") + 1 :]
        known = _BY_NAME.get("*" + name[name.rfind(".") :] if name.endswith("proj") else name)
        if not known or not ("/" + path).endswith(known[0].lstrip("*")) or project.config.excludes(path):
            continue
        _, content, platform, does = known[1]
        if project.place_of(path) not in (PRODUCTION, CI, DEVELOPMENT):
            continue
        text = text_of(project, path)
        match = re.search(content, text, re.MULTILINE)
        if match:
            directory = path.rpartition("/")[0] if "*" in known[0] else path[: -len(known[0])].rstrip("/")
            line = line_at(text, match.start()) if content else 1
            found.append(Platform(platform, does, path, line, text, directory))
    return found


def _paths(project: Project) -> list[str]:
    """The regular files whose names those of platforms may be, sorted."""
    settings = project.model(files_besides_code)
    named = {path for path in settings if path[path.rfind("/") + 1 :] in _BY_NAME or path.endswith("proj")}
    named.update(path for path in project.repository.files if path.endswith(_PROGRAMS))
    return sorted(named)


def started_on_hosts(project: Project) -> list[Evidence]:
    """What systemd units and supervisord start: the command or the folder, as written."""
    found = []
    for path in project.model(paths_besides_code):
        if ".service" not in path and "supervisor" not in path:
            continue
        if not (_UNIT.search(path) or _SUPERVISED.search(path)) or project.config.excludes(path):
            continue
        if project.place_of(path) not in (PRODUCTION, DEVELOPMENT):
            continue
        text = text_of(project, path)
        found += [
            Evidence(path, line_at(text, start.start()), start["what"].strip()) for start in _STARTS.finditer(text)
        ]
    return found
