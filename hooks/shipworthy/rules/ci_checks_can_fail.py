"""Tests, linters, scans, builds and deployments in CI can fail the job.

A check that cannot fail is worse than none: the tick is green, so nobody looks. ``|| true`` was added on a bad day and
stayed; ``continue-on-error`` made a red build green; a step called "Rollback" or "Smoke tests" only prints a line. The
release that breaks production passed all of them.

What is known to end in nothing: ``|| true``, ``|| echo``, ``|| exit 0``; ``continue-on-error: true``,
``allow_failure: true`` and their like; commands behind ``set +e`` whose status nobody asks for; a pipe into ``tee``
without ``pipefail`` (the shell that GitHub starts has none); the left side of ``&&`` before the end of a script;
``if test; then echo good; else echo bad; fi``; options of linters and scans such as ``--exit-zero``, ``-no-fail`` and
``fail-build: false``; a ``test`` script of package.json that CI runs and that only prints; a step that only prints what
its name says it does, or says itself that it only simulates it; ``test -f FILE || echo "❌ missing"``.

Wrong::

    # .github/workflows/release.yml
    on: push
    jobs:
      test:
        runs-on: ubuntu-latest
        steps:
          - name: Test
            run: npm test || echo "some tests failed"
      deploy:
        runs-on: ubuntu-latest
        needs: test
        steps:
          - run: kubectl set image deployment/api api=registry.example.com/api:1.4.2
          - name: Smoke tests
            run: echo "Running smoke tests..."

Right::

    # .github/workflows/release.yml
    on: push
    jobs:
      test:
        runs-on: ubuntu-latest
        steps:
          - name: Test
            run: npm test
      deploy:
        runs-on: ubuntu-latest
        needs: test
        steps:
          - run: kubectl set image deployment/api api=registry.example.com/api:1.4.2
          - name: Smoke tests
            run: curl --fail --retry 5 https://staging.example.com/health

Clean-up, uploads, notifications, diagnostics after a failure, steps whose outcome a later step reads, reports that a
later command judges and scans whose findings are uploaded as SARIF are left alone; an upload whose file is called
after another tool excuses nothing. Linters and scans whose name says that they only advise are left alone too.

When not to use it: for a while, in a project that adopts a new check and has not mended what it finds yet. Name the
step "advisory" then: a linter or a scan is left alone, and of a test, a build or a deployment it is said as medium.

Source: https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax (shell, continue-on-error),
https://docs.gitlab.com/ci/yaml/#allow_failure , POSIX.1-2017, Shell Command Language, set -e
"""

from __future__ import annotations

from shipworthy.hook import executable
from shipworthy.rule import HIGH, MEDIUM, REPOSITORY, NotApplicable, Rule, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from shipworthy.deployment.workflows.checks import Unheeded
    from shipworthy.project import Project
    from shipworthy.rule import Finding

RULE = Rule(
    "ci-checks-can-fail",
    "Tests, scans, builds and deployments in CI can fail",
    severity=HIGH,
    scope=REPOSITORY,
    since="0.1.0",
)


def check(project: Project) -> Iterator[Finding]:
    """A finding for every check whose failure counts for nothing."""
    from shipworthy.deployment.workflows.checks import GRAVE, checks
    from shipworthy.deployment.workflows.wording import is_advice

    known = project.model(checks)
    if not known.pipelines:
        raise NotApplicable("no pipeline was found")
    for unheeded in known.unheeded:
        is_grave = unheeded.purpose in GRAVE
        if unheeded.declared and not is_grave:
            continue
        message, fix = _problem(unheeded)
        yield RULE.finding(
            unheeded.pipeline.file,
            unheeded.where,
            message,
            fix=fix,
            severity=HIGH if is_grave and not unheeded.declared else MEDIUM,
            details={"check": unheeded.purpose, "command": shown(unheeded.written)},
        )
    for spoken in known.spoken:
        does = f'pretends ("{shown(spoken.admission)}")' if spoken.admission else "prints"
        yield RULE.finding(
            spoken.pipeline.file,
            spoken.step.start,
            f"the step only {does}: nothing does what its name says ({shown(spoken.what)})",
            fix="run the command that does it, or delete the step",
            severity=MEDIUM if is_advice(spoken.what) else HIGH,
            details={"check": spoken.what},
        )
    yield from _package_scripts(project)


def _problem(unheeded: Unheeded) -> tuple[str, str]:
    """What is wrong, and what to do about it."""
    from shipworthy.deployment.workflows.checks import GRAVE, OPTION_GIVEN
    from shipworthy.formats.failures import AND, BRANCH, OR, PIPE
    from shipworthy.formats.tree import Setting

    written = shown(unheeded.written)
    if unheeded.ignored is None:
        where = unheeded.where if isinstance(unheeded.where, Setting) else None
        name, value = (where.name, where.value) if where is not None else ("continue-on-error", "true")
        what = "step" if unheeded.step is not None else "job"
        message = f"the {unheeded.purpose} cannot fail: the {what} {written!r} has {name}: {value}"
        may_advise = "" if unheeded.purpose in GRAVE else f"; a {what} that only advises says so in its name"
        return message, f"remove {name}{may_advise}"
    text = shown(unheeded.ignored.text)
    if unheeded.ignored.how == OPTION_GIVEN:
        message = f"the {unheeded.purpose} `{written}` cannot fail: `{text}` lets it pass whatever it finds"
        return message, f"remove `{text}`"
    if unheeded.ignored.how == OR:
        return f"the {unheeded.purpose} `{written}` cannot fail: it ends in `{text}`", f"remove `{text}`"
    if unheeded.ignored.how == PIPE:
        message = f"the {unheeded.purpose} `{written}` cannot fail: without pipefail the status of `{text}` counts"
        return message, "add `shell: bash` to the step, or `set -o pipefail` to the script"
    if unheeded.ignored.how == BRANCH:
        message = f"the {unheeded.purpose} `{written}` cannot fail: all branches of the `if` around it only print"
        return message, "add `exit 1` to the branch for its failure"
    if unheeded.ignored.how == AND:
        message = f"the {unheeded.purpose} `{written}` cannot fail: `set -e` does not look at the left side of `&&`"
        return message, "put what stands behind `&&` on a line of its own"
    message = f"the {unheeded.purpose} `{written}` cannot fail: the script goes on, and nothing reads its status"
    return message, "remove `set +e`"


def _package_scripts(project: Project) -> Iterator[Finding]:
    """The scripts of package.json that CI runs and that cannot fail."""
    from shipworthy.deployment.workflows.checks import GRAVE
    from shipworthy.deployment.workflows.package_scripts import unheeded_scripts

    for script in unheeded_scripts(project):
        severity = HIGH if script.purpose in GRAVE else MEDIUM
        message = f"the script {script.name} cannot fail: {script.problem}; {script.user} runs it"
        fix = "run a command that fails where something is wrong, or remove the script and the step"
        yield RULE.finding(
            script.file, script.node, message, fix=fix, severity=severity, details={"check": script.purpose}
        )


main = executable(RULE, check)
