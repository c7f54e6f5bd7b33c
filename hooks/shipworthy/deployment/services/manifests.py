"""Services of the other ecosystems, known by what their manifest says and by the program beside it."""

from __future__ import annotations

import re

from shipworthy.deployment.evidence import Evidence, line_at, search, text_of
from shipworthy.deployment.services.judgement import Judgement
from shipworthy.deployment.services.model import SERVER, STATIC, WORKER
from shipworthy.patterns import lazy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from shipworthy.deployment.services.units import Unit
    from shipworthy.project import Project

_SDK = lazy(
    r"(?:<Project\s[^>\n]{0,200}\bSdk|<Sdk\s[^>\n]{0,200}\bName)\s*=\s*[\"']Microsoft\.NET\.Sdk\.(?P<sdk>Web|Worker|BlazorWebAssembly)\b"
)
ASPIRE_HOST = lazy(r"Aspire\.AppHost\.Sdk|<IsAspireHost>\s*true|Aspire\.Hosting\.AppHost")
"""A .NET project that starts the other projects, and deploys them."""
_NO_PROGRAM = lazy(r"Microsoft\.NET\.Test\.Sdk|<IsTestProject>\s*true|<OutputType>\s*Library")
_MAUI = lazy(r"<UseMaui>\s*true|-android\b|-ios\b")

_BOOT = r"org\.springframework\.boot|io\.quarkus|io\.micronaut\.application|io\.ktor\.plugin"
_RUNNABLE_JAR = lazy(
    r"spring-boot-maven-plugin|spring-boot-starter-(?:web|webflux|parent)\b|quarkus-maven-plugin|micronaut-maven-plugin"
    rf"|^[ \t]*id[ (]*[\"'](?:{_BOOT})[\"'](?![^\n]*\bapply[ (]+false)"
    rf"|^[ \t]*apply plugin:[ \t]*[\"'](?:{_BOOT})[\"']"
    r"|^[ \t]*alias\(libs\.plugins\.(?:spring\.boot|quarkus|ktor|micronaut)[\w.]*\)(?![^\n]*\bapply[ (]+false)",
    re.MULTILINE,
)
_JVM_PROGRAM = lazy(
    r"^[ \t]*(?:id[ (]*[\"']application[\"']|apply plugin:[ \t]*[\"']application[\"']|application[ \t]*$"
    r"|mainClass|<mainClass>)",
    re.MULTILINE,
)
_JVM_SERVER = lazy(
    r"grpc-netty|io\.grpc:grpc-|undertow|jetty-server|dropwizard|vertx-web|io\.ktor:ktor-server|netty-all|kafka-streams"
    r"|kafka-clients"
)
_JVM_SERVES = lazy(
    r"\bnew Server\(|\b(?:KafkaStreams|KafkaConsumer(?:<[^>\n]{0,60}>)?|NioServerSocketChannel|ServerBootstrap)\("
    r"|NettyServerBuilder|ServerBuilder\.forPort|Undertow\.builder|createHttpServer|embeddedServer\(|HttpServer\.create"
    r"|extends (?:io\.dropwizard[\w.]*\.)?Application<|\.start\(Netty|ktor\.server"
)
_MOST_SOURCES = 60
"""How many source files of a module are looked into."""
_JAVA_LIBRARY = lazy(
    r"^[ \t]*(?:id[ (]*[\"']java-library[\"']|`java-library`|apply plugin:[ \t]*[\"']java-library[\"'])", re.MULTILINE
)
_POM = lazy(r"<packaging>\s*pom\s*</packaging>")
_ANDROID = lazy(r"com\.android\.(?:application|library)|com\.facebook\.react")
_NO_MAIN_NEEDED = ("quarkus", "ktor")
_BOOT_JAR_OFF = lazy(r"bootJar[^{}\n]{0,80}\{[^}]{0,300}\benabled\s*=?\s*false")

