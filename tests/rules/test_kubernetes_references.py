from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from shipworthy.config import Config
from shipworthy.project import Project
from shipworthy.repository import Repository
from shipworthy.rule import Finding, NotApplicable
from shipworthy.rules.kubernetes_references import check
from support import repository


def workload(
    name: str = "api", *, kind: str = "Deployment", labels: str = "", spec: str = "", container: str = ""
) -> str:
    """A workload of one container. ``spec`` are lines of the pod, ``container`` of its container."""
    return f"""\
apiVersion: apps/v1
kind: {kind}
metadata: {{name: {name}}}
spec:
  selector: {{matchLabels: {{app: {name}}}}}
  template:
    metadata: {{labels: {{{labels or f"app: {name}"}}}}}
    spec:
{indented(spec, 6)}      containers:
        - name: {name}
          image: example.com/{name}:1.4.2
{indented(container, 10)}---
"""


def indented(text: str, width: int) -> str:
    return "".join(" " * width + line + "\n" for line in text.splitlines())


def object_of(kind: str, name: str, rest: str = "", *, api: str = "v1", metadata: str = "") -> str:
    return f"apiVersion: {api}\nkind: {kind}\nmetadata: {{name: {name}{metadata}}}\n{rest}\n---\n"


def service(selector: str = "app: api", port: str = "port: 80", *, name: str = "api", metadata: str = "") -> str:
    return object_of("Service", name, f"spec:\n  selector: {{{selector}}}\n  ports: [{{{port}}}]", metadata=metadata)


def ingress(backend: str) -> str:
    rules = f"spec:\n  rules:\n  - http:\n      paths:\n      - {{path: /, backend: {{{backend}}}}}"
    return object_of("Ingress", "web", rules, api="networking.k8s.io/v1")


def autoscaler(name: str = "api", metrics: str = "") -> str:
    target = f"spec:\n  scaleTargetRef: {{apiVersion: apps/v1, kind: Deployment, name: {name}}}\n{metrics}"
    return object_of("HorizontalPodAutoscaler", name, target, api="autoscaling/v2")


def binding(kind: str = "Role", name: str = "reader", subject: str = "api") -> str:
    return object_of(
        "RoleBinding",
        "read",
        f"roleRef: {{kind: {kind}, name: {name}}}\nsubjects: [{{kind: ServiceAccount, name: {subject}}}]",
        api="rbac.authorization.k8s.io/v1",
    )


CPU = "  metrics: [{type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 80}}}]"
ENV_FROM = "envFrom: [{configMapRef: {name: settings}}]"
ENV_KEY = "env: [{name: A, valueFrom: {configMapKeyRef: {name: settings, key: a}}}]"
SECRET_FROM = "envFrom: [{secretRef: {name: login}}]"
MOUNT = "volumes: [{name: a, configMap: {name: settings, items: [{key: a, path: a}]}}]"
CLAIM = "volumes: [{name: data, persistentVolumeClaim: {claimName: data}}]"
SERVED = service() + workload(container="ports: [{name: http, containerPort: 80}]")
CHART = "name: shop\n"
STATEFUL = workload(kind="StatefulSet").replace("  template:", "  serviceName: peers\n  template:")
PEERS = STATEFUL.replace("  template:", "  replicas: 3\n  template:")
MONITOR = object_of(
    "ServiceMonitor", "api", "spec:\n  selector: {matchLabels: {app: api}}", api="monitoring.coreos.com/v1"
)
LABELLED = service(metadata=", namespace: shop, labels: {app: api}")
WATCHES_SHOP = "spec:\n  namespaceSelector: {matchNames: [shop]}\n"
READY = "readinessProbe: {httpGet: {port: http}}"
PULLS = "imagePullSecrets: [{name: registry}]"
URGENT = "priorityClassName: urgent"
PORT_OF_SERVICE = service(port="port: 80, name: http", metadata=", labels: {app: api}")
SCRAPES = MONITOR.rstrip("-\n") + "\n  endpoints: [{port: metrics}]\n---\n"
PASSWORD_FROM = "env: [{name: A, valueFrom: {secretKeyRef: {name: login, key: password}}}]"
EMPTY = object_of("Secret", "login", 'stringData: {password: ""}')
APPLIES = {"deploy.sh": "#!/bin/sh\nkubectl apply -f k8s/\n"}


