"""English rows: how guests greet, wish, agree, refuse and ask. Data only; `vocabulary` explains the notation."""

from __future__ import annotations

from bot.understanding.meaning import Intent, Topic
from bot.understanding.vocabulary import Consent, Vocabulary

_WANT = r"(?:i'd like|i would like|i'd love|i want|i wanna|i need|we need|we'd like|i'm looking|i am looking|looking|i was hoping|hoping|i wish|i'd need|i would need|i'll need|like)"
_CAN_I = r"(?:can|could|may|might) (?:i|we|you)"

_SIGNALS: tuple[tuple[Intent, str], ...] = (
    (
        Intent.BYE,
        r"(?:and|thanks|great|then|perfect|ok|you) see (?:you|ya) (?:tomorrow|\w+day|next week|on \w+day)(?= then| there|[ .!]*$)|that's all|that is all|that'll be all|nothing else",
    ),
    (Intent.HUMAN, r"(?:talk|speak|chat) (?:to|with) (?!you|my|the wrong)\w+"),
    (Intent.BOOK, r"book me(?: in)?"),
    (Intent.GREET, r"hello|hi|hey|hiya|howdy|good (?:morning|afternoon|evening)|greetings|hey there|hi there"),
    (Intent.THANKS, r"thanks|thank you|thank u|thx|ty|cheers|much appreciated|many thanks|appreciate it"),
    (
        Intent.BYE,
        r"bye|good ?bye|bye bye|see (?:you|ya)(?: (?:then|soon|later|around))?|have a (?:nice|good|great|lovely) (?:day|one|evening|weekend|afternoon)|take care|good ?night|talk (?:to you )?(?:later|soon)|until then",
    ),
    # Wishes to book.
    (
        Intent.BOOK,
        rf"{_WANT}…(?:appointment|booking|slot|reservation|to book|to schedule|to reserve|to come in|to make|to get my|to have my|to get a|an opening)|(?:book|schedule|make|get|arrange|reserve|set up|need) (?:me )?(?:an?|another|the next|my next|a new|some) (?:\w+ )?(?:appointment|slot|booking|time|reservation)",
    ),
    (
        Intent.BOOK,
        rf"{_CAN_I}…(?:book|get|have|schedule|reserve|make|come in|do|squeeze|fit|pop in)(?: me| us)?(?: in)? (?:an?|for|on|at|this|next|tomorrow|today|in|my|another|some|the|me)|(?:can|could) (?:i|we) (?:book|come in|schedule)|(?:fit|squeeze) me in",
    ),
    (
        Intent.BOOK,
        r"(?:get|have|getting|having|need|want) (?:my|his|her|our) (?:hair|roots|fringe|ends|beard|curls)…(?:cut|done|coloured|colored|dyed|trimmed|styled|touched up|permed|bleached|washed)|(?:cut|colour|color|dye|trim|style) my hair|hair done",
    ),
    (
        Intent.BOOK,
        rf"{_WANT} (?:a|an|another|some|my|to book|the) (?:\w+ |\w+'s )*(?:cut|haircut|trim|perm|colour|color|consultation|touch-up|blow dry|appointment|roots)|(?:an |new |another )?appointment(?: please)?(?: (?:for|on|at|with|tomorrow|today|next|this)|$)|(?:book|schedule) (?:a|an|for|on|me|my|another) |^(?:i )?(?:want|like|need) to book|new booking|book something|book (?:an? )?\w+ (?:for|on|at)",
    ),
    # Bookings that are there.
    (
        Intent.MOVE,
        r"reschedule|rescheduling|re-schedule|rebook|re-book|postpone|bring…forward|push (?:it|my|the|that)…(?:back|to)|(?:move|moving|shift|switch) (?:my|the|it|this|that|our)(?: \w+)*(?: (?:to|from|appointment|booking|earlier|later|forward|back)|$)|(?:move|change|shift|switch|swap) (?:\w+ ){0,3}(?:appointment|booking|reservation|slot)|(?:appointment|booking)…(?:moved|changed|to another|to a different)|(?:can|could) (?:i|we|you) (?:move|shift|change|switch)(?: \w+)* to|change (?:it|that|my \w+) to|can i move|want to move|need to move|like to move",
    ),
    (
        Intent.CANCEL,
        r"cancel|cancell?ation|cancell?ing|cancelled|call (?:it|that|my appointment) off|(?:can't|cannot|can not|won't|not able to|unable to) (?:make|keep|attend|come|be there)(?: (?:it|my|the|to|that|tomorrow|on|today|anymore|in))*(?: (?:appointment|booking))?|(?:delete|drop|remove|scrap) (?:my|the|that) (?:appointment|booking)|don't need (?:the|my|that) (?:appointment|booking)|something(?:'s| has)? c(?:a|o)me up",
    ),
    (
        Intent.LIST,
        r"my (?:appointments|bookings|reservations)|(?:show|see|check|view|list|look up|find) (?:me )?(?:my|all my|the) (?:appointments?|bookings?|reservations?)|when(?:'s| is| are| was) my (?:\w+ )?(?:appointments?|bookings?|haircut)|what (?:have i|did i|do i have) (?:booked|book)|(?:do|did) i (?:already )?have (?:an?|any) (?:\w+ )?(?:appointments?|bookings?)|(?:which|what) (?:appointments?|bookings?) (?:do i|have i)|what time is my (?:appointment|booking)|am i booked|(?:is|was) (?:my|the|that|our) (?:appointment|booking|haircut)(?: (?:now|already|definitely|really|all)){0,2} (?:confirmed|booked|fixed|set|made)|have i got (?:an?|any) (?:appointment|booking)s?",
    ),
    # Taking something back.
    (
        Intent.CORRECT,
        r"i meant|i mean|actually|rather(?! not)|instead|(?<!can't )(?<!cannot )(?<!can not )make (?:it|that)(?= (?:at|on|for|to|\w+day|\d|a |an |half|tomorrow|today|one|two|three|four|five|ten|eleven|noon))|scratch that|no wait|wait no|correction|i misspoke|typo|my mistake|my bad|on second thou?ghts?|changed my mind|that's wrong|that is wrong|that's not (?:right|correct)|not (?:right|correct)|wrong (?:day|time|name|number|date|service|email|one)|better (?:make|on|at)|i'd prefer|prefer|switch to|let's do (?=\w+day|at|the|\d)",
    ),
    # Moving among offers.
    (
        Intent.LATER,
        r"(?:a bit |a little |any |anything |something |much |slightly )?later(?! today)|too early|further (?:out|back)|afterwards",
    ),
    (
        Intent.EARLIER,
        r"(?:a bit |a little |any |anything |something |much |slightly )?(?:earlier|sooner)|too late",
    ),
    (
        Intent.OTHER,
        r"none of (?:these|those|them|the|that)|neither|something else|anything else|(?:any |an |some |the |on )?(?:other|another|different|alternative|more)(?: \w+)? (?:day|days|date|dates|time|times|option|options|slot|slots|appointment|appointments|week|suggestion|suggestions|one|ones|service|choices)|(?:don't|doesn't|do not|won't|none) (?:work|suit|fit)(?: for)?(?: me| any)?|what else|alternatives?|(?:not|nothing) (?:any )?(?:of (?:them|these|those)|suitable)|(?:can't|cannot|can not) (?:do|make) (?:that|then|those|these|any|the|it then|it at)(?: \w+)*|i'm (?:busy|working|not free|not available) (?:then|that)",
    ),
    # People and the machine.
    (
        Intent.HUMAN,
        r"(?:speak|talk|chat|connect|transfer|put|pass|get|reach|contact)(?: me| us)?(?: \w+)? (?:to|with|through to|through|on to|hold of)? ?(?:a |an |the |some ?)?(?:real |actual |live |human )*(?:human|person|people|somebody|someone|staff|member|agent|representative|receptionist|operator|manager|owner|employee)|(?:real|actual|live) (?:person|human|people)|^(?:a )?(?:human|agent|operator|representative|person)(?: please)?$|call me(?: back)?(?=$|[ ,]+(?:please|on|at|now|asap|when|tomorrow|today|under)|[.!?])|call ?back|human (?:please|agent|being please)|i want a human|phone me|someone (?:call|ring|phone)|ring me",
    ),
    (
        Intent.HELP,
        r"help|what can you do|what can i (?:do|ask|say|type)|how does (?:this|it|that) work|what do i (?:do|say|type)|how do i (?:use|do) (?:this|that)|i don't (?:understand|get it)|i'm (?:lost|stuck|confused)|assist(?:ance)?",
    ),
    (
        Intent.STOP,
        r"stop|never ?mind|forget (?:it|about it|that)|abort|quit|exit|leave it|drop it|let's leave it|i'm done|don't bother|end (?:this|chat|the chat|conversation)|i give up",
    ),
    (Intent.WHY, r"why|how come|for what reason|what(?:'s| is) the reason"),
    (
        Intent.SMALL_TALK,
        r"how are (?:you|things|ya)|how's it going|how are you doing|what's up|wassup|(?:nice|lovely) weather|how's the weather|what's the weather|tell me a joke|haha+|lol|i love you|you(?:'re| are) (?:funny|nice|great|cute|sweet|stupid|smart|cool|awesome)|how old are you|nice to meet you|i'm bored",
    ),
)

