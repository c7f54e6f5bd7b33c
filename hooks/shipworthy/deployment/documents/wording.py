"""What words say about a thing: that it is done, that it is not there, or that somebody intends it.

Words in the languages that documents come in most often. What is not understood says nothing, and nothing is reported
because of a word alone: a path must be missing besides.

The patterns are for small letters: so they are found in half the time that it takes to look for both.
"""

from __future__ import annotations

import re

from shipworthy.patterns import lazy

_NEAR = 120
"""Characters, beyond which words have nothing to do with each other."""
DONE_MARK = "✅✔☑✓🟢"
"""What stands before or behind what is there."""

_ABSENT = (
    r"\b(?:miss(?:ing|es)|not\s+(?:found|yet|implemented|present|committed|available|created|included|exist(?:ing)?|there"
    r"|part|tracked|checked|used|needed|required|in)|(?:does|do|did)(?:n['’]t|\s+not)|isn['’]t|aren['’]t|wasn['’]t|cannot"
    r"|can['’]t|no\s+longer|absent|remov(?:ed?|es|ing|al)|delet(?:ed?|es|ing|ion)|deprecat(?:ed|ion)|obsolete|legacy|renam(?:ed?|ing)"
    r"|mov(?:ed?|ing)|replac(?:ed?|es|ing)|formerly|previous(?:ly)?|used\s+to|never|without|lack(?:s|ing)?|instead\s+of"
    r"|rather\s+than|unlike|supersed\w+|retired|dropped|migrat(?:ed?|es|ing)\s+(?:from|away)|was|were|had|old|outdated|stale"
    r"|wrong|incorrect|broken|empty|none|no|neither|nor|un(?:committed|tracked)|git-?ignored|ignored|git\s+rm|rm"
    r"|(?:an)?other\s+repo(?:sitory)?|(?:separate|external|different|private|sibling|companion)\s+(?:git\s+)?repo(?:sitory)?"
    r"|repo(?:sitory)?\b[^.\n]{0,60}\bthere|archived?|consolidat\w+|merged|extract(?:ed)?\s+from|ported|cleaned?(?:\s+up)?|unused|split|refactored|duplicates?"
    r"|kept?|keep|derived|lineage|converted|historical(?:ly)?|originally|404)\b"
    r"|n['’]t\b|[❌✗✘⛔🚫✖]|→|⇒|=>|->|(?<![<>-])-->"
    r"|\b(?:fehlt|fehlen(?:de[rn]?)?|nicht\s+(?:vorhanden|gefunden|mehr|implementiert)|entfernt|gelöscht|veraltet|ohne)\b"
    r"|\b(?:saknas|finns\s+inte|borttagen|raderad|inte)\b|\b(?:falta|faltan(?:te)?|no\s+existe|eliminad[oa]|sin)\b"
    r"|\b(?:manquant\w*|absent\w*|n['’]existe\s+pas|supprimé\w*|sans)\b|\b(?:faltando|ausente|não|removid[oa])\b"
    r"|отсутств\w+|не\s+(?:найден|реализован|существует)\w*|нет\b|удал\w+"
    r"|缺失|缺少|未实现|未實現|不存在|没有|沒有|尚未|已删除|移除|废弃|未実装|不足|存在しない|削除|없음|누락"
)
_INTENDED = (
    r"\b(?:will|shall|should|must|needs?(?:ed)?(?:\s+to)?|to\s+be|to-?do|tbd|plan(?:s|ned|ning)?|future|roadmap|upcoming|coming\s+soon"
    r"|next\s+steps?|propos(?:e[ds]?|al)|recommend\w*|suggest\w*|would|could|can|may|might|consider|pending|wip|in\s+progress"
    r"|optional(?:ly)?|if|when(?:ever)?|unless|once|references?\s*:|inspired|borrow\w*|upstream|counterpart|e\.?\s?g\.?|for\s+example|for\s+instance|such\s+as|examples?|like|similar"
    r"|placeholder|templates?|ideal(?:ly)?|want|let['’]s|expected|phase\s+\d|partial(?:ly)?|scaffold(?:ed)?|draft|blocked"
    r"|created?\s+(?:by|at|when|on|during)|generat\w+|output\w*|produc(?:e[ds]?|ing)|writ(?:es?|ten|ing)|download\w*"
    r"|sav(?:ed?|es|ing)|stor(?:ed?|es)|upload\w*|export\w*|built|auto-?created|auto(?:matically)?|logs?|runtime)\b"
    r"|[🚧⏳🔜⌛📅🔲⬜☐🟡🔴⚠❓❗🔄]"
    r"|\b(?:geplant|soll(?:te|ten)?|wird|werden|muss|müssen|zukünftig|optional|z\.\s?b\.)|\b(?:planera[dt]|ska|kommer\s+att|bör)\b"
    r"|\b(?:pendiente|planead[oa]|debe|deberá|futuro)\b|\b(?:à\s+(?:créer|faire)|prévu\w*|devra|doit)\b"
    r"|\b(?:pendente|planejad[oa]|deve|será)\b|планир\w+|нужно|будет|должен|должна"
    r"|参考|借鉴|如需|如有|待|计划|計劃|将|將|需要|应该|應該|可选|例如|予定|べき|必要|예정|필요|계획"
)
_INSTRUCTED = (
    r"\b(?:creat(?:e[sd]?|ing)|add(?:s|ed|ing)?|make|generate|write|save|copy|cp|put|place|mkdir|touch|new|set\s+up|define"
    r"|introduce|implement|build|name[sd]?|called|paste|init(?:ialize)?|erstell\w+|anlegen|skapa|lägg\s+till|crear?|créer|criar)\b"
    r"|创建|新建|新增|添加|作成|追加|создать|создайте|добав\w+|생성|추가"
)
_PLANNED = lazy(
    r"\b(?:planned|will\s+be|to\s+be|future|roadmap|coming\s+soon|proposed|tbd|to-?do|not\s+yet|pending|wip|in\s+progress)\b"
    r"|[🚧⏳🔜]"
    r"|\b(?:creat\w*|add|define|introduce)\b[^.\n]{0,60}\b(?:script|target|command|task)s?\b"
    r"|geplant|planerad|pendiente|prévu|计划|待|予定|예정|планир",
)
_FILE_TO_WRITE = lazy(r"\b(?:creat\w*|write|add|save|update|edit|put|paste|example|sample)\b[^\n]{0,80}`[^`\n]+\.\w+`")
_GONE = lazy(
    r"\b(?:missing|not\s+(?:found|yet|committed|there|available|written)|(?:does|do)(?:n['’]t|\s+not)\s+exist|no\s+longer"
    r"|remov(?:ed|es|al)|delet(?:ed|es|ion)|deprecat(?:ed|ion)|obsolete|renamed|empty|dead\s+links?|broken\s+links?|404)\b|[❌✗✘🚧⏳🔜]"
    r"|fehlt|saknas|falta\b|manquant|缺失|不存在|未实现|отсутств",
)
_DONE_WORD = (
    r"(?:100\s?%|(?:fully\s+|all\s+)?(?:complete[d]?|done|implemented|finished|ready|exist(?:s|ing)|present|committed|created"
    r"|deployed|delivered|available|in\s+place|operational|live|active|shipped|verified|working|production[-\s]ready)"
    r"|completo|completad[oa]|hecho|listo|concluíd[oa]|pronto|feito|terminée?|fini|fait|complète?|prête?|implémentée?"
    r"|fertig|erledigt|abgeschlossen|vollständig|vorhanden|umgesetzt|bereit|klart?|färdigt?|slutförd|finns"
    r"|готово|завершен[оа]?|завершён|выполнено|реализовано|есть"
    r"|已?完成|已实现|已實現|已创建|完了|完成済み|実装済み|済|완료|구현됨)"
)
ABSENT = lazy(_ABSENT)
INTENDED = lazy(_INTENDED)
INSTRUCTED = lazy(_INSTRUCTED)
_ADDED_TO = lazy(r"\badd(?:ed|s|ing)?\b[^.\n]{1,80}\b(?:to|in)\s+(?:the\s+)?(?:file\s+)?[`*\"'(\[]*$")
_MARKUP = r"[\s*_~`|:.!()\[\]-]*"
_DONE_CELL = lazy(
    rf"{_MARKUP}(?:[{DONE_MARK}]\ufe0f?{_MARKUP}(?:{_DONE_WORD})?|{_DONE_WORD}){_MARKUP}(?:[(—–,:-][^|]{{0,80}})?",
)
_DONE_START = lazy(
    rf"{_MARKUP}(?:\d+[.)]\s*)?(?:[{DONE_MARK}]|(?:complete[d]?|done|implemented|finished|完成|已完成|klart?|fertig|erledigt|готово)[*_\s]*[:：])",
)
_DONE_END = lazy(
    rf"(?:[{DONE_MARK}]\ufe0f?{_MARKUP}(?:\(?{_DONE_WORD}\)?{_MARKUP})?|[(—–:-]{_MARKUP}(?:100\s?%|complete[d]?|done|implemented|完成|已完成|klart?|fertig|erledigt|готово|terminé|completado){_MARKUP})$",
)
_STATUS = lazy(
    r"^[ \t>*_+-]{0,20}[^\w\s]{0,3}[ \t]{0,3}(?:status|state|stand|estado|statut|статус|状态|狀態|ステータス|상태"
    r"|implementation\s+status)[ \t*_]{0,5}[:：][ \t*_]{0,5}(?P<value>[^\n]{1,120})",
    re.IGNORECASE | re.MULTILINE,
)
STATUSES = "status state stand estado statut статус 状态 狀態 ステータス 상태".split()
"""In small letters, in a line that gives a status."""
_STATUS_HEADER = lazy(
    r"status|state|done|complete|progress|ready|readiness|implemented|exists?|present|committed|available|stand|estado"
    r"|statut|estatus|статус|готов|状态|狀態|状況|进度|完成|상태|✓|✅|^$",
)
_QUIET_HEADING = lazy(
    r"\b(?:plan(?:s|ned|ning)?|road-?map|future|will|hours?|weeks?|timeline|schedule|hackathon|derived|lineage|conventions?|naming"
    r"|styles?|best\s+practices?|guidelines?|standards?|do['’]?s|migrat\w+|before|gaps?|missing|recommend\w*|next\s+steps?|to-?do|propos\w+"
    r"|should|optional|examples?|alternatives?|remov\w+|delet\w+|deprecat\w+|legacy|histor\w+|backlog|would|ideal|target|suggest\w*"
    r"|to\s+be|upcoming|current\s+issues?|known\s+issues?|problems?|change-?log|release\s+notes|renam\w+|moved?|refactor\w*"
    r"|clean-?up|archived?|archiving|templates?|improvements?|enhancements?|todo|wish|draft|steps?\s+to|required\s+(?:files|changes)"
    r"|not\s+(?:yet\s+)?\w+|phase\s+[2-9]|sprint|next|troubleshoot\w*|faq|how\s+to\s+(?:add|create|write)|adding|creating"
    r"|files?\s+to\s+\w+|need(?:s|ed)|old|blocked|incomplete|work\s+in\s+progress|wip|what\s+(?:you|to)\b)"
    r"|geplant|fehlend|nächste\s+schritte|zukünftig|saknas|planerad|nästa\s+steg|pendiente|futuro|manquant|à\s+faire"
    r"|план|缺失|计划|规划|路线图|ロードマップ|待办|未来|建议|下一步|迁移|予定|今後|계획",
)
_CONTRASTS = lazy(
    r"\b(?:naming|conventions?|styles?|best\s+practices?|guidelines?|standards?|do['’]?s|don['’]?ts?|good|bad|right|wrong)\b",
)
_MADE_HEADING = lazy(
    r"\bfiles?\s+(?:created|added|delivered|implemented|committed)\b|\b(?:created|delivered|added|implemented|committed)\s+files?\b"
    r"|\bwhat\s+(?:was|has\s+been|we)\s+(?:built|created|implemented|delivered)\b|\bcompleted\b"
    r"|\bimplemented\b|已完成|erstellte\s+dateien|archivos\s+creados|fichiers\s+créés",
)


