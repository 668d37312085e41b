"""How likely a text is in the languages of the EU, judged by its letters beyond ASCII.

This decides between two readings of the same bytes.
"""

import math
import re
from collections import Counter
from collections.abc import Mapping

# How often a letter stands among those of its language that are not ASCII, in parts of their sum;
# approximate, from running text.
_SHARES: dict[str, str] = {
    "Bulgarian": "а122 б15 в44 г18 д38 е91 ж8 з22 и94 й7 к35 л31 м24 н75 о89 п29 р50 с50 т77 у14 ф3 х7 ц7 ч15 ш5 щ6 ъ16 ь1 ю1 я21",
    "Croatian": "č12 ć5 đ2 š8 ž5",
    "Czech": "á22 č10 ď1 é13 ě16 í32 ň1 ó1 ř12 š8 ť1 ú1 ů7 ý10 ž10",
    "Danish": "æ9 ø9 å12 é1",
    "Dutch": "é20 ë25 ï10 ó3 ö3 ü3 è3 ê1 à2 ç1",
    "Estonian": "ä11 õ10 ö2 ü7 š1 ž1",
    "Finnish": "ä36 ö5 å1",
    "French": "é200 è45 à50 ç8 ê23 ô10 î5 û5 ù6 â6 ë1 ï2 œ2 ü1 ÿ1",
    "German": "ä56 ö31 ü63 ß31 é3",
    "Greek": "α95 ο90 ι75 ε75 τ80 σ60 ν65 η50 υ43 ρ43 π42 κ40 μ34 λ28 ς40 ω20 δ17 γ18 χ12 θ12 φ9 β7 ξ5 ζ4 ψ2 ά23 έ20 ή20 ί30 ό28 ύ12 ώ12 ϊ1 ϋ1 ΐ1 ΰ1",
    "Hungarian": "á35 é36 í6 ó10 ö10 ő9 ü6 ű3 ú3",
    "Irish": "á20 é12 í18 ó10 ú9",
    "Italian": "à64 è40 é5 ì5 ò15 ù17 î1",
    "Latvian": "ā40 č2 ē19 ģ1 ī18 ķ2 ļ4 ņ6 š10 ū6 ž3",
    "Lithuanian": "ą8 č4 ė16 ę2 į7 š11 ų13 ū4 ž9",
    "Maltese": "ċ6 ġ9 ħ20 ż10 à5 è1 ì1 ò1 ù1",
    "Polish": "ą10 ć4 ę11 ł18 ń2 ó9 ś7 ź1 ż8",
    "Portuguese": "á12 â3 ã13 à1 ç13 é6 ê5 í5 ó4 ô1 õ8 ú2 ü1",
    "Romanian": "ă21 â6 î12 ș7 ț6 ş7 ţ6",
    "Slovak": "á20 ä1 č10 ď2 é9 í10 ĺ1 ľ4 ň2 ó2 ô2 ŕ1 š9 ť6 ú9 ý11 ž9",
    "Slovenian": "č15 š10 ž7 ć1",
    "Spanish or Catalan": "á50 é45 í70 ó100 ñ31 ú17 ü3 ç10 à30 è15 ï3 ò8 º10 ª10",
    "Swedish": "å13 ä18 ö13 é1",
}
_WEST = (
    "Danish",
    "Dutch",
    "French",
    "German",
    "Irish",
    "Italian",
    "Portuguese",
    "Spanish or Catalan",
    "Swedish",
    "Finnish",
)
_CENTRE = ("Croatian", "Czech", "German", "Hungarian", "Polish", "Romanian", "Slovak", "Slovenian")
_MIXED = {"several languages of western Europe": _WEST, "several languages of central Europe": _CENTRE}
_MIXED_COST = 2.0
# What speaks against a language in which none of the titles is, where others are in another: rows may be in
# a language of their own.
_UNSPOKEN_COST = 3.0
NAMES = {
    "bg": "Bulgarian", "hr": "Croatian", "cs": "Czech", "da": "Danish", "nl": "Dutch", "et": "Estonian", "fi": "Finnish", "fr": "French", "de": "German",
    "el": "Greek", "hu": "Hungarian", "ga": "Irish", "it": "Italian", "lv": "Latvian", "lt": "Lithuanian", "mt": "Maltese", "pl": "Polish",
    "pt": "Portuguese", "ro": "Romanian", "sk": "Slovak", "sl": "Slovenian", "es": "Spanish or Catalan", "ca": "Spanish or Catalan", "sv": "Swedish",
}  # fmt: skip

