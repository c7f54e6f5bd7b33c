"""What a value is: a secret in clear text, a well-known word, a placeholder, a reference, or nothing of the kind.

Sources of the formats: the documentation of each provider on how its tokens begin, and how long they are.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from shipworthy.deployment.secrets.keys import words_of
from shipworthy.patterns import lazy

EMPTY = "empty"
REFERENCE = "reference"
"""It says where the secret is: a variable, a template, a path, an entry of a vault."""
ENCRYPTED = "encrypted"
PLAIN = "plain"
"""A switch, a number, a duration, a path, an address: no secret."""
PUBLISHABLE = "publishable"
"""Made to be seen by everybody: a publishable key, an address to send reports to."""
PLACEHOLDER = "placeholder"
WEAK = "weak"
"""A secret that everybody guesses: a common word of development, or the name of the user or the database."""
IDENTIFIER = "identifier"
"""A name in small letters (``postgres-credentials``): of a secret more often than a secret."""
KNOWN = "known"
"""A token of a known provider."""
LITERAL = "literal"
"""Anything else: a secret, where the key says so."""

LONGEST = 20_000
"""Characters; what stands behind them is not looked at."""
SHORTEST = 8
"""Characters of the shortest secret worth the name."""

_VARIABLE = lazy(r"\$(?![%^&])")
"""A dollar that may begin a variable: behind it stands no sign that Django's generator of keys writes in that order."""
_REFERENCE = lazy(
    r"\$|\{\{|\{%|<%|<[\w .:/'|-]+>|%\(\w+\)s|%[\w.]+%|#\{|__\w+__|\[[\w .-]+\]$"
    r"|(?:op|vault|secretsmanager|ssm|file|sm|gsm|awssm|awsps|kms|keyvault|akv|secret|gcpsm|env|azurekeyvault|infisical|doppler)"
    r":(?!//[^/]*:)|ref\+|arn:|projects/[^/]+/secrets/|@Microsoft\.KeyVault"
    r"|(?:process\.env|os\.environ|secrets)\b|\{[\w.]+\}$",
    re.IGNORECASE | re.DOTALL,
)
_ENCRYPTED = lazy(
    r"encrypted:|ENC[\[(]|\{cipher\}|\bsops\b|-----BEGIN (?:AGE|PGP)|AgB[\w+/=]{100}|\$ANSIBLE_VAULT|age-encryption"
    r"|\$2[aby]\$|\$argon2|\{(?:bcrypt|pbkdf2|scrypt|SSHA)\}|pbkdf2[_:]|scram-sha"
)
"""Encrypted or hashed."""
_PLAIN = lazy(
    r"true|false|yes|no|on|off|none|null|nil|undefined|enabled?|disabled?|optional|required|auto|basic|bearer|jwt|oauth2?"
    r"|[-+]?\d+(?:\.\d+)?(?:ms|[smhdw]|min|[kmg]i?b?)?|(?:\d+(?:ms|[smhdw]))+"
    r"|(?:\.{1,2}|~)?(?:/[\w@.\-]+)+/?|[\w.\-/]+\.(?:pem|key|json|txt|crt|p12|jks|ya?ml|env|conf)|[A-Za-z]:[\\/].*"
    r"|[a-z][a-z\d+.\-]*://[^\s@]*|[\w.\-]+@[\w\-]+(?:\.[\w\-]+)+",
    re.IGNORECASE,
)
_PUBLISHABLE = lazy(r"pk_(?:live|test)_|pk\.eyJ|phc_|sb_publishable_|G-[A-Z\d]{8,}$|UA-\d+|GTM-")
_AZURITE_KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq"
"""The beginning of the key that every Azure storage emulator has."""
_MAPPING = lazy(r"^[\w.-]+:(?: |$)", re.MULTILINE)
"""A document inside the value: its own settings are looked at."""
_PLACEHOLDER = lazy(
    r"change[-_ ]?(?:me|this|that|it|in|on|before|to|after|now|the|your|password|for)|changeit|chang[ei]ng|replace"
    r"|your[-_ ]|your(?=[A-Z])|your(?:secret|password|key|token|api)|here$|[-_ ]here\b|choose|todo|fixme|x{4,}|^x+$"
    r"|\*{3}|\.{3}|…|example|placeholder|dummy|insert|redacted|\bfill|set[-_ ]?(?:me|this|in|via|your|a)\b|generate"
    r"|\bput[-_ ]|\benter[-_ ]|must[-_ ](?:be|set)|\bsample|\bfake|\bmock"
    r"|not[-_ ]?(?:a[-_ ])?(?:real|used|needed|set|required|secure)"
    r"|unused|\btbd\b|n/a|override[-_ ]?(?:me|this|in)|configure[-_ ]?me|build[-_ ]?(?:time|only)|(?:only|just)[-_ ]for"
    r"|do[-_ ]?not[-_ ]?use|invalid|ignored?\b|not?[-_ ]production|provided[-_ ]by|from[-_ ](?:env|secret|vault)"
    r"|(?:^|[-_])min(?:imum)?[-_ ]\d+|at[-_ ]least|\d+[-_ ]?char|random|openssl|rand\b",
    re.IGNORECASE,
)
_MARK = lazy(r"[A-Z]+(?:[_ -]+[A-Z]+)+")
"""A mark in capitals, for a script to replace."""
_RUNS = (
    "0123456789",
    "abcdefghijklmnopqrstuvwxyz",
    "fedcba",
    "987654",
    "qwertyuiop",
    "asdfgh",
    "deadbeef",
    "cafebabe",
    "a1b2c3d4",
)
_LONGEST_RUN = 6
_LONGEST_NUMBER = 10
"""Digits; a longer run of equal ones is no number."""
_FEWEST_CHARACTERS = 4
"""A value with fewer different characters is a repetition."""
_IDENTIFIER = lazy(r"[a-z]+\d{0,4}(?:[-_./:](?:[a-z]+\d{0,4}|k[38]s|\d{1,4}))*", re.IGNORECASE)
_SPACED = lazy(r"[^\W\d_]+(?: [^\s]+){3,}")

