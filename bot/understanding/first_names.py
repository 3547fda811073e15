"""Common first names: two words with one of these in front are a person, and "mit Mario" asks for one. Folded forms."""

# ruff: noqa: SIM905 - rows of words read better than quoted lists

from __future__ import annotations

FIRST_NAMES = frozenset(
    """
    achim adam adele adrian agnes ahmed aisha alan albert alex alexa alexander alexandra alfred ali alice alicia alina alisa amanda amelie amy
    ana andrea andreas andrew andy angela angelika anja anita anke ann anna annabel anne anneliese annette annika anthony anton antonia
    antje armin arne arthur astrid axel barbara bastian beate beatrice ben benedikt benjamin bernd bernhard berta bertram betty bianca birgit bjoern
    bob brian brigitte bruno carina carl carla carlo carlos carmen carolin carolina caroline carsten catherine cem charles charlotte chloe
    chris christa christel christian christiane christina christine christoph christopher claire clara claudia claus clemens conny
    cornelia daniel daniela dave david deniz denise dennis dieter dietmar dirk dominik dora doris dorothea dustin eberhard edith edward elena
    elfriede elias elif elisa elisabeth elizabeth elke ella ellen elsa emil emilia emily emine emma emre erich erika erik eric erwin esther
    eva evelyn fabian fatima fatma felicitas felix ferdinand finn fiona florian frank franz franziska fred frederik frieda friedrich fritz gabi
    gabriel gabriele georg george gerd gerda gerhard gertrud gisela grace greta guenter guenther gudrun hakan hannah hanna hannes hans hansi harald harry hartmut
    hasan heidi heike heiko heiner heinrich heinz helen helena helga helmut henning henriette henry herbert hermann hilde holger horst hubert hugo ida
    ilse ina ines inge ingo ingrid irene iris irina isabel isabella isabelle jack jacob jakob james jamie jan jana jane janet janina jannik
    jasmin jason jean jennifer jens jenny jessica jim joachim joanna jochen joe joel johann johanna johannes john jonas jonathan jonas jorge joseph josef
    josephine julia julian juliane julius jule jupp jutta juergen kai karin karina karl karla karsten karolina kate katharina katherine kathrin
    katja katrin kay kemal kerstin kevin kim klaus klara konrad konstantin kristin kurt lara larissa lars laura laurent lea lena lennart leo leon
    leonard leonie liam lilli lilly linda linus lisa lothar louis louisa louise lucas lucy ludwig luisa lukas luke lutz lydia magdalena maike malte
    manfred manuel manuela marc marcel marco marcus margarete margot maria marianne marie marina mario marion markus marlene martha martin
    martina mary mathias matthew matthias maurice max maximilian maya mehmet melanie melissa mia michael michaela michelle mike miriam mohamed mohammed
    monika moritz murat mustafa nadine nadja natalie natascha nele nicholas nick nicolas nicole niklas nikolai nils nina noah nora norbert oliver
    olaf olga olivia oskar oscar otto pascal patricia patrick paul paula pauline pedro peggy peter petra philip philipp phillip pia pierre rachel rainer ralf ralph
    ramona raphael rebecca regina reiner renate rene richard rita robert robin roland rolf roman ronald ronja rosa rosemarie roswitha rudolf rudi rupert ruth ryan
    sabine sabrina salma sam samantha samuel sandra sara sarah sascha sebastian selina sean serkan sergej sibylle siegfried sigrid silke silvia simon
    simone sina sofia sonja sophia sophie stefan stefanie stella stephan stephanie steve steven sue susan susanne susi sven svenja sybille sylvia tamara
    tanja tatjana ted theo theresa thomas thorsten tim timo tina tobias tom toni tony torsten udo ulf ulla ulrich ulrike ursula uta ute uwe valentin
    valentina vanessa vera veronika victor victoria viktor viktoria vincent viola volker waltraud wanda walter werner wilfried wilhelm william willi winfried wolf wolfgang
    xenia yannick yasmin yusuf yvonne zeynep zoe lukas finja mats jule mark frank rose lou sally tracy zara
    """.split()
)
