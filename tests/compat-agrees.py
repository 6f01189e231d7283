#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Does docs/compat.md say what mdev-sdk compat --json found?

usage: compat-agrees.py builds|all JSON PAGE
builds: only whether each driver builds, and what each kernel has; all: what passes, too.
"""
import json
import sys

what, found, page = sys.argv[1:]
tables, rows = [], None
for line in open(page).read().split("<!-- below:")[1].splitlines():
    if not line.startswith("|"):
        rows = None
        continue
    cells = [cell.strip() for cell in line.strip("|").split("|")]
    if rows is None:
        rows = {}
        tables.append((cells[1:], rows))
    elif set(cells[0]) != {"-"}:
        rows[cells[0]] = cells[1:]

differences = []


def hold(table, row, kernel, needed):
    columns, rows = tables[table]
    if kernel not in columns or row not in rows:
        differences.append(f"{row} on {kernel}: not in the page, found '{needed}'")
        return
    said = rows[row][columns.index(kernel)]
    if what == "builds" and table == 0:
        said = said.replace("passes", "builds").replace("fails", "builds")
    if said != needed:
        differences.append(f"{row} on {kernel}: the page says '{said}', found '{needed}'")


for kernel in json.load(open(found))["kernels"]:
    for driver in kernel["drivers"]:
        cell = "builds" if driver["builds"] else "does not build"
        if what == "all" and "suite" in driver:
            cell = driver["suite"]["verdict"]
        if "native_region_info" in driver:
            cell += "*"
        hold(0, driver["name"], kernel["name"], cell)
    for fact in kernel["facts"]:
        hold(1, fact["title"], kernel["name"], "yes" if fact["has"] else "no")
print("\n".join(differences))
sys.exit(bool(differences))