_FORMATS: tuple[tuple[str, str], ...] = (
    ("an AWS access key", r"\b(?:AKIA|ASIA)[A-Z2-7]{16}\b"),
    ("a GitHub token", r"\b(?:gh[pousr]_[A-Za-z\d]{36,40}|github_pat_\w{60,90})\b"),
    ("a GitLab token", r"\bglpat-[\w-]{20,30}\b"),
    ("a Slack token", r"\bxox[abeoprs]-(?:\d+-)+[A-Za-z\d-]{20,80}\b"),
    ("a Slack webhook", r"\bhooks\.slack\.com/services/T\w{8,12}/B\w{8,12}/\w{24}\b"),
    ("a Stripe secret key", r"\b(?:sk|rk)_live_[A-Za-z\d]{16,120}\b"),
    ("a Stripe webhook secret", r"\bwhsec_[A-Za-z\d]{32,64}\b"),
    ("an OpenAI key", r"\bsk-(?:(?:proj|svcacct)-)?[\w-]{10,100}T3BlbkFJ[\w-]{20,100}\b"),
    ("an Anthropic key", r"\bsk-ant-(?:api|admin)\d\d-[\w-]{80,110}\b"),
    ("an OpenRouter key", r"\bsk-or-v1-[\da-f]{64}\b"),
    ("a SendGrid key", r"\bSG\.[\w-]{22}\.[\w-]{43}\b"),
    ("an npm token", r"\bnpm_[A-Za-z\d]{36}\b"),
    ("a PyPI token", r"\bpypi-AgEIcHlwaS5vcmc[\w-]{50,200}\b"),
    ("a Google OAuth secret", r"\bGOCSPX-[\w-]{28}\b"),
    ("a Telegram bot token", r"\b\d{8,10}:AA[\w-]{33}\b"),
    ("a DigitalOcean token", r"\bdo[por]_v1_[\da-f]{64}\b"),
    ("a Hugging Face token", r"\bhf_[A-Za-z]{34}\b"),
    ("a Docker Hub token", r"\bdckr_pat_[\w-]{27}\b"),
    ("a Shopify token", r"\bshp(?:at|ca|pa|ss)_[\da-fA-F]{32}\b"),
    ("an age key", r"\bAGE-SECRET-KEY-1[\dA-Z]{58}\b"),
    ("a dotenv vault key", r"\bdotenv://:key_[\da-f]{64}\b"),
    ("a Groq key", r"\bgsk_[A-Za-z\d]{52}\b"),
    ("a Notion token", r"\b(?:secret_[A-Za-z\d]{43}|ntn_[A-Za-z\d]{46})\b"),
    ("a Google API key", r"\bAIza[\w-]{35}(?![\w-])"),
    ("a Supabase secret key", r"\bsb_secret_[\w-]{30,60}\b"),
    ("a PostHog or Linear key", r"\b(?:phx_[A-Za-z\d]{43}|lin_api_[A-Za-z\d]{40})\b"),
)
"""Tokens that are told by their beginning, their alphabet and their length. Pairs (what it is, regular expression)."""
TOKEN = lazy("|".join(f"(?P<f{number}>{pattern})" for number, (_, pattern) in enumerate(_FORMATS)))
SHORTEST_TOKEN = 20
"""Characters of the shortest token of all these formats."""
_DOTENVX_KEY = lazy(r"[\da-f]{64}(?:,[\da-f]{64})*")
_WEB_TOKEN = lazy(r"eyJ[\w-]{10,2000}\.(?P<payload>eyJ[\w-]{10,4000})\.[\w-]{20,1000}")

