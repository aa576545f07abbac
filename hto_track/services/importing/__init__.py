"""Importing files: all of them are judged, then all of them stored, or nothing is (FORMATS.md)."""

from hto_track.services.importing.faults import Fault, FaultyFiles
from hto_track.services.importing.importing import ImportResult, import_files, import_path, judge
from hto_track.services.importing.storing import Counts

__all__ = ["Counts", "Fault", "FaultyFiles", "ImportResult", "import_files", "import_path", "judge"]
