"""What `no-stubs` reports, and what it leaves alone. Single functions are in `tests/stubs`."""

from __future__ import annotations

from pathlib import Path

import pytest

from shipworthy.config import load
from shipworthy.project import Project
from shipworthy.repository import Repository
from shipworthy.rule import Finding, NotApplicable
from shipworthy.rules.no_stubs import check
from support import git, repository, write

SERVICE = {
    "package.json": '{"name": "shop", "scripts": {"start": "node src/main.js"}, "dependencies": {"express": "5"}}',
    "Dockerfile": 'FROM node:24\nCMD ["node", "src/main.js"]\n',
    "src/main.js": "import express from 'express';\n\nexpress().listen(3000);\n",
}
ENGINE = "export class AIEngine {\n  async process(input: string): Promise<string> {\n    return `Processed: ${input}`;\n  }\n}\n"
TODO = "async function refund(order) {\n  // TODO: implement refunds\n  return { success: true };\n}\n"
SIMULATED = (
    "def charge(card, amount):\n    # Simulate the payment provider\n    time.sleep(1)\n    return {'success': True}\n"
)
ABSTRACT = "class Channel {\n  send(message) {\n    throw new Error('not implemented');\n  }\n}\n"


FORMAT = "class {}(Format):\n    def read(self, file):\n        return parse(file)\n\n    def write(self, recipe):\n        raise NotImplementedError('not implemented')\n"
"""A format that can be read, and not written."""


def findings(directory: Path, files: dict[str, str]) -> list[Finding]:
    root = repository(directory, files)
    return list(check(Project(Repository(str(root)), load(str(root), None, ()))))


