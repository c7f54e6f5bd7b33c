"""The languages, frameworks, databases and tools that a repository's stack is told in, and where each is found.

One row per technology: what people call it, and by which names package managers and image registries know it.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from shipworthy.patterns import lazy

LANGUAGE = "language"
FRAMEWORK = "framework"
DATABASE = "database"
"""Databases, caches, queues, search indexes: what keeps state in an image of its own."""
TOOL = "tool"
"""What builds, tests or fronts the programs."""
KINDS = (LANGUAGE, FRAMEWORK, DATABASE, TOOL)

NPM = "npm"
PYPI = "PyPI"
GO = "Go"
MAVEN = "Maven"
CARGO = "Cargo"
GEMS = "RubyGems"
COMPOSER = "Packagist"
NUGET = "NuGet"
IMAGE = "image"


class Technology(NamedTuple):
    """A technology: its name, which of `KINDS` it is, and what else people call it, in small letters."""

    name: str
    kind: str
    aliases: tuple[str, ...]


# name; aliases; names by registry
_ROWS: dict[str, str] = {
    LANGUAGE: """
Node.js; node, nodejs; image:node
Deno; ; image:denoland/deno
Bun; ; image:oven/bun
TypeScript; ; npm:typescript
Python; python3, cpython; image:python
Go; golang; image:golang
Java; jdk, openjdk, java jdk; image:openjdk image:eclipse-temurin image:amazoncorretto
Kotlin; ; Maven:org.jetbrains.kotlin.jvm Maven:org.jetbrains.kotlin:kotlin-stdlib
Rust; ; image:rust
Ruby; ; image:ruby
PHP; ; image:php
.NET; dotnet, .net core, asp.net core; image:mcr.microsoft.com/dotnet/sdk image:mcr.microsoft.com/dotnet/aspnet
Elixir; ; image:elixir
""",
    FRAMEWORK: """
Express; express.js, expressjs; npm:express
NestJS; nest, nest.js; npm:@nestjs/core
Fastify; ; npm:fastify
Koa; koa.js; npm:koa
Hono; ; npm:hono
Next.js; next, nextjs; npm:next
Nuxt; nuxt.js, nuxtjs; npm:nuxt
Remix; ; npm:@remix-run/react
React; react.js, reactjs; npm:react
React Native; ; npm:react-native
Expo; ; npm:expo
Vue; vue.js, vuejs; npm:vue
Angular; ; npm:@angular/core
Svelte; ; npm:svelte
SvelteKit; ; npm:@sveltejs/kit
Astro; ; npm:astro
Electron; ; npm:electron
Tailwind CSS; tailwind, tailwindcss; npm:tailwindcss
Material UI; mui; npm:@mui/material
Redux Toolkit; ; npm:@reduxjs/toolkit
Zustand; ; npm:zustand
TanStack Query; react query; npm:@tanstack/react-query
Prisma; prisma orm; npm:prisma npm:@prisma/client
TypeORM; ; npm:typeorm
Drizzle; drizzle orm; npm:drizzle-orm
Sequelize; ; npm:sequelize
Mongoose; ; npm:mongoose
Socket.IO; socketio; npm:socket.io
GraphQL; ; npm:graphql
Apollo Server; ; npm:@apollo/server npm:apollo-server npm:apollo-server-express
tRPC; ; npm:@trpc/server
Zod; ; npm:zod
Bull; ; npm:bull
BullMQ; ; npm:bullmq
Ethers; ethers.js; npm:ethers
Hardhat; ; npm:hardhat
FastAPI; ; PyPI:fastapi
Django; ; PyPI:django
Django REST Framework; drf; PyPI:djangorestframework
Flask; ; PyPI:flask
Starlette; ; PyPI:starlette
Pydantic; ; PyPI:pydantic
SQLAlchemy; ; PyPI:sqlalchemy
Alembic; ; PyPI:alembic
Celery; ; PyPI:celery
Streamlit; ; PyPI:streamlit
PyTorch; torch; PyPI:torch
TensorFlow; ; PyPI:tensorflow
Transformers; hugging face transformers; PyPI:transformers
LangChain; ; PyPI:langchain npm:langchain
Pandas; ; PyPI:pandas
NumPy; ; PyPI:numpy
scikit-learn; sklearn; PyPI:scikit-learn
Gin; ; Go:github.com/gin-gonic/gin
Echo; ; Go:github.com/labstack/echo
Fiber; ; Go:github.com/gofiber/fiber
GORM; ; Go:gorm.io/gorm
Spring Boot; springboot; \
Maven:org.springframework.boot:spring-boot-starter-parent \
Maven:org.springframework.boot:spring-boot-dependencies Maven:org.springframework.boot
Quarkus; ; Maven:io.quarkus Maven:io.quarkus.platform:quarkus-bom
Micronaut; ; Maven:io.micronaut.application
Axum; ; Cargo:axum
Actix Web; actix-web, actix; Cargo:actix-web
Rocket; ; Cargo:rocket
Tokio; ; Cargo:tokio
Ruby on Rails; rails; RubyGems:rails
Sidekiq; ; RubyGems:sidekiq
Laravel; ; Packagist:laravel/framework
Symfony; ; Packagist:symfony/framework-bundle Packagist:symfony/symfony
""",
    DATABASE: """
