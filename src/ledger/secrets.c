/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ledger/secrets.h"

#include "base/encode.h"
#include "ledger/sign.h"

#include <inttypes.h>
#include <sodium.h>

enum { NONCE = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES, PATH = 80 };

_Static_assert(NONCE + BODY_SECRET + BODY_TAG == SECRETS_SLOT, "slot");

bool small_read(struct disk *d, const char *path,
	uint8_t out[SECRETS_FILE_MAX], size_t *n, struct fault *f)
{
	uint64_t size;
	bool exists, ok;
	int file;

	*n = 0;
	if (!d->size(d->self, path, &size, &exists, f))
		return false;
	if (!exists)
		return true;
	if (size > SECRETS_FILE_MAX)
		return fault(f, FAULT_LIMIT, "%s: more than %d bytes", path,
			SECRETS_FILE_MAX);
	if (!d->open(d->self, path, DISK_READ, &file, f))
		return false;
	ok = d->read(d->self, file, 0, out, (size_t)size, n, f);
	d->close(d->self, file);
	return ok;
}

bool small_write(struct disk *d, const char *path, struct bytes b,
	bool private_, struct fault *f)
{
	char temporary[PATH + 8];
	struct text t = text_on(temporary, sizeof temporary);
	bool exists, ok;
	uint64_t n;
	int file;

	text_fmt(&t, "%s.new", path);
	if (!text_check(&t, f) ||
		!d->size(d->self, temporary, &n, &exists, f) ||
		(exists && !d->remove(d->self, temporary, f)) ||
		!d->open(d->self, temporary,
			private_ ? DISK_CREATE_PRIVATE : DISK_CREATE, &file, f))
		return false;
	ok = d->write(d->self, file, 0, b, f) && d->sync(d->self, file, f);
	d->close(d->self, file);
	return ok && d->replace(d->self, temporary, path, f);
}

static const char *wrap_path(uint32_t epoch, char out[PATH])
{
	struct text t = text_on(out, PATH);

	text_fmt(&t, "ledger/keys/wrap.%08x", (unsigned)epoch);
	return out;
}

static const char *slots_path(uint32_t epoch, uint64_t number, char out[PATH])
{
	struct text t = text_on(out, PATH);

	text_fmt(&t, "ledger/secrets/%08x/%08" PRIx64, (unsigned)epoch, number);
	return out;
}

static const char wrap_front[] = "truce.wrap/1 ";

static bool new_epoch(struct secrets *s, struct fault *f)
{
	uint8_t key[BODY_SECRET];
	char at[96], path[PATH];
	struct text t = text_on(at, sizeof at);
	bool ok;

	if (s->epochs == SECRETS_EPOCHS)
		return fault(f, FAULT_LIMIT, "more than %d epochs of secrets",
			SECRETS_EPOCHS);
	sign_random(key, sizeof key);
	text_add(&t, wrap_front);
	text_base64(&t, (struct bytes){key, sizeof key});
	text_char(&t, '\n');
	ok = small_write(s->disk, wrap_path(s->epochs + 1, path),
		text_view(&t), true, f);
	if (ok)
		memcpy(s->wrap[s->epochs++], key, sizeof key);
	sign_forget(key, sizeof key);
	sign_forget(at, sizeof at);
	return ok;
}

static bool read_wrap(struct secrets *s, bool *got, struct fault *f)
{
	uint8_t at[SECRETS_FILE_MAX];
	size_t n, k = sizeof wrap_front - 1, len;
	char path[PATH];
	struct bytes b;

	*got = false;
	if (!small_read(s->disk, wrap_path(s->epochs + 1, path), at, &n, f))
		return false;
	if (n == 0)
		return true;
	b = (struct bytes){at, n};
	if (!bytes_start(b, wrap_front) || at[n - 1] != '\n' ||
		!base64_read(bytes_part(b, k, n - 1 - k), s->wrap[s->epochs],
			BODY_SECRET, &len, f) || len != BODY_SECRET)
		return fault(f, FAULT_INPUT, "%s: no wrap key", path);
	sign_forget(at, sizeof at);
	s->epochs++;
	*got = true;
	return true;
}

