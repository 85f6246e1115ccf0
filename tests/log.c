/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The log format, salvage, and every disk call that can fail. */
#include "base/encode.h"
#include "base/log.h"
#include "check.h"
#include "faulty.h"
#include "ledger/merkle.h"
#include "spool/files.h"
#include "spool/spool.h"

#include <sys/stat.h>

static struct digest want_digest(const char *hex)
{
	struct digest d = {{0}};
	struct fault f;

	if (!hex_read(bytes_of(hex), d.at, sizeof d.at, &f))
		abort();
	return d;
}

static bool is(const struct digest *d, const char *hex)
{
	struct digest w = want_digest(hex);

	return digest_equal(d, &w);
}

/* SCALE.md 14, over the frame of PROOF.md 17. */
static void test_vectors(void)
{
	static const char frame[] =
		"43465331000100010199b2c3d4e57f008a1b2c3d4e5f607100000007000000"
		"1000000000000000291889f490754bcc000000001cbe991a08000f42400102"
		"00031caf0e87167197ea000252ba0000000000112233445566aa9e0f425b76"
		"2c4783f876c3d1fcc04a27cc6eb001a96ddd325f948d3945c59834"
		"00000000000000000000000000000000"
		"00000000000000000000000000000000"
		"ce7d442824cec6ad030804eefc5bc755162a2fa9ed7d05ff2d72e32b1ac81c"
		"03de89959b6cbd28da4b50a763f08210916f1411ff4371410316f0e5f36740"
		"ef03";
	uint8_t payload[232], header[64], head[LOG_HEAD];
	struct journal_record r = {.sequence = 1000,
		.received = {INT64_C(1768213231250000000)}, .feed = 3,
		.kind = JOURNAL_FRAME, .payload = {payload, sizeof payload}};
	struct log_head h = {.use = LOG_SPOOL, .first = 1000,
		.created = {INT64_C(1768213200000000000)}}, back;
	struct digest d;
	struct fault f;

	CHECK(hex_read(bytes_of(frame), payload, 216, &f), "frame, 216 bytes");
	memcpy(payload + 216, "frame payload 41", 16);
	log_record_seal(&r, header);
	CHECK(is(&r.digest, "f2bbcbda42573c14be9881dc8585e1321e891ce20ef59bd53"
			    "4dde3568f21ef1e"), "record digest");

	d = sha256_of(bytes_of("cfm test log id"));
	memcpy(h.id, d.at, LOG_ID);
	log_head_write(&h, head);
	memcpy(d.at, head + 96, 32);
	CHECK(is(&d, "2cb642f30b2f60853ae40acde2e1811dc96d2fecdc0aa88b5c7568"
		     "9508d9eacf"), "segment header");
	CHECK(log_head_read((struct bytes){head, sizeof head}, &back, &f) &&
			back.first == 1000 && back.use == LOG_SPOOL &&
			back.created.utc_ns == h.created.utc_ns,
		"segment header there and back");
	for (size_t i = 0; i < 8 * sizeof head; i++) {
		head[i / 8] ^= (uint8_t)(1 << i % 8);
		CHECK_QUIET(!log_head_read((struct bytes){head, sizeof head},
				&back, &f), "head bit %zu", i);
		head[i / 8] ^= (uint8_t)(1 << i % 8);
	}
}

/* The two headers of SCALE.md 14 in one tree; the second record's digest is
 * the page's. */
