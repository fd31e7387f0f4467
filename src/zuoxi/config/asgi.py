# SPDX-License-Identifier: Apache-2.0
"""The ASGI door: pages and streams."""

import gc
import os

from django.core.asgi import get_asgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zuoxi.config.settings")
application = get_asgi_application()

# Every page is brought in before the first visitor comes, and what stands then stays for as long as the process: to
# walk all of it for cyclic garbage now and again held up every live page for 0.16 s of a free core.
_pages = get_resolver().url_patterns
gc.collect()
gc.freeze()
