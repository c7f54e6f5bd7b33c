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


def object_of(
    kind: str, name: str, spec: str = "", *, labels: str = "", group: str = "monitoring.coreos.com/v1"
) -> str:
    """A manifest of one object, its kind on the second line, its name on the fourth."""
    marks = f"  labels: {{{labels}}}\n" if labels else ""
    return f"apiVersion: {group}\nkind: {kind}\nmetadata:\n  name: {name}\n{marks}{spec}---\n"


def operator(*manifests: str) -> dict[str, str]:
    return {"k8s/monitoring.yaml": "".join(manifests)}


RULES_OBJECT = "spec:\n  groups:\n    - name: api\n      rules:\n        - alert: Down\n          expr: up == 0\n"
SELECTS = "spec:\n  ruleSelector: {matchLabels: {role: alerts}}\n  serviceMonitorSelector: {}\n"
HEARD = SELECTS + "  alerting: {alertmanagers: [{name: alertmanager-operated, port: web}]}\n"
WATCHER = """\
apiVersion: apps/v1
kind: Deployment
metadata: {{name: {program}, namespace: ops}}
spec:
  selector: {{matchLabels: {{app: {program}}}}}
  template:
    metadata: {{labels: {{app: {program}}}}}
    spec:
      containers:
        - name: {program}
          image: {image}
          volumeMounts:
{mounts}
      volumes:
{volumes}
---
"""


def watcher(program: str, image: str, **mounts: str) -> str:
    """A Deployment with a ConfigMap of that name, or another kind of volume, at each path."""
    given = [(name, *text.split(" ", 1)) for name, text in mounts.items()]
    mounted = "\n".join(f"            - {{name: {name}, mountPath: {path}}}" for name, path, *_ in given)
    kinds = [(name, rest[0] if rest else f"configMap: {{name: {name}}}") for name, _, *rest in given]
    volumes = "\n".join(f"        - {{name: {name}, {kind}}}" for name, kind in kinds)
    return WATCHER.format(program=program, image=image, mounts=mounted, volumes=volumes)


def held(name: str, key: str, text: str, labels: str = "") -> str:
    """A ConfigMap with one key; the first line of its text is the seventh, or the eighth where it has labels."""
    lines = "".join(f"    {line}\n" for line in text.splitlines())
    marks = f"  labels: {{{labels}}}\n" if labels else ""
    return f"apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {name}\n  namespace: ops\n{marks}data:\n  {key}: |\n{lines}---\n"


def in_cluster(config: str, *more: str, image: str = "prom/prometheus:v3.5.0", **mounts: str) -> dict[str, str]:
    """Prometheus in Kubernetes; line n of its configuration is line n + 7 of the file."""
    text = "scrape_configs:\n  - job_name: api\n    static_configs:\n      - targets: [api:80]\n" + config
    service = "apiVersion: v1\nkind: Service\nmetadata: {name: api, namespace: ops}\n---\n"
    running = watcher("prometheus", image, settings="/etc/prometheus", **mounts)
    return {"k8s/monitoring.yaml": held("settings", "prometheus.yml", text) + running + service + "".join(more)}


def findings(directory: Path, files: dict[str, str]) -> list[Finding]:
    root = repository(directory, files)
    return _judged(root)


