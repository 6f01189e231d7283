/* SPDX-License-Identifier: GPL-2.0-only */
/* A stock guest with a server's devices, on the user's terminal. */
#ifndef MDEV_SDK_RUN_GUEST_H
#define MDEV_SDK_RUN_GUEST_H

/*
 * Starts the server and, as its devices are at @socket, @socket.2, ..., the guest; ends the server
 * when the guest has ended. @wanted: a kernel, or NULL. LAB_FOUND: the server ended with a finding.
 */
int run_guest(const char *wanted, char *const *server_argv, const char *socket,
	      unsigned int instances);

#endif
