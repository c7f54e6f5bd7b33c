from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shipworthy.config import Config
from shipworthy.project import Project
from shipworthy.repository import Repository
from shipworthy.rule import Finding, NotApplicable
from shipworthy.rules.referenced_files_committed import check
from support import git, repository, write

FROM = "FROM debian:12-slim\n"


def compose(service: str, name: str = "compose.prod.yaml") -> dict[str, str]:
    """A Compose file with one service that has these lines."""
    return {name: "services:\n  api:\n" + "".join(f"    {line}\n" for line in service.splitlines())}


def package(**scripts: str) -> str:
    lines = ",\n".join(f'    "{name}": "{script}"' for name, script in scripts.items())
    return '{\n  "scripts": {\n' + lines + "\n  }\n}\n"


def application(path: str, address: str = "https://git.example.com/acme/shop.git") -> str:
    return (
        "apiVersion: argoproj.io/v1alpha1\nkind: Application\nspec:\n  source:\n"
        f"    repoURL: {address}\n    path: {path}\n"
    )


def found(directory: Path, files: Mapping[str, str], untracked: Mapping[str, str] | None = None) -> list[Finding]:
    repository(directory, files, untracked=untracked)
    return list(check(Project(Repository(str(directory)), Config())))


# committed files, each finding as ``path:line severity``
FIRES = [
    pytest.param(compose("build: ./api"), ["compose.prod.yaml:3 blocking"], id="a build context"),
    pytest.param(
        {**compose("build: ./api"), "api/main.py": ""},
        ["compose.prod.yaml:3 blocking"],
        id="the Dockerfile of a context",
    ),
    pytest.param(
        {**compose("build:\n  context: .\n  dockerfile: docker/api.Dockerfile"), "docker/web.Dockerfile": FROM},
        ["compose.prod.yaml:5 blocking"],
        id="a named Dockerfile",
    ),
    pytest.param(
        compose("image: nginx:1.27\nvolumes:\n  - ./nginx.conf:/etc/nginx/nginx.conf:ro"),
        ["compose.prod.yaml:5 high"],
        id="a mounted file",
    ),
    pytest.param(
        compose("image: nginx:1.27\nvolumes:\n  - {type: bind, source: ./nginx.conf, target: /etc/nginx/nginx.conf}"),
        ["compose.prod.yaml:5 high"],
        id="a mounted file in the long form",
    ),
    pytest.param(
        compose("image: nginx:1.27\nvolumes:\n  - ./nginx.conf:/etc/nginx/nginx.conf:ro", "compose.dev.yaml"),
        ["compose.dev.yaml:5 medium"],
        id="what only development needs is one class lower",
    ),
    pytest.param(
        {"compose.prod.yaml": "services:\n  a:\n    image: a:1\nconfigs:\n  proxy:\n    file: ./proxy.yaml\n"},
        ["compose.prod.yaml:6 blocking"],
        id="the file of a config",
    ),
    pytest.param(
        {"compose.prod.yaml": "services:\n  a:\n    image: a:1\nsecrets:\n  key:\n    file: ./api_key.txt\n"},
        ["compose.prod.yaml:6 high"],
        id="the file of a secret that nothing says how to make",
    ),
    pytest.param({"Dockerfile": FROM + "COPY start.conf /etc/\n"}, ["Dockerfile:2 blocking"], id="a copied file"),
    pytest.param(
        {"Dockerfile": FROM + 'COPY --chown=app:app ["a.conf", "b.conf", "/etc/"]\n', "a.conf": ""},
        ["Dockerfile:2 blocking"],
        id="one of several copied files, in the form of a list",
    ),
    pytest.param(
        {"Dockerfile": FROM + "RUN --mount=type=bind,source=lock.txt,target=/lock.txt install /lock.txt\n"},
        ["Dockerfile:2 blocking"],
        id="a file that is mounted during the build",
    ),
    pytest.param(
        {**compose("build: ./api"), "api/Dockerfile": FROM + "COPY shared/ /shared/\n", "shared/a.py": ""},
        ["api/Dockerfile:2 blocking"],
        id="a source outside of the context that Compose states",
    ),
    pytest.param(
        {"Dockerfile": FROM + "COPY ../shared /shared\n", "api/a": ""},
        ["Dockerfile:2 blocking"],
        id="a source that leads out of the context",
    ),
    pytest.param(
        {"Dockerfile": FROM + "COPY app/main.py /app/\n", ".dockerignore": "app\n", "app/main.py": ""},
        ["Dockerfile:2 blocking"],
        id="a source that .dockerignore leaves out",
    ),
    pytest.param(
        {"Dockerfile": FROM + "COPY dist/ /app/\n", ".dockerignore": "**/dist\n", "dist/a.js": "", "dist/b.js": ""},
        ["Dockerfile:2 blocking"],
        id="a committed folder that .dockerignore leaves out",
    ),
    pytest.param(
        {"Dockerfile": "FROM a:1 AS one\nFROM b:1\nCOPY --from=2 /a /a\n"},
        ["Dockerfile:3 blocking"],
        id="a stage whose number is too high",
    ),
    pytest.param(
        {"Dockerfile": "FROM a:1 AS build\nFROM b:1\nCOPY --from=builder /a /a\n"},
        ["Dockerfile:3 blocking"],
        id="a stage that has another name",
    ),
    pytest.param(
        {"Dockerfile": "FROM a:1\nCOPY --from=later /a /a\nFROM b:1 AS later\n"},
        ["Dockerfile:2 blocking"],
        id="a stage that only comes later",
    ),
    pytest.param({"package.json": package(seed="node db/seed.js")}, ["package.json:3 high"], id="a package's script"),
    pytest.param(
        {"package.json": package(start="cd api && NODE_ENV=production node --inspect server.mjs"), "api/a.js": ""},
        ["package.json:3 high"],
        id="a script in another folder",
    ),
    pytest.param(
        {"package.json": package(seed="cross-env A=b npx tsx src/seed.ts"), "src/a.ts": ""},
        ["package.json:3 high"],
        id="a script behind programs that start programs",
    ),
    pytest.param(
        {"package.json": package(test="sh ./tools/check.sh")}, ["package.json:3 medium"], id="a script for tests"
    ),
    pytest.param(
        {"package.json": package(release="npm run bundle")},
        ["package.json:3 high"],
        id="a script that runs an absent one",
    ),
    pytest.param(
        {"package.json": package(web="npm --prefix web run deploy"), "web/package.json": package(build="vite build")},
        ["package.json:3 high"],
        id="an absent script of another package",
    ),
    pytest.param(
        {"package.json": package(build="vite build"), "Dockerfile": FROM + "COPY . .\nRUN npm ci && npm run compile\n"},
        ["Dockerfile:3 high"],
        id="an absent script that the image build runs",
    ),
    pytest.param(
        {"package.json": package(build="vite build"), "Dockerfile": FROM + 'COPY . .\nCMD ["npm", "run", "serve"]\n'},
        ["Dockerfile:3 high"],
        id="an absent script that the image runs",
    ),
    pytest.param(
        {"Makefile": "deploy:\n\tcd ops && ./roll-out.sh\n\t./ops/notify.sh\n", "ops/notify.sh": ""},
        ["Makefile:2 high"],
        id="a recipe, each line of which starts in its own folder",
    ),
    pytest.param(
        {"Makefile": "all:\n\t$(MAKE) images\nimage:\n\ttrue\n"}, ["Makefile:2 high"], id="a target that is not there"
    ),
    pytest.param({"Procfile": "web: python server.py\n", "app.py": ""}, ["Procfile:1 high"], id="a Procfile"),
    pytest.param(
        {
            "deploy/api.service": "[Service]\nWorkingDirectory=/srv/shop\nExecStartPre=/srv/shop/deploy/check.sh\n"
            "ExecStart=/srv/shop/venv/bin/python worker.py\n",
            "deploy/check.sh": "",
        },
        ["deploy/api.service:4 high"],
        id="a unit whose other files are committed",
    ),
    pytest.param(
        {
            "Dockerfile": FROM + "WORKDIR /app\nCOPY . .\n",
            "supervisord.conf": "[program:worker]\ndirectory=/app\ncommand=python /app/worker.py\n",
        },
        ["supervisord.conf:3 high"],
        id="a program of Supervisor in the image's folder",
    ),
    pytest.param(
        {"deploy.sh": "helm upgrade --install shop charts/shop -f values-prod.yaml\n", "charts/shop/Chart.yaml": ""},
        ["deploy.sh:1 high"],
        id="a values file",
    ),
    pytest.param(
        {"chart/Chart.yaml": "name: a\ndependencies:\n  - name: base\n    repository: file://../base\n"},
        ["chart/Chart.yaml:4 blocking"],
        id="a local chart",
    ),
    pytest.param(
        {"argo/a.yaml": application("deploy/api"), "argo/b.yaml": application("deploy/web"), "deploy/api/a.yaml": ""},
        ["argo/b.yaml:6 blocking"],
        id="a path that Argo CD reads from this repository",
    ),
]