# committed files, each finding as ``path:line severity``
FIRES = [
    pytest.param(SERVER, ["compose.prod.yaml:3 medium"], id="a service that nothing watches"),
    pytest.param(
        {
            "package.json": SERVER["api/package.json"].replace("{", '{"name": "shop", ', 1),
            "main.js": SERVER["api/main.js"],
            "k8s/shop.yaml": "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: shop}\nspec:\n  template:\n    spec:\n"
            "      containers:\n        - name: shop\n          image: ghcr.io/acme/shop:1\n",
        },
        ["k8s/shop.yaml:9 medium"],
        id="the only program, in the root, that Kubernetes runs",
    ),
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
    pytest.param(
        operator(object_of("Prometheus", "main", HEARD), object_of("PrometheusRule", "api", RULES_OBJECT)),
        ["k8s/monitoring.yaml:13 medium"],
        id="rules without the labels that Prometheus selects",
    ),
    pytest.param(
        operator(
            object_of("Prometheus", "main", "spec:\n  serviceMonitorSelector: {}\n"),
            object_of("PrometheusRule", "api", RULES_OBJECT),
        ),
        ["k8s/monitoring.yaml:4 medium"],
        id="rules, and a Prometheus without a selector for them",
    ),
    pytest.param(
        operator(
            object_of("Prometheus", "main\n  namespace: ops", HEARD),
            object_of("ServiceMonitor", "api\n  namespace: shop", "spec: {selector: {}}\n"),
        ),
        ["k8s/monitoring.yaml:14 medium"],
        id="a ServiceMonitor in another namespace than the only one that Prometheus looks into",
    ),
    pytest.param(
        operator(
            object_of("Prometheus", "main", SELECTS),
            object_of("PrometheusRule", "api", RULES_OBJECT, labels="role: alerts"),
        ),
        ["k8s/monitoring.yaml:4 medium"],
        id="alerts of a Prometheus that names no Alertmanager",
    ),
    pytest.param(
        operator(object_of("Prometheus", "main", HEARD.replace("alertmanager-operated", "alerts"))),
        ["k8s/monitoring.yaml:8 high"],
        id="an Alertmanager whose Service does not exist",
    ),
    pytest.param(
        operator(
            object_of("Alertmanager", "main", "spec:\n  alertmanagerConfigSelector: {matchLabels: {for: main}}\n"),
            object_of("AlertmanagerConfig", "shop", "spec: {}\n"),
        ),
        ["k8s/monitoring.yaml:11 medium"],
        id="routes that no Alertmanager reads",
    ),
    pytest.param(
        operator(
            object_of(
                "AlertmanagerConfig",
                "shop",
                "spec:\n  route:\n    receiver: pager\n  receivers:\n    - name: ops\n      slackConfigs: [{channel: ops}]\n",
            )
        ),
        ["k8s/monitoring.yaml:7 high"],
        id="a route of the operator to a receiver that does not exist",
    ),
    pytest.param(
        in_cluster("  - job_name: web\n    static_configs:\n      - targets: ['web:80', 'api.ops.svc:80']\n"),
        ["k8s/monitoring.yaml:14 high"],
        id="a target that no Service is called",
    ),
    pytest.param(
        in_cluster("rule_files: [/etc/prometheus/rules/*.yml]\n"),
        ["k8s/monitoring.yaml:12 high"],
        id="rules that no ConfigMap brings",
    ),
    pytest.param(
        in_cluster("rule_files: [/rules/*.yml]\n", held("rules", "api.yaml", RULES), rules="/rules"),
        ["k8s/monitoring.yaml:12 high"],
        id="rules under another ending than Prometheus reads",
    ),
    pytest.param(
        in_cluster("rule_files: [/rules/*.yml]\n", held("rules", "api.yml", RULES), rules="/rules"),
        ["k8s/monitoring.yaml:12 medium"],
        id="alerts in a ConfigMap that nobody is told of",
    ),
    pytest.param(
        {"k8s/a.yaml": held("alerts", "alertmanager.yml", "route: {receiver: ops}\nreceivers: [{name: pager}]\n")},
        ["k8s/a.yaml:8 high"],
        id="a route in a ConfigMap to a receiver that does not exist",
    ),
    pytest.param(
        {
            "k8s/g.yaml": held("provider", "all.yml", PROVIDER.format("/var/lib/dashboards"))
            + watcher("grafana", "grafana/grafana:12.0.0", provider="/etc/grafana/provisioning/dashboards")
        },
        ["k8s/g.yaml:13 high"],
        id="a folder of dashboards that no ConfigMap brings",
    ),
    pytest.param(
        {"k8s/d.yaml": held("api", "api.json", '{"dashboard": {"title": "API"}}', labels='grafana_dashboard: "1"')},
        ["k8s/d.yaml:9 high"],
        id="a dashboard of a ConfigMap in its envelope",
    ),
    pytest.param(
        {"k8s/d.yaml": held("api", "api.json", "{title: API", labels='grafana_dashboard: "1"')},
        ["k8s/d.yaml:8 high"],
        id="a dashboard of a ConfigMap that is no JSON",
    ),
]

