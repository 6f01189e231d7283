// SPDX-License-Identifier: GPL-2.0-only
/* ends HOW: a client of tests/clients that comes to its end, or not. */
#include <signal.h>

#include "client.h"

int main(int argc, char **argv)
{
	const char *how = argc > 1 ? argv[1] : "well";

	ktap_begin();
	ok(true, "one");
	if (!strcmp(how, "exits"))
		exit(0);
	if (!strcmp(how, "crashes"))
		raise(SIGSEGV);
	ok(strcmp(how, "fails"), "two");
	return done();
}
