"""What `documented-files` reports, and what it leaves alone."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shipworthy.config import load
from shipworthy.project import Project
from shipworthy.repository import Repository
from shipworthy.rule import Finding, NotApplicable
from shipworthy.rules.documented_files import check
from support import command, git, repository, run

SOURCES = {
    "src/api/index.ts": "export {}\n",
    "src/api/routes.ts": "export {}\n",
    "src/web/page.tsx": "export {}\n",
    "scripts/build.sh": "#!/bin/sh\n",
    "docs/setup.md": "# Set up\n",
    "package.json": '{"name": "shop", "scripts": {"build": "tsc", "test": "jest"}}\n',
    "Makefile": "build:\n\ttsc\n",
    "compose.yaml": "services:\n  api:\n    build: .\n  db:\n    image: postgres:16\n",
}
"""A small repository that the documents are about."""


def findings(directory: Path, files: dict[str, str], untracked: dict[str, str] | None = None) -> list[Finding]:
    root = repository(directory, {**SOURCES, **files}, untracked=untracked)
    project = Project(Repository(str(root)), load(str(root), None, ()))
    with suppress(NotApplicable):
        return sorted(check(project), key=lambda finding: finding.order)
    return []


def fires(text: str, message: str, place: str = "docs/a.md:1", severity: str = "high") -> tuple[object, ...]:
    """A row for a document `docs/a.md`, or for the one that the place names."""
    return {place.rpartition(":")[0]: text}, place, severity, message


FIRES = [
    # claims
    pytest.param(*fires("- [x] `k8s/api.yaml`\n", "k8s/api.yaml is done"), id="a ticked box"),
    pytest.param(*fires("- [x] Ingress in `k8s/api.yaml`\n", "k8s/api.yaml"), id="a ticked box that begins like a pronoun"),
    pytest.param(*fires("- [X] Backup script `scripts/backup.sh`\n", "scripts/backup.sh"), id="a ticked box with words"),
    pytest.param(*fires("✅ `src/api/auth.ts` checks tokens\n", "src/api/auth.ts is done"), id="a line that begins with a mark"),
    pytest.param(*fires("* `src/api/auth.ts` - tokens ✅\n", "src/api/auth.ts is done"), id="an item that ends with a mark"),
    pytest.param(
        *fires("| Part | File | Status |\n|---|---|---|\n| Deploy | `scripts/deploy.sh` | ✅ Complete |\n", "scripts/deploy.sh", "docs/a.md:3"),
        id="a row of a status table",
    ),
    pytest.param(
        *fires("| File | Progress |\n|---|---|\n| `scripts/deploy.sh` | 100% |\n", "scripts/deploy.sh", "docs/a.md:3"),
        id="a row at a hundred per cent",
    ),
    pytest.param(
        *fires("| 文件 | 状态 |\n|---|---|\n| `scripts/deploy.sh` | 已完成 |\n", "scripts/deploy.sh", "docs/a.md:3"), id="done, in Chinese"
    ),
    pytest.param(
        *fires("| Fil | Läge |\n|---|---|\n| `scripts/deploy.sh` | klar |\n", "scripts/deploy.sh", "docs/a.md:3"), id="done, in Swedish"
    ),
    pytest.param(
        *fires("| Datei | Stand |\n|---|---|\n| `scripts/deploy.sh` | erledigt |\n", "scripts/deploy.sh", "docs/a.md:3"), id="done, in German"
    ),
    pytest.param(
        *fires("| Fichier | Statut |\n|---|---|\n| `scripts/deploy.sh` | Terminé |\n", "scripts/deploy.sh", "docs/a.md:3"), id="done, in French"
    ),
    pytest.param(
        *fires("| Archivo | Estado |\n|---|---|\n| `scripts/deploy.sh` | completado |\n", "scripts/deploy.sh", "docs/a.md:3"),
        id="done, in Spanish",
    ),
    pytest.param(
        *fires("| Файл | Статус |\n|---|---|\n| `scripts/deploy.sh` | готово |\n", "scripts/deploy.sh", "docs/a.md:3"), id="done, in Russian"
    ),
    pytest.param(
        *fires("## Network policy\n\n**File**: `k8s/policy.yaml`\n**Status**: ✅ Complete\n", "k8s/policy.yaml", "docs/a.md:3"),
        id="the status of the section",
    ),
    pytest.param(
        *fires("## Missing parts\n\n### Images\n\n- **Status**: ✅ Complete\n- `Dockerfile.web`\n", "Dockerfile.web", "docs/a.md:6"),
        id="the status of the section, whatever the heading above says",
    ),
    pytest.param(*fires("## ✅ Back end\n\n- `src/api/auth.ts`\n", "src/api/auth.ts is done", "docs/a.md:3"), id="a heading with a mark"),
    pytest.param(
        *fires("## Files created\n\n1. `src/api/auth.ts` - tokens\n", "src/api/auth.ts is done", "docs/a.md:3"), id="files that were created"
    ),
    pytest.param(
        *fires("✅ Implemented in:\n\n- `src/api/auth.ts`\n", "src/api/auth.ts is done", "docs/a.md:3"), id="the line above the list has the mark"
    ),
    pytest.param(*fires("- [x] Create `scripts/backup.sh`\n", "scripts/backup.sh", "docs/PLAN.md:1"), id="ticked off in a plan"),
    pytest.param(
        *fires("| Manifests | Status |\n|---|---|\n| `k8s/production` | ✅ Done |\n", "k8s/production", "docs/a.md:3"),
        id="a folder without a slash at its end",
    ),
    pytest.param(*fires("- [x] `deploy.yml` runs on every push\n", "deploy.yml"), id="a bare name that nothing has"),
    # kinds of things
    pytest.param(
        *fires("| Component | Status |\n|---|---|\n| Kubernetes manifests | ✅ Complete |\n", "no workload for Kubernetes is committed", "docs/a.md:3"),
        id="manifests that are complete, and there are none",
    ),
    pytest.param(*fires("- [x] CI/CD pipeline\n", "no CI pipeline is committed"), id="a pipeline that is ticked off, and there is none"),
    pytest.param(*fires("- ✅ CI/CD pipeline with GitHub Actions\n", "no CI pipeline is committed"), id="a pipeline that is done, and what it is made with"),
    pytest.param(*fires("1. ✅ Implement monitoring\n", "nothing that monitors is committed"), id="monitoring that was implemented"),
    pytest.param(*fires("- [x] Backup and DR\n", "nothing that makes a backup is committed"), id="backups and recovery by its short name"),
    pytest.param(*fires("- ✅ **Deployment scripts**: Automated\n", "no script that deploys is committed"), id="scripts that deploy"),
    pytest.param(*fires("### Secrets Management ✅\n", "nothing that manages secrets is committed"), id="secrets that are managed"),
    pytest.param(*fires("- ✅ Docker containerization\n", "no Dockerfile is committed"), id="containers that are done, and no Dockerfile is there"),
    pytest.param(
        *fires("## 1. Dockerfiles\n\n- **Status**: ✅ Complete\n", "no Dockerfile is committed"), id="Dockerfiles by the status of their section"
    ),
    pytest.param(*fires("1. ✅ **COMPLETED**: Create Kubernetes configs\n", "no workload"), id="a step that is completed"),
    pytest.param(
        *fires("| Part | Readiness |\n|---|---|\n| Backup/Recovery | 100% |\n", "nothing that makes a backup", "docs/a.md:3"), id="backups"
    ),
    # mentions
    pytest.param(*fires("Production runs `docker-compose.prod.yml`.\n", "docker-compose.prod.yml"), id="a bare name of a deployment file"),
    pytest.param(*fires("The manifests are in `k8s/production/`.\n", "k8s/production/"), id="a folder of deployment"),
    pytest.param(*fires("CI is in `.github/workflows/ci.yml`.\n", ".github/workflows/ci.yml"), id="a workflow"),
    pytest.param(*fires("Routes are in `src/api/router.ts:12`.\n", "src/api/router.ts", severity="info"), id="a source in a folder that is there"),
    pytest.param(
        *fires("Add the key to the `src/api/config.ts` file.\n", "src/api/config.ts", severity="info"), id="a file that something is added to"
    ),
    # links
    pytest.param(*fires("See [the run book](runbook.md).\n", "the link leads to docs/runbook.md", severity="medium"), id="a link"),
    pytest.param(*fires("See [set up](Setup.md#first).\n", "committed as docs/setup.md: capitals count", severity="medium"), id="a link in other capitals"),
    pytest.param(*fires("See [sources](/src/api/main.ts).\n", "src/api/main.ts", severity="medium"), id="a link from the root"),
    pytest.param(*fires("See [others](/src/others/).\n", "src/others", severity="medium"), id="a link from the root to a folder beside others"),
    pytest.param(*fires("See [`main.ts`](src/api/main.ts:12).\n", "leads to src/api/main.ts", severity="medium"), id="a link of an editor to what is nowhere"),
    pytest.param(*fires("See [it](other.md:12).\n", "leads to docs/other.md", severity="medium"), id="a link with a line from the document's folder"),
    pytest.param(*fires("See [sources](src/api/index.ts).\n", "docs/src/api/index.ts", severity="medium"), id="a link by its last parts"),
    pytest.param(*fires("![plan](img/plan.png)\n", "docs/img/plan.png", severity="medium"), id="an image"),
    pytest.param(*fires('<img src="img/plan.png">\n', "docs/img/plan.png", severity="medium"), id="an image in HTML"),
    pytest.param(*fires("See [it].\n\n[it]: other.md\n", "docs/other.md", "docs/a.md:3", "medium"), id="a link that is defined below"),
    pytest.param(*fires("`Guide <guide.rst>`_\n", "docs/guide.rst", "docs/a.rst:1", "medium"), id="a link of reStructuredText"),
    pytest.param(*fires(".. include:: parts/a.inc\n", "docs/parts/a.inc", "docs/a.rst:1", "medium"), id="an include of reStructuredText"),
    pytest.param(*fires("See :doc:`install`.\n", "docs/install", "docs/a.rst:1", "medium"), id="a document of Sphinx"),
    pytest.param(*fires(".. toctree::\n\n   install\n", "docs/install", "docs/a.rst:3", "medium"), id="an entry of a table of contents"),
    pytest.param(*fires("xref:install.adoc[Install]\n", "docs/install.adoc", "docs/a.adoc:1", "medium"), id="a cross reference of AsciiDoc"),
    pytest.param(*fires("include::parts/a.adoc[]\n", "docs/parts/a.adoc", "docs/a.adoc:1", "medium"), id="an include of AsciiDoc"),
    # trees
    pytest.param(
        *fires("```\nsrc/\n├── api/\n│   ├── index.ts\n│   ├── routes.ts\n│   └── auth.ts\n└── web/\n    └── page.tsx\n```\n", "the tree shows src/api/auth.ts", "docs/a.md:6", "medium"),
        id="a tree",
    ),
    pytest.param(
        *fires("src/\n├── api/\n│   ├── index.ts\n│   ├── routes.ts\n│   └── auth.ts\n└── web/\n    └── page.tsx\n", "src/api/auth.ts", "docs/a.md:5", "medium"),
        id="a tree without a fence",
    ),
    pytest.param(
        *fires("```\nsrc/\n|-- api/\n|   |-- index.ts\n|   |-- routes.ts\n|   `-- auth.ts\n`-- web/\n    `-- page.tsx\n```\n", "src/api/auth.ts", "docs/a.md:6", "medium"),
        id="a tree in ASCII",
    ),
    pytest.param(
        *fires("- src/\n  - api/\n    - index.ts\n    - routes.ts\n    - auth.ts\n  - web/\n    - page.tsx\n", "src/api/auth.ts", "docs/a.md:5", "medium"),
        id="a tree of nested lists",
    ),
    pytest.param(
        *fires("```\nsrc/\n  api/\n    index.ts\n    routes.ts\n    auth.ts\n  web/\n    page.tsx\n```\n", "src/api/auth.ts", "docs/a.md:6", "medium"),
        id="a tree by indentation",
    ),
    pytest.param(
        *fires("```\nshop/\n├── src/\n│   ├── api/\n│       └── index.ts\n       ├── ├── routes.ts\n       │   └── policies.ts\n├── package.json\n├── Makefile\n```\n", "policies.ts", "docs/a.md:7", "medium"),
        id="a tree whose bars are broken",
    ),
    pytest.param(
        *fires("```\nshop/\n├── k8s/\n│   ├── api.yaml\n├── src/\n│   ├── api/\n│   │   ├── index.ts\n│   │   └── routes.ts\n├── package.json\n└── Makefile\n```\n", "the tree shows k8s/", "docs/a.md:3"),
        id="a tree with a folder of deployment that is not there",
    ),
    # commands
    pytest.param(*fires("```bash\nnpm run deploy:prod\n```\n", 'the script "deploy:prod", and no package.json has it', "docs/a.md:2"), id="a script of package.json"),
    pytest.param(*fires("Deploy with `npm run deploy`.\n", 'the script "deploy"'), id="a script in a code span"),
    pytest.param(*fires("| What | How |\n|---|---|\n| Deploy | `make deploy` |\n", "makes deploy", "docs/a.md:3"), id="a target in a table"),
    pytest.param(*fires("```sh\n$ ./scripts/deploy.sh --now\n```\n", "./scripts/deploy.sh", "docs/a.md:2"), id="a script behind a prompt"),
    pytest.param(*fires("```bash\ngo run src/main.go\n```\n", "src/main.go", "docs/a.md:2", "medium"), id="a program behind go run"),
    pytest.param(*fires("    ./scripts/deploy.sh\n", "./scripts/deploy.sh"), id="a command in an indented block"),
    pytest.param(*fires("```bash\ndocker compose -f docker-compose.prod.yml up -d\n```\n", "docker-compose.prod.yml", "docs/a.md:2"), id="a Compose file"),
    pytest.param(*fires("```bash\ndocker compose logs -f worker\n```\n", 'the Compose service "worker"', "docs/a.md:2"), id="a Compose service"),
    pytest.param(*fires("```bash\nkubectl apply -f k8s/production/\n```\n", "k8s/production/", "docs/a.md:2"), id="a folder of manifests"),
    pytest.param(*fires("```bash\nhelm upgrade shop ./charts/shop/\n```\n", "./charts/shop/", "docs/a.md:2"), id="a chart"),
    pytest.param(*fires("```bash\n./scripts/build.sh --file scripts/restore.sql\n```\n", "scripts/restore.sql", "docs/a.md:2", "medium"), id="the value of an option"),
    pytest.param(*fires("[source,bash]\n----\nmake deploy\n----\n", "makes deploy", "docs/a.adoc:3"), id="a command in AsciiDoc"),
    pytest.param(*fires(".. code-block:: bash\n\n   make deploy\n", "makes deploy", "docs/a.rst:3"), id="a command in reStructuredText"),
    # versions
    pytest.param(
        *fires("| Technology | Version |\n|---|---|\n| PostgreSQL | 15 |\n| TypeScript | 5.3.3 |\n", "states PostgreSQL 15, and compose.yaml:5 says 16", "docs/a.md:3", "medium"),
        id="a version in a table of technology",
    ),
    pytest.param(
        *fires("## Tech stack\n\n- **PostgreSQL**: 15 (from compose)\n- **React**: 18.2.0\n", "states PostgreSQL 15", "docs/a.md:3", "medium"),
        id="a version in a list of technology",
    ),
    pytest.param(
        *fires("## Technology stack\n\n- **Database**: PostgreSQL 15 with PostGIS\n- **UI**: React 18\n", "states PostgreSQL 15", "docs/a.md:3", "medium"),
        id="a version behind a label",
    ),
    pytest.param(
        *fires("## Technologies\n\n- **Database:** PostgreSQL 15 with PostGIS\n- **UI:** Lucide React 0.4, React 18\n", "states PostgreSQL 15", "docs/a.md:3", "medium"),
        id="a version behind a bold label",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("files", "place", "severity", "message"), FIRES)
def test_fires(tmp_path: Path, files: dict[str, str], place: str, severity: str, message: str) -> None:
    found = findings(tmp_path, files)
    assert [(f"{finding.path}:{finding.line}", finding.severity) for finding in found] == [(place, severity)], found
    assert message in found[0].message
    assert found[0].fix


SILENT = [
    pytest.param("- [ ] `k8s/api.yaml`\n", id="an open box"),
    pytest.param("- [x] `k8s/api.yaml` will be added in phase 2\n", id="a ticked box of what will be added"),
    pytest.param("- [x] `src/api/routes.ts`\n", id="a ticked box of what is there"),
    pytest.param("- [x] You've set the variables in `deploy/stack.yaml`\n", id="a ticked box of what readers have done"),
    pytest.param("✅ Removed `src/api/old.ts`\n", id="removed, and that is done"),
    pytest.param("- ✅ `src/api/a.ts` → `src/api/index.ts`\n", id="renamed, and that is done"),
    pytest.param("| Part | File | Status |\n|---|---|---|\n| Deploy | `scripts/deploy.sh` | ❌ Missing |\n", id="missing in a table"),
    pytest.param("| Part | File | Status |\n|---|---|---|\n| Deploy | `scripts/deploy.sh` | 🚧 40% |\n", id="in the making"),
    pytest.param("| File | Stand |\n|---|---|\n| `scripts/deploy.sh` | fehlt |\n", id="missing, in German"),
    pytest.param("| 文件 | 状态 |\n|---|---|\n| `scripts/deploy.sh` | 未实现 |\n", id="missing, in Chinese"),
    pytest.param("| Component | Status |\n|---|---|\n| Kubernetes manifests | Missing |\n", id="a kind of thing that is missing"),
    pytest.param("| Component | Status |\n|---|---|\n| Docker Compose | ✅ Complete |\n", id="a kind of thing that is there"),
    pytest.param("Legend: ✅ = required\n\n- ✅ Kubernetes manifests\n", id="a mark that the legend gives another meaning"),
    pytest.param("## Naming conventions\n\n- ✅ `user-profile.ts`\n- ❌ `UserProfile.ts`\n", id="good and bad names"),
    pytest.param("## Planned\n\nRoutes are in `src/api/router.ts`.\n", id="below a heading of plans"),
    pytest.param("#### Compose\n\n- **Status**: NOT FOUND\n- **Required**: `docker-compose.prod.yml`\n", id="a section whose status is not found"),
    pytest.param("Create `src/api/router.ts`:\n\n```ts\nexport {}\n```\n", id="a file that the reader creates"),
    pytest.param("You should add `scripts/deploy.sh`.\n", id="advice"),
    pytest.param("There is no `docker-compose.prod.yml`.\n", id="there is none"),
    pytest.param("~~`src/api/router.ts`~~\n", id="struck through"),
    pytest.param("Missing:\n\n- `k8s/api.yaml`\n- `k8s/web.yaml`\n", id="a list of what is missing"),
    pytest.param("`docker-compose.prod.yml` is missing.\n\nProduction runs `docker-compose.prod.yml`.\n", id="named as missing in another place"),
    pytest.param("Sources are in `api/index.ts`.\n", id="the last parts of a path"),
    pytest.param("Import `src/api/index.js`.\n", id="a compiled name"),
    pytest.param("See `src/api/<name>.ts`, `src/api/*.ts`, `src/your-module/index.ts`, `src/api/{a,b}.ts`.\n", id="placeholders"),
    pytest.param("Uses `lodash/fp.js`, `application/json`, `github.com/acme/shop`, `acme/shop`.\n", id="packages, types, addresses"),
    pytest.param("The build writes `dist/main.js`, `coverage/index.html` and `src/api/out.log`.\n", id="what programs write"),
    pytest.param("Copy `.env.example` to `.env.production`.\n", id="env files, which another rule looks after"),
    pytest.param("See [here](https://a.example/b.md), [mail](mailto:a@b.c), [top](#top), [issues](../../issues).\n", id="links to elsewhere"),
    pytest.param("See [set up](setup.md#first \"Set up\"), [sources](../src/api/), [build](/scripts/build.sh).\n", id="links that lead somewhere"),
    pytest.param("See [the guide](setup).\n", id="a link to a page without its ending"),
    pytest.param("[^1]: Somebody, Something.\n", id="a footnote"),
    pytest.param("```bash\ngo run scripts/keys.go  # (would need to create this script)\n```\n", id="a script that the comment behind it says is to be written"),
    pytest.param("- Loaded: `index-Dn905Y3-.js`, `index-a0fu9h84.css` ✓\n", id="what a bundler wrote"),
    pytest.param("```\nsrc/\n├── api/\n│   ├── index.ts\n│   ├── routes.ts\n│   └── shop_venv/\n├── web/\n│   └── page.tsx\n└── env/   # Backend venv\n```\n", id="a virtual environment in a tree"),
    pytest.param("`[not a link](nowhere.md)`\n", id="a link that is set as code"),
    pytest.param("<!-- [old](nowhere.md) `k8s/a.yaml` -->\n", id="a comment"),
    pytest.param("```\nother/\n├── a.py\n├── b.py\n├── c.py\n└── d.py\n```\n", id="the tree of something else"),
    pytest.param("## Proposed structure\n\n```\nsrc/\n├── api/\n│   ├── index.ts\n│   ├── routes.ts\n│   └── auth.ts\n```\n", id="a tree that is proposed"),
    pytest.param("```\nsrc/\n├── api/\n│   ├── index.ts\n│   ├── routes.ts\n│   ├── auth.ts   # planned\n│   ├── ...\n│   └── [others].ts\n```\n", id="entries of a tree that are planned, or stand for others"),
    pytest.param("```\n/opt/shop/\n├── a.py\n├── b.py\n└── c.py\n```\n", id="the tree of a host"),
    pytest.param("```bash\nnpm run build\nmake build\n./scripts/build.sh\ndocker compose logs -f api\ndocker compose exec db psql -U app\n```\n", id="commands that work"),
    pytest.param("```bash\ngit clone https://github.com/acme/other\ncd other\nmake install\nnpm run deploy\n```\n", id="commands in another repository"),
    pytest.param("```bash\ncat > scripts/deploy.sh <<'EOF'\necho\nEOF\nbash scripts/deploy.sh\n```\n", id="a script that the reader writes"),
    pytest.param("```bash\ndocker compose exec api python manage.py migrate\nkubectl exec api -- cat config/app.yaml\n```\n", id="commands in a container"),
    pytest.param("```bash\ndocker compose --profile x -f compose.yaml up -d --scale api=3 api\n```\n", id="options of Compose with values"),
    pytest.param("```bash\ncd /opt/other\n./svc.sh install\n```\n", id="a script in a folder of elsewhere"),
    pytest.param("```bash\ndocker compose restart <service>\n\ndocker compose -f compose.yaml up -d --scale api=3\n```\n", id="a placeholder that a shell would take for redirections"),
    pytest.param("```bash\ndocker compose logs service_name\ndocker compose up SERVICE\n```\n", id="placeholders of services"),
    pytest.param("```\nsrc/\n├── api/\n│   ├── index.ts\n│   ├── routes.ts\n│   └── Prices - 5 min - a.csv\n├── web/\n│   └── page.tsx\n└── Everything else that matters\n```\n", id="names with spaces, and sentences, in a tree"),
    pytest.param("```\nSources\n├── LinkedIn (20 contacts)\n├── Gmail (mail)\n└── Xero (money)\n```\n", id="a diagram of something else than files"),
    pytest.param("**Now:** [k8s](../k8s/) is empty.\n", id="a link to a folder that is empty, says the document"),
    pytest.param("There is no `make deploy` yet.\n", id="a target that is not there yet"),
    pytest.param("```yaml\n# k8s/api.yaml\nkind: Pod\n```\n\n```bash\nkubectl apply -f k8s/api.yaml\n```\n", id="a manifest whose contents the document shows"),
    pytest.param("| Technology | Version |\n|---|---|\n| PostgreSQL | 16 |\n| TypeScript | 5.3.3 |\n", id="a version that is right"),
    pytest.param("| Technology | Version |\n|---|---|\n| PostgreSQL | 14+ |\n| Redis | 7 |\n", id="a version or later, and one that nothing here states"),
    pytest.param("We came from PostgreSQL 12.\n", id="a version in passing"),
    pytest.param("## Prerequisites\n\n- PostgreSQL 15\n- Node.js 20\n", id="what the reader needs"),
    pytest.param("```\nshop/\n├── src/\n│   ├── api/\n│   │   ├── index.ts\n│   │   └── routes.ts\n│   └── [name]/\n│       └── page.tsx\n└── Makefile\n```\n", id="a tree with a folder that may have any name"),
    pytest.param("```\nsrc/\n├── 🔐 api/\n│   ├── index.ts\n│   └── routes.ts\n└── 🛣️ web/\n    └── page.tsx\n```\n", id="a tree with signs of different widths"),
    pytest.param("```\nSources\n├─ api\n├─ web\n├─ src\n└─ mail\n```\n", id="a diagram in which no name is written as that of a file"),
    pytest.param("## Documentation\n\n- [x] Docker deployment\n- [x] CI/CD pipeline\n", id="what is written about, and not what is there"),
    pytest.param("| Page | Status |\n|---|---|\n| [Data](data.md) | 🔄 In Progress |\n", id="a page that somebody is writing"),
    pytest.param("See what it can do: `./script.sh --help`.\n", id="any script"),
    pytest.param("1. ✅ Test - run it\n2. ✅ Test with one service first\n", id="a step in which somebody tests"),
    pytest.param("Installed:\n\n- ✅ Helm\n- ✅ Terraform\n", id="tools that are installed"),
    pytest.param("See [the API](/src/orders).\n", id="a link to a route of a site"),
    pytest.param("See [push](/docs/cloud/alerting/push-messages/).\n", id="a link to a route of a site, several levels below any folder"),
    pytest.param("- Changed [`index.ts`](src/api/index.ts:12)\n", id="a link of an editor, with a line, from the root"),
    pytest.param("```bash\ndocker compose -f compose.yaml pull --policy missing\n```\n", id="what an option of pull is given"),
    pytest.param("Run `docker-compose -f other-prod.yml run --rm shop ./manage.py dump` there.\n", id="a service in a Compose file that is not of this repository"),
    pytest.param("Run `node scripts/category/script.js`.\n", id="any script of any category"),
    pytest.param("## 路线图\n\n| W2 | `src/api/server.ts` |\n", id="a road map in Chinese"),
    pytest.param("- [x] `shop-main/scripts/build.sh`\n", id="a path seen from the folder around the clone"),
    pytest.param("Code: [`src/api/jobs.ts`](https://github.com/acme/other/blob/main/src/api/jobs.ts).\n", id="a file of another repository"),
    pytest.param("It is in the `acme/other` repo, see `scripts/notes.sh` there.\n", id="a file of a repository that is named"),
    pytest.param("**`src/api/jobs.ts`**:\n\n```ts\nexport {}\n```\n", id="a file whose contents the reader copies"),
    pytest.param("Rules go to `.cursor/rules/`.\n", id="a hidden folder of a tool"),
    pytest.param("This guide is automatically generated by a program.\n\n[x](Nowhere.md)\n", id="a document that a program wrote"),
    pytest.param("<Tabs>\n\n    ```ts src/api/jobs.ts\n    export {}\n    ```\n</Tabs>\n", id="a fence that is indented with the tag around it"),
]  # fmt: skip


@pytest.mark.parametrize("text", SILENT)
def test_silent(tmp_path: Path, text: str) -> None:
    assert findings(tmp_path, {"docs/a.md": text}) == []


@pytest.mark.parametrize(
    "path",
    [
        "CHANGELOG.md",
        "docs/adr/0001-manifests.md",
        "docs/rfcs/manifests.md",
        "docs/archive/manifests.md",
        "docs/RELEASE_NOTES.md",
        "node_modules/a/README.md",
        ".claude/skills/deploy.md",
        "examples/README.md",
        "tests/README.md",
        "docs/2026-01-31-status.md",
    ],
)
def test_documents_of_other_times_and_places_say_nothing(tmp_path: Path, path: str) -> None:
    assert findings(tmp_path, {path: "- [x] `k8s/api.yaml`\n\n[x](nowhere.md)\n"}) == []


@pytest.mark.parametrize(
    "path",
    [
        "AGENTS.md",
        "CLAUDE.md",
        "docs/BACKUPS.md",
        "docs/commands.md",
        "docs/rules.md",
        "docs/CODING_STANDARDS.md",
        "backup/README.md",
    ],
)
def test_documents_about_these_things_are_read(tmp_path: Path, path: str) -> None:
    assert [finding.line for finding in findings(tmp_path, {path: "Restore with `make restore`.\n"})] == [1]


def test_marks_of_conventions_tell_good_from_bad(tmp_path: Path) -> None:
    assert findings(tmp_path, {"docs/naming-conventions.md": "- ✅ `user-profile.ts`\n- ❌ `UserProfile.ts`\n"}) == []


@pytest.mark.parametrize(
    "path", ["docs/PLAN.md", "ROADMAP.md", "TODO.md", "docs/design/tasks.md", "docs/ImplementationPlan.md"]
)
def test_of_a_plan_only_what_it_ticks_off_counts(tmp_path: Path, path: str) -> None:
    found = findings(tmp_path, {path: "- [x] `k8s/a.yaml`\n- [ ] `k8s/b.yaml`\n- `k8s/c.yaml`\n\n[d](nowhere.md)\n"})
    assert [finding.line for finding in found] == [1]


def test_a_file_that_is_only_on_disk(tmp_path: Path) -> None:
    (found,) = findings(tmp_path, {"README.md": "- [x] `scripts/deploy.sh`\n"}, {"scripts/deploy.sh": "#!/bin/sh\n"})
    assert "on disk but not committed" in found.message
    assert found.fix == "git add scripts/deploy.sh"


def test_a_page_of_a_documentation_site_speaks_to_its_readers(tmp_path: Path) -> None:
    text = "Edit `scripts/start.sh`, then `npm run start:worker`. [Home](../../home) [Old](old.mdx)\n\n- [x] `k8s/a.yaml`\n"
    found = findings(tmp_path, {"docs/start.mdx": text})
    assert [(finding.line, finding.details["target"]) for finding in found] == [(1, "docs/old.mdx"), (3, "k8s/a.yaml")]


def test_anything_may_be_in_a_submodule(tmp_path: Path) -> None:
    text = "- [x] `main.go`\n- [x] Dockerfiles\n- ✅ `api/main.go`\n- ✅ `scripts/deploy.sh`\n\nRun `./start.sh` and `pip install -r requirements.txt`.\n"
    root = repository(tmp_path, {**SOURCES, "README.md": text})
    git(root, "update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},api")
    found = check(Project(Repository(str(root)), load(str(root), None, ())))
    assert [finding.details["target"] for finding in found] == ["scripts/deploy.sh"]


def test_of_a_tree_the_first_name_that_is_reported_is_pointed_at(tmp_path: Path) -> None:
    tree = "```\nsrc/\n├── api/\n│   ├── index.ts\n│   ├── keys.json\n│   ├── routes.ts\n│   └── jobs.ts\n└── web/\n    └── page.tsx\n```\n"
    (found,) = findings(tmp_path, {"README.md": tree, ".gitignore": "keys.json\n"})
    assert (found.line, found.details["target"], found.details["others"]) == (7, "src/api/jobs.ts", [])


def test_what_is_ignored_is_left_alone(tmp_path: Path) -> None:
    files = {
        "README.md": "Data is in `src/api/data.json`, `scripts/keys.json`.\n",
        ".gitignore": "*.json\n!package.json\n",
    }
    assert findings(tmp_path, files) == []


@pytest.mark.parametrize(
    "program",
    [
        {"scripts/setup.sh": "cat > reports/summary.json <<'EOF'\n{}\nEOF\n"},
        {"scripts/setup.sh": 'curl -fsS https://a.example -o "$ROOT/reports/summary.json"\n'},
        {"src/api/report.py": 'with open("reports/summary.json", "w") as file:\n    file.write("")\n'},
        {"src/api/report.ts": 'await fs.writeFile("reports/summary.json", text);\n'},
    ],
    ids=["a here-document", "a download", "Python", "Node"],
)
def test_what_a_program_writes_is_left_alone_unless_it_is_called_done(tmp_path: Path, program: dict[str, str]) -> None:
    document = {"docs/a.md": "See [the report](../reports/summary.json).\n", "reports/other.json": "{}\n"}
    assert findings(tmp_path / "link", {**document, **program}) == []
    claim = {"docs/a.md": "- [x] `reports/summary.json`\n", "reports/other.json": "{}\n"}
    assert len(findings(tmp_path / "claim", {**claim, **program})) == 1


def test_of_hundreds_of_names_those_are_left_alone_that_a_program_writes(tmp_path: Path) -> None:
    names = [f"reports/no{number}.json" for number in range(300)]
    document = "# Reports\n\n" + "".join(f"- See [the report]({name}).\n" for name in names)
    program = (
        'print("reports/no7.json")\nopen("reports/no7.json", "w")\nopen("reports/no17.json")\n# reports/no299.jsonl\n'
    )
    files = {"README.md": document, "reports/other.json": "{}\n", "src/api/report.py": program}
    found = [finding.message for finding in findings(tmp_path, files)]
    assert len(found) == 299
    assert not any("reports/no7.json" in message for message in found)


@pytest.mark.parametrize("seed", ["1", "2", "3"])
def test_a_diagram_is_held_against_the_same_folder_in_every_run(tmp_path: Path, seed: str) -> None:
    """Of folders that it fits as well, the outermost."""
    files = {f"{folder}/shop/{name}": "x\n" for folder in ("a/b/c", "d/e", "f/g/h", "i", "j/k") for name in "xyz"}
    diagram = "# Layout\n\n```\nshop/\n├── x\n├── y\n├── z\n└── gone.py\n```\n"
    root = repository(tmp_path, {**files, "README.md": diagram})
    process = run([*command("documented-files")], root, environment={"PYTHONHASHSEED": seed})
    assert "the tree shows i/shop/gone.py, which is not committed" in process.stdout


def test_what_a_program_only_reads_is_missing(tmp_path: Path) -> None:
    program = {"src/api/report.py": 'with open("reports/summary.json") as file:\n    file.read()\n'}
    files = {"docs/a.md": "See [the report](../reports/summary.json).\n", "reports/other.json": "{}\n", **program}
    assert len(findings(tmp_path, files)) == 1


def test_pages_that_a_site_generates_are_left_alone(tmp_path: Path) -> None:
    files = {
        "docs/a.md": "See [the rules](rules/index.md), [b](b.md).\n",
        "mkdocs.yml": "hooks:\n  - scripts/pages.py\n",
    }
    assert [finding.details["target"] for finding in findings(tmp_path, files)] == ["docs/b.md"]


def test_a_submodule_whose_files_are_committed_is_of_others(tmp_path: Path) -> None:
    files = {
        ".gitmodules": '[submodule "lib/tokens"]\n\tpath = lib/tokens\n\turl = https://github.com/acme/tokens\n',
        "lib/tokens/README.md": "See [the guide](guide.md).\n",
        "lib/own/README.md": "See [the guide](guide.md).\n",
    }
    assert [finding.path for finding in findings(tmp_path, files)] == ["lib/own/README.md"]


def test_antora_looks_for_pages_and_images_in_their_folders(tmp_path: Path) -> None:
    pages = {
        "docs/modules/ROOT/nav.adoc": "* xref:index.adoc[Overview]\n* xref:gone.adoc[Gone]\n",
        "docs/modules/ROOT/pages/index.adoc": "image::shape.png[A shape]\n",
        "docs/modules/ROOT/images/shape.png": "",
    }
    with_antora = findings(tmp_path / "a", {**pages, "docs/antora.yml": "name: shop\n"})
    assert [finding.details["target"] for finding in with_antora] == ["docs/modules/ROOT/gone.adoc"]
    assert len(findings(tmp_path / "b", pages)) == 3


def test_the_client_of_a_database_has_a_version_of_its_own(tmp_path: Path) -> None:
    files = {
        "README.md": "## Tech stack\n\n- FastAPI 0.110.0\n- Redis 5.0.2\n",
        "compose.yaml": "services:\n  cache:\n    image: redis:7\n",
        "requirements.txt": "fastapi==0.110.0\nredis[hiredis]==5.0.2\n",
    }
    assert findings(tmp_path / "a", files) == []
    for other in ("", "redis-om==5.0.2\n", "redis==5.0.21\n", "redis==4.6\nother==5.0.2\n"):
        manifest = f"fastapi==0.110.0\n{other}"
        assert len(findings(tmp_path / f"b{len(other)}", {**files, "requirements.txt": manifest})) == 1, other


@pytest.mark.parametrize("kept", ["data/shop.db", "data/.gitkeep"])
def test_a_folder_that_holds_only_what_slipped_in_is_filled_by_programs(tmp_path: Path, kept: str) -> None:
    tree = "```\nsrc/\n├── api/\n│   ├── index.ts\n│   └── routes.ts\ndata/\n├── shop.db\n└── keys/\n```\n"
    assert findings(tmp_path / "a", {"README.md": tree, kept: ""}) == []
    (found,) = findings(tmp_path / "b", {"README.md": tree, "data/shop.db": "", "data/prices.json": "{}\n"})
    assert "data/keys/" in found.message


def test_copies_are_reported_once_and_named(tmp_path: Path) -> None:
    text = "Run `npm run deploy`.\n"
    (found,) = findings(tmp_path, {"README.md": text, "docs/README.md": text, "src/api/README.md": text})
    assert found.path == "README.md"
    assert found.details["copies"] == ["docs/README.md", "src/api/README.md"]
    assert "so do docs/README.md, src/api/README.md" in found.message


def test_a_document_that_names_a_path_twice_is_told_once(tmp_path: Path) -> None:
    (found,) = findings(
        tmp_path, {"README.md": "It is in `k8s/api.yaml`.\n\nSee `k8s/api.yaml`.\n\n- [x] `k8s/api.yaml`\n"}
    )
    assert (found.line, found.details["kind"], found.details["also"]) == (5, "claim", [1, 3])


def test_a_translation_says_what_the_original_says(tmp_path: Path) -> None:
    found = findings(tmp_path, {"README.md": "[a](nowhere.md)\n", "README.zh-CN.md": "[啊](nowhere.md)\n"})
    assert [finding.path for finding in found] == ["README.md"]


def test_the_other_entries_of_a_tree_are_listed(tmp_path: Path) -> None:
    tree = "```\nsrc/\n├── api/\n│   ├── index.ts\n│   ├── routes.ts\n│   ├── auth.ts\n│   └── keys.ts\n└── web/\n    └── page.tsx\n```\n"
    (found,) = findings(tmp_path, {"README.md": tree})
    assert "the tree shows src/api/auth.ts and 1 more (src/api/keys.ts)" in found.message


def test_where_a_file_moved_is_told(tmp_path: Path) -> None:
    (found,) = findings(tmp_path, {"docs/a.md": "See [pages](../src/page.tsx).\n"})
    assert found.fix == "write ../src/web/page.tsx, or commit src/page.tsx"


def test_a_repository_without_documents_is_not_applicable(tmp_path: Path) -> None:
    root = repository(tmp_path, {"main.py": ""})
    with pytest.raises(NotApplicable):
        list(check(Project(Repository(str(root)), load(str(root), None, ()))))


PIECES = st.sampled_from(
    ["`", "``", "```", "\n", "\n\n", "- ", "- [x] ", "# ", "| ", "|---|", "├── ", "│   ", "src/", "a.ts", "✅", "[", "](", ")", "<", "**", "    ", "make x", "~~", "Status:", "PostgreSQL 15"]
)  # fmt: skip


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=st.lists(st.one_of(PIECES, st.text(max_size=5)), max_size=40).map("".join),
    ending=st.sampled_from(["md", "rst", "adoc"]),
)
def test_any_document_is_read(tmp_path_factory: pytest.TempPathFactory, text: str, ending: str) -> None:
    text = text.encode("utf-8", "replace").decode()
    for found in findings(tmp_path_factory.mktemp("any"), {f"docs/a.{ending}": text}):
        assert found.message
