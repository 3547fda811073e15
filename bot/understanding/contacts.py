"""E-mail addresses, phone numbers and booking references in a message, typed or spoken. Nothing is checked outside."""

from __future__ import annotations

import re
from dataclasses import dataclass

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from bot.understanding.spoken import DIGITS_SAID, PHONE_CUE, REPEATS
from bot.understanding.text import Span, Word, fold, lower, mask, outside, overlaps
from bot.understanding.words import ENGLISH, GERMAN, MAIL_ENDINGS

_TYPED = re.compile(r"[^\s@<>,;:()\[\]\"]{1,64}@[^\s@<>,;:()\[\]\"]{1,255}")
_SPACED_AT = re.compile(r"\s*(?:@|[\[({]\s*(?:at|ät)\s*[\])}])\s*", re.IGNORECASE)
_AT_WORDS = frozenset({"at", "aet", "klammeraffe", "klammeraffen", "affenschwanz"})
_JOINTS = {
    "punkt": ".",
    "dot": ".",
    "point": ".",
    "minus": "-",
    "bindestrich": "-",
    "strich": "-",
    "dash": "-",
    "hyphen": "-",
    "unterstrich": "_",
    "underscore": "_",
    "plus": "+",
}
_NUMBER = re.compile(r"(?<![\w.,:])(?:\+\s?|00)?\(?\d(?:[\s()/.\-]{0,3}\d){5,17}(?![\w:])")
_DATE_OR_TIME = re.compile(
    r"\d{1,2}[./]\s?\d{1,2}[./]\s?(?:\d{4}|\d{2})(?!\d)|\d{4}-\d{2}-\d{2}|\d{1,2}[:.]\d{2}\s?-\s?\d{1,2}[:.]\d{2}"
)
_PLACEHOLDERS = frozenset({"01234567890", "0123456789", "0151123456", "1234567890", "0123456", "01234567"})
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_REFERENCE = re.compile(rf"(?<![\w@.+-])(?=[a-z]*\d)(?=\d*[a-z])[{_ALPHABET}]{{6}}(?![\w@])", re.IGNORECASE)
_REFERENCE_CUE = re.compile(
    r"(?<!\w)(?:buchungs?(?:nummer|code|referenz)?|referenz(?:nummer)?|reference(?: number| code)?|booking(?: reference| number| code| id)?"
    r"|confirmation(?: number| code)?|buchungs-?id|termin-?nummer|ref|code)\b[\s.:#]*(?:(?:ist|lautet|is|nr|no)\b[\s.:#]*)?"
    rf"(?P<code>[{_ALPHABET}](?:[ -]?[{_ALPHABET}]){{5}})(?!\w)",
    re.IGNORECASE,
)
_REFERENCE_LENGTH = 6
_SHORT_ANSWER = 6
"""Signs of an answer that can be nothing but the address asked for."""


@dataclass(frozen=True, slots=True)
class Contacts:
    """What was found; `spans` are the places in the text, to be kept out of everything else."""

    email: str | None = None
    phone: str | None = None
    bad_email: str | None = None
    bad_phone: str | None = None
    reference: str | None = None
    spans: tuple[Span, ...] = ()


def find_contacts(text: str, words: tuple[Word, ...], *, country: str, expected: bool = False) -> Contacts:
    """Contacts in a cleaned text of these words.

    `country` (ISO 3166) reads national phone numbers; `expected` says that a contact was asked for, which lets
    incomplete ones count as bad ones instead of nothing.
    """
    email, bad_email, spans = _find_email(text, words, expected=expected)
    rest = mask(text, spans)
    reference, reference_span = _find_reference(rest)
    if reference_span is not None:
        spans = (*spans, reference_span)
        rest = mask(rest, (reference_span,))
    phone, bad_phone, phone_spans = _find_phone(rest, outside(words, spans), country, expected=expected)
    return Contacts(email, phone, bad_email, bad_phone, reference, (*spans, *phone_spans))


# --- e-mail -----------------------------------------------------------------------------------------------------


def check_email(address: str) -> str | None:
    """The address with its domain in lower case, or None if it is none; the network is not asked."""
    try:
        # Addresses under .example and .test belong to demos and tests of the house and are let through.
        valid = validate_email(
            address, check_deliverability=False, globally_deliverable=False, test_environment=True
        )
    except EmailNotValidError:
        return None
    return valid.normalized if "." in valid.domain else None


