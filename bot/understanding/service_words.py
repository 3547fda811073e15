"""Words of the trade beside a tenant's own names: what is done, for whom, and what salons are asked for but may not offer."""

# ruff: noqa: SIM905 - rows of words read better than quoted lists

from __future__ import annotations

from bot.understanding.text import pattern

# What is done. A service belongs to an activity when its names or aliases say so; the patterns match folded words.
ACTIVITIES = {
    "cut": pattern(
        r"(?:(?!ab|durch|aus)\w)*haar(?:e)?schnitte?\w{0,2}|haare? ?schneiden|haareschneiden|haarschneiden|(?:nach|kurz|lang)?schnitte?s?|(?:nach|zu)?schneiden?|geschnitten|haircuts?|hair ?cuts?|cuts?|trims?|trimmed|\w*haarschnit|\w*schnitt|haare ab|(?:haar)?spitzen"
    ),
    "colour": pattern(
        r"faerben|gefaerbt|\w*f(?:ae|a)rbung(?:en)?|gefarbt|haarfarbe|farbe|haarfaerben|nachfaerben|farben|colou?r(?:ed|ing|s)?|dye(?:d|ing)?|tint|hair ?colou?r|umfaerben"
    ),
    "perm": pattern(r"dauerwellen?|perms?|permed|curls|locken"),
    "wash": pattern(r"waschen|foehnen|foenen|fohnen|styling|stylen|blow ?dry|blowdry|wash"),
    "advice": pattern(
        r"beratung(?:en)?|beraten|\w*beratung|consultations?|advice|beratungstermin|beratungsgespraech"
    ),
}

BARE = frozenset("faerben farbe color dye haarschnitt schnitt schneiden cut haircut trim haareschneiden".split())
"""Activities without more: even as the alias of one service they are the business of all of their kind."""

# For whom, in a service's name or alias (folded).
AUDIENCE_OF_SERVICE = {
    "men": pattern(r"herren\w*|maenner\w*|mens?|gents?|gentlemen|male"),
    "women": pattern(r"damen\w*|frauen\w*|womens?|ladies|female"),
    "kids": pattern(r"kinder\w*|kids?|childrens?|child|jugend\w*|teens?"),
}

# For whom, in a guest's words (lower case with umlauts and quotes).
AUDIENCE_OF_GUEST = {
    "kids": pattern(
        r"kinder|kind|kindes|kindern|kids?|children|child|kinder\w+|jungen?(?!er)|bub|buben|mädchen|kleinkind|baby|toddler|(?:my |the )?little (?:boy|girl|one)|boy|girl|boys|girls|(?:kleine[nrm]?) (?:sohn|tochter|bruder|schwester)|enkel|enkelin|enkelkind|grandson|granddaughter|meinen kleinen|meine kleine|jungs|\d{1,2}[- ]?jährige[rnsm]?|\d{1,2}[- ]year[- ]old"
    ),
    "kids?": pattern(r"sohn|sohnes|söhne|sohnemann|tochter|töchter|son|sons|daughter|daughters|son's|daughter's"),
    "men": pattern(
        r"herren|herrn?schnitt|männer|mann|mannes|männlich|herren\w+|männer\w+|men|men's|mens|man|man's|male|gents?|gent's|guys?|gentlem[ae]n|husband|husband's|boyfriend|vater|papa|opa|großvater|father|dad|grandpa|grandfather|bruder|brother|(?:mein|meinen|meinem|sein) (?:freund|partner|kollege|kumpel)"
    ),
    "women": pattern(
        r"damen|frauen|weiblich|damen\w+|frauen\w+|women|women's|womens|woman|woman's|female|lady|ladies|lady's|ladies'|(?:meine|meiner|eine|als|für|die|deine|ne|ihre|seine|junge) frau|dame|wife|wife's|girlfriend|mutter|mama|oma|großmutter|mother|mum|mom|grandma|grandmother|schwester|sister|(?:meine|meiner) (?:freundin|partnerin|kollegin)"
    ),
}

AGE = pattern(
    r"(?:\(|ist |is |wird |turning |alter:? |age:? |aged |von |mit )?(?P<age>\d{1,2})(?:\)|[ -]*(?:jahre?n?(?: alt)?|jährige[rnsm]?|years?(?:[ -]old)?|yo|y\.o\.|j\.))|\((?P<bracket>\d{1,2})\)|(?:sohn|tochter|son|daughter|kind|kid|child|enkel|enkelin)(?: \w+)?[ ,(]+(?:ist |is |he's |she's |er ist |sie ist )?(?P<bare>\d{1,2})(?! ?(?:uhr|am|pm|:|\.))(?=[ ,.)!?]|$)"
)
"""An age said of somebody; beyond `KIDS_UNTIL` a son is a man."""

KIDS_UNTIL = 13

UNOFFERED = pattern(
    r"(?:\w+)?manik[uü]re|maniküre|pedik[uü]re|pediküre|fußpflege|\w*nägel|nagel\w*|shellac|(?:\w+)?massagen?|bart(?:schnitt|pflege|rasur|trimmen|trimming)?(?: (?:trimmen|schneiden|rasieren|stutzen|machen|pflegen|färben))?|\w*rasur|rasieren|rasiert|waxing|wachsen|enthaarung|haarentfernung|wimpern\w*|augenbrauen\w*|brauen\w*|kosmetik\w*"
    r"|gesichtsbehandlung|facials?|extensions?|haarverlängerung(?:en)?|strähnchen|strähnen|folien(?:strähnen)?|balayage|ombr[eé]|painting|keratin\w*(?: treatments?| smoothing)?|\w*glättung|(?:haare )?glätten|tönung|tönen|intensivtönung|hochsteckfrisur|brautfrisur|braut\w*|flechtfrisur|flechten|zöpfe|cornrows|dreadlocks|dreads|make-?up|schminken|tattoos?|piercings?"
    r"|solarium|sauna|olaplex|haarkur|kopfmassage|perücken?|tressen|glossing|microblading|permanent make-?up|botox|zahnreinigung|physiotherapie"
    r"|manicures?|pedicures?|nails?|massages?|beard(?: trims?)?|shav(?:e|es|ing)|lash(?:es)?|eyelash(?:es)?|brows?|eyebrows?|highlights?|lowlights?|straightening|up-?do|bridal(?: hair)?|braids?|braiding|weave|toner|wigs?|tanning|spray tan|hair treatment|hot towel"
)
"""Wishes a salon hears and that this tenant does not have unless its own table matches first."""
