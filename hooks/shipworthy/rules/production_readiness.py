"""Everything that production needs is there, and not only described.

A team believes what its own documents say. The operations guide describes backups, the architecture describes network
policies, a check-list says that CI is done, and none of it is committed. An audit finds it, is written by hand, and is
out of date a day later. This one is computed, from what is committed, every time: what is there, what is missing, what
only a document describes, for each component and for each service, with the line that proves it.

Wrong::

    # package.json
    {"scripts": {"start": "node index.js"}, "dependencies": {"express": "5"}}
    # Dockerfile
    FROM node:22-slim
    USER node
    CMD ["node", "index.js"]
    # .env.example
    SESSION_SECRET=
    # docs/operations.md
    ## Secrets

    Each service reads its own secrets from the vault.

Right::

    # package.json
    {"scripts": {"start": "node index.js"}, "dependencies": {"express": "5"}}
    # Dockerfile
    FROM node:22-slim
    USER node
    CMD ["node", "index.js"]
    # .env.example
    SESSION_SECRET=
    # docs/operations.md
    ## Secrets

    The server keeps them in the file `.env` beside the Compose file.
    # .gitignore
    .env
    # compose.prod.yaml
    services:
      shop: {build: ., env_file: .env}

The hook prints the report and passes. With `args: [--fail-under, "80"]` it fails below so many percent, and where a gap
is blocking whatever the percent is. It belongs to the stage `manual`: ``pre-commit run --hook-stage manual
production-readiness``. ``shipworthy report`` prints the same, in Markdown, HTML and JSON as well; there
``shipworthy report --check READINESS.md`` fails where a committed report is out of date. ``shipworthy check --select
production-readiness`` has as findings what no other rule reports: components that are missing, or only documented.

When not to use it: the repository holds a part of a product, and the rest of what production needs lies elsewhere.

Source: https://sre.google/sre-book/evolving-sre-engagement-model/ (production readiness reviews)
"""

from __future__ import annotations

from shipworthy.rule import HIGH, REPOSITORY, NotApplicable, Rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from shipworthy.project import Project
    from shipworthy.rule import Finding

RULE = Rule(
    "production-readiness",
    "What production needs is there, and not only described",
    severity=HIGH,
    scope=REPOSITORY,
    manual=True,
    since="0.1.0",
)


def check(project: Project) -> Iterator[Finding]:
    """What the report finds missing that no rule reports: it asks all the others."""
    from shipworthy.readiness.model import NOTHING
    from shipworthy.run_report import report_of

    report = report_of(project)
    if report.verdict == NOTHING:
        raise NotApplicable("nothing here runs in production")
    for gap in report.gaps:
        if gap.rule == RULE.id:
            file = project.open(gap.path)
            yield RULE.finding(file, file.offset(gap.line), gap.message, fix=gap.fix, severity=gap.severity)


def main(argv: Sequence[str] | None = None) -> int:
    """The report, with its own options. The exit code: 0, 1 or 2 (see the README)."""
    from shipworthy.run_report import hook

    return hook(RULE, argv)