_FINISHED = lazy(rf"[{DONE_MARK}]|\b(?:complete[d]?|completion|finished|done|implemented)\b|完成")


def is_absent(text: str) -> bool:
    """Whether words say that something is not there, or not there any more."""
    return ABSENT.search(text.lower()) is not None


def is_intended(text: str) -> bool:
    """Whether words speak of something that is to come, that may be, or that a program makes."""
    return INTENDED.search(text.lower()) is not None


def is_gone(text: str) -> bool:
    """Whether words say outright that something is not there."""
    return _GONE.search(text.lower()) is not None


def is_planned(text: str) -> bool:
    """Whether words say that something does not exist yet."""
    return _PLANNED.search(text.lower()) is not None


def is_file_to_write(text: str) -> bool:
    """Whether words tell somebody to write a file whose contents follow."""
    return _FILE_TO_WRITE.search(text.lower()) is not None


def is_instructed(text: str) -> bool:
    """Whether words tell somebody to make something."""
    return INSTRUCTED.search(text.lower()) is not None


def is_added_to(before: str) -> bool:
    """Whether the words up to a name say that something is to be added to it: "add the key to the `file`"."""
    return _ADDED_TO.search(before[-_NEAR:].lower()) is not None


def is_done_cell(text: str) -> bool:
    """Whether a cell, or the value of a status, says nothing but that something is done."""
    text = text.strip().lower()
    return (
        len(text) <= _NEAR and _DONE_CELL.fullmatch(text) is not None and not is_absent(text) and not is_intended(text)
    )


