"""Readiness reports for the tests of those who write them down."""

from __future__ import annotations

import json

from outcomes import HOSTILE
from shipworthy.deployment.evidence import Evidence
from shipworthy.readiness.model import (
    COLUMNS,
    COMPLETE,
    COMPONENTS,
    DOCUMENTED,
    MISSING,
    NOT_APPLICABLE,
    OWN,
    PARTIAL,
    UNKNOWN,
    Cell,
    Component,
    Gap,
    Readiness,
    Recommendation,
    Requirement,
    ServiceRow,
    SourceCount,
    Technology,
)
from shipworthy.rule import BLOCKING, HIGH, MEDIUM

SERVER = {
    "package.json": (
        '{\n  "scripts": {"start": "node index.js", "test": "node --test"},\n'
        '  "dependencies": {"express": "4.18.2", "prom-client": "15.1.3"}\n}\n'
    ),
    "index.js": "require('express')().listen(3000)\n",
}
"""A service, and nothing that brings it into production."""
WHOLE = {
    **SERVER,
    "Dockerfile": 'FROM node:22-slim\nUSER node\nEXPOSE 3000\nCMD ["node", "index.js"]\n',
    "compose.prod.yaml": (
        'services:\n  api:\n    build: .\n    ports: ["80:3000"]\n    restart: always\n    mem_limit: 256m\n'
        '    healthcheck: {test: ["CMD", "node", "health.js"]}\n'
    ),
    ".github/workflows/ci.yml": (
        "on: push\njobs:\n  build:\n    runs-on: ubuntu-24.04\n    steps:\n      - uses: actions/checkout@v5\n"
        "      - run: npm test\n      - run: docker build -t api .\n"
    ),
    "test/index.test.js": "it('answers', () => {})\n",
    "README.md": "# API\n\nIt answers.\n",
}
"""A repository in which nothing is missing."""
DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: api
  namespace: shop
spec:
  selector: {matchLabels: {app: api}}
  template:
    metadata: {labels: {app: api}}
    spec:
      containers:
        - name: api
          image: registry.example.com/api:1.4.2
          ports: [{containerPort: 3000}]
          readinessProbe: {httpGet: {path: /health, port: 3000}}
          resources: {requests: {memory: 64Mi}, limits: {memory: 64Mi}}
