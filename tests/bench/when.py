"""The time engine beside dateparser and Duckling on our own corpus: who is right, and how long each takes."""

from __future__ import annotations

import gc
import importlib
import json
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from time import perf_counter
from typing import Any, Final
from zoneinfo import ZoneInfo

import tzdata
from dateparser.search import search_dates

from bot.understanding.when import understand_when
from tests.bench.figures import latency_of, quantile, ratios_to
from tests.bench.result import BenchResult, Effort, Row, Section

ENGINE: Final = "engine"
DATEPARSER: Final = "dateparser"
DUCKLING: Final = "Duckling"
LANGUAGES: Final = {"de": "german", "en": "english"}
_CORPUS: Final = Path(__file__).parents[1] / "corpus" / "when"
_ZONES: Final = {"en_GB": "Europe/London", "en_US": "America/New_York"}
_TEXTS_A_REPEAT: Final = 20  # texts that are timed for each of the effort's repeats
_CHECKED: Final = 240  # texts of a language whose answers are compared


@dataclass(frozen=True, slots=True)
class Text:
    """A line of a corpus: what was said, when and where, and what it must mean (nothing, if both ends are None)."""

    text: str
    language: str
    locale: str | None
    now: datetime
    zone: ZoneInfo
    start: datetime | None
    end: datetime | None
    kind: str

    @classmethod
    def of(cls, line: Mapping[str, Any]) -> Text:
        """A line as it stands in the file."""
        locale = line.get("locale")
        start, end = (
            datetime.fromisoformat(line[name]) if line[name] else None  # a wall time, as in the command
            for name in ("start", "end")
        )
        zone = ZoneInfo(line.get("zone") or _ZONES.get(locale or "", "Europe/Berlin"))
        now = datetime.fromisoformat(line["now"]).replace(tzinfo=zone)
        return cls(line["text"], line["lang"], locale, now, zone, start, end, line["kind"])

    @property
    def expected(self) -> datetime | None:
        """The moment that tells right from wrong: the start, or the end of what has no start."""
        return self.end if self.kind == "open_start" else self.start

    def is_right(self, found: Sequence[datetime]) -> bool:
        """Whether any of the moments is right; of a whole day the date is enough, also one day off at an open end."""
        if self.expected is None:
            return not found
        return any(self._is_meant(moment, self.expected) for moment in found)

    def _is_meant(self, found: datetime, expected: datetime) -> bool:
        wall = found.astimezone(self.zone).replace(tzinfo=None) if found.tzinfo else found
        if expected.time() == datetime.min.time():
            return (expected.date() - wall.date()).days in ({0, 1} if self.kind == "open_start" else {0})
        return wall.replace(second=0, microsecond=0) == expected


Reader = Callable[[Text], Sequence[datetime]]
"""The first time that a party reads in a text: one moment, or several where it leaves open which."""


def engine_reader(text: Text) -> Sequence[datetime]:
    """What is measured."""
    when = understand_when(text.text, now=text.now, zone=text.zone, language=text.language, locale=text.locale)
    first = when.first
    moment = None if first is None else first.start or first.end
    return [] if moment is None else [moment]


def dateparser_reader(text: Text) -> Sequence[datetime]:
    """Dateparser told everything it can be told: the language, now, and that guests speak of the future."""
    settings = {
        "RELATIVE_BASE": text.now.replace(tzinfo=None),
        "PREFER_DATES_FROM": "future",
        "DATE_ORDER": "MDY" if text.locale == "en_US" else "DMY",
    }
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns of its own use of strptime
        found = search_dates(text.text, languages=[text.language], settings=settings)
    return [found[0][1]] if found else []


def duckling_reader() -> Reader | None:
    """Duckling told the language, now and the zone; None where its bindings are not installed.

    It answers "at five" with both halves of the day, not with one: any of its values may be the right one.
    """
    try:
        duckling = importlib.import_module("duckling")
    except ImportError:
        return None
    zones = duckling.load_time_zones(str(Path(tzdata.__file__).parent / "zoneinfo"))
    times = duckling.parse_dimensions(["time"])
    locales = {code: duckling.default_locale_lang(duckling.parse_lang(code.upper())) for code in LANGUAGES}

    def read(text: Text) -> Sequence[datetime]:
        base = locales[text.language]
        locale = duckling.parse_locale(text.locale.upper(), base) if text.locale else base
        now = duckling.parse_ref_time(zones, text.zone.key, int(text.now.timestamp()))
        found = duckling.parse(text.text, duckling.Context(now, locale), times, False)
        return [moment for value in found[0]["value"]["values"] for moment in _moments(value)] if found else []

    return read


