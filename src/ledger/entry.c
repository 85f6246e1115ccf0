/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ledger/entry.h"

uint8_t entry_flags(uint8_t type)
{
	switch (type) {
	case ENTRY_AGREEMENT:
	case ENTRY_KEY:
	case ENTRY_PUBLICATION:
	case ENTRY_CORRECTION:
	case ENTRY_REPORT:
		return ENTRY_TWO;
	default:
		return 0;
	}
}

void entry_write(const struct entry *e, uint8_t out[ENTRY_LEN])
{
	memcpy(out, "CFE1", 4);
	out[4] = e->type;
	out[5] = e->flags;
	put_be(out + 6, 0, 2);
	put_be(out + 8, (uint64_t)(e->clock.utc_ns / 1000000), 8);
	memcpy(out + 16, e->subject, ENTRY_SUBJECT);
	memcpy(out + 32, e->prev.at, SHA256_LEN);
	memcpy(out + 64, e->body.at, SHA256_LEN);
	memcpy(out + 96, e->key_id, ENTRY_KEY_ID);
	memcpy(out + ENTRY_SIGNED, e->signature, ENTRY_SIGNATURE);
}

bool entry_read(struct bytes in, struct entry *e, struct fault *f)
{
	struct reader r = reader(in);
	struct bytes magic = read_bytes(&r, 4);
	uint64_t ms;

	if (in.len != ENTRY_LEN)
		return fault(f, FAULT_INPUT, "entry of %zu bytes, wants %d",
			in.len, ENTRY_LEN);
	if (!bytes_are(magic, "CFE1"))
		return fault(f, FAULT_INPUT, "not an entry");
	e->type = read_u8(&r);
	e->flags = read_u8(&r);
	if ((e->flags & ~(ENTRY_EMBARGO | ENTRY_TWO)) != 0 ||
		read_u16be(&r) != 0)
		return fault(f, FAULT_INPUT, "reserved bits are not zero");
	ms = read_u64be(&r);
	if (ms >= INSTANT_MAX_NS / 1000000)
		return fault(f, FAULT_INPUT, "time is absurd");
	e->clock.utc_ns = (int64_t)ms * 1000000;
	memcpy(e->subject, read_bytes(&r, ENTRY_SUBJECT).at, ENTRY_SUBJECT);
	memcpy(e->prev.at, read_bytes(&r, SHA256_LEN).at, SHA256_LEN);
	memcpy(e->body.at, read_bytes(&r, SHA256_LEN).at, SHA256_LEN);
	memcpy(e->key_id, read_bytes(&r, ENTRY_KEY_ID).at, ENTRY_KEY_ID);
	memcpy(e->signature, read_bytes(&r, ENTRY_SIGNATURE).at,
		ENTRY_SIGNATURE);
	return true;
}

struct digest entry_leaf(struct bytes entry)
{
	static const uint8_t zero;
	const struct bytes part[] = {{&zero, 1}, entry};

	return sha256_parts(part, 2);
}

void entry_subject(
	struct instant t, struct bytes made_of, uint8_t out[ENTRY_SUBJECT])
{
	struct digest d = sha256_of(made_of);
	int64_t ms = instant_known(t) ? t.utc_ns / 1000000 : 0;

	put_be(out, (uint64_t)ms, 6);
	memcpy(out + 6, d.at, 10);
}
