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

bool blobs_has(struct disk *d, const struct digest *sha256, bool *has,
	struct fault *f)
{
	char path[BLOB_PATH];
	uint64_t n;

	return d->size(d->self, blob_path(sha256, path), &n, has, f);
}

bool blobs_get(struct disk *d, const struct digest *sha256, struct bytes *b,
	struct fault *f)
{
	char path[BLOB_PATH];

	return d->map(d->self, blob_path(sha256, path), b, f);
}

static const char differs[] = "its bytes are not what its name says";

bool blobs_get_sound(struct disk *d, const struct digest *sha256,
	struct bytes *b, struct fault *f)
{
	char path[BLOB_PATH];
	struct digest is;

	if (!blobs_get(d, sha256, b, f))
		return false;
	is = sha256_of(*b);
	if (digest_equal(&is, sha256))
		return true;
	blobs_release(d, *b);
	return fault(f, FAULT_SYSTEM, "%s: %s; put a sound copy there, or "
		"remove it and take its file in again",
		blob_path(sha256, path), differs);
}

void blobs_release(struct disk *d, struct bytes b)
{
	d->unmap(d->self, b);
}

/* There, and with these bytes. */
static bool same(struct disk *d, const struct blob *blob, struct bytes want,
	bool *is, struct fault *f)
{
	struct bytes b;

	*is = false;
	if (!blobs_has(d, &blob->sha256, is, f))
		return false;
	if (!*is)
		return true;
	if (!blobs_get(d, &blob->sha256, &b, f))
		return false;
	*is = bytes_equal(b, want);
	blobs_release(d, b);
	return true;
}

static bool write_new(struct disk *d, const char *path, struct bytes b,
	struct fault *f)
{
	char temporary[BLOB_PATH + 8];
	struct text t = text_on(temporary, sizeof temporary);
	bool exists, ok;
	uint64_t n;
	int file;

	text_fmt(&t, "%s.new", path);
	if (!d->size(d->self, temporary, &n, &exists, f) ||
		(exists && !d->remove(d->self, temporary, f)) ||
		!d->open(d->self, temporary, DISK_CREATE_SEALED, &file, f))
		return false;
	ok = d->write(d->self, file, 0, b, f) && d->sync(d->self, file, f);
	d->close(d->self, file);
	return ok && d->replace(d->self, temporary, path, f);
}

bool blobs_put(struct disk *d, struct bytes b, struct blob *blob, bool *fresh,
	struct fault *f)
{
	*blob = blob_of(b);
	return blobs_put_as(d, b, blob, fresh, f);
}

bool blobs_put_as(struct disk *d, struct bytes b, const struct blob *blob,
	bool *fresh, struct fault *f)
{
	char path[BLOB_PATH], folder[BLOB_PATH];
	bool there;

	(void)blob_path(&blob->sha256, path);
	if (!same(d, blob, b, &there, f))
		return fault_in(f, "%s", path);
	if (fresh)
		*fresh = !there;
	if (!there)
		return write_new(d, path, b, f) || fault_in(f, "%s", path);
	/* Its name may have been given just before a crash. */
	memcpy(folder, path, sizeof folder);
	folder[strlen("blobs/sha256/aa/bb")] = '\0';
	return d->sync_folder(d->self, folder, f);
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
		"%s: %s", blob_path(sha256, path), differs);
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

bool blob_note(const struct blob *b, struct bytes about,
	uint8_t out[BLOB_NOTE_MAX], size_t *n, struct fault *f)
{
	if (about.len > BLOB_NOTE_MAX - BLOB_NOTE)
		return fault(f, FAULT_LIMIT, "%zu bytes about a file, wants at "
			"most %d", about.len, BLOB_NOTE_MAX - BLOB_NOTE);
	memcpy(out, b->sha256.at, SHA256_LEN);
	put_be(out + 32, b->size, 8);
	memcpy(out + 40, b->leaves.at, SHA256_LEN);
	if (about.len > 0)
		memcpy(out + BLOB_NOTE, about.at, about.len);
	*n = BLOB_NOTE + about.len;
	return true;
}

bool blob_note_read(struct bytes in, struct blob *b, struct bytes *about,
	struct fault *f)
{
	struct reader r = reader(in);
	struct bytes sha256 = read_bytes(&r, SHA256_LEN), leaves;

	b->size = read_u64be(&r);
	leaves = read_bytes(&r, SHA256_LEN);
	if (r.ran_out)
		return fault(f, FAULT_INPUT, "note of a file: %zu bytes, wants "
			"%d", in.len, BLOB_NOTE);
	memcpy(b->sha256.at, sha256.at, SHA256_LEN);
	memcpy(b->leaves.at, leaves.at, SHA256_LEN);
	*about = bytes_part(in, r.pos, in.len);
	return true;
}
