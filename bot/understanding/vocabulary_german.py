"""German rows: how guests greet, wish, agree, refuse and ask. Data only; `vocabulary` explains the notation."""

from __future__ import annotations

from bot.understanding.meaning import Intent, Topic
from bot.understanding.vocabulary import Consent, Vocabulary

_CANCEL_VERB = "absagen|stornieren|storniere|storno|canceln|cancle|cancele|annullieren|rückgängig machen"
_MOVE_VERB = (
    "verschieben|verschiebe|verschoben|umbuchen|umbuche|verlegen|verlege|verlegt|umlegen|vorverlegen|vorziehen|umändern"
    "|abändern|umplanen"
)
_YOU_HAVE = (
    "(?:habt ihr|haben sie|hätten sie|hättet ihr|hast du|hättest du|gibt es|gibt's|gäbe es|ham sie|habts ihr)"
)
_YOU_DO = "(?:macht ihr|machen sie|machst du|bietet ihr|bieten sie|habt ihr|haben sie|kann man bei (?:euch|ihnen)|gibt es|gibt's)"

_SIGNALS: tuple[tuple[Intent, str], ...] = (
    (
        Intent.BYE,
        r"(?:und|danke|dank|dann|super|ok|perfekt) bis (?:morgen|später|nachher|nächste woche|übermorgen|\w+tag|mittwoch)(?: dann)?(?=[ .!]*$)|das war'?s(?: schon)?(?=$|[ ,.!])|das war alles|das wäre alles",
    ),
    (
        Intent.HUMAN,
        r"(?:kann|könnte|möchte|will|würde) (?:ich )?(?:bitte |gerne? |mal |direkt |kurz )*mit \w+ (?:\w+ )?(?:sprechen|reden|telefonieren)",
    ),
    (
        Intent.GREET,
        r"hallo|hallöchen|hallihallo|moin(?: moin)?|servus|grüß gott|grüß (?:sie|dich|euch)|grüezi|tach|huhu|hey|hi",
    ),
    (Intent.GREET, r"guten (?:morgen|tag|abend|mittag)|schönen guten (?:morgen|tag|abend)|gute tag"),
    (
        Intent.THANKS,
        r"danke|dankeschön|danke schön|vielen dank|herzlichen dank|besten dank|tausend dank|merci|dank (?:ihnen|dir|euch)",
    ),
    (
        Intent.BYE,
        r"tschüss|tschüssi|tschau|ciao|auf wiedersehen|auf wiederhören|wiedersehen|ade|bye|mach's gut|machen sie's gut",
    ),
    (
        Intent.BYE,
        r"(?:schönen|schönes|einen schönen|ein schönes) (?:tag|abend|wochenende|feierabend|nachmittag)(?: noch)?",
    ),
    (Intent.BYE, r"bis (?:dann|bald|denn|die tage|demnächst)"),
    # Wishes to book.
    (
        Intent.BOOK,
        r"(?:ich |wir )?(?:möchte|möchten|will|wollen|würde|würden|hätte|hätten|brauche|bräuchte|brauchen|bräuchten|wünsche|suche|nehme)…(?:termin|termine)",
    ),
    (
        Intent.BOOK,
        r"(?:einen |'nen |nen |ein )?termin (?:buchen|vereinbaren|ausmachen|machen|reservieren|haben|bekommen|kriegen|holen)",
    ),
    (
        Intent.BOOK,
        r"(?:einen|nen|'nen|neuen|neuer|weiteren|noch einen|nächsten) termin(?: bitte)?(?: (?:für|am|bei|um|zum|zur|nächste|diese|morgen|heute)|$)",
    ),
    (Intent.BOOK, r"termin (?:für|zum|zur|zu) (?:eine|einen|ein|einem|einer|die|den|das|zum)"),
    (
        Intent.BOOK,
        r"^(?:einen )?termin(?: bitte)?$|terminanfrage|terminwunsch|neue buchung|nochmal buchen|noch (?:etwas|was) buchen",
    ),
    (
        Intent.BOOK,
        r"(?:haare|spitzen|pony|haar|ansatz|farbe|bart|locken|dauerwelle)…(?:schneiden|färben|machen|stylen|föhnen|waschen|tönen|blondieren|nachschneiden|legen)(?: zu)? lassen",
    ),
    (
        Intent.BOOK,
        r"(?:ich |wir )?(?:möchte|möchten|will|wollen|würde|würden|muss|müsste|müssen)…(?:haare…(?:schneiden|färben)|zum friseur|vorbeikommen|kommen|buchen|reservieren)",
    ),
    (
        Intent.BOOK,
        r"(?:haare|haar|spitzen|pony) schneiden|haare müssen (?:ab|geschnitten)|vormerken|eintragen lassen",
    ),
    (Intent.BOOK, r"(?:kann|könnte|dürfte|darf) ich…(?:termin|vorbeikommen|kommen|buchen|reservieren)"),
    # Bookings that are there.
    (
        Intent.MOVE,
        rf"{_MOVE_VERB}|auf einen anderen (?:tag|termin) legen|später legen|früher legen|auf…(?:legen|schieben)",
    ),
    (
        Intent.MOVE,
        r"(?:termin|buchung)…(?:ändern|tauschen|wechseln)|(?:ändern|tauschen)…(?:termin|buchung)|terminänderung|terminverschiebung",
    ),
    (
        Intent.CANCEL,
        rf"{_CANCEL_VERB}|sagen? (?:sie )?(?:ihn |den |das |meinen )?(?:termin )?(?:bitte )?ab|sage…\bab|terminabsage|absage",
    ),
    (
        Intent.CANCEL,
        r"(?:termin|buchung)…(?:löschen|streichen|nicht (?:mehr )?(?:wahrnehmen|einhalten|schaffen)|platzen|aufheben)|(?:lösche|streiche|löschen sie|streichen sie)…(?:termin|buchung)",
    ),
    (
        Intent.CANCEL,
        r"(?:kann|können|schaffe|schaffen)…nicht (?:kommen|wahrnehmen|einhalten|da sein)|schaffe? es (?:doch |leider )*nicht|brauche den termin nicht(?: mehr)?",
    ),
    (
        Intent.CANCEL,
        r"(?:etwas|was) dazwischen ?gekommen|muss ich (?:leider )?passen|bin (?:leider )?krank(?: geworden)?",
    ),
    (
        Intent.LIST,
        r"(?:meine|unsere|alle meine) (?:termine|buchungen|reservierungen)|was habe ich (?:alles )?gebucht|habe ich (?:\w+ )?(?:einen |schon einen |noch einen )?(?:termin|termine)",
    ),
    (
        Intent.LIST,
        r"(?:welche|welchen|was für) (?:termine|termin|buchungen)…(?:habe ich|hab ich|haben wir)|wann (?:ist|war|sind|wäre) (?:noch ?mal )?(?:mein|meine|unser) termine?|wann (?:habe|hab) ich…termin|wann bin ich (?:dran|gebucht|eingetragen)",
    ),
    (
        Intent.LIST,
        r"mein (?:nächster )?termin\?|(?:um wie ?viel uhr|wo) (?:ist|war) mein termin|termin(?:e)? (?:anzeigen|ansehen|anschauen|nachsehen|einsehen)|terminübersicht"
        r"|(?:ist|wurde|hat) (?:(?:mein|unser|der) termin|(?:meine|unsere|die) (?:buchung|reservierung)|das) (?:(?:jetzt|nun|schon|denn|auch|wirklich|damit) ){0,3}(?:(?:fest )?(?:gebucht|eingetragen|bestätigt|geklappt)|fest|fix)(?=\?)|steht (?:mein|unser|der) termin(?: (?:jetzt|nun|schon|noch|fest)){0,2}\?",
    ),
    # Taking something back.
    (
        Intent.CORRECT,
        r"ich meinte|ich meine(?=$|[ ,]+(?:am|um|den|die|das|natürlich|doch|eigentlich|nicht|\w+tag|mittwoch|morgen|heute|\d))|gemeint war|ich wollte (?:eigentlich|doch)|sondern|stattdessen|vielmehr|korrektur|korrigiere|quatsch|ach nein|nein doch|doch lieber|dann doch",
    ),
    (
        Intent.CORRECT,
        r"lieber(?! nicht| später| früher| eher)|eher (?=am|um|den|die|das|der|bei|mit|nachmittags?|vormittags?|abends?|morgens?|montag|dienstag|mittwoch|donnerstag|freitag|samstag|gegen|ab|ein|eine|einen)",
    ),
    (
        Intent.CORRECT,
        r"(?:vertan|geirrt|verschrieben|vertippt|versprochen|verlesen|falsch verstanden|mich falsch|falsche[rsn]? (?:tag|uhrzeit|zeit|name|nummer|adresse|e-?mail|service|leistung|datum))|das ist falsch|stimmt (?:so )?nicht|das war falsch",
    ),
    (
        Intent.CORRECT,
        r"doch (?=am|um|die|den|das|der|bei|mit|ein|eine|einen|nur|erst|mittwoch|donnerstag|dienstag|freitag|samstag|montag|sonntag|morgen|heute|übermorgen|nächste)|anders überlegt|besser (?:wäre|am|um|den|die|passt)|statt(?: \w+){1,3}",
    ),
    # Moving among offers.
    (
        Intent.LATER,
        r"(?:etwas |lieber |noch |ein bisschen |bisschen |viel )?später(?:e|er|es|en|em)?|zu früh|weiter hinten|weiter nach hinten|nach hinten",
    ),
    (
        Intent.EARLIER,
        r"(?:etwas |lieber |noch |ein bisschen |viel )?früher(?:e|er|es|en|em)?|zeitiger|frühere|(?<!komme )(?<!etwas )(?<!bin )zu spät|weiter vorne|(?:etwas|lieber|noch|ein bisschen|bisschen|schon) eher|eher\?|eher gehen|geht(?:'s| es)? (?:auch |noch )?eher|(?:was|etwas) eher(?:es)?",
    ),
    (
        Intent.OTHER,
        r"(?:was|etwas) (?:anderes|andres|anders)|(?:ein |einen |eine |der |den |die |an einem |am |zu einer |weitere |noch )?(?:andere|anderer|anderen|anderes|anderem|weitere|weiteren|alternative|alternativen|alternativer)(?: \w+)? (?:tag|tage|tagen|termin|termine|terminen|zeit|zeiten|uhrzeit|uhrzeiten|möglichkeit|möglichkeiten|optionen|vorschlag|vorschläge|auswahl|woche|datum|leistung)",
    ),
    (
        Intent.OTHER,
        r"(?:keins|keines|keiner|keinen|keine|nichts) (?:davon|von (?:den|denen|beiden|allen)|dieser|der (?:beiden|drei|zeiten|termine|optionen))|nichts (?:dabei|passendes)|passt (?:mir )?(?:alles|beides) nicht|weder noch|(?:beide|beides|alle|alles|davon) nicht|passt (?:mir )?(?:davon )?(?:keins|keiner|keine|nichts)|alternativen?|mehr (?:vorschläge|termine|optionen|auswahl|zeiten)|sonst noch (?:was|etwas|termine)|noch andere",
    ),
    (
        Intent.OTHER,
        r"(?:da|dann|um die zeit|an dem tag|zu der zeit) (?:kann|können|habe|schaffe|geht)…nicht|da (?:habe|hab) ich keine zeit|andere (?:optionen|termine|zeiten|tage|vorschläge|uhrzeiten|zeit|uhrzeit)|anderer (?:tag|termin)|anderen (?:tag|termin)",
    ),
    # People and the machine.
    (
        Intent.HUMAN,
        r"(?:mit|zu|an)…(?:menschen|mitarbeiter|mitarbeiterin|mitarbeitern|kollegen|kollegin|jemandem|jemand|chef|chefin|inhaber|inhaberin|person|rezeption|personal)…(?:sprechen|reden|telefonieren|verbinden|verbunden|weiterleiten|durchstellen|schreiben|chatten)",
    ),
    (
        Intent.HUMAN,
        r"(?:verbinden|verbinde) (?:sie )?mich|(?:echte[nrms]?|richtige[nrms]?|wirkliche[nrms]?|realen?) (?:menschen?|person|mitarbeiter)|(?:rufen sie|ruft|ruf) (?:mich|uns)…(?:zurück|an)|rückruf|zurückrufen|menschlichen? (?:mitarbeiter|ansprechpartner)|(?:einen |ein )?ansprechpartner",
    ),
    (
        Intent.HUMAN,
        r"(?:sprechen|reden) (?:mit|sie mit)…(?:mensch|menschen|jemandem|mitarbeiter)|(?:möchte|will|würde|kann|könnte)…(?:mit (?:jemand|jemandem|wem|einem|einer|dem|der)…)(?:sprechen|reden|telefonieren)|(?:möchte|will|brauche|bräuchte|hätte gerne?) (?:lieber |bitte )?(?:einen )(?:echten |richtigen )?menschen|mensch bitte|bitte (?:einen )?mensch(?:en)?|^(?:ein )?mensch$|^mitarbeiter(?: bitte)?$|geben sie mir (?:einen|eine|den) (?:mitarbeiter|menschen|kollegen|chef)\w*",
    ),
    (
        Intent.HELP,
        r"hilfe|helfen|was kannst du|was können sie(?: alles| so)?$|was kann ich (?:hier|dich|sie|alles)…(?:machen|fragen|tun)|wie funktioniert (?:das|es|der chat)|wie geht das hier|was muss ich (?:tun|machen|schreiben|sagen)|ich (?:verstehe|kapiere) (?:das |es )?nicht|komme nicht weiter|was kannst du alles",
    ),
    (
        Intent.STOP,
        r"stopp?|abbrechen|abbruch|brich ab|brechen sie ab|vergiss (?:es|das)|vergessen sie (?:es|das)|lass(?:en sie)? (?:es )?(?:gut )?(?:sein|bleiben)|lassen wir(?:'s| es| das)|lass (?:es|das)(?=$|[ ,]*[.!])|vergessen wir(?:'s| es| das)|lass mal|hat sich erledigt|hat sich erübrigt|erledigt sich|schluss|ich will nicht mehr|aufhören|hör auf|beenden",
    ),
    (
        Intent.WHY,
        r"warum|wieso|weshalb|weswegen|aus welchem grund|was ist der grund|woran (?:liegt|lag)(?:'s| es| das)|was spricht dagegen|wie kommt(?:'s| es| das)",
    ),
    (
        Intent.SMALL_TALK,
        r"wie geht(?:'s| es)(?: (?:ihnen|dir|euch|so))?(?: heute)?(?=$|[ ,]*[?!.])|wie geht(?:'s|s| es) (?:ihnen|dir|euch|so)|alles gut bei (?:ihnen|dir|euch)|was machst du (?:so|gerade)|schönes wetter|wie ist das wetter|erzähl(?:e|en sie)?…witz|haha+|hihi|lol|du bist (?:toll|süß|nett|lustig|super|dumm|doof|cool)|ich liebe dich|wie alt bist du|freut mich|langweilig",
    ),
)

