"""Whether something watches what is deployed from here, and whether what watches it holds together."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.deployment.monitoring.model import Break
    from shipworthy.file import File
    from shipworthy.project import Project

YAML = (".yml", ".yaml")
CONFIGURATIONS = ("scrape_configs", "receivers", "providers")
"""One of them stands in every configuration of Prometheus, Alertmanager and Grafana."""
IN_MANIFESTS = (*CONFIGURATIONS, "grafana_dashboard", ".json:", '.json":')
"""One of them stands in every ConfigMap that holds such a configuration, or a dashboard."""
OPERATOR = "monitoring.coreos.com"
"""The API group of the operator of Prometheus."""
CHAIN = "\n".join((*IN_MANIFESTS, OPERATOR))
TRACES_IN_CODE = "\n".join(
    "rometheus elemetry sentry Sentry SENTRY_ atadog ewrelic loudwatch loudWatch /metrics expvar statsd StatsD"
    " healthchecks.io hc-ping.com".split()
)
"""One of them stands in source code that watches and has no manifest or configuration that says so."""
TRACES = "\n".join(
    "rometheus prom-client prom_client promhttp icrometer actuator elemetry otel OTEL_ sentry Sentry SENTRY_ atadog DD_"
    " ddtrace ewrelic ewRelic ew_relic NEW_RELIC statsd StatsD STATSD rafana nsights APPLICATIONINSIGHTS loudwatch"
    " loudWatch etrics oneycomb ynatrace ignoz ugsnag ollbar irbrake aygun kywalking abbix etdata agios elegraf heckmk"
    " ptime etterstack etter-stack healthchecks.io hc-ping.com ingdom lastic-apm lasticapm lastic_apm ELASTIC_APM aeger"
    " ipkin romtail loki advisor glances pyroscope ogfire LOGFIRE xray x-ray tackdriver loud_monitoring"
    " loud-monitoring zure-monitor zure_monitor gatus ictoria vmagent fluent logtail monitrc smallrye"
    " dropwizard flower dd-trace hot-shots -exporter _exporter".split()
)
"""One of them stands in every other file that shows it, whatever the case of its first letter is."""
DESCRIBING = tuple(
    ".yml .yaml .json .jsonc .toml .txt .in .mod .xml .gradle .kts .sbt .csproj .fsproj .props .config .tf .tfvars .hcl"
    " .sh .bash .ps1 .conf .cfg .ini .properties .service .timer .env .production .prod .tpl .tmpl .j2 .exs .edn .cabal"
    " .nix .bicep .alloy .river .bazel .rc setup.py settings.py file BUILD crontab monitrc".split()
)
"""What the names of manifests, of configurations and of descriptions of infrastructure end in."""


def begin(project: Project) -> None:
    """Let git look for all that is needed, while the modules that judge it are still being loaded."""
    project.repository.search(TRACES, DESCRIBING)
    project.repository.search(CHAIN, YAML)


def breaks(project: Project) -> list[Break]:
    """The broken links of the chain. What no file of the repository can be about is not loaded at all."""
    found = [file.data for file in project.model(configurations)]
    is_configured = any(word.encode() in data for word in CONFIGURATIONS for data in found)
    is_operated = any(OPERATOR.encode() in data for data in found)
    is_held = any(b"kind:" in data and word.encode() in data for word in IN_MANIFESTS for data in found)
    broken: list[Break] = []
    if is_configured:
        from shipworthy.deployment.monitoring import alertmanager, grafana, prometheus

        broken += [*prometheus.breaks(project), *alertmanager.breaks(project), *grafana.breaks(project)]
    if is_operated:
        from shipworthy.deployment.monitoring import operator

        broken += operator.breaks(project)
    if is_held:
        from shipworthy.deployment.monitoring import manifests

        broken += manifests.breaks(project)
    return broken


def configurations(project: Project) -> list[File]:
    """The YAML files for production that may hold a part of the chain: ``project.model(configurations)``."""
    from contextlib import suppress

    from shipworthy.places import PRODUCTION

    found = []
    for path in project.repository.containing(CHAIN, YAML):
        if project.place_of(path) == PRODUCTION and not project.config.excludes(path):
            with suppress(OSError):
                found.append(project.file(path))
    return found
