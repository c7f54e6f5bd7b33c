from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from shipworthy.config import Config
from shipworthy.deployment.kubernetes.elsewhere import MOST_NAMES
from shipworthy.project import Project
from shipworthy.repository import Repository
from shipworthy.rule import Finding, NotApplicable
from shipworthy.rules.kustomize_entries import check
from support import git, repository, write

SERVICE = "apiVersion: v1\nkind: Service\nmetadata:\n  name: {}\nspec:\n  ports: [{{port: 80}}]\n"
API, WEB = SERVICE.format("api"), SERVICE.format("web")


def kustomization(*lines: str) -> str:
    return "\n".join(("kind: Kustomization", *lines)) + "\n"


def found(directory: Path, files: Mapping[str, str], untracked: Mapping[str, str] | None = None) -> list[Finding]:
    repository(directory, files, untracked=untracked)
    return list(check(Project(Repository(str(directory)), Config())))


# committed files, each finding as ``path:line severity``
FIRES = [
    pytest.param(
        {"k/kustomization.yaml": kustomization("resources:", "- api.yaml", "- web.yaml"), "k/api.yaml": API},
        ["k/kustomization.yaml:4 blocking"],
        id="a resource that nobody committed",
    ),
    pytest.param(
        {
            "k/kustomization.yaml": kustomization("resources:", "- api.yaml"),
            "k/api.yml": API,
            "README.md": "see api.yml",
        },
        ["k/kustomization.yaml:3 blocking"],
        id="a resource with the other ending",
    ),
    pytest.param(
        {"k/kustomization.yaml": kustomization("resources:", "- ../base"), "base/api.yaml": API},
        ["k/kustomization.yaml:3 blocking"],
        id="a folder without a kustomization",
    ),
    pytest.param(
        {
            "k/kustomization.yaml": kustomization("resources: [api.yaml]", "components:", "- api.yaml"),
            "k/api.yaml": API,
        },
        ["k/kustomization.yaml:4 blocking"],
        id="a component that is a file",
    ),
    pytest.param(
        {
            "k/kustomization.yaml": kustomization(
                "resources: [api.yaml]",
                "patches:",
                "- path: patch.yaml",
                "patchesStrategicMerge:",
                "- merge.yaml",
                "patchesJson6902:",
                "- {target: {version: v1, kind: Service, name: api}, path: json.yaml}",
            ),
            "k/api.yaml": API,
        },
        [f"k/kustomization.yaml:{line} blocking" for line in (4, 6, 8)],
        id="patches",
    ),
    pytest.param(
        {
            "k/kustomization.yaml": kustomization(
                "resources: [api.yaml]", "configMapGenerator:", "- name: api", "  files: [a.conf=missing.conf]"
            ),
            "k/api.yaml": API,
        },
        ["k/kustomization.yaml:5 blocking"],
        id="a file of a generator",
    ),
    pytest.param(
        {"k/kustomization.yaml": kustomization("helmCharts:", "- name: db", "  valuesFile: values-prod.yaml")},
        ["k/kustomization.yaml:4 blocking"],
        id="the values of a chart",
    ),
    pytest.param(
        {
            "k/kustomization.yaml": kustomization("resources:", "- api.yaml", "- secret.yaml"),
            "k/api.yaml": API,
            ".gitignore": "secret.yaml\n",
        },
        ["k/kustomization.yaml:4 high"],
        id="an ignored manifest without an example",
    ),
    pytest.param(
        {"k/kustomization.dev/kustomization.yaml": kustomization("resources: [api.yaml]")},
        ["k/kustomization.dev/kustomization.yaml:2 blocking"],
        id="a folder whose name has a dot",
    ),
    pytest.param(
        {"dev-env/kustomization.yaml": kustomization("resources:", "- api.yaml")},
        ["dev-env/kustomization.yaml:3 high"],
        id="a kustomization for development",
    ),
    pytest.param(
        {"k/kustomization.yaml": kustomization("resources:", "- api.yaml", "- ./api.yaml"), "k/api.yaml": API},
        ["k/kustomization.yaml:4 blocking"],
        id="a resource that is named twice",
    ),
    pytest.param(
        {"k/prod/kustomization.yaml": kustomization("resources:", "- ../api.yaml"), "k/api.yaml": API},
        ["k/prod/kustomization.yaml:3 high"],
        id="a file outside of the kustomization's folder",
    ),
    pytest.param(
        {
            "k/kustomization.yaml": kustomization("resources: [api.yaml]"),
            "k/api.yaml": API,
            "k/web.yaml": WEB,
            "other/kustomization.yaml": kustomization("resources: [web.yaml]"),
            "other/web.yaml": WEB,
        },
        ["k/web.yaml:4 medium"],
        id="an orphan, though another folder names its own file so",
    ),
    pytest.param(
        {
            "k/kustomization.yaml": kustomization("resources:", "- api.yml", "- Web.yaml"),
            "k/api.yaml": API,
            "k/web.yaml": WEB,
        },
        ["k/kustomization.yaml:3 blocking", "k/kustomization.yaml:4 blocking"],
        id="misspelled entries, and no orphans besides",
    ),
]

