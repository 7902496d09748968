"""ISBN -> the bars of its EAN-13 symbol, as a drawing one unit of which is one module wide.

Source: ISO/IEC 15420, EAN/UPC bar code symbology.
"""

from __future__ import annotations

MODULE_PT = 0.33 / 25.4 * 72  # the nominal size: 0.33 mm
BARS, LEFT_QUIET, RIGHT_QUIET = 95, 11, 7
WIDTH = LEFT_QUIET + BARS + RIGHT_QUIET
HEIGHT, GUARD = 58, 5  # lower than nominal by a sixth, as on most books

_LEFT_ODD = (
    "0001101", "0011001", "0010011", "0111101", "0100011",
    "0110001", "0101111", "0111011", "0110111", "0001011",
)  # fmt: skip
# How the six figures on the left are drawn says what the figure before them is: 1 means even.
_PARITIES = (
    "000000", "001011", "001101", "001110", "010011",
    "011001", "011100", "010101", "010110", "011010",
)  # fmt: skip
_GUARDS = {range(3), range(45, 50), range(92, 95)}


def modules(digits: str) -> str:
    """The 95 modules of an EAN-13 symbol from left to right, "1" for black.

    digits: the thirteen of an ISBN, its check digit included.
    """
    first, left, right = int(digits[0]), digits[1:7], digits[7:]
    lefts = (
        _even(int(digit)) if parity == "1" else _LEFT_ODD[int(digit)]
        for digit, parity in zip(left, _PARITIES[first], strict=True)
    )
    rights = (_inverted(_LEFT_ODD[int(digit)]) for digit in right)
    return "101" + "".join(lefts) + "01010" + "".join(rights) + "101"


def drawing(digits: str) -> bytes:
    """Draw the bars as SVG, the quiet zones included; guards are longer than the other bars."""
    drawn = modules(digits)
    bars = "".join(
        f'<rect x="{LEFT_QUIET + x}" width="1" height="{HEIGHT + GUARD * _guards(x)}"/>'
        for x, module in enumerate(drawn)
        if module == "1"
    )
    box = f"0 0 {WIDTH} {HEIGHT + GUARD}"
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}" fill="#000">'
    return f"{head}{bars}</svg>".encode()


def _guards(place: int) -> bool:
    return any(place in guard for guard in _GUARDS)


def _inverted(pattern: str) -> str:
    return pattern.translate(str.maketrans("01", "10"))


def _even(digit: int) -> str:
    return _inverted(_LEFT_ODD[digit])[::-1]
