#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""The page of `make fuzz-coverage`, of lines that gcovr has written.
usage: coverage.py FOLDER NAME...      FOLDER/NAME.json and .fuzz; the first four are drivers
exit 1: a piece has no reason in tests/fuzz/unreached.txt"""
import json
import re
import sys

ACCESS = "framework/run/access/"
REASONS = "tests/fuzz/unreached.txt"
DRIVERS = 4


class File:
    """Lines with how often each was reached, and the text. gcov knows no inlined functions."""

    def __init__(self, path):
        self.counts = {}
        with open(path, encoding="utf-8") as source:
            self.text = source.read().split("\n")

    def add(self, entry):
        for line in entry["lines"]:
            if not line["gcovr/noncode"] and not line["gcovr/excluded"]:
                number = line["line_number"]
                self.counts[number] = self.counts.get(number, 0) + line["count"]

    def function_at(self, line):
        """A definition begins in the first column, in the kernel's style."""
        for text in reversed(self.text[:line]):
            found = re.match(r"[a-z].*?\b(\w+)\((?!\()", text)
            if found and not text.endswith(";"):
                return found[1]
        return "-"

    def reached(self):
        return sum(1 for count in self.counts.values() if count)

    def pieces(self):
        """Function, and text of its lines that nothing reached."""
        pieces, before = {}, False
        for line in sorted(self.counts):
            if self.counts[line]:
                before = False
                continue
            ranges = pieces.setdefault(self.function_at(line), [])
            if before and ranges:
                ranges[-1][1] = line
            else:
                ranges.append([line, line])
            before = True
        return {name: ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in ranges)
                for name, ranges in pieces.items()}


def read(folder, name, framework):
    files = {}
    kind = "-framework" if framework else ""
    with open(f"{folder}/{name}{kind}.json", encoding="utf-8") as source:
        for entry in json.load(source)["files"]:
            path = entry["file"]
            source = path if framework else f"{folder}/coverage-{name}/{path}"
            files.setdefault(path.split(ACCESS)[-1], File(source)).add(entry)
    return files


def read_reasons():
    """Lines of FILE FUNCTION REASON; * stands for all functions of the file."""
    reasons = {}
    with open(REASONS, encoding="utf-8") as source:
        for line in source:
            if line.strip() and not line.startswith("#"):
                file, function, reason = line.rstrip("\n").split(maxsplit=2)
                reasons[file, function] = reason
    return reasons


def percent(files):
    lines = sum(len(file.counts) for file in files.values())
    reached = sum(file.reached() for file in files.values())
    return f"{lines} | {reached} | {1000 * reached // lines / 10} %"


def effort(folder, name):
    """Seconds of the fuzzer, and inputs."""
    with open(f"{folder}/{name}.fuzz", encoding="utf-8") as source:
        return " | ".join(re.findall(r"(\d+) s  (\d+) inputs", source.read())[-1])


def print_pieces(files, reasons, prefix=""):
    """Return: all have a reason."""
    good = True
    for name in sorted(files):
        for function, lines in files[name].pieces().items():
            key = (prefix + name, function)
            reason = reasons.get(key, reasons.get((prefix + name, "*")))
            if not reason:
                print(f"{prefix + name} {function}: lines {lines} have no reason", file=sys.stderr)
                good = False
            print(f"| {name} | `{function}` | {lines} | {reason or '?'} |")
    return good


def main():
    folder, *names = sys.argv[1:]
    reasons, good = read_reasons(), True
    print("<!-- Made by make fuzz-coverage. -->")
    print("# What suite, tests and fuzzer reach\n")
    print("`mdev-sdk fuzz TREE --coverage --framework`: lines that the conformance suite, a driver's own")
    print("tests, its seeds (of the vgpu-stub one, tests/fuzz/picture.txt), and the corpus of one process of")
    print("the fuzzer reach together. Line numbers are those of the day.\n")
    print("| driver | seconds | inputs | lines | reached | |\n|---|---|---|---|---|---|")
    for name in names[:DRIVERS]:
        print(f"| {name} | {effort(folder, name)} | {percent(read(folder, name, False))} |")
    print("\n## What nothing reaches of them\n")
    print("| file | function | lines | why |\n|---|---|---|---|")
    for name in names[:DRIVERS]:
        good &= print_pieces(read(folder, name, False), reasons)
    access = {}
    for name in names:
        for path, file in read(folder, name, True).items():
            mine = access.setdefault(path, file)
            if mine is not file:
                for line, count in file.counts.items():
                    mine.counts[line] = mine.counts.get(line, 0) + count
    print("\n## framework/run/access\n")
    print(f"By the drivers above and {', '.join(names[DRIVERS:])}, which have what they have not.\n")
    print("| file | lines | reached | |\n|---|---|---|---|")
    for path in sorted(access):
        print(f"| {path} | {percent({path: access[path]})} |")
    print(f"| all | {percent(access)} |")
    print("\n| file | function | lines | why |\n|---|---|---|---|")
    good &= print_pieces(access, reasons, "access/")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
