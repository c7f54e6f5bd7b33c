"""The kinds of telling lines, as git looks for them.

Plain strings: git begins to search before most of this program is loaded.
"""

from __future__ import annotations

from shipworthy.stubs import quick


class Kind:
    """A kind of telling line. ``found`` is what git looks for, ``phrases`` what takes it less time where it can.

    ``found`` means the same to POSIX (extended) and to Python.
    """

    __slots__ = ("found", "phrases")

    def __init__(self, found: str, phrases: tuple[str, ...]) -> None:
        self.found = found
        self.phrases = phrases


CONFESSIONS = Kind(
    r"TODO|FIXME|XXX|HACK|todo:|fixme|[Pp]laceholders?([ .),:-]|$)|[Ss]imulat(e|ed|es|ing)([^A-Za-z]|$)"
    r"|([Mm]ock|[Ss]tub|[Dd]ummy|[Ff]ake|[Hh]ard-?coded|[Mm]ocked|[Ss]tubbed|[Ss]tubs|[Cc]anned)([ .)]|$)"
    r"|[Ii]n (a |an |the )?(real|actual|full|proper|production|complete|true)[ ,:-]|or production"
    r"|roduction (code|version|system|implementation)|[Rr]eal (implementation|version|code)| (full|proper"
    r"|complete) implementation"
    r"|(his|[Ii]t|hat|[Ww]e|[Yy]ou|hey|mplementation|hich|ogic|[Hh]ere|ethod|ndpoint|ode|ervice|ask|ob|andler) would "
    r"|[Nn]ot (yet )?(fully |been |actually )?[Ii]mplemented|nimplemented|mplement (me|later|here|actual|real)"
    r"|be implemented"
    r"|mplementation (pending|missing|goes|here|needed|required|would|omitted|placeholder|to follow|is left|coming)"
    r"|eeds? (to be |an? )?(real )?implement|[Aa]dd (your|actual|real|the actual|the real) |[Yy]our (code|logic"
    r"|implementation) "
    r"|[Ff]or now|[Dd]emo (mode|purpose|implementation|response)|or (the )?(demo|mvp|MVP|prototype|hackathon|poc"
    r"|PoC|POC)"
    r"|implified (implementation|version|for now|calculation|approach|check)|oming soon|goe?s? here"
    r"|模拟|占位|未实现|暂未|noch nicht implementiert|no implementado|заглушка|не реализован",
    quick.CONFESSIONS,
)
ADMISSIONS = Kind(
    r"[\"'`]TODO|TODO[(]|"
    r"NotImplemented|NOT_IMPLEMENTED|UNIMPLEMENTED|not_implemented|[^0-9A-Za-z_.]501([^0-9A-Za-z_.]|$)|todo!"
    r"|UnsupportedOperation"
    r"|nder (development|construction)|ot yet (available|supported|wired|connected)",
    quick.ADMISSIONS,
)
ECHOES = Kind(
    r"([Pp]rocessed|[Ee]xecuted|[Aa]naly[sz]ed|[Cc]ompleted|[Hh]andled|[Gg]enerated|[Rr]esponse (to|from|for)"
    r"|[Aa]nswer (to|for)"
    r"|[Rr]esults? (of|for)|[Mm]ock(ed)?|[Ss]imulated|[Dd]ummy|Stub|Fake|[Ee]cho|[Tt]ransformed|[Tt]ranslated"
    r"|[Ss]ummary of"
    r"|[Ss]ummari[sz]ed|[Cc]lassified|[Pp]redict(ed|ion for)|[Cc]omputed|[Ee]valuated|[Pp]ublished|[Ii]ndexed"
    r"|[Ss]earched"
    r"|uery result|[Tt]ranslation of|[Oo]utput (of|for))[^\"'`]*(\$|[{]|%[sdvq]|[\"'] *[+.,])",
    quick.ECHOES,
)
VERIFICATIONS = Kind(
    r"([Vv]erify|[Vv]alidate|[Aa]uthenticate|[Aa]uthori[sz]e|[Cc]heck|[Ii]s_?[Vv]alid|[Ii]s_?[Aa]uth[a-z]*"
    r"|[Ii]s_?[Vv]erified|[Hh]as_?[Pp]ermission|[Cc]an_?[Aa]ccess"
    r"|[Cc]onfirm)[A-Za-z_0-9]*[!?]? *(\(|= *(async *)?\()(.*([{:=(,)]|[Tt]rue[ })]*;?|[)] *: *[?A-Za-z|]+))? *$",
    quick.VERIFICATIONS,
)
HEALTH = Kind(
    r"[\"'](connected|healthy|operational|online|ok|up|UP|available|running|active|ready|good|pass)[\"']", quick.HEALTH
)
WAITS = Kind(r"(sleep|Sleep|delay|Delay|setTimeout)[A-Za-z]* *[(!]|sleep [0-9]", quick.WAITS)
DICE = Kind(
    r"Math\.random|[Rr]andom\.|Random\(|rand\.|rand\(|[^A-Za-z]rand( |$)|rand::|random_int"
    r"|[Nn]ext(Int|Double)|gen_range|rng\.|randint",
    quick.DICE,
)
CLAIMS = Kind(
    r"(success|ok|sent|delivered|processed|completed|saved|deleted|published|verified|created|updated|deployed"
    r"|executed"
    r"|[Ss]uccess(ful)?|Sent|Processed|Ok)[\"']?( *(:|=>|=|,|[(]|to )) *[Tt]rue"
    r"|[Ss]tatus[\"']?( *(:|=>|=|,|[(]|to )) *[\"'](success|completed?|processed|sent|delivered|done|approved|executed"
    r"|deployed|paid"
    r"|published|saved|finished|accepted)",
    quick.CLAIMS,
)
LOGS = Kind(
    r"(log|Log|print|Print|console|echo|puts|Write|warn|info|debug|Debug|Info"
    r"|Warn)[A-Za-z.!_]*[( ].*[\"'`].*([Ss]ending|[Ss]ent"
    r"|[Dd]elet|[Uu]pload|[Pp]rocess|[Ee]xecut|[Ss]ync|[Pp]ublish|[Aa]rchiv|[Dd]eploy|[Cc]harg|[Rr]efund|[Ee]ncrypt"
    r"|[Ss]tor(ing|ed)|[Ss]av(ing|ed)|[Bb]acking up|[Rr]estor|[Bb]lock|[Nn]otif|[Tt]ransferr|[Mm]igrat"
    r"|[Ss]caling|[Cc]ancel"
    r"|[Rr]evok|[Rr]otat|[Ii]ndex|[Bb]roadcast|[Ee]scalat|[Pp]rovision|[Rr]econcil|[Ss]ettl|[Dd]eliver"
    r"|[Dd]ispatch|[Ss]ubmit"
    r"|[Pp]urg|[Pp]ersist)",
    quick.LOGS,
)
KINDS = (CONFESSIONS, ADMISSIONS, ECHOES, VERIFICATIONS, HEALTH, WAITS, DICE, CLAIMS, LOGS)
