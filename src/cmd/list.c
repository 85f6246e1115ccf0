/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/list.h"

#include "base/csv.h"
#include "base/json.h"
#include "base/tree.h"
#include "cmd/load.h"
#include "roles/reviews.h"

enum { LINE_MAX_BYTES = 4 << 20 };

enum form { SHAPED_TABLE, SHAPED_JSON, SHAPED_LINES, SHAPED_CSV, SHAPED_GEO };

struct listing {
	const struct list_kind *kind;
	enum form shape;
	struct arena arena, held;
	uint64_t count;
	struct bytes reviews; /* what people made of it (roles/reviews.h) */
	const char *status;   /* looked for among those */
	size_t limit;         /* then; 0 none */
};

void list_record(struct text *t, const struct row *row)
{
	char hex[SHA256_HEX];

	if (row->ledger_index < 0 || row->body.len < 2) {
		text_bytes(t, row->body);
		return;
	}
	text_bytes(t, bytes_part(row->body, 0, row->body.len - 1));
	text_fmt(t, ",\"ledger\":{\"index\":%lld,\"leaf\":\"%s\"}}",
		(long long)row->ledger_index,
		digest_hex(&row->ledger_leaf, hex));
}

static const struct tree *at_path(const struct tree *t, const char *path)
{
	char part[64];

	while (t && path) {
		const char *dot = strchr(path, '.');
		size_t n = dot ? (size_t)(dot - path) : strlen(path);
		struct text x = text_on(part, sizeof part);

		text_bytes(&x, bytes_part(bytes_of(path), 0, n));
		t = tree_get(t, part);
		path = dot ? dot + 1 : NULL;
	}
	return t;
}

/* A value in few letters: text, number, the likeliest of probabilities, the
 * length of a list. */
static void brief(struct text *t, const struct tree *v)
{
	const struct tree *best = NULL;

	if (!v || v->type == TREE_NULL)
		return;
	switch (v->type) {
	case TREE_TEXT:
		text_bytes(t, v->text);
		return;
	case TREE_FLAG:
		text_add(t, v->flag ? "true" : "false");
		return;
	case TREE_NUMBER:
		if (v->whole)
			text_i64(t, v->integer);
		else
			text_short(t, v->number, 7);
		return;
	case TREE_LIST:
		if (v->count == 2 && v->first->type == TREE_NUMBER)
			text_fmt(t, "%.3f-%.3f", v->first->number,
				v->first->next->number);
		else
			text_i64(t, (int64_t)v->count);
		return;
	default:
		for (const struct tree *k = v->first; k; k = k->next)
			if (!best || k->number > best->number)
				best = k;
		if (best)
			text_fmt(t, "%s %.2f", best->key, best->number);
	}
}

static void table_cell(const struct tree *v, int width)
{
	char s[512];
	struct text t = text_on(s, sizeof s);
	int shown = 0;
	size_t i = 0;

	brief(&t, v);
	/* Counts characters, not bytes: names may be Cyrillic. */
	while (i < t.len && shown < width) {
		do {
			(void)putchar(s[i++]);
		} while (i < t.len && ((unsigned char)s[i] & 0xc0) == 0x80);
		shown++;
	}
	for (; shown < width + 1; shown++)
		(void)putchar(' ');
}

static void csv_cell(const struct tree *v)
{
	char s[8192];
	struct text t = text_on(s, sizeof s);
	bool quote;

	brief(&t, v);
	quote = strpbrk(s, ",\"\r\n") != NULL;
	if (quote)
		(void)putchar('"');
	for (size_t i = 0; i < t.len; i++) {
		if (s[i] == '"')
			(void)putchar('"');
		(void)putchar(s[i]);
	}
	if (quote)
		(void)putchar('"');
}

static void print_cells(const struct listing *l, const struct tree *t)
{
	bool csv = l->shape == SHAPED_CSV;

	for (const struct list_column *c = l->kind->columns; c->head; c++) {
		const struct tree *v = at_path(t, c->path);

		if (csv && c != l->kind->columns)
			(void)putchar(',');
		if (csv)
			csv_cell(v);
		else if (c->width > 0)
			table_cell(v, c->width);
	}
	(void)putchar('\n');
}

static void feature_of_row(struct listing *l, struct text *out,
	const struct row *row, const struct tree *t)
{
	const struct tree *place = at_path(t, l->kind->place);
	double lat = tree_number(place, "lat"), lon = tree_number(place, "lon");

	text_add(out, l->count ? ",\n" : "\n");
	text_add(out, "{\"type\":\"Feature\",\"id\":");
	text_quoted(out, bytes_of(row->id));
	text_add(out, ",\"geometry\":");
	if (lat == lat && lon == lon) {
		text_add(out, "{\"type\":\"Point\",\"coordinates\":[");
		text_fixed(out, lon, 7);
		text_char(out, ',');
		text_fixed(out, lat, 7);
		text_add(out, "]}");
	} else {
		const struct tree *geo =
			tree_get(tree_get(place, "region"), "geojson");
		/* The region's own text, cut out of the body. */
		const char *key = "\"geojson\":{";
		const uint8_t *from = geo && geo->type == TREE_OBJECT
			? memmem(row->body.at, row->body.len, key, strlen(key))
			: NULL;
		size_t n = 0, depth = 0;

		if (!from) {
			text_add(out, "null");
		} else {
			from += strlen(key) - 1;
			do {
				depth += from[n] == '{';
				depth -= from[n] == '}';
				n++;
			} while (depth > 0);
			text_bytes(out, (struct bytes){from, n});
		}
	}
	text_add(out, ",\"properties\":");
	list_record(out, row);
	text_char(out, '}');
}

