"""What is done with files that come in: received, read, mapped, repaired."""

from joren.collect.connectors.services.importing import (
    drop_quarantine,
    import_file,
    retry_quarantine,
)
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

__all__ = [
    "begin",
    "cancel",
    "carry_out",
    "carry_out_waiting",
    "drop_quarantine",
    "forget_mapping",
    "import_file",
    "interrupted_imports",
    "keep_promised_outcome",
    "preview",
    "receive",
    "recover_imports",
    "retry_quarantine",
    "sweep_uploads",
]
