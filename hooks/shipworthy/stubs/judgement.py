"""Whether a function is a stub, and of which class. One judgement for all languages."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import NamedTuple

from shipworthy.formats.functions import (
    BRANCH,
    CALL,
    NOTHING,
    RETURN,
    THROW,
    TRY,
    Comment,
    Expression,
    Function,
    Statement,
)
from shipworthy.patterns import lazy, words_of
from shipworthy.stubs import words
from shipworthy.stubs.deeds import Deeds
from shipworthy.stubs.gates import is_built_on_others, is_left_alone, is_routed, is_run_by_hand
from shipworthy.stubs.words import DOUBLE_FUNCTION

NOT_IMPLEMENTED, BRANCH_NOT_IMPLEMENTED = "not-implemented", "branch-not-implemented"
ECHO, ALWAYS_TRUE, CONSTANT_HEALTH, SIMULATED = "echo", "always-true", "constant-health", "simulated"
UNFINISHED, CONSTANT, ONLY_LOGS, EMPTY, ECHO_SCRIPT = "unfinished", "constant", "only-logs", "empty", "echo-script"

_MEANT = lazy(
    r"\bsub-?class|\boverrid|\bno-?op\b|\bintentional|\bby design\b|\babstract\b|\bdeprecated\b|\bno "
    r"implementation\b|\bis (?:ok|fine|enough|sufficient)\b|(?:\bnot|n't) (?:needed|required|necessary|need)\b"
    r"|\bfor tests? only\b|\bon purpose\b|\b(?:from|by|via|through) dependency injection\b"
)
MOST_STATEMENTS = 20
_LONGEST_QUOTE = 100
_COMMENT_LINE = lazy(r"\s*(?://|#|/\*|\*)")
_MARKS = str.maketrans("*#/", "   ")
"""What comments are made with."""


_CONSTRUCTORS = frozenset({"constructor", "__init__", "initialize", "__construct", "init"})
_MAKES_NAMES = lazy(
    r"(?:generate|make|create|new|build)_?\w*(?:Id|ID|Slug|Uuid|UUID|Key|Name|Nonce|_id|_slug|_uuid|_key|_name)$"
)


class Stub(NamedTuple):
    """A function that does not do its work: the class of stub, the function, and the telling line with its offset."""

    kind: str
    function: Function
    quote: str
    start: int
    is_security: bool = False

    @property
    def is_grave(self) -> bool:
        """Whether production fails, or lets in what it should not, rather than do too little."""
        return self.kind in (NOT_IMPLEMENTED, ECHO) or (self.kind == ALWAYS_TRUE and self.is_security)


class _Case:
    """One function under judgement."""

    def __init__(self, function: Function, text: str) -> None:
        self.function = function
        self.text = text
        self.name = function.name

    @cached_property
    def is_called(self) -> bool:
        return bool(self.name) or is_routed(self.function)

    @cached_property
    def deeds(self) -> Deeds:
        return Deeds(self.function)

    @cached_property
    def is_idle(self) -> bool:
        """Whether nothing is done outside of the function: most functions show soon that something is."""
        deeds = Deeds(self.function, until_work=True)
        if deeds.is_idle:
            self.deeds = deeds
        return deeds.is_idle

    @cached_property
    def lowered(self) -> str:
        """The function as it is written, in lower case."""
        return self.text[self.function.start : self.function.end].lower()

    def holds(self, *some: str) -> bool:
        """Whether one of some words stands in the function: a look that spares to read its statements."""
        return any(map(self.lowered.__contains__, some))

    @cached_property
    def may_admit(self) -> bool:
        """Whether a line in it may say at run time that there is nothing yet."""
        return words.ADMITTING.search(self.lowered) is not None

    @cached_property
    def confessing(self) -> list[Comment]:
        """The comments that say that the work is not done; none where one says that this is meant."""
        comments = {comment: normal(comment.text) for comment in (*self.function.comments, *self.function.above)}
        found = [comment for comment, text in comments.items() if words.confesses(text)]
        return [] if found and any(map(_MEANT.search, comments.values())) else found

    def written(self, statement: Statement) -> str:
        """A statement as it is written, whole."""
        return self.text[statement.start : min(statement.end, statement.start + 2_000)]

    def stub(self, kind: str, where: Statement | Comment, is_security: bool = False) -> Stub:
        if not isinstance(where, Statement):
            return Stub(kind, self.function, plain(where.text), where.start, is_security)
        said = next((text for text in where.expression.texts if words.ADMISSION.search(text.value.lower())), None)
        if said is not None and len(where.text) > _LONGEST_QUOTE:
            return Stub(kind, self.function, " ".join(said.value.split()), said.start, is_security)
        return Stub(kind, self.function, where.text, where.start, is_security)

    def confession(self) -> Comment | None:
        """The first comment that says that the work is not done, and means the function as a whole."""
        return next((comment for comment in self.confessing if self._is_about_all(comment)), None)

    def _is_about_all(self, comment: Comment) -> bool:
        if self._is_about_parameter(comment):
            return False
        end = comment.start + len(comment.text)
        around = [
            statement
            for statement in self.function
            if not statement.branches and statement.start < comment.start and self.text[end : statement.end].strip()
        ]
        if not around:
            return True
        known = {*self.function.parameters, "this", "self"}  # beside one of many values: it is about that one
        is_about_all = self._is_in_front(comment) or not any(known & one.expression.names for one in around)
        return is_about_all and words.FALSE_THING.search(normal(comment.text)) is not None

    def _is_about_parameter(self, comment: Comment) -> bool:
        """Whether a comment stands among the parameters."""
        if any(statement.start < comment.start for statement in self.function.statements[:1]):
            return False
        before = self.text[max(self.function.start, comment.start - 5_000) : comment.start]
        return before.count("(") > before.count(")")

    def _is_in_front(self, comment: Comment) -> bool:
        """Whether a comment stands in front of all that its brackets hold, other comments aside."""
        before = self.text[max(comment.start - 2_000, 0) : comment.start].rstrip()
        while _COMMENT_LINE.match(before, before.rfind("\n") + 1):
            before = before[: before.rfind("\n") + 1].rstrip()
        return before.endswith(("(", "[", "{"))


def judge(function: Function, text: str) -> Stub | None:
    """The stub that a function is; None where it does its work, or where that cannot be told.

    ``text`` is the file's.
    """
    if is_left_alone(function) or is_run_by_hand(function, text):
        return None
    case = _Case(function, text)
    for rule in _RULES:
        found = rule(case)
        if found is not None:
            return found
    return None


def normal(text: str) -> str:
    """A comment in lower case on one line without its marks."""
    return " ".join(text.lower().translate(_MARKS).split())


def plain(text: str) -> str:
    """The telling line of a comment, without its marks."""
    lines = [" ".join(line.translate(_MARKS).split()).strip(" \"'") for line in text.splitlines()]
    return next((line for line in lines if words.confesses(line.lower())), next((line for line in lines if line), ""))


# admissions at run time


def _not_implemented(case: _Case) -> Stub | None:
    """All that a function comes to is "not implemented"."""
    if case.name in _CONSTRUCTORS or not case.may_admit:
        return None
    last = _last(case.function.statements)
    if last is None or last.expression.functions or not admits(last, case.written(last)):
        return None
    if case.deeds.works is not None and len(list(case.function)) > MOST_STATEMENTS:
        return None  # what is left over when much was tried
    others = [end for end in case.deeds.ends if end is not last and not admits(end, case.written(end))]
    if others or _is_inherited(case, last) or _is_designed(case):
        return None
    return case.stub(NOT_IMPLEMENTED, last)


def _last(statements: tuple[Statement, ...]) -> Statement | None:
    """The statement that a function ends with whatever happens, looked for inside ``try``."""
    for _ in range(5):
        real = [one for one in statements if one.kind != NOTHING]
        if not real:
            return None
        last = real[-1]
        if last.kind == RETURN and len(real) > 1 and last.expression.is_empty:  # an answer, and a bare return behind it
            last = real[-2]
        if last.kind != TRY or not last.branches:
            return last
        statements = last.branches[0].statements
    return None


def admits(statement: Statement, written: str) -> bool:
    """Whether a statement throws, returns or answers that something is not implemented."""
    expression = statement.expression
    if statement.kind not in (THROW, RETURN, CALL):
        return False
    texts = " ".join(text.value for text in expression.texts).lower()
    if words.HONEST.search(texts):
        return False
    made = {call.name for call in expression.calls} | {name.rpartition(".")[2] for name in expression.reads}
    if statement.kind == THROW:
        if made & words.UNIMPLEMENTED_TYPES:
            return True
        if expression.calls and expression.calls[0].name in words.UNIMPLEMENTED_CALLS:
            return True
        says = words.ADMISSION.search(texts) or words.UNIMPLEMENTED_STATUS.search(_without_texts(written))
        return bool(says) and len(texts) < 200
    if statement.kind == RETURN and not _is_refusal(expression):
        has_status = words.UNIMPLEMENTED_STATUS.search(_without_texts(written)) is not None
        return has_status and bool(expression.calls or words.ADMISSION.search(texts))
    answers = bool(words.UNIMPLEMENTED_STATUS.search(_without_texts(written)))
    return answers or (statement.kind == RETURN and bool(words.ADMISSION.search(texts)) and "todo" not in texts)


def _without_texts(written: str) -> str:
    return re.sub(r"\"[^\"\n]*\"|'[^'\n]*'|`[^`]*`", '""', written)


def _is_refusal(expression: Expression) -> bool:
    """Whether what is returned is an error, not a result that speaks of something."""
    for call in expression.calls:
        if re.search(r"err|reject|exception|fail|panic|abort|unimplemented|status", call.path.lower()):
            return True
    return False


def _is_inherited(case: _Case, last: Statement) -> bool:
    """Whether the function is for others to complete, or an operation that is optional."""
    function = case.function
    made = {call.name for call in last.expression.calls}
    texts = " ".join(text.value for text in last.expression.texts).lower()
    if made & words.UNSUPPORTED_TYPES and not words.ADMISSION.search(texts):
        return True
    if function.name in ("ConvertBack", "convertBack", "__init_subclass__", "__subclasshook__", "Watch"):
        return True  # what a framework asks for and nobody calls
    if re.search(r"not_?(?:yet_?)?implemented|unimplemented", function.name, re.IGNORECASE):
        return True  # it is how others say so
    if function.language in ("python", "ruby") and function.owner is not None and not texts.strip():
        return case.confession() is None  # how classes name what their subclasses must have
    return bool(re.search(r"\babstract\b|@abstract|@overload|@typing\.overload", function.heading))


def _branch_not_implemented(case: _Case) -> Stub | None:
    """One named case answers "not implemented" while others work."""
    if not case.may_admit:
        return None
    for statement in case.function:
        if statement.kind != BRANCH:
            continue
        for branch in statement.branches:
            real = [one for one in branch.statements if one.kind != NOTHING]
            last = real[-1] if real else None
            if last is None or branch.is_default or len(real) > 3 or not _NAMED_CASE.search(branch.label):
                continue
            texts = " ".join(text.value for text in last.expression.texts).lower()
            if admits(last, case.written(last)) and (
                words.ADMISSION.search(texts) or words.UNIMPLEMENTED_STATUS.search(case.written(last))
            ):
                return case.stub(BRANCH_NOT_IMPLEMENTED, last)
    return None


_NAMED_CASE = lazy(
    r"^\W*(?:case|when)?\W*[\"'`:]?[\w.:]+[\"'`]?(?:\s*[,|]\s*[\"'`:]?[\w.:]+[\"'`]?)*\s*$|(?:===?|\bis"
    r"|\beq)\s*[\"'`]\w|(?:===?)\s*[A-Z]\w*(?:\.|::)\w|\.equals(?:IgnoreCase)?\(\""
)


# echoes


def _echo(case: _Case) -> Stub | None:
    """The result is the input with a word that claims that it was worked on."""
    function = case.function
    if not words.WORKING.match(function.name) or _makes_text(function) or not function.parameters:
        return None
    if not words.ECHO.search(case.lowered):
        return None
    if not case.is_idle:
        return None
    deeds = case.deeds
    if not deeds.is_hollow or len(deeds.ends) != 1 or deeds.loops:
        return None
    end = deeds.ends[0]
    if end.kind == THROW or not end.expression.names & set(function.parameters):
        return None
    texts = [text.value for text in end.expression.texts]
    if any(words.ECHO.search(text) and _holds_place(text, end.expression) for text in texts):
        return case.stub(ECHO, end)
    return None


def _makes_text(function: Function) -> bool:
    """Whether a function is named after the text that it makes, and not after what it is given."""
    found = words.NOT_WORKING.search(function.name)
    if found is None:
        return False
    made = found[0].strip("_").rstrip("s").lower()
    return made not in {name.lower() for name in function.parameters}


def _holds_place(text: str, expression: Expression) -> bool:
    return "+" in expression.operators or "." in expression.operators or bool(re.search(r"[{%$]", text))


# constants


def _always_true(case: _Case) -> Stub | None:
    """A verification that accepts everything."""
    function = case.function
    if not words.VERIFYING.match(function.name) or not function.parameters or not case.holds("true"):
        return None
    if not case.is_idle:
        return None
    deeds = case.deeds
    if not deeds.is_hollow or deeds.refusals or not deeds.ends or any(end.kind == THROW for end in deeds.ends):
        return None
    if (
        len(deeds.unused) < len([name for name in function.parameters if not name.startswith("_")])
        and case.confession() is None
    ):
        return None
    if not all(_is_yes(end, case.written(end)) for end in deeds.ends):
        return None
    if _is_designed(case) or function.name in ("CheckOrigin", "checkOrigin", "check_origin"):
        return None
    if case.confession() is None and is_built_on_others(function) and _is_asked_by_frameworks(function.name):
        return None
    security = bool(words.SECURITY.search(function.name + " " + " ".join(function.parameters)))
    return case.stub(ALWAYS_TRUE, case.confession() or deeds.ends[-1], security)


def _is_asked_by_frameworks(name: str) -> bool:
    """Whether a verification is one that a framework calls: a bare verb, a question, or that of permissions."""
    return not _OBJECT.search(name) or _PERMISSION.fullmatch(name) is not None


_OBJECT = lazy(r"(?:verify|validate|authenticate|check|authori[sz]e|confirm)_?[A-Za-z]", re.IGNORECASE)
_PERMISSION = lazy(r"check_?(?:object_?)?permissions?", re.IGNORECASE)


def _is_yes(end: Statement, written: str) -> bool:
    values = [value.lower() for value in end.expression.values]
    if any(value == "false" for value in values) or not values:
        return False
    if re.fullmatch(
        r"(?:return\s+)?\(?(?:Ok\(|Promise\.resolve\(|Task\.FromResult\(|Mono\.just\("
        r"|Some\()?\s*true\s*\)?(?:,\s*(?:nil|null))?\)?;?",
        written.strip(),
        re.IGNORECASE,
    ):
        return True
    return bool(words.VALID.search(written))


def _is_designed(case: _Case) -> bool:
    return any(
        words.BY_DESIGN.search(normal(comment.text)) for comment in (*case.function.comments, *case.function.above)
    )


def _constant_health(case: _Case) -> Stub | None:
    """A health handler that reports constants for what it claims to check."""
    function = case.function
    if not words.HEALTH.search(f"{function.name} {function.given_to} {function.heading[:200]}"):
        return None
    if not words.CONSTANT_HEALTH.search(case.text, function.start, function.end):
        return None
    if not case.is_idle:
        return None
    deeds = case.deeds
    if deeds.computes or deeds.decides or deeds.loops:
        return None
    for end in deeds.ends:
        found = words.CONSTANT_HEALTH.search(case.text[end.start : min(end.end, end.start + 4_000)])
        if found:
            return Stub(CONSTANT_HEALTH, function, " ".join(found[0].split()), end.start + found.start())
    return None


def _simulated(case: _Case) -> Stub | None:
    """Waiting or dice in place of work."""
    if words.TRYING.match(case.name) or any(words.TRIALS.match(name) for name in case.function.parameters):
        return None
    return _played(case) or _waits_only(case) or _rolls(case)


def _waits_only(case: _Case) -> Stub | None:
    function = case.function
    if not case.is_called or words.WAITING.search(function.name) or not words.SLEEPING.search(case.lowered):
        return None
    if not case.confessing and not case.holds(*words_of(words.CLAIM)):
        return None
    if not case.is_idle:
        return None
    deeds = case.deeds
    if not deeds.sleeps or deeds.computes:
        return None
    confession = case.confession()
    if confession is not None:
        return case.stub(SIMULATED, confession)
    claims = any(words.CLAIM.search(case.written(end)) for end in deeds.ends)
    if claims and deeds.is_hollow and function.name:
        return case.stub(SIMULATED, deeds.sleeps[0])
    return None


def _played(case: _Case) -> Stub | None:
    """A wait, or dice, beside a comment that says that work is played."""
    if words.NOT_MEASURED.search(case.name) or not case.holds("simulat", "fake", "模拟"):
        return None
    comments = [
        comment
        for comment in case.function.comments
        if words.SIMULATION.search(normal(comment.text)) and not _AT_RANDOM.match(normal(comment.text))
    ]
    if not comments:
        return None
    for played in (*case.deeds.sleeps, *case.deeds.randoms):
        for comment in comments:
            gap = (
                case.text[comment.start + len(comment.text) : played.start]
                if comment.start < played.start
                else case.text[played.end : comment.start]
            )
            if gap.count("\n") <= 1 and _NEAR.fullmatch(gap):
                return case.stub(SIMULATED, comment)
    return None


_AT_RANDOM = lazy(r"\W*random(?:ly)?\b")
"""A comment that says that chance is the point."""
_NEAR = lazy(r"[\s;,)}]*(?:await\s+|yield\s+(?:return\s+|from\s+)?|return\s+|(?:const|let|var|val)\s+)?[\s;,)}]*")


def _rolls(case: _Case) -> Stub | None:
    """Dice where a measurement is promised."""
    function = case.function
    if case.name in _CONSTRUCTORS or not words.ROLLING.search(case.lowered):
        return None
    if words.NOT_MEASURED.search(f"{function.name} {function.given_to}"):
        return None
    deeds = case.deeds
    for statement in deeds.randoms:
        written = case.written(statement)
        for line in re.split(r"[,\n;]", written):
            found = _ROLLED.search(line)
            if found and words.MEASURED.search(found["key"]) and not words.NOT_MEASURED.search(found["key"]):
                return Stub(
                    SIMULATED, function, " ".join(line.split()), statement.start + max(written.find(line.strip()), 0)
                )
    if deeds.is_hollow and words.MEASURED.search(function.name) and deeds.ends and deeds.ends[-1] in deeds.randoms:
        return case.stub(SIMULATED, deeds.ends[-1])
    return None


_ROLLED = lazy(
    r"[\"']?(?P<key>\$?[A-Za-z_]\w*)[\"']?\s*(?::=|=>|[:=,])\s*[\w.(:\s+*-]{0,40}?"
    r"(?:math\.random|\brandom\.\w+|\brand\.\w+|\bmt_rand|\brandom_int|\brand\b|nextint|nextdouble|gen_range|rng\.)",
    re.IGNORECASE,
)


def _unfinished(case: _Case) -> Stub | None:
    """A comment confesses, and there is no work to contradict it."""
    function = case.function
    if not case.confessing or not case.is_called or case.name in _CONSTRUCTORS or _MAKES_NAMES.search(case.name):
        return None
    if not case.is_idle:
        return None
    deeds = case.deeds
    if deeds.loops or len(list(function)) > 12:
        return None
    confession = case.confession()
    if confession is None:
        return None
    if deeds.ends and all(end.kind == THROW or _only_makes(end) for end in deeds.ends):
        return None
    text = normal(confession.text)
    if deeds.compares and (confession in function.above or not words.confesses(_SIMPLIFIED.sub("", text))):
        return None
    if _HEDGED.search(text) and _gives_what_it_made(case):
        return None
    if _is_unused_hook(case) or (words.TRYING.match(case.name) and words.SIMULATION.search(text)):
        return None
    if deeds.computes or deeds.decides or deeds.reads_state:
        if not words.FALSE_THING.search(text):
            return None
        if deeds.computes and deeds.decides:
            return None
    if _is_honest_no(case, text):
        return None
    return case.stub(UNFINISHED, confession)


_SIMPLIFIED = lazy(r"\bsimplified (?:check|version|comparison|calculation|approach)\b")


_HEDGED = lazy(r"\bwould (?:typically|normally|usually|ideally|require)\b")


def _gives_what_it_made(case: _Case) -> bool:
    """Whether an object is made, asked for something, and given back."""
    made: set[str] = set()
    asked: set[str] = set()
    for statement in case.function:
        calls = statement.expression.calls
        if any(call.is_new or call.name[:1].isupper() for call in calls):
            made.update(statement.targets)
        if statement.kind == CALL:
            asked.update(call.root for call in calls)
    given = {path for end in case.deeds.ends for path in end.expression.reads}
    return bool(made & asked & given)


def _is_unused_hook(case: _Case) -> bool:
    """Whether it is an empty method of Go whose parameters have no names: an interface asks for it."""
    function = case.function
    if function.language != "go" or function.statements or function.parameters:
        return False
    return re.search(rf"\b{re.escape(function.name)}\(\s*[^)\s]", function.heading) is not None


def _only_makes(end: Statement) -> bool:
    """Whether what is given is an object made of nothing: the function is its factory."""
    made, expression = end.expression.calls, end.expression
    return (
        len(made) == 1
        and made[0].name[:1].isupper()
        and "." not in made[0].path
        and not (expression.texts or expression.values or expression.keys or expression.reads)
    )


_ABILITY = lazy(r"_*(?i:has|can|supports?|needs?)(?:_|[A-Z])|_*(?i:is)\w*(?i:supported|enabled|available)")


def _is_honest_no(case: _Case, confession: str) -> bool:
    """A question about an ability that is answered with no, by something that says that it cannot yet."""
    asked = re.match(
        r"_*(?i:has|can|supports?|needs?)(?:_|[A-Z])|_*(?i:is)\w*(?i:supported|enabled|available)", case.name
    )
    denied = all(re.search(r"false|nil|null|none", end.text.lower()) for end in case.deeds.ends)
    return bool(asked) and denied and not re.search(r"\bwould\b|\breal\b|\bproduction\b|\bfor now\b", confession)


_LISTS = frozenset({"data", "items", "results", "plans", "list", "rows", "options"})
"""Where an answer holds one of these, its success is that of a list that does not change."""


def _constant(case: _Case) -> Stub | None:
    """A claim of success, and nothing done for it."""
    function = case.function
    if not function.parameters or not words.ACTING.match(function.name) or _makes_text(function):
        return None
    if not case.holds(*words_of(words.CLAIM)):
        return None
    if not case.is_idle:
        return None
    deeds = case.deeds
    if not deeds.is_hollow or len(deeds.ends) != 1 or deeds.loops or _is_designed(case):
        return None
    if deeds.sleeps and words.WAITING.search(function.name):
        return None
    end = deeds.ends[0]
    if not deeds.ignores_input:
        return None  # an answer made of what it is given
    if end.kind == THROW or not deeds.unused or function.name == "handler" or _LISTS.intersection(end.expression.keys):
        return None
    if words.CLAIM.search(case.written(end)):
        return case.stub(CONSTANT, end)
    return None


def _uses_what_it_is_given(case: _Case) -> bool:
    """Whether a parameter stands in the log whole, or anywhere else."""
    logs = case.deeds.logs
    whole = {path.lstrip("@$&*") for log in logs for path in log.expression.reads}
    elsewhere = {name for one in case.function if one not in logs for name in one.expression.names}
    return bool((whole | elsewhere).intersection(case.function.parameters))


def _only_logs(case: _Case) -> Stub | None:
    """A line in the log in place of what reaches outside."""
    function = case.function
    if not function.parameters or not words.OUTWARD.match(function.name) or _makes_text(function):
        return None
    if any(words.LOGS.search(owner.name) for owner in function.owners):
        return None
    if not case.is_idle:
        return None
    deeds = case.deeds
    if not deeds.is_hollow or not deeds.logs or deeds.loops or _is_designed(case):
        return None
    if not deeds.unused and _uses_what_it_is_given(case):
        return None
    log = deeds.logs[-1]
    if not any(words.DONE.search(text.value) for text in log.expression.texts):
        return None
    if any(end.kind == THROW for end in deeds.ends):
        return None
    return case.stub(ONLY_LOGS, log)


_RULES: tuple[Callable[[_Case], Stub | None], ...] = (
    _not_implemented,
    _echo,
    _always_true,
    _constant_health,
    _simulated,
    _unfinished,
    _constant,
    _only_logs,
    _branch_not_implemented,
)


def stubs_in(functions: list[Function], text: str) -> Iterator[Stub]:
    """The stubs among functions, those inside a stub left out."""
    end = -1
    for function in functions:
        if function.start < end:
            continue
        if DOUBLE_FUNCTION.search(function.name):
            end = function.end  # what stands inside plays too
            continue
        found = judge(function, text)
        if found is not None:
            if found.kind != BRANCH_NOT_IMPLEMENTED:
                end = function.end
            function.forget()
            yield found
