/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/csv.h"
#include "cmd/load.h"
#include "feeds/file.h"
#include "ledger/chain_ack.h"
#include "ledger/receipt.h"
#include "ledger/receipt_write.h"
#include "ledger/chain.h"
#include "ledger/secrets.h"
#include "spool/files.h"
#include "spool/spool.h"

extern const struct cmd cmd_receipt;

#define ARENA_BYTES ((size_t)4 << 30)

struct asked { /* SPOOL/RECORD, or SENSOR/SEQUENCE of a frame */
	const char *mission, *what, *to;
	char name[128];
	uint64_t number;
	/* open */
	struct files files;
	struct ledger *ledger;
	struct spool spool;
	bool spool_open;
	struct arena arena;
	/* looked for */
	uint8_t sensor[FRAME_SENSOR];
	uint64_t record;
	bool found;
};

static bool read_what(struct asked *q, struct fault *f)
{
	const char *slash = strrchr(q->what, '/');
	size_t n = slash ? (size_t)(slash - q->what) : 0;
	int64_t v = -1;
	struct fault no;

	if (n == 0 || n >= sizeof q->name ||
		!integer_read(bytes_of(slash + 1), &v, &no) || v < 0)
		return fault(f, FAULT_INPUT, "'%s': wants SPOOL/RECORD "
			"(frames/12), or SENSOR/SEQUENCE of a frame",
			q->what);
	memcpy(q->name, q->what, n);
	q->name[n] = '\0';
	q->number = (uint64_t)v;
	return true;
}

static bool look(void *self, const struct journal_record *r, struct fault *f)
{
	struct asked *q = self;
	struct frame x;

	(void)f;
	if (r->kind != JOURNAL_FRAME || !frame_read(r->payload, &x, f))
		return true;
	if (x.sequence != q->number ||
		memcmp(x.sensor, q->sensor, FRAME_SENSOR) != 0)
		return true;
	q->record = r->sequence;
	q->found = true;
	return false;
}

/* A spool of that name, or the frame of a sensor: the first one, should its
 * key have been used twice. */
static bool find(struct asked *q, struct fault *f)
{
	struct journal j;

	if (!spool_open(&q->spool, &q->files.disk, q->name, SPOOL_READ, 0, f))
		return false;
	q->spool_open = true;
	q->record = q->number;
	if (spool_end(&q->spool) > 0)
		return q->number < spool_end(&q->spool) || fault(f,
			FAULT_INPUT, "spool %s has %llu records", q->name,
			(unsigned long long)spool_end(&q->spool));
	spool_close(&q->spool);
	q->spool_open = spool_open(
		&q->spool, &q->files.disk, "frames", SPOOL_READ, 0, f);
	if (!q->spool_open)
		return false;
	chain_sensor_id(q->name, q->sensor);
	j = spool_journal(&q->spool);
	return j.read(j.self, 0, look, q, f) && (q->found || fault(f,
		FAULT_INPUT, "no spool %s, and no frame %llu of a sensor %s",
		q->name, (unsigned long long)q->number, q->name));
}

static bool print(struct asked *q, struct text *out, struct fault *f)
{
	struct journal j = spool_journal(&q->spool);
	const uint8_t *id = q->spool.log.id;
	struct receipt_batch batch;
	struct receipts r;
	uint8_t note[SECRETS_FILE_MAX];
	size_t n;
	bool ok;

	if (!receipt_find(q->ledger, id, q->record, &batch, f) ||
		!small_read(&q->files.disk, "ledger/pub/checkpoint", note, &n,
			f) ||
		!receipts_open(&r, q->ledger, &j, &batch,
			(struct bytes){note, n}, &q->arena, f))
		return false;
	ok = receipts_print(&r, q->record, out, f);
	receipts_close(&r);
	return ok;
}

static bool write_out(const char *path, struct bytes b, struct fault *f)
{
	FILE *to = fopen(path, "wb");
	bool ok = to && fwrite(b.at, 1, b.len, to) == b.len;

	if (to)
		ok = fclose(to) == 0 && ok;
	return ok || fault_errno(f, "%s", path);
}

static bool make(struct asked *q, struct fault *f)
{
	struct text out;

	if (!load_folder(q->mission, f) || !read_what(q, f) ||
		!arena_map(&q->arena, ARENA_BYTES, f) ||
		!files_open(&q->files, q->mission, f) ||
		!ledger_open(&q->ledger, &q->files.disk, false, f) ||
		!find(q, f))
		return false;
	out = text_in(&q->arena, 1 << 20);
	return print(q, &out, f) && (q->to ?
		write_out(q->to, text_view(&out), f) :
		fwrite(out.at, 1, out.len, stdout) == out.len ||
			fault_errno(f, "standard output"));
}

static int run(int argc, char **argv)
{
	struct asked q = {.files = {.root = -1}};
	const struct ui_option options[] = {{"-o", &q.to, NULL},
		{"--output", &q.to, NULL}, {0}};
	struct fault f = {0};
	int code;

	if (!ui_options(&cmd_receipt, &argc, argv, options))
		return EXIT_USAGE;
	if (argc != 3)
		return cmd_usage(&cmd_receipt, "which mission, and a receipt "
			"of which record?");
	q.mission = argv[1];
	q.what = argv[2];
	code = make(&q, &f) ? EXIT_DONE : cmd_fault(&cmd_receipt, &f);
	if (q.spool_open)
		spool_close(&q.spool);
	ledger_close(q.ledger);
	files_close(&q.files);
	arena_unmap(&q.arena);
	return code;
}

const struct cmd cmd_receipt = {
	.name = "receipt",
	.usage = "receipt MISSION SPOOL/RECORD|SENSOR/SEQUENCE [-o FILE]",
	.about = "prove that a record was taken in",
	.run = run,
};
