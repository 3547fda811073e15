"""Ordinary words of both languages: they tell the language of a message, and that a word is nobody's name. Folded forms.

Words that both languages write alike ("hi", "ok", "in", "was", "die", "Do") stand in `SHARED` and tell nothing.
"""

# ruff: noqa: SIM905 - rows of words read better than quoted lists

from __future__ import annotations

GERMAN = frozenset(
    """
    aber falsch falsche falscher falsches verkehrt geheim bekannt kompliziert wirs deutsch deutsche englisch ab abend abends abendessen absagen abgemacht ach adresse aehm aeh alle allem allen alles als anderen anderer anderes andere anders ansonsten auch auf
    aus bald bei beide beiden beim bekomme bekommen bereits besser bestaetigen bezahlen bin bis bisschen bist bitte brauche brauchen
    braeuchte bringe buche buchen buchung buchungen dabei dafuer dahin damen damit dann dankbar danke dankeschoen daran darf das dass
    davon dazu dein deine deinem deinen dem den denke denn der des dich dies diese diesem diesen dieser dieses dir doch dort drei
    dritte dritten du duerfen durch ebenfalls egal ordnung eher eigentlich ein eine einem einen einer eines eins einfach einverstanden
    elf entschuldigung er erst erste ersten es etwa etwas euch euer eure eurer eventuell falls fein fertig fest feierabend folgende
    frage fragen frau frei freie freien freue freut freund freundin frueh frueher fruehestens fuenf fuer ganz geburtstag geben gebucht
    gehe gehen geht gefaellt gegen gehabt genau genommen genug gerade gern gerne geschnitten gestern gewesen gibt ging ginge
    gleich gratis guenstig gut gute guten guter gutes hab habe haben habt haette haetten haettet halb halbe halt haar haare haaren heisse
    heisst heiße helfen herr herren herrn heute hier hilfe hin hinten hoeren ich ihm ihn ihnen ihr ihre ihrem ihren ihrer im immer ins
    irgendein irgendeine irgendwann irgendwas irgendwer ist ja jahr jahre jahren jawohl jede jedem jeden jeder jederzeit jemand
    jemanden jetzt junge kann kannst kaum kein keine keinem keinen keiner keins kenne kind kinder klar kommen komme kommt koennen koennt
    koennte koennten kosten kostet kriege kurz kurzfristig laenger lang lange lassen leider letzte letzten letzter lieber liegt los
    machen mache macht mag mal maenner mein meine meinem meinen meiner meinte mensch menschen mich mir mit mittag mittags
    mittwoch mitarbeiter moechte moechten moeglich moeglichst moment monat monate montag montags morgen morgens muesste muessen muss nachmittag nachmittags
    naechste naechsten naechster naechstes nach nachher namen nee nein nehme nehmen neu neun neue neuen nicht nichts nie niemand noch noe nummer nur
    oben oder offen ohne oeffnungszeiten paar passt passen perfekt preis preise prima punkt quatsch rein richtig ruhig sagen
    samstag samstags schade schauen schnell schoen schoene schoenen schon sehen sehr sein seid sechs sieben seit
    sich sicher sie sind sohn sollen soll sollte sondern sonst sonntag sonntags spaet spaeter spaetere spaeteren spaeterer spaetestens
    statt stimmt stornieren stunde stunden suche tag tage tagen taeglich termin termine termins teuer tochter toll trotzdem tschuess
    tschuessi tun ueber ueberlegen uebermorgen uhr uhrzeit um und uns unser unsere unter verlegen verschieben verstehe viel viele vielen
    vielleicht vier viertel vom von vor vorbei vorbeikommen vorher vormittag vormittags waere wann warte warten warum weg wegen weil
    weiss weiter weitere welche welchem welchen welcher welches wem wen wenn wer werde werden weshalb wie wieder wieso wieviel
    will wir wird wissen wo woche wochen wochenende woher wohl wollen wollte wollten worum wuerde wuerden wuerdet wunderbar wunsch
    zehn zeit zeiten zu zum zur zurueck zusammen zwanzig zwei zweite zweiten zwischen zwo zwoelf
    dienstag dienstags donnerstag donnerstags freitag freitags sonnabend januar jaenner februar maerz mai juni juli
    oktober dezember donnerstagnachmittag freitagabend dienstagvormittag mittwochnachmittag feiertag fruehestmoeglich ostern
    weihnachten hallo hallihallo servus gruess gruezi moin moinsen tach wiedersehen stopp vergiss abbrechen umbuchen
    aendern absage bescheid personen person kunde kundin neukunde neukundin stammkunde stammkundin selbst schneiden schneidet
    faerben waschen foehnen haarschnitt schnitt locken farbe dauer dauert dauern friseur friseurin bezahlt karte barzahlung
    parkplatz hund meinetwegen selbstverstaendlich natuerlich unbedingt klasse spitze jap jep jup joa jo noeoe nö
    null dreissig fuenfzehn vierzehn dreizehn sechzehn siebzehn achtzehn neunzehn neunte zehnte elfte zwoelfte fuenfte sechste siebte achte vierte
    emailadresse telefonnummer handynummer rueckruf erreichbar erreichen anrufen lautet heissen dame mann bart spitzen
    neuer altes alt alter jungen maedchen enkel enkelin mutter vater bruder schwester oma opa eltern freunde familie
    fruehling herbst jahreszeit wetter arbeit arbeiten arbeitet geoeffnet geschlossen hinterlassen
    gebe gib gaebe wollt willst magst sag sagt sage sagte meinst glaube finde gefunden suchen gesucht gesagt gemeint geirrt vertan
    nirgends irgendwie ueberhaupt ungefaehr circa etwaige zirka hoechstens mindestens maximal wenigstens zumindest
    vorne mitte anfang ende naemlich uebrigens soweit sobald solange damals spontan dringend unbedingt sofort
    doppelt doppel zweimal einmal dreimal nochmal nochmals erneut wiederholen ausserdem allerdings jedoch
    puenktlich verspaetung verspaete absender empfaenger bestaetigung reserviert reservieren reservierung reserviere
    lieben lieb liebe gruesse gruss mfg vg freundlichen freundlich sehen hoffe wuensche wuenscht gestellt schreiben schreibe
    ne nen ner nix isses gehts siehts gibts hats wars haett koennt waers pass schaffe schaffen
    schreibt buchstabiert buchstabiere geschrieben mailadresse weitermachen
    spielt rolle praeferenz gefallen bevorzuge bevorzugt dran drauf drin rum rauf runter her
    """.split()
) - frozenset("will mag alter".split())

