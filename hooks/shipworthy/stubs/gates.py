"""What is no stub whatever it does: what others complete, what stands in for others on purpose, what tests run."""

from __future__ import annotations

import re
from functools import lru_cache

from shipworthy.formats.functions import Function, Owner
from shipworthy.patterns import lazy
from shipworthy.stubs.words import DOUBLE, DOUBLE_FUNCTION

_TESTS = lazy(
    r"#\[(?:\w+::)*test\b|cfg\(test\)|@(?:\w+\.)*(?:Test|ParameterizedTest|pytest\.fixture|fixture|BeforeEach|AfterEach)\b|\[(?:Fact|Theory|Test|TestMethod)\b"
)
_COMPLETED = lazy(
    r"\babstract\b|@(?:typing\.)?overload\b|@(?:abc\.)?abstract\w+|\bexternal\b|\bdeclare\b|@[Dd]eprecated\b"
    r"|\[Obsolete\b|#\[deprecated|@singledispatch|\bpartial void\b"
)
_OPEN_OWNERS = frozenset(
    {"interface_declaration", "trait_item", "trait_declaration", "module", "annotation_type_declaration"}
)
_OPEN = lazy(
    r"\bProtocol\b|\bABC\b|ABCMeta|\babstract\s+class\b|\babstract\b.*\bclass\b|\bsealed\s+class\b|\binterface\b"
    r"|@runtime_checkable|\bTypedDict\b|cfg\(test\)|#\[deprecated|@deprecated",
    re.DOTALL,
)
_ROUTE = lazy(
    r"(?:^|[.:>])(?:get|post|put|delete|patch|head|options|all|any|use|route|handle|handlefunc|mapget|mappost"
    r"|mapput|mapdelete|mappatch|method|command|action|on|subscribe|process|add_url_rule|match|api)\s*$|"
    r"(?:^|[.:>])(?:get|post|put|delete|patch|all|any|route|handle|handlefunc|mapget|mappost|mapput|mapdelete"
    r"|mappatch|process|command)\s+\S",
    re.IGNORECASE,
)
_ROUTED = lazy(
    r"@\w*\.?(?:get|post|put|delete|patch|route|websocket|api_view|action|task|shared_task|command)\b|@(?:Get"
    r"|Post|Put|Delete|Patch|Request)Mapping\b|@(?:Get|Post|Put|Delete|Patch|All|Query|Mutation|MessagePattern"
    r"|EventPattern|Cron|Scheduled|KafkaListener|RabbitListener|Path|GET|POST|PUT|DELETE)\b"
    r"|\[Http(?:Get|Post|Put|Delete|Patch)|\[Route\b|#\[(?:get|post|put|delete|patch|route|handler)\b|#\[Route\b"
)


def is_left_alone(function: Function) -> bool:
    """Whether a function is no stub by what it is called, where it stands and what stands in front of it."""
    if _TESTS.search(function.heading) or _COMPLETED.search(function.heading):
        return True
    if DOUBLE_FUNCTION.search(function.name):
        return True
    for owner in function.owners:
        if owner.kind in _OPEN_OWNERS or _OPEN.search(owner.heading) or DOUBLE.search(owner.name):
            return True
    return any(
        "@deprecated" in comment.text.lower() or "deprecated:" in comment.text.lower() for comment in function.above
    )


_MAIN = lazy(r"^if __name__\b[^\n]*", re.MULTILINE)
_MODULE_LINE = lazy(r"^(?=\S)(?![#)\]}])", re.MULTILINE)


def is_run_by_hand(function: Function, text: str) -> bool:
    """Whether a function of Python stands below ``if __name__ == "__main__":``."""
    return function.language == "python" and function.start in _below_main(text)


@lru_cache(maxsize=1)
def _below_main(text: str) -> range:
    """The offsets of what stands below ``if __name__ == "__main__":``; asked for each function of a file."""
    main = _MAIN.search(text)
    if main is None:
        return range(0)
    behind = _MODULE_LINE.search(text, main.end())
    return range(main.end(), behind.start() if behind is not None else len(text))


def is_routed(function: Function) -> bool:
    """Whether requests, messages or the clock call the function."""
    return bool(_ROUTED.search(function.heading) or (function.given_to and _ROUTE.search(function.given_to)))


def is_built_on_others(function: Function) -> bool:
    """Whether the class of a method extends or implements something."""
    owner = function.owner
    if owner is None or owner.kind == "receiver":
        return False
    heading = heading_behind(owner)
    if owner.kind == "impl_item":
        return " for " in heading
    return bool(re.search(r"\bextends\b|\bimplements\b|:\s*\w|\(\s*\w|<\s*[A-Z]\w*\s*$", heading))


def heading_behind(owner: Owner) -> str:
    """What stands behind the name of a class in front of its body: what it is built on. All of an ``impl``."""
    if owner.kind == "impl_item" or not owner.name:
        return owner.heading
    return re.split(rf"\b{re.escape(owner.name)}\b", owner.heading, maxsplit=1)[-1]
