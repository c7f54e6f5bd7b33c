"""What is known about images that others are built from: who runs in them, what they compile, what they lack.

Only what their makers document is stated; everything else is unknown.

Sources: https://github.com/docker-library/official-images and the Dockerfiles that it names,
https://github.com/GoogleContainerTools/distroless , https://github.com/dotnet/dotnet-docker
"""

from __future__ import annotations

from shipworthy.deployment.image_references import DOCKER_HUB, ImageReference
from shipworthy.patterns import lazy

SCRATCH = "scratch"
"""The empty image: no reference, and nobody can pin it."""
CURL = "curl"
WGET = "wget"

_MIRRORS = ("public.ecr.aws/docker/library/", "mirror.gcr.io/library/", "registry.hub.docker.com/library/")
_ROOT = frozenset(
    "alpine debian ubuntu buildpack-deps busybox fedora centos rockylinux almalinux amazonlinux oraclelinux"
    " archlinux node"
    " python pypy golang rust ruby php perl openjdk eclipse-temurin amazoncorretto maven gradle clojure erlang"
    " elixir swift"
    " haskell julia dart composer scratch".split()
)
"""Official images that run as root and hold nothing that would leave root by itself."""
_DISTRIBUTIONS = frozenset(
    "alpine debian ubuntu fedora centos rockylinux almalinux amazonlinux oraclelinux archlinux".split()
)
_SERVERS = frozenset(
    "nginx httpd caddy traefik haproxy varnish tomcat jetty redis valkey postgres mysql mariadb mongo rabbitmq"
    " memcached"
    " elasticsearch kibana logstash solr neo4j cassandra couchdb zookeeper nats consul vault influxdb telegraf kong"
    " eclipse-mosquitto wordpress ghost nextcloud drupal joomla odoo redmine matomo docker registry adminer"
    " sonarqube".split()
)
_ROOT_ELSEWHERE = lazy(
    r"docker\.io/(?:oven/bun|denoland/deno|nvidia/cuda|pytorch/pytorch|tensorflow/tensorflow|continuumio/\w+)"
    r"|(?:gcr\.io|registry\.k8s\.io)/distroless/[\w.-]+"
    r"|ghcr\.io/astral-sh/uv|mcr\.microsoft\.com/dotnet/(?:aspnet|runtime|runtime-deps|sdk)|nvcr\.io/nvidia/cuda"
)
_WITHOUT_HEALTH_CHECK_ELSEWHERE = lazy(
    r"docker\.io/(?:confluentinc/cp-\w[\w-]*|apache/kafka|minio/minio|clickhouse/clickhouse-server|postgis/postgis"
    r"|pgvector/pgvector|timescale/timescaledb|bitnami/(?:postgresql|redis|mariadb|mysql|mongodb|rabbitmq|kafka))"
    r"|docker\.elastic\.co/elasticsearch/elasticsearch"
)
_WITH_HEALTH_CHECK = frozenset({"kong"})
_ANOTHER_USER = lazy(r"nonroot|rootless|unprivileged|chiseled|non-root")
_LEAVES_ROOT = lazy(r"fpm|apache|zts")
"""PHP's servers, whose workers run as a user of their own."""

_FOR_DEVELOPERS = lazy(r"(?:^|[/.-])(?:cloud-workstations?|devcontainers?|gitpod|codespaces?)")
"""Parts of the names of images that people work in."""

_COMPILERS = frozenset("golang rust maven gradle swift haskell dart elixir clojure node".split())
_COMPILERS_ELSEWHERE = frozenset({"mcr.microsoft.com/dotnet/sdk", "docker.io/oven/bun"})
_JAVA = frozenset({"openjdk", "eclipse-temurin", "amazoncorretto"})

_SLIM = lazy(r"(?:^|-)slim(?:$|-)")
_ALPINE = lazy(r"(?:^|-)alpine")
_NEITHER_WHEN_SLIM = frozenset({"node", "python", "ruby", "debian", "rust", "perl", "openjdk"})
_BUSYBOX = frozenset({"node", "python", "ruby", "golang", "rust", "alpine", "busybox", "elixir", "erlang"})
"""Images whose variant for Alpine has BusyBox's wget and no curl."""
_WITHOUT_BASH = frozenset({"alpine", "busybox", "golang", "nginx", "node", "python", "ruby", "rust"})
"""Images whose variant for Alpine has no shell but BusyBox's."""
_SHELLS_OF_OTHERS = frozenset({"bash", "zsh", "ksh"})
_LANGUAGES = frozenset({"python", "node", "ruby", "php", "perl"})
BARE_IMAGES = (SCRATCH, "distroless", "alpine", "busybox", "debian", "ubuntu")
"""Names of images that lack programs which scripts are written for: all of them, shells, or languages."""
_ASPNET = lazy(r"mcr\.microsoft\.com/dotnet/(?:aspnet|runtime|runtime-deps)")
_DISTROLESS = lazy(r"(?:gcr\.io|registry\.k8s\.io)/distroless/")
_MAJOR = lazy(r"\d+")


