"""Writes classifier/data/brands/ from name-suggestion-index on npm: `python scripts/get_brands.py`.

The index lists brands with their kind and countries. Kept are the kinds in `kinds.csv`, and of each brand its
name and English name. Raise VERSION and INTEGRITY (`npm view name-suggestion-index@VERSION dist.integrity`) to update.
"""

import base64
import csv
import gzip
import hashlib
import io
import json
import re
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.request import urlopen

VERSION = "8.0.20260918"
INTEGRITY = "sha512-g09kxye3aswAETIa//gA56MjonmjcyXCzdIwlDhpBVAwLKXOUJA1QZL5eE4ZRstTFFx9I2o9eARONUXVC72SAw=="
URL = f"https://registry.npmjs.org/name-suggestion-index/-/name-suggestion-index-{VERSION}.tgz"
FOLDER = Path(__file__).resolve().parents[1] / "classifier/data/brands"
# What is run by companies rather than branded: railways and utilities.
OPERATORS = ("route/railway", "office/energy_supplier", "office/water_utility")
MOST_COUNTRIES = 5
WORLD = "001"
COUNTRY = re.compile(r"([a-z]{2})(?:-.*)?")
ALSO_CALLED = {"fx": "fr", "mainland china": "cn"}


def main() -> None:
    with tarfile.open(fileobj=io.BytesIO(package())) as archive:
        index = json.loads(content(archive, "dist/json/nsi.min.json"))["nsi"]
        licence = content(archive, "LICENSE.md")
    found = sorted(set(brands(index, kinds())))
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows([("kind", "countries", "brand"), *found])
    packed = gzip.compress(text.getvalue().encode(), mtime=0)
    (FOLDER / "brands.csv.gz").write_bytes(packed)
    (FOLDER / "LICENSE.md").write_bytes(licence)
    print(f"{len(found):,} brands of version {VERSION}, {len(packed) / 1e6:.2f} MB")


def package() -> bytes:
    """The package as published. Exits if it is another one than INTEGRITY says."""
    with urlopen(URL, timeout=120) as response:
        found = response.read()
    if "sha512-" + base64.b64encode(hashlib.sha512(found).digest()).decode() != INTEGRITY:
        sys.exit("The package doesn't match INTEGRITY.")
    return found


def content(archive: tarfile.TarFile, name: str) -> bytes:
    file = archive.extractfile(f"package/{name}")
    return file.read() if file else sys.exit(f"The package has no file {name}.")


def kinds() -> list[str]:
    with (FOLDER / "kinds.csv").open(encoding="utf-8", newline="") as file:
        return [row["kind"] for row in csv.DictReader(file)]


def brands(index: dict[str, Any], chosen: list[str]) -> Iterator[tuple[str, str, str]]:
    """Yield (kind, countries, name). A name in a second script is a brand of its own."""
    for kind in chosen:
        listed = index.get(f"{'operators' if kind in OPERATORS else 'brands'}/{kind}", {"items": []})
        for item in listed["items"]:
            tags = item["tags"]
            main_name = tags.get("name") or tags.get("brand") or tags.get("operator") or item["displayName"]
            names = {main_name, tags.get("brand:en") or tags.get("name:en") or main_name}
            yield from ((kind, countries(item), " ".join(name.split())) for name in names)


def countries(item: dict[str, Any]) -> str:
    """The countries that an item is found in, of which a few are enough: "de at", or "001" for the world."""
    places = [place for place in item["locationSet"]["include"] if isinstance(place, str)]
    found = [COUNTRY.fullmatch(ALSO_CALLED.get(place, place)) for place in places]
    codes = dict.fromkeys(match[1] for match in found if match)
    return " ".join(list(codes)[:MOST_COUNTRIES]) or WORLD


if __name__ == "__main__":
    main()
