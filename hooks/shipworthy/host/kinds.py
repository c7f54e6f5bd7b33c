"""What an entry of a temporary directory is: told by its name, its type and what a folder holds, never by content.

What is production's has a kind, and a role that says where it belongs. What programs and sessions rightly keep in a
temporary directory has none, nor has what lies below a name that was made up at run time.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from shipworthy.deployment.env_names import is_env_file, is_plain_example, without_example_words
from shipworthy.filenames import PATHS
from shipworthy.homes.roles import (
    CERT,
    CODE,
    CONFIG,
    DATA,
    LOG,
    MODEL,
    PID,
    SOCKET,
    VENV,
    is_temporary_path,
    role_of_path,
    words_of,
)
from shipworthy.host.looking import Entry
from shipworthy.patterns import lazy


class Kind(NamedTuple):
    """What something is: ``name`` for programs, ``words`` for people, ``role`` for its place."""

    name: str
    words: str
    role: str


ENVIRONMENT = Kind("virtual-environment", "a virtual environment", VENV)
REPOSITORY = Kind("repository", "a repository", CODE)
SOURCES = Kind("source-tree", "a source tree", CODE)
PROGRAM = Kind("program", "a program", CODE)
UNIT = Kind("unit", "a unit of the service manager", CONFIG)
CONFIGURATION = Kind("configuration", "a service's configuration", CONFIG)
DATABASE = Kind("database", "a database", DATA)
DATA_FOLDER = Kind("data", "a folder of data", DATA)
SERVICE_SOCKET = Kind("socket", "a socket", SOCKET)
PID_FILE = Kind("pid-file", "a PID file", PID)
LOG_FILE = Kind("log", "a log", LOG)
ENV_FILE = Kind("env-file", "an env file", CONFIG)
KEY = Kind("key", "a private key or credential", CERT)
WEIGHTS = Kind("model", "a model", MODEL)
TREES = (ENVIRONMENT, REPOSITORY, SOURCES)
"""Folders that are one thing with all that is in them."""

_REPOSITORIES = frozenset({".git", ".hg", ".svn", ".bzr"})
_BARE_REPOSITORY = frozenset({"HEAD", "objects", "refs"})
_MANIFESTS = frozenset(
    "package.json pyproject.toml setup.py setup.cfg requirements.txt manage.py Pipfile go.mod Cargo.toml pom.xml"
    " build.gradle build.gradle.kts composer.json Gemfile mix.exs deno.json Dockerfile docker-compose.yml"
    " docker-compose.yaml compose.yml compose.yaml Procfile".split()
)
_DATABASE_FOLDERS = (
    (frozenset({"PG_VERSION", "base"}), "the data of PostgreSQL"),
    (frozenset({"ibdata1"}), "the data of MySQL"),
    (frozenset({"WiredTiger"}), "the data of MongoDB"),
    (frozenset({"appendonlydir"}), "the data of Redis"),
    (frozenset({"meta.properties", "cleaner-offset-checkpoint"}), "the data of Kafka"),
)
_UNIT = lazy(r"\.(?:service|socket|timer|target|mount|automount)$|^[\w-]+(?:\.[\w-]+){2,}\.plist$")
_CONFIGURATION = lazy(
    r"^(?:nginx|httpd|apache2?|haproxy|supervisord?|redis|postgresql|pg_hba|mongod?|php-fpm|traefik|prometheus"
    r"|alertmanager|grafana|loki|promtail|pgbouncer|rabbitmq|kafka|zookeeper|celery|uwsgi|envoy|logrotate|dnsmasq)"
    r"(?:[._-]prod(?:uction)?)?\.(?:conf|cfg|ini|ya?ml|toml|properties)$"
    r"|^(?:gunicorn|gunicorn\.conf|gunicorn_config|celeryconfig|uwsgi_config)\.py$|^Caddyfile$|^my\.cnf$|^crontab$"
    r"|^(?:docker-)?compose(?:[._-][\w-]+)?\.ya?ml$"
)
_KEY = lazy(
    r"\.(?:key|pem|p12|pfx|jks|keystore|kdb|keytab|ppk)$|^id_(?:rsa|dsa|ecdsa|ed25519)(?:_sk)?$|^\.(?:pgpass|netrc|pypirc)$"
    r"|^\.?git-credentials$|^kubeconfig(?:\.ya?ml)?$|^(?:service[-_]?account|credentials?)(?:[-_]key)?\.json$"
    r"|^ssh_host_\w+_key$"
)
_PUBLIC = lazy(
    r"(?:^|[._-])(?:pub|public|ca|cacert|ca-?bundle|cert|certs|chain|fullchain|trust(?:store)?|dhparams?)(?=[._-])"
)
"""Names of files in the format of keys that hold none."""
_DOTENV = lazy("(?i)" + dict(PATHS)["dotenv"])
_WRITTEN_BY_PEOPLE = lazy(
    "(?i)" + "|".join(pattern for format, pattern in PATHS if format not in ("text", "dotenv", "xml"))
)
_LARGE_MODEL = 1_000_000

_SCRATCH = {
    "pip": r"pip-(?:install|build-env|unpack|req-build|ephem-wheel-cache|wheel|metadata|modern-metadata|standalone-pip"
    r"|download|uninstall|resolver|build-tracker|req-tracker)-[A-Za-z0-9_]{8}",
    "Go": r"go-(?:build|link-?)\d+",
    "pytest": r"pytest-of-[^/]+",
    "npm and yarn": r"npm-\d+-[0-9a-f]+|npx-[0-9a-f]+|yarn--\d+[\w.-]*",
    "Node.js": r"v8-compile-cache-\d+|node-compile-cache|jest_[a-z0-9]+|tsx-\d+",
    "Rust": r"rustc[A-Za-z0-9]{6}|cargo-install[A-Za-z0-9]{6}",
    "GCC": r"cc[A-Za-z0-9]{6}\.(?:s|o|c|res|ld|le|cdtor\.[co]|ltrans\w*\.\w+)",
    "Chromium": r"\.?(?:org\.chromium|com\.google)\.Chrom(?:e|ium)\.[A-Za-z0-9.]+|puppeteer_dev_\w*profile-\w+",
    "PyInstaller": r"_MEI[A-Za-z0-9]{6,}",
}
_SCRATCH_PATTERNS = {whose: lazy(pattern) for whose, pattern in _SCRATCH.items()}
"""Scratch space of programs that make it anew where it is missing."""
_SESSIONS = lazy(
    r"\.(?:X11|ICE|XIM|font|Test)-unix|\.X\d+-lock|ssh-\w+|tmux-\d+|screens?|uscreens|dbus-\w+|gpg-\w+|keyring-\w+|pulse-\w+"
    r"|\.?(?:vscode|cursor|windsurf|zed)-.*|com\.apple\..*|emacs\d+|nvim.*|kitty-.*|systemd-private-.*|snap-private-tmp"
    r"|snap\..*|\.mount_\w+|hsperfdata_.*|\.java_pid\d+|\.attach_pid\d+|pymp-\w+|dotnet-diagnostic-.*|clr-debug-pipe-.*"
    r"|ray|jetbrains.*|\.?esd-\d+|orbit-\w+|runtime-\w+|mozilla_\w+|Temp-[\w-]+|lost\+found|aquota\.\w+|sem\..*|psm_\w+"
)
"""What sessions, editors, debuggers and the system itself keep in a temporary directory, and look for there."""
_WORK_FOLDERS = lazy(
    r"(?:tomcat|undertow|jetty|liberty|wildfly|catalina|spring|akka|play|netty|passenger|puma|gunicorn|celery|nginx|php"
    r"|mysql|pgsql|pgbackrest|prometheus|multiproc)(?=[._-]|\d|$).*"
)
"""Folders that servers make when they start and need while they run, without holding them open."""
_MADE_UP = lazy(
    r"\.?te?mp[._-]?\w{6,}|.*[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}.*|.*[0-9a-f]{16,}.*"
    r"|(?:.*\D)?(?!20\d{6}$)\d{6,}"
    r"|.*[-_.](?=\w*\d\w*[A-Za-z])(?=\w*[A-Z])(?=\w*[a-z])\w{6,12}"
    r"|.*[-_.](?=[a-z_]*\d[a-z_]*\d)(?=\d*[a-z])[a-z0-9_]{8}"
)
"""Names as mktemp(1) and the standard libraries make them."""
_NOT_ENTERED = frozenset({*_REPOSITORIES, "node_modules", "__pycache__", "site-packages", "lost+found"})
_PRODUCTION_WORDS = frozenset({"production", "prod"})
_LONGEST_NAME = 255


def kind_of(entry: Entry) -> Kind | None:
    """What an entry is, where it is something that production may run on."""
    if is_passing(entry.inside):
        return None
    if entry.is_folder:
        return _kind_of_folder(entry)
    if entry.is_socket:
        return SERVICE_SOCKET
    return _kind_of_file(entry) if entry.is_file else None


def is_passing(inside: str) -> bool:
    """Whether a path within a temporary directory says of itself that it is scratch space, a cache or a session's."""
    return any(map(_is_passing_name, inside.split("/")))


