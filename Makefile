# Every target installs and builds what it needs. `make` alone prints this list.
.DEFAULT_GOAL := help
SHELL := /bin/bash
BIN := node_modules/.bin
TSX := $(BIN)/tsx
SOURCES := hal firmware board host-sim test
LAYOUT := $(SOURCES) '*.json' '*.js'
DEBIAN_LUA := lua5.4
DEBIAN_BOARD := $(DEBIAN_LUA) gcc-arm-none-eabi picolibc-arm-none-eabi dpkg-dev qemu-system-arm
DEBIAN_TEST := $(DEBIAN_BOARD) pcscd libccid opensc opensc-pkcs11 pcsc-tools python3-pyscard vsmartcard-vpicc \
  python3-pycryptodome openssl gnutls-bin rsyslog chromium
BUNDLE := $(BIN)/esbuild --bundle --platform=node --format=esm --packages=external --sourcemap --log-level=warning
# The simulator, the counter client, the scenarios.
PROGRAMS := sim=host-sim/cli/sim.ts counter=host-sim/counter/main.ts scenario=host-sim/scenario-file/main.ts --outdir=build --out-extension:.js=.mjs
# The page's two tabs, for the browser; sim.mjs finds them beside itself.
PAGE := $(BIN)/esbuild --bundle --platform=browser --format=esm --target=es2022 --loader:.html=copy --loader:.svg=copy \
  --log-level=warning --entry-names=[name] --outdir=build/page host-sim/page/browser/page.css host-sim/page/browser/counter/counter.css $(foreach tab,terminal counter,\
  host-sim/page/browser/$(tab).html $(tab)=host-sim/page/browser/$(tab)/main.ts) host-sim/page/browser/icon.svg

.PHONY: help sim counter scenarios scenario-images pages screenshots build flash test test-espruino check bench fuzz traces powercut powercut-all forensics size cost format node lua5.4 \
  debian-board rom lua-image qemu-image espruino-image

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

node:
	@command -v node >/dev/null || { echo "Node.js is missing. Install version 20.19 or later from nodejs.org (Debian 12's own is 18: too old)." >&2; exit 2; }
	@node -e 'const [a, b] = process.versions.node.split(".").map(Number); if (a < 20 || (a === 20 && b < 19)) { console.error("Node.js " + process.versions.node + " is too old. Install version 20.19 or later from nodejs.org (Debian 12 has 18)."); process.exit(2); }'

# The simulator needs few packages (npm's omit of dev); everything else comes with the first other target.
node_modules/.sim: package-lock.json | node
	@if test -e node_modules/.dev; then npm ci --silent && touch node_modules/.dev; else npm ci --omit=dev --silent; fi
	@touch $@
node_modules/.dev: package-lock.json | node
	@npm ci --silent && touch node_modules/.sim $@
board/espruino/node_modules/.tools: board/espruino/package-lock.json | node
	@npm ci --prefix board/espruino --omit=optional --ignore-scripts --silent && touch $@
lua5.4: node_modules/.dev
	@$(TSX) board/build/debian-packages.ts $(DEBIAN_LUA)
debian-board: node_modules/.dev
	@$(TSX) board/build/debian-packages.ts $(DEBIAN_BOARD)

