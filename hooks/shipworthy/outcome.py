"""What a run found, as the reports see it."""

from __future__ import annotations

from shipworthy.rule import BLOCKING, HIGH, MEDIUM, SEVERITIES, Finding

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

THRESHOLDS = (BLOCKING, HIGH, MEDIUM)


class Outcome:
    """The result of a run.

    ``not_applicable`` pairs rules with the reason why they had nothing to judge, ``unreadable`` paths with the reason
    why they were skipped, ``failures`` are faults of the program itself, each in one line. ``in_baseline`` counts the
    findings that are not reported because they are in the baseline, ``fixed`` its entries that nothing was found for.
    """

    def __init__(self, rules: tuple[str, ...]) -> None:
        self.rules = rules
        self.findings: list[Finding] = []
        self.suppressed = 0
        self.in_baseline = 0
        self.fixed = 0
        self.not_applicable: list[tuple[str, str]] = []
        self.unreadable: dict[str, str] = {}
        self.failures: list[str] = []
        self.files = 0
        self.fingerprints: dict[Finding, str] = {}

    def add(self, part: Outcome) -> None:
        """Take over what was found in a part of the work; the rules that were asked are known already."""
        self.findings += part.findings
        self.suppressed += part.suppressed
        self.not_applicable += part.not_applicable
        self.unreadable.update(part.unreadable)
        self.failures += part.failures
        self.files += part.files

    def sort(self) -> None:
        """Bring everything into the order of the reports, each finding once."""
        unique = {(*finding.order, finding.severity): finding for finding in self.findings}
        self.findings = [unique[key] for key in sorted(unique)]
        self.not_applicable.sort()

    def told_apart(self) -> Iterator[tuple[Finding, str]]:
        """Each finding with its fingerprint, numbered where others have it too: of equal ones, services show one."""
        seen: dict[str, int] = {}
        for finding in self.findings:
            fingerprint = self.fingerprints[finding]
            number = seen[fingerprint] = seen.get(fingerprint, 0) + 1
            yield finding, fingerprint + (f"-{number}" if number > 1 else "")

    def exit_code(self, threshold: str) -> int:
        """0 without a finding at or above the threshold, 1 with one, 2 where something could not be checked."""
        if self.failures:
            return 2
        worst = SEVERITIES[: SEVERITIES.index(threshold) + 1]
        return int(any(finding.severity in worst for finding in self.findings))
