"""The network that a request comes from, for counts that a change of address must not reset."""

from ipaddress import IPv6Address, ip_address, ip_network

from allauth.account.adapter import get_adapter
from django.http import HttpRequest

# What one customer of an internet provider usually gets at most.
_IPV4_PREFIX = 24
_IPV6_PREFIX = 48


def network_of(request: HttpRequest) -> str:
    """The /24 (IPv4) or /48 (IPv6) of the request's address. Raises PermissionDenied if it has none."""
    address = ip_address(get_adapter().get_client_ip(request))
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    prefix = _IPV4_PREFIX if address.version == 4 else _IPV6_PREFIX
    return str(ip_network(f"{address}/{prefix}", strict=False))
