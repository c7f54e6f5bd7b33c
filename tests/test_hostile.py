"""Whole repositories that mean harm: secrets to betray, files to choke on, a git that changes underneath."""

from __future__ import annotations

import base64
import itertools
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from shipworthy.hook import LARGEST_FILE
from shipworthy.reporting import FORMATS
from shipworthy.reporting.readiness import FORMATS as READINESS_FORMATS
from support import command, git, repository, run, write

SECRET = re.compile(r"@(\w*)@")
"""A place for a secret in the files below: ``@plain@`` and ``@base64@``, which is encoded."""

FILES_WITH_SECRETS = {
    ".env.production": "DB_PASSWORD=@@\nDATABASE_URL=postgres://app:@@@db:5432/app\nLOG_FILE=/tmp/app.log?token=@@\n",
    "compose.prod.yaml": """\
services:
  api:
    build: services/api
    ports: ["80:80"]
    env_file: .env.production
    environment:
      API_TOKEN: @@
      CACHE: redis://:@@@cache:6379/0
      OTHER: http://user:@@@nowhere:80/
    command: ["server", "--secret", "@@", "--pidfile", "/tmp/api.pid"]
    healthcheck: {test: "curl -u admin:@@ http://localhost/"}
    labels: {traefik.http.middlewares.auth.basicauth.users: "admin:@@"}
  db:
    image: postgres
    environment: {POSTGRES_PASSWORD: @@}
  cache:
    image: redis
    command: redis-server --requirepass @@ --pidfile /tmp/redis.pid --logfile /tmp/redis.log
""",
    "services/api/package.json": """\
{"name": "api", "dependencies": {"express": "^5.0.0"}, "scripts": {
  "start": "node src/main.js", "test": "curl -H 'X-Api-Key: @@' http://x || true", "deploy": "./missing.sh --token @@"}}
""",
    "services/api/src/main.js": """\
const app = require('express')();
const key = process.env.API_KEY || '@@';
const log = process.env.LOG_FILE || '/tmp/api.log?token=@@';
app.post('/pay', (request, response) => { response.json({ success: true, token: '@@' }); });
require('./missing');
app.listen(80);
""",
    "services/api/Dockerfile": """\
FROM node:latest
ARG NPM_TOKEN=@@
ENV API_SECRET=@@
COPY missing.txt .
HEALTHCHECK CMD curl -H 'Authorization: Bearer @@' localhost
CMD npm run dev -- --key @@
""",
    "services/worker/app.py": """\
import os
from fastapi import FastAPI
app = FastAPI()
SECRET = os.getenv("SECRET_KEY", "@@")
DATA = os.getenv("DATA_DIR", "/tmp/data?token=@@")
def verify(token):
    # TODO: check the token, not @@
    return True
""",
    "services/worker/pyproject.toml": '[project]\nname = "worker"\ndependencies = ["fastapi", "uvicorn"]\n',
    "k8s/secret.yaml": "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\ndata: {password: @base64@}\nstringData: {token: @@}\n",
    "k8s/deployment.yaml": """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: api}
spec:
  selector: {matchLabels: {app: api}}
  template:
    metadata: {labels: {app: api}}
    spec:
      containers:
        - name: api
          image: api:latest
          command: [sh, -c, "server --password @@ --pidfile /tmp/a.pid"]
          env:
            - {name: DB_PASSWORD, value: @@}
            - {name: URL, value: "amqp://u:@@@queue:5672"}
""",
    "k8s/settings.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata:\n  API_KEY: @@\n  app.ini: |\n    password = @@\n",
    "k8s/backup.yaml": """\
apiVersion: batch/v1
kind: CronJob
metadata: {name: backup}
spec:
  schedule: "99 2 * * *"
  jobTemplate: {spec: {template: {spec: {containers: [
    {name: b, image: "postgres:15", command: [sh, -c, "pg_dump postgres://u:@@@db/app > /tmp/x.sql"]}]}}}}
""",
    ".github/workflows/ci.yml": """\
on: push
jobs:
  test:
    runs-on: ubuntu-latest
    env: {API_TOKEN: @@}
    steps:
      - run: npm test -- --token=@@ || true
      - run: ./missing-script.sh --password @@
      - run: curl -u me:@@ https://api.example.com/health || true
      - run: |
          curl -H "Authorization: Bearer @@" https://api.example.com/health || true
      - run: docker login -u me -p @@ && pytest || exit 0
      - run: pytest --password @@
        continue-on-error: true
      - name: Deploy to production
        run: echo deploying with --token @@
""",
    "deploy/api.service": "[Service]\nEnvironment=API_KEY=@@\nPIDFile=/tmp/api.pid\nExecStart=/opt/x --token @@ --log /tmp/x.log\n",
    "deploy/nginx.conf": """\
server {
  location / {
    proxy_pass http://u:@@@nothere:80;
    proxy_set_header Authorization "Basic @@";
    access_log /tmp/access.log;
  }
}
""",
    "deploy/deploy.sh": "#!/bin/sh\nexport API_TOKEN=@@\nmysql -p@@ < dump.sql\nserver --key @@ --pidfile /tmp/server.pid\n",
    "deploy/main.tf": 'variable "db_password" { default = "@@" }\nresource "x" "y" { log_file = "/tmp/app.log?token=@@" }\n',
    "deploy/terraform.tfstate": '{"version": 4, "resources": [{"instances": [{"attributes": {"password": "@@"}}]}]}',
    "config/appsettings.json": '{"ConnectionStrings": {"Default": "Server=db;Password=@@;"}, "Jwt": {"Secret": "@@"}}',
    "config/application.yml": "spring:\n  datasource: {password: @@, url: 'jdbc:postgresql://db/app?password=@@'}\n",
    "config/application.properties": "spring.datasource.password=@@\n",
    "supervisord.conf": '[program:x]\ncommand=server --password @@\nenvironment=SECRET_KEY="@@"\nstdout_logfile=/tmp/x.log\n',
    ".npmrc": "//registry.npmjs.org/:_authToken=@@\n",
    ".pypirc": "[pypi]\nusername=__token__\npassword=@@\n",
    ".netrc": "machine x login y password @@\n",
    "server.key": "-----BEGIN RSA PRIVATE KEY-----\n" + "@@AAAA\n" * 12 + "-----END RSA PRIVATE KEY-----\n",
    "alertmanager.yml": "global: {smtp_auth_password: @@}\nroute: {receiver: nobody}\nreceivers: []\n",
    "prometheus.yml": "scrape_configs:\n- job_name: a\n  basic_auth: {password: @@}\n  static_configs: [{targets: ['nobody:9090']}]\n",
    "README.md": "# It\n\n- [x] `deploy/rollback.sh` is complete\n\n```sh\n./deploy/nothing.sh --token @@\n```\n",
    "helm/Chart.yaml": "name: x\nversion: 1.0.0\n",
    "helm/values.yaml": "auth:\n  password: @@\n",
    "ansible/site.yml": "- hosts: all\n  vars: {db_password: @@}\n  tasks: [{shell: 'mysql -p@@ > /tmp/dump.log'}]\n",
}