SILENT = [
    pytest.param(
        {**compose("build: ./api"), "api/Dockerfile": FROM + "COPY main.py /\n", "api/main.py": ""}, id="committed"
    ),
    pytest.param({**compose("build: ./api"), "api/dockerfile": FROM}, id="a Dockerfile in small letters"),
    pytest.param(
        {
            "api/docker/Dockerfile": "FROM ${docker.base.image}\nCOPY start.sh ${pkg.name}.deb /tmp/\n",
            "web/docker/Dockerfile": "FROM node:24.4-slim\nWORKDIR ${pkg.installFolder}\nCOPY src/server.js ./\n",
        },
        id="a Dockerfile that Maven writes anew beside what it copies",
    ),
    pytest.param({**compose("build: https://git.example.com/acme/shop.git")}, id="a context elsewhere"),
    pytest.param({**compose("build: ../shop")}, id="a context beside the repository"),
    pytest.param({**compose("build: ${CONTEXT}")}, id="a context that a variable names"),
    pytest.param({**compose("build:\n  dockerfile_inline: FROM a:1\n  context: .")}, id="an inline Dockerfile"),
    pytest.param(
        compose("image: a:1\nvolumes:\n  - ./data:/data\n  - ./conf.d:/etc/conf.d\n  - shop.conf:/volume"),
        id="mounted folders and volumes",
    ),
    pytest.param(
        compose(
            "image: traefik:3\nvolumes:\n  - ./acme.json:/acme.json\n  - ./tls/server.key:/key\n  - ./a.log:/a.log"
        ),
        id="mounted keys and files that appear when programs run",
    ),
    pytest.param(
        {**compose("image: a:1\nvolumes: ['./app.yaml:/app.yaml']"), "app.example.yaml": ""},
        id="a mounted file with an example",
    ),
    pytest.param(
        {**compose("image: a:1\nvolumes: ['./app.yaml:/app.yaml']"), "setup.sh": "envsubst < app.in > ./app.yaml\n"},
        id="a mounted file that a script writes",
    ),
    pytest.param(
        {
            **compose("image: a:1\nvolumes: ['./app.yaml:/app.yaml']"),
            "README.md": "    cp /usr/share/a.yaml app.yaml\n",
        },
        id="a mounted file that a document tells to write",
    ),
    pytest.param(
        {
            **compose("build:\n  context: ../..\n  dockerfile: api/Dockerfile", "deploy/compose.prod.yaml"),
            "deploy/x": "",
        },
        id="a context above the repository",
    ),
    pytest.param(
        {
            **compose("build: ./api", "deploy/cli/compose.prod.yaml"),
            "api/Dockerfile": FROM,
            "install.sh": 'cp "$SOURCES/deploy/cli/compose.prod.yaml" "$SOURCES/compose.yaml"\n',
        },
        id="a Compose file that a script puts into another folder",
    ),
    pytest.param(
        {
            "compose.prod.yaml": "services:\n  a:\n    image: a:1\nsecrets:\n  key:\n    file: ./api_key.txt\n",
            ".gitignore": "api_key.txt\n",
        },
        id="a secret that is ignored",
    ),
    pytest.param(
        {
            **compose("build: ./api", "tests/compose.prod.yaml"),
            "docs/Dockerfile": FROM + "COPY a.conf /\n",
            "Makefile": "",
        },
        id="tests and documents",
    ),
    pytest.param(
        {"Dockerfile": FROM + "COPY target/app.jar /\nCOPY dist/ /www\nCOPY api.jar /\n", ".gitignore": "*.jar\n"},
        id="build outputs",
    ),
    pytest.param(
        {"Dockerfile": FROM + "COPY manager /\n", "Makefile": "build:\n\tgo build -o manager ./cmd\n"},
        id="a program that a recipe builds",
    ),
    pytest.param(
        {"Dockerfile": FROM + "COPY shopctl /\n", ".goreleaser.yaml": "builds: []\n"}, id="a released program"
    ),
    pytest.param(
        {"Dockerfile": FROM + "COPY --from=nginx:1.27 /etc/a /a\nADD https://example.com/a.tgz /\nCOPY $A yarn.* /\n"},
        id="other images, addresses, variables and patterns",
    ),
    pytest.param(
        {"Dockerfile": "# syntax=docker/dockerfile:1\n" + FROM + "COPY <<EOF /etc/a.conf\na\nEOF\n"},
        id="a here-document",
    ),
    pytest.param({"Dockerfile": FROM + "ONBUILD COPY start.conf /\n"}, id="what a later build copies"),
    pytest.param({"Dockerfile.j2": FROM + "COPY start.conf /\n", "Dockerfile": FROM}, id="a template"),
    pytest.param(
        {"docker/api/Dockerfile": FROM + "COPY api/main.py /\n", "api/main.py": ""},
        id="a context around the Dockerfile",
    ),
    pytest.param(
        {
            "docker/Dockerfile": FROM + "COPY main.py /\n",
            "src/main.py": "",
            ".github/workflows/ci.yaml": "steps:\n  - run: docker build -f docker/Dockerfile src\n",
        },
        id="a context that a pipeline names",
    ),
    pytest.param(
        {"Dockerfile": FROM + "COPY ./meta /\n", "build.sh": "tar c meta | docker build -t a -\n"}, id="a piped context"
    ),
    pytest.param(
        {"Dockerfile": FROM + "COPY app /app\n", ".dockerignore": "*\n!app/main.py\n", "app/main.py": "", "app/a": ""},
        id="a folder of which .dockerignore leaves something in",
    ),
    pytest.param(
        {
            "Dockerfile": FROM + "COPY a.conf /\n",
            "Dockerfile.dockerignore": "b\n",
            ".dockerignore": "*\n",
            "a.conf": "",
        },
        id="a .dockerignore of the Dockerfile's own",
    ),
    pytest.param(
        {"Dockerfile": "FROM a:1 AS Build\nFROM b:1\nCOPY --from=build /a /\nCOPY --from=0 /b /\nCOPY --from=c /c /\n"},
        id="stages and images",
    ),
    pytest.param(
        {
            "Dockerfile": FROM + "COPY --from=deps /a /a\n",
            "compose.yaml": "services:\n  a:\n    build: {context: ., additional_contexts: {deps: .}}\n",
        },
        id="a named context",
    ),
    pytest.param(
        {
            "package.json": package(
                start="node dist/main.js",
                serve="node server.js",
                seed="node -r dotenv/config db/seed.js",
                tool="eslint tools/none.js",
                maybe="test -f a.js && node a.js || true",
                remote="docker compose exec api node b.js",
                all="npm run build --workspaces --if-present && yarn run none && pnpm none",
            ),
            "server.ts": "",
        },
        id="outputs, compiled files, arguments, conditions, containers and other packages",
    ),
    pytest.param(
        {
            "package.json": package(serve="node server.js"),
            "next.config.js": "module.exports = {output: 'standalone'}\n",
        },
        id="a server that Next.js writes",
    ),
    pytest.param(
        {"package.json": package(a="(cd web && npm run b) && npm run c", c="x"), "web/package.json": package(b="x")},
        id="a folder that only a subshell changes to",
    ),
    pytest.param({"package.json": package(start="node index"), "index.js": ""}, id="a module without its ending"),
    pytest.param(
        {
            "package.json": package(build="vite build"),
            "Dockerfile": FROM + "RUN git clone https://example.com/a && cd a && npm run compile\n",
        },
        id="a package that the image build clones",
    ),
    pytest.param(
        {"Makefile": "all:\n\tmake deploy-api docs\ndeploy-%:\n\ttrue\n", "docs/a.md": ""},
        id="a pattern among the targets",
    ),
    pytest.param({"Makefile": "include common.mk\nall:\n\tmake other\n"}, id="targets of included makefiles"),
    pytest.param(
        {"Makefile": "run:\n\t-./a.sh\n\t./$(NAME).sh\n\tgit clone x y && cd y && ./b.sh\n\t./bin/tool\n"},
        id="recipes whose files are not known or not needed",
    ),
    pytest.param(
        {
            "deploy/api.service": "[Service]\nWorkingDirectory=/opt/kafka\nExecStart=/opt/kafka/bin/start.sh\n",
            "Makefile": "",
        },
        id="a unit of another product",
    ),
    pytest.param(
        {
            "Dockerfile": FROM + "WORKDIR /app\nCOPY . .\n",
            "supervisord.conf": "[program:worker]\ndirectory=/app\ncommand=python worker.py\n",
            "src/worker.py": "",
        },
        id="a file that has another folder on the host",
    ),
    pytest.param(
        {
            "deploy.sh": "helm install a ./a -f secrets.yaml -f $VALUES\n",
            ".gitignore": "secrets.yaml\n",
            "Makefile": "a:\n",
        },
        id="values files that are ignored or not known",
    ),
    pytest.param(
        {"argo/a.yaml": application("deploy/api")},
        id="another repository",
    ),
]


