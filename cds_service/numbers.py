"""How a number is shown: short, and never on the other side of a threshold than the number that was used."""

from __future__ import annotations


def shown(value: float) -> int | float:
    """`value` to about three figures. A fraction never becomes a whole number (59.97 stays below 60); those have no point."""
    if value == int(value):
        return int(value)
    size = abs(value)
    decimals = 1 if size >= 10 else 2 if size >= 1 else 3
    for more in range(decimals, 12):
        rounded = round(value, more)
        if rounded != int(rounded):
            return rounded
    return value
