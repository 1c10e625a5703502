"""``python -m bench.kills``."""

import sys

from bench.kills import main

sys.exit(main())