ENGLISH = frozenset(
    """
    a nah english german about actually address afraid after afternoon again all already alright always and another any anybody anyone anything anytime anywhere
    appointment appointments are around as ask at available availability away back bad because been before being best better between
    bit bleach blow book booked booking bookings both boy brilliant but buy by bye call called came can cannot cancel cancellation cant card change
    charge charged cheap cheers child children choose close closed come coming confirm correct cost costs could couldnt cut cuts curls day
    days daughter definitely did didnt different does doesnt dont doing done down dry dye each earlier earliest early eight either eleven else
    end enough evening every everything exactly expensive fifteen fine five first fits for forget four free friday fridays from full further
    gents get getting girl give glad go goes going gonna good goodbye got great guess guys hair haircut haircuts had half hand hang happy
    has have havent having he hello help her here hers him his hold hour hours how however human husband i id idea if ill im instead
    is isnt it its ive january february march june july october december just kid kids know ladies last late later
    latest leave let lets like little long longer look looking looks lot love lovely lunch make makes many matter may maybe me mean meant men
    mens middle might mind mine minute minutes monday mondays month months more morning most move moved much must my myself near need needs
    neither never new next nice night nine no nobody none noon nope not nothing now number oclock of off offer often on
    once one ones only open opening or other others our out over parking pay people perfect perhaps perm phone pick please possible
    postpone prefer price prices probably put quarter question quick quite rather real really reschedule right roots said same saturday saturdays
    saw say says second see seven several shall she should show six sixty somebody someone something sometime soon sooner sorry
    sound sounds stay still stylist such sunday sundays sure take taken takes talk tell ten than thank thanks that thats the their them then
    there these they thing things think third thirteen thirty this those though three thursday thursdays till time times to today together
    tomorrow tonight too took touch trim tuesday tuesdays twelve twenty two unfortunately until up upcoming us use usual very wait
    walk wanna want wanted wants wash wasnt wednesday wednesdays week weekend weeks well went were weve what whatever whats
    when whenever where wheres which while who whoever whos whose why wife with within without womens woman women wont work works
    working would wouldnt wrong yeah yep yes yesterday yet you your youre yours
    son mother father brother sister dad mom mum friend boyfriend girlfriend colour color coloured colored bleaching consultation
    pm ish past midday midnight fortnight hairdresser barber beard fringe highlights dogs reach reference
    spell spelled spelt spells spelling written forgot forget wondering hoping hope mistake typo scratch nevermind absolutely certainly agreed
    fantastic awesome excellent wonderful amazing suits suit asap anymore earliest nearest somewhere nowhere everyone everybody
    fourteen sixteen seventeen eighteen nineteen zero fourth fifth sixth forty fifty double triple
    depends unsure dunno idk welcome appreciate regards kind sincerely dear cheaper customer client guest
    """.split()
) - frozenset("may april".split())