/* With the status that people gave it, instead of its own. */
static struct bytes reviewed(
	struct listing *l, const struct row *row, const char *status)
{
	static const char key[] = "\"status\":\"";
	struct text t = text_in(&l->arena, row->body.len + 16);
	const uint8_t *at =
		memmem(row->body.at, row->body.len, key, sizeof key - 1);
	size_t from = at ? (size_t)(at - row->body.at) + sizeof key - 1 : 0;
	const uint8_t *end = at ? memchr(row->body.at + from, '"',
		row->body.len - from) : NULL;

	if (!end)
		return row->body;
	text_bytes(&t, bytes_part(row->body, 0, from));
	text_add(&t, status);
	text_bytes(&t, bytes_part(row->body, (size_t)(end - row->body.at),
		row->body.len));
	return text_view(&t);
}

static bool show(void *self, const struct row *given, struct fault *f)
{
	struct listing *l = self;
	struct row copy = *given, *row = &copy;
	const char *status;
	const struct tree *t;
	struct text out;
	char word[16];

	l->arena.used = 0;
	status = reviews_status(l->reviews, row->ledger_index, word);
	if (status)
		row->body = reviewed(l, row, status);
	if (l->status && strcmp(l->status, status ? status : row->status) != 0)
		return true;
	if (l->limit > 0 && l->count == l->limit) {
		f->kind = FAULT_NONE;
		return false;
	}
	out = text_in(&l->arena, LINE_MAX_BYTES);
	if (l->shape == SHAPED_LINES || l->shape == SHAPED_JSON) {
		if (l->shape == SHAPED_JSON)
			text_add(&out, l->count ? ",\n" : "\n");
		list_record(&out, row);
		if (l->shape == SHAPED_LINES)
			text_char(&out, '\n');
	} else if (!tree_read(row->body, &l->arena, &t, f)) {
		return fault_in(f, "%s", row->id);
	} else if (l->shape == SHAPED_GEO) {
		feature_of_row(l, &out, row, t);
	} else {
		print_cells(l, t);
	}
	l->count++;
	if (!text_check(&out, f))
		return false;
	if (fwrite(out.at, 1, out.len, stdout) != out.len)
		return fault_errno(f, "write");
	return true;
}

static void head(const struct listing *l)
{
	switch (l->shape) {
	case SHAPED_JSON:
		printf("{\"schema\":\"%s\",\"%s\":[", l->kind->schema,
			l->kind->plural);
		return;
	case SHAPED_GEO:
		printf("{\"type\":\"FeatureCollection\",\"features\":[");
		return;
	case SHAPED_LINES:
		return;
	default:
		for (const struct list_column *c = l->kind->columns; c->head;
			c++)
			if (l->shape == SHAPED_CSV)
				printf("%s%s", c == l->kind->columns ? "" : ",",
					c->head);
			else if (c->width > 0)
				printf("%-*s ", c->width, c->head);
		(void)putchar('\n');
	}
}

static bool box_of(const struct cmd *c, const char *s, struct query *q)
{
	double v[4];
	struct bytes left = bytes_of(s);
	struct fault f;

	for (int i = 0; i < 4; i++) {
		const uint8_t *comma =
			left.len ? memchr(left.at, ',', left.len) : NULL;
		size_t n = comma ? (size_t)(comma - left.at) : left.len;

		if ((i < 3) != (comma != NULL) || n == 0 ||
			!number_read(bytes_part(left, 0, n), &v[i], &f)) {
			(void)cmd_usage(c, "--bbox '%s', wants "
				"west,south,east,north in degrees", s);
			return false;
		}
		left = bytes_part(left, n + 1, left.len);
	}
	if (v[1] > v[3] || v[1] < -90 || v[3] > 90 || fabs(v[0]) > 180 ||
		fabs(v[2]) > 180) {
		(void)cmd_usage(c, "--bbox '%s', wants degrees, south not "
			"north of north", s);
		return false;
	}
	q->boxed = true;
	q->west = v[0];
	q->south = v[1];
	q->east = v[2];
	q->north = v[3];
	return true;
}

/* The i-th of what may stand in a column; NULL: no more, or any word may. */
static const char *kind_word(enum row_type type, int i)
{
	if (type != ROW_INCIDENT && type != ROW_DETECTION && type != ROW_LOOK)
		return NULL;
	return i < KIND_COUNT ? kind_name((enum kind)i) : NULL;
}

