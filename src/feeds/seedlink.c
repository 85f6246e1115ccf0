/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "feeds/seedlink.h"

enum {
	HEAD_3 = 8,    /* "SL" and six hex digits, or "SLINFO" and two */
	RECORD_3 = 512,
	HEAD_4 = 17,   /* "SE", format, subformat, u32 length, u64 sequence,
	                  u8 length of the station's name; little-endian */
};

static bool copy(char out[SEEDLINK_STATION], struct bytes b)
{
	for (size_t i = 0; i < b.len; i++)
		if (b.at[i] <= ' ' || b.at[i] > '~')
			return false;
	if (b.len >= SEEDLINK_STATION)
		return false;
	if (b.len > 0)
		memcpy(out, b.at, b.len);
	out[b.len] = '\0';
	return true;
}

static bool one_entry(
	struct bytes b, struct seedlink_entry *e, struct fault *f)
{
	const uint8_t *colon = b.len ? memchr(b.at, ':', b.len) : NULL;
	size_t n = colon ? (size_t)(colon - b.at) : b.len;

	if (n > 0 && copy(e->station, bytes_part(b, 0, n)) &&
		copy(e->select, bytes_part(b, n + 1, b.len)) &&
		(strchr(e->station, '_') || strcmp(e->station, "*") == 0))
		return true;
	return fault(f, FAULT_INPUT, "'%.*s', wants NET_STA or NET_STA:SELECT",
		(int)(b.len < 60 ? b.len : 60), (const char *)b.at);
}

bool seedlink_entries(const char *list, struct seedlink *s, struct arena *a,
	struct fault *f)
{
	struct bytes b = bytes_of(*list ? list : "*");
	size_t n = 1, at = 0;

	for (size_t i = 0; i < b.len; i++)
		n += b.at[i] == ',';
	if (n > SEEDLINK_ENTRIES_MAX)
		return fault(f, FAULT_LIMIT, "more than %d stations",
			SEEDLINK_ENTRIES_MAX);
	if (!(s->entry = arena_array(a, n, sizeof *s->entry, f)))
		return false;
	for (s->count = 0; s->count < n; s->count++) {
		size_t end = at;

		while (end < b.len && b.at[end] != ',')
			end++;
		if (!one_entry(bytes_part(b, at, end - at),
			    &s->entry[s->count], f))
			return false;
		at = end + 1;
	}
	return true;
}

void seedlink_start(struct seedlink *s, struct text *say)
{
	s->stage = SEEDLINK_HELLO;
	s->version = 3;
	s->at = 0;
	s->offers_4 = false;
	for (size_t i = 0; i < s->count; i++)
		s->entry[i].refused = false;
	text_add(say, "HELLO\r\n");
}

void seedlink_ask(const struct seedlink *s, struct text *say)
{
	if (s->stage == SEEDLINK_STREAM)
		text_add(say, "INFO ID\r\n");
}

/* -- asking -- */

static void say_data(const struct seedlink *s, struct text *say)
{
	const struct seedlink_entry *e = &s->entry[s->at];
	uint64_t next = e->last[s->version - 3] + 1;

	/* The one after the last, as slinktool asks for it. */
	if (!e->known[s->version - 3])
		text_add(say, "DATA\r\n");
	else if (s->version == 3)
		text_fmt(say, "DATA %06llX\r\n",
			(unsigned long long)(next & 0xffffff));
	else
		text_fmt(say, "DATA %llu\r\n", (unsigned long long)next);
}

/* Of version 3, everything is asked for without naming a station. */
static bool is_all(const struct seedlink *s)
{
	return s->version == 3 && s->count == 1 &&
		strcmp(s->entry[0].station, "*") == 0;
}

