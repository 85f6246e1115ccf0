/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * worded.c - are the words by which a search finds rows those of the rows?
 * Their text is not kept (index.h), so the list is made once more, beside,
 * and both are read in step: term, row, place in its text.  Then each term is
 * looked up: a search goes by a tree above the list, not through it. */
#include "store/index.h"

/* Written to is what is this connection's own, and goes with it. */
static const char making[] =
	"CREATE VIRTUAL TABLE temp.again" INDEX_WORDS_AS
	"INSERT INTO temp.again(rowid, text) SELECT key, words_of(type, kind,"
	" body) FROM main.row WHERE type IN (97, 99, 105, 111) ORDER BY key;"
	"CREATE VIRTUAL TABLE temp.is_listed USING"
	" fts5vocab('main', 'words', 'instance');"
	"CREATE VIRTUAL TABLE temp.to_list USING"
	" fts5vocab('temp', 'again', 'instance');"
	"CREATE VIRTUAL TABLE temp.terms USING"
	" fts5vocab('temp', 'again', 'row');";
static const char taking_away[] = "DROP TABLE IF EXISTS temp.terms;"
	"DROP TABLE IF EXISTS temp.to_list;"
	"DROP TABLE IF EXISTS temp.is_listed;"
	"DROP TABLE IF EXISTS temp.again;";
static const char looking_up[] = "SELECT term FROM temp.terms t WHERE t.doc"
	" IS NOT (SELECT count(*) FROM main.words WHERE words MATCH"
	" '\"' || replace(t.term, '\"', '\"\"') || '\"') LIMIT 1";
#define LISTED "SELECT term, doc, offset FROM temp."

/* *more: a row came.  *damaged: what the file has of it cannot be read. */
static bool step(struct index *x, struct kept *k, bool *more, bool *damaged,
	struct fault *f)
{
	int got = sqlite3_step(k->stmt);

	*more = got == SQLITE_ROW;
	*damaged = (got & 0xff) == SQLITE_CORRUPT;
	return *more || *damaged || got == SQLITE_DONE ||
		index_no(x, "words", f);
}

static int in_order(const struct kept *a, const struct kept *b)
{
	const char *s = (const char *)sqlite3_column_text(a->stmt, 0);
	const char *t = (const char *)sqlite3_column_text(b->stmt, 0);
	int d = strcmp(s ? s : "", t ? t : "");

	for (int i = 1; d == 0 && i < 3; i++) {
		int64_t p = sqlite3_column_int64(a->stmt, i);
		int64_t q = sqlite3_column_int64(b->stmt, i);

		d = (p > q) - (p < q);
	}
	return d;
}

/* Whose word it is. */
static bool name(struct index *x, int64_t key, char what[STORE_WHAT],
	struct fault *f)
{
	struct kept *k = index_prepare(x, "SELECT id FROM row WHERE key = ?",
		f);
	struct text t = text_on(what, STORE_WHAT);

	if (!k)
		return false;
	index_int(k, 1, key);
	text_add(&t, "the list of words of ");
	if (sqlite3_step(k->stmt) == SQLITE_ROW)
		text_fmt(&t, "%.80s", sqlite3_column_text(k->stmt, 0));
	else
		text_add(&t, "a row that is not there");
	index_done(k);
	return true;
}

static void say(char what[STORE_WHAT], const char *it)
{
	struct text t = text_on(what, STORE_WHAT);

	text_add(&t, it);
}

static const char damage[] = "its list of words, which is damaged,";

static bool compare(struct index *x, struct kept *is, struct kept *be,
	char what[STORE_WHAT], struct fault *f)
{
	for (;;) {
		bool a, b, bad, no;
		int d;

		if (!step(x, is, &a, &bad, f) || !step(x, be, &b, &no, f))
			return false;
		if (bad || no) {
			say(what, damage);
			return true;
		}
		if (!a && !b)
			return true;
		d = !b ? -1 : !a ? 1 : in_order(is, be);
		if (d != 0)
			return name(x, sqlite3_column_int64(
				d < 0 ? is->stmt : be->stmt, 1), what, f);
	}
}

static bool look_up(struct index *x, char what[STORE_WHAT], struct fault *f)
{
	struct kept *k = index_prepare(x, looking_up, f);
	bool more, bad, ok;

	if (!k)
		return false;
	ok = step(x, k, &more, &bad, f);
	if (ok && (more || bad))
		say(what, bad ? damage : "which records a word finds");
	index_done(k);
	return ok;
}

/* It is split into words as we split it. */
static bool as_made(struct index *x, char what[STORE_WHAT], struct fault *f)
{
	struct kept *k = index_prepare(x, "SELECT sql FROM main.sqlite_schema"
		" WHERE name = 'words'", f);
	const char *sql = NULL;

	if (!k)
		return false;
	if (sqlite3_step(k->stmt) == SQLITE_ROW)
		sql = (const char *)sqlite3_column_text(k->stmt, 0);
	/* without the semicolon */
	if (!sql || strlen(sql) != sizeof INDEX_WORDS - 2 ||
		!bytes_start(bytes_of(INDEX_WORDS), sql))
		say(what, "how it lists words");
	index_done(k);
	return true;
}

bool index_worded(struct index *x, char what[STORE_WHAT], struct fault *f)
{
	struct kept *is = NULL, *be = NULL;
	struct fault no;
	bool ok = as_made(x, what, f);

	if (!ok || what[0])
		return ok;
	ok = (x->writable || index_run(x, "PRAGMA query_only = 0", f)) &&
		index_run(x, making, f) &&
		(is = index_prepare(x, LISTED "is_listed", f)) &&
		(be = index_prepare(x, LISTED "to_list", f)) &&
		compare(x, is, be, what, f);
	if (is)
		index_done(is);
	if (be)
		index_done(be);
	ok = ok && (what[0] || look_up(x, what, f));
	ok = index_run(x, taking_away, ok ? f : &no) && ok;
	return (x->writable || index_run(x, "PRAGMA query_only = 1",
		ok ? f : &no)) && ok;
}
