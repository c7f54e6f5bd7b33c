"""What the manifests of Go, Rust, Ruby, PHP and .NET name, and the files that choose the version of a language.

Sources: https://go.dev/ref/mod#go-mod-file , https://doc.rust-lang.org/cargo/reference/manifest.html ,
https://getcomposer.org/doc/04-schema.md , https://bundler.io/man/gemfile.5.html , https://asdf-vm.com/manage/configuration.html
"""

from __future__ import annotations

import re

from shipworthy.deployment.evidence import line_at, text_of, tree_of
from shipworthy.deployment.stack.model import Statements, of_name, of_package
from shipworthy.deployment.stack.technologies import CARGO, COMPOSER, GEMS, GO
from shipworthy.formats.tree import Setting
from shipworthy.patterns import lazy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.project import Project

_GO = lazy(
    r"^(?:go[ \t]+(?P<go>[\d.]+)"
    r"|[ \t]*(?:require[ \t]+)?(?P<name>[\w.-]+\.[a-z]+/[\w./-]+)[ \t]+(?P<version>v[\w.+-]+))",
    re.MULTILINE,
)
_GO_MAJOR = lazy(r"/v\d+$")
_GEM = lazy(
    r"^[ \t]*(?:gem[ \t(]+[\"'](?P<name>[\w.-]+)[\"'](?:[ \t]*,[ \t]*[\"'](?P<version>[^\"'\n]{1,60})[\"'])?"
    r"|ruby[ \t(]+[\"'](?P<ruby>[\d.]+)[\"'])",
    re.MULTILINE,
)
_TARGET_FRAMEWORK = lazy(r"<TargetFrameworks?>[^<\n]{0,100}?net(?:coreapp)?(?P<version>\d+\.\d+)")
_VERSION = lazy(r"[ \t]*(?:python-|ruby-|go|v)?(?P<version>\d+(?:\.\d+)*)[ \t\r]*")
_TOOL = lazy(r"^(?P<name>[\w-]+)[ \t]+(?P<version>\d+[\w.]*)", re.MULTILINE)
_LANGUAGE_FILES = {
    ".nvmrc": "Node.js",
    ".node-version": "Node.js",
    ".python-version": "Python",
    "runtime.txt": "Python",
    ".ruby-version": "Ruby",
    ".java-version": "Java",
    ".go-version": "Go",
    "rust-toolchain": "Rust",
}
"""Files whose first line is a version, and of what."""


def read_go(project: Project, path: str) -> Statements:
    """What a `go.mod` says."""
    text = text_of(project, path)
    for found in _GO.finditer(text):
        line = line_at(text, found.start())
        if found["go"]:
            yield from of_name(project, "Go", f">={found['go']}", path, line)
        else:
            yield from of_package(project, GO, _GO_MAJOR.sub("", found["name"]), found["version"], path, line)


def read_cargo(project: Project, path: str) -> Statements:
    """What a `Cargo.toml` says."""
    tree = tree_of(project, path)
    for setting in (node for node in tree.root.walk() if isinstance(node, Setting)):
        keys = setting.keys
        if setting.name == "rust-version":
            yield from of_name(project, "Rust", f">={setting.value}", path, tree.line(setting))
        elif len(keys) > 1 and keys[-2].endswith("dependencies"):
            yield from of_package(project, CARGO, setting.name, setting.value, path, tree.line(setting))
        elif len(keys) > 2 and keys[-3].endswith("dependencies") and setting.name == "version":
            yield from of_package(project, CARGO, keys[-2], setting.value, path, tree.line(setting))


def read_composer(project: Project, path: str) -> Statements:
    """What a `composer.json` says."""
    tree = tree_of(project, path)
    for top in tree.tops[:1]:
        for key in ("require", "require-dev"):
            block = top.block(key)
            for setting in block.settings if block is not None else ():
                line = tree.lines.position(setting.key)[0]
                if setting.name == "php":
                    yield from of_name(project, "PHP", setting.value, path, line)
                else:
                    yield from of_package(project, COMPOSER, setting.name, setting.value, path, line)


def read_gems(project: Project, path: str) -> Statements:
    """What a `Gemfile` says."""
    text = text_of(project, path)
    for found in _GEM.finditer(text):
        line = line_at(text, found.start())
        if found["ruby"]:
            yield from of_name(project, "Ruby", found["ruby"], path, line)
        else:
            yield from of_package(project, GEMS, found["name"], found["version"] or "", path, line)


def read_dotnet(project: Project, path: str) -> Statements:
    """What a project of .NET says."""
    text = text_of(project, path)
    for found in _TARGET_FRAMEWORK.finditer(text):
        yield from of_name(project, ".NET", found["version"], path, line_at(text, found.start()))


def read_language(project: Project, path: str) -> Statements:
    """What a file says that holds the version of a language and nothing else."""
    found = _VERSION.match(text_of(project, path))
    if found is not None:
        yield from of_name(project, _LANGUAGE_FILES[path.rpartition("/")[2]], found["version"], path, 1)


def read_tools(project: Project, path: str) -> Statements:
    """What a `.tool-versions` says."""
    text = text_of(project, path)
    for found in _TOOL.finditer(text):
        yield from of_name(project, found["name"], found["version"], path, line_at(text, found.start()))


LANGUAGE_FILES = frozenset(_LANGUAGE_FILES)
