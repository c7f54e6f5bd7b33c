"""What `imports-committed` reports, and what it leaves alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shipworthy.config import load
from shipworthy.deployment.modules.model import joined
from shipworthy.deployment.modules.python import _statements
from shipworthy.project import Project
from shipworthy.repository import Repository
from shipworthy.rule import Finding, NotApplicable
from shipworthy.rules.imports_committed import check
from support import repository

PATHS = '{"compilerOptions": {"baseUrl": ".", "paths": {"@/*": ["./src/*"]}}}'
APP = "package.json"
PACKAGE = '{"name": "web", "dependencies": {"react": "19"}}'
GO = {"go.mod": "module example.com/shop\n\ngo 1.24\n", "internal/cart/cart.go": "package cart\n"}
CRATE = {"Cargo.toml": '[package]\nname = "shop"\n'}
WORKSPACE = {
    "package.json": '{"name": "root", "workspaces": ["packages/*", "apps/*"]}',
    "apps/web/package.json": '{"name": "web", "dependencies": {"@acme/prices": "workspace:*"}}',
    "packages/prices/package.json": '{"name": "@acme/prices", "exports": {".": "./src/index.ts", "./*": "./src/*.ts"}}',
}


def findings(directory: Path, files: dict[str, str], untracked: dict[str, str] | None = None) -> list[Finding]:
    root = repository(directory, files, untracked=untracked)
    return list(check(Project(Repository(str(root)), load(str(root), None, ()))))


# committed files, each finding as ``path:line column target``
FIRES = [
    pytest.param(
        {"src/main.ts": 'import { a } from "./cart";\nimport b from "./prices";\n', "src/prices.ts": ""},
        ["src/main.ts:1:20 src/cart"],
        id="a relative import in TypeScript",
    ),
    pytest.param(
        {"src/main.js": "const x = 1;\nconst cart = require('../lib/cart');\n"},
        ["src/main.js:2:23 lib/cart"],
        id="require of a relative path",
    ),
    pytest.param(
        {"src/routes.tsx": 'export const page = lazy(() => import("./pages/Cart"));\n'},
        ["src/routes.tsx:1:40 src/pages/Cart"],
        id="a dynamic import",
    ),
    pytest.param(
        {"src/index.ts": 'export * from "./cart.js";\n', "src/cart.css": ""},
        ["src/index.ts:1:16 src/cart.js"],
        id="an export from a file whose name is that of another language's",
    ),
    pytest.param(
        {"src/App.vue": '<template>\n  <p/>\n</template>\n<script setup>\nimport A from "./A.vue";\n</script>\n'},
        ["src/App.vue:5:16 src/A.vue"],
        id="a component of Vue",
    ),
    pytest.param(
        {"src/App.jsx": "import './App.css';\n", "src/App.test.jsx": ""},
        ["src/App.jsx:1:9 src/App.css"],
        id="a style sheet",
    ),
    pytest.param(
        {"tsconfig.json": PATHS, "src/a/main.ts": 'import { cart } from "@/lib/cart";\n'},
        ["src/a/main.ts:1:23 src/lib/cart"],
        id="an alias of tsconfig",
    ),
    pytest.param(
        {
            "tsconfig.base.json": '{"compilerOptions": {"paths": {"@shop/cart": ["libs/cart/src/index.ts"]}}}',
            "apps/web/tsconfig.json": '{"extends": "../../tsconfig.base.json"}',
            "apps/web/main.ts": 'import { cart } from "@shop/cart";\n',
        },
        ["apps/web/main.ts:1:23 libs/cart/src/index.ts"],
        id="an alias of a configuration that is extended",
    ),
    pytest.param(
        {
            "vite.config.js": "export default { resolve: { alias: { '@': path.resolve(__dirname, './src') } } };\n",
            "src/main.jsx": "import cart from '@/cart';\n",
        },
        ["src/main.jsx:1:19 src/cart"],
        id="an alias of Vite",
    ),
    pytest.param(
        {**WORKSPACE, "apps/web/main.ts": 'import { net } from "@acme/prices/net";\n'},
        ["apps/web/main.ts:1:22 packages/prices/src/net.ts"],
        id="a part of a workspace's package",
    ),
    pytest.param(
        {
            APP: WORKSPACE[APP],
            "apps/web/package.json": WORKSPACE["apps/web/package.json"],
            "apps/web/main.ts": 'import "@acme/prices";\n',
        },
        ["apps/web/main.ts:1:9 packages/prices"],
        id="a package that is said to be in the workspace",
    ),
    pytest.param(
        {"src/Cart.ts": "", "src/main.ts": 'import { a } from "./cart";\n'},
        ["src/main.ts:1:20 src/cart.ts"],
        id="another capital than the file's",
    ),
    pytest.param(
        {"src/main.ts": 'import "./cart";\n', "src/other.ts": 'import "./cart";\n'},
        ["src/main.ts:1:9 src/cart"],
        id="a module that two files import, once",
    ),
    pytest.param(
        {"shop/__init__.py": "", "shop/main.py": "import os\nfrom .cart import total\n"},
        ["shop/main.py:2:1 shop/cart.py"],
        id="a relative import in Python",
    ),
    pytest.param(
        {"shop/__init__.py": "version = 1\n", "shop/main.py": "from . import cart, version\n"},
        ["shop/main.py:1:1 shop/cart.py"],
        id="a name that the package neither holds nor defines",
    ),
    pytest.param(
        {"shop/__init__.py": "", "shop/api/__init__.py": "", "shop/api/main.py": "from shop.db.models import Cart\n"},
        ["shop/api/main.py:1:1 shop/db/models.py"],
        id="an absolute import of the file's own package",
    ),
    pytest.param(
        {"main.py": "import shop.cart\nfrom shop.prices import net\n", "shop/cart.py": ""},
        ["main.py:2:1 shop/prices.py"],
        id="an absolute import of a namespace package that other imports prove to be the repository's",
    ),
    pytest.param(
        {
            "lib/setup.py": "",
            "lib/shop/__init__.py": "",
            "lib/shop/cart.py": "",
            "api/main.py": "import shop.cart\nimport shop.net\n",
        },
        ["api/main.py:2:1 lib/shop/net.py"],
        id="an import of a distribution in another folder",
    ),
    pytest.param(
        {"shop/__init__.py": "", "shop/main.py": "def run():\n    from .jobs import (\n        work,\n    )\n"},
        ["shop/main.py:2:5 shop/jobs.py"],
        id="an import inside of a function",
    ),
    pytest.param(
        {**GO, "main.go": 'package main\n\nimport (\n\t"fmt"\n\t"example.com/shop/internal/price"\n)\n'},
        ["main.go:5:3 internal/price/*.go"],
        id="a package of the own module in Go",
    ),
    pytest.param(
        {**CRATE, "src/main.rs": "// mod a;\npub mod cart;\nmod prices;\n", "src/prices/mod.rs": "mod net;\n"},
        ["src/main.rs:2:5 src/cart.rs", "src/prices/mod.rs:1:1 src/prices/net.rs"],
        id="modules of Rust",
    ),
    pytest.param(
        {**CRATE, "src/lib.rs": '#[path = "os/unix.rs"]\nmod os;\nmod a { mod b; }\n'},
        ["src/lib.rs:2:1 src/os/unix.rs", "src/lib.rs:3:9 src/a/b.rs"],
        id="modules of Rust at other places",
    ),
]

SILENT = [
    pytest.param(
        {
            "src/main.ts": 'import "./a";\nimport "./b";\nimport "./c.js";\nimport "./d.json";\nimport "./e.vue";\n'
            'import "./f.scss";\nimport "./g";\nimport x from "./h.svg?raw";\nimport "..";\n',
            "src/a.ts": "",
            "src/b/index.tsx": "",
            "src/c.ts": "",
            "src/d.json": "{}",
            "src/e.vue": "",
            "src/f.scss": "",
            "src/g.native.tsx": "",
            "src/h.svg": "",
            "index.js": "",
        },
        id="all ways to spell a file that is there",
    ),
    pytest.param(
        {
            "src/main.ts": "// import './a';\nconst text = `\nimport x from './b';\n`;\n"
            'const y = "require(\'./c\')";\n/* require("./d") */\n'
        },
        id="comments and texts",
    ),
    pytest.param(
        {
            "src/main.js": "let a;\ntry { a = require('./a'); } catch { a = null; }\nif (x) { require('./b'); }\n"
            "import('./c').catch(() => null);\n(function (require) { require('./d'); })(r);\n"
        },
        id="imports in JavaScript that may fail, or are not the module system's",
    ),
    pytest.param(
        {"src/main.ts": 'import "react";\nimport "@/cart";\nimport "src/a";\n'}, id="packages and unknown aliases"
    ),
    pytest.param(
        {"tsconfig.json": PATHS, APP: '{"dependencies": {"src": "1"}}', "src/a.ts": 'import "src/b";\n'},
        id="an installed package with the name of a folder",
    ),
    pytest.param(
        {"tsconfig.json": PATHS, "web/package.json": PACKAGE, "web/main.jsx": 'import "@/cart";\n'},
        id="an alias of a package around the importing one",
    ),
    pytest.param(
        {**WORKSPACE, "packages/prices/src/net.ts": "", "apps/web/a.ts": 'import "@acme/prices/net";\n'},
        id="a part of a workspace's package that is there",
    ),
    pytest.param(
        {
            **WORKSPACE,
            "packages/prices/package.json": '{"name": "@acme/prices", "main": "dist/index.js"}',
            "apps/web/a.ts": 'import "@acme/prices";\n',
        },
        id="a workspace's package that is built first",
    ),
    pytest.param(
        {"src/a.ts": 'import "./generated/client";\nimport "./b.gen";\nimport "./$types";\nimport "../dist/c";\n'},
        id="paths that programs write",
    ),
    pytest.param(
        {
            ".gitignore": "/src/gql\nsrc/version.ts\n",
            "codegen.ts": 'export default { generates: { "./src/gql/": {} } };\n',
            APP: '{"scripts": {"prebuild": "node -p 1 > src/version.ts"}}',
            "src/a.ts": 'import "./gql/graphql";\nimport "./version";\n',
        },
        id="ignored modules that a generator of the repository writes",
    ),
    pytest.param(
        {
            ".gitignore": "src/settings.js\n",
            "bin/env.js": "const to = resolve(__dirname, '../src/settings.js');\nfs.copySync(`env/${name}.js`, to);\n",
            "src/a.ts": 'import "./settings";\n',
        },
        id="an ignored module that a program copies there",
    ),
    pytest.param(
        {
            "scripts/generate-metadata.ts": "const target = path.join(src, 'metadata.ts');\n",
            "src/a.ts": 'import "./metadata";\n',
        },
        id="a module that a program called so generates",
    ),
    pytest.param(
        {"build.sh": "cp server/main.js build/server/main.js\n", "server/main.js": "import './index.js';\n"},
        id="a file that the build puts beside what it imports",
    ),
    pytest.param(
        {"tsconfig.json": PATHS, "src/a.ts": 'import "@/lib//b";\n', "src/lib/b.ts": ""}, id="a slash too many"
    ),
    pytest.param(
        {
            "Dockerfile": "FROM python\nCOPY shared/tools.py app/\n",
            "shared/tools.py": "",
            "app/a.py": "from .tools import x\n",
        },
        id="a module that the image's build puts there",
    ),
    pytest.param(
        {".gitignore": "config.ts\n", "src/config.example.ts": "", "src/a.ts": 'import "./config";\n'},
        id="an ignored module with an example",
    ),
    pytest.param(
        {
            "tests/a.ts": 'import "./b";\n',
            "docs/a.py": "from .b import c\n",
            "templates/app/a.ts": 'import "./b";\n',
            "src_old/a.ts": 'import "./b";\n',
            "src/main_backup.py": "from .b import c\n",
            "src/a.d.ts": 'import "./b";\n',
            "src/a.ts": "",
        },
        id="tests, documents, templates and what nobody runs any more",
    ),
    pytest.param(
        {
            "shop/__init__.py": "from .cart import *\nNAME = 1\n",
            "shop/cart.py": "",
            "shop/fast.pyx": "",
            "shop/db/models.py": "",
            "shop/main.py": "from . import cart, total, NAME\nfrom .db import models\nfrom .fast import x\nimport shop.db\n",
        },
        id="modules, namespace packages, extensions and names of the package",
    ),
    pytest.param(
        {
            "shop/__init__.py": "",
            "shop/main.py": "from typing import TYPE_CHECKING\ntry:\n    from .speedups import x\nexcept ImportError:\n"
            "    x = None\nif TYPE_CHECKING:\n    from .types import Y\nTEXT = '''\nfrom .a import b\n'''\n",
        },
        id="imports in Python that may fail, and text",
    ),
    pytest.param(
        {"alembic/env.py": "from alembic import context\nfrom alembic.config import Config\n", "alembic/util.py": ""},
        id="a folder with the name of an installed package",
    ),
    pytest.param(
        {"app/__init__.py": "", "app/mcp/__init__.py": "from mcp.server import Server\n"},
        id="a package of the repository with the name of an installed one",
    ),
    pytest.param(
        {"shop/__init__.py": "", "shop/main.py": "from ._version import version\nfrom .cart_pb2 import Cart\n"},
        id="modules in Python that programs write",
    ),
    pytest.param(
        {"main.py": "import numpy\nfrom a.b import c\nimport json.decoder\n"}, id="installed packages in Python"
    ),
    pytest.param(
        {
            **GO,
            "go.mod": "module example.com/shop\n\nrequire example.com/shop/api v1.2.0\n",
            "main.go": 'package main\n\nimport (\n\t"example.com/shop/api"\n\t"example.com/shop/internal/cart"\n)\n',
            "tools.go": '//go:build tools\n\npackage main\n\nimport _ "example.com/shop/tools"\n',
            "proto/a.proto": "",
            "a.go": 'package main\n\nimport "example.com/shop/proto"\n\nvar s = "example.com/shop/none"\n',
        },
        id="packages of Go that are there, required, constrained or made of a definition",
    ),
    pytest.param(
        {
            **CRATE,
            "src/lib.rs": '#[cfg(windows)]\nmod a;\n/* mod b; */\nconst X: &str = "mod c;";\ncfg_if! { mod d; }\nmod e;\n',
            "src/e.rs": "mod f;\n",
            "src/e/f.rs": "",
        },
        id="conditional modules of Rust, and text",
    ),
    pytest.param({"snippets.rs": "mod a;\n", "src/a.ts": ""}, id="Rust outside of a crate"),
]


@pytest.mark.parametrize(("files", "expected"), FIRES)
def test_it_reports_modules_that_are_not_committed(files: dict[str, str], expected: list[str], tmp_path: Path) -> None:
    found = findings(tmp_path, files)
    assert [f"{each.path}:{each.line}:{each.column} {each.details['target']}" for each in found] == expected


@pytest.mark.parametrize("files", SILENT)
def test_it_leaves_alone(files: dict[str, str], tmp_path: Path) -> None:
    assert findings(tmp_path, files) == []


def test_a_file_on_disk_is_told_from_one_that_nobody_wrote(tmp_path: Path) -> None:
    (found,) = findings(tmp_path, {"src/a.ts": 'import "./b";\n'}, {"src/b.tsx": ""})
    assert "src/b.tsx is on disk, but not committed" in found.message
    assert found.fix == "git add src/b.tsx"


def test_a_module_of_another_name_on_disk_is_found_in_python(tmp_path: Path) -> None:
    (found,) = findings(tmp_path, {"main.py": "import prices\n"}, {"prices.py": ""})
    assert found.fix == "git add prices.py"


def test_the_ignoring_pattern_is_named(tmp_path: Path) -> None:
    files = {".gitignore": "lib/\n", "src/a.ts": 'import "./lib/b";\n'}
    (found,) = findings(tmp_path, files, {"src/lib/b.ts": ""})
    assert "src/lib/b.ts is on disk, but not committed: it is ignored (.gitignore:1: lib/)" in found.message
    assert (found.fix or "").startswith("git add -f src/lib/b.ts")
    assert found.details["ignored_by"] == ".gitignore:1: lib/"


@pytest.mark.parametrize(
    ("importer", "written", "path"),
    [
        ("src/a.ts", "./b", "src/b.ts"),
        ("src/a.jsx", "./b", "src/b.jsx"),
        ("src/a.ts", "./b.js", "src/b.js"),
        ("src/a.ts", "./b.css", "src/b.css"),
        ("src/A.vue", "./b", "src/b"),
        ("src/a.ts", "./Button", "src/Button"),
    ],
)
def test_the_file_to_write_is_called_as_its_importer(importer: str, written: str, path: str, tmp_path: Path) -> None:
    source = f'import "{written}";\n'
    (found,) = findings(tmp_path, {importer: f"<script>\n{source}</script>\n" if importer.endswith("vue") else source})
    assert found.fix == f"write {path} and git add it, or remove the import"


def test_the_spelling_of_the_committed_file_is_named(tmp_path: Path) -> None:
    (found,) = findings(tmp_path, {"src/Cart.ts": "", "src/a.ts": 'import "./cart";\n'})
    assert "it is committed as src/Cart.ts" in found.message


def test_the_same_module_at_another_place_is_named(tmp_path: Path) -> None:
    (found,) = findings(tmp_path, {"src/utils/log.js": "", "src/a.js": 'import "../utils/log.js";\n'})
    assert found.fix == "import src/utils/log.js instead"


def test_other_importers_are_listed(tmp_path: Path) -> None:
    (found,) = findings(tmp_path, {"src/a.ts": 'import "./c";\n', "src/b.ts": 'import "./c";\n'})
    assert found.details["also"] == ["src/b.ts"]
    assert "(1 more import it)" in found.message


def test_without_source_there_is_nothing_to_judge(tmp_path: Path) -> None:
    with pytest.raises(NotApplicable):
        findings(tmp_path, {"README.md": "import x from './y'\n"})


@pytest.mark.parametrize(
    ("directory", "written", "expected"),
    [
        pytest.param("src/a", "../b", "src/b", id="a folder above"),
        pytest.param("", "./b", "b", id="the root"),
        pytest.param("src", "../../b", None, id="outside of the repository"),
    ],
)
def test_paths_are_joined(directory: str, written: str, expected: str | None) -> None:
    assert joined(directory, written) == expected


PIECES = st.sampled_from(
    [
        "import ",
        "from ",
        "'./a'",
        '"./b"',
        ".",
        "x",
        "(",
        ")",
        "\n",
        "\\\n",
        "{",
        "}",
        "mod ",
        ";",
        "#[cfg(",
        "/*",
        '"',
        "`",
    ]
)


@given(st.lists(PIECES, max_size=40).map("".join))
def test_any_text_is_read(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    files = {f"src/a{suffix}": text for suffix in (".ts", ".js", ".vue", ".py", ".rs", ".go")}
    found = findings(tmp_path_factory.mktemp("any"), {**GO, **CRATE, **files})
    assert all(each.line <= text.count("\n") + 1 for each in found)


@given(st.binary(max_size=200))
def test_any_bytes_are_searched_for_statements(data: bytes) -> None:
    assert all(data[word : word + 6] == b"import" for _, word in _statements(data))