bool secrets_open(
	struct secrets *s, struct disk *d, bool make, struct fault *f)
{
	bool got = true;

	*s = (struct secrets){.disk = d, .file = -1};
	while (got && s->epochs < SECRETS_EPOCHS)
		if (!read_wrap(s, &got, f))
			return false;
	if (s->epochs > 0)
		return true;
	return make ? new_epoch(s, f) :
		fault(f, FAULT_INPUT, "ledger/keys: no wrap key");
}

static void close_file(struct secrets *s)
{
	struct disk *d = s->disk;
	struct fault no;

	if (s->file < 0)
		return;
	/* Nothing needs them any more; cutting is tidy and may fail. */
	if (s->for_writing && s->written > s->used)
		(void)d->truncate(d->self, s->file, s->used * SECRETS_SLOT,
			&no);
	d->close(d->self, s->file);
	s->file = -1;
}

void secrets_close(struct secrets *s)
{
	if (!s->disk)
		return;
	close_file(s);
	sign_forget(s->wrap, sizeof s->wrap);
	*s = (struct secrets){.file = -1};
}

/* *exists false: nothing to read. */
static bool open_file(struct secrets *s, uint32_t epoch, uint64_t number,
	bool write, bool *exists, struct fault *f)
{
	char path[PATH], folder[PATH];
	struct disk *d = s->disk;
	uint64_t size;

	*exists = true;
	if (s->file >= 0 && s->file_epoch == epoch &&
		s->file_number == number && (s->for_writing || !write))
		return true;
	close_file(s);
	(void)slots_path(epoch, number, path);
	if (!d->size(d->self, path, &size, exists, f))
		return false;
	if (!write && !*exists)
		return true;
	if (!d->open(d->self, path, !write ? DISK_READ : *exists ? DISK_WRITE :
			DISK_CREATE_PRIVATE, &s->file, f)) {
		s->file = -1;
		return false;
	}
	s->file_epoch = epoch;
	s->file_number = number;
	s->for_writing = write;
	s->used = s->written = (size + SECRETS_SLOT - 1) / SECRETS_SLOT;
	memcpy(folder, path, sizeof folder);
	folder[strlen("ledger/secrets/00000000")] = '\0';
	/* Also where it exists: its name may be as old as a crash. */
	if (write && !d->sync_folder(d->self, folder, f)) {
		close_file(s);
		return false;
	}
	*exists = true;
	return true;
}

static void seal_slot(const uint8_t wrap[BODY_SECRET], uint64_t index,
	const uint8_t secret[BODY_SECRET], const uint8_t nonce[NONCE],
	uint8_t out[SECRETS_SLOT])
{
	static const uint8_t none[BODY_SECRET];
	uint8_t about[8];

	if (memcmp(secret, none, sizeof none) == 0) {
		memset(out, 0, SECRETS_SLOT);
		return;
	}
	put_be(about, index, 8);
	memcpy(out, nonce, NONCE);
	(void)crypto_aead_xchacha20poly1305_ietf_encrypt(out + NONCE, NULL,
		secret, BODY_SECRET, about, sizeof about, NULL, out, wrap);
}

enum {
	AT_ONCE = 512, /* slots: a group of ledger_append() */
	/* Written ahead, as those of a log are (base/log_write.c): whole
	 * blocks of the file system, and whole slots. */
	ZEROS = 1024,
};

_Static_assert(ZEROS * SECRETS_SLOT % 4096 == 0 &&
	SECRETS_FILE_SLOTS % ZEROS == 0, "zeros end with a block and a slot");