static void test_intake_root(void)
{
	struct journal_record r = {.sequence = 1000,
		.received = {INT64_C(1768213231250000000)}, .feed = 3,
		.kind = JOURNAL_FRAME, .digest = want_digest(
			"f2bbcbda42573c14be9881dc8585e1321e891ce20ef59bd534dd"
			"e3568f21ef1e")};
	static const uint8_t empty[232];
	uint8_t header[64];
	struct merkle m = {0};
	struct digest leaf, root;

	r.payload = (struct bytes){empty, sizeof empty};
	log_record_header(&r, header);
	leaf = merkle_leaf((struct bytes){header, 64});
	merkle_add(&m, &leaf);
	r.sequence++;
	r.received.utc_ns += 1000000000;
	r.digest = want_digest("0407714793b0ce43fc5ead53bcd48cf4467e14204c95"
			       "0393f434133914358db4");
	log_record_header(&r, header);
	leaf = merkle_leaf((struct bytes){header, 64});
	merkle_add(&m, &leaf);
	root = merkle_root(&m);
	CHECK(is(&root, "d4ccb68ea345752d77eb57e51e8daeab6e0f4e13fc3cbaf7caef"
			"2ff931f5a7b8"), "root over two headers");
}

/* -- what a log holds -- */

/* Payloads are a number and filler that follows from it, so that any record
 * can be told, and told to be whole. */
enum { PAYLOAD_MAX = 2000, NUMBERS = 4096 };

static size_t payload(uint32_t n, uint8_t out[PAYLOAD_MAX])
{
	size_t len = 4 + n * 37 % 900;

	put_be(out, n, 4);
	for (size_t i = 4; i < len; i++)
		out[i] = (uint8_t)(n * 7 + i);
	return len;
}

struct held {
	uint32_t number[NUMBERS];
	bool salvaged[NUMBERS];
	size_t n;
	bool sound;
};

static bool hold(void *self, const struct journal_record *r, struct fault *f)
{
	struct held *h = self;
	uint8_t want[PAYLOAD_MAX];
	uint32_t n = (uint32_t)bytes_be(bytes_part(r->payload, 0, 4));

	(void)f;
	if (h->n == NUMBERS || r->sequence != h->n ||
		!bytes_equal(r->payload,
			(struct bytes){want, payload(n, want)})) {
		h->sound = false;
		return true;
	}
	h->salvaged[h->n] = (r->flags & JOURNAL_SALVAGED) != 0;
	h->number[h->n++] = n;
	return true;
}

static bool read_all(struct log *l, struct held *h, struct fault *f)
{
	struct journal j = log_journal(l);

	h->n = 0;
	h->sound = true;
	return j.read(j.self, 0, hold, h, f) && h->sound;
}

static bool add(struct log *l, uint32_t from, size_t count, struct fault *f)
{
	static uint8_t at[64][PAYLOAD_MAX];
	struct journal_record r[64];

	for (uint32_t i = 0; i < count; i++)
		r[i] = (struct journal_record){.kind = JOURNAL_PACKET,
			.received = {1000000 * (int64_t)(from + i)},
			.feed = i, .payload = {at[i],
				payload(from + i, at[i])}};
	return log_append(l, r, count, f);
}

static const struct log_options plain = {
	.folder = "spool/x", .use = LOG_SPOOL, .writable = true};

static bool open_small(struct log *l, struct faulty *x, enum log_use use,
	uint64_t segment_max, struct fault *f)
{
	struct log_options o = plain;

	o.use = use;
	o.segment_max = segment_max;
	return log_open(l, &x->disk, &o, f);
}

static uint64_t written, last_write; /* bytes of the file, zeros too */

static bool note_write(
	void *self, int file, uint64_t at, struct bytes b, struct fault *f)
{
	if (at + b.len > written)
		written = at + b.len;
	last_write = b.len;
	return faulty_write(self, file, at, b, f);
}

/* Small groups come where zeros were written before, so that their sync is of
 * their own bytes only; large ones are not written twice for it. */
