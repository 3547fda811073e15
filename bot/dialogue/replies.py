"""From what happened to an answer: texts, buttons, what is expected next. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from booking_core.availability.reach import shortest_minutes
from booking_core.availability.rules import Impediment, Reason, Window
from booking_core.model.booking import Booking, BookingStatus
from booking_core.model.ids import Reference, StaffId
from booking_core.model.interval import local
from booking_core.model.saga import Saga
from booking_core.model.service import Service
from booking_core.model.slot import Plan
from booking_core.services.booking import OVER
from booking_core.services.offers import ExactlyFree, Found, FreeInWindow, Impossible, NotFree, Wish
from booking_core.services.policies import Change, change_deadline
from bot.dialogue.phrases import Phrases
from bot.dialogue.reply import Choice
from bot.dialogue.standing import Standing, is_called_off, standing_of
from bot.dialogue.state import Expects, Held, Offer, State
from bot.understanding.meaning import Topic

_ONE_START = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Prompt:
    """The open question of a state, with its buttons."""

    text: str
    expects: Expects
    choices: tuple[Choice, ...] = ()


def offered(state: State, plans: Sequence[Plan]) -> State:
    """The state with these plans on the table, under ids never used before in this conversation."""
    offers = tuple(Offer(f"o{state.turn + 1}-{number}", plan) for number, plan in enumerate(plans, start=1))
    return replace(state, offers=offers, held=None, days=())


def offer_choices(state: State, say: Phrases) -> tuple[Choice, ...]:
    """The buttons of what is on the table."""
    return tuple(say.choice(offer) for offer in state.offers)


def prompt(state: State, say: Phrases, target: Booking | None = None, bookings: Sequence[Booking] = ()) -> Prompt:
    """What is open: the one question that brings the booking on. ``target`` is to be moved or cancelled, one of ``bookings``."""
    if state.task != "book" and state.target is None and bookings:
        choices = tuple(say.booking_choice(booking) for booking in bookings)
        text = say.t("ask.which_booking", bookings=say.join([choice.label for choice in choices]))
        return Prompt(text, "which_booking", choices)
    if state.task == "cancel" and target is not None:
        text = say.t(
            "ask.confirm.cancel", service=say.service_of(target), span=say.span(target.starts_at, target.ends_at)
        )
        return Prompt(text, "confirm", yes_no(say))
    if state.held is not None:
        return _detail_prompt(state, state.held, say, target)
    if state.days:
        days = say.join([say.day_choice(day).label for day in state.days])
        return Prompt(say.t("ask.which_day", days=days), "when", tuple(say.day_choice(day) for day in state.days))
    if state.offers:
        text = say.t("ask.choice", plans=say.plans([offer.plan for offer in state.offers]))
        return Prompt(text, "choice", offer_choices(state, say))
    if state.task == "move" and target is not None:
        text = say.t("ask.when.move", service=say.service_of(target), moment=say.moment(target.starts_at))
        return Prompt(text, "when")
    if state.service is not None:
        key = "ask.when.again" if state.expects == "when" else "ask.when"
        return Prompt(say.t(key, service=say.service(say.tenant.get_service(state.service))), "when")
    return service_prompt(state, say)


def service_prompt(state: State, say: Phrases, unknown: str | None = None) -> Prompt:
    """Which service? With few candidates they are named."""
    # In the order in which "the first" will choose among them.
    named = [service for each in state.candidates if (service := say.tenant.find_service(each))]
    services = named or list(say.tenant.services)
    choices = tuple(say.service_choice(service) for service in services)
    if named:
        text = say.t("ask.service.candidates", names=say.join([say.service(service) for service in named]))
    elif unknown:
        names = say.join([say.service(service) for service in services], "and")
        text = say.t("ask.service.unknown", words=unknown, names=names)
    else:
        text = say.t("ask.service")
    return Prompt(text, "service", choices)


def _detail_prompt(state: State, held: Held, say: Phrases, target: Booking | None) -> Prompt:
    plan = held.plan
    service = say.service(say.tenant.get_service(plan.service))
    span = say.span(plan.starts_at, plan.ends_at)
    if state.task == "move" and target is not None:
        text = say.t(
            "ask.confirm.move",
            service=service,
            old=say.moment(target.starts_at),
            span=span,
            with_whom=say.with_whom(plan),
        )
        return Prompt(text, "confirm", yes_no(say))
    if state.name is None:
        return Prompt(say.t("ask.name" if state.contact else "ask.name_and_contact"), "name")
    if state.contact is None:
        if state.expects == "contact":
            return Prompt(say.t("ask.contact.again"), "contact")
        return Prompt(say.t("ask.contact", name=state.name), "contact")
    text = say.t(
        "ask.confirm",
        service=service,
        span=span,
        with_whom=say.with_whom(plan),
        name=state.name,
        contact=", ".join(each for each in (state.email, state.phone) if each),
        price=say.price(say.tenant.get_service(plan.service)),
    )
    return Prompt(text, "confirm", yes_no(say))


def yes_no(say: Phrases) -> tuple[Choice, ...]:
    """The two buttons of a final question."""
    return (Choice("yes", say.t("choice.yes")), Choice("no", say.t("choice.no")))


def held_text(plan: Plan, say: Phrases) -> str:
    """The wished time is free and ours for a while."""
    return say.t(
        "held" if len(plan.placements) == 1 else "held.composite",
        span=say.span(plan.starts_at, plan.ends_at),
        with_whom=say.with_whom(plan),
        service=say.service(say.tenant.get_service(plan.service)),
    )


def found_text(found: Found, wish: Wish, say: Phrases) -> str:
    """What a search has brought, with its reason where it brought nothing as wished."""
    service, window = wish.service, wish.windows[0]
    name = say.service(service)
    match found:
        case ExactlyFree(plan):
            return held_text(plan, say)
        case FreeInWindow(plans):
            key = "offers" if len(plans) > 1 else "offers.one"
            return say.t(key, service=name, plans=say.plans(plans))
        case NotFree(nearest=()):
            return say.t("nothing_at_all", service=name)
        case NotFree() if wish.staff is not None:
            return not_free_with_text(found, wish, (wish.staff,), (), say)
        case NotFree(nearest, exact=True):
            return say.t(
                "alternatives", moment=say.moment(window.starts_from), service=name, plans=say.plans(nearest)
            )
        case NotFree(nearest):
            when = window_text(wish.windows, say)
            return say.t("none_free", service=name, window=when, plans=say.plans(nearest))
        case Impossible(impediment, nearest):
            reason = impediment_text(impediment, service, window, say)
            return f"{reason} {nearest_text(nearest, say)}"


def not_free_with_text(
    found: NotFree,
    wish: Wish,
    wished: Sequence[StaffId],
    others: Sequence[StaffId],
    say: Phrases,
    word: str = "or",
) -> str:
    """Nothing with those who were ``wished`` (joined by ``word``), what is nearest, and which ``others`` have it."""
    key = "alternatives.staff" if found.exact else "none_free.staff"
    return say.t(
        f"{key}.others" if others else key,
        moment=say.moment(wish.windows[0].starts_from),
        service=say.service(wish.service),
        window=window_text(wish.windows, say),
        staff=say.join([say.tenant.staff_name(member) for member in wished], word),
        others=say.join([say.tenant.staff_name(member) for member in others]),
        plans=say.plans(found.nearest),
    )


def nearest_text(nearest: Sequence[Plan], say: Phrases) -> str:
    """What is possible instead."""
    return say.t("nearest", plans=say.plans(nearest)) if nearest else say.t("nearest.none")


def not_done_by_text(service: Service, staff: StaffId, say: Phrases) -> str:
    """Somebody does not do a service, but others do."""
    return say.t(
        "staff.not_this",
        name=say.tenant.staff_name(staff),
        service=say.service(service),
        staff=say.who_does(service),
    )


def code_of(found: Found) -> str:
    """The outcome code of a search."""
    match found:
        case ExactlyFree():
            return "held"
        case FreeInWindow():
            return "offers"
        case NotFree(exact=True):
            return "alternatives"
        case NotFree():
            return "none_free"
        case Impossible(impediment):
            return impediment.reason.value


def plans_of(found: Found) -> tuple[Plan, ...]:
    """What goes on the table after a search."""
    match found:
        case ExactlyFree(plan):
            return (plan,)
        case FreeInWindow(plans):
            return plans
        case NotFree(nearest) | Impossible(_, nearest):
            return nearest


def impediment_text(impediment: Impediment, service: Service, window: Window, say: Phrases) -> str:
    """The reason, said with its facts."""
    policies = say.tenant.policies
    match impediment.reason:
        case Reason.IN_PAST if window.exact:
            return say.t("in_past", moment=say.moment(window.starts_from))
        case Reason.IN_PAST:
            return say.t("in_past.day", date=say.day(impediment.day))
        case Reason.CLOSED_DAY if impediment.holiday:
            return say.t("closed_day.holiday", date=say.day(impediment.day), holiday=impediment.holiday)
        case Reason.CLOSED_DAY:
            return say.t("closed_day", date=say.day(impediment.day))
        case Reason.OUTSIDE_HOURS:
            hours = say.hours_on(impediment.day)
            inside = window.exact and any(
                opened.starts_at <= window.starts_from < opened.ends_at
                for opened in say.tenant.hours.intervals(impediment.day, say.tenant.zone)
            )
            if inside:
                return say.t(
                    "outside_hours.long",
                    date=say.day(impediment.day),
                    hours=hours,
                    service=say.service(service),
                    duration=say.duration(shortest_minutes(service)),
                )
            return say.t("outside_hours", date=say.day(impediment.day), hours=hours)
        case Reason.NOTICE_TOO_SHORT:
            return say.t("notice_too_short", notice=say.duration(policies.notice_minutes))
        case Reason.BEYOND_HORIZON:
            return say.t("beyond_horizon", date=say.date_of(say.now + policies.horizon))


def hours_text(day: date, holiday: str | None, say: Phrases) -> str:
    """Whether and when the salon is open on a date."""
    hours = say.hours_on(day)
    if holiday:
        return say.t("closed_day.holiday", date=say.day(day), holiday=holiday)
    return (
        say.t("outside_hours", date=say.day(day), hours=hours) if hours else say.t("closed_day", date=say.day(day))
    )


def window_text(windows: Sequence[Window], say: Phrases) -> str:
    """The windows as a part of a sentence: a day, a part of a day, or a range of days."""
    zone = say.tenant.zone
    window = windows[0]
    first = window.starts_from.astimezone(zone)
    last = (windows[-1].starts_before - timedelta(seconds=1)).astimezone(zone)
    if first.date() != last.date():
        return say.t("window.range", first=say.date_of(first), last=say.date_of(last))
    if window.starts_before - window.starts_from <= _ONE_START:
        return say.t("window.at", date=say.date_of(first), time=say.clock(first))
    if window.starts_from == local(first.date(), first.min.time(), zone):
        return say.t("window.on", date=say.date_of(first))
    return say.t(
        "window.on_from_to",
        date=say.date_of(first),
        start=say.clock(first),
        end=say.clock(window.starts_before),
    )


def booked_text(booking: Booking, say: Phrases) -> str:
    """The booking stands: what, when, with whom, and how to change it."""
    lines = [
        say.t(
            "booked",
            service=say.service_of(booking),
            span=say.span(booking.starts_at, booking.ends_at),
            with_whom=say.with_whom(booking.plan),
            reference=booking.reference,
        )
    ]
    if booking.attendee.email:
        lines.append(say.t("booked.mail", address=masked_email(booking.attendee.email)))
    elif booking.attendee.phone:
        lines.append(say.t("booked.phone", digits=booking.attendee.phone[-3:]))
    return " ".join(lines)


def booked_again_text(booking: Booking, change: Saga | None, say: Phrases) -> str:
    """How a booking stands that is already as it is wished; ``change`` is what is under way with it."""
    return say.t(f"booked.again.{standing_of(booking, change).value}", **_standing_facts(booking, change, say))


def _standing_facts(booking: Booking, change: Saga | None, say: Phrases) -> dict[str, object]:
    plan = change.plan if change is not None else booking.plan
    return {
        "service": say.service_of(booking),
        "span": say.span(booking.starts_at, booking.ends_at),
        "new": say.moment(plan.starts_at),
        "reference": booking.reference,
    }


def masked_email(address: str) -> str:
    """Enough to recognise one's own address, too little for anybody else: ``m…r@example.org``."""
    local_part, _, domain = address.partition("@")
    shown = local_part[0] + "…" + (local_part[-1] if len(local_part) > 2 else "")
    return f"{shown}@{domain}"