_RUST_SERVER = lazy(
    r"^(?P<crate>axum|actix-web|actix|rocket|warp|tonic|poem|salvo|tide|gotham|lapin|rdkafka)(?:[ \t]*=|\.)",
    re.MULTILINE,
)
_RUST_SERVES = lazy(
    r"axum::serve|axum::Server|HttpServer::new|\.launch\(\)|#\[launch\]|rocket::build|TcpListener::bind|Server::builder"
    r"|warp::serve|StreamConsumer|basic_consume"
)

_GEM = lazy(r"^[ \t]*gem[ \t]+[\"'](?P<gem>rails|sinatra|hanami|roda|grape|puma|sidekiq|rackup)[\"']", re.MULTILINE)
_GEMSPEC = lazy(r"^[ \t]*gemspec\b", re.MULTILINE)
_PHP = lazy(
    r"\"(?P<package>laravel/(?:lumen-)?framework|symfony/(?:framework-bundle|runtime)|slim/slim|cakephp/cakephp|yiisoft/yii2"
    r"|codeigniter4/framework|hyperf/framework|api-platform/core|roots/wordpress|drupal/core(?:-recommended)?)\"[ \t]*:"
)
_PHP_LIBRARY = lazy(r"\"type\"[ \t]*:[ \t]*\"(?:library|[\w-]{0,40}(?:plugin|bundle|module|theme|extension))\"")
_PHP_PAGES = ("artisan", "public/index.php", "web/index.php", "webroot/index.php", "index.php", "src/App.php")
_PHOENIX = lazy(r"\{[ \t]*:(?P<package>phoenix|plug_cowboy|bandit|broadway|oban)\b")
_MIX_APPLICATION = lazy(r"\bmod:[ \t]*\{")
_DENO = lazy(r"\"(?:start|serve|prod|production)\"[ \t]*:[ \t]*\"[^\"\n]{0,200}deno (?:run|serve)")


def judge(project: Project, unit: Unit, ecosystem: str) -> Judgement:
    """What the unit's manifests of that ecosystem say."""
    judgement = _JUDGES[ecosystem](project, unit, unit.manifests[ecosystem])
    judgement.manifest = judgement.manifest or unit.manifests[ecosystem][0]
    return judgement


def _dotnet(project: Project, unit: Unit, manifests: list[str]) -> Judgement:
    for path in manifests:
        text = text_of(project, path)
        if ASPIRE_HOST.search(text):
            return Judgement(reason="an Aspire host: it starts the others", never=True)
        if _MAUI.search(text):
            return Judgement(reason="a mobile or desktop application", never=True)
        found = _SDK.search(text)
        if found and not _NO_PROGRAM.search(text):
            kind = {"Web": SERVER, "Worker": WORKER}.get(found["sdk"], STATIC)
            line = line_at(text, found.start("sdk"))
            return Judgement(kind, Evidence(path, line, f"Microsoft.NET.Sdk.{found['sdk']}"), manifest=path)
    return Judgement(reason="neither the Web nor the Worker SDK of .NET")


def _jvm(project: Project, unit: Unit, manifests: list[str]) -> Judgement:
    mains = [path for path in unit.entries if path.endswith((".java", ".kt", ".scala")) and "/test/" not in path]
    for path in manifests:
        text = text_of(project, path)
        if _JAVA_LIBRARY.search(text):
            return Judgement(reason="a library (java-library)")
        if _ANDROID.search(text):
            return Judgement(reason="a mobile application", never=True)
        if _POM.search(text):
            return Judgement(reason="a parent of other modules (packaging pom)")
        found = _RUNNABLE_JAR.search(text)
        if found and (mains or any(word in found[0] for word in _NO_MAIN_NEEDED)) and not _BOOT_JAR_OFF.search(text):
            line = line_at(text, found.start())
            return Judgement(SERVER, Evidence(path, line, "the build makes a runnable server"), manifest=path)
        server = _JVM_SERVER.search(text) if _JVM_PROGRAM.search(text) else None
        serves = (
            search(project, _sources(project, unit, mains), _JVM_SERVES, "the program serves ({})") if server else None
        )
        if serves:
            return Judgement(SERVER, serves, manifest=path)
        if server:
            return Judgement(reason=f"{server[0]} is used, but no program was seen to serve")
    return Judgement(reason="a library: its build makes no runnable server")


