"""What the guest reads: subject, plain text and HTML of a message, in the guest's language and with the bar."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_time, get_timezone_location
from babel.numbers import format_currency
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from booking_core.services.invitations import Invitation
from booking_core.services.notices import Notice
from integrations.mail.ics import plain
from integrations.mail.message import Letter

_SIGN = "𝄐"
_LOCALES = {"en": "en_GB", "de": "de_DE"}
_MINUTES_PER_DASH = 15
_OFF = frozenset({Notice.CANCELLED, Notice.WITHDRAWN})
# Whoever is asked to choose another time is not told in the same breath until when that may be done.
_CHANGEABLE = frozenset({Notice.CONFIRMED, Notice.MOVED, Notice.NOT_MOVED})
_CONTACT = {
    Notice.CANCELLED: "mail.again",
    Notice.WITHDRAWN: "mail.again",
    Notice.OVERLAPPED: "mail.overlapped.choose",
}
_LABEL_SHARE = 22  # percent of the bar below which a label does not fit


class Translate(Protocol):
    """The text of a catalogue key in one language, its ``{placeholders}`` filled."""

    def __call__(self, key: str, /, **values: object) -> str:
        """For example ``t("mail.greeting", name="Jo")``."""
        ...


@dataclass(frozen=True, slots=True)
class Block:
    """One cell of the bar; ``percent`` of its width, ``label`` empty where it would not fit."""

    pause: bool
    percent: int
    label: str
    staff: str


@dataclass(frozen=True, slots=True)
class Step:
    """One line of what happens when."""

    pause: bool
    span: str
    name: str
    staff: str


@dataclass(frozen=True, slots=True)
class Fact:
    """A labelled line."""

    label: str
    value: str


class MailRenderer:
    """Renders invitations; reads its templates once."""

    def __init__(self) -> None:
        self._templates = Environment(
            loader=PackageLoader("integrations.mail", "templates"),
            autoescape=select_autoescape(["html"]),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
        )

    def render(self, invitation: Invitation, t: Translate) -> Letter:
        """Subject and both bodies; ``t`` speaks the invitation's language."""
        say = _Wording(invitation, t)
        kind = invitation.kind.value
        values = {
            "language": invitation.language,
            "off": invitation.kind in _OFF,
            "salon": plain(invitation.organizer.name),
            "heading": t(f"mail.{kind}.heading"),
            "greeting": t("mail.greeting", name=plain(invitation.guest.name)),
            "intro": t(f"mail.{kind}.intro", salon=plain(invitation.organizer.name)),
            "facts": say.facts(),
            "course": t("mail.course"),
            "steps": say.steps() if len(invitation.segments) > 1 else (),
            "blocks": blocks(invitation),
            "text_bar": text_bar(invitation, say.clock),
            "pause": t("mail.pause"),
            "notes": say.notes(),
            "address": plain(invitation.location),
            "automatic": t("mail.automatic"),
        }
        return Letter(
            subject=t(f"mail.{kind}.subject", service=plain(invitation.service), **say.start()),
            text=self._templates.get_template("invitation.txt").render(values),
            html=self._templates.get_template("invitation.html").render(values),
        )


