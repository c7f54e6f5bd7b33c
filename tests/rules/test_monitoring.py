"""What `monitoring` reports, and what it leaves alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shipworthy.config import load
from shipworthy.project import Project
from shipworthy.repository import Repository
from shipworthy.rule import Finding, NotApplicable
from shipworthy.rules.monitoring import check
from support import git, repository, write

SERVER = {
    "api/Dockerfile": "FROM node:22\nCOPY . .\nEXPOSE 80\n",
    "api/package.json": '{"dependencies": {"express": "5"}, "scripts": {"start": "node main.js"}}\n',
    "api/main.js": "express().listen(80)\n",
    "compose.prod.yaml": "services:\n  api:\n    build: api\n",
}
STACK = """\
services:
  api:
    image: registry.example.com/api:1
    container_name: shop-api
  prometheus:
    image: prom/prometheus:v3.5.0
    volumes:
      - {mount}
  alertmanager:
    image: prom/alertmanager:v0.28.1
"""
FOLDER = "./prometheus:/etc/prometheus"
FILE = "./prometheus/prometheus.yml:/etc/prometheus/prometheus.yml:ro"
RULES = "groups:\n  - name: api\n    rules:\n      - alert: Down\n        expr: up == 0\n"
TOLD = "alerting:\n  alertmanagers:\n    - static_configs:\n        - targets: [alertmanager:9093]\n"
GRAFANA = """\
services:
  grafana:
    image: grafana/grafana:12.0.0
    volumes:
      - ./grafana/provisioning:/etc/grafana/provisioning
      - ./grafana/dashboards:/var/lib/grafana/dashboards
