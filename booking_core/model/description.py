"""A tenant's description (plain mappings, as in its YAML file) read into the model, every error naming its field."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from booking_core.errors import InvalidModel
from booking_core.model.hours import WeeklyHours
from booking_core.model.ids import ServiceId, StaffId, TenantId
from booking_core.model.service import LocalText, Pause, Segment, Service
from booking_core.model.tenant import Equipment, Policies, Staff, Tenant


def tenant_from(document: Mapping[str, Any]) -> Tenant:
    """Read a description; raises InvalidModel with ``data['field']``."""
    languages = tuple(_need(document, "languages"))
    try:
        zone = ZoneInfo(_need(document, "zone"))
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise InvalidModel(f"unknown time zone {document['zone']!r}", field="zone") from error
    return Tenant(
        id=TenantId(_need(document, "tenant")),
        name=_need(document, "name"),
        zone=zone,
        languages=languages,
        hours=WeeklyHours.parse(_need(document, "hours")),
        staff=tuple(
            Staff(
                StaffId(_need(row, "id", "staff")),
                _need(row, "name", "staff"),
                WeeklyHours.parse(row.get("hours", document["hours"])),
            )
            for row in _need(document, "staff")
        ),
        services=tuple(_service(row) for row in _need(document, "services")),
        policies=_policies(document.get("policies", {})),
        equipment=tuple(
            Equipment(_need(row, "id", "resources"), _text(row["name"]), int(row.get("capacity", 1)))
            for row in document.get("resources", ())
        ),
        country=document.get("country", "DE"),
        region=document.get("region"),
        address=document.get("address", ""),
        phone=document.get("phone", ""),
        email=document.get("email", ""),
    )


def _need(row: Mapping[str, Any], key: str, where: str = "") -> Any:
    if key not in row:
        field = f"{where}.{key}" if where else key
        raise InvalidModel(f"{field} is missing", field=field)
    return row[key]


def _text(value: str | Mapping[str, str]) -> LocalText:
    return LocalText({"": value} if isinstance(value, str) else dict(value))


def _policies(row: Mapping[str, Any]) -> Policies:
    known = set(Policies.__dataclass_fields__)
    if extra := set(row) - known:
        raise InvalidModel(f"unknown policies: {', '.join(sorted(extra))}", field="policies")
    return Policies(**{key: int(value) for key, value in row.items()})


def _service(row: Mapping[str, Any]) -> Service:
    name = f"services.{_need(row, 'id', 'services')}"
    return Service(
        id=ServiceId(row["id"]),
        name=_text(_need(row, "name", name)),
        segments=tuple(_segment(segment, name) for segment in _need(row, "segments", name)),
        aliases={language: tuple(words) for language, words in row.get("aliases", {}).items()},
        price=row.get("price"),
    )


def _segment(row: Mapping[str, Any], where: str) -> Segment:
    pause = row.get("pause_after")
    return Segment(
        work_minutes=_need(row, "work", f"{where}.segments"),
        staff=tuple(StaffId(member) for member in _need(row, "staff", f"{where}.segments")),
        name=_text(row["name"]) if "name" in row else None,
        pause_after=Pause(
            _need(pause, "min", f"{where}.pause_after"),
            _need(pause, "max", f"{where}.pause_after"),
            pause.get("staff", "free"),
        )
        if pause
        else None,
        same_staff=row.get("same_staff", "any"),
        resource=row.get("resource"),
        work_by_staff={StaffId(member): minutes for member, minutes in row.get("work_by_staff", {}).items()},
        buffer_before=row.get("buffer_before", 0),
        buffer_after=row.get("buffer_after", 0),
    )
