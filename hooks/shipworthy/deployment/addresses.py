"""Host names of one label in values: what only the network of the deployment itself can resolve.

Sources: RFC 3986, 3.2 (authority); https://docs.docker.com/compose/how-tos/networking/ ;
https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from shipworthy.deployment.interpolation import interpolated
from shipworthy.patterns import lazy

UNKNOWN = "\ufffc"
"""Stands for what a variable without a known value holds."""
LONGEST_VALUE = 20_000
"""Characters; longer values are documents, and no settings."""

_SCHEMES = (
    r"https?|wss?|h2c?|grpcs?|tcp|udp|tls|ssl|amqps?|rediss?|valkeys?|postgres(?:ql)?|cockroachdb|mysql2?|mariadb|sqlserver|mssql"
    r"|mongodb|kafka|nats|mqtts?|ldaps?|smtps?|imaps?|memcached?|clickhouse|elasticsearch|es|opensearch|bolt|neo4j|cassandra"
    r"|zookeeper|zk|stomp|pulsar|otlp|etcd|influxdb|fluentd?|syslog|statsd|graphite|dns|fcgi|fastcgi|uwsgi|consul|vault|qdrant|milvus"
)
_URL = lazy(
    rf"(?<![A-Za-z0-9.+-])(?:{_SCHEMES})(?:\+[a-z0-9]{{1,20}})?://(?:[^\s/@,'\"`]{{0,300}}@)?(?P<hosts>[^\s/?#'\"`@<>()\[\]{{}}|\\;&]{{1,500}})",
    re.IGNORECASE,
    holding=("://",),
)
_HOST = lazy(r"(?P<host>[A-Za-z0-9](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9])?)(?::[\d\ufffc]{1,5})?")
_WITH_PORT = lazy(r"(?P<host>[A-Za-z0-9](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9])?):\d{2,5}(?:/\S*)?")
_OF_ADDRESSES = ("addr", "host", "url", "uri", "endpoint", "server", "broker", "upstream", "nodes", "target", "dsn")
_ADDRESSES = lazy(
    r"(?:^|_)(?:ADDR(?:ESS)?(?:ES)?|HOSTS?|HOSTPORT|URLS?|URI|ENDPOINTS?|SERVERS?|BROKERS?|UPSTREAMS?|NODES|TARGET|DSN)$"
    r"|^(?:PGHOST|BOOTSTRAP_SERVERS)$",
    re.IGNORECASE,
    holding=_OF_ADDRESSES,
)
"""Variables whose values may be ``name:port``."""
_DEPENDENCY_HOSTS = lazy(
    r"(?:^|_)(?:DB|DATABASE|POSTGRES(?:QL)?|PG|MYSQL|MARIADB|SQL|REDIS|VALKEY|MONGO(?:DB)?|RABBITMQ?|RABBIT|AMQP|KAFKA"
    r"|ELASTIC(?:SEARCH)?|OPENSEARCH|CLICKHOUSE|MINIO|MEMCACHED?|CACHE|NATS|MQTT|VAULT|CONSUL|SOLR|TYPESENSE|MEILI(?:SEARCH)?"
    r"|QDRANT|WEAVIATE|MILVUS|CHROMA|NEO4J|CASSANDRA|ZOOKEEPER|ETCD|INFLUX(?:DB)?|OLLAMA|CELERY|QUEUE|BROKER)(?:_\w+)?_HOST(?:NAME)?$"
    r"|^PGHOST$",
    re.IGNORECASE,
    holding=("host",),
)
"""Variables whose values are host names by themselves: those of what a program stores its data in."""
_NOT_CALLED = lazy(
    r"CORS|ORIGIN|ALLOWED|TRUSTED|CSRF|NO_?PROXY|REDIRECT|CALLBACK|LISTEN|BIND|ADVERTISE|ANNOUNCE|VIRTUAL_HOST|COOKIE|EXTERNAL"
    r"|PUBLIC|SITE_URL|ROOT_URL|(?:^|_)BASE_URL$|APP_URL|MOCK|EXAMPLE|NAMESPACE|SCHEMA|ISSUER|AUDIENCE|REFERER",
    re.IGNORECASE,
)
"""Variables that hold addresses nobody calls from here: what browsers ask for, what the program itself is called."""
_NO_NAMES = lazy(
    r"\d+|local(?:host)?|host(?:name)?|ip6-\w+|kubernetes|metadata|broadcasthost|(?:your|my|the|some|replace|change)[_-]?\w*|x{2,}"
    r"|(?:db|database|redis|server|service)?[_-]?(?:host|hostname|address|addr|domain|ip)|user(?:name)?|pass(?:word)?"
    r"|example\w*|placeholder|none|null|true|false|undefined|dummy|test|todo|fixme|any|all|default|auto|disabled?|off|on"
    r"|[A-Z][A-Z0-9]*_[A-Z0-9_]+",
)
"""Names that are no hosts of a deployment: this machine, placeholders, words of programs."""
_REFERENCE = lazy(r"\$\{[^{}]*\}|\$\w+")
_MOST_LEVELS = 5


def filled_in(text: str, variables: Mapping[str, str]) -> str:
    """A value with its variables replaced by what is known about them, and by `UNKNOWN` where nothing is."""
    if "$" not in text:
        return text
    known = interpolated(text, variables)
    for _ in range(_MOST_LEVELS if known is None else 0):
        text = _REFERENCE.sub(lambda found: _value(found[0], variables), text)
        if "${" not in text:
            break
    return text if known is None else known


def hosts_called(name: str, value: str, image: str = "") -> list[str]:
    """The hosts of one label that a variable's value names, each once.

    ``image`` is what the variable is given to: in a database's own image a variable that begins with the database's
    name says what it is called, or nothing.
    """
    if len(value) > LONGEST_VALUE:
        return []
    found = list(hosts_in_urls(value))
    if not found and "://" not in value and _ADDRESSES.search(name):
        found = [match["host"] for part in value.split(",") if (match := _WITH_PORT.fullmatch(part.strip()))]
    is_own = name.partition("_")[0].lower() in image.lower()
    if not found and not is_own and _DEPENDENCY_HOSTS.search(name) and _HOST.fullmatch(value) and ":" not in value:
        found = [value]
    if not found or _NOT_CALLED.search(name):
        return []
    return [host for host in dict.fromkeys(found) if _is_name(host)]


def may_hold_hosts(text: str) -> bool:
    """Whether `hosts_called` may find one for some name and value that stand in a text."""
    lowered = text.lower()
    return any(word in lowered for word in ("://", *_OF_ADDRESSES))


def hosts_in_urls(text: str) -> Iterator[str]:
    """The hosts of one label in the addresses of a text, a command's arguments say."""
    for url in _URL.finditer(text[:LONGEST_VALUE]):
        for part in url["hosts"].split(","):
            host = _HOST.fullmatch(part)
            if host and _is_name(host["host"]):
                yield host["host"]


def host_of(address: str) -> str:
    """The host of one label that ``host:port``, ``host`` or a URL is about; "" for any other."""
    host = _HOST.fullmatch(address)
    if host is None:
        return next(hosts_in_urls(address), "")
    return host["host"] if _is_name(host["host"]) else ""


def _is_name(host: str) -> bool:
    return _NO_NAMES.fullmatch(host) is None


def _value(reference: str, variables: Mapping[str, str]) -> str:
    known = interpolated(reference, variables)
    return UNKNOWN if known is None else known
