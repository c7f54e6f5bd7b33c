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
_PROGRAM = lazy(rf"^[ \t>$]{{0,40}}(?:sudo[ \t]+)?(?:(?:{'|'.join(_PROGRAMS)})\b|\./)", re.MULTILINE)
_INLINE = lazy(
    r"(?:sudo )?(?:(?:npm|pnpm|yarn|bun) run |make |(?:bash|sh|source|python3?|node|ts-node|tsx) \S|\./[\w.-]+|docker "
    r"|docker-compose |kubectl |kustomize |helm |ansible-playbook |pip3? install )"
)
_WORTH_A_LOOK = lazy(
    r"\b(?:run|make) [\w:.-]+|compose\b[^\n]*|(?<![\w:/.@~$-])[\w./-]+/[\w./@-]+|Dockerfile[\w.-]*"
    r"|(?<![\w:/.@-])[\w-][\w.-]*\.(?:sh|py|js|mjs|cjs|ts|ya?ml|sql|txt|json|toml|ps1)\b"
)
_FOREIGN = lazy(
    r"\bgit[ \t]+clone[ \t]+(?:-\S+[ \t]+(?:\d+[ \t]+)?){0,5}[\"']?(?P<address>[^\s\"']+)"
    r"|\b(?:npx|npm|pnpm|yarn|bunx?)[ \t]+(?:create|init|dlx)\b"
    r"|\bdjango-admin startproject|\brails new\b|\bcargo new\b|\bssh[ \t]+(?:-|\S+@)"
)
"""Behind it a block of commands may be about another repository or another host."""
_CHANGES = lazy(r"(?:^|&&|;)[ \t>$]{0,40}cd[ \t]+[\"']?(?P<path>[\w./~<$-][^\s\"';&]{0,200})", re.MULTILINE)
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


class Commands:
    """The commands of one document."""

    def __init__(self, file: File, context: Context, index: Index, needs: Needs) -> None:
        self.file = file
        self.document = context.document
        self.context = context
        self.index = index
        self.needs = needs

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
        if not _PROGRAM.search(text) or not self._is_worth_a_look(text) or self.context.denies(piece, piece.start):
            return
        end = piece.end
        for foreign in _FOREIGN.finditer(text):
            if not (foreign["address"] and self.needs.is_ours(foreign["address"], self.document.text)):
                end = min(end, piece.start + foreign.start())
        for named in self._in_script(typed(self.document.text, piece)):
            if named.start < min(end, self._limit(named)):
                yield named

    def _in_spans(self, piece: Piece) -> Iterator[Named]:
        for span in self.context.spans(piece):
            is_command = span.kind == SPAN and _INLINE.match(span.text) and self._is_worth_a_look(span.text)
            if is_command and not self.context.denies(piece, span.start):
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

    def _is_worth_a_look(self, text: str) -> bool:
        """Whether anything in some commands may not be there: most documents need no more."""
        for found in _WORTH_A_LOOK.finditer(text):
            word = found[0]
            verb, _, name = word.partition(" ")
            if verb in ("run", "make"):
                if not self.needs.has_script(name) and not self.needs.has_target(name):
                    return True
            elif word.startswith("compose"):
                if self._may_be_lost(word):
                    return True
            elif not word.startswith("/") and not self.index.knows(word, self.file.directory):
                return True
        return False

    def _may_be_lost(self, line: str) -> bool:
        """Whether a line behind ``compose`` has a word that is neither known nor certainly something else."""
        return not all(
            word.startswith("-") or self.needs.is_word_of_compose(word) or self.index.is_named(word)
            for word in line.split()[1:]
        )

    def _in_script(self, source: Source) -> Iterator[Named]:
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
        if self.index.knows(path, self.file.directory) or path.rpartition("/")[2].lower() in self._made_by_reader:
            return False
        if is_script:
            return True
        if "/" not in path.rstrip("/"):
            return _BARE.fullmatch(path) is not None and not _OWN.search(path)
        return is_in_deployment_folder(path) or self.index.is_anchored(path, self.file.directory)

    @cached_property
    def _made_by_reader(self) -> frozenset[str]:
        return shown_or_written(self.document)

    def _named(self, command: Block, written: str, path: str = "", *, what: str = "", fix: str = "") -> Named:
        start = next((setting.start for setting in command.settings if setting.value == written), command.start)
        return Named(COMMAND, self.file, start, written, path, what, fix)


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
