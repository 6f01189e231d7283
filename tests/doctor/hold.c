// SPDX-License-Identifier: GPL-2.0-only
/* Opens a mediated device by its UUID, says so with the file /tmp/held, and stays. */
#include <fcntl.h>
#include <limits.h>
#include <linux/vfio.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

static int open_group(const char *uuid)
{
	char path[PATH_MAX], target[PATH_MAX];
	ssize_t len;

	snprintf(path, sizeof(path), "/sys/bus/mdev/devices/%s/iommu_group", uuid);
	len = readlink(path, target, sizeof(target) - 1);
	if (len < 0)
		return -1;
	target[len] = '\0';
	snprintf(path, sizeof(path), "/dev/vfio/%s", strrchr(target, '/') + 1);
	return open(path, O_RDWR);
}

int main(int argc, char **argv)
{
	int container = open("/dev/vfio/vfio", O_RDWR);
	int group = argc == 2 ? open_group(argv[1]) : -1;

	if (ioctl(group, VFIO_GROUP_SET_CONTAINER, &container) ||
	    ioctl(container, VFIO_SET_IOMMU, VFIO_TYPE1_IOMMU) ||
	    ioctl(group, VFIO_GROUP_GET_DEVICE_FD, argv[1]) < 0) {
		perror("hold");
		return 1;
	}
	mkdir("/tmp", 0700);
	close(open("/tmp/held", O_CREAT | O_WRONLY, 0600));
	pause();
	return 0;
}
