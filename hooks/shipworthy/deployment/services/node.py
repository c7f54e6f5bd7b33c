"""Services of Node.js: a package that starts a server in production.

A dependency on a framework alone proves nothing: libraries have it too. The package must also have a script that
starts the server, and must not be made to be published.
"""

from __future__ import annotations

import posixpath

from shipworthy.deployment.evidence import Evidence, Tree, line_at, text_of, tree_of
from shipworthy.deployment.services.judgement import Judgement
from shipworthy.deployment.services.model import SERVER, STATIC, WORKER
from shipworthy.formats.tree import Block, Setting
from shipworthy.patterns import lazy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.deployment.services.units import Unit
    from shipworthy.project import Project

_START_SCRIPTS = ("start:prod", "start:production", "start", "serve", "serve:prod", "server", "prod", "worker")
_STARTS = lazy(
    r"(?<![\w./-])(?:node|bun|deno|pm2|pm2-runtime|tsx|ts-node|ts-node-dev|nodemon|babel-node|remix-serve"
    r"|react-router-serve|next|nuxt|nuxi|nest|strapi|medusa|keystone|astro|blitz|sails|feathers|directus|payload"
    r"|moleculer-runner|vinxi|nitro|micro|functions-framework|probot|meteor|rw)(?![\w-])"
)
_DEVELOPS = lazy(
    r"\b(?:vite|react-scripts start|ng serve|vue-cli-service serve|webpack(?:-dev-server| serve)|parcel|expo"
    r"|react-native|storybook|docusaurus|vitepress|(?:astro|next|nuxt|nuxi) dev|gatsby develop|http-server|live-server"
    r"|hardhat|ganache)\b",
    holding=(
        *("vite", "react-scripts", "ng serve", "vue-cli-service", "webpack", "parcel", "expo", "react-native"),
        *("storybook", "docusaurus", " dev", "gatsby", "http-server", "live-server", "hardhat", "ganache"),
    ),
)
_DELEGATES = lazy(
    r"(?<![\w./-])(?:turbo|nx|lerna|concurrently|pnpm (?:-r|--filter|-F)|npm run [^&|]{0,80}--workspace"
    r"|yarn workspaces?|docker|docker-compose)\b",
    holding=("turbo", "nx", "lerna", "concurrently", "pnpm", "npm run", "yarn workspace", "docker"),
)
_SERVERS = frozenset(
    "express fastify koa @nestjs/core @hapi/hapi hapi restify polka h3 hono @hono/node-server @apollo/server "
    "apollo-server apollo-server-express graphql-yoga socket.io ws @grpc/grpc-js grpc next nuxt nuxt3 "
    "@remix-run/node @remix-run/serve @remix-run/express @react-router/node @react-router/serve @react-router/express "
    "@sveltejs/adapter-node "
    "@astrojs/node @tanstack/react-start elysia @feathersjs/express @feathersjs/koa sails @adonisjs/core moleculer "
    "@medusajs/medusa @strapi/strapi @keystone-6/core directus @loopback/rest parse-server probot micro json-server "
    "http-proxy payload @google-cloud/functions-framework smtp-server vinxi".split()
)
_WORKERS = frozenset(
    "bullmq bull bee-queue agenda pg-boss graphile-worker amqplib kafkajs @temporalio/worker node-cron discord.js "
    "telegraf grammy node-telegram-bot-api @slack/bolt mqtt nats inngest".split()
)
_APPLICATIONS = {
    "react-native": "a mobile application",
    "expo": "a mobile application",
    "@ionic/react": "a mobile application",
    "@capacitor/android": "a mobile application",
    "@nativescript/core": "a mobile application",
    "electron": "a desktop application",
    "@tauri-apps/api": "a desktop application",
    "@tauri-apps/cli": "a desktop application",
    "vscode": "an editor extension",
    "@types/vscode": "an editor extension",
    "@docusaurus/core": "a documentation site",
    "vitepress": "a documentation site",
    "vuepress": "a documentation site",
    "mintlify": "a documentation site",
    "@mintlify/cli": "a documentation site",
    "@astrojs/starlight": "a documentation site",
}
_INSTALLED = ("a mobile", "a desktop")
"""A package that serves itself may hold their libraries as well."""
_DOCUMENTATION_LIBRARIES = frozenset({"nextra", "nextra-theme-docs", "fumadocs-ui", "fumadocs-core", "fumadocs-mdx"})
"""Libraries that products write a part of their pages with."""
_SITE_BUILDERS = lazy(
    r"\b(?:(?:vite|react-scripts|ng|vue-cli-service|parcel|gatsby|astro|preact|craco|react-app-rewired|snowpack|rsbuild|farm"
    r"|quasar) build|webpack)(?![\w-])"
)
_LIBRARY_FOLDERS = lazy(
    r"(?:^|/)(?:packages|libs?|libraries|shared|common|internal|pkg|plugins?|sdks?|crates|modules|ee|tooling|tools|configs?"
    r"|utils|hooks|extensions?|integrations?|connectors?|contracts?|scripts)(?:/|$)",
    holding=(
        *("packages", "lib", "shared", "common", "internal", "pkg", "plugin", "sdk", "crates", "modules", "ee"),
        *("tool", "config", "utils", "hooks", "extension", "integration", "connector", "contract", "scripts"),
    ),
)
_SERVICE_NAMES = lazy(r"(?:^|[-_./])(?:service|server|api|worker|backend|gateway|web|app|bot)s?$")
_MAIN_FILE = lazy(
    r"\b(?:node|bun|tsx|ts-node|nodemon|pm2 start|pm2-runtime(?: start)?)\s+(?:--?\S+\s+)*(?P<file>[\w./-]+)"
)
_LISTENS = lazy(r"\bcreateServer\(|\.listen\(|\bBun\.serve\(|\bDeno\.serve\(|\bserve\(")