SILENT = [
    pytest.param(
        {
            "k/kustomization.yaml": kustomization("resources: [api.yaml]"),
            "k/api.yaml": API,
            "k/crontab_editor_role.yaml": API,
            "k/crontab_viewer_role.yaml": API,
        },
        id="roles that kubebuilder writes for administrators",
    ),
    pytest.param(
        {
            "base/kustomization.yml": kustomization("resources: [api.yaml]"),
            "base/api.yaml": API,
            "prod/kustomization.yaml": kustomization("resources: [../base]", "components: [../extra]"),
            "extra/kustomization.yaml": "kind: Component\npatches:\n- patch: 'kind: Service'\n",
        },
        id="bases and components",
    ),
    pytest.param(
        {
            "k/kustomization.yaml": kustomization(
                "resources:",
                "- https://example.com/install.yaml",
                "- github.com/acme/shop//deploy?ref=v1",
                "- git@example.com:acme/shop.git",
                "- oci://example.com/shop",
                "- ${DIR}/api.yaml",
                "- /etc/api.yaml",
            )
        },
        id="what is elsewhere or not known",
    ),
    pytest.param(
        {
            "k/kustomization.yaml": kustomization(
                "resources: [api.yaml]", "patches:", "- patch: |-", "    kind: Service"
            ),
            "k/api.yaml": API,
        },
        id="an inline patch",
    ),
    pytest.param(
        {"k/kustomization.yaml": kustomization("resources: [all.yaml]"), "run.sh": "helm template . > k/all.yaml\n"},
        id="a file that a script writes",
    ),
    pytest.param(
        {
            "k/kustomization.yaml": kustomization("resources: [all.yaml]"),
            "render.sh": '#!/bin/sh\nMANIFEST="${DIR}/all.yaml" # rendered\nhelm template . > "$MANIFEST"\n',
        },
        id="a file whose name a script keeps in a variable",
    ),
    pytest.param(
        {
            "k/kustomization.yaml": kustomization("resources: [secret.yaml]"),
            "k/secret.example.yaml": "# example\n",
            ".gitignore": "secret.yaml\n",
        },
        id="an ignored manifest with an example",
    ),
    pytest.param(
        {
            "k/kustomization.yaml": kustomization(
                "secretGenerator:", "- name: tls", "  files: [tls.key]", "  envs: [api.env]"
            ),
            ".gitignore": "*.key\n",
        },
        id="ignored files and env files of a generator",
    ),
    pytest.param(
        {
            "k/prod/kustomization.yaml": kustomization("resources: [../api.yaml]"),
            "k/api.yaml": API,
            "run.sh": "kustomize build --load-restrictor LoadRestrictionsNone k/prod\n",
        },
        id="a file outside of the folder where the restriction is lifted",
    ),
    pytest.param(
        {
            "k/kustomization.yaml": kustomization("resources: [api.yaml]", "# - web.yaml"),
            "k/api.yaml": API,
            "k/web.yaml": WEB,
        },
        id="a manifest that a comment leaves out",
    ),
    pytest.param(
        {
            "k/kustomization.yaml": kustomization("resources: [api.yaml]"),
            "k/api.yaml": API,
            "k/web.yaml": WEB,
            "run.sh": "kubectl apply -f k/web.yaml\n",
        },
        id="a manifest that a script applies",
    ),
    pytest.param(
        {
            "k/kustomization.yaml": kustomization("resources: [api.yaml]"),
            "k/api.yaml": API,
            "k/web.yaml": WEB,
            "run.sh": "kubectl apply -f k/\n",
        },
        id="a folder that a script applies",
    ),
    pytest.param(
        {
            "k/kustomization.yaml": kustomization("resources: [api.yaml]"),
            "k/api.yaml": API,
            "k/web.example.yaml": WEB,
            "k/values.yaml": "web: true\n",
            "k/app.yaml": "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: shop}\n",
        },
        id="what is no manifest of the kustomization",
    ),
    pytest.param(
        {"tests/kustomization.yaml": kustomization("resources: [api.yaml]"), "k/kustomization.yaml": kustomization()},
        id="a kustomization for tests",
    ),
    pytest.param(
        {
            "k/kustomization.yaml": "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nspec: {path: x}\n",
            "a/kustomization.yaml": kustomization(),
        },
        id="an object of Flux",
    ),
    pytest.param(
        {
            "k/kustomization.yaml": kustomization("resources: [api.yaml]"),
            "k/api.yaml": API,
            "k/web.yaml": WEB,
            "k/apply.sh": "kubectl apply -f web.yaml\n",
        },
        id="a manifest that a script beside it applies",
    ),
    pytest.param(
        {
            "kustomization.yaml": kustomization("resources: [api.yaml]"),
            "api.yaml": API,
            "web.yaml": WEB,
            "README.md": "Apply `web.yaml` by hand.\n",
        },
        id="a manifest in the root that a document beside it names",
    ),
]


