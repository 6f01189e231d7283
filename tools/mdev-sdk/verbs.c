// SPDX-License-Identifier: GPL-2.0-only
/* One table of verbs and options: the parser, --help and the unknown-verb error come from it. */
#include "check/check.h"
#include "common/args.h"
#include "compat/compat.h"
#include "doctor/doctor.h"
#include "new/new.h"
#include "test/test.h"
#include "../poke/commands.h"
#include "verbs.h"

#define KERNEL_DOC \
	"6.1, 6.12, newest, 6.1-cloud, 6.12-cloud, or an exact release; default: what make " \
	"menuconfig chose, or 6.1"

#define BUS_OPT OPT("bus", "MODE", OPT_STRING, bus, \
	"load the framework with bus=MODE: own, kernel, private or auto (default: what make " \
	"menuconfig chose, or own)")

#define JUNIT_OPT OPT("junit", "FILE", OPT_STRING, junit, "write the results as JUnit XML to FILE")
#define JSON_OPT OPT("json", NULL, OPT_FLAG, json, \
	"print the results as one JSON document; what people read goes to standard error")

#define FRAMEWORK_OPT OPT("framework", NULL, OPT_FLAG, framework, \
	"with --coverage: the files of framework/run/access too, which answer a guest")

static const struct opt no_options[] = { { 0 } };

static const struct opt new_options[] = {
	OPT("name", "NAME", OPT_STRING, name,
	    "the driver's name, if it is not given as a word: a-z, 0-9 and _, at most 40 characters, starting with a letter"),
	OPT("kind", "KIND", OPT_STRING, kind,
	    "what to start from: minimal (default), serial, vgpu, nic, virtio-rng or virtio-net; not with --parent pci"),
	OPT("parent", "PARENT", OPT_STRING, parent,
	    "what the device hangs on: virtual (default), pci (QEMU's edu) or your own device, "
	    "pci=VENDOR:DEVICE[,bar=I][,vectors=N][,dma=BITS]: where its registers are (default: "
	    "0), interrupts (1), width of the addresses it takes (64)"),
	OPT("bar", "I:KIND:SIZE[:FLAG...]", OPT_LIST, bars,
	    "add or replace BAR I (0 to 5) of what guests see: regs, mem, callback or stats, such as 2:mem:64K:mmap; flags: "
	    "mmap, prefetch, 64, io; may be repeated"),
	OPT("irq", "IRQ", OPT_LIST, irqs,
	    "an interrupt that guests see, in place of the kind's: intx, msi:N, msix:N or err; may be repeated"),
	OPT("pci-id", "VVVV:DDDD", OPT_STRING, pci_id,
	    "vendor and device that guests see, in hex (default: 1af4:10f0)"),
	OPT("dir", "TREE", OPT_STRING, dir, "the folder to create (default: ./NAME)"),
	OPT("dry-run", NULL, OPT_FLAG, dry_run, "say what would be written, and write nothing"),
	OPT("list", NULL, OPT_FLAG, list, "print the kinds, and make nothing"),
	OPT("json", NULL, OPT_FLAG, json,
	    "say it in JSON (docs/schema/new.json; with --list new-list.json)"),
	{ 0 }
};

static const struct opt upgrade_options[] = {
	OPT("apply", NULL, OPT_FLAG, apply, "write the files that nobody edited"),
	{ 0 }
};

static const struct opt registers_options[] = {
	OPT("check", NULL, OPT_FLAG, check, "write nothing, say whether the pages are right"),
	OPT("kernel", "V", OPT_STRING, kernel, KERNEL_DOC),
	{ 0 }
};

