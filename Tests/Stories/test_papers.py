# SPDX-License-Identifier: Apache-2.0
"""The paper reader, on bytes as a printer gets them; the code is drawn by libqrencode."""

import ctypes

import pytest

from stage import Trouble
from stage.papers import decode, differing_dots, papers

NUMBER, CLAIM = "32050700A72026112100033K", "7KQ4M2XD"
LINK = f"https://progress.example.cn/p/{NUMBER}#{CLAIM}"


class QRCode(ctypes.Structure):
    _fields_ = [("version", ctypes.c_int), ("width", ctypes.c_int),
                ("data", ctypes.POINTER(ctypes.c_ubyte))]


def drawn(text: str, scale: int = 7) -> bytes:
    """Rows of 72 bytes with the code of `text` on them."""
    library = ctypes.CDLL("libqrencode.so.4")
    library.QRcode_encodeString.restype = ctypes.POINTER(QRCode)
    code = library.QRcode_encodeString(text.encode(), 0, 1, 2, 1).contents
    rows = b""
    for y in range(code.width):
        bits = "".join(("1" if code.data[y * code.width + x] & 1 else "0") * scale
                       for x in range(code.width))
        row = int(("0" * 80 + bits).ljust(576, "0"), 2).to_bytes(72, "big")
        rows += row * scale
    return bytes(72 * 40) + rows + bytes(72 * 40)


def sent(rows: bytes, wide: int = 72) -> bytes:
    """In bands of 24 rows, between status questions, as the filter sends a slip."""
    bands = b""
    for start in range(0, len(rows), wide * 24):
        band = rows[start:start + wide * 24]
        bands += b"\x1dv0\0" + bytes([wide, 0, len(band) // wide, 0]) + band
    return b"\x10\x04\x01\x10\x04\x04\x1b@" + bands + b"\x1bd\x04\x1dVB\0\x1dr\x01"


def test_a_paper_is_read_to_its_number_and_claim_code(tmp_path):
    (paper,) = papers(sent(drawn(LINK)), tmp_path)
    assert (paper.number, paper.claim, paper.link.group(1)) == (
        NUMBER, CLAIM, "progress.example.cn")
    assert (tmp_path / "paper-01.png").exists()


def test_papers_are_counted_by_cuts():
    whole = sent(drawn(LINK))
    assert len(decode(whole * 3)[0]) == 3
    assert [len(one) for one in decode(whole[:-10])] == [0, len(drawn(LINK))]


def test_ink_after_the_last_cut_is_a_paper():
    assert [one.number for one in papers(sent(drawn(LINK))[:-10])] == [NUMBER]
    assert len(papers(sent(drawn(LINK)) + b"\x1b@")) == 1


def test_status_questions_inside_raster_are_raster():
    rows = (b"\x10\x04\x01" * 24) * 24
    assert decode(sent(rows)) == ([rows], b"")


def test_a_paper_without_a_code_has_no_number():
    (paper,) = papers(sent(bytes(72 * 48)))
    assert paper.number is None


def test_text_for_the_printer_is_refused_because_its_letters_are_its_own():
    with pytest.raises(Trouble, match="no slip holds"):
        decode("自助申报凭条\n".encode("gb18030"))


def test_differing_dots_are_counted():
    assert differing_dots(b"\xff\x00", b"\xf0\x00") == 4
    assert differing_dots(b"\xff", b"\xff\x01") == 1