static void test_zeros(void)
{
	struct faulty *x = faulty_make();
	static struct held h;
	struct fault f = {0};
	struct log l;
	bool ok;

	x->disk.write = note_write;
	written = 0;
	ok = open_small(&l, x, LOG_SPOOL, 1 << 20, &f);
	for (uint32_t i = 0; ok && i < 100; i++)
		ok = add(&l, i, 1, &f) && written == 1 << 16 &&
			(i == 0 || last_write < 1100);
	CHECK(ok && l.at < 1 << 16, "100 groups over the same 64 KiB: %d of "
		"%d: %s", (int)l.at, (int)written, f.text);
	for (uint32_t i = 100; ok && l.at < 1 << 16; i++)
		ok = add(&l, i, 1, &f);
	CHECK(ok && written == 2 << 16, "and over the next: %d", (int)written);
	for (uint32_t i = (uint32_t)l.end; ok && l.at < 3 << 16; i += 64)
		ok = add(&l, i, 64, &f);
	CHECK(ok && l.at == written, "64 records of 33 KB are written once: "
		"%d of %d: %s", (int)l.at, (int)written, f.text);
	struct journal_record late = {.kind = JOURNAL_PACKET,
		.received = {2 * LOG_SEGMENT_NS}};
	uint64_t n = l.end;

	written = 0;
	CHECK(ok && log_append(&l, &late, 1, &f) && l.segments == 2 &&
		written == 1 << 16, "in the next segment too: %d",
		(int)written);
	log_close(&l);
	ok = open_small(&l, x, LOG_SPOOL, 1 << 20, &f) && l.cut == 0 &&
		!read_all(&l, &h, &f) && h.n == n && l.end == n + 1;
	CHECK(ok && n > 250, "all there: %zu: %s", h.n, f.text);
	log_close(&l);
	written = 0;
	ok = ok && open_small(&l, x, LOG_SPOOL, 40000, &f) &&
		add(&l, (uint32_t)l.end, 1, &f);
	CHECK(ok && written <= 40000, "no further than the segment: %d",
		(int)written);
	log_close(&l);
	faulty_free(x);
}

static void test_rotation(void)
{
	struct faulty *x = faulty_make();
	static struct held h;
	struct log l;
	struct fault f = {0};
	bool ok = open_small(&l, x, LOG_SPOOL, 8192, &f);

	for (uint32_t i = 0; ok && i < 40; i++)
		ok = add(&l, i * 5, 5, &f);
	CHECK(ok && l.end == 200 && l.segments > 5, "rotates by size");
	CHECK(read_all(&l, &h, &f) && h.n == 200, "all there, in order");
	log_close(&l);
	CHECK(x->opened == 0, "nothing left open");

	ok = open_small(&l, x, LOG_SPOOL, 8192, &f);
	CHECK(ok && l.end == 200 && l.salvaged == 0 && l.cut == 0,
		"clean after a clean close");
	size_t before = l.segments;

	ok = ok && add(&l, 200, 1, &f);
	CHECK(ok && l.end == 201 && l.segments <= before + 1 &&
		read_all(&l, &h, &f) && h.n == 201, "goes on");
	before = l.segments;
	struct journal_record late = {.kind = JOURNAL_PACKET,
		.received = {LOG_SEGMENT_NS + 200000000}};

	CHECK(log_append(&l, &late, 1, &f) && l.segments == before + 1,
		"rotates by time");
	log_close(&l);
	faulty_free(x);
}

struct checked {
	uint64_t n;
};

