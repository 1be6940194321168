import csv
import gzip
import shutil
from collections import Counter

import pytest

from classifier.categories import SLUGS
from classifier.training_files import DATA, TrainingFileError, files_fingerprint, read_training_data
from classifier.training_samples import PRIOR, group_of, samples

TERMS = "category,kind,term,weight\n"


@pytest.fixture
def folder(tmp_path):
    """Training files of two terms, a merchant and a line."""
    for name in ("terms", "merchants", "lines"):
        (tmp_path / name).mkdir()
    for name in ("patterns.csv", "names.csv", "surnames.csv", "stops.csv"):
        shutil.copy(DATA / name, tmp_path)
    shutil.copytree(DATA / "cities", tmp_path / "cities")
    (tmp_path / "brands").mkdir()
    (tmp_path / "brands/kinds.csv").write_text("kind,category\nshop/books,education-growth\n")
    write_brands(tmp_path, "shop/books,cl,Antártica")
    (tmp_path / "terms/en.csv").write_text(TERMS + "food-drinks,item,milk,5\nhousing-bills,bill,rent,2\n")
    (tmp_path / "merchants/gb.csv").write_text("category,merchant,weight\nfood-drinks,TESCO,5\n")
    (tmp_path / "lines/en.csv").write_text("category,text\ntransportation,Taxi from the airport\n")
    return tmp_path


def write_brands(folder, *rows: str) -> None:
    with gzip.open(folder / "brands/brands.csv.gz", "wt") as file:
        file.write("\n".join(["kind,countries,brand", *rows]))


def test_each_entry_is_written_as_it_is_and_in_patterns(folder):
    found = samples(read_training_data(folder))
    texts = {sample.text: sample for sample in found}
    assert {"milk", "rent", "tesco", "taxi from the airport"} <= set(texts)
    milk = [sample for sample in found if sample.group == group_of("milk")]
    assert len(milk) > 2
    assert {sample.category for sample in milk} == {"food-drinks"}


def test_the_same_files_give_the_same_samples(folder):
    assert samples(read_training_data(folder)) == samples(read_training_data(folder))


def test_a_new_row_leaves_the_texts_of_others_as_they_are(folder):
    before = {sample.text for sample in samples(read_training_data(folder)) if sample.group == "rent"}
    with (folder / "terms/en.csv").open("a") as file:
        file.write("other,fee,bank fee,3\n")
    assert before <= {sample.text for sample in samples(read_training_data(folder))}


@pytest.mark.parametrize(
    ("file", "row", "message"),
    [
        ("terms/en.csv", "food,item,bread,3", r"terms/en\.csv, line 4: category 'food' is not one of"),
        ("terms/en.csv", "food-drinks,thing,bread,3", r"terms/en\.csv, line 4: kind 'thing'"),
        ("terms/en.csv", "food-drinks,item,bread,9", r"terms/en\.csv, line 4: weight '9'"),
        ("terms/en.csv", "food-drinks,item,,3", r"terms/en\.csv, line 4: term is empty"),
        ("terms/en.csv", "food-drinks,item,bread", r"terms/en\.csv, line 4: expected the columns"),
        ("terms/en.csv", "food-drinks,item,bread, butter,3", r"terms/en\.csv, line 4: expected the columns"),
        ("merchants/gb.csv", "nothing,Lidl,3", r"merchants/gb\.csv, line 3: category"),
        ("lines/en.csv", "other,", r"lines/en\.csv, line 3: text is empty"),
        ("lines/en.csv", "other,sent to {colour}", r"lines/en\.csv, line 3: the line has the unknown colour"),
        ("patterns.csv", "en,shouted,item,{x}", r"patterns\.csv, line \d+: style"),
        ("patterns.csv", "en,typed,item,nothing", r"patterns\.csv, line \d+: the pattern has no"),
        ("patterns.csv", "en,typed,item,{x} {colour}", r"patterns\.csv, line \d+: .*colour"),
    ],
)
def test_a_bad_row_is_named_by_file_and_line(folder, file, row, message):
    with (folder / file).open("a") as target:
        target.write(row + "\n")
    with pytest.raises(TrainingFileError, match=message):
        read_training_data(folder)


