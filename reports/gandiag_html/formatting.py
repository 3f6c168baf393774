"""Numbers, lists and durations as text."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

MINUS = "\N{MINUS SIGN}"
NOTHING = "\N{EN DASH}"
"""The placeholder for a missing number."""


def number(value: float, digits: int = 3) -> str:
    """Formats a measured number with significant digits, including trailing zeros.

    >>> number(4.0), number(12345.6), number(2.5e9), number(-0.0012), number(float("nan"))
    ('4.00', '12,346', '2.50e9', '−0.00120', 'not a number')
    """
    if math.isnan(value):
        return "not a number"
    size = abs(value)
    if math.isinf(value):
        text = "infinite"
    elif size >= 1e6 or 0 < size < 1e-3:
        mantissa, exponent = f"{size:.{digits - 1}e}".split("e")
        text = f"{mantissa}e{int(exponent)}".replace("e-", f"e{MINUS}")
    else:
        magnitude = math.floor(math.log10(size)) if size else digits
        text = f"{size:,.{max(digits - 1 - magnitude, 0)}f}"
    return f"{MINUS}{text}" if value < 0 else text


def exact(value: float) -> str:
    """Formats a number that somebody chose, such as a bound, without trailing zeros.

    >>> exact(0.75), exact(4.0), exact(5000.0), exact(0.30000000000000004), exact(2e7)
    ('0.75', '4', '5,000', '0.3', '2e7')
    """
    size = abs(value)
    if 1e-3 <= size < 1e6 or not size:
        text = f"{size:,.6g}" if size < 1e5 else f"{size:,.0f}"
    else:
        mantissa, exponent = f"{size:.2e}".split("e")
        text = f"{float(mantissa):g}e{int(exponent)}".replace("e-", f"e{MINUS}")
    return f"{MINUS}{text}" if value < 0 else text


def measured(value: float, se: float | None) -> tuple[str, str]:
    """Formats a value and its standard error, to the second digit of the error.

    >>> measured(4.02134, 0.02491), measured(4.02134, None)
    (('4.021', '0.025'), ('4.02', ''))
    """
    if se is None or not math.isfinite(se) or se <= 0 or not abs(value) < 1e6:
        return number(value), ""
    places = min(max(1 - math.floor(math.log10(se)), 0), 6)
    text = f"{abs(value):,.{places}f}"
    sign = MINUS if value < 0 and text.strip("0.,") else ""
    return sign + text, f"{se:,.{places}f}"


def listing(items: Sequence[object]) -> str:
    """Joins items to a list in a sentence.

    >>> listing([4]), listing([4, 9]), listing([1, 4, 9])
    ('4', '4 and 9', '1, 4 and 9')
    """
    words = [str(item) for item in items]
    return " and ".join([", ".join(words[:-1]), words[-1]] if words[1:] else words)


def capitalized(text: str) -> str:
    """A text with its first letter in upper case, and the others as they are.

    >>> capitalized("no KID and no floor")
    'No KID and no floor'
    """
    return text[:1].upper() + text[1:]


def counted(n: int, noun: str) -> str:
    """A number and a noun in the singular or plural.

    >>> counted(1, "seed"), counted(1200, "iteration")
    ('1 seed', '1,200 iterations')
    """
    return f"{n:,} {noun}" if n == 1 else f"{n:,} {noun}s"


def seeds(numbers: Sequence[int]) -> str:
    """Lists seeds in order, with ranges.

    >>> seeds([4]), seeds([4, 9]), seeds([0, 1, 2, 3, 7])
    ('seed 4', 'seeds 4 and 9', 'seeds 0 to 3 and 7')
    """
    spans: list[list[int]] = []
    for seed in sorted(numbers):
        if spans and seed == spans[-1][-1] + 1:
            spans[-1].append(seed)
        else:
            spans.append([seed])
    words: list[object] = []
    for span in spans:
        words += span if len(span) < 4 else [f"{span[0]} to {span[-1]}"]
    return f"{'seed' if len(numbers) == 1 else 'seeds'} {listing(words)}"


def duration(seconds: float) -> str:
    """Formats a duration.

    >>> duration(0.42), duration(75.0), duration(7320.0)
    ('0.42 s', '1 min 15 s', '2 h 2 min')
    """
    if not math.isfinite(seconds):
        return NOTHING
    if seconds < 60:
        return f"{seconds:.2g} s" if seconds < 1 else f"{seconds:.0f} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {rest} s"


def times(n: int, noun: str) -> str:
    """A noun and its count, if that is more than one.

    >>> times(1, "collapse"), times(3, "collapse")
    ('collapse', '3 × collapse')
    """
    return noun if n == 1 else f"{n:,} × {noun}"


def typeset(text: str) -> str:
    """Sets a sentence of the analysis with true minus signs and no line break before a %.

    >>> typeset("off by -1.2, at (0.5, -0.7), since step-2")
    'off by −1.2, at (0.5, −0.7), since step-2'
    """
    return re.sub(r"(?<=[\s(])-(?=[\d.])", MINUS, text).replace(" %", "\N{NO-BREAK SPACE}%")