static const struct opt test_options[] = {
	OPT("kernel", "V", OPT_STRING, kernel, KERNEL_DOC),
	OPT("type", "T", OPT_LIST, types, "test this type only; may be repeated (default: all)"),
	BUS_OPT,
	OPT("only", "TEST", OPT_LIST, only, "a test, a group or a glob; may be repeated"),
	OPT("skip", "TEST", OPT_LIST, skip, "leave out these of them; may be repeated"),
	OPT("crashes", "N", OPT_NUMBER, crashes,
	    "boot again behind so many tests that end the guest's kernel (default: 20)"),
	OPT("uuid", "U", OPT_STRING, uuid,
	    "no guest: test this device of this host, which is not open; as root"),
	OPT("user", NULL, OPT_FLAG, user,
	    "no guest: the driver as a process of user space, tested over vfio-user"),
	OPT("sanitizer", "S", OPT_STRING, sanitizer,
	    "with --user: address (default: with undefined behaviour), thread or none"),
	OPT("coverage", NULL, OPT_FLAG, coverage,
	    "with --user: which lines of the driver the tests reached, as text and HTML"),
	FRAMEWORK_OPT,
	OPT("list", NULL, OPT_FLAG, list, "print the names of the tests and boot nothing"),
	JUNIT_OPT, JSON_OPT,
	OPT("keep-vm", NULL, OPT_FLAG, keep_vm, "after the tests, a shell in the guest"),
	OPT("ktap", "FILE", OPT_STRING, ktap, "write the results as KTAP to FILE"),
	OPT("log", "FILE", OPT_STRING, log, "write the kernel's log to FILE"),
	OPT("timeout", "S", OPT_NUMBER, timeout, "end a guest after S seconds (default: 120)"),
	{ 0 }
};

#define SANITIZER_OPT OPT("sanitizer", "S", OPT_STRING, sanitizer, \
	"address (default: with undefined behaviour), thread or none")

static const struct opt run_options[] = {
	OPT("type", "T", OPT_LIST, types, "serve devices of this type (default: the first one)"),
	OPT("instances", "N", OPT_NUMBER, instances,
	    "so many devices (default: 1), each at a socket of its own: PATH, PATH.2, PATH.3, ..."),
	OPT("socket", "PATH", OPT_STRING, socket,
	    "where QEMU finds the first (default: TREE's name in $XDG_RUNTIME_DIR or /tmp)"),
	OPT("net", "HOW:PATH", OPT_STRING, net,
	    "a cable between the switches of two runs: one has listen:PATH, the other connect:PATH"),
	OPT("gdb", NULL, OPT_FLAG, gdb, "in a debugger"),
	OPT("guest", NULL, OPT_FLAG, guest,
	    "boot a stock guest with the devices, in a QEMU that is fetched if none here is new enough"),
	OPT("kernel", "V", OPT_STRING, kernel, "of --guest: " KERNEL_DOC),
	SANITIZER_OPT,
	{ 0 }
};

static const struct opt decode_options[] = {
	OPT("all", NULL, OPT_FLAG, all, "all values of what has more than 8"),
	{ 0 }
};

static const struct opt describe_options[] = {
	OPT("json", NULL, OPT_FLAG, json, "all of it, as JSON (docs/schema/describe.json; the default)"),
	OPT("mdevctl", NULL, OPT_FLAG, mdevctl, "what mdevctl define --jsonfile reads"),
	OPT("libvirt", NULL, OPT_FLAG, libvirt, "the element of a domain"),
	OPT("kubevirt", NULL, OPT_FLAG, kubevirt, "KubeVirt's lists of devices that may be used"),
	OPT("header", NULL, OPT_FLAG, header,
	    "a C header for the guest's driver and firmware: identity, sizes, offsets, bits"),
	OPT("type", "T", OPT_LIST, types, "of this type (default: the first one)"),
	OPT("uuid", "U", OPT_STRING, uuid, "with --libvirt: of the device (default: a new one)"),
	{ 0 }
};

static const struct opt fuzz_options[] = {
	OPT("time", "T", OPT_STRING, time,
	    "how long: seconds, or with a letter behind it, as in 90s, 10m (default), 2h"),
	OPT("jobs", "N", OPT_NUMBER, jobs, "so many processes (default: one a processor)"),
	OPT("kernel", "V", OPT_STRING, kernel,
	    "in a guest with this kernel, by VFIO, not in a process: 6.1, 6.12, newest, or an exact "
	    "release, that of a debug kernel too"),
	OPT("events", "N", OPT_COUNT, events, "with --kernel: so many events, in place of a time"),
	OPT("type", "T", OPT_LIST, types, "a device of this type (default: the first one)"),
	OPT("seed", "N", OPT_COUNT, seed, "begin with this seed (default: by the clock)"),
	OPT("stream", NULL, OPT_FLAG, stream,
	    "streams of a live migration that a device is to load, in place of what a guest does"),
	OPT("replay", "FILE", OPT_STRING, replay,
	    "play this file of events, or with --stream this stream, and nothing else"),
	OPT("gdb", NULL, OPT_FLAG, gdb, "with --replay: in a debugger"),
	OPT("merge", NULL, OPT_FLAG, merge,
	    "write what was found to TREE/tests/crashes, and the fewest inputs that reach all that "
	    "was reached to TREE/tests/seeds"),
	OPT("coverage", NULL, OPT_FLAG, coverage,
	    "look for nothing: which lines of the driver its tests, its files of events and the "
	    "corpus reach together, as text and HTML"),
	FRAMEWORK_OPT,
	{ 0 }
};