_CLAUSES: tuple[tuple[Intent, str], ...] = (
    (
        Intent.BYE,
        r"(?:ja |ok |gut |also )?bis (?:später|morgen|nächste woche|nachher|gleich|übermorgen|montag|dienstag|mittwoch|donnerstag|freitag|samstag)(?: dann)?",
    ),
    (Intent.EARLIER, r"(?:etwas |ein bisschen |noch |oder )?(?:eher|vorher|davor)(?: bitte)?"),
    (Intent.LATER, r"(?:oder )?(?:danach|nachher)(?: bitte)?"),
    (
        Intent.OTHER,
        r"(?:nein )?(?:keins|keiner|keine|keinen|keines|nichts|anders|andere|anderes|anderer|mehr|weitere|weiter|noch mehr)(?: bitte)?",
    ),
    (Intent.CANCEL, r"(?:ich |wir )?(?:kann|können) (?:da |leider |also )*doch (?:leider )?nicht(?: kommen)?"),
    (Intent.LIST, r"termine|(?:mein|meine|nächster) termine?"),
    (Intent.BOOK, r"(?:bitte )?(?:buchen|termin|reservieren|reservierung|buchung)(?: bitte)?"),
    (Intent.STOP, r"(?:ende|exit|quit|fertig|nichts mehr|gar nichts|lassen sie es|egal vergiss es)"),
    (Intent.SMALL_TALK, r"(?:na|na du|test|testing|toll|wow|krass|cool|lustig)"),
)