def judge(project: Project, unit: Unit, ecosystem: str) -> Judgement:
    """What the unit's `package.json` and what it starts say."""
    path = unit.manifests[ecosystem][0]
    tree = tree_of(project, path)
    if not tree.tops:
        return Judgement(reason="package.json cannot be read")
    package = _Package(project, path, tree)
    application = package.application()
    if application:
        return Judgement(reason=application, never=True)
    started = package.started()
    if started and not package.is_published and not package.is_a_folder_of_libraries:
        return Judgement(*started, manifest=path)
    site = None if started or package.is_published or package.in_library_folder else package.site()
    if site:
        return Judgement(STATIC, site, manifest=path)
    return Judgement(reason=package.reason(), published=package.is_published)


class _Package:
    """A `package.json`."""

    def __init__(self, project: Project, path: str, tree: Tree) -> None:
        self.project = project
        self.path = path
        self.directory = path.rpartition("/")[0]
        self.tree = tree
        self.top = tree.tops[0]
        self.dependencies = self._names("dependencies")
        self.development = self._names("devDependencies") | self._names("peerDependencies")

    def _names(self, key: str) -> frozenset[str]:
        block = self.top.block(key)
        return frozenset(block.entries()) if block else frozenset()

    @property
    def is_published(self) -> bool:
        """Whether others install the package: a library or a command-line tool."""
        if self.top.get("publishConfig"):
            return True
        if self.top.value("private") == "true":
            return False
        has_types = bool(self.top.get("types") or self.top.get("typings"))
        return bool(self.top.get("bin") or self.top.get("files")) or bool(
            self.top.get("exports") or (self.top.get("main") and has_types)
        )

    @property
    def in_library_folder(self) -> bool:
        """Whether the folder is one for libraries and its own name does not say otherwise."""
        return bool(_LIBRARY_FOLDERS.search(self.directory)) and not _SERVICE_NAMES.search(self.directory)

    @property
    def is_a_folder_of_libraries(self) -> bool:
        """Whether it is a package among libraries that other packages import."""
        offered = self.top.get("exports") or self.top.get("types")
        return bool(_LIBRARY_FOLDERS.search(self.directory)) and (bool(offered) or self.in_library_folder)

    def application(self) -> str:
        """What the package is that no server ever runs, "" otherwise."""
        both = self.dependencies | self.development
        for name, what in _APPLICATIONS.items():
            if name in both and not (what.startswith(_INSTALLED) and self.dependencies & _SERVERS):
                return f"{what} ({name})"
        for name in sorted(both & _DOCUMENTATION_LIBRARIES):
            if "doc" in self.directory.rpartition("/")[2] or "doc" in self.top.value("name"):
                return f"a documentation site ({name})"
        return ""

    def started(self) -> tuple[str, Evidence] | None:
        """The kind and the script of a server or worker that production starts."""
        scripts = self.top.block("scripts")
        for name in _START_SCRIPTS:
            script = scripts.get(name) if scripts else None
            if not isinstance(script, Setting) or not self._runs(script.value):
                continue
            kind = self._kind(script.value)
            if kind:
                what = f"the script {name} starts {kind[1]}"
                return kind[0], Evidence(self.path, self.tree.lines.position(script.key)[0], what)
        return None

    def _runs(self, command: str) -> bool:
        return bool(_STARTS.search(command)) and not _DEVELOPS.search(command) and not _DELEGATES.search(command)

    def _kind(self, command: str) -> tuple[str, str] | None:
        """The kind of what a command starts, and by what that is known."""
        for kind, libraries in ((SERVER, _SERVERS), (WORKER, _WORKERS)):
            known = sorted(self.dependencies & libraries)
            if known:
                return kind, f"a {kind} ({known[0]})"
        main = _MAIN_FILE.search(command)
        if main:
            text = text_of(self.project, posixpath.normpath(posixpath.join(self.directory, main["file"])))
            found = _LISTENS.search(text)
            if found:
                return SERVER, f"a server ({main['file']}:{line_at(text, found.start())} listens)"
        return None

    def site(self) -> Evidence | None:
        """The script that builds a web site out of files: a single-page application."""
        scripts = self.top.block("scripts")
        build = scripts.get("build") if scripts else None
        pages = ("index.html", "public/index.html", "src/index.html", "app/index.html", "client/index.html")
        if not isinstance(build, Setting) or not _SITE_BUILDERS.search(build.value):
            return None
        folder = self.directory + "/" if self.directory else ""
        page = next((page for page in pages if folder + page in self.project.repository), "")
        if not page and not {"astro", "gatsby"} & (self.dependencies | self.development):
            return None
        return Evidence(self.path, self.tree.lines.position(build.key)[0], "the script build makes a web site")

    def reason(self) -> str:
        """Why the package is no service."""
        if self.top.get("bin") and self.is_published:
            return "package.json describes a command-line tool"
        if self.is_published:
            return "package.json describes a published library"
        if isinstance(self.top.get("workspaces"), Block):
            return "package.json is the root of workspaces and starts no server of its own"
        if _LIBRARY_FOLDERS.search(self.directory):
            return "a package among libraries"
        return "package.json starts no server in production"
