#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""The other end of --net as it should not be. usage: rude_peer.py SOCKET FRAME_MAX WAY

It connects, does what WAY names, and waits until it is disconnected, unless it leaves by itself.
"""
import os
import socket
import struct
import sys

path, frame_max, way = sys.argv[1], int(sys.argv[2]), sys.argv[3]


def hello(most=frame_max):
    return b"mdk-net\n" + struct.pack("=II", most, 0)


# What it sends, and whether it then leaves.
ways = {
    "garbage": (os.urandom(64), False),
    "nothing": (b"", True),
    "half-hello": (hello()[:7], True),
    "other-mtu": (hello(frame_max + 1000), False),
    "no-length": (hello() + struct.pack("=I", 0), False),
    "long": (hello() + struct.pack("=I", 0xFFFFFFF0) + bytes(65536), False),
    "longer-by-one": (hello() + struct.pack("=I", frame_max + 1) + bytes(frame_max + 1), False),
    "half-length": (hello() + b"\x40\x00", True),
    "half-frame": (hello() + struct.pack("=I", 64) + bytes(20), True),
    "half-frame-and-waits": (hello() + struct.pack("=I", 64) + bytes(20), False),
    # These are frames to the switch, which drops and counts them: no reason to disconnect.
    "bad-frames": (hello() + struct.pack("=I", 1) + b"x" + struct.pack("=I", 60) + b"\xff" * 60, True),
}

data, leaves = ways[way]
with socket.socket(socket.AF_UNIX) as s:
    s.connect(path)
    s.settimeout(30)
    try:
        s.sendall(data)
        # Who leaves has read the greeting: he is not gone before he was let in.
        while s.recv(4096) and not leaves:
            pass
    except (BrokenPipeError, ConnectionResetError):
        pass