@pytest.mark.parametrize(("files", "expected"), FIRES)
def test_fires(files: dict[str, str], expected: list[str], tmp_path: Path) -> None:
    findings = found(tmp_path, files)
    assert [f"{finding.path}:{finding.line} {finding.severity}" for finding in findings] == expected


@pytest.mark.parametrize("files", SILENT)
def test_is_silent(files: dict[str, str], tmp_path: Path) -> None:
    try:
        findings = found(tmp_path, files)
    except NotApplicable:
        findings = []
    assert findings == []


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        pytest.param("/tmp/models", ["leads into a temporary directory, /tmp/models"], id="a temporary directory"),
        pytest.param(
            "/home/anna/models", ["leads to /home/anna/models, outside of the repository"], id="a home directory"
        ),
        pytest.param("../../models", ["leads to ../../models, outside of the repository"], id="out of the repository"),
        pytest.param("models-v2", ["api/models-v2 is not committed"], id="a path that is not there"),
        pytest.param("../shared", [], id="a committed folder"),
        pytest.param("/dev/null", [], id="a device"),
        pytest.param("/etc/nginx/nginx.conf", [], id="a part of an image's file tree"),
        pytest.param("cache", [], id="an ignored folder"),
    ],
)
def test_symbolic_links_lead_to_what_a_clone_has(target: str, expected: list[str], tmp_path: Path) -> None:
    write(tmp_path, {"shared/a": "", ".gitignore": "cache\n"})
    (tmp_path / "api").mkdir()
    (tmp_path / "api" / "models").symlink_to(target)
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "add", "--all")
    try:
        findings = list(check(Project(Repository(str(tmp_path)), Config())))
    except NotApplicable:
        findings = []
    assert [finding.path for finding in findings] == ["api/models"] * len(expected)
    for finding, part in zip(findings, expected, strict=True):
        assert part in finding.message