"""
PROVIDER = "apiVersion: 1\nproviders:\n  - name: all\n    type: file\n    options:\n      path: {}\n"


def prometheus(text: str, mount: str = FOLDER, **more: str) -> dict[str, str]:
    config = f"scrape_configs:\n  - job_name: api\n    static_configs:\n      - targets: [api:80]\n{text}"
    return {"compose.prod.yaml": STACK.format(mount=mount), "prometheus/prometheus.yml": config, **more}


def grafana(path: str = "/var/lib/grafana/dashboards", **dashboards: str) -> dict[str, str]:
    files = {f"grafana/dashboards/{name}.json": text for name, text in dashboards.items()}
    provider = {"grafana/provisioning/dashboards/all.yml": PROVIDER.format(path)}
    return {"compose.prod.yaml": GRAFANA, **provider, **files}


def alertmanager(text: str) -> dict[str, str]:
    return {"alertmanager.yml": text}


def findings(directory: Path, files: dict[str, str]) -> list[Finding]:
    root = repository(directory, files)
    return _judged(root)


# committed files, each finding as ``path:line severity``
FIRES = [
    pytest.param(SERVER, ["compose.prod.yaml:3 medium"], id="a service that nothing watches"),
    pytest.param(
        {**SERVER, "README.md": "Prometheus scrapes /metrics.\n", "tests/e2e/metrics.py": "sentry_sdk.init()\n"},
        ["compose.prod.yaml:3 medium"],
        id="monitoring that only a document and a test have",
    ),
    pytest.param(
        {**SERVER, "api/main.js": "// TODO: add Sentry\nexpress().listen(80)\n"},
        ["compose.prod.yaml:3 medium"],
        id="monitoring that only a comment promises",
    ),
    pytest.param(
        {
            **{path: text for path, text in SERVER.items() if "compose" not in path},
            "compose.yaml": SERVER["compose.prod.yaml"],
        },
        ["compose.yaml:3 info"],
        id="a Compose file that may be for production",
    ),
    pytest.param(
        prometheus("rule_files: [alerts.yml]\n", FILE, **{"prometheus/alerts.yml": RULES}),
        ["prometheus/prometheus.yml:5 high"],
        id="a rule file beside the configuration that no mount brings along",
    ),
    pytest.param(
        prometheus("rule_files: [alerts.yml]\n"),
        ["prometheus/prometheus.yml:5 high"],
        id="a rule file that nobody committed",
    ),
    pytest.param(
        prometheus("rule_files: ['rules/*.yml']\n", **{"prometheus/rules/alerts.yaml": RULES}),
        ["prometheus/prometheus.yml:5 high"],
        id="a pattern that no rule file fits",
    ),
    pytest.param(
        prometheus("rule_files: [/etc/prometheus/a.yml]\n", **{"prometheus/a.yml": RULES}),
        ["prometheus/prometheus.yml:5 medium"],
        id="alerts that nobody is told of",
    ),
    pytest.param(
        prometheus(
            "rule_files: [a.yml]\nalerting:\n  alertmanagers:\n    - static_configs:\n        - targets: []\n",
            **{"prometheus/a.yml": RULES},
        ),
        ["prometheus/prometheus.yml:6 medium"],
        id="a list of Alertmanagers that is empty",
    ),
    pytest.param(
        prometheus("  - job_name: nodes\n    static_configs:\n      - targets: [node-exporter:9100, shop-api:80]\n"),
        ["prometheus/prometheus.yml:7 high"],
        id="a target that no service is called",
    ),
    pytest.param(
        prometheus(TOLD.replace("alertmanager:9093", "alerts:9093")),
        ["prometheus/prometheus.yml:8 high"],
        id="an Alertmanager that no service is called",
    ),
    pytest.param(
        alertmanager(
            "route:\n  receiver: ops\n  routes:\n    - receiver: pager\nreceivers:\n  - name: ops\n    webhook_configs: [{url: 'http://hook'}]\n"
        ),
        ["alertmanager.yml:4 high"],
        id="a route to a receiver that does not exist",
    ),
    pytest.param(
        alertmanager("route:\n  receiver: ops\nreceivers:\n  - name: ops\n"),
        ["alertmanager.yml:2 medium"],
        id="a receiver that tells nobody",
    ),
    pytest.param(grafana(), ["grafana/provisioning/dashboards/all.yml:6 high"], id="a folder without dashboards"),
    pytest.param(
        grafana("/etc/dashboards", api='{"title": "API", "panels": []}'),
        ["grafana/provisioning/dashboards/all.yml:6 high"],
        id="a folder that nothing mounts",
    ),
    pytest.param(grafana(api='{"title": '), ["grafana/dashboards/api.json:1 high"], id="a dashboard that is no JSON"),
    pytest.param(
        grafana(api='{"dashboard": {"title": "API"}}'),
        ["grafana/dashboards/api.json:1 high"],
        id="a dashboard in its envelope",
    ),
]

SILENT = [
    pytest.param(
        {**SERVER, "api/package.json": SERVER["api/package.json"].replace('"5"', '"5", "prom-client": "15"')},
        id="a library for metrics",
    ),
    pytest.param({**SERVER, "api/main.js": "app.get('/metrics', show)\n"}, id="an endpoint of the program's own"),
    pytest.param(
        {**SERVER, "compose.prod.yaml": SERVER["compose.prod.yaml"] + "    environment: {STATSD_HOST: statsd}\n"},
        id="statsd",
    ),
    pytest.param(
        {**SERVER, "compose.prod.yaml": SERVER["compose.prod.yaml"] + "  uptime: {image: louislam/uptime-kuma:1}\n"},
        id="a check from outside",
    ),
    pytest.param({path: text for path, text in SERVER.items() if "compose" not in path}, id="nothing that deploys"),
    pytest.param(
        prometheus("rule_files: [alerts.yml]\n" + TOLD, **{"prometheus/alerts.yml": RULES}), id="the whole chain"
    ),
    pytest.param(
        prometheus(
            "rule_files: ['rules/*.yml']\n" + TOLD, **{"prometheus/rules/a.yml": RULES, "prometheus/rules/b.yml": ""}
        ),
        id="a pattern that rule files fit",
    ),
    pytest.param(prometheus("rule_files: [/rules/a.yml]\n", FOLDER + "\n      - rules:/rules"), id="rules on a volume"),
    pytest.param(
        prometheus("rule_files: [/rules/a.yml]\n", FOLDER + "\n      - ${RULES}:/rules"),
        id="rules in a folder that a variable names",
    ),
    pytest.param(
        {"prometheus.yml": "scrape_configs: []\nrule_files: [gone.yml]\n"}, id="a configuration that no service mounts"
    ),
    pytest.param(
        prometheus(
            "  - job_name: b\n    static_configs:\n      - targets: ['localhost:1', '10.0.0.7:9', 'db.example.com:5', '${HOST}:9']\n"
        ),
        id="targets outside of the deployment",
    ),
    pytest.param(
        prometheus(
            "  - job_name: probe\n    static_configs:\n      - targets: ['router:80']\n    relabel_configs:\n"
            "      - target_label: __address__\n        replacement: api:80\n"
        ),
        id="targets of an exporter that is told whom to ask",
    ),
    pytest.param(
        {
            **prometheus("  - job_name: b\n    static_configs:\n      - targets: ['other:80']\n"),
            "compose.prod.yaml": STACK.format(mount=FOLDER) + "networks:\n  shared: {external: true}\n",
        },
        id="a network that other projects share",
    ),
    pytest.param(
        alertmanager(
            "route:\n  receiver: 'null'\n  routes:\n    - receiver: ops\nreceivers:\n  - name: 'null'\n  - name: ops\n    email_configs: [{to: ops@example.com}]\n"
        ),
        id="a receiver that drops what no route takes",
    ),
    pytest.param({"collector.yaml": "receivers:\n  otlp: {}\nservice: {}\n"}, id="receivers of a collector"),
    pytest.param(grafana(api='{"title": "API", "panels": []}'), id="dashboards"),
    pytest.param(
        {
            **grafana(api='{"title": "API", "panels": []}'),
            "compose.prod.yaml": GRAFANA.replace(
                "services:\n", "services:\n  backup: {image: example.com/saver:1, volumes: ['.:/srv']}\n"
            ),
        },
        id="dashboards in a folder that another service mounts as well",
    ),
    pytest.param(
        {
            **grafana("/dashboards"),
            "compose.prod.yaml": GRAFANA.replace("image: grafana/grafana:12.0.0", "build: grafana"),
        },
        id="dashboards in an image that is built here",
    ),
]


@pytest.mark.parametrize(("files", "expected"), FIRES)
def test_fires(files: dict[str, str], expected: list[str], tmp_path: Path) -> None:
    assert [f"{finding.path}:{finding.line} {finding.severity}" for finding in findings(tmp_path, files)] == expected


@pytest.mark.parametrize("files", SILENT)
def test_silent(files: dict[str, str], tmp_path: Path) -> None:
    assert findings(tmp_path, files) == []


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    files = {**prometheus("rule_files: [a.yml]\n"), **alertmanager("receivers:\n"), "grafana/dashboards/a.json": "{}"}
    files["compose.prod.yaml"] += GRAFANA.removeprefix("services:\n")
    files["grafana/provisioning/dashboards/all.yml"] = PROVIDER.format("/var/lib/grafana/dashboards")
    return repository(tmp_path_factory.mktemp("hostile"), files)


@given(
    st.lists(
        st.sampled_from(
            "scrape_configs: rule_files: receivers: route: providers: options: path: receiver: - [ ] { } \n \n\x20 alerting: targets: a:1 ../.. /a *".split(
                " "
            )
        )
        | st.text(max_size=5),
        max_size=50,
    )
)
@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_is_judged(hostile: Path, words: list[str]) -> None:
    text = " ".join(words).replace("\0", "").encode("utf-8", "replace")
    changed = [path for path in git(hostile, "ls-files").splitlines() if "compose" not in path]
    write(hostile, dict.fromkeys(changed, text))
    git(hostile, "add", "--all", "--force")
    assert isinstance(_judged(hostile), list)


def _judged(directory: Path) -> list[Finding]:
    try:
        return list(check(Project(Repository(str(directory)), load(str(directory), None, ()))))
    except NotApplicable:
        return []
