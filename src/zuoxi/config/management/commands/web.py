# SPDX-License-Identifier: Apache-2.0
"""`zuoxi web`: pages and streams, by uvicorn."""

from __future__ import annotations

import warnings
from argparse import ArgumentParser
from typing import Any

import uvicorn
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Serve pages and live streams."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *args: Any, host: str, port: int, **options: Any) -> None:
        # Static files are read from disk in one go; that they are not an asynchronous iterator costs nothing here.
        warnings.filterwarnings("ignore", message="StreamingHttpResponse must consume synchronous iterators")
        uvicorn.run(
            "zuoxi.config.asgi:application",
            host=host,
            port=port,
            lifespan="off",
            access_log=False,
            log_level="warning",
            server_header=False,
            timeout_graceful_shutdown=3,
            proxy_headers=True,
        )
