"""The words by which code admits, confesses or pretends; all are looked for in lower case."""

from __future__ import annotations

import re

from shipworthy.patterns import lazy


def _any(words: str) -> str:
    """A pattern for one of some words, each of which may itself be a pattern without a blank."""
    return f"(?:{'|'.join(words.split())})"


_SYSTEM = _any(
    "implementation impl app application system scenario world environment code version deployment service setup "
    "setting"
    " product project life case server integration"
)
"""What somebody says "in a real ..." of."""
_MODAL = _any(
    "this we you it that the these they would should use query call send store save implement integrate replace "
    "connect"
    " fetch get load check verify validate must will actually real i compute calculate run do perform retrieve "
    "read write"
    " push publish generate hash encrypt make trigger an? consider look parse forward persist"
)
"""What follows "in production"."""
_WORK = _any(
    "call use send query integrate connect trigger store require persist write read fetch load update delete invoke"
    " implement perform execute run check validate verify come go return involve interact analy[sz]e compute "
    "calculate"
    " publish notify parse generate process extract look push reach open scan sync track retrieve aggregate hit "
    "forward"
    " create convert compare communicate restart encrypt decrypt sign set get do happen apply"
)
"""What would be done."""
_STATES = _any(
    "called used invoked triggered set populated passed provided lost ignored nice internal better good great "
    "instant the"
    " possible wrong bug mistake breaking"
)
"""What "would be" says about something else."""
_FALSE = r"(?:mock(?:ed|ing)?|placeholders?|stub(?:bed|s)?|dummy|fake[sd]?|simulated|canned)"
_THING = _any(
    r"implementations? impl responses? data results? values? versions? logic functions? methods? handlers? "
    r"return reply"
    r" analysis metrics? checks? scores? until predictions? authentication calls? process\w* behaviou?rs? service"
    r" endpoints? outputs? objects? users? ids? calculations? validations? verification api stats statistics "
    r"status content"
    r" numbers? payments? execution generation routes?"
)
"""What is false, simulated or in its place."""
_VERBS = _any(
    r"implement\w* actual(?:ly)? real integrate connect wire replace proper(?:ly)? complete finish call send "
    r"persist store"
    r" save fetch query load read write calculate compute verify validate check get generate trigger notify "
    r"publish create"
    r" delete parse encode enqueue invoke perform process upload encrypt retrieve apply execute track record "
    r"handle log"
    r" placeholder mock stub logic"
)
"""What a TODO says that is still to be done, where it is about the work itself."""
_BEFORE = _any(
    r"we should need needs must to later still actually properly please eventually will have has be this add the an?"
)
"""What may stand between TODO and its verb."""