# committed files besides a service, each finding as ``path:line severity class``
FIRES = [
    pytest.param(
        {"packages/ai-engine/src/engine.ts": ENGINE},
        ["packages/ai-engine/src/engine.ts:3 high echo"],
        id="an echo in a package that no service imports",
    ),
    pytest.param({"src/refund.js": TODO}, ["src/refund.js:2 medium unfinished"], id="a TODO and success"),
    pytest.param(
        {
            "web/src/Login.vue": '<template>\n  <!-- TODO: implement -->\n  <form @submit="login" />\n</template>\n\n'
            '<script setup lang="ts">\nasync function login(user: string) {\n  // TODO: call the API\n  return { ok: true };\n}\n</script>\n'
        },
        ["web/src/Login.vue:8 medium unfinished"],
        id="a component of Vue",
    ),
    pytest.param(
        {
            "web/src/Pay.svelte": "<script>\n  export let cents;\n  function pay(card) {\n    throw new Error('not implemented');\n  }\n</script>\n\n"
            "<button on:click={pay}>Pay</button>\n"
        },
        ["web/src/Pay.svelte:4 high not-implemented"],
        id="a component of Svelte",
    ),
    pytest.param({"billing/charge.py": SIMULATED}, ["billing/charge.py:2 medium simulated"], id="a wait and success"),
    pytest.param(
        {
            "internal/export.go": 'package internal\n\nfunc Export(id string) error {\n\treturn errors.New("not implemented")\n}\n'
        },
        ["internal/export.go:4 high not-implemented"],
        id="an error that says so",
    ),
    pytest.param(
        {
            "src/pay.ts": "export async function pay(provider: string, cents: number) {\n  switch (provider) {\n"
            "    case 'stripe':\n      return stripe.charge(cents);\n    case 'paypal':\n"
            "      throw new Error('PayPal is not implemented yet');\n    default:\n      throw new Error('not implemented');\n  }\n}\n"
        },
        ["src/pay.ts:6 medium branch-not-implemented"],
        id="one named case, and not the default one",
    ),
    pytest.param(
        {
            "src/routes.js": "app.get('/reports', (req, res) => {\n  res.status(501).json({ error: 'Not implemented' });\n});\n"
        },
        ["src/routes.js:2 high not-implemented"],
        id="a routed handler",
    ),
    pytest.param(
        {
            "src/auth.ts": "export function verifySignature(body: Buffer, signature: string): boolean {\n  return true;\n}\n"
        },
        ["src/auth.ts:2 high always-true"],
        id="a verification that guards something",
    ),
    pytest.param(
        {"src/rules.ts": "export function validateSchedule(schedule: Schedule): boolean {\n  return true;\n}\n"},
        ["src/rules.ts:2 medium always-true"],
        id="a verification that guards nothing",
    ),
    pytest.param(
        {
            "src/health.js": "app.get('/health', (req, res) => {\n  res.json({\n    status: 'ok',\n"
            "    database: 'connected',\n    redis: 'connected',\n  });\n});\n"
        },
        ["src/health.js:4 medium constant-health"],
        id="a health handler that asks nobody",
    ),
    pytest.param(
        {"app/metrics.py": "def collect(node):\n    return {'node': node, 'cpu_usage': random.uniform(10, 90)}\n"},
        ["app/metrics.py:2 medium simulated"],
        id="dice in place of a measurement",
    ),
    pytest.param(
        {
            "src/mail.ts": "export async function sendMail(to: string, body: string) {\n  logger.info(`Sending mail to ${to}`);\n}\n"
        },
        ["src/mail.ts:2 medium only-logs"],
        id="a log line in place of a message",
    ),
    pytest.param(
        {"ops/deploy.sh": '#!/bin/sh\nset -e\necho "Deploying $1"\nsleep 2\necho "Deployed"\n'},
        ["ops/deploy.sh:3 medium echo-script"],
        id="a script that only prints",
    ),
    pytest.param(
        {
            "src/main/java/com/example/demo/Export.java": 'class Export {\n  byte[] pdf(Report r) {\n    throw new UnsupportedOperationException("Not implemented yet");\n  }\n}\n'
        },
        ["src/main/java/com/example/demo/Export.java:3 high not-implemented"],
        id="a package called example is production all the same",
    ),
    pytest.param(
        {
            "Stock/IStock.cs": "public interface IStock { int Count(string id); void Sync(); }\n",
            "Stock/Stock.cs": "public class Stock : IStock {\n  public int Count(string id) => db.Count(id);\n"
            "  public void Sync() => throw new NotImplementedException();\n}\n",
        },
        ["Stock/Stock.cs:3 high not-implemented"],
        id="a gap in an interface of this repository",
    ),
    pytest.param(
        {
            "src/Gateway/Transfer.php": "<?php\nclass Transfer implements Gateway\n{\n    public function refund(Order $order)\n"
            "    {\n        throw new NotImplementedException();\n    }\n}\n"
        },
        ["src/Gateway/Transfer.php:6 high not-implemented"],
        id="a gap in somebody else's interface that a person wrote down",
    ),
    pytest.param(
        {
            "crates/api/src/rates.rs": "impl Handler for Rates {\n    fn handle(&self, request: Request) -> Response {\n"
            "        todo!()\n    }\n}\n"
        },
        ["crates/api/src/rates.rs:3 high not-implemented"],
        id="what is to be done in somebody else's interface",
    ),
    pytest.param(
        {"src/a.js": TODO, "src/b.js": TODO},
        ["src/a.js:2 medium unfinished", "src/b.js:2 medium unfinished"],
        id="one finding for each stub",
    ),
    pytest.param(
        {f"formats/{name.lower()}.py": FORMAT.format(name) for name in ("Alpha", "Beta", "Gamma")},
        [f"formats/{name}.py:6 high not-implemented" for name in ("alpha", "beta", "gamma")],
        id="what some classes of one kind do not implement",
    ),
    pytest.param(
        {
            "README.md": "# Simulator of power grids\n",
            "src/grid.ts": "export function step(): void {\n  throw new Error('not implemented');\n}\n",
        },
        ["src/grid.ts:2 high not-implemented"],
        id="what is not implemented in a simulator is not implemented",
    ),
]

