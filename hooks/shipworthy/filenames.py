"""Which format a file has, told by its path.

Plain strings, because hooks import this before they know whether they have anything to do.
"""

from __future__ import annotations

TEMPLATE_SUFFIX = r"(?:\.(?:j2|jinja2?|tmpl|tpl|ctmpl|gotmpl|template|templ|mustache|erb|in|tmp|dist|default|example|sample|orig|old))*"
"""Endings of files that become configuration when somebody renders or renames them."""

# A path belongs to the first format whose pattern is found in it. Matched without regard to case.
PATHS: tuple[tuple[str, str], ...] = (
    ("dockerfile", r"(?:^|/)(?!(?-i:dockerfile\.(?:py|go|[jt]s|rb|rs|java)$))(?:docker|container)file(?:[.\-_](?![^/]*\.?(?:md|dockerignore|ya?ml|json)$)[^/]*)?$|\.(?:docker|container)file" + TEMPLATE_SUFFIX + "$"),
    ("dotenv", r"(?:^|/)\.env(?:[.\-_][^/]*)?$|(?:^|/)[^/]*\.env" + TEMPLATE_SUFFIX + r"$|(?:^|/)env\.(?:example|sample|template|dist)$|(?:^|/)\.flaskenv$"),
    ("yaml", r"\.ya?ml" + TEMPLATE_SUFFIX + "$"),
    ("json", r"\.(?:json|jsonc|json5)" + TEMPLATE_SUFFIX + "$"),
    ("toml", r"\.toml" + TEMPLATE_SUFFIX + r"$|(?:^|/)pipfile$"),
    ("systemd", r"\.(?:service|socket|timer|mount|automount|path|slice|target|swap)" + TEMPLATE_SUFFIX + r"$|\.(?:service|socket)\.d/[^/]+\.conf$"),
    ("properties", r"\.properties" + TEMPLATE_SUFFIX + "$"),
    ("ini", r"\.(?:ini|cnf)" + TEMPLATE_SUFFIX + "$"),
    ("xml", r"\.(?:xml|plist|config)" + TEMPLATE_SUFFIX + "$"),
    ("hcl", r"\.(?:tf|tfvars|hcl|nomad)" + TEMPLATE_SUFFIX + "$"),
    ("makefile", r"(?:^|/)(?:gnu)?makefile(?:\.[^/]*)?$|\.mk" + TEMPLATE_SUFFIX + "$"),
    ("procfile", r"(?:^|/)procfile(?:\.[^/]*)?$"),
    ("crontab", r"(?:^|/)(?:[^/]*[.\-_])?crontab(?:s|\.[^/]*)?$|\.cron" + TEMPLATE_SUFFIX + r"$|(?:^|/)cron\.d/[^/]+$|(?:^|/)crontabs/[^/]+$"),
    ("shell", r"\.(?:sh|bash|zsh|ksh|ash|envrc)" + TEMPLATE_SUFFIX + r"$|(?:^|/)\.envrc$|(?:^|/)(?:etc/)?(?:init\.d|default|sysconfig)/[^/.]+$"),
    ("python", r"\.(?:py|wsgi)" + TEMPLATE_SUFFIX + "$"),
    ("typescript", r"\.(?:ts|mts|cts)" + TEMPLATE_SUFFIX + "$"),
    ("tsx", r"\.tsx$"),
    ("javascript", r"\.(?:js|mjs|cjs|jsx)" + TEMPLATE_SUFFIX + "$"),
    ("java", r"\.java$"),
    ("go", r"\.go$"),
    ("ruby", r"\.rb" + TEMPLATE_SUFFIX + r"$|(?:^|/)(?:vagrantfile|rakefile|config\.ru)$"),
    ("php", r"\.php" + TEMPLATE_SUFFIX + "$"),
    ("text", r"\.(?:conf|cfg|cf|rc|vars|envvars|tpl|tmpl|template|j2|erb|ctmpl|jinja2?)" + TEMPLATE_SUFFIX + r"$|(?:^|/)[^/.]+$"),
)  # fmt: skip
"""Pairs (format, regular expression searched in the path). ``text`` is told by content: see `shipworthy.formats`."""

READABLE = "(?i)" + "|".join(pattern for _, pattern in PATHS)
"""Every path that some format reads."""

GENERATED = (
    r"(?i)(?:^|/)(?:package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|composer\.lock|poetry\.lock|uv\.lock|pdm\.lock"
    r"|pipfile\.lock|cargo\.lock|go\.sum|gemfile\.lock|flake\.lock|\.terraform\.lock\.hcl|bun\.lock)$"
    r"|\.(?:min\.js|min\.css|map|lock|snap|svg|ipynb)$"
)
"""Lock files, minified code and the like: nobody writes their settings."""

COMPONENTS = (".vue", ".svelte")
"""The endings of files of markup with scripts in them."""
