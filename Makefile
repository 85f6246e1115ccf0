# Truce: plain GNU make, one file.  `make help` lists what there is.
# SPDX-License-Identifier: GPL-3.0-or-later
MAKEFLAGS += --no-builtin-rules
CONFIG ?= release
CC     ?= gcc
ifeq ($(origin CC),default)
CC     := gcc
endif
PREFIX ?= /usr/local
ROOT   := build
B      := $(ROOT)/$(CONFIG)

warn  := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes \
  -Wmissing-prototypes -Wvla -Wformat=2 -Wundef -Wcast-qual \
  -Wimplicit-fallthrough -Werror
packs := jansson libsodium libcrypto libssl sqlite3 yaml-0.1 libmicrohttpd kissfft-float \
  libcurl
# -ffp-contract=off: a fused multiply-add has another last bit (PROOF.md 10).
FLAGS := -std=c17 -D_GNU_SOURCE -pthread -ffp-contract=off -fno-math-errno \
  $(warn) -Isrc -include src/base/banned.h
# Asked once, when first wanted: `make deps` may install them before.
PKG_CFLAGS = $(eval PKG_CFLAGS := $(shell pkg-config --cflags $(packs)))$(PKG_CFLAGS)
# Only what a program calls is loaded with it: paper is no matter of most.
paper := pangocairo cairo-pdf fontconfig libqrencode
PKG_LIBS = $(eval PKG_LIBS := $(shell pkg-config --libs $(packs) $(paper)))$(PKG_LIBS)
LIBS  = -Wl,--build-id -Wl,--as-needed $(PKG_LIBS) -lm

opt_release  := -O3 -g
opt_debug    := -O0 -g3 -DSTRICT
opt_asan     := -O1 -g -DSTRICT -fsanitize=address,undefined \
  -fno-sanitize-recover=all -fno-omit-frame-pointer
opt_tsan     := -O1 -g -DSTRICT -fsanitize=thread
opt_coverage := -O0 -g --coverage -include tools/coverage.h \
  -Wno-unused-value
opt_clang    := -O1
opt_fuzz     := -O2 -g -DSTRICT -fsanitize=fuzzer-no-link,address,undefined \
  -fno-sanitize-recover=all
# The same without looking into comparisons, which take half the time: for the
# long runs, on the corpus that the other found.
opt_swift    := $(opt_fuzz) -fno-sanitize-coverage=trace-cmp
# Without sanitizers, with asserts: for the longest runs, of inputs that end at
# a page nobody may read (fuzz/proof.h).
opt_bare     := -O3 -g -DSTRICT -fsanitize=fuzzer-no-link \
  -fno-sanitize-coverage=trace-cmp
ALL_CFLAGS = $(FLAGS) $(PKG_CFLAGS) $(opt_$(CONFIG)) $(CFLAGS)

