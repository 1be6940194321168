"""What people call the device behind a user agent."""

from django.utils.translation import gettext as _

# A person knows these by the name of the device; other systems by their own.
_HANDHELD = {"Android", "BlackBerry OS", "Firefox OS", "Windows Phone", "iOS"}
# Chrome says K for every Android device.
_UNKNOWN = {"Other", "K", "Generic Smartphone"}


def device_name(user_agent: str) -> str:
    """ "Chrome on Windows", "Mobile Safari on iPhone"."""
    from ua_parser import parse  # its patterns take 10 MB, which few requests need

    found = parse(user_agent).with_defaults()
    browser, system = found.user_agent.family, found.os.family
    place = found.device.family if system in _HANDHELD else system
    known = [name for name in (browser, place) if name and name not in _UNKNOWN]
    if len(known) == 2:
        return _("%(browser)s on %(place)s") % {"browser": browser, "place": place}
    return known[0] if known else _("Unknown device")
