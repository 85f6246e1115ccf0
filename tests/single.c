/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Receipts, and proofs of two histories, right and wrong: the files of
 * tests/data/proof/single, which web/test/single.ts made.  WANTS has a line
 * each, NAME and, where it must be refused, the rule; KEY the log's key.  The
 * other verifier reads the same (tests/webpeople.sh). */
#include "check.h"
#include "feeds/file.h"
#include "ledger/equivocation.h"
#include "ledger/receipt.h"

#define FOLDER "tests/data/proof/single/"

static struct arena memory;
static struct note_key key;

static struct bytes file_of(const char *name)
{
	char path[200];
	struct bytes b = {0};
	struct fault f = {0};

	(void)snprintf(path, sizeof path, FOLDER "%s", name);
	CHECK_QUIET(file_read(path, &memory, &b, &f), "%s", f.text);
	return b;
}

/* The rule that it breaks, "" where it holds. */
static const char *read_receipt(struct bytes b, struct fault *f)
{
	static struct disclosure d;
	struct receipt r = {.batch = &d};
	const char *rule = "";
	struct checkpoint c;

	return receipt_read(b, &memory, &r, &rule, f) &&
		receipt_holds(&r, &key, &c, &rule, f) ? "" : rule;
}

static void one(const char *name, const char *want)
{
	static struct equivocation e;
	struct bytes b = file_of(name);
	struct fault f = {0};
	const char *got;
	bool fork = strstr(name, ".equivocation") != NULL;

	/* Of what proves nothing no rule is named, only why; and of what lies
	 * in a receipt only that it is its proof. */
	if (fork)
		got = equivocation_read(b, &key, &e, &f) ? "" : "refused";
	else
		got = read_receipt(b, &f);
	if (*got && *want && (fork || strcmp(want, "receipt") != 0))
		got = want;
	CHECK(strcmp(got, want) == 0 && (!*want || f.text[0]), "%s: %s%s%s",
		name, *got ? got : "holds", *f.text ? ", " : "", f.text);
}

int main(void)
{
	struct fault f = {0};
	struct bytes b, line = {0};
	struct reader r;
	size_t n = 0;

	if (!arena_map(&memory, 1 << 24, &f) || !sign_ready(&f))
		return 1;
	b = file_of("KEY");
	CHECK(note_key_read(bytes_part(b, 0, b.len - 1), &key, &f), "the key");
	r = reader(file_of("WANTS"));
	for (; note_next_line(&r, &line); n++) {
		char name[80];
		char *space;

		(void)snprintf(name, sizeof name, "%.*s", (int)line.len,
			(const char *)line.at);
		space = strchr(name, ' ');
		if (space)
			*space = '\0';
		one(name, space ? space + 1 : "");
	}
	CHECK(n == 42, "%d files", (int)n);
	arena_unmap(&memory);
	return check_done();
}