static const struct opt shell_options[] = {
	OPT("kernel", "V", OPT_STRING, kernel, KERNEL_DOC),
	OPT("type", "T", OPT_LIST, types, "create a device of this type (default: the first one)"),
	BUS_OPT,
	OPT("log", "FILE", OPT_STRING, log, "write the kernel's log to FILE"),
	OPT("timeout", "S", OPT_NUMBER, timeout,
	    "without a terminal: end the guest after S seconds (default: 120)"),
	{ 0 }
};

static const struct opt kernel_options[] = {
	OPT("print", "KEY", OPT_STRING, print,
	    "print one value: release, version, kdir, vmlinux, moddir or makeflags"),
	OPT("update", NULL, OPT_FLAG, update, "look in the archive for a newer one of the line"),
	{ 0 }
};

static const struct opt compat_options[] = {
	OPT("tree", "TREE", OPT_STRING, tree,
	    "this driver, and not the SDK's own examples, kinds and fixtures"),
	OPT("no-boots", NULL, OPT_FLAG, no_boots, "build only, start no guest"),
	OPT("json", NULL, OPT_FLAG, json, "print JSON (docs/schema/compat.json)"),
	OPT("markdown", NULL, OPT_FLAG, markdown, "as docs/compat.md has it"),
	{ 0 }
};

static const struct opt boot_options[] = {
	OPT("kernel", "V", OPT_STRING, kernel, KERNEL_DOC),
	OPT("module", "FILE", OPT_LIST, modules,
	    "load this .ko, with what follows the first space as its options; may be repeated"),
	OPT("kernel-module", "NAME", OPT_LIST, kernel_modules,
	    "load this module of the kernel's own first; may be repeated"),
	OPT("icount", NULL, OPT_FLAG, icount, "the guest's time counts instructions, exactly"),
	OPT("append", "WORDS", OPT_STRING, append, "more words for the kernel's command line"),
	OPT("qemu", "WORDS", OPT_LIST, qemu,
	    "more options for QEMU, divided by spaces, such as '-smp 2'; may be repeated"),
	OPT("conf", "FOLDER", OPT_STRING, conf,
	    "read FOLDER/test.conf as test does, where there is one"),
	OPT("no-framework", NULL, OPT_FLAG, no_framework, "do not load the SDK's framework"),
	BUS_OPT,
	OPT("conform-args", "ARGS", OPT_STRING, conform_args, "arguments for mdev-conform"),
	OPT("file", "HOST:GUEST", OPT_LIST, files, "put a file into the guest; may be repeated"),
	OPT("run", "COMMAND", OPT_STRING, run,
	    "run a shell command in the guest, not mdev-conform, and print what it prints; "
	    "its status decides"),
	OPT("expected-skips", "FILE", OPT_STRING, expected_skips, "the skips that may happen"),
	OPT("ktap", "FILE", OPT_STRING, ktap, "write what the guest program printed to FILE instead"),
	OPT("log", "FILE", OPT_STRING, log, "write the kernel's log to FILE"),
	OPT("timeout", "S", OPT_NUMBER, timeout, "end the guest after S seconds (default: 120)"),
	{ 0 }
};

static const struct opt image_options[] = {
	OPT("kernel", "V", OPT_STRING, kernel, KERNEL_DOC),
	OPT("kernel-module", "NAME", OPT_LIST, kernel_modules,
	    "put this module of the kernel's own into it; may be repeated"),
	OPT("file", "HOST:GUEST", OPT_LIST, files, "put a file into it; may be repeated"),
	OPT("init", "FILE", OPT_STRING, init, "the script that is process 1"),
	OPT("output", "FILE", OPT_STRING, output, "where to write it"),
	{ 0 }
};

