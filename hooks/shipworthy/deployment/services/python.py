"""Services of Python: an application object, or a program that serves, in the files that programs start from."""

from __future__ import annotations

import re

from shipworthy.deployment.evidence import Evidence, line_at, text_of
from shipworthy.deployment.services.judgement import Judgement
from shipworthy.deployment.services.model import SERVER, WORKER
from shipworthy.patterns import lazy
from shipworthy.places import PRODUCTION

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.deployment.services.units import Unit
    from shipworthy.project import Project

MOST_ENTRIES = 30
"""How many files of a unit are looked into: those nearest to its folder."""

_SERVERS = lazy(
    r"^[ \t]*(?:\w+(?:[ \t]*:[ \t]*[\w.]+)?[ \t]*=[ \t]*|return[ \t]+)?(?:\w+\.)?"
    r"(?P<what>FastAPI|Flask|Starlette|Quart|Sanic|Litestar|Robyn|Dash|FlaskApp|AsyncApp|BlackSheep|Bottle|FastMCP"
    r"|get_wsgi_application|get_asgi_application|web\.Application|tornado\.web\.Application|falcon\.(?:asgi\.)?App"
    r"|grpc\.(?:aio\.)?server|ThreadingHTTPServer|HTTPServer|uvicorn\.run|app\.run|web\.run_app|socketio\.run"
    r"|serve_forever|websockets\.serve)\(",
    re.MULTILINE,
)
_WORKERS = lazy(
    r"^[ \t]*(?:\w+[ \t]*=[ \t]*|await[ \t]+|return[ \t]+|with[ \t]+)?(?:\w+\.)*"
    r"(?P<what>Celery|KafkaConsumer|AIOKafkaConsumer|start_consuming|run_polling|start_polling|infinity_polling"
    r"|BlockingScheduler)\(",
    re.MULTILINE,
)
_DJANGO = lazy(r"DJANGO_SETTINGS_MODULE")
_STREAMLIT = lazy(r"^(?:import streamlit|from streamlit\b)", re.MULTILINE)
_PUBLISHED = lazy(r"^[ \t]*classifiers?[ \t]*=", re.MULTILINE)
_LANGUAGE = ("Programming Language ::", "#")
"""What a classifier says that tools for dependencies read as well, of a program that nobody publishes."""
_LONGEST_LIST = 4000
_PRIVATE = "Private ::"
_SCRIPTS = lazy(r"^\[(?:project|tool\.poetry)\.scripts\]|\bentry_points[ \t]*=|console_scripts", re.MULTILINE)
_LIBRARY_FOLDERS = lazy(
    r"(?:^|/)(?:packages|libs?|libraries|shared|common|plugins?|sdks?|tooling|scripts|tools)(?:/|$)"
)


def judge(project: Project, unit: Unit, ecosystem: str) -> Judgement:
    """What the files say that the unit's programs start from."""
    manifests = unit.manifests.get(ecosystem, [])
    reason, published = _packaging(project, manifests)
    if published:
        return Judgement(reason=reason, published=True)
    if _LIBRARY_FOLDERS.search(unit.directory):
        return Judgement(reason="a package among libraries")
    entries = [path for path in unit.entries if path.endswith(".py") and project.place_of(path) == PRODUCTION]
    entries.sort(key=lambda path: (path.count("/"), len(path), path))
    worker: Evidence | None = None
    for path in entries[:MOST_ENTRIES]:
        text = text_of(project, path)
        server = _server(path, text)
        if server:
            return Judgement(SERVER, server, manifest=manifests[0] if manifests else "")
        worker = worker or _found(_WORKERS, path, text, "starts a worker ({})")
    if worker:
        return Judgement(WORKER, worker, manifest=manifests[0] if manifests else "")
    return Judgement(reason=reason, published=reason.startswith("a command-line"))


def _packaging(project: Project, manifests: list[str]) -> tuple[str, bool]:
    """Why the unit is no service if no server is found, and whether it is made to be published."""
    for path in manifests:
        if path.endswith((".toml", "setup.py", "setup.cfg")):
            text = text_of(project, path)
            scripts = _SCRIPTS.search(text)
            if _is_published(text):
                return "a published command-line tool" if scripts else "a published library", True
            if scripts:
                return "a command-line tool: it starts no server", False
    return "no file that a program starts from makes a server or a worker", False


def _is_published(text: str) -> bool:
    """Whether classifiers say more than which versions of Python it runs with."""
    found = _PUBLISHED.search(text)
    if found is None or _PRIVATE in text:
        return False
    listed = text[found.end() : found.end() + _LONGEST_LIST].partition("]")[0]
    items = (item.strip(" \t\"',[") for line in listed.split("\n") for item in line.split(","))
    return any(item and not item.startswith(_LANGUAGE) for item in items)


def _server(path: str, text: str) -> Evidence | None:
    if path.endswith("manage.py"):
        return _found(_DJANGO, path, text, "a Django project")
    if path.endswith("streamlit_app.py") or _STREAMLIT.search(text):
        return _found(_STREAMLIT, path, text, "a Streamlit application")
    return _found(_SERVERS, path, text, "starts a server ({})")


def _found(pattern: re.Pattern[str], path: str, text: str, what: str) -> Evidence | None:
    found = pattern.search(text)
    if not found:
        return None
    name = found.groupdict().get("what") or ""
    return Evidence(path, line_at(text, found.start(1) if name else found.start()), what.replace("{}", name))