def _find_email(
    text: str, words: tuple[Word, ...], *, expected: bool
) -> tuple[str | None, str | None, tuple[Span, ...]]:
    bad: str | None = None
    bad_span: Span | None = None
    for typed in _TYPED.finditer(text) if "@" in text else ():
        address = typed.group().strip(".'!?")
        start = typed.start() + typed.group().index(address)
        span = (start, start + len(address))
        if checked := check_email(address):
            return checked, None, (span,)
        bad, bad_span = address, span
    spoken, span_said = _spoken_email(text, words, expected=expected)
    if spoken is not None and span_said is not None:
        if checked := check_email(spoken):
            return checked, None, (span_said,)
        bad, bad_span = bad or spoken, bad_span or span_said
    if bad is None and expected and (broken := re.search(r"\S*@\S*", text)) is not None:
        bad, bad_span = broken.group(), broken.span()
    if bad is not None and bad_span is not None:
        return None, bad, (bad_span,)
    return None, None, ()


@dataclass(frozen=True, slots=True)
class _Sign:
    """A label, a joint (`.`, `-`, `_`, `+`) or an at-sign of a spoken address."""

    kind: str
    value: str
    start: int
    end: int


def _spoken_email(text: str, words: tuple[Word, ...], *, expected: bool) -> tuple[str | None, Span | None]:
    if "@" not in text and not _AT_WORDS.intersection(word.folded for word in words):
        return None, None
    signs = _signs(text)
    for index, sign in enumerate(signs):
        if sign.kind != "at":
            continue
        first = _local_start(signs, index)
        last = _domain_end(signs, index)
        if first is None or last is None:
            continue
        domain = "".join(part.value for part in signs[index + 1 : last + 1])
        certain = sign.value == "@"
        ending = domain.rpartition(".")[2]
        if "." not in domain and _ordinary(signs[index - 1].value, domain):
            continue
        if "." not in domain and not (expected and (certain or len(signs) <= _SHORT_ANSWER)):
            continue
        if (
            "." in domain
            and not certain
            and (ending not in MAIL_ENDINGS or not re.search("[a-z]", domain.partition(".")[0]))
        ):
            continue
        local = "".join(part.value for part in signs[first:index])
        return f"{local}@{domain}", (signs[first].start, signs[last].end)
    return None, None


def _ordinary(local: str, domain: str) -> bool:
    """ "Tomorrow at 3" is no broken address."""
    return any(word.isdigit() or fold(word) in GERMAN | ENGLISH for word in (local, domain))


def _signs(text: str) -> list[_Sign]:
    signs: list[_Sign] = []
    position = 0
    for at in _SPACED_AT.finditer(text):
        signs += _label_signs(text, position, at.start())
        signs.append(_Sign("at", "@", at.start(), at.end()))
        position = at.end()
    return signs + _label_signs(text, position, len(text))


_PIECE = re.compile(r"[^\W_]+|[._+-]|[^\s\w]")


def _label_signs(text: str, start: int, end: int) -> list[_Sign]:
    signs: list[_Sign] = []
    for piece in _PIECE.finditer(text, start, end):
        value = lower(piece.group())
        spoken = value.replace("ä", "ae")
        if spoken in _AT_WORDS:
            # "klammeraffe" is nothing but the sign, "at" is an ordinary word too.
            signs.append(_Sign("at", "at" if spoken in {"at", "aet"} else "@", piece.start(), piece.end()))
        elif value in _JOINTS:
            signs.append(_Sign("joint", _JOINTS[value], piece.start(), piece.end()))
        elif value in "._+-":
            signs.append(_Sign("joint", value, piece.start(), piece.end()))
        elif value[0].isalnum():
            signs.append(_Sign("label", value, piece.start(), piece.end()))
        else:
            signs.append(_Sign("break", value, piece.start(), piece.end()))
    return signs


def _local_start(signs: list[_Sign], at: int) -> int | None:
    """Where the local part before the at-sign begins: label (joint label)*, digits and single letters run together."""
    index = at - 1
    if index < 0 or signs[index].kind != "label":
        return None
    while index > 0:
        before = signs[index - 1]
        if before.kind == "joint" and index > 1 and signs[index - 2].kind == "label":
            index -= 2
        elif before.kind == "label" and (
            (signs[index].value.isdigit() and not before.value.isdigit())
            or (len(before.value) == 1 and len(signs[index].value) == 1)
        ):
            index -= 1
        else:
            break
    return index


