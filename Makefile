# Two commands matter: make demo, make test. make help lists all.

SHELL := bash
.DEFAULT_GOAL := help

LINT_VERSION := v2.15.0
LINT := .bin/golangci-lint-$(LINT_VERSION)
PART := @scripts/part

# The database tests of all packages share one throw-away PostgreSQL, which saves each the second that a cluster takes.
WITH_POSTGRES := go run ./internal/dbtest/cmd/testcluster --

.PHONY: help demo test deps generated vet lint unit e2e-short e2e shots tour city chaos-short chaos chaos-long race bench golden schema lifecycle pages reading templ theme fmt

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

demo: ## Bring up everything on this machine, with a made-up community
	go run ./cmd/doorstep demo

test: deps ## Check everything, with the time of each part; what runs before a merge
	$(PART) "generate and compare" $(MAKE) -s generated
	$(PART) "go vet" $(MAKE) -s vet
	$(PART) "lint" $(MAKE) -s lint
	$(PART) "go test" $(MAKE) -s unit
	$(PART) "e2e-short" $(MAKE) -s e2e-short
	$(PART) "tour" $(MAKE) -s tour
	$(PART) "chaos-short" $(MAKE) -s chaos-short

deps: $(LINT) ## Install what the tests need where that is allowed, and name what is not
	@scripts/deps

# Into .bin, never into your own GOPATH. The version in the name makes a new version a new file.
$(LINT):
	@echo "Installing golangci-lint $(LINT_VERSION) into .bin"
	@GOBIN=$(CURDIR)/.bin go install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(LINT_VERSION) || \
		{ echo "golangci-lint could not be fetched: a Go module proxy must be reachable once"; exit 1; }
	@mv .bin/golangci-lint $@

# schema.sql needs a database to compare with; a test of package migrations does it.
generated:
	@go run ./cmd/doorstep lifecycle | diff -u docs/lifecycle.md - || { echo "docs/lifecycle.md: run make lifecycle"; exit 1; }
	@scripts/templ

vet:
	@go vet ./...

lint: $(LINT) ## Run the linters
	@$(LINT) run ./...

# The browser tests are a part of their own: two suites at once would slow each other into timeouts.
unit:
	@$(WITH_POSTGRES) go test $$(go list ./... | grep -v /internal/e2e)

e2e-short:
	@$(WITH_POSTGRES) go test -count=1 -parallel 4 ./internal/e2e

e2e: ## Drive every page in Chromium, in every state, with axe at 320 and 1280 px
	@E2E=full $(WITH_POSTGRES) go test -count=1 -timeout 30m -v ./internal/e2e

shots: ## The same with a picture of every page; SHOTS names the folder
	@SHOTS=$${SHOTS:-/tmp/doorstep-shots} E2E=full $(WITH_POSTGRES) go test -count=1 -timeout 30m ./internal/e2e && echo "Pictures are in $${SHOTS:-/tmp/doorstep-shots}"

pages: ## Print what each page weighs, how many requests it takes, and the server's time; then that of every list among 200,000 families
	@PAGES=1 $(WITH_POSTGRES) go test -count=1 -timeout 30m -v -run 'PageWeight|ManyFamilies' ./internal/e2e | grep -v '^=== '

reading: ## Print the referral form, the pool and Do today as a screen reader reads them
	@READING=1 $(WITH_POSTGRES) go test -count=1 -v -run 'TestReading' ./internal/e2e | grep -v '^=== '

templ: ## Write the Go files of the templates anew
	@go tool templ fmt web && go tool templ generate -log-level error -path web

theme: ## Build styles, fonts and scripts of the pages anew, which needs Node; read the difference
	@cd web/theme && npm ci --no-audit --no-fund --silent && npm run --silent build

city: ## Let a made-up city of 3,000 referrals live through a year, and print its throughput report
	@go run ./cmd/doorstep city

tour: ## Tell whole lives over HTTP on a clock that moves, and check every step
	@go run ./cmd/doorstep demo --tour

chaos-short: ## Break what a run depends on, for about a minute, and check that nothing is lost or doubled
	@go test -tags failpoints -count=1 -timeout 5m -v -run Chaos ./internal/chaos

# Two installations at a time are what two cores carry without every timeout becoming a fault of its own. CHAOS_SEED repeats a
# run's choices.
chaos: ## Every fault of the matrix that this machine can have, with short leases, in at most six minutes
	@go test -tags failpoints -count=1 -timeout 10m -parallel 2 -v -run EveryFault ./internal/chaos

# All four at a time: most of it is waiting for leases of a minute.
chaos-long: ## Every fault with the leases and sweeps of production and freezes as long as real ones, about a quarter of an hour
	@CHAOS_PACE=production go test -tags failpoints -count=1 -timeout 40m -parallel 4 -v -run EveryFault ./internal/chaos

race: ## Run the Go tests with the race detector (needs a C compiler)
	@$(WITH_POSTGRES) go test -race ./...

bench: ## Measure: triage against plain CEL and the same rules written in Go, due follow-ups kept against bare asynq, then intake and claim over HTTP against bare pgx
	@echo "Aims of DecideOverPlainCEL, a decision with its words: at most 8 x-plain, less than 300 us/decision; Counterfactuals: less than 5 ms"
	@go test -run '^$$' -bench . -benchmem ./triage ./jobs/worker ./internal/embedded
	@echo "Aim of Renew: less than 30 s/all-change"
	@go run ./internal/dbtest/cmd/testcluster -durable -- go test -run '^$$' -bench Renew -benchtime 1x ./referral
	@echo "Aim of Candidates, among 200,000 people: a median below 10 ms"
	@go run ./internal/dbtest/cmd/testcluster -durable -- go test -run '^$$' -bench 'Candidates|AmongMany' -benchtime 300x ./referral
	@go run ./cmd/doorstep bench

golden: ## Rewrite the golden triage decisions; read the difference
	@go test ./triage -run Golden -update

schema: ## Rewrite migrations/schema.sql from a migrated database; read the difference
	@go test ./migrations -run Schema -update

lifecycle: ## Redraw docs/lifecycle.md from the table of moves
	@page=$$(go run ./cmd/doorstep lifecycle) && printf '%s\n' "$$page" > docs/lifecycle.md

fmt: ## Format the Go files
	@gofmt -w .