@cache
def _is_passing_name(name: str) -> bool:
    is_known = bool(whose_scratch(name)) or _SESSIONS.fullmatch(name) is not None
    return is_known or is_made_up(name) or is_temporary_path(name)


def is_made_up(name: str) -> bool:
    """Whether the name was made up at run time, so that nothing can expect to find it again."""
    return _MADE_UP.fullmatch(name[:_LONGEST_NAME]) is not None


def whose_scratch(name: str) -> str:
    """The program whose scratch space an entry of that name is, or ""."""
    return next((whose for whose, pattern in _SCRATCH_PATTERNS.items() if pattern.fullmatch(name)), "")


def is_needed_empty(name: str) -> bool:
    """Whether an empty folder of that name may be needed by a program that does not hold it open.

    Such are a server's work folder, a lock that is made as a folder, and what a session looks for.
    """
    is_other = name.startswith(".") or _WORK_FOLDERS.match(name.lower()) or _SESSIONS.fullmatch(name)
    return bool(is_other) or not {"lock", "locks", "lck", "mutex"}.isdisjoint(words_of(name))


def is_needless(entry: Entry) -> bool:
    """Whether it is an empty folder that nobody needs."""
    return entry.is_folder and entry.names == frozenset() and not is_needed_empty(entry.name)