# The page ROM of the display (board/rom): glyphs and texts, checked for what is missing or does not fit.
build/rom/rom.bin: $(wildcard board/rom/*.ts board/rom/glyphs/* firmware/ui/*.ts) firmware/service/view.ts | node_modules/.sim
	@$(BUNDLE) board/rom/write-rom.ts --outfile=build/write-rom.mjs
	@node --enable-source-maps build/write-rom.mjs $@ >/dev/null
rom: build/rom/rom.bin

pages: node node_modules/.sim ## every page of the display as a PNG, a sheet a language, what changed (build/pages-diff); make pages ACCEPT=1 renews test/vectors/pages
	@$(BUNDLE) host-sim/cli/pages.ts --outfile=build/pages.mjs
	@ACCEPT=$(ACCEPT) node --enable-source-maps build/pages.mjs

screenshots: node node_modules/.dev rom ## the simulator's page as docs/images shows it
	@$(TSX) board/build/debian-packages.ts chromium fonts-ipafont-gothic
	@$(BUNDLE) $(PROGRAMS)
	@$(PAGE)
	@$(BUNDLE) test/screenshots/main.ts --outfile=build/screenshots.mjs
	@node --enable-source-maps build/screenshots.mjs

# Words of ARGS: the value of `--NAME VALUE` or `--NAME=VALUE`.
value_of = $(patsubst --$(1)=%,%,$(filter --$(1)=%,$(subst --$(1) ,--$(1)=,$(ARGS))))
ENGINE_OF_ARGS := $(call value_of,engine)
# The image of the simulator's --mode; without one `make sim` runs the development image, and the bench image with --headless.
IMAGE_open := bench
IMAGE_sealed := development
IMAGE_town := town
IMAGE_ := $(if $(filter --headless,$(ARGS))$(filter-out sim,$(or $(MAKECMDGOALS),none)),bench,development)
IMAGE := $(IMAGE_$(call value_of,mode))

# Images of the other engines: made when somebody asks for that engine.
lua-image: node_modules/.dev lua5.4
	@$(TSX) board/build/build.ts lua-image $(IMAGE)
qemu-image: node_modules/.dev debian-board rom
	@$(TSX) board/build/build.ts mps2-image $(IMAGE)
espruino-image: node_modules/.dev board/espruino/node_modules/.tools
	@$(TSX) board/build/build.ts espruino-image

sim: node node_modules/.sim rom $(addsuffix -image,$(filter lua qemu espruino,$(ENGINE_OF_ARGS))) ## build and start the simulator: make sim ARGS="--lang en"
	@$(BUNDLE) $(PROGRAMS)
	@$(PAGE)
	@exec node --enable-source-maps build/sim.mjs $(ARGS)

counter: node node_modules/.sim ## build the counter client and start it: make counter ARGS="info --help"
	@$(BUNDLE) $(PROGRAMS)
	@exec node --enable-source-maps build/counter.mjs $(or $(ARGS),--help)

# Scenarios name the image they are about: each that an engine has.
scenario-images:
	@$(foreach engine,$(filter lua qemu,$(ENGINE_OF_ARGS)) $(if $(filter all,$(ENGINE_OF_ARGS)),lua qemu),$(foreach image,bench development town,\
	  $(MAKE) --no-print-directory -s $(engine)-image IMAGE=$(image) &&)) true
	@$(if $(filter espruino,$(ENGINE_OF_ARGS)),$(MAKE) --no-print-directory -s espruino-image)
scenarios: node node_modules/.sim rom scenario-images ## stories at the terminal, from YAML files: make scenarios ARGS="--engine all"
	@$(BUNDLE) $(PROGRAMS)
	@exec node --enable-source-maps build/scenario.mjs $(ARGS)

build: node node_modules/.dev debian-board rom board/espruino/node_modules/.tools ## everything, or one board: make build BOARD=mps2-an386 | espruino
	@$(if $(BOARD),,$(BUNDLE) $(PROGRAMS) && $(PAGE))
	@$(TSX) board/build/build.ts $(BOARD)
	@$(if $(filter-out espruino,$(BOARD)),,$(TSX) board/build/build.ts espruino-image && $(TSX) board/build/build.ts espruino-firmware)

flash: node node_modules/.dev rom board/espruino/node_modules/.tools ## bring the firmware to a board: make flash BOARD=espruino PORT=/dev/ttyACM0
	@test "$(BOARD)" = espruino -a -n "$(PORT)" || { echo "usage: make flash BOARD=espruino PORT=/dev/ttyACM0, with the board's case key in service" >&2; exit 2; }
	@$(TSX) board/build/build.ts espruino-firmware
	@$(BUNDLE) board/build/flash-espruino.ts --outfile=build/flash-espruino.mjs
	@exec node --enable-source-maps build/flash-espruino.mjs "$(PORT)"

test: node node_modules/.dev $(if $(ESPRUINO),board/espruino/node_modules/.tools) ## every test, stock software included; ends with "N passed, M failed"
	@$(TSX) board/build/debian-packages.ts $(DEBIAN_TEST)
	@$(MAKE) --no-print-directory -s rom qemu-image
	@$(MAKE) --no-print-directory -s qemu-image IMAGE=development
	@$(MAKE) --no-print-directory -s qemu-image IMAGE=town
	@$(BUNDLE) $(PROGRAMS)
	@$(PAGE)
	@$(TSX) test/run.ts unit toolchain integration integration-qemu beside types lint lua espruino espruino-board board proofs

test-espruino: node node_modules/.dev rom $(if $(ESPRUINO),board/espruino/node_modules/.tools) ## the image and flashing on a Linux build of the interpreter: ESPRUINO=/path make test-espruino
	@$(TSX) test/run.ts espruino-board

check: node node_modules/.dev lua5.4 rom ## the gate before a commit: layout, lint, types, layers, both compilers, fast tests
	@$(BIN)/prettier --check --log-level warn $(LAYOUT)
	@$(TSX) test/run.ts types lint lua espruino unit

bench: node node_modules/.dev rom qemu-image ## figures, one JSON object a line
	@$(MAKE) --no-print-directory -s qemu-image IMAGE=development
	@$(BUNDLE) host-sim/cli/sim.ts --outfile=build/sim.mjs
	@$(BUNDLE) test/bench/main.ts --outfile=build/bench.mjs
	@exec node --enable-source-maps build/bench.mjs

fuzz: node node_modules/.dev rom ## random inputs: make fuzz MINUTES=10 SEED=1
	@$(BUNDLE) test/fuzz/main.ts --outfile=build/fuzz.mjs
	@MINUTES=$(or $(MINUTES),1) SEED=$(SEED) node --enable-source-maps build/fuzz.mjs

traces: node node_modules/.dev debian-board $(if $(ESPRUINO),rom board/espruino/node_modules/.tools) ## every scenario on every engine: the same trace, event for event
	@$(TSX) test/traces/traces.test.ts
	@$(TSX) test/traces/sealed.test.ts
	@$(if $(ESPRUINO),$(TSX) test/run.ts espruino-traces)

powercut: node node_modules/.dev ## the power cut at every byte of the memories, booted again: "N cut points, 0 bad"
	@$(TSX) test/powercut/main.ts

powercut-all: node node_modules/.dev ## the same, with a whole check, change and sign-in cut at every byte of their wires and of the memory's, at every step, in each way: half an hour
	@POWERCUT=all $(TSX) test/powercut/main.ts

forensics: node node_modules/.dev debian-board ## the emulated board's whole RAM after every way out of an entry
	@$(TSX) test/forensics/main.ts

size: node node_modules/.dev debian-board rom board/espruino/node_modules/.tools ## lines, instructions, and each board's memory by module, against budgets and board/sizes.json
	@$(TSX) board/build/size.ts
	@RECORD=$(RECORD) $(TSX) test/size/main.ts

cost: node node_modules/.dev rom qemu-image ## instructions a step, by phase and part, on the reference board; statements on Espruino
	@$(TSX) test/cost/main.ts

format: node node_modules/.dev ## rewrite the layout
	@$(BIN)/prettier --write --log-level warn $(LAYOUT)
