"""What guests and the worker do while the power fails. Every scenario plays on a Friday afternoon of its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from booking_core.model.booking import Attendee, Booking
from booking_core.model.ids import ConversationId, ServiceId, StaffId
from booking_core.model.slot import Placement, Plan
from tests.crashes.doubles import Kill, Moment
from tests.crashes.salon import Salon

ZONE = ZoneInfo("Europe/Berlin")
FIRST_FRIDAY = date(2026, 4, 3)
# Everybody works from half past two until six.
_OPENS = (14, 30)
_PIECES = {"root-colour": (30, 75), "perm": (50, 5, 55), "full-colour": (50, 85)}
_PAUSES = {"root-colour": (25,), "perm": (15, 10), "full-colour": (30,)}
_ROOMS = {"full-colour": ("colour-bar", None)}


@dataclass(frozen=True, slots=True)
class Wish:
    """A plan, so many minutes after the afternoon begins; ``staff`` are the first letters of who does each segment."""

    service: str
    staff: str
    after: int = 0

    def on(self, day: date) -> Plan:
        """The plan on this day."""
        names = {name[0]: StaffId(name) for name in ("anna", "ben", "clara")}
        at = datetime(day.year, day.month, day.day, *_OPENS, tzinfo=ZONE) + timedelta(minutes=self.after)
        rooms = _ROOMS.get(self.service, (None,) * len(self.staff))
        pauses = (*_PAUSES[self.service], 0)
        placements = []
        for segment, letter in enumerate(self.staff):
            ends_at = at + timedelta(minutes=_PIECES[self.service][segment])
            placements.append(Placement(segment, names[letter], at, ends_at, rooms[segment]))
            at = ends_at + timedelta(minutes=pauses[segment])
        return Plan(ServiceId(self.service), tuple(placements))


@dataclass(frozen=True, slots=True)
class Foreign:
    """Somebody else's entry, made in the calendar itself: whose, so many minutes after the afternoon begins, how long."""

    staff: str
    after: int
    minutes: int

    def starts_at(self, day: date) -> datetime:
        """When it begins."""
        return datetime(day.year, day.month, day.day, *_OPENS, tzinfo=ZONE) + timedelta(minutes=self.after)


@dataclass(frozen=True, slots=True)
class Scenario:
    """What stands before (``booked``), what is then asked for, and what else is in the calendar.

    ``wish`` None cancels. With ``foreign`` the calendar refuses what we believe to be free. ``rollback``: whoever comes after
    the crash comes so late that promises have run out, and undoes what was begun. ``left``: the crossing after which an earlier
    process has died already; what crashes is then the worker that cleans up, or, with ``called_off``, a program that cancels.
    """

    name: str
    wish: Wish | None
    booked: Wish | None = None
    foreign: Foreign | None = None
    rollback: bool = False
    left: Kill | None = None
    called_off: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """One run of a scenario, with a day and a conversation of its own."""

    index: int

    @property
    def day(self) -> date:
        """The Friday."""
        return FIRST_FRIDAY + timedelta(weeks=self.index)

    @property
    def conversation(self) -> ConversationId:
        """Whose booking it is."""
        return ConversationId(f"c-cell-{self.index:04}")

    @property
    def email(self) -> str:
        """The address of its guest."""
        return f"guest-{self.index:04}@example.org"


async def book(salon: Salon, cell: Cell, wish: Wish) -> None:
    """Hold and confirm."""
    plan = wish.on(cell.day)
    hold = await salon.bookings.hold(salon.tenant, cell.conversation, plan, contact=None)
    assert hold is not None
    guest = Attendee("Jule Weiß", "de", email=cell.email)
    await salon.bookings.confirm(salon.tenant, cell.conversation, hold.id, plan, guest, door="chat")


async def move(salon: Salon, cell: Cell, wish: Wish) -> None:
    """Hold the new time and move there."""
    booking = await booking_of(salon, cell)
    plan = wish.on(cell.day)
    held = await salon.bookings.hold(salon.tenant, cell.conversation, plan, contact=None, moving=booking.reference)
    assert held is not None
    await salon.moves.move(salon.tenant, booking, plan, conversation=cell.conversation, door="chat")


async def booking_of(salon: Salon, cell: Cell) -> Booking:
    """The one booking of a cell."""
    [booking] = await salon.bookings.list_of(salon.tenant.id, cell.conversation)
    return booking


async def act(salon: Salon, scenario: Scenario, cell: Cell) -> None:
    """What the guest does, as the dialogue would have it done, or else one round of the worker."""
    if scenario.called_off:
        booking = await booking_of(salon, cell)
        await salon.cancels.cancel(salon.tenant, booking, door="api", reason="Closed that day")
    elif scenario.left is not None:
        await salon.worker.sweep()
        await salon.worker.settle()
    elif scenario.wish is None:
        booking = await booking_of(salon, cell)
        await salon.cancels.cancel(salon.tenant, booking, door="chat", reason="guest")
    elif scenario.booked is not None:
        await move(salon, cell, scenario.wish)
    else:
        await book(salon, cell, scenario.wish)


ROOT, PERM = Wish("root-colour", "aa"), Wish("perm", "abc")
ALONE = Wish("perm", "aaa")

SCENARIOS = (
    Scenario("book two segments", ROOT),
    Scenario("book three segments", PERM),
    Scenario("book with a room", Wish("full-colour", "cc")),
    Scenario("move later, onto its own old time", Wish("perm", "aaa", 20), booked=ALONE),
    Scenario("move earlier, onto its own old time", Wish("root-colour", "aa"), booked=Wish("root-colour", "aa", 30)),
    Scenario("move to other staff", Wish("root-colour", "ac"), booked=ROOT),
    Scenario("move three segments to other staff", Wish("perm", "aca", 10), booked=PERM),
    Scenario("swap the staff", Wish("root-colour", "ca", 40), booked=Wish("root-colour", "ac")),
    Scenario("cancel three segments", None, booked=PERM),
    Scenario("book, refused", PERM, foreign=Foreign("clara", 100, 30)),
    Scenario("move, refused in the last stage", Wish("perm", "aaa", 20), booked=ALONE, foreign=Foreign("anna", 50, 15)),
    Scenario("move to other staff, refused", Wish("root-colour", "cc"), booked=ROOT, foreign=Foreign("clara", 60, 15)),
    Scenario("book, undone", ROOT, rollback=True),
    Scenario("swap the staff, undone", Wish("root-colour", "ca", 40), booked=Wish("root-colour", "ac"), rollback=True),
)  # fmt: skip

# For the long form: what they could find, others mostly find as well.
MORE = (
    Scenario("cancel two segments", None, booked=Wish("root-colour", "ac")),
    Scenario("move later, undone", Wish("perm", "aaa", 20), booked=ALONE, rollback=True),
    Scenario("move three segments to other staff, undone", Wish("perm", "aca", 10), booked=PERM, rollback=True),
)  # fmt: skip

# Who cleans up may die of it, too.
LEFT = (
    Scenario("the worker finishes a booking", ROOT, left=Kill(2, Moment.AFTER)),
    Scenario("a program calls off a booking half made", ROOT, left=Kill(5, Moment.BEFORE), called_off=True),
    Scenario("the worker finishes a move", Wish("perm", "aaa", 20), booked=ALONE, left=Kill(3, Moment.AFTER)),
    Scenario(
        "the worker undoes a move",
        Wish("perm", "aaa", 20),
        booked=ALONE,
        foreign=Foreign("anna", 50, 15),
        left=Kill(10, Moment.AFTER),
    ),
)
