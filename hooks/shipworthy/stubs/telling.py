"""What is said about a stub: its name, what it does, the telling line, and what to do."""

from __future__ import annotations

import re

from shipworthy.formats.functions import Function
from shipworthy.patterns import lazy
from shipworthy.rule import shown
from shipworthy.stubs import judgement as classes
from shipworthy.stubs.gates import is_routed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.stubs.judgement import Stub

_MESSAGES = {
    classes.NOT_IMPLEMENTED: "{name} is not implemented, and says so when it is called: {quote}",
    classes.BRANCH_NOT_IMPLEMENTED: "one case of {name} is not implemented: {quote}",
    classes.ECHO: "{name} gives back its input as if it had worked on it: {quote}",
    classes.ALWAYS_TRUE: "{name} accepts everything that it is asked to verify: {quote}",
    classes.CONSTANT_HEALTH: "{name} reports as healthy what it never asks: {quote}",
    classes.SIMULATED: "{name} plays its work in place of doing it: {quote}",
    classes.UNFINISHED: "{name} does not do its work, and a comment says so: {quote}",
    classes.CONSTANT: "{name} reports success without doing anything: {quote}",
    classes.ONLY_LOGS: "{name} writes to the log in place of doing its work: {quote}",
    classes.ECHO_SCRIPT: "{file} only prints what its name promises: {quote}",
}
_FIXES = {
    classes.NOT_IMPLEMENTED: "implement {name}, or remove it with all that leads to it",
    classes.BRANCH_NOT_IMPLEMENTED: "implement this case, or refuse it before {name} is called",
    classes.ECHO: "do the work in {name}, or remove it with all that leads to it",
    classes.ALWAYS_TRUE: "verify it in {name}, and refuse what is not proven; until then return false",
    classes.CONSTANT_HEALTH: "ask each dependency with a time limit, and answer 503 where one fails; or leave it out",
    classes.SIMULATED: "do the work, or measure, in {name}; or remove it with all that shows its results",
    classes.UNFINISHED: "implement {name}, or let it fail until it is there",
    classes.CONSTANT: "do the work in {name}, and report what came of it; or let it fail until it is there",
    classes.ONLY_LOGS: "do in {name} what the log line says; or let it fail until it is there",
    classes.ECHO_SCRIPT: "let the script do it, with set -e; or remove it",
}
_SECRET = lazy(
    r"((?:pass\w*|secret\w*|\w*token|\w*key|credential\w*|pwd|auth\w*)[\"']?\s*(?:[:=]|=>|,)\s*)([\"'`])[^\"'`]+\2",
    re.IGNORECASE,
)
_LONGEST = 90


def message(stub: Stub, file: str) -> str:
    """What is wrong, with the telling line, in which no literal stands that may be a secret."""
    quote = _SECRET.sub(r"\1\2…\2", stub.quote)
    return _MESSAGES[stub.kind].format(name=name_of(stub.function), quote=shown(quote), file=file)


def fix(stub: Stub) -> str:
    """What to do."""
    return _FIXES[stub.kind].format(name=name_of(stub.function))


def name_of(function: Function) -> str:
    """The function as people call it: with its class, or by the route that it answers."""
    owner = function.owner
    if not function.name:
        return f"the handler of {function.given_to}"[:_LONGEST] if is_routed(function) else "this function"
    if owner is None or not owner.name:
        return function.name
    return f"{owner.name.split('<')[0]}.{function.name}"[:_LONGEST]
