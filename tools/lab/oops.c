// SPDX-License-Identifier: GPL-2.0-only
#define _GNU_SOURCE
#include <ctype.h>
#include <fcntl.h>
#include <gelf.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "modules.h"
#include "oops.h"

#define MAX_FRAMES 64

static bool is_symbol(char c)
{
	return isalnum((unsigned char)c) || c == '_' || c == '.';
}

/* The number at plus ("+0x12/0x34"); NULL if that is not what stands there. */
static const char *parse_offset(const char *plus, unsigned long *offset)
{
	char *end;

	if (strncmp(plus, "+0x", 3))
		return NULL;
	*offset = strtoul(plus + 1, &end, 16);
	if (strncmp(end, "/0x", 3))
		return NULL;
	strtoul(end + 1, &end, 16);
	return end;
}

bool oops_frame(const char *line, struct frame *frame)
{
	const char *plus, *start, *end = NULL;
	size_t len;

	for (plus = strchr(line, '+'); plus; plus = strchr(plus + 1, '+')) {
		end = parse_offset(plus, &frame->offset);
		if (end)
			break;
	}
	if (!plus)
		return false;
	for (start = plus; start > line && is_symbol(start[-1]); start--)
		;
	len = plus - start;
	if (!len || len >= sizeof(frame->function))
		return false;
	memcpy(frame->function, start, len);
	frame->function[len] = '\0';
	frame->module[0] = '\0';
	if (sscanf(end, " [%63[^] ]", frame->module) != 1)
		frame->module[0] = '\0';
	frame->is_return = !strstr(line, "RIP:") && !strstr(line, " at ");
	return true;
}

static const char *file_of(const struct lab_list *modules, const char *name)
{
	for (size_t i = 0; *name && modules && i < modules->count; i++) {
		char *other = module_name(modules->items[i]);
		bool hit = !strcmp(other, name);

		free(other);
		if (hit)
			return modules->items[i];
	}
	return NULL;
}

/* Frames in order; those with a question mark are leftovers on the stack. */
static size_t read_frames(const char *splat, struct frame *frames)
{
	char *copy = lab_strdup(splat), *save = NULL;
	size_t count = 0;

	for (char *line = strtok_r(copy, "\n", &save); line && count < MAX_FRAMES;
	     line = strtok_r(NULL, "\n", &save))
		if (!strstr(line, "] ? ") && !strstr(line, "  ? ") &&
		    oops_frame(line, &frames[count]))
			count++;
	free(copy);
	return count;
}

struct place {
	GElf_Sym sym;
	char section[64];
};

static bool find_in_table(Elf *elf, Elf_Scn *scn, const GElf_Shdr *shdr, const char *name,
			  struct place *place)
{
	Elf_Data *data = elf_getdata(scn, NULL);
	size_t count = shdr->sh_size / shdr->sh_entsize, strings;
	GElf_Shdr target;

	if (elf_getshdrstrndx(elf, &strings))
		return false;
	for (size_t i = 0; i < count; i++) {
		const char *sym_name, *section;

		gelf_getsym(data, i, &place->sym);
		sym_name = elf_strptr(elf, shdr->sh_link, place->sym.st_name);
		if (GELF_ST_TYPE(place->sym.st_info) != STT_FUNC || !sym_name ||
		    strcmp(sym_name, name) ||
		    !gelf_getshdr(elf_getscn(elf, place->sym.st_shndx), &target))
			continue;
		section = elf_strptr(elf, strings, target.sh_name);
		snprintf(place->section, sizeof(place->section), "%s", section ? section : "");
		return true;
	}
	return false;
}

static bool find_symbol(const char *path, const char *name, struct place *place)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	bool hit = false;
	Elf_Scn *scn = NULL;
	GElf_Shdr shdr;
	Elf *elf;

	elf_version(EV_CURRENT);
	elf = fd >= 0 ? elf_begin(fd, ELF_C_READ, NULL) : NULL;
	while (elf && !hit && (scn = elf_nextscn(elf, scn)))
		if (gelf_getshdr(scn, &shdr) && shdr.sh_type == SHT_SYMTAB)
			hit = find_in_table(elf, scn, &shdr, name, place);
	elf_end(elf);
	if (fd >= 0)
		close(fd);
	return hit;
}

