"""Counts the nodes of templates that a page renders. Texts aren't counted: they cost nothing."""

import pytest
from django.template.base import Node


def count_nodes(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return a list that gets the name of each node from now on."""
    rendered: list[str] = []
    render = Node.render_annotated

    def counted(node, context):
        rendered.append(type(node).__name__)
        return render(node, context)

    monkeypatch.setattr(Node, "render_annotated", counted)
    return rendered
