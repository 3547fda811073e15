"""German phrases that are not about time, however they look. A new phrase is a row here."""

from __future__ import annotations

from bot.understanding.when import phrases as p
from bot.understanding.when.grammar import Row
from bot.understanding.when.language import Table


def rows() -> list[Row]:
    """What is no time."""
    t = Table("de")
    t(
        "greeting",
        p.skip,
        """
        <greet> {part}|{unit}; <greet> morgen; <greet> {hol}; <greet> tag noch|auch?
        <greet> rest|start <art>|in? <art>? {unit}|{part}; einen? <greet> {part}|{unit}|morgen
        <greet> <greet> morgen|tag|abend; schönes rest wochenende; <greet> <greet> {part}|{unit}
        guten morgen morgen; tag auch; tach auch; gute nacht; guten rutsch; <greet> {dow}
        <greet> {dow} {part}|morgen; <greet> neues jahr; gutes neues; <greet> {season}
    """,
        weight=6,
    )
    t(
        "skip",
        p.skip,
        """
        so spät wie möglich; nicht ganz? so|zu <early>|<late>; früher oder später
        früh genug; wie früh|spät; wie <late>|<early>
        auf abruf; ab und zu; nach und nach; von tag zu tag; eines tages; tag und nacht; den ganzen tag
        pro|je|jede|jeden woche|tag|monat|stunde|jahr; rund um die uhr; um die uhr
        alle {num}? tage|wochen|monate|jahre; alle {num} {unit}; {num} mal; vor allem; vor ort
        um gottes willen; in ordnung; am ende des tages; auf den letzten drücker
        von mir|uns|ihnen aus; ende gut; von anfang an; auf die minute
        in letzter minute; auf jeden fall; {num} jahre alt; {num} jahre; {num} monate alt
        die nächste frage; das nächste mal; nächstes mal; letztes mal; beim nächsten mal
        beim letzten mal; heute geht es mir; bis bald|dann|später|gleich|nachher|dahin|jetzt; heutzutage
        hier ist|spricht|war {mon}|{dow}|{season}; am apparat {mon}|{dow}|{season}; grüße an {mon}|{dow}
        bei {mon}; {mon} heißt|heisst; heißt|heisst {mon}; der|die {mon} bei|da|im|krank
        der|die {mon} noch bei|da|im
        von {num} bis {num} ,? wie; auf? einer? skala von {num} bis {num}
        von heute auf morgen; mittag essen; zu mittag essen|gegessen; abend essen
    """,
        weight=6,
    )
    t("to.the.minute", p.const(glue=True), "und? keine minute|sekunde früher|später|eher", weight=7)
    t("both.days", p.skip, "beides|beide|alles sind|ist? {dow}")
    t(
        "no.matter",
        p.const(glue=True),
        "kein|keine|keinen scherz|witz|problem|ding|stress|thema|eile|hektik|frage|sorge",
        weight=2,
    )
    t("every.day", p.const(skip=True, every_day=True), "jeden tag", weight=7)
    t("homewards", p.const(skip=True, word="hause"), "nach hause", weight=6)
    t(
        "often",
        p.const(skip=True, often=True),
        """
        jede|jeden {ord}|andere|anderen? woche|monat; alle {num}|{few}|paar? wochen|monate; alle 7|14|21|28|sieben|vierzehn tage
        wöchentlich|zweiwöchentlich|vierwöchentlich|monatlich|vierzehntägig|vierzehntäglich|zweiwöchig
        14 -? tägig; 2 -? wöchentlich; einmal|1x die|in|pro|im der? woche|monat; im wochenrhythmus|14-tage-rhythmus
    """,
        weight=7,
    )
    t("this.time", p.const(skip=True, this_time=True), "nur|bloß? dieses eine? mal", weight=6)
    t(
        "too",
        p.const(skip=True, full=True),
        "zu früh|spät|knapp|eng|stressig|kurzfristig|weit|hektisch; zu <early>|<late>",
        weight=6,
    )
    t(
        "excluded",
        p.const(excluded=True, refusal=True),
        "auf gar? keinen fall; keinesfalls",
        weight=2,
    )
    t("excluded.day", p.const(excluded=True), "bis auf; mit ausnahme von|des|vom; abgesehen von|vom", weight=2)
    t(
        "skip.street",
        p.skip,
        """
        straße des {domord} {mon}; strasse des {domord} {mon}; platz des {domord} {mon}
    """,
        weight=20,
    )
    return t.rows
