/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "feeds/push.h"

#include "base/csv.h"
#include "formats/gaps.h"
#include "ledger/frame.h"

/* The line at the front without its end; false: not whole yet. */
static bool line_of(
	struct bytes in, struct bytes *line, size_t *used, bool *endless)
{
	size_t most = in.len < PUSH_LINE_MAX ? in.len : PUSH_LINE_MAX;
	const uint8_t *end = most ? memchr(in.at, '\n', most) : NULL;

	*endless = !end && in.len >= PUSH_LINE_MAX;
	if (!end)
		return false;
	*line = bytes_part(in, 0, (size_t)(end - in.at));
	*used = line->len + 1;
	if (line->len > 0 && line->at[line->len - 1] == '\r')
		line->len--;
	return true;
}

static bool is_name(struct bytes b)
{
	for (size_t i = 0; i < b.len; i++) {
		char c = (char)b.at[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			(c >= '0' && c <= '9') || c == '_' || c == '-' ||
			(c == '.' && i > 0)))
			return false;
	}
	return b.len > 0 && b.len < PUSH_NAME;
}

static bool hello(struct push *p, struct bytes line, struct text *answer,
	struct fault *f)
{
	struct bytes name = bytes_part(line, 8, line.len);

	if (!bytes_start(line, "TRUCE 1 "))
		return fault(f, FAULT_INPUT, "wants TRUCE 1 NAME");
	if (!is_name(name))
		return fault(f, FAULT_INPUT,
			"a name has 1 to %d of A-Z a-z 0-9 _ - .",
			PUSH_NAME - 1);
	memcpy(p->name, name.at, name.len);
	p->name[name.len] = '\0';
	text_add(answer, "OK\n");
	return true;
}

static bool head(struct push *p, struct bytes line, struct fault *f)
{
	struct fault no;
	int64_t n = 0;

	if (!bytes_start(line, "GROUP ") ||
		!integer_read(bytes_part(line, 6, line.len), &n, &no) || n < 1)
		return fault(f, FAULT_INPUT, "wants GROUP LENGTH");
	if (n > PUSH_GROUP_MAX)
		return fault(f, FAULT_LIMIT, "a group has at most %d bytes",
			PUSH_GROUP_MAX);
	p->wanted = (size_t)n;
	return true;
}

/* The word at the front, and what follows it. */
static struct bytes word(struct bytes *line)
{
	const uint8_t *end = line->len ? memchr(line->at, ' ', line->len)
		: NULL;
	size_t n = end ? (size_t)(end - line->at) : line->len;
	struct bytes w = bytes_part(*line, 0, n);

	*line = bytes_part(*line, n + (end != NULL), line->len);
	return w;
}

/* As a table of one row; what could end a field is not in it. */
static bool lost(struct push *p, struct bytes line, struct bytes *group,
	struct fault *f)
{
	struct text t = text_on(p->table, sizeof p->table);
	struct bytes sensor;
	struct span span;

	(void)word(&line);
	sensor = word(&line);
	if (!is_name(sensor) ||
		!instant_parse(word(&line), false, &span.from, f) ||
		!instant_parse(word(&line), false, &span.to, f) ||
		span.to.utc_ns <= span.from.utc_ns || line.len == 0)
		return fault(f, FAULT_INPUT,
			"wants LOST SENSOR FROM UNTIL WHY");
	gaps_table(&t, sensor, span, line);
	*group = text_view(&t);
	p->groups++;
	p->lost = true;
	return text_check(&t, f);
}

static bool is_frames(const struct push *p, struct bytes in)
{
	return p->frames || (p->signs && !p->name[0] &&
		bytes_start(in, "CFS1"));
}

static bool frame(struct push *p, struct bytes in, size_t *used,
	struct bytes *group, bool *got, struct fault *f)
{
	static const char name[] = "frames";
	size_t n;

	p->frames = true;
	memcpy(p->name, name, sizeof name);
	if (!frame_length(in, &n, f))
		return false;
	*got = n > 0 && n <= in.len;
	if (!*got)
		return true;
	*group = bytes_part(in, 0, n);
	*used = n;
	p->groups++;
	return true;
}

bool push_take(struct push *p, struct bytes in, size_t *used,
	struct bytes *group, bool *got, struct text *answer, struct fault *f)
{
	struct bytes line;
	bool endless;

	*used = 0;
	*got = p->lost = false;
	if (is_frames(p, in))
		return in.len == 0 || frame(p, in, used, group, got, f);
	if (p->wanted > 0) {
		if (in.len < p->wanted)
			return true;
		*group = bytes_part(in, 0, p->wanted);
		*used = p->wanted;
		*got = true;
		p->wanted = 0;
		p->groups++;
		return true;
	}
	if (!line_of(in, &line, used, &endless))
		return !endless || fault(f, FAULT_LIMIT,
			"a line has at most %d bytes", PUSH_LINE_MAX);
	*got = p->name[0] && bytes_start(line, "LOST ");
	if (*got)
		return lost(p, line, group, f);
	return p->name[0] ? head(p, line, f) : hello(p, line, answer, f);
}