_CLAUSES: tuple[tuple[Intent, str], ...] = (
    (
        Intent.BYE,
        r"(?:ok |great |thanks )?see (?:you|ya) (?:tomorrow|next week|on \w+day|\w+day|today)(?: then)?|until (?:tomorrow|next time)",
    ),
    (
        Intent.OTHER,
        r"none|(?:any )?others?|another one|another|more|next|else|different|nope none|not (?:those|these)",
    ),
    (Intent.LIST, r"(?:my )?(?:appointments?|bookings?)"),
    (Intent.BOOK, r"(?:please )?(?:book|booking|schedule|reserve)(?: please)?"),
    (Intent.STOP, r"end|nothing|cancel everything|done"),
    (Intent.SMALL_TALK, r"wow|test|testing|cool story|oops|yay"),
)

_TOPICS: tuple[tuple[Topic, str], ...] = (
    (
        Topic.AVAILABILITY,
        r"any ?time(?: is| works)|whenever|doesn't matter when|don't (?:mind|care) when|flexible",
    ),
    (
        Topic.PRICE,
        r"how much(?! (?:time|longer))|price|prices|pricing|price list|costs?|what do you charge|charge|rates?|cheap|(?<!too )expensive|fee for|how expensive|what would (?:it|that) be",
    ),
    (
        Topic.HOURS,
        r"(?:opening|business|working) (?:hours|times)|(?:are|is|were) (?:you|you guys|it|the (?:salon|shop|place)|u)…(?:open|closed)|when (?:are|is|do|does|will|can)…(?:open|opened|close|closed|opening|closing)(?=$|[ ,]*[?.!]| on| at| today| tomorrow)|what time…(?:open|close|shut)|(?:your|the) hours|hours\?|^(?:opening )?hours$|how late…open|(?:do|are) you open|until what time",
    ),
    (
        Topic.ADDRESS,
        r"where (?:are|is|r|can i find|do i|exactly|'s)…(?:you|located|salon|shop|place|go|it|based|situated|find)|(?<!email )(?<!mail )(?<!e-mail )(?<!my )address(?! is)|location|located|directions|how (?:do|can) i get (?:there|to you|to the)|parking|where to park|nearest (?:station|stop)",
    ),
    (
        Topic.PHONE,
        r"(?:your|the|a|salon's) (?:phone|telephone|contact|mobile)(?: number)?|your number|(?:call|phone|ring|reach) (?:you|u|the salon)|what number|^phone(?: number)?\??$",
    ),
    (
        Topic.DURATION,
        r"how long(?!…(?:open|notice))|duration|how much (?:time|longer)|how many (?:minutes|hours)|take long|time does it take",
    ),
    (
        Topic.STAFF,
        r"who (?:cuts?|does|do|is|are|works?|can|could|will|would|colou?rs?|'s|have)|(?:which|what) (?:stylists?|hairdressers?|barbers?|staff|people)|your (?:stylists?|staff|team|hairdressers?|barbers?)|which of you",
    ),
    (
        Topic.SERVICES,
        r"(?:what|which) (?:services|treatments|kinds?|types?|haircuts|styles|cuts)|services|treatments|what (?:do|can|else do) you (?:guys )?(?:offer|do|provide|have)(?! (?:on|at|for|free|available|tomorrow|today|this|next|in|about|if))|your menu|(?:do|can) you (?:guys )?(?:also )?(?:offer|do|provide)(?! (?:it|that|this|anything|something|any|\d|on|at|me|monday|tuesday|wednesday|thursday|friday|saturday|sunday|tomorrow|today|next))|what can i (?:book|have|get)",
    ),
    (
        Topic.AVAILABILITY,
        r"(?:do you have|have you got|have you|got|is there|are there|any|would there be|you have|what|when)…(?:available|availability|free|slots?|openings?|appointments?|space|spaces|room|gap|anything|something)(?: (?:on|at|for|in|this|next|tomorrow|today|around|after|before|left|free|available|open))?|(?:are you|is \w+|be|are they) (?:free|available)|availability|available|free slots?|when (?:can|could) (?:i|we|you)|what times?(?! do you (?:open|close|shut)| is it)|first available|next available",
    ),
    (
        Topic.AVAILABILITY,
        r"(?:what|how) about|(?:is|would|does|will) (?:that|it|this|\d+(?::\d+)? ?(?:am|pm)?|\w+day|tomorrow|today) (?:work|possible|ok|okay|suit|be possible|available|be ok|free|still free|an option)|as soon as possible|asap|soonest|earliest (?:possible|appointment|slot|available|time|you|one)|as early as possible|and (?:on|at) (?:\w+day|\d+)(?=[^.!?]{0,15}\?)|anything (?:on|at|for|in|this|next|tomorrow|today|free|around|after|before|earlier|later|sooner)|possible\?",
    ),
    (
        Topic.IDENTITY,
        r"(?:are|r) (?:you|u)(?: (?:a|an|actually|really|the|some|like|just))* (?:bot|robot|human|real|machine|ai|person|computer|chatbot|chatgpt|automated|alive)|am i (?:talking|speaking|chatting|texting) (?:to|with)|who am i (?:talking|speaking|chatting)|who (?:are|r) (?:you|u)|what are you(?! (?:open|offering|doing|charging|free))|is this (?:a |an )?(?:bot|robot|human|real person|machine|ai|automated)|what's your name|what is your name|are you for real",
    ),
)

