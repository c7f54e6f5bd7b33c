"""The baseline: findings that were there when a team began, which are counted and not reported.

A baseline is a text file. Each line is one finding: its rule, the path, the hash of its line without white space, and
from the second finding with the same three on, its number among them:

    no-tmp-paths deploy/api.env 0d5f1c4f0c0be1ae2f6e9e2c43e85d0f
    no-tmp-paths deploy/api.env 0d5f1c4f0c0be1ae2f6e9e2c43e85d0f 2

The path is percent-encoded. Nothing in it changes when lines move or time passes, the order of the lines has no
meaning, and a line that is there twice counts once: whatever git's ``union`` merge makes of two baselines is one.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Collection, Iterable
from urllib.parse import quote, unquote

from shipworthy.config import ConfigError
from shipworthy.file import TOO_LARGE
from shipworthy.hook import LARGEST_FILE, read_file

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.outcome import Outcome
    from shipworthy.rule import Finding

    Key = tuple[str, str, str]

NAME = ".shipworthy-baseline"
"""Its name, in the root of the repository."""
HEADER = "# Findings that shipworthy does not report. Written by: shipworthy baseline"
_UNQUOTED = "/@+,=:~()[]{}!$&*;"
"""What stands in paths as it is, besides letters, digits and ``-._``: none of it ends a word."""


class Baseline:
    """How often each finding is in the baseline, by rule, path and hash."""

    def __init__(self, entries: Counter[Key] | None = None) -> None:
        self.entries = Counter(entries or {})

    def __len__(self) -> int:
        return self.entries.total()

    def split(self, outcome: Outcome) -> tuple[list[Finding], Baseline]:
        """The findings that are not in the baseline, and what of the baseline was found.

        Of equal findings the first are in it. The outcome must be sorted and have fingerprints.
        """
        new: list[Finding] = []
        met: Counter[Key] = Counter()
        for finding in outcome.findings:
            key = key_of(outcome, finding)
            if met[key] < self.entries[key]:
                met[key] += 1
            else:
                new.append(finding)
        return new, Baseline(met)

    def fixed(self, met: Baseline, outcome: Outcome) -> Counter[Key]:
        """The entries that nothing was found for: what the outcome says nothing about is not among them."""
        if outcome.failures:
            return Counter()
        return Counter(
            {
                key: count
                for key, count in (self.entries - met.entries).items()
                if key[0] in outcome.known_rules and key[1] not in outcome.unreadable
            }
        )

    def text(self) -> str:
        """The content of the file."""
        lines = [
            f"{rule} {quote(path, safe=_UNQUOTED, errors='surrogateescape')} {hash}{f' {number}' * (number > 1)}\n"
            for (rule, path, hash), count in sorted(self.entries.items())
            for number in range(1, count + 1)
        ]
        return HEADER + "\n" + "".join(lines)


def key_of(outcome: Outcome, finding: Finding) -> Key:
    """What a finding is known by in a baseline."""
    return finding.rule, finding.path, outcome.fingerprints[finding]


def baseline_of(outcome: Outcome) -> Baseline:
    """The baseline in which all findings of an outcome are."""
    return Baseline(Counter(key_of(outcome, finding) for finding in outcome.findings))


def load_baseline(root: str, given: str | None) -> Baseline | None:
    """The baseline in ``given``, or in the root if there is one. Raises `ConfigError` where it cannot be read."""
    path, name = (os.path.join(root, NAME), NAME) if given is None else (given, given)
    if given is None and not os.path.lexists(path):
        return None
    try:
        data = read_file(path)
        if len(data) > LARGEST_FILE:
            raise ConfigError(f"{name}: {TOO_LARGE}")
        return _parse(data.decode("utf-8"), name)
    except (OSError, ValueError) as error:
        raise ConfigError(f"{name}: {getattr(error, 'strerror', None) or error}") from error


def is_baseline(content: bytes) -> bool:
    """Whether a file's content is a baseline's, or nothing."""
    return not content.strip() or content.startswith(HEADER.encode())


def _parse(text: str, name: str) -> Baseline:
    numbered: set[tuple[Key, int]] = set()
    for number, line in enumerate(text.split("\n"), 1):
        words = line.split()
        if not words or words[0].startswith("#"):
            continue
        if len(words) == 3:
            words.append("1")
        if len(words) != 4 or not words[3].isdecimal() or len(words[2]) != 32:
            raise ConfigError(f"{name}:{number}:1: must be a rule, a path and a hash; write it anew: shipworthy baseline")
        rule, path, hash, which = words
        numbered.add(((rule, unquote(path, errors="surrogateescape"), hash), int(which)))
    return Baseline(Counter(key for key, _ in numbered))
