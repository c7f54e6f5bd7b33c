"""Whether anything watches what is deployed from here: one trace of it is enough."""

from __future__ import annotations

import re

from shipworthy.deployment.evidence import Evidence, line_at, text_of
from shipworthy.deployment.monitoring import DESCRIBING, TRACES, TRACES_IN_CODE
from shipworthy.patterns import lazy
from shipworthy.places import CI, DEVELOPMENT, PRODUCTION

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from shipworthy.project import Project

_TRACE = lazy(
    r"prometheus|promhttp|prom[-_]client|micrometer|actuator|open-?telemetry|\botel|\bOTEL_|sentry[-_]|@sentry/"
    r"|\bSentry\b|SENTRY_|/sentry|datadog|\bDD_(?:API|AGENT|TRACE)|ddtrace|new_?relic|statsd|grafana"
    r"|application_?insights|cloudwatch|[\"'`/ ]metrics[\"'`/]|/metrics\b|honeycomb|dynatrace|signoz|bugsnag|rollbar"
    r"|airbrake|raygun|skywalking|zabbix|netdata|nagios|telegraf|checkmk|uptime-?kuma|uptime-?robot|better-?uptime"
    r"|better-?stack|healthchecks\.io|hc-ping\.com|pingdom|elastic[-_]?apm|jaeger|zipkin|promtail|loki\b|cadvisor|glances"
    r"|pyroscope|logfire|aws[-_]?xray|stackdriver|cloud[-_]monitoring|azure[-_]monitor|\bgatus\b|victoria-?metrics|vmagent"
    r"|fluent-?bit|fluentd|logtail|\bexpvar\b|\bmonit(?:rc)?\b|metrics_exporter|MeterRegistry|smallrye-metrics|dropwizard"
    r"|(?:^|[\"'])flower(?=[~=<>\[])|\bdd-trace\b|\bhot-shots\b"
    r"|\b(?:node|redis|postgres|mysqld|mongodb|kafka|elasticsearch|rabbitmq|nginx|blackbox|process|snmp)[-_]exporter\b",
    re.IGNORECASE | re.MULTILINE,
    holding=tuple(
        "prometheus promhttp prom-client prom_client micrometer actuator telemetry otel sentry datadog dd_ ddtrace"
        " relic statsd grafana insights cloudwatch metrics honeycomb dynatrace signoz bugsnag rollbar airbrake raygun"
        " skywalking zabbix netdata nagios telegraf checkmk uptime better healthchecks.io hc-ping.com pingdom"
        " apm jaeger zipkin promtail loki cadvisor glances pyroscope logfire xray stackdriver cloud-monitoring"
        " cloud_monitoring azure-monitor azure_monitor gatus vmagent fluent logtail expvar monit meterregistry"
        " dropwizard flower dd-trace hot-shots exporter".split()
    ),
    by_line=True,
)
_NOT_EVIDENCE = lazy(
    r"\.(?:md|mdx|rst|adoc|txt|html?|css|scss|svg|csv|sql|lock|snap|ipynb|po|pot|map|proto|example|sample)$"
    r"|(?:^|/)(?:package-lock\.json|pnpm-lock\.yaml|yarn\.lock|go\.sum|npm-shrinkwrap\.json|\.gitignore|\.dockerignore|\.cspell[^/]*)$"
    r"|(?:^|/)(?:locales?|i18n|translations?|messages)/",
    re.IGNORECASE,
)
_COMMENT = lazy(r"[ \t]*(?:#|//|\*|--|;)[^\n]*|[^\n]*[ \t]// indirect[ \t]*$", re.MULTILINE)
"""Comments, and lines of a ``go.mod`` that name what only another module needs."""


def begin(project: Project) -> None:
    """Let git look into the code, where no manifest and no configuration says it, so that `watcher` knows it sooner."""
    if project.model(_described_watcher) is None:
        project.repository.search(TRACES_IN_CODE, needless=project.config.certain_tests, at_leisure=True)


def watcher(project: Project) -> Evidence | None:
    """The first place that shows that something watches: a tool's configuration, a library, an endpoint.

    Code is many files, and is looked at only where no manifest and no configuration says it.
    """
    return project.model(_described_watcher) or _first_trace(project, project.model(_in_code))


def _described_watcher(project: Project) -> Evidence | None:
    return _first_trace(project, project.model(_described))


def _first_trace(project: Project, paths: Iterable[str]) -> Evidence | None:
    return next(filter(None, (trace_in(project, path) for path in paths)), None)


def candidates(project: Project) -> list[str]:
    """The files that may show it, sorted: ``project.model(candidates)``."""
    return sorted({*project.model(_described), *project.model(_in_code)})


def _described(project: Project) -> list[str]:
    return [path for path in project.repository.containing(TRACES, DESCRIBING) if _may_show(project, path)]


def _in_code(project: Project) -> list[str]:
    found = project.repository.containing(TRACES_IN_CODE, needless=project.config.certain_tests)
    return [path for path in found if _may_show(project, path)]


def _may_show(project: Project, path: str) -> bool:
    if _NOT_EVIDENCE.search(path) and not path.endswith("requirements.txt"):
        return False
    return project.place_of(path) in (PRODUCTION, CI, DEVELOPMENT) and not project.config.excludes(path)


def trace_in(project: Project, path: str) -> Evidence | None:
    """The first place in a file that shows it."""
    text = text_of(project, path)
    end = -1  # of the comment before
    for trace in _TRACE.finditer(text):
        if trace.start() < end:
            continue
        comment = _COMMENT.match(text, text.rfind("\n", 0, trace.start()) + 1)
        if comment is None:
            return Evidence(path, line_at(text, trace.start()), trace[0].strip("\"'`/ "))
        end = comment.end()
    return None
