"""The documentation: it can be built, and what it shows is what happens."""

from __future__ import annotations

import json
import os
import re
import sys
import textwrap
from fnmatch import fnmatch
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest
import yaml
from pre_commit.clientlib import load_config

from readinesses import WHOLE
from shipworthy import __version__
from shipworthy.documentation import Documentation, documentation, files_of, help_text
from shipworthy.layouts import presets
from shipworthy.reporting import FORMATS
from shipworthy.rule import FILE, HOST
from shipworthy.rules import ids, load
from support import EXAMPLES, ROOT, SCRIPTS, command, git, matching, repository, run, write
from test_examples import repository_of

PAGES = sorted((ROOT / "docs").rglob("*.md"))
ADDRESS = f"git+https://github.com/shipworthy/shipworthy@v{__version__}"
EXAMPLES_IN_DOCSTRINGS = [
    pytest.param(id, kind, files, id=f"{id}, {kind}")
    for id in ids()
    for kind in ("wrong", "right")
    if (files := files_of(getattr(documentation(id), kind)))
]

SEVERAL_WRONGS = {
    "ci-checks-can-fail": 2,
    "ci-references": 2,
    "compose-pinned-images": 2,
    "compose-references": 2,
    "data-on-volumes": 2,
    "documented-files": 3,
    "env-files-ignored": 2,
    "env-files-without-secrets": 2,
}
"""How many findings a wrong example has that shows several."""


FENCED = re.compile(r"^( *)```(\w*)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
"""A fenced block, also in a list: the margin, the language, the content."""
RUN_BY = [
    ("README.md", "console", r"^\$ shipworthy check$", "test_the_output_it_opens_with_is_what_is_printed"),
    ("README.md", "console", r"^\$ shipworthy report$", "test_the_readiness_report_that_it_shows_is_what_is_printed"),
    ("README.md", "console", r"^pip install -e '\.\[dev\]'", "test_ci_runs_the_commands_of_the_readme"),
    ("README.md", "console", r"^pip install \. &&", "test_ci_runs_the_commands_of_the_readme"),
    ("README.md", "yaml", r"^repos:", "test_the_configurations_to_paste_are_valid"),
    ("README.md", "yaml", r"^not_services:", "test_the_example_of_a_configuration_is_accepted_and_has_every_key"),
    ("README.md", "yaml", r"^volumes:", "test_the_ignore_that_the_readme_shows_hides_its_line"),
    ("CONTRIBUTING.md", "console", r"^\.ci/distributions", "test_the_commands_for_contributors_are_there"),
    ("CONTRIBUTING.md", "python", r"^RULE = ", "test_the_rule_that_contributors_are_shown_is_the_rule"),
    ("docs/adoption.md", "console", r"baseline", "test_the_page_about_the_baseline_shows_what_is_printed"),
    ("docs/readiness.md", "console", r"^\$ shipworthy report", "test_the_page_about_readiness_shows_what_is_printed"),
    ("docs/host.md", "console", r"^shipworthy audit-host", "test_the_commands_of_the_guide_to_the_host_run"),
    ("docs/host.md", "console", r"^sudo shipworthy audit-host", "test_the_commands_of_the_guide_to_the_host_run"),
    (
        "docs/host.md",
        "text",
        r"tmp-audit: a virtual environment",
        "test_a_virtual_environment_s_server_with_a_pid_file",
    ),
    ("docs/host.md", "text", r"^/proc: skipped", "test_a_user_is_told_what_may_not_be_seen"),
    ("docs/host.md", "yaml", r"^temporary:", "test_they_are_valid_by_the_published_schemas"),
    ("docs/clients/github.md", "yaml", r"^jobs:", "test_workflows_use_what_there_is"),
    ("docs/clients/gitlab.md", "yaml", r"^shipworthy:", "test_the_job_of_gitlab_reports_and_shows_what_it_finds"),
    ("docs/*", "yaml", r"^repos:", "test_configurations_of_pre_commit_are_valid"),
    ("docs/clients/*", "console", r"^pre-commit ", "test_the_guide_does_what_it_says"),
    ("docs/clients/prek.md", "console", r"^prek ", "test_the_guide_to_prek_shows_the_same"),
    ("docs/host.md", "console", r"^pre-commit ", "test_the_host_is_looked_at_by_hand_only"),
    ("docs/readiness.md", "console", r"^\$ pre-commit ", "test_the_report_is_made_by_hand"),
]
"""Of each example that is shown: its page, its language, what stands in it, and the test that runs it."""


def test_every_example_is_run_by_a_test() -> None:
    tests = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    needed = set(RUN_BY)
    for page in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *PAGES]:
        name = page.relative_to(ROOT).as_posix()
        for margin, language, block in FENCED.findall(page.read_text(encoding="utf-8")):
            text = re.sub(rf"^{margin}", "", block, flags=re.MULTILINE)
            rows = [
                row
                for row in RUN_BY
                if fnmatch(name, row[0]) and language == row[1] and re.search(row[2], text, re.MULTILINE)
            ]
            assert rows, f"{name}: no test runs this:\n{text}"
            needed -= set(rows)
    assert not needed, "these are shown no longer"
    assert [row for row in RUN_BY if f"def {row[3]}(" not in tests] == []


