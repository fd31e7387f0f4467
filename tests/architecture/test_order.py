# SPDX-License-Identifier: Apache-2.0
"""The order of the house that imports alone do not show."""

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from tests.architecture.house import ROOT, SOURCE, imported, kept_files, layers, modules, package_of, tree

DOORS = {"services", "selectors", "events", "facts", "visibility"}
# Libraries of the house rather than rooms: open to everybody above.
LIBRARIES = {
    "web": None,
    "policy": {
        "marks",
        "findings",
        "handbook",
        "rulebook",
        "entries",
        "calendars",
        "vocabulary",
        "replays",  # who judges a month again registers how
        "beside",  # and asks what of it an amendment can touch
        "closing",  # who locks months says until when
        "happenings",  # who records events of a clause tells how many
    },
    "approvals": {"kinds", "duty", "absence"},  # types are registered; who is on duty and away is provided
    "vault": {
        "masking",
        "encryption",
        "exports",
        "fields",
        "file_runs",
        "handing_out",
        "import_shelf",
        "keys",
        "origin",
        "verbs",
        "releasing",  # who tells people of exports under review registers how
    },
    "search": {"sounds"},  # how a word sounds is a plain function
    "telephony": {"wrap_up_words"},  # who draws the wrap-up form asks for its words
    "events": {"sql", "relay", "hub", "moments"},
    "customers": {"panels", "timeline", "numbers", "moments"},  # what stands beside a customer is registered
    "orders": {"moments"},  # what happened is told upward to those who listen
    "tickets": {"moments", "clock", "beside"},  # what became of a ticket above is registered
    "complaints": {"moments"},
    "outbound": {"moments"},
    "workforce": {"falling_due"},  # what else has to be done on a day is told by who keeps it
    "jobs": {"registry", "running", "words"},  # a task is registered by its decorator and handed its Run, words kept
    "messaging": {"lengths"},
}
# Uses of another package's tables that are not foreign keys; each goes when its selector exists. May only get shorter.
KNOWN_MODEL_USES = Path(__file__).with_name("model_uses.txt")