class _Wording:
    """Dates, times and sentences of one invitation."""

    def __init__(self, invitation: Invitation, t: Translate) -> None:
        self._invitation = invitation
        self._t = t
        self._locale = _locale(invitation.language)

    def start(self) -> dict[str, str]:
        """``date`` and ``time`` of the start, for the subject."""
        zone = self._invitation.zone
        return {
            "date": self._date(self._invitation.starts_at, zone),
            "time": self._time(self._invitation.starts_at, zone),
        }

    def facts(self) -> tuple[Fact, ...]:
        """The booking as labelled lines."""
        invitation, t = self._invitation, self._t
        facts = [
            Fact(t("mail.label.service"), plain(invitation.service)),
            Fact(t("mail.label.when"), self._when(invitation.zone)),
        ]
        if _differs(invitation):
            place = get_timezone_location(invitation.guest_zone, locale=self._locale, return_city=True)
            facts.append(Fact(t("mail.label.local_time", place=place), self._when(invitation.guest_zone)))
        staff = dict.fromkeys(plain(segment.staff) for segment in invitation.segments)
        facts.append(Fact(t("mail.label.staff"), ", ".join(staff)))
        if invitation.price is not None and invitation.kind not in _OFF:
            facts.append(Fact(t("mail.label.price"), self._price(invitation.price)))
        if invitation.location:
            facts.append(Fact(t("mail.label.place"), plain(invitation.location)))
        facts.append(Fact(t("mail.label.reference"), invitation.reference))
        return tuple(facts)

    def steps(self) -> tuple[Step, ...]:
        """Work and pauses in order, in the salon's time."""
        invitation = self._invitation
        steps: list[Step] = []
        for index, segment in enumerate(invitation.segments):
            span = self._span(segment.starts_at, segment.ends_at, invitation.zone)
            steps.append(Step(pause=False, span=span, name=plain(segment.name), staff=plain(segment.staff)))
            if (pause := invitation.pause_after(index)) is not None:
                steps.append(
                    Step(
                        pause=True, span=self._span(*pause, invitation.zone), name=self._t("mail.pause"), staff=""
                    )
                )
        return tuple(steps)

    def notes(self) -> tuple[str, ...]:
        """Sentences below the booking: the guest's own calendar, until when it can be changed, whom to ask."""
        invitation, t = self._invitation, self._t
        notes = [t(f"mail.{invitation.kind.value}.calendar")]
        if invitation.kind in _CHANGEABLE:
            notes += self._deadlines()
        if invitation.phone:
            notes.append(t(_CONTACT.get(invitation.kind, "mail.contact"), phone=plain(invitation.phone)))
        return tuple(notes)

    def clock(self, instant: datetime) -> str:
        """Clock time in the salon's zone, without any word around it."""
        return str(
            format_time(
                instant.astimezone(self._invitation.zone), self._t("mail.time_pattern"), locale=self._locale
            )
        )

    def _deadlines(self) -> list[str]:
        move, cancel = self._invitation.move_until, self._invitation.cancel_until
        if move is not None and move == cancel:
            return [self._t("mail.change_until", when=self._moment(move))]
        deadlines = (("mail.move_until", move), ("mail.cancel_until", cancel))
        return [self._t(key, when=self._moment(until)) for key, until in deadlines if until is not None]

    def _moment(self, instant: datetime) -> str:
        zone = self._invitation.zone
        return self._t("mail.moment", date=self._date(instant, zone), time=self._time(instant, zone))

    def _when(self, zone: ZoneInfo) -> str:
        starts_at, ends_at = self._invitation.starts_at, self._invitation.ends_at
        return f"{self._date(starts_at, zone)}, {self._span(starts_at, ends_at, zone)}"

    def _date(self, instant: datetime, zone: ZoneInfo) -> str:
        return str(format_date(instant.astimezone(zone).date(), "full", locale=self._locale))

    def _time(self, instant: datetime, zone: ZoneInfo) -> str:
        return self._t("mail.time", time=self._bare(instant, zone))

    def _span(self, starts_at: datetime, ends_at: datetime, zone: ZoneInfo) -> str:
        return self._t("mail.time_range", start=self._bare(starts_at, zone), end=self._bare(ends_at, zone))

    def _bare(self, instant: datetime, zone: ZoneInfo) -> str:
        return str(format_time(instant.astimezone(zone), self._t("mail.time_pattern"), locale=self._locale))

    def _price(self, price: float) -> str:
        if price == 0:
            return self._t("mail.price.free")
        pattern = None if price % 1 else "¤0" if self._locale.language == "en" else "0 ¤"
        return str(format_currency(price, "EUR", pattern, locale=self._locale, currency_digits=bool(price % 1)))


def blocks(invitation: Invitation) -> tuple[Block, ...]:
    """The bar as cells whose widths are the minutes they stand for."""
    whole = (invitation.ends_at - invitation.starts_at).total_seconds()

    def percent(begin: datetime, end: datetime) -> int:
        return max(2, round(100 * (end - begin).total_seconds() / whole))

    cells: list[Block] = []
    for index, segment in enumerate(invitation.segments):
        share = percent(segment.starts_at, segment.ends_at)
        fits = share >= _LABEL_SHARE
        cells.append(
            Block(
                pause=False,
                percent=share,
                label=plain(segment.name) if fits else "",
                staff=plain(segment.staff) if fits else "",
            )
        )
        if (pause := invitation.pause_after(index)) is not None:
            cells.append(Block(pause=True, percent=percent(*pause), label="", staff=""))
    return tuple(cells)


def text_bar(invitation: Invitation, clock: Callable[[datetime], str]) -> str:
    """The bar in letters: ``15:30 ━━ 16:00 ┄𝄐┄ 16:25 ━━━━━ 17:40``; about one dash for each quarter of an hour."""
    parts: list[str] = []
    for index, segment in enumerate(invitation.segments):
        minutes = (segment.ends_at - segment.starts_at).total_seconds() / 60
        parts += [clock(segment.starts_at), "━" * max(1, round(minutes / _MINUTES_PER_DASH))]
        if (pause := invitation.pause_after(index)) is not None:
            parts += [clock(pause[0]), f"┄{_SIGN}┄"]
    return " ".join([*parts, clock(invitation.ends_at)])


def _differs(invitation: Invitation) -> bool:
    return any(
        instant.astimezone(invitation.zone).utcoffset() != instant.astimezone(invitation.guest_zone).utcoffset()
        for instant in (invitation.starts_at, invitation.ends_at)
    )


def _locale(language: str) -> Locale:
    name = _LOCALES.get(language, language)
    try:
        return Locale.parse(name.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return Locale.parse(_LOCALES["en"])
