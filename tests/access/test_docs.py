"""docs/access.md says what the tables say."""

from tests.access.write_docs import COMMAND, FILE, text


def test_the_document_is_what_the_tables_say() -> None:
    assert FILE.read_text(encoding="utf-8") == text(), f"run {COMMAND}"
