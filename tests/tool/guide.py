#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Holds README.md and the pages of docs/guide against what they speak of.

usage: guide.py code FOLDER...     each block of C stands, line by line, in a file of the folders
       guide.py ids                each id of a message has an entry in docs/errors.md
       guide.py commands           each command has a verb, options or a target that there are
       guide.py links              each link leads to a file
       guide.py sizes              lengths of pages and lines; each subject has its page
       guide.py rows               each kind of row is used by two of templates, examples and the
                                   guide's code, so that there is one to learn from
       guide.py figures            the figures of the README are those of the records
       guide.py session FILE       the README's session; FILE has what was really printed
       guide.py typed              the commands of that session, a line each
In the current folder, a tree like this one. Prints what is wrong, and ends with 1 then.
"""
import itertools
import pathlib
import re
import subprocess
import sys

GUIDE = pathlib.Path("docs/guide")
README = pathlib.Path("README.md")
SUBJECTS = """first-driver porting registers interrupts memory-and-rings display network real-devices
types testing checking guest debugging poking ci shipping signing operating mdevctl""".split()
COLUMNS = 100
# What stands in a table of a model in place of code, and what a row does besides.
ROWS = """MDK_CAUSE( MDK_RING( MDK_COMPLETIONS( MDK_PARAM_U32( MDK_REG_COUNTER64( MDK_REG_EDID(
MDK_OWN_EDID( MDK_HOTPLUG( MDK_BAR_STATS( MDK_CAP_VENDOR_LIVE( MDK_REG_BITS( MDK_RING_BATCH(
MDK_PCI_PARENT( .polarity .mask_clear .auto_mask .vector_at .gap_at .resets .count .max_xres""".split()
KERNELS_MTTY = "kernel's mtty, UART register"


def pages():
    return [README] + sorted(GUIDE.glob("*.md"))


def scan(page):
    """(line, block, text) of each line but the fences; block: None, or its line and language."""
    block = None
    for nr, line in enumerate(page.read_text(encoding="utf-8").splitlines(), 1):
        if line.startswith("```"):
            block = None if block else (nr, line[3:].strip())
        else:
            yield nr, block, line


def blocks(page):
    """(line, language, lines) of each fenced block."""
    for block, lines in itertools.groupby(scan(page), key=lambda each: each[1]):
        if block:
            yield *block, [text for _, _, text in lines]


def prose(page):
    """(line, text) of all that is no block."""
    return ((nr, text) for nr, block, text in scan(page) if not block)


def code(folders):
    sources = [path.read_text(encoding="utf-8") for folder in folders
               for path in sorted(pathlib.Path(folder).rglob("*"))
               if path.suffix in (".c", ".h", ".sh", ".conf")]
    count = 0
    for page in pages():
        for nr, language, lines in blocks(page):
            # Words of a guest's test and of test.conf are files of a tree too.
            if language != "c" and not re.match(r"\t|qemu = ", "".join(lines[:1])):
                continue
            count += 1
            text = "\n" + "\n".join(lines) + "\n"
            if not any(text in "\n" + source for source in sources):
                yield f"{page}:{nr}: this code stands in no file that is built"
    if count < 30:
        yield f"only {count} blocks of code found"


def ids(_):
    known = set(re.findall(r"^### ([A-Z0-9-]+):", pathlib.Path("docs/errors.md").read_text(), re.M))
    for page in pages():
        found = 0
        for nr, line in prose(page):
            for name in re.findall(r"\b(?:[KMTDU]\d+|E-[A-Z]+-[A-Z0-9]+)\b", line):
                found += 1
                if name not in known:
                    yield f"{page}:{nr}: {name} has no entry in docs/errors.md"
        if page.stem in SUBJECTS and found < 3:
            yield f"{page}: {found} ids of messages, at least 3 are needed"


def ask(*words):
    return subprocess.run(["./mdev-sdk", *words], stdout=subprocess.PIPE, check=False,
                          encoding="utf-8").stdout


def options():
    verbs = re.findall(r"^  ([a-z]+) +\S", ask("--help"), re.M)
    return {verb: set(re.findall(r"--([a-z-]+)", ask(verb, "--help"))) for verb in verbs}


def said(page):
    """(line, command) of all commands of a page: of blocks, and of code between backquotes."""
    for nr, language, lines in blocks(page):
        if language in ("sh", "console"):
            for at, line in enumerate(lines, 1):
                if language == "sh" or line.startswith("$ "):
                    yield nr + at, re.sub(r"\s#.*", "", line.removeprefix("$ "))
    text = "\n".join(line for _, line in prose(page))
    for line in re.findall(r"^    (\S.*)", text, re.M):
        yield 0, re.sub(r"\s#.*", "", line)
    for span in re.findall(r"`([^`]+)`", text):
        yield 0, span.replace("\n", " ")


def faults(command, verbs, targets):
    words = command.split()
    if re.match(r"\S*mdev-sdk$", words[0]) or words[0] in verbs and "--" in command:
        words = words[1:] if words[0].endswith("mdev-sdk") else words
        if words and words[0] not in verbs:
            yield f"no verb {words[0]}"
        for option in re.findall(r"(?<=\s)--([a-z-]+)", command):
            if words and words[0] in verbs and option not in verbs[words[0]]:
                yield f"{words[0]} has no option --{option}"
    elif words[0] == "make":
        for word in words[1:]:
            if re.fullmatch(r"[a-z][a-z-]*", word) and words[words.index(word) - 1] != "-C":
                if word not in targets:
                    yield f"make has no target {word}"
    elif re.fullmatch(r"--[a-z-]+", words[0]):
        if not any(words[0][2:] in known for known in verbs.values()):
            yield f"no verb has an option {words[0]}"


def commands(_):
    verbs = options()
    if len(verbs) < 10:
        yield f"only {len(verbs)} verbs found"
    targets = set()
    for makefile in ("Makefile", "tools/install/vendor.mk", "templates/common/Makefile"):
        targets |= set(re.findall(r"^([a-z-]+):", pathlib.Path(makefile).read_text(), re.M))
    count = 0
    for page in pages():
        for nr, line in said(page):
            for command in re.split(r" \| | >|; |&& ", line):
                if command.strip():
                    count += 1
                    for fault in faults(command.strip(), verbs, targets):
                        yield f"{page}:{nr}: '{command.strip()}': {fault}"
    if count < 100:
        yield f"only {count} commands found"


def links(_):
    for page in pages() + [pathlib.Path("CONTRIBUTING.md")]:
        for nr, line in prose(page):
            for target in re.findall(r"\]\(([^)]+)\)|^\[\w+\]: (.*)", line):
                target = "".join(target)
                if not re.match(r"[a-z]+:", target) and not (page.parent / target).exists():
                    yield f"{page}:{nr}: there is no {target}"


def sizes(_):
    for subject in SUBJECTS:
        if not (GUIDE / f"{subject}.md").exists():
            yield f"{GUIDE}/{subject}.md is missing"
        if f"({subject}.md)" not in (GUIDE / "README.md").read_text(encoding="utf-8"):
            yield f"{GUIDE}/README.md does not lead to {subject}.md"
    for page in pages():
        lines = page.read_text(encoding="utf-8").splitlines()
        least, most = (1, 90) if page.name == "README.md" else (40, 120)
        if not least <= len(lines) <= most:
            yield f"{page}: {len(lines)} lines, needed are {least} to {most}"
        for nr, line in enumerate(lines, 1):
            if len(line.expandtabs(8)) > COLUMNS:
                yield f"{page}:{nr}: {len(line.expandtabs(8))} columns, at most {COLUMNS}"


def figures(_):
    """Each number of the table has to be where the README says that it was measured."""
    text = re.sub(r"\s+", " ", README.read_text(encoding="utf-8"))
    bench = pathlib.Path("docs/evidence/bench.md").read_text(encoding="utf-8")
    compat = pathlib.Path("docs/compat.md").read_text(encoding="utf-8")
    results = pathlib.Path("docs/coccicheck-results.md").read_text(encoding="utf-8")
    row = {name: re.split(r" *\| *", rest) for name, rest in
           re.findall(r"^\| ([^|]+) \| (.*)$", bench + compat + results, re.M)}
    drivers = re.findall(r"^\| (?!driver)(\S+) \| (?:passes\*? \| ){4}passes", compat, re.M)
    wanted = [
        f"register read: {row['register of a table'][1]} instructions",
        f"{row[KERNELS_MTTY][1]} in a kernel's sample",
        f"{len(drivers)} drivers build, and pass the suite, on {len(row['framework']) - 1} kernels",
        f"{row['high'][2]} of {row['high'][1]} sure findings true",
    ]
    for words in wanted:
        if words not in text:
            yield f"{README}: the record says '{words}'"


def rows(_):
    folders = [*pathlib.Path("templates").iterdir(), *pathlib.Path("examples").iterdir(),
               GUIDE / "code"]
    text = {str(folder): "\n".join(path.read_text(encoding="utf-8")
                                   for path in sorted(folder.glob("*.[ch]")))
            for folder in folders if folder.is_dir()}
    for word in ROWS:
        users = sorted(name for name in text if word in text[name])
        if len(users) < 2:
            yield f"{word}: used by {users[0] + ' alone' if users else 'nothing'}"


def session():
    """The README's first driver: pairs of a command and the lines below it."""
    pairs = []
    for _, language, lines in blocks(README):
        if language == "console":
            for line in lines:
                if line.startswith("$ "):
                    pairs.append((re.sub(r"\s+#.*", "", line[2:]), []))
                elif line != "...":
                    pairs[-1][1].append(line)
    return pairs


def normal(line):
    line = re.sub(r"\b\d+\.\d s\b", "N s", line)
    line = re.sub(r"(?<=  )/\S+(/myvgpu/)", r"…\1", line)
    line = re.sub(r"\b\d+(\.\d+)+(-\d+)?(\+[a-z0-9.]+)?-amd64\b", "RELEASE", line)
    return re.sub(r"\(Debian [^)]*\)", "(Debian V)", line)


def compare(args):
    """What the README shows is printed, in this order; what it leaves out does not count."""
    printed = [normal(line) for line in pathlib.Path(args[0]).read_text().splitlines()]
    at = 0
    for command, lines in session():
        for line in [f"$ {command}"] + lines:
            if normal(line) not in printed[at:]:
                yield f"{README}: '{line}' was not printed, or not there"
            else:
                at = printed.index(normal(line), at) + 1
    if sum(len(lines) for _, lines in session()) < 5:
        yield f"{README}: fewer than five lines of output"


def main():
    what = sys.argv[1] if len(sys.argv) > 1 else ""
    if what == "typed":
        print("\n".join(command for command, _ in session()))
        return 0
    checks = {"code": code, "ids": ids, "commands": commands, "links": links, "sizes": sizes,
              "figures": figures, "rows": rows, "session": compare}
    if what not in checks:
        print(__doc__, file=sys.stderr)
        return 2
    wrong = list(checks[what](sys.argv[2:]))
    print("\n".join(wrong), end="\n" if wrong else "")
    return 1 if wrong else 0


sys.exit(main())
