// SPDX-License-Identifier: GPL-2.0-only
static int my_caps(struct my_dev *my, struct vfio_info_cap *caps)
{
	struct my_cap cap;

	cap.header.id = MY_CAP;
	cap.header.version = 1;
	cap.speed = my->speed;
	return vfio_info_add_capability(caps, &cap.header, sizeof(cap));
}