def _moments(value: Mapping[str, Any]) -> Sequence[datetime]:
    said = value.get("value") or (value.get("from") or value.get("to") or {}).get("value")
    return [datetime.fromisoformat(said)] if said else []


def corpus(language: str) -> list[Text]:
    """The sentences of a language, those without a time in them too, in an order that any beginning is a fair sample of."""
    lines: list[Text] = []
    for name in (LANGUAGES[language], f"{LANGUAGES[language]}_silent"):
        path = _CORPUS / f"{name}.jsonl"
        lines += [Text.of(json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines()]
    stride = 7919  # a prime that divides no corpus: every line once, neighbours far apart
    return [lines[index * stride % len(lines)] for index in range(len(lines))]


@dataclass(frozen=True, slots=True)
class WhenBench:
    """The benchmark of the time engine. It needs no server: what is measured is pure."""

    name: str = "when"

    async def run(self, effort: Effort) -> BenchResult:
        """Measure; parties take turns in rounds, each reading the same texts."""
        readers: dict[str, Reader] = {ENGINE: engine_reader, DATEPARSER: dateparser_reader}
        duckling = duckling_reader()
        facts: dict[str, str | int] = {}
        if duckling is None:
            facts[DUCKLING] = "not installed: left out"
        else:
            readers[DUCKLING] = duckling
        rows = tuple(row for language in LANGUAGES for row in _rows(language, readers, effort))
        missing = f" ({DUCKLING} is not installed and left out)" if duckling is None else ""
        return BenchResult(self.name, (Section(f"our corpus{missing}", rows, facts),))


def _rows(language: str, readers: Mapping[str, Reader], effort: Effort) -> Iterator[Row]:
    texts = corpus(language)
    right = {name: _shares(reader, texts[:_CHECKED]) for name, reader in readers.items()}
    timed = _measured(readers, texts[: effort.repeats * _TEXTS_A_REPEAT], effort.rounds)
    slowest = {name: quantile([x for one in rounds for x in one], 0.99) for name, rounds in timed.items()}
    for name, rounds in timed.items():
        labels: dict[str, str | int] = {
            "language": language,
            "party": name,
            "right start": right[name][0],
            "silent": right[name][1],
            "p99 ms": f"{slowest[name] * 1000:.2f}",
            f"p99 × {ENGINE}": f"{slowest[name] / slowest[ENGINE]:.1f}",
        }
        yield Row(labels, {"party": latency_of(rounds)}, ratios_to(rounds, {ENGINE: timed[ENGINE]}))


def _shares(reader: Reader, texts: Sequence[Text]) -> tuple[str, str]:
    """Of the texts with a time, how many starts are right; of those without, how many stay without."""
    shares = []
    for silent in (False, True):
        asked = [text for text in texts if (text.expected is None) == silent]
        shares.append(f"{sum(text.is_right(reader(text)) for text in asked) / max(len(asked), 1):.0%}")
    return shares[0], shares[1]


def _measured(readers: Mapping[str, Reader], texts: Sequence[Text], rounds: int) -> dict[str, list[list[float]]]:
    found: dict[str, list[list[float]]] = {name: [] for name in readers}
    for reader in readers.values():
        reader(texts[0])  # tables are made when first needed
    for number in range(rounds):
        names = list(readers)
        first = number % len(names)
        for name in names[first:] + names[:first]:
            found[name].append(_timed(readers[name], texts))
    return found


def _timed(reader: Reader, texts: Sequence[Text]) -> list[float]:
    taken = []
    # Garbage of one party must not be collected in another's time.
    gc.collect()
    gc.disable()
    try:
        for text in texts:
            began = perf_counter()
            reader(text)
            taken.append(perf_counter() - began)
    finally:
        gc.enable()
    return taken
