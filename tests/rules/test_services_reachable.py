"""What `services-reachable` reports, and what it leaves alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from shipworthy.config import load
from shipworthy.project import Project
from shipworthy.repository import Repository
from shipworthy.rule import Finding, NotApplicable
from shipworthy.rules.services_reachable import check
from support import repository

PROD = "compose.prod.yaml"


def compose(environment: str, more: str = "", top: str = "") -> str:
    return (
        f"services:\n  api:\n    image: acme/api:1\n    environment:\n      {environment}\n{more}"
        f"  redis:\n    image: redis:7\n{top}"
    )


def workload(name: str, value: str) -> str:
    return (
        "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: api\nspec:\n  template:\n    spec:\n      containers:\n"
        f"        - name: api\n          image: acme/api:1\n          env:\n            - name: {name}\n              value: {value}\n"
    )


SERVICE = "apiVersion: v1\nkind: Service\nmetadata:\n  name: api\nspec: {selector: {app: api}}\n"
NGINX = "upstream backend {\n    server HOST:8000;\n}\nserver {\n    listen 80;\n    location / {\n        proxy_pass http://backend;\n    }\n}\n"
PROXY = "services:\n  proxy:\n    image: nginx:1.29\n    volumes:\n      - ./nginx.conf:/etc/nginx/conf.d/default.conf:ro\n  api:\n    image: acme/api:1\n"
DEPLOY = "FROM nginx:1.29\nCOPY site.conf /etc/nginx/conf.d/default.conf\n"
BUILT = "services:\n  proxy:\n    build: ./proxy\n  api:\n    image: acme/api:1\n"
CADDY = "services:\n  proxy:\n    image: caddy:2\n    volumes:\n      - ./Caddyfile:/etc/caddy/Caddyfile\n  api:\n    image: acme/api:1\n"
TRAEFIK = "services:\n  proxy:\n    image: traefik:3\n    volumes:\n      - ./dynamic.yaml:/etc/traefik/dynamic.yaml\n  api:\n    image: acme/api:1\n"
DYNAMIC = "http:\n  services:\n    api:\n      loadBalancer:\n        servers:\n          - url: http://HOST:8000\n"

# committed files, each finding as ``path:line severity``
FIRES = [
    pytest.param(
        {PROD: compose("SHOP_OTEL_ENABLED: 'true'\n      SHOP_OTEL_ENDPOINT: http://jaeger:4317")},
        [f"{PROD}:6 high"],
        id="a feature that is switched on",
    ),
    pytest.param({PROD: compose("REDIS_URL: redis://cache:6379/0")}, [f"{PROD}:5 high"], id="an address"),
    pytest.param(
        {"compose.yaml": compose("REDIS_URL: redis://cache:6379/0")},
        ["compose.yaml:5 medium"],
        id="a file that may be for production",
    ),
    pytest.param({PROD: compose("CACHE_ADDR: cache:6379")}, [f"{PROD}:5 high"], id="a name with a port"),
    pytest.param({PROD: compose("REDIS_HOST: cache")}, [f"{PROD}:5 high"], id="the name of a database's host"),
    pytest.param(
        {PROD: compose("BROKERS: redis:6379,cache:6379")}, [f"{PROD}:5 high"], id="the second of two names with ports"
    ),
    pytest.param(
        {PROD: compose("DATABASE_URL: jdbc:postgresql://db:5432/shop")}, [f"{PROD}:5 high"], id="an address of JDBC"
    ),
    pytest.param(
        {PROD: compose("DATABASE_URL: postgres://u:${PASSWORD}@db:5432/shop")},
        [f"{PROD}:5 high"],
        id="an address whose password a variable gives",
    ),
    pytest.param({PROD: compose("API: ${API:-http://backend:80}")}, [f"{PROD}:5 high"], id="the default of a variable"),
    pytest.param(
        {PROD: compose("API: http://${HOST:-backend}:${PORT}/x")}, [f"{PROD}:5 high"], id="the default of a part"
    ),
    pytest.param(
        {PROD: compose("API: http://${HOST}"), ".env": "HOST=backend\n"},
        [f"{PROD}:5 high"],
        id="a variable that a committed env file sets",
    ),
    pytest.param(
        {
            PROD: "services:\n  api:\n    image: acme/api:1\n    env_file: api.env\n",
            "api.env": "X=1\nAPI_URL=http://backend\n",
        },
        ["api.env:2 high"],
        id="a variable of an env file",
    ),
    pytest.param(
        {PROD: "services:\n  api:\n    image: acme/api:1\n    command: serve --broker amqp://queue:5672\n"},
        [f"{PROD}:4 high"],
        id="an argument of the command",
    ),
    pytest.param(
        {PROD: compose("A: redis://db:1"), "compose.dev.yaml": "services:\n  db:\n    image: redis:7\n"},
        [f"{PROD}:5 high"],
        id="a service that only the file for development has",
    ),
    pytest.param(
        {PROD: PROXY, "nginx.conf": NGINX.replace("HOST", "app")}, ["nginx.conf:2 blocking"], id="an upstream of nginx"
    ),
    pytest.param(
        {"compose.yaml": PROXY, "nginx.conf": NGINX.replace("HOST", "app")},
        ["nginx.conf:2 high"],
        id="an upstream of nginx where nothing says production",
    ),
    pytest.param(
        {PROD: BUILT, "proxy/Dockerfile": DEPLOY, "proxy/site.conf": NGINX.replace("HOST", "app")},
        ["proxy/site.conf:2 blocking"],
        id="an upstream of nginx in an image",
    ),
    pytest.param(
        {PROD: CADDY, "Caddyfile": "example.org {\n\treverse_proxy /api/* app:8000\n}\n"},
        ["Caddyfile:2 blocking"],
        id="an upstream of Caddy",
    ),
    pytest.param(
        {PROD: TRAEFIK, "dynamic.yaml": DYNAMIC.replace("HOST", "app")},
        ["dynamic.yaml:6 blocking"],
        id="a server of Traefik",
    ),
    pytest.param(
        {"deploy/api.yaml": workload("CART_ADDR", "cart:80"), "deploy/service.yaml": SERVICE},
        ["deploy/api.yaml:13 high"],
        id="a variable in Kubernetes",
    ),
    pytest.param(
        {
            "deploy/config.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: api\ndata:\n  CART_URL: http://cart/\n",
            "deploy/service.yaml": SERVICE,
        },
        ["deploy/config.yaml:6 high"],
        id="an entry of a ConfigMap",
    ),
]

SILENT = [
    pytest.param(
        {PROD: compose("SHOP_OTEL_ENABLED: ${OTEL:-false}\n      SHOP_OTEL_ENDPOINT: http://jaeger:4317")},
        id="a feature that is switched off",
    ),
    pytest.param(
        {PROD: compose("OTEL_SDK_DISABLED: 'true'\n      OTEL_EXPORTER_OTLP_ENDPOINT: http://otel:4317")},
        id="telemetry that is switched off",
    ),
    pytest.param({PROD: compose("REDIS_URL: redis://redis:6379/0")}, id="a service"),
    pytest.param({PROD: compose("A: http://Redis:80")}, id="a service in other letters"),
    pytest.param({PROD: compose("A: http://api.example.com http://localhost http://10.0.0.1")}, id="other hosts"),
    pytest.param({PROD: compose("A: http://host.docker.internal:80")}, id="the host of the containers"),
    pytest.param({PROD: compose("A: ${A}")}, id="a variable without a default"),
    pytest.param({PROD: compose("A: http://${HOST}:80")}, id="a host that a variable without a default gives"),
    pytest.param(
        {PROD: compose("A: ${A:-http://backend}"), ".env": "A=http://redis\n"},
        id="a default that an env file overrides",
    ),
    pytest.param({PROD: compose("CORS_ORIGINS: http://web:3000")}, id="an origin, which nobody calls"),
    pytest.param({PROD: compose("S3_BUCKET: s3://uploads/x")}, id="a scheme that names no host"),
    pytest.param({PROD: compose("MODE_ADDR: blue:green")}, id="two words"),
    pytest.param({PROD: compose("RABBITMQ_DEFAULT_VHOST: shop")}, id="a virtual host of RabbitMQ"),
    pytest.param(
        {PROD: "services:\n  db:\n    image: mariadb:11\n    environment: {MARIADB_HOST: shop}\n"},
        id="a variable of the database itself",
    ),
    pytest.param({PROD: compose("DB_HOST: your-host")}, id="a placeholder"),
    pytest.param(
        {PROD: compose("A: http://cache", "    networks: [shared]\n", "networks:\n  shared: {external: true}\n")},
        id="a network from outside",
    ),
    pytest.param({PROD: compose("A: http://cache", "    network_mode: host\n")}, id="the host's network"),
    pytest.param({PROD: compose("A: http://cache", "    extra_hosts: ['cache:10.0.0.1']\n")}, id="an extra host"),
    pytest.param({PROD: compose("A: http://cache", "    links: ['redis:cache']\n")}, id="a link"),
    pytest.param({PROD: compose("A: http://cache", "    container_name: cache\n")}, id="a container name"),
    pytest.param(
        {PROD: compose("A: http://cache", "    networks: {default: {aliases: [cache]}}\n")}, id="an alias in a network"
    ),
    pytest.param(
        {PROD: compose("A: http://cache"), "compose.images.yaml": "services:\n  cache:\n    image: redis:7\n"},
        id="another file of the same project",
    ),
    pytest.param(
        {"extra/compose.yaml": compose("A: http://cache"), "compose.yaml": "services:\n  cache:\n    image: redis:7\n"},
        id="a file that may run together with one of a folder around it",
    ),
    pytest.param(
        {PROD: compose("A: redis://redis"), "compose.dev.yaml": compose("A: redis://cache")},
        id="a file for development",
    ),
    pytest.param(
        {PROD: PROXY, "nginx.conf": NGINX.replace("HOST", "api")}, id="an upstream of nginx that is a service"
    ),
    pytest.param(
        {PROD: PROXY, "nginx.conf": NGINX.replace("HOST:8000", "unix:/run/api.sock")}, id="an upstream that is a socket"
    ),
    pytest.param(
        {PROD: PROXY, "nginx.conf": NGINX.replace("http://backend", "http://$upstream").replace("HOST", "api")},
        id="an upstream that a variable gives",
    ),
    pytest.param(
        {PROD: compose("A: redis://redis"), "nginx.conf": NGINX.replace("HOST", "app")},
        id="a configuration nobody mounts",
    ),
    pytest.param(
        {PROD: CADDY, "Caddyfile": "example.org {\n\treverse_proxy @socket {$API:api:8000}\n}\n"},
        id="an upstream of Caddy with a default",
    ),
    pytest.param(
        {
            "deploy/api.yaml": workload("CART_ADDR", "cart:80"),
            "deploy/service.yaml": SERVICE.replace("name: api", "name: cart"),
        },
        id="a Service of Kubernetes",
    ),
    pytest.param(
        {"deploy/api.yaml": workload("CART_ADDR", "cart.shop.svc:80"), "deploy/service.yaml": SERVICE},
        id="a Service by its full name",
    ),
    pytest.param(
        {
            "deploy/api.yaml": workload("REDIS_URL", "redis://cache-master:6379"),
            "deploy/service.yaml": SERVICE,
            "deploy/install.sh": "helm install cache bitnami/redis\n",
        },
        id="a Service that a chart installs",
    ),
    pytest.param(
        {
            "deploy/api.yaml": workload("KAFKA_URL", "kafka://events-kafka-bootstrap:9092"),
            "deploy/service.yaml": SERVICE,
            "deploy/kafka.yaml": "apiVersion: kafka.strimzi.io/v1\nkind: Kafka\nmetadata:\n  name: events\n",
        },
        id="a Service that an operator makes",
    ),
]


def findings(directory: Path, files: dict[str, str]) -> list[Finding]:
    root = repository(directory, files)
    return list(check(Project(Repository(str(root)), load(str(root), None, ()))))


@pytest.mark.parametrize(("files", "expected"), FIRES)
def test_fires(tmp_path: Path, files: dict[str, str], expected: list[str]) -> None:
    assert [f"{found.path}:{found.line} {found.severity}" for found in findings(tmp_path, files)] == expected


@pytest.mark.parametrize("files", SILENT)
def test_is_silent(tmp_path: Path, files: dict[str, str]) -> None:
    assert findings(tmp_path, files) == []


def test_the_finding_names_the_caller_the_host_and_the_nearest_service(tmp_path: Path) -> None:
    (finding,) = findings(tmp_path, {PROD: compose("REDIS_URL: redis://rediss:6379")})
    assert finding.message == f"api calls rediss, and nothing in {PROD} has that name"
    assert finding.fix == "name redis, or add a service of that name"
    assert finding.details == {"host": "rediss"}


def test_the_same_value_of_two_services_is_reported_once(tmp_path: Path) -> None:
    text = (
        "x-environment: &environment\n  REDIS_URL: redis://cache\n"
        "services:\n  api: {image: 'acme/api:1', environment: *environment}\n  job: {image: 'acme/api:1', environment: *environment}\n"
    )
    assert [found.line for found in findings(tmp_path, {PROD: text})] == [2]


def test_where_nothing_is_deployed_there_is_nothing_to_judge(tmp_path: Path) -> None:
    with pytest.raises(NotApplicable, match="neither Compose nor Kubernetes"):
        findings(tmp_path, {"README.md": "# Notes\n"})
