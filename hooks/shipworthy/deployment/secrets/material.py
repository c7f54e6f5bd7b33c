"""Private keys and credential files: told by what they hold, found by their names or by a PEM header.

Sources: RFC 7468 (PEM), https://docs.npmjs.com/cli/v10/configuring-npm/npmrc , https://packaging.python.org/en/latest/
specifications/pypirc/ , https://guides.rubyonrails.org/security.html#custom-credentials ,
https://developer.hashicorp.com/terraform/language/state/sensitive-data
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import islice
from typing import NamedTuple

from shipworthy.deployment.besides_code import files_besides_code
from shipworthy.deployment.secrets.values import LITERAL, class_of
from shipworthy.file import File
from shipworthy.formats.unreadable import Unreadable
from shipworthy.patterns import lazy
from shipworthy.places import DEVELOPMENT, PRODUCTION

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.project import Project

_HEADER = "PRIVATE KEY-----"
_BEGIN = lazy(r"-----BEGIN (?P<kind>(?:[A-Z]+ )?)PRIVATE KEY-----")
_END = "-----END"
_LONGEST_KEY = 20_000
_MOST_KEYS = 1000
"""Characters of a key, and keys of a file, that are looked at."""
_NOT_IN_KEYS = lazy(r"[^A-Za-z0-9+/=:,.\s\\\"'\-]")
_NOT_BASE64 = lazy(r"\\[nr]|[^A-Za-z0-9+/]")
"""Line breaks may be escapes, as in JSON."""
_ENCRYPTED_OPENSSH = ("YmNyeXB0", "JjcnlwdA", "iY3J5cH")
"""``bcrypt`` in base64, at each of its three offsets: the key derivation of an OpenSSH key with a passphrase."""
_SHORTEST_KEY = 64
_FEWEST_CHARACTERS = 12
"""Characters, and different ones, that the body of a real key has at least."""
_HARMLESS = lazy(
    r"trust|public|cacert|debug|snake-?oil|example|sample|dummy|test|localhost|(?:^|[/._-])(?:local|dev)[._-]",
    re.IGNORECASE,
)
"""Names of keys that open nothing but the developer's own machine, and of stores of public certificates."""
_JAVA_KEY_STORE = b"\xfe\xed\xfe\xed"
_PRIVATE_ENTRY = b"\0\0\0\x01"
_ELSEWHERE = lazy(r"^kind:\s*[\"']?(?:Secret|SealedSecret)\b|^[ \t]*\"?(?:openapi|swagger)\"?:", re.MULTILINE)
"""Objects that belong to the rule about them, and descriptions of interfaces, which show keys as examples."""


class Material(NamedTuple):
    """A place that holds a private key or a credential: an offset of the file's text, and what it is."""

    file: File
    start: int
    what: str


def materials(project: Project) -> Iterator[Material]:
    """The private keys and credential files of production and development places."""
    seen: set[str] = set()
    for path in project.repository.containing(_HEADER):
        if _is_ours(project, path):
            for material in _read(project, path, _keys):
                seen.add(path)
                yield material
    for path in project.model(files_besides_code):
        reader = _reader(path)
        if reader is not None and path not in seen and _is_ours(project, path):
            yield from _read(project, path, reader)


def _is_ours(project: Project, path: str) -> bool:
    return project.place_of(path) in (PRODUCTION, DEVELOPMENT) and not project.config.excludes(path)


def _read(project: Project, path: str, reader: Callable[[File], Iterator[Material]]) -> Iterator[Material]:
    try:
        yield from reader(project.open(path))
    except (KeyError, OSError, Unreadable):
        return


def _reader(path: str) -> Callable[[File], Iterator[Material]] | None:
    """What reads a file of that name; None for most names."""
    whole = "/" + path.lower()
    if not whole.endswith(_ENDINGS):
        return None
    return next(reader for ending, reader in _READERS.items() if whole.endswith(ending))


