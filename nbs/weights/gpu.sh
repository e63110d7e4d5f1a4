#!/usr/bin/env bash
# From shards to the weights that ship in half an hour of one large GPU, in calls of less than ten minutes:
#
#     until bash nbs/weights/gpu.sh SHARDS RUNS [MINUTES]; do [ $? = 3 ] || break; done
#
# MINUTES is the length of the steady run (9); with what follows it, with reading pictures and making kernels, it comes to three calls.
# Only how many steps these minutes hold depends on the machine: what a step is, and the runs that follow, do not depend on the clock.
# Batches of 64 crops of 256 pixels and FINE=20 are for a card of 80 GB that nothing else uses. Everything is as in `train.sh`, and
# `NAME=value` before it goes before what is here: LIMIT=25, or SETTINGS="--batch 16 --crop 128" where there is nothing to compile with.
set -euo pipefail
export SETTINGS=${SETTINGS---batch 64 --crop 256 --compile} LIMIT=${LIMIT:-9} FALL=${FALL:-50} FINE=${FINE:-20} ONLY=${ONLY-shipped}
exec bash "$(dirname "$0")/train.sh" "$1" "$2" "${3:-9}m"
