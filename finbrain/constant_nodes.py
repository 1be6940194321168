"""Render what never changes in a template once: translations, addresses, icons, and what only the parser needs.

A page has hundreds of these tags, and each would be resolved, translated and escaped whenever somebody sees the page.
"""

from collections.abc import Iterator

from django.template import Context, Origin, Template
from django.template.base import FilterExpression, Node, NodeList, TextNode, TokenType
from django.template.defaulttags import CommentNode, IfNode, LoadNode, URLNode
from django.template.library import SimpleNode
from django.template.loaders import base, cached
from django.templatetags.i18n import BlockTranslateNode, LanguageNode, TranslateNode
from django.templatetags.static import StaticNode
from django.urls import NoReverseMatch
from django.utils.translation import get_language

from finbrain.templatetags.icons import icon


class _WithConstants(base.Loader):
    def get_template(self, template_name: str, skip: list[Origin] | None = None) -> Template:
        template = super().get_template(template_name, skip)
        render_constants(template)
        return template


class ConstantLoader(cached.Loader, _WithConstants):
    """Django's cached loader, which keeps each template once per language, with its constants rendered."""

    def cache_key(self, template_name: str, skip: list[Origin] | None = None) -> str:
        return f"{get_language()}:{super().cache_key(template_name, skip)}"


def render_constants(template: Template) -> None:
    """Replace the constants of a template with their text in the active language."""
    context = Context()
    context.template = template
    _fold(template.nodelist, context)


def _fold(nodes: NodeList, context: Context) -> None:
    """Render the constants among nodes and below them, and join texts that follow each other."""
    folded: list[Node] = []
    texts: list[str] = []
    for node in nodes:
        text = _text_of(node, context)
        if text is not None:
            texts.append(text)
            continue
        for below in _nodelists_of(node):
            _fold(below, context)
        folded += [*_joined(texts), _with_value(node, context)]
        texts = []
    nodes[:] = [*folded, *_joined(texts)]


class _Variable(Node):
    """A variable with a constant value."""

    child_nodelists = ()

    def __init__(self, name: str, value: object) -> None:
        self.name, self.value = name, value

    def render(self, context: Context) -> str:
        context[self.name] = self.value
        return ""


def _with_value(node: Node, context: Context) -> Node:
    """Return the node, or a variable if it sets one to a constant."""
    name = _name_of(node)
    if not name or not _is_constant(node):
        return node
    node.render(context)
    return _Variable(name, context[name])


def _joined(texts: list[str]) -> Iterator[TextNode]:
    if text := "".join(texts):
        yield TextNode(text)


def _nodelists_of(node: Node) -> list[NodeList]:
    if isinstance(node, LanguageNode):
        return []
    if isinstance(node, IfNode):  # its `nodelist` is only a copy
        return [nodes for _condition, nodes in node.conditions_nodelists]
    found = [getattr(node, name, None) for name in node.child_nodelists]
    return [nodes for nodes in found if isinstance(nodes, NodeList)]


def _text_of(node: Node, context: Context) -> str | None:
    """Return what a node renders whatever the context is, None if that depends on it, or the node sets a variable."""
    if isinstance(node, TextNode):
        return node.s
    try:
        return node.render(context) if _is_constant(node) and not _name_of(node) else None
    except NoReverseMatch:  # it may be behind a condition
        return None


def _name_of(node: Node) -> str | None:
    """Return the name of the variable that a constant is for: `{% url 'help:index' as help_url %}`."""
    return getattr(node, "asvar", None) or getattr(node, "varname", None) or getattr(node, "target_var", None)


def _is_constant(node: Node) -> bool:
    match node:
        case TranslateNode(message_context=None):
            return _is_literal(node.filter_expression)
        case BlockTranslateNode(countervar=None, message_context=None):
            return all(token.token_type == TokenType.TEXT for token in node.singular)
        case URLNode():
            return _is_literal(node.view_name) and not node.args and not node.kwargs
        case StaticNode():
            return _is_literal(node.path)
        case SimpleNode():
            return node.func is icon and all(map(_is_literal, node.args)) and not node.kwargs
    return isinstance(node, CommentNode | LoadNode)


def _is_literal(value: FilterExpression) -> bool:
    """Whether an argument is a text in quotes, without filters."""
    return not value.filters and (isinstance(value.var, str) or getattr(value.var, "literal", None) is not None)