static void test_openings(void)
{
	struct faulty *x = faulty_make();
	static struct held h;
	struct log reader = {0}, l = {0};
	struct log_reader at = {0};
	struct journal_record r;
	struct fault f = {0};
	bool ok = open_small(&l, x, LOG_JOURNAL, 0, &f) && add(&l, 0, 1, &f),
		got = false;
	struct log_options o = {.folder = "spool/x", .use = LOG_JOURNAL};

	log_close(&l);
	/* who reads meanwhile has the old file */
	ok = ok && log_open(&reader, &x->disk, &o, &f) &&
		log_reader_open(&at, &reader, 0, &f) &&
		log_next(&at, &r, &got, &f) && got;
	for (uint32_t i = 1; ok && i < 200; i++) {
		ok = open_small(&l, x, LOG_JOURNAL, 0, &f) &&
			add(&l, i, 1, &f);
		log_close(&l);
	}
	for (uint32_t i = 1; ok && i < 200; i++)
		ok = (i > 1 || log_refresh(&reader, &f)) &&
			log_next(&at, &r, &got, &f) && got && r.sequence == i;
	CHECK(ok, "a reader goes on in the file that took its name: %s",
		f.text);
	log_reader_close(&at);
	log_close(&reader);
	ok = open_small(&l, x, LOG_JOURNAL, 0, &f) && read_all(&l, &h, &f);
	CHECK(ok && l.end == 200 && l.segments == 1,
		"200 openings, %zu segments", l.segments);
	log_close(&l);
	/* a full one is left alone */
	ok = open_small(&l, x, LOG_JOURNAL, 6000, &f) && add(&l, 200, 60, &f);
	CHECK(ok && l.end == 260 && l.segments > 1 && l.first[0] == 0 &&
		l.first[1] == 200, "a full segment is not written on: %s",
		f.text);
	log_close(&l);
	faulty_free(x);
}

static bool count_one(void *self, const struct journal_record *r,
	struct fault *f)
{
	struct checked *c = self;

	(void)r;
	(void)f;
	c->n++;
	return true;
}

/* Any bit of a segment, also in its padding and its empty rest. */
static void test_check(void)
{
	struct faulty *x = faulty_make();
	struct log_check c;
	struct checked n = {0};
	struct fault f = {0};
	struct log l;
	struct faulty_file *file;
	char path[LOG_PATH];
	bool ok = open_small(&l, x, LOG_SPOOL, 4096, &f) && add(&l, 0, 4, &f);

	file = faulty_at(x, log_path("spool/x", 0, path));
	c = (struct log_check){.folder = "spool/x", .stop = UINT64_MAX,
		.use = LOG_SPOOL};
	ok = ok && log_segment_check(&x->disk, &c, count_one, &n, &f);
	CHECK(ok && n.n == 4 && c.end == 4, "a segment checked: %s", f.text);
	for (size_t i = 0; ok && i < 8 * file->size; i++) {
		file->now[i / 8] ^= (uint8_t)(1 << i % 8);
		c.last = (struct digest){{0}};
		CHECK_QUIET(!log_segment_check(&x->disk, &c, count_one, &n,
				&f) && f.text[0], "bit %zu unseen", i);
		file->now[i / 8] ^= (uint8_t)(1 << i % 8);
	}
	CHECK(true, "%zu bits of a segment flipped, each found",
		8 * file->size);
	log_close(&l);
	faulty_free(x);
}

/* -- salvage -- */

/* A log of about 70 KB in one segment, as kill -9 leaves it. */
static struct faulty *torn(
	enum log_use use, size_t records, size_t *ends, size_t *pads)
{
	struct faulty *x = faulty_make();
	struct log l;
	struct fault f = {0};
	size_t at = LOG_HEAD;
	uint8_t b[PAYLOAD_MAX];

	if (!open_small(&l, x, use, 1 << 20, &f))
		abort();
	for (size_t i = 0; i < records; i++) {
		size_t n = JOURNAL_HEADER + payload((uint32_t)i, b);

		pads[i] = (8 - n % 8) % 8;
		at += n + pads[i];
		ends[i] = at;
	}
	for (uint32_t i = 0; i < records; i += 10)
		if (!add(&l, i, 10, &f))
			abort();
	arena_unmap(&l.memory); /* no clean close */
	faulty_crash(x, FAULTY_KILL);
	return x;
}

