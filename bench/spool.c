/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * spool.c - the spool against a bare pwrite + fdatasync loop of the same
 * records and groups (SCALE.md 11: at least 0.8). */
#include "spool/files.h"
#include "spool/spool.h"

#include <fcntl.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

enum { GROUP = 256, GROUPS = 400, PAYLOAD = 512, ROUNDS = 5 };

static uint8_t payload[PAYLOAD];

static double now_s(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static double bare(const char *folder)
{
	static uint8_t group[GROUP * (PAYLOAD + JOURNAL_HEADER)];
	char path[128];
	double from;
	int fd;

	(void)snprintf(path, sizeof path, "%s/bare", folder);
	fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);
	if (fd < 0 || fallocate(fd, 0, 0, 64 << 20) < 0)
		exit(1);
	from = now_s();
	for (off_t i = 0; i < GROUPS; i++)
		if (pwrite(fd, group, sizeof group,
			i * (off_t)sizeof group) != (ssize_t)sizeof group ||
			fdatasync(fd) < 0)
			exit(1);
	from = now_s() - from;
	(void)close(fd);
	(void)unlink(path);
	return GROUP * GROUPS / from;
}

static double spooled(struct files *files, int64_t round)
{
	struct journal_record r[GROUP];
	struct fault f = {0};
	struct spool s;
	double from;
	char name[32];

	(void)snprintf(name, sizeof name, "bench%d", (int)round);
	for (size_t i = 0; i < GROUP; i++)
		r[i] = (struct journal_record){.kind = JOURNAL_PACKET,
			.received = {round}, .payload = {payload, PAYLOAD}};
	if (!spool_open(&s, &files->disk, name, SPOOL_WRITE, 0, &f))
		exit(1);
	from = now_s();
	for (int i = 0; i < GROUPS; i++)
		if (!spool_append(&s, r, GROUP, &f))
			exit(1);
	from = now_s() - from;
	spool_close(&s);
	return GROUP * GROUPS / from;
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

int main(void)
{
	char folder[] = "./bench-spool-XXXXXX", command[64];
	double ratio[ROUNDS], b = 0, s = 0;
	struct files files;
	struct fault f;

	if (!mkdtemp(folder) || !files_open(&files, folder, &f))
		return 1;
	for (int i = 0; i < ROUNDS; i++) {
		b = bare(folder);
		s = spooled(&files, i);
		ratio[i] = s / b;
	}
	files_close(&files);
	qsort(ratio, ROUNDS, sizeof *ratio, by_size);
	printf("spool: groups of %d x %d B, %.0f records/s durable, bare loop "
	       "%.0f; ratio %.2f (median of %d; wants 0.8)\n", GROUP, PAYLOAD,
		s, b, ratio[ROUNDS / 2], ROUNDS);
	(void)snprintf(command, sizeof command, "rm -rf %s", folder);
	return system(command) != 0;
}
