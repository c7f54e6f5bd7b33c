"""Services of the other ecosystems, known by what their manifest says and by the program beside it."""

from __future__ import annotations

import re

from shipworthy.deployment.evidence import Evidence, line_at, search, text_of
from shipworthy.deployment.services.judgement import Judgement
from shipworthy.deployment.services.model import SERVER, STATIC, WORKER

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from shipworthy.deployment.services.units import Unit
    from shipworthy.project import Project

_SDK = re.compile(r"(?:<Project\s[^>]*\bSdk|<Sdk\s[^>]*\bName)\s*=\s*[\"']Microsoft\.NET\.Sdk\.(?P<sdk>Web|Worker|BlazorWebAssembly)\b")
_HOST = re.compile(r"Aspire\.AppHost\.Sdk|<IsAspireHost>\s*true|Aspire\.Hosting\.AppHost")
_TEST_SDK = re.compile(r"Microsoft\.NET\.Test\.Sdk|<IsTestProject>\s*true|<OutputType>\s*Library")
_MAUI = re.compile(r"<UseMaui>\s*true|-android|-ios\b")

_JVM_APPLICATION = re.compile(
    r"spring-boot-maven-plugin|spring-boot-starter-(?:web|webflux|parent)\b|quarkus-maven-plugin|micronaut-maven-plugin"
    r"|^[^\n/]*\bid[ (]*[\"'](?:org\.springframework\.boot|io\.quarkus|io\.micronaut\.application|io\.ktor\.plugin)[\"'](?!(?:[^\n]*)\bapply[ (]+false)"
    r"|apply plugin:\s*[\"'](?:org\.springframework\.boot|spring-boot|io\.quarkus)[\"']|^[^\n]*alias\(libs\.plugins\.(?:spring\.boot|quarkus|ktor|micronaut)[\w.]*\)(?!(?:[^\n]*)\bapply[ (]+false)",
    re.MULTILINE,
)
_JVM_PROGRAM = re.compile(r"^[^\n/]*(?:id[ (]*[\"']application[\"']|apply plugin:\s*[\"']application[\"']|^\s*application\s*$|mainClass(?:Name)?\b|<mainClass>)", re.MULTILINE)
_JVM_SERVER = re.compile(r"grpc-netty|io\.grpc:grpc-|undertow|jetty-server|dropwizard|vertx-web|io\.ktor:ktor-server|netty-all|kafka-streams|kafka-clients|spring-boot", re.IGNORECASE)
_JAVA_LIBRARY = re.compile(r"^\s*(?:id[ (]*[\"']java-library[\"']|`java-library`|apply plugin:\s*[\"']java-library[\"'])", re.MULTILINE)
_POM = re.compile(r"<packaging>\s*pom\s*</packaging>")
_ANDROID = re.compile(r"com\.android\.(?:application|library)|com\.facebook\.react|react-native")
_NO_MAIN_NEEDED = ("quarkus", "ktor")
_BOOT_JAR_OFF = re.compile(r"bootJar\s*\{[^}]*enabled\s*=?\s*false|tasks\.(?:named\(\"bootJar\"\)|bootJar)[^}]*enabled\s*=?\s*false")

_RUST_SERVER = re.compile(r"^(?P<crate>axum|actix-web|actix|rocket|warp|tonic|poem|salvo|tide|gotham|lapin|rdkafka)(?:\s*=|\.)", re.MULTILINE)
_RUST_RUNS = re.compile(r"axum::serve|axum::Server|HttpServer::new|\.launch\(\)|#\[launch\]|rocket::build|TcpListener::bind|Server::builder|warp::serve|Server::new\(|StreamConsumer|basic_consume")
_RUST_CLI = re.compile(r"^clap\s*=", re.MULTILINE)

