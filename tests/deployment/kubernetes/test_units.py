from __future__ import annotations

from pathlib import Path

from shipworthy.config import Config
from shipworthy.deployment.kubernetes.units import Cluster, cluster
from shipworthy.project import Project
from shipworthy.repository import Repository
from support import repository

SERVICE = "apiVersion: v1\nkind: Service\nmetadata: {name: api}\nspec: {selector: {app: api}}\n"
FILES = {
    "base/kustomization.yaml": "resources: [api.yaml]\n",
    "base/api.yaml": SERVICE,
    "prod/kustomization.yaml": "namespace: prod\nresources: [../base, more.yaml]\npatches: [{path: patch.yaml}]\n",
    "prod/more.yaml": SERVICE.replace("name: api", "name: more"),
    "prod/patch.yaml": SERVICE,
    "dev/kustomization.yaml": "namePrefix: dev-\nresources: [../base]\nconfigMapGenerator: [{name: a, literals: [b=c]}]\n",
    "plain/web.yaml": SERVICE.replace("name: api", "name: web"),
}


def made(directory: Path, files: dict[str, str]) -> Cluster:
    return cluster(Project(Repository(str(repository(directory, files))), Config()))


def test_overlays_and_plain_manifests_are_units(tmp_path: Path) -> None:
    known = made(tmp_path, FILES)
    assert {unit.path: sorted(object.name for object in unit.own) for unit in known.units} == {
        "prod/kustomization.yaml": ["api", "more"],
        "dev/kustomization.yaml": ["a", "api"],
        "": ["web"],
    }


def test_alternatives_do_not_see_each_other_and_everything_sees_the_rest(tmp_path: Path) -> None:
    known = made(tmp_path, FILES)
    seen = {unit.path: sorted(object.name for object in unit.of_kind("Service", "ConfigMap")) for unit in known.units}
    assert seen["prod/kustomization.yaml"] == ["api", "more", "web"]
    assert seen["dev/kustomization.yaml"] == ["a", "api", "web"]
    assert seen[""] == ["a", "api", "more", "web"]


def test_an_object_is_judged_in_the_units_for_production(tmp_path: Path) -> None:
    known = made(tmp_path, FILES)
    api = next(object for object in known.objects if object.path == "base/api.yaml")
    assert [unit.path for unit in known.units_of(api)] == ["prod/kustomization.yaml"]


def test_kustomizations_change_names_and_namespaces(tmp_path: Path) -> None:
    known = made(tmp_path, FILES)
    dev = next(unit for unit in known.units if unit.path.startswith("dev"))
    assert dev.named("dev-api", "", "Service")
    assert dev.named("api", "", "Service")
    assert not dev.named("prod-api-x", "", "Service")


def test_a_patch_is_for_the_object_of_its_kind_and_name(tmp_path: Path) -> None:
    known = made(tmp_path, FILES)
    prod = next(unit for unit in known.units if unit.path.startswith("prod"))
    api, more = (next(object for object in prod.own if object.name == name) for name in ("api", "more"))
    assert prod.is_patched(api, "selector")
    assert not prod.is_patched(api, "ports")
    assert not prod.is_patched(more, "selector")


def test_what_comes_from_elsewhere_opens_a_unit(tmp_path: Path) -> None:
    known = made(tmp_path, {"k/kustomization.yaml": "resources: ['https://example.com/a.yaml']\n"})
    assert [unit.is_open for unit in known.units] == [True, False]


def test_kustomizations_that_include_each_other_end(tmp_path: Path) -> None:
    files = {"a/kustomization.yaml": "resources: [../b]\n", "b/kustomization.yaml": "resources: [../a]\n"}
    assert [unit.path for unit in made(tmp_path, files).units] == [""]