_TOPICS: tuple[tuple[Topic, str], ...] = (
    (
        Topic.AVAILABILITY,
        r"egal wann|wann (?:ist |wäre )?(?:mir )?(?:egal|gleich)|hauptsache (?:schnell|bald)|jederzeit",
    ),
    (
        Topic.AVAILABILITY,
        r"(?:hat|hätte|ist|sind|wäre|wären) (?:denn )?\w+…(?:frei|freie|zeit|verfügbar|platz|möglich)",
    ),
    (
        Topic.PRICE,
        r"kostet|kosten|koste|preis|preise|preisliste|preislich|wie teuer|(?<!zu )teuer|wie ?viel (?:kostet|nehmt|nehmen|zahle|zahlt|bezahle|euro|würde|geld|macht)|was (?:nehmt|nehmen|nimmst|zahle|zahlt|bezahle|macht das|würde) (?:ihr|sie|du|ich|man|dann|kosten)|was macht das|billig|günstig",
    ),
    (
        Topic.HOURS,
        r"öffnungszeit(?:en)?|(?:wann|wie lange|bis wann|ab wann|um wie ?viel uhr|von wann bis wann|samstags?|sonntags?|montags?|heute|morgen|feiertags?|noch|ihr|sie|lang|mittags|abends|am \w+tag)…(?:geöffnet|offen|auf\b(?! (?:\w+tag|mittwoch|morgen|übermorgen|nächste|halb|um|den|die|das|der|einen|eine|meinen|wiedersehen|wiederhören|\d))|geschlossen)|(?:wann|um wie ?viel uhr|bis wann)…(?:macht|machen|öffnet|öffnen|schließt|schließen|sperrt)(?: (?:ihr|sie|der|das|heute|morgen|den|salon))*(?: (?:auf|zu|dicht|salon|laden|\w+tags?))?(?=$|[ ,]*[?.!])|(?:habt|haben|hat|ist|seid|sind) (?:ihr|sie|der salon|der laden|das geschäft)…(?:geöffnet|offen|auf|zu|geschlossen)(?=$|[ ,]*[?.!])|ruhetag|geschäftszeiten|betriebsferien",
    ),
    (
        Topic.ADDRESS,
        r"wo (?:seid|sind|ist|befindet|befinden|liegt|finde(?! ich mein)|genau|find)(?: (?:ihr|sie|euch|sich|ich|der|das|euer|ihr|man|genau|denn|eigentlich))*(?: (?:salon|laden|geschäft|friseur|studio|adresse|parkplatz))?|(?<!mail )(?<!mail-)(?<!mail)(?<!meine )adresse(?! ist)|anschrift|anfahrt|wie komme ich (?:zu|da|dort|hin|am besten)|wo muss ich hin|wegbeschreibung|standort|in welcher straße|parken|parkplatz|parkplätze",
    ),
    (
        Topic.PHONE,
        r"(?:eure|ihre|deine|die|welche) (?:telefon|handy|ruf)?nummer|(?:euch|sie|bei euch) (?:auch )?(?:telefonisch )?(?:anrufen|erreichen)(?! (?:mich|uns|mir))|telefonisch erreichbar|wie (?:lautet|ist) (?:eure|ihre|die) (?:telefon)?nummer|^telefon(?:nummer)?\??$",
    ),
    (
        Topic.DURATION,
        r"wie ?lange?…(?:dauert|dauern|braucht|brauchen|geht|sitze|bin|muss|brauche|dauer)|wie lang(?:e)?(?=$|[ ,]*\?)|dauert|wie ?viel zeit|welche dauer|zeitaufwand|wie lange ist",
    ),
    (
        Topic.STAFF,
        r"wer (?:schneidet|macht|färbt|arbeitet|ist|kann|könnte|wäre|hat|bedient|frisiert|wird|würde|von euch|von ihnen|alles|föhnt|stylt)|welche[rnms]? (?:friseur|friseurin|friseure|friseurinnen|stylist|stylistin|stylisten|mitarbeiter|mitarbeiterin|mitarbeiterinnen|kollegin|kollege)|(?:euer|ihr|das) team|bei wem|mitarbeiter (?:habt|haben|gibt)",
    ),
    (
        Topic.SERVICES,
        rf"was (?:bietet|bieten|macht|machen|habt|haben|kann man|könnt|können) (?:ihr|sie|bei euch|bei ihnen)(?: (?:alles|denn|so|hier|überhaupt|sonst|noch|im))*(?: (?:an|angebot|machen|buchen|im angebot))?(?=$|[ ,]*[?.!])|welche (?:leistungen|dienstleistungen|services|behandlungen|angebote|termine? kann)|leistungen|dienstleistungen|angebote?|welche (?:haarschnitte|schnitte|sachen)|{_YOU_DO} auch|(?:bietet ihr|bieten sie)…an|was gibt es (?:denn |alles |bei euch )*|was kann ich (?:\w+ )*buchen",
    ),
    (
        Topic.AVAILABILITY,
        rf"{_YOU_HAVE}…(?:frei|freie|freien|termin|termine|zeit|platz|verfügbar|möglich|lücke|kapazität|luft)|wann (?:kann|könnte|könnt|können|habt|haben|hätten|hättet|hätte|wäre|ist|passt|geht|hat|soll|gibt)…(?:frei|freie|freien|termin|termine|zeit|platz|verfügbar|möglich|kommen|vorbeikommen|was|etwas|es|ich|nächste)|noch (?:was|etwas) frei|(?:was|etwas|termine?|zeiten) frei|freie (?:termine|zeiten|plätze|slots)|freier termin",
    ),
    (
        Topic.AVAILABILITY,
        r"(?:geht|ginge|klappt|klappte|passt|würde) (?:denn )?(?:das|es|da|dann|auch|noch|am|um|der|die|schon|was|etwas|heute|morgen|übermorgen|\d+|donnerstag|freitag|samstag|dienstag|mittwoch|montag)(?: \w+)*(?= ?\?)|(?:geht|ginge|klappt|klappte) (?:das|es|auch|noch|schon|heute|morgen|am|um)(?! (?:klar|schon|gut|so))|geht(?:'s| es) (?:auch|am|um|noch)|wie (?:sieht|schaut|siehts|schauts|wäre|wär|ist)(?: es| das|'s|s)? (?:denn |da |dann )?(?:am|um|mit|nächste|diese|morgen|heute|übermorgen|aus)|so (?:schnell|bald|früh) wie möglich|möglichst (?:bald|schnell|früh|zeitnah)|(?:frühestmöglich|frühestens möglich|schnellstmöglich|nächstmöglich|baldmöglichst)\w*|(?:der |den |einen )?(?:nächste|nächsten|nächster|frühester|früheste|frühesten|erster|ersten) freien?r? termin|nächster freier termin|zeitnah",
    ),
    (
        Topic.IDENTITY,
        r"(?:bist du|sind sie|seid ihr|ist das|spreche ich (?:hier |gerade |jetzt )?mit|rede ich (?:hier |gerade )?mit|schreibe ich (?:hier |gerade )?mit|chatte ich mit) (?:hier |etwa |ein |eine |einem |einer |denn |überhaupt |wirklich |echter? |nur |'ne |ne )*(?:bot|chatbot|roboter|computer|maschine|ki|mensch|menschen|ai|automat|person|echt|künstliche|programm|mann|frau)|wer (?:bist|sind) (?:du|sie)|mit wem (?:spreche|schreibe|rede|chatte|habe) ich|wie heißt du|wie heißen sie|ist da (?:ein|jemand)…(?:mensch|bot|dran)|chatgpt",
    ),
)