_NEUTRAL = frozenset("–—‐‘’‚“”„…•€£°§«»·´\xa0©®™ªº²³½¼\xad")
_OTHER, _SIGN, _SIGN_INSIDE, _NEUTRAL_SHARE, _SHOUTED, _ALIEN = 3e-4, 1e-4, 1e-6, 2e-2, 1e-3, 1e-5
_NOT_LETTERS = re.compile(r"[A-Za-z]([^\w\s\x00-\x7f’‘´–—·\xa0\xad])(?=[A-Za-z])")
_INSIDE_UPPER = re.compile(r"[a-zà-žά-ώа-я]([^\W\d_a-z])")
_MIXED_SCRIPTS = re.compile(
    r"[A-Za-z\u00c0-\u024f][\u0370-\u04ff]|[\u0370-\u04ff][A-Za-z\u00c0-\u024f]|[\u0370-\u03ff][\u0400-\u04ff]|[\u0400-\u04ff][\u0370-\u03ff]"
)


def _shares(text: str) -> dict[str, float]:
    parts = {one[0]: float(one[1:]) for one in text.split()}
    whole = sum(parts.values())
    return {make_finding: part / whole for make_finding, part in parts.items()}


def _mixture(languages: tuple[str, ...], each: Mapping[str, Mapping[str, float]]) -> dict[str, float]:
    letters = {make_finding for language in languages for make_finding in each[language]}
    return {
        make_finding: sum(each[language].get(make_finding, 0.0) for language in languages) / len(languages)
        for make_finding in letters
    }


_ONE = {language: _shares(text) for language, text in _SHARES.items()}
_ALL = {**_ONE, **{name: _mixture(languages, _ONE) for name, languages in _MIXED.items()}}


def likelihood(text: str, spoken: frozenset[str] = frozenset()) -> tuple[float, str]:
    """The logarithm of how likely the characters beyond ASCII are, and their likeliest language.

    spoken: the languages that the titles are in, if that is known. Two readings of the same bytes can be
    compared: their difference is the logarithm of the odds. 0 for a text that is ASCII alone.
    """
    counts = Counter(char for char in text if not char.isascii())
    upper_inside = Counter(match for match in _INSIDE_UPPER.findall(text) if match.isupper())
    inside = Counter(_NOT_LETTERS.findall(text))
    odd = sum(math.log(_SHOUTED) * number for number in upper_inside.values())
    odd += sum((math.log(_SIGN_INSIDE) - math.log(_SIGN)) * number for number in inside.values())
    odd += math.log(_ALIEN) * len(_MIXED_SCRIPTS.findall(text))
    letters: Counter[str] = Counter()
    for char, number in counts.items():
        if char in _NEUTRAL:
            odd += math.log(_NEUTRAL_SHARE) * number
        elif char.isalpha():
            letters[char.lower()] += number
        else:
            odd += math.log(_SIGN) * number
    scores = {
        language: sum(
            math.log(max(shares.get(make_finding, 0.0), _OTHER)) * number
            for make_finding, number in letters.items()
        )
        - (
            _MIXED_COST
            if language in _MIXED
            else _UNSPOKEN_COST
            if spoken and language not in spoken
            else 0.0
        )
        for language, shares in _ALL.items()
    }
    best = max(scores, key=lambda language: scores[language])
    return scores[best] + odd, best
