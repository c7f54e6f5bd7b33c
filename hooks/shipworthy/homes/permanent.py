"""Where something that must last belongs, said in the terms of the file it stands in.

Sources: file-hierarchy(7), systemd.exec(5) (RuntimeDirectory= and its kind), the Filesystem Hierarchy Standard.
"""

from __future__ import annotations

import re

from shipworthy.file import File
from shipworthy.formats.tree import OPERAND, VALUE, Setting
from shipworthy.homes.roles import BACKUP, CERT, CODE, CONFIG, DATA, LOG, MODEL, PID, SOCKET, UPLOAD, VENV
from shipworthy.homes.uses import Use
from shipworthy.patterns import lazy
from shipworthy.rule import Edit, shown

FACTS = {
    PID: "the PID file is in",
    LOG: "the log is in",
    VENV: "the virtual environment is in",
    CODE: "code that production runs is in",
    DATA: "data is in",
    SOCKET: "the socket is in",
    UPLOAD: "uploaded files are in",
    MODEL: "the model is in",
    BACKUP: "the backup is in",
    CERT: "a key or certificate is in",
    CONFIG: "configuration is in",
}
REASONS = {
    PID: "a clean-up deletes it while the service runs, and any user of the host can plant one",
    LOG: "it is gone after the next reboot or clean-up, when it is needed",
    VENV: "the next reboot or clean-up deletes the interpreter that the service runs",
    CODE: "the next reboot or clean-up deletes it, and any user of the host can put other code there",
    DATA: "it is lost at the next reboot, clean-up or restart of the container",
    SOCKET: "a clean-up removes it while the service runs, and any user of the host can take its place",
    UPLOAD: "they are lost at the next reboot, clean-up or restart of the container",
    MODEL: "it must be fetched again after every reboot or clean-up, while the service cannot start",
    BACKUP: "a backup that a reboot deletes is none",
    CERT: "it is lost at the next reboot, and every user of the host can reach the directory",
    CONFIG: "the service cannot start after the next reboot or clean-up",
}
_HOMES = {
    PID: "/run",
    SOCKET: "/run",
    LOG: "/var/log",
    DATA: "/var/lib",
    UPLOAD: "/var/lib",
    MODEL: "/var/lib",
    BACKUP: "/var/backups",
    CERT: "/etc/ssl",
    VENV: "/opt",
    CODE: "/opt",
    CONFIG: "/etc",
}
_SYSTEMD_KEYS = {
    "/run": "RuntimeDirectory",
    "/var/log": "LogsDirectory",
    "/var/lib": "StateDirectory",
    "/etc": "ConfigurationDirectory",
}
_QUOTES = ('"', "'")
_EXTENSION = lazy(
    r"\.(?:pid|pidfile|sock|socket|log|err|out|db|sqlite3?|rdb|pem|key|crt|dat|json|ya?ml|jar|conf)$", re.IGNORECASE
)


def message(use: Use) -> str:
    """The fact with the value, and why it breaks production."""
    return f"{FACTS[use.role]} {use.path.directory}: {_written(use)}; {REASONS[use.role]}"


def fix(use: Use, file: File) -> str:
    """The exact change: the setting as it should stand in this file, and what it needs besides."""
    mount = use.setting.parent if use.setting.parent is not None and use.setting.parent.kind == "mount" else None
    if "hostPath" in use.setting.keys or "volumeMounts" in use.setting.keys:
        return "a persistentVolumeClaim in place of hostPath: a node's temporary directory is emptied"
    if mount is not None:
        return _volume(use, mount.value("target"), file)
    home = permanent_path(use, file)
    corrected = _corrected(use.setting, use, home, file)
    if file.document.format == "systemd":
        return corrected + _systemd(home, file)
    if file.document.format == "dockerfile":
        return (
            f"{corrected}, and put the file there: COPY or ADD to {home}"
            if use.role in (CODE, VENV)
            else f"{corrected}, on a volume"
        )
    if {"services", "containers"} & set(use.setting.keys) and use.role in (DATA, UPLOAD, MODEL, BACKUP):
        return f"{corrected}, with a named volume mounted there"
    return corrected


def permanent_path(use: Use, file: File) -> str:
    """The path in its permanent place: ``/tmp/api.pid`` becomes ``/run/api/api.pid``."""
    rest = use.path.rest
    if rest and use.role == PID and (file.document.format == "nginx" or use.setting.keys[:1] == ("supervisord",)):
        return f"{_HOMES[PID]}/{rest.partition('/')[0]}"  # started as root, they need no directory of their own
    return home_of(use.role, rest, _service(use, file))


