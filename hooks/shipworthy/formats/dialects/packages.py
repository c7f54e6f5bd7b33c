"""Package manifests and process files in JSON: package.json, composer.json, app.json, pm2.

Sources: https://docs.npmjs.com/cli/configuring-npm/package-json ; https://getcomposer.org/doc/articles/scripts.md ;
https://devcenter.heroku.com/articles/app-json-schema ; https://pm2.keymetrics.io/docs/usage/application-declaration/
"""

from __future__ import annotations

from shipworthy.formats.dialects.values import Values, put
from shipworthy.formats.source import Source
from shipworthy.formats.tree import Block, Setting

_PROCESS_KEYS = frozenset({"exec_interpreter", "exec_mode", "interpreter", "script"})


def expand(document: Block, source: Source, path: str) -> None:
    """Refine the scripts and the environments of a manifest."""
    values = Values(source)
    file = path.rpartition("/")[2].lower()
    for child in document.blocks:
        if child.name == "apps":
            _refine_processes(values, child)
        elif child.name == "scripts":
            _refine_scripts(values, child)
        elif child.name == "env" and file == "app.json":
            values.variables(child)
        elif child.name == "cron" and file == "app.json":
            _refine_jobs(values, child)


def _refine_scripts(values: Values, scripts: Block) -> None:
    if scripts.kind != "mapping":
        return
    for position, child in enumerate(scripts.children):
        if isinstance(child, (Setting, Block)):
            put(scripts, position, values.scripts(child))


def _refine_jobs(values: Values, jobs: Block) -> None:
    """The scheduled commands of a Dokku application."""
    for job in jobs.blocks:
        for position, child in enumerate(job.children):
            if isinstance(child, Setting) and child.name == "command":
                put(job, position, values.script(child))


def _refine_processes(values: Values, processes: Block) -> None:
    """pm2: the environments of each process (``env``, ``env_production``), and its arguments behind its script."""
    for process in processes.blocks:
        own = {child.name: child for child in process.children}
        if process.kind != "mapping" or not _PROCESS_KEYS & own.keys():
            continue
        for position, child in enumerate(process.children):
            if isinstance(child, Block) and (child.name == "env" or child.name.startswith("env_")):
                values.variables(child)
            elif child.name == "args":
                put(process, position, _arguments(values, child, own.get("script")))


def _arguments(values: Values, child: object, script: object) -> Block | None:
    program = script.value if isinstance(script, Setting) else "pm2"
    if isinstance(child, Setting) and child.value.strip():
        return values.script(child, lambda text: text.within(f"{program} {text.text}", [(0, 0), (len(program) + 1, 0)]))
    if isinstance(child, Block) and child.kind == "sequence":
        words = values.words(child)
        return values.command(child, [words[0].within(program, [(0, 0)]), *words]) if words else None
    return None