_CONSENT = Consent(
    openers=r"yes+|yep|yeah+|yea|yup|yup+|ya|aye|sure|sure thing|of course|ok+|okay|okey|kk?|absolutely|definitely|certainly|by all means|please do|go ahead|gladly|alright|all right|agreed|for sure|why yes|indeed|totally|you bet|no problem|roger|with pleasure|perfect",
    weak=r"right|correct|exactly|fine|good|great|cool|excellent|awesome|brilliant|lovely|wonderful|super|deal|done|confirm|confirmed|sweet|nice|that's it|that's right|that's correct|that is right|that is correct|that works|works|that'll do|ideal|spot on|amazing|fantastic|please|good with me|fine with me|fine by me|okey dokey|affirmative|true|confirming",
    tails=r"thanks|thank you|please|then|with me|by me|for me|that's|that|it|is|sounds|good|great|fine|perfect|so|yes|yeah|ok|okay|very|much|really|and|all|just|works|to me|now|indeed|let's do|do|let's|this|one|i'll take it|book|go|ahead",
    phrases=r"(?:that|it|this|that one|which|[\d:.]+ ?(?:am|pm)?|\w+day|everything|all|time|one|o'clock|tomorrow) (?:works|suits|fits|sounds (?:good|great|perfect|fine|lovely|right|ok|okay)|is (?:fine|good|great|perfect|ok|okay|correct|right|ideal)|looks (?:good|right|great|correct|fine)|(?:would|'d) (?:work|be (?:great|good|perfect|fine|lovely|ideal|ok|okay))|will (?:work|do|be fine))|(?:that'd|it'd|would) be (?:great|good|perfect|fine|lovely|ideal|ok|okay|nice)|(?:that's|it's) (?:fine|good|great|perfect|ok|okay|correct|right|ideal|all right|alright)|works (?:for me|great|perfectly|well|fine)|sounds (?:good|great|perfect|fine|lovely|right)|looks (?:good|right|great|correct)|(?:i'll|i will|we'll|i would|i'd|let me|can i) (?:take|have|go (?:with|for))(?! (?:a|an|my|to)\b)|let's (?:do (?:it|that|this)|go (?:with|for|ahead)|book)|go ahead|please do|do it|i (?:agree|confirm|accept|take (?:it|that|this|the))|i (?:think|guess|believe) so|all good|happy with that|i'm happy with|(?:yes|yeah|yep)(?: please)?$",
    whole=r"(?:yes |ok |okay |then |so |great |please |just |sure |perfect |now )*(?:book|reserve|confirm|take|do|schedule|make)(?: (?:it|that|this|me|me in|in|the appointment|that one|this one|the booking|them|my appointment))*(?: (?:please|then|now|thanks|thank you|for me))*|put me (?:down|in)(?: (?:please|then|for that|for it))*",
    idioms=r"no (?:problem|worries|objections?|issue|complaints)|why not|not a problem|not bad|(?:i )?(?:don't|do not) mind(?! (?:who|which stylist|with))|can't complain|no doubt|not a bad idea",
)

