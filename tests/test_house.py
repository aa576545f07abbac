"""The house itself: its floors, its lock files, its migrations, its languages."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po
from flask import Flask
from flask_migrate import downgrade
from importlinter.cli import lint_imports
from sqlalchemy import CheckConstraint, inspect

from hto_track.config import ROOT
from hto_track.extensions import db
from hto_track.languages import LANGUAGES, TRANSLATIONS
from hto_track.services.migrations import Schema, schema, upgrade_schema

MOST_LINES = 400
LOCK_FILES = ("requirements.txt", "requirements-dev.txt")

# Put together here, so that this file does not hold what it looks for.
REGISTRY_HOSTS = re.compile("|".join(["py" + r"pi\.", "python" + r"hosted\.", "npm" + r"js\.", r"deb\." + "debian"]))
PATHS_OF_A_MACHINE = re.compile("|".join(rf"(?<![\w.])/{folder}/" for folder in ("work", "root", "home", "Users")))

KEYWORDS = {
    "_": None,
    "gettext": None,
    "lazy_gettext": None,
    "_l": None,
    "ngettext": (1, 2),
    "lazy_ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
}


def _tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True)
    return [path for name in listed.stdout.split("\0") if name and (path := ROOT / name).is_file()]


def _texts() -> Iterator[tuple[Path, str]]:
    for path in _tracked():
        try:
            yield path, path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # a font, a picture


def test_arrows_only_go_down() -> None:
    assert lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True) == 0


@pytest.mark.parametrize("name", LOCK_FILES)
def test_lock_files_have_hashes_and_no_addresses(name: str) -> None:
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    assert not [
        line for line in lines if "://" in line or line.lstrip().startswith(("-i", "--index", "--extra", "--find"))
    ]
    locked = [at for at, line in enumerate(lines) if re.match(r"[A-Za-z0-9]", line)]
    without = [lines[at] for at in locked if "--hash=sha256:" not in lines[at + 1] or "==" not in lines[at]]
    assert locked and not without


def test_no_file_names_a_registry_or_a_path_of_one_machine() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {match.group()}"
        for path, text in _texts()
        for pattern in (REGISTRY_HOSTS, PATHS_OF_A_MACHINE)
        if (match := pattern.search(text))
    ]
    assert found == []


def test_no_module_is_longer_than_one_can_hold() -> None:
    lengths = {
        path.relative_to(ROOT): len(path.read_text(encoding="utf-8").splitlines())
        for path in _tracked()
        if path.suffix == ".py" and "versions" not in path.parts
    }
    assert {str(path): length for path, length in lengths.items() if length > MOST_LINES} == {}


def test_no_test_sleeps_or_mocks() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in _tracked()
        if path.suffix == ".py" and path.is_relative_to(ROOT / "tests")
        for name in _imported_or_called(ast.parse(path.read_text(encoding="utf-8")))
        if name in ("time.sleep", "sleep", "mock", "unittest.mock", "wait_for_timeout")
    ]
    assert found == []


def _imported_or_called(tree: ast.AST) -> Iterator[str]:
    match tree:
        case ast.FunctionDef(name="until"):
            return  # looks at another process again and again: that waits for something, not for time to pass
        case ast.Import(names=names):
            yield from (alias.name for alias in names)
        case ast.ImportFrom(module=str(module), names=names):
            yield module
            yield from (alias.name for alias in names)
        case ast.Call(func=ast.Attribute(value=ast.Name(id=owner), attr=attr)):
            yield f"{owner}.{attr}"
            yield attr
    for node in ast.iter_child_nodes(tree):
        yield from _imported_or_called(node)


def test_migrations_make_the_tables_of_the_models(app: Flask) -> None:
    _require_the_tables_of_the_models()


def _require_the_tables_of_the_models() -> None:
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, db.metadata) == []
        inspector = inspect(connection)
        stored = {
            table: {str(check["name"]) for check in inspector.get_check_constraints(table)}
            for table in db.metadata.tables
        }
    assert stored == {
        name: {str(one.name) for one in table.constraints if isinstance(one, CheckConstraint)}
        for name, table in db.metadata.tables.items()
    }


def test_migrations_go_down_to_nothing_and_up_again(app: Flask) -> None:
    directory = app.extensions["migrate"].directory
    downgrade(directory=directory, revision="base")
    assert inspect(db.engine).get_table_names() == ["alembic_version"]
    upgrade_schema()
    assert schema() is Schema.CURRENT
    _require_the_tables_of_the_models()


def _extracted() -> Catalog:
    """Every text of the code and the templates, as ``pybabel extract`` finds them by ``babel.cfg``."""
    with (ROOT / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)
    catalogue = Catalog()
    for _, _, message, _, context in extract_from_dir(ROOT, methods, options, keywords=KEYWORDS):
        catalogue.add(message, context=context)
    return catalogue


@pytest.mark.parametrize("language", [language for language in LANGUAGES if language != "en"])
def test_every_text_is_translated_and_none_is_left_over(language: str) -> None:
    with (TRANSLATIONS / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        translated = read_po(file, locale=language)
    wanted = {message.id for message in _extracted() if message.id}
    found = {message.id: message for message in translated if message.id}
    empty = {
        message.id
        for message in found.values()
        if message.fuzzy or not all(message.string if isinstance(message.string, tuple) else (message.string,))
    }
    assert wanted - found.keys() == set(), "not in the catalogue"
    assert empty == set(), "without a translation, or fuzzy"
    assert found.keys() - wanted == set(), "no longer said anywhere"


@pytest.mark.parametrize("language", [language for language in LANGUAGES if language != "en"])
def test_a_translation_keeps_the_placeholders(language: str) -> None:
    with (TRANSLATIONS / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        translated = read_po(file, locale=language)
    faults = [(message.id, str(error)) for message in translated for error in message.check(translated)]
    assert faults == []
