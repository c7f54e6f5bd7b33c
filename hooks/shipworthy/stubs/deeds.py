"""What a function does, seen from its statements: whether it works at all, waits, rolls dice, only talks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from shipworthy.formats.functions import (
    BRANCH,
    CALL,
    DECLARATION,
    DEFINITION,
    LOOP,
    NOTHING,
    RETURN,
    THROW,
    TRY,
    Call,
    Expression,
    Function,
    Statement,
)
from shipworthy.patterns import lazy
from shipworthy.stubs import words

_LOGGERS = lazy(
    r"(?:^|[.:>_])_*(?:\w*logg?(?:er|ging)?|console|slog|klog|zap|logrus|tracing|timber|sugar|syslog|logging"
    r"|stdout|stderr|system\.(?:out|err))(?:\(\))?"
    r"(?:\.|::|->|$)"
)
_LOG_CALLS = lazy(
    r"(?:fmt|console|debug|trace|system\.out|system\.err|std)?(?:^|[.:])(?:print\w*|eprint\w*|println!?|puts|pp"
    r"|p|writeline|printf|debug!|info!|warn!|error!|trace!|log!"
    r"|event!|dbg!|error_log|var_dump|var_export|print_r|echo|logf?|log_\w+|write_output|warn)!?$"
)
_SLEEPS = lazy(
    r"(?:^|_)(?:sleep|usleep|nanosleep|msleep|delay|delayed|settimeout|set_timeout|sleep_ms|sleep_for"
    r"|wait_?for_?timeout|sleepasync|parknanos|wait|simulat\w*delay|simulat\w*latency)$"
)
_CLOCKS = frozenset(
    "date now utcnow today time datetime timestamp fromtimestamp isoformat toisostring gettime unix unixnano "
    "unixmilli currenttimemillis nanotime instant localdatetime"
    " localdate zoneddatetime offsetdatetime uuid uuid1 uuid4 uuidv4 randomuuid new_v4 nextid nanoid cuid ulid "
    "newguid guid newstring tostring to_string to_s format strftime"
    " tolocalestring tolocaletimestring timedelta adddate add addminutes adddays addhours sub plusdays plushours "
    "plusminutes plusseconds minusdays minushours duration utc local since"
    " elapsed perf_counter monotonic performance hex gethashcode hash_code token_hex current strftime iso8601 "
    "toinstant systemtime duration_since unwrap unwrap_or unwrap_or_default"
    " as_secs as_millis from_secs from_millis fromseconds frommilliseconds seconds ofseconds to_rfc3339 timezone "
    "microtime uniqid truncate ofminutes ofdays".split()
)
_VALUES = frozenset(
    "json jsonify dict list set tuple str int float bool string number boolean array object map of aslist entry "
    "hashmap arraylist some none ok err error errorf new success failure just"
    " fromresult completedfuture completed resolve reject from into to_owned as_str clone vec format sprintf "
    "join freeze keys values items len length count empty emptylist emptymap zero one"
    " valueof decimal bigdecimal big integer parse parseint parsefloat parse_obj round floor ceil min max abs "
    "bytes encode decode stringify dumps loads default from_str newstring"
    " builder build status body headers header contenttype content_type notfound badrequest accepted created "
    "nocontent ok_or httpexception jsonresponse response render send end write writeheader"
    " fromstring tojson to_json tostr as_json stringvalueof buffer responseentity mono flux toarray tolist "
    "unmodifiablelist singletonlist newarraylist pointer ptr uri url then catch"
    " mapof listof setof arrayof mutablemapof mutablelistof hashmapof linkedmapof pairof literal cast typing box arc rc"
    " range slice concat push append put unwrap expect iferr gin h newencoder newsuccess "
    "ofnullable optional withstatus value setstatus".split()
)
_READERS = lazy(
    r"(?:get\w*|is[A-Z_]\w*|has\w*|to[A-Z_]\w*|as_\w+|strip|trim|lower|upper|len|length|param|params|query|json"
    r"|body|header|headers|keys|values|items|slice|substring|split|join|name|id|type|replace"
    r"|includes|contains|startswith|startsWith|endswith|endsWith|size|isEmpty|is_empty|is_some|is_none|unwrap\w*"
    r"|clone|into|format|title|model_dump|dict|copy|lowercase|uppercase|map|first|last|fetch|value|unwrap_or"
    r"|capitalize"
    r"|decode|encode|count|isoformat|hex|toString|toISOString|toLowerCase|toUpperCase|toFixed|charAt|indexOf|at"
    r"|dig|blank|present|empty|nil|zero|presence|input|all|route|PathValue|Param|Query|FormValue|PostForm|GetHeader|Context"
    r"|Value|Done|Err|Bind\w*|ShouldBind\w*|preventDefault|stopPropagation|text|formData|getName|hashCode"
    r"|ordinal|equals|Trim\w*|String|Error)$"
)
_DEPENDENCIES = lazy(
    r"(?:^|[._]|(?<=[a-z]))(?:db|database|session|repo|repository|client|store|storage|pool|conn|connection|cache|api"
    r"|manager|gateway)\.",
    re.IGNORECASE,
)
"""What reaches outside, whatever is asked of it."""
_ANSWERERS = lazy(
    r"^_*(?:res|resp|response|reply|rep|w|rw|writer|responsewriter|httpresponse|respond|nextresponse"
    r"|jsonresponse|httpserverresponse)$",
    re.IGNORECASE,
)
_ANSWERS = lazy(
    r"^(?:json|jsonp|text|html|string|status|statuscode|sendstatus|send|end|body|respond\w*|render|writeheader"
    r"|write|abort\w*|halt|xml|data|nocontent|success|fail|error|reply|return\w*|header|headers|set|contenttype"
    r"|sendjson|code|type)$",
    re.IGNORECASE,
)
_ANSWERING = lazy(
    r"^(?:respond\w*|write_?(?:json|error|response)\w*|send_?(?:json|error|response|success)\w*"
    r"|json_?(?:response|error|ok)|render|render_?(?:json|html|error|template|view)|halt|abort|head|reply"
    r"|jsonify|http_?error|api_?response|success_?response|error_?response|resolve|reject|callback|cb|done|next)$",
    re.IGNORECASE,
)
_OWN_ANSWERS = lazy(
    r"^(?:respond\w*|write_?(?:json|error|response)\w*|send_?(?:json|error|response|success)|json|ok"
    r"|bad_?request|not_?found|error|success|fail|http_?error|status_?code|no_?content)$",
    re.IGNORECASE,
)
"""Methods of a handler's own object that answer."""
_CONTEXTS = frozenset({"c", "ctx", "context", "call", "conn", "ec", "http"})
_SHELL = frozenset(": return exit true set local export shift date test [".split())
"""Commands that do nothing outside of the script."""
_CONSTANT = lazy(r"(?:[a-z_]\w*(?:\.|::))*(?:[A-Z]\w*)(?:(?:\.|::)[A-Za-z_]\w*)*$")
_ARITHMETIC = frozenset(
    {"+", "-", "*", "/", "%", "**", "//", "<<", ">>", "&", "|", "^", "+=", "-=", "*=", "..", "..=", "<=>", "=~"}
)
_COMPARING = frozenset({"==", "===", "!=", "!==", "<", ">", "<=", ">=", "in", "is", "instanceof", "not in", "is not"})
_WORKING = frozenset(
    {
        "jsx_element",
        "jsx_self_closing_element",
        "jsx_fragment",
        "yield",
        "lambda",
        "del",
        "delete",
        "await",
        "send_statement",
        "<-",
        "redirected_statement",
    }
)
_WORKING_OUT = frozenset(
    "includes contains startsWith endsWith startswith endswith indexOf match matches test has some every any all "
    "anyMatch allMatch noneMatch filter find map flatMap reduce sort sorted sum compare compareTo equals"
    " replace replaceAll split Contains HasPrefix HasSuffix Split Replace ReplaceAll Select Where Any All Sum "
    "Count collect fold zip groupBy forEach each select reject inject include? start_with? end_with? gsub sub "
    "strtolower"
    " strtoupper str_contains in_array array_map array_filter array_sum str_replace preg_match".split()
)
_REFUSING = lazy(
    r"error|invalid|required|missing|unauthori|forbidden|not ?found|denied|bad ?request|\b4\d\d\b|\berr|fail"
    r"|exception|none|null|nil|false|undefined|\breturn;?$|\bok\(\)|abort|reject|empty|0$|\[\]|\{\}|\"\"|''",
    re.IGNORECASE,
)