def route(kind: str, backend: str) -> str:
    rules = f"spec: {{rules: [{{backendRefs: [{{{backend}}}]}}]}}"
    return object_of(kind, "web", rules, api="gateway.networking.k8s.io/v1")


def scaled(target: str) -> str:
    return object_of("ScaledObject", "api", f"spec: {{scaleTargetRef: {{{target}}}}}", api="keda.sh/v1alpha1")


def found(directory: Path, files: Mapping[str, str]) -> list[Finding]:
    return list(check(Project(Repository(str(repository(directory, files))), Config())))


# manifests, each finding as ``kind of reference severity``
FIRES = [
    pytest.param(
        object_of("Alertmanager", "main", "spec: {replicas: 2}", api="monitoring.coreos.com/v1")
        + service("app: grafana")
        + workload(),
        ["service-pods high"],
        id="a Service that selects nothing beside what the operator of Prometheus makes",
    ),
    pytest.param(service("app: backend") + workload(), ["service-pods high"], id="a Service that selects nothing"),
    pytest.param(
        service(metadata=", namespace: a")
        + workload().replace("{name: api}", "{name: api, namespace: b}", 1)
        + workload("web").replace("{name: web}", "{name: web, namespace: a}", 1),
        ["service-pods high"],
        id="a Service in another namespace",
    ),
    pytest.param(
        service(port="port: 80, targetPort: http") + workload(container="ports: [{name: web, containerPort: 80}]"),
        ["target-port blocking"],
        id="a port that no container names",
    ),
    pytest.param(
        ingress("service: {name: shop, port: {number: 80}}") + SERVED, ["backend high"], id="an Ingress to no Service"
    ),
    pytest.param(
        ingress("service: {name: api, port: {number: 8080}}") + SERVED,
        ["backend-port high"],
        id="an Ingress to a port that the Service has not",
    ),
    pytest.param(route("HTTPRoute", "name: shop, port: 80") + SERVED, ["backend high"], id="a route to no Service"),
    pytest.param(
        route("HTTPRoute", "name: api, port: 8080") + SERVED,
        ["backend-port high"],
        id="a route to a port that the Service has not",
    ),
    pytest.param(route("TCPRoute", "name: shop, port: 80") + SERVED, ["backend high"], id="a route of TCP"),
    pytest.param(scaled("name: shop") + workload(), ["scale-target blocking"], id="KEDA scales nothing"),
    pytest.param(workload(spec=PULLS), ["pull-secret medium"], id="a pull secret that nothing explains"),
    pytest.param(
        object_of("ServiceAccount", "api", PULLS) + workload(),
        ["pull-secret medium"],
        id="a pull secret of a ServiceAccount",
    ),
    pytest.param(workload(spec=URGENT), ["priority-class high"], id="a missing PriorityClass"),
    pytest.param(
        workload(
            spec="volumes: [{name: a, projected: {sources: [{configMap: {name: settings, items: [{key: a, path: a}]}}]}}]"
        )
        + object_of("ConfigMap", "settings", "data: {b: x}"),
        ["key high"],
        id="a missing key of a projected volume",
    ),
    pytest.param(
        SCRAPES + PORT_OF_SERVICE + workload(),
        ["monitored-port medium"],
        id="a ServiceMonitor of a port without a name",
    ),
    pytest.param(autoscaler("shop") + workload(), ["scale-target blocking"], id="an autoscaler of nothing"),
    pytest.param(autoscaler(metrics=CPU) + workload(), ["scale-requests high"], id="an autoscaler without requests"),
    pytest.param(
        autoscaler() + workload().replace("  template:", "  replicas: 3\n  template:"),
        ["scale-replicas medium"],
        id="replicas beside an autoscaler",
    ),
    pytest.param(
        object_of("PodDisruptionBudget", "api", "spec: {selector: {matchLabels: {app: web}}}", api="policy/v1")
        + workload(),
        ["budget-pods medium"],
        id="a budget that protects nothing",
    ),
    pytest.param(workload(spec="serviceAccountName: runner"), ["service-account high"], id="a missing ServiceAccount"),
    pytest.param(binding(subject="default"), ["role high"], id="a binding of a Role that does not exist"),
    pytest.param(
        binding("ClusterRole", subject="default"), ["cluster-role medium"], id="a binding of a missing ClusterRole"
    ),
    pytest.param(binding("ClusterRole", "view"), ["subject medium"], id="a binding for a missing ServiceAccount"),
    pytest.param(
        service(metadata=", namespace: web")
        + workload().replace("name: api}", "name: api, namespace: shop}", 1)
        + workload("web").replace("name: web}", "name: web, namespace: shop}", 1),
        ["service-pods high"],
        id="a Service in a namespace without pods, with the labels of pods of another one",
    ),
    pytest.param(workload(labels="app: apii"), ["own-pods blocking"], id="a selector that its own template misses"),
    pytest.param(
        workload(kind="DeploymentConfig", labels="app: apii").replace("{matchLabels: {app: api}}", "{app: api}"),
        ["own-pods blocking"],
        id="a selector of OpenShift that its own template misses",
    ),
    pytest.param(
        workload().replace("    metadata: {labels: {app: api}}\n", ""),
        ["own-pods blocking"],
        id="a template without labels",
    ),
    pytest.param(workload(container=READY), ["probe-port blocking"], id="a probe of a port that has no name"),
    pytest.param(
        workload(container="ports: [{name: web, containerPort: 80}]\nlivenessProbe: {tcpSocket: {port: http}}"),
        ["probe-port blocking"],
        id="a probe of a port that has another name",
    ),
    pytest.param(workload(container=ENV_FROM), ["config-map high"], id="a missing ConfigMap of an environment"),
    pytest.param(workload(spec=MOUNT), ["config-map high"], id="a missing ConfigMap of a volume"),
    pytest.param(workload(container=SECRET_FROM), ["secret medium"], id="a Secret that nothing explains"),
    pytest.param(
        workload(container=ENV_KEY) + object_of("ConfigMap", "settings", "data: {b: x}"),
        ["key high"],
        id="a missing key",
    ),
    pytest.param(
        workload(spec=MOUNT) + object_of("ConfigMap", "settings", "data: {b: x}"),
        ["key high"],
        id="a missing key of a volume",
    ),
    pytest.param(workload(spec=CLAIM), ["claim high"], id="a missing claim"),
    pytest.param(STATEFUL, ["governing-service high"], id="a StatefulSet without its Service"),
    pytest.param(
        PEERS + service(name="peers"),
        ["governing-service-with-address medium"],
        id="a StatefulSet whose Service has an address of its own",
    ),
    pytest.param(MONITOR + SERVED, ["monitored medium"], id="a ServiceMonitor that takes the selector for the labels"),
    pytest.param(
        object_of("List", "all").replace(
            "metadata: {name: all}\n", "items:\n- " + service("app: x").strip("-\n").replace("\n", "\n  ") + "\n"
        )
        + workload(),
        ["service-pods high"],
        id="a Service in a List",
    ),
    pytest.param(
        MONITOR.replace("app: api", "app: web") + SERVED,
        ["monitored medium"],
        id="a ServiceMonitor called like a Service that has other labels",
    ),
    pytest.param(
        LABELLED + workload() + MONITOR.replace("name: api}", "name: api, namespace: monitoring}"),
        ["monitored medium"],
        id="a ServiceMonitor that looks into its own namespace alone",
    ),
    pytest.param(
        LABELLED.replace(", labels: {app: api}", "") + workload() + MONITOR.replace("spec:\n", WATCHES_SHOP),
        ["monitored medium"],
        id="a ServiceMonitor for a namespace of the repository",
    ),
]