_CONSENT = Consent(
    openers=r"ja+|jap+|jep+|jup+|jo+|joa|jawohl|jawoll|jaja|klaro|klar|gerne?|sehr gerne?|aber gerne?|na klar|na gut|aber ja|aber sicher|natürlich|selbstverständlich|selbstredend|einverstanden|abgemacht|unbedingt|auf jeden fall|freilich|bitte ja|von mir aus|meinetwegen|logo|ok+|okay|okey|okidoki|oki|passt(?! (?:das|es|ihnen|euch|auch|nicht))|perfekt|in ordnung|alles klar|geht klar|sicher",
    weak=r"genau|sehr (?:gut|schön|gern|gerne|wohl)|richtig|korrekt|stimmt|gut|super|prima|toll|spitze|klasse|wunderbar|ausgezeichnet|fein|schön|bestens|hervorragend|top|geht|das geht|bitte|gebongt|läuft|gekauft|deal|schon|doch|doch bitte|sowieso|allerdings|bestätigt|bestätige|hört sich (?:gut|super|toll|perfekt|prima) an|klingt (?:gut|super|toll|perfekt|prima)|cool|j|y|yo|super gerne|optimal|ideal",
    tails=r"so|das|dann|mal|bitte|danke|ja|gut|mir|für mich|gerne?|auch|schon|alles|vielen dank|dankeschön|sehr|super|ok|okay|passt|wunderbar|perfekt|prima|genau|jetzt|nehme ich|machen wir|doch|an|der termin|die zeit|uns|also|und",
    phrases=r"(?:erste|zweite|dritte|vierte|letzte)[rs]? (?:passt|geht|ginge|ist (?:gut|super|perfekt|prima|ok)|klingt gut|wäre (?:gut|super|perfekt|prima|ok))|(?:passt|klappt|geht) (?:mir |uns |bei mir |für mich |so |dann |alles |da |auch )*(?:gut|super|perfekt|prima|hervorragend|wunderbar|bestens|klar|in ordnung)|(?:das|der|die|dies|es|termin|uhr|zeit|\w*tag|mittwoch|morgen|heute|alles|uhrzeit|angaben|daten) (?:so )?(?:passt|klappt|geht|stimmt|klingt gut|hört sich gut an|ist (?:gut|super|perfekt|prima|ok|okay|richtig|korrekt|in ordnung|ideal|bestens)|wäre (?:gut|super|perfekt|prima|ideal|toll|schön|ok|okay)|würde (?:passen|gehen))|so (?:machen wir|machen wir's|ist es|ist's|stimmt)|ist (?:in ordnung|richtig so|so richtig|korrekt)|(?:nehme|nehmen|nehm) (?:ich|wir)|ich (?:nehme|nehm)(?: \w+){0,4} (?:termin|uhr|zweiten?|ersten?|dritten?|letzten?)|ich nehme (?:den|das|die|ihn|es)|einverstanden|ich bestätige|(?:ja|jep|gerne|klar)(?: bitte| gerne)?$|wäre (?:super|prima|perfekt|ideal|toll)|passt mir|dabei bleibt's|dabei bleibt es",
    whole=r"(?:ja |ok |dann |also |bitte |gut |super )*(?:(?:den termin |das |ihn |es |den |dann |jetzt |so |fest )*(?:buchen|reservieren|eintragen|bestätigen|festmachen|fest machen|fix machen|abschicken|nehmen|zusagen)|(?:buchen|reservieren|bestätigen|machen|nehmen) (?:sie|wir)(?: (?:das|es|ihn|den|die|den termin|mir|mich|dann|doch|bitte|so|ein|fest|fix|gerne))*|(?:buch|buche|mach|nimm|trag|trage|bestätige|reserviere)(?: (?:das|es|ihn|den|den termin|die|mir|mich|mal|dann|bitte|so|ein|fest|fix|klar))+|tragen sie (?:mich|das|ihn|es)(?: (?:bitte|so|dann))* ein|machen wir(?:'s| es| das)?(?: so)?|so machen|bitte (?:buchen|bestätigen|eintragen))(?: bitte| gerne| so| danke)*",
    idioms=r"(?:habe |hab )?nichts dagegen(?: einzuwenden)?|kein problem|gar kein problem|keine? einwände|spricht nichts dagegen|nichts einzuwenden|warum nicht|wieso nicht|nicht schlecht|keine frage|wenn's sein muss|(?:ich )?(?:denke|denk|glaube|glaub) (?:schon|ja)|ich freue mich(?: darauf| drauf)?",
)

