"""What people call the device behind a user agent."""

from django.utils.translation import gettext as _


def device_name(user_agent: str) -> str:
    """ "Chrome on Windows", "Mobile Safari on iPhone"."""
    from user_agents import parse  # its patterns take 10 MB, which few requests need

    found = parse(user_agent)
    browser, system = found.browser.family, found.os.family
    place = found.device.family if found.is_mobile or found.is_tablet else system
    known = [name for name in (browser, place) if name and name not in ("Other", "K", "Generic Smartphone")]
    if len(known) == 2:
        return _("%(browser)s on %(place)s") % {"browser": browser, "place": place}
    return known[0] if known else _("Unknown device")
