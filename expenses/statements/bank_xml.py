"""Reader of XML with a list of movements, each an element, as some banks and national standards have it."""

from collections import Counter, defaultdict
from collections.abc import Set
from typing import Any
from xml.etree import ElementTree

from expenses.statements.bank_json import table_of_json
from expenses.statements.header_words import rank_columns
from expenses.statements.size_limits import too_large
from expenses.statements.statement import MONEY, Column, Table
from expenses.statements.xml_text import parse_xml

_DEEPEST = 12
# Parsing so many tags takes a second.
_MOST_TAGS = 500_000


def table_of_xml(text: str) -> Table | None:
    """The longest list of equal elements as a table, with a column for each of the values inside; None without a list.

    An element alone is a list if it is the only one that names its day, its title and its amount. Raises XmlError, and
    StatementError if the document is too large.
    """
    if text.count("<") > _MOST_TAGS:
        raise too_large()
    root = parse_xml(text)
    repeated = {tag for node in root.iter() for tag, count in Counter(each.tag for each in node).items() if count > 1}
    found = table_of_json(_value(root, repeated, _DEEPEST))
    if found and _names_movement({*found.header}):
        return found
    return table_of_json(_value(root, _only_movement(root), _DEEPEST)) or found


def _only_movement(root: ElementTree.Element) -> Set[str]:
    """The tag of the only element with values that name a day, a title and an amount; empty if there isn't one."""
    tags = [node.tag for node in root.iter() if _names_movement({_name(one.tag) for one in node if one.text})]
    return set(tags) if len(tags) == 1 else set()


def _names_movement(names: Set[str]) -> bool:
    wanted = ((Column.DATE,), (Column.TITLE,), MONEY)
    return all(any(rank_columns(name, column) for name in names for column in columns) for columns in wanted)


def _value(node: ElementTree.Element, repeated: Set[str], depth: int) -> Any:
    """An element as JSON would have it: its text, or an object with its attributes and the elements inside it.

    repeated: the tags that are lists, even where there is only one such element.
    """
    text = (node.text or "").strip()
    if not depth or not (len(node) or node.attrib):
        return text
    found: dict[str, Any] = {_name(key): value for key, value in node.attrib.items()}
    lists: dict[str, list[Any]] = defaultdict(list)
    for inner in node:
        value = _value(inner, repeated, depth - 1)
        if inner.tag in repeated:
            lists[_name(inner.tag)].append(value)
        else:
            found[_name(inner.tag)] = value
    return found | lists | ({"": text} if text else {})


def _name(tag: str) -> str:
    """The name of an element or attribute without its namespace."""
    return tag.rpartition("}")[2]