def blocks(page: Path, language: str) -> list[str]:
    """The contents of a page's fenced blocks in a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


def steps(page: Path) -> list[tuple[str, str]]:
    """The commands that a page shows at a prompt, and what it shows that they print."""
    shown = "".join(blocks(page, "console"))
    return re.findall(r"^\$ (.+)\n((?:[^$].*\n)*)", shown, re.MULTILINE)


def examples(language: str, pattern: str) -> list[Any]:
    """The fenced blocks of all pages in a language in which a pattern is found: their texts, each named by its page."""
    return [
        pytest.param(block, id=f"{page.relative_to(ROOT).as_posix()}, {number}")
        for page in PAGES
        for number, block in enumerate(blocks(page, language), 1)
        if re.search(pattern, block, re.MULTILINE)
    ]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site as mkdocs builds it; every warning is an error."""
    directory = tmp_path_factory.mktemp("site")
    words = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(directory)]
    process = run(words, ROOT)
    assert (process.returncode, process.stdout, process.stderr) == (0, "", "")
    return directory


def test_every_rule_has_a_page(site: Path) -> None:
    index = (site / "rules" / "index.html").read_text(encoding="utf-8")
    for id in ids():
        page = (site / "rules" / id / "index.html").read_text(encoding="utf-8")
        assert f'href="{id}/"' in index
        assert (f"ignore[{id}]" in page) == (load(id).RULE.scope != HOST)
        headings = re.findall(r'<h2 id="([^"]+)"', page)
        assert [name for name in headings if name != "what-else-to-know"] == [
            "why",
            "wrong",
            "right",
            "when-not-to-use-it",
            "options",
            "suppress",
            "source",
        ]


def test_pages_that_take_from_the_readme_have_it(site: Path) -> None:
    assert "not_services:" in (site / "configuration" / "index.html").read_text(encoding="utf-8")
    assert all(f'id="{name}"' in (site / "configuration" / "index.html").read_text("utf-8") for name in presets())
    assert "gl-code-quality" in (site / "clients" / "gitlab" / "index.html").read_text(encoding="utf-8")
    results = (site / "results" / "index.html").read_text(encoding="utf-8")
    assert all(f"<code>{format}</code>" in results for format in FORMATS)


@pytest.mark.parametrize("name", ["shipworthy.schema.json", "report.schema.json", "readiness.schema.json"])
def test_the_schemas_are_published(site: Path, name: str) -> None:
    published = json.loads((site / "schemas" / name).read_text(encoding="utf-8"))
    assert published == json.loads((ROOT / "hooks" / "shipworthy" / name).read_text(encoding="utf-8"))
    assert published["$id"].endswith(f"/hooks/shipworthy/{name}")


@pytest.mark.parametrize("id", ids())
def test_the_parts_of_a_docstring_are_all_of_it(id: str) -> None:
    said = documentation(id)
    parts = (said.requirement, said.why, said.wrong, said.right, said.notes, said.when_not, said.source)
    labels = ("Wrong::", "Right::", "When not to use it:", "Source:")
    assert all(part for part in parts if part is not said.notes)
    assert sorted(" ".join((*parts, *labels)).split()) == sorted(help_text(id).split())


@pytest.mark.parametrize(("id", "kind", "files"), EXAMPLES_IN_DOCSTRINGS)
def test_examples_in_docstrings_do_what_they_say(
    tmp_path: Path, id: str, kind: str, files: dict[str, str | bytes]
) -> None:
    rule = load(id).RULE
    root = repository(tmp_path, files)
    process = run([*command("shipworthy"), "check", "--select", id, "--format", "json"], root)
    report = json.loads(process.stdout)
    assert report["not_applicable"] == report["unreadable"] == []
    assert [finding["path"] for finding in report["findings"] if finding["severity"] != "info"] or kind == "right"
    assert report["findings"] == [] or kind == "wrong"
    assert kind == "right" or len(report["findings"]) >= SEVERAL_WRONGS.get(id, 1)
    if rule.scope == FILE:
        assert matching(rule.files, files) == list(files)


