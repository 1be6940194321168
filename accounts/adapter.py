"""What allauth asks FinBrain about."""

from allauth.account.adapter import DefaultAccountAdapter


class AccountAdapter(DefaultAccountAdapter):
    def clean_email(self, email: str) -> str:
        """E-mail addresses are stored in lower case: the unique index must see Ann@x.com and ann@x.com as one."""
        return super().clean_email(email).lower()
