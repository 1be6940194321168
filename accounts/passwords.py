"""Password strength according to zxcvbn, with the reason in words.

We call zxcvbn's parts ourselves, on a prefix that is quick to judge: its own function keeps the last caller's personal
words in a global, and takes many seconds for some texts of 70 characters.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from math import prod

from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from zxcvbn import feedback, matching, scoring
from zxcvbn.time_estimates import guesses_to_score

LONGEST = 128
_LEAST_SCORE = 3
_JUDGED = 40
_MOST_SUBSTITUTIONS = 16
_ALWAYS_EASY = ("finbrain",)
_NAMES = (_("very weak"), _("weak"), _("fair"), _("good"), _("strong"))

_REASONS = {
    "This is a top-10 common password.": _("This is one of the ten most common passwords."),
    "This is a top-100 common password.": _("This is one of the hundred most common passwords."),
    "This is a very common password.": _("This is a very common password."),
    "This is similar to a commonly used password.": _("This is similar to a commonly used password."),
    "A word by itself is easy to guess.": _("A word by itself is easy to guess."),
    "Names and surnames by themselves are easy to guess.": _("Names by themselves are easy to guess."),
    "Common names and surnames are easy to guess.": _("Common names are easy to guess."),
    "Straight rows of keys are easy to guess.": _("Straight rows of keys are easy to guess."),
    "Short keyboard patterns are easy to guess.": _("Short keyboard patterns are easy to guess."),
    'Repeats like "aaa" are easy to guess.': _("Repeats like “aaa” are easy to guess."),
    'Repeats like "abcabcabc" are only slightly harder to guess than "abc".': _(
        "Repeats like “abcabcabc” are only slightly harder to guess than “abc”."
    ),
    'Sequences like "abc" or "6543" are easy to guess.': _("Sequences like “abc” or “6543” are easy to guess."),
    "Recent years are easy to guess.": _("Recent years are easy to guess."),
    "Dates are often easy to guess.": _("Dates are often easy to guess."),
}
_PERSONAL = _("Your name and email are easy to guess.")
_TOO_SHORT = _("It's too short to be safe.")
_WAY_OUT = _("Add a word or two, preferably uncommon ones. You don't need capitals, digits or symbols.")
TOO_LONG = _("Use at most 128 characters.")


@dataclass(frozen=True)
class Strength:
    """The strength of a password. score: zxcvbn's, 0 to 4. reason: why it is weak; empty from a score of 3."""

    score: int
    reason: str

    @property
    def name(self) -> Promise:
        return _NAMES[self.score]

    @property
    def is_enough(self) -> bool:
        return self.score >= _LEAST_SCORE


def strength(password: str, personal: Iterable[str] = ()) -> Strength:
    """Judge a password of at most 128 characters. personal: the names and emails of its owner.

    Personal words add nothing to the strength. Raises ValueError for longer passwords.
    """
    if len(password) > LONGEST:
        raise ValueError("The password is too long.")
    known = _words_to_find(personal)
    found = _judge(password, known)
    rest = re.sub("|".join(map(re.escape, known)), "", password, flags=re.IGNORECASE)
    if rest != password and (left := _judge(rest, known)).score < min(found.score, _LEAST_SCORE):
        return Strength(left.score, str(_PERSONAL))
    return found


def _judge(password: str, known: list[str]) -> Strength:
    """Judge a password by the prefix that is quick to judge.

    Each further distinct character counts as ten guesses, which is what zxcvbn counts for characters outside patterns.
    """
    if not password:
        return Strength(0, str(_TOO_SHORT))
    beginning = _quickly_judged(password)
    dictionaries = matching.RANKED_DICTIONARIES | {"user_inputs": matching.build_ranked_dict(known)}
    found = scoring.most_guessable_match_sequence(beginning, matching.omnimatch(beginning, dictionaries))
    guesses = found["guesses"] * 10 ** len(set(password[len(beginning) :]) - set(beginning))
    score = guesses_to_score(guesses)
    if score >= _LEAST_SCORE:
        return Strength(score, "")
    if any(match.get("dictionary_name") == "user_inputs" for match in found["sequence"]):
        return Strength(score, str(_PERSONAL))
    warning = feedback.get_feedback(score, found["sequence"])["warning"]
    return Strength(score, str(_REASONS.get(warning, _TOO_SHORT)))


def _quickly_judged(password: str) -> str:
    """The longest prefix with few enough ways to read symbols as letters ("p@$$" as "pass")."""
    beginning = password[:_JUDGED]
    while _substitutions(beginning) > _MOST_SUBSTITUTIONS:
        beginning = beginning[:-1]
    return beginning


def _substitutions(text: str) -> int:
    return prod(len(signs) for signs in matching.relevant_l33t_subtable(text, matching.L33T_TABLE).values())


def _words_to_find(personal: Iterable[str]) -> list[str]:
    """The words to look for: each text, and its parts of three or more characters."""
    found: list[str] = list(_ALWAYS_EASY)
    for text in personal:
        lower = text.lower()
        parts = "".join(char if char.isalnum() else " " for char in lower).split()
        found += [lower, *(part for part in parts if len(part) > 2)]
    return sorted({word for word in found if word}, key=lambda word: (-len(word), word))


class MinimumLengthValidator(password_validation.MinimumLengthValidator):
    """Django's validator with a message that is translated into Hebrew."""

    def get_error_message(self) -> str:
        return _("Use at least %(least)d characters.") % {"least": self.min_length}


class UserAttributeSimilarityValidator(password_validation.UserAttributeSimilarityValidator):
    """Django's validator with FinBrain's sentence about names and emails in passwords."""

    def get_error_message(self) -> str:
        return f"{_PERSONAL} {_WAY_OUT}"


class CommonPasswordValidator(password_validation.CommonPasswordValidator):
    """Django's validator with FinBrain's sentence about common passwords."""

    def get_error_message(self) -> str:
        return f"{_REASONS['This is a very common password.']} {_WAY_OUT}"


class MaximumLengthValidator:
    """Validator that rejects passwords too long to hash quickly."""

    def validate(self, password: str, user: object = None) -> None:
        if len(password) > LONGEST:
            raise ValidationError(TOO_LONG, code="password_too_long")

    def get_help_text(self) -> str:
        return ""


class StrengthValidator:
    """Validator that rejects passwords that are easy to guess, given the person's names and email."""

    def validate(self, password: str, user: object = None) -> None:
        if len(password) > LONGEST:
            return
        found = strength(password, personal_words(user))
        if not found.is_enough:
            raise ValidationError(f"{found.reason} {_WAY_OUT}", code="password_too_weak")

    def get_help_text(self) -> str:
        return str(_("A few random words make a strong password. Use at most 128 characters."))


def personal_words(user: object) -> list[str]:
    return [getattr(user, name, "") or "" for name in ("first_name", "last_name", "email")]
