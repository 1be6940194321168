"""Renders forms with the templates in `templates/forms/`."""

from typing import Any

from django.forms.renderers import TemplatesSetting
from django.forms.utils import ErrorList
from django.http import HttpRequest


class Renderer(TemplatesSetting):
    form_template_name = "forms/form.html"
    field_template_name = "forms/field.html"

    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> str:
        """Render a template. Fields without errors get "" at once, because a blank form has many of them."""
        if template_name == ErrorList.template_name and not context["errors"]:
            return ""
        return super().render(template_name, context, request)
