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
    r"|(?:safety|security|compliance|privacy|vulnerability|licen[cs]e|quality|integrity|sanity|readiness|dependency|secrets?|sast|dast|penetration)[ -](?:checks?|scans?|audits?|validation)"
    r"|health[ -]?checks?|back ?-?up|migrat\w+|verify|validate|scan"
    r"|(?:build|push|publish)(?: and (?:push|publish))?(?: \w+){0,2} (?:images?|containers?))\b",
    re.IGNORECASE,
)
_TALKS = lazy(
    r"\b(?:notif\w*|summar\w*|reports?|status|complete\w*|success\w*|succeeded|passed|done|finish\w*|info\w*|message|logs?|print|instructions?|reminder|skip\w*|no[- ]op|noop|results?"
    r"|outputs?|urls?|links?|comment|banner|announce\w*|display|show|set|approv\w*|approval|wait\w*|gate|guide|failed|failure|failures|not|required|output|name|check if|variables?"
    r"|placeholder|dry[- ]run|prepare|start(?:ed)?|begin|record|track|configuration|environment|plan)\b",
    re.IGNORECASE,
)
_ABOUT = lazy(r"\b(?:versions?|tag|dashboard|strategy)\b", re.IGNORECASE)
"""What a step speaks about, unless its name is an order: "Deploy previous version"."""
_ORDERS = lazy(r"^(?:deploy|execute|perform|run|roll ?-?back)\s", re.IGNORECASE)
_ADMITS = lazy(
    r"\b(?:simulat(?:e|es|ed|ing|ion)|mock(?:ed)?|in (?:a |the )?real(?:[- ]world)? (?:implementation|scenario|deployment|environment|setup|system)"
    r"|would (?:be|run|deploy|execute|trigger|check|query|call|test|happen)|(?:add|put|implement) (?:your |the |any |actual |real )*[\w /-]{0,40}\bhere"
    r"|your [\w -]{0,30} here|not (?:yet )?(?:fully )?implemented(?: yet)?|(?:to|will) be implemented|placeholder|TODO)\b",
    re.IGNORECASE,
)
FAILS = lazy("[\u274c\u2717\u2718\u2716\U0001f534\U0001f6a8]|\\bFAIL(?:ED|URE)?\\b")
"""What a script says where something is wrong, by its own judgement: a red cross."""
_SYMBOLS = lazy(r"[^\w\s/&.:-]+")
STANDS_IN = lazy(r"skip|no-?op|dummy|passed|required|all[-_ ]green|gate\b|notify|hello|demo|example", re.IGNORECASE)
"""Names of pipelines that stand in for a check where there is nothing to check, and of first tries."""


def plain(name: str) -> str:
    """A name without symbols."""
    return " ".join(_SYMBOLS.sub(" ", name).split())


def is_advice(name: str) -> bool:
    """Whether what a step claims to do is a check of the kind that advises: a scan, an audit."""
    found = _DOES.match(plain(name))
    return (
        found is not None
        and re.search(r"(?<!health)[ -](?:check|validat)|scan|audit", found["what"], re.IGNORECASE) is not None
    )


def claim(name: str, *, after_failure: bool) -> str:
    """The name of a step, if it says that the step tests, deploys or otherwise does something; otherwise "".

    What runs after a failure is expected to speak, unless it says that it rolls back.
    """
    written = plain(name)
    found = _DOES.match(written)
    if not found or _TALKS.search(written) or (_ABOUT.search(written) and not _ORDERS.match(written)):
        return ""
    is_rollback = found["what"].lower().startswith("roll")
    return "" if after_failure and not is_rollback else written


def admission(script: str) -> str:
    """The line of a script that says that it only pretends; "" where none does."""
    found = _ADMITS.search(script)
    if not found:
        return ""
    end = script.find("\n", found.end())
    line = script[script.rfind("\n", 0, found.start()) + 1 : end if end >= 0 else len(script)]
    return re.sub(r"^echo(?: -\w+)? ", "", line.strip()).strip(" \t#\"'")