PART = (
    "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: api}\n"
    "spec: {template: {metadata: {labels: {app: api}}, spec: {serviceAccountName: x}}}\n---\n"
)

RELEASE = object_of("HelmRelease", "shop", "spec: {chart: {spec: {chart: shop}}}", api="helm.toolkit.fluxcd.io/v2")

PROMETHEUS = object_of("Prometheus", "k8s", "spec: {replicas: 2}", api="monitoring.coreos.com/v1")

SILENT = [
    pytest.param(
        {"k.yaml": PROMETHEUS + service("app.kubernetes.io/name: prometheus, prometheus: k8s") + workload()},
        id="pods that the operator of Prometheus makes",
    ),
    pytest.param(
        {"k.yaml": ingress("service: {name: front, port: {number: 80}}") + RELEASE},
        id="a Service that a chart may bring",
    ),
    pytest.param(
        {"k.yaml": "# This file is generated by make manifests, DO NOT EDIT.\n" + workload(spec=CLAIM)},
        id="a manifest that a program writes",
    ),
    pytest.param(
        {"k.yaml": PEERS + service(name="peers").replace("spec:\n", "spec:\n  clusterIP: None\n")},
        id="a StatefulSet and its headless Service",
    ),
    pytest.param({"k.yaml": STATEFUL + service(name="peers")}, id="one pod, which needs no name of its own"),
    pytest.param(
        {"k.yaml": service(port="port: 80, targetPort: http") + PART + autoscaler(metrics=CPU)},
        id="a part of a workload, for a patch",
    ),
    pytest.param(
        {"k.yaml": route("HTTPRoute", "name: api, port: 80") + SERVED}, id="a route to a Service and its port"
    ),
    pytest.param(
        {"k.yaml": route("HTTPRoute", "name: files, kind: Bucket, group: example.com") + SERVED},
        id="a route to what is no Service",
    ),
    pytest.param({"k.yaml": scaled("name: api") + workload()}, id="KEDA scales a Deployment"),
    pytest.param({"k.yaml": scaled("kind: Database, name: db") + workload()}, id="KEDA scales a custom resource"),
    pytest.param(
        {"k.yaml": workload(spec=PULLS), "README.md": "kubectl create secret docker-registry registry\n"},
        id="a pull secret that a document explains",
    ),
    pytest.param(
        {"k.yaml": workload(spec=PULLS.replace("registry", "regcred"))}, id="a pull secret of the name that all use"
    ),
    pytest.param(
        {"k.yaml": workload(spec=PULLS) + object_of("SealedSecret", "registry", api="bitnami.com/v1alpha1")},
        id="a sealed pull secret",
    ),
    pytest.param({"k.yaml": workload(spec="priorityClassName: system-node-critical")}, id="a priority of Kubernetes"),
    pytest.param(
        {
            "k.yaml": workload(spec=URGENT)
            + object_of("PriorityClass", "urgent", "value: 1", api="scheduling.k8s.io/v1", metadata=", namespace: x")
        },
        id="a PriorityClass",
    ),
    pytest.param(
        {
            "k.yaml": workload("backup", spec=CLAIM.replace("claimName: data", "claimName: data-db-0"))
            + workload("db", kind="StatefulSet").strip("-\n")
            + "\n  volumeClaimTemplates: [{metadata: {name: data}}]\n"
        },
        id="a claim that a StatefulSet makes",
    ),
    pytest.param(
        {"k.yaml": SCRAPES + PORT_OF_SERVICE.replace("http", "metrics") + workload()},
        id="a ServiceMonitor of a port by its name",
    ),
    pytest.param(
        {"k.yaml": SCRAPES + PORT_OF_SERVICE.replace("http", "${PORT}") + workload()},
        id="a port whose name a variable gives",
    ),
    pytest.param(
        {
            "kustomization.yaml": "resources: [k.yaml]\nreplacements: [{path: r.yaml}]\n",
            "r.yaml": "source: {kind: ConfigMap, name: a}\n",
            "k.yaml": service("app: old") + workload(),
        },
        id="a selector that a replacement may set",
    ),
    pytest.param({"k8s/k.yaml": EMPTY + workload(container=PASSWORD_FROM)}, id="an empty Secret that nothing applies"),
    pytest.param(
        {"k8s/k.example.yaml": EMPTY, "k8s/w.yaml": workload(container=PASSWORD_FROM), **APPLIES},
        id="an empty Secret in an example",
    ),
    pytest.param({"k8s/k.yaml": EMPTY + workload(), **APPLIES}, id="an empty Secret that no pod needs"),
    pytest.param(
        {
            "k8s/k.yaml": EMPTY + workload(container=PASSWORD_FROM),
            "deploy.sh": "kubectl apply -f k8s/\nkubectl create secret generic login --from-env-file=.env\n",
        },
        id="an empty Secret that a command fills",
    ),
    pytest.param(
        {
            "k8s/k.yaml": EMPTY.replace('stringData: {password: ""}', "type: kubernetes.io/tls\ndata: {tls.key: ''}")
            + workload(container=SECRET_FROM),
            **APPLIES,
        },
        id="an empty Secret that a controller fills",
    ),
    pytest.param({"k.yaml": SERVED}, id="a Service with pods"),
    pytest.param({"a/service.yaml": service(), "b/deployment.yaml": workload()}, id="pods in another folder"),
    pytest.param(
        {"k.yaml": service(metadata=", namespace: a") + workload()}, id="a namespace that one side leaves out"
    ),
    pytest.param(
        {"k.yaml": object_of("Service", "db", "spec: {ports: [{port: 1}]}")}, id="a Service without a selector"
    ),
    pytest.param({"k.yaml": service("app: ${NAME}") + workload()}, id="a selector that a variable gives"),
    pytest.param(
        {
            "k.yaml": service("app: db")
            + object_of("Cluster", "db", "spec: {instances: 3}", api="postgresql.cnpg.io/v1")
            + workload()
        },
        id="pods that an operator makes",
    ),
    pytest.param(
        {"k.yaml": service("app: db") + workload(), "run.sh": "helm install db bitnami/postgresql\n"},
        id="pods that a chart of others makes",
    ),
    pytest.param(
        {
            "k.yaml": service("app: db") + workload(),
            "chart/Chart.yaml": CHART,
            "chart/templates/db.yaml": "apiVersion: apps/v1\nkind: StatefulSet\nmetadata:\n  name: {{ .Release.Name }}\n",
        },
        id="pods that a chart of the repository makes",
    ),
    pytest.param({"tests/k.yaml": service("app: x"), "k.yaml": workload()}, id="a manifest for tests"),
    pytest.param({"examples/k.yaml": service("app: x"), "k.yaml": workload()}, id="an example"),
    pytest.param(
        {
            "k.yaml": service("app: x").replace("---", "") + "# the pods are those of the Helm chart\n",
            "w.yaml": workload(),
        },
        id="a comment that names a chart",
    ),
    pytest.param(
        {
            "k.yaml": object_of(
                "HorizontalPodAutoscaler",
                "db",
                "spec:\n  scaleTargetRef: {kind: Database, name: db}",
                api="autoscaling/v2",
            )
        },
        id="an autoscaler of a custom resource",
    ),
    pytest.param(
        {"k.yaml": autoscaler(metrics=CPU) + workload(container="resources: {limits: {cpu: 1}}")},
        id="a limit that stands for a request",
    ),
    pytest.param(
        {"k.yaml": ingress("service: {name: api, port: {number: 80}}") + SERVED},
        id="an Ingress to a Service and its port",
    ),
    pytest.param(
        {
            "k.yaml": ingress("serviceName: api, servicePort: http").replace("number", "name")
            + SERVED.replace("port: 80}", "port: 80, name: http}")
        },
        id="an Ingress of the old form",
    ),
    pytest.param({"k.yaml": workload(spec="serviceAccountName: default")}, id="the default ServiceAccount"),
    pytest.param(
        {"k.yaml": workload(spec="serviceAccountName: runner"), "main.tf": 'name = "runner"\n'},
        id="a ServiceAccount that Terraform makes",
    ),
    pytest.param(
        {
            "k.yaml": workload(container=SECRET_FROM),
            "README.md": "kubectl create secret generic login --from-literal=a=b\n",
        },
        id="a Secret that a document explains",
    ),
    pytest.param(
        {
            "k.yaml": workload(container=SECRET_FROM)
            + object_of("ExternalSecret", "any", "spec: {target: {name: login}}", api="external-secrets.io/v1")
        },
        id="a Secret that a custom resource makes",
    ),
    pytest.param(
        {"k.yaml": workload(container=SECRET_FROM) + object_of("SealedSecret", "login", api="bitnami.com/v1alpha1")},
        id="a sealed Secret",
    ),
    pytest.param(
        {"k.yaml": workload(container=ENV_FROM.replace("settings", "settings, optional: true"))},
        id="an optional ConfigMap",
    ),
    pytest.param(
        {"k.yaml": workload(container=ENV_KEY) + object_of("ConfigMap", "settings", "data: {a: x}")},
        id="a key that is there",
    ),
    pytest.param(
        {
            "kustomization.yaml": "resources: [k.yaml]\nconfigMapGenerator:\n- name: settings\n  literals: [a=1]\n",
            "k.yaml": workload(container=ENV_KEY),
        },
        id="a generated ConfigMap",
    ),
    pytest.param(
        {
            "kustomization.yaml": "namePrefix: shop-\nresources: [k.yaml]\n",
            "k.yaml": workload(container=ENV_FROM.replace("settings", "shop-settings"))
            + object_of("ConfigMap", "settings", "data: {a: x}"),
        },
        id="a name with a prefix",
    ),
    pytest.param(
        {
            "prod/kustomization.yaml": "resources: [../base, s.yaml]\nlabels: [{pairs: {tier: prod}}]\n",
            "prod/s.yaml": service("app: api, tier: prod"),
            "base/kustomization.yaml": "resources: [k.yaml]\n",
            "base/k.yaml": workload(),
        },
        id="a label that an overlay adds",
    ),
    pytest.param(
        {
            "kustomization.yaml": "resources: [k.yaml]\npatches: [{path: p.yaml}]\n",
            "p.yaml": service("app: api").replace("  ports: [{port: 80}]\n", ""),
            "k.yaml": service("app: old") + workload(),
        },
        id="a selector that a patch replaces",
    ),
    pytest.param(
        {
            "kustomization.yaml": "resources: [k.yaml, 'https://example.com/x.yaml']\n",
            "k.yaml": service("app: x") + workload(spec=CLAIM),
        },
        id="a kustomization that takes objects from elsewhere",
    ),
    pytest.param({"k.yaml": binding("ClusterRole", "system:auth-delegator", "default")}, id="a role of Kubernetes"),
    pytest.param(
        {
            "k.yaml": object_of(
                "RoleBinding",
                "r",
                "roleRef: {kind: Role, name: x}",
                metadata=", namespace: kube-system",
                api="rbac.authorization.k8s.io/v1",
            )
        },
        id="a role in a namespace of Kubernetes",
    ),
    pytest.param({"k.yaml": MONITOR.replace("api", "kubelet") + SERVED}, id="a ServiceMonitor of something else"),
    pytest.param(
        {
            "k.yaml": LABELLED
            + workload()
            + MONITOR.replace("name: api}", "name: api, namespace: ops}").replace("spec:\n", WATCHES_SHOP)
        },
        id="a ServiceMonitor that says which namespace it looks into",
    ),
    pytest.param(
        {"k.yaml": SERVED + MONITOR.replace("spec:\n", "spec:\n  namespaceSelector: {matchNames: [kube-system]}\n")},
        id="a ServiceMonitor for a namespace of others",
    ),
    pytest.param(
        {"k.yaml": workload(container=f"ports: [{{name: http, containerPort: 80}}]\n{READY}")},
        id="a probe of a port by its name",
    ),
    pytest.param(
        {"k.yaml": workload(container="readinessProbe: {httpGet: {port: 8080}}")},
        id="a probe of the number of a port that is not declared",
    ),
    pytest.param(
        {
            "k.yaml": workload()
            .replace("matchLabels: {app: api}", "matchLabels: &labels {app: api}")
            .replace("labels: {app: api}", "labels: *labels")
        },
        id="labels that an alias gives",
    ),
    pytest.param(
        {
            "kustomization.yaml": "resources: [k.yaml]\ncommonLabels: {app: api}\n",
            "k.yaml": workload().replace("    metadata: {labels: {app: api}}\n", ""),
        },
        id="labels that a kustomization gives to the pods",
    ),
    pytest.param(
        {
            "kustomization.yaml": "resources: [k.yaml]\npatches: [{path: p.yaml}]\n",
            "k.yaml": workload(container=READY),
            "p.yaml": "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: api}\nspec: {template: {spec: {containers:"
            " [{name: api, ports: [{name: http, containerPort: 80}]}]}}}\n",
        },
        id="a port that a patch names",
    ),
    pytest.param({"archive/k.yaml": service("app: x"), "k.yaml": workload()}, id="an archive"),
]


