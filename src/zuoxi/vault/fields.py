# SPDX-License-Identifier: Apache-2.0
"""A text column that is sealed in the database and plain in the program."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models

from zuoxi.vault import encryption

if TYPE_CHECKING:
    SealedBase = models.BinaryField[str | None, str | None]
else:
    SealedBase = models.BinaryField


class SealedText(SealedBase):
    """Not searchable; keep `encryption.blind_index` beside it to look a value up. None stays None.

    The seal is bound to the table and the column, so a value copied into another column does not open.
    """

    @property
    def _context(self) -> str:
        return f"{self.model._meta.label_lower}.{self.name}"

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> str | None:
        return None if value is None else encryption.unseal(bytes(value), self._context).decode()

    def to_python(self, value: Any) -> str | None:
        return None if value is None else str(value)

    def get_prep_value(self, value: Any) -> bytes | None:
        return None if value is None else encryption.seal(str(value).encode(), self._context)

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        sealed = value if prepared else self.get_prep_value(value)
        return None if sealed is None else connection.Database.Binary(sealed)

    def value_to_string(self, obj: models.Model) -> str:
        return str(self.value_from_object(obj) or "")
