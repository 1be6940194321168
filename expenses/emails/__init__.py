"""Emails to people about their money. A person gets one a day at most: what the kinds say is put together.

The emails about an account, such as that of a new password, aren't among them. They leave at once: accounts/adapter.py.

A kind says something about a person and a day, or nothing. To add one, for example the weekly one:

1. Fields of `accounts.models.User`: the setting, off by default, and the mark, a text with the last period that an
   email was about. `weekly_insights` and `insights_week` are there.
2. A module here with `weekly_section(user, today) -> EmailSection | None` and its `EmailKind` (see kind.py). Language,
   time zone and categories are the person's while it runs. It only reads: what it returns may not be sent, or be made
   twice.

       KIND = EmailKind(
           name="weekly", label=…, question=…, help_text=…, setting="weekly_insights", section=weekly_section,
           mark="insights_week", period=week_text,
       )

3. Templates `templates/emails/<name>.html`, rows of a table, and `.txt`, which get the section's context and
   `language`, `is_rtl` and `site`. Links are absolute: `{{ site }}{% url 'dashboard' %}`.
4. A line in `KINDS` in all_kinds.py. The setting's form, the link to unsubscribe and the sending follow from it.

`sending.send_emails` is the scheduler's job. Nothing else here sends anything.
"""
