"""What has changed since an earlier report, which somebody kept in its JSON form."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable

from shipworthy.file import TOO_LARGE
from shipworthy.hook import LARGEST_FILE
from shipworthy.readiness.model import COMPONENTS, STATUSES, VERDICTS, Gap, Readiness
from shipworthy.rule import SEVERITIES

VERSION = 1
"""Of the JSON form."""


class NotAReport(Exception):
    """Raised for a file that holds no readiness report; the message says why, in a few words."""


class Change:
    """A component whose status or percent is another one now. ``was`` and ``share`` are those of before."""

    def __init__(self, component: str, was: str, share: int | None, status: str, percent: int | None) -> None:
        self.component = component
        self.was = was
        self.share = share
        self.status = status
        self.percent = percent


class Before:
    """What an earlier report said."""

    def __init__(self, data: bytes) -> None:
        """Raises `NotAReport`."""
        report = _object(_parsed(data))
        if report.get("version") != VERSION or report["version"] is True:
            raise NotAReport(f"no readiness report of version {VERSION}")
        self.verdict = _one_of(report, "verdict", VERDICTS)
        self.percent = _percent(report)
        self.components = {
            _one_of(component, "id", COMPONENTS): (_one_of(component, "status", STATUSES), _percent(component))
            for component in map(_object, _list(report, "components"))
        }
        self.services = [_string(service, "name") for service in map(_object, _list(report, "services"))]
        self.gaps = [_gap(gap) for gap in map(_object, _list(report, "gaps"))]


class Comparison:
    """The differences between an earlier report and this one.

    Gaps are the same where rule, path and message are: lines move. ``appeared`` and ``closed`` are gaps, ``added``
    and ``removed`` the names of services.
    """

    def __init__(self, before: Before, report: Readiness) -> None:
        self.verdict = before.verdict
        self.percent = before.percent
        self.changes = [
            Change(component.id, *before.components[component.id], component.status, component.percent)
            for component in report.components
            if before.components.get(component.id, (component.status, component.percent))
            != (component.status, component.percent)
        ]
        self.appeared = _without(report.gaps, before.gaps)
        self.closed = _without(before.gaps, report.gaps)
        names = [service.name for service in report.services]
        self.added = sorted((Counter(names) - Counter(before.services)).elements())
        self.removed = sorted((Counter(before.services) - Counter(names)).elements())

    @property
    def is_empty(self) -> bool:
        """Whether nothing has changed."""
        return not (self.changes or self.appeared or self.closed or self.added or self.removed)


def _without(gaps: list[Gap], others: list[Gap]) -> list[Gap]:
    """The gaps that are not among the others, each as often as there are more of it."""
    left = Counter(map(_key, others))
    found = []
    for gap in gaps:
        if left[_key(gap)]:
            left[_key(gap)] -= 1
        else:
            found.append(gap)
    return found


def _key(gap: Gap) -> tuple[str, str, str]:
    return gap.rule, gap.path, gap.message


def _parsed(data: bytes) -> object:
    if len(data) > LARGEST_FILE:
        raise NotAReport(TOO_LARGE)
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        raise NotAReport("no JSON") from None


def _object(value: object) -> dict[str, object]:
    if not isinstance(value, dict):
        raise NotAReport("no readiness report")
    return value


def _list(value: dict[str, object], name: str) -> list[object]:
    found = value.get(name)
    if not isinstance(found, list):
        raise NotAReport(f"{name} is no list")
    return found


def _string(value: dict[str, object], name: str) -> str:
    found = value.get(name)
    if not isinstance(found, str):
        raise NotAReport(f"{name} is no text")
    return _writable(found)


def _writable(text: str) -> str:
    """A text that can be written: JSON can hold halves of surrogate pairs, which are no characters."""
    try:
        text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return text.encode("utf-8", "backslashreplace").decode()
    return text


def _one_of(value: dict[str, object], name: str, known: Iterable[str]) -> str:
    found = _string(value, name)
    if found not in known:
        raise NotAReport(f"{name} is not one that is known")
    return found


def _percent(value: dict[str, object]) -> int | None:
    found = value.get("percent")
    if found is not None and (not isinstance(found, int) or isinstance(found, bool) or not 0 <= found <= 100):
        raise NotAReport("percent is none")
    return found


def _gap(value: dict[str, object]) -> Gap:
    line, fix = value.get("line"), value.get("fix")
    if not isinstance(line, int) or isinstance(line, bool) or not 0 <= line <= LARGEST_FILE:
        raise NotAReport("a gap has no place")
    if not isinstance(fix, str | None):
        raise NotAReport("a gap has no place")
    component, severity = _one_of(value, "component", COMPONENTS), _one_of(value, "severity", SEVERITIES)
    rule, path, message = (_string(value, name) for name in ("rule", "path", "message"))
    return Gap(component, rule, severity, path, line, message, _writable(fix) if fix is not None else None)
