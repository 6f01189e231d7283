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
    return end


def all_of(end, count):
    data = b""
    while len(data) < count:
        more = end.recv(count - len(data))
        if not more:
            raise EOFError
        data += more
    return data


def carry(source, order, sink, other):
    try:
        while True:
            (length,) = struct.unpack(order + "I", all_of(source, 4))
            sink.sendall(struct.pack(other + "I", length) + all_of(source, length))
    except (EOFError, OSError):
        for end in (source, sink):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass


HELLO = 16

cable, qemu = connected(sys.argv[1]), connected(sys.argv[2])
cable.sendall(all_of(cable, HELLO))
back = threading.Thread(target=carry, args=(qemu, ">", cable, "="))
back.start()
carry(cable, "=", qemu, ">")
back.join()
