"""Ansible: plays and lists of tasks.

- A module's one-line arguments (``file: path=/x state=absent``) become the mapping that they abbreviate.
- ``command``, ``shell``, ``raw`` and ``script`` become a directive around the script; what ``chdir``, ``creates`` and
  the like say stands in it as settings.
- Content for a file (``content``, ``line``, ``block``, an INI value) becomes the document that the file's path names.

Sources: https://docs.ansible.com/ansible/latest/reference_appendices/playbooks_keywords.html and the modules' pages
"""

from __future__ import annotations

import re

from shipworthy.formats import templates
from shipworthy.formats.dialects import compose, kubernetes
from shipworthy.formats.dialects.values import Values, add_command, add_script, new_directive, part, put, target
from shipworthy.formats.source import Source
from shipworthy.formats.tree import Alias, Block, Setting
from shipworthy.patterns import lazy

_BLOCKS = frozenset({"always", "block", "handlers", "post_tasks", "pre_tasks", "rescue", "tasks"})
_KEYWORDS = _BLOCKS | frozenset(
    "any_errors_fatal args async become become_exe become_flags become_method become_user changed_when check_mode "
    "collections connection debugger delay delegate_facts delegate_to diff environment failed_when ignore_errors "
    "ignore_unreachable listen loop loop_control module_defaults name no_log notify poll port register remote_user "
    "retries run_once static sudo sudo_user tags throttle timeout until vars when".split()
)
_PLAY_KEYS = frozenset("gather_facts handlers post_tasks pre_tasks roles tasks vars vars_files".split())
_IMPORTS = frozenset({"ansible.builtin.import_playbook", "import_playbook"})
_MODULES = frozenset(
    "acl action add_host alternatives apt apt_key apt_repository assemble assert async_status authorized_key "
    "blockinfile command copy cron debconf debug dnf docker_compose docker_container docker_image expect fail "
    "fetch file filesystem find firewalld get_url getent git group hostname import_role import_tasks include "
    "include_role include_tasks include_vars ini_file iptables k8s known_hosts lineinfile local_action locale_gen "
    "lvol meta modprobe mount mysql_db mysql_user npm openssl_certificate package package_facts pam_limits parted "
    "pause ping pip postgresql_db postgresql_user raw reboot replace rpm_key script seboolean selinux service "
    "service_facts set_fact setup shell slurp stat supervisorctl synchronize sysctl systemd systemd_service "
    "template timezone ufw unarchive uri user wait_for wait_for_connection xml yum yum_repository".split()
)
_SCRIPTS = frozenset({"command", "raw", "script", "shell"})
_QUALIFIED = lazy(r"[a-z_]\w*\.[a-z_]\w*\.[a-z_][\w.]*", re.ASCII)
_TASK_FILES = lazy(r"(?:^|/)(?:tasks|handlers|playbooks?)/|(?:^|/)(?:playbook|site)[^/]*$", re.IGNORECASE)
_PAIR = lazy(r"\s*+(?P<name>[A-Za-z_]\w*)=(?P<value>(?:\"[^\"]*\"|'[^']*'|\S)*+)", re.ASCII)
_PARAMETER = lazy(
    r"(?<!\S)(?P<name>argv|chdir|creates|decrypt|executable|removes|stdin|stdin_add_newline|strip_empty_ends|warn)"
    r"=(?P<value>(?:\"[^\"]*\"|'[^']*'|\S)*+)"
)
_CONTENT = {
    "blockinfile": ("block", "content"),
    "copy": ("content",),
    "lineinfile": ("line",),
    "template": ("content",),
}
"""The arguments that hold a part of a file, or all of it."""
_PATHS = ("path", "dest", "destfile", "name")
_MOST_LOOKED_AT = 20


def recognises(document: Block, path: str) -> bool:
    """Whether a list holds plays or tasks."""
    is_task_file = _TASK_FILES.search(path) is not None
    items = (child for child in document.children[:_MOST_LOOKED_AT] if isinstance(child, Block))
    return any(_is_play(item) or _is_task(item, is_task_file) for item in items if item.kind == "mapping")


def expand(document: Block, source: Source, path: str) -> None:
    """Refine plays and tasks, and what they nest."""
    del path
    values = Values(source)
    waiting = [document]
    while waiting:
        for item in waiting.pop().blocks:
            if item.kind != "mapping":
                continue
            for position, child in enumerate(item.children):
                if child.name in _BLOCKS and isinstance(child, Block):
                    waiting.append(child)
                elif child.name == "environment":
                    values.variables(target(child))
                elif child.name not in _KEYWORDS and not child.name.startswith("with_"):
                    _refine_module(values, item, position)


def _is_play(item: Block) -> bool:
    keys = {child.name for child in item.children}
    return bool(keys & _IMPORTS) or ("hosts" in keys and bool(keys & _PLAY_KEYS))


