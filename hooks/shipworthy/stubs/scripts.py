"""Shell scripts whose name promises work and that only print."""

from __future__ import annotations

import re
from collections.abc import Iterable

from shipworthy.formats.functions import BRANCH, CALL, DECLARATION, DEFINITION, LOOP, NOTHING, Function, Statement
from shipworthy.patterns import lazy
from shipworthy.stubs.judgement import ECHO_SCRIPT, Stub

PROMISES = lazy(
    r"(?:^|[/_.-])(?:deploy\w*|backups?|restore|migrat\w+|build|release|rollback|roll-back|provision\w*|scale"
    r"|sync|rotate\w*|health-?_?check|smoke-?_?tests?|run-?_?tests?|test|lint|scan"
    r"|validate|verify|check|cleanup|clean-up|monitor\w*|start|stop|restart|publish|push|install|bootstrap"
    r"|failover|promote|init-?_?db|seed-?_?db|notify|upload|archive)(?=[_.-])",
    re.IGNORECASE,
)
"""Names of scripts that are to do something."""
MOST_LINES = 300
_PRINTS = frozenset({"echo", "printf", "sleep", "date"})
_PREPARES = frozenset(
    {
        "set",
        "exit",
        "true",
        "local",
        "return",
        "shift",
        "cd",
        "tput",
        "clear",
        "read",
        "declare",
        "export",
        "readonly",
        "trap",
        "test",
        "[",
        "umask",
        "basename",
        "dirname",
    }
)
_PRINTING = lazy(
    r"^(?:log|print|info|warn|error|success|header|section|title|step|msg|message|say|banner|color|usage|help"
    r"|debug|fail|die|ok)\w*$",
    re.IGNORECASE,
)
_TELLS = lazy(
    r"\busage:|\bplease (?:run|use|install|set|see)\b|\binstructions?\b|\bmanual(?:ly)?\b|\bnext steps?\b|\brun "
    r"the following\b|\byou (?:can|need|should|must)\b|\bto (?:start|deploy|run|use|install)[ ,:]"
    r"|\bdeprecated\b|\bmoved to\b|\bno longer\b|\bnothing to do\b|\bnot needed\b|\buse .{0,40} instead\b|\bnot "
    r"(?:required|supported|available)\b|\bskip",
    re.IGNORECASE,
)
"""What a script prints that is made to tell people something."""
_FIRST_WORD = lazy(r"\s*(?:[\w./-]+)")


def may_only_print(text: str) -> bool:
    """A quick look: whether a script prints, is short, and starts no program that its own lines name."""
    if "echo" not in text and "printf" not in text:
        return False
    return text.count("\n") <= MOST_LINES and not _PROGRAMS.search(text)


_PROGRAMS = lazy(
    r"^\s*(?:sudo\s+)?(?:docker\w*|kubectl|helm|npm|npx|pnpm|yarn|node|python\d?|pip\d?|go|cargo|mvn|gradle\w*"
    r"|\./\S+|\"?\$\S+|curl|wget|git|aws|gcloud|az|psql|pg_dump|mysql\w*|mongo\w*|tar|cp|mv|rm|mkdir|ssh"
    r"|scp|rsync|terraform|ansible\S*|systemctl|service|make|exec|bash|sh|source|\.|eval|find|sed|awk|apt\S*|apk"
    r"|chmod|chown|kill|nohup|touch|ln|cat\s+>)\b",
    re.MULTILINE,
)


def printing_script(functions: Iterable[Function], text: str) -> Stub | None:
    """The stub that a script is, by the functions in its text; None where it does something, or only explains."""
    known = {function.name: function for function in functions if function.name}
    script = next((function for function in functions if not function.name), None)
    if script is None or _TELLS.search(text) or "${!" in text:  # it looks variables up by their names: a check
        return None
    printed: list[Statement] = []
    if not all(_prints(statement, known, printed, 0) for statement in script.statements):
        return None
    if len(printed) < 2:
        return None
    telling = next((one for one in printed if re.search(r"[a-z]{3}", one.text)), printed[0])
    return Stub(ECHO_SCRIPT, script, telling.text, telling.start)


def _prints(statement: Statement, known: dict[str, Function], printed: list[Statement], level: int) -> bool:
    """Whether a statement does nothing but print; what it prints is noted."""
    if level > 8:
        return False
    if statement.kind in (DEFINITION, NOTHING):
        return True
    if set(statement.expression.operators) - {"-n", "-z", "==", "=", "!=", "-eq", "!", "&&", "||"}:
        return False
    for call in statement.expression.calls:
        name = call.path.split("/")[-1]
        if name in _PRINTS:
            if name != "sleep" and statement.kind == CALL:
                printed.append(statement)
        elif name in known and level < 4:
            if not all(_prints(inner, known, printed, level + 1) for inner in known[name].statements):
                return False
        elif name not in _PREPARES:
            return False
    if statement.kind in (BRANCH, LOOP):
        return all(
            _prints(inner, known, printed, level + 1) for branch in statement.branches for inner in branch.statements
        )
    return statement.kind in (CALL, DECLARATION)
