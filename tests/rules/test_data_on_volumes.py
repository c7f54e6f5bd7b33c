from __future__ import annotations

from pathlib import Path

import pytest

from shipworthy.config import load
from shipworthy.project import Project
from shipworthy.repository import Repository
from shipworthy.rule import Finding, NotApplicable
from shipworthy.rules.data_on_volumes import check
from support import repository

PROD = "compose.prod.yaml"
ONLY = "compose.yaml"


def compose(service: str, rest: str = "", name: str = "api") -> str:
    """A Compose file with one service."""
    lines = "".join(f"    {line}\n" for line in service.splitlines())
    return f"services:\n  {name}:\n{lines}{rest}"


def prod(service: str, rest: str = "", name: str = "api") -> dict[str, str]:
    return {PROD: compose(service, rest, name)}


POD = "containers: [{name: db, image: 'postgres:16', volumeMounts: [{name: data, mountPath: %s}]}]\n"
AT = "/var/lib/postgresql/data"


def workload(spec: str, kind: str = "Deployment", rest: str = "") -> str:
    """A manifest of a workload with a pod of that specification; ``rest`` stands beside the pod's template."""
    lines = "".join(f"      {line}\n" for line in spec.splitlines())
    head = f"apiVersion: apps/v1\nkind: {kind}\nmetadata: {{name: db}}\nspec:\n  selector: {{matchLabels: {{a: b}}}}\n"
    return f"{head}{rest}  template:\n    metadata: {{labels: {{a: b}}}}\n    spec:\n{lines}"


def mounted(volume: str, at: str = AT, kind: str = "Deployment") -> dict[str, str]:
    """The manifest of a PostgreSQL whose data is on that volume."""
    return {"k8s/db.yaml": workload(POD % at + f"volumes: [{{name: data, {volume}}}]\n", kind)}


def custom(group: str, kind: str, spec: str) -> dict[str, str]:
    return {"k8s/db.yaml": f"apiVersion: {group}/v1\nkind: {kind}\nmetadata: {{name: db}}\nspec: {spec}\n"}


IN_VAIN = "image: postgres:16\nvolumes: ['data:/var/lib/postgresql']"
CLAIM = "persistentVolumeClaim: {claimName: data}"
CLAIMS = "  volumeClaimTemplates: [{metadata: {name: data}, spec: {accessModes: [ReadWriteOnce]}}]\n"
ELASTIC = "{nodeSets: [{podTemplate: {spec: {volumes: [{name: %s, emptyDir: {}}]}}}]}"


def findings(directory: Path, files: dict[str, str]) -> list[Finding]:
    root = repository(directory, files)
    return list(check(Project(Repository(str(root)), load(str(root), None, ()))))


