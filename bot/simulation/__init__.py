"""The real core on a virtual clock, with guests, staff, weather and sudden deaths drawn from a seed: ``fermata sim``."""