SILENT = [
    pytest.param(
        {**SERVER, "api/package.json": SERVER["api/package.json"].replace('"5"', '"5", "prom-client": "15"')},
        id="a library for metrics",
    ),
    pytest.param(
        {**SERVER, "api/package.json": SERVER["api/package.json"].replace('"5"', '"5", "dd-trace": "5"')},
        id="a library of Datadog",
    ),
    pytest.param(
        {**SERVER, "compose.prod.yaml": SERVER["compose.prod.yaml"] + "  host: {image: prom/node-exporter:v1}\n"},
        id="an exporter",
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
    pytest.param(
        operator(
            object_of("Prometheus", "main", HEARD),
            object_of("PrometheusRule", "api", RULES_OBJECT, labels="role: alerts"),
        ),
        id="rules with the labels that Prometheus selects",
    ),
    pytest.param(
        operator(
            object_of("Prometheus", "main", HEARD),
            object_of(
                "Prometheus",
                "other",
                "spec: {ruleSelector: {}, serviceMonitorSelector: {}, alerting: {alertmanagers: [{name: alertmanager-operated}]}}\n",
            ),
            object_of("PrometheusRule", "api", RULES_OBJECT),
        ),
        id="rules that another Prometheus selects",
    ),
    pytest.param(
        operator(object_of("PrometheusRule", "api", RULES_OBJECT)), id="rules for a Prometheus that is not here"
    ),
    pytest.param(
        operator(
            object_of("Prometheus", "main", HEARD),
            object_of("PrometheusRule", "api", RULES_OBJECT),
            object_of("HelmRelease", "stack", group="helm.toolkit.fluxcd.io/v2"),
        ),
        id="a chart that may bring another Prometheus",
    ),
    pytest.param(
        {
            **operator(object_of("Prometheus", "main", HEARD), object_of("PrometheusRule", "api", RULES_OBJECT)),
            "k8s/kustomization.yaml": "resources: [monitoring.yaml]\nlabels:\n  - pairs: {role: alerts}\n",
        },
        id="labels that a kustomization adds",
    ),
    pytest.param(
        operator(
            object_of("Prometheus", "main", "spec: {image: prom/prometheus}\n"),
            object_of("ServiceMonitor", "api", "spec: {selector: {}}\n"),
        ),
        id="a Prometheus whose configuration is written by hand",
    ),
    pytest.param(
        operator(
            object_of("Prometheus", "main\n  namespace: ops", HEARD + "  serviceMonitorNamespaceSelector: {}\n"),
            object_of("ServiceMonitor", "api\n  namespace: shop", "spec: {selector: {}}\n"),
        ),
        id="a Prometheus that looks into every namespace",
    ),
    pytest.param(
        operator(
            object_of("Prometheus", "main", HEARD.replace("alertmanager-operated", "alerts")),
            object_of("Service", "alerts", group="v1"),
        ),
        id="an Alertmanager with its Service",
    ),
    pytest.param(
        in_cluster(
            "rule_files: [/rules/*.yml]\nalerting: {alertmanagers: [{static_configs: [{targets: ['api:9093']}]}]}\n",
            held("rules", "api.yml", RULES),
            rules="/rules",
        ),
        id="the whole chain in Kubernetes",
    ),
    pytest.param(
        in_cluster(
            "  - job_name: b\n    static_configs:\n      - targets: ['db.example.com:1', 'a.elsewhere:9', '10.0.0.7:9', '${HOST}:9']\n"
        ),
        id="targets outside of the cluster",
    ),
    pytest.param(
        in_cluster("rule_files: [/rules/*.yml]\n", rules="/rules emptyDir: {}"), id="rules that a sidecar writes"
    ),
    pytest.param(
        in_cluster("rule_files: [/etc/prometheus/rules/*.yml]\n", image="registry.example.com/prometheus:1"),
        id="rules that an image of one's own may bring",
    ),
    pytest.param(
        {
            "k8s/g.yaml": held("provider", "all.yml", PROVIDER.format("/var/lib/dashboards"))
            + held("boards", "api.json", '{"title": "API", "panels": []}')
            + watcher(
                "grafana",
                "grafana/grafana:12.0.0",
                provider="/etc/grafana/provisioning/dashboards",
                boards="/var/lib/dashboards",
            )
        },
        id="dashboards in a ConfigMap",
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
