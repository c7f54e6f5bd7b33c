"""What the names of jobs and steps say about what they do."""

# ruff: noqa: E501 -- tables of patterns, one a line

from __future__ import annotations

import re

from shipworthy.patterns import lazy

ADVISORY = lazy(
    r"\b(?:non[- ]?blocking|advisory|informational|optional|experimental|allowed? to fail|allow[- ]failure|best[- ]effort|canary|nightly"
    r"|accept\w* failures?|may fail|can fail|toler\w*|soft|warn(?:ing)?[- ]only|report[- ]only|preview|unstable|beta)\b",
    re.IGNORECASE,
)
HELPS = lazy(
    r"\b(?:clean\w*|teardown|tear down|stop|notif\w*|comment|upload|report|summar\w*|logs?|debug|diagnos\w*|collect|cache|artifacts?|badge|metrics"
    r"|publish (?:test )?results|slack|discord|annotat\w*|label|warm|stats|codecov|coveralls|sarif|outdated|labeler"
    r"|install\w*|set ?up|update|pull|log ?in|configure|benchmark\w*|telemetry)\b",
    re.IGNORECASE,
)
_DOES = lazy(
    r"^(?:run|running|execute|perform|trigger|start|do|automated|production|staging|database|db)?\s*(?:[\w/&.-]+\s+){0,2}?"
    r"(?P<what>deploy\w*|(?:unit|integration|smoke|e2e|end-to-end|load|performance|regression|acceptance|security|contract|chaos)?[ -]?tests?|roll ?-?back|smoke\w*"
    r"|health[ -]?checks?|back ?-?up|migrat\w+|verify|validate|scan)\b",
    re.IGNORECASE,
)
_TALKS = lazy(
    r"\b(?:notif\w*|summar\w*|reports?|status|complete\w*|success\w*|succeeded|passed|done|finish\w*|info\w*|message|logs?|print|instructions?|reminder|skip\w*|no[- ]op|noop|results?"
    r"|outputs?|urls?|links?|comment|banner|announce\w*|display|show|set|versions?|approv\w*|approval|wait\w*|gate|guide|failed|failure|failures|not|required|output|name|tag|check if|variables?"
    r"|placeholder|dry[- ]run|prepare|start(?:ed)?|begin|record|track|configuration|environment|dashboard|plan|strategy)\b",
    re.IGNORECASE,
)
_SYMBOLS = lazy(r"[^\w\s/&.:-]+")
STANDS_IN = lazy(r"skip|no-?op|dummy|passed|required|all[-_ ]green|gate\b|notify|hello|demo|example", re.IGNORECASE)
"""Names of pipelines that stand in for a check where there is nothing to check, and of first tries."""


def plain(name: str) -> str:
    """A name without symbols."""
    return " ".join(_SYMBOLS.sub(" ", name).split())


def claim(name: str, *, after_failure: bool) -> str:
    """The name of a step, if it says that the step tests, deploys or otherwise does something; otherwise "".

    What runs after a failure is expected to speak, unless it says that it rolls back.
    """
    written = plain(name)
    found = _DOES.match(written)
    if not found or _TALKS.search(written):
        return ""
    is_rollback = found["what"].lower().startswith("roll")
    return "" if after_failure and not is_rollback else written