_TODO = (
    r"\b(?:todo|fixme|xxx|hack)\b[:\W]{0,4}(?:\([^()]{1,40}\)|[a-z]{2,8}-\d+|#\d+|https?://\S+)?[:\W]{0,4}"
    rf"(?:(?:{_BEFORE}|in production|for production|phase \d+)[\s,:]{{1,3}}){{0,4}}"
    rf"(?:{_VERBS}|hook up|add (?:support|integration|handling|authentication))\b"
)
_IN_REAL = (
    r"\bin (?:an? |the )?(?:real|actual|full|proper|complete|true|real-life)[- ](?:world[- ]"
    r"|life[- ])?(?:production[- ])?"
    rf"{_SYSTEM}\b|\ba (?:real|full|proper|complete|true) implementation\b"
)
_IN_PRODUCTION = (
    rf"\bin (?:an? |the )?(?:real |actual |full )?production(?:[- ](?:ready |grade )?{_SYSTEM})?,? {_MODAL}\b"
    r"|\bin production[:,]|\bfor production,? (?:use(?! (?:only|and|with|in|by)\b) \w|(?:implement|this|we|you|replace"
    r"|integrate|connect)\b)"
    r"|\bproduction (?:implementation|code|version|system) (?:would|(?:should|must)(?! (?:not|never)\b)|will|needs?)\b"
    r"|\breal (?:implementation|version|code) (?:would|should|will|goes)\b"
)
_WOULD = (
    r"\b(?:this|here|it|that|we|you|they|implementation|which|logic)"
    r"(?: (?:is where|method|function|endpoint|code|we|you|handler|service|task|job|step|part|section)){0,2} would "
    r"(?:actually |normally |typically |really |also |then |need to |have to |ideally |usually |involve |instead "
    r"|probably"
    rf" |eventually )*(?:{_WORK}|be(?! (?:an? )?{_STATES}\b)|make an? (?:actual|real|api|http|request|call))\b"
)
_FALSE_WORK = (
    rf"(?<!\bbe )\b{_FALSE} (?:(?:\w+ )?{_THING}|for)\b|^\W*{_FALSE}\b\W*(?:$|[-:.(])|\({_FALSE}\)"
    rf"|\b(?:just|as|returns?|returning|using|currently|only|this is|that is) (?:just |only |currently )?(?:an? "
    rf")?{_FALSE}\b"
    rf"|\bis (?:just |only |currently )?(?:an? )?{_FALSE}\b(?=\W*$|[.,;:)-]| to | until | for now| function| and )"
    r"|\b(?:temporary|basic) (?:stub|placeholder|mock)\b"
    r"|\bhard-?coded (?:for now|until|for (?:the )?demo|placeholder|response|results?|for testing)\b"
)
_MISSING = (
    r"\bnot (?:yet )?(?:fully |actually |been )?implemented\b|\bunimplemented\b|\bto be implemented\b"
    r"|\bimplement me\b"
    r"|\bimplementation (?:pending|missing|goes here|here|needed|required|would|omitted|is left|to follow"
    r"|placeholder)\b"
    r"|\bimplementation coming soon\b|\bneeds? (?:to be |an? )?(?:implement(?:ed|ation)|real implementation)\b"
    r"|\bwill be implemented\b|\bimplement (?:later|here|actual|real)\b|\bcoming soon\b"
    r"|\badd (?:your|actual|real|the actual|the real) (?:\w+ )?(?:implementation|logic|code)\b"
    r"|\byour (?:code|logic|implementation) (?:goes )?here\b|\blogic (?:would go|goes) here\b"
)
_FOR_NOW = (
    r"\bfor now,? ?(?:just |we(?:'ll| will)? |i'll |simply |only |it |let's |this |always |to )*(?:"
    r"return\w*|log\w*|simulat\w*|assum\w*|allow\w*|accept\w*|skip\w*|pretend\w*|print\w*|mock\w*|fake\w*"
    r"|ignor\w*|do nothing"
    r"|does nothing|hard-?cod\w*|always|stub\w*|no-?op|placeholder|approv\w*"
    r"|use an? (?:mock|dummy|fake|simple|placeholder|hard)\w*)\b"
)
_PLAYED = (
    r"\bsimulat(?:e[sd]?|ing)\b|\bfor (?:the )?(?:demo(?:nstration)?|mvp|prototype|hackathon|poc)(?: purposes?)?\b"
    r"|\bdemo (?:purposes?|implementation|response)\b"
    r"|\bsimplified (?:implementation|version|for now|calculation|approach|check)\b"
)
_ELSEWHERE = r"模拟|占位|未实现|暂未|noch nicht implementiert|no implementado|заглушка|не реализован"
CONFESSIONS = (
    lazy(_TODO, holding=("todo", "fixme", "xxx", "hack")),
    lazy(_IN_REAL, holding=("real", "actual", "full", "proper", "complete", "true")),
    lazy(_IN_PRODUCTION, holding=("production", "real ")),
    lazy(_WOULD, holding=(" would ",)),
    lazy(
        _FALSE_WORK,
        holding=("mock", "placeholder", "stub", "dummy", "fake", "simulated", "canned", "coded"),
    ),
    lazy(_MISSING, holding=("implement", "coming soon", "logic ", "your ", "actual ", "real ")),
    lazy(_FOR_NOW, holding=("for now",)),
    lazy(_PLAYED, holding=("simulat", "demo", "mvp", "prototype", "hackathon", "poc", "simplified ")),
    lazy(_ELSEWHERE, holding=tuple(_ELSEWHERE.split("|"))),
)
"""What a comment says, in one of these ways, where the code beside it does not do its work."""


