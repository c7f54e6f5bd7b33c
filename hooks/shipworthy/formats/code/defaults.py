"""Which calls and operators give a default, and for what.

The conventions are those of the languages' own libraries and of the common ones for settings: decouple, environs,
pydantic, argparse, click and typer; dotenv, zod, joi, envalid, convict, yargs and commander; viper, pflag, cobra and
envconfig; Spring, MicroProfile and picocli; Laravel and Symfony; Rails, Puma and Capistrano.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from tree_sitter import Node

from shipworthy.formats.code import nodes
from shipworthy.formats.code.values import Values
from shipworthy.formats.tree import DEFAULT, VALUE, VARIABLE
from shipworthy.patterns import lazy

FALLBACKS = frozenset({"||", "??", "or", "||=", "??=", "or="})
"""Operators whose right side stands in for the left one."""
DEFAULT_KEYS = frozenset({"default", "defaultValue", "default_value", "Default", "DefaultValue", "fallback"})
"""What the default is called where an option is described by named values."""
NAME_KEYS = ("env", "envvar", "env_var", "EnvVar", "validation_alias", "alias", "arg", "name", "names", "Name")
"""What the name is called there, the one that counts most first."""

_ENVIRONMENTS = frozenset({"env", "environ", "_env", "_server", "getenv"})
_ENVIRONMENT_WORDS = frozenset({"env", "environ", "environment", "getenv", "putenv", "setenv", "envs"})
_CHANGES = frozenset({"set", "putenv", "setenv", "put"})
_GETTERS = frozenset({"fetch", "setdefault", "SetDefault", "getattr", "pop"})
_GETTER = lazy(r"get(?:[A-Z_]\w*)?")
_SETTERS = frozenset({"set", "put", "setProperty", "ini_set", "define", "Set", "setIfUnset", "setting"})
_CHAINED = frozenset({"default", "Default", "withDefault", "defaultValue", "orElse", "prefault", "or_else"})
_FIELDS = frozenset({"Field", "Option", "Argument", "Query", "field"})
_OPTIONS = frozenset({"option", "requiredOption", "opt"})
_FLAGS = lazy(r"(?:String|Path|Filename)(?:Var)?P?|DEFINE_(?:string|path)")
_FLAG_OWNER = lazy(r"flag|^f\.|^fs\.|^cmd\.|^app\.", re.IGNORECASE)
_OPTION = lazy(r"--?([A-Za-z][\w.-]*)")
_SETTING_NAME = lazy(r"[A-Za-z_][\w.:-]{0,99}", re.ASCII)
_WORD = lazy(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_MOST_STEPS = 8
_MOST_WORDS = 200


class Name(NamedTuple):
    """A name and where it stands in the file."""

    text: str
    key: int


class Given(NamedTuple):
    """A value that a call gives to a name. ``kind`` is the kind of setting it is."""

    kind: str
    name: Name
    value: Node


class Defaults:
    """Finds the defaults in one file."""

    def __init__(self, values: Values) -> None:
        self.values = values
        self.tree = values.tree

    def name(self, node: Node) -> Name | None:
        """The last name of ``a.b``, ``a["b"]`` or ``b``."""
        found = nodes.last_name(self.tree, node)
        if found is None:
            return None
        literal = self.values.literal(found)
        if literal is not None:
            return Name(literal.value, literal.start)
        written = nodes.expression(self.tree, found)
        marks = len(written) - len(written.lstrip(nodes.SIGILS))
        return Name(nodes.plain_name(self.tree, found), self.tree.start(found) + marks)

    def variable(self, node: Node) -> Name | None:
        """The environment variable that an expression reads or sets, also one with its own fallback."""
        for _ in range(_MOST_STEPS):
            node = nodes.unwrapped(node)
            role = nodes.role(node)
            if role in (nodes.MEMBER, nodes.SUBSCRIPT):
                owner = nodes.owner(node)
                return self.name(node) if owner is not None and self._is_environment(owner) else None
            if role == nodes.CALL:
                call = self.values.call(node)
                if _speaks_of_environment(call.callee) and call.positional:
                    return self._setting_name(call.positional[0])
                step = call.receiver
                if call.name in ("ofNullable", "String", "str") and call.positional:
                    step = call.positional[0]
            elif role == nodes.BINARY and nodes.operator(node) in FALLBACKS:
                step = node.child_by_field_name("left")
            else:
                return None
            if step is None:
                return None
            node = step
        return None

    def given(self, call: nodes.Call, owner: Name | None) -> Given | None:
        """The default or the value that a call gives; ``owner`` is what its result is assigned to."""
        for convention in (
            self._environment,
            self._named_default,
            self._chained,
            self._declared_option,
            self._field,
            self._getter,
            self._setter,
        ):
            found = convention(call, owner)
            if found is not None:
                return found
        return None

    def stated_name(self, described: dict[str, Node]) -> Name | None:
        """The name of an option that named values describe: ``{ env: "X", default: "/x" }``."""
        stated = (self._setting_name(described[key]) for key in NAME_KEYS if key in described)
        return next((name for name in stated if name is not None), None)

    def option_name(self, call: nodes.Call) -> Name | None:
        """The option or setting that the texts in a call name: the longest ``--name``, or the first plain name."""
        plain: Name | None = None
        option: Name | None = None
        for argument in call.positional:
            text = self.values.literal(argument)
            if text is None:
                continue
            for found in _OPTION.finditer(text.value) if text.value.startswith("-") else ():
                if option is None or len(found[1]) > len(option.text):
                    option = Name(found[1], text.start + found.start(1))
            if plain is None and _SETTING_NAME.fullmatch(text.value):
                plain = Name(text.value, text.start)
        return option or plain

    def _environment(self, call: nodes.Call, _owner: Name | None) -> Given | None:
        """``os.getenv("X", v)``, ``env("X", default=v)``, ``ENV.fetch("X") { v }``, ``os.Setenv("X", v)``."""
        if not _speaks_of_environment(call.callee) or not call.positional:
            return None
        name = self._setting_name(call.positional[0])
        if name is None:
            return None
        value = _named(call, DEFAULT_KEYS) or (call.positional[1] if len(call.positional) > 1 else _block_value(call))
        if value is None:
            return None
        return Given(DEFAULT if _CHANGES.isdisjoint(_words(call.name)) else VARIABLE, name, value)

    def _named_default(self, call: nodes.Call, owner: Name | None) -> Given | None:
        """``add_argument("--x", default=v)``, ``config("X", default=v)``, ``Field(default=v)``."""
        value = _named(call, DEFAULT_KEYS)
        if value is None:
            return None
        name = self.stated_name({key: pair[1] for key, pair in call.named.items()})
        if name is None and "fallback" in call.named and call.positional:  # of a configparser: section, key
            name = self._setting_name(call.positional[-1])
        name = name or self.option_name(call) or owner
        return None if name is None else Given(DEFAULT, name, value)

    def _chained(self, call: nodes.Call, owner: Name | None) -> Given | None:
        """``z.string().default(v)``, ``Optional.ofNullable(getenv("X")).orElse(v)``, ``Flag("x").Default(v)``."""
        if call.name not in _CHAINED or call.receiver is None or len(call.positional) != 1:
            return None
        name = self.variable(call.receiver) or owner or self._flag_in_chain(call.receiver)
        return None if name is None else Given(DEFAULT, name, call.positional[0])

    def _flag_in_chain(self, node: Node) -> Name | None:
        for _ in range(_MOST_STEPS):
            if nodes.role(node) != nodes.CALL:
                return None
            call = self.values.call(node)
            if call.name in ("Flag", "Arg", "flag", "option", "Option"):
                return self.option_name(call)
            if call.receiver is None:
                return None
            node = call.receiver
        return None

    def _declared_option(self, call: nodes.Call, _owner: Name | None) -> Given | None:
        """``flag.StringVar(&v, "x", v, help)``, ``.option("--x <file>", help, v)``, ``DEFINE_string("x", v, help)``."""
        first = self.values.literal(call.positional[0]) if call.positional else None
        if first is not None and call.name in _OPTIONS and first.value.startswith("-") and len(call.positional) == 3:
            name = self.option_name(call._replace(positional=call.positional[:1]))
            return None if name is None else Given(DEFAULT, name, call.positional[2])
        if not _FLAGS.fullmatch(call.name):
            return None
        arguments = call.positional[1:] if "Var" in call.name else call.positional
        if call.name.endswith("P") and len(arguments) == 4:
            arguments = [arguments[0], *arguments[2:]]
        if len(arguments) != 3 or (call.name == "String" and not _FLAG_OWNER.search(call.callee)):
            return None
        name = self._setting_name(arguments[0])
        return None if name is None else Given(DEFAULT, name, arguments[1])

    def _field(self, call: nodes.Call, owner: Name | None) -> Given | None:
        """``data_dir: str = Field(v)``."""
        if call.name not in _FIELDS or owner is None or not call.positional:
            return None
        first = self.values.literal(call.positional[0])
        if first is not None and first.value.startswith("-"):  # the option's name, not its default
            return None
        name = self.stated_name({key: pair[1] for key, pair in call.named.items()})
        return Given(DEFAULT, name or owner, call.positional[0])

    def _getter(self, call: nodes.Call, _owner: Name | None) -> Given | None:
        """``settings.get("x", v)``, ``getattr(settings, "X", v)``, ``viper.SetDefault("x", v)``."""
        if call.name not in _GETTERS and not _GETTER.fullmatch(call.name):
            return None
        arguments = call.positional[1:] if call.name == "getattr" else call.positional
        if len(arguments) != 2:
            return None
        name = self._setting_name(arguments[0])
        return None if name is None else Given(DEFAULT, name, arguments[1])

    def _setter(self, call: nodes.Call, _owner: Name | None) -> Given | None:
        """``app.set("x", v)``, ``define("X", v)``, ``properties.put(Config.X, v)``."""
        if call.name not in _SETTERS or len(call.positional) != 2:
            return None
        key = call.positional[0]
        name = self._setting_name(key)
        if name is None and nodes.role(nodes.unwrapped(key)) == nodes.MEMBER:
            name = self.name(key)
        return None if name is None else Given(VALUE, name, call.positional[1])

    def _setting_name(self, node: Node) -> Name | None:
        """A literal that can be the name of a setting."""
        text = self.values.literal(node)
        if text is None or not _SETTING_NAME.fullmatch(text.value):
            return None
        return Name(text.value, text.start)

    def _is_environment(self, node: Node) -> bool:
        last = nodes.path(self.tree, node).removesuffix("()").replace("$", "")
        return re.split(r"\W+", last)[-1].lower() in _ENVIRONMENTS


def _named(call: nodes.Call, names: Iterable[str]) -> Node | None:
    return next((call.named[name][1] for name in names if name in call.named), None)


def _block_value(call: nodes.Call) -> Node | None:
    """The last expression of a Ruby block."""
    body = None if call.block is None else call.block.child_by_field_name("body")
    statements = [] if body is None else nodes.children(body)
    return statements[-1] if statements else None


def _words(name: str) -> list[str]:
    return [word.lower() for word in _WORD.findall(name)]


def _speaks_of_environment(callee: str) -> bool:
    """Whether one of the last two names of a callee is about the environment."""
    names = re.split(r"\W+", callee[-_MOST_WORDS:].replace("()", ""))[-2:]
    return any(word in _ENVIRONMENT_WORDS for name in names for word in _words(name))
