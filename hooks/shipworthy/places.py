"""What a path is for: production, or one of the things beside it.

One function decides it for all rules, from the names on the path alone. The configuration can correct it
(``places`` in `.shipworthy.yaml`).
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from shipworthy.patterns import lazy, words_of

PRODUCTION = "production"
TEST = "test"
EXAMPLE = "example"
DOCUMENTATION = "documentation"
VENDORED = "vendored"
GENERATED = "generated"
DEVELOPMENT = "development"
CI = "ci"
PLACES = (PRODUCTION, TEST, EXAMPLE, DOCUMENTATION, VENDORED, GENERATED, DEVELOPMENT, CI)

_FOLDERS = {
    VENDORED: "node_modules vendor vendored third_party third-party thirdparty site-packages bower_components "
    "external_libs _vendor .yarn .venv venv pods",
    TEST: "test tests testing t spec specs __tests__ __mocks__ e2e fixture fixtures testdata test-data test_data "
    "test-fixtures testsuite integration-tests integration_tests unit qa molecule cypress playwright benchmark "
    "benchmarks bench loadtest load-tests mocks testlib testutil testutils smoke-tests acceptance it-tests kitchen",
    CI: ".github .circleci .circle .buildkite .gitlab .azure .azure-pipelines .travis .semaphore .tekton .woodpecker .drone "
    ".forgejo .gitea _ci .ci ci",
    DEVELOPMENT: ".devcontainer .codesandbox .vscode .idea dev-env devenv local-dev .vagrant",
    GENERATED: "dist build-output generated __generated__ .next coverage __pycache__ .terraform __snapshots__",
    DOCUMENTATION: "doc docs documentation website man manual wiki",
    EXAMPLE: "example examples sample samples demo demos playground tutorial tutorials archive archived _archive _archived "
    "attic deprecated",
}
TESTS = (
    *(f"**/{folder}/**" for folder in "test tests __tests__ spec e2e fixtures testdata".split()),
    *("**/*.test.*", "**/*.spec.*", "**/*_test.*", "**/test_*"),
)
"""Wildcards, as git takes them, of paths that are certainly not for production: most of a repository's tests."""
_REMEMBERED = 8_192
"""Folders and names of files that are remembered: a rule asks about each file more than once, about folders more often."""
_BY_FOLDER = {folder: place for place, folders in _FOLDERS.items() for folder in folders.split()}
_FOLDER_PATTERNS = (
    (
        TEST,
        lazy(
            r"\A(?:(?:[\w-]+[-_.])?(?:tests?|e2e|testing|fixtures?)(?:[-_.][\w-]+)?|\w{2,}tests|test[a-z]*data\d*)\Z",
            holding=("test", "e2e", "fixture"),
        ),
    ),
    (
        DEVELOPMENT,
        lazy(
            r"\A(?:local|dev)[-_]?(?:env|environment|setup|stack)\Z",
            holding=("env", "setup", "stack"),
        ),
    ),
)
_FILES = (
    (GENERATED, lazy(r"\.(?:min\.(?:js|css)|map|lock|snap|pb\.go|pb\.gw\.go|gen\.\w+)$|_pb2(?:_grpc)?\.pyi?$|^(?:package-lock\.json|pnpm-lock\.yaml|go\.sum|npm-shrinkwrap\.json)$", holding=(".min.", ".map", ".lock", ".snap", ".pb.", ".gen.", "_pb2", "package-lock", "pnpm-lock", "go.sum", "npm-shrinkwrap"))),
    (TEST, lazy(r"(?:[._-]|^)(?:tests?|testing|spec|e2e|fixtures?|acceptance)(?=[._-]|$)|_test\.\w+$|(?:^|[-_.])conftest\.py$|(?<=[a-z])Tests?\.(?:java|kt|cs|php|scala)$|\.feature$|\.bats$", re.ASCII, holding=("test", "spec", "e2e", "fixture", "acceptance", ".feature", ".bats"))),
    (CI, lazy(r"^(?:\.gitlab-ci|\.travis|\.drone|\.woodpecker|azure-pipelines|bitbucket-pipelines|buildspec|cloudbuild|appveyor|\.appveyor|\.cirrus|\.semaphore|codefresh|wercker|\.pre-commit-config|\.pre-commit-hooks|\.goreleaser)\b.*\.(?:ya?ml|json)$|^Jenkinsfile|\.gitlab-ci\.ya?ml$", re.IGNORECASE, holding=("gitlab-ci", "travis", "drone", "woodpecker", "pipelines", "buildspec", "cloudbuild", "appveyor", "cirrus", "semaphore", "codefresh", "wercker", "pre-commit", "goreleaser", "jenkinsfile"))),
    (DOCUMENTATION, lazy(r"\.(?:md|mdx|rst|adoc|asciidoc|txt|pod|[12345678])$|^README\b|^(?:CHANGELOG|NOTES|LICENSE|HISTORY|CONTRIBUTING)[^.]*$", re.IGNORECASE, holding=(".md", ".rst", ".adoc", ".asciidoc", ".txt", ".pod", *(f".{section}" for section in "12345678"), "readme", "changelog", "notes", "license", "history", "contributing"))),
    (DEVELOPMENT, lazy(r"(?:^|[._-])(?:dev|develop|development|local|debug)(?=[._-]|$)|^Vagrantfile$|^\.gitpod\.|^\.devcontainer\.json$|^Tiltfile$|^skaffold\.yaml$", re.IGNORECASE, holding=("dev", "local", "debug", "vagrantfile", "gitpod", "tiltfile", "skaffold"))),
)  # fmt: skip
_FILES_BY_WORDS = tuple((place, pattern, words_of(pattern)) for place, pattern in _FILES)
"""The same with the words that the patterns need: most names hold none of them."""


