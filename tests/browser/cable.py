# SPDX-License-Identifier: Apache-2.0
"""A network cable between the browser and the program, to be pulled and put back."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from urllib.parse import urlsplit


class Cable:
    """Forwards bytes both ways; `pull` breaks what is open and takes nothing new until `mend`."""

    def __init__(self, origin: str) -> None:
        parts = urlsplit(origin)
        self.far = (parts.hostname, parts.port)
        self.open: set[socket.socket] = set()
        self.pulled = False
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def pull(self) -> None:
        self.pulled = True
        for one in list(self.open):
            self._close(one)

    def mend(self) -> None:
        self.pulled = False

    def close(self) -> None:
        self.pull()
        self.listener.close()

    def _close(self, one: socket.socket) -> None:
        self.open.discard(one)
        with suppress(OSError):
            one.shutdown(socket.SHUT_RDWR)
        one.close()

    def _accept(self) -> None:
        while True:
            try:
                near, _address = self.listener.accept()
            except OSError:
                return
            if self.pulled:
                near.close()
                continue
            far = socket.create_connection(self.far)
            self.open |= {near, far}
            for source, sink in ((near, far), (far, near)):
                threading.Thread(target=self._carry, args=(source, sink), daemon=True).start()

    def _carry(self, source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                sink.sendall(data)
        self._close(source)
        self._close(sink)
