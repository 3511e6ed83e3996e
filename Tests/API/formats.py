# SPDX-License-Identifier: Apache-2.0
"""Hooks of schemathesis: the strings that the contract names by format. Without them all that
is generated would be refused for its form, and nothing behind that would be asked."""

import sys
from pathlib import Path

import schemathesis
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))

from running import base64_text  # noqa: E402
from sealing import ALPHABET, number  # noqa: E402

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

FORMATS = {
    "nightdesk-number": st.builds(
        number, st.text("123456789", min_size=6, max_size=6),
        st.text(ALPHABET, min_size=4, max_size=4), st.just("20261121"), st.integers(1, 99_999)),
    "nightdesk-claim-code": st.text(CROCKFORD, min_size=8, max_size=8),
    "nightdesk-code": st.text(CROCKFORD, min_size=16, max_size=16),
    "nightdesk-base64": st.binary(max_size=64).map(base64_text),
    "nightdesk-key": st.binary(min_size=32, max_size=32).map(base64_text),
}
for name, strategy in FORMATS.items():
    schemathesis.openapi.format(name, strategy)


@schemathesis.serializer("application/x-ndjson")
def ndjson(context, value) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode(errors="surrogateescape")
