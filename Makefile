# What there is to do; `make help` prints the lines that begin with "make".
#
# make help        this list
# make demo        the demo page at http://127.0.0.1:7860 (PORT=8000: another port)
# make test        installs everything, runs every check, notebook and test
# make notebooks   after editing: cleans notebooks, makes taco/ and README.md from them
# make refresh     runs notebooks again, keeps their new outputs (NB="nbs/00_files.ipynb ...")
# make docs        makes the site of documentation in _docs, and follows every link in it
# make hooks       once: git merges notebooks cell by cell, Jupyter saves them clean
# make results     measures what is in nbs/results (KODAK=folder COCO=folder)
# make ablations   trains and measures the variants (SHARDS=folder KODAK=folder COCO=folder)
#
# make results OUT=new-folder does it all anew, WORKERS=2 in two processes; make ablations
# keeps weights in RUNS=folder and tables in ABLATIONS=new-folder (nbs/tutorials/variants.ipynb).
# PYTHON=python3.13 chooses the Python that .venv is made with.

PYTHON ?= python3
VENV ?= .venv
PORT ?= 7860
NB ?=
WORKERS ?= 1
OUT ?= nbs/results
RUNS ?= runs
ABLATIONS ?= nbs/results/variants
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install -q --disable-pip-version-check -c constraints.txt
SETUP := settings.ini setup.py pyproject.toml constraints.txt

.PHONY: help demo test notebooks docs refresh hooks results ablations

help:
	@sed -n 's/^# \(make [a-z]*  .*\)/\1/p' $(MAKEFILE_LIST)
	@echo; echo 'PYTHON=python3.13 chooses the Python that $(VENV) is made with; more at the top of the Makefile.'

demo: $(VENV)/.demo
	@echo 'The demo starts at http://127.0.0.1:$(PORT) (Ctrl-C stops it)'
	@$(BIN)/taco demo --port $(PORT)

test: $(VENV)/.test
	@$(BIN)/python .ci/test

notebooks: $(VENV)/.test
	$(BIN)/nbdev_clean
	$(BIN)/nbdev_export
	$(BIN)/python .ci/readme.py
	$(BIN)/python .ci/order.py

docs: $(VENV)/.docs
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build -q --strict -f docs/mkdocs.yml
	@echo 'The site is in _docs; its first page is _docs/index.html'

refresh: $(VENV)/.test
	$(BIN)/python .ci/refresh.py $(NB)

hooks: $(VENV)/.test
	@$(BIN)/nbdev_install_hooks

results:
	@[ -d "$(KODAK)" ] && [ -d "$(COCO)" ] || { echo 'Say where the pictures are: make results KODAK=folder COCO=folder'; exit 2; }
	@$(MAKE) --no-print-directory $(VENV)/.test
	@PATH="$(abspath $(BIN)):$$PATH" bash nbs/results/make.sh "$(KODAK)" "$(COCO)" "$(OUT)" $(WORKERS)

ablations:
	@[ -d "$(SHARDS)" ] && [ -d "$(KODAK)" ] && [ -d "$(COCO)" ] || { echo 'Say where the pictures are: make ablations SHARDS=folder KODAK=folder COCO=folder'; exit 2; }
	@$(MAKE) --no-print-directory $(VENV)/.test
	@PATH="$(abspath $(BIN)):$$PATH" bash nbs/variants/make.sh "$(SHARDS)" "$(KODAK)" "$(COCO)" "$(RUNS)" "$(ABLATIONS)" $(WORKERS)

# the empty files .demo, .docs and .test say what is installed, and when
$(BIN)/pip:
	@$(PYTHON) -c 'import sys; v = sys.version_info[:2]; sys.exit(None if (3,10) <= v <= (3,14) else f"$(PYTHON) is Python {v[0]}.{v[1]}, but taco needs 3.10 to 3.14: add PYTHON=python3.13, say")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.demo: $(SETUP) | $(BIN)/pip
	@echo 'Installing taco and its demo into $(VENV): some minutes the first time'
	@$(PIP) -e '.[demo]'
	@touch $@

$(VENV)/.docs: $(SETUP) | $(BIN)/pip
	@echo 'Installing taco and what makes its site into $(VENV): some minutes the first time'
	@$(PIP) -e '.[docs]'
	@touch $@

$(VENV)/.test: $(SETUP) | $(BIN)/pip
	@echo 'Installing taco and what its tests need into $(VENV): some minutes the first time'
	@$(PIP) -e '.[dev,caption,clip,demo,train]'
	@touch $(VENV)/.demo $@