static bool next_entry(struct seedlink *s, struct text *say, struct fault *f)
{
	const struct seedlink_entry *e = &s->entry[s->at];
	size_t refused = 0;

	for (size_t i = 0; i < s->count; i++)
		refused += s->entry[i].refused;
	if (s->at == s->count && refused == s->count)
		return fault(f, FAULT_INPUT,
			"the server has none of the stations");
	if (s->at == s->count) {
		text_add(say, "END\r\n");
		s->stage = SEEDLINK_STREAM;
	} else if (is_all(s)) {
		say_data(s, say);
		s->stage = SEEDLINK_STREAM;
	} else if (s->version == 3) {
		const char *split = strchr(e->station, '_');

		if (split)
			text_fmt(say, "STATION %s %.*s\r\n", split + 1,
				(int)(split - e->station), e->station);
		else
			text_add(say, "STATION * *\r\n");
		s->stage = SEEDLINK_ASK_STATION;
	} else {
		text_fmt(say, "STATION %s\r\n", e->station);
		s->stage = SEEDLINK_ASK_STATION;
	}
	return true;
}

static bool has_word(struct bytes line, const char *word)
{
	size_t n = strlen(word);

	for (size_t i = 0; i + n <= line.len; i++)
		if (memcmp(line.at + i, word, n) == 0 &&
			(i + n == line.len || line.at[i + n] <= ' '))
			return true;
	return false;
}

static bool answered(struct seedlink *s, struct bytes line, struct text *say,
	struct fault *f)
{
	bool ok = bytes_start(line, "OK");

	if (s->stage > SEEDLINK_SITE && !ok && !bytes_start(line, "ERROR"))
		return fault(f, FAULT_INPUT, "wants OK or ERROR");
	switch (s->stage) {
	case SEEDLINK_HELLO:
		s->offers_4 = has_word(line, "SLPROTO:4.0");
		s->stage = SEEDLINK_SITE;
		return true;
	case SEEDLINK_SITE:
		if (!s->offers_4)
			return next_entry(s, say, f);
		text_add(say, "SLPROTO 4.0\r\n");
		s->stage = SEEDLINK_PROTO;
		return true;
	case SEEDLINK_PROTO:
		s->version = ok ? 4 : 3;
		return next_entry(s, say, f);
	case SEEDLINK_ASK_STATION:
		if (ok && s->entry[s->at].select[0]) {
			text_fmt(say, "SELECT %s\r\n", s->entry[s->at].select);
			s->stage = SEEDLINK_ASK_SELECT;
			return true;
		}
		break;
	case SEEDLINK_ASK_SELECT:
		break;
	case SEEDLINK_ASK_DATA:
	default:
		s->entry[s->at++].refused = !ok;
		return next_entry(s, say, f);
	}
	if (!ok) {
		s->entry[s->at++].refused = true;
		return next_entry(s, say, f);
	}
	say_data(s, say);
	s->stage = SEEDLINK_ASK_DATA;
	return true;
}

static bool take_line(struct seedlink *s, struct bytes in, size_t *used,
	struct text *say, struct fault *f)
{
	size_t most = in.len < SEEDLINK_LINE_MAX ? in.len : SEEDLINK_LINE_MAX;
	const uint8_t *end = most ? memchr(in.at, '\n', most) : NULL;

	if (!end)
		return in.len < SEEDLINK_LINE_MAX || fault(f, FAULT_LIMIT,
			"a line without end");
	*used = (size_t)(end - in.at) + 1;
	return answered(s, bytes_part(in, 0, *used - 1), say, f);
}

/* -- packets -- */

/* '*' any run, '?' one. */
static bool fits(const char *pattern, struct bytes name)
{
	size_t i = 0, star = SIZE_MAX, from = 0;
	const char *p = pattern;

	while (i < name.len) {
		if (*p == '*') {
			star = (size_t)(++p - pattern);
			from = i;
		} else if (*p && (*p == '?' || (uint8_t)*p == name.at[i])) {
			p++;
			i++;
		} else if (star != SIZE_MAX) {
			p = pattern + star;
			i = ++from;
		} else {
			return false;
		}
	}
	while (*p == '*')
		p++;
	return !*p;
}