def _domain_end(signs: list[_Sign], at: int) -> int | None:
    index = at + 1
    if index >= len(signs) or signs[index].kind != "label":
        return None
    while index + 2 < len(signs) and signs[index + 1].kind == "joint" and signs[index + 2].kind == "label":
        if signs[index + 1].value not in ".-":
            break
        # A full stop with a space after it ends the sentence, unless the whole address is spaced out.
        gap = signs[index + 2].start - signs[index + 1].end
        if (
            signs[index + 1].value == "."
            and gap
            and signs[index].end == signs[index + 1].start
            and _is_mark(signs[index + 1])
        ):
            break
        index += 2
    return index


def _is_mark(sign: _Sign) -> bool:
    return sign.end - sign.start == 1


# --- phone ------------------------------------------------------------------------------------------------------


def check_phone(number: str, country: str) -> str | None:
    """E.164, or None for what is no possible subscriber or an obvious placeholder."""
    digits = re.sub(r"\D", "", number)
    if digits in _PLACEHOLDERS or len(set(digits[-7:])) == 1:
        return None
    try:
        parsed = phonenumbers.parse(number, country)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(parsed):
        return None
    return str(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164))


def _find_phone(
    text: str, words: tuple[Word, ...], country: str, *, expected: bool
) -> tuple[str | None, str | None, tuple[Span, ...]]:
    cued = expected or PHONE_CUE.search(lower(text)) is not None
    dates = [match.span() for match in _DATE_OR_TIME.finditer(text)]
    found = [
        (match.group(), match.span())
        for match in _NUMBER.finditer(text)
        if not any(overlaps(match.span(), date) for date in dates)
    ]
    found += _spoken_numbers(words, cued=cued)
    bad: str | None = None
    bad_span: Span | None = None
    for number, span in found:
        prefixed = number.lstrip(" (").startswith(("+", "0"))
        if not prefixed and not cued:
            continue
        if checked := check_phone(number, country):
            return checked, None, (span,)
        if not prefixed and number[:2] == "49" and (checked := check_phone(f"+{number}", country)):
            return checked, None, (span,)
        bad, bad_span = bad or number.strip(), bad_span or span
    if bad is None and expected and (short := re.fullmatch(r"\D{0,20}?(\+?\d[\d /-]{2,})\W*", text)) is not None:
        bad, bad_span = short.group(1).strip(), short.span(1)
    return (None, bad, (bad_span,)) if bad is not None and bad_span is not None else (None, None, ())


def _spoken_numbers(words: tuple[Word, ...], *, cued: bool) -> list[tuple[str, Span]]:
    """Runs of number words that make seven digits or more: "null eins sieben null …", "oh double seven …"."""
    runs: list[tuple[str, Span]] = []
    digits, start, end, said = "", -1, -1, 0
    repeat = 1
    for word in (*words, Word("", "", -1, -1)):
        value = word.text if word.text.isdigit() else DIGITS_SAID.get(word.folded)
        if word.folded in REPEATS:
            repeat = REPEATS[word.folded]
            start = word.start if start < 0 else start
            continue
        if word.folded == "plus" and not digits:
            digits, start, end = "+", word.start, word.end
            continue
        if value is not None:
            said += not word.text.isdigit()
            digits += value * repeat
            start, end, repeat = (word.start if start < 0 else start), word.end, 1
            continue
        if said >= 3 and len(digits) >= 7 and (digits[0] in "+0" or cued):
            runs.append((digits, (start, end)))
        digits, start, end, said, repeat = "", -1, -1, 0, 1
    return runs


# --- reference --------------------------------------------------------------------------------------------------


def _find_reference(text: str) -> tuple[str | None, Span | None]:
    for cued in _REFERENCE_CUE.finditer(text):
        code = re.sub(r"[ -]", "", cued.group("code"))
        # Without a digit only capitals tell a code from a word: "Buchung absagen".
        if len(code) == _REFERENCE_LENGTH and (any(map(str.isdigit, code)) or code.isupper()):
            return code.upper(), cued.span("code")
    if bare := _REFERENCE.search(text):
        return bare.group().upper(), bare.span()
    return None, None