def runs_as_root(reference: ImageReference) -> bool:
    """Whether the image is known to run as root where nobody says otherwise."""
    if _ANOTHER_USER.search(reference.tag):
        return False
    name = _official(reference)
    if name == "php" and (_LEAVES_ROOT.search(reference.tag) or not reference.tag):
        return False
    return name in _ROOT or _ROOT_ELSEWHERE.fullmatch(reference.repository) is not None


def is_for_developers(reference: ImageReference) -> bool:
    """Whether the image is a machine for developers to work on."""
    return _FOR_DEVELOPERS.search(reference.repository) is not None


def is_well_known(reference: ImageReference) -> bool:
    """Whether it is one of the official images that many build from; other names may be those of local builds."""
    return _official(reference) in _ROOT | _SERVERS


def has_no_health_check(reference: ImageReference) -> bool:
    """Whether the image is known to bring no health check: Docker's official images bring none by policy."""
    if _official(reference) in _WITH_HEALTH_CHECK:
        return False
    elsewhere = (_ROOT_ELSEWHERE, _WITHOUT_HEALTH_CHECK_ELSEWHERE)
    return is_well_known(reference) or any(known.fullmatch(reference.repository) for known in elsewhere)


def is_made_to_serve(reference: ImageReference) -> bool:
    """Whether the image is made to run a certain server, and not programs of others."""
    return (
        _official(reference) in _SERVERS or _WITHOUT_HEALTH_CHECK_ELSEWHERE.fullmatch(reference.repository) is not None
    )


def has_compiler(reference: ImageReference) -> bool:
    """Whether the image is made to build programs, and not to run them."""
    name = _official(reference)
    if name in _JAVA:
        return "jre" not in reference.tag
    return name in _COMPILERS or reference.repository in _COMPILERS_ELSEWHERE


def lacks(reference: ImageReference) -> frozenset[str]:
    """Which of `CURL` and `WGET` the image is known not to have."""
    name, tag = _official(reference), reference.tag
    if name == SCRATCH or _DISTROLESS.match(reference.repository):
        return frozenset() if "debug" in tag else frozenset({CURL, WGET})
    if _ALPINE.search(tag) or name in ("alpine", "busybox"):
        return frozenset({CURL}) if name in _BUSYBOX else frozenset()
    if name in ("debian", "ubuntu") or (name in _NEITHER_WHEN_SLIM and _SLIM.search(tag)):
        return frozenset({CURL, WGET})
    major = _MAJOR.match(tag)
    if _ASPNET.fullmatch(reference.repository) and major and int(major[0][:4]) >= 8:
        return frozenset({CURL, WGET})
    return frozenset()


def lacks_interpreter(reference: ImageReference, program: str) -> bool:
    """Whether the image is known not to have a program that scripts are written for, such as ``bash``."""
    name, tag = _official(reference), reference.tag
    if name == SCRATCH:
        return True
    if _DISTROLESS.match(reference.repository):
        is_for_it = program.rstrip("0123456789.") in reference.name  # distroless/python3, distroless/nodejs22
        return "debug" not in tag and not is_for_it
    if program in _SHELLS_OF_OTHERS and (_ALPINE.search(tag) or name in ("alpine", "busybox")):
        return name in _WITHOUT_BASH
    language = program.rstrip("0123456789.")
    if language not in _LANGUAGES or name == language:
        return False
    return name in ("alpine", "busybox", "debian", "ubuntu") and language != "perl"


def images_without(program: str) -> tuple[str, ...]:
    """Words one of which stands in the name of each image of which `lacks_interpreter` says so."""
    is_language = program.rstrip("0123456789.") in _LANGUAGES
    return BARE_IMAGES if is_language else BARE_IMAGES[:4] if program in _SHELLS_OF_OTHERS else BARE_IMAGES[:2]


def interprets(reference: ImageReference, path: str) -> bool:
    """Whether the image's own entry point runs a file of that name itself where it is not executable."""
    return _official(reference) == "node" and path.endswith((".js", ".mjs", ".cjs"))


def is_distribution(reference: ImageReference) -> bool:
    """Whether the image is a Linux distribution and nothing more."""
    return _official(reference) in _DISTRIBUTIONS


def is_versioned_by_name(reference: ImageReference) -> bool:
    """Whether the version stands in the name, and there are no tags to choose from."""
    return _DISTROLESS.match(reference.repository) is not None


def _official(reference: ImageReference) -> str:
    """The name of an official image; "" for any other."""
    if reference.registry == DOCKER_HUB and reference.path.startswith("library/"):
        return reference.path.removeprefix("library/")
    mirror = next((prefix for prefix in _MIRRORS if reference.repository.startswith(prefix)), "")
    return reference.repository.removeprefix(mirror) if mirror else ""