_WEAK_WORDS = tuple(
    sorted(
        "abc access acme admin administrator airflow alpine and api app application artemis auth backend bad bar"
        " basic baz bitnami build cache change clickhouse client code company cookie couchdb data database"
        " datapass db default demo dev develop development django docker elastic encryption env express flask foo"
        " for good grafana guest hash hello here hmac hunter in internal is jwt kafka key keycloak laravel letmein"
        " live local localhost login long main mariadb master masterkey me minio minioadmin mongo mongodb monitor"
        " monkey my mysql neo4j nest nextauth node not of opensearch oracle pass passwd password pg phrase"
        " platform plausible please postgres postgresql prod production project pwd python qwerty rabbit rabbitmq"
        " rails redis refresh replication root run sa saas safe salt sample secret secretkey secure security"
        " server service session sign signature signing solr sonar spring sql staging string strong super"
        " supersecret superset superuser support svc sysadmin system temp temporary test testing text the this to"
        " token too toor top traefik user username value vault very web webapp webhook welcome with work worker"
        " zabbix".split(),
        key=len,
        reverse=True,
    )
)
_SHORTEST_RANDOM = 20
_LEAST_ENTROPY = 3.5
_WEAK_FILLERS = lazy(r"[\W\d_]+")
_LONGEST_WEAK = 64


def class_of(value: str, name: str = "", known: Collection[str] = ()) -> str:
    """What the value of a variable or key is.

    ``known`` are the names of users, databases, services and products around it, in small letters: as secrets they
    are guessed first.
    """
    text = value[:LONGEST].strip().strip("\"'").strip()
    if not text:
        return EMPTY
    if _ENCRYPTED.search(text):
        return ENCRYPTED
    if format_of_token(text, name):
        return KNOWN
    if _REFERENCE.match(text) or ("$" in text and _VARIABLE.search(text)) or "{{" in text:
        return REFERENCE
    if _PUBLISHABLE.match(text) or _AZURITE_KEY in text or _is_public_web_token(text):
        return PUBLISHABLE
    if text.startswith("-----BEGIN") or '{"' in text or _MAPPING.search(text):
        return PLAIN
    return _class_of_text(text, name, known)


def _class_of_text(text: str, name: str, known: Collection[str]) -> str:
    lowered = text.lower()
    if lowered in known:
        return WEAK
    if _is_counted(text):
        return WEAK if name.upper().endswith(("PASSWORD", "PASS", "PWD", "PASSWD")) else PLAIN
    if _PLAIN.fullmatch(text) and not (text.isdecimal() and len(text) > _LONGEST_NUMBER and is_patterned(text)):
        return PLAIN
    if is_patterned(text) or _PLACEHOLDER.search(text) or _is_its_name(lowered, name):
        return PLACEHOLDER
    if _MARK.fullmatch(text):
        return REFERENCE
    if _is_weak(lowered, [*known, *words_of(name)]):
        return WEAK
    if _IDENTIFIER.fullmatch(text) and len(text) <= _LONGEST_WEAK:
        return IDENTIFIER
    if len(text) < SHORTEST or _SPACED.match(text):
        return PLAIN
    return LITERAL