# Registries: a plug is a file NAME.c that defines `PLUG_NAME`; files there
# that define none are helpers.
plug_files = $(sort $(shell grep -lE '^const struct $(2) $(3)_[a-z0-9_]+ = ' \
  src/$(1)/*.c 2>/dev/null))
sources := $(filter-out src/cmd/main.c,$(wildcard src/*/*.c))
plugs   := formats detectors publishers stores cmds
objects := $(sources:src/%.c=$B/%.o) $(plugs:%=$B/%.o) $B/helps.o $B/agreement.o
ctests  := $(patsubst tests/%.c,$B/tests/%,$(wildcard tests/*.c))
benches := $(patsubst bench/%.c,$B/bench/%,$(wildcard bench/*.c))
# Only what is counted is built anew; the rest is the release's.
ifeq ($(CONFIG),coverage)
counted := $(wildcard src/ledger/*.c src/judge/*.c)
objects := $(patsubst $B/%,$(ROOT)/release/%,$(objects))
objects := $(filter-out $(counted:src/%.c=$(ROOT)/release/%.o),$(objects)) \
  $(counted:src/%.c=$B/%.o)
endif

.PHONY: all help debug asan tsan coverage demo check lint bench real fuzz \
  install clean tests deps web basemap interop FORCE
.SECONDARY:
.DELETE_ON_ERROR:

all: $(ROOT)/truce
$(ROOT)/truce: $(ROOT)/release/truce
	@ln -sf release/truce $@
ifneq ($(CONFIG),release)
$(ROOT)/release/truce: FORCE
	@$(MAKE) --no-print-directory CONFIG=release $@
endif
FORCE:

help:
	@sed -n 's/^## //p' Makefile

## make            the program, build/truce
## make demo       installs what is missing, builds, makes a day, shows it
## make check      every test; ends in `N passed, N failed, N skipped`
## make lint       floors, format, size of functions, clang-tidy
## make bench      every figure the README quotes, as ratios in one run
## make web        the page, and the verifier for a browser (web/build/)
## make basemap    land, rivers and lakes beneath the map of the page
## make real       scores on the data of ../shared/data
## make fuzz-NAME  fuzzes one format (RUNS=1000000 MAX_LEN=4096 FUZZ=swift|bare)
## make asan, tsan, debug    the program, built so
## make coverage   branches of log, both verifiers, evaluator that tests take
## make install    to PREFIX (/usr/local)

debug asan tsan:
	@$(MAKE) --no-print-directory CONFIG=$@ $(ROOT)/$@/truce

deps:
	@tools/deps build

coverage: web
	@tools/deps coverage
	@tools/coverage
	@ROOM=judge tools/coverage
	@tools/webcoverage

$B/truce: $B/cmd/main.o $B/libtruce.a $B/flags
	$(CC) $(ALL_CFLAGS) -o $@ $< $B/libtruce.a $(LDFLAGS) $(LIBS)
$B/libtruce.a: $(objects)
	@rm -f $@
	@ar rcs $@ $(objects)
$B/tests/%: tests/%.c tests/check.h $B/libtruce.a $B/flags
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -Itests -o $@ $< $B/libtruce.a $(LDFLAGS) $(LIBS) \
	  $(test_libs_$*)
$B/bench/%: bench/%.c $(wildcard bench/*.h) $B/libtruce.a $B/flags
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -Ibench -o $@ $< $B/libtruce.a $(LDFLAGS) $(LIBS) \
	  $(bench_libs_$*)
$B/tests/vectors: tests/vectors_records.h
# Oracles and yardsticks: linked by the tests and benches that name them.
test_libs_miniseed  = -lmseed
test_libs_sim       = -lmseed
bench_libs_miniseed = -lmseed
bench_libs_ledger   = -Wl,--wrap=sign_entry
test_libs_nomemory  = -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc \
  -Wl,--wrap=free,--wrap=mmap
test_libs_branch_disk = -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc \
  -Wl,--wrap=mmap,--wrap=sodium_init,--wrap=pthread_create
test_libs_branch_people = -Wl,--wrap=calloc,--wrap=realloc
test_libs_branch_core   = $(test_libs_branch_people)

$B/publish/press.o: PAPER_CFLAGS = $(shell pkg-config --cflags $(paper))
$B/%.o: src/%.c $B/flags
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) $(PAPER_CFLAGS) -MMD -MP -c -o $@ $<
$B/%.o: $B/%.c $B/flags
	$(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<
-include $(wildcard $B/*/*.d $B/*.d)

# Rebuild when flags change.
$B/flags: FORCE
	@mkdir -p $B
	@printf '%s\n' '$(CC) $(ALL_CFLAGS)' | cmp -s - $@ || \
	  printf '%s\n' '$(CC) $(ALL_CFLAGS)' >$@

define registry
$B/$(1).c: FORCE
	@mkdir -p $B
	@tools/registry $(1) $(2) $(3) $(4) \
	  $$(call plug_files,$(5),$(2),$(3)) >$$@.new
	@cmp -s $$@.new $$@ && rm $$@.new || mv $$@.new $$@
endef
$(eval $(call registry,formats,format,format,formats/format.h,formats))
$(eval $(call registry,detectors,detector,detector,detect/detector.h,detect))
$(eval $(call registry,publishers,publisher,publisher,publish/publish.h,publish))
$(eval $(call registry,stores,store_engine,store,store/store.h,store))
$(eval $(call registry,cmds,cmd,cmd,cmd/cmd.h,cmd))

# The man pages, built in.
$B/helps.c: $(wildcard man/truce-*.1) tools/helps
	@mkdir -p $B
	@tools/helps $(wildcard man/truce-*.1) >$@

$B/agreement.c: missions/demo/agreement.terms tools/embed
	@mkdir -p $B
	@tools/embed demo_agreement $< >$@

tests: $(ctests) $B/truce

demo: deps
	@$(MAKE) --no-print-directory -s all web basemap
	@build/truce demo --dir "$(or $(DIR),build/demo)" $(if $(ONCE),--once)

check:
	@tools/deps check
	@$(MAKE) --no-print-directory check-built
.PHONY: check-built quick
check-built:
	@tools/check
# Builds and runs the C tests of one configuration only.
quick: tests
	@tools/run-tests $B

lint:
	@tools/lint

bench:
	@tools/deps bench
	@$(MAKE) --no-print-directory -s bench-built
.PHONY: bench-built
bench-built: all $(benches)
	@tools/bench $(benches)

real: all
	@tools/real

# The verifier in TypeScript (web/): web/build/verify.html, verify.js.
web: web/build/verify.js
web/build/verify.js: $(wildcard web/verify/* web/judge/* web/test/* web/desk/*) \
  web/build.mjs web/tsconfig.json \
  web/node_modules/.package-lock.json
	@mkdir -p web/build
	cd web && node_modules/.bin/tsc -p . && node build.mjs
web/node_modules/.package-lock.json: web/package-lock.json
	@tools/deps web
	cd web && npm ci --silent
	@touch $@

# The map beneath: web/build/basemap.mbtiles.
basemap: web/node_modules/.package-lock.json
	@tools/basemap

fuzz_libs_event = -Wl,--wrap=sign_holds
# One harness for every format (fuzz/format.c), by clang's libFuzzer.
# MAX_LEN: long enough for some records of each; RUNS=10000000 is a long run.
RUNS    ?= 1000000
MAX_LEN ?= 4096
pure    := $(filter src/base/% src/geo/% src/model/% src/formats/% \
  src/judge/% src/ledger/% src/feeds/mqtt.c src/feeds/push.c \
  src/feeds/seedlink.c,$(sources))
FUZZ    := fuzz
fuzz-%:
	@$(MAKE) --no-print-directory CONFIG=$(FUZZ) CC=clang-14 \
	  $(ROOT)/$(FUZZ)/fuzz-$*
	@mkdir -p $(ROOT)/corpus/$*
	$(ROOT)/$(FUZZ)/fuzz-$* -runs=$(RUNS) -max_len=$(MAX_LEN) -timeout=10 \
	  -artifact_prefix=$(ROOT)/corpus/crash-$*- $(ROOT)/corpus/$* \
	  $(wildcard tests/data/$* fuzz/seeds/$*)
$B/libpure.a: $(pure:src/%.c=$B/%.o) $B/formats.o
	@rm -f $@
	@ar rcs $@ $^
$B/fuzz-%: $(wildcard fuzz/*.[ch]) $B/libpure.a
	$(CC) $(ALL_CFLAGS) -fsanitize=fuzzer -DFORMAT=$* \
	  -o $@ $(if $(wildcard fuzz/$*.c),fuzz/$*.c,fuzz/format.c) \
	  $B/libpure.a $(LDFLAGS) $(LIBS) $(fuzz_libs_$*)

install: all
	install -D -m 755 $(ROOT)/release/truce $(DESTDIR)$(PREFIX)/bin/truce
	for p in deploy/systemd/*.service deploy/systemd/*.target; do \
	  install -D -m 644 "$$p" \
	  $(DESTDIR)$(PREFIX)/lib/systemd/system/$${p##*/}; done
	install -D -m 644 deploy/systemd/truce.sysusers \
	  $(DESTDIR)$(PREFIX)/lib/sysusers.d/truce.conf
	install -D -m 644 deploy/systemd/truce.tmpfiles \
	  $(DESTDIR)$(PREFIX)/lib/tmpfiles.d/truce.conf
	for p in man/*.[0-9]; do install -D -m 644 "$$p" \
	  $(DESTDIR)$(PREFIX)/share/man/man$${p##*.}/$${p##*/}; done
	for p in $(wildcard web/build/desk/*); do install -D -m 644 "$$p" \
	  $(DESTDIR)$(PREFIX)/share/truce/web/$${p##*/}; done
	for p in $(wildcard web/build/basemap.*); do install -D -m 644 "$$p" \
	  $(DESTDIR)$(PREFIX)/share/truce/$${p##*/}; done

clean:
	rm -rf $(ROOT)
