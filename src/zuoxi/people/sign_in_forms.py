# SPDX-License-Identifier: Apache-2.0
"""The forms of signing in, in our own words."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import ChangePasswordForm, LoginForm, ReauthenticateForm
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as ReauthenticateCodeForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _


def _plain(field: forms.Field, label: Any, **attributes: Any) -> None:
    """Our label, no placeholder (it disappears when one types), and the given attributes."""
    field.label = label
    field.widget.attrs.pop("placeholder", None)
    field.widget.attrs.update(attributes)


class SignInForm(LoginForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self.fields["login"], _("Staff number"), autofocus=True, autocapitalize="none", spellcheck="false")
        _plain(self.fields["password"], _("Password"))
        self.fields["password"].help_text = ""


class PasswordChangeForm(ChangePasswordForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self.fields["oldpassword"], _("Present password"), autofocus=True)
        _plain(self.fields["password1"], _("New password"))
        _plain(self.fields["password2"], _("New password once more"))
        self.fields["oldpassword"].help_text = ""
        self.fields["password1"].help_text = _(
            "At least %(length)d characters, not a common word, not like your staff number or name."
        ) % {"length": settings.PASSWORD_LENGTH}

    def clean_password1(self) -> str:
        """The new password must be new."""
        given: str = self.cleaned_data["password1"]
        if self.user.check_password(given):
            raise forms.ValidationError(_("This is the password you have now. Choose another."), code="same")
        return given


class ConfirmForm(ReauthenticateForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self.fields["password"], _("Password"), autofocus=True)
        self.fields["password"].help_text = ""


class CodeForm(AuthenticateForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self.fields["code"], _("Six-digit code, or a recovery code"), autofocus=True)


class CodeAgainForm(ReauthenticateCodeForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self.fields["code"], _("Six-digit code, or a recovery code"), autofocus=True)


class FirstCodeForm(ActivateTOTPForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self.fields["code"], _("Six-digit code"), autofocus=True, inputmode="numeric")
