// SPDX-License-Identifier: GPL-2.0-only
/* No zero, no more bits than there are, no product that wraps. */
#include <linux/log2.h>
#include <linux/math64.h>
#include <linux/overflow.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

#define MESH_ROWS 4096

struct mesh_request {
	__u32 argsz;
	__u32 rows;
	__u32 columns;
	__u32 order;
	__u64 threads;
};

struct mesh_thread {
	u64 colour;
	u64 length;
};

struct mesh {
	struct vfio_device vdev;
	u32 width;
	u32 step;
	u64 total;
	struct mesh_thread *threads;
	u8 *cloth;
};

static long mesh_step(struct mesh *mesh, void __user *arg)
{
	struct mesh_request request;

	if (copy_from_user(&request, arg, sizeof(request)))
		return -EFAULT;
	if (!request.columns || request.rows == 0)
		return -EINVAL;
	return mesh->width / request.columns + mesh->width % request.rows;
}

static u32 mesh_rest(const struct mesh *mesh, u32 columns)
{
	return columns ? mesh->width % columns : 0;
}

static long mesh_left(struct mesh *mesh, void __user *arg)
{
	struct mesh_request request;

	if (copy_from_user(&request, arg, sizeof(request)))
		return -EFAULT;
	return mesh_rest(mesh, request.columns);
}

static long mesh_share(struct mesh *mesh, void __user *arg)
{
	struct mesh_request request;

	if (copy_from_user(&request, arg, sizeof(request)))
		return -EFAULT;
	if (request.threads < 1 || !is_power_of_2(request.rows))
		return -EINVAL;
	return div64_u64(mesh->total, request.threads) + mesh->width / request.rows;
}

static long mesh_set_step(struct mesh *mesh, void __user *arg)
{
	struct mesh_request request;

	if (copy_from_user(&request, arg, sizeof(request)))
		return -EFAULT;
	if (!request.rows)
		return -EINVAL;
	mesh->step = request.rows;
	return 0;
}

static u32 mesh_steps(const struct mesh *mesh)
{
	return DIV_ROUND_UP(mesh->width, mesh->step);
}

static long mesh_order(struct mesh *mesh, void __user *arg)
{
	struct mesh_request request;

	if (copy_from_user(&request, arg, sizeof(request)))
		return -EFAULT;
	if (request.order >= 32)
		return -EINVAL;
	mesh->width = 1U << request.order;
	mesh->total = 1ULL << (request.columns & 63);
	return 0;
}

static bool mesh_is_sound(const struct mesh_request *request)
{
	return request->rows <= MESH_ROWS && request->columns <= MESH_ROWS;
}

static long mesh_weave(struct mesh *mesh, void __user *arg)
{
	struct mesh_request request;

	if (copy_from_user(&request, arg, sizeof(request)))
		return -EFAULT;
	if (!mesh_is_sound(&request))
		return -EINVAL;
	mesh->cloth = kzalloc(request.rows * request.columns, GFP_KERNEL);
	return mesh->cloth ? 0 : -ENOMEM;
}

static int mesh_string(struct mesh *mesh, u32 rows)
{
	size_t bytes = rows * sizeof(struct mesh_thread);

	mesh->threads = kvmalloc(bytes, GFP_KERNEL);
	if (!mesh->threads)
		return -ENOMEM;
	return 0;
}

static long mesh_strings(struct mesh *mesh, void __user *arg)
{
	struct mesh_request request;

	if (copy_from_user(&request, arg, sizeof(request)))
		return -EFAULT;
	return mesh_string(mesh, request.rows);
}

static long mesh_threads(struct mesh *mesh, void __user *arg)
{
	struct mesh_request request;
	size_t bytes;

	if (copy_from_user(&request, arg, sizeof(request)))
		return -EFAULT;
	if (check_mul_overflow(request.threads, sizeof(*mesh->threads), &bytes))
		return -EOVERFLOW;
	mesh->threads = vmalloc(bytes);
	kvfree(mesh->threads);
	mesh->threads = kcalloc(request.threads, sizeof(*mesh->threads), GFP_KERNEL);
	return mesh->threads ? 0 : -ENOMEM;
}

static long mesh_pages(struct mesh *mesh, void __user *arg)
{
	struct mesh_request request;

	if (copy_from_user(&request, arg, sizeof(request)))
		return -EFAULT;
	mesh->cloth = vmalloc((size_t)request.rows << PAGE_SHIFT);
	return mesh->cloth ? 0 : -ENOMEM;
}