_RAILS = re.compile(r"^\s*gem\s+[\"'](?P<gem>rails|sinatra|hanami|roda|grape|puma|sidekiq|rackup)[\"']", re.MULTILINE)
_PHP = re.compile(r"\"(?P<package>laravel/framework|laravel/lumen-framework|symfony/framework-bundle|symfony/runtime|slim/slim|cakephp/cakephp|yiisoft/yii2|codeigniter4/framework|hyperf/framework|api-platform/core|roots/wordpress|drupal/core-recommended|drupal/core)\"\s*:")
_PHP_LIBRARY = re.compile(r"\"type\"\s*:\s*\"(?:library|[\w-]*(?:plugin|bundle|module|theme|extension))\"")
_PHOENIX = re.compile(r"\{\s*:(?P<package>phoenix|plug_cowboy|bandit|broadway|oban)\b")
_MIX_APPLICATION = re.compile(r"\bmod:\s*\{")
_DENO = re.compile(r"\"(?:start|serve|prod|production)\"\s*:\s*\"[^\"]*deno (?:run|serve)")


def judge(project: Project, unit: Unit, ecosystem: str) -> Judgement:
    """What the unit's manifests of that ecosystem say."""
    judgement = _JUDGES[ecosystem](project, unit, unit.manifests[ecosystem])
    judgement.manifest = judgement.manifest or unit.manifests[ecosystem][0]
    return judgement


def _dotnet(project: Project, unit: Unit, manifests: list[str]) -> Judgement:
    for path in manifests:
        text = text_of(project, path)
        if _HOST.search(text):
            return Judgement(reason="an Aspire host: it starts the others", never=True)
        if _MAUI.search(text):
            return Judgement(reason="a mobile or desktop application", never=True)
        found = _SDK.search(text)
        if found and not _TEST_SDK.search(text):
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
        found = _JVM_APPLICATION.search(text)
        if found and (mains or any(word in found[0] for word in _NO_MAIN_NEEDED)) and not _BOOT_JAR_OFF.search(text):
            what = f"the build makes a runnable server ({' '.join(found[0].split())[:60]})"
            return Judgement(SERVER, Evidence(path, line_at(text, found.end() - 1), what), manifest=path)
        program = _JVM_PROGRAM.search(text)
        if program and (server := _JVM_SERVER.search(text)):
            what = f"the build makes a program with {server[0]}"
            return Judgement(SERVER, Evidence(path, line_at(text, program.end() - 1), what), manifest=path)
    return Judgement(reason="a library: its build makes no runnable server")


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
    runs = search(project, [*programs[:20], *beside], _RUST_RUNS, "the program serves ({})")
    if not runs:
        return Judgement(reason=f"{crate['crate']} is used, but no program was seen to serve")
    return Judgement(SERVER, runs)


def _ruby(project: Project, unit: Unit, manifests: list[str]) -> Judgement:
    folder = unit.directory + "/" if unit.directory else ""
    text = text_of(project, manifests[0])
    gem = _RAILS.search(text)
    if re.search(r"^\s*gemspec\b", text, re.MULTILINE):
        return Judgement(reason="a Ruby library (gemspec)", published=True)
    starts = [folder + name for name in ("config.ru", "config/application.rb", "app.rb", "server.rb", "config/puma.rb")]
    if gem and any(path in project.repository for path in starts):
        return Judgement(SERVER, Evidence(manifests[0], line_at(text, gem.start(1)), f"a Ruby application ({gem[1]})"))
    if gem and gem[1] == "sinatra":
        return Judgement(SERVER, Evidence(manifests[0], line_at(text, gem.start(1)), "a Ruby application (sinatra)"))
    return Judgement(reason="the Gemfile starts no server")


def _php(project: Project, unit: Unit, manifests: list[str]) -> Judgement:
    folder = unit.directory + "/" if unit.directory else ""
    text = text_of(project, manifests[0])
    package = _PHP.search(text)
    if _PHP_LIBRARY.search(text):
        return Judgement(reason="a PHP library", published=True)
    pages = [folder + name for name in ("artisan", "public/index.php", "web/index.php", "webroot/index.php", "index.php", "src/App.php", "bin/console")]
    if package and any(path in project.repository for path in pages):
        return Judgement(SERVER, Evidence(manifests[0], line_at(text, package.start(1)), f"a PHP application ({package[1]})"))
    return Judgement(reason="composer.json names no web framework that is started here")


def _elixir(project: Project, unit: Unit, manifests: list[str]) -> Judgement:
    text = text_of(project, manifests[0])
    package = _PHOENIX.search(text)
    if package and _MIX_APPLICATION.search(text):
        return Judgement(SERVER, Evidence(manifests[0], line_at(text, package.start()), f"an Elixir application ({package[1]})"))
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