static const struct opt source_options[] = {
	OPT("update", NULL, OPT_FLAG, update, "look for a newer version"),
	{ 0 }
};

static const struct opt judge_options[] = {
	OPT("ktap", "FILE", OPT_STRING, ktap, "the results"),
	OPT("log", "FILE", OPT_STRING, log, "the kernel's log"),
	JUNIT_OPT, JSON_OPT,
	OPT("module", "FILE", OPT_LIST, modules, "a .ko to decode an oops with; may be repeated"),
	OPT("expected-skips", "FILE", OPT_STRING, expected_skips, "the skips that may happen"),
	{ 0 }
};

#define JSON_OPTION OPT("json", NULL, OPT_FLAG, json, "print JSON, for programs")

static const struct opt check_options[] = {
	OPT("rule", "RULE", OPT_LIST, rules, "this rule only; may be repeated"),
	OPT("severity", "SEVERITY", OPT_STRING, severity,
	    "what counts: error, warning (default) or note"),
	OPT("confidence", "CONFIDENCE", OPT_STRING, confidence,
	    "which rules run: of high, moderate (default) or low confidence at least"),
	OPT("baseline", "FILE", OPT_STRING, baseline, "what stands in FILE is known, and does not count"),
	OPT("write-baseline", "FILE", OPT_STRING, write_baseline, "write what is found to FILE"),
	OPT("alias", "WRAPPER=API", OPT_LIST, aliases,
	    "calls of WRAPPER are calls of API, which rules know; may be repeated"),
	OPT("alias-file", "FILE", OPT_STRING, alias_file, "the same, a line WRAPPER = API each"),
	OPT("since", "REV", OPT_STRING, since,
	    "only what is in functions that changed since this revision of git"),
	OPT("json", NULL, OPT_FLAG, json, "print JSON (docs/schema/check.json)"),
	OPT("sarif", NULL, OPT_FLAG, sarif, "print SARIF 2.1.0"),
	OPT("mode", "MODE", OPT_STRING, mode,
	    "what spatch prints: report (default), patch, context or org"),
	OPT("cocci", "FILE", OPT_STRING, cocci, "this semantic patch in place of the rules"),
	OPT("kernel-scripts", "DIR", OPT_STRING, kernel_scripts,
	    "a kernel's scripts/coccinelle, or none; default: where this machine has one"),
	OPT("sparse", NULL, OPT_FLAG, sparse, "build with sparse, fetch the kernel if need be"),
	OPT("no-sparse", NULL, OPT_FLAG, no_sparse, "do not build"),
	OPT("cppcheck", NULL, OPT_FLAG, cppcheck, "cppcheck too, for programs of user space"),
	OPT("kernel", "V", OPT_STRING, kernel, KERNEL_DOC),
	OPT("verbose", NULL, OPT_FLAG, verbose, "say how long each rule took, and on how many files"),
	OPT("jobs", "N", OPT_NUMBER, jobs, "so many at a time (default: one a processor)"),
	OPT("timeout", "S", OPT_NUMBER, timeout, "seconds of the processor's time for a rule on a file (default: 60)"),
	{ 0 }
};

static const struct opt explain_options[] = {
	OPT("rules", NULL, OPT_FLAG, rule_list, "the rules of check"),
	OPT("list", NULL, OPT_FLAG, list, "the ids and their titles only"),
	JSON_OPTION,
	OPT("markdown", NULL, OPT_FLAG, markdown, "as docs/errors.md has it"),
	{ 0 }
};

static const struct opt doctor_options[] = {
	OPT("kernel", "V", OPT_STRING, kernel,
	    "look at this kernel of the lab, not at the one that runs: 6.1, 6.12, newest, 6.1-cloud, "
	    "6.12-cloud, or an exact release"),
	JSON_OPTION,
	{ 0 }
};

/* A line of help for each command of poke. */
#define POKE_LINE(function, name, words, about) "\n  " name words ": " about