@pytest.mark.parametrize(("manifests", "expected"), FIRES)
def test_fires(manifests: str, expected: list[str], tmp_path: Path) -> None:
    findings = found(tmp_path, {"k8s/all.yaml": manifests})
    assert [f"{finding.details['reference']} {finding.severity}" for finding in findings] == expected


@pytest.mark.parametrize("files", SILENT)
def test_is_silent(files: dict[str, str], tmp_path: Path) -> None:
    assert found(tmp_path, files) == []


def test_what_only_another_overlay_has_satisfies_nothing(tmp_path: Path) -> None:
    files = {
        "base/kustomization.yaml": "resources: [k.yaml]\n",
        "base/k.yaml": workload(container=ENV_FROM),
        "dev/kustomization.yaml": "resources: [../base, settings.yaml]\n",
        "dev/settings.yaml": object_of("ConfigMap", "settings", "data: {a: x}"),
        "prod/kustomization.yaml": "resources: [../base]\n",
    }
    (finding,) = found(tmp_path, files)
    assert (finding.path, finding.line) == ("base/k.yaml", 12)


def test_the_fix_names_the_labels_that_are_near(tmp_path: Path) -> None:
    (finding,) = found(tmp_path, {"k.yaml": service("name: api") + workload()})
    assert finding.fix == "make the selector the labels of the pods, of Deployment api: app=api"