def home_of(role: str, rest: str, service: str) -> str:
    """The permanent place of ``rest``, a path within a temporary directory, in the runtime of a service."""
    home = _HOMES[role]
    if not rest:
        return f"{home}/{service}"
    if "/" not in rest and _EXTENSION.search(rest):
        return f"{home}/{service}/{rest}"
    return f"{home}/{rest}"


def stem_of(rest: str) -> str:
    """The name that the first part of a path gives to what it belongs to, or ""."""
    stem = _EXTENSION.sub("", rest.partition("/")[0])
    return stem if re.fullmatch(r"[A-Za-z][\w\-]*", stem) else ""


def _service(use: Use, file: File) -> str:
    """A name for the directory: the service's, if it can be told."""
    if file.document.format == "systemd":
        return file.name.partition(".")[0].partition("@")[0]
    keys = use.setting.keys
    if "services" in keys[:-1]:
        return keys[keys.index("services") + 1]
    stem = stem_of(use.path.rest)
    if stem:
        return stem
    own = re.match(r"[A-Za-z][\w\-]*", file.name)
    return own[0] if own else "app"


def _corrected(setting: Setting, use: Use, home: str, file: File) -> str:
    """The setting as it is written, with the permanent path in place of the temporary one."""
    text = file.text
    written = text[setting.start : setting.end]
    begin = setting.key
    while begin > 0 and text[begin - 1] == "-":
        begin -= 1
    if text[begin - 1 : begin] in _QUOTES and text[begin - 1] in text[begin : setting.start]:
        begin -= 1
    name = text[begin : setting.start]
    if not re.fullmatch(r"[\w.\-\[\]\"']+\s*[=:]*\s*[\"']?", name):
        name = ""
    old = setting.value[use.path.start : use.path.end].strip("\0")
    if not old or old not in written or "\n" in name + written or len(name) > 80:
        return home
    new = home + ("/" if old.endswith("/") else "")
    if use.path.scheme and old.startswith("//"):
        new = "/" * (len(old) - len(old.lstrip("/")) - 1) + new
    closing = text[setting.end : setting.end + 1]
    return (
        name
        + written.replace(old, new, 1)
        + (closing if closing and closing in "\"'" and name.endswith(closing) else "")
    )


def _systemd(home: str, file: File) -> str:
    for root, key in _SYSTEMD_KEYS.items():
        if home.startswith(root + "/"):
            directory = home[len(root) + 1 :].partition("/")[0]
            present = any(s.name == key and directory in s.value.split() for s in file.document.root.all_settings())
            return "" if present else f" with {key}={directory}"
    return ""


def _volume(use: Use, target: str, file: File) -> str:
    service = _service(use, file)
    name = f"{service}-{use.role if use.role != DATA else 'data'}"
    return f"{name}:{target or '/data'} with {name}: under volumes:"


def edits(use: Use, file: File) -> tuple[Edit, ...]:
    """The change where it is mechanical and certain: the PID file of a unit, of nginx, supervisor or gunicorn.

    Only where nothing else in the file names the same path: what stops or watches the service by it would miss it.
    """
    setting = use.setting
    old = f"{use.path.directory}/{use.path.rest}"
    text = file.text
    if use.role != PID or setting.kind not in (VALUE, OPERAND) or text[setting.start : setting.end] != old:
        return ()
    if text.count(old) != 1 or not _names_pid_file(setting, file):
        return ()
    home = permanent_path(use, file)
    changed = Edit(setting.start, setting.end, home)
    directory = _systemd(home, file).removeprefix(" with ") if file.document.format == "systemd" else ""
    if not directory:
        return (changed,)
    ending = "\r\n" if "\r\n" in text else "\n"
    return Edit(setting.key, setting.key, directory + ending), changed


def _names_pid_file(setting: Setting, file: File) -> bool:
    if file.document.format == "systemd":
        return setting.name == "PIDFile"
    if file.document.format == "nginx":
        return setting.name == "pid" and setting.keys == ("pid", "pid")
    if file.document.format == "ini":
        return setting.keys[-2:] == ("supervisord", "pidfile")
    return file.document.format == "python" and setting.keys == ("pidfile",) and "gunicorn" in file.name


def _written(use: Use) -> str:
    return shown(use.setting.value.strip())