/* "file:line" of a frame, or NULL. A return address belongs to the line of its call. */
static char *source_of(const char *path, const struct frame *frame)
{
	char address[32];
	struct place place;
	char *argv[] = { "addr2line", "-e", (char *)path, "-j", place.section, address, NULL };
	struct lab_buf out = { 0 };
	struct lab_cmd cmd = {
		.argv = argv, .capture = &out, .output = "/dev/null", .timeout = 20,
	};
	int code;

	if (!find_symbol(path, frame->function, &place))
		return NULL;
	snprintf(address, sizeof(address), "0x%lx",
		 (unsigned long)place.sym.st_value + frame->offset - frame->is_return);
	lab_run(&cmd, &code);
	if (out.data)
		out.data[strcspn(out.data, " \n")] = '\0';
	if (!out.data || out.data[0] == '?') {
		lab_buf_free(&out);
		return NULL;
	}
	return out.data;
}

static void print_headline(const char *splat, FILE *out)
{
	const char *text = splat;

	while (*text == '[') {
		text = strchrnul(text, ']');
		text += *text ? 1 : 0;
		text += strspn(text, " ");
	}
	/* A driver in user space has no kernel, and its sanitizers have names of their own. */
	fprintf(out, "%s: %.*s\n",
		memmem(text, strcspn(text, "\n"), "Sanitizer: ", 11) ? "the driver" : "the kernel",
		(int)strcspn(text, "\n"), text);
}

/* What framework/build.sh calls the folders of a driver and of the SDK. */
#define DRIVER_SOURCES "/usr/src/driver/"
#define SDK_SOURCES "/usr/src/mdev-sdk/"

/* The user knows the folder of his driver; the SDK's files are named within the SDK. */
static char *shown_path(char *place, const struct oops_source *source)
{
	char *shown;

	if (place && source->shown && lab_has_prefix(place, DRIVER_SOURCES))
		shown = lab_fmt("%s/%s", source->shown, place + strlen(DRIVER_SOURCES));
	else if (place && lab_has_prefix(place, SDK_SOURCES))
		shown = lab_strdup(place + strlen(SDK_SOURCES));
	else
		return place;
	free(place);
	return shown;
}

static void print_frame(const struct frame *frame, const struct oops_source *source,
			const char *lead, FILE *out)
{
	const char *path = file_of(source->modules, frame->module);
	char *place = shown_path(path ? source_of(path, frame) : NULL, source);

	fprintf(out, "%s%s %s+0x%lx", lead, frame->is_return ? "called from" : "in",
		frame->function, frame->offset);
	if (*frame->module)
		fprintf(out, " [%s]", frame->module);
	if (place)
		fprintf(out, " at %s", place);
	fputc('\n', out);
	free(place);
}

/* The SDK's modules: what they are called with comes from the driver's. */
static bool is_ours(const struct frame *frame)
{
	return lab_has_prefix(frame->module, "mdk_");
}

/*
 * The place itself, the innermost one that has a source, and, if that is the SDK's, the
 * innermost one of a driver.
 */
static void print_places(const char *splat, const struct oops_source *source, const char *lead,
			 FILE *out)
{
	struct frame frames[MAX_FRAMES];
	size_t count = read_frames(splat, frames);
	bool sourced = false;

	for (size_t i = 0; i < count; i++) {
		bool has_source = file_of(source->modules, frames[i].module);
		bool drivers = has_source && !is_ours(&frames[i]);

		if (i == 0 || drivers || (has_source && !sourced))
			print_frame(&frames[i], source, lead, out);
		if (drivers)
			return;
		sourced |= has_source;
	}
}

void oops_tell(const char *splat, const struct oops_source *source, const char *lead, FILE *out)
{
	fputs(lead, out);
	print_headline(splat, out);
	print_places(splat, source, lead, out);
}

void oops_print(const char *splat, const struct oops_source *source, FILE *out)
{
	fputs("  FAILED  ", out);
	print_headline(splat, out);
	print_places(splat, source, "         ", out);
}