def test_packages_import_only_downwards():
    lint = Path(sys.executable).with_name("lint-imports")
    run = subprocess.run([str(lint), "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout


def _foreign(path):
    """(line, package, room, rest) of each import from another package."""
    for line, name in imported(path):
        parts = name.split(".")
        if len(parts) > 2 and parts[1] != package_of(path):
            yield line, parts[1], parts[2], parts[3:]


def test_outsiders_come_in_by_the_doors():
    wrong = []
    for path in modules():
        if package_of(path) == "config":
            continue
        for line, package, room, _rest in _foreign(path):
            open_rooms = LIBRARIES.get(package, set())
            if open_rooms is None or room in DOORS | open_rooms or room == "models":
                continue
            wrong.append(f"{path.relative_to(SOURCE)}:{line} enters zuoxi.{package}.{room}")
    assert not wrong


TABLES = {model._meta.label_lower for model in apps.get_models()}


def _foreign_models(path):
    """Local name → package.Model, of the tables of other packages that a module names."""
    names = {}
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("zuoxi."):
            parts = node.module.split(".")
            if len(parts) == 3 and parts[2] == "models" and parts[1] != package_of(path):
                names |= {alias.asname or alias.name: f"{parts[1]}.{alias.name}" for alias in node.names}
    return {local: name for local, name in names.items() if name.lower() in TABLES}


def _foreign_queries(path):
    """(line, package.Model, last method of the chain) wherever another package's table is asked or written."""
    names = _foreign_models(path)
    inner = set()
    for node in ast.walk(tree(path)):
        chain, last, here = node, "", node
        while isinstance(chain, ast.Call | ast.Attribute):
            if isinstance(chain, ast.Attribute):
                last = last or chain.attr
                if chain.attr == "objects" and isinstance(chain.value, ast.Name) and chain.value.id in names:
                    if id(chain) not in inner:
                        inner.add(id(chain))
                        yield here.lineno, names[chain.value.id], last
                    break
                chain = chain.value
            else:
                chain = chain.func
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names:
            yield node.lineno, names[node.func.id], "create"


def test_nobody_writes_another_packages_tables():
    wrong = [
        f"{path.relative_to(SOURCE)}:{line} {model}.{verb}"
        for path in modules()
        if package_of(path) != "config"
        for line, model, verb in _foreign_queries(path)
        if verb in WRITES | {"update"}
    ]
    assert not wrong, "call that package's services instead"


def test_another_packages_tables_are_asked_through_its_selectors():
    """Foreign keys and types may name them; `model_uses.txt` lists what is still asked directly and gets shorter."""
    used = {
        f"{path.relative_to(SOURCE)} {model}"
        for path in modules()
        if package_of(path) != "config" and path.name != "models.py"
        for _line, model, _verb in _foreign_queries(path)
    }
    known = set(KNOWN_MODEL_USES.read_text(encoding="utf-8").split("\n")) - {""}
    assert not used - known, "ask that package's selectors instead"
    assert not known - used, "gone: take these lines out of model_uses.txt"


WRITES = {"save", "delete", "create", "bulk_create", "bulk_update", "get_or_create", "update_or_create"}


def test_foreign_keys_point_down():
    wrong = []
    for model in apps.get_models():
        if not model.__module__.startswith("zuoxi."):
            continue
        for field in model._meta.get_fields():
            target = getattr(field, "related_model", None)
            if not (field.concrete and target and target.__module__.startswith("zuoxi.")):
                continue
            if layers()[target._meta.app_label] < layers()[model._meta.app_label]:
                wrong.append(f"{model._meta.label}.{field.name} → {target._meta.label}")
    assert not wrong


def _reads_request(path):
    return path.name in ("views.py", "api.py") or path.parent.name == "views"


def _writes(path):
    rooms = {name.rpartition(".")[2] for _line, name in imported(path) if name.rpartition(".")[2].islower()}
    for node in ast.walk(tree(path)):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        said = ast.unparse(node.func.value)
        if said.split(".")[0] in rooms | {"people", "vault", "messages", "cache"}:
            continue
        queryset = ".objects" in said or ".filter(" in said or ".all()" in said
        if node.func.attr in WRITES or (node.func.attr == "update" and queryset):
            yield f"{path.relative_to(SOURCE)}:{node.lineno} {said}.{node.func.attr}()"


def test_views_do_not_write():
    assert not [one for path in modules() if _reads_request(path) for one in _writes(path)]


def test_whatever_is_written_into_the_audit_log_has_words_for_readers():
    from zuoxi.vault.verbs import known_verbs

    known = {verb for verb, _label in known_verbs()}
    nameless = [
        f"{path.relative_to(SOURCE)}:{node.lineno} {one.value}"
        for path in modules()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ("record", "record_request")
        for one in node.args[:2]
        if isinstance(one, ast.Constant) and isinstance(one.value, str) and one.value not in known
    ]
    assert not nameless


INLINE = re.compile(
    r"\sstyle\s*=|<style|\son[a-z]+\s*=\s*[\"']|javascript:|<script(?![^>]*(?:\bsrc=|application/json))", re.I
)


def test_templates_hold_no_inline_style_or_script():
    wrong = []
    for path in sorted(SOURCE.rglob("templates/**/*.html")):
        for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
            if INLINE.search(line):
                wrong.append(f"{path.relative_to(SOURCE)}:{number}")
    assert not wrong


def test_no_migration_is_missing(db):
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_a_production_installation_passes_the_deployment_checks(tmp_path):
    env = {name: value for name, value in os.environ.items() if not name.startswith(("ZUOXI_", "DJANGO_"))}
    env |= {
        "ZUOXI_HOME": str(tmp_path),
        "ZUOXI_HTTPS": "1",
        "ZUOXI_HOSTS": "calls.example.com",
        "ZUOXI_SECRET_KEY": "k" * 30 + "3f9b7c1e5d2a8046" * 2,
        "PYTHONPATH": str(ROOT / "src"),
    }
    words = [sys.executable, "-m", "zuoxi.config.cli", "check", "--deploy", "--fail-level", "WARNING"]
    run = subprocess.run(words, cwd=tmp_path, env=env, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr


def test_every_source_file_names_its_licence():
    wrong = [
        path.relative_to(ROOT)
        for path in kept_files()
        if path.suffix == ".py"
        and "migrations" not in path.parts
        and (text := path.read_text(encoding="utf-8"))
        and "SPDX-License-Identifier: Apache-2.0" not in text[:200]
    ]
    assert not wrong


def test_no_module_holds_two_nouns():
    long = {
        str(path.relative_to(ROOT)): lines
        for path in modules()
        if (lines := path.read_text(encoding="utf-8").count("\n")) > 400
    }
    assert not long


@pytest.mark.parametrize("word", ["utils", "helpers", "common", "misc", "manager"])
def test_no_name_hides_its_noun(word):
    assert not [
        path.relative_to(ROOT) for path in kept_files() if path.stem == word and path.suffix in (".py", ".ts", ".js")
    ]


# Written so that they do not find themselves.
NOT_OURS = re.compile(
    r"(?<![\w.])/(?:root|home/[a-z]+|work(?:/main|/shared|/\.lib))/|<{7} |>{7} |\bFIX" + r"ME\b|\bXX" + r"X\b"
)


def test_the_repository_speaks_of_the_project_alone():
    wrong = []
    for path in kept_files():
        if path.suffix in (".lock", ".png", ".wav", ".ico", ".woff2", ".xlsx") or path.name == "package-lock.json":
            continue
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        wrong += [
            f"{path.relative_to(ROOT)}:{number}"
            for number, line in enumerate(text.split("\n"), 1)
            if NOT_OURS.search(line)
        ]
    assert not wrong
