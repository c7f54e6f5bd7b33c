from __future__ import annotations

from pathlib import Path

import pytest

from shipworthy.config import Config
from shipworthy.project import Project
from shipworthy.readiness.joining import COMPONENT_OF
from shipworthy.readiness.model import COMPONENTS, Readiness, Requirement
from shipworthy.repository import Repository
from shipworthy.rules import unasked
from shipworthy.run_report import report_of
from support import repository


def report(directory: Path, files: dict[str, str], config: Config | None = None) -> Readiness:
    return report_of(Project(Repository(str(repository(directory, dict(files)))), config or Config()))


def test_every_rule_judges_a_component() -> None:
    assert set(unasked()) <= set(COMPONENT_OF)
    assert set(COMPONENT_OF.values()) <= set(COMPONENTS)


PRODUCTION = """\
services:
  api:
    image: registry.example.com/api:1.4.2
    restart: always
    ports: ["80:80"]
    mem_limit: 64m
  worker:
    image: registry.example.com/worker:latest
    restart: always
"""


def requirement(made: Readiness, component: str, rule: str) -> Requirement:
    return next(one for one in made.component(component).requirements if one.rule == rule)


def test_what_a_rule_judges_is_counted_thing_by_thing(tmp_path: Path) -> None:
    made = report(tmp_path, {"compose.prod.yaml": PRODUCTION})
    limits = requirement(made, "compose-production", "compose-resource-limits")
    pinned = requirement(made, "compose-production", "compose-pinned-images")
    assert (limits.passed, limits.weights, limits.points, limits.possible) == (1, (1,), 1, 2)
    assert (pinned.passed, pinned.weights, pinned.points, pinned.possible) == (1, (3,), 3, 6)


def test_findings_go_to_the_component_of_their_file(tmp_path: Path) -> None:
    made = report(
        tmp_path,
        {
            "compose.prod.yaml": PRODUCTION,
            "compose.dev.yaml": "services:\n  api:\n    image: api:1\n    networks: [nowhere]\n",
        },
    )
    assert [gap.path for gap in made.component("compose-development").gaps] == ["compose.dev.yaml"]
    assert requirement(made, "compose-development", "compose-references").failed == 1
    assert requirement(made, "compose-production", "compose-references").failed == 0


def test_what_had_nothing_to_judge_says_why_and_counts_nothing(tmp_path: Path) -> None:
    made = report(tmp_path, {"compose.prod.yaml": PRODUCTION})
    secrets = requirement(made, "secrets", "kubernetes-secrets")
    assert (secrets.possible, secrets.not_judged) == (0, "nothing of the kind is there")
    manifests = requirement(made, "kubernetes", "kubernetes-manifests")
    assert (manifests.possible, manifests.not_judged) == (
        0,
        "no manifest and no folder says that Kubernetes runs this repository",
    )


def test_a_class_that_the_configuration_states_weighs_what_it_says(tmp_path: Path) -> None:
    config = Config()
    config.severities["compose-pinned-images"] = "info"
    made = report(tmp_path, {"compose.prod.yaml": PRODUCTION}, config)
    assert requirement(made, "compose-production", "compose-pinned-images").possible == 0
    assert all(gap.rule != "compose-pinned-images" for gap in made.gaps)


def test_what_somebody_suppressed_with_a_reason_is_counted_as_passed(tmp_path: Path) -> None:
    ignored = PRODUCTION.replace("worker:latest", "worker:latest  # shipworthy: ignore[compose-pinned-images] nightly")
    made = report(tmp_path, {"compose.prod.yaml": ignored})
    pinned = requirement(made, "compose-production", "compose-pinned-images")
    assert (pinned.passed, pinned.failed, made.suppressed) == (2, 0, 1)


@pytest.mark.parametrize("rule", ["services-reachable", "every-service-deployed"])
def test_what_kubernetes_alone_deploys_is_judged_there(tmp_path: Path, rule: str) -> None:
    deployment = (
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: api}\nspec:\n  selector: {matchLabels: {app: api}}\n"
        "  template:\n    metadata: {labels: {app: api}}\n    spec:\n      containers:\n        - name: api\n"
        "          image: registry.example.com/api:1\n"
    )
    made = report(tmp_path, {"k8s/api.yaml": deployment})
    assert any(one.rule == rule for one in made.component("kubernetes").requirements)
