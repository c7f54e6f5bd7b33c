"""Source code, tests and documentation."""

from __future__ import annotations

from shipworthy.deployment.evidence import Evidence
from shipworthy.deployment.workflows import pipelines
from shipworthy.deployment.workflows.model import Pipeline, Step
from shipworthy.deployment.workflows.purposes import TEST, purpose_of, purpose_of_action
from shipworthy.patterns import lazy
from shipworthy.places import DOCUMENTATION
from shipworthy.readiness.known import Known
from shipworthy.readiness.model import OWN, WEIGHTS, Requirement
from shipworthy.readiness.parts import Part, absent, needless, present
from shipworthy.readiness.sources import folders
from shipworthy.rule import HIGH, MEDIUM

_MOST_SHOWN = 3
_README = lazy(r"(?i)^(?:docs/|\.github/)?readme(?:\.(?:md|rst|adoc|txt|markdown))?$")


def source(known: Known) -> Part:
    """The source files that are for production."""
    found = known.sources.production
    if not found:
        return needless("no source file for production is committed")
    counts = known.sources.counted()
    languages = ", ".join(f"{count.files} {count.language}" for count in counts[:_MOST_SHOWN])
    rest = len(counts) - _MOST_SHOWN
    more = f" and {_number(rest, 'more language')}" if rest > 0 else ""
    reason = f"{_number(len(found), 'source file')} for production: {languages}{more}"
    return present(reason, _folders(known, list(found)))


def tests(known: Known) -> Part:
    """The committed tests, and the pipelines that run them."""
    found = known.sources.tests
    if not known.sources.production:
        return needless("no source file for production is committed: there is nothing to test")
    if not found:
        first = min(known.sources.production)
        message = f"no test is committed for {_number(len(known.sources.production), 'source file')}"
        fix = "commit tests, where the tools of the language look for them, and run them in CI"
        return absent("no test file is committed", [Evidence(first, 1, "a source file")], MEDIUM, message, fix)
    running = _runner(known)
    evidence = _folders(known, list(found))
    if running is not None:
        runs = Requirement(OWN, "a pipeline runs them", WEIGHTS[HIGH], passed=1)
        return present(f"{_number(len(found), 'test file')}, which {running.path} runs", [*evidence, running], [runs])
    read = [pipeline for pipeline in known.project.model(pipelines) if not pipeline.is_action]
    why = "no pipeline is committed" if not read else "no pipeline is seen to run them, and a script may"
    runs = Requirement(OWN, "a pipeline runs them", WEIGHTS[HIGH], not_judged=why)
    return present(f"{_number(len(found), 'test file')}; {why}", evidence, [runs])


def documentation(known: Known) -> Part:
    """The README, and what else the repository says about itself."""
    paths = known.project.repository.paths
    readme = next((path for path in paths if _README.fullmatch(path)), "")
    others = [path for path in paths if path.endswith((".md", ".rst", ".adoc")) and _is_document(known, path)]
    others = [path for path in others if path != readme]
    if not readme and not others:
        if known.need is None:
            return needless("no service was found, and no document")
        fix = "write a README.md that says what this is, what it needs and how it is deployed"
        return absent("no document is committed", [known.need], MEDIUM, "no README and no other document", fix)
    evidence = [Evidence(path, 1, "") for path in [*([readme] if readme else []), *others[:_MOST_SHOWN]]]
    documents = f"{_number(len(others), 'document')} beside it" if readme else _number(len(others), "document")
    return present(f"{readme}, and {documents}" if readme and others else readme or documents, evidence)


def _is_document(known: Known, path: str) -> bool:
    return known.project.place_of(path) == DOCUMENTATION and not path.startswith(".") and "/." not in path


def _folders(known: Known, paths: list[str]) -> list[Evidence]:
    """The first file of each of the largest folders."""
    found = []
    for folder, count in folders(paths)[:_MOST_SHOWN]:
        first = min(path for path in paths if not folder or path.startswith(folder + "/"))
        found.append(Evidence(first, 1, f"{_number(count, 'file')} in {folder or 'the root'}"))
    return found


def _runner(known: Known) -> Evidence | None:
    """The first step of a pipeline that runs tests."""
    for pipeline in known.project.model(pipelines):
        for step in pipeline.steps:
            what = _test_in(step)
            if what:
                return Evidence(pipeline.file.path, _line(pipeline, step), what)
    return None


def _test_in(step: Step) -> str:
    """The command or action of a step that runs tests; "" where none is known to."""
    if step.uses is not None and purpose_of_action(step.uses.value) == TEST:
        return step.uses.value
    found = next((command for command in step.commands if purpose_of(command.block) == TEST), None)
    return found.block.name if found is not None else ""


def _line(pipeline: Pipeline, step: Step) -> int:
    return pipeline.file.position(step.start)[0]


def _number(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'s' * (count != 1)}"