def is_marked_done(text: str) -> bool:
    """Whether a line begins or ends with a mark or a word that something is done."""
    text = text.strip().lower()
    return _DONE_START.match(text[:_NEAR]) is not None or _DONE_END.search(text[-_NEAR:]) is not None


def statuses(text: str) -> list[str]:
    """What lines such as ``**Status**: complete`` give as status."""
    return [found["value"] for found in _STATUS.finditer(text)]


def is_status_header(text: str) -> bool:
    """Whether the first cell of a column says that a status stands below."""
    return _STATUS_HEADER.search(text.strip(" *_`").lower()) is not None


def is_quiet_heading(text: str) -> bool:
    """Whether what stands below a heading may be missing."""
    text = text.lower()
    return _QUIET_HEADING.search(text) is not None or is_absent(text)


def contrasts(text: str) -> bool:
    """Whether below a heading marks tell good from bad, and not what is done from what is not."""
    return _CONTRASTS.search(text.lower()) is not None


def is_finished(text: str) -> bool:
    """Whether a heading says that what stands below it is finished."""
    text = text.lower()
    return _FINISHED.search(text) is not None and not is_absent(text)


def is_made_heading(text: str) -> bool:
    """Whether what stands below a heading was made, says the heading."""
    return _MADE_HEADING.search(text.lower()) is not None
