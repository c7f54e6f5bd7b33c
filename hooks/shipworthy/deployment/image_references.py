"""Image references: their parts, and whether what they name changes from one pull to the next.

Source: https://github.com/distribution/reference (the grammar), https://docs.docker.com/reference/cli/docker/image/tag/
"""

from __future__ import annotations

import re
from typing import NamedTuple

from shipworthy.patterns import lazy

DOCKER_HUB = "docker.io"
LONGEST = 1000
"""Characters; a longer text is no reference."""

_REFERENCE = lazy(
    r"(?:(?P<registry>[\w.-]+\.[\w.-]+(?::\d+)?|localhost(?::\d+)?|[\w-]+:\d+)/)?"
    r"(?P<path>[\w-][\w.-]*(?:/[\w-][\w.-]*)*)"
    r"(?::(?P<tag>[\w][\w.-]*))?(?:@(?P<digest>\w+:[0-9a-fA-F]+))?",
    re.ASCII,
)
_MOVING_WORDS = frozenset(
    "latest stable edge test testing nightly dev devel develop development beta alpha canary lts rc next"
    " preview snapshot unstable experimental rolling current mainline main master head trunk release prod production"
    " stage staging qa"
    " live default daily weekly monthly tip".split()
)
"""Words that name whatever was built last: channels and branches."""
_DISTRIBUTIONS = frozenset(
    "buster bullseye bookworm trixie forky sid stretch bionic focal jammy noble xenial oracular plucky questing".split()
)
"""Code names of Debian and Ubuntu: versions of those distributions, variants of every other image."""
_VARIANTS = _DISTRIBUTIONS | frozenset(
    "alpine slim debian ubuntu ubi fpm apache cli zts perl jre jdk management full minimal buildpack cpu gpu cuda"
    " runtime base nonroot debug distroless bare fat standard community enterprise oss amd64 arm64 x86 server"
    " windowsservercore"
    " nanoserver uv otel unprivileged openssl".split()
)
_NAMED_BY_DISTRIBUTION = frozenset({"debian", "ubuntu", "buildpack-deps", "debian-slim"})
_WORD = lazy(r"[.\-_]")
_DIGIT = lazy(r"\d")


class ImageReference(NamedTuple):
    """The parts of a reference without variables.

    ``registry`` is `DOCKER_HUB` and ``path`` begins with ``library/`` where the reference leaves them out; ``tag`` and
    ``digest`` are "" where there is none.
    """

    registry: str
    path: str
    tag: str
    digest: str

    @property
    def name(self) -> str:
        """The last part of the path."""
        return self.path.rpartition("/")[2]

    @property
    def repository(self) -> str:
        """Registry and path, which two references to the same image have in common."""
        return f"{self.registry}/{self.path}"

    @property
    def spellings(self) -> tuple[str, ...]:
        """How people may write the image without its tag: with and without what Docker adds."""
        if self.registry != DOCKER_HUB:
            return (self.repository,)
        return self.repository, self.path, self.path.removeprefix("library/")

    @property
    def is_official(self) -> bool:
        """Whether it is one of Docker's official images, or at least is written like one."""
        return self.registry == DOCKER_HUB and self.path.startswith("library/")


def parse(text: str) -> ImageReference | None:
    """The parts of a reference; None where the text is none, a variable in it included."""
    found = _REFERENCE.fullmatch(text.strip()) if len(text) <= LONGEST else None
    if found is None:
        return None
    registry, path = found["registry"] or DOCKER_HUB, found["path"]
    if registry in ("index.docker.io", "registry-1.docker.io"):
        registry = DOCKER_HUB
    if registry == DOCKER_HUB and "/" not in path:
        path = "library/" + path
    return ImageReference(registry, path.lower(), found["tag"] or "", found["digest"] or "")


def floating(reference: ImageReference) -> str:
    """Why the image may be another one tomorrow, as the end of a sentence; "" where it is pinned, or nobody can tell.

    A digest pins, and so does a major version. Floating are no tag, channels and branches (``latest``, also beside
    other words), and variants without a version (``alpine``).
    """
    if reference.digest:
        return ""
    if not reference.tag:
        return "has no tag, which means latest"
    words = [word for word in _WORD.split(reference.tag.lower()) if word]
    if "latest" in words:
        return f"has the tag {reference.tag}, which moves"
    if any(_DIGIT.search(word) and word not in _VARIANTS for word in words):
        return ""
    if reference.name in _NAMED_BY_DISTRIBUTION and words[0] in _DISTRIBUTIONS:
        return ""
    if all(word in _MOVING_WORDS | _VARIANTS for word in words):
        moves = any(word in _MOVING_WORDS for word in words)
        return f"has the tag {reference.tag}, which {'moves' if moves else 'names a variant but no version'}"
    return ""