class Planted:
    """A repository with a secret in every place where somebody might write one."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.secrets: dict[str, str] = {}
        letters = itertools.product("ABCDEFGHJKLMNPQRSTUVWXYZ", "23456789")
        for path, text in FILES_WITH_SECRETS.items():
            filled = SECRET.sub(lambda place, path=path: self._secret(next(letters), place[1], path), text)  # type: ignore[misc]
            write(root, {path: filled})
        git(root, "add", "--all", "--force")

    def _secret(self, letters: tuple[str, str], encoding: str, path: str) -> str:
        secret = f"xQ{''.join(letters)}vKm7Lp9Zt4Rw8Ys6B"
        self.secrets[secret[2:]] = path
        if encoding != "base64":
            return secret
        encoded = base64.b64encode(secret.encode()).decode()
        self.secrets[encoded[2:]] = path
        return encoded

    def betrayed(self, output: str) -> set[str]:
        """The files whose secrets stand in an output, more of one than its first two characters."""
        return {path for secret, path in self.secrets.items() if secret in output or secret[:6] in output}


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Planted:
    return Planted(repository(tmp_path_factory.mktemp("planted"), {}))


@pytest.mark.parametrize("arguments", [["--no-ignores"], ["--fail-on", "medium"]])
@pytest.mark.parametrize("form", sorted(FORMATS))
def test_no_report_betrays_a_secret(planted: Planted, form: str, arguments: list[str]) -> None:
    process = run([*command("shipworthy"), "check", "--format", form, *arguments], planted.root)
    assert process.returncode == 1, process.stderr
    assert planted.betrayed(process.stdout + process.stderr) == set()


def test_the_secrets_stand_where_the_rules_look(planted: Planted) -> None:
    """Or the test above would prove nothing."""
    process = run([*command("shipworthy"), "check", "--format", "json"], planted.root)
    findings = json.loads(process.stdout)["findings"]
    looked_at = {finding["path"] for finding in findings}
    assert set(FILES_WITH_SECRETS) - looked_at <= {
        "ansible/site.yml",
        "deploy/deploy.sh",
        "helm/Chart.yaml",
        "prometheus.yml",
        "README.md",
        "services/api/package.json",
        "services/worker/pyproject.toml",
    }
    assert sum("…" in finding["message"] for finding in findings) >= 5, "messages that quote a masked secret"
    assert len({finding["rule"] for finding in findings}) >= 18


@pytest.mark.parametrize(
    "arguments",
    [
        ["services"],
        ["services", "--format", "json"],
        ["baseline"],
        ["init"],
        *(["report", "--format", form] for form in READINESS_FORMATS),
    ],
)
def test_no_other_command_betrays_a_secret(planted: Planted, arguments: list[str]) -> None:
    process = run([*command("shipworthy"), *arguments], planted.root)
    written = [path.read_text() for path in planted.root.glob(".shipworthy*")]
    for path in planted.root.glob(".shipworthy*"):
        path.unlink()
    assert process.returncode == 0, process.stderr
    assert planted.betrayed("\n".join([process.stdout, process.stderr, *written])) == set()


DEEP = 100_000
BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{later}: &{later} [{', '.join(['*' + earlier] * 9)}]\n" for earlier, later in itertools.pairwise("abcdefghijkl")
)
NESTED = {
    "compose.yaml": "services: " + "[" * DEEP,
    "deploy/values.yaml": "{" * DEEP,
    "package.json": '{"a":' * DEEP,
    "tsconfig.json": "[" * DEEP,
    "config.toml": "a = " + "[" * DEEP,
    "main.tf": "a = " + "(" * DEEP,
    "deploy/nginx.conf": "a {" * DEEP,
    "deploy/run.sh": "$(" * DEEP,
    "src/app.py": "(" * DEEP,
    "src/app.js": "({" * DEEP,
    "src/app.ts": "<" * DEEP,
    "src/main.go": "package main\nfunc main() {" + "{" * DEEP,
    "src/Main.java": "class A {" * DEEP,
    "src/app.rb": "if (" * DEEP,
    "src/app.php": "<?php " + "(" * DEEP,
    "pom.xml": "<a>" * DEEP,
    "Dockerfile": "FROM " + "${a:-" * DEEP,
    "README.md": "> " * DEEP + "[" * DEEP,
    "Makefile": "$(" * DEEP,
}


def hostile_files() -> Iterator[tuple[str, str | bytes]]:
    """Files to choke on; all of them hold what makes the rules look inside."""
    yield from ((path, text + " /tmp/x.pid\n") for path, text in NESTED.items())
    yield "k8s/bomb.yaml", BOMB + "kind: Secret\nlog: /tmp/x.log\n"
    yield "k8s/self.yaml", "a: &a {<<: *a, log: /tmp/x.log, b: *a}\n"
    yield "deploy/utf16.yaml", "log_file: /tmp/x.log\n".encode("utf-16")
    yield "deploy/latin.conf", b"log_file = /tmp/caf\xe9.log\n"
    yield "deploy/binary.service", b"[Service]\nPIDFile=/tmp/a.pid\n\0\0"
    yield ".github/workflows/ci.yml", "on: push\njobs: {}\n".encode("utf-16")
    yield ".gitlab-ci.yml", "test:\n  script: [pytest]\n".encode("utf-16")
    yield ".circleci/config.yml", b"jobs: {}\n\0"
    yield "deploy/bom.env", b"\xef\xbb\xbfPIDFILE=/tmp/bom.pid\r\n"
    yield "deploy/one-line.json", '{"logFile": "/tmp/x.log", "x": "' + "y" * (LARGEST_FILE - 100) + '"}'
    yield "deploy/too-large.yaml", b"log: /tmp/x.log\n" + b"#" * LARGEST_FILE
    yield "deploy/lines.env", "A=/tmp/a.log\n" * 20_000
    yield "deploy/escapes\x1b[31m\u202e.env", "PIDFILE=/tmp/\x1b[2J\u202e::error::x.pid\n"


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = repository(tmp_path_factory.mktemp("hostile"), dict(hostile_files()))
    if sys.platform != "win32":
        for name, target in (("loop", "loop"), ("round", "about"), ("about", "round"), ("etc", "/etc"), ("up", "..")):
            (root / name).symlink_to(target)
        write(root, {"deploy/\nnew ::warning::line.env": "PIDFILE=/tmp/a.pid\n"})
        with (root / os.fsdecode(b"deploy/caf\xe9.env")).open("w") as file:
            file.write("PIDFILE=/tmp/a.pid\n")
    git(root, "add", "--all", "--force")
    return root


@pytest.mark.parametrize("form", READINESS_FORMATS)
def test_hostile_files_are_no_danger_to_the_readiness_report(hostile: Path, form: str) -> None:
    process = run([*command("shipworthy"), "report", "--format", form], hostile, timeout=300)
    assert process.returncode == 0, process.stderr[-2000:]
    assert process.stderr == ""
    assert not set("\x1b\u202e\x07") & set(process.stdout)
    assert not re.search(r"^::", process.stdout, re.MULTILINE)


@pytest.mark.parametrize("form", ["text", "github"])
def test_hostile_files_are_skipped_by_name_and_hide_nothing(hostile: Path, form: str) -> None:
    process = run([*command("shipworthy"), "check", "--format", form], hostile, timeout=300)
    said = process.stdout + process.stderr
    assert process.returncode == 1, said[-2000:]
    assert "Traceback" not in said
    assert "a fault of shipworthy" not in said
    assert not set("\x1b\u202e\x07") & set(said)
    assert not re.search(r"^::(?!error|warning|notice)", process.stdout, re.MULTILINE)
    assert "deploy/bom.env" in said
    for path in ("deploy/too-large.yaml", "deploy/binary.service"):
        assert f"{path}: skipped: " in process.stderr


def test_git_is_not_asked_anew_for_each_file_that_is_missing(tmp_path: Path) -> None:
    copies = "".join(f"COPY conf/missing-{number}.conf /etc/\n" for number in range(1_000))
    root = repository(
        tmp_path / "of", {"Dockerfile": f"FROM debian:12\n{copies}", "build.sh": "cat a > missing-7.conf\n"}
    )
    trace = tmp_path / "trace"
    process = run([*command("referenced-files-committed")], root, environment={"GIT_TRACE2_EVENT": str(trace)})
    assert process.stdout.splitlines()[-1].startswith("999 findings"), "one is written by a script"
    assert trace.read_text().count('"event":"start"') < 20


@pytest.mark.skipif(sys.platform == "win32", reason="names that its file systems do not have")
@pytest.mark.parametrize("arguments", [["services"], ["services", "--format", "json"], ["baseline", "-o", "a\x1b[31m"]])
def test_no_name_of_a_folder_is_a_command_to_a_terminal_or_to_ci(tmp_path: Path, arguments: list[str]) -> None:
    package = '{"scripts": {"start": "node app.js"}, "dependencies": {"express": "5"}}'
    names = ("a\x1b[2J", "b\n::error::c", "##[error]d", "e\u202e")
    root = repository(tmp_path, {f"{name}/package.json": package for name in names})
    process = run([*command("shipworthy"), *arguments], root)
    assert process.returncode == 0, process.stderr
    assert not set("\x1b\u202e") & set(process.stdout)
    assert not re.search(r"^::|##\[", process.stdout, re.MULTILINE)


@pytest.mark.skipif(sys.platform == "win32", reason="a sparse file of this kind is a matter of the file system")
def test_a_file_of_a_gigabyte_is_named_and_not_read(tmp_path: Path) -> None:
    root = repository(tmp_path, {"deploy/huge.env": "A=1\n", "deploy/api.env": "PIDFILE=/tmp/api.pid\n"})
    git(root, "update-index", "--assume-unchanged", "deploy/huge.env")
    with (root / "deploy/huge.env").open("r+b") as file:
        file.truncate(1_000_000_000)
    process = run([*command("pid-files-outside-tmp"), "deploy/huge.env", "deploy/api.env"], root)
    assert process.returncode == 1
    assert process.stderr == "deploy/huge.env: skipped: too large: over 5 MB\n"
    assert "deploy/api.env:1:9" in process.stdout


@pytest.mark.parametrize(
    ("hook", "path", "beginning"),
    [
        pytest.param("documented-files", "README.md", "# Shop\n\n[Guide](guide.md)\n", id="a document"),
        pytest.param("imports-committed", "src/app.py", "from src import gone\n", id="program code"),
        pytest.param("no-stubs", "src/pay.py", "def pay():\n    pass  # TODO: implement\n", id="what a search found"),
        pytest.param("ci-pipeline", ".github/workflows/ci.yml", "on: push\njobs: {}\n", id="a pipeline"),
        pytest.param("compose-references", "compose.yaml", "services: {api: {image: 'a:1'}}\n", id="a Compose file"),
        pytest.param("kubernetes-workloads", "k8s.yaml", "kind: Deployment\napiVersion: apps/v1\n", id="a manifest"),
        pytest.param("production-dockerfiles", "Dockerfile", "FROM a:1\n", id="a Dockerfile"),
        pytest.param("migrations", "b.yaml", "# shipworthy: ignore[migrations] why\n", id="an ignore"),
    ],
)
def test_a_file_that_a_repository_rule_does_not_parse_for_its_size_is_named(
    tmp_path: Path, hook: str, path: str, beginning: str
) -> None:
    root = repository(tmp_path, {path: beginning + "\n" * LARGEST_FILE, "data.csv": "1\n" * LARGEST_FILE})
    process = run([*command(hook)], root)
    assert f"{path}: skipped: too large: over 5 MB\n" in process.stderr
    assert "data.csv" not in process.stderr  # nobody wanted to parse it


def test_a_report_names_what_it_did_not_parse_for_its_size(tmp_path: Path) -> None:
    files = {"README.md": "# Shop\n" + "\n" * LARGEST_FILE, "compose.yaml": "services: {a: {image: 'a:1'}}\n"}
    process = run([*command("shipworthy"), "report", "--format", "json"], repository(tmp_path, files))
    assert json.loads(process.stdout)["unreadable"] == [{"path": "README.md", "reason": "too large: over 5 MB"}]


@pytest.mark.parametrize("broken", ["no index at all", "DIRC\0\0\0\2", ""])
def test_a_broken_index_is_said_in_one_line(tmp_path: Path, broken: str) -> None:
    root = repository(tmp_path, {"a": "a"})
    write(root, {".git/index": broken})
    process = run([*command("shipworthy"), "check"], root)
    assert "Traceback" not in process.stderr
    if process.returncode == 2:
        assert process.stdout == ""
        assert len(process.stderr.splitlines()) == 1
    else:  # git takes an empty index for one without entries
        assert process.returncode == 0
        assert "nothing was checked" in process.stdout


def test_another_process_commits_meanwhile(tmp_path: Path) -> None:
    """What is found belongs to some state of the index; nothing fails, and git's lock is never in the way."""
    files = {f"services/{number}/api.env": "PIDFILE=/tmp/api.pid\n" for number in range(25)}
    root = repository(tmp_path, {"keep.env": "PIDFILE=/tmp/keep.pid\n", **files})
    git(root, "commit", "--quiet", "--no-verify", "--message", "first")
    change = (
        "import subprocess, pathlib\n"
        "for number in range(25):\n"
        "    path = pathlib.Path(f'services/{number}/api.env')\n"
        "    path.unlink()\n"
        "    pathlib.Path(f'new-{number}.env').write_text('PIDFILE=/tmp/new.pid\\n')\n"
        "    for words in (['add', '--all'], ['commit', '--quiet', '--no-verify', '--message', str(number)]):\n"
        "        subprocess.run(['git', *words], check=True)\n"
    )
    other = subprocess.Popen([sys.executable, "-c", change], cwd=root)
    try:
        while other.poll() is None:
            process = run(
                [*command("shipworthy"), "check", "--select", "pid-files-outside-tmp,env-files-ignored"], root
            )
            assert process.returncode == 1, process.stderr
            assert "a fault of shipworthy" not in process.stderr
            assert "keep.env:1:9" in process.stdout
    finally:
        other.wait()
    assert other.returncode == 0
