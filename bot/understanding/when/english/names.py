"""English first names, and the words by which people say who they are."""

from __future__ import annotations

from bot.understanding.when.language import Names, words

_FIRST = """
    aaron abigail adam adele adrian agnes aidan aisha alan albert alex alexander alexandra alfie alice alison alistair allison
    amanda amber amelia amy andrea andrew andy angela anita ann anna anne annie anthony antonia archie arthur ashley audrey barbara
    barry beatrice becky belinda ben benjamin bernard beth bethany betty beverley bill billy bob bradley brenda brian bridget bruce
    callum cameron carl carol caroline catherine cathy charles charlie charlotte chelsea cheryl chloe chris christian christina
    christine christopher claire clare clive colin connor craig cynthia daisy dan daniel danielle darren dave david dawn dean
    deborah debbie debra denise dennis derek diana diane dominic donald donna doris dorothy douglas duncan dylan edith edward
    eileen elaine eleanor elizabeth ella ellen ellie elsie emily emma eric erin ernest ethan eva eve evelyn evie fatima felicity
    fiona florence frances francis frank fred freddie freya gareth gary gavin gemma geoffrey george georgia gerald geraldine gillian
    gina gordon grace graham grant greg hannah harold harriet harry harvey hayley hazel heather heidi helen henry hilary holly
    howard hugh hugo ian imogen irene isaac isabel isabella isla jack jackie jacob jacqueline jake james jamie jan jane janet janice
    jasmine jason jay jayne jean jeff jeffrey jen jennifer jenny jeremy jerry jess jessica jill jim jimmy joan joanna joanne joe joel
    john johnny jon jonathan jordan joseph josh joshua joy joyce judith judy julia julian julie juliet justin karen karl kate
    katherine kathleen kathryn kathy katie kay keith kelly ken kenneth kerry kevin kim kirsty kyle laura lauren laurence leah lee
    leo leon leonard leslie lewis liam lillian lily linda lindsay lisa liz lloyd logan lola louis louise lucas lucy luke lydia lynn
    lynne mabel maggie malcolm marcus margaret maria marie marion mark martha martin mary mason mateo matt matthew maureen max megan
    melanie melissa mia michael michelle mike millie mohammed molly monica morgan muriel nancy naomi natalie natasha nathan neil
    niamh nick nicholas nicola nicole nigel nina noah nora norman olive oliver olivia oscar owen pam pamela pat patricia patrick
    paul paula pauline penelope penny percy pete peter phil philip philippa phoebe phyllis polly poppy priya rachel ralph raymond
    rebecca rhys richard rita rob robert robin roger ron ronald rose rosemary rosie ross roy ruby russell ruth ryan sabine sally sam
    samantha samuel sandra sara sarah sean sebastian shannon sharon sheila shirley sian simon sofia sonia sophia sophie stacey
    stanley stella stephanie stephen steve steven stewart stuart sue susan susie suzanne sylvia tamsin tanya tara ted teresa terry
    tess thea theo theresa thomas tim timothy tina toby todd tom tommy tony tracey tracy trevor tyler valerie vanessa vera victor
    victoria vincent violet virginia vivian wayne wendy will william winifred yasmin yvonne zara zoe
"""


def names() -> Names:
    """The English names that may stand before a surname like May or Friday."""
    return Names(
        first=words(_FIRST),
        introduced_by=frozenset({("this", "is"), ("i", "am"), ("name", "is"), ("it", "is"), ("here", "is")}),
        announced_by=words("i'm it's name's im named called"),
        between=words("the again just actually"),
        here="",
        closings=words("regards thanks cheers yours sincerely love best wishes thx ta"),
        greetings=words("hello hi hey dear regards thanks cheers thx sincerely wishes"),
        speaking=words("here speaking calling i again my from"),
        under=words("for under"),
        firms_before=words("team salon practice clinic studio"),
        firms_after=words("& and"),
        partners=words("sons son partners co ltd daughters associates"),
        given=words("april may june august summer autumn"),
    )
