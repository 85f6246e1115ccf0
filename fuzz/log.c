/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * log.c - segment heads and records: what is taken for one writes itself as
 * the same bytes again. */
#include "base/log.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* A fuzzer cannot guess SHA-256: put the digest right, then look again. */
static void sealed(struct bytes b)
{
	uint8_t at[LOG_RECORD_MAX], header[JOURNAL_HEADER];
	struct journal_record r = {.sequence = 0}, back;
	size_t n = b.len < 32 ? 0 : b.len - 32;

	if (b.len < 32 || n > JOURNAL_PAYLOAD_MAX)
		return;
	r.sequence = bytes_be(bytes_part(b, 8, 8));
	r.received.utc_ns = (int64_t)bytes_be(bytes_part(b, 16, 8));
	r.feed = (uint32_t)bytes_be(bytes_part(b, 24, 4));
	r.kind = (enum journal_kind)bytes_be(bytes_part(b, 28, 2));
	r.flags = (unsigned)bytes_be(bytes_part(b, 30, 2));
	r.payload = bytes_part(b, 32, n);
	log_record_seal(&r, header);
	memset(at, 0, log_record_size(&r));
	memcpy(at, header, sizeof header);
	if (n > 0)
		memcpy(at + JOURNAL_HEADER, r.payload.at, n);
	if (log_record_read((struct bytes){at, log_record_size(&r)}, &back) !=
			LOG_RECORD || back.sequence != r.sequence ||
		back.payload.len != n || back.flags != r.flags)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t len)
{
	struct bytes b = {at, len};
	struct journal_record r;
	struct log_head h;
	struct fault f = {0};
	uint8_t again[LOG_HEAD], header[JOURNAL_HEADER];

	if (log_head_read(b, &h, &f)) {
		log_head_write(&h, again);
		if (memcmp(again, at, LOG_HEAD) != 0)
			abort();
	} else if (f.text[0] == '\0') {
		abort();
	}
	if (log_record_read(b, &r) == LOG_RECORD) {
		log_record_header(&r, header);
		if (log_record_size(&r) > len ||
			memcmp(header, at, sizeof header) != 0)
			abort();
	}
	sealed(b);
	return 0;
}
