"""What authenticator apps and passkeys answer."""

import time
from typing import Any

from allauth.mfa import app_settings
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData


def code_for(secret: str) -> str:
    """The code that an app shows now."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // app_settings.TOTP_PERIOD))


def passkey_credential() -> dict[str, Any]:
    """A passkey as a browser sends it."""
    key = ES256.from_cryptography_key(ec.generate_private_key(ec.SECP256R1()).public_key())
    data = AttestedCredentialData.create(bytes(16), bytes(16), key)
    flags = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.AT
    made = AttestationObject.create("none", AuthenticatorData.create(bytes(32), flags, 0, data), {})
    client = CollectedClientData.create("webauthn.create", bytes(32), "http://testserver")
    response = {"clientDataJSON": websafe_encode(client), "attestationObject": websafe_encode(made)}
    key_id = websafe_encode(bytes(16))
    return {"id": key_id, "rawId": key_id, "type": "public-key", "response": response, "clientExtensionResults": {}}