class Deeds:
    """What a function does, in the order in which it does it.

    ``works`` is what reaches outside or cannot be told, None where there is nothing of the kind; ``stores`` are
    assignments to what outlives the function; ``reads_state`` tells that it gives what its object or the program knows;
    ``computes`` that it works something out of its input; ``compares`` that all of its results compare the input with
    something; ``decides`` that it chooses between results.
    ``ends`` are the ways out that are no refusal of bad input, ``refusals`` the others. ``until_work`` is for whoever
    asks for nothing but `is_idle` where that is not so: the function is looked at no further than to its first work.
    """

    def __init__(self, function: Function, *, until_work: bool = False) -> None:
        self.function = function
        self._until_work = until_work
        self.logs: list[Statement] = []
        self.sleeps: list[Statement] = []
        self.randoms: list[Statement] = []
        self.ends: list[Statement] = []
        self.refusals: list[Statement] = []
        self.works: Statement | None = None
        self.stores = False
        self.reads_state = False
        self.computes = False
        self.decides = False
        self.compares = False
        self.loops = False
        self.used: set[str] = set()
        self._parameters = set(function.parameters)
        self._locals: set[str] = set()
        self._receivers = {"this", "self", "cls", "super", "base", "parent", "static", "Self"}
        owner = function.owner
        if owner is not None and owner.kind == "receiver":
            self._receivers.add(owner.heading.strip("( ").split(" ")[0])
        self._take(function.statements)
        if self._maps():
            self.computes = True
        self.compares = bool(self.ends) and all(
            _COMPARING.intersection(end.expression.operators) and self._parameters.intersection(end.expression.names)
            for end in self.ends
        )

    def _maps(self) -> bool:
        """Whether the result is made of many parts of what is given: a conversion."""
        paths = {
            path
            for end in self.ends
            for path in end.expression.reads
            if re.split(r"\W", path)[0] in self._parameters and path not in self._parameters
        }
        return len(paths) >= 3

    @property
    def is_hollow(self) -> bool:
        """Whether nothing is done, decided, computed, kept or looked up."""
        return self.is_idle and not (self.reads_state or self.computes or self.decides)

    @property
    def is_idle(self) -> bool:
        """Whether nothing is done outside of the function itself."""
        return self.works is None and not self.stores

    @property
    def unused(self) -> list[str]:
        """The parameters that the function does not even look at."""
        return [name for name in self.function.parameters if name not in self.used and not name.startswith("_")]

    @property
    def ignores_input(self) -> bool:
        """Whether it looks away from something that it is given, what it answers by aside."""
        given = [name for name in self.function.parameters if not _ANSWERERS.match(name)]
        return not given or any(name.startswith("_") or name not in self.used for name in given)

    def _take(self, statements: Iterable[Statement]) -> None:
        for statement in statements:
            if self._until_work and not self.is_idle:
                return
            self._use(statement)
            if statement.kind == BRANCH:
                self._branch(statement)
            elif statement.kind in (LOOP, TRY):
                self.loops = self.loops or statement.kind == LOOP
                self._judge(statement)
                for branch in statement.branches:
                    if branch.label:
                        self._names_of(branch.statements)
                    else:
                        self._take(branch.statements)
            elif statement.kind not in (NOTHING, DEFINITION):
                self._judge(statement)
                calls = statement.expression.calls
                talks = statement.kind == RETURN and bool(calls) and is_logging(calls[0])
                if (statement.kind in (RETURN, THROW) and not talks) or self._answers(statement):
                    self.ends.append(statement)

    def _use(self, statement: Statement) -> None:
        """Note the names that a statement looks at; to be answered by is no look."""
        expression = statement.expression
        self.used.update(re.split(r"\W", path.lstrip("@$&*!"), maxsplit=1)[0] for path in expression.reads)
        self.used.update(call.root for call in expression.calls if not self._is_answer(call))

    def _names_of(self, statements: Sequence[Statement]) -> None:
        for statement in statements:
            for inner in statement:
                self._use(inner)

    def _branch(self, statement: Statement) -> None:
        self._judge(statement)
        for branch in statement.branches:
            if _refuses(branch.statements):
                self._names_of(branch.statements)
                self.refusals += [inner for inner in branch.statements if inner.kind in (RETURN, THROW)]
            else:
                if not _only_talks(branch.statements):
                    self.decides = True
                self._take(branch.statements)

    def _answers(self, statement: Statement) -> bool:
        """Whether a call answers a request."""
        if statement.kind != CALL or not statement.expression.calls:
            return False
        return any(self._is_answer(call) for call in statement.expression.calls)

    def _judge(self, statement: Statement) -> None:
        expression = statement.expression
        is_log = is_sleep = is_random = is_answer = False
        for call in expression.calls:
            path = call.path.lower()
            if call.name in _WORKING_OUT and not is_log:
                self.computes = True
            if is_logging(call):
                is_log = True
            elif _SLEEPS.search(call.name.lower()):
                is_sleep = True
            elif words.RANDOM.search(path) or (call.is_linked and words.DICE.fullmatch(call.root)):
                is_random = True
            elif self._is_answer(call):
                is_answer = True
            elif not self._is_harmless(call, is_log):
                self.works = self.works or statement
        if self.function.language == "ruby" and "rand" in expression.reads:
            is_random = True  # without arguments, a call looks like a name
        self._reads(statement, is_log)
        self._operators(statement, is_random or is_sleep, is_log)
        self._stored(expression)
        if statement.kind == DECLARATION or expression.functions:
            self._locals.update(statement.targets)
        for kind, into in ((is_log, self.logs), (is_sleep, self.sleeps), (is_random, self.randoms)):
            if kind and not (into is self.logs and is_answer):
                into.append(statement)

    def _is_answer(self, call: Call) -> bool:
        if call.root in self._receivers:
            return bool(_OWN_ANSWERS.match(call.name)) and not call.is_linked
        if _ANSWERERS.match(call.root):
            return True
        if call.root.lower() in _CONTEXTS and call.root not in self._receivers:
            return bool(_ANSWERS.match(call.name))
        return bool(_ANSWERING.match(call.name)) and call.path.rstrip("!") == call.name

    def _is_harmless(self, call: Call, in_log: bool) -> bool:
        name, root = call.name, call.root
        if self.function.language == "bash":
            return call.path in _SHELL
        if root in self._locals or root in (
            "Promise",
            "Task",
            "CompletableFuture",
            "Duration",
            "TimeSpan",
            "TimeUnit",
            "asyncio",
        ):
            return True
        if root in self._parameters:
            return in_log or (bool(_READERS.match(name)) and not _DEPENDENCIES.search(call.path))
        lowered = name.lower()
        if in_log and root in self._receivers:
            return bool(_READERS.match(name)) or lowered in _VALUES or lowered in _CLOCKS
        if root in self._receivers:
            return False
        if lowered in _CLOCKS or lowered in _VALUES:
            return True
        if call.is_linked:  # a setter of a builder: its end decides
            return bool(root[:1].isupper())
        if call.is_new or (name[:1].isupper() and call.path.split("<")[0].rstrip("!") in (name, root)):
            return True  # something made of what is given
        return in_log and bool(_READERS.match(name))

    def _reads(self, statement: Statement, in_log: bool) -> None:
        for path in statement.expression.reads:
            root = re.split(r"\W", path.lstrip("@$&*!"), maxsplit=1)[0]
            if root in self._receivers:
                self.reads_state = self.reads_state or not in_log
                continue
            if root in self._parameters or root in self._locals or root == "rand":
                continue
            if root in statement.targets or _CONSTANT.match(path) or root.isdigit():
                continue
            if not in_log and statement.kind in (RETURN, DECLARATION, CALL, BRANCH, LOOP):
                self.reads_state = True

    def _operators(self, statement: Statement, is_random: bool, is_log: bool) -> None:
        expression = statement.expression
        for operator in expression.operators:
            if operator in _WORKING:
                self.works = self.works or statement
            elif operator == "?":
                self.decides = self.decides or not is_log
            elif operator == "for" or (operator in _ARITHMETIC and not is_random and not is_log):
                joins = operator in ("+", "%", ".") and bool(expression.texts)
                self.computes = self.computes or (bool(expression.names) and not joins)

    def _stored(self, expression: Expression) -> None:
        for target in expression.stores:
            root = re.split(r"\W", target.lstrip("@$&*"), maxsplit=1)[0]
            if root not in self._locals and not _ANSWERERS.match(root):
                self.stores = True


def is_logging(call: Call) -> bool:
    """Whether a call only says something."""
    path = call.path.lower()
    if call.is_linked:
        return call.root.lower() in ("log", "logger", "logging", "zap", "slog", "zerolog", "logrus", "tracing")
    return bool(_LOGGERS.search(path) or _LOG_CALLS.search(path))


def _refuses(statements: Sequence[Statement]) -> bool:
    """Whether a branch only turns away what it cannot work on: says so, and ends with an error or nothing."""
    last = statements[-1] if statements else None
    if last is None or len(statements) > 4:
        return False
    for statement in statements[:-1]:
        if statement.kind not in (CALL, NOTHING, DECLARATION):
            return False
    if last.kind == THROW:
        return True
    if last.kind == RETURN or (
        last.kind == CALL
        and any(_ANSWERERS.match(call.root) or _ANSWERS.match(call.name) for call in last.expression.calls)
    ):
        return bool(_REFUSING.search(last.text)) or last.expression.is_empty
    return False


def _only_talks(statements: Sequence[Statement]) -> bool:
    return all(
        statement.kind == NOTHING
        or (statement.kind == CALL and all(is_logging(call) for call in statement.expression.calls))
        for statement in statements
    )
