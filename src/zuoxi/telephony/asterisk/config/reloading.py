# SPDX-License-Identifier: Apache-2.0
"""How the switch reads our files again without giving the listener's account power over the switch.

The manager action Reload wants the write right "system", which also opens commands of the machine. The account keeps to
"originate", and the dial plan offers one extension for each file that can be read again, each with a fixed command.
No telephone and no trunk reaches the context.
"""

from __future__ import annotations

from typing import Final

from .text import ConfFile

CONTEXT: Final = "zuoxi-apply"
RELOADS: Final = {
    "zuoxi_pjsip.conf": "pjsip",
    "zuoxi_queues.conf": "queues",
    "zuoxi_extensions.conf": "dialplan",
    "zuoxi_manager.conf": "manager",
    "zuoxi_musiconhold.conf": "music",
}
"""File → the extension that has it read again."""
_COMMANDS: Final = {
    "pjsip": "module reload res_pjsip.so",
    "queues": "module reload app_queue.so",
    "dialplan": "dialplan reload",
    "manager": "manager reload",
    "music": "moh reload",
}
_ASTERISK: Final = "/usr/sbin/asterisk"


def context(conf: ConfFile) -> None:
    """Answers when the command was carried out; hangs up when it was not, so that whoever asked is told."""
    conf.section(CONTEXT)
    for name, command in _COMMANDS.items():
        conf.steps(
            name,
            [
                f'System({_ASTERISK} -rx "{command}")',
                'GotoIf($["${SYSTEMSTATUS}" = "SUCCESS"]?done)',
                "Hangup()",
                "done@Answer()",
                "Wait(1)",
                "Hangup()",
            ],
        )
    conf.steps("end", ["Hangup()"])