def confesses(text: str) -> bool:
    """Whether a text says that the code beside it does not do its work."""
    return any(pattern.search(text) for pattern in CONFESSIONS)


FALSE_THING = lazy(
    rf"\b{_FALSE} (?:\w+ )?(?:implementations?|impl|data|responses?|results?|logic)\b|^\W*{_FALSE}\b|\bas (?:an? "
    rf")?{_FALSE}\b"
)
"""A comment that says that what is there is not the real thing."""
SIMULATION = lazy(r"\bsimulat(?:e[sd]?|ing)\b|\bfake\w* (?:delay|latency|work|process\w*)\b|模拟")
"""A comment that says that something is played."""
BY_DESIGN = lazy(
    r"\bno-?op\b|\bintentional(?:ly)?\b|\bdeliberate(?:ly)?\b|\bby design\b|\bnothing to (?:do|clean|see)\b|\bon "
    r"purpose\b"
    r"|\bnot (?:needed|required|applicable|necessary|used|supported|relevant|possible)\b|\bno need\b|\bdoes not "
    r"need\b|\bdoesn't need\b"
    r"|\bnever (?:called|used|reached|happens?)\b|\bunreachable\b|\boverrid\w+\b|\bsubclass\w*\b|\babstract\b"
    r"|\bdeprecated\b"
    r"|\bbackwards? compat\w*\b|\bsatisf(?:y|ies) the (?:linter|type)\b|\bdefault implementation\b|\bhandled "
    r"(?:by|in|else)"
    r"|\bimplemented (?:in|by|elsewhere)\b|\bonly (?:for|in|used (?:for|in|by)) tests?\b|\bunit tests?\b|\bin "
    r"tests?\b"
)
"""A comment that says that nothing is to be done here."""

ADMISSION = lazy(
    r"\bnot (?:yet )?(?:been )?(?:fully )?implemented\b|\b(?:is|are|was)n'?t (?:yet )?implemented\b|\bunimplemented\b"
    r"|\bto be implemented\b|\bimplement me\b|\bimplementation (?:pending|missing|required|needed)\b"
    r"|\bnotimplemented\b"
    r"|\bnot_implemented\b|\btodo\b|\bcoming soon\b|\bunder (?:development|construction)\b|\bnot yet "
    r"(?:available|supported|wired|connected)\b"
    r"|\b(?:will|must|should|needs to) be implemented\b(?! (?:by|in)\b)|\bnoch nicht implementiert\b|未实现|не "
    r"реализован"
)
"""A text that says at run time that there is nothing yet."""
_ADMITTED = (
    "implement",
    "todo",
    "coming soon",
    "under development",
    "under construction",
    "not yet ",
    "501",
    "未实现",
    "не реализован",
)
ADMITTING = lazy(
    r"^(?![ \t]*/?\*)(?:(?!//|(?<!\S)#[ !#])[^\"'`\n])*(?:[\"'`][^\n]*)?(?:" + "|".join(_ADMITTED) + ")",
    re.MULTILINE,
    holding=_ADMITTED,
    by_line=True,
)
"""A line in lower case that may say so at run time, by a text, a status, a call or a type: not in a comment alone."""
HONEST = lazy(
    r"\bsub-?class\w*\b|\bderived\b|\boverrid\w+\b|\babstract\b|\bmust implement\b|\bimplementers?\b|\bchild "
    r"class\b|\bnot implemented (?:for|on) (?:this )?"
    r"(?:platform|os|browser|windows|linux|type)|\bnot support\w*|\bunsupported\b|\bmust be implemented by\b"
    r"|\bshould be implemented by\b"
    r"|\bshould (?:not|never) be (?:used|called|reached|invoked)|\bnever be called\b|\buse \w+|\binstead\b|\bnot "
    r"available (?:in|on|for)\b|\bno longer\b|\bdisabled\b|\bnot (?:configured|enabled|allowed|permitted)\b"
    r"|\b(?:computed|calculated|handled|done|provided|resolved) (?:\w+ )?(?:in|by|elsewhere)\b"
)
"""A text about what others have to implement, or about what is not meant to be there."""
UNIMPLEMENTED_TYPES = frozenset(
    {
        "NotImplementedError",
        "NotImplementedException",
        "NotYetImplementedException",
        "NotImplemented",
        "UnimplementedError",
    }
)
UNSUPPORTED_TYPES = frozenset({"UnsupportedOperationException", "UnsupportedOperationError", "BadMethodCallException"})
UNIMPLEMENTED_CALLS = frozenset({"todo", "unimplemented", "TODO"})
UNIMPLEMENTED_STATUS = lazy(
    r"(?<![\w.])(?<![=!<>])(?<![=!<>] )501(?![\w.])|\b(?:status|status_?code|code)=501(?![\w.])"
    r"|\bNOT_IMPLEMENTED\b|\bStatusNotImplemented\b|:not_implemented\b"
    r"|\bStatus501NotImplemented\b"
    r"|\bcodes\.Unimplemented\b|\bHTTP_501_NOT_IMPLEMENTED\b|\bHttpStatusCode\.NotImplemented\b|\bUNIMPLEMENTED\b"
    r"|\bHTTP_NOT_IMPLEMENTED\b|\bHttpResponse::NotImplemented\b"
)