FIRES = [
    pytest.param(prod("image: postgres:16"), ["compose.prod.yaml:2 high"], id="no volume"),
    pytest.param({ONLY: compose("image: postgres:16")}, ["compose.yaml:2 medium"], id="nothing calls it production"),
    pytest.param(
        prod("image: postgres:16\nvolumes: ['./init.sql:/docker-entrypoint-initdb.d/init.sql']"),
        ["compose.prod.yaml:2 high"],
        id="a volume for something else",
    ),
    pytest.param(
        prod("image: mysql:8\nvolumes:\n  - /var/lib/mysql"), ["compose.prod.yaml:5 medium"], id="an anonymous volume"
    ),
    pytest.param(prod("image: mongo:7\ntmpfs: [/data/db]"), ["compose.prod.yaml:4 high"], id="in memory"),
    pytest.param(prod("image: rabbitmq:3-management"), ["compose.prod.yaml:2 medium"], id="a queue"),
    pytest.param(
        prod("image: postgres:16\ncommand: -c config_file=/etc/pg.conf\nvolumes: ['./pg.conf:/etc/pg.conf']"),
        ["compose.prod.yaml:2 high"],
        id="a configuration is no data",
    ),
    pytest.param(
        {**prod("build: ./db"), "db/Dockerfile": "FROM postgres:16\nCOPY init.sql /docker-entrypoint-initdb.d/\n"},
        ["compose.prod.yaml:2 high"],
        id="a database that is built here",
    ),
    pytest.param(prod("image: bitnami/postgresql:16"), ["compose.prod.yaml:2 high"], id="an image of another maker"),
    pytest.param(
        prod("image: postgres:16\nvolumes: ['db:/var/lib/postgresql']"),
        ["compose.prod.yaml:4 high"],
        id="a volume hidden by the one that PostgreSQL 16 declares",
    ),
    pytest.param(
        prod("image: pgvector/pgvector:0.8.0-pg17\nvolumes: ['db:/var/lib/postgresql']"),
        ["compose.prod.yaml:4 high"],
        id="an image built on PostgreSQL 17",
    ),
    pytest.param(
        prod("image: postgres:18-alpine\nvolumes: ['db:/var/lib/postgresql/data']"),
        ["compose.prod.yaml:4 high"],
        id="the path that PostgreSQL 18 has left",
    ),
    pytest.param(
        prod("image: mongo:7\nvolumes: ['db:/data']"), ["compose.prod.yaml:4 high"], id="the folder above MongoDB's"
    ),
    pytest.param(
        prod("image: postgres:16\nenvironment: {PGDATA: /pg/data}\nvolumes: ['db:/var/lib/postgresql/data']"),
        ["compose.prod.yaml:2 high"],
        id="a volume where the data was before PGDATA moved it",
    ),
    pytest.param(
        prod("image: redis:7\ncommand: redis-server --appendonly yes"),
        ["compose.prod.yaml:2 medium"],
        id="a Redis that is told to keep its data",
    ),
    pytest.param(mounted("emptyDir: {}"), ["k8s/db.yaml:10 high"], id="an emptyDir"),
    pytest.param(
        mounted("emptyDir: {medium: Memory}", kind="StatefulSet"), ["k8s/db.yaml:10 high"], id="in memory too"
    ),
    pytest.param(mounted("hostPath: {path: /data}"), ["k8s/db.yaml:10 medium"], id="a path of whichever node"),
    pytest.param(
        mounted(CLAIM, "/var/lib/postgresql"), ["k8s/db.yaml:9 high"], id="a claim hidden by the image's volume"
    ),
    pytest.param(mounted(CLAIM, "/backup"), ["k8s/db.yaml:9 high"], id="a claim for something else"),
    pytest.param(
        {"db.yaml": workload("containers: [{name: db, image: 'mysql:8'}]\n", "StatefulSet", CLAIMS)},
        ["db.yaml:10 high"],
        id="a claim template that nothing mounts",
    ),
    pytest.param(
        {"db.yaml": workload("containers: [{name: mq, image: 'rabbitmq:3'}]\n")},
        ["db.yaml:9 medium"],
        id="a queue's pod",
    ),
    pytest.param(
        custom("kafka.strimzi.io", "Kafka", "{kafka: {storage: {type: ephemeral}}}"),
        ["k8s/db.yaml:4 medium"],
        id="an operator's ephemeral queue",
    ),
    pytest.param(
        custom("kubedb.com", "Postgres", "{storageType: Ephemeral}"),
        ["k8s/db.yaml:4 high"],
        id="an operator's ephemeral database",
    ),
    pytest.param(
        custom("elasticsearch.k8s.elastic.co", "Elasticsearch", ELASTIC % "elasticsearch-data"),
        ["k8s/db.yaml:4 high"],
        id="an operator's database with an emptyDir",
    ),
]

