"""INI and its relatives: php-fpm, Supervisor, uWSGI, MySQL, configparser; systemd units; Java properties.

Sources: https://docs.python.org/3/library/configparser.html#supported-ini-file-structure ;
https://www.freedesktop.org/software/systemd/man/latest/systemd.syntax.html ;
https://supervisord.org/configuration.html ; https://www.php.net/manual/en/install.fpm.configuration.php ;
https://docs.oracle.com/en/java/javase/21/docs/api/java.base/java/util/Properties.html#load(java.io.Reader)
"""

from __future__ import annotations

import re
from typing import NamedTuple

from shipworthy.formats.escapes import unescaped
from shipworthy.formats.lexing import (
    add_block,
    add_command,
    add_setting,
    lines,
    logical_lines,
    refuse_template,
    trimmed,
    value_span,
    words,
)
from shipworthy.formats.source import Source
from shipworthy.formats.tree import VALUE, VARIABLE, Block
from shipworthy.patterns import lazy

_HEADER = lazy(r"\s*+\[++(?P<title>[^\]\n]*+)\]++\s*+(?:[;#].*)?$")
_FLAG = lazy(r"[A-Za-z][\w.\-]*+$")
_INCLUDE = lazy(r"[!%.](?P<name>\w++)\s++(?P<path>\S.*)")
_MEMBER = lazy(r"(?P<table>\w++)\[(?P<name>[^\]]*+)\]$")
_ASSIGNMENT = lazy(r"""\b(?P<name>[A-Za-z_]\w*+)\s*+=\s*+(?P<value>"(?:[^"\\]|\\.)*+"|'(?:[^'\\]|\\.)*+'|[^,]*+)""")
_PROPERTY = lazy(r"\s*+(?P<name>(?:[^\\=:\s]|\\.)++)\s*+[=:]?\s*+", re.DOTALL)
_EXECUTION_PREFIXES = "@-:+!|"
"""What may stand before the program of ``ExecStart=`` and its kind: see systemd.service(5), command lines."""
_VARIABLE_LISTS = frozenset({"environment", "env", "setenv", "set_env"})
"""Options whose value is ``A=x`` or ``A=x,B=y``: of Supervisor, uWSGI, pytest-env, tox."""
_COMMANDS = {
    "program": ("command",),
    "eventlistener": ("command",),
    "fcgi-program": ("command",),
    "watcher": ("cmd",),
    "uwsgi": ("attach-daemon", "attach-daemon2", "exec-asap", "exec-pre-app", "exec-post-app", "exec-as-user"),
}
"""Options that are command lines, by what the section's title starts with: of Supervisor, Circus, uWSGI."""
_LONGEST_NAME = 100


def read(source: Source, dialect: str = "") -> Block:
    """Sections with their settings; what stands before the first section is in the document itself.

    ``dialect`` is "systemd", "properties" or "", which reads what most programs call INI. Raises `Unreadable` for a
    template.
    """
    refuse_template(source)
    if dialect == "properties":
        return _properties(source)
    if dialect == "systemd":
        return _systemd(source)
    return _sections(source)


class _Option(NamedTuple):
    """An option whose value may go on in deeper lines.

    ``starts_below`` says that nothing stands on its own line; ``written`` is the value of its last line.
    """

    name: str
    indentation: int
    starts_below: bool
    written: str


class _Entry(NamedTuple):
    """Where the parts of ``name = value`` stand in their line."""

    name: str
    key: int
    value: int
    kind: str


def _sections(source: Source) -> Block:
    root = block = Block("document")
    option: _Option | None = None
    for line in lines(source):
        first, last = trimmed(line.text, 0, len(line.text))
        if first == last or line.text[first] in ";#":
            continue
        header = _HEADER.match(line.text)
        if header and (first == 0 or option is None):
            block, option = _add_section(root, line, header), None
            continue
        entry = _entry(line.text, first, last)
        if option and _continues(option, first, entry):
            option = option._replace(written=_add_value(block, line, option.name, first, first))
        elif entry:
            written = _add_entry(block, line, entry)
            option = _Option(entry.name, first, not written, written)
        else:
            option = None
            _add_flag(block, line, first)
    return root


def _add_section(root: Block, line: Source, header: re.Match[str]) -> Block:
    return add_block(root, line, "section", header["title"].strip(), *trimmed(line.text, *header.span("title")))


def _continues(option: _Option, indentation: int, entry: _Entry | None) -> bool:
    """Whether a deeper line belongs to the option above it: many files indent their options for looks alone."""
    goes_on = option.starts_below or option.written.endswith((",", "\\"))
    return indentation > option.indentation and (entry is None or goes_on)