def _keys(file: File) -> Iterator[Material]:
    """The first private key of a file; those with a passphrase are left out."""
    if _ELSEWHERE.search(file.text) or _HARMLESS.search(file.name):
        return
    for found in islice(_BEGIN.finditer(file.text), _MOST_KEYS):
        end = file.text.find(_END, found.end(), found.end() + _LONGEST_KEY)
        written = file.text[found.end() : max(end, found.end())]
        body = _NOT_BASE64.sub("", written)
        is_encrypted = "ENCRYPTED" in found[0] + written or any(mark in body[:200] for mark in _ENCRYPTED_OPENSSH)
        is_whole = len(body) >= _SHORTEST_KEY and len(set(body)) >= _FEWEST_CHARACTERS
        if is_whole and not is_encrypted and not _NOT_IN_KEYS.search(written):
            kind = found["kind"].strip()
            yield Material(file, found.start(), f"{_article(kind)} private key")
            return


def _article(kind: str) -> str:
    return f"an {kind}" if kind[:1] in ("E", "O", "R") else f"a {kind}".strip()


def _key_store(file: File) -> Iterator[Material]:
    """A Java key store that has a private key; a PKCS #12 file does not say what it holds."""
    is_private = file.data.startswith(_JAVA_KEY_STORE) and file.data[12:16] == _PRIVATE_ENTRY
    is_archive = file.data.startswith(b"\x30\x82") and file.name.lower().endswith((".p12", ".pfx", ".jks", ".keystore"))
    if (is_private or is_archive) and not _HARMLESS.search(file.path):
        yield Material(file, 0, "a key store with a private key" if is_private else "a PKCS #12 key store")


def _state(file: File) -> Iterator[Material]:
    if re.search(r"\"resources\"\s*:\s*\[\s*\{", file.text):
        yield Material(file, 0, "Terraform state, which holds every secret of what it describes in clear text")


def _matching(pattern: str, what: str, *, flags: int = re.MULTILINE) -> Callable[[File], Iterator[Material]]:
    """A reader for files in which a value behind a name is a secret."""
    wanted = lazy(pattern, flags)

    def read(file: File) -> Iterator[Material]:
        for found in wanted.finditer(file.text):
            value = found["value"].strip("\"'")
            if class_of(value) in (LITERAL, "known"):
                yield Material(file, found.start("value"), what)
                return

    return read


_CLUSTER = _matching(r"^[ \t]*(?:client-key-data|token):\s*(?P<value>\S+)", "a cluster credential")
_REGISTRY = _matching(r"\"auth\"\s*:\s*\"(?P<value>[A-Za-z0-9+/=]{16,})\"", "a registry credential")
_HOST = _matching(r"\bpassword\s+(?P<value>\S+)", "a password for a host")
_READERS: dict[str, Callable[[File], Iterator[Material]]] = {
    ".p12": _key_store,
    ".pfx": _key_store,
    ".jks": _key_store,
    ".keystore": _key_store,
    ".tfstate": _state,
    ".tfstate.backup": _state,
    ".key": _matching(r"\A(?P<value>[0-9a-f]{32})\s*\Z", "an encryption key"),
    "/.npmrc": _matching(r"^[^#;\n]*(?:_authToken|_password|_auth)\s*=\s*(?P<value>\S+)", "an npm credential"),
    "/.pypirc": _matching(r"^[ \t]*password\s*[=:]\s*(?P<value>\S+)", "a credential of a package index"),
    "/.netrc": _HOST,
    "/_netrc": _HOST,
    "/.git-credentials": _matching(r"://[^\s:/]+:(?P<value>[^\s@]+)@", "a password for a Git server"),
    "/.pgpass": _matching(r"^(?:[^:#\n]*:){4}(?P<value>.+)$", "a database password"),
    "/.dockercfg": _REGISTRY,
    "/.dockerconfigjson": _REGISTRY,
    "/.docker/config.json": _REGISTRY,
    "kubeconfig": _CLUSTER,
    "kubeconfig.yaml": _CLUSTER,
    "kubeconfig.yml": _CLUSTER,
    "/.kube/config": _CLUSTER,
}
"""By what a path, with a slash before it, ends with."""
_ENDINGS = tuple(_READERS)
