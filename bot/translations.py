"""Message catalogues, compiled in memory at start, and how people write dates, times, durations and prices.

What is said in which situation is left to the dialogue and the pages.
"""

from __future__ import annotations

import io
import re
import string
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from decimal import Decimal
from pathlib import Path
from typing import Final

from babel import Locale
from babel.dates import format_date, format_time
from babel.messages.pofile import PoFileError, read_po
from babel.numbers import format_decimal, get_currency_symbol
from babel.units import format_unit

from booking_core.errors import FermataError

LOCALES_DIR: Final = Path(__file__).resolve().parent.parent / "locales"

_MSGID: Final = re.compile(r'^msgid\s+"((?:[^"\\]|\\.)+)"', re.MULTILINE)


class BrokenCatalogue(FermataError):
    """A message catalogue cannot be used; the text names the file and the key."""

    code = "broken_catalogue"


class UnknownText(FermataError):
    """No catalogue has this key; ``data`` names language and key."""

    code = "unknown_text"


class MissingValue(FermataError):
    """A text has a placeholder for which no value was given; ``data`` names language, key and placeholder."""

    code = "missing_value"


@dataclass(frozen=True, slots=True)
class Translations:
    """Texts by language and key. ``strict`` raises for what is missing; else a guest is answered as well as can be."""

    texts: Mapping[str, Mapping[str, str]]
    strict: bool = True

    @classmethod
    def load(cls, directory: Path = LOCALES_DIR, *, strict: bool = True) -> Translations:
        """Read every ``<language>/LC_MESSAGES/*.po`` below ``directory``; a message id is a key such as ``offer.one``.

        Raises BrokenCatalogue for files that are no catalogue, keys that come twice, empty texts and placeholders that are not
        plain names.
        """
        folders = sorted(folder for folder in directory.glob("*/LC_MESSAGES") if any(folder.glob("*.po")))
        if not folders:
            raise BrokenCatalogue(f"there are no catalogues in {directory}")
        return cls({folder.parent.name: _read_language(folder) for folder in folders}, strict)

    @property
    def languages(self) -> tuple[str, ...]:
        """ISO 639-1 codes of the languages there are texts in, sorted."""
        return tuple(sorted(self.texts))

    def has(self, language: str, key: str) -> bool:
        """Whether there is a text for this key."""
        return key in self.texts.get(language, {})

    def text(self, language: str, key: str, /, **values: object) -> str:
        """The text with its named placeholders filled in.

        Raises UnknownText and MissingValue; where not ``strict`` another language's text or the key stands in, and an ellipsis
        for the value.
        """
        template = self.texts.get(language, {}).get(key)
        if template is None:
            if self.strict:
                raise UnknownText(f"there is no text {key!r} in {language!r}", language=language, key=key)
            template = next((texts[key] for texts in self.texts.values() if key in texts), key)
        missing = placeholders(template) - values.keys()
        if missing and self.strict:
            raise MissingValue(
                f"the text {key!r} in {language!r} needs {', '.join(sorted(missing))}",
                language=language,
                key=key,
                placeholder=min(missing),
            )
        return template.format_map({**dict.fromkeys(missing, "…"), **values})

    def differences(self) -> tuple[str, ...]:
        """Where the languages differ in keys or placeholders, readable; empty for catalogues that match."""
        keys = sorted({key for texts in self.texts.values() for key in texts})
        found = [
            f"{key}: not in {language}"
            for key in keys
            for language in self.languages
            if not self.has(language, key)
        ]
        for key in keys:
            named = {
                language: ", ".join(sorted(placeholders(texts[key]))) or "none"
                for language, texts in sorted(self.texts.items())
                if key in texts
            }
            if len(set(named.values())) > 1:
                found.append(
                    f"{key}: placeholders " + "; ".join(f"{code} {names}" for code, names in named.items())
                )
        return tuple(found)


def placeholders(template: str) -> frozenset[str]:
    """The names in braces; raises ValueError for a template whose braces do not match."""
    return frozenset(name for _, name, _, _ in string.Formatter().parse(template) if name is not None)


def _read_language(folder: Path) -> dict[str, str]:
    texts: dict[str, str] = {}
    for path in sorted(folder.glob("*.po")):
        for key, text in _read_catalogue(path).items():
            if key in texts:
                raise BrokenCatalogue(f"{path}: the key {key!r} stands in another catalogue of this language, too")
            texts[key] = text
    return texts