static void test_cuts(enum log_use use)
{
	enum { N = 140 };
	static size_t ends[N], pads[N];
	static struct held h;
	struct faulty *x = torn(use, N, ends, pads);
	char path[LOG_PATH];
	size_t size = ends[N - 1], bad = 0, cuts = 0;
	/* TRUCE_LONG: every byte; else a prime step: every phase. */
	size_t step = getenv("TRUCE_LONG") ? 1 : 61;
	uint8_t *whole = malloc(size);

	if (!whole)
		abort();
	memcpy(whole, faulty_at(x, log_path("spool/x", 0, path))->now, size);
	for (size_t cut = size > 65536 ? size - 65536 : 0; cut <= size;
		cut += step) {
		struct fault f = {0};
		struct log l;
		size_t want = 0;
		int file = FAULTY_FILES;
		bool ok;

		/* lost padding is zeros again */
		while (want < N && ends[want] - pads[want] <= cut)
			want++;
		faulty_reset(x);
		ok = faulty_open(x, path, DISK_CREATE, &file, &f) &&
			faulty_write(x, file, 0, (struct bytes){whole, cut},
				&f) &&
			faulty_reserve(x, file, size + 8, &f);
		faulty_close(x, file);
		ok = ok && open_small(&l, x, use, 4096, &f) &&
			l.end == want && l.salvaged == 0 &&
			(cut % 8 || add(&l, 3000, 1, &f)) &&
			read_all(&l, &h, &f) && h.n == want + !(cut % 8) &&
			(cut % 8 || h.number[want] == 3000);
		for (size_t i = 0; i < want; i++)
			ok = ok && h.number[i] == i;
		CHECK_QUIET(ok, "cut at %zu of %zu: %s", cut, size, f.text);
		bad += !ok;
		cuts++;
		log_close(&l);
	}
	faulty_free(x);
	CHECK(bad == 0, "%zu cuts of the last 64 KiB, use %d", cuts, use);
	free(whole);
}

/* Where to hurt: magic, sequence, digest, payload. */
static void test_damage(enum log_use use)
{
	enum { N = 140 };
	static const size_t place[] = {0, 5, 9, 40, 64};
	static size_t ends[N], pads[N];
	static struct held h;
	struct faulty *sound = torn(use, N, ends, pads);
	char path[LOG_PATH];
	size_t bad = 0;

	(void)log_path("spool/x", 0, path);
	for (size_t i = N - 100; i < N; i++)
		for (size_t k = 0; k < sizeof place / sizeof *place; k++) {
			struct faulty *x = faulty_copy(sound);
			size_t want = use == LOG_SPOOL ? N - 1 : i;
			struct fault f = {0};
			struct log l;
			bool ok;

			faulty_at(x, path)->now[ends[i - 1] + place[k]] ^= 4;
			ok = open_small(&l, x, use, 1 << 20, &f) &&
				read_all(&l, &h, &f) && h.n == want;
			for (size_t j = 0; ok && j < want; j++)
				ok = h.number[j] == j + (j >= i) &&
					h.salvaged[j] == (j >= i);
			log_close(&l);
			/* and stays so */
			ok = ok && open_small(&l, x, use, 1 << 20, &f) &&
				l.end == want && l.salvaged == 0;
			CHECK_QUIET(ok, "record %zu place %zu: %s", i,
				place[k], f.text);
			bad += !ok;
			log_close(&l);
			faulty_free(x);
		}
	CHECK(bad == 0, "each of the last 100 records damaged, use %d", use);

	struct log_options o = plain;
	struct fault f = {0};
	struct log l;

	faulty_at(sound, path)->now[ends[99] + 70] ^= 1;
	o.use = use;
	o.floor = 101;
	CHECK(!log_open(&l, &sound->disk, &o, &f) && f.kind == FAULT_SYSTEM &&
			strstr(f.text, "record 100 is missing"),
		"committed and missing is damage: %s", f.text);
	o.floor = 100;
	CHECK(log_open(&l, &sound->disk, &o, &f), "a floor that is met");
	log_close(&l);
	faulty_free(sound);
}