SHARED = frozenset(
    """
    hi hey ok okay okey in so was die also man hat war am an do mi will super top oh hm hmm erm ehm err uhm ähm äh öhm na ah wow test stop bot ki ai email mail
    e name april august september november mobil mobile handy info internet online chat salon team service art wild fast rot
    arm hast we cool baby sommer winter min std st nr ref uh er pro per extra normal spa styling style balayage
    mo di fr sa mr mrs ms dr prof pls plz thx lol haha ciao merci bravo
    """.split()
) - frozenset("hast".split())

WEAK = frozenset("to on at no of do um for mit er us we it a i der den das dem ein".split()) - frozenset(
    "um".split()
)
"""Short words that count, but less than a content word when two languages meet."""

NAME_PARTICLES = frozenset(
    "von van der den de zu zur zum vom la le di da del della dos el al bin ibn ter ten mc st o".split()
)
"""Inside a name these belong to it: "von der Heide", "O'Brien"."""

PLACEHOLDER_NAMES = frozenset(
    """
    unbekannt unbekannter anonym anonymous kunde kundin neukunde neukundin stammkunde gast guest customer client user test tester
    niemand nobody none null name vorname nachname surname undefined nan n/a na keine keiner kein unknown someone jemand
    mensch human person admin bot herr frau mister miss testperson
    """.split()
)

TITLES = frozenset(
    """
    herr herrn frau fraeulein familie family mr mrs ms miss mister
    """.split()
)
"""Stripped from a name."""

POLITE = frozenset(
    """
    ja jo jep klar gerne gern ok okay gut bitte danke hi hallo hello hey yes yeah sure please thanks also so na und and natuerlich
    selbstverstaendlich of course hm aeh uh um well gruesse lg mfg vg best regards guten tag morgen abend good moin servus
    """.split()
)
"""Said around an answer and part of none."""

CALENDAR = frozenset(
    """
    montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag januar februar maerz april mai juni juli august monday tuesday
    wednesday thursday friday saturday sunday january february march may june july
    """.split()
)
"""Days and months that are surnames too; capitalised beside a first name or a title they are names."""

NO_SURNAME = frozenset(
    """
    sie ihnen ihr ihre i nicht tag morgen abend danke bitte hallo hello thanks please termin hier here uhr
    """.split()
)
"""Capitalised or not, never a surname."""

SURNAMES = frozenset(
    """
    lang kurz klein gross grosse jung alt neu schwarz weiss braun rot grau blau stark stolz reich kluge ernst fromm scharf hart lieb
    fuchs wolf vogel engel koch koenig kaiser graf richter sommer winter herbst lenz kraft baum feld berg thal bach stein
    long short young old little small white black brown green gray grey king price page love rich sharp wise best bright moore
    friseur barber hunt day knight
    """.split()
)
"""Ordinary words that alone answer the question for a name."""