ECHO = lazy(
    r"\b(?:processed|executed|analy[sz]ed|completed|handled|generated|response (?:to|from|for)"
    r"|answer (?:to|for)|(?<!no )results? (?:of|for)|mock(?:ed)?|simulated|dummy|stub|fake|echo|transformed|translated"
    r"|summary of|summari[sz]ed"
    r"|classified|prediction for|predicted|computed|evaluated|published|indexed|searched|query result"
    r"|translation of|output (?:of|for))\b",
    re.IGNORECASE,
    holding=(
        *("processed", "executed", "analy", "completed", "handled", "generated", "response ", "answer ", "result"),
        *("mock", "simulated", "dummy", "stub", "fake", "echo", "transformed", "translat", "summar", "classified"),
        *("predict", "computed", "evaluated", "published", "indexed", "searched", "query result", "output "),
    ),
    by_line=True,
)
"""A text that claims that its own input was worked on."""
WORKING = lazy(
    r"_*(?i:process|execute|run|handle|analy[sz]e|invoke|call|query|search|fetch|send|publish|predict|infer"
    r"|transform|translate|summari[sz]e"
    r"|classify|complete|chat|perform|compute|evaluate|ask|respond|reply|answer|index|embed|recogni[sz]e|extract"
    r"|detect|train|review)(?![a-z])",
)
"""Names of functions that work on what they are given."""
NOT_WORKING = lazy(
    r"(?<=\w)(?:Id|Name|Key|Url|Uri|Link|Label|Title|Message|Path|Query|Topic|Subject|Text|String|Description|Error"
    r"|Prompt|Log|Header|Filename"
    r"|Prefix|Suffix|Template|Slug|_id|_name|_key|_url|_link|_label|_title|_message|_path|_query|_topic|_subject"
    r"|_text|_prompt|_error"
    r"|_template|_description)s?$"
)

