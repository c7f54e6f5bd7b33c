"""What the name of a path says about whether it can be expected in a repository."""

from __future__ import annotations

import re

from shipworthy.patterns import lazy

SCRIPT_ENDINGS = frozenset("sh bash py js mjs cjs ts mts cts tsx rb php pl ps1".split())
"""Endings of files that an interpreter runs."""
_OUTPUTS = frozenset(
    "dist build out output outputs target node_modules .next .nuxt .output .svelte-kit .vercel .wrangler .build esm cjs"
    " es lib bin obj publish release releases artifacts artifact coverage generated gen __generated__ venv .venv env"
    " site-packages vendor vendored tmp temp .turbo .medusa .serverless standalone bundle _build deps pkg wheels"
    " wheelhouse .cache cache certs certificates ssl".split()
)
"""Folders that programs fill."""
_RUN_TIME = frozenset(
    "sock socket pid log db sqlite sqlite3 rdb lock dat data bin img iso swp out err bak tmp cache gz zip tar tgz dump"
    " pem crt key cer csr p12 pfx jks keystore truststore pub gpg asc htpasswd d git".split()
)
"""Endings of what appears when programs run, of keys and certificates, and of folders."""
_MADE_BY_USERS = lazy(
    r"(?:^|[./_-])(?:acme\.json|htpasswd|passwd|secrets?|credentials?|passwords?|tokens?|id_rsa|id_ed25519|keyfile"
    r"|service[-_]account\w*|kubeconfig|gcp[-_]key|firebase[-_]adminsdk\w*|private|licen[cs]e)(?:$|[./_-])",
    re.IGNORECASE,
)
_ENDING = lazy(r"\.(?P<ending>[A-Za-z][\w]{0,11})$", re.ASCII)


def ending_of(path: str) -> str:
    """What stands behind the last dot of a name, in lower case; "" for ``.name``, ``v1.2`` and names without one."""
    name = path.rstrip("/").rpartition("/")[2]
    found = _ENDING.search(name)
    return found["ending"].lower() if found and found.start() else ""


def looks_like_file(path: str) -> bool:
    """Whether a path is that of a file that people write, by its ending."""
    ending = ending_of(path)
    return bool(ending) and ending not in _RUN_TIME and not path.endswith("/")


def is_made_by_its_user(path: str) -> bool:
    """Whether a path is that of credentials, which everybody makes for themselves: they must not be committed."""
    from shipworthy.deployment.env_names import is_env_file

    return _MADE_BY_USERS.search(path) is not None or ending_of(path) in _RUN_TIME or is_env_file(path)


def output_folder(path: str) -> str:
    """The first folder on a path that programs fill, ``api/dist`` of ``api/dist/main.js``; "" where there is none."""
    parts = path.split("/")
    for number, part in enumerate(parts):
        if part.lower() in _OUTPUTS:
            return "/".join(parts[: number + 1])
    return ""