STAFF_PREPOSITIONS = frozenset(
    """
    bei mit zu zur zum von with by see seeing for fuer durch an mitm beim
    """.split()
)

STRONG_PREPOSITIONS = frozenset(
    """
    bei beim with
    """.split()
)

PERSON_PREPOSITIONS = frozenset(
    """
    bei mit zu with by see seeing beim zur zum
    """.split()
)

ARTICLES = frozenset(
    """
    der die dem den frau herr herrn lieben kollegin kollege my the our mr mrs ms miss
    """.split()
)
"""Between a preposition and a name."""

RELATIVES = frozenset(
    """
    tochter sohn mann frau freund freundin mutter vater schwester bruder kind oma opa enkel enkelin kollegin kollege daughter son husband
    wife friend girlfriend boyfriend mother father sister brother kid child baby
    """.split()
)
"""Whom a guest books for or brings along."""

SETTING_ASIDE = frozenset(
    """
    nicht not ausser except statt ohne without kein keine keinen never instead
    """.split()
)

WORK_VERBS = frozenset(
    """
    soll sollte kann koennte macht schneidet faerbt arbeitet hat ist waere haette kommt will moechte nimmt can could does is has works
    should would
    """.split()
)
"""Verbs around the name of somebody who works."""

NO_PERSON = frozenset(
    """
    termin termine karte bargeld ec paypal kreditkarte waschen foehnen schneiden farbe straehnchen straehnen locken dauerwelle schnitt
    bedarf gelegenheit regen fragen interesse problemen friseur friseurin salon laden geschaeft mail email telefon whatsapp hund hunde
    kinderwagen rollstuhl begleitung freude zeit uhrzeit colour color card cash wash cut blow dry dogs dog kids pleasure time shampoo
    conditioner cuts bleach foils appointment help regards gruss gruessen dank beratung styling maske pflege kur glossing toner haare haar
    haaren bart pony spitzen ansatz balayage volumen extensions gutschein rabatt voucher discount rechnung quittung kaffee vorbehalt absicht
    sicherheit verspaetung glueck erfolg einverstaendnis hilfe liebe umarmung buchung bestellung krankheit haarschnitt herrenschnitt
    damenschnitt kinderschnitt foehn wasser bleichen krause kind kinder baby tochter sohn mann frau freund freundin mutter vater ihnen euch
    dir mir uns sich denen jedem jeder allen wem ihm ihr it that this me you us them him her which whom what one hochzeit party hause fuss
    zweit dritt viert hand ende anfang beginn spaet frueh teuer lang kurz viel wenig gut bezahlen machen haben tun sehen warten kommen
    haircut perm highlights layers fringe beard roots consultation thick thin curly straight long short hair friends family
    """.split()
)
"""Nouns after "bei", "mit" and "with" that are no person; German writes them like names."""

NO_SERVICE = frozenset(
    """
    termin termine tag moment frage auskunft info infos information informationen mitarbeiter mensch menschen rueckruf platz uhrzeit slot
    vormittag nachmittag abend morgen bestaetigung rechnung quittung kaffee gutschein preis preise anderen andere ueberblick hilfe
    beratungstermin plaetze zeit person appointment time day question human invoice receipt coffee voucher booking anything something that
    it this discount discounts cards card kartenzahlung parkplatz parkplaetze parking wlan wifi rabatt rabatte kinder kids dogs hunde
    friseur friseurtermin termins paar weg neuen es das auch was alles kind hund gutscheine zeiten oeffnungszeiten offen auf frei freie
    preisliste adresse nummer telefonnummer email fehler problem payments payment cash walk-ins gift changes home house online bookings
    refund refunds deal anders freien
    """.split()
)
"""Nouns that are wished for and are no service."""

MAIL_ENDINGS = frozenset(
    """
    de com org net at ch eu info io uk me co nl fr it es pl dk se be us ie example test berlin app dev email online biz
    """.split()
)
"""After a mere "at" only these endings make an address: "at half dot" is none."""