def test_both_examples_of_every_rule_about_a_repository_are_run() -> None:
    run_here = {case.id for case in EXAMPLES_IN_DOCSTRINGS}
    assert run_here == {f"{id}, {kind}" for id in ids() if load(id).RULE.scope != HOST for kind in ("wrong", "right")}


@pytest.mark.skipif(sys.platform == "win32", reason="it needs Linux or macOS")
def test_the_example_of_the_audit_is_what_it_finds(tmp_path: Path) -> None:
    said = documentation("tmp-audit")
    [environment, pid_file] = re.findall(r"^/tmp/(\S+)", said.wrong, re.MULTILINE)
    write(tmp_path, {f"{environment}/pyvenv.cfg": "home = /usr/bin\n", pid_file: "99999999\n"})
    audit = [*command("tmp-audit"), "--directory", str(tmp_path), "--format", "json"]
    found = json.loads(run(audit, ROOT).stdout)["findings"]
    assert {Path(finding["path"]).name for finding in found} == {environment, pid_file}
    assert "/tmp/" not in said.right


@pytest.mark.parametrize(
    ("block", "expected"),
    [
        pytest.param("# a.env\nA=1\n\n# b/c.yaml\nx: 1", {"a.env": "A=1\n", "b/c.yaml": "x: 1\n"}, id="two files"),
        pytest.param("// src/a.ts\nlet a", {"src/a.ts": "let a\n"}, id="a comment of another language"),
        pytest.param("# Dockerfile\nFROM a", {"Dockerfile": "FROM a\n"}, id="a name without a dot"),
        pytest.param("# a.env\n# A comment.\nA=1", {"a.env": "# A comment.\nA=1\n"}, id="a comment is no name"),
        pytest.param("# a.env; b.env is missing\nA=1", {}, id="a name with a remark"),
        pytest.param("services:\n  a: {}", {}, id="a part of a file"),
        pytest.param("", {}, id="nothing"),
    ],
)
def test_the_files_of_an_example(block: str, expected: dict[str, str]) -> None:
    assert files_of(block) == expected


def test_the_parts_of_a_docstring() -> None:
    said = Documentation(
        "Ships float.\n\nThey do.\n\nWrong::\n\n    a\n\n      b\n\nRight::\n\n    c\n\nMore.\n\n"
        "When not to use it: in\ndocks.\n\nSource: physics."
    )
    assert (said.requirement, said.why, said.wrong, said.right) == ("Ships float.", "They do.", "a\n\n  b", "c")
    assert (said.notes, said.when_not, said.source) == ("More.", "in\ndocks.", "physics.")


@pytest.mark.parametrize("block", examples("yaml", "^repos:"))
def test_configurations_of_pre_commit_are_valid(tmp_path: Path, block: str) -> None:
    (tmp_path / ".pre-commit-config.yaml").write_text(block, encoding="utf-8")
    stated = load_config(tmp_path / ".pre-commit-config.yaml")
    [used] = stated["repos"]
    assert used["rev"] == f"v{__version__}"
    assert set(stated.get("ci", {}).get("skip", ())) <= {hook["id"] for hook in used["hooks"]}
    assert {hook["id"] for hook in used["hooks"]} <= {"shipworthy", *ids()}


@pytest.mark.parametrize("block", examples("yaml", "^jobs:"))
def test_workflows_use_what_there_is(block: str) -> None:
    inputs = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))["inputs"]
    [job] = yaml.safe_load(block)["jobs"].values()
    used = [step for step in job["steps"] if step.get("uses", "").startswith("shipworthy/")]
    assert [step["uses"] for step in used] in ([f"shipworthy/shipworthy@v{__version__}"], [])
    assert used or [step["run"] for step in job["steps"][2:]] == [f"pip install {ADDRESS}", "shipworthy check"]
    assert all(set(step.get("with", {})) <= set(inputs) for step in used)


def test_the_inputs_of_the_action_are_documented() -> None:
    inputs = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))["inputs"]
    page = (ROOT / "docs" / "clients" / "github.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `([a-z-]+)` \| (\S+) \|", page, re.MULTILINE))
    assert rows == {name: f"`{input['default']}`" if input["default"] else "none" for name, input in inputs.items()}