ACTING = lazy(
    r"_*(?:send|notify|publish|upload|deliver|dispatch|emit|post|push|submit|delete|remove|purge|save|store"
    r"|persist|archive|encrypt|decrypt|charge"
    r"|refund|pay|process|execut|deploy|undeploy|rollback|backup|back_?up|restore|sync|synchroni[sz]e|import"
    r"|export|transfer|migrate|scale|block"
    r"|unblock|ban|revoke|rotate|create|update|schedule|enqueue|queue|register|unregister|cancel|approve|reject"
    r"|book|reserve|ship|cleanup|clean_?up"
    r"|restart|reboot|stop|start|provision|train|index|reindex|replicate|trigger|apply|escalate|record|track"
    r"|audit|write|alert|invalidate|reset"
    r"|run|handle|analy[sz]e|predict|generate|compute|calculate|scan|enrich|reconcile|settle|broadcast|connect"
    r"|disconnect|test|perform|init)",
    re.IGNORECASE,
)
"""Names of functions that change something outside of themselves, or work something out."""
OUTWARD = lazy(
    r"_*(?i:send|notify|publish|upload|deliver|dispatch|submit|delete|purge|save|store|persist|archive|encrypt"
    r"|decrypt|charge|refund|pay|deploy"
    r"|rollback|backup|back_?up|restore|sync|synchroni[sz]e|transfer|migrate|revoke|rotate|enqueue|cancel|ship"
    r"|reindex|replicate|escalate|settle"
    r"|provision|broadcast|reconcile|process(?:_?payment|_?refund|_?order|_?webhook))(?![a-z])",
)
"""Names of functions that reach outside of the program."""
VERIFYING = lazy(
    r"_*(?:is_?)?(?:verify|validate|authenticate|authori[sz]e|check|is_?valid|is_?verified|is_?authori[sz]ed"
    r"|is_?authenticated|has_?permission"
    r"|can_?access|confirm)",
    re.IGNORECASE,
)
SECURITY = lazy(
    r"signature|token|password|credential|permission|auth(?!or(?!i))|captcha|otp|2fa|mfa|jwt|certificate|webhook"
    r"|hmac|api_?key|access|identity|license"
    r"|session|proof|biometric|kyc|csrf|nonce|saml|login|secret|origin",
    re.IGNORECASE,
)
VALID = lazy(
    r"(?:is_?)?(?:valid|verified|success|authenticated|authori[sz]ed|ok|allowed|passed|approved|isvalid)"
    r"[\"']?\s*(?::|=>|=|,|\()\s*true\b",
    re.IGNORECASE,
)

CLAIM = lazy(
    r"\b(?:success(?:ful)?|ok|sent|delivered|processed|completed|saved|deleted|published|verified|created|updated"
    r"|deployed|executed|is_?success)[\"']?\s*(?::|=>|=|,|\(|\bto\b)\s*true\b"
    r"|\bstatus[\"']?\s*(?::|=>|=|,|\(|\bto\b)\s*[\"'](?:success|successful|succeeded|completed?|processed|sent"
    r"|delivered|done"
    r"|approved|executed|deployed|paid|published|saved|finished|accepted)[\"']",
    re.IGNORECASE,
    holding=("true", "status"),
)
"""A result that claims that the work was done."""
DONE = lazy(
    r"\b(?:sending|sent|deleting|deleted|uploading|uploaded|processing|processed|executing|executed|syncing"
    r"|synced|synchroni[sz]\w+|publishing|published"
    r"|archiving|archived|deploying|deployed|charging|charged|refunding|refunded|encrypting|storing|stored"
    r"|saving|saved|backing up|restoring|restored"
    r"|blocking|blocked|notifying|notified|notification|transferring|transferred|migrating|migrated|scaling"
    r"|scaled|cancell?ing|cancell?ed|revoking|revoked"
    r"|rotating|indexing|indexed|broadcast\w*|escalat\w+|provisioning|reconcil\w+|settl\w+|delivering|delivered"
    r"|dispatch\w+|submitt\w+|purg\w+|persist\w+)\b",
    re.IGNORECASE,
)
"""A log line that claims that something is being done, or was."""