/* A run within one file of the newest epoch. */
static bool put_run(struct secrets *s, uint64_t first,
	const uint8_t (*secret)[BODY_SECRET], size_t n, struct fault *f)
{
	uint8_t slot[(ZEROS + AT_ONCE) * SECRETS_SLOT], nonce[AT_ONCE][NONCE];
	uint64_t to = first % SECRETS_FILE_SLOTS;
	struct disk *d = s->disk;
	bool exists;

	if (!open_file(s, s->epochs, first / SECRETS_FILE_SLOTS, true, &exists,
		f))
		return false;
	for (size_t i = 0, k, all; i < n; i += k, to += all) {
		all = k = n - i < AT_ONCE ? n - i : AT_ONCE;
		/* A call each would cost more. */
		sign_random(nonce[0], k * NONCE);
		for (size_t j = 0; j < k; j++)
			seal_slot(s->wrap[s->epochs - 1], first + i + j,
				secret[i + j], nonce[j],
				slot + j * SECRETS_SLOT);
		if (to + k > s->used)
			s->used = to + k;
		if (n < AT_ONCE && s->used > s->written) {
			s->written = (to + k + ZEROS - 1) / ZEROS * ZEROS;
			all = (size_t)(s->written - to);
			memset(slot + k * SECRETS_SLOT, 0,
				(all - k) * SECRETS_SLOT);
		}
		if (!d->write(d->self, s->file, to * SECRETS_SLOT,
			(struct bytes){slot, all * SECRETS_SLOT}, f))
			return false;
	}
	return d->sync(d->self, s->file, f);
}

bool secrets_put(struct secrets *s, uint64_t first,
	const uint8_t (*secret)[BODY_SECRET], size_t n, struct fault *f)
{
	while (n > 0) {
		uint64_t left = SECRETS_FILE_SLOTS - first % SECRETS_FILE_SLOTS;
		size_t k = n < left ? n : (size_t)left;

		if (!put_run(s, first, secret, k, f)) {
			close_file(s);
			if (!new_epoch(s, f) || !put_run(s, first, secret, k,
				f)) {
				close_file(s);
				return fault_in(f, "ledger/secrets");
			}
		}
		first += k;
		secret += k;
		n -= k;
	}
	return true;
}

bool secrets_get(struct secrets *s, uint64_t index, uint8_t out[BODY_SECRET],
	enum secret_state *state, struct fault *f)
{
	static const uint8_t empty[SECRETS_SLOT];
	uint8_t slot[SECRETS_SLOT], about[8];

	*state = SECRET_EMPTY;
	put_be(about, index, 8);
	for (uint32_t e = s->epochs; e > 0; e--) {
		bool exists;
		size_t n;

		if (!open_file(s, e, index / SECRETS_FILE_SLOTS, false,
			&exists, f))
			return false;
		if (!exists)
			continue;
		memset(slot, 0, sizeof slot);
		if (!s->disk->read(s->disk->self, s->file, index %
			SECRETS_FILE_SLOTS * SECRETS_SLOT, slot, sizeof slot,
			&n, f))
			return false;
		if (memcmp(slot, empty, sizeof slot) == 0)
			continue;
		*state = crypto_aead_xchacha20poly1305_ietf_decrypt(out, NULL,
			NULL, slot + NONCE, sizeof slot - NONCE, about,
			sizeof about, slot, s->wrap[e - 1]) == 0 ?
			SECRET_OPEN : SECRET_DAMAGED;
		if (*state == SECRET_OPEN)
			return true;
	}
	return true;
}

static const uint8_t no_slot[SECRETS_SLOT];

bool secrets_erase(struct secrets *s, uint64_t index, struct fault *f)
{
	uint64_t number = index / SECRETS_FILE_SLOTS;
	uint64_t at = index % SECRETS_FILE_SLOTS * SECRETS_SLOT;
	struct disk *d = s->disk;

	for (uint32_t e = s->epochs; e > 0; e--) {
		uint8_t slot[SECRETS_SLOT] = {0};
		bool exists;
		size_t n;

		if (!open_file(s, e, number, false, &exists, f))
			return false;
		if (!exists)
			continue;
		if (!d->read(d->self, s->file, at, slot, sizeof slot, &n, f))
			return false;
		if (memcmp(slot, no_slot, sizeof slot) == 0)
			continue;
		sign_forget(slot, sizeof slot);
		if (!open_file(s, e, number, true, &exists, f))
			return false;
		if (!d->write(d->self, s->file, at,
			    (struct bytes){no_slot, n}, f) ||
			!d->sync(d->self, s->file, f)) {
			close_file(s);
			return fault_in(f, "ledger/secrets");
		}
	}
	return true;
}

