# SPDX-License-Identifier: Apache-2.0
"""Debian's Chromium, as the run's account, with its profile inside the run's folder."""

import os
import subprocess
from pathlib import Path

from stage.folder import Folder
from stage.processes import Crew, descendants

# What a kiosk's browser has no use for, most of it traffic of its own.
PLAIN = ["--no-first-run", "--no-default-browser-check", "--disable-sync",
         "--disable-background-networking", "--disable-component-update",
         "--disable-domain-reliability", "--disable-breakpad", "--disable-default-apps",
         "--disable-features=Translate,MediaRouter,OptimizationHints,AutofillServerCommunication",
         # A card is asked for by sound also of one who has touched nothing.
         "--autoplay-policy=no-user-gesture-required",
         "--password-store=basic", "--no-pings", "--disable-gpu", "--lang=zh-CN"]


class Chromium:
    def __init__(self, folder: Folder, crew: Crew):
        self.folder, self.crew = folder, crew
        self.profile = folder.make("chromium")
        self.process: subprocess.Popen | None = None

    def _argv(self, url: str, more: list[str]) -> list[str]:
        argv = ["/usr/bin/chromium", f"--user-data-dir={self.profile}", *PLAIN, *more]
        if not self.folder.account.can_unshare():
            argv.append("--no-sandbox")
        return [*argv, url]

    def start_hidden(self, url: str) -> str:
        """Without a display, portrait; returns the address for its remote control."""
        self.process = self.crew.start("chromium", self._argv(url, [
            "--headless=new", "--hide-scrollbars", "--window-size=1080,1920",
            "--remote-debugging-port=0"]))
        port_file = self.profile / "DevToolsActivePort"
        self.crew.await_start("chromium", self.process, 30, port_file.exists)
        port, path = self.crew.await_start(
            "chromium", self.process, 5,
            lambda: (lines := port_file.read_text().split()) and len(lines) == 2 and lines)
        return f"ws://127.0.0.1:{port}{path}"

    def start_shown(self, url: str, display: dict[str, str]) -> None:
        self.process = self.crew.start(
            "chromium", self._argv(f"--app={url}", ["--window-size=1500,1150"]),
            environment=display)

    def renderers(self) -> dict[int, float]:
        """Process ids of renderers of pages → processor time used, in seconds. Chromium's own
        surface (the window's controls) has one too, which is not meant."""
        found = {}
        for pid in descendants(self.process.pid):
            try:
                command = Path(f"/proc/{pid}/cmdline").read_bytes()
                stat = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            page = b"--type=renderer" in command and b"--top-chrome-webui" not in command
            if page and stat[0] != "Z":
                found[pid] = (int(stat[11]) + int(stat[12])) / os.sysconf("SC_CLK_TCK")
        return found


def display() -> dict[str, str] | None:
    """The environment that leads to a person's display, if there is one."""
    keys = ("DISPLAY", "XAUTHORITY", "WAYLAND_DISPLAY", "XDG_RUNTIME_DIR")
    if os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"):
        return {key: os.environ[key] for key in keys if key in os.environ}
    return None
