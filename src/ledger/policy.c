/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ledger/policy.h"

enum { WORDS = POLICY_NAMES + 3 };

struct words {
	size_t count;
	struct bytes at[WORDS];
};

static bool split(struct bytes line, struct words *w, struct fault *f)
{
	w->count = 0;
	for (size_t i = 0; i < line.len;) {
		size_t from;

		while (i < line.len && (line.at[i] == ' ' ||
					       line.at[i] == '\t'))
			i++;
		for (from = i; i < line.len && line.at[i] != ' ' &&
			line.at[i] != '\t';)
			i++;
		if (i == from)
			break;
		if (w->count == WORDS)
			return fault(f, FAULT_LIMIT, "more than %d words",
				WORDS);
		w->at[w->count++] = bytes_part(line, from, i - from);
	}
	return true;
}

/* Number of a name; POLICY_NAMES: there is none. */
static size_t find(const struct policy *p, struct bytes name)
{
	for (size_t i = 0; i < p->names; i++)
		if (bytes_equal(p->name[i].name, name))
			return i;
	return POLICY_NAMES;
}

static bool unknown(struct bytes name, struct fault *f)
{
	return fault(f, FAULT_INPUT, "%.*s is not defined above",
		(int)(name.len < 80 ? name.len : 80), (const char *)name.at);
}

/* NULL: it may not be. */
static struct policy_name *add_name(
	struct policy *p, struct bytes name, struct fault *f)
{
	struct policy_name *x = &p->name[p->names];

	if (bytes_are(name, "none") || find(p, name) != POLICY_NAMES) {
		(void)fault(f, FAULT_INPUT, "a name that is there already");
		return NULL;
	}
	if (p->names == POLICY_NAMES) {
		(void)fault(f, FAULT_LIMIT, "more than %d names",
			POLICY_NAMES);
		return NULL;
	}
	p->names++;
	*x = (struct policy_name){.name = name};
	return x;
}

static bool same_key(const struct note_key *a, const struct note_key *b)
{
	return memcmp(a->key, b->key, SIGN_KEY) == 0;
}

static bool add_log(struct policy *p, const struct words *w, struct fault *f)
{
	struct note_key *k = &p->log[p->logs];

	if (w->count < 2 || w->count > 3)
		return fault(f, FAULT_INPUT, "wants: log KEY [URL]");
	if (p->logs == POLICY_LOGS)
		return fault(f, FAULT_LIMIT, "more than %d logs", POLICY_LOGS);
	if (!note_key_read(w->at[1], k, f))
		return false;
	if (k->type != NOTE_SIGNS)
		return fault(f, FAULT_INPUT, "a witness' key for a log");
	for (size_t i = 0; i < p->logs; i++)
		if (same_key(&p->log[i], k))
			return fault(f, FAULT_INPUT, "a log's key twice");
	p->logs++;
	return true;
}

static bool add_witness(
	struct policy *p, const struct words *w, struct fault *f)
{
	struct policy_name *x;

	if (w->count < 3 || w->count > 4)
		return fault(f, FAULT_INPUT, "wants: witness NAME KEY [URL]");
	x = add_name(p, w->at[1], f);
	if (!x || !note_key_read(w->at[2], &x->key, f))
		return false;
	if (x->key.type != NOTE_COSIGNS)
		return fault(f, FAULT_INPUT, "a log's key for a witness");
	if (w->count == 4)
		x->url = w->at[3];
	for (size_t i = 0; i + 1 < p->names; i++)
		if (!p->name[i].is_group && same_key(&p->name[i].key, &x->key))
			return fault(f, FAULT_INPUT, "a witness' key twice");
	return true;
}

static bool add_member(struct policy *p, struct bytes name, struct fault *f)
{
	size_t i = find(p, name);

	if (i == POLICY_NAMES)
		return unknown(name, f);
	if (p->name[i].is_member)
		return fault(f, FAULT_INPUT, "a name that is a member twice");
	p->name[i].is_member = true;
	p->member[p->members++] = i; /* each name once: there is room */
	return true;
}

