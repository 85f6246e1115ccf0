/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * derived.c - does what the index finds and counts rows by follow from the
 * rows: cells of places, which version is newest, numbers of incidents by cell
 * and day, bounds of times, words (worded.c)?  Whoever changes these alone
 * hides an incident from a map and leaves its record as it is. */
#include "store/index.h"

#define TEXT_OF(x) #x
#define NUMBER(x) TEXT_OF(x)
#define DAY(t) "CASE WHEN " t " < 0 THEN -1 ELSE " t " / 86400000000000 END"
#define SPANS "0 86400000000000,1 1382400000000000,2 22118400000000000"
/* What counts must be (counts.c). */
#define COUNTED "SELECT s.level, CASE WHEN r.t < 0 THEN -1 ELSE r.t / s.ns" \
	" END, r.cell, r.kind, count(*), max(r.t) FROM row r, spans s" \
	" WHERE r.type = 105 AND r.newest GROUP BY 1, 2, 3, 4"
#define COUNTS "SELECT level, block, cell, kind, n, newest FROM counts"

/* Each says what is wrong first, in one text; no row: nothing. */
static const char *const questions[] = {
	"SELECT 'a ' || type || ' in its file' FROM main.sqlite_schema"
	" WHERE type IN ('trigger', 'view') LIMIT 1",
	"SELECT 'its file: ' || integrity_check FROM pragma_integrity_check(1)"
	" WHERE integrity_check <> 'ok'",
	"SELECT 'the cell of ' || id FROM row r WHERE"
	" r.cell IS NOT cell_of(r.lat, r.lon, " NUMBER(INDEX_CELL_BITS) ")"
	" OR r.fine IS NOT cell_of(r.lat, r.lon, " NUMBER(INDEX_FINE_BITS) ")"
	" OR r.near IS NOT cell_of(r.lat, r.lon, " NUMBER(INDEX_NEAR_BITS) ")"
	" OR r.wide IS NOT cell_of(r.lat, r.lon, " NUMBER(INDEX_WIDE_BITS) ")"
	" LIMIT 1",
	"SELECT 'which version is newest of ' || id FROM row r WHERE r.newest"
	" IS NOT (r.version = (SELECT max(n.version) FROM row n WHERE"
	" n.type = r.type AND n.id = r.id)) LIMIT 1",
	"SELECT 'its list of spans' WHERE (SELECT group_concat(level || ' ' ||"
	" ns) FROM (SELECT * FROM spans ORDER BY level)) IS NOT '" SPANS "'",
	"SELECT 'the number of incidents by cell and day' WHERE"
	" EXISTS (" COUNTED " EXCEPT " COUNTS ") OR"
	" EXISTS (" COUNTS " EXCEPT " COUNTED ")",
	"SELECT 'the bound of times of ' || id FROM row r LEFT JOIN longest l"
	" ON l.type = r.type WHERE r.version > ifnull(l.version, 0) OR CASE"
	" WHEN r.u = ?1 THEN ?2 WHEN r.t = ?1 THEN 0 ELSE r.u - r.t END"
	" > ifnull(l.ns, 0) LIMIT 1",
	"SELECT 'the day of ' || id FROM row r LEFT JOIN days d"
	" ON d.type = r.type AND d.day = " DAY("r.t")
	" WHERE r.type IN (102, 105) AND r.ledger >= 0 AND"
	" (d.least IS NULL OR d.least > r.ledger) LIMIT 1",
	NULL};

static bool ask(struct index *x, const char *question,
	char what[STORE_WHAT], struct fault *f)
{
	struct kept *k = index_prepare(x, question, f);
	struct text t = text_on(what, STORE_WHAT);
	const unsigned char *said;
	int step;

	if (!k)
		return false;
	if (sqlite3_bind_parameter_count(k->stmt) > 0) {
		index_int(k, 1, NO_TIME);
		index_int(k, 2, INDEX_FOREVER);
	}
	step = sqlite3_step(k->stmt);
	if (step == SQLITE_ROW) {
		said = sqlite3_column_text(k->stmt, 0);
		text_add(&t, said ? (const char *)said : "a row of no name");
	} else if (step != SQLITE_DONE) {
		index_no(x, "sound", f);
	}
	index_done(k);
	return step == SQLITE_ROW || step == SQLITE_DONE;
}

bool index_sound(struct store *s, char what[STORE_WHAT], struct fault *f)
{
	what[0] = '\0';
	for (size_t i = 0; questions[i] && !what[0]; i++)
		if (!ask(s->self, questions[i], what, f))
			return false;
	return what[0] || index_worded(s->self, what, f);
}
