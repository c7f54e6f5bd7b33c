"""What mkdocs.yml calls while the site is built: it adds the pages that derive from the rules, and the schemas.

A rule's page is its module's docstring and its record; ``<!-- README: Heading -->`` in a page stands for that section
of the README, ``<!-- layout: presets -->`` for the presets. Nothing derived is committed, so nothing can drift.

Source: https://www.mkdocs.org/user-guide/configuration/#hooks
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "hooks"))

from shipworthy.documentation import documentation  # noqa: E402
from shipworthy.layouts import preset_text, presets  # noqa: E402
from shipworthy.rule import HOST, JUDGES, Rule  # noqa: E402
from shipworthy.rules import ids, load  # noqa: E402

SCHEMAS = ("shipworthy.schema.json", "report.schema.json", "readiness.schema.json")
_SECTION = re.compile(r"^<!-- README: (?P<heading>.+) -->$", re.MULTILINE)
_PRESETS = "<!-- layout: presets -->"
_CODE = re.compile(r"(``.+?``|`[^`\n]+`)", re.DOTALL)
_ADDRESS = re.compile(r"https?://[^\s,]*[^\s,.;:)]")


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Put all rules into the navigation, behind the page that lists them."""
    for entry in config.nav or []:
        if "Rules" in entry:
            entry["Rules"] = ["rules/index.md", *({id: f"rules/{id}.md"} for id in ids())]
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages of the rules and the schemas."""
    for id in ids():
        files.append(File.generated(config, f"rules/{id}.md", content=rule_page(id)))
    files.append(File.generated(config, "rules/index.md", content=rules_page()))
    for name in SCHEMAS:
        content = (ROOT / "hooks" / "shipworthy" / name).read_text(encoding="utf-8")
        files.append(File.generated(config, f"schemas/{name}", content=content))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Put sections of the README in their places."""
    markdown = _SECTION.sub(lambda match: readme_section(match["heading"]), markdown)
    return markdown.replace(_PRESETS, presets_section()) if _PRESETS in markdown else markdown


def readme_section(heading: str) -> str:
    """A section of the README without its heading. Raises `KeyError` where there is none."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    sections = re.split(r"^## (.+)\n", readme, flags=re.MULTILINE)
    return dict(zip(sections[1::2], sections[2::2], strict=True))[heading].strip()


def presets_section() -> str:
    """The presets of the layout, each as it is written."""
    return "\n\n".join(f"### {name}\n\n```yaml\n{preset_text(name).strip()}\n```" for name in presets())


def rules_page() -> str:
    """The table of all rules."""
    rows = "".join(
        f"| [{rule.id}]({rule.id}.md) | {_text(rule.summary)} | {JUDGES[rule.scope]} | {rule.severity} |\n"
        for rule in (load(id).RULE for id in ids())
    )
    return f"# Rules\n\n| rule | requires | judges | severity |\n|---|---|---|---|\n{rows}"


def rule_page(id: str) -> str:
    """The page of one rule, in Markdown."""
    return "\n\n".join(part for part in _page(load(id).RULE) if part) + "\n"


def _page(rule: Rule) -> Iterator[str]:
    said = documentation(rule.id)
    yield f"# {rule.id}"
    yield f"**{_text(said.requirement)}**"
    fixes = ", `--fix` mends what is certain" if rule.fixes else ""
    yield f"Severity {rule.severity}, judges {JUDGES[rule.scope]}{fixes}, since version {rule.since}."
    yield f"## Why\n\n{_text(said.why)}"
    yield f"## Wrong\n\n{_block(said.wrong)}"
    yield f"## Right\n\n{_block(said.right)}"
    yield f"## What else to know\n\n{_text(said.notes)}" if said.notes else ""
    yield f"## When not to use it\n\n{_text(said.when_not[:1].upper() + said.when_not[1:])}"
    yield f"## Options\n\n{_options(rule)}"
    yield f"## Suppress\n\n{_suppress(rule)}"
    yield f"## Source\n\n{_text(said.source)}"


def _options(rule: Rule) -> str:
    if not rule.options:
        return "None of its own. [A severity and excluded paths](../configuration.md) can be stated for every rule."
    rows = "".join(
        f"| `{name}` | `{default}` | {_text(meaning)} |\n" for name, (default, meaning) in sorted(rule.options.items())
    )
    return (
        f"They stand in `.shipworthy.yaml` at `rules: {{{rule.id}: {{options: ...}}}}`.\n\n"
        f"| option | default | meaning |\n|---|---|---|\n{rows}"
    )


MARK = "shipworthy: ignore"


def _suppress(rule: Rule) -> str:
    if rule.scope == HOST:
        return (
            "Where it looks at a host from inside of a repository, that repository's `.shipworthy.yaml` says what may "
            "be where it is; the patterns begin at the root of the file system:\n\n"
            "```yaml\ntemporary:\n  permitted: [/tmp/models]\n"
            f"rules:\n  {rule.id}:\n    exclude:\n      - /tmp/legacy/\n```"
        )
    return (
        "At the end of the line, or alone on the line above, in the comment syntax of the file, with a reason:\n\n"
        f"```text\n# {MARK}[{rule.id}] why it is right here\n```\n\n"
        "Dockerfiles, systemd units and ignore files have comments on lines of their own alone; JSON has none.\n\n"
        "For paths, or to make it a hint, in `.shipworthy.yaml`:\n\n"
        f"```yaml\nrules:\n  {rule.id}:\n    severity: info\n    exclude:\n      - legacy/\n```"
    )


def _block(text: str) -> str:
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", text)), default=0))
    return f"{fence}text\n{text}\n{fence}"


def _text(text: str) -> str:
    """Paragraphs of a docstring as Markdown: nothing but code and addresses has a meaning."""
    pieces = _CODE.split(text)
    pieces[::2] = [_plain(piece) for piece in pieces[::2]]
    return "".join(pieces).replace("::\n\n    ", ":\n\n    ")


def _plain(text: str) -> str:
    pieces = re.split(f"({_ADDRESS.pattern})", text)
    pieces[::2] = [re.sub(r"([\\*_\[\]<>#|])", r"\\\1", piece) for piece in pieces[::2]]
    pieces[1::2] = [f"<{address}>" for address in pieces[1::2]]
    return "".join(pieces)
