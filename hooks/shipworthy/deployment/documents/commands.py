"""What commands in documents need: files, scripts of packages, targets of make, services of Compose.

Commands stand in blocks of code and, in running text and in tables, in code spans. Nobody knows in which folder the
reader types them, so anything that fits from any folder is good enough.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cached_property
from importlib import import_module

from shipworthy.deployment.documents.context import Context
from shipworthy.deployment.documents.grammar import is_env_file, is_in_deployment_folder, is_placeholder, path_in
from shipworthy.deployment.documents.index import Index
from shipworthy.deployment.documents.model import COMMAND, Named
from shipworthy.deployment.documents.needs import Needs
from shipworthy.deployment.documents.typed import shown_or_written, typed
from shipworthy.deployment.documents.wording import is_absent, is_planned
from shipworthy.deployment.references.names import is_made_by_its_user
from shipworthy.deployment.references.programs import (
    commands,
    file_run_by,
    make_target_run_by,
    package_script_run_by,
    program_words,
)
from shipworthy.file import File
from shipworthy.formats.prose import CODE, SPAN, Piece
from shipworthy.formats.source import Source
from shipworthy.formats.tree import Block
from shipworthy.formats.unreadable import Unreadable
from shipworthy.patterns import lazy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.project import Project

LONGEST = 20_000
"""Characters of a block of commands; nobody types more."""
_SHELLS = frozenset(
    {"", "bash", "sh", "shell", "zsh", "console", "shell-session", "shellsession", "terminal", "cmd", "text"}
)
_PROGRAMS = (
    "npm pnpm yarn bun npx make bash sh zsh source python python3 node docker docker-compose podman kubectl kustomize"
    " helm terraform ansible-playbook pip pip3 poetry uv cp chmod cd psql go cargo export skaffold flask alembic"
    " ts-node tsx".split()
)
PROGRAM = lazy(rf"^[ \t>$]{{0,40}}(?:sudo[ \t]+)?(?:(?:{'|'.join(_PROGRAMS)})\b|\./)", re.MULTILINE)
INLINE = lazy(
    r"(?:sudo )?(?:(?:npm|pnpm|yarn|bun) run |make |(?:bash|sh|source|python3?|node|ts-node|tsx) \S|\./[\w.-]+|docker "
    r"|docker-compose |kubectl |kustomize |helm |ansible-playbook |pip3? install )"
)
_WORTH_A_LOOK = lazy(
    r"\b(?:run|make) [\w:.-]+(?![\w/])|compose\b[^\n]*|(?<![\w:/.@~$-])[\w./-]+/[\w./@-]+|Dockerfile[\w.-]*"
    r"|(?<![\w:/.@-])[\w-][\w.-]*\.(?:sh|py|js|mjs|cjs|ts|ya?ml|sql|txt|json|toml|ps1)\b"
)
_FOREIGN = lazy(
    r"\bgit[ \t]+clone[ \t]+(?:-\S+[ \t]+(?:\d+[ \t]+)?){0,5}[\"']?(?P<address>[^\s\"']+)"
    r"|\b(?:npx|npm|pnpm|yarn|bunx?)[ \t]+(?:create|init|dlx)\b"
    r"|\bdjango-admin startproject|\brails new\b|\bcargo new\b|\bssh[ \t]+(?:-|\S+@)"
)
"""Behind it a block of commands may be about another repository or another host."""
_CHANGES = lazy(r"(?:^|&&|;)[ \t>$]{0,40}cd[ \t]+[\"']?(?P<path>[\w./~<$-][^\s\"';&]{0,200})", re.MULTILINE)
_PART = lazy(
    r"(?:for|while|until|if|then|else|elif|fi|case|esac|select|function|do|done|in)\b|\S+[ \t]*\(\)|[{}()]|\S+\)"
)
"""Begins a line that belongs to the lines around it."""
_PLAIN = lazy(r"[ \t]*[\w./:@,+%-]+(?:[ \t]+(?:&&[ \t]+[\w./:@,+%-]+(?=[ \t]|$)|[\w./:@=,+%-]+))*[ \t]*")
"""Commands whose words mean what is written."""
_WORD = lazy(r"\S+")
_DECLARES = lazy(r"(?:^|.*&&)[ \t]*(?:export|declare|local|readonly|typeset|unset|test|time|coproc)\b")
_OWN = lazy(r"(?:^|[._-])(?:local|custom|overrides?|my|mine|own|secrets?|private)(?=[._-])", re.IGNORECASE)
"""In names of files that everybody has for themselves."""
_BARE = lazy(
    r"(?:Docker|Container)file(?:[.-][\w.-]+)?|[\w.-]*compose[\w.-]*\.ya?ml|requirements[\w.-]*\.txt"
    r"|skaffold\.ya?ml|Procfile"
)
"""Files without a folder that a command of the repository reads, and not only one of the reader."""
_ELSEWHERE = frozenset(
    "mkdir touch curl wget tee git rm mv ssh scp rsync tar unzip zip vi vim nano emacs code export set echo printf grep"
    " find sed awk ls cat tail head less more du df chown sudo alias printenv test [ which whoami openssl ssh-keygen"
    " keytool jq yq aws gcloud az gsutil s3cmd ab wrk hey k6 psql pg_dump pg_restore mysql mongo mongodump redis-cli"
    " crontab systemctl journalctl ngrok npx yarn npm pnpm bun open xdg-open explorer start dir type del copy brew apt"
    " apt-get yum".split()
)
"""Programs whose operands are not files of the repository, or are about to be."""
_OUTPUT_OPTIONS = frozenset(
    "o output out outdir outfile output-dir output-file report log logfile log-file dest destination keyout target d v"
    " volume mount w workdir e env".split()
)
_IN_CONTAINER = frozenset({"exec", "run", "cp", "attach"})
_CLIENTS = frozenset({"docker", "podman", "kubectl", "docker-compose", "oc"})


class Words:
    """Words of commands, each looked up once for all documents: ``project.model(Words)``."""

    def __init__(self, project: Project) -> None:
        self._index = project.model(Index)
        self._needs = project.model(Needs)
        self._lost: dict[tuple[str, str], bool] = {}

    def are_lost(self, text: str, directory: str) -> bool:
        """Whether anything in some commands may not be there: most documents need no more."""
        return any(self._is_lost(found[0], directory) for found in _WORTH_A_LOOK.finditer(text))

    def _is_lost(self, word: str, directory: str) -> bool:
        folder = directory if self._index.has_detours else ""
        known = self._lost.get((word, folder))
        if known is None:
            known = self._lost[word, folder] = self._may_be_lost(word, folder)
        return known

    def _may_be_lost(self, word: str, directory: str) -> bool:
        verb, _, name = word.partition(" ")
        if verb in ("run", "make"):
            return not self._needs.has_script(name) and not self._needs.has_target(name)
        if word.startswith("compose"):
            return not all(self._is_word_of_compose(other) for other in word.split()[1:])
        return not word.startswith("/") and not self._index.knows(word.removeprefix("./"), directory)

    def _is_word_of_compose(self, word: str) -> bool:
        """Whether a word behind ``compose`` is known, or certainly no service."""
        return word.startswith("-") or self._needs.is_word_of_compose(word) or self._index.is_named(word)


def parts(text: str) -> Iterator[str]:
    """The parts of a document in which commands may stand, those that hold none among them."""
    for part in text.split("```"):
        if PROGRAM.search(part):
            yield part
    for words in text.split("`"):
        if INLINE.match(words):
            yield words


class Commands:
    """The commands of one document."""

    def __init__(self, file: File, context: Context, project: Project) -> None:
        self.file = file
        self.document = context.document
        self.context = context
        self.index = project.model(Index)
        self.needs = project.model(Needs)
        self.words = project.model(Words)

    def missing(self) -> Iterator[Named]:
        """What the commands need that is not there."""
        for piece in self.document.pieces:
            if piece.kind == CODE:
                yield from self._in_block(piece)
            elif self.document.text.find("`", piece.start, piece.end) >= 0:
                yield from self._in_spans(piece)

    def _in_block(self, piece: Piece) -> Iterator[Named]:
        language = piece.language.strip(" {}.").split(" ")[0].lower()
        text = self.document.text[piece.start : piece.end]
        if language not in _SHELLS or len(text) > LONGEST or text.lstrip().startswith("#!"):
            return
        if not self._may_lack(text) or self.context.denies(piece, piece.start):
            return
        end = piece.end
        for foreign in _FOREIGN.finditer(text):
            if not (foreign["address"] and self.needs.is_ours(foreign["address"], self.document.text)):
                end = min(end, piece.start + foreign.start())
        script = typed(self.document.text, piece)
        for first, last in self._worth_reading(script.text):
            for named in self._in_script(script.part(first, last)):
                if named.start < min(end, self._limit(named)) and not self._is_denied_beside(named):
                    yield named

    def _is_denied_beside(self, named: Named) -> bool:
        """Whether the comment behind a command says that what it needs is not there yet."""
        text = self.document.text
        end = text.find("\n", named.start)
        remark = text[named.start : end if end >= 0 else len(text)].partition(" #")[2]
        return bool(remark) and (is_absent(remark) or is_planned(remark))

    def _may_lack(self, text: str) -> bool:
        return PROGRAM.search(text) is not None and self.words.are_lost(text, self.file.directory)

    def _worth_reading(self, script: str) -> Iterator[tuple[int, int]]:
        """The parts of a script that may need something that is not there: its lines, where each stands for itself."""
        lines = [*_lines(script)]
        if not all(_is_whole(script[first:last]) for first, last in lines):
            yield 0, len(script)
            return
        for first, last in lines:
            if self.words.are_lost(script[first:last], self.file.directory):
                yield first, last

    def _in_spans(self, piece: Piece) -> Iterator[Named]:
        for span in self.context.spans(piece):
            is_command = span.kind == SPAN and INLINE.match(span.text)
            is_lost = is_command and self.words.are_lost(span.text, self.file.directory)
            if is_lost and not self.context.denies(piece, span.start):
                for named in self._in_script(Source(self.document.text).part(span.start, span.end)):
                    if named.start < self._limit(named):
                        yield named

    def _limit(self, named: Named) -> int:
        """Up to where a name counts: behind ``cd`` into a folder of elsewhere, one without a folder may be of there."""
        return len(self.document.text) + 1 if named.what or "/" in named.path else self._left

    @cached_property
    def _left(self) -> int:
        """Where the document has its reader go to a folder that is not of this repository."""
        for found in _CHANGES.finditer(self.document.text):
            path = found["path"].strip("./")
            is_known = not path or path == "-" or self.index.knows(path, self.file.directory)
            if not is_known and not self.needs.is_ours(path, self.document.text):
                return found.start()
        return len(self.document.text) + 1

    def _in_script(self, source: Source) -> Iterator[Named]:
        simple = _simple(source)
        if simple:
            for command in simple:
                yield from self._of_command(command)
            return
        try:
            script: Block = import_module("shipworthy.formats.shell").read(source)
        except Unreadable:
            return
        for command in commands(script):
            yield from self._of_command(command)

    def _of_command(self, command: Block) -> Iterator[Named]:
        run = package_script_run_by(command) or _yarn_script(command)
        if run is not None and _is_literal(run[1]) and not self.needs.has_script(run[1]):
            yield self._named(command, run[1], what=self.needs.lacks_script(run[1]), fix=self.needs.near_script(run[1]))
        asked = make_target_run_by(command)
        for target in asked[1] if asked is not None else ():
            if _is_literal(target) and not self.needs.has_target(target):
                fix = f'add the target "{target}" to a Makefile, or take the command out'
                yield self._named(command, target, what=self.needs.lacks_target(target), fix=fix)
        files = [*self._files(command)]
        for written, path in files:
            yield self._named(command, written, path)
        if not files:
            for service in self.needs.lost_services(command, self.document.text):
                what = f'asks for the Compose service "{service}", and no Compose file has it'
                fix = f'add the service "{service}" to a Compose file, or name one that it has'
                yield self._named(command, service, what=what, fix=fix)

    def _files(self, command: Block) -> Iterator[tuple[str, str]]:
        """The files and folders that a command reads and nobody committed: as written, and as paths."""
        words = program_words(command)
        script = file_run_by(command)
        is_run = bool(words) and (words[0] != script or script.startswith("./") or script.endswith((".sh", ".bash")))
        if script and is_run and self._is_missing(script.removeprefix("./"), is_script=True):
            yield script, script.removeprefix("./")
        for written in _operands(words):
            path = path_in(written)
            if path and written != script and self._is_missing(path, is_script=False):
                yield written, path

    def _is_missing(self, path: str, *, is_script: bool) -> bool:
        if not _is_literal(path) or "//" in path or is_placeholder(path) or is_env_file(path):
            return False
        if (
            path.startswith(("../", "/", "~"))
            or path.endswith(".tfvars")
            or is_made_by_its_user(path)
            or self.index.is_output(path)
        ):
            return False
        if self.index.knows(path, self.file.directory) or not (is_script or self._is_ours(path)):
            return False
        return path.rpartition("/")[2].lower() not in self._made_by_reader

    def _is_ours(self, path: str) -> bool:
        """Whether what a command reads is of this repository, if it is there at all."""
        if "/" not in path.rstrip("/"):
            return _BARE.fullmatch(path) is not None and not _OWN.search(path)
        return is_in_deployment_folder(path) or self.index.is_anchored(path, self.file.directory)

    @cached_property
    def _made_by_reader(self) -> frozenset[str]:
        return shown_or_written(self.document)

    def _named(self, command: Block, written: str, path: str = "", *, what: str = "", fix: str = "") -> Named:
        start = next((setting.start for setting in command.settings if setting.value == written), command.start)
        return Named(COMMAND, self.file, start, written, path, what, fix)


def _lines(script: str) -> Iterator[tuple[int, int]]:
    """Where the lines of a script begin and end, those that a backslash continues as one."""
    start = 0
    while start < len(script):
        end = script.find("\n", start)
        while end > start and script[end - 1] == "\\":
            end = script.find("\n", end + 1)
        end = len(script) if end < 0 else end
        yield start, end
        start = end + 1


def _is_whole(line: str) -> bool:
    """Whether a line of a script can be understood without the lines around it."""
    line = line.lstrip()
    if line.startswith("#"):
        return True
    if (
        _PART.match(line)
        or line.rstrip().endswith(("|", "&&"))
        or "<<" in line
        or line.count("(") != line.count(")")
        or line.count("{") != line.count("}")
    ):
        return False
    return all(line.count(quote) % 2 == 0 for quote in "\"'`")


def _simple(source: Source) -> list[Block]:
    """The commands of a line of plain words, which needs no parser; none where it is more than that."""
    text = source.text.partition(" #")[0]
    if not _PLAIN.fullmatch(text) or _DECLARES.match(text):
        return []
    from shipworthy.formats.shell import command

    found, at = [], 0
    for part in text.split("&&"):
        words = [source.part(at + word.start(), at + word.end()) for word in _WORD.finditer(part)]
        found.append(command(words))
        at += len(part) + 2
    return found


def _operands(words: Sequence[str]) -> Iterator[str]:
    """The words of a command that may be files it reads, and the values of its options that may be."""
    name = words[0].rpartition("/")[2] if words else ""
    if not name or name in _ELSEWHERE:
        return
    rest = list(words[1:])
    if name in _CLIENTS:
        inside = next((number for number, word in enumerate(rest) if word in _IN_CONTAINER), len(rest))
        rest = rest[:inside]
    if name == "cp":
        rest = rest[:-1]
    before = ""
    for word in rest:
        option, equals, value = word.partition("=")
        is_option = word.startswith("-")
        written = value if is_option and equals else word
        given_by = (option if equals else before).lstrip("-")
        before = word if is_option else ""
        if not written.startswith("-") and given_by not in _OUTPUT_OPTIONS:
            yield written


def _yarn_script(command: Block) -> tuple[str, str] | None:
    """The script that ``yarn run`` or ``bun run`` names."""
    words = program_words(command)
    if len(words) > 2 and words[0] in ("yarn", "bun") and words[1] == "run" and not words[2].startswith("-"):
        return None if "." in words[2] or "/" in words[2] else ("", words[2])
    return None


def _is_literal(name: str) -> bool:
    return not set(name) & set("$*{}()%<>`\\\"'[]|,;…") and "..." not in name and name.strip("_") != ""
