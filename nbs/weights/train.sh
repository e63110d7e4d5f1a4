#!/usr/bin/env bash
# Train the models that ship, and the two that tell what their parts are good for:
#
#     bash nbs/weights/train.sh SHARDS RUNS [LENGTH]
#
# SHARDS holds captioned-*.tar and photos-*.tar, some of each. LENGTH is that of the steady run, in steps (10000) or minutes (600m).
# FALL percent as many steps follow at a falling rate of learning and give elic-mini; FINE percent as many make each of the others,
# which begin with its weights. What ships lies in RUNS in half precision, as NAME.safetensors, and all of it in parts of 15 MiB:
# `cat shipped.tar.* | tar x`.
#
# Called again, every run goes on where it was, and finished ones are passed over; a larger LENGTH takes the steady run further (give
# another folder for its fall). Stopped, the status is not 0. A run that shall go on elsewhere needs its folder, and the same SHARDS
# there: `tar c -C RUNS NAME | split -b 15M - NAME.tar.` puts it into files that are not too large to send.
#
# `NAME=value` before it changes the machine's part: SETTINGS="--batch 32 --crop 256 --workers 0", WATCH=folder; LIMIT=9: end the call
# after so many minutes, with status 3; ONLY=shipped: leave out the two that do not ship. `gpu.sh` has these for a large GPU.
set -euo pipefail
shards=$1 runs=$2 length=${3:-10000}
photos=("$shards"/photos-*.tar)
data=("$shards"/captioned-*.tar "${photos[@]}" "${photos[@]}" "${photos[@]}")   # the few without captions count three times
watch=(${WATCH:+--val "$WATCH" --val-captions "$WATCH/captions.json"})
[ "${length%m}" = "$length" ] && length="--steps $length" || length="--minutes ${length%m}"

left() { awk -v limit="$LIMIT" -v spent=$SECONDS 'BEGIN { m = limit-spent/60; print (m>.01 ? m : .01) }'; }
run() {
    local done="$runs/$1.done"
    [ "$(cat "$done" 2>/dev/null)" = "$*" ] && return
    taco train "${data[@]}" -o "$runs/$1" --recipe fast ${watch[@]+"${watch[@]}"} ${SETTINGS:-} ${LIMIT:+--stop-after $(left)} "${@:2}"
    echo "$*" > "$done"
}
steps() { tail -n 1 "$runs/steady/log.csv" | cut -d, -f1; }   # that the steady run had
fall() { run "$1" --init "$runs/$2/model.safetensors" --decay 1 --steps $(($(steps)*$3/100)) "${@:4}"; }
ship() { python -c 'import sys; from taco.model import load_model, save_model; m = load_model(sys.argv[1]); save_model(m, sys.argv[2], m.about, half=True)' "$runs/$1/model.safetensors" "$runs/$1.safetensors"; }

mkdir -p "$runs"
run steady $length
fall elic-mini steady ${FALL:-50} --warmup 30 --seed 1
tune() { fall "$1" elic-mini ${FINE:-6} --lr 5e-4 --warmup 100 "${@:2}"; }
tune elic-stlpips-mini --k-p 1
tune taco-mini --adapter --k-p 1 --k-j 0.0025
shipped=(elic-mini elic-stlpips-mini taco-mini)
for name in "${shipped[@]}"; do ship $name; done
tar c -C "$runs" "${shipped[@]/%/.safetensors}" | split -b 15M - "$runs/shipped.tar."
[ "${ONLY:-}" = shipped ] && exit
tune without-joint --adapter --k-p 1
tune without-adapter --k-p 1 --k-j 0.0025