def test_a_file_that_is_only_on_disk_is_called_so(tmp_path: Path) -> None:
    files = {"Dockerfile": FROM + "COPY start.conf /\n"}
    (finding,) = found(tmp_path, files, {"start.conf": ""})
    assert finding.message == "COPY takes start.conf: start.conf is on disk but not committed"
    assert finding.fix == "git add -f start.conf"


def test_the_pattern_that_ignores_a_file_on_disk_is_named(tmp_path: Path) -> None:
    files = {**compose("image: a:1\nvolumes: ['./a.conf:/a.conf']"), ".gitignore": "\n*.conf\n"}
    (finding,) = found(tmp_path, files, {"a.conf": ""})
    assert "a.conf is on disk but not committed, it is ignored (.gitignore:2: *.conf)" in finding.message


def test_of_a_folder_that_is_missing_the_fix_names_what_it_must_hold(tmp_path: Path) -> None:
    [finding] = found(tmp_path, compose("build: ./services/api"))
    assert finding.fix == "write services/api/Dockerfile and what it copies, then: git add services/api"


def test_a_chart_is_not_told_to_depend_on_itself(tmp_path: Path) -> None:
    chart = 'name: shop\ndependencies: [{name: db, version: 1.0.0, repository: "file://../db"}]\n'
    [finding] = found(tmp_path, {"shop/Chart.yaml": chart})
    assert finding.fix == "write db/Chart.yaml, then: git add db/Chart.yaml"


