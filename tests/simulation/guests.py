"""A grammar of guests: seeded people who greet, wish, choose, doubt, err and change their minds in two languages."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Answer = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Move:
    """One message of a guest: words or a button, and what is known about it.

    ``agrees`` is True only for what may count as the final yes, ``language`` is set for a clear sentence in one language,
    ``minutes`` is how long the guest thinks before it, ``twice`` sends it two times at once under one key.
    """

    text: str | None = None
    choice: str | None = None
    kind: str = "talk"
    agrees: bool = False
    language: str | None = None
    minutes: int = 0
    twice: bool = False


@dataclass(frozen=True, slots=True)
class Words:
    """What guests of one language say."""

    services: Mapping[str, Sequence[str]]
    days: Sequence[str]
    times: Sequence[str]
    staff: Sequence[str]
    wishes: Sequence[str]
    greetings: Sequence[str]
    ordinals: Sequence[Sequence[str]]
    shifts: Sequence[tuple[str, str]]
    yes: Sequence[str]
    no: Sequence[str]
    doubts: Sequence[str]
    questions: Sequence[str]
    thanks: Sequence[str]
    moves: Sequence[str]
    cancels: Sequence[str]
    lists: Sequence[str]
    corrections: Sequence[str]
    switch: str
    name_frames: Sequence[str]
    names: Sequence[str]


GERMAN = Words(
    services={
        "mens-cut": ["Herrenhaarschnitt", "einen Herrenschnitt", "Hernhaarschnitt", "Herren Haarschnitt"],
        "womens-cut": ["Damenhaarschnitt", "einen Damenschnitt", "damenhaarschnit"],
        "kids-cut": ["Kinderhaarschnitt", "einen Kinderschnitt für meinen Sohn"],
        "wash-style": ["Waschen und Föhnen", "Föhnen", "Waschen & Styling"],
        "consultation": ["eine Beratung", "Farbberatung"],
        "root-colour": ["Ansatzfärbung", "Ansatz färben"],
        "perm": ["eine Dauerwelle", "Dauer Welle"],
    },
    days=[
        "morgen", "übermorgen", "am Donnerstag", "am Freitag", "am Samstag", "nächste Woche Dienstag", "am 9. April",
        "nächste Woche", "am Mittwoch in einer Woche", "am 15.4.", "Ende April", "am Sonntag", "am Karfreitag", "heute",
        "am 12. Mai", "übernächste Woche Freitag", "gestern", "am 3. Dezember",
    ],
    times=[
        "um 10 Uhr", "um halb drei", "nachmittags", "vormittags", "ab 15 Uhr", "um Viertel nach elf", "um 14:30", "um zehn",
        "zwischen 10 und 13 Uhr", "um 16 Uhr", "vor 12", "um 23 Uhr", "abends", "gegen drei",
    ],
    staff=["bei Anna", "bei Ben", "bei Clara", "egal bei wem", "bei Kevin"],
    wishes=["Ich hätte gern {}", "Geht {}?", "Ich bräuchte {}", "{} bitte", "Haben Sie was frei für {}?", "{}"],
    greetings=["Guten Tag", "Hallo", "Guten Morgen zusammen", "Moin", "Grüß Gott"],
    ordinals=[["den ersten", "das erste", "1"], ["den zweiten bitte", "das zweite", "2"], ["den dritten", "3", "den letzten"]],
    shifts=[("geht es auch später?", "later"), ("lieber früher", "earlier"), ("etwas anderes bitte", "other")],
    yes=["ja", "Ja, bitte", "passt", "gerne", "ja genau, so machen wir das", "jawohl", "ok"],
    no=["nein", "Nein danke", "nee"],
    doubts=["hm", "ich weiß nicht", "moment", "mal sehen", "ähm"],
    questions=[
        "Was kostet das?", "Wo ist der Salon?", "Wie lange dauert das?", "Haben Sie am Samstag geöffnet?",
        "Kann ich mit Karte zahlen?", "Wer arbeitet bei Ihnen?", "Sind Sie ein Roboter?", "Bis wann kann ich absagen?",
        "Gibt es Parkplätze?",
    ],
    thanks=["danke", "vielen Dank!", "Tschüss", "super"],
    moves=["Können wir das verschieben {}?", "Ich möchte den Termin verschieben", "Bitte verschieben {}"],
    cancels=["Ich muss leider absagen", "Bitte stornieren Sie den Termin", "Termin absagen"],
    lists=["Welche Termine habe ich?", "Wann habe ich meinen Termin?"],
    corrections=["nein, doch lieber {}", "ach nein, lieber {}", "eigentlich lieber {}", "ja, aber lieber {}"],
    switch="Können wir bitte auf Deutsch weitermachen?",
    name_frames=["{}", "Mein Name ist {}", "Ich heiße {}", "auf {} bitte"],
    names=["Max Muster", "Eva Schulze", "Jürgen Weiß", "Sabine Krämer", "Ali Yilmaz", "Heike von der Heide", "Tom Öztürk"],
)  # fmt: skip

ENGLISH = Words(
    services={
        "mens-cut": ["men's haircut", "a gents cut", "a mens haircut", "a men's hair cut"],
        "womens-cut": ["women's haircut", "a ladies cut", "a womens haircut"],
        "kids-cut": ["a children's haircut", "a kids cut"],
        "wash-style": ["a blow dry", "wash and blow dry"],
        "consultation": ["a consultation", "a colour consultation"],
        "root-colour": ["a root touch-up", "root colour"],
        "perm": ["a perm"],
    },
    days=[
        "tomorrow", "on Thursday", "on Friday", "on Saturday", "next week Tuesday", "on 9 April", "next week", "on Sunday",
        "on Good Friday", "today", "on 12 May", "the day after tomorrow", "at the end of April", "yesterday", "on 3 December",
        "a week on Friday",
    ],
    times=[
        "at 10 am", "at half past two", "in the afternoon", "in the morning", "after 3 pm", "at quarter past eleven",
        "at 2.30 pm", "between 10 and 1", "at 4 pm", "before noon", "at 11 pm", "around three",
    ],
    staff=["with Anna", "with Ben", "with Clara", "with anyone", "with Kevin"],
    wishes=["I'd like {}", "Can I get {}?", "I need {}", "{} please", "Do you have anything free for {}?", "{}"],
    greetings=["Good morning", "Hello", "Hi there", "Hey"],
    ordinals=[["the first one", "first", "1"], ["the second one please", "second", "2"], ["the third", "3", "the last one"]],
    shifts=[("anything later?", "later"), ("something earlier please", "earlier"), ("something else please", "other")],
    yes=["yes", "yes please", "sure", "yes, that's right", "perfect, book it", "ok", "yep"],
    no=["no", "no thanks", "nope"],
    doubts=["hm", "I don't know", "one moment", "let me see", "erm"],
    questions=[
        "How much is it?", "Where are you?", "How long does it take?", "Are you open on Saturday?", "Can I pay by card?",
        "Who works there?", "Are you a robot?", "Until when can I cancel?", "Is there parking?",
    ],
    thanks=["thanks", "thank you very much!", "bye", "great"],
    moves=["Can we move it {}?", "I'd like to move my appointment", "Please reschedule {}"],
    cancels=["I have to cancel", "Please cancel my appointment", "cancel the appointment please"],
    lists=["What appointments do I have?", "When is my appointment?"],
    corrections=["no, rather {}", "actually {}", "sorry, I meant {}", "yes, but rather {}"],
    switch="Could we continue in English please?",
    name_frames=["{}", "My name is {}", "I'm {}", "it's {}"],
    names=["Jane Doe", "Oliver Twist", "Mary O'Neill", "Sarah Connor", "George Miller", "Priya Patel", "Liam Walker"],
)  # fmt: skip

WORDS = {"de": GERMAN, "en": ENGLISH}
_GARBAGE = (
    "???",
    "…",
    "12",
    "🙂",
    ".",
    "<b>hallo</b>",
    "0",
    "asdf jkl",
    "xyzzy plugh",
    "blubber wabber",
    "lorem ipsum dolor",
)
_NO_NAMES = 7
"""So many of them could not be a name, which is why they may answer the question for one."""
_THOUGHT = 6
"""Minutes of a long thought: longer than a time is held."""


@dataclass
class SimulatedGuest:
    """One person with a seed; what comes next depends on the last answer only through what a real guest would see."""

    seed: int
    rng: random.Random = field(init=False)
    language: str = field(init=False)
    name: str = field(init=False)
    email: str | None = field(init=False)
    phone: str | None = field(init=False)
    told_name: str | None = None
    told_email: str | None = None
    told_phone: str | None = None
    bookings_wanted: int = field(init=False)

    def __post_init__(self) -> None:
        self.rng = random.Random(self.seed)
        self.language = self.rng.choice(["de", "en"])
        self.name = self.rng.choice(self.words.names)
        reach = self.rng.choice(["email", "phone", "both", "email"])
        local_part = self.name.split()[0].lower().translate(str.maketrans({"ü": "ue", "ö": "oe"}))
        self.email = f"{local_part}.{self.seed}@example.org" if reach != "phone" else None
        self.phone = f"0151 234{self.seed:05}" if reach != "email" else None
        self.bookings_wanted = self.rng.choice([0, 1, 1, 1, 2])

    @property
    def words(self) -> Words:
        """What this guest's present language offers."""
        return WORDS[self.language]

    def next(self, last: Answer | None) -> Move | None:
        """The next message; None when the guest leaves."""
        rng = self.rng
        if last is None:
            move = self._opening()
        elif rng.random() < 0.07:
            return None
        elif rng.random() < 0.16:
            move = self._aside(last)
        else:
            move = self._answer(last)
        if move is None:
            return None
        return Move(
            move.text, move.choice, move.kind, move.agrees, move.language,
            minutes=_THOUGHT if rng.random() < 0.025 else 0,
            twice=rng.random() < 0.08,
        )  # fmt: skip

    # --- what is said ----------------------------------------------------------------------------------------

    def _opening(self) -> Move:
        rng = self.rng
        greeting = rng.choice(self.words.greetings)
        if rng.random() < 0.2:
            return Move(greeting, kind="greeting")
        wish = self._wish()
        text = f"{greeting}, {wish}" if rng.random() < 0.4 else wish
        if rng.random() < 0.25:
            text = f"{text}, {self._details()}"
        return Move(text, kind="wish")

    def _wish(self) -> str:
        rng, words = self.rng, self.words
        service = rng.choice(rng.choice(list(words.services.values())))
        parts = [service]
        if rng.random() < 0.7:
            parts.append(rng.choice(words.days))
        if rng.random() < 0.5:
            parts.append(rng.choice(words.times))
        if rng.random() < 0.2:
            parts.append(rng.choice(words.staff))
        return self._typed(rng.choice(words.wishes).format(" ".join(parts)))

    def _time(self) -> str:
        rng, words = self.rng, self.words
        parts = []
        if rng.random() < 0.8:
            parts.append(rng.choice(words.days))
        if rng.random() < 0.6 or not parts:
            parts.append(rng.choice(words.times))
        return self._typed(" ".join(parts))

    def _details(self, *, only: str | None = None) -> str:
        """Name and contact in any order; remembers what was told."""
        rng = self.rng
        parts = []
        if only != "contact":
            parts.append(self.name)
            self.told_name = self.name
        if only != "name":
            if self.email and (self.phone is None or rng.random() < 0.8):
                spaced = self.email.replace(".", " punkt ").replace("@", " at ")
                if self.language == "en":
                    spaced = spaced.replace(" punkt ", " dot ")
                parts.append(spaced if rng.random() < 0.2 and only == "contact" else self.email)
                self.told_email = self.email
            if self.phone and (len(parts) < 2 or rng.random() < 0.5):
                parts.append(self.phone)
                self.told_phone = self.phone
        rng.shuffle(parts)
        return ", ".join(parts)

    def _typed(self, text: str) -> str:
        """Now and then two letters of a long word change places."""
        rng = self.rng
        if rng.random() > 0.08:
            return text
        words = text.split(" ")
        long = [index for index, word in enumerate(words) if len(word) > 8 and word.isalpha()]
        if not long:
            return text
        index = rng.choice(long)
        at = rng.randrange(2, len(words[index]) - 2)
        word = words[index]
        words[index] = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
        return " ".join(words)

    # --- answers to what is open -----------------------------------------------------------------------------

    def _answer(self, last: Answer) -> Move | None:
        by_expects: dict[str, Callable[[Answer], Move | None]] = {
            "service": self._to_service,
            "when": self._to_when,
            "choice": self._to_choice,
            "name": self._to_name,
            "contact": self._to_contact,
            "confirm": self._to_confirm,
            "which_booking": self._to_which_booking,
            "anything": self._to_anything,
        }
        return by_expects[last["expects"]](last)

    def _to_service(self, last: Answer) -> Move:
        rng = self.rng
        if rng.random() < 0.4:
            return self._press(last)
        return Move(self._typed(rng.choice(rng.choice(list(self.words.services.values())))), kind="wish")

    def _to_when(self, last: Answer) -> Move:
        if last["choices"] and self.rng.random() < 0.6:
            return self._press(last)
        return Move(self._time(), kind="wish")

    def _to_choice(self, last: Answer) -> Move:
        rng, words = self.rng, self.words
        choices = last["choices"]
        roll = rng.random()
        if roll < 0.3:
            return self._press(last)
        index = rng.randrange(len(choices))
        if roll < 0.5 and index < len(words.ordinals):
            options = words.ordinals[index]
            return Move(rng.choice(options[:2] if len(choices) != 3 else options), kind="choose")
        if roll < 0.65:
            clock = choices[index]["start"][-5:]
            return Move(f"{clock} Uhr" if self.language == "de" else f"at {clock}", kind="choose")
        if roll < 0.8:
            text, kind = rng.choice(words.shifts)
            return Move(text, kind=kind)
        if roll < 0.9:
            return Move(rng.choice(words.corrections).format(self._time()), kind="wish")
        return Move(self._time(), kind="wish")

    def _to_name(self, last: Answer) -> Move:
        rng = self.rng
        if rng.random() < 0.5:
            return Move(self._details(), kind="details")
        self.told_name = self.name
        return Move(rng.choice(self.words.name_frames).format(self.name), kind="details")

    def _to_contact(self, last: Answer) -> Move:
        if self.rng.random() < 0.12:
            return Move(self.rng.choice(["max@example", "0170", "max@", "12345"]), kind="bad")
        return Move(self._details(only="contact"), kind="details")

    def _to_confirm(self, last: Answer) -> Move:
        rng, words = self.rng, self.words
        roll = rng.random()
        if roll < 0.5:
            return Move(rng.choice(words.yes), kind="yes", agrees=True)
        if roll < 0.72:
            return Move(choice="yes", kind="yes", agrees=True)
        if roll < 0.8:
            return Move(rng.choice(words.no), kind="no")
        if roll < 0.84:
            return Move(choice="no", kind="no")
        if roll < 0.94:
            return Move(rng.choice(words.corrections).format(self._time()), kind="wish")
        return Move(rng.choice(words.doubts), kind="doubt")

    def _to_which_booking(self, last: Answer) -> Move:
        if self.rng.random() < 0.5:
            return self._press(last)
        return Move(self.rng.choice(self.words.ordinals[0]), kind="choose")

    def _to_anything(self, last: Answer) -> Move | None:
        rng, words = self.rng, self.words
        if last["outcome"]["code"] == "booked":
            self.bookings_wanted -= 1
        roll = rng.random()
        if roll < 0.15:
            return Move(rng.choice(words.yes), kind="yes")
        if roll < 0.3:
            return Move(rng.choice(words.moves).format(self._time()), kind="move")
        if roll < 0.42:
            return Move(rng.choice(words.cancels), kind="cancel")
        if roll < 0.5:
            return Move(rng.choice(words.lists), kind="list", language=self.language)
        if roll < 0.6:
            return Move(rng.choice(words.thanks), kind="talk")
        if self.bookings_wanted > 0 or roll < 0.65:
            return Move(self._wish(), kind="wish")
        return None

    def _aside(self, last: Answer) -> Move:
        """What no question asked for."""
        rng, words = self.rng, self.words
        roll = rng.random()
        if roll < 0.35:
            return Move(rng.choice(words.questions), kind="question", language=self.language)
        if roll < 0.5:
            return Move(rng.choice(words.doubts), kind="doubt")
        if roll < 0.65:
            some = _GARBAGE[:_NO_NAMES] if last["expects"] in {"name", "contact"} else _GARBAGE
            return Move(rng.choice(some), kind="garbage")
        if roll < 0.75:
            self.language = "en" if self.language == "de" else "de"
            return Move(self.words.switch, kind="switch", language=self.language)
        if roll < 0.85:
            choice = rng.choice(["o999-1", "yes", "no", "service:perm", "booking:F7K2QX"])
            # While a question is open, its yes is not stale at all.
            return Move(choice=choice, kind="stale", agrees=choice == "yes")
        if roll < 0.95:
            return Move(self._wish(), kind="wish")
        return Move(rng.choice(words.cancels), kind="cancel")

    def _press(self, last: Answer) -> Move:
        return Move(choice=self.rng.choice(last["choices"])["id"], kind="choose")
