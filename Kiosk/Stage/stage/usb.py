# SPDX-License-Identifier: Apache-2.0
"""A mocked USB bus around kioskd, with one card reader that may be plugged in: umockdev and the
real libusb, the simulator of usbfs between them."""

import socket

from stage import Trouble
from stage.house import House

PORT = "1-1"


class Bus:
    """Behind the reader on USB answers the same simulated reader that hangs on the tty."""

    def __init__(self, house: House, framing: str):
        self.control = house.run / "usb.sock"
        house.around = [
            "/usr/bin/umockdev-wrapper", house.folder.command("nightdesk-usb-sim"),
            "--control", str(self.control),
            "--absent", PORT, framing, str(house.simulated / "reader.tty"), "--"]

    def tell(self, order: str) -> None:
        """`add`, `remove`, `deny`, `allow`: returns when it is done."""
        with socket.socket(socket.AF_UNIX) as line:
            line.connect(str(self.control))
            line.sendall(f"{order} {PORT}\n".encode())
            answer = line.recv(4096).decode().strip()
        if answer != "ok":
            raise Trouble(f"The USB simulator answered {order} with: {answer}")