def test_the_fix_names_the_ports_that_there_are(tmp_path: Path) -> None:
    files = {"k.yaml": SERVED + ingress("service: {name: api, port: {number: 81}}")}
    [finding] = found(tmp_path, files)
    assert finding.fix == "write a port that the Service api has (80)"


def test_the_fix_names_the_namespace_that_the_pods_are_in(tmp_path: Path) -> None:
    manifests = service(metadata=", namespace: web") + workload().replace(
        "name: api}", "name: api, namespace: shop}", 1
    )
    (finding,) = found(tmp_path, {"k.yaml": manifests})
    assert "no pod in the namespace web has these labels" in finding.message
    assert finding.fix == "move it to the namespace shop, where Deployment api is"


@pytest.mark.parametrize(("path", "count"), [("k8s", 1), ("elsewhere", 0)])
def test_argo_cd_brings_only_what_is_not_committed_here(path: str, count: int, tmp_path: Path) -> None:
    application = object_of("Application", "shop", f"spec: {{source: {{path: {path}}}}}", api="argoproj.io/v1alpha1")
    assert len(found(tmp_path, {"argo.yaml": application, "k8s/k.yaml": service("app: x") + workload()})) == count


def test_a_chart_in_another_namespace_brings_nothing_here(tmp_path: Path) -> None:
    manifests = RELEASE.replace("name: shop}", "name: shop, namespace: shop}", 1)
    manifests += ingress("service: {name: front, port: {number: 80}}").replace(
        "name: web}", "name: web, namespace: web}", 1
    )
    (finding,) = found(tmp_path, {"k.yaml": manifests})
    assert finding.details["reference"] == "backend"


