# SPDX-License-Identifier: Apache-2.0
"""A mocked USB bus around kioskd, with card readers that may be plugged in: umockdev and the real
libusb, the simulator of usbfs between them."""

import socket

from stage import Trouble
from stage.house import House


class Bus:
    """Behind each reader on USB answers the same simulated reader that hangs on the tty."""

    def __init__(self, house: House, framings: dict[str, str]):
        """`framings`: of the reader that may be plugged in at each port."""
        self.control = house.run / "usb.sock"
        house.around = [
            "/usr/bin/umockdev-wrapper", house.folder.command("nightdesk-usb-sim"),
            "--control", str(self.control),
            *(word for port, framing in framings.items()
              for word in ("--absent", port, framing, str(house.simulated / "reader.tty"))), "--"]

    def tell(self, order: str, port: str) -> None:
        """`add`, `remove`, `deny`, `allow`: returns when it is done."""
        with socket.socket(socket.AF_UNIX) as line:
            line.connect(str(self.control))
            line.sendall(f"{order} {port}\n".encode())
            answer = line.recv(4096).decode().strip()
        if answer != "ok":
            raise Trouble(f"The USB simulator answered {order} {port} with: {answer}")
