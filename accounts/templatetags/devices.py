"""Template filter for device names."""

from django import template

from accounts.devices import device_name

register = template.Library()
register.filter("device", device_name)
