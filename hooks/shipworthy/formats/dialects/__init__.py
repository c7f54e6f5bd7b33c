"""What YAML and JSON documents mean beyond their syntax: Compose, Kubernetes, Ansible, CI, package manifests.

A dialect is recognised by a document's content, and by its path where the content does not tell. It refines the tree in
place, so that commands, environment variables, mounts and inner documents look as they do in every other format (the
table in `shipworthy.formats.tree`):

- a command line becomes Block("directive", <its key>) with the text as written in ``words`` and the commands inside;
- an entry of an environment becomes a setting of the kind VARIABLE, named by the variable;
- a mount becomes Block("mount") with the values ``source``, ``target``, ``type`` and ``mode``;
- a file's content becomes Block("document", <its name or path>) as its own format reads it.

What an alias stands for is refined where its anchor is; an alias to a lone command line gets a directive of its own.
"""

from __future__ import annotations

from importlib import import_module

from shipworthy.formats.source import Source
from shipworthy.formats.tree import Block, Setting

_PACKAGES = frozenset({"app.json", "composer.json", "package.json"})


def expand(root: Block, source: Source, path: str) -> None:
    """Refine the documents below ``root``, which ``source`` gave. Documents of no known dialect stay as they are."""
    for document in root.children:
        if isinstance(document, Block):
            dialect = _sequence_dialect(document, path) if document.kind == "sequence" else _dialect(document, path)
            if dialect:
                import_module(f"shipworthy.formats.dialects.{dialect}").expand(document, source, path)


def _sequence_dialect(document: Block, path: str) -> str:
    first = document.children[0] if document.children else None
    if not isinstance(first, Block) or first.kind != "mapping":
        return ""
    from shipworthy.formats.dialects.ansible import recognises

    return "ansible" if recognises(document, path) else ""


def _dialect(document: Block, path: str) -> str:
    """The dialect of a mapping, told by its keys alone."""
    keys = {child.name: child for child in document.children}
    kind, file = keys.get("kind"), path.rpartition("/")[2].lower()
    if "apiVersion" in keys and isinstance(kind, Setting) and kind.value:
        return "kubernetes"
    if file in _PACKAGES or "apps" in keys:
        return "packages"
    from shipworthy.formats.dialects.workflows import recognises as is_workflow

    if is_workflow(document, path):
        return "workflows"
    from shipworthy.formats.dialects.compose import recognises as is_compose

    return "compose" if is_compose(document, path) else ""
