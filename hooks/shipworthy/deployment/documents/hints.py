"""Plain texts of which one stands in everything that is worth a look.

Finding them is many times faster than a regular expression, and a repository may hold thousands of documents.
"""

from __future__ import annotations

MARKS = (
    *("`", "](", "]:", "<img", "<a ", "href", "src=", "::", "link:", "xref:", "<<"),
    *("├", "└", "|--", "    ", "~~~", "----"),
)
"""In a document that names a path or shows a command."""
LINKS = (
    *("](", "]: ", "<img", "<IMG", "<a ", "<source", "<<", "::", "`_"),
    *(":doc:", ":download:", "link:", "xref:", "image:"),
)
"""In a piece with a link."""
DONE = (
    "✅ ✔ ☑ ✓ 🟢 [x] 100% complet done implement finish ready available operational status deployed delivered created"
    " shipped exist present committed 完成 实现 實現 完了 완료 klar färdig fertig erledigt vorhanden abgeschlossen"
    " terminé fait prêt hecho listo pronto feito concluíd готов выполн реализ завершен".split()
)
"""In a document, in small letters, that calls something done."""
KINDS = (
    "docker compose container kubernetes k8s helm terraform ci/ cicd ci-cd pipeline actions network monitoring"
    " observability backup test continuous secret script".split()
)
"""In a piece, in small letters, about a kind of thing of which `artefacts` knows whether it is there."""
TREES = ("├", "└", "╰", "|--", "+--", "`--", "/\n")
"""In a document with a tree diagram."""
COMMANDS = (
    *(" run ", "make ", "compose", "kubectl", "helm", "docker", "./"),
    *(f".{ending}" for ending in "sh bash py js mjs ts yml yaml txt sql".split()),
)
"""In a document with a command that needs something."""
TECHNOLOGY = (
    "technolog tech- stack built dependenc version technologie tecnolog versión versiones 技术 技術 版本 バージョン"
    " стек технолог верси".split()
)
"""In a heading or a table, in small letters, about technology."""
