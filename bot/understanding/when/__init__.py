"""The date and time engine: what a guest's words about time mean. Pure; `now` and zone are arguments."""

from bot.understanding.when.engine import understand_when
from bot.understanding.when.model import Expects, Grain, Kind, OpeningHours, Reading, When, WhenContext

__all__ = ["Expects", "Grain", "Kind", "OpeningHours", "Reading", "When", "WhenContext", "understand_when"]
