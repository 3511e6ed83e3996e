# SPDX-License-Identifier: Apache-2.0
"""The stage: starts a whole terminal on one machine, plays stories on it, and looks at what
became of it (trace, papers, files, the centre's cases). Used by Kiosk/run and Kiosk/test."""


class Trouble(Exception):
    """Something that stops the stage, as one sentence with what to do."""