def _entry(text: str, first: int, last: int) -> _Entry | None:
    """The parts of ``name = value`` or ``name: value``; None for another line."""
    separator = text.find("=", first, last)
    colon = text.find(":", first, last if separator < 0 else separator)
    if colon >= 0 and not text[colon + 1 : colon + 2].strip():
        separator = colon
    name = text[first:separator].rstrip(" \t:+?") if separator > first else ""
    if not name or len(name) > _LONGEST_NAME:
        return None
    member = _MEMBER.match(name)
    if member is None:
        return _Entry(name, first, separator + 1, VALUE)
    table, inner = member["table"], member["name"]
    if not inner:
        return _Entry(table, first, separator + 1, VALUE)
    if table == "env" or table.startswith("php_"):
        return _Entry(inner, first + member.start("name"), separator + 1, VARIABLE if table == "env" else VALUE)
    return _Entry(name, first, separator + 1, VALUE)


def _add_entry(block: Block, line: Source, entry: _Entry) -> str:
    """Add what ``name = value`` says; gives the value as it is written."""
    if block.kind == "section" and entry.name in _COMMANDS.get(block.name.partition(":")[0], ()):
        span = value_span(line.text, entry.value, len(line.text), ";")
        add_command(block, line, (entry.key, entry.key + len(entry.name)), span)
        return line.text[slice(*span)]
    if block.name == "env" or block.name.startswith("env:"):  # Circus
        entry = entry._replace(kind=VARIABLE)
    return _add_value(block, line, entry.name, entry.key, entry.value, entry.kind)


def _add_value(block: Block, line: Source, name: str, key: int, start: int, kind: str = VALUE) -> str:
    """Add the value that starts at ``start``, or the variables that it lists; gives it as it is written."""
    first, last = value_span(line.text, start, len(line.text), ";#")
    if name not in _VARIABLE_LISTS or not _add_variables(block, line, first, last):
        add_setting(block, line, name, first, last, kind, key=key)
    return line.text[first:last]


def _add_variables(block: Block, line: Source, start: int, end: int) -> bool:
    """Add the variables of ``A="x",B=y``; false where there are none."""
    found = False
    for assignment in _ASSIGNMENT.finditer(line.text, start, end):
        first, last = value_span(line.text, *assignment.span("value"), "")
        add_setting(block, line, assignment["name"], first, last, VARIABLE, key=assignment.start("name"))
        found = True
    return found


def _add_flag(block: Block, line: Source, first: int) -> None:
    """Add an option without a value, or the path of an included file."""
    include = _INCLUDE.match(line.text, first)
    if include:
        start, end = value_span(line.text, include.start("path"), len(line.text), "")
        add_setting(block, line, include["name"], start, end, key=include.start("name"))
        return
    _, last = value_span(line.text, first, len(line.text), ";#")
    flag = _FLAG.match(line.text, first, last)
    if flag and block.kind == "section":
        add_setting(block, line, flag[0], flag.end(), flag.end(), key=first)


def _systemd(source: Source) -> Block:
    root = block = Block("document")
    for line in logical_lines(source, "#;", comments_inside=True):
        header = _HEADER.match(line.text)
        if header:
            block = _add_section(root, line, header)
            continue
        separator = line.text.find("=")
        key, key_end = trimmed(line.text, 0, max(separator, 0))
        if key < key_end:
            _add_unit_setting(block, line, (key, key_end), trimmed(line.text, separator + 1, len(line.text)))
    return root


def _add_unit_setting(block: Block, line: Source, key: tuple[int, int], value: tuple[int, int]) -> None:
    name = line.text[slice(*key)]
    if name.startswith("Exec"):
        program = line.text[slice(*value)].lstrip(_EXECUTION_PREFIXES)
        add_command(block, line, key, (value[1] - len(program), value[1]))
    elif name == "Environment":
        _add_environment(block, line, value)
    else:
        add_setting(block, line, name, *value, key=key[0])


def _add_environment(block: Block, line: Source, value: tuple[int, int]) -> None:
    """Add the variables of ``Environment="A=b c" D=e``."""
    for word in words(line.text, *value):
        name, separator, _ = word.text.partition("=")
        if separator:
            start, end = value_span(line.text, word.start + len(name) + 1, word.end, "")
            add_setting(block, line, name, start, end, VARIABLE, key=word.start)


def _properties(source: Source) -> Block:
    root = Block("document")
    for line in logical_lines(source, "#!", glue=""):
        entry = _PROPERTY.match(line.text)
        if entry:
            start, end = trimmed(line.text, entry.end(), len(line.text))
            add_setting(
                root,
                line,
                unescaped(entry["name"]),
                start,
                end,
                key=entry.start("name"),
                value=unescaped(line.text[start:end]),
                spring=True,
            )
    return root