/* The entry that asked for a station: by name before by pattern. */
static struct seedlink_entry *entry_of(
	const struct seedlink *s, struct bytes station)
{
	struct seedlink_entry *found = NULL;

	for (size_t i = 0; i < s->count; i++) {
		if (bytes_are(station, s->entry[i].station))
			return &s->entry[i];
		if (!found && fits(s->entry[i].station, station))
			found = &s->entry[i];
	}
	return found;
}

static void number(struct seedlink *s, struct seedlink_packet *p,
	struct bytes station, uint64_t sequence)
{
	struct seedlink_entry *e = entry_of(s, station);

	p->entry = e;
	p->sequence = sequence;
	if (!e)
		return;
	e->last[s->version - 3] = sequence;
	e->known[s->version - 3] = true;
}

/* "NET_STA" of a record of version 2: station at byte 8, network at 18. */
static struct bytes station_2(struct bytes record, char out[16])
{
	struct text t = text_on(out, 16);

	text_bytes(&t, bytes_trim(bytes_part(record, 18, 2)));
	text_char(&t, '_');
	text_bytes(&t, bytes_trim(bytes_part(record, 8, 5)));
	return text_view(&t);
}

static bool hex_digits(struct bytes b, uint64_t *v)
{
	*v = 0;
	for (size_t i = 0; i < b.len; i++) {
		char c = (char)b.at[i];
		int d = c >= '0' && c <= '9' ? c - '0'
			: c >= 'A' && c <= 'F' ? c - 'A' + 10
			: c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;

		if (d < 0)
			return false;
		*v = *v << 4 | (unsigned)d;
	}
	return true;
}

static bool take_3(struct seedlink *s, struct bytes in, size_t *used,
	struct seedlink_packet *p, bool *got, struct fault *f)
{
	char station[16];
	uint64_t sequence;

	if (in.len < HEAD_3 + RECORD_3)
		return true;
	if (!bytes_start(in, "SLINFO")) {
		if (!hex_digits(bytes_part(in, 2, 6), &sequence))
			return fault(f, FAULT_INPUT, "no sequence number");
		p->record = bytes_part(in, HEAD_3, RECORD_3);
		number(s, p, station_2(p->record, station), sequence);
		*got = true;
	}
	*used = HEAD_3 + RECORD_3;
	return true;
}

static bool take_4(struct seedlink *s, struct bytes in, size_t *used,
	struct seedlink_packet *p, bool *got, struct fault *f)
{
	struct bytes station;
	uint64_t length;
	size_t head;

	if (in.len < HEAD_4)
		return true;
	length = bytes_le(bytes_part(in, 4, 4));
	head = HEAD_4 + (size_t)in.at[HEAD_4 - 1];
	if (length > SEEDLINK_RECORD_MAX)
		return fault(f, FAULT_LIMIT, "a packet of %llu bytes",
			(unsigned long long)length);
	if (in.len < head + (size_t)length)
		return true;
	station = bytes_part(in, HEAD_4, head - HEAD_4);
	/* miniSEED of either version; all else speaks of the server. */
	if ((in.at[2] == '2' || in.at[2] == '3') && length > 0) {
		p->record = bytes_part(in, head, (size_t)length);
		number(s, p, station, bytes_le(bytes_part(in, 8, 8)));
		*got = true;
	}
	*used = head + (size_t)length;
	return true;
}

bool seedlink_take(struct seedlink *s, struct bytes in, size_t *used,
	struct seedlink_packet *p, bool *got, struct text *say, struct fault *f)
{
	*used = 0;
	*got = false;
	if (s->stage != SEEDLINK_STREAM)
		return take_line(s, in, used, say, f);
	if (in.len < 2)
		return true;
	if (memcmp(in.at, s->version == 3 ? "SL" : "SE", 2) == 0)
		return s->version == 3 ? take_3(s, in, used, p, got, f)
				       : take_4(s, in, used, p, got, f);
	return fault(f, FAULT_INPUT, bytes_start(in, "EN") ?
		"the server has ended" : bytes_start(in, "ER") ?
		"the server says ERROR" : "no packet begins here");
}
