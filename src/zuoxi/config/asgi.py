# SPDX-License-Identifier: Apache-2.0
"""The ASGI door: pages and streams."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zuoxi.config.settings")
application = get_asgi_application()