/* A payload that holds a record, in a record that is damaged. */
static void test_smuggled(void)
{
	struct faulty *x = faulty_make();
	struct fault f = {0};
	struct log l;
	static struct held h;
	uint8_t inner[256] = {0}, text[PAYLOAD_MAX];
	struct journal_record fake = {.sequence = 9000, .kind = JOURNAL_PACKET,
		.payload = {text, payload(77, text)}};
	struct journal_record r = {.kind = JOURNAL_PACKET,
		.payload = {inner, sizeof inner}};
	char path[LOG_PATH];
	bool ok = open_small(&l, x, LOG_SPOOL, 1 << 20, &f) &&
		add(&l, 0, 3, &f);

	fake.payload.len = 100;
	log_record_seal(&fake, inner + 64);
	memcpy(inner + 128, text, 100);
	ok = ok && log_append(&l, &r, 1, &f) && add(&l, 4, 2, &f);
	arena_unmap(&l.memory);
	faulty_crash(x, FAULTY_KILL);
	/* hurt the record's own payload, in front of what it carries */
	struct faulty_file *file = faulty_at(x, log_path("spool/x", 0, path));

	for (size_t i = LOG_HEAD; i + 4 < file->size; i += 8)
		if (memcmp(file->now + i, "CFR1", 4) == 0 &&
			bytes_be((struct bytes){file->now + i + 8, 8}) == 3)
			file->now[i + 64] ^= 1;
	ok = ok && open_small(&l, x, LOG_SPOOL, 1 << 20, &f) &&
		read_all(&l, &h, &f) && h.n == 5 && h.number[3] == 4 &&
		h.number[4] == 5;
	CHECK(ok, "a record inside a payload is not taken for one");
	log_close(&l);
	faulty_free(x);
}

/* -- failing calls -- */

enum { GROUPS = 12, GROUP = 3 };

struct work {
	bool acknowledged[NUMBERS], offered[NUMBERS];
	uint32_t next;
};

/* Opens and appends some groups; what was acknowledged is noted.  Goes on
 * after a failed append, as a role might.  False: could not open. */
static bool do_work(struct faulty *x, struct work *w, size_t groups)
{
	struct fault f = {0};
	struct log l;

	if (!open_small(&l, x, LOG_SPOOL, 6000, &f)) {
		CHECK_QUIET(f.text[0] && f.kind != FAULT_NONE, "no words");
		return false;
	}
	for (size_t g = 0; g < groups; g++) {
		bool ok;

		for (uint32_t i = 0; i < GROUP; i++)
			w->offered[w->next + i] = true;
		ok = add(&l, w->next, GROUP, &f);
		for (uint32_t i = 0; i < GROUP; i++)
			w->acknowledged[w->next + i] = ok;
		w->next += GROUP;
	}
	log_close(&l);
	return true;
}

/* Everything acknowledged once, in order; nothing that was not offered. */
static bool kept_word(struct faulty *x, const struct work *w, const char *what)
{
	static struct held h;
	static unsigned times[NUMBERS];
	struct fault f = {0};
	struct log l;
	bool ok = open_small(&l, x, LOG_SPOOL, 6000, &f) &&
		read_all(&l, &h, &f);

	memset(times, 0, sizeof times);
	for (size_t i = 0; ok && i < h.n; i++)
		ok = w->offered[h.number[i]] && ++times[h.number[i]] == 1;
	for (uint32_t i = 0; ok && i < w->next; i++)
		ok = !w->acknowledged[i] || times[i] == 1;
	CHECK_QUIET(ok, "%s: %s", what, f.text);
	log_close(&l);
	return ok;
}

