#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""The other end of --net, which takes all frames and looks at each. usage: sink.py SOCKET FRAME_MAX

It connects, says "connected", and reads until it is disconnected. Frames of TCP must be whole, with
the checksums of IP and TCP in place. It prints how many there were, and ends with 1 if one was wrong.
"""
import socket
import struct
import sys

path, frame_max = sys.argv[1], int(sys.argv[2])


def sums_up(data):
    data += b"\0" * (len(data) % 2)
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return total == 0xFFFF


def fault(frame):
    """What is wrong with a frame; None: nothing; "": it is not of TCP."""
    if len(frame) > frame_max:
        return "too long"
    at = 18 if frame[12:14] == b"\x81\x00" else 14
    kind, packet = frame[at - 2:at], frame[at:]
    if kind == b"\x08\x00" and packet[0] == 0x45 and packet[9] == 6:
        addresses, tcp, told = packet[12:20], packet[20:], struct.unpack("!H", packet[2:4])[0]
        if not sums_up(packet[:20]):
            return "IP's checksum"
    elif kind == b"\x86\xdd" and packet[6] == 6:
        addresses, tcp, told = packet[8:40], packet[40:], struct.unpack("!H", packet[4:6])[0] + 40
    else:
        return ""
    if told != len(packet):
        return "IP's length"
    if not sums_up(addresses + struct.pack("!II", 6, len(tcp)) + tcp):
        return "TCP's checksum"
    return None


good = others = wrong = 0
with socket.socket(socket.AF_UNIX) as s:
    s.connect(path)
    s.sendall(b"mdk-net\n" + struct.pack("=II", frame_max, 0))
    come = s.makefile("rb")
    come.read(16)
    print("connected", flush=True)
    while len(word := come.read(4)) == 4:
        size = struct.unpack("=I", word)[0]
        frame = come.read(size)
        found = "cut off" if len(frame) < size else fault(frame)
        good += found is None
        others += found == ""
        wrong += bool(found)
        if found:
            print(f"{len(frame)} bytes: {found}: {frame[:80].hex()}")
print(f"{good} good frames of TCP, {wrong} wrong ones, {others} others")
sys.exit(bool(wrong))
