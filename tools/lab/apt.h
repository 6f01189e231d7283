/* SPDX-License-Identifier: GPL-2.0-only */
/* Debian packages through a private apt state: nothing of the machine's own is touched. */
#ifndef LAB_APT_H
#define LAB_APT_H

#include <stddef.h>

#include "lab.h"

struct apt_package {
	char *name;
	char *version;
	char *depends;		/* "" if none */
	size_t size;		/* of the .deb, bytes */
	size_t installed;	/* unpacked, bytes */
};

struct apt_index {
	struct apt_package *items;
	size_t count;
};

struct apt;

/*
 * Fetches the indexes of the suites (NULL-terminated) into a private state below dir. lack: what is
 * missing, for the message of a failure; it stays the caller's.
 */
struct apt *apt_open(const char *dir, const char *const *suites, const char *lack);
void apt_close(struct apt *apt);

/* The newest version of each package whose name matches the regular expression. */
int apt_search(struct apt *apt, const char *regex, struct apt_index *index);
void apt_index_free(struct apt_index *index);
const struct apt_package *apt_find(const struct apt_index *index, const char *name);

/* Parses what "apt-cache search --full" prints. */
void apt_parse(const char *text, struct apt_index *index);

/* Adds package to closure, and all that it depends on and that the index has. */
void apt_closure(const struct apt_index *index, const struct apt_package *package,
		 struct lab_list *closure);

/* Downloads the packages (apt checks their hashes) into the folder dir. */
int apt_download(struct apt *apt, const struct apt_index *index, const struct lab_list *names,
		 const char *dir);

#endif