# committed files besides a service
SILENT = [
    pytest.param(
        {
            "formats/base.py": "class Format:\n    def write(self, recipe):\n        raise NotImplementedError('not implemented')\n",
            **{f"formats/{name.lower()}.py": FORMAT.format(name) for name in ("Alpha", "Beta", "Gamma", "Delta")},
            "formats/omega.py": FORMAT.format("Omega").replace("write", "write_all"),
        },
        id="an operation that many classes of one kind refuse in the same words",
    ),
    pytest.param(
        {"metrics/cache.py": "def metrics_timeout():\n    return METRICS_TIMEOUT + random.randint(0, 60)\n"},
        id="dice that spread out the time of a cache of metrics",
    ),
    pytest.param(
        {"cache/memory.py": "async def _expire_key(self, key, seconds):\n    # Simulate the expiry of keys\n    await asyncio.sleep(seconds)\n    del self.memory[key]\n"},
        id="keys that expire after a wait",
    ),
    pytest.param({"src/refund.js": "async function refund(order) {\n  return gateway.refund(order.id);\n}\n"}, id="work"),
    pytest.param({"tests/refund.js": TODO, "src/refund.test.js": TODO, "src/__mocks__/refund.js": TODO}, id="tests"),
    pytest.param({"src/mocks/refund.js": TODO, "src/fake-gateway.js": TODO, "src/InMemoryGateway.js": TODO}, id="doubles"),
    pytest.param({"examples/refund.js": TODO, "docs/refund.js": TODO, "scripts/refund.js": TODO}, id="beside production"),
    pytest.param({"cmd/shop-loadtest/refund.js": TODO, "load_tests/refund.js": TODO}, id="what puts load on a service"),
    pytest.param({"vendor/refund.js": TODO, "src/refund.gen.js": TODO, "db/migrations/1.js": TODO}, id="not written here"),
    pytest.param(
        {"api/refund.go": '// Licence\n\n// Code generated by protoc. DO NOT EDIT.\n\npackage api\n\nfunc F(x int) { panic("not implemented") }\n'},
        id="generated, behind a licence",
    ),
    pytest.param(
        {"src/channel.js": ABSTRACT, "src/mail.js": "class Mail extends Channel {\n  send(message) { smtp.send(message); }\n}\n"},
        id="a class that another one completes",
    ),
    pytest.param(
        {"Roles.cs": "public class Roles : IRoleStore<Role> {\n  public Task A() => db.A();\n  public Task B() => throw new NotImplementedException();\n}\n", "Role.cs": "public class Role { }\n"},
        id="a gap in somebody else's interface",
    ),
    pytest.param({"README.md": "# Simulator of power grids\n", "grid/charge.py": SIMULATED}, id="a product that simulates"),
    pytest.param({"shop/package.json": '{"name": "payment-simulator"}', "shop/charge.py": SIMULATED}, id="a package that simulates"),
    pytest.param({"README.md": "# Honeypot for SSH\n", "src/auth.ts": "export function verifyLogin(user: string, password: string) {\n  return true;\n}\n"}, id="a honeypot"),
    pytest.param({"README.md": "# Shop, a reference application\n", "shop/charge.py": SIMULATED}, id="an application that shows how"),
    pytest.param({"ops/deploy.sh": '#!/bin/sh\nset -e\necho "Deploying $1"\nkubectl apply -f k8s\n'}, id="a script that works"),
    pytest.param({"ops/start.sh": '#!/bin/sh\necho "Usage: start.sh NAME"\necho "Please run npm start"\n'}, id="a script that explains"),
    pytest.param(
        {"ops/verify-secrets.sh": '#!/bin/bash\nfor name in A B; do\n  if [ -z "${!name-}" ]; then\n    echo "$name is missing"\n  else\n    echo "$name is set"\n  fi\ndone\n'},
        id="a script that looks variables up",
    ),
    pytest.param(
        {"shop/price.py": "class Price(Model):\n    def audit_id(self):\n        raise NotImplementedError('No longer used, will be removed soon.')\n"},
        id="what nobody uses any more",
    ),
    pytest.param({"ops/colors.sh": '#!/bin/sh\nlog() { echo "$1"; }\n'}, id="a library of functions"),
    pytest.param({"src/health.js": "app.get('/health', (req, res) => res.json({ status: 'ok', uptime: process.uptime() }));\n"}, id="a liveness probe"),
    pytest.param({"src/broken.ts": "export function pay( {\n  // TODO: implement\n  return { success: true\n"}, id="a file without end"),
]  # fmt: skip


