/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ledger/blobs.h"

#include "base/encode.h"
#include "ledger/merkle.h"

const char *blob_path(const struct digest *d, char out[BLOB_PATH])
{
	struct text t = text_on(out, BLOB_PATH);
	char hex[SHA256_HEX];

	(void)digest_hex(d, hex);
	text_fmt(&t, "blobs/sha256/%.2s/%.2s/%s", hex, hex + 2, hex);
	return out;
}

struct blob blob_of(struct bytes b)
{
	return (struct blob){.sha256 = sha256_of(b),
		.leaves = merkle_pieces(b), .size = b.len};
}

bool blobs_get(struct disk *d, const struct digest *sha256, struct bytes *b,
	struct fault *f)
{
	char path[BLOB_PATH];

	return d->map(d->self, blob_path(sha256, path), b, f);
}

void blobs_release(struct disk *d, struct bytes b)
{
	d->unmap(d->self, b);
}

bool blobs_verify(struct disk *d, const struct digest *sha256,
	struct blob *blob, struct fault *f)
{
	char path[BLOB_PATH];
	struct bytes b;

	if (!blobs_get(d, sha256, &b, f))
		return false;
	*blob = blob_of(b);
	blobs_release(d, b);
	return digest_equal(&blob->sha256, sha256) || fault(f, FAULT_INPUT,
		"%s: %s", blob_path(sha256, path), BLOB_DIFFERS);
}

/* -- all of them: folders aa, bb, then files -- */

struct walk {
	struct disk *disk;
	bool (*each)(void *self, const struct digest *, struct fault *);
	void *self;
	char a[3], folder[BLOB_PATH];
};

static bool walk_file(void *self, const char *name, struct fault *f)
{
	struct walk *w = self;
	char path[BLOB_PATH], here[2 * BLOB_PATH];
	struct text t = text_on(here, sizeof here);
	struct digest d;
	struct fault no;
	size_t n = strlen(name);

	if (n > 4 && strcmp(name + n - 4, ".new") == 0)
		return true; /* of a crash; never had its name */
	text_fmt(&t, "%s/%.80s", w->folder, name);
	if (!hex_read(bytes_of(name), d.at, sizeof d.at, &no) ||
		strcmp(blob_path(&d, path), here) != 0)
		return fault(f, FAULT_INPUT, "%s is no blob", here);
	return w->each(w->self, &d, f);
}

static bool walk_b(void *self, const char *name, struct fault *f)
{
	struct walk *w = self;
	struct text t = text_on(w->folder, sizeof w->folder);

	text_fmt(&t, "blobs/sha256/%s/%.40s", w->a, name);
	return w->disk->list(w->disk->self, w->folder, walk_file, w, f);
}

static bool walk_a(void *self, const char *name, struct fault *f)
{
	struct walk *w = self;
	char folder[BLOB_PATH];
	struct text t = text_on(folder, sizeof folder);

	if (strlen(name) != 2)
		return fault(f, FAULT_INPUT, "blobs/sha256/%.80s is no folder "
			"of blobs", name);
	memcpy(w->a, name, 3);
	text_fmt(&t, "blobs/sha256/%s", name);
	return w->disk->list(w->disk->self, folder, walk_b, w, f);
}

bool blobs_each(struct disk *d,
	bool (*each)(void *self, const struct digest *, struct fault *),
	void *self, struct fault *f)
{
	struct walk w = {.disk = d, .each = each, .self = self};

	return d->list(d->self, "blobs/sha256", walk_a, &w, f);
}

/* -- the note in the spool -- */