def test_a_secret_of_another_namespace_is_named(tmp_path: Path) -> None:
    manifests = workload(container=SECRET_FROM).replace("name: api}", "name: api, namespace: shop}", 1)
    manifests += object_of("Secret", "login", "data: {a: YQ==}", metadata=", namespace: web")
    (finding,) = found(tmp_path, {"k.yaml": manifests})
    assert "which is in the namespace web: pods can use those of their own namespace alone" in finding.message
    assert finding.fix == "add the Secret login to the namespace shop"


@pytest.mark.parametrize("namespace", ["shop", "live"])
def test_a_subject_goes_along_to_the_namespace_of_the_kustomization(namespace: str, tmp_path: Path) -> None:
    subject = binding("ClusterRole", "view").replace("name: api}", f"name: api, namespace: {namespace}}}")
    account = object_of("ServiceAccount", "api", metadata=", namespace: shop")
    files = {"kustomization.yaml": "namespace: live\nresources: [k.yaml]\n", "k.yaml": subject + account + workload()}
    assert found(tmp_path, files) == []


def test_the_fix_of_a_monitor_names_the_namespace_of_the_service(tmp_path: Path) -> None:
    manifests = LABELLED + workload() + MONITOR.replace("name: api}", "name: api, namespace: monitoring}")
    (finding,) = found(tmp_path, {"k.yaml": manifests})
    assert finding.fix == "add namespaceSelector: {matchNames: [shop]}"


