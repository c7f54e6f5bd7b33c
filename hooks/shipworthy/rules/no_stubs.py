"""No function of production source is a stub.

A stub looks like a feature: it has a name, a route, a type and a green test, and the document beside it counts it as
done. What it does is throw "not implemented", hand back its own input with a word in front, wait a second and report
success, or accept whatever it is asked to verify. Nobody sees it in review, because nothing is missing; users see it.

Wrong::

    # packages/ai-engine/src/engine.ts
    export class AIEngine {
      async process(input: string): Promise<string> {
        return `Processed: ${input}`;
      }
    }
    # services/api/package.json
    {"name": "api", "scripts": {"start": "node dist/main.js"}, "dependencies": {"express": "5"}}
    # services/api/Dockerfile
    FROM node:24
    CMD ["node", "dist/main.js"]

Right::

    # packages/ai-engine/src/engine.ts
    export class AIEngine {
      constructor(private readonly model: Model) {}
      async process(input: string): Promise<string> {
        return this.model.complete(input);
      }
    }
    # services/api/package.json
    {"name": "api", "scripts": {"start": "node dist/main.js"}, "dependencies": {"express": "5"}}
    # services/api/Dockerfile
    FROM node:24
    CMD ["node", "dist/main.js"]

The rule reads TypeScript, JavaScript (components of Vue and Svelte included), Python, Go, Java, Kotlin, C#, Rust, Ruby,
PHP and shell scripts of a repository that has services, packages included that no service imports yet.
``details.class`` says what a stub does:

- ``not-implemented`` (high): all it comes to is an error, or a 501, that says so; ``branch-not-implemented`` (medium):
  one named case of it does
- ``echo`` (high): it gives back its own input with a claim
- ``always-true``: a verification that accepts everything (high where it guards something)
- ``constant-health`` (medium): a health check that reports as healthy what it never asks
- ``constant`` (medium): work that reports success, or a made-up result, without having done anything
- ``simulated`` (medium): it waits, or rolls dice, where it should work or measure
- ``only-logs`` (medium): a line in the log in place of what should reach outside
- ``unfinished`` (medium): it does nothing, and a comment in it says so
- ``echo-script`` (medium): a shell script that prints what it should do

What others complete (abstract classes, interfaces, classes that are extended here), test doubles, generated code,
examples, migrations, deprecated functions, default cases and honest refusals are left alone, and so are products that
are there to simulate.

When not to use it: in a prototype that nobody takes for a product.

Source: https://docs.python.org/3/library/exceptions.html#NotImplementedError ,
https://learn.microsoft.com/dotnet/api/system.notimplementedexception , RFC 9110, 501 Not Implemented
"""

from __future__ import annotations

from shipworthy.hook import executable
from shipworthy.rule import HIGH, MEDIUM, REPOSITORY, NotApplicable, Rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from shipworthy.project import Project
    from shipworthy.repository import LineSearch
    from shipworthy.rule import Finding
    from shipworthy.stubs.discovery import Found

RULE = Rule(
    "no-stubs",
    "No function of production source is a stub",
    severity=HIGH,
    scope=REPOSITORY,
    since="0.1.0",
    apart=True,
)


def check(project: Project) -> Iterator[Finding]:
    """A finding for every stub, at the line that tells it."""
    from shipworthy.stubs.discovery import stubs

    found = project.model(stubs)
    if not found.has_sources:
        raise NotApplicable("no source in a language that functions are read in")
    if not found.found:
        return
    from shipworthy.deployment.services import services

    if not project.model(services):  # the services are asked for late: most repositories hold no stub
        raise NotApplicable("no service is built or run from here")
    for one in found.found:
        yield _finding(one)


def _finding(found: Found) -> Finding:
    from shipworthy.stubs.telling import fix, message, name_of

    stub = found.stub
    return RULE.finding(
        found.file,
        stub.start,
        message(stub, found.file.name),
        fix=fix(stub),
        severity=HIGH if stub.is_grave else MEDIUM,
        details={"class": stub.kind, "function": name_of(stub.function), "language": stub.function.language},
    )


def search() -> LineSearch:
    """What takes git longer than all else takes, and is asked for in any case."""
    from shipworthy.stubs.search import OUTSIDE_TESTS

    return OUTSIDE_TESTS


main = executable(RULE, check, search)