GERMAN = Vocabulary(
    wishes=r"möchte|möchten|hätte(?:n)? (?:ich |wir )?(?:gerne?|bitte)|(?:gerne?|bitte) (?:einen?|eine|ein|die|den|einmal)|brauche|brauchen|bräuchte|bräuchten|will|wollen|würde(?:n)? (?:ich |wir |mir )?gerne?|wünsche|müsste|einmal|lassen|buchen|reservieren|termin",
    signals=_SIGNALS,
    clauses=_CLAUSES,
    topics=_TOPICS,
    consent=_CONSENT,
    refusing_openers=r"nein|n(?=$)|nee+|n[ö]+|noe|ne(?= |$)(?! (?:halbe|viertel\w*|dreiviertel\w*|stunde|woche|minute|frage|dauerwelle|ansatzfärbung|beratung|andere|kurze|uhrzeit|farbe))|nope|nicht(?! (?:vor|nach|nur|später|früher|mehr als|unbedingt|dringend))|auf keinen fall|keinesfalls|keineswegs|niemals|bloß nicht|bitte nicht|lieber nicht|eher nicht|doch nicht|noch nicht|kein interesse|kein bedarf",
    refusals=r"nein|(?:beide|beides|alle|alles|davon) nicht|nein danke|n[ö]|nee|lieber nicht|eher nicht|besser nicht|doch nicht|bitte nicht|(?:will|möchte|brauche) keinen (?:termin|buchung)|nicht wirklich|eigentlich nicht|gar nicht|überhaupt nicht|auf keinen fall|(?:passt|geht|klappt|stimmt|gefällt)(?: \w+){0,3} nicht|nicht (?:gut|ok|okay|in ordnung|einverstanden|richtig|korrekt|buchen|passend|so gut|so)|(?:will|möchte|mag|kann|können|brauche|schaffe)(?: \w+){0,5} nicht|(?:ist|das ist|war) falsch|kein interesse|(?:keins|keiner|keine|nichts) (?:davon|von (?:denen|beiden))|danke nein|(?:habe|hab|haben) ich keine zeit",
    negation=r"nicht|nie|niemals|kein|keine|keinen|keiner|keinem|keins|nix|nichts|nein|nee+|n[ö]+|noe|falsch|ungern|weder",
    hesitation=r"(?:ich )?(?:weiß|weis) (?:ich |es |das |noch |ja |gerade |ehrlich gesagt |auch )*nicht(?: so)?(?: genau| recht)?|keine ahnung|vielleicht|eventuell|evtl|möglicherweise|mal (?:sehen|schauen|gucken)|(?:bin|noch)(?: \w+){0,3} (?:unsicher|unschlüssig|nicht sicher|am überlegen)|(?:ich )?(?:muss|müsste|überleg|überlege|will|möchte)(?: \w+){0,4} (?:überlegen|nachdenken|nachschauen|nachsehen|nachfragen|schauen|gucken|fragen)|überlege (?:es )?(?:mir )?noch|(?:einen |kleinen |kurzen )*moment(?: mal)?(?: bitte)?$|moment|warte(?:n sie)?(?: mal| kurz| bitte)*|sekunde|augenblick|kommt drauf an|kommt darauf an|schwierig|mir egal|ist egal|jein|unsicher|nicht sicher|bin mir nicht sicher|(?:wenn|falls|sofern) (?:es|das) (?:so )?(?:passt|klappt|geht|ok|okay|recht|möglich)|aber (?:\w+ )?zu (?:teuer|lang|lange|kurz)|(?:überleg|frag|meld|schau|guck)e? ich|ich (?:überleg|frag|meld|schau|guck)e?(?= |$|[,.!])|ich (?:rufe?|sage?|sprech|spreche|gebe?)(?: \w+){0,4} (?:an|zurück|bescheid|ab|rücksprache)",
    question_openers=r"(?:und |aber |hallo |hi |ja |ok |gut |bitte |oder |sagen sie |sag mal |moin |guten tag |hm |achso |ach |also |dann |danke )*(?:wann|was(?! (?:anderes|andres|anders|späteres|früheres|mich))|wer|wo|wie(?! (?:gesagt|besprochen|immer|gehabt|gewünscht|vereinbart))|warum|wieso|weshalb|welche[rsnm]?|wem|wen|wohin|woher|womit|wofür|wieviel|bis wann|ab wann|bei wem|mit wem|in welcher|um wieviel|gibt es|gibt's|(?:habt|haben|hätten|hättet|hast|hättest|macht|machen|machst|könnt|könnten|könntet|kannst|könntest|bietet|bieten|nehmt|nehmen|seid|sind|bist|arbeitet|arbeiten|schneidet|schneiden|dürft|färbt|färben|akzeptiert|akzeptieren|braucht|brauchen|sprecht|sprechen|öffnet|schließt|würden|würdet) (?:sie|ihr|du|man)(?! (?:das|es|ihn|den|mir|mich|bitte) (?:so|fest|ein|bitte))|(?:können|haben|sollen|dürfen) (?:sie|wir|ihr)|habts|hast du|(?:kann|könnte|darf|dürfte|muss|müsste|soll|sollte|brauche|brauch|habe|bekomme|krieg|kriege|zahle) (?:ich|man|wir|mein|meine|das|der|die)(?! (?:leider |da |das |auch |noch |gar |eben |aber )*(?:nicht|keine?n?)(?!\w))|(?:ist|wäre|war|hat|geht|ginge|passt|klappt|kostet|dauert|kommt|arbeitet|macht|kann|wird|gilt|gehört|würde) (?:das|es|da|dann|denn|der|die|den|noch|auch|am|um|heute|morgen|jemand|etwas|was|eine|ein|ihnen|euch|man|dort|hier|bei|schon|eigentlich|wirklich|ihr))",
    policy=r"(?:bis wann|wie (?:lange|kurzfristig|spät|oft|viel früher|früh)|kostenlos|kostenfrei|gratis|gebühr(?:en)?|umsonst|was kostet|kostet|jederzeit|später (?:noch |wieder |auch )?|notfalls|im notfall|auch (?:wieder|noch|später|kurzfristig)|wieder|kurzfristig|noch am selben tag|einfach so|kann man|was (?:passiert|ist)|muss ich (?:etwas |was )?(?:zahlen|bezahlen))…(?:absagen|absage|stornieren|storniere|stornierung|storno|canceln|verschieben|verschiebe|umbuchen|verlegen|nicht komme)|(?:absagen|absage|stornieren|stornierung|storno|verschieben|umbuchen|nicht komme|nicht kommen)…(?:kostenlos|kostenfrei|gratis|gebühr|kosten|kostet|zahlen|bezahlen|umsonst|was kostet)|storno ?(?:gebühr|gebühren|bedingungen|kosten|frist|regeln)\w*|stornierungs\w+|absagefrist|absageregel\w*|ausfallgebühr\w*|wenn ich…nicht (?:komme|kommen kann|erscheine)",
    ordinals={
        r"erste[nrsm]?|1\.?|ersteren?|ersteres|eins": 1,
        r"zweite[nrsm]?|2\.?|zwei|zwo": 2,
        r"dritte[nrsm]?|3\.?|drei": 3,
        r"vierte[nrsm]?|4\.?|vier": 4,
        r"fünfte[nrsm]?|5\.?|fünf": 5,
        r"sechste[nrsm]?|6\.?|sechs": 6,
        r"letzte[nrsm]?|letztere[nrsm]?": -1,
        r"vorletzte[nrsm]?": -2,
    },
    ordinal_frames=(
        # A worded place: "den zweiten", "das erste bitte", "der letzte Termin".
        r"(?:den|der|das|die|dann|lieber|gerne|nehme|nehm|bitte|^)[ ,]*(?:(?:dann|bitte|lieber|gerne) )*(?P<place>WORD)(?![ ,]*(?:WOCHE))(?!\w)",
        r"(?:nummer|nr\.?|option|vorschlag|termin|auswahl|möglichkeit|variante|punkt|antwort|num|platz|#)[ ,.#]*(?P<place>ANY)(?!\w|[.:,]\d|[ ]?uhr)",
    ),
    any_of_them=r"egal(?! (?:bei|wer|von|wem))|(?:ist |mir |das |ist mir |mir ist |ganz )+(?:egal|gleich|wurscht|wurst|schnuppe)(?! (?:bei|wer|wem))|(?:beide|beides|alle|alles) (?:gehen|geht|passen|passt|ok|okay|gut|möglich)|irgendein(?:er|en|s|es)?|welche[rsn]? auch immer|suchen sie (?:sich )?(?:einen|eins) aus|such (?:du )?(?:einen|eins)? ?aus|beide(?: zeiten| termine)? (?:wären|sind) (?:ok|okay|gut|möglich|recht)",
    day_words=r"mal|januar|jänner|februar|märz|april|mai|juni|juli|august|september|oktober|november|dezember|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonnabend|sonntag|woche|wochen|hälfte|tag|halbjahr|quartal|monat|ersten|zweiten|dritten|vierten|fünften|sechsten|siebten|achten|neunten|zehnten|elften|zwölften|freien?|\d|uhr|advent|feiertag|stunde|besuch|kunde|kind",
)