const struct verb verbs[] = {
	{
		.name = "new", .operand = "[NAME]", .options = new_options, .run = cmd_new,
		.summary = "generate a driver that builds and passes before its first edit",
	}, {
		.name = "run", .operand = "[TREE]", .options = run_options, .run = cmd_run,
		.summary = "run a driver as a process that a stock QEMU connects to, without root",
		.detail = "TREE is a driver's folder (default: the current one).  Its unchanged source is "
			  "built for user space below build/, and serves its devices by vfio-user until "
			  "Ctrl-C.  QEMU 10.1 or newer has vfio-user-pci; the lines to type are printed.  "
			  "The kernel log's messages and what a sanitizer finds go to standard error.",
	}, {
		.name = "test", .operand = "[TREE|KO|--uuid U]", .options = test_options, .run = cmd_test,
		.summary = "build a driver, boot a stock kernel, judge the driver through VFIO",
		.detail = "TREE is a driver's folder (default: the current one), KO a built "
			  "module, whose own vermagic names the kernel.  A test that crashes or hangs the "
			  "guest's kernel gets that as its verdict, and the guest is booted again behind "
			  "it, --crashes times; the same test of another type is not run any more.  "
			  "TREE/expected-skips lists the tests that may be skipped; a tree of yours "
			  "without that list, which mdev-sdk new did not make, may skip any.  "
			  "TREE/test.conf says what the "
			  "guest needs besides, in lines KEY = VALUE: qemu = -device edu, "
			  "kernel-module = NAME, append = WORDS, memory = MB.  An interrupt leaves nothing behind; "
			  "a kill with SIGKILL leaves its scratch folder, mdev-sdk-* in $TMPDIR "
			  "or /tmp, which can be removed.",
	}, {
		.name = "fuzz", .operand = "[TREE]", .options = fuzz_options, .run = cmd_fuzz,
		.summary = "look for inputs that a driver does not stand, in user space or in a guest",
		.detail = "TREE is a driver's folder (default: the current one).  libFuzzer makes inputs "
			  "of what its model says: registers, rings, guest memory, interrupts, time.  "
			  "The first mistake ends it, cut down to the events that it needs: a file of text "
			  "that --replay plays, and test --user each time once it is in TREE/tests/crashes.  "
			  "What was reached is kept below build/fuzz/ for the next time.  With --stream "
			  "inputs are streams of a migration, made of those that the device gives, and "
			  "of the files in TREE/tests/streams; what is found is a stream, cut down to the "
			  "records that it needs.  With --kernel the "
			  "same inputs, and new ones, go to descriptors of VFIO in a guest.  Exit status 1: "
			  "something was found.",
	}, {
		.name = "shell", .operand = "[TREE|KO]", .options = shell_options, .run = cmd_shell,
		.summary = "a shell in a guest with the driver loaded and a device created",
		.detail = "exit or Ctrl-] leaves.  Where standard input is no terminal, the commands "
			  "are read from it to its end: "
			  "echo 'mdev-poke $UUID info' | mdev-sdk shell TREE.  Exit status then: 0 if "
			  "the last one ended with 0, 3 if it did not or there is no device, 1 if the "
			  "kernel has reported an oops or a warning, whatever the commands say.",
	}, {
		.name = "poke", .operand = "UUID COMMAND [-- COMMAND...]", .words = true,
		.options = no_options, .run = cmd_poke,
		.summary = "read, write, map and listen by hand, on a device of this host; as root",
		.detail = "UUID is a device that is not open elsewhere; what is divided by -- happens in one "
			  "open of it.  In a guest of shell the same is mdev-poke $UUID COMMAND.  Commands:"
			  POKE_COMMANDS(POKE_LINE)
			  "\nREGISTER is a name of the driver's tables: STATUS, STATUS.DONE for bits of "
			  "it, REGION/STATUS where two regions have it.",
	}, {
		.name = "boot", .options = boot_options, .run = cmd_boot,
		.summary = "boot a kernel with given modules and run a program in it",
	}, {
		.name = "check", .operand = "[DIR|FILE]", .options = check_options, .run = cmd_check,
		.summary = "look for the field's mistakes in C sources: semantic patches, sparse",
		.detail = "DIR (default: the current folder) may be any tree: a driver on the SDK, one on "
			  "the kernel's own mdev or VFIO, a folder of the kernel.  A driver's folder is "
			  "also built with sparse if its kernel is in the cache.  mdev-sdk explain RULE "
			  "says what a rule is about.  A comment /* mdev-sdk: allow ID: reason */ in the "
			  "line or the one above allows a finding.  Bodies of macros are not looked "
			  "at.  Functions that only call a name that rules know, and names such as "
			  "os_copy_from_user, are taken for it, and listed.  DIR/check.conf has what need "
			  "not be typed each time, in lines KEY = VALUE: alias = WRAPPER=API, alias-file = "
			  "FILE, allow = RULE FILE: REASON, baseline = FILE, kernel = V.  Exit status: 0 nothing, 1 findings of the chosen severity, 3 if "
			  "anything could not be checked, whatever else was found.",
	}, {
		.name = "registers", .operand = "[TREE]", .options = registers_options,
		.run = cmd_registers,
		.summary = "boot a driver and rewrite its docs/registers.md and docs/lspci.txt",
	}, {
		.name = "describe", .operand = "[TREE]", .options = describe_options, .run = cmd_describe,
		.summary = "print what a driver's model says, for schedulers and for its guest's driver",
		.detail = "TREE is a driver's folder (default: the current one).  Its unchanged source is "
			  "built for user space and asked, so nothing needs a kernel or root.",
	}, {
		.name = "decode", .operand = "FILE", .options = decode_options, .run = cmd_decode,
		.summary = "print what a stream of a live migration says of a device",
		.detail = "FILE has what was read of a device in the state STOP_COPY.  Exit status 1: it "
			  "is no such stream, or not a whole one; what is good of it is printed before.",
	}, {
		.name = "upgrade", .operand = "[TREE]", .options = upgrade_options, .run = cmd_upgrade,
		.summary = "show what this SDK would generate otherwise than the one that made TREE",
		.detail = "Prints a unified diff from the files as they were generated to those of "
			  "now; `mdev-sdk upgrade TREE | patch -p1 -d TREE` puts it into edited "
			  "files too.  Exit status 1: there is something to take over.",
	}, {
		.name = "kernel", .operand = "[V]", .options = kernel_options, .run = cmd_kernel,
		.summary = "fetch a Debian kernel with headers into the cache, say where it is",
		.detail = "V is " KERNEL_DOC ".",
	}, {
		.name = "compat", .operand = "[V...]", .many = true, .options = compat_options,
		.run = cmd_compat,
		.summary = "build and test on each kernel, say what a kernel lacks and why",
		.detail = "V is a kernel as for mdev-sdk kernel; default: each of its lines.  What is "
			  "not in the cache is fetched.  Exit status 1: something does not build or "
			  "does not pass.",
	}, {
		.name = "explain", .operand = "[ID|RULE|ERRNO|LINE|-]", .options = explain_options,
		.run = cmd_explain,
		.summary = "say what an error means and what to do about it",
		.detail = "ID is what stands in brackets behind a message, ERRNO a name or number such "
			  "as ENOSPC or 28, RULE a rule of mdev-sdk check, LINE a message in quotes.  With - lines are read from "
			  "standard input (dmesg | mdev-sdk explain -), and the exit status is 1 if any "
			  "of them is a message of the SDK.  Without an operand --list, --json and "
			  "--markdown give all entries.",
	}, {
		.name = "doctor", .operand = "[TREE]", .options = doctor_options,
		.run = cmd_doctor,
		.summary = "say what is wrong on this machine, and the way out of it",
		.detail = "TREE is a driver's folder to look at too.  Exit status: 0 nothing is "
			  "wrong, 1 something is; notes do not count.  $MDK_ROOT is put before "
			  "every path of the machine, to look at another one's files.",
	}, {
		.name = "completion", .operand = "bash|zsh", .options = no_options,
		.run = cmd_completion, .summary = "print a script that completes this command's words",
		.detail = "In ~/.bashrc: source <(mdev-sdk completion bash); in ~/.zshrc, after "
			  "compinit, the same with zsh.  make install puts both where shells look.",
	}, {
		.name = "man", .options = no_options, .run = cmd_man,
		.summary = "print the manual page: mdev-sdk man | man -l -",
	}, {
		.name = "image", .options = image_options, .run = cmd_image, .internal = true,
		.summary = "write the initramfs of a guest, for a guest of a guest",
	}, {
		.name = "source", .operand = "V", .options = source_options, .run = cmd_source,
		.internal = true,
		.summary = "fetch drivers of a kernel's sources into the cache, say where they are",
	}, {
		.name = "judge", .options = judge_options, .run = cmd_judge, .internal = true,
		.summary = "judge the results and the kernel's log of a run",
	},
	{ 0 }
};
