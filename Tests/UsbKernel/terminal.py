# SPDX-License-Identifier: Apache-2.0
"""kioskd on a real kernel's USB: terminal.py RESULT.json, in the machine, below nightdesk-usb-sim.
What staff are told while the reader's udev rule is missing, when it is there, and of a card."""

import json
import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

from stage import Trouble
from stage.claims import Claims
from stage.folder import TREE
from stage.house import House
from stage.processes import until

PORT = "3-1"
UDEVADM = TREE / ".build" / "usb-kernel" / "udev" / "bin" / "udevadm"


def tell(order: str) -> None:
    """Plugs in and out."""
    with socket.socket(socket.AF_UNIX) as line:
        line.connect(os.environ["NIGHTDESK_USB_CONTROL"])
        line.sendall(f"{order}\n".encode())
        answer = line.recv(4096).decode().strip()
    if answer != "ok":
        raise Trouble(f"The USB simulator answered {order} with: {answer}")


class Terminal:
    def __init__(self, house: House, claims: Claims):
        self.house, self.claims = house, claims

    def reader(self) -> dict:
        """As kioskctl shows it."""
        done = self.house.crew.call([self.house.folder.command("kioskctl"), "device", "list", "--json",
                                     "--profile", str(self.house.profile)])
        line = next((one for one in done.stdout.splitlines() if '"reader"' in one), "{}")
        return json.loads(line)

    def see(self, claim: str, **wanted) -> dict:
        seen = {}

        def is_so() -> bool:
            nonlocal seen
            seen = self.reader()
            return wanted.items() <= seen.items()
        try:
            until("The reader", 60, is_so, step=0.2)
        except Trouble as trouble:
            self.claims.step(str(trouble))
        self.claims.add(claim, wanted.items() <= seen.items(), json.dumps(seen, ensure_ascii=False))
        return seen

    def play(self) -> None:
        tell(f"add {PORT} four {self.house.simulated / 'reader.tty'}")
        seen = self.see("without its udev rule the reader is refused", model="sdt-usb",
                        problem="reader.denied")
        named = next((Path(word) for word in seen.get("sentence", {}).get("en", "").split()
                      if ".rules" in word), Path("none"))
        rule = TREE / "Devices" / "CardReaders" / "Models" / "sdt-usb" / "70-sdt-usb.rules"
        self.claims.add("the sentence names the rule", named.name.rstrip(".,") == rule.name, named)
        shutil.copy(rule, named.parent / rule.name)
        subprocess.run([UDEVADM, "control", "--reload"], check=True)
        tell(f"remove {PORT}")
        until("The port", 20, lambda: not Path(f"/sys/bus/usb/devices/{PORT}").exists())
        tell(f"add {PORT}")
        self.see("with it, plugged in anew, it serves by itself", model="sdt-usb", state="ready")
        for turn in range(3):
            tell(f"remove {PORT}")
            self.see(f"pulled, the one on the line serves ({turn})", model="sdt-serial", state="ready")
            tell(f"add {PORT}")
            self.see(f"plugged in, it serves again ({turn})", model="sdt-usb", state="ready")


def main(result: str) -> int:
    claims = Claims("usb-kernel")
    os.makedirs("/etc/udev/rules.d", exist_ok=True)
    try:
        with House() as house:
            Terminal(house, claims).play()
        claims.finished = True
    except Trouble as trouble:
        claims.step(str(trouble))
    Path(result).write_text(claims.line())
    return 0 if claims.held else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
