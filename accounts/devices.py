"""Names for devices, read from their user agents."""

from django.utils.translation import gettext as _

# On these systems people recognise the name of the device; on others, the name of the system.
_HANDHELD = {"Android", "BlackBerry OS", "Firefox OS", "Windows Phone", "iOS"}
# Chrome reports K for every Android device.
_UNKNOWN = {"Other", "K", "Generic Smartphone"}


def device_name(user_agent: str) -> str:
    """A readable name for a user agent, such as "Chrome on Windows" or "Mobile Safari on iPhone"."""
    from ua_parser import parse  # imported late: its patterns take 10 MB, and few requests need them

    found = parse(user_agent).with_defaults()
    browser, system = found.user_agent.family, found.os.family
    place = found.device.family if system in _HANDHELD else system
    known = [name for name in (browser, place) if name and name not in _UNKNOWN]
    if len(known) == 2:
        return _("%(browser)s on %(place)s") % {"browser": browser, "place": place}
    return known[0] if known else _("Unknown device")
