"""German first names, and the words by which people say who they are."""

from __future__ import annotations

from bot.understanding.when.language import Names, words

_FIRST = """
    alexander alexandra alina andrea andreas angela angelika anja anke anna anne annett annette antje anton ariane armin
    astrid axel barbara beate benjamin bernd bernhard bettina bianca birgit björn brigitte britta bruno carina carla
    carmen carola carolin carsten caroline charlotte christa christian christiane christina christine christoph christopher claudia
    clara cornelia dagmar daniel daniela david dennis diana dieter dietmar dirk dominik doris dorothea eckhard edith elena
    elfriede elias elisabeth elke ella emil emilia emma emily erich erik erika ernst esther eva fabian felix ferdinand finn
    florian franz franziska frank frauke frederik friederike friedrich fritz gabi gabriele georg gerd gerhard gerda gisela
    gregor greta gudrun günter günther gustav hanna hannah hannelore hannes hans harald hartmut heike heiko heinrich heinz helene
    helga helmut henning henrik herbert hermann hilde hildegard holger horst hubert ida ilona ilse ines inge ingeborg ingo ingrid
    irene iris isabel isabell isabella jacqueline jakob jan jana janina jasmin jannik jens jessica joachim jochen johann johanna
    johannes jonas jonathan jörg josef julia julian juliane jürgen jutta kai karin karl karla karolin karsten katharina kathrin
    katja katrin kerstin kevin klara klaus konrad konstantin kristin kristina kurt lara laura lea lena leni leon leonie lina linda
    lisa lorenz lothar louis luca ludwig luis luisa lukas lutz maik maja manfred manuel manuela marc marcel marco marcus margarete
    margit maria marianne marie marina mario marion mark markus marlene marlies marta martha martin martina mathias mathilda matthias
    max maximilian mechthild melanie mia michael michaela mike miriam mirjam monika moritz nadine nadja natalie nicole niklas nils
    nina nora norbert olaf oliver oskar otto pascal patricia patrick paul paula petra peter philipp pia rainer ralf ralph ramona
    raphael rebecca regina regine reiner reinhard renate rene ricarda richard rita robert robin roland rolf rosemarie rudolf rüdiger
    ruth sabine sabrina samuel sandra sara sarah sascha sebastian siegfried sigrid silke silvia simon simone sina sofia sofie sonja
    sophia sophie stefan stefanie steffen stella stephan stephanie susanne sven svenja swantje sybille sylvia tamara tanja tatjana
    thea theo theodor theresa thomas thorsten tilo tim timo tina tobias tom torsten udo ulf uli ulla ulrich ulrike ursula uschi ute
    uwe valentin vanessa vera verena veronika victoria viktor viktoria vincent volker walter werner wilhelm wolfgang yvonne
    mehmet ayse fatma ali mustafa ahmet elif emre hasan hüseyin
"""


def names() -> Names:
    """The German names that may stand before a surname like Mai or Freitag."""
    return Names(
        first=words(_FIRST),
        introduced_by=frozenset(
            {
                ("hier", "ist"),
                ("hier", "spricht"),
                ("hier", "war"),
                ("ich", "bin"),
                ("ich", "heisse"),
                ("name", "ist"),
            }
        ),
        between=words("die der das noch wieder nochmal mal"),
        here="hier",
        closings=words("gruß grüße lg vg mfg danke dank ihr dein deine ihre liebe"),
        greetings=words("hallo tag servus moin hi hey gruss gruesse grüße lg mfg danke dank dein deine ihr ihre"),
        speaking=words("hier ich am mein spricht nochmal"),
        under=words("auf für"),
        firms_before=words("team firma praxis salon kanzlei bäckerei metzgerei autohaus gmbh"),
        firms_after=words("& und"),
        partners=words("söhne sohn partner co gmbh kollegen töchter"),
    )
