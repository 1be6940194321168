"""Names of devices in the list of sessions."""

import pytest

from accounts.devices import device_name

WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0"
MAC = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko)"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"
PAD = "Mozilla/5.0 (iPad; CPU OS 16_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (f"{WINDOWS} Safari/537.36", "Chrome on Windows"),
        (f"{WINDOWS} Safari/537.36 Edg/126.0.0.0", "Edge on Windows"),
        (f"{MAC} Version/17.5 Safari/605.1.15", "Safari on Mac OS X"),
        ("Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0", "Firefox on Ubuntu"),
        (f"{PHONE} Version/17.5 Mobile/15E148 Safari/604.1", "Mobile Safari on iPhone"),
        (f"{PHONE} CriOS/126.0.6478.54 Mobile/15E148 Safari/604.1", "Chrome Mobile iOS on iPhone"),
        (f"{PAD} Version/16.6 Mobile/15E148 Safari/604.1", "Mobile Safari on iPad"),
        ("Mozilla/5.0 (Linux; Android 14; Pixel 8) Chrome/126.0.0.0 Mobile Safari/537.36", "Chrome Mobile on Pixel 8"),
        ("Mozilla/5.0 (Linux; Android 10; K) Chrome/126.0.0.0 Mobile Safari/537.36", "Chrome Mobile"),
        ("curl/8.5", "curl"),
        ("", "Unknown device"),
        ("\U0001f986", "Unknown device"),
    ],
)
def test_a_device_is_called_by_its_browser_and_system(agent, name):
    assert device_name(agent) == name