DEPENDENCY = (
    r"(?:database|db|postgres\w*|mysql|mongo\w*|redis|cache|kafka|rabbitmq|queue|broker|elasticsearch|opensearch"
    r"|storage|s3|minio|qdrant|weaviate|neo4j"
    r"|vector_?\w*|message_?\w*|celery|worker\w*|smtp|email|api|external_?\w*|openai|llm|ai_?\w*|model\w*"
    r"|auth\w*|payment\w*|stripe|supabase|blockchain"
    r"|ml_?\w*|search|graph\w*|influx\w*|timescale\w*|clickhouse|nats|mqtt|zookeeper|consul|vault|keycloak|disk"
    r"|memory)"
)
CONSTANT_HEALTH = lazy(
    rf"[\"']?\b{DEPENDENCY}(?:_?(?:status|connection|health|connected))?[\"']?\s*(?::|=>|=|,|\bto\b)\s*"
    r"(?:\{\s*[\"']?status[\"']?\s*(?::|=>|=|,)\s*)?"
    r"(?:[\"'](?:connected|healthy|ok|up|operational|available|running|online|ready|active|pass|good)[\"']|true\b)",
    re.IGNORECASE,
)
HEALTH = lazy(r"health|ready|readiness|liveness|status|diagnos|heartbeat", re.IGNORECASE)

RANDOM = lazy(
    r"(?:^|[.:_])(?:random|rand|randn|randint|randrange|thread_rng|random\(\)\.next\w*|uniform|gauss"
    r"|normalvariate|nextint|nextdouble|nextfloat"
    r"|nextgaussian|mt_rand|random_int|gen_range)$"
    r"|^(?:math\.random|random\.\w+|rand\.\w+|np\.random\.\w+|numpy\.random\.\w+|random\.shared\.\w+|rand::\w+"
    r"|kotlin\.random\.\w+|threadlocalrandom\b.*|faker\..*)",
    re.IGNORECASE,
)
ROLLING = lazy(
    r"(?<![a-z])(?:rand(?:om|n|int|range)?|uniform|gauss|normalvariate)(?![a-z])|next(?:int|double|float|gaussian)"
    r"|localrandom|securerandom|rng|faker",
    holding=("rand", "rng", "uniform", "gauss", "normalvariate", "nextint", "nextdouble", "nextfloat", "faker"),
    by_line=True,
)
"""What stands in lower case in whatever is left to chance: a name, or a part of one."""
SLEEPING = lazy(
    r"sleep|delay|timeout|parknanos|latency|(?<![a-z])wait",
    holding=("sleep", "delay", "timeout", "parknanos", "latency", "wait"),
    by_line=True,
)
"""What stands in lower case in whatever waits: a name, or the end of one."""
DICE = lazy(r"rand|random|Random|ThreadLocalRandom|SecureRandom|rng|Faker|faker")
MEASURED = lazy(
    r"(?:usage|score|metric|latency|confidence|accuracy|utili[sz]ation|throughput|(?:^|_)cpu|memory_?(?:used"
    r"|percent|usage|mb)|(?:^|_)load$|load_?average|response_?time|uptime|error_?rate|success_?rate|hit_?rate|(?:open|click|conversion|churn|bounce|win)_?rate"
    r"|active_?users|active_?connections|active_?sessions|connections$|requests?_?per|(?:^|_)rps|(?:^|_)tps|(?:^"
    r"|_)qps|bandwidth|temperature|humidity|sentiment|probability|prediction|forecast|risk_?(?:score|level)"
    r"|trust_?score"
    r"|similarity|relevance|quality_?score|performance|revenue|profit|(?:^|_)balance|(?:^|_)price$"
    r"|current_?price|volume|block_?height|gas_?price|peers?_?count|queue_?(?:size|length|depth)|pending_?\w*count)",
    re.IGNORECASE,
)
NOT_MEASURED = lazy(
    r"random|jitter|sampl|generat|\bid\b|token|nonce|uuid|shuffle|colou?r|pick|seed|salt|otp|backoff|retry|delay|timeout|dispers|expir"
    r"|slug|simulat|mock|fake|demo|dummy|noise|monte|initiali[sz]e|perturb|mutat|explor|epsilon"
    r"|dropout|animation|particle|confetti|skeleton|width|height|position|placeholder|synthetic|augment",
    re.IGNORECASE,
)
TRYING = lazy(r"^(?:main|(?:test|bench|benchmark|demo|example)_\w+)$")
"""Names of functions that try something by hand, or measure it."""
TRIALS = lazy(r"^(?:n|num)_?(?:trials|simulations|paths|draws|iterations)$", re.IGNORECASE)
"""Parameters of Monte Carlo methods."""
WAITING = lazy(
    r"sleep|delay|wait|pause|retry|retries|backoff|throttle|debounce|poll|jitter|timeout|tick|interval|animate"
    r"|typing|heartbeat|keepalive|cooldown|rate_?limit|yield",
    re.IGNORECASE,
)
"""Names of functions that wait on purpose."""