SILENT = [
    pytest.param(prod("image: postgres:16\nvolumes: ['db:/var/lib/postgresql/data']"), id="a named volume"),
    pytest.param(prod("image: postgres:18\nvolumes: ['db:/var/lib/postgresql']"), id="the folder above"),
    pytest.param(prod("image: mysql:8\nvolumes: ['./data:/var/lib/mysql/']"), id="a bind mount"),
    pytest.param(prod("image: mysql:8\nvolumes: ['${DATA}:/var/lib/mysql']"), id="a source that a variable names"),
    pytest.param(prod("image: mysql:8\nvolumes: ['data:${TARGET}']"), id="a target that a variable names"),
    pytest.param(
        prod("image: postgres:16\nenvironment: {PGDATA: /pg/data}\nvolumes: ['db:/pg']"), id="a path that is moved"
    ),
    pytest.param(
        prod("image: minio/minio:RELEASE.2025-01-01\ncommand: server /export\nvolumes: ['s3:/export']"),
        id="a path in the command",
    ),
    pytest.param(prod("image: postgres:16\nvolumes_from: [data]"), id="the volumes of another service"),
    pytest.param(prod("image: redis:7"), id="a cache"),
    pytest.param(prod("image: example.com/postgres:16"), id="an image that nobody knows"),
    pytest.param(prod("image: postgres:16\ncommand: pg_dump -h db", name="dump"), id="another program of the image"),
    pytest.param(
        {**prod("build: ./b"), "b/Dockerfile": 'FROM postgres:16\nCOPY run.sh /\nENTRYPOINT ["/run.sh"]\n'},
        id="another program in an image that is built here",
    ),
    pytest.param({"compose.dev.yaml": compose("image: postgres:16")}, id="development"),
    pytest.param(
        prod("image: postgres:16\nenvironment: {PGDATA: /var/lib/postgresql/pg}\nvolumes: ['db:/var/lib/postgresql']"),
        id="a path beside the volume that the image declares",
    ),
    pytest.param(
        prod("image: postgres:16\nenvironment: {PGDATA: '${PGDATA}'}\nvolumes: ['db:/somewhere']"),
        id="a path that nobody knows",
    ),
    pytest.param(prod("image: postgres:alpine\nvolumes: ['db:/var/lib/postgresql']"), id="a version that nobody knows"),
    pytest.param(prod("image: redis:7\ncommand: redis-server --save ''"), id="a cache that is told so"),
    pytest.param(
        prod("image: redis:7\ncommand: redis-server --appendonly yes\nvolumes: [kept:/data]"), id="a kept cache"
    ),
    pytest.param(mounted(CLAIM), id="a claim"),
    pytest.param(mounted(CLAIM, AT + "/"), id="a claim, with a slash"),
    pytest.param(mounted("hostPath: {path: /data}", kind="DaemonSet"), id="a path of every node"),
    pytest.param(
        {"db.yaml": workload(POD % AT + "nodeName: one\nvolumes: [{name: data, hostPath: {path: /data}}]\n")},
        id="a path of one node",
    ),
    pytest.param({"db.yaml": workload(POD % AT, "StatefulSet", CLAIMS)}, id="a claim template"),
    pytest.param(mounted("nfs: {server: a, path: /b}"), id="a volume of a network"),
    pytest.param({"db.yaml": workload(POD % AT)}, id="a volume that is declared nowhere, which is another rule's"),
    pytest.param({"db.yaml": workload("containers: [{name: c, image: 'redis:7'}]\n")}, id="a cache's pod"),
    pytest.param(
        {"db.yaml": workload("containers: [{name: pg-backup, image: 'postgres:16'}]\n")}, id="a tool beside a database"
    ),
    pytest.param(
        {"db.yaml": workload("containers: [{name: dump, image: 'postgres:16', command: [pg_dump]}]\n")},
        id="a pod that runs another program of the image",
    ),
    pytest.param({"k8s/dev/db.yaml": mounted("emptyDir: {}")["k8s/db.yaml"]}, id="a manifest for development"),
    pytest.param(
        {
            **mounted("emptyDir: {}"),
            "k8s/prod/kustomization.yaml": "resources: [../db.yaml]\npatches: [{path: volume.yaml}]\n",
            "k8s/prod/volume.yaml": "kind: Deployment\nmetadata: {name: db}\nspec: {template: {spec: {volumes: []}}}\n",
        },
        id="a patch for production that brings the volume",
    ),
    pytest.param(
        {
            "k8s/c.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {PGDATA: /pg/data}\n",
            "k8s/db.yaml": workload(
                "containers: [{name: db, image: 'postgres:16', envFrom: [{configMapRef: {name: c}}],"
                " volumeMounts: [{name: d, mountPath: /pg}]}]\nvolumes: [{name: d, persistentVolumeClaim: {claimName: d}}]\n"
            ),
        },
        id="a path that a ConfigMap moves",
    ),
    pytest.param(custom("kafka.strimzi.io", "Kafka", "{kafka: {storage: {type: jbod}}}"), id="an operator's volumes"),
    pytest.param(
        custom("elasticsearch.k8s.elastic.co", "Elasticsearch", ELASTIC % "tmp"), id="an emptyDir for something else"
    ),
]


@pytest.mark.parametrize(("files", "expected"), FIRES)
def test_fires(files: dict[str, str], expected: list[str], tmp_path: Path) -> None:
    found = [f"{one.path}:{one.line} {one.severity}" for one in findings(tmp_path, files)]
    assert found == expected


@pytest.mark.parametrize("files", SILENT)
def test_is_silent(files: dict[str, str], tmp_path: Path) -> None:
    try:
        found = findings(tmp_path, files)
    except NotApplicable:
        found = []
    assert found == []


def test_the_message_names_the_path_and_the_fix_a_volume(tmp_path: Path) -> None:
    (finding,) = findings(tmp_path, prod("image: postgres:16", name="db"))
    assert "is gone when the container is made anew (/var/lib/postgresql/data)" in finding.message
    assert finding.fix is not None
    assert "db-data:/var/lib/postgresql/data" in finding.fix


@pytest.mark.parametrize(
    "service", ["image: postgres:16\ntmpfs: " + AT, f"image: postgres:16\nvolumes: [{AT}]", IN_VAIN]
)
def test_what_is_mounted_makes_way(service: str, tmp_path: Path) -> None:
    (finding,) = findings(tmp_path, prod(service, name="db"))
    assert finding.fix == f"mount a named volume in its place: db-data:{AT}, and declare it below volumes"


def test_the_volume_belongs_where_the_command_says(tmp_path: Path) -> None:
    (finding,) = findings(tmp_path, prod("image: minio/minio:RELEASE.2025-01-01\ncommand: server /export", name="s3"))
    assert finding.fix == "mount a named volume: s3-data:/export, and declare it below volumes"


def test_a_repository_without_databases_is_not_judged(tmp_path: Path) -> None:
    with pytest.raises(NotApplicable):
        findings(tmp_path, prod("image: a:1"))