def policy_text(booking: Booking, change: Change, say: Phrases) -> str:
    """What is not possible any more, until when it was, and whom to call."""
    return say.t(
        f"policy.{change}",
        service=say.service_of(booking),
        moment=say.moment(booking.starts_at),
        deadline=say.moment(change_deadline(say.tenant, booking, change)),
        phone=say.tenant.phone,
    )


def listed_text(bookings: Sequence[Booking], changes: Mapping[Reference, Saga], say: Phrases) -> str:
    """Every booking of the conversation, and how it stands."""
    items = []
    for booking in bookings:
        change = changes.get(booking.reference)
        key = f"listed.item.{standing_of(booking, change).value}"
        with_whom = say.with_whom(booking.plan)
        items.append(say.t(key, with_whom=with_whom, **_standing_facts(booking, change, say)))
    return say.t("listed", bookings=say.join(items, "and"))


def unmovable_text(booking: Booking, say: Phrases) -> str:
    """Why a booking cannot be moved at this moment, although the time would be free."""
    if booking.status in OVER:
        key = "unmovable.over"
    elif is_called_off(booking):
        key = f"booked.again.{Standing.LEAVING.value}"
    else:
        key = "unmovable.busy" if booking.status is BookingStatus.CONFIRMED else "unmovable.noted"
    return say.t(key, **_standing_facts(booking, None, say))


