// SPDX-License-Identifier: GPL-2.0-only
/*
 * Says commands to QEMU's monitor, one after the other, and waits for the answer of each. Prints
 * what it answers to a command "query-...".
 * usage: nested-qmp SOCKET JSON...     exit 1: QEMU answered with an error
 */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* Reads lines until one that is an answer; events pass by. */
static int answer(FILE *in, bool show)
{
	char line[8192];

	while (fgets(line, sizeof(line), in)) {
		if (strstr(line, "\"error\"")) {
			fputs(line, stderr);
			return 1;
		}
		if (strstr(line, "\"return\"")) {
			if (show)
				fputs(line, stdout);
			return 0;
		}
	}
	return 1;
}

static int say(FILE *stream, const char *command)
{
	fprintf(stream, "%s\n", command);
	fflush(stream);
	return answer(stream, strstr(command, "\"query-"));
}

int main(int argc, char **argv)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0), ret;
	FILE *stream;

	if (argc < 3 || strlen(argv[1]) >= sizeof(to.sun_path))
		return 2;
	strcpy(to.sun_path, argv[1]);
	if (connect(fd, (struct sockaddr *)&to, sizeof(to))) {
		perror(argv[1]);
		return 1;
	}
	stream = fdopen(fd, "r+");
	if (!stream)
		return 1;
	ret = say(stream, "{\"execute\": \"qmp_capabilities\"}");
	for (int i = 2; i < argc && !ret; i++)
		ret = say(stream, argv[i]);
	return ret;
}
