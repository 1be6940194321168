"""SMTP backend for emails with non-ASCII characters before the @ (RFC 6531), which Django's own garbles."""

from email import message_from_bytes, policy
from smtplib import SMTP

from django.core.mail import EmailMessage
from django.core.mail.backends.smtp import EmailBackend as SmtpBackend

from accounts.emails import is_ascii_before_the_at


class EmailBackend(SmtpBackend):
    # Always open when a message is sent.
    connection: SMTP

    def _send(self, email_message: EmailMessage) -> bool:
        recipients = email_message.recipients()
        if all(map(is_ascii_before_the_at, recipients)):
            # Missing in Django's type stubs, as it is internal.
            return super()._send(email_message)  # pyright: ignore[reportAttributeAccessIssue]
        message = message_from_bytes(email_message.message().as_bytes(), policy=policy.SMTPUTF8)
        del message["To"]
        message["To"] = ", ".join(recipients)
        try:
            # Raises SMTPNotSupportedError, an SMTPException, when the server does not know SMTPUTF8.
            self.connection.send_message(message, to_addrs=recipients)
        except OSError:
            if not self.fail_silently:
                raise
            return False
        return True
