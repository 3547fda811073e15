"""The business of booking: values, rules and ports. Standard library only; knows no framework and no vendor."""