def format_of_token(text: str, name: str = "") -> str:
    """What kind of token stands in a text, in words for a message; "" where none of a known provider does.

    A Google API key counts only where its name says that a server uses it: apps carry theirs in the open.
    """
    if name.startswith("DOTENV_PRIVATE_KEY") and _DOTENVX_KEY.fullmatch(text):
        return "a dotenvx private key"
    found = TOKEN.search(text[:LONGEST]) if len(text) >= SHORTEST_TOKEN else None
    if found is None or is_patterned(found[0]) or "EXAMPLE" in found[0]:
        return ""
    what = _FORMATS[int(str(found.lastgroup)[1:])][0]
    if what == "a Google API key" and not re.search(
        r"GEMINI|GOOGLE_(?:AI|API)|PLACES|SERVER|BACKEND", name, re.IGNORECASE
    ):
        return ""
    return what


def looks_random(text: str) -> bool:
    """Whether a program made a value: long, mixed, and without a word that a person would write."""
    lowered = text.lower()
    if len(text) < _SHORTEST_RANDOM or any(word in lowered for word in _WEAK_WORDS if len(word) > 4):
        return False
    return _entropy(text) >= _LEAST_ENTROPY and re.search(r"\d", text) is not None


def _entropy(text: str) -> float:
    """Bits a character, by the frequencies of the characters in the text itself (Shannon)."""
    from math import log2

    shares = [text.count(character) / len(text) for character in set(text)]
    return -sum(share * log2(share) for share in shares)


def is_patterned(text: str) -> bool:
    """Whether somebody filled a value up: repeated characters, or runs of the alphabet."""
    lowered = text.lower()
    plain = re.sub(r"[\W_]", "", lowered)
    if len(set(plain)) < _FEWEST_CHARACTERS < len(plain) or "xxxx" in lowered:
        return True
    covered = sum(len(run) for run in _runs(plain))
    return covered >= max(_LONGEST_RUN, len(plain) // 2)


def _runs(plain: str) -> list[str]:
    """The longest run of the alphabet that begins at each place, those inside others left out."""
    found: list[str] = []
    position = 0
    while position < min(len(plain), 500):
        length = max(_common(plain, position, run) for run in _RUNS)
        if length >= _LONGEST_RUN:
            found.append(plain[position : position + length])
        position += max(length, 1) if length >= _LONGEST_RUN else 1
    return found


def _common(plain: str, position: int, run: str) -> int:
    """How many characters from ``position`` on follow the run, from any of its characters on."""
    start = run.find(plain[position])
    length = 0
    while 0 <= start < len(run) and position + length < len(plain) and plain[position + length] == run[start]:
        start, length = start + 1, length + 1
    return length


def _is_counted(text: str) -> bool:
    return (
        text.isdecimal()
        and len(text) <= _LONGEST_NUMBER
        and (is_patterned(text) or len(text) <= 4 or len(set(text)) == 1)
    )


def _is_its_name(lowered: str, name: str) -> bool:
    plain = re.sub(r"[\W_]", "", lowered)
    return bool(plain) and len(plain) > 3 and plain == re.sub(r"[\W_]", "", name.lower())


def _is_weak(lowered: str, known: Collection[str]) -> bool:
    """Whether a value is made of well-known words, names from around it, digits and signs alone."""
    if len(lowered) > _LONGEST_WEAK:
        return False
    words = [*_WEAK_WORDS, *(name for name in known if len(name) > 2)]
    text = _spelled_out(lowered)
    reached = {0}
    for position in range(len(text)):
        if position not in reached:
            continue
        filler = _WEAK_FILLERS.match(text, position)
        if filler and len(filler[0]) <= 8:
            reached.add(filler.end())
        reached.update(position + len(word) for word in words if text.startswith(word, position))
    return len(text) in reached and any(character.isalpha() for character in text)


def _spelled_out(lowered: str) -> str:
    """``p@ssw0rd`` as the word that it means."""
    return lowered.replace("p@ss", "pass").replace("w0rd", "word").replace("adm1n", "admin")


def _is_public_web_token(text: str) -> bool:
    """Whether a signed token is made for clients: of the role ``anon``."""
    found = _WEB_TOKEN.fullmatch(text)
    if found is None:
        return False
    from base64 import urlsafe_b64decode

    try:
        payload = urlsafe_b64decode(found["payload"] + "=" * (-len(found["payload"]) % 4))
    except ValueError:
        return False
    return b'"anon"' in payload