static void test_faults(void)
{
	static const char *const name[] = {"EIO", "ENOSPC", "short write"};
	struct work *w = calloc(1, sizeof *w);
	unsigned resynced = 0, failed_some = 0;
	size_t bad = 0, tries = 0;

	if (!w)
		abort();
	for (int how = 0; how < 3; how++)
		for (int forever = 0; forever < 2; forever++)
			for (uint64_t n = 1;; n++) {
				struct faulty *x = faulty_make();
				char what[80];
				uint64_t calls;

				*w = (struct work){0};
				x->fail_at = n;
				x->how = (enum faulty_how)how;
				x->forever = forever;
				(void)do_work(x, w, GROUPS);
				resynced += x->resynced;
				calls = x->calls;
				for (uint32_t i = 0; i < w->next; i++)
					failed_some += !w->acknowledged[i];
				faulty_crash(x, FAULTY_KILL);
				(void)snprintf(what, sizeof what,
					"%s at call %d%s", name[how], (int)n,
					forever ? " and on" : "");
				bad += !kept_word(x, w, what);
				/* works again */
				bool again = do_work(x, w, 2) &&
					w->acknowledged[w->next - 1];

				bad += !again || !kept_word(x, w, what);
				CHECK_QUIET(again, "%s: works again", what);
				tries++;
				faulty_free(x);
				if (calls < n)
					break;
			}
	CHECK(bad == 0, "%zu failing disks: what was acknowledged is there",
		tries);
	CHECK(resynced == 0, "a failed sync is never repeated");
	CHECK(failed_some > 0, "some appends did fail");
	free(w);
}

/* The process dies at call n, the one that salvages at call m. */
static void test_crashes(enum faulty_crash how)
{
	struct work *w = calloc(1, sizeof *w);
	size_t bad = 0, tries = 0, step = getenv("TRUCE_LONG") ? 1 : 5;
	bool inner = true;

	if (!w)
		abort();
	for (uint64_t n = 1, last = 0; last == 0; n++)
		for (uint64_t m = 0; m < 24; m += step) {
			struct faulty *x = faulty_make();
			char what[80];

			*w = (struct work){0};
			x->random = n * 1000 + m;
			x->fail_at = n;
			x->forever = true;
			x->how = n % 2 ? FAULTY_SHORT : FAULTY_EIO;
			(void)do_work(x, w, GROUPS);
			last = x->calls < n;
			faulty_crash(x, how);
			x->fail_at = m;
			x->forever = true;
			x->how = FAULTY_SHORT;
			inner = m == 0 || !do_work(x, w, 1) || inner;
			faulty_crash(x, how);
			(void)snprintf(what, sizeof what,
				"crash %d at %d, then at %d", how, (int)n,
				(int)m);
			bad += !kept_word(x, w, what);
			tries++;
			faulty_free(x);
		}
	CHECK(bad == 0 && inner, "%zu crashes, twice each, %s", tries,
		how == FAULTY_KILL ? "kill" : "power");
	free(w);
}

/* -- the real disk and the stream -- */