def not_confirmed_text(booking: Booking, say: Phrases) -> str:
    """A booking that is to be moved does not stand yet."""
    return say.t("not_confirmed", **_standing_facts(booking, None, say))


def info_text(topics: Sequence[Topic], services: Sequence[Service], say: Phrases) -> str:
    """Answers to side questions, one sentence each; ``services`` are those asked about, empty for all."""
    return " ".join(_info(topic, services, say) for topic in dict.fromkeys(topics))


def _info(topic: Topic, services: Sequence[Service], say: Phrases) -> str:
    tenant = say.tenant
    service = services[0] if len(services) == 1 else None
    several = services or tenant.services
    match topic:
        case Topic.PRICE if service is not None:
            key = "info.price" if service.price else "info.price.free"
            return (
                say.t(key, service=say.service(service), price=say.price(service))
                if service.price
                else say.t(key, service=say.service(service))
            )
        case Topic.PRICE:
            items = [
                say.t("info.prices.item", service=say.service(each), price=say.price(each)) for each in several
            ]
            return say.t("info.prices", prices=", ".join(items))
        case Topic.HOURS:
            return say.t("info.hours", hours=say.hours())
        case Topic.ADDRESS:
            return say.t("info.address", address=tenant.address)
        case Topic.PHONE:
            return say.t("info.phone", phone=tenant.phone)
        case Topic.DURATION if service is not None:
            return say.t(
                "info.duration", service=say.service(service), duration=say.duration(service.shortest_minutes)
            )
        case Topic.DURATION:
            items = [f"{say.service(each)} {say.duration(each.shortest_minutes)}" for each in several]
            return say.t("info.durations", durations=", ".join(items))
        case Topic.STAFF if service is not None:
            return say.t("info.staff.service", service=say.service(service), staff=say.who_does(service))
        case Topic.STAFF if services:
            return " ".join(_info(topic, [each], say) for each in services)
        case Topic.STAFF:
            return say.t("info.staff", staff=say.join([member.name for member in tenant.staff], "and"))
        case Topic.SERVICES:
            return say.t(
                "info.services", services=say.join([say.service(each) for each in tenant.services], "and")
            )
        case Topic.IDENTITY:
            return say.t("info.identity", salon=tenant.name)
        case Topic.POLICY:
            policies = tenant.policies
            if policies.cancel_hours == policies.reschedule_hours:
                return say.t("info.policy.same", hours=policies.cancel_hours)
            return say.t("info.policy", cancel=policies.cancel_hours, move=policies.reschedule_hours)
        case Topic.UNKNOWN | Topic.AVAILABILITY:
            return say.t("info.unknown", phone=tenant.phone)
