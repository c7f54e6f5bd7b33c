"""Files whose names do not tell their format (``.conf``, ``.j2``, no ending at all): the content tells.

Every line that is neither blank nor a comment votes for one shape, and the votes decide. Prose, lists and tables hold
no settings.
"""

from __future__ import annotations

import re
from collections import Counter
from importlib import import_module
from itertools import islice

from shipworthy.formats.lexing import line_spans
from shipworthy.formats.size import MOST_TOKENS_OF_LINES, limit_tokens
from shipworthy.formats.source import Source
from shipworthy.formats.templates import MASK, masked
from shipworthy.formats.tree import Block
from shipworthy.formats.unreadable import TooLarge, Unreadable
from shipworthy.patterns import lazy

_NAMES = (
    (
        "text",
        "licen[cs]e|copying|copyright|notice|patents|authors?|contributors|maintainers|(?:code)?owners|credits|thanks",
    ),
    ("text", "readme|news|change(?:s|log)|history|todo|version"),
    ("lines", "jenkinsfile|justfile"),
    ("ruby", "gemfile|podfile|brewfile|dangerfile|fastfile|guardfile|berksfile|capfile"),
    ("python", "build|workspace|tiltfile|sconstruct"),
)
"""Formats of files that have one name everywhere, whatever ending follows."""
_NAMED = tuple((lazy(rf"(?:^|/)(?:{names})(?:[.\-_][^/]*)?$", re.IGNORECASE), name) for name, names in _NAMES)
_DIRECTIVES_NAME = lazy(r"(?:^|/)(?:caddyfile|haproxy|httpd|redis|sshd?_config)(?:[.\-_][^/]*)?$", re.IGNORECASE)
_SHEBANG = lazy(r"#!\s*+(?:\S*/)?(?:env\s++(?:-\S++\s++)*+(?:\S*/)?)?(?P<program>[a-z\-]++)")
_INTERPRETERS = {
    "sh": "shell",
    "bash": "shell",
    "dash": "shell",
    "ash": "shell",
    "zsh": "shell",
    "ksh": "shell",
    "openrc-run": "shell",
    "with-contenv": "shell",
    "python": "python",
    "node": "javascript",
    "ruby": "ruby",
    "php": "php",
    "make": "makefile",
}
_READERS_OF_SEVERAL = {"systemd": "ini", "python": "code", "javascript": "code", "ruby": "code", "php": "code"}
"""Formats whose reader takes the name of the format as its second argument."""
_BEGINNINGS = (
    (lazy(r"\s*+<(?:!DOCTYPE\s++)?html[\s>]", re.IGNORECASE), "text"),
    (lazy(r"\s*+<\?xml\s"), "xml"),
    (lazy(r"\s*+<\?php\s"), "php"),
    (lazy(r"\s*+(?:\{\s*+(?:[\"}]|//|/\*)|\[\s*+(?:[{\"]|\[\s*+[\d{\"\[]|\]\s*+\Z))"), "json"),
)
"""What tells the format at once; a name behind ``[[`` makes it a table of TOML and no array."""
_SYSTEMD_TITLE = lazy(r"^\[(?:Unit|Service|Install|Socket|Timer|Path|Mount|Container)\][ \t\r]*+$", re.MULTILINE)
_ARRAY_OF_TABLES = lazy(r"^\[\[", re.MULTILINE)
_ELEMENT = lazy(r"""^[ \t]*+<(?:[^>\n]*+>[^<\n]*+</|[^>=\n]*+=["'])""", re.MULTILINE)
"""An element that ends in its line, or has an attribute: httpd and Fluentd write tags too, but not like this."""
_SUBSTITUTION = lazy(r"\$\(|`|^[ \t]*+export\s", re.MULTILINE)
_NAME = rf"[A-Za-z_{MASK}][\w.\-:/@*{MASK}]*+"
_SHELL = (
    r"export\s|(?:if|while|until)\s.*(?:then|do|\])$|for\s\w+\sin\s|(?:then|else|fi|do|done|esac)$|case\s.*\sin$"
    r"|.*;;$|echo\s|printf\s|\[\[?\s|[\w\-]+\s?\(\)|set\s-[a-z]"
)
_SHAPES = (
    ("title", r"\[++[^\]]++\]++\s*+(?:[;#].*)?$"),
    ("tag", r"</?[A-Za-z?!]"),
    ("code", r"(?:import|from|const|let|var|function|package|class|public|private|using|def|namespace)\s.*"),
    ("shell", _SHELL),
    ("statement", r".*;[\s}]*+(?:[#/].*)?$"),
    ("brace", r"(?:.*[^$]\{|\{|[})\]][;,]?)(?:\s*+#.*)?$"),
    (
        "job",
        rf"(?:[\d*{MASK}][\d*,/\-{MASK}]*+\s++){{4}}[\dA-Za-z*{MASK}][\w*,/\-]*+\s++\S|@(?:reboot|hourly|daily|every)\s",
    ),
    ("variable", rf"[A-Z_{MASK}][A-Z0-9_{MASK}]*+="),
    ("entry", rf"{_NAME}[\w.\-\[\]{MASK}]*+(?:\s++\w++)?\s*+=(?!=)"),
    ("pair", rf"(?:-\s++)?[\"']?[\w./ \-{MASK}]++[\"']?:(?:\s|$)|-\s"),
    ("prose", r"(?:\S++\s++){12}|(?:\S++\s++){4}.*[.!?:]$"),
    ("directive", rf"{_NAME}\s++\S"),
)
"""What a line may look like, by the first pattern that matches it without its indentation."""
_SHAPE = lazy("|".join(f"(?P<{name}>{pattern})" for name, pattern in _SHAPES))
_COMMENT = lazy(r"\s*+(?:[#;]|//|--\s|/\*|\*/)|\s++\*\s")
_MOST_LINES = 500
_MOST_CHARACTERS = 4_096
_LONGEST_LINE = 1_000
"""Longer lines are data; the shapes look at their first characters."""
_SOME, _MANY, _MOST = 0.1, 0.4, 0.55
"""Parts of a file's lines."""
_UNPRINTABLE = lazy(r"[\x00-\x08\x0e-\x1f\x7f\ufffd]")


