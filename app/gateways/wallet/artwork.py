"""The pictures of an Apple pass, drawn here from the brand's colours: an arch to walk through.

Apple shows no pass without an icon. Sizes in points: icon 29 x 29, logo at most 160 x 50, each at 1x, 2x, 3x
(Apple's Wallet design guidance). An organisation with pictures of its own hands those to the pass instead.
"""

import math
import struct
import zlib
from collections.abc import Callable, Mapping
from functools import lru_cache
from types import MappingProxyType

from app.gateways.wallet.card import Brand

Colour = tuple[int, int, int]
_ICON_POINTS = 29
_LOGO_POINTS = 50
_SUFFIXES = {1: "", 2: "@2x", 3: "@3x"}


def draw(brand: Brand) -> Mapping[str, bytes]:
    """The icon (arch on the brand's colour) and logo (arch alone) as PNG files by their name in the pass."""
    return _draw(rgb(brand.background), rgb(brand.foreground))


def rgb(colour: str) -> Colour:
    """``#rrggbb`` as three numbers from 0 to 255."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


@lru_cache(maxsize=32)
def _draw(background: Colour, foreground: Colour) -> Mapping[str, bytes]:
    # About 50,000 pixels in plain Python: cached, as a brand signs many passes and seldom changes.
    files = {}
    for scale, suffix in _SUFFIXES.items():
        files[f"icon{suffix}.png"] = _picture(_ICON_POINTS * scale, _over(background, foreground))
        files[f"logo{suffix}.png"] = _picture(_LOGO_POINTS * scale, _alone(foreground))
    return MappingProxyType(files)


def _over(background: Colour, foreground: Colour) -> Callable[[float], bytes]:
    def pixel(cover: float) -> bytes:
        mixed = (round(b + (f - b) * cover) for b, f in zip(background, foreground, strict=True))
        return bytes((*mixed, 255))

    return pixel


def _alone(foreground: Colour) -> Callable[[float], bytes]:
    return lambda cover: bytes((*foreground, round(255 * cover)))


def _picture(size: int, pixel: Callable[[float], bytes]) -> bytes:
    """A square PNG; ``pixel`` turns how much of it the arch covers (0 to 1) into red, green, blue, alpha."""
    rows = bytearray()
    for y in range(size):
        rows.append(0)  # PNG filter: none
        for x in range(size):
            distance = _arch((x + 0.5) / size, (y + 0.5) / size) * size
            rows += pixel(min(1.0, max(0.0, 0.5 - distance)))
    return _png(size, bytes(rows))


def _arch(x: float, y: float) -> float:
    """Signed distance from the sign in the unit square (negative inside): a doorway standing on its step."""
    wall = max(_opening(x, y, 0.27), -_opening(x, y, 0.15))
    step = _box(x, y, half_width=0.36, top=0.80, bottom=0.87)
    return min(wall, step)


def _opening(x: float, y: float, half_width: float) -> float:
    """A rectangle with a half circle on top, as a doorway is."""
    springing = 0.43
    if y < springing:
        return math.hypot(x - 0.5, y - springing) - half_width
    return _box(x, y, half_width=half_width, top=springing - half_width, bottom=0.82)


def _box(x: float, y: float, *, half_width: float, top: float, bottom: float) -> float:
    across = abs(x - 0.5) - half_width
    along = max(top - y, y - bottom)
    return max(across, along)


def _png(size: int, rows: bytes) -> bytes:
    header = struct.pack(">IIBBBBB", size, size, 8, 6, 0, 0, 0)  # 8 bits, red green blue alpha
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", header)
        + _chunk(b"IDAT", zlib.compress(rows, 9))
        + _chunk(b"IEND", b"")
    )


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