def _sources(project: Project, unit: Unit, mains: list[str]) -> list[str]:
    """The source files of a module, those that start it first."""
    found = [
        path
        for path in project.repository.below(unit.directory)
        if path.endswith((".java", ".kt", ".scala")) and "/test/" not in path
    ]
    return list(dict.fromkeys([*mains, *found]))[:_MOST_SOURCES]


def _rust(project: Project, unit: Unit, manifests: list[str]) -> Judgement:
    path = manifests[0]
    text = text_of(project, path)
    programs = [entry for entry in unit.entries if entry.endswith(".rs")]
    if "[package]" not in text:
        return Judgement(reason="Cargo.toml is the root of a workspace")
    if not programs:
        return Judgement(reason="a Rust library: no program", published=True)
    crate = _RUST_SERVER.search(text)
    if not crate:
        return Judgement(reason="a command-line tool: no server library", published=True)
    source = unit.directory + "/src/" if unit.directory else "src/"
    beside = [source + name + ".rs" for name in ("lib", "server", "app", "startup", "api", "http", "routes")]
    beside += [source + name + "/mod.rs" for name in ("server", "api", "http")]
    runs = search(project, [*programs[:20], *beside], _RUST_SERVES, "the program serves ({})")
    if not runs:
        return Judgement(reason=f"{crate['crate']} is used, but no program was seen to serve")
    return Judgement(SERVER, runs)


def _ruby(project: Project, unit: Unit, manifests: list[str]) -> Judgement:
    folder = unit.directory + "/" if unit.directory else ""
    text = text_of(project, manifests[0])
    gem = _GEM.search(text)
    if _GEMSPEC.search(text):
        return Judgement(reason="a Ruby library (gemspec)", published=True)
    starts = [folder + name for name in ("config.ru", "config/application.rb", "app.rb", "server.rb", "config/puma.rb")]
    if gem and (gem[1] == "sinatra" or any(path in project.repository for path in starts)):
        return Judgement(SERVER, Evidence(manifests[0], line_at(text, gem.start(1)), f"a Ruby application ({gem[1]})"))
    return Judgement(reason="the Gemfile starts no server")


def _php(project: Project, unit: Unit, manifests: list[str]) -> Judgement:
    folder = unit.directory + "/" if unit.directory else ""
    text = text_of(project, manifests[0])
    package = _PHP.search(text)
    if _PHP_LIBRARY.search(text):
        return Judgement(reason="a PHP library", published=True)
    if package and any(folder + page in project.repository for page in _PHP_PAGES):
        line = line_at(text, package.start(1))
        return Judgement(SERVER, Evidence(manifests[0], line, f"a PHP application ({package[1]})"))
    return Judgement(reason="composer.json names no web framework that is started here")


def _elixir(project: Project, unit: Unit, manifests: list[str]) -> Judgement:
    text = text_of(project, manifests[0])
    package = _PHOENIX.search(text)
    if package and _MIX_APPLICATION.search(text):
        line = line_at(text, package.start())
        return Judgement(SERVER, Evidence(manifests[0], line, f"an Elixir application ({package[1]})"))
    return Judgement(reason="an Elixir library: no application with a server")


def _deno(project: Project, unit: Unit, manifests: list[str]) -> Judgement:
    started = search(project, manifests, _DENO, "a task starts a Deno program")
    return Judgement(SERVER, started) if started else Judgement(reason="deno.json starts no server")


_JUDGES: dict[str, Callable[[Project, Unit, list[str]], Judgement]] = {
    "dotnet": _dotnet,
    "jvm": _jvm,
    "rust": _rust,
    "ruby": _ruby,
    "php": _php,
    "elixir": _elixir,
    "deno": _deno,
}
