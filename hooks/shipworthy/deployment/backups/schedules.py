"""Cron schedules, as Kubernetes reads them.

Source: https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#schedule-syntax and
https://pkg.go.dev/github.com/robfig/cron/v3
"""

from __future__ import annotations

from shipworthy.patterns import lazy

_MACROS = frozenset("@yearly @annually @monthly @weekly @daily @midnight @hourly".split())
_EVERY = lazy(r"@every \d[\dhms.]*")
_NAMES = {
    "month": {name: at for at, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)},
    "weekday": {name: at for at, name in enumerate("sun mon tue wed thu fri sat".split())},
}
_FIELDS = (("minute", 0, 59), ("hour", 0, 23), ("day", 1, 31), ("month", 1, 12), ("weekday", 0, 7))
_PART = lazy(r"(?:(?P<all>[*?])|(?P<first>\w+)(?:-(?P<last>\w+))?)(?:/(?P<step>\d+))?")


def schedule_problem(schedule: str) -> str:
    """Why a schedule is none, as the end of a sentence; "" where it is one, or holds a variable."""
    text = schedule.strip()
    if "{{" in text or "$" in text or text.startswith(("TZ=", "CRON_TZ=")):
        return ""
    if text.startswith("@"):
        return "" if text in _MACROS or _EVERY.fullmatch(text) else "is no macro of cron"
    fields = text.split()
    if len(fields) != len(_FIELDS):
        return f"has {len(fields)} fields, not 5"
    for field, (name, lowest, highest) in zip(fields, _FIELDS, strict=True):
        if not all(_is_part(part, name, lowest, highest) for part in field.split(",")):
            return f"has no valid {name}: {field[:20]}"
    return ""


def _is_part(part: str, field: str, lowest: int, highest: int) -> bool:
    found = _PART.fullmatch(part)
    if found is None or (found["step"] is not None and int(found["step"][:9]) == 0):
        return False
    names = _NAMES.get(field, {})
    numbers = [names.get(word.lower(), word) for word in (found["first"], found["last"]) if word is not None]
    return all(str(number).isdecimal() and lowest <= int(str(number)[:9]) <= highest for number in numbers)
