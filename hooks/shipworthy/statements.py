"""Reads `.shipworthy.yaml` into a `Config`, and says exactly what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from posixpath import normpath

from shipworthy.config import SERVICE_KEYS, TARGETS, Config, ConfigError, ServiceStatement, TemporaryStatement
from shipworthy.file import TOO_LARGE
from shipworthy.formats import decode, yaml
from shipworthy.formats.source import Lines, Source
from shipworthy.formats.tree import MERGE, Alias, Block, Setting
from shipworthy.formats.unreadable import Unreadable
from shipworthy.globs import Globs
from shipworthy.homes.roles import DURABLE
from shipworthy.hook import LARGEST_FILE, read_file
from shipworthy.places import PLACES
from shipworthy.rule import SEVERITIES

KEYS = ("deploys", "exclude", "layout", "not_services", "places", "rules", "services", "temporary")
RULE_KEYS = ("exclude", "options", "severity")
TEMPORARY_KEYS = ("directories", "permitted", "roles")
_REPLACED = "\ufffd"
"""What `decode` puts in the place of bytes that are no text."""


def parse(path: str, name: str, rules: Sequence[str]) -> Config:
    """The configuration in the file ``path``, called ``name`` in messages. Raises `ConfigError`."""
    try:
        data = read_file(path)
        if len(data) > LARGEST_FILE:
            raise Unreadable(TOO_LARGE)
        text = decode(data)
        if _REPLACED in text:
            line, column = Lines(text).position(text.index(_REPLACED))
            raise ConfigError(f"{name}:{line}:{column}: must be UTF-8")
        root = yaml.read(Source(text))
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else None
        raise ConfigError(f"{name}: {reason or error}") from error
    except Unreadable as error:
        if error.place is None:
            raise ConfigError(f"{name}: {error}") from error
        line, column = error.place
        raise ConfigError(f"{name}:{line}:{column}: {str(error).removeprefix(f'line {line}: ')}") from error
    return Reader(name, text, rules).config(root)


class Reader:
    """Reads the nodes of a configuration, each of them with an error that has its place."""

    def __init__(self, name: str, text: str, rules: Sequence[str]) -> None:
        self.name = name
        self.lines = Lines(text)
        self.rules = rules

    def error(self, node: Setting | Block | Alias, message: str, *, offset: int | None = None) -> ConfigError:
        """The error at a node, or at an offset of the text."""
        line, column = self.lines.position(node.start if offset is None else offset)
        return ConfigError(f"{self.name}:{line}:{column}: {message}")

    def key_error(self, node: Setting | Block | Alias, message: str) -> ConfigError:
        """The error at a node's name."""
        return self.error(node, message, offset=node.key if isinstance(node, Setting) else node.start)

    def config(self, root: Block) -> Config:
        """What the whole file states."""
        config = Config()
        config.path = self.name
        documents = root.items()
        if not documents or (len(documents) == 1 and isinstance(documents[0], Setting) and _is_empty(documents[0])):
            return config
        if len(documents) > 1:
            raise self.error(documents[1], "must be the only document of the file")
        top = documents[0]
        if not isinstance(top, Block) or top.kind != "mapping":
            raise self.error(top, "must be a mapping with the keys " + ", ".join(KEYS))
        for key, node in self.entries(top, KEYS):
            if key == "exclude":
                config.exclude = self.globs(node)
            elif key == "not_services":
                config.not_services = self.globs(node)
            elif key == "deploys":
                config.deploys = self.targets(node)
            elif key == "rules":
                self.rule_statements(config, node)
            elif key == "services":
                config.services = dict(self.services(node))
            elif key == "places":
                config.places = list(self.places(node))
            elif key == "temporary":
                config.temporary = self.temporary(node)
            elif key == "layout":
                from shipworthy.layouts import layout

                config.layout = layout(self, node)
        return config

    def targets(self, node: Setting | Block) -> tuple[str, ...] | None:
        """What the repository deploys to; None where nothing is stated."""
        if isinstance(node, Setting) and _is_empty(node):
            return None
        items = self.items(node)
        found = tuple(self.choice(item, TARGETS) for item in items)
        if "none" in found and len(found) > 1:
            raise self.error(items[found.index("none")], "none stands alone, or is left out")
        return found

    def rule_statements(self, config: Config, node: Setting | Block) -> None:
        """What is different for single rules, put into ``config``."""
        for rule, statement in self.entries(node, self.rules, "rule"):
            for key, value in self.entries(statement, RULE_KEYS):
                if key == "severity":
                    config.severities[rule] = self.choice(value, SEVERITIES)
                elif key == "exclude":
                    config.rule_excludes[rule] = self.globs(value)
                else:
                    config.rule_options[rule] = self.options(rule, value)

    def options(self, rule: str, node: Setting | Block) -> dict[str, object]:
        """The options of a rule, each of the kind that its default has."""
        from shipworthy.rules import load

        known = load(rule).RULE.options
        found: dict[str, object] = {}
        for key, value in self.entries(node, sorted(known), "option"):
            default = known[key][0]
            if isinstance(default, (list, tuple)):
                found[key] = self.strings(value)
            elif isinstance(default, bool):
                found[key] = self.choice(value, ("true", "false")) == "true"
            elif isinstance(default, int):
                found[key] = self.number(value)
            else:
                found[key] = self.string(value)
        return found

    def services(self, node: Setting | Block) -> Iterable[tuple[str, ServiceStatement]]:
        """The services by name."""
        for name, statement in self.entries(node):
            line = self.lines.position(statement.start)[0]
            if isinstance(statement, Setting):
                yield name, ServiceStatement(name, self.folder(statement), "", line)
                continue
            given = dict(self.entries(statement, SERVICE_KEYS))
            path = self.folder(given["path"]) if "path" in given else ""
            image = self.string(given["image"]) if "image" in given else ""
            yield name, ServiceStatement(name, path, image, line)

    def folder(self, node: Setting | Block) -> str:
        """A folder as the index spells it; "" for the root."""
        value = self.string(node)
        folder = normpath("./" + value.strip("/"))
        if "\\" in value or ".." in folder.split("/"):
            raise self.error(node, f"must be a folder of the repository, with /, not {value!r}")
        return "" if folder == "." else folder

    def temporary(self, node: Setting | Block) -> TemporaryStatement:
        """What is different about temporary directories."""
        found: dict[str, tuple[str, ...]] = {}
        for key, value in self.entries(node, TEMPORARY_KEYS):
            if key == "roles":
                found[key] = tuple(self.choice(item, DURABLE) for item in self.items(value))
            else:
                found[key] = tuple(self.absolute(item) for item in self.items(value))
        return TemporaryStatement(**found)

    def absolute(self, node: Setting | Block) -> str:
        """An absolute path."""
        value = self.string(node)
        if not value.startswith("/") or not value.strip("/"):
            raise self.error(node, f"must be an absolute path, not {value!r}")
        return "/" + value.strip("/")

    def places(self, node: Setting | Block) -> Iterable[tuple[Globs, str]]:
        """The patterns of each place."""
        for place, patterns in self.entries(node, PLACES, "place"):
            yield self.globs(patterns), place

    def entries(
        self, node: Setting | Block, known: Sequence[str] | None = None, what: str = "key"
    ) -> Iterable[tuple[str, Setting | Block]]:
        """The entries of a mapping, each of whose keys must be known; an empty value is an empty mapping."""
        if isinstance(node, Setting):
            if _is_empty(node):
                return
            raise self.error(node, f"must be a mapping, not {node.value!r}")
        if node.kind != "mapping":
            raise self.error(node, "must be a mapping, not a list")
        seen: set[str] = set()
        for child in node.children:
            if not child.name:
                raise self.key_error(child, f"the {what} must be a word")
            if child.name in seen and child.name != MERGE:
                raise self.key_error(child, f"the {what} {child.name!r} is given twice")
            seen.add(child.name)
        for key, value in node.entries().items():
            if known is not None and key not in known:
                raise self.key_error(value, f"unknown {what} {key!r}{nearest(key, known)}")
            yield key, value

    def items(self, node: Setting | Block) -> list[Setting | Block]:
        """The items of a list; a single value is a list of one, null is an empty one."""
        if isinstance(node, Block) and node.kind == "sequence":
            return node.items()
        if isinstance(node, Setting):
            return [] if _is_empty(node) else [node]
        raise self.error(node, "must be a list")

    def globs(self, node: Setting | Block) -> Globs:
        """A list of patterns of paths."""
        for item in self.items(node):
            pattern = self.string(item)
            if not pattern or pattern.startswith("!"):
                raise self.error(item, f"must be a pattern of paths, neither empty nor negated, not {pattern!r}")
            nowhere = pattern != "." and not pattern.removeprefix(".").strip("/")
            if nowhere or "\\" in pattern or ".." in pattern.split("/"):
                raise self.error(item, f"must be a pattern of paths below the root, with /, not {pattern!r}")
        return Globs(self.strings(node))

    def strings(self, node: Setting | Block) -> list[str]:
        """The values of a list."""
        return [self.string(item) for item in self.items(node)]

    def string(self, node: Setting | Block) -> str:
        """A scalar's value; "" for null."""
        if isinstance(node, Setting):
            return "" if _is_empty(node) else node.value
        raise self.error(node, "must be a single value")

    def number(self, node: Setting | Block) -> int:
        """A whole number."""
        value = self.string(node)
        try:
            return int(value)
        except ValueError:
            raise self.error(node, f"must be a whole number, not {value!r}") from None

    def choice(self, node: Setting | Block, known: Sequence[str]) -> str:
        """One of the known words."""
        value = self.string(node)
        if value not in known:
            raise self.error(node, f"unknown value {value!r}{nearest(value, known)}")
        return value


def _is_empty(setting: Setting) -> bool:
    """Whether the value is YAML's null."""
    return setting.value in ("", "null", "~") and not setting.literal


def nearest(word: str, known: Sequence[str]) -> str:
    """The end of a message about a wrong word: the right one that is nearest, or all there are."""
    near = get_close_matches(word, known, 1)
    if near:
        return f"; did you mean {near[0]!r}?"
    return f"; one of {', '.join(known)}" if known else "; there are none"
