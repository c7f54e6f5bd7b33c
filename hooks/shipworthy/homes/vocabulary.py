"""The words by which configuration tells what it does with a path: names, programs, modules, functions.

They come from reading two thousand real uses of temporary directories; what is special to one repository is not here.
"""

from __future__ import annotations

import re

from shipworthy.homes.roles import CERT, CODE, CONFIG, DATA, LOG, PID, SOCKET
from shipworthy.patterns import lazy

WORTH_A_LOOK = lazy(
    r"tmp|shm|run/user|temp|XDG_RUNTIME_DIR",
    re.IGNORECASE,
    holding=("tmp", "shm", "run/user", "temp", "xdg_runtime_dir"),
    by_line=True,
)
SETTLED = lazy(r"[ \t]*(?:#|//|--[ \t]|;|\*[ \t]|-?[ \t]*mountPath:)")
DESCRIPTIVE = frozenset(
    "description help doc docs documentation example examples title summary comment comments label "
    "message msg note notes usage text prompt changelog license synopsis".split()
)
PERMITTING = lazy(
    r"basedir|exclude|ignore|allow|whitelist|blacklist|denylist|permitted|forbid|deny|skip|filter|^removes$|^creates$|blocklist"
    r"|watch|mask|user-data-dir|tmpfs|readonlypaths|readwritepaths|bind_?paths|cleanup|shell|pattern|regex|search|glob",
    re.IGNORECASE,
)
"""Settings that list paths to leave alone, to allow, to watch or to clean; ``PATH`` itself."""
FILE_MODULES = frozenset(
    "file copy template get_url unarchive stat lineinfile blockinfile replace slurp fetch synchronize "
    "archive find assemble uri command shell script raw ini_file acl include_vars openssl_privatekey "
    "openssl_csr x509_certificate xml".split()
)
"""Ansible modules that read, write or remove a file once."""
FILE_ARGUMENTS = frozenset("src dest path chdir creates removes validate file dir".split())
CLIENTS = frozenset(
    "curl wget ssh scp sftp rsync git tar unzip zip gzip gunzip cp mv rm ln mkdir rmdir chmod chown touch "
    "cat echo printf tee sed awk grep egrep find test [ [[ ls stat install dd head tail sort cut diff "
    "patch psql pg_dump pg_restore mysqldump mongo mongosh redis-cli sqlite3 apt apt-get yum dnf apk dpkg "
    "rpm pip pip3 npm yarn pnpm make ninja go cargo mvn gradle javac gcc g++ helm kubectl docker podman "
    "docker-compose terraform ansible ansible-playbook aws gcloud az pytest jest tox jq yq gpg base64 "
    "md5sum sha256sum source . read export set cd pushd envsubst mysql mysqladmin nc ab wrk hey bats "
    "configure ./configure packer vagrant virt-install qemu-img convert ffmpeg pandoc screen tmux jmap "
    "jstack keytool openssl skopeo crane syft trivy cosign bash sh time strace valgrind python python3 "
    "perl ruby node".split()
)
"""Programs that read or write files once, and shells' own commands: their arguments are no configuration."""
INTERPRETERS = frozenset("python node ruby perl php java bash sh dash ash zsh deno bun".split())
JOINED_OPTION = lazy(r"(?:^|\s)-{1,2}D?([A-Za-z][\w.\-]*)[=: ]\s*[\"']?(?:\w+:)*/*$")
SUBSTITUTION = lazy(r"\s*s([|/@#,!])((?:(?!\1).)*)\1((?:(?!\1).)*)\1")
INNER_NAME = lazy(r"(?:^|[\s;,\"'])([A-Za-z_][\w.\-]*)=[\"']?(?:\w+:)*/*$")
TEMPLATE_DEFAULT = lazy(r"\bd(?:efault)?\(\s*[\"']$|\bdefault\s+[\"']$|\|\|?\s*[\"']$")
OPTIONS = lazy(r"opts?$|options?$|args?$|arguments$|flags$|command$|extra", re.IGNORECASE)
HELM_TEMPLATE = lazy(r"(?:^|/)templates/.*\.ya?ml$")
POD_PRIVATE = frozenset({PID, SOCKET, LOG, CERT, CONFIG})
"""What only the processes of one pod use, while they live, or what is mounted for them to read."""
BOUNDARIES = frozenset({"document", "script", "stage", "command", "pipeline", "function", "class"})
"""Blocks whose names do not say what the settings in them are for."""
DESTINATIONS = frozenset({"dest", "destination", "target", "to"})
SCRIPTS = frozenset({"shell", "makefile"})
NOT_IN_SCRIPTS = frozenset({CERT, CODE, CONFIG})
"""What scripts prepare in a temporary directory and hand on."""
LOOKUPS = lazy(r"^get|option|property|default|env|config|setting|param|lookup|fetch", re.IGNORECASE)
MAKERS = lazy(r"new|open|create", re.IGNORECASE)
OPENERS = (
    (LOG, lazy(r"FileHandler|FileAppender|transports\.File|basicConfig|RollingFile|logger", re.IGNORECASE)),
    (SOCKET, lazy(r"listen|bind|serve|connect|dial|unix", re.IGNORECASE)),
    (DATA, lazy(r"connect|database|open_?db|create_engine|sqlite|bolt|badger|leveldb", re.IGNORECASE)),
    (PID, lazy(r"pid", re.IGNORECASE)),
)
