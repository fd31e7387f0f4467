# SPDX-License-Identifier: Apache-2.0
"""What every test begins with."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.utils import translation


@pytest.fixture(autouse=True)
def _handbook_of_the_pack(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test begins without a site's amendments; one without a database cannot look for any."""
    from zuoxi.policy import site

    site.forget()
    if not {"db", "transactional_db", "django_db_setup"} & set(request.fixturenames):
        monkeypatch.setattr(site, "_version", lambda: 0)


@pytest.fixture(autouse=True)
def _house_language() -> Iterator[None]:
    """A page that was asked for in English leaves its language in the thread; the next test begins in the house's."""
    translation.activate(settings.LANGUAGE_CODE)
    yield
    translation.activate(settings.LANGUAGE_CODE)
