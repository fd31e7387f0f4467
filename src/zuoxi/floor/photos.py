# SPDX-License-Identifier: Apache-2.0
"""Photographs as evidence: looked at, turned upright, made smaller, and written anew without place and device."""

from __future__ import annotations

import io
import warnings
from typing import IO, Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from zuoxi.floor.refusing import Refused

LARGEST_FILE = 15 * 1024 * 1024
LONGEST_SIDE = 1600
MOST_PIXELS = 80_000_000
FORMATS = ("JPEG", "PNG", "WEBP")


def cleaned(file: IO[Any] | UploadedFile[Any], size: int) -> bytes:
    """JPEG bytes of the picture. Raises Refused for what is no picture, too large, or of another kind."""
    if size > LARGEST_FILE:
        raise Refused(_("The picture is larger than 15 MB. Take it with a lower resolution."))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(file.read()), formats=FORMATS) as opened:
                if opened.width * opened.height > MOST_PIXELS:
                    raise Refused(_("The picture has too many pixels. Take it with a lower resolution."))
                upright = ImageOps.exif_transpose(opened).convert("RGB")
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError, Warning) as wrong:
        if isinstance(wrong, Refused):
            raise
        raise Refused(_("This is no picture that can be read. Send a JPEG, PNG or WebP.")) from None
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    bare = Image.new("RGB", upright.size)
    bare.paste(upright)
    out = io.BytesIO()
    bare.save(out, "JPEG", quality=82, optimize=True)
    return out.getvalue()
