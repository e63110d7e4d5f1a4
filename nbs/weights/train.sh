#!/usr/bin/env bash
# Train the models that ship, and the two that tell what their parts are good for:
#
#     bash nbs/weights/train.sh SHARDS RUNS [STEPS [FINE]]
#
# SHARDS holds captioned-*.tar and photos-*.tar. STEPS is the length of the steady run; half as many follow at a falling rate of
# learning and give elic-mini. FINE is the length of each of the others, which begin with its weights. Called again, every run goes
# on where it was, and finished ones are passed over; a larger STEPS takes the steady run further (give another folder for its fall).
# `NAME=value` before it changes the machine's part: SETTINGS="--batch 32 --crop 256 --workers 0", WATCH=folder.
set -euo pipefail
shards=$1 runs=$2 steps=${3:-10000} fine=${4:-600}
photos=("$shards"/photos-*.tar)
data=("$shards"/captioned-*.tar "${photos[@]}" "${photos[@]}" "${photos[@]}")   # the few without captions count three times
watch=(${WATCH:+--watch "$WATCH" --watch-captions "$WATCH/captions.json"})

run() { taco train "${data[@]}" -o "$runs/$1" --recipe fast ${watch[@]+"${watch[@]}"} ${SETTINGS:-} "${@:2}"; }
fall() { run "$1" --init "$runs/$2/model.safetensors" --decay 1 --steps "$3" "${@:4}"; }

mkdir -p "$runs"
run steady --steps "$steps"
fall elic-mini steady $((steps/2)) --warmup 30 --seed 1
tune() { fall "$1" elic-mini "$fine" --lr 5e-4 --warmup 100 "${@:2}"; }
tune elic-stlpips-mini --k-p 1
tune taco-mini --adapter --k-p 1 --k-j 0.0025
tune without-joint --adapter --k-p 1
tune without-adapter --k-p 1 --k-j 0.0025
