# SPDX-License-Identifier: Apache-2.0
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from zuoxi.gateway import outbox, services, subscriptions
from zuoxi.gateway.models import Application, Subscription, Token
from zuoxi.gateway.tests.scenes import person, program

pytestmark = pytest.mark.django_db
MOST = 12


@pytest.fixture
def it():
    return person("it", "IT")


@pytest.fixture
def client(it):
    client = Client()
    client.force_login(it.user, "django.contrib.auth.backends.ModelBackend")
    return client


def furnished(it, count):
    now = timezone.now()
    for number in range(count):
        one = program(it, [], code=f"p-{number}")
        services.issue(one.pk, days=9, by="it", now=now)
        hook, _secret = subscriptions.subscribe(
            f"h{number}", "https://8.8.8.8/x", kinds=["ticket.closed"], owner=it, by="it", now=now
        )
        outbox.put_test(hook, None, now)
    return Application.objects.first(), Subscription.objects.first()


@pytest.mark.parametrize("name", ["applications", "webhooks", "deliveries", "reference"])
def test_a_list_costs_the_same_whatever_it_holds(client, it, name, django_assert_max_num_queries):
    furnished(it, 12)
    client.get(reverse(f"gateway:{name}"))
    with django_assert_max_num_queries(MOST):
        assert client.get(reverse(f"gateway:{name}")).status_code == 200


def test_a_program_and_a_web_hook_are_opened_with_few_queries(client, it, django_assert_max_num_queries):
    one, hook = furnished(it, 3)
    for address in (reverse("gateway:application", args=[one.pk]), reverse("gateway:webhook", args=[hook.pk])):
        client.get(address)
        with django_assert_max_num_queries(MOST):
            assert client.get(address).status_code == 200


def test_a_token_is_shown_once_and_kept_by_no_browser(client, it):
    one = program(it, [])
    answer = client.post(reverse("gateway:issue", args=[one.pk]), {"days": 30})
    text = answer.context["secret"]
    assert text.startswith("zx_") and text in answer.content.decode() and "no-store" in answer.headers["Cache-Control"]
    assert text not in client.get(reverse("gateway:application", args=[one.pk])).content.decode()


def test_a_form_that_is_refused_keeps_what_was_typed(client, it):
    typed = {"code": "shop", "name": "商城", "purpose": "同步订单", "owner": "nobody", "per_minute": "5"}
    answer = client.post(reverse("gateway:new_application"), typed)
    assert answer.status_code == 422 and "同步订单" in answer.content.decode() and not Application.objects.exists()
    answer = client.post(reverse("gateway:new_application"), typed | {"owner": "it"})
    assert answer.status_code == 302 and Application.objects.get().owner == it


def test_a_private_address_is_refused_beside_the_field(client, it):
    typed = {"name": "内网", "url": "http://169.254.169.254/", "owner": "it", "kinds": ["ticket.closed"]}
    answer = client.post(reverse("gateway:new_webhook"), typed)
    assert answer.status_code == 422 and answer.context["form"].errors["url"] and not Subscription.objects.exists()


def test_a_token_of_another_program_is_not_revoked_by_a_made_up_address(client, it):
    one, other = program(it, []), program(it, [], code="other")
    token, _text = services.issue(other.pk, days=9, by="it", now=timezone.now())
    assert client.post(reverse("gateway:revoke", args=[one.pk, token.pk])).status_code == 404
    assert Token.objects.get().revoked_at is None


def test_the_reference_lists_each_operation_with_its_scope(client):
    page = client.get(reverse("gateway:reference")).content.decode()
    assert "/api/v1/telephony/calls" in page and "telephony.read" in page and "ticket.closed" in page