PostgreSQL; postgres, postgresql database, pg; \
image:postgres image:bitnami/postgresql image:postgis/postgis image:pgvector/pgvector image:supabase/postgres
TimescaleDB; ; image:timescale/timescaledb image:timescale/timescaledb-ha
MySQL; ; image:mysql image:mysql/mysql-server image:bitnami/mysql
MariaDB; ; image:mariadb image:bitnami/mariadb
MongoDB; mongo; image:mongo image:bitnami/mongodb
Redis; ; image:redis image:bitnami/redis image:redis/redis-stack image:redis/redis-stack-server
Valkey; ; image:valkey/valkey
Memcached; ; image:memcached
Neo4j; ; image:neo4j
Qdrant; ; image:qdrant/qdrant
Weaviate; ; image:semitechnologies/weaviate image:cr.weaviate.io/semitechnologies/weaviate
Milvus; ; image:milvusdb/milvus
ChromaDB; chroma; image:chromadb/chroma image:ghcr.io/chroma-core/chroma
ClickHouse; ; image:clickhouse/clickhouse-server
Cassandra; apache cassandra; image:cassandra
CouchDB; ; image:couchdb
InfluxDB; ; image:influxdb
Elasticsearch; elastic search; image:elasticsearch image:docker.elastic.co/elasticsearch/elasticsearch
OpenSearch; ; image:opensearchproject/opensearch
RabbitMQ; ; image:rabbitmq
Kafka; apache kafka; image:confluentinc/cp-kafka image:bitnami/kafka image:apache/kafka
NATS; ; image:nats
MinIO; ; image:minio/minio
""",
    TOOL: """
npm; ;
pnpm; ; npm:pnpm
Yarn; ; npm:yarn
Turborepo; turbo; npm:turbo
Nx; ; npm:nx
Vite; ; npm:vite
Webpack; ; npm:webpack
esbuild; ; npm:esbuild
Jest; ; npm:jest
Vitest; ; npm:vitest
Playwright; ; npm:@playwright/test npm:playwright
Cypress; ; npm:cypress
ESLint; ; npm:eslint
Prettier; ; npm:prettier
pytest; ; PyPI:pytest
Uvicorn; ; PyPI:uvicorn
Gunicorn; ; PyPI:gunicorn
Ruff; ; PyPI:ruff
mypy; ; PyPI:mypy
nginx; ; image:nginx
Traefik; ; image:traefik
Prometheus; ; image:prom/prometheus
Grafana; ; image:grafana/grafana image:grafana/grafana-oss
Jaeger; ; image:jaegertracing/all-in-one
Keycloak; ; image:quay.io/keycloak/keycloak
""",
}  # fmt: skip
_WORDS = frozenset({"next", "nest", "rails", "turbo", "torch", "actix", "chroma"})
"""Aliases that begin sentences."""
_CONFLATED = lazy(r"\s+")


def technology(name: str) -> Technology | None:
    """The technology that people call by ``name``, whatever its capitals; None for one that is not known here."""
    return _by_alias().get(_CONFLATED.sub(" ", name.strip().lower()))


def spellings() -> list[str]:
    """How the technologies are spelled in a sentence: with the capitals that tell them from other words."""
    found: list[str] = []
    for known, _ in _rows():
        found.append(known.name)
        found += [alias.capitalize() for alias in known.aliases if len(alias) > 3 and alias not in _WORDS]
    return found


def is_image(known: Technology) -> bool:
    """Whether a technology comes as an image."""
    return any(registry == IMAGE for registry in _registries()[known.name])


def is_package(known: Technology) -> bool:
    """Whether a technology comes as a package, or is named by no registry at all."""
    registries = _registries()[known.name]
    return not registries or any(registry != IMAGE for registry in registries)


@cache
def _registries() -> dict[str, set[str]]:
    return {known.name: {registry for registry, _ in packages} for known, packages in _rows()}


def packaged(registry: str, name: str) -> Technology | None:
    """The technology that a registry knows by ``name``."""
    return _by_package().get((registry, name.lower()))


@cache
def _by_alias() -> dict[str, Technology]:
    return {alias: known for known, _ in _rows() for alias in (known.name.lower(), *known.aliases)}


@cache
def _by_package() -> dict[tuple[str, str], Technology]:
    return {(registry, name): known for known, packages in _rows() for registry, name in packages}


@cache
def _rows() -> list[tuple[Technology, list[tuple[str, str]]]]:
    found = []
    for kind, rows in _ROWS.items():
        for row in rows.strip().split("\n"):
            name, aliases, packages = (cell.strip() for cell in row.split(";"))
            known = Technology(name, kind, tuple(alias.strip() for alias in aliases.split(",") if alias.strip()))
            pairs = [word.partition(":") for word in packages.split()]
            found.append((known, [(registry, package.lower()) for registry, _, package in pairs]))
    return found