static bool add_group(struct policy *p, const struct words *w, struct fault *f)
{
	size_t n = w->count - 3;
	struct policy_name *x;
	uint64_t k;

	if (w->count < 4)
		return fault(f, FAULT_INPUT,
			"wants: group NAME all|any|K NAME...");
	if (bytes_are(w->at[2], "all"))
		k = n;
	else if (bytes_are(w->at[2], "any"))
		k = 1;
	else if (!note_number(w->at[2], &k))
		k = 0;
	if (k < 1 || k > n)
		return fault(f, FAULT_INPUT, "wants all, any, or 1 to %zu", n);
	for (size_t i = 3; i < w->count; i++)
		if (bytes_equal(w->at[i], w->at[1]))
			return unknown(w->at[i], f);
	x = add_name(p, w->at[1], f);
	if (!x)
		return false;
	x->is_group = true;
	x->needs = k;
	x->from = p->members;
	x->count = n;
	for (size_t i = 3; i < w->count; i++)
		if (!add_member(p, w->at[i], f))
			return false;
	return true;
}

static bool set_quorum(
	struct policy *p, const struct words *w, bool *some, struct fault *f)
{
	if (w->count != 2 || *some)
		return fault(f, FAULT_INPUT, "wants one line: quorum NAME");
	p->quorum = find(p, w->at[1]);
	if (p->quorum == POLICY_NAMES && !bytes_are(w->at[1], "none"))
		return unknown(w->at[1], f);
	*some = true;
	return true;
}

static bool add_line(
	struct policy *p, struct bytes line, bool *quorum, struct fault *f)
{
	struct words w;

	for (size_t i = 0; i < line.len; i++)
		if ((line.at[i] < 0x20 && line.at[i] != '\t') ||
			line.at[i] == 0x7f)
			return fault(f, FAULT_INPUT, "control character");
	if (bytes_start(bytes_trim(line), "#"))
		return true;
	if (!split(line, &w, f) || w.count == 0)
		return f->kind == FAULT_NONE;
	if (bytes_are(w.at[0], "log"))
		return add_log(p, &w, f);
	if (bytes_are(w.at[0], "witness"))
		return add_witness(p, &w, f);
	if (bytes_are(w.at[0], "group"))
		return add_group(p, &w, f);
	if (bytes_are(w.at[0], "quorum"))
		return set_quorum(p, &w, quorum, f);
	return fault(f, FAULT_INPUT, "wants log, witness, group or quorum");
}

bool policy_read(struct bytes b, struct policy *p, struct fault *f)
{
	struct reader r = reader(b);
	struct bytes line;
	bool quorum = false;
	size_t n = 0;

	*p = (struct policy){.quorum = POLICY_NAMES};
	*f = (struct fault){0};
	while (note_next_line(&r, &line)) {
		n++;
		if (!add_line(p, line, &quorum, f))
			return fault_in(f, "policy: line %zu", n);
	}
	if (reader_left(&r) > 0)
		return fault(f, FAULT_INPUT,
			"policy: does not end in a line feed");
	return quorum || fault(f, FAULT_INPUT, "policy: no quorum line");
}

bool policy_weigh(const struct policy *p, bool yes[POLICY_NAMES])
{
	for (size_t i = 0; i < p->names; i++) {
		const struct policy_name *x = &p->name[i];
		size_t have = 0;

		if (!x->is_group)
			continue;
		for (size_t k = 0; k < x->count; k++)
			have += yes[p->member[x->from + k]];
		yes[i] = have >= x->needs;
	}
	return p->quorum == POLICY_NAMES || yes[p->quorum];
}

bool policy_judge(const struct policy *p, const struct note *note,
	const char *origin, struct witnessed *out, struct fault *f)
{
	bool quorum;

	*out = (struct witnessed){0};
	for (size_t i = 0; i < p->names; i++) {
		if (p->name[i].is_group)
			continue;
		if (!note_cosigned(note, &p->name[i].key, &out->time_s[i], f))
			return false;
		out->yes[i] = out->time_s[i] > 0;
		out->witnesses += out->yes[i];
	}
	quorum = policy_weigh(p, out->yes);
	for (size_t i = 0; i < p->logs && !out->by_log; i++)
		if (strcmp(p->log[i].name, origin) == 0 &&
			!note_signed(note, &p->log[i], &out->by_log, f))
			return false;
	out->met = (p->logs == 0 || out->by_log) && quorum;
	return true;
}