static const char *status_word(enum row_type type, int i)
{
	if (type == ROW_INCIDENT && i < STATUS_COUNT)
		return status_name((enum status)i);
	if (type == ROW_FINDING && i < VERDICT_COUNT)
		return verdict_name((enum verdict)i);
	if (type == ROW_DETECTION && i < MODALITY_COUNT)
		return modality_name((enum modality)i);
	if (type == ROW_HEALTH && i < HEALTH_STATES)
		return health_state_name((enum health_state)i);
	return NULL;
}

/* A word that cannot occur would look like calm. */
static bool can_occur(const struct cmd *c, enum row_type type,
	const char *word, const char *(*nth)(enum row_type, int))
{
	const char *words[64];
	char meant[UI_MEANT], list[512];
	struct text t = text_on(list, sizeof list);
	size_t n = 0;

	if (!word || !nth(type, 0))
		return true;
	for (; n < 64 && (words[n] = nth(type, (int)n)); n++) {
		if (strcmp(word, words[n]) == 0)
			return true;
		text_fmt(&t, "%s%s", n ? ", " : "", words[n]);
	}
	(void)cmd_usage(c, "'%s', wants %s%s", word, list,
		ui_meant(word, words, n, meant));
	return false;
}

/* Statuses that people gave are not in the index's column. */
static bool take_reviews(struct store *s, struct listing *l, struct query *q,
	struct fault *f)
{
	if (q->type != ROW_INCIDENT && q->type != ROW_FINDING)
		return true;
	if (!arena_map(&l->held, 64 << 20, f) ||
		!s->engine->get(s, "reviews", &l->held, &l->reviews, f))
		return false;
	if (q->type == ROW_INCIDENT && q->status && l->reviews.len > 0) {
		l->status = q->status;
		l->limit = q->limit;
		q->status = NULL;
		q->limit = 0;
	}
	return true;
}

static int list_all(const struct cmd *c, const char *folder,
	struct listing *l, struct query *q)
{
	struct store s = {stores[0], NULL};
	struct fault f = {0};
	bool ok;

	if (!load_folder(folder, &f) || !arena_map(&l->arena, 64 << 20, &f))
		return cmd_fault(c, &f);
	if (!s.engine->open(&s, folder, false, &f))
		return cmd_fault(c, &f);
	head(l);
	ok = take_reviews(&s, l, q, &f);
	f.kind = FAULT_NONE;
	ok = ok && (s.engine->find(&s, q, show, l, &f) ||
		f.kind == FAULT_NONE);
	if (l->shape == SHAPED_JSON || l->shape == SHAPED_GEO)
		printf("\n]}\n");
	s.engine->close(&s);
	arena_unmap(&l->arena);
	arena_unmap(&l->held);
	if (ok && fflush(stdout) != 0)
		ok = fault_errno(&f, "write");
	return ok ? EXIT_DONE : cmd_fault(c, &f);
}

int list_run(const struct cmd *c, const struct list_kind *kind, int argc,
	char **argv)
{
	const char *from = NULL, *to = NULL, *box = NULL, *limit = NULL;
	bool json = false, lines = false, csv = false, geo = false;
	struct query q = {.type = kind->type,
		.span = {INSTANT_UNKNOWN, INSTANT_UNKNOWN}};
	const struct ui_option options[] = {{"--from", &from, NULL},
		{"--to", &to, NULL}, {"--bbox", &box, NULL},
		{"--kind", &q.kind, NULL}, {"--status", &q.status, NULL},
		{"--verdict", &q.status, NULL}, {"--source", &q.source, NULL},
		{"--incident", &q.source, NULL}, {"--id", &q.id, NULL},
		{"--limit", &limit, NULL}, {"--jsonl", NULL, &lines},
		{"--json", NULL, &json}, {"--csv", NULL, &csv},
		{"--geojson", NULL, &geo},
		{"--all-versions", NULL, &q.all_versions}, {0}};
	struct listing l = {.kind = kind};
	int64_t n = 0;
	struct fault f;

	if (!ui_options(c, &argc, argv, options))
		return EXIT_USAGE;
	if (argc != 2)
		return cmd_usage(c, "one mission folder is wanted");
	if (json + lines + csv + geo > 1)
		return cmd_usage(c, "one of --json, --jsonl, --csv, --geojson");
	if (limit && (!integer_read(bytes_of(limit), &n, &f) || n < 1))
		return cmd_usage(c, "--limit '%s', wants a number", limit);
	q.limit = (size_t)n;
	if (!ui_time(c, from, &q.span.from) || !ui_time(c, to, &q.span.to) ||
		(box && !box_of(c, box, &q)) ||
		!can_occur(c, kind->type, q.kind, kind_word) ||
		!can_occur(c, kind->type, q.status, status_word))
		return EXIT_USAGE;
	if (from && to && q.span.to.utc_ns < q.span.from.utc_ns)
		return cmd_usage(c, "--to '%s' is before --from '%s'", to,
			from);
	if (to && !from) /* the span's beginning says whether there is one */
		q.span.from = (struct instant){0};
	l.shape = json ? SHAPED_JSON : lines ? SHAPED_LINES
		: csv ? SHAPED_CSV : geo ? SHAPED_GEO : SHAPED_TABLE;
	return list_all(c, argv[1], &l, &q);
}
