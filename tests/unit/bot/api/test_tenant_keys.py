"""API keys in a tenant's description: made, found again by digest only, revoked, and never in its file."""

from __future__ import annotations

import pytest

from booking_core.errors import InvalidModel
from booking_core.model.ids import TenantId
from bot.api.tenant_keys import (
    keeping_keys,
    names_in,
    opens,
    tenant_in,
    with_new_key,
    without_key,
    without_keys,
)

SALON = TenantId("my_salon-2")
FILE = {"tenant": "my_salon-2", "name": "Salon"}


def test_a_key_opens_what_it_was_made_for_and_is_kept_nowhere() -> None:
    one, first = with_new_key(FILE, SALON, "website")
    both, second = with_new_key(one, SALON, "till")
    assert first != second
    assert [tenant_in(key) for key in (first, second)] == [SALON, SALON]
    assert opens(both, first) and opens(both, second)
    assert not opens(one, second) and not opens(FILE, first)
    assert first not in str(both) and first.rpartition("_")[2] not in str(both)
    assert (names_in(FILE), names_in(both)) == ([], ["website", "till"])


def test_a_revoked_key_opens_nothing_and_its_name_is_free_again() -> None:
    both, second = with_new_key(with_new_key(FILE, SALON, "website")[0], SALON, "till")
    left = without_key(both, "website")
    assert left is not None and names_in(left) == ["till"] and opens(left, second)
    assert without_key(left, "website") is None
    assert names_in(with_new_key(left, SALON, "website")[0]) == ["till", "website"]


@pytest.mark.parametrize("name", ["", "two words", "-x", "ä", "x" * 65, "a\n", "website"])
def test_a_name_has_a_form_and_is_given_once(name: str) -> None:
    taken, _ = with_new_key(FILE, SALON, "website")
    with pytest.raises(InvalidModel) as refused:
        with_new_key(taken, SALON, name)
    assert refused.value.data["field"] == "name"


def test_a_description_that_is_put_in_its_place_keeps_the_keys() -> None:
    stored, key = with_new_key(FILE, SALON, "website")
    assert without_keys(stored) == FILE
    changed = keeping_keys({**FILE, "name": "Salon Two"}, stored)
    assert changed["name"] == "Salon Two" and opens(changed, key)
    assert keeping_keys(FILE, None) == keeping_keys(FILE, FILE) == FILE
    # A file from long ago must not bring back a key that was revoked.
    with pytest.raises(InvalidModel):
        keeping_keys(stored, FILE)


@pytest.mark.parametrize(
    "odd", ["", "fk_", "fk_salon", "fk__" + "0" * 32, "cal_salon_" + "0" * 32, "fk_a\udcff_" + "0" * 32]
)
def test_what_has_another_form_is_no_tenants_key(odd: str) -> None:
    assert tenant_in(odd) is None
    assert not opens(with_new_key(FILE, SALON, "website")[0], odd)