static void test_stream(const char *folder)
{
	struct files files;
	struct spool s, other;
	struct stream st;
	struct journal_record r[8], out[16];
	struct fault f = {0};
	struct cursor c;
	uint8_t at[8][PAYLOAD_MAX];
	size_t n = 0, k = 0;
	bool ok = files_open(&files, folder, &f) && spool_open(&s, &files.disk,
		"inbox", SPOOL_WRITE, 0, &f);

	for (uint32_t i = 0; i < 8; i++)
		r[i] = (struct journal_record){.kind = JOURNAL_PACKET,
			.received = {i}, .payload = {at[i],
				payload(i, at[i])}};
	CHECK(ok && spool_append(&s, r, 8, &f) && spool_end(&s) == 8,
		"a spool on the real disk: %s", f.text);
	CHECK(!spool_open(&other, &files.disk, "inbox", SPOOL_WRITE, 0, &f) &&
			f.kind == FAULT_SYSTEM, "one writer: %s", f.text);
	CHECK(spool_open(&other, &files.disk, "inbox", SPOOL_READ, 0, &f) &&
			spool_end(&other) == 8, "readers beside it");
	CHECK(spool_stream(&other, NULL, &st, &f) &&
			st.take(st.self, out, 5, &n, &f) && n == 5 &&
			out[4].sequence == 4 && bytes_equal(out[0].payload,
				r[0].payload) && bytes_equal(out[4].payload,
				r[4].payload),
		"take, in order: %s", f.text);
	memcpy(c.log_id, other.log.id, LOG_ID);
	c.sequence = 6;
	CHECK(!st.release(st.self, c, &f), "release before take: %s", f.text);
	c.sequence = 5;
	CHECK(st.release(st.self, c, &f), "release");
	CHECK(spool_append(&s, r, 3, &f) &&
			st.take(st.self, out, 16, &n, &f) && n == 6 &&
			out[5].sequence == 10 && out[0].sequence == 5,
		"what came since: %s", f.text);
	CHECK(st.take(st.self, out, 16, &k, &f) && k == 0, "no more");
	CHECK(spool_stream(&other, &c, &st, &f) &&
			st.take(st.self, out, 16, &n, &f) && n == 6 &&
			out[0].sequence == 5, "again from the cursor");
	c.log_id[0] ^= 1;
	CHECK(!spool_stream(&other, &c, &st, &f), "another log: %s", f.text);
	struct journal j = spool_journal(&s);

	CHECK(!j.drop(j.self, 1, &f), "drop before release: %s", f.text);
	spool_close(&other);
	spool_close(&s);
	files_close(&files);
}

static void test_files(const char *folder)
{
	struct files files;
	struct fault f = {0};
	int file;
	bool ok = files_open(&files, folder, &f);
	struct disk *d = &files.disk;
	struct bytes b;
	static const char *const bad[] = {"", "/etc/x", "../x", "a/../../x",
		"a/.."};
	struct stat st;
	char path[300];

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		CHECK(ok && !d->open(d->self, bad[i], DISK_WRITE, &file, &f),
			"path '%s' refused", bad[i]);
	ok = d->open(d->self, "k/deep/secret", DISK_CREATE_PRIVATE, &file,
		&f) && d->write(d->self, file, 3, bytes_of("abc"), &f) &&
		d->sync(d->self, file, &f);
	d->close(d->self, file);
	(void)snprintf(path, sizeof path, "%s/k/deep/secret", folder);
	CHECK(ok && stat(path, &st) == 0 && (st.st_mode & 0777) == 0600,
		"private is 0600");
	(void)snprintf(path, sizeof path, "%s/k/deep", folder);
	CHECK(stat(path, &st) == 0 && (st.st_mode & 0777) == 0700,
		"its folder 0700");
	CHECK(!d->open(d->self, "k/deep/secret", DISK_CREATE, &file, &f),
		"create refuses what is there");
	CHECK(d->map(d->self, "k/deep/secret", &b, &f) && b.len == 6 &&
			memcmp(b.at, "\0\0\0abc", 6) == 0, "map");
	d->unmap(d->self, b);
	(void)snprintf(path, sizeof path, "%s/k/link", folder);
	CHECK(symlink("deep/secret", path) == 0 &&
			!d->open(d->self, "k/link", DISK_READ, &file, &f),
		"links are refused");
	files_close(&files);
}

int main(void)
{
	char folder[] = "/tmp/truce-log-XXXXXX", command[64];

	if (!mkdtemp(folder))
		return 1;
	test_vectors();
	test_intake_root();
	test_zeros();
	test_rotation();
	test_openings();
	test_check();
	test_cuts(LOG_SPOOL);
	test_cuts(LOG_JOURNAL);
	test_damage(LOG_SPOOL);
	test_damage(LOG_JOURNAL);
	test_smuggled();
	test_faults();
	test_crashes(FAULTY_KILL);
	test_crashes(FAULTY_POWER);
	test_stream(folder);
	test_files(folder);
	(void)snprintf(command, sizeof command, "rm -rf %s", folder);
	return check_done() | (system(command) != 0);
}