def _read_catalogue(path: Path) -> dict[str, str]:
    content = path.read_bytes()
    try:
        catalogue = read_po(io.BytesIO(content), locale=path.parent.parent.name, abort_invalid=True)
        source = content.decode()
    except (PoFileError, ValueError) as error:
        raise BrokenCatalogue(f"{path}: {error}") from error
    # Babel merges messages that come twice without a word.
    ids = _MSGID.findall(source)
    if twice := sorted({key for key in ids if ids.count(key) > 1}):
        raise BrokenCatalogue(f"{path}: {', '.join(twice)} stands there twice")
    texts: dict[str, str] = {}
    for message in catalogue:
        if not message.id:
            continue
        key, text = message.id, message.string
        if not isinstance(key, str) or not isinstance(text, str):
            raise BrokenCatalogue(f"{path}: {key!r} has plural forms; make a key for each")
        if not text.strip():
            raise BrokenCatalogue(f"{path}: {key!r} has no text")
        _check_placeholders(path, key, text)
        texts[key] = text
    return texts


def _check_placeholders(path: Path, key: str, text: str) -> None:
    try:
        names = placeholders(text)
    except ValueError as error:
        raise BrokenCatalogue(f"{path}: {key!r}: {error}") from error
    # An attribute or index in a placeholder would let a text reach into the values.
    if odd := sorted(name for name in names if not name.isidentifier()):
        raise BrokenCatalogue(f"{path}: {key!r} has placeholders that are no names: {', '.join(odd)}")


@dataclass(frozen=True, slots=True)
class _Patterns:
    """CLDR date patterns of one language, without and with the year."""

    locale: str
    long_date: tuple[str, str]
    short_date: tuple[str, str]
    price: str


_PATTERNS: Final = {
    "de": _Patterns("de_DE", ("EEEE, d. MMMM", "EEEE, d. MMMM y"), ("ccc d.M.", "ccc d.M.y"), "{number} {symbol}"),
    "en": _Patterns("en_GB", ("EEEE d MMMM", "EEEE d MMMM y"), ("ccc d MMM", "ccc d MMM y"), "{symbol}{number}"),
}


def long_date(instant: datetime, zone: tzinfo, language: str, *, now: datetime | None = None) -> str:
    """Such as "Donnerstag, 26. November" or "Thursday 26 November", in ``zone``; with the year where it is another than that of ``now``."""
    return _date(instant, zone, language, _patterns(language).long_date, now)


def short_date(instant: datetime, zone: tzinfo, language: str, *, now: datetime | None = None) -> str:
    """Such as "Do 26.11." or "Thu 26 Nov", in ``zone``; with the year where it is another than that of ``now``."""
    return _date(instant, zone, language, _patterns(language).short_date, now)


def clock(instant: datetime, zone: tzinfo, language: str) -> str:
    """Such as "15:30 Uhr" or "3.30 pm" (full hours "15:00 Uhr" and "3 pm"), in ``zone``."""
    local = instant.astimezone(zone)
    if language == "de":
        return format_time(local.time(), "H:mm 'Uhr'", locale="de_DE")
    half = "am" if local.hour < 12 else "pm"
    hour = local.hour % 12 or 12
    return f"{hour}.{local.minute:02} {half}" if local.minute else f"{hour} {half}"


def price(amount: Decimal | float, language: str, currency: str = "EUR") -> str:
    """Such as "30 €", "30,50 €" or "€30", "€30.50"; ``amount`` in the currency's main unit."""
    patterns = _patterns(language)
    exact = Decimal(str(amount)).quantize(Decimal("0.01"))
    number = format_decimal(
        exact, format="#,##0" if exact == exact.to_integral_value() else "#,##0.00", locale=patterns.locale
    )
    return patterns.price.format(number=number, symbol=get_currency_symbol(currency, locale=patterns.locale))


def duration(minutes: int, language: str) -> str:
    """Such as "45 Minuten", "1 Stunde 30 Minuten" or "45 minutes", "1 hour 30 minutes"; whole minutes, not negative."""
    if minutes < 0:
        raise ValueError("a duration is not negative")
    locale = Locale.parse(_patterns(language).locale)
    hours, rest = divmod(minutes, 60)
    parts = [format_unit(hours, "duration-hour", "long", locale=locale)] if hours else []
    if rest or not hours:
        parts.append(format_unit(rest, "duration-minute", "long", locale=locale))
    return " ".join(parts)


def _patterns(language: str) -> _Patterns:
    if language not in _PATTERNS:
        raise UnknownText(f"there are no formats for the language {language!r}", language=language)
    return _PATTERNS[language]


def _date(instant: datetime, zone: tzinfo, language: str, patterns: tuple[str, str], now: datetime | None) -> str:
    local: date = instant.astimezone(zone).date()
    other_year = now is not None and now.astimezone(zone).year != local.year
    return format_date(local, patterns[other_year], locale=_patterns(language).locale)
