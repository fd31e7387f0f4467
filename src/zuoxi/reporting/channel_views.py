# SPDX-License-Identifier: Apache-2.0
"""Setting up message channels: who carries, with what secrets, and a test message with its proof."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from zuoxi.messaging import selectors, services
from zuoxi.messaging.models import Channel
from zuoxi.vault import services as vault
from zuoxi.web.access import may

FIELDS: Final[dict[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    "console": ((), ()),
    "email": (("from", "domain"), ()),
    "webhook": ((), ("secret", "receipt")),
    "aliyun": (
        ("sign_name", "template", "parameter", "endpoint"),
        ("access_key_id", "access_key_secret", "receipt"),
    ),
    "tencent": (("app_id", "sign_name", "template", "region", "endpoint"), ("secret_id", "secret_key", "receipt")),
    "wecom": (("endpoint",), ("key",)),
    "dingtalk": (("endpoint",), ("key", "sign")),
    "feishu": (("endpoint",), ("key", "sign")),
}
LABELS: Final = {
    "from": gettext_lazy("Sender address"),
    "domain": gettext_lazy("Domain of message numbers"),
    "sign_name": gettext_lazy("Signature of the messages"),
    "template": gettext_lazy("Template"),
    "parameter": gettext_lazy("Variable of the template"),
    "endpoint": gettext_lazy("Gateway address (empty: the carrier's own)"),
    "app_id": gettext_lazy("Application"),
    "region": gettext_lazy("Region"),
    "secret": gettext_lazy("Signing secret"),
    "receipt": gettext_lazy("Secret of delivery receipts"),
    "access_key_id": gettext_lazy("Access key"),
    "access_key_secret": gettext_lazy("Secret of the access key"),
    "secret_id": gettext_lazy("Secret's id"),
    "secret_key": gettext_lazy("Secret's key"),
    "key": gettext_lazy("Key of the bot's address"),
    "sign": gettext_lazy("Signing secret of the bot"),
}


class NewForm(forms.Form):
    name = forms.SlugField(label=gettext_lazy("Name (sms, email, notices …)"), max_length=32)
    kind = forms.ChoiceField(label=gettext_lazy("Carrier"), choices=Channel.Kind.choices)


class ChannelForm(forms.Form):
    """Fields of the carrier. A secret is never shown again; left empty it stays as it is."""

    enabled = forms.BooleanField(label=gettext_lazy("Switched on"), required=False)

    def __init__(self, channel: Channel, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.channel = channel
        self.settings, self.hidden = FIELDS[channel.kind]
        self.initial.setdefault("enabled", channel.enabled)
        for name in self.settings:
            common: dict[str, Any] = {"label": LABELS[name], "required": False, "max_length": 200}
            common["initial"] = channel.config.get(name, "")
            address = name == "endpoint"
            self.fields[name] = (
                forms.URLField(assume_scheme="https", **common) if address else forms.CharField(**common)
            )
        for name in self.hidden:
            told = _("kept; empty leaves it as it is") if name in channel.secrets else _("not set yet")
            self.fields[f"secret_{name}"] = forms.CharField(
                label=LABELS[name],
                required=False,
                max_length=300,
                help_text=told,
                widget=forms.PasswordInput({"autocomplete": "new-password"}),
            )

    def clean_endpoint(self) -> str:
        address = str(self.cleaned_data.get("endpoint", ""))
        if address and not address.startswith("https://"):
            raise forms.ValidationError(_("The gateway's address begins with https://."))
        return address

    def config(self) -> dict[str, str]:
        return {name: value for name in self.settings if (value := self.cleaned_data.get(name, ""))}

    def new_secrets(self) -> dict[str, str]:
        return {name: value for name in self.hidden if (value := self.cleaned_data.get(f"secret_{name}", ""))}


class TestForm(forms.Form):
    to = forms.CharField(label=gettext_lazy("To whom (number, address or web hook)"), max_length=300)


def _channel(name: str) -> Channel:
    found = selectors.channel_set_up(name)
    if found is None:
        raise Http404
    return found


@may("messaging.channels")
def channel_list(request: HttpRequest) -> HttpResponse:
    """Every channel, and a form for one more."""
    form = NewForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        name = form.cleaned_data["name"]
        if selectors.channel_set_up(name) is not None:
            form.add_error("name", _("A channel of this name is set up already."))
        else:
            services.set_up_channel(name, form.cleaned_data["kind"])
            vault.record_request(
                request, "messaging.channel.set_up", on=("channel", name), carrier=form.cleaned_data["kind"]
            )
            return redirect("reporting:channel", name)
    context = {"channels": selectors.channels(), "form": form}
    return render(request, "reporting/channels.html", context, status=422 if form.is_bound else 200)


@may("messaging.channels")
def channel(request: HttpRequest, name: str) -> HttpResponse:
    """One channel: its carrier's fields, and test messages with their proof."""
    found = _channel(name)
    form = ChannelForm(found, request.POST or None)
    if request.method == "POST" and form.is_valid():
        who, now, fresh = request.user.get_username(), timezone.now(), form.new_secrets()
        for secret, value in fresh.items():
            vault.keep_secret(services.secret_name(found.name, secret), value, who, now)
        services.change_channel(
            found, found.kind, config=form.config(), kept=fresh, enabled=form.cleaned_data["enabled"]
        )
        vault.record_request(request, "messaging.channel.changed", on=("channel", name), secrets=sorted(fresh))
        messages.success(request, _("The channel is kept."))
        return redirect("reporting:channel", name)
    about = _about(name)
    context = {
        "channel": found,
        "form": form,
        "test": TestForm(),
        "sent": list(reversed(selectors.messages_about([about]).get(about, [])))[:10],
        "receipts_url": request.build_absolute_uri(reverse("messaging:receipts", args=[name])),
        "has_receipts": "receipt" in FIELDS[found.kind][1],
    }
    return render(request, "reporting/channel.html", context, status=422 if form.is_bound else 200)


def _about(name: str) -> str:
    return f"messaging.test:{name}"


@require_POST
@may("messaging.channels")
def channel_test(request: HttpRequest, name: str) -> HttpResponse:
    """Send a test message; the worker carries it and its proof appears on the page."""
    found, form = _channel(name), TestForm(request.POST)
    if form.is_valid():
        text = _("A test of the channel %s. No answer is needed.") % found.name
        services.send(name, form.cleaned_data["to"], text, subject=_("Test"), about=_about(name), by=request.user.pk)
        vault.record_request(request, "messaging.channel.tested", on=("channel", name))
        messages.success(request, _("The test message is on its way; its proof appears below."))
    else:
        messages.error(request, _("Say to whom."))
    return redirect("reporting:channel", name)
