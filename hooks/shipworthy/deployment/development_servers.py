"""Commands that start a server made for development: it reloads, compiles on the fly, or its own manual forbids it."""

from __future__ import annotations

from collections.abc import Sequence

from shipworthy.patterns import lazy

_WRAPPERS = frozenset(
    "tini dumb-init catatonit exec env nohup time npx bunx pnpx cross-env dotenv dotenvx doppler infisical"
    " opentelemetry-instrument"
    " ddtrace-run newrelic-admin docker-entrypoint.sh entrypoint.sh start-container uvx".split()
)
"""Programs that start the one behind them."""
_RUNNERS = {
    "poetry": "run",
    "uv": "run",
    "pipenv": "run",
    "pdm": "run",
    "hatch": "run",
    "rye": "run",
    "bundle": "exec",
    "doppler": "run",
    "infisical": "run",
    "dotenvx": "run",
    "newrelic-admin": "run-program",
}
"""Programs that do so behind a subcommand."""
_MANAGERS = frozenset({"npm", "pnpm", "yarn", "bun", "deno"})
_MANAGER_VERBS = frozenset({"run", "run-script", "exec", "x", "dlx", "task"})
_SCOPES = frozenset({"--filter", "-F", "--workspace", "-w", "--prefix", "-C", "--dir", "--cwd", "workspace"})
"""Options of package managers that take a value."""
_SCRIPTS = frozenset("dev develop start:dev start:debug start:watch serve:dev dev:server dev:start watch hot".split())
_PROGRAMS = frozenset(
    "nodemon ts-node-dev tsnd node-dev webpack-dev-server browser-sync live-server air CompileDaemon realize"
    " bacon watchexec"
    " entr watchmedo jurigged".split()
)
"""Programs that do nothing else."""
_SUBCOMMANDS = {
    "next": "dev",
    "nuxt": "dev",
    "nuxi": "dev",
    "astro": "dev",
    "remix": "dev vite:dev",
    "react-router": "dev",
    "gatsby": "develop",
    "strapi": "develop dev",
    "medusa": "develop",
    "svelte-kit": "dev",
    "wrangler": "dev",
    "vinxi": "dev",
    "ng": "serve",
    "nx": "serve",
    "vue-cli-service": "serve",
    "webpack": "serve",
    "parcel": "serve watch",
    "react-scripts": "start",
    "craco": "start",
    "expo": "start",
    "turbo": "dev",
    "tsx": "watch",
    "vite": "dev serve preview",
    "flask": "run",
    "quart": "run",
    "fastapi": "dev",
    "mkdocs": "serve",
    "jekyll": "serve",
    "artisan": "serve",
    "symfony": "serve server:start",
    "dotnet": "watch run",
    "go": "run",
    "cargo": "run watch",
    "dlv": "debug",
    "quarkus": "dev",
    "manage.py": "runserver runserver_plus",
    "django-admin": "runserver",
    "mvn": "spring-boot:run quarkus:dev",
    "mvnw": "spring-boot:run quarkus:dev",
    "gradle": "bootRun quarkusDev",
    "gradlew": "bootRun quarkusDev",
}
"""Programs and the subcommands that make them servers for development."""
_FLAGS = {
    "uvicorn": "--reload",
    "gunicorn": "--reload",
    "hypercorn": "--reload",
    "granian": "--reload",
    "daphne": "--reload",
    "sanic": "--dev --auto-reload",
    "node": "--watch",
    "bun": "--watch --hot",
    "tsx": "--watch",
    "deno": "--watch",
    "nest": "--watch --debug",
    "celery": "--autoreload",
    "php": "-S",
    "flask": "--debug",
}
"""Programs and the options that make them so."""
_MODULES = {"http.server": "http.server", "flask": "flask", "uvicorn": "uvicorn", "gunicorn": "gunicorn"}
_SHORT_OPTION = lazy(r"--|-[^-].*|-")
MOST_WORDS = 40
"""What stands behind so many words of a command is its arguments."""


