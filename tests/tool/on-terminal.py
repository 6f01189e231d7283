#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Runs a command on a terminal of its own, as a person would.

usage: on-terminal.py SECONDS STEP... -- COMMAND...
  expect:REGEX   wait until it prints this, after what was matched before
  send:TEXT      type it; \\r, \\x03 and the like are understood
  signal:TERM    send the signal to the command
  hangup:        close the terminal
Prints all that the command printed, and exits with its status. Exit 99: a step did not happen;
98: the terminal was not given back as it was.
"""
import os
import pty
import re
import select
import signal
import subprocess
import sys
import termios
import time

end = time.monotonic() + float(sys.argv[1])
at = sys.argv.index('--')
steps, command = sys.argv[2:at], sys.argv[at + 1:]
master, slave = pty.openpty()
termios.tcsetwinsize(slave, (30, 100)) if hasattr(termios, 'tcsetwinsize') else None
before = termios.tcgetattr(slave)


def own_terminal():
    os.setsid()
    import fcntl
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


child = subprocess.Popen(command, stdin=slave, stdout=slave, stderr=slave, preexec_fn=own_terminal)
seen, matched = b'', 0


def finish(status, why=None):
    sys.stdout.write(seen.decode(errors='replace').replace('\r', ''))
    if why:
        print(f'\non-terminal: {why}')
        if child.poll() is None:
            child.terminate()
    sys.stdout.flush()
    sys.exit(status)


def look(seconds):
    """More of what it prints; False when there will be no more."""
    global seen
    if select.select([master], [], [], seconds)[0]:
        try:
            more = os.read(master, 65536)
        except OSError:
            return False
        seen += more
    return True


for step in steps:
    kind, _, text = step.partition(':')
    if kind == 'expect':
        while not (hit := re.search(text.encode(), seen[matched:])):
            if time.monotonic() > end or child.poll() is not None and not select.select([master], [], [], 0)[0]:
                finish(99, f'it never printed {text!r}')
            look(0.2)
        matched += hit.end()
    elif kind == 'send':
        os.write(master, text.encode().decode('unicode_escape').encode('latin-1'))
    elif kind == 'signal':
        child.send_signal(signal.Signals['SIG' + text])
    elif kind == 'hangup':
        os.close(slave)
        os.close(master)
        while child.poll() is None and time.monotonic() < end:
            time.sleep(0.05)
        finish(99 if child.returncode is None else child.returncode % 256)

while child.poll() is None:
    if time.monotonic() > end:
        finish(99, 'it did not end')
    look(0.1)
while select.select([master], [], [], 0.1)[0]:
    look(0)
if termios.tcgetattr(slave) != before:
    finish(98, 'the terminal is not as it was')
finish(child.returncode % 256)
