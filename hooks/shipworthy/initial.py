"""The configuration that ``shipworthy init`` writes: what was inferred, commented out, ready to be stated.

As long as nobody removes a number sign the file states nothing, so it changes no finding.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from shipworthy.deployment.images import image_source
from shipworthy.deployment.services import services
from shipworthy.deployment.targets import targets
from shipworthy.masking import without_secrets
from shipworthy.patterns import lazy
from shipworthy.places import PLACES, PRODUCTION

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.deployment.services import Service
    from shipworthy.project import Project

SCHEMA = "https://raw.githubusercontent.com/shipworthy/shipworthy/main/hooks/shipworthy/shipworthy.schema.json"
_HEADER = f"""\
# yaml-language-server: $schema={SCHEMA}
#
# What Shipworthy inferred about this repository. Nothing here is stated yet: every key is optional, and what is not
# stated is inferred anew at every run. To correct or to fix something, remove the number signs of its lines.
"""
_LAYOUT = """
# The structure that this repository must have; what can be said about it tells: shipworthy explain project-layout
#layout:
#  required:
#    "{service}/README.md": whoever is on call finds here how the service is started
"""
_EXCLUDE = """
# Paths that no rule looks at, written as in .gitignore.
#exclude:
#  - third-party-charts/

# What single rules do differently: a severity (blocking, high, medium or info), paths that they leave out.
#rules:
#  no-tmp-paths:
#    severity: high
#    exclude:
#      - legacy/
"""
_PLAIN = lazy(r"[A-Za-z_][\w./-]*[\w/-]|[A-Za-z_]", re.ASCII)
_NOT_PLAIN = frozenset("y n yes no on off true false null".split())
_GLOB = lazy(r"[*?\[\]!]")
_MOST_SHOWN = 20
"""Of each list: who has more of something looks at ``shipworthy services``."""
_LONGEST_REASON = 80


def initial_configuration(project: Project) -> str:
    """The text of the file."""
    lines = [*_deploys(project), *_services(project), *_not_services(project), *_places(project)]
    return _HEADER + "".join(f"{line}\n" for line in lines) + _LAYOUT + _EXCLUDE


def _deploys(project: Project) -> Iterator[str]:
    yield ""
    yield "# How this repository gets into production: compose, kubernetes, systemd, platform or none."
    found = targets(project)
    for target, evidence in found.items():
        yield f"# {target}, because of {_because(evidence.path, evidence.line, evidence.what)}"
    if not found:
        yield "# Nothing here tells."
    yield f"#deploys: [{', '.join(found) or 'none'}]"


def _services(project: Project) -> Iterator[str]:
    known = list(project.model(services))
    yield ""
    yield "# The services, with their folders, and the Dockerfile, or external for an image that is built elsewhere."
    yield "# What is stated takes the place of what was found. The evidence for each: shipworthy services"
    yield "#services:" if known else "# No service was found."
    for service in known[:_MOST_SHOWN]:
        yield from _service(project, service)
    yield from _more(len(known))


def _service(project: Project, service: Service) -> Iterator[str]:
    from shipworthy.deployment.containerfiles import dockerfiles

    first = service.evidence[0]
    yield f"#  # {_because(first.path, first.line, first.what)}"
    yield f"#  {_scalar(service.name)}:"
    yield f"#    path: {_scalar(service.path or '.')}"
    source = image_source(project, service)
    if source is not None and any(dockerfile.path == source.path for dockerfile in project.model(dockerfiles)):
        yield f"#    image: {_scalar(source.path)}"


def _not_services(project: Project) -> Iterator[str]:
    others = [other for other in project.model(services).ruled_out if other.path and not _GLOB.search(other.path)]
    yield ""
    yield "# Folders that look like services and are none."
    yield "#not_services:"
    for other in others[:_MOST_SHOWN]:
        yield f"#  - {_scalar(f'/{other.path}/')}  # {_printable(other.reason)}"
    if not others:
        yield "#  - tools/"
    yield from _more(len(others))


def _places(project: Project) -> Iterator[str]:
    yield ""
    yield "# What paths are for, where their names mislead; these are the folders whose names were believed."
    yield "#places:"
    found = _folders(project)
    for place, folders in found.items():
        yield f"#  {place}:"
        for folder in folders[:_MOST_SHOWN]:
            yield f"#    - {_scalar(f'/{folder}/')}"
        yield from _more(len(folders))
    if not found:
        yield "#  development:"
        yield "#    - playground.yaml"


def _folders(project: Project) -> dict[str, list[str]]:
    """The outermost folders all of whose files are for one place that is not production."""
    held: dict[str, set[str]] = {}
    for path in project.repository.paths:
        place = project.place_of(path)
        folder = path.rpartition("/")[0]
        while folder and place not in held.get(folder, ()):
            held.setdefault(folder, set()).add(place)
            folder = folder.rpartition("/")[0]
    found: dict[str, list[str]] = {place: [] for place in PLACES if place != PRODUCTION}
    for folder, places in sorted(held.items()):
        parent = folder.rpartition("/")[0]
        if len(places) == 1 and len(held.get(parent, "ab")) > 1 and not _GLOB.search(folder):
            for place in places - {PRODUCTION}:
                found[place].append(folder)
    return {place: folders for place, folders in found.items() if folders}


def _more(count: int) -> Iterator[str]:
    if count > _MOST_SHOWN:
        yield f"#  # and {count - _MOST_SHOWN} more"


def _because(path: str, line: int, what: str) -> str:
    what = without_secrets(what)
    shown = what if len(what) <= _LONGEST_REASON else what[: _LONGEST_REASON - 1] + "…"
    return _printable(f"{path}:{line}{': ' if what else ''}{shown}")


def _printable(text: str) -> str:
    from shipworthy.reporting.escape import printable

    return printable(text)


def _scalar(text: str) -> str:
    """The text as YAML reads it back: plain, or between double quotes with JSON's escapes."""
    is_plain = _PLAIN.fullmatch(text) or (text[:1] == "/" and _PLAIN.fullmatch(text[1:]))
    return text if is_plain and text.lower() not in _NOT_PLAIN else json.dumps(text)