def development_server(words: Sequence[str]) -> str:
    """The words that make a command a development server, such as ``next dev``; "" where it is none.

    ``words`` are the command's, the program first.
    """
    rest = _without_wrappers(list(words[:MOST_WORDS]))
    if not rest:
        return ""
    program, arguments = rest[0].rpartition("/")[2], rest[1:]
    if program.rstrip("0123456789.") in ("python", "pypy"):
        return _of_python(arguments)
    if program == "php" and arguments and arguments[0].rpartition("/")[2] == "artisan":
        program, arguments = "artisan", arguments[1:]
    if program in _MANAGERS:
        return _of_manager(program, arguments)
    return _of_program(program, arguments)


def _of_program(program: str, arguments: Sequence[str]) -> str:
    if program in _PROGRAMS:
        return program
    flags = _FLAGS.get(program, "").split()
    flag = next((word for word in arguments if word.partition("=")[0] in flags and not _is_off(word)), "")
    if flag:
        return f"{program} {flag}"
    verb = next((word for word in _operands(arguments)), "")
    if verb in _SUBCOMMANDS.get(program, "").split():
        return f"{program} {verb}"
    if program == "turbo" and verb == "run" and "dev" in arguments:
        return "turbo run dev"
    return (
        "vite" if program == "vite" and not verb and not any(word in ("--help", "build") for word in arguments) else ""
    )


def _of_python(arguments: Sequence[str]) -> str:
    """``python -m flask run``, ``python manage.py runserver``."""
    for position, word in enumerate(arguments):
        if word == "-m":
            module = "".join(arguments[position + 1 : position + 2])
            if module == "http.server":
                return "python -m http.server"
            return _of_program(_MODULES.get(module, ""), list(arguments[position + 2 :]))
        if not word.startswith("-"):
            return _of_program(word.rpartition("/")[2], list(arguments[position + 1 :]))
    return ""


def _of_manager(program: str, arguments: Sequence[str]) -> str:
    """``npm run dev``, ``pnpm --filter web dev``, ``bun --hot server.ts``."""
    flagged = _of_program(program, arguments) if program in _FLAGS else ""
    if flagged:
        return flagged
    operands = _operands(arguments)
    is_run = bool(operands) and operands[0] in _MANAGER_VERBS
    rest = operands[1:] if is_run else operands
    if not rest:
        return ""
    if rest[0] in _SCRIPTS or rest[0].startswith("dev:"):
        return " ".join([program, *operands[:1], rest[0]] if is_run else [program, rest[0]])
    if program in ("npm", "deno") and not is_run:
        return ""
    inner = list(arguments)[list(arguments).index(rest[0]) :]
    return _of_program(rest[0].rpartition("/")[2], inner[1:]) if inner[0] not in _MANAGERS else ""


def _operands(arguments: Sequence[str]) -> list[str]:
    """The words that are no options and no values of those that are known to take one."""
    found: list[str] = []
    is_value = False
    for word in arguments:
        if is_value:
            is_value = False
        elif word in _SCOPES or word in ("--app", "-A", "--env-file", "-c", "--config", "-f", "--mode", "-P"):
            is_value = True
        elif not word.startswith("-"):
            found.append(word)
    return found


def _without_wrappers(words: list[str]) -> list[str]:
    """The words from the program on that really runs."""
    while words:
        name = words[0].rpartition("/")[2]
        verb = _RUNNERS.get(name)
        if verb is not None and verb in words:
            words = words[words.index(verb) + 1 :]
        elif name in _WRAPPERS or "=" in words[0] or _SHORT_OPTION.fullmatch(words[0]):
            words = words[1:]
        else:
            break
        while words and (words[0] in ("--", "-y", "--yes", "-g", "-s", "-v") or _is_assignment(words[0])):
            words = words[1:]
    return words


def _is_assignment(word: str) -> bool:
    return "=" in word and not word.startswith("-") and word.partition("=")[0].isidentifier()


def _is_off(word: str) -> bool:
    return word.partition("=")[2].lower() in ("false", "0", "no")
