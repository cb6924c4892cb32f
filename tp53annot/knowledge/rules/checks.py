"""Limits that the values of a rules file must keep, for ``__post_init__`` of its classes."""

from __future__ import annotations


def check_range(values: object, low: float, high: float, *names: str) -> None:
    """Refuse a field outside ``low``..``high``, both inclusive.

    Raises:
        ValueError: names the field, its value and the range.
    """
    for name in names:
        value = getattr(values, name)
        if not low <= value <= high:
            raise ValueError(f"{name} is {value}, not within {low:g} to {high:g}")


def check_fractions(values: object, *names: str) -> None:
    """Refuse a field that is no fraction or probability (0..1).

    Raises:
        ValueError: names the field and its value.
    """
    check_range(values, 0, 1, *names)
