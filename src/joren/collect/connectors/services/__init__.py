"""What is done with files that come in: received, read, mapped, repaired."""

from joren.collect.connectors.mapping import Mapping, mapping_of
from joren.collect.connectors.mapping import as_toml as mapping_as_toml
from joren.collect.connectors.services.importing import import_file
from joren.collect.connectors.services.outcomes import keep_promised_outcome
from joren.collect.connectors.services.previewing import preview
from joren.collect.connectors.services.receiving import (
    begin,
    cancel,
    carry_out,
    carry_out_waiting,
    receive,
    sweep_uploads,
)
from joren.collect.connectors.services.recovering import interrupted_imports, recover_imports
from joren.collect.connectors.services.remembering import forget_mapping
from joren.collect.connectors.services.repairing import (
    drop_quarantine,
    replace_value,
    restore_quarantine,
    retry_quarantine,
    tell_of_look,
)
from joren.collect.connectors.services.undoing import keep_promised_undo, undo_import

__all__ = [
    "Mapping",
    "begin",
    "cancel",
    "carry_out",
    "carry_out_waiting",
    "drop_quarantine",
    "forget_mapping",
    "import_file",
    "interrupted_imports",
    "keep_promised_outcome",
    "keep_promised_undo",
    "mapping_as_toml",
    "mapping_of",
    "preview",
    "receive",
    "recover_imports",
    "replace_value",
    "restore_quarantine",
    "retry_quarantine",
    "sweep_uploads",
    "tell_of_look",
    "undo_import",
]