DOUBLE = lazy(
    r"^I?(?:Base|Abstract|Mixin|Test|Generic)(?=[A-Z_\d]|$)|(?<!Knowledge)(?<!Data)(?<!Code)Base$"
    r"|(?:^|[a-z_\W])(?:Noop|NoOp|Null|Fake|Mock|Stub|Dummy|InMemory|Sandbox|Simulat(?:or|ion|ed|ing)|Emulat\w+"
    r"|Demo|Sample|Example|Console|Disabled|Empty|Void|Spy"
    r"|Placeholder|Honeypot|Debug|Stdout|Unimplemented|Unsupported|Backtest\w*|Benchmark\w*)(?=[A-Z_\d]|$)"
    r"|(?:^|_)(?:base|abstract|mixin|noop|no_op|null|fake|mock|stub|dummy|in_?memory|sandbox|simulat(?:or|ion"
    r"|ed)|emulat\w+|demo|sample|example|disabled|debug|unimplemented)(?:_|$)"
    r"|^(?:Nop|nop|fake|mock|stub|dummy|noop|null)[A-Z]|(?:Abstract|Mixin|Protocol|Double|ABC|Trait|Tests?|Error"
    r"|Exception)$"
)
"""Names of classes that stand in for others, or that others complete."""
LOGS = lazy(r"^I?(?:Log|Logs|Logger|Logging|Audit\w*|Trac(?:er|ing))(?=[A-Z_]|$)|(?:Log|Logger|Logging|Audit)$")
"""Names of classes that are there to log."""
DOUBLE_FUNCTION = lazy(
    r"^_*(?:mock|fake|stub|dummy|noop|no_op|nop|simulat(?:e|or|ed)|emulate|demo|sample|example)(?=[A-Z_\d]|$)"
    r"|(?:Mock|Fake|Stub|Dummy|Noop|NoOp|Simulat(?:ed?|or|ion)|Demo|Sample|Example)(?=[A-Z_\d]|$)"
    r"|_(?:mock|fake|stub|dummy|noop|no_op|simulat(?:e|ed|or|ion)|demo|sample|example)(?=_|$)"
)
"""Names of functions that say that they play."""
DOUBLE_PATH = lazy(
    r"(?:^|[/_.-])(?:mocks?|fakes?|stubs?|dumm(?:y|ies)|simulat\w*|simulations?|emulat\w*|honeypots?|demos?"
    r"|demonstrat\w*|samples?|seeds?|seeders?|seeding|noop|nop|null|in-?_?memory|sandbox|backtest\w*|playground"
    r"|mocking|showcase"
    r"|tutorials?|fixtures?|bench(?:es|marks?)?|testing|testutils?|storybook|prototypes?|chaos|load-?gen\w*|load-?_?tests?"
    r"|loadgenerator"
    r"|generators?)(?=[/_.-])",
    re.IGNORECASE,
)
DOUBLE_FILE = lazy(
    r"^Test[A-Z]|(?:^|[a-z])(?:Mock|Fake|Stub|Dummy|Simulat(?:or|ion|ed)|Emulator|InMemory|NoOp|Noop|Demo"
    r"|Sandbox|Seeder|Honeypot|Example|Sample)(?=[A-Z.]|$)|(?:^|[_-])examples?\."
)
"""The same in the names of files."""
