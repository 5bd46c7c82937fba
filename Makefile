# make run    installs, builds and starts Alveary on https://localhost:8443
# make demo   the same with a small organisation inside
# make test   everything, with the tools it needs
#
# The pieces: build, ui, lint, fuzz, bench. What is more than a line is in tools/.

SHELL    := /bin/bash
DATA     ?= data
LISTEN   ?= localhost:8443
FUZZTIME ?= 30s

VERSION  := $(shell git describe --tags --always --dirty 2>/dev/null || echo unknown)
LDFLAGS  := -s -w -X main.version=$(VERSION)
PAGES    := $(shell find web -path web/node_modules -prune -o -path web/dist -prune -o -type f ! -name '*.go' ! -name '*.tsbuildinfo' -print 2>/dev/null)
# SQLite, translated from C, is not watched for races: that would cost more than
# all the rest, and every connection of ours has one user at a time.
RACE      = $(if $(shell command -v $$(go env CC) 2>/dev/null),-race -gcflags='modernc.org/...=-race=false')

SHM       = $(firstword $(wildcard /dev/shm) /tmp)

.PHONY: run demo build ui test lint fuzz bench bench-policy clean

run: build
	bin/alveary serve --data $(DATA) --listen $(LISTEN)

demo: build
	bin/alveary demo --data data-demo
	bin/alveary serve --data data-demo --listen $(LISTEN)

build: ui
	CGO_ENABLED=0 go build -trimpath -ldflags '$(LDFLAGS)' -o bin/alveary ./cmd/alveary

# The web page, with its compressed copies, for the binary to embed.
ui: web/dist/index.html

web/dist/index.html: web/node_modules/.package-lock.json $(PAGES)
	npm --prefix web run --silent build
	@touch $@

%/node_modules/.package-lock.json: %/package-lock.json
	@tools/need build
	npm --prefix $* ci
	@touch $@

# Formatting is checked here too; tools/golangci-lint fmt mends it.
lint: web/node_modules/.package-lock.json
	go vet ./...
	tools/golangci-lint run
	npm --prefix web run --silent lint
	npm --prefix web run --silent typecheck

# From cheap to dear, so that what is wrong is said early.
test:
	@tools/need test
	$(MAKE) --no-print-directory build
	$(MAKE) --no-print-directory lint
	npm --prefix web test
	$(MAKE) --no-print-directory test-go test-browser

.PHONY: test-go test-browser
# The tests flush thousands of times; in memory, where there is such a place,
# that costs nothing. What flushing is for is tested on testkit/lossyfs.
test-go:
	TMPDIR=$${TMPDIR:-$(SHM)} go test $(RACE) -timeout 60m ./...
	go test -short -run '^$$' -bench . -benchtime 1x ./bench/...

test-browser: $(if $(wildcard e2e/package.json),e2e/node_modules/.package-lock.json)
	@if [ ! -e e2e/package.json ]; then :; \
	elif command -v chromium >/dev/null || [ "$$CI" = true ]; then npm --prefix e2e test; \
	else echo 'skipped: the browser tests, for there is no Chromium'; fi

fuzz:
	tools/fuzz $(FUZZTIME)

# Figures are for one machine at a time: see bench/README.md.
bench:
	go test -run '^$$' -bench . -benchmem ./bench/...

# Beside other engines of policies: a module of its own, which the product's
# never sees; -mod=mod lets it follow what the product's needs.
bench-policy:
	cd bench/policy && go test -mod=mod -run Agree -bench . -timeout 1h .

clean:
	rm -rf bin web/dist/* web/node_modules e2e/node_modules