def test_a_file_with_other_capitals_is_renamed(tmp_path: Path) -> None:
    (finding,) = found(tmp_path, {"Dockerfile": FROM + "COPY Start.conf /\n", "start.conf": ""})
    assert finding.message.endswith("it is committed as start.conf, and Linux tells capitals from small letters")
    assert finding.fix == "git mv start.conf Start.conf, or name it as it is"


def test_what_a_file_names_several_times_is_reported_once(tmp_path: Path) -> None:
    (finding,) = found(tmp_path, {"Dockerfile": "FROM a:1\nCOPY a.conf /\nFROM b:1\nCOPY a.conf /\n"})
    assert finding.line == 2
    assert finding.details["also"] == [4]


def test_a_committed_file_of_that_name_is_offered(tmp_path: Path) -> None:
    files = {**compose("image: a:1\nvolumes: ['./deploy/a.conf:/a']", "deploy/compose.prod.yaml"), "deploy/a.conf": ""}
    (finding,) = found(tmp_path, files)
    assert finding.details["target"] == "deploy/deploy/a.conf"
    assert finding.fix is not None
    assert finding.fix.endswith("; or name deploy/a.conf, which is committed")


def test_what_lies_in_a_submodule_is_not_known(tmp_path: Path) -> None:
    repository(tmp_path, compose("build: ./shop/api"))
    git(tmp_path, "update-index", "--add", "--cacheinfo", "160000," + "1" * 40 + ",shop")
    assert list(check(Project(Repository(str(tmp_path)), Config()))) == []


