"""How hard a password is to guess, by zxcvbn, and why, in words.

zxcvbn itself keeps the personal words of the last caller in a global and needs many seconds for some texts of 70
characters; hence its parts are called here, on a beginning that is quick to judge.
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
NAMES = (_("very weak"), _("weak"), _("fair"), _("good"), _("strong"))

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
_PERSONAL = _("Your name and e-mail address are easy to guess.")
_TOO_SHORT = _("It is too short to be safe.")
_WAY_OUT = _("Add another word or two; uncommon words are better. Capitals, digits and symbols are not needed.")
TOO_LONG = _("At most 128 characters, please.")


@dataclass(frozen=True)
class Strength:
    """score: 0 to 4, as zxcvbn counts. reason: why it is weak, empty from score 3."""

    score: int
    reason: str

    @property
    def name(self) -> Promise:
        return NAMES[self.score]

    @property
    def is_enough(self) -> bool:
        return self.score >= _LEAST_SCORE


def strength(password: str, personal: Iterable[str] = ()) -> Strength:
    """Judge a password of at most 128 characters. personal: names and e-mail addresses of whom it is for.

    Personal words count for nothing: what is left has to be strong. Raises ValueError for longer passwords.
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
    """Long texts are judged by their beginning; each new character after it counts as ten guesses, as zxcvbn counts
    characters that follow no pattern.
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
    """The beginning with few enough ways to read symbols as letters ("p@$$" as "pass")."""
    beginning = password[:_JUDGED]
    while _substitutions(beginning) > _MOST_SUBSTITUTIONS:
        beginning = beginning[:-1]
    return beginning


def _substitutions(text: str) -> int:
    return prod(len(signs) for signs in matching.relevant_l33t_subtable(text, matching.L33T_TABLE).values())


def _words_to_find(personal: Iterable[str]) -> list[str]:
    """What to look for: each text, and its parts of three characters and more."""
    found: list[str] = list(_ALWAYS_EASY)
    for text in personal:
        lower = text.lower()
        parts = "".join(char if char.isalnum() else " " for char in lower).split()
        found += [lower, *(part for part in parts if len(part) > 2)]
    return sorted({word for word in found if word}, key=lambda word: (-len(word), word))


class MinimumLengthValidator(password_validation.MinimumLengthValidator):
    """Django's own, whose words are missing in Hebrew."""

    def get_error_message(self) -> str:
        return _("At least %(least)d characters, please.") % {"least": self.min_length}


class MaximumLengthValidator:
    """Refuses what is too long to be hashed in good time."""

    def validate(self, password: str, user: object = None) -> None:
        if len(password) > LONGEST:
            raise ValidationError(TOO_LONG, code="password_too_long")

    def get_help_text(self) -> str:
        return ""


class StrengthValidator:
    """Refuses what is quickly guessed, knowing the person's names and e-mail address."""

    def validate(self, password: str, user: object = None) -> None:
        if len(password) > LONGEST:
            return
        found = strength(password, personal_words(user))
        if not found.is_enough:
            raise ValidationError([found.reason, _WAY_OUT], code="password_too_weak")

    def get_help_text(self) -> str:
        return str(_("Some words in a row make a good password. Up to 128 characters."))


def personal_words(user: object) -> list[str]:
    return [getattr(user, name, "") or "" for name in ("first_name", "last_name", "email")]
