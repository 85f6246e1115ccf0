/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ledger/pack.h"

#include "ledger/people.h"
#include "ledger/proof.h"
#include "ledger/secrets.h"
#include "ledger/tiles.h"

#include <stdlib.h>

enum { TEXT_MAX = 1 << 18, PATH = 256 };

static const char readme[] =
"What this folder proves, and how to check it without trusting who gave it\n"
"\n"
"  sha256sum -c MANIFEST      the files came through whole\n"
"  truce audit .              the log is honest; ends in VERIFIED or not\n"
"  web/verify/index.html      the same in a browser: choose this folder\n"
"\n"
"Compare two things with what you hold on paper: the log's key and the hash\n"
"of entry 0, which both programs print.  Proved then: who said what, and no\n"
"later than when; that nothing was changed since.  Not proved: who fired;\n"
"calm where nobody looked.\n"
"\n"
"The formats, byte by byte: docs/PROOF.md of the program.  An entry is 168\n"
"bytes; tile/entries holds them, each behind a length of two bytes; its leaf\n"
"is SHA-256 of a zero byte and the entry; two hashes join as SHA-256 of a\n"
"one byte and both (RFC 6962).  The root of all leaves stands in checkpoint,\n"
"signed by the log's key.  disclosures/ holds what entries say.\n";

struct packer {
	struct ledger *ledger;
	struct disk *from, *to;
	struct pack *out;
	char *manifest;
	struct text list;
	size_t room;
	uint8_t note_at[SECRETS_FILE_MAX];
	struct bytes note;
	uint64_t size; /* under the checkpoint */
	char *text;    /* TEXT_MAX */
};

static bool note_file(struct packer *p, const char *path,
	const struct digest *d, uint64_t size, struct fault *f)
{
	char hex[SHA256_HEX];

	if (p->list.len + PATH + SHA256_HEX > p->room) {
		size_t room = p->room ? 2 * p->room : 1 << 16;
		char *more = realloc(p->manifest, room);

		if (!more)
			return fault(f, FAULT_LIMIT, "memory");
		p->manifest = more;
		p->room = room;
		p->list.at = more;
		p->list.size = room;
	}
	text_fmt(&p->list, "%s  %s\n", digest_hex(d, hex), path);
	p->out->files++;
	p->out->bytes += size;
	return text_check(&p->list, f);
}

static bool put(struct packer *p, const char *path, struct bytes b,
	struct fault *f)
{
	struct disk *d = p->to;
	struct digest sha = sha256_of(b);
	int file;
	bool ok;

	if (!d->open(d->self, path, DISK_CREATE, &file, f))
		return fault_in(f, "%s", path);
	ok = d->write(d->self, file, 0, b, f) && d->sync(d->self, file, f);
	d->close(d->self, file);
	return (ok || fault_in(f, "%s", path)) &&
		note_file(p, path, &sha, b.len, f);
}

static bool put_entry(void *self, const struct ledger_entry *e,
	struct fault *f)
{
	struct packer *p = self;
	const struct people_item *sealed; /* under an embargo */
	struct text t = text_on(p->text, TEXT_MAX);
	struct proof proof = {.index = e->index, .note = p->note};
	char path[PATH];
	struct text name = text_on(path, sizeof path);

	if (e->index >= p->size)
		return false;
	p->out->entries++;
	sealed = people_item_at(ledger_people(p->ledger), e->index);
	if (!e->open || (e->entry.type == ENTRY_SEALED &&
			!(sealed && sealed->lifted)))
		return true;
	text_add(&name, "disclosures/");
	tile_index(e->index, &name);
	text_add(&name, ".disclosure");
	if (!ledger_proof_in(p->ledger, e->index, p->size, &proof.path, f) ||
		!disclosure_print(e->raw.at, e->plain, e->secret, NULL, NULL,
			&proof, &t, f))
		return fault_in(f, "%s", path);
	p->out->bodies++;
	return put(p, path, text_view(&t), f);
}

static bool put_blob(void *self, const struct digest *d, struct fault *f)
{
	struct packer *p = self;
	char path[BLOB_PATH];
	struct bytes b;
	bool ok;

	if (!blobs_get_sound(p->from, d, &b, f))
		return false;
	ok = put(p, blob_path(d, path), b, f);
	blobs_release(p->from, b);
	p->out->blobs++;
	return ok;
}

static bool put_tile(struct packer *p, struct tile *t, struct fault *f)
{
	if (!tiles_read(p->from, "ledger/pub", t, f))
		return false;
	return t->len > 0 ? put(p, t->path, (struct bytes){t->at, t->len}, f)
			  : fault(f, FAULT_INPUT, "%s: is not there", t->path);
}

static bool put_tiles(struct packer *p, struct fault *f)
{
	struct tile t = {.level = TILE_ENTRIES, .at = malloc(TILE_BUNDLE)};
	bool ok = t.at || fault(f, FAULT_LIMIT, "memory");

	for (; ok && t.level < 8; t.level++) {
		uint64_t has = tile_level_size(
			t.level < 0 ? 0 : t.level, p->size);

		for (t.n = 0; ok && t.n * TILE_WIDTH < has; t.n++) {
			t.width = tile_width(t.n, has);
			ok = put_tile(p, &t, f);
		}
	}
	free(t.at);
	return ok;
}

static bool everything(struct packer *p, struct fault *f)
{
	struct checkpoint c;
	struct note n;
	size_t len;

	if (!small_read(p->from, "ledger/pub/checkpoint", p->note_at, &len, f))
		return false;
	p->note = (struct bytes){p->note_at, len};
	if (len == 0 || !note_read(p->note, &n, f) ||
		!note_checkpoint(&n, &c, f))
		return len > 0 ? false : fault(f, FAULT_INPUT,
			"no checkpoint is published yet: truce replay");
	if (c.size > ledger_size(p->ledger))
		return fault(f, FAULT_SYSTEM, "the checkpoint is of a longer "
			"log: a restored backup?");
	p->size = c.size;
	f->kind = FAULT_NONE;
	if (!put(p, "checkpoint", p->note, f) || !put_tiles(p, f) ||
		(!ledger_read(p->ledger, 0, put_entry, p, f)) ||
		!blobs_each(p->from, put_blob, p, f) ||
		!put(p, "README", bytes_of(readme), f))
		return false;
	/* Not by put(): it does not name itself. */
	struct text list = p->list;

	return put(p, "MANIFEST", text_view(&list), f);
}

bool pack_write(struct ledger *l, struct disk *from, struct disk *to,
	struct pack *out, struct fault *f)
{
	struct packer p = {l, from, to, out, .text = malloc(TEXT_MAX)};
	bool ok;

	*out = (struct pack){0};
	p.list = text_on(NULL, 0);
	ok = p.text ? everything(&p, f) : fault(f, FAULT_LIMIT, "memory");
	free(p.text);
	free(p.manifest);
	return ok;
}
