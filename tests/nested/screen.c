// SPDX-License-Identifier: GPL-2.0-only
/*
 * In the inner guest: writes a text into the middle of the console's screen, and says which pixels
 * each of its letters has in the console's font.
 * usage: nested-screen TTY TEXT
 */
#include <fcntl.h>
#include <linux/kd.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define LINES_OF_A_GLYPH 32	/* the kernel's format has so many, whatever the font's height */

static unsigned char glyphs[512 * LINES_OF_A_GLYPH];

int main(int argc, char **argv)
{
	struct console_font_op font = {
		.op = KD_FONT_OP_GET, .width = 8, .height = LINES_OF_A_GLYPH, .charcount = 512,
		.data = glyphs,
	};
	int tty = argc == 3 ? open(argv[1], O_RDWR) : -1;

	if (tty < 0 || ioctl(tty, KDFONTOP, &font)) {
		perror("console font");
		return 1;
	}
	/* Clear, no cursor, row 12 column 30. */
	dprintf(tty, "\033[2J\033[?25l\033[12;30H%s", argv[2]);
	printf("l2: font %u %u\n", font.width, font.height);
	for (const char *c = argv[2]; *c; c++) {
		printf("l2: glyph ");
		for (unsigned int y = 0; y < font.height; y++)
			printf("%02x", glyphs[(unsigned char)*c * LINES_OF_A_GLYPH + y]);
		putchar('\n');
	}
	return 0;
}
