/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ledger/blobs.h"

#include "base/text.h"
#include "ledger/merkle.h"

bool blobs_has(struct disk *d, const struct digest *sha256, bool *has,
	struct fault *f)
{
	char path[BLOB_PATH];
	uint64_t n;

	return d->size(d->self, blob_path(sha256, path), &n, has, f);
}

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
		blob_path(sha256, path), BLOB_DIFFERS);
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