def _is_task(item: Block, is_task_file: bool) -> bool:
    keys = [child.name for child in item.children]
    modules = [key for key in keys if key not in _KEYWORDS and not key.startswith("with_")]
    if not modules:
        return "block" in keys
    if len(modules) > 1:
        return False
    return is_task_file or modules[0] in _MODULES or _QUALIFIED.fullmatch(modules[0]) is not None


def _refine_module(values: Values, task: Block, position: int) -> None:
    child = task.children[position]
    if isinstance(child, Alias):
        return
    module = child.name.rpartition(".")[2]
    if isinstance(child, Block):
        put(task, position, _with_arguments(values, module, child))
        return
    text = values.text(child)
    if module in ("action", "local_action"):
        word = re.match(r"\s*([\w.]+)\s*", text.text, re.ASCII)
        if word is None:
            return
        module = word[1].rpartition(".")[2]
        text = text.part(word.end(), len(text.text))
    if module in _SCRIPTS:
        put(task, position, _script(child, text))
        return
    arguments = _pairs(child, text)
    if arguments is not None:
        put(task, position, arguments)
        put(task, position, _with_arguments(values, module, arguments))


def _script(setting: Setting, text: Source) -> Block | None:
    """A free-form command line: its parameters as settings, the rest as a script."""
    directive = new_directive(setting, (setting.value,))
    hidden = templates.masked(text.text) or text.text
    script: list[str] = []
    done = 0
    for found in _PARAMETER.finditer(hidden):
        directive.add(_pair(text, found))
        script += [text.text[done : found.start()], " " * len(found[0])]
        done = found.end()
    add_script(directive, text.within("".join(script) + text.text[done:], [(0, 0)]))
    return directive if directive.children else None


def _pairs(setting: Setting, text: Source) -> Block | None:
    """The mapping that ``key=value key=value`` abbreviates; None where anything else stands there."""
    hidden = templates.masked(text.text) or text.text
    mapping = Block("mapping", setting.name, setting.key, setting.end)
    offset, end = 0, len(hidden.rstrip())
    while offset < end:
        found = _PAIR.match(hidden, offset)
        if found is None:
            return None
        mapping.add(_pair(text, found))
        offset = found.end()
    return mapping if mapping.children else None


def _pair(text: Source, found: re.Match[str]) -> Setting:
    start, end = found.span("value")
    value = found["value"]
    if value[:1] in ("'", '"') and value.find(value[0], 1) == len(value) - 1 > 0:
        start, end = start + 1, end - 1
    setting = part(found["name"], text, start, end)
    setting.key = text.at(found.start("name"))
    return setting


def _with_arguments(values: Values, module: str, arguments: Block) -> Block | None:
    """A module's arguments, refined; what takes their place where the module runs a command."""
    if arguments.kind != "mapping":
        return None
    if module in _SCRIPTS:
        return _command(values, arguments)
    if module in ("k8s", "docker_compose", "docker_compose_v2"):
        _refine_definition(values, module, arguments)
    elif module == "docker_container":
        compose.refine_service(values, arguments)
    elif module == "ini_file":
        _read_ini_value(values, arguments)
    path = _path(arguments) if module in _CONTENT else ""
    for position, child in enumerate(arguments.children):
        if not isinstance(child, Setting):
            continue
        if child.name in _CONTENT.get(module, ()):
            put(arguments, position, values.document(child, path or child.name))
        elif module == "cron" and child.name == "job":
            put(arguments, position, values.script(child))
    return None


def _command(values: Values, arguments: Block) -> Block | None:
    """``cmd`` or ``argv`` as a script or a command, among the other arguments."""
    given = [child for child in arguments.children if child.name in ("_raw_params", "argv", "cmd")]
    line = given[0] if given else None
    if isinstance(line, Setting):
        directive = new_directive(arguments, (line.value,))
        add_script(directive, values.text(line))
    elif isinstance(line, Block):
        words = values.words(line)
        directive = new_directive(arguments, tuple(word.text for word in words))
        add_command(directive, words)
    else:
        return None
    others = [child for child in arguments.children if child is not line]
    for other in others:
        other.parent = directive
    directive.children += others
    return directive


def _refine_definition(values: Values, module: str, arguments: Block) -> None:
    for child in arguments.blocks:
        if child.name == "definition" and module == "k8s":
            kubernetes.refine(values, child)
        elif child.name == "definition" and child.kind == "mapping":
            compose.refine(values, child)


def _read_ini_value(values: Values, arguments: Block) -> None:
    """One option of an INI file: the value stands in the file's section under the option's name."""
    option, section = arguments.value("option"), arguments.value("section")
    for position, child in enumerate(arguments.children):
        if child.name != "value" or not isinstance(child, Setting) or not option:
            continue
        document = Block("document", _path(arguments), child.start, child.end)
        inner = document.add(Block("section", section, child.start, child.end)) if section else document
        inner.add(Setting(option, child.value, child.start, child.end, key=child.key, literal=child.literal))
        put(arguments, position, document)


def _path(arguments: Block) -> str:
    return next((path for path in map(arguments.value, _PATHS) if path), "")