def enters(entry: Entry) -> bool:
    """Whether what a folder holds is looked at as well."""
    if entry.name in _NOT_ENTERED or is_passing(entry.inside):
        return False
    return kind_of(entry) not in (ENVIRONMENT, DATABASE)


def _kind_of_folder(entry: Entry) -> Kind | None:
    names = entry.names or frozenset()
    if "pyvenv.cfg" in names or "conda-meta" in names:
        return ENVIRONMENT
    database = next((words for marks, words in _DATABASE_FOLDERS if marks <= names), "")
    if database:
        return DATABASE._replace(words=database)
    if names & _REPOSITORIES or names >= _BARE_REPOSITORY:
        return REPOSITORY
    if names & _MANIFESTS:
        return SOURCES
    if names and not _PRODUCTION_WORDS.isdisjoint(words_of(entry.name)):
        return DATA_FOLDER._replace(words="a folder that is named for production")
    return None


def _kind_of_file(entry: Entry) -> Kind | None:
    name = entry.name
    role = role_of_path(name)
    if role == PID:
        return PID_FILE
    is_example = is_plain_example(name) or name != without_example_words(name)
    if is_env_file(name) and _DOTENV.search(name) and not is_example:
        return ENV_FILE
    if _KEY.search(name) and not _PUBLIC.search(name):
        return KEY
    if _UNIT.search(name):
        return UNIT
    if _CONFIGURATION.search(name):
        return CONFIGURATION
    if role == DATA and entry.status.st_size:
        return DATABASE
    if role == LOG:
        return LOG_FILE
    if role == MODEL and entry.status.st_size >= _LARGE_MODEL:
        return WEIGHTS
    if not _PRODUCTION_WORDS.isdisjoint(words_of(name)) and _WRITTEN_BY_PEOPLE.search(name):
        return PROGRAM._replace(words="a file that is named for production")
    return None
