"""Times, people and lists as guests read them, in one language. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise

from booking_core.availability.demand import segments_by
from booking_core.model.booking import Booking
from booking_core.model.ids import StaffId
from booking_core.model.interval import local
from booking_core.model.service import Service
from booking_core.model.slot import Plan
from booking_core.model.tenant import Tenant
from bot.dialogue.reply import Choice, ChoiceSegment
from bot.dialogue.state import Offer
from bot.translations import Translations, clock, duration, long_date, price, short_date


@dataclass(frozen=True, slots=True)
class Phrases:
    """Bound to a language, a tenant and the time of the turn."""

    translations: Translations
    tenant: Tenant
    language: str
    now: datetime

    def t(self, key: str, /, **values: object) -> str:
        """A text of the catalogue."""
        return self.translations.text(self.language, key, **values)

    def date_of(self, instant: datetime) -> str:
        """ "Donnerstag, 26. November"; with the year where it is another."""
        return long_date(instant, self.tenant.zone, self.language, now=self.now)

    def day(self, day: date) -> str:
        """The same for a date."""
        return self.date_of(local(day, datetime.min.time().replace(hour=12), self.tenant.zone))

    def month(self, month: int) -> str:
        """What a month is called: the last word of a date of this year."""
        return self.day(date(self.now.year, month, 1)).split()[-1]

    def clock(self, instant: datetime) -> str:
        """ "15:30 Uhr", "3.30 pm"."""
        return clock(instant, self.tenant.zone, self.language)

    def moment(self, instant: datetime) -> str:
        """ "Donnerstag, 26. November, 15:30 Uhr"."""
        return f"{self.date_of(instant)}, {self.clock(instant)}"

    def span(self, starts_at: datetime, ends_at: datetime) -> str:
        """ "Donnerstag, 26. November, 15:30 bis 16:00 Uhr"."""
        return self.t(
            "time.span", date=self.date_of(starts_at), start=self.bare_clock(starts_at), end=self.clock(ends_at)
        )

    def bare_clock(self, instant: datetime) -> str:
        """The clock time as it stands before another: "15:30", "3.30 pm"."""
        return self.clock(instant).removesuffix(" Uhr")

    def price(self, service: Service) -> str:
        """ "30 €"; a word for free of charge."""
        if not service.price:
            return self.t("price.free")
        return price(service.price, self.language)

    def duration(self, minutes: int) -> str:
        """ "45 Minuten"."""
        return duration(minutes, self.language)

    def service(self, service: Service) -> str:
        """What the service is called."""
        return service.name.to(self.language)

    def segment(self, service: Service, index: int) -> str:
        """What a segment is called in the middle of a sentence."""
        name = service.segment_name(index, self.language)
        # German nouns keep their capital, as do abbreviations.
        return name[:1].lower() + name[1:] if self.language != "de" and name[1:2].islower() else name

    def service_of(self, booking: Booking) -> str:
        """What the booked service is called; its id where the salon has dropped it."""
        found = self.tenant.find_service(booking.service)
        return self.service(found) if found else booking.service

    def join(self, items: Sequence[str], word: str = "or") -> str:
        """ "a, b oder c"; ``word`` is ``or`` or ``and``."""
        if len(items) < 2:
            return "".join(items)
        return self.t(f"list.{word}", first=", ".join(items[:-1]), last=items[-1])

    def staff_of(self, plan: Plan) -> str:
        """ "Anna", "Anna und Clara"."""
        return self.join([self.tenant.staff_name(member) for member in dict.fromkeys(plan.staff)], "and")

    def with_whom(self, plan: Plan) -> str:
        """ " bei Anna"; for a composite the pauses and who does which part: it follows the times without a space."""
        if len(plan.placements) == 1:
            return self.t("with.one", staff=self.staff_of(plan))
        waits = [
            self.duration(int((later.starts_at - earlier.ends_at).total_seconds() // 60))
            for earlier, later in pairwise(plan.placements)
        ]
        pauses = self._chain(waits, "with.pauses")
        if len(set(plan.staff)) == 1:
            return self.t("with.all", pauses=pauses, staff=self.staff_of(plan))
        service = self.tenant.get_service(plan.service)
        parts = [
            self.t(
                "with.part",
                segment=self.segment(service, placement.segment),
                staff=self.tenant.staff_name(placement.staff),
            )
            for placement in plan.placements
        ]
        return self.t("with.parts", pauses=pauses, parts=self._chain(parts, "with.then"))

    def _chain(self, parts: Sequence[str], key: str) -> str:
        chained = parts[0]
        for part in parts[1:]:
            chained = self.t(key, first=chained, next=part)
        return chained

    def who_does(self, service: Service) -> str:
        """Everybody who does the service."""
        return self.join([self.tenant.staff_name(member) for member in service.staff()], "and")

    def who_does_what(self, service: Service, staff: StaffId) -> str:
        """Of a service that somebody does only in part: which segments are theirs, and who does the others."""
        hers = segments_by(service, staff)
        rest = []
        for index, segment in enumerate(service.segments):
            if index not in hers:
                names = [self.tenant.staff_name(member) for member in segment.staff if member != staff]
                key = "staff.partly.rest" if len(names) < 2 else "staff.partly.rest.many"
                rest.append(self.t(key, segment=self.segment(service, index), staff=self.join(names, "and")))
        return self.t(
            "staff.partly",
            name=self.tenant.staff_name(staff),
            service=self.service(service),
            hers=self.join([self.t("quoted", text=self.segment(service, index)) for index in hers], "and"),
            rest=self.join(rest, "and"),
        )

    def plans(self, plans: Sequence[Plan]) -> str:
        """Several starts to choose from, as one noun; the date and who does it once where they are the same."""
        zone = self.tenant.zone
        days = {plan.starts_at.astimezone(zone).date() for plan in plans}
        people = {self.staff_of(plan) for plan in plans}
        if len(days) > 1:
            moments = [self.moment(plan.starts_at) for plan in plans]
            if len(people) == 1:
                return self.t("offer.each_with", times=self._either(moments), staff=self.staff_of(plans[0]))
            return self._either([self._with(at, plan) for at, plan in zip(moments, plans, strict=True)])
        if len(people) == 1:
            *others, last = [plan.starts_at for plan in plans]
            times = self.join([*(self.bare_clock(start) for start in others), self.clock(last)])
            times = self._with(times, plans[0])
        else:
            times = self.join([self._with(self.clock(plan.starts_at), plan) for plan in plans])
        return self.t("offer.on_one_day", date=self.date_of(plans[0].starts_at), times=times)

    def _with(self, time: str, plan: Plan) -> str:
        return self.t("offer.at", time=time, staff=self.staff_of(plan))

    def _either(self, items: Sequence[str]) -> str:
        """Items that have commas of their own."""
        return self.t("list.or", first="; ".join(items[:-1]), last=items[-1])

    def choice(self, offer: Offer) -> Choice:
        """The button of an offer, with everything that the bar is drawn from."""
        plan = offer.plan
        service = self.tenant.get_service(plan.service)
        day = short_date(plan.starts_at, self.tenant.zone, self.language, now=self.now)
        return Choice(
            id=offer.id,
            label=f"{day} {self.bare_clock(plan.starts_at)}, {self.staff_of(plan)}",
            starts_at=plan.starts_at,
            ends_at=plan.ends_at,
            segments=tuple(
                ChoiceSegment(
                    service.segment_name(placement.segment, self.language),
                    placement.staff,
                    self.tenant.staff_name(placement.staff),
                    placement.starts_at,
                    placement.ends_at,
                )
                for placement in plan.placements
            ),
            service_name=self.service(service),
            price=service.price,
        )

    def day_choice(self, start: datetime) -> Choice:
        """The button of one reading of an ambiguous date."""
        at = start.astimezone(self.tenant.zone)
        label = self.date_of(start) if not (at.hour or at.minute) else self.moment(start)
        return Choice(id=f"day:{start.isoformat()}", label=label, starts_at=start)

    def service_choice(self, service: Service) -> Choice:
        """The button of a service."""
        return Choice(
            id=f"service:{service.id}",
            label=self.service(service),
            service_name=self.service(service),
            price=service.price,
        )

    def booking_choice(self, booking: Booking) -> Choice:
        """The button of a booking."""
        return Choice(
            id=f"booking:{booking.reference}",
            label=f"{self.service_of(booking)}, {self.moment(booking.starts_at)}",
            starts_at=booking.starts_at,
            ends_at=booking.ends_at,
        )

    def hours(self) -> str:
        """The week's opening hours in one sentence part, days with the same hours together."""
        from_monday = [date(2024, 1, 1 + offset) for offset in range(7)]  # 2024-01-01 was a Monday
        groups: list[tuple[list[date], str]] = []
        for day in from_monday:
            spans = [
                self.t("hours.span", start=self.bare_clock(span.starts_at), end=self.clock(span.ends_at))
                for span in self.tenant.hours.intervals(day, self.tenant.zone)
            ]
            text = self.join(spans, "and")
            if groups and groups[-1][1] == text:
                groups[-1][0].append(day)
            else:
                groups.append(([day], text))
        opened = [self.t("hours.days", days=self._weekdays(days), hours=text) for days, text in groups if text]
        return "; ".join(opened)

    def hours_on(self, day: date) -> str:
        """The hours of one date; empty when closed."""
        spans = [
            self.t("hours.span", start=self.bare_clock(span.starts_at), end=self.clock(span.ends_at))
            for span in self.tenant.hours.intervals(day, self.tenant.zone)
        ]
        return self.join(spans, "and")

    def _weekdays(self, days: Sequence[date]) -> str:
        names = [self.t(f"weekday.{day.weekday()}") for day in (days[0], days[-1])]
        return names[0] if len(days) == 1 else self.t("hours.from_to", first=names[0], last=names[1])
