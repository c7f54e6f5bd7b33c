"""Which file of the repository a command runs, told by its words alone.

Only what stands in command position counts: ``sh x.sh``, ``node x.js``, ``./x.sh``. Arguments of other programs are
no executions, and what runs in a container or on another host is not of this repository.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from shipworthy.deployment.references.names import SCRIPT_ENDINGS, ending_of
from shipworthy.formats.tree import Block

_SHELLS = frozenset({"sh", "bash", "dash", "ash", "ksh", "zsh", "source", "."})
_NODE = frozenset(
    {"node", "nodejs", "tsx", "ts-node", "ts-node-dev", "ts-node-esm", "bun", "deno", "nodemon", "babel-node"}
)
_FLAGS = {
    "python": frozenset({"-u", "-B", "-O", "-OO", "-s", "-S", "-E", "-I", "-i", "-v", "-q", "-b", "-bb", "-d"}),
    "shell": frozenset({"-e", "-x", "-u", "-ex", "-xe", "-eu", "-eux", "-euxo", "-l", "-i", "-v", "-n"}),
    "node": frozenset(
        "-A --transpile-only -T --files --esm --respawn --hot --watch --no-warnings --expose-gc --enable-source-maps"
        " --inspect --inspect-brk --trace-warnings -b".split()
    ),
    "other": frozenset(),
}
"""Options without a value. Behind any other option a word may be its value, and nothing is known."""
_SUBCOMMANDS = frozenset({"run", "watch"})
_RUNNERS = {
    "npx": 0,
    "bunx": 0,
    "cross-env": 0,
    "cross-env-shell": 0,
    "poetry": "run",
    "uv": "run",
    "pipenv": "run",
    "rye": "run",
    "hatch": "run",
    "pdm": "run",
    "pnpm": "exec",
    "yarn": "exec",
    "bundle": "exec",
}
"""Programs that run the program behind them, with the subcommand that does it; 0 where none is needed."""
_ELSEWHERE = frozenset(
    "docker docker-compose podman nerdctl kubectl oc ssh vagrant heroku fly flyctl wsl su runuser".split()
)
_DIRECTORY_OPTIONS = ("--prefix", "-C", "--dir", "--cwd")
_SCATTERED = frozenset(
    "-w --workspace --workspaces -ws -r --recursive --filter -F --if-present --include-workspace-root".split()
)
"""Options with which a package manager looks into other packages, or does without the script."""


def commands(script: Block) -> Iterator[Block]:
    """The commands of a script in order, those in scripts given to shells included, none that run elsewhere."""
    waiting = list(reversed(script.children))
    while waiting:
        node = waiting.pop()
        if not isinstance(node, Block) or node.kind == "document":
            continue
        if node.kind == "command":
            yield node
            if node.name in _ELSEWHERE:
                continue
        if node.kind != "function":
            waiting.extend(reversed(node.children))


def program_of(command: Block) -> str:
    """The word that runs, with its path."""
    return next((word for word in command.words if _is_named(word, command.name)), command.name)


def _is_named(word: str, name: str) -> bool:
    return word == name or word.endswith("/" + name)


def file_run_by(command: Block) -> str:
    """The script that a command runs, as written; "" where it runs none, or none that can be told."""
    words = program_words(command)
    if not words:
        return ""
    program, *arguments = words
    name = program.rpartition("/")[2]
    if name in _SHELLS:
        return _script(arguments, "shell")
    if name in _NODE:
        if arguments and arguments[0] in _SUBCOMMANDS:
            arguments = arguments[1:]
        return _script(arguments, "node")
    if name.rstrip("0123456789.") in ("python", "pypy"):
        return _script(arguments, "python")
    if name in ("ruby", "php", "perl", "Rscript"):
        return _script(arguments, "other")
    is_path = "/" in program and not program.startswith(("/", "~", "-"))
    return program if is_path and (ending_of(program) in SCRIPT_ENDINGS or name in ("gradlew", "mvnw")) else ""


def package_script_run_by(command: Block) -> tuple[str, str] | None:
    """The folder (as written, "" for the current one) and the name of a package's script that npm or pnpm runs."""
    words = program_words(command)
    if (
        len(words) < 2
        or words[0] not in ("npm", "pnpm")
        or not _SCATTERED.isdisjoint(word.partition("=")[0] for word in words)
    ):
        return None
    folder, rest = "", []
    position = 1
    while position < len(words) and words[position] != "--":
        name, equals, value = words[position].partition("=")
        if name in _DIRECTORY_OPTIONS:
            position += 0 if equals else 1
            folder = value if equals else "".join(words[position : position + 1])
        elif not name.startswith("-"):
            rest.append(words[position])
        position += 1
    if len(rest) > 1 and rest[0] in ("run", "run-script"):
        return folder, rest[1]
    return None


def make_target_run_by(command: Block) -> tuple[str, list[str]] | None:
    """The folder and the targets that make is asked for; None for other commands and other makefiles."""
    words = program_words(command)
    if not words or words[0] not in ("make", "gmake", "$(MAKE)", "${MAKE}"):
        return None
    folder, targets = "", []
    position = 1
    while position < len(words):
        word = words[position]
        if word in ("-C", "--directory"):
            position += 1
            folder = "".join(words[position : position + 1])
        elif word.startswith(("-C", "--directory=")):
            folder = word.removeprefix("-C").removeprefix("--directory=")
        elif word.startswith(("-f", "--file", "--makefile", "-I", "-n", "-p", "-q")):
            return None
        elif not word.startswith("-") and "=" not in word and not word.isdecimal():
            targets.append(word)
        position += 1
    return folder, targets


def program_words(command: Block) -> Sequence[str]:
    """The program and its arguments, without what only starts it: ``sudo``, ``poetry run``, ``cross-env A=b``."""
    words: Sequence[str] = command.words
    first = next((at for at, word in enumerate(words) if _base_name(word) == command.name), 0)
    words = words[first:]
    for _ in range(5):
        if not words or words[0] not in _RUNNERS:
            break
        needed = _RUNNERS[words[0]]
        rest = list(words[1:])
        if needed and (not rest or rest.pop(0) != needed):
            break
        while rest and not rest[0].startswith("-") and "=" in rest[0]:
            rest.pop(0)
        if rest and rest[0] in ("-y", "--yes", "--"):
            rest.pop(0)
        if not rest or rest[0].startswith("-"):
            return ()
        words = rest
    return words


def _base_name(word: str) -> str:
    return word if word.endswith(("}", ")", "`")) else word.rpartition("/")[2]


def _script(arguments: Sequence[str], kind: str) -> str:
    """The first operand, if it is a script; "" behind an option that may have taken it."""
    for argument in arguments:
        if not argument.startswith("-"):
            ending = ending_of(argument)
            is_script = ending in SCRIPT_ENDINGS or (kind == "node" and not ending and argument.startswith("./"))
            return argument if is_script else ""
        has_value = "=" in argument
        if argument in ("-", "--", "-c", "-m", "-e", "-p", "--eval", "--print") or not (
            has_value
            or argument in _FLAGS[kind]
            or (kind == "node" and argument.startswith(("--no-", "--experimental-")))
        ):
            return ""
    return ""