def place_of(path: str) -> str:
    """What ``path`` (relative to the root, with ``/``) is for; one of `PLACES`.

    A folder for vendored, generated, test or CI files decides wherever it stands, then the outermost of the other
    folders with a telling name, then the file's own name. ``requirements.txt`` and ``CMakeLists.txt`` are no documents.
    """
    directory, _, name = path.rpartition("/")
    place = _place_of_directory(directory)
    if place == PRODUCTION:
        return _place_of_name(name)
    return TEST if place not in _DECIDING and _FILES[1][1].search(name) else place


_DECIDING = (VENDORED, TEST, GENERATED, CI)
"""The places of which one folder is enough, whatever stands around it."""


@lru_cache(_REMEMBERED)
def _place_of_directory(directory: str) -> str:
    folders = directory.split("/")
    package = _package(folders)
    found = PRODUCTION
    for position, folder in enumerate(folders):
        place = _place_of_folder(folder.lower())
        if place in _DECIDING:
            return place
        if place and found == PRODUCTION and not (position >= package and place == EXAMPLE):
            found = place
    return found


@lru_cache(_REMEMBERED)
def _place_of_name(name: str) -> str:
    lowered = name.lower()
    holds = lowered.__contains__
    if lowered.endswith(".txt") and _NOT_DOCUMENTS.search(name):
        return PRODUCTION
    for place, pattern, words in _FILES_BY_WORDS:
        if any(map(holds, words)) and pattern.search(name):
            return place
    return PRODUCTION


_JVM = frozenset({"java", "kotlin", "scala", "groovy"})
_NOT_DOCUMENTS = lazy(
    r"requirements.*\.txt$|^CMakeLists\.txt$|^robots\.txt$|^constraints.*\.txt$",
    re.IGNORECASE,
    holding=("requirements", "cmakelists", "robots.txt", "constraints"),
)


def _package(folders: list[str]) -> int:
    """Where the name of a package begins, as of ``com.example.demo`` behind ``src/main/java``."""
    for position in range(len(folders) - 2):
        if folders[position : position + 2] == ["src", "main"] and folders[position + 2] in _JVM:
            return position + 3
    return len(folders)


@cache
def _place_of_folder(folder: str) -> str:
    known = _BY_FOLDER.get(folder) or _BY_FOLDER.get(folder.lstrip("."))
    if known:
        return known
    return next((place for place, pattern in _FOLDER_PATTERNS if pattern.search(folder)), "")
