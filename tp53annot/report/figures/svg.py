"""The frame of every figure: an SVG with a title, for a page that styles it.

Colours come from the page's style sheet (classes), so that light, dark and print agree. Every shape
has a text next to it: nothing rests on colour alone.
"""

from __future__ import annotations

from collections.abc import Iterable

from tp53annot.core.text import escape

WIDTH, NARROW, MARGIN = 900, 366, 20  # pixels: a figure over the page, one for small screens, its sides


def svg(
    kind: str,
    width: float,
    height: float,
    title: str,
    parts: Iterable[str],
    *,
    label: str = "",
    description: str | None = None,
    most: float | None = None,
) -> str:
    """A figure.

    Args:
        kind: its classes in the style sheet.
        width: in pixels, as all lengths.
        height: the same.
        title: what it shows.
        parts: its elements.
        label: the title and more, for readers of the screen.
        description: what it shows, in words.
        most: the widest that it is drawn.
    """
    said = f' aria-label="{escape(label)}"' if label else ""
    limit = "" if most is None else f' style="max-width:{most:g}px"'
    told = "" if description is None else f"<desc>{escape(description)}</desc>"
    return (
        f'<svg class="{kind}" role="img"{said} viewBox="0 0 {width:.0f} {height:.0f}"{limit} '
        f'xmlns="http://www.w3.org/2000/svg"><title>{escape(title)}</title>{told}{"".join(parts)}</svg>'
    )


def over_the_page(width: int, height: float, title: str, description: str, parts: Iterable[str]) -> str:
    """A figure of the width of the page, or of a small screen, with what it shows in words."""
    kind = "figure wide" if width == WIDTH else "figure narrow"
    label = f"{title}. {description}" if description else title
    return svg(kind, width, height, title, parts, label=label, description=description)