def test_a_repository_without_objects_is_not_judged(tmp_path: Path) -> None:
    with pytest.raises(NotApplicable):
        found(tmp_path, {"compose.yaml": "services: {}\n"})


@pytest.mark.parametrize(
    "applies",
    [
        pytest.param(APPLIES, id="a script that applies the folder"),
        pytest.param({"deploy.sh": "kubectl apply -R -f .//k8s/..//k8s\n"}, id="another spelling of the folder"),
        pytest.param(
            {".github/workflows/cd.yml": "jobs: {a: {steps: [{run: kubectl apply -f k8s/all.yaml}]}}\n"}, id="CI"
        ),
        pytest.param({"k8s/kustomization.yaml": "resources: [all.yaml]\n"}, id="a kustomization"),
        pytest.param({"k8s/up.sh": "kubectl apply -f all.yaml\n"}, id="a script beside it"),
    ],
)
@pytest.mark.parametrize("taken", [PASSWORD_FROM, SECRET_FROM])
def test_an_empty_secret_that_is_applied(applies: dict[str, str], taken: str, tmp_path: Path) -> None:
    files = {"k8s/all.yaml": EMPTY + workload(container=taken), **applies}
    (finding,) = found(tmp_path, files)
    assert finding.details["reference"] == "empty-secret"
    assert next(iter(applies)) in finding.message


def test_objects_in_json_refer_to_objects_in_yaml(tmp_path: Path) -> None:
    text = '{"apiVersion": "v1", "kind": "Service", "metadata": {"name": "api"},\n "spec": {"selector": {"app": "%s"}}}'
    assert found(tmp_path / "a", {"k/s.json": text % "api", "k/w.yaml": workload()}) == []
    (finding,) = found(tmp_path / "b", {"k/s.json": text % "web", "k/w.yaml": workload()})
    assert (finding.path, finding.line) == ("k/s.json", 2)
