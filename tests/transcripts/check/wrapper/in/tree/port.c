// SPDX-License-Identifier: GPL-2.0-only
static long port_mode(struct port *port, void __user *arg)
{
	return vnd_copy_to_user(arg, &port->mode, sizeof(port->mode));
}