def test_the_action_puts_no_input_into_a_script() -> None:
    steps = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))["runs"]["steps"]
    assert not [step["run"] for step in steps if "${{" in step.get("run", "")]


@pytest.mark.parametrize(
    ("schema", "files"),
    [
        pytest.param("vendor.github-actions", ["action.yml"], id="the action"),
        pytest.param(
            "vendor.github-workflows", [".github/workflows/ci.yml", *examples("yaml", "^jobs:")], id="workflows"
        ),
        pytest.param("vendor.gitlab-ci", examples("yaml", "^shipworthy:"), id="pipelines of GitLab"),
        pytest.param(None, examples("yaml", "^(layout|temporary):"), id="our own configuration"),
    ],
)
def test_they_are_valid_by_the_published_schemas(tmp_path: Path, schema: str | None, files: list[Any]) -> None:
    paths = [ROOT / file for file in files if isinstance(file, str)]
    for number, example in enumerate(file for file in files if not isinstance(file, str)):
        paths.append(tmp_path / f"{number}.yaml")
        paths[-1].write_text(example.values[0], encoding="utf-8")
    own = ["--schemafile", str(ROOT / "hooks" / "shipworthy" / "shipworthy.schema.json")]
    asked = ["--builtin-schema", schema] if schema else own
    transform = ["--data-transform", "gitlab-ci"] if schema == "vendor.gitlab-ci" else []
    process = run([sys.executable, "-m", "check_jsonschema", *asked, *transform, *paths], ROOT)
    assert (process.returncode, process.stdout.strip()) == (0, "ok -- validation done"), process.stdout
    assert paths


@pytest.mark.skipif(os.name == "nt", reason="scripts for GitLab are run by bash")
@pytest.mark.skipif(not (SCRIPTS / "shipworthy").exists(), reason="the command is not installed")
@pytest.mark.parametrize("block", examples("yaml", "^shipworthy:"))
@pytest.mark.parametrize(("value", "code"), [("/srv/uploads", 0), ("/tmp/uploads", 1)], ids=["right", "wrong"])
def test_the_job_of_gitlab_reports_and_shows_what_it_finds(tmp_path: Path, block: str, value: str, code: int) -> None:
    job = yaml.safe_load(block)["shipworthy"]
    install, *script = job["script"]
    assert install == f"pip install {ADDRESS}", "run in test_clients.py"
    root = repository(tmp_path, {"a.env": f"UPLOAD_DIR={value}\n"})
    environment = {"PATH": os.pathsep.join((str(SCRIPTS), os.environ["PATH"]))}
    process = run(["bash", "-e", "-o", "pipefail", "-c", "\n".join(script)], root, environment=environment)
    assert process.returncode == code
    assert ("a.env:1:12: no-tmp-paths: " in process.stdout) == bool(code)
    report = json.loads((root / job["artifacts"]["reports"]["codequality"]).read_text(encoding="utf-8"))
    assert [(entry["check_name"], entry["location"]["path"]) for entry in report] == [("no-tmp-paths", "a.env")] * code


def test_every_line_of_the_check_list_is_answered_by_a_hook() -> None:
    page = (ROOT / "docs" / "checklist.md").read_text(encoding="utf-8")
    [lines] = re.findall(r"^## Before.*?\n\n(.*?)\n\n", page, re.MULTILINE | re.DOTALL)
    rows = [row.split(" | ") for row in lines.splitlines()[2:]]
    assert len(rows) == 7
    for line, *answers in rows:
        named = [re.findall(r"\[([a-z-]+)\]\(rules/([a-z-]+)\.md\)", answer) for answer in answers]
        assert all(named), line
        assert {name for pairs in named for pair in pairs for name in pair} <= set(ids()), line


def test_the_options_that_the_guide_to_the_host_names_are_those_of_the_command() -> None:
    options = set(re.findall(r"--[a-z][a-z-]+", (ROOT / "docs" / "host.md").read_text(encoding="utf-8")))
    known = set(re.findall(r"--[a-z][a-z-]+", run([*command("tmp-audit"), "--help"], ROOT).stdout))
    assert options - {"--hook-stage"} <= known
    assert {"--directory", "--clean", "--dry-run", "--yes", "--older-than", "--remove"} <= options


