#!/usr/bin/env bash
# Train the models that ship, and the two that tell what their parts are good for:
#
#     bash nbs/weights/train.sh SHARDS RUNS [STEPS [FINE]]
#
# SHARDS holds captioned-*.tar and photos-*.tar; STEPS is the length of the first run, FINE that of each of the others, which
# begin with its weights. Called again, every run goes on where it was, and finished ones are passed over.
# `NAME=value` before it changes the machine's part: SETTINGS="--batch 32 --crop 256 --workers 0", WATCH=folder.
set -euo pipefail
shards=$1 runs=$2 steps=${3:-10000} fine=${4:-600}
photos=("$shards"/photos-*.tar)
data=("$shards"/captioned-*.tar "${photos[@]}" "${photos[@]}" "${photos[@]}")   # the few without captions count three times
watch=(${WATCH:+--watch "$WATCH" --watch-captions "$WATCH/captions.json"})

run() { taco train "${data[@]}" -o "$runs/$1" ${watch[@]+"${watch[@]}"} ${SETTINGS:-} "${@:2}"; }
tune() { run "$1" --init "$runs/elic-mini/model.safetensors" --steps "$fine" --lr 5e-4 --warmup 100 "${@:2}"; }

mkdir -p "$runs"
[ -e "$runs/elic-mini/model.safetensors" ] && [ ! -e "$runs/elic-mini/config.json" ] ||   # weights put there by hand are a start too
run elic-mini --no-adapter --steps "$steps"
tune elic-lpips-mini --no-adapter --k-p 1
tune taco-mini --k-p 1 --k-j 0.0025
tune without-joint --k-p 1
tune without-adapter --no-adapter --k-p 1 --k-j 0.0025
