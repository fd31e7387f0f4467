# SPDX-License-Identifier: Apache-2.0
"""E-mail by Django's backend."""

from __future__ import annotations

import smtplib
from collections.abc import Mapping
from typing import Any

from django.core.mail import EmailMessage

from zuoxi.messaging.channels.letter import Letter, Proof, Refused, Unreachable


def carry(letter: Letter, config: Mapping[str, Any], secrets: Mapping[str, str]) -> Proof:
    identity = f"<{letter.id}@{config.get('domain', 'zuoxi.localhost')}>"
    mail = EmailMessage(
        letter.subject or letter.body[:60],
        letter.body,
        config.get("from") or None,
        [letter.to],
        headers={"Message-ID": identity},
    )
    try:
        mail.send()
    except (ValueError, smtplib.SMTPRecipientsRefused) as error:
        raise Refused(str(error)) from error
    except (OSError, smtplib.SMTPException) as error:
        raise Unreachable(f"{type(error).__name__}: {error}") from error
    return Proof(identity)