def read(source: Source, path: str) -> tuple[str, Block]:
    """The name of the format that the content has, and what its reader makes of it.

    "lines" where no reader fits, "text" with an empty block where nothing looks like a setting. Raises `Unreadable` for
    a template whose format needs its marks hidden.
    """
    visible = masked(source.text)
    name = _interpreted_by(source.text) or _format(visible or source.text, path)
    if name == "text":
        return name, Block("document")
    try:
        return name, _read_as(name, source)
    except TooLarge:
        raise
    except Unreadable:
        if visible:
            raise
        return "lines", _read_as("lines", source)


def _read_as(name: str, source: Source) -> Block:
    limit_tokens(source.text, MOST_TOKENS_OF_LINES)
    module = import_module(f"shipworthy.formats.{_READERS_OF_SEVERAL.get(name, name)}")
    root: Block = module.read(source, name) if name in _READERS_OF_SEVERAL else module.read(source)
    return root


def _interpreted_by(text: str) -> str:
    """The format of a script with a ``#!`` line, "" where there is none."""
    shebang = _SHEBANG.match(text)
    return _INTERPRETERS.get(shebang["program"], "lines") if shebang else ""


def _format(text: str, path: str) -> str:
    """The name of the format, "lines" or "text"."""
    beginning = text[:_MOST_CHARACTERS]
    if len(_UNPRINTABLE.findall(beginning)) * 20 > len(beginning):
        return "text"
    told = [name for pattern, name in _NAMED if pattern.search(path)]
    told += [name for pattern, name in _BEGINNINGS if pattern.match(text)]
    if told:
        return told[0]
    votes = _Votes(text)
    if votes.total == 0:
        return "text"
    if votes.first == "title" or (votes["title"] and votes.share("title", "entry", "pair") > _MOST):
        return _sectioned(votes, text)
    return _plain(votes, text, path)


class _Votes:
    """How many lines have each shape, and which one the first line has."""

    def __init__(self, text: str) -> None:
        self._counts: Counter[str] = Counter()
        written = (text[start:end] for start, end in line_spans(text) if start < end)
        for line in islice((line for line in written if line.strip() and not _COMMENT.match(line)), _MOST_LINES):
            shape = _SHAPE.match(line.strip()[:_LONGEST_LINE])
            self._counts[str(shape.lastgroup) if shape else "other"] += 1
        self.first = next(iter(self._counts), "")
        self.total = self._counts.total()

    def __getitem__(self, shape: str) -> int:
        return self._counts[shape]

    def share(self, *shapes: str) -> float:
        """The part of the lines that has one of the shapes, from 0 to 1."""
        return sum(self._counts[shape] for shape in shapes) / self.total


def _sectioned(votes: _Votes, text: str) -> str:
    """The format of a file with ``[title]`` lines."""
    if votes["directive"] > votes["entry"] + votes["variable"] + votes["pair"]:
        return "directives"
    if _ARRAY_OF_TABLES.search(text):
        return "toml"
    return "systemd" if _SYSTEMD_TITLE.search(text) else "ini"


def _plain(votes: _Votes, text: str, path: str) -> str:
    """The format of a file without ``[title]`` lines."""
    if _DIRECTIVES_NAME.search(path) and votes["directive"] >= votes["entry"]:
        return "directives"
    if votes.share("job") > _MOST:
        return "crontab"
    if votes.share("shell") > _SOME and votes.share("prose", "pair", "tag", "code") < _MANY:
        return "shell"
    if votes.share("code") > _SOME:
        return "lines"
    if votes["statement"] * 2 >= votes.total - votes["brace"] > 0:
        return "nginx"
    if votes.share("tag") > _MANY and _ELEMENT.search(text):
        return "xml"
    if votes.share("variable") > _MOST:
        return "shell" if _SUBSTITUTION.search(text) else "dotenv"
    if votes.share("entry", "variable") > _MOST and not votes["brace"]:
        return "ini"
    if votes.share("pair") > _MOST:
        return "yaml"
    if votes.share("directive", "tag", "brace") > _MOST and votes["directive"] and not votes["entry"]:
        return "directives"
    return "text" if votes.share("prose", "other") > _MOST else "lines"
