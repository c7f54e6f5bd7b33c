"""Whether a name is that of a secret: ``DB_PASSWORD`` is, ``PASSWORD_FILE`` and ``TOKEN_TTL`` are not."""

from __future__ import annotations

from functools import lru_cache

from shipworthy.patterns import lazy

_WORDS = lazy(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_ROLE = lazy(
    r"_(?:PASSWORD|PASSWD|PASSPHRASE|PWD|SECRET|APIKEYS?|SALT|PEPPER|REQUIREPASS|MASTERAUTH|REDIS_AUTH"
    r"|(?:API|ACCOUNT|AUTH|CRYPTO|ENC|ENCRYPTION|HMAC|JWT|LICENSE|MASTER|PRIVATE|SECRET|SERVICE|SIGNING|WEBHOOK)"
    r"_KEYS?|(?:PASS|TOKEN|AUTHTOKEN|CREDENTIALS?)(?=_$))_|^_APP_KEY_$"
)
_QUALIFIERS = lazy(
    r"(?:_(?:\d+|BASE|BASE64|B64|HEX|DEV|DEVELOPMENT|PROD|PRODUCTION|STAGING|LIVE|CURRENT|OLD|NEW|PREVIOUS|DEFAULT"
    r"|VALUE))+$"
)
_OTHER_ENDINGS = frozenset(
    "ACCOUNT ADDR ADDRESS AGE ALG ALGO ALGORITHM ALIAS ALLOWED ARN ATTEMPTS AUDIENCE AUTHORITY BACKEND BITS"
    " BUCKET CIDR CLAIM CLASS COMPLEXITY COOKIE COST COUNT DAYS DECIMALS DIR DIRECTORY DISABLED DOMAIN DURATION"
    " EMAIL ENABLED ENCODING ENDPOINT ENGINE ENV EXPIRATION EXPIRE EXPIRED EXPIRES EXPIRY FIELD FILE FILENAME"
    " FILES FOLDER FORMAT GRANT GROUP HASHER HEADER HEADERS HINT HOST HOURS ID IDS IN INDEX INTERVAL IP IPS ISSUER"
    " ITERATIONS KEYID KIND LABEL LEN LENGTH LEVEL LIFETIME LIMIT LOCATION MANAGER MAX METHOD MIN MINS MINUTES"
    " MODE MOUNT MS NAME NAMES NAMESPACE NETWORK NUMBER OPTIONS PARAMETER PATH PATTERN PERIOD PLUGIN POLICY PORT"
    " PREFIX PROPERTY PROVIDER RATE REALM REDIRECT REF REFERENCE REGEX REGION REQUIRED RESET RETRIES ROTATION"
    " ROUNDS RULES SCOPE SCOPES SEC SECONDS SECS SIZE SOURCE STORAGE STORE STRATEGY STRENGTH SUFFIX SUPPLY SYMBOL"
    " TAG TIME TIMEOUT TTL TYPE TYPES UNIT URI URIS URL URLS USER USERNAME VALIDATION VALIDITY VERSION".split()
)
"""A name that ends with one of these says something about a secret, or where it is."""
_OTHER_BEGINNINGS = frozenset(
    "ALLOW ALLOWED CAN CHANGE CREATE DISABLE ENABLE ENABLED EXISTING FORCE FORGOT GENERATE HAS HIDE IGNORE IS MAX"
    " MIN NO REQUIRE REQUIRES RESET ROTATE SHOW SKIP USE USES VALIDATE VERIFY".split()
)
_FOR_CLIENTS = frozenset({"PUBLIC", "PUBLISHABLE", "ANON", "VITE"})
_CLIENT_PREFIXES = ("REACT_APP_", "GATSBY_", "STORYBOOK_")
_WORKING_DIRECTORIES = frozenset({"PWD", "OLDPWD"})


@lru_cache(8_192)  # services have the same names for the same things
def holds_secret(name: str) -> bool:
    """Whether a variable or key of that name holds a secret.

    Names in capitals, with dashes, dots and in camel case are read alike. What is built into a client
    (``NEXT_PUBLIC_…``) is no secret, whatever it is called.
    """
    words = [word.upper() for word in words_of(name)]
    plain = _QUALIFIERS.sub("", "_" + "_".join(words))
    if not words or name in _WORKING_DIRECTORIES or is_for_clients(name):
        return False
    if plain.rpartition("_")[2] in _OTHER_ENDINGS or words[0] in _OTHER_BEGINNINGS:
        return False
    return _ROLE.search(plain + "_") is not None


def is_for_clients(name: str) -> bool:
    """Whether the value goes to browsers and apps, so that everybody may know it."""
    words = [word.upper() for word in words_of(name)]
    return not _FOR_CLIENTS.isdisjoint(words) or "_".join(words).startswith(_CLIENT_PREFIXES)


def words_of(name: str) -> list[str]:
    """The words of a name in small letters: ``DB_PASSWORD``, ``db-password`` and ``dbPassword`` have the same."""
    return [word.lower() for word in _WORDS.findall(name[:200])]
