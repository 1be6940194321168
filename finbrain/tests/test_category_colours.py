"""The colours of categories: told apart by everybody, and legible, in both themes."""

import re
from itertools import combinations

import numpy as np
import pytest
from django.conf import settings

from expenses.models.own_categories import HUES

TOKENS = (settings.BASE_DIR / "static" / "css" / "tokens.css").read_text()
LIGHT, DARK = 0, 1
LEAST_DIFFERENCE = 5.5
# Linear RGB -> how it looks: to most people, and with protanopia, deuteranopia and tritanopia (Machado et al. 2009).
VIEWS = np.array(
    [
        np.eye(3),
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
    ]
)
# OKLab (Ottosson 2020).
TO_CONES = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
TO_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)


def linear(name: str, theme: int) -> np.ndarray:
    """The linear RGB of a token in a theme."""
    found = re.search(rf"^  --{name}: light-dark\((#\w+), (#\w+)\)", TOKENS, re.MULTILINE)
    assert found, name
    rgb = np.array([int(found[theme + 1][at : at + 2], 16) / 255 for at in (1, 3, 5)])
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)


def seen(name: str, theme: int) -> np.ndarray:
    """A token's OKLab as each kind of eye sees it, (views, 3)."""
    return np.cbrt(np.clip(VIEWS @ linear(name, theme), 0, 1) @ TO_CONES.T) @ TO_LAB.T


def contrast(one: str, other: str, theme: int) -> float:
    low, high = sorted(float(linear(name, theme) @ [0.2126, 0.7152, 0.0722]) for name in (one, other))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_everybody_tells_any_two_colours_apart(theme):
    colours = [seen(f"palette-{number}", theme) for number in range(1, HUES + 1)]
    nearest = min(np.linalg.norm(one - other, axis=1).min() for one, other in combinations(colours, 2))
    assert nearest * 100 >= LEAST_DIFFERENCE


@pytest.mark.parametrize("theme", [LIGHT, DARK])
@pytest.mark.parametrize("number", range(1, HUES + 1))
def test_every_colour_is_legible(theme, number):
    fill, ink, soft = f"palette-{number}", f"palette-{number}-ink", f"palette-{number}-soft"
    assert contrast(fill, "surface", theme) >= 3
    assert contrast(ink, soft, theme) >= 4.5
    assert contrast(ink, "surface", theme) >= 4.5
