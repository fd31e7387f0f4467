# SPDX-License-Identifier: Apache-2.0
"""Chinese names in the order of their sounds (the databases cannot sort them)."""

from pypinyin import Style, lazy_pinyin


def sort_key(name: str) -> str:
    """王丽 → "wang2 li4 王丽": by sound, then by character, as a Chinese register is sorted."""
    sounds = lazy_pinyin(name.strip(), style=Style.TONE3, neutral_tone_with_five=True)
    return f"{' '.join(sounds)} {name.strip()}".lower()[:120]
