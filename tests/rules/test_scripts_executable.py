"""What `scripts-executable` reports, and what it leaves alone."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import pytest

from shipworthy.config import Config
from shipworthy.project import Project
from shipworthy.repository import Repository
from shipworthy.rule import Finding, NotApplicable
from shipworthy.rules.scripts_executable import RULE, check
from support import command, git, repository, run

Files = Mapping[str, str | bytes]
SH = '#!/bin/sh\nexec "$@"\n'
BASH = "#!/bin/bash\ntrue\n"
X = "+x "
"""Before a path: the file is executable in the index."""


def image(*lines: str, base: str = "debian:12.8-slim") -> dict[str, str]:
    """A Dockerfile; the first line stands on line 2."""
    return {"Dockerfile": "\n".join([f"FROM {base}", *lines, ""])}


def compose(*lines: str) -> dict[str, str]:
    """A Compose file with one service; the first line stands on line 3."""
    return {"compose.yaml": "services:\n  api:\n" + "".join(f"    {line}\n" for line in lines)}


def pod(container: str, volumes: str = "[]") -> dict[str, str]:
    """A Deployment; the container stands on line 7."""
    return {
        "k8s/api.yaml": "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: api}\nspec:\n  template:\n    spec:\n"
        f"      containers: [{container}]\n      volumes: {volumes}\n"
    }


def workflow(run: str) -> dict[str, str]:
    return {
        ".github/workflows/ci.yml": "on: push\njobs:\n  ci:\n    runs-on: ubuntu-latest\n    steps:\n"
        f"      - uses: actions/checkout@v4\n      - run: {run}\n"
    }


def unit(*lines: str) -> dict[str, str]:
    return {"deploy/api.service": "[Service]\n" + "".join(f"{line}\n" for line in lines)}


def findings(directory: Path, files: Files) -> list[Finding]:
    root = repository(directory, {path.removeprefix(X): content for path, content in files.items()})
    for path in files:
        if path.startswith(X):
            git(root, "update-index", "--chmod=+x", path.removeprefix(X))
    found = check(Project(Repository(str(root)), Config()))
    return sorted(found, key=lambda finding: finding.order)


def kinds(found: list[Finding]) -> list[str]:
    return [f"{finding.path}:{finding.line} {finding.severity} {finding.details['kind']}" for finding in found]


MADE = {"Makefile": "deploy:\n\t./deploy.sh\n", "deploy.sh": SH}
# committed files, and each finding as ``path:line severity kind``
FIRES = [
    pytest.param(
        {**image("COPY run.sh /run.sh", 'ENTRYPOINT ["/run.sh"]'), "run.sh": SH},
        ["Dockerfile:3 high mode"],
        id="an entry point",
    ),
    pytest.param(
        {**image("WORKDIR /app", "COPY . .", 'CMD ["./run.sh"]'), "run.sh": SH},
        ["Dockerfile:4 high mode"],
        id="a command",
    ),
    pytest.param(
        {**image("WORKDIR /app", "COPY . .", "CMD ./run.sh"), "run.sh": SH},
        ["Dockerfile:4 high mode"],
        id="a command in the shell form",
    ),
    pytest.param(
        {**image("COPY . .", 'CMD ["./run.sh"]'), "run.sh": SH},
        ["Dockerfile:3 high mode"],
        id="a folder that the base image chooses",
    ),
    pytest.param(
        {**image("WORKDIR /srv", "COPY scripts/ /srv/bin/", "CMD exec bin/run.sh"), "scripts/run.sh": SH},
        ["Dockerfile:4 high mode"],
        id="a folder that is copied",
    ),
    pytest.param(
        {**image("COPY scripts/*.sh /bin/", 'CMD ["/bin/run.sh"]'), "scripts/run.sh": SH},
        ["Dockerfile:3 high mode"],
        id="a pattern that is copied",
    ),
    pytest.param(
        {
            **image("COPY docker-entrypoint.sh /usr/local/bin/", 'ENTRYPOINT ["docker-entrypoint.sh"]'),
            "docker-entrypoint.sh": SH,
        },
        ["Dockerfile:3 high mode"],
        id="a program that is found by its name",
    ),
    pytest.param(
        {**image("ENV PATH=/opt/bin:$PATH", "COPY run.sh /opt/bin/", "CMD run.sh"), "run.sh": SH},
        ["Dockerfile:4 high mode"],
        id="a program on a path of the image's own",
    ),
    pytest.param(
        {**image("ENV APP_HOME=/app", "WORKDIR $APP_HOME", "COPY . $APP_HOME", 'CMD ["/app/run.sh"]'), "run.sh": SH},
        ["Dockerfile:5 high mode"],
        id="folders that variables name",
    ),
    pytest.param(
        {**image("COPY run.sh /", 'ENTRYPOINT ["tini", "--"]', 'CMD ["/run.sh"]'), "run.sh": SH},
        ["Dockerfile:4 high mode"],
        id="behind a program that only starts it",
    ),
    pytest.param(
        {
            **image("COPY entry.sh run.sh /", 'ENTRYPOINT ["/entry.sh"]', 'CMD ["/run.sh"]'),
            X + "entry.sh": SH,
            "run.sh": SH,
        },
        ["Dockerfile:4 high mode"],
        id="a command that the entry point hands on to",
    ),
    pytest.param(
        {
            **image(
                "COPY run.sh /tmp/", "RUN apt-get update && mv /tmp/run.sh /usr/bin && rm -rf /tmp/*", 'CMD ["run.sh"]'
            ),
            "run.sh": SH,
        },
        ["Dockerfile:4 high mode"],
        id="a script that is moved",
    ),
    pytest.param(
        {
            **image(
                "COPY run.sh /tmp/",
                "RUN (dpkg -l || true) && mv /tmp/run.sh /usr/bin && (yes | dpkg -i x.deb)",
                'CMD ["run.sh"]',
            ),
            "run.sh": SH,
        },
        ["Dockerfile:4 high mode"],
        id="a script that is moved between commands that may fail",
    ),
    pytest.param(
        {**image("COPY run.sh /src/", "WORKDIR /src", "RUN cp run.sh /entry", 'ENTRYPOINT ["/entry"]'), "run.sh": SH},
        ["Dockerfile:5 high mode"],
        id="a script that is copied under another name",
    ),
    pytest.param(
        {
            **image("COPY run.sh /src/", "RUN ln -s /src/run.sh /usr/local/bin/entry", 'ENTRYPOINT ["entry"]'),
            "run.sh": SH,
        },
        ["Dockerfile:4 high mode"],
        id="a link to a script",
    ),
    pytest.param(
        {**image("COPY . /src/", "RUN mv /src/*.sh /usr/bin/", 'ENTRYPOINT ["run.sh"]'), "run.sh": SH},
        ["Dockerfile:4 high mode"],
        id="scripts that are moved by a pattern",
    ),
    pytest.param(
        {**image("COPY run.sh /a.sh", "RUN cp /a.sh /b.sh", 'CMD ["/a.sh"]'), "run.sh": SH},
        ["Dockerfile:4 high mode"],
        id="a script of which a copy is made",
    ),
    pytest.param(
        {**image("COPY run.sh /src/", "RUN install -m 0644 /src/run.sh /usr/bin/run", 'CMD ["run"]'), "run.sh": SH},
        ["Dockerfile:4 high forbidden"],
        id="a script that is installed without a bit",
    ),
    pytest.param(
        {**image("ARG STAGE=prod", "COPY start-${STAGE}.sh /start", 'CMD ["/start"]'), "start-prod.sh": SH},
        ["Dockerfile:4 high mode"],
        id="a name that a variable makes whole",
    ),
    pytest.param(
        {
            "Dockerfile": 'FROM a:1 AS build\nWORKDIR /src\nCOPY . .\nFROM debian:12\nCOPY --from=build /src/run.sh /run.sh\nCMD ["/run.sh"]\n',
            "run.sh": SH,
        },
        ["Dockerfile:6 high mode"],
        id="a file that comes through another stage",
    ),
    pytest.param(
        {"Dockerfile": 'FROM debian:12 AS base\nCOPY run.sh /run.sh\nFROM base\nCMD ["/run.sh"]\n', "run.sh": SH},
        ["Dockerfile:4 high mode"],
        id="a file of the stage below",
    ),
    pytest.param(
        {**image("COPY gradlew .", "RUN ./gradlew build", "CMD java -jar a.jar"), "gradlew": SH},
        ["Dockerfile:3 high mode"],
        id="a program of the build",
    ),
    pytest.param(
        {**image("COPY api api", "RUN cd api && ./mvnw package"), "api/mvnw": SH},
        ["Dockerfile:3 high mode"],
        id="a program of the build in another folder",
    ),
    pytest.param(
        {**image("COPY check.sh /", "HEALTHCHECK --interval=5s CMD /check.sh", "CMD sleep 1"), "check.sh": SH},
        ["Dockerfile:3 high mode"],
        id="a health check",
    ),
    pytest.param(
        {**image("COPY run.sh /", "RUN chmod 644 /run.sh", 'CMD ["/run.sh"]'), "run.sh": SH},
        ["Dockerfile:4 high mode"],
        id="a chmod that gives no bit",
    ),
    pytest.param(
        {**image("COPY a.sh run.sh /", "RUN chmod +x /a.sh", 'CMD ["/run.sh"]'), "run.sh": SH, "a.sh": SH},
        ["Dockerfile:4 high mode"],
        id="a chmod of another file",
    ),
    pytest.param(
        {**image("COPY --chmod=0644 run.sh /", 'CMD ["/run.sh"]'), X + "run.sh": SH},
        ["Dockerfile:3 high forbidden"],
        id="a copy that takes the bit",
    ),
    pytest.param(
        {"Dockerfile": "FROM a AS dev\nCOPY run.sh /\nRUN /run.sh\nFROM debian:12\nCMD sleep 1\n", "run.sh": SH},
        ["Dockerfile:3 medium mode"],
        id="a stage that production does not need",
    ),
    pytest.param(
        {"Dockerfile.dev": 'FROM debian:12\nCOPY run.sh /\nCMD ["/run.sh"]\n', "run.sh": SH},
        ["Dockerfile.dev:3 medium mode"],
        id="an image for development",
    ),
    pytest.param(
        {**image("COPY run.sh /", 'CMD ["/run.sh"]', base="node:22.12-alpine"), X + "run.sh": BASH},
        ["Dockerfile:3 high interpreter"],
        id="bash in an image of Alpine",
    ),
    pytest.param(
        {**image("COPY run.sh /", 'CMD ["/run.sh"]', base="gcr.io/distroless/static-debian12"), X + "run.sh": SH},
        ["Dockerfile:3 high interpreter"],
        id="a shell in an image without one",
    ),
    pytest.param(
        {**image("COPY run.py /", 'CMD ["/run.py"]'), X + "run.py": "#!/usr/bin/env -S python3 -u\n"},
        ["Dockerfile:3 high interpreter"],
        id="Python in an image of Debian",
    ),
    pytest.param(
        {**image("COPY run.sh /", 'CMD ["/run.sh"]'), X + "run.sh": "#!/bin/sh\r\necho a\r\n"},
        ["Dockerfile:3 high carriage return"],
        id="line ends of Windows",
    ),
    pytest.param(
        {**image("COPY run.sh /", 'CMD ["/run.sh"]'), X + "run.sh": b"\xef\xbb\xbf#!/bin/sh\n"},
        ["Dockerfile:3 high byte order mark"],
        id="a byte order mark",
    ),
    pytest.param(
        {**image("COPY cli.js /", 'ENTRYPOINT ["/cli.js"]', base="node:22.12"), "cli.js": "#!/usr/bin/env node\n"},
        ["Dockerfile:3 high mode"],
        id="a file in the place of node's entry point",
    ),
    pytest.param(
        {**image("COPY run.sh /", 'CMD ["/run.sh"]'), X + "run.sh": "echo a\n"},
        ["Dockerfile:3 high no interpreter"],
        id="no first line, and no shell that minds it",
    ),
    pytest.param(
        {**image("COPY run.sh /", 'CMD ["/run.sh"]', base="alpine:3.22"), "run.sh": BASH},
        ["Dockerfile:3 high interpreter", "Dockerfile:3 high mode"],
        id="neither the bit nor the program",
    ),
    pytest.param(
        {**compose("build: .", 'entrypoint: ["/app/run.sh"]'), **image("COPY . /app", "CMD sleep 1"), "run.sh": SH},
        ["compose.yaml:4 high mode"],
        id="an entry point that Compose gives",
    ),
    pytest.param(
        {**compose("build: .", "command: ./run.sh --all"), **image("WORKDIR /app", "COPY . ."), "run.sh": SH},
        ["compose.yaml:4 high mode"],
        id="a command that Compose gives",
    ),
    pytest.param(
        {**compose("image: alpine:3.22", "command: /init/run.sh", "volumes: [./init:/init:ro]"), "init/run.sh": SH},
        ["compose.yaml:4 high mode"],
        id="a folder that is mounted",
    ),
    pytest.param(
        {**compose("image: alpine:3.22", "entrypoint: /run.sh", "volumes: [./run.sh:/run.sh]"), X + "run.sh": BASH},
        ["compose.yaml:4 high interpreter"],
        id="a file that is mounted into an image without its program",
    ),
    pytest.param(
        {
            **compose("build: .", "volumes: ['.:/app']"),
            **image("WORKDIR /app", "COPY . .", "RUN chmod +x run.sh", 'CMD ["./run.sh"]'),
            "run.sh": SH,
        },
        ["compose.yaml:4 high mode"],
        id="a mount that hides what the image made executable",
    ),
    pytest.param(
        {
            **compose(
                "image: acme/api:1", "healthcheck:", '  test: ["CMD", "/check.sh"]', "volumes: [./check.sh:/check.sh]"
            ),
            "check.sh": SH,
        },
        ["compose.yaml:5 high mode"],
        id="a health check that Compose gives",
    ),
    pytest.param(
        pod(
            '{name: api, image: a, command: ["/scripts/run.sh"], volumeMounts: [{name: s, mountPath: /scripts}]}',
            "[{name: s, configMap: {name: scripts}}]",
        ),
        ["k8s/api.yaml:7 high volume"],
        id="a script of a ConfigMap",
    ),
    pytest.param(
        pod(
            "{name: api, image: a, command: [/run.sh], volumeMounts: [{name: s, mountPath: /run.sh, subPath: run.sh}]}",
            "[{name: s, configMap: {name: scripts, defaultMode: 0444}}]",
        ),
        ["k8s/api.yaml:7 high volume"],
        id="a single file of a ConfigMap with a mode that does not help",
    ),
    pytest.param(
        pod(
            "{name: api, image: a, livenessProbe: {exec: {command: [/s/run.sh]}}, volumeMounts: [{name: s, mountPath: /s}]}",
            "[{name: s, secret: {secretName: scripts}}]",
        ),
        ["k8s/api.yaml:7 high volume"],
        id="a probe that is a script of a Secret",
    ),
    pytest.param(
        {
            **pod('{name: api, image: "ghcr.io/acme/api:1", command: [/app/migrate.sh]}'),
            "api/Dockerfile": "FROM debian:12\nCOPY . /app\nCMD sleep 1\n",
            "api/package.json": '{"dependencies": {"express": "5"}, "scripts": {"start": "node ."}}',
            "api/migrate.sh": SH,
        },
        ["k8s/api.yaml:7 high mode"],
        id="a command of a pod in an image that is built here",
    ),
    pytest.param(
        {**unit("ExecStart=/opt/api/scripts/run.sh"), "scripts/run.sh": SH},
        ["deploy/api.service:2 high mode"],
        id="what a unit starts in a folder of that name",
    ),
    pytest.param(
        {**unit("ExecStart=/opt/api/scripts/run.sh"), X + "scripts/run.sh": "echo a\n"},
        ["deploy/api.service:2 high no interpreter"],
        id="what a unit starts without a first line",
    ),
    pytest.param(
        {
            **unit("WorkingDirectory=/opt/api", "ExecStart=/opt/api/run.sh", "EnvironmentFile=/opt/api/api.env"),
            "api.env": "A=1\n",
            "run.sh": SH,
        },
        ["deploy/api.service:3 high mode"],
        id="what a unit starts in a folder that holds the repository",
    ),
    pytest.param({"Procfile": "web: ./bin/run\n", "bin/run": SH}, ["Procfile:1 high mode"], id="a process"),
    pytest.param(
        {"Makefile": "deploy:\n\t./scripts/deploy.sh\n", "scripts/deploy.sh": SH},
        ["Makefile:2 high mode"],
        id="a target",
    ),
    pytest.param(
        {f"{folder}/{name}": text for folder in ("a", "b") for name, text in MADE.items()},
        ["a/Makefile:2 high mode", "b/Makefile:2 high mode"],
        id="a target in copies of a folder",
    ),
    pytest.param(
        {"Makefile": "lint:\n\t./scripts/lint.sh\n", "scripts/lint.sh": SH},
        ["Makefile:2 medium mode"],
        id="a target for development",
    ),
    pytest.param(
        {"web/package.json": '{"scripts": {"build": "vite build && ./post.sh"}}', "web/post.sh": SH},
        ["web/package.json:1 high mode"],
        id="a script of a package",
    ),
    pytest.param(
        {X + "deploy.sh": "#!/bin/sh\ncd services\n./build.sh\n", "services/build.sh": SH},
        ["deploy.sh:3 high mode"],
        id="a script that another script starts",
    ),
    pytest.param(
        {
            X
            + "deploy/up.sh": '#!/bin/bash\nDIR="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"\nup() {\n  "$DIR/build.sh"\n}\n',
            "deploy/build.sh": SH,
        },
        ["deploy/up.sh:4 high mode"],
        id="a script beside the one that starts it",
    ),
    pytest.param(
        {X + "up.sh": '#!/bin/bash\nDIR="$(dirname $(readlink -f $0))"\n\n$DIR/api/build.sh\n', "api/build.sh": SH},
        ["up.sh:4 high mode"],
        id="a script in a folder of the one that starts it, whatever link it was started by",
    ),
    pytest.param(
        {X + "deploy/up.sh": '#!/bin/sh\ncd "$(dirname "$0")/.."\n./tools/build.sh\n', "tools/build.sh": SH},
        ["deploy/up.sh:3 high mode"],
        id="a script in a folder that is seen from the one that starts it",
    ),
    pytest.param(
        {"Makefile": "setup:\n\tgit config core.hooksPath .githooks\n", ".githooks/pre-commit": SH},
        [".githooks/pre-commit:1 medium mode"],
        id="a hook that git is told of",
    ),
    pytest.param(
        {"package.json": '{"devDependencies": {"husky": "^8.0.3"}}', ".husky/pre-commit": SH},
        [".husky/pre-commit:1 medium mode"],
        id="a hook of an older husky",
    ),
    pytest.param(
        {"README.md": "# Deploy\n\n```console\n$ sudo ./scripts/deploy.sh --all\n```\n", "scripts/deploy.sh": SH},
        ["README.md:4 medium mode"],
        id="a script that readers are told to start",
    ),
    pytest.param(
        {"deploy/README.md": "```sh\n./up.sh\n```\n", X + "deploy/up.sh": "#!/bin/sh\r\n", "a.sh": SH, "x/up.sh": SH},
        ["deploy/README.md:2 medium carriage return"],
        id="line ends of Windows in what readers are told to start",
    ),
    pytest.param(
        {**workflow("./run.sh"), X + "run.sh": "#!/bin/sh\r\n"},
        [".github/workflows/ci.yml:7 high carriage return"],
        id="line ends of Windows in what CI starts",
    ),
]

SILENT = [
    pytest.param({**image("COPY run.sh /", 'CMD ["/run.sh"]'), X + "run.sh": SH}, id="an executable script"),
    pytest.param({**image("COPY run.sh /", 'CMD ["sh", "/run.sh"]'), "run.sh": SH}, id="a script that a shell reads"),
    pytest.param({**image("COPY run.sh /", 'ENTRYPOINT ["bash"]', 'CMD ["/run.sh"]'), "run.sh": SH}, id="an argument"),
    pytest.param(
        {**image("COPY --chmod=755 run.sh /", 'CMD ["/run.sh"]'), "run.sh": SH}, id="a copy that gives the bit"
    ),
    pytest.param({**image("COPY --chmod=a+rx run.sh /", 'CMD ["/run.sh"]'), "run.sh": SH}, id="in words"),
    pytest.param({**image("COPY run.sh /", "RUN chmod +x /run.sh", 'CMD ["/run.sh"]'), "run.sh": SH}, id="a chmod"),
    pytest.param(
        {**image("COPY . /app", "RUN chmod -R 755 /app", 'CMD ["/app/run.sh"]'), "run.sh": SH}, id="of a folder"
    ),
    pytest.param(
        {**image("COPY . /app", "RUN chmod +x /app/*.sh", 'CMD ["/app/run.sh"]'), "run.sh": SH}, id="of a pattern"
    ),
    pytest.param(
        {**image("COPY . /app", "RUN find /app -name '*.sh' -exec chmod +x {} +", 'CMD ["/app/run.sh"]'), "run.sh": SH},
        id="of what find finds",
    ),
    pytest.param(
        {**image("COPY mvnw .", "RUN chmod +x mvnw && ./mvnw package"), "mvnw": SH}, id="in the same instruction"
    ),
    pytest.param(
        {
            "Dockerfile": "FROM a:1 AS b\nCOPY run.sh /\nRUN chmod +x /run.sh\nFROM debian:12\nCOPY --from=b /run.sh /\n"
            'CMD ["/run.sh"]\n',
            "run.sh": SH,
        },
        id="a chmod in the stage that it comes from",
    ),
    pytest.param(
        {**image("COPY run.sh /tmp/", "RUN install -m 755 /tmp/run.sh /run.sh", 'CMD ["/run.sh"]'), "run.sh": SH},
        id="a file that a command puts there",
    ),
    pytest.param(
        {**image("COPY . /app", "RUN mv /app/run.sh.tmpl /app/run.sh", 'CMD ["/app/run.sh"]'), "run.sh": SH},
        id="a file that a command puts in the place of another",
    ),
    pytest.param(
        {**image("COPY --from=acme/tools /run.sh /", 'CMD ["/run.sh"]'), "run.sh": SH}, id="another image's file"
    ),
    pytest.param({**image("COPY run.sh $WHERE/", 'CMD ["/run.sh"]'), "run.sh": SH}, id="a folder that nobody knows"),
    pytest.param({**image("COPY dist /app", 'CMD ["/app/run.sh"]'), "run.sh": SH}, id="another folder's file"),
    pytest.param(
        {**image("COPY . .", "RUN [ -x run.sh ] && ./run.sh || true"), "run.sh": SH}, id="a command that may fail"
    ),
    pytest.param(
        {"examples/Dockerfile": 'FROM debian:12\nCOPY run.sh /\nCMD ["/run.sh"]\n', "examples/run.sh": SH},
        id="an example",
    ),
    pytest.param(
        {**image("COPY run.sh /", 'CMD ["/run.sh"]'), "run.sh": SH, "build.sh": "chmod +x run.sh\ndocker build .\n"},
        id="a script that makes it executable before the build",
    ),
    pytest.param(
        {
            **image("COPY run.sh /", 'CMD ["/run.sh"]'),
            "run.sh": SH,
            **workflow("find . -name '*.sh' -exec chmod +x {} \\;"),
        },
        id="a pipeline that makes all of them executable",
    ),
    pytest.param(
        {
            **image("COPY run.sh /", "RUN apk add --no-cache bash", 'CMD ["/run.sh"]', base="alpine:3.22"),
            X + "run.sh": BASH,
        },
        id="bash that is installed",
    ),
    pytest.param(
        {
            **image("COPY . /", "RUN /setup.sh", 'CMD ["/run.sh"]', base="alpine:3.22"),
            X + "run.sh": BASH,
            X + "setup.sh": SH,
        },
        id="a script that may install anything",
    ),
    pytest.param(
        {**image("COPY run.sh /", 'CMD ["/run.sh"]', base="postgres:17-alpine"), X + "run.sh": BASH},
        id="an image of Alpine that brings bash",
    ),
    pytest.param(
        {**image("COPY run.sh /", 'CMD ["/run.sh"]', base="$BASE"), X + "run.sh": BASH}, id="a base that is not known"
    ),
    pytest.param(
        {**image("COPY run.sh /", "RUN sed -i 's/\\r$//' /run.sh", 'CMD ["/run.sh"]'), X + "run.sh": "#!/bin/sh\r\n"},
        id="line ends that the image mends",
    ),
    pytest.param({**image("COPY run.sh /", "CMD /run.sh"), X + "run.sh": "echo a\n"}, id="no first line, but a shell"),
    pytest.param({**image("COPY app /", 'CMD ["/app"]'), X + "app": b"\x7fELF\x02\0\0"}, id="a program"),
    pytest.param(
        {**image("COPY server.js /", 'CMD ["/server.js"]', base="node:22.12-alpine"), "server.js": "listen()\n"},
        id="a file that the entry point of node runs",
    ),
    pytest.param(
        {**compose("image: node:22", "command: /app/server.js", "volumes: [.:/app]"), "server.js": "listen()\n"},
        id="a mounted file that the entry point of node runs",
    ),
    pytest.param({**image("COPY setup.ps1 /", "RUN ./setup.ps1"), "setup.ps1": "a"}, id="a script of Windows"),
    pytest.param(
        {**compose("image: grafana/k6:1.0", "command: /s/run.js", "volumes: [./s:/s]"), "s/run.js": "a"},
        id="an argument of an image that is not known",
    ),
    pytest.param(
        {**compose("image: postgres:17", "volumes: [./init.sh:/docker-entrypoint-initdb.d/init.sh]"), "init.sh": SH},
        id="a script that the image reads where it is not executable",
    ),
    pytest.param(
        {**compose("image: alpine:3.22", "command: [sh, /run.sh]", "volumes: [./run.sh:/run.sh]"), "run.sh": SH},
        id="a mounted script that a shell reads",
    ),
    pytest.param(
        pod(
            '{name: api, image: a, command: ["/s/run.sh"], volumeMounts: [{name: s, mountPath: /s}]}',
            "[{name: s, configMap: {name: scripts, defaultMode: 0755}}]",
        ),
        id="a ConfigMap with a mode",
    ),
    pytest.param(
        pod(
            '{name: api, image: a, command: ["/s/run.sh"], volumeMounts: [{name: s, mountPath: /s}]}',
            "[{name: s, configMap: {name: scripts, defaultMode: 493}}]",
        ),
        id="a mode in decimal digits",
    ),
    pytest.param(
        pod(
            '{name: api, image: a, command: ["/s/run.sh"], volumeMounts: [{name: s, mountPath: /s}]}',
            "[{name: s, configMap: {name: scripts, items: [{key: run.sh, path: run.sh, mode: 0755}]}}]",
        ),
        id="the mode of one item",
    ),
    pytest.param(
        pod(
            '{name: api, image: a, command: ["sh", "/s/run.sh"], volumeMounts: [{name: s, mountPath: /s}]}',
            "[{name: s, configMap: {name: scripts}}]",
        ),
        id="a script of a ConfigMap that a shell reads",
    ),
    pytest.param(
        pod(
            '{name: api, image: a, command: ["/s/run.sh"], volumeMounts: [{name: s, mountPath: /s}]}',
            "[{name: s, emptyDir: {}}]",
        ),
        id="a volume that somebody fills",
    ),
    pytest.param({**unit("ExecStart=/usr/local/bin/run.sh"), "bin/run.sh": SH}, id="a file of the system"),
    pytest.param({**unit("ExecStart=/bin/sh /opt/api/scripts/run.sh"), "scripts/run.sh": SH}, id="a unit with a shell"),
    pytest.param({**unit("ExecStart=/opt/api/run.sh"), "run.sh": SH}, id="a file of a folder that nobody knows"),
    pytest.param({"Procfile": "web: bin/run\n", X + "bin/run": SH}, id="an executable process"),
    pytest.param(
        {"Makefile": "deploy:\n\tchmod +x deploy.sh\n\t./deploy.sh\n", "deploy.sh": SH},
        id="a target that gives the bit",
    ),
    pytest.param(
        {"Makefile": "deploy:\n\t[ -x ./deploy.sh ] && ./deploy.sh\n", "deploy.sh": SH}, id="a target that asks"
    ),
    pytest.param(
        {"Makefile": "deploy:\n\tbash scripts/deploy.sh\n", "scripts/deploy.sh": SH}, id="a target with a shell"
    ),
    pytest.param({"Makefile": "deploy:\n\tssh host ./deploy.sh\n", "deploy.sh": SH}, id="another host"),
    pytest.param(
        {X + "up.sh": "#!/bin/sh\n. ./lib.sh\nsource lib/b.sh\n", "lib.sh": SH, "lib/b.sh": SH}, id="what is read"
    ),
    pytest.param({X + "up.sh": '#!/bin/sh\n"$ELSEWHERE/build.sh"\n', "build.sh": SH}, id="a folder from outside"),
    pytest.param(
        {X + "up.sh": "#!/bin/sh\ncat ./a/b.sh | ssh host\n", "a/b.sh": SH}, id="a script that is an argument"
    ),
    pytest.param({"tests/up.sh": "#!/bin/sh\n./a.sh\n", "tests/a.sh": SH}, id="a script of tests"),
    pytest.param(
        {"README.md": "    ./deploy.sh\n", "docs/install.md": "Before: `chmod +x *.sh`\n", "deploy.sh": SH},
        id="a script that readers are told to make executable",
    ),
    pytest.param({"README.md": "Start it by `bash ./deploy.sh`.\n", "deploy.sh": SH}, id="a document with a shell"),
    pytest.param(
        {"README.md": "The work is done by ./deploy.sh in the end.\n", "deploy.sh": SH}, id="a script in prose"
    ),
    pytest.param(
        {
            **image("COPY run.sh /tmp/", "RUN chmod +x /tmp/*.sh && mv /tmp/run.sh /usr/bin", 'CMD ["run.sh"]'),
            "run.sh": SH,
        },
        id="a script that gets its bit before it is moved",
    ),
    pytest.param(
        {
            **image(
                "COPY run.sh /tmp/", "RUN mv /tmp/run.sh /usr/bin/start && chmod 755 /usr/bin/start", 'CMD ["start"]'
            ),
            "run.sh": SH,
        },
        id="a script that gets its bit after it is moved",
    ),
    pytest.param(
        {**image("COPY run.sh /src/", "RUN install /src/run.sh /usr/bin/run", 'CMD ["run"]'), "run.sh": SH},
        id="a script that is installed, which gives the bit",
    ),
    pytest.param(
        {**image("COPY run.sh /src/", "RUN install -D -m 755 /src/run.sh /usr/bin/run", 'CMD ["run"]'), "run.sh": SH},
        id="a script that is installed with a bit",
    ),
    pytest.param(
        {
            **image("COPY run.sh /src/", "RUN if [ -f /x ]; then mv /src/run.sh /usr/bin; fi", 'CMD ["run.sh"]'),
            "run.sh": SH,
        },
        id="a script that may be moved",
    ),
    pytest.param(
        {
            **image("COPY run.sh /src/", "RUN [ -f /x ] && mv /src/run.sh /usr/bin; true", 'CMD ["run.sh"]'),
            "run.sh": SH,
        },
        id="a script that is moved behind a test",
    ),
    pytest.param(
        {**image("COPY run.sh /src/", "RUN mv /src/run.sh /usr/bin || true", 'CMD ["run.sh"]'), "run.sh": SH},
        id="a script whose move may fail",
    ),
    pytest.param(
        {**image("COPY run.sh /src/", "RUN cd /src && mv run.sh /usr/bin", 'CMD ["run.sh"]'), "run.sh": SH},
        id="a script that is moved from a folder that the command changes to",
    ),
    pytest.param(
        {**image("COPY run.sh /src/", "RUN mv $WHERE/run.sh /usr/bin", 'CMD ["run.sh"]'), "run.sh": SH},
        id="a script that is moved from a folder that is not known",
    ),
    pytest.param(
        {**image("COPY run.sh /src/", "RUN mv /src/run.sh /usr/bin/", 'CMD ["/src/run.sh"]'), "run.sh": SH},
        id="a script that is not there any more",
    ),
    pytest.param(
        {
            **image("COPY run.sh /src/", "RUN sed s/a/b/ /src/run.sh > /usr/bin/run", 'CMD ["/usr/bin/run"]'),
            "run.sh": SH,
        },
        id="a script that is made from another",
    ),
    pytest.param(
        {**image("COPY run.sh /src/", "RUN cp --backup /src/run.sh /usr/bin/", 'CMD ["run.sh"]'), "run.sh": SH},
        id="an option that changes what a copy does",
    ),
    pytest.param({".githooks/pre-commit": SH}, id="a hook that git is not told of"),
    pytest.param(
        {"package.json": '{"devDependencies": {"husky": "^9.1.7"}}', ".husky/pre-commit": SH}, id="a hook of husky"
    ),
    pytest.param({**workflow("./run.sh"), "run.sh": SH}, id="a bit that ci-references misses"),
    pytest.param(
        {**workflow("./run.sh"), **image("COPY run.sh /", 'CMD ["/run.sh"]'), "run.sh": SH},
        id="a bit that ci-references misses, of what an image starts as well",
    ),
]


@pytest.mark.parametrize(("files", "expected"), FIRES)
def test_fires(files: Files, expected: list[str], tmp_path: Path) -> None:
    assert kinds(findings(tmp_path, files)) == expected


@pytest.mark.parametrize("files", SILENT)
def test_is_silent(files: Files, tmp_path: Path) -> None:
    with suppress(NotApplicable):
        assert kinds(findings(tmp_path, files)) == []


@pytest.mark.parametrize(
    ("files", "message", "fix"),
    [
        pytest.param(
            {
                **image("COPY a\\ b.sh /", 'ENTRYPOINT ["/run.sh"]'),
                **compose("build: .", "command: /run.sh"),
                "run.sh": SH,
            },
            "",
            "",
            id="nothing that is not copied",
        ),
        pytest.param(
            {**image("COPY run.sh /", 'ENTRYPOINT ["/run.sh"]'), "Makefile": "up:\n\t./run.sh\n", "run.sh": SH},
            "ENTRYPOINT starts run.sh, which is not executable in git: permission denied (also in Makefile:2)",
            "git update-index --chmod=+x run.sh",
            id="the bit",
        ),
        pytest.param(
            {**image("COPY --chmod=0644 run.sh /", 'CMD ["/run.sh"]'), X + "run.sh": SH},
            "CMD starts run.sh, and COPY --chmod=0644 takes its executable bit",
            "COPY --chmod=0755",
            id="a copy that takes the bit",
        ),
        pytest.param(
            {**image("COPY run.sh /", 'CMD ["/run.sh"]', base="alpine:3.22"), X + "run.sh": BASH},
            "CMD starts run.sh, which asks for bash: alpine:3.22 does not have it and nothing installs it",
            "install bash in the image, or write run.sh for what is there: #!/bin/sh",
            id="the program",
        ),
        pytest.param(
            {**image("COPY run.sh /", 'CMD ["/run.sh"]'), X + "run.sh": "#!/bin/sh\r\n"},
            "CMD starts run.sh, whose first line ends as on Windows: the kernel looks for 'sh' with a carriage return",
            "sed -i 's/\\r$//' run.sh, and *.sh text eol=lf in .gitattributes",
            id="the line end",
        ),
        pytest.param(
            pod(
                '{name: api, image: a, command: ["/s/run.sh"], volumeMounts: [{name: s, mountPath: /s}]}',
                "[{name: s, configMap: {name: scripts}}]",
            ),
            "Deployment api starts /s/run.sh, which the ConfigMap scripts brings with the mode 0644, as nothing says another",
            "defaultMode: 0755 in the volume s",
            id="a ConfigMap",
        ),
    ],
)
def test_the_message_says_what_is_wrong_and_what_mends_it(files: Files, message: str, fix: str, tmp_path: Path) -> None:
    try:
        found = findings(tmp_path, files)
    except NotApplicable:
        found = []
    assert [(finding.message, finding.fix) for finding in found] == ([(message, fix)] if message else [])


def test_fix_sets_the_bit_in_the_index_and_on_disk(tmp_path: Path) -> None:
    root = repository(tmp_path, {**image("COPY . /", 'CMD ["/run.sh"]'), "run.sh": SH, "other.sh": SH})
    process = run([*command(RULE.id), "--fix"], root)
    assert process.returncode == 1
    assert "fixed: CMD starts run.sh" in process.stdout
    assert git(root, "ls-files", "-s", "run.sh").startswith("100755")
    assert git(root, "ls-files", "-s", "other.sh").startswith("100644")
    assert (root / "run.sh").stat().st_mode & 0o111
    assert git(root, "diff", "--stat") == ""
    again = run([*command(RULE.id), "--fix"], root)
    assert (again.returncode, again.stdout) == (0, "no findings in 3 files\n")


def test_without_fix_nothing_is_written(tmp_path: Path) -> None:
    root = repository(tmp_path, {**image("COPY . /", 'CMD ["/run.sh"]'), "run.sh": SH})
    assert run(command(RULE.id), root).returncode == 1
    assert git(root, "ls-files", "-s", "run.sh").startswith("100644")


@pytest.mark.parametrize("mode", [0o644, 0o755])
def test_on_a_file_system_without_modes_the_index_alone_counts(mode: int, tmp_path: Path) -> None:
    root = repository(tmp_path, {**image("COPY . /", 'CMD ["/run.sh"]'), "run.sh": SH})
    git(root, "config", "core.fileMode", "false")
    (root / "run.sh").chmod(mode)
    (finding,) = check(Project(Repository(str(root)), Config()))
    assert finding.details["kind"] == "mode"
    git(root, "update-index", "--chmod=+x", "run.sh")
    assert list(check(Project(Repository(str(root)), Config()))) == []


def test_line_ends_that_only_the_checkout_has_are_none(tmp_path: Path) -> None:
    root = repository(tmp_path, {**image("COPY . /", 'CMD ["/run.sh"]'), "run.sh": SH})
    git(root, "config", "core.autocrlf", "true")
    (root / "run.sh").write_bytes(SH.replace("\n", "\r\n").encode())
    git(root, "add", "--chmod=+x", "run.sh")
    assert list(check(Project(Repository(str(root)), Config()))) == []


def test_one_script_is_reported_once_at_the_worst_place(tmp_path: Path) -> None:
    files = {
        "Makefile": "lint:\n\t./run.sh\nbuild:\n\t./run.sh\n",
        **image("COPY . /", 'CMD ["/run.sh"]'),
        "run.sh": SH,
    }
    (finding,) = findings(tmp_path, files)
    assert (finding.path, finding.severity) == ("Dockerfile", "high")
    assert finding.details["also"] == ["Makefile:4", "Makefile:2"]


def test_a_repository_that_starts_nothing_by_its_path_is_not_judged(tmp_path: Path) -> None:
    with pytest.raises(NotApplicable):
        findings(tmp_path, {"main.py": "print(1)\n", "run.sh": SH})


def test_a_repository_whose_scripts_are_sound_is_judged(tmp_path: Path) -> None:
    assert findings(tmp_path, {**image("COPY . /", 'CMD ["/run.sh"]'), X + "run.sh": SH}) == []


def test_the_two_rules_about_bits_never_report_the_same(tmp_path: Path) -> None:
    files = {**workflow("./ci.sh"), **image("COPY . /", 'CMD ["/run.sh"]'), "Makefile": "a:\n\t./ci.sh\n"}
    root = repository(tmp_path, {**files, "ci.sh": SH, "run.sh": SH})
    process = run([*command("shipworthy"), "check", "--select", f"{RULE.id},ci-references", "--format", "json"], root)
    found = [(finding["rule"], finding["details"]["path"]) for finding in json.loads(process.stdout)["findings"]]
    assert sorted(found) == [("ci-references", "ci.sh"), (RULE.id, "run.sh")]