@pytest.mark.parametrize(("files", "expected"), FIRES)
def test_stubs_are_found(files: dict[str, str], expected: list[str], tmp_path: Path) -> None:
    found = findings(tmp_path, SERVICE | files)
    assert [
        f"{one.path}:{one.line} {one.severity} {one.details['class']}"
        for one in sorted(found, key=lambda one: one.order)
    ] == expected
    assert all(one.fix for one in found)


@pytest.mark.parametrize("files", SILENT)
def test_the_rest_is_left_alone(files: dict[str, str], tmp_path: Path) -> None:
    assert findings(tmp_path, SERVICE | files) == []


def test_the_message_names_the_function_and_quotes_the_line(tmp_path: Path) -> None:
    (found,) = findings(tmp_path, SERVICE | {"src/engine.ts": ENGINE})
    assert found.message == (
        "AIEngine.process gives back its input as if it had worked on it: return `Processed: ${input}`;"
    )
    assert found.fix == "do the work in AIEngine.process, or remove it with all that leads to it"
    assert found.details == {"class": "echo", "function": "AIEngine.process", "language": "typescript"}


def test_no_literal_that_may_be_a_secret_is_quoted(tmp_path: Path) -> None:
    source = "def send_login(user, mail):\n    return {'success': True, 'token': 'kJ8-very-real-token'}\n"
    (found,) = findings(tmp_path, SERVICE | {"app/login.py": source})
    assert "kJ8" not in found.message
    assert "'token': '…'" in found.message


def test_what_counts_is_the_index(tmp_path: Path) -> None:
    root = repository(tmp_path, SERVICE | {"src/refund.js": TODO, "src/pay.js": "export const pay = 1;\n"})
    write(root, {"src/refund.js": "export const refund = 1;\n", "src/pay.js": TODO})
    found = list(check(Project(Repository(str(root)), load(str(root), None, ()))))
    assert [one.path for one in found] == ["src/refund.js"]
    git(root, "add", "--all")
    found = list(check(Project(Repository(str(root)), load(str(root), None, ()))))
    assert [one.path for one in found] == ["src/pay.js"]


def test_a_library_is_not_judged(tmp_path: Path) -> None:
    with pytest.raises(NotApplicable, match="no service"):
        findings(tmp_path, {"src/refund.js": TODO})


def test_a_service_without_source_is_not_judged(tmp_path: Path) -> None:
    with pytest.raises(NotApplicable, match="no source"):
        findings(tmp_path, {"compose.yaml": "services:\n  api:\n    build: .\n", "Dockerfile": "FROM nginx:1\n"})


def test_a_hostile_file_takes_neither_long_nor_the_others_with_it(tmp_path: Path) -> None:
    deep = "export function pay(a) { // TODO: implement\n" + "(" * 20_000 + ")" * 20_000 + "\n}\n"
    chain = "def pay(a):\n    # TODO: implement\n    return a" + ".b()" * 20_000 + "\n"
    nested = (
        "".join("  " * level + f"def pay{level}(a):  # TODO: implement\n" for level in range(300))
        + "  " * 300
        + "pass\n"
    )
    files = {"src/deep.ts": deep, "src/chain.py": chain, "src/nested.py": nested, "src/refund.js": TODO}
    assert "src/refund.js" in {one.path for one in findings(tmp_path, SERVICE | files)}
