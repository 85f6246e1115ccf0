/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * statement.c - statements of the embedded index, prepared once and kept. */
#include <errno.h>

#include "store/index.h"

bool index_no(struct index *x, const char *doing, struct fault *f)
{
	int e = x->db ? sqlite3_system_errno(x->db) : 0;

	/* "disk I/O error" is what SQLite says of a full disk too. */
	if (e != 0 && (sqlite3_errcode(x->db) & 0xff) == SQLITE_IOERR) {
		errno = e;
		return fault_errno(f, "index: %s: %s", doing,
			sqlite3_errmsg(x->db));
	}
	return fault(f, FAULT_SYSTEM, "index: %s: %s", doing,
		x->db ? sqlite3_errmsg(x->db) : "no memory");
}

/* The doing's first word tells enough; all of it would hide the cause. */
bool index_run(struct index *x, const char *sql, struct fault *f)
{
	char doing[16];
	struct text t = text_on(doing, sizeof doing);

	text_bytes(&t, bytes_part(bytes_of(sql), 0, strcspn(sql, " ;")));
	return sqlite3_exec(x->db, sql, NULL, NULL, NULL) == SQLITE_OK ||
		index_no(x, doing, f);
}

struct kept *index_prepare(struct index *x, const char *sql, struct fault *f)
{
	struct kept *k = NULL;

	for (int i = 0; i < INDEX_KEPT; i++) {
		struct kept *y = &x->kept[i];

		if (y->busy)
			continue;
		if (y->stmt && strcmp(y->sql, sql) == 0) {
			k = y;
			break;
		}
		if (!k || y->used < k->used)
			k = y;
	}
	if (!k) {
		fault(f, FAULT_LIMIT, "index: more than %d queries at once",
			INDEX_KEPT);
		return NULL;
	}
	if (!k->stmt || strcmp(k->sql, sql) != 0) {
		struct text t = text_on(k->sql, sizeof k->sql);

		(void)sqlite3_finalize(k->stmt);
		k->stmt = NULL;
		text_add(&t, sql);
		if (sqlite3_prepare_v3(x->db, sql, -1,
			SQLITE_PREPARE_PERSISTENT, &k->stmt, NULL) !=
			SQLITE_OK) {
			index_no(x, "prepare", f);
			return NULL;
		}
	}
	k->busy = true;
	k->used = ++x->clock;
	return k;
}

void index_done(struct kept *k)
{
	(void)sqlite3_reset(k->stmt);
	(void)sqlite3_clear_bindings(k->stmt);
	k->busy = false;
}

void index_text(struct kept *k, int at, const char *s)
{
	(void)sqlite3_bind_text(k->stmt, at, s ? s : "", -1, SQLITE_STATIC);
}

void index_int(struct kept *k, int at, int64_t v)
{
	(void)sqlite3_bind_int64(k->stmt, at, v);
}

void index_bytes(struct kept *k, int at, struct bytes b)
{
	(void)sqlite3_bind_blob64(
		k->stmt, at, b.len ? b.at : (const uint8_t *)"", b.len,
		SQLITE_STATIC);
}

/* A statement without rows. */
bool index_finish(
	struct index *x, struct kept *k, const char *doing, struct fault *f)
{
	bool ok = sqlite3_step(k->stmt) == SQLITE_DONE || index_no(x, doing, f);

	index_done(k);
	return ok;
}