@pytest.mark.parametrize(("files", "expected"), FIRES)
def test_fires(files: dict[str, str], expected: list[str], tmp_path: Path) -> None:
    findings = found(tmp_path, files)
    assert sorted(f"{finding.path}:{finding.line} {finding.severity}" for finding in findings) == expected


@pytest.mark.parametrize("files", SILENT)
def test_is_silent(files: dict[str, str], tmp_path: Path) -> None:
    assert found(tmp_path, files) == []


def test_a_repository_without_kustomizations_is_not_judged(tmp_path: Path) -> None:
    with pytest.raises(NotApplicable):
        found(tmp_path, {"k/api.yaml": API})


@pytest.mark.parametrize(
    ("files", "untracked", "fix"),
    [
        pytest.param({}, {"k/api.yaml": API}, "git add -f k/api.yaml", id="a file that is only on disk"),
        pytest.param({"k/API.yaml": API}, {}, "git mv k/API.yaml k/api.yaml", id="a file with other capitals"),
        pytest.param({"k/api.yml": API}, {}, "write api.yml", id="a file with another ending"),
        pytest.param({"base/k/api.yaml": API}, {}, "write ../base/k/api.yaml", id="a file in another folder"),
    ],
)
def test_the_fix_names_the_file_that_is_meant(
    files: dict[str, str], untracked: dict[str, str], fix: str, tmp_path: Path
) -> None:
    own = {"k/kustomization.yaml": kustomization("resources: [api.yaml]")}
    finding = found(tmp_path, {**own, **files}, untracked)[0]
    assert finding.fix is not None
    assert finding.fix.startswith(fix)


def test_an_ignored_secret_is_not_to_be_added_as_it_is(tmp_path: Path) -> None:
    files = {"k/kustomization.yaml": kustomization("resources: [secret.yaml]"), ".gitignore": "secret.yaml\n"}
    [finding] = found(tmp_path, files, {"k/secret.yaml": API})
    assert finding.fix == "encrypt k/secret.yaml, with SOPS or as a SealedSecret, and commit that"


def test_a_link_to_a_committed_base_is_followed(tmp_path: Path) -> None:
    write(tmp_path, {"base/kustomization.yaml": kustomization("resources: [api.yaml]"), "base/api.yaml": API})
    write(tmp_path, {"k/kustomization.yaml": kustomization("resources: [base]")})
    (tmp_path / "k" / "base").symlink_to("../base")
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "add", "--all")
    assert list(check(Project(Repository(str(tmp_path)), Config()))) == []


def test_of_hundreds_that_are_missing_no_more_are_looked_for_in_all_files(tmp_path: Path) -> None:
    """Each may be written by some program, and git looks through everything for it."""
    entries = [f"- missing-{number}.yaml" for number in range(MOST_NAMES + 50)]
    findings = found(tmp_path, {"k/kustomization.yaml": kustomization("resources:", *entries)})
    assert len(findings) == MOST_NAMES