ENGLISH = Vocabulary(
    wishes=r"i'd like|would like|i'd love|want|wanna|need|needs|looking for|can i (?:get|have)|could i (?:get|have)|book|schedule|reserve|appointment|like to",
    signals=_SIGNALS,
    clauses=_CLAUSES,
    topics=_TOPICS,
    consent=_CONSENT,
    refusing_openers=r"no(?! (?:problem|worries|preference|idea|objections?|issue|matter|doubt|one|complaints|clue|rush))|noo+|nope|nah+|nay|no way|no thanks|no thank you|not (?:really|now|today|quite|yet|that|this|ok|okay|good|at all|the|for|on|interested|tomorrow|\w+day)|rather not|i'd rather not|don't|do not|negative|please don't",
    refusals=r"no thanks|no thank you|not really|rather not|(?:doesn't|does not|don't|won't|wouldn't|isn't|not) (?:work|suit|fit|right|correct|ok|okay|good|fine|suitable|convenient|what i)|(?:i )?(?:don't|do not) (?:want|like|think so|need|book)|please don't|that's (?:wrong|incorrect|not (?:right|correct|it|good|ok|okay|what))|(?:that's|is|that is) (?:wrong|incorrect)|not interested|(?:none|neither) (?:of|works?)|no way|(?:can't|cannot|can not) (?:do|make) (?:\w+day|tomorrow|today|\d+|mornings?|afternoons?|that|then|it then|it at|those|these|any)",
    negation=r"not|no|nope|nah|never|none|neither|nor|cannot|\w+n't|without|wrong|incorrect|nothing",
    hesitation=r"(?:i )?(?:don't|do not|dont) know(?: yet)?|not (?:so |too |quite |really |entirely |100% )?(?:sure|certain)|no idea|no clue|idk|dunno|maybe|perhaps|possibly|let me (?:think|check|see|look|ask)|i(?:'ll| will| need to| have to| must|'d have to| gotta) (?:think|check|see|ask|look)|i(?:'m| am) (?:unsure|undecided|thinking)|unsure|(?:just )?(?:a|one) (?:moment|minute|second|sec|min)(?: please)?|hold on|hang on|wait(?: a (?:second|minute|sec|moment))?|it depends|depends|we'll see|give me a (?:moment|minute|second|sec)|hard to say|whatever|if (?:it|that|this)(?:'s| is)? (?:works|fits|ok|okay|fine|possible|suits)|but (?:\w+ )?too (?:expensive|long|short|much)|(?:i'll|i will|let me|i need to|i have to|i must|i should|i'd better)(?: \w+){0,2} (?:ask|check|think|call|get back|let you know|sleep on it|see)",
    question_openers=r"(?:and |but |so |hi |hello |hey |yes |ok |okay |well |or |also |then |thanks |please |um |sure |great |excuse me |sorry )*(?:when|what|who|where|which|how|why|whom|whose|what's|who's|where's|when's|how's|can (?:i|you|we|he|she|my|someone|anna|that)|could (?:i|you|we|he|she|my|someone)|do (?:i|you|we|they|u)|does|did (?:i|you)|is (?:it|that|there|this|the|an?|he|she|my|anyone|anybody|someone|\w+ (?:free|available|working|in|there|possible|ok|okay))|are (?:you|there|they|we|u|dogs|kids|children)|am i|may i|should i|would (?:you|it|that|there|\d+|\w+day)|will (?:it|you|that|there|i)|have you|has (?:he|she|my)|must i|isn't|aren't|don't you|any (?:chance|slots?|openings?|appointments?|availability|other|free|space)|anything|got (?:any|anything|something|space|time))",
    policy=r"(?:until when|how (?:late|early|long|soon|far|close)|when (?:can|could|do|must)|for free|free of charge|fee|fees|charged?|penalty|cost|costs|deadline|what (?:happens|if)|can i (?:still|always|later)|is it possible to|policy|possible to|am i able to|notice|anytime|at any time|at short notice)…(?:cancel|cancell?ation|cancell?ing|reschedule|rescheduling|move|change it|don't (?:come|show)|no[ -]show|can't (?:come|make it))|(?:cancel|cancell?ation|cancell?ing|reschedule|rescheduling|no[ -]show)…(?:for free|free of charge|fee|fees|charged?|policy|policies|penalty|cost|costs|deadline|rules|terms|notice|last minute|anytime|any time|later on|free\?)|(?:if i)…(?:cancel|don't (?:come|show)|can't (?:come|make it)|reschedule)",
    ordinals={
        r"first|1st|1|one": 1,
        r"second|2nd|2|two": 2,
        r"third|3rd|3|three": 3,
        r"fourth|4th|4|four": 4,
        r"fifth|5th|5|five": 5,
        r"sixth|6th|6|six": 6,
        r"last|latter": -1,
        r"second to last|penultimate": -2,
    },
    ordinal_frames=(
        r"(?:the|take|that|^)[ ,]*(?:(?:very) )?(?P<place>WORD)(?=$|[ ,]*(?:one|option|slot|appointment|please|time|choice|suggestion|is|works|sounds|would|suits|thanks|then|ones?)(?!\w)|[.!?,;])(?![ ,]*(?:WOCHE))",
        r"(?:number|no\.?|option|choice|slot|nr\.?|#|answer|appointment)[ ,.#]*(?P<place>ANY)(?!\w|[.:,]\d|[ ]?(?:am|pm|o'clock))",
    ),
    any_of_them=r"either(?: one| of (?:them|those|these|the two))?(?: is| works| would)?|any of (?:them|those|these)|whichever|doesn't matter(?! who)|don't care(?! who)|(?:i )?don't mind(?! who)|both (?:work|are (?:fine|good|ok|okay)|fine)|all (?:work|fine|are (?:fine|good))|you (?:choose|pick|decide)|any(?: one)?(?: is fine| works)|pick one",
    day_words=r"january|february|march|april|may|june|july|august|september|october|november|december|monday|tuesday|wednesday|thursday|friday|saturday|sunday|week|weeks|weekend|half|of (?:january|february|march|april|may|june|july|august|september|october|november|december|the month)|day|month|thing|name|visit|available|\d|please wait|class",
)