"""
"""A workload in which nothing is missing."""
_STATES = {
    "source": (PARTIAL, "20 source files; 1 check failed"),
    "database": (COMPLETE, "packages/database/prisma/schema.prisma defines 9 models"),
    "dockerfiles": (MISSING, "2 services need an image, and nothing builds one"),
    "compose-development": (COMPLETE, "docker/compose.dev.yml runs 3 services"),
    "compose-production": (NOT_APPLICABLE, "Kubernetes deploys the services"),
    "kubernetes": (MISSING, "k8s holds nothing but placeholders"),
    "ci": (DOCUMENTED, "docs/CICD.md describes it, and nothing implements it"),
    "monitoring": (UNKNOWN, "a platform runs the services, and may bring its own"),
}


def package(name: str, **more: object) -> str:
    """The manifest of a server without metrics."""
    return json.dumps({"name": name, "scripts": {"start": "node index.js"}, "dependencies": {"express": "4"}, **more})


def everything() -> Readiness:
    """A report in which everything that can be said is said once at least."""
    report = Readiness(42, ["dockerfile-per-service", "no-tmp-paths"])
    report.stack = [
        Technology("language", "TypeScript", "5.3.3", [Evidence("package.json", 12, '"typescript": "5.3.3"')]),
        Technology("database", "PostgreSQL", "", [Evidence("packages/db/schema.prisma", 6, 'provider = "postgresql"')]),
    ]
    report.sources = [SourceCount("TypeScript", 20, [("apps/api/src", 12), ("apps/web/src/app", 8)])]
    for id in COMPONENTS:
        status, reason = _STATES.get(id, (NOT_APPLICABLE, "no service was found"))
        report.components.append(Component(id, status, reason))
    source, database, dockerfiles = report.components[:3]
    source.requirements = [
        Requirement("sources-parse", "source files are code", 5, passed=1),
        Requirement("no-stubs", "no service function is a stub", 3, weights=[3]),
        Requirement("imports-committed", "every import is committed", 5, not_judged="no module imports another"),
    ]
    source.evidence = [Evidence("apps/api/src/index.ts", 1, "12 files in apps/api/src")]
    database.requirements = [Requirement(OWN, "a schema or a history of migrations is committed", 3, passed=1)]
    database.evidence = [Evidence("packages/database/prisma/schema.prisma", 1, "9 models")]
    dockerfiles.requirements = [
        Requirement("dockerfile-per-service", "every service has an image source", 3, weights=[5, 3])
    ]
    report.component("kubernetes").requirements = [Requirement("kubernetes-manifests", "manifests", 5, weights=[5])]
    report.component("compose-development").requirements = [Requirement(OWN, "it stands up", 1, passed=3, weights=[1])]
    report.component("ci").requirements = [Requirement("ci-pipeline", "a pipeline is committed", 3, weights=[3])]
    report.gaps = [
        Gap("dockerfiles", "dockerfile-per-service", BLOCKING, "apps/api/package.json", 7, "api has no Dockerfile",
            "create apps/api/Dockerfile", "api"),
        Gap("kubernetes", "kubernetes-manifests", BLOCKING, "k8s/base/api/.gitkeep", 1, "k8s holds nothing", None),
        Gap("dockerfiles", "dockerfile-per-service", HIGH, "apps/web/package.json", 7, "web has no Dockerfile",
            "create apps/web/Dockerfile", "web"),
        Gap("ci", "ci-pipeline", HIGH, "docs/CICD.md", 3, "a document describes a pipeline", "commit it"),
        Gap("source", "no-stubs", HIGH, "apps/api/src/engine.ts", 3, "process is a stub", "write it", "api"),
        Gap("compose-development", OWN, MEDIUM, "docker/compose.dev.yml", 4, "one thing", "mend it"),
    ]  # fmt: skip
    for gap in report.gaps:
        report.component(gap.component).gaps.append(gap)
    report.services = [_service("api", "server"), _service("web", "static")]
    report.recommendations = [
        Recommendation(
            "create apps/api/Dockerfile",
            "dockerfiles",
            BLOCKING,
            [report.gaps[0], report.gaps[2]],
            ["kubernetes", "ci"],
            20,
        ),
        Recommendation("commit it", "ci", HIGH, [report.gaps[3]], [], 16),
    ]
    report.suppressed = 2
    report.unreadable = {"b.bin": "binary"}
    return report


def _service(name: str, kind: str) -> ServiceRow:
    states = (MISSING, COMPLETE, NOT_APPLICABLE, UNKNOWN, PARTIAL, DOCUMENTED)
    place = Evidence(f"apps/{name}/package.json", 7, "the script start starts a server")
    cells = {
        column: Cell(states[number % len(states)], states[number % len(states)], place if number % 2 else None)
        for number, column in enumerate(COLUMNS)
    }
    return ServiceRow(name, f"apps/{name}", kind, [place], cells)


def nothing() -> Readiness:
    """The report of an empty repository."""
    report = Readiness(0, ["no-tmp-paths"])
    report.components = [Component(id, UNKNOWN, "nothing is committed or staged") for id in COMPONENTS]
    return report


def passed() -> Readiness:
    """A report without a gap."""
    report = Readiness(7, ["no-tmp-paths"])
    report.components = [Component(id, NOT_APPLICABLE, "no service was found") for id in COMPONENTS]
    ci = report.component("ci")
    ci.status, ci.reason = COMPLETE, "1 pipeline of GitHub Actions"
    ci.evidence = [Evidence(".github/workflows/ci.yml", 1, "GitHub Actions")]
    ci.requirements = [Requirement("ci-pipeline", "a CI pipeline is committed, and builds or deploys", 3, 1)]
    return report


def hostile() -> Readiness:
    """A report in which every text comes from a hostile repository."""
    text = f"{HOSTILE} <script>alert(1)</script> | `x` [a](javascript:alert(1)) ![b](http://x) \"'&"
    report = everything()
    place = Evidence(text, 1, text)
    report.stack = [Technology("language", text, text, [place])]
    report.sources = [SourceCount(text, 1, [(text, 1)])]
    for component in report.components:
        component.reason = text
        component.evidence = [place]
        for requirement in component.requirements:
            requirement.what = text
    report.services = [ServiceRow(text, text, "server", [place], {id: Cell(PARTIAL, text, place) for id in COLUMNS})]
    for gap in report.gaps:
        gap.path = gap.message = gap.fix = gap.service = text
    for recommendation in report.recommendations:
        recommendation.action = text
    report.unreadable = {text: text}
    return report
