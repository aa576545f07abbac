"""What docs/files.md says of the files is what the importer reads."""

import re

from hto_track.config import ROOT
from hto_track.rules.retention import DataKind, Periods
from hto_track.services.importing.files import FILES


def test_every_file_key_and_column_is_told_as_it_is() -> None:
    rows = {}
    for line in (ROOT / "docs" / "files.md").read_text(encoding="utf-8").splitlines():
        if match := re.fullmatch(r"\| `(\w+\.csv)` \| (.*) \| (.*) \|", line):
            rows[match[1]] = (match[2], match[3])
    told = {
        file.file: (
            ", ".join(file.key),
            ", ".join(f"**{column.name}**" if column.required else column.name for column in file.columns),
        )
        for file in FILES
    }
    assert rows == told


def test_every_time_that_is_kept_is_told_as_it_is() -> None:
    told = dict(re.findall(r"`HTO_KEEP_(\w+)=(\w+)` \|", (ROOT / "docs" / "privacy.md").read_text(encoding="utf-8")))
    assert told == {kind.name: str(Periods().of(kind)) for kind in DataKind}