/* -- all slots -- */

struct check {
	struct secrets *of;
	uint32_t epoch;
	uint64_t size;
	bool (*erased)(void *self, uint64_t index);
	void *self;
	char folder[PATH];
};

static bool slot_ok(struct check *c, uint64_t index, struct bytes slot)
{
	static const uint8_t empty[SECRETS_SLOT];
	uint8_t secret[BODY_SECRET], about[8];
	bool ok;

	put_be(about, index, 8);
	if (memcmp(slot.at, empty, SECRETS_SLOT) == 0)
		return true;
	ok = crypto_aead_xchacha20poly1305_ietf_decrypt(secret, NULL, NULL,
		slot.at + NONCE, SECRETS_SLOT - NONCE, about, sizeof about,
		slot.at, c->of->wrap[c->epoch - 1]) == 0;
	sign_forget(secret, sizeof secret);
	return ok;
}

/* What does not open, and is needed. */
static bool slot_lost(struct check *c, uint64_t index)
{
	uint8_t secret[BODY_SECRET];
	enum secret_state state;
	struct fault no;
	bool lost;

	if (index >= c->size || c->erased(c->self, index))
		return false;
	/* An empty one is looked for with its entry. */
	lost = !secrets_get(c->of, index, secret, &state, &no) ||
		state == SECRET_DAMAGED;
	sign_forget(secret, sizeof secret);
	return lost;
}

static bool check_file(void *self, const char *name, struct fault *f)
{
	struct check *c = self;
	struct disk *d = c->of->disk;
	char path[2 * PATH];
	struct text t = text_on(path, sizeof path);
	uint8_t number[4];
	uint64_t first;
	struct bytes all;
	bool ok = true;

	text_fmt(&t, "%s/%.20s", c->folder, name);
	if (!hex_read(bytes_of(name), number, sizeof number, f))
		return fault_in(f, "%s", path);
	if (!d->map(d->self, path, &all, f))
		return false;
	first = bytes_be((struct bytes){number, 4}) * SECRETS_FILE_SLOTS;
	if (all.len > (size_t)SECRETS_FILE_SLOTS * SECRETS_SLOT)
		ok = fault(f, FAULT_INPUT, "%s: too many slots", path);
	if (ok && all.len % SECRETS_SLOT != 0)
		ok = !slot_lost(c, first + all.len / SECRETS_SLOT) ||
			fault(f, FAULT_INPUT, "%s: no whole number of slots",
				path);
	for (size_t i = 0; ok && i < all.len / SECRETS_SLOT; i++)
		ok = slot_ok(c, first + i, bytes_part(all, i * SECRETS_SLOT,
			SECRETS_SLOT)) || !slot_lost(c, first + i) ||
			fault(f, FAULT_INPUT, "%s: the slot of entry %" PRIu64
				" is damaged", path, first + i);
	d->unmap(d->self, all);
	return ok;
}

static bool check_epoch(void *self, const char *name, struct fault *f)
{
	struct check *c = self;
	uint8_t number[4];
	struct text t = text_on(c->folder, sizeof c->folder);

	text_fmt(&t, "ledger/secrets/%.20s", name);
	if (!hex_read(bytes_of(name), number, sizeof number, f))
		return fault_in(f, "%s", c->folder);
	c->epoch = (uint32_t)bytes_be((struct bytes){number, 4});
	if (c->epoch < 1 || c->epoch > c->of->epochs)
		return fault(f, FAULT_INPUT, "%s: has no wrap key", c->folder);
	return c->of->disk->list(
		c->of->disk->self, c->folder, check_file, c, f);
}

bool secrets_check(struct secrets *s, uint64_t size,
	bool (*erased)(void *self, uint64_t index), void *self,
	struct fault *f)
{
	struct check c = {.of = s, .size = size, .erased = erased,
		.self = self};

	return s->disk->list(
		s->disk->self, "ledger/secrets", check_epoch, &c, f);
}