@pytest.mark.skipif(os.name == "nt", reason="the commands are run by bash")
@pytest.mark.skipif(not (SCRIPTS / "shipworthy").exists(), reason="the command is not installed")
def test_the_page_about_the_baseline_shows_what_is_printed(tmp_path: Path) -> None:
    root = repository_of(EXAMPLES / "no-tmp-paths" / "fail" / "transcription-of-the-readme", tmp_path / "repository")
    for line, output in steps(ROOT / "docs" / "adoption.md"):
        if "--prune" in line:
            write(root, {"compose.production.yaml": "services: {}\n"})
            git(root, "add", "--all")
        process = at_a_prompt(line, root)
        assert process.returncode == 0, line
        assert re.sub(r"\d+", "0", process.stdout) == re.sub(r"\d+", "0", output)
    assert git(root, "check-attr", "merge", ".shipworthy-baseline") == ".shipworthy-baseline: merge: union\n"


@pytest.mark.skipif(os.name == "nt", reason="the commands are run by bash")
@pytest.mark.skipif(not (SCRIPTS / "shipworthy").exists(), reason="the command is not installed")
def test_the_page_about_readiness_shows_what_is_printed(tmp_path: Path) -> None:
    root = repository(tmp_path, WHOLE)
    for line, output in steps(ROOT / "docs" / "readiness.md"):
        if line.startswith("pre-commit "):
            continue
        process = at_a_prompt(line, root)
        assert process.returncode == 0, (line, process.stdout, process.stderr)
        assert output in ("", process.stdout)
    git(root, "rm", "--quiet", "--cached", "README.md")
    assert at_a_prompt("shipworthy report --check READINESS.md", root).returncode == 1
    assert "README" in at_a_prompt("shipworthy report --compare before.json", root).stdout


def at_a_prompt(line: str, root: Path) -> CompletedProcess[str]:
    """A line run by a shell that finds the installed commands."""
    environment = {"PATH": os.pathsep.join((str(SCRIPTS), os.environ["PATH"]))}
    return run(["bash", "-c", line], root, environment=environment)


@pytest.mark.skipif(os.name == "nt", reason="tmp-audit needs Linux or macOS")
@pytest.mark.skipif(not (SCRIPTS / "shipworthy").exists(), reason="the command is not installed")
def test_the_commands_of_the_guide_to_the_host_run(tmp_path: Path) -> None:
    write(tmp_path / "scratch", {"api.pid": "999999999\n", "notes/a": "a"})
    page = ROOT / "docs" / "host.md"
    lines = [line for block in blocks(page, "console") for line in block.splitlines() if "audit-host" in line]
    for line in lines:
        confirmed = " --yes" if "--clean" in line else ""
        process = at_a_prompt(f"{line.removeprefix('sudo ')} --directory {tmp_path / 'scratch'}{confirmed}", tmp_path)
        assert process.returncode in (0, 1), (line, process.stderr)
        assert (tmp_path / "scratch" / "notes" / "a").exists()
    assert len(lines) == 3
    assert f"pip install {ADDRESS}\n" in blocks(page, "console")[0]


def test_the_ignore_that_the_readme_shows_hides_its_line(tmp_path: Path) -> None:
    [block] = [block for block in blocks(ROOT / "README.md", "yaml") if block.startswith("volumes:")]
    text = "services:\n  api:\n    image: api:1\n" + re.sub("^", "    ", block, flags=re.MULTILINE)
    words = [*command("shipworthy"), "check", "--select", "no-tmp-paths", "--format", "json"]
    root = repository(tmp_path, {"compose.yaml": text})
    assert json.loads(run(words, root).stdout)["findings"] == []
    [finding] = json.loads(run([*words, "--no-ignores"], root).stdout)["findings"]
    assert (finding["rule"], finding["line"]) == ("no-tmp-paths", 5)


def test_the_rule_that_contributors_are_shown_is_the_rule() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    [shown] = [textwrap.dedent(block) for _, language, block in FENCED.findall(text) if language == "python"]
    module = ROOT / "hooks" / "shipworthy" / "rules" / "pid_files_outside_tmp.py"
    assert shown in module.read_text(encoding="utf-8")


def test_the_commands_for_contributors_are_there() -> None:
    [block] = blocks(ROOT / "CONTRIBUTING.md", "console")
    commands = [re.split(r" {2,}#", line)[0] for line in block.splitlines()]
    programs = [words.split()[0] for line in commands for words in line.split(" && ")]
    assert [name for name in programs if "/" in name and not (ROOT / name).is_file()] == []
    known = {"pip", "python", "ruff", "mypy", "shipworthy", "mkdocs"}
    assert {name for name in programs if "/" not in name} <= known
    scripts = re.findall(r"^python (\S+\.py)", block, re.MULTILINE)
    assert len(scripts) == 4
    assert all((ROOT / script).is_file() for script in scripts)
