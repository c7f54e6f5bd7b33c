"""Generates repositories to measure with: services in three languages with what deploys them, tests and documents.

Every fifty files are one service. The contents are made up from a fixed seed, so that every run measures the same.
Production could run them but for two gaps, as in a repository whose team uses the hooks: nothing watches the services,
and no policy guards their network.
"""

from __future__ import annotations

import random
import subprocess
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

FILES_OF_A_SERVICE = 50
_WORDS = (
    "account address amount batch buffer cache client column config cursor customer event factor filter handler header "
    "index invoice item job key limit line list locale message metric model name node offset option order page payload "
    "period policy price queue range record region report request result route rule schema scope session shard source "
    "state status step stream table tag target task tenant token total type unit user value vendor version window zone"
).split()


def generate(directory: Path, count: int) -> None:
    """Fill ``directory`` with a git repository of ``count`` staged files."""
    words = random.Random(count)
    services = max(1, count // FILES_OF_A_SERVICE)
    for path, content in islice(_files(services, words), count):
        target = directory / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(content, encoding="utf-8")
        target.chmod(0o755 if content.startswith("#!") else 0o644)
    for command in (["init", "--quiet"], ["add", "--all", "--force"]):
        subprocess.run(["git", "-c", "core.autocrlf=false", *command], cwd=directory, check=True)


def _files(services: int, words: random.Random) -> Iterator[tuple[str, str]]:
    names = [f"{words.choice(_WORDS)}-{number}" for number in range(services)]
    yield "compose.production.yaml", _compose(names)
    yield ".github/workflows/deploy.yml", _workflow(names)
    yield ".gitignore", ".env\n.env.production\nnode_modules/\ndist/\n"
    yield ".env.production.example", "LOG_LEVEL=info\nDATABASE_URL=\n"
    yield "README.md", _prose(words, 40)
    for number, name in enumerate(names):
        yield from _service(f"services/{name}", name, number, words)
    number = 0
    while True:  # up to the number asked for
        yield f"docs/notes/{number:05}.md", _prose(words, 30)
        number += 1


def _service(folder: str, name: str, number: int, words: random.Random) -> Iterator[tuple[str, str]]:
    manifest, content, image, extension, code = _LANGUAGES[number % len(_LANGUAGES)]
    yield f"{folder}/{manifest}", content.replace("NAME", name)
    yield f"{folder}/Dockerfile", f'FROM {image}\nWORKDIR /srv/app\nCOPY . .\nUSER 10001\nCMD ["./start.sh"]\n'
    yield f"{folder}/.dockerignore", "**/.env\n.git\n"
    yield f"{folder}/start.sh", '#!/bin/sh\nset -eu\nrm -rf /tmp/build-*\nexec ./server --port "${PORT:-8080}"\n'
    yield f"{folder}/.env.example", "PORT=8080\nQUEUE_URL=\n" + "".join(f"{w.upper()}_LIMIT=10\n" for w in _WORDS[:12])
    yield f"{folder}/config/production.yaml", _settings(words)
    yield f"{folder}/config/schema.json", _schema(words)
    yield f"deploy/kubernetes/{name}.yaml", _KUBERNETES.replace("NAME", name)
    yield f"{folder}/README.md", _prose(words, 25)
    yield f"{folder}/src/client.{extension}", code(words, 5)
    for part in range(27):
        yield f"{folder}/src/{words.choice(_WORDS)}_{part}.{extension}", code(words, 40)
    for part in range(11):
        yield f"{folder}/tests/{words.choice(_WORDS)}_{part}_test.{extension}", code(words, 30)


def _compose(names: list[str]) -> str:
    services = "".join(
        f"  {name}:\n    build: ./services/{name}\n    restart: unless-stopped\n    environment:\n      PORT: 8080\n"
        f"    volumes:\n      - {name}-data:/var/lib/{name}\n    tmpfs: /tmp\n    mem_limit: 256m\n"
        for name in names
    )
    return f"services:\n{services}volumes:\n" + "".join(f"  {name}-data:\n" for name in names)


def _workflow(names: list[str]) -> str:
    steps = "".join(
        f"      - run: docker build --push --tag registry.example.com/{name}:1.4.2 services/{name}\n" for name in names
    )
    return f"name: deploy\non: push\njobs:\n  build:\n    runs-on: ubuntu-latest\n    steps:\n{steps}"


def _prose(words: random.Random, lines: int) -> str:
    return "# Notes\n\n" + "".join(" ".join(words.choices(_WORDS, k=12)) + ".\n" for _ in range(lines))


def _settings(words: random.Random) -> str:
    return "".join(
        f"{section}:\n" + "".join(f"  {key}: {words.randrange(1000)}\n" for key in words.sample(_WORDS, 8))
        for section in words.sample(_WORDS, 10)
    )


def _schema(words: random.Random) -> str:
    entries = ",\n".join(f'    "{key}": {{"type": "string", "maxLength": 80}}' for key in words.sample(_WORDS, 30))
    return f'{{\n  "type": "object",\n  "properties": {{\n{entries}\n  }}\n}}\n'


def _python(words: random.Random, functions: int) -> str:
    return "import json\n\n" + "".join(
        f"\ndef {a}_{n}({b}, {c}=None):\n    {a} = [each for each in {b} if each is not {c}]\n"
        f"    return json.dumps({a})\n\n"
        for n, (a, b, c) in enumerate(words.sample(_WORDS, 3) for _ in range(functions))
    )


def _typescript(words: random.Random, functions: int) -> str:
    return "import { get } from './client';\n" + "".join(
        f"\nexport async function {a}{n}({b}: string, {c} = 10): Promise<number> {{\n"
        f"  const {a} = await get(`/api/{a}/${{{b}}}`);\n  return {a}.{b}.length + {c};\n}}\n"
        for n, (a, b, c) in enumerate(words.sample(_WORDS, 3) for _ in range(functions))
    )


def _go(words: random.Random, functions: int) -> str:
    return 'package main\n\nimport "fmt"\n' + "".join(
        f"\nfunc {a}{n}({b} string, {c} int) (string, error) {{\n\tif {c} == 0 {{\n"
        f'\t\treturn "", fmt.Errorf("no {c} for %s", {b})\n\t}}\n\treturn fmt.Sprint({b}, {c}), nil\n}}\n'
        for n, (a, b, c) in enumerate(words.sample(_WORDS, 3) for _ in range(functions))
    )


_PACKAGE = """\
{
  "name": "NAME",
  "scripts": {"start": "node src/client.ts"},
  "dependencies": {"express": "^5.1.0", "pg": "^8.16.0"}
}
"""
_PROJECT = '[project]\nname = "NAME"\nversion = "1.0"\ndependencies = ["fastapi", "uvicorn"]\n'
_LANGUAGES: tuple[tuple[str, str, str, str, Callable[[random.Random, int], str]], ...] = (
    ("package.json", _PACKAGE, "node:24.4-slim", "ts", _typescript),
    ("pyproject.toml", _PROJECT, "python:3.13.5-slim", "py", _python),
    ("go.mod", "module example.com/NAME\n\ngo 1.24\n", "golang:1.24.5", "go", _go),
)
"""For each language: a service's manifest and its content, the base image, the suffix of sources, a source."""

_KUBERNETES = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: NAME
spec:
  replicas: 2
  selector:
    matchLabels: {app: NAME}
  template:
    metadata:
      labels: {app: NAME}
    spec:
      containers:
        - name: NAME
          image: registry.example.com/NAME:1.4.2
          ports: [{containerPort: 8080}]
          readinessProbe: {httpGet: {path: /ready, port: 8080}}
          resources: {requests: {cpu: 100m, memory: 128Mi}, limits: {memory: 256Mi}}
          env:
            - {name: PORT, value: "8080"}
          volumeMounts:
            - {name: scratch, mountPath: /var/cache/NAME}
      volumes:
        - name: scratch
          emptyDir: {}
---
apiVersion: v1
kind: Service
metadata:
  name: NAME
spec:
  selector: {app: NAME}
  ports: [{port: 80, targetPort: 8080}]
"""