def test_a_file_that_is_not_text_is_named(folder):
    (folder / "terms/en.csv").write_bytes(TERMS.encode() + b"food-drinks,item,\xff\xfe,3\n")
    with pytest.raises(TrainingFileError, match=r"terms/en\.csv"):
        read_training_data(folder)


def test_the_fingerprint_follows_the_content(folder):
    before = files_fingerprint(folder)
    assert before == files_fingerprint(folder)
    with (folder / "lines/en.csv").open("a") as file:
        file.write("other,misc\n")
    assert files_fingerprint(folder) != before


def test_a_brand_is_a_merchant_of_the_category_of_its_kind(folder):
    [brand] = [sample for sample in samples(read_training_data(folder)) if sample.text == "antartica"]
    assert (brand.category, brand.language) == ("education-growth", "es")


def test_a_brand_of_an_unknown_kind_is_named(folder):
    write_brands(folder, "shop/books,cl,Antártica", "shop/moons,001,Luna")
    with pytest.raises(TrainingFileError, match=r"brands\.csv\.gz, line 3: kind 'shop/moons'"):
        read_training_data(folder)


def test_what_is_written_by_hand_decides_about_a_brand(folder):
    write_brands(folder, "shop/books,gb,Tesco", "shop/books,gb,Milk", "shop/books,us,Quill", "shop/books,ca,QUILL")
    found = {sample.text: sample for sample in samples(read_training_data(folder))}
    assert (found["tesco"].category, found["milk"].category) == ("food-drinks", "food-drinks")
    assert found["quill"].category == "education-growth"


def test_the_fingerprint_follows_the_brands(folder):
    before = files_fingerprint(folder)
    write_brands(folder, "shop/books,us,Quill")
    assert files_fingerprint(folder) != before


def test_the_brands_are_a_small_file_with_its_licence_from_all_over_the_world():
    assert (DATA / "brands/brands.csv.gz").stat().st_size <= 1_000_000
    assert "BSD 3-Clause" in (DATA / "brands/LICENSE.md").read_text()
    brands = read_training_data().brands
    assert len({brand.region for brand in brands}) > 100
    assert {brand.category for brand in brands} == set(SLUGS)


def test_a_line_with_placeholders_is_written_in_many_ways(folder):
    with (folder / "lines/en.csv").open("a") as file:
        file.write("transportation,from {stop} to {stop}\n")
    found = {sample.text for sample in samples(read_training_data(folder)) if sample.text.startswith("from ")}
    assert len(found) >= 10
    assert all(" to " in text and "stop}" not in text for text in found)


def test_the_weights_follow_real_spending():
    data = read_training_data()
    found = samples(data)
    shares: Counter = Counter()
    for sample in found:
        shares[sample.category] += sample.weight / len(found)
    assert shares == pytest.approx(PRIOR, abs=0.001)
    assert tuple(PRIOR) == SLUGS
    assert sum(PRIOR.values()) == pytest.approx(1)


def test_no_held_out_text_is_a_whole_training_text():
    """Neither sentences nor titles of several words nor anything fresh is a training text. Merchants may be."""
    data = read_training_data()
    held_out = {row["text"].casefold() for row in rows_of("held_out.csv") if row["style"] == "sentence"}
    titles = [row["text"].casefold() for row in rows_of("world.csv") if row["style"] != "card"]
    held_out |= {title for title in titles if " " in title}
    held_out |= {row["text"].casefold() for row in rows_of("fresh.csv")}
    assert not held_out & {entry.text.casefold() for entry in (*data.terms, *data.lines)}


def rows_of(name: str) -> list[dict[str, str]]:
    with (DATA.parent / "tests/data" / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("kind", ["terms", "merchants", "lines"])
def test_no_text_of_the_training_files_is_in_two_categories_or_twice(kind):
    seen: dict[tuple[str, str], str] = {}
    twice = []
    for entry in getattr(read_training_data(), kind):
        key = (entry.region, entry.text.casefold())
        if key in seen:
            twice.append((*key, seen[key], entry.category))
        seen[key] = entry.category
    assert not twice
