"""Secrets in what a repository commits: which names and values are secrets, where they stand, what they unlock.

- `keys`: whether a name is that of a secret.
- `values`: what a value is: a token of a known provider, another secret, a well-known word, a placeholder, a reference.
- `parts`: the passwords inside URLs, connection strings, JSON and defaults of variables.
- `assignments`: the places that give variables and keys their values, and what each is for.
- `material`: private keys and credential files.

No message and no ``details`` may hold a secret: `hinted` is all that may be said of one.
"""

from __future__ import annotations

from shipworthy.deployment.secrets.values import SHORTEST


def hinted(value: str) -> str:
    """What a message may say of a secret: its length, and its first two characters where it is long enough."""
    length = f"{len(value)} character{'s' * (len(value) != 1)}"
    if len(value) < SHORTEST or not value[:2].isalnum():
        return length
    return f"{length}, beginning with {value[:2]}"


__all__ = ["hinted"]
