# SPDX-License-Identifier: Apache-2.0
"""`zuoxi switch_config --switch NAME --site site.yaml --out DIR`: the switch's files from the centre's settings."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from zuoxi.telephony.asterisk.audio import built_in_sounds, finishing, music, prompts
from zuoxi.telephony.asterisk.config import UnsafeValue, includes, whole_switch
from zuoxi.telephony.asterisk.site import addresses_of, plan_of, read_site
from zuoxi.telephony.models import Switch


class Command(BaseCommand):
    help = "Write the Asterisk configuration that follows from queues, numbers, calendars and extensions."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--switch", required=True)
        parser.add_argument("--site", type=Path, help="YAML: trunks, paths, permitted listener addresses")
        parser.add_argument("--out", type=Path, required=True, help="folder, e.g. /etc/asterisk")
        parser.add_argument("--whole", action="store_true", help="every file, for a switch of Zuoxi's own")
        parser.add_argument("--sounds", type=Path, help="also write prompts and music below this data folder")
        parser.add_argument("--finisher", type=Path, help="also write the command that finishes recordings")
        parser.add_argument("--dry-run", action="store_true", help="only say what would change")

    def handle(self, *args: Any, out: Path, whole: bool, dry_run: bool, **options: Any) -> None:
        switch = Switch.objects.filter(name=options["switch"]).first()
        if switch is None:
            raise CommandError(f"no switch {options['switch']!r} is set up", returncode=2)
        try:
            site = read_site(options["site"])
            plan = plan_of(switch, site)
            texts = whole_switch(plan, addresses_of(site)) if whole else includes(plan)
        except (UnsafeValue, ValueError, OSError) as error:
            raise CommandError(str(error), returncode=2) from error
        files = {out / name: text.encode() for name, text in texts.items()}
        files |= _sounds(options["sounds"]) if options["sounds"] else {}
        if options["finisher"]:
            files[options["finisher"]] = finishing.SWITCH_COMMAND.encode()
        for path, data in sorted(files.items()):
            if not path.exists() or path.read_bytes() != data:
                self.stdout.write(str(path))
                if not dry_run:
                    _write(path, data, 0o755 if path == options["finisher"] else 0o640)


def _sounds(folder: Path) -> dict[Path, bytes]:
    found = {folder / "sounds/zuoxi" / f"{name}.wav": data for name, data in prompts().items()}
    found |= {folder / "sounds" / f"{name}.wav": data for name, data in built_in_sounds().items()}
    spoken = [path for path in found if path.exists()]  # a centre's own recording is never written over
    return {path: data for path, data in found.items() if path not in spoken} | {
        folder / "moh/zuoxi/waiting.wav": music()
    }


def _write(path: Path, data: bytes, mode: int) -> None:
    """Whole or not at all; group-readable, because the switch runs as another user and passwords stand in it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    part.touch(mode=mode)
    part.write_bytes(data)
    part.chmod(mode)
    part.replace(path)