def test_what_runs_in_the_image_is_no_part_of_its_build(tmp_path: Path) -> None:
    files = {"package.json": package(build="vite build"), "Dockerfile": FROM + 'CMD ["npm", "run", "serve"]\n'}
    (finding,) = found(tmp_path, files)
    assert finding.message == 'the image runs npm run serve, but package.json has no script "serve"'


def test_a_repository_that_names_nothing_is_not_judged(tmp_path: Path) -> None:
    with pytest.raises(NotApplicable):
        found(tmp_path, {"main.py": "print(1)\n"})


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(), st.text(alphabet='COPY -=./*![]"\\\n&|;$(){}cdnpmrunakem', max_size=200))
def test_any_text_is_judged(tmp_path_factory: pytest.TempPathFactory, text: str, script: str) -> None:
    files = {
        "Dockerfile": f"FROM a\nCOPY {script}\n{text}",
        ".dockerignore": script,
        "Makefile": f"a:\n\t{script}\n{text}",
        "Procfile": f"web: {script}",
        "compose.yaml": f"services:\n  a:\n    build: {script}\n{text}",
        "api.service": f"[Service]\nWorkingDirectory=/srv/a\nExecStart={script}",
        "Chart.yaml": text,
    }
    for finding in found(
        tmp_path_factory.mktemp("any") / "repository", {name: _encodable(text) for name, text in files.items()}
    ):
        assert finding.line > 0


def _encodable(text: str) -> str:
    return text.encode("utf-8", "replace").decode()
