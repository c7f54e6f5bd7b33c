"""What is deployed is watched, and what watches it holds together.

A program that nothing watches is down when a user says so. And monitoring that was set up once breaks without a sound:
a rule file that no volume brings into Prometheus, a target that was renamed, a folder of dashboards that is empty, a
route to a receiver that does not exist. Everything starts, every page is green, and nobody is ever told.

Wrong::

    # api/package.json
    {"scripts": {"start": "node main.js"}, "dependencies": {"express": "5"}}
    # api/Dockerfile
    FROM node:22-slim
    CMD ["node", "main.js"]
    # compose.prod.yaml
    services:
      api: {build: ./api}
      prometheus:
        image: prom/prometheus:v3.7.3
        volumes: ["./prometheus/prometheus.yml:/etc/prometheus/prometheus.yml"]
    # prometheus/prometheus.yml
    rule_files: [alerts.yml]
    scrape_configs:
      - job_name: api
        static_configs: [{targets: ["backend:8000"]}]
    # prometheus/alerts.yml
    groups:
      - name: api
        rules:
          - {alert: Down, expr: up == 0, for: 5m}

Right::

    # api/package.json
    {"scripts": {"start": "node main.js"}, "dependencies": {"express": "5"}}
    # api/Dockerfile
    FROM node:22-slim
    CMD ["node", "main.js"]
    # compose.prod.yaml
    services:
      api: {build: ./api}
      prometheus:
        image: prom/prometheus:v3.7.3
        volumes: ["./prometheus:/etc/prometheus"]
    # prometheus/prometheus.yml
    rule_files: [alerts.yml]
    scrape_configs:
      - job_name: api
        static_configs: [{targets: ["api:8000"]}]
    # prometheus/alerts.yml
    groups:
      - name: api
        rules:
          - {alert: Down, expr: up == 0, for: 5m}

The name of anything that watches is enough, in code, configuration or a pipeline, though not in a document or a test:
Prometheus, Grafana, OpenTelemetry, statsd, Sentry, Datadog and their kind, an endpoint of the program's own with
metrics, a check from outside such as Uptime Kuma. Platforms that run a program bring monitoring of their own. Paths in
containers are followed through the mounts of Compose to the committed files, and through those of pods to the keys of
ConfigMaps; where an image that is built here, a volume, a chart or a variable may bring a file, nothing is said. Of the
operator of Prometheus looked at are the selectors of Prometheus and Alertmanager, what they leave out, and the
Alertmanager that alerts are sent to.

When not to use it: another repository sets up the monitoring, for every program alike.

Source: https://prometheus.io/docs/prometheus/latest/configuration/configuration/ ,
https://prometheus.io/docs/alerting/latest/configuration/ ,
https://grafana.com/docs/grafana/latest/administration/provisioning/ ,
https://prometheus-operator.dev/docs/api-reference/api/
"""

from __future__ import annotations

from shipworthy.hook import executable
from shipworthy.rule import HIGH, MEDIUM, REPOSITORY, NotApplicable, Rule, lower

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from shipworthy.project import Project
    from shipworthy.rule import Finding

RULE = Rule(
    "monitoring",
    "Monitoring is configured, and its chain holds",
    severity=MEDIUM,
    scope=REPOSITORY,
    since="0.1.0",
)


def check(project: Project) -> Iterator[Finding]:
    """The broken links of the chain; or that nothing watches what is deployed."""
    from shipworthy.deployment.monitoring import begin, breaks

    begin(project)
    found = breaks(project)
    for broken in found:
        severity = MEDIUM if broken.is_silent else HIGH
        yield RULE.finding(broken.file, broken.start, broken.message, fix=broken.fix, severity=severity)
    if not found:  # what has a broken chain is watched, or is meant to be
        yield from _unwatched(project)


def _unwatched(project: Project) -> Iterator[Finding]:
    """The first service that is deployed, where nothing in the repository watches anything."""
    from shipworthy.deployment.monitoring.evidence import begin, watcher

    begin(project)  # git looks while the rest is loaded
    from shipworthy.deployment.services import SERVER, WORKER, services
    from shipworthy.deployment.targets import is_certain, targets

    deployed = [found for found in project.model(services) if found.kind in (SERVER, WORKER) and found.deployed_by]
    if not deployed:
        raise NotApplicable("no service of this repository is deployed from here")
    found = project.model(targets)
    if not {"compose", "kubernetes", "systemd"} & found.keys() or project.model(watcher) is not None:
        return
    place = deployed[0].deployed_by[0]
    file = project.file(place.path)
    names = ", ".join(sorted({service.name for service in deployed})[:5])
    yield RULE.finding(
        file,
        file.lines.offset(place.line),
        f"nothing watches what is deployed from here ({names}): no metrics, no error tracking, no check from outside",
        fix="expose metrics and scrape them, report errors to a service such as Sentry, or check its health",
        severity=MEDIUM if is_certain(project) else lower(MEDIUM),
        details={"services": sorted(service.name for service in deployed)},
    )


main = executable(RULE, check)
