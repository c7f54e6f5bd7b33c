"""The baseline: findings that were there when a team began, which are counted and not reported.

A baseline is a text file. Each line is one finding: its rule, the path, the hash of its line without white space, and
from the second finding with the same three on, its number among them::

    no-tmp-paths deploy/api.env 0d5f1c4f0c0be1ae2f6e9e2c43e85d0f
    no-tmp-paths deploy/api.env 0d5f1c4f0c0be1ae2f6e9e2c43e85d0f 2

The path is percent-encoded. Nothing in the file changes when lines move or time passes, the order of its lines has no
meaning, and a line that is there twice counts once: what git's ``union`` merge makes of two baselines is a baseline.
"""

from __future__ import annotations

import os
from collections import Counter
from urllib.parse import quote, unquote

from shipworthy.config import BASELINE_NAME, ConfigError, leads_out
from shipworthy.file import TOO_LARGE
from shipworthy.hook import LARGEST_FILE, read_file
from shipworthy.rules import ids, unasked

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.outcome import Outcome
    from shipworthy.rule import Finding

Key = tuple[str, str, str]
"""What a finding is known by: rule, path, hash."""
HEADER = "# Findings that shipworthy counts and does not report. Written by: shipworthy baseline\n"
_UNQUOTED = "/@+,=:~()[]{}!$&*;"
"""What stands in paths as it is, besides letters, digits and ``-._``: nothing of it ends a word."""
_HASH_DIGITS = 32
_CONFLICT = ("<<<<<<<", "=======", ">>>>>>>", "|||||||")
"""How git begins the lines that it puts between two sides of a merge."""


class Baseline:
    """How many findings of each kind are in the baseline."""

    def __init__(self, entries: Counter[Key]) -> None:
        self.entries = entries

    def __len__(self) -> int:
        return self.entries.total()

    def apply(self, outcome: Outcome, *, is_whole: bool) -> None:
        """Take the findings that are in the baseline out of a sorted outcome; of equal ones the first are in it.

        ``is_whole`` says that the rules judged all they ever judge, so that an entry without a finding is fixed.
        """
        new: list[Finding] = []
        met: Counter[Key] = Counter()
        for finding in outcome.findings:
            key = _key(outcome, finding)
            if met[key] < self.entries[key]:
                met[key] += 1
            else:
                new.append(finding)
        outcome.findings = new
        outcome.in_baseline = met.total()
        if is_whole:
            outcome.fixed = sum(count for key, count in (self.entries - met).items() if _is_judged(outcome, key))

    def pruned(self, outcome: Outcome) -> Baseline:
        """What remains of the baseline without the entries that are fixed."""
        found = baseline_of(outcome).entries
        kept = {
            key: count if not _is_judged(outcome, key) else min(count, found[key])
            for key, count in self.entries.items()
        }
        return Baseline(+Counter(kept))

    def text(self) -> str:
        """The content of the file."""
        return HEADER + "".join(
            f"{rule} {quote(path, safe=_UNQUOTED, errors='surrogateescape')} {digest}{f' {number}' * (number > 1)}\n"
            for (rule, path, digest), count in sorted(self.entries.items())
            for number in range(1, count + 1)
        )


def baseline_of(outcome: Outcome) -> Baseline:
    """The baseline that holds all findings of an outcome, which has fingerprints."""
    return Baseline(Counter(_key(outcome, finding) for finding in outcome.findings))


def _key(outcome: Outcome, finding: Finding) -> Key:
    return finding.rule, finding.path, outcome.fingerprints[finding]


def _is_judged(outcome: Outcome, key: Key) -> bool:
    """Whether the outcome would hold the finding if it were still there.

    Rules that are no more have no findings; nor have files that nobody could read, but that proves nothing.
    """
    rule, path, _ = key
    ran = rule in outcome.rules or (rule not in ids() and set(outcome.rules) >= set(unasked()))
    return ran and not outcome.failures and path not in outcome.unreadable


def is_baseline(path: str) -> bool:
    """Whether the file is a baseline, so that writing one there destroys nothing else."""
    try:
        load_baseline("", path)
    except ConfigError:
        return False
    return True


def load_baseline(root: str, given: str | None) -> Baseline:
    """The baseline in ``given``, or that in the root. Raises `ConfigError` where it cannot be read."""
    path, name = (os.path.join(root, BASELINE_NAME), BASELINE_NAME) if given is None else (given, given)
    if given is None and leads_out(path, root):
        raise ConfigError(f"{name}: a symbolic link out of the repository")
    try:
        data = read_file(path)
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ConfigError(f"{name}: not UTF-8") from None
    except (OSError, ValueError) as error:
        raise ConfigError(f"{name}: {getattr(error, 'strerror', None) or error}") from error
    if len(data) > LARGEST_FILE:
        raise ConfigError(f"{name}: {TOO_LARGE}")
    return parse_baseline(text, name)


def _remedy(word: str) -> str:
    """What is wrong with a line that begins so: writing a baseline anew takes in whatever is new as well."""
    if word.startswith(_CONFLICT):
        return "a merge conflict: keep the lines of both sides, then run shipworthy baseline --prune"
    return "not an entry of a baseline: write it anew with shipworthy baseline"


def parse_baseline(text: str, name: str) -> Baseline:
    """The baseline that a file called ``name`` holds. Raises `ConfigError` with the place of a wrong line."""
    numbered: set[tuple[Key, str]] = set()
    for number, line in enumerate(text.split("\n"), 1):
        words = line.split()
        if not words or words[0].startswith("#"):
            continue
        if not 3 <= len(words) <= 4 or len(words[2]) != _HASH_DIGITS or not all(word.isdecimal() for word in words[3:]):
            raise ConfigError(f"{name}:{number}:1: {_remedy(words[0])}")
        key = words[0], unquote(words[1], errors="surrogateescape"), words[2]
        numbered.add((key, words[3] if words[3:] else "1"))
    return Baseline(Counter(key for key, _ in numbered))
