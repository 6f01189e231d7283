#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Joins the cable of a driver's process to QEMU's -netdev stream, until one of them is gone.

Both send a frame behind its length in 4 bytes: the process in the host's order of bytes, QEMU in
the network's. The process wants its own first words back (struct net_hello).
usage: cable.py CABLE QEMU      sockets that are listened to
"""
import socket
import struct
import sys
import threading


def connected(path):
    end = socket.socket(socket.AF_UNIX)
    end.connect(path)
    return end, end.makefile("rb")


def carry(source, order, sink, other):
    """Until one of them is gone; then so is the other."""
    try:
        while len(word := source[1].read(4)) == 4:
            (length,) = struct.unpack(order + "I", word)
            frame = source[1].read(length)
            if len(frame) < length:
                break
            sink[0].sendall(struct.pack(other + "I", length) + frame)
    except OSError:
        pass
    for end, _ in (source, sink):
        try:
            end.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass


HELLO = 16

cable, qemu = connected(sys.argv[1]), connected(sys.argv[2])
cable[0].sendall(cable[1].read(HELLO))
back = threading.Thread(target=carry, args=(qemu, ">", cable, "="))
back.start()
carry(cable, "=", qemu, ">")
back.join()
