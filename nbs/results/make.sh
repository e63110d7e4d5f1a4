#!/usr/bin/env bash
# Measure everything in nbs/results but what 12_train compares (`make results KODAK=... COCO=...` calls it):
#
#     bash nbs/results/make.sh KODAK COCO OUT [WORKERS]
#
# KODAK holds the 24 pictures as PNG, COCO the 150 pictures of MS-COCO and their captions.json. What stands in the tables in OUT
# is not done again: give an empty folder to measure it all anew, and nbs/results to add what is not there yet.
set -euo pipefail
kodak=${1:?folder of Kodak} coco=${2:?folder of coco_eval} here=${3:?folder for the results} workers=${4:-1}
captions=$(cd "$(dirname "$0")/../captions" && pwd) said=$captions/kodak-short.json things=$(cd "$(dirname "$0")/../focus" && pwd)
mini=(--model elic-mini --model elic-stlpips-mini --model taco-mini)
metrics=(--metric psnr --metric ms_ssim --metric stlpips)

measure() { taco evaluate "$1" -o "$here/$2" --workers "$workers" "${metrics[@]}" "${@:3}"; }
measure "$kodak" kodak/mini "${mini[@]}" --captions "$said"
measure "$coco" coco_eval/mini "${mini[@]}" --captions "$coco/captions.json"
for codec in jpeg jpeg2000 webp avif jxl; do
    measure "$kodak" "kodak/$codec" --model "$codec" --metric ms_ssim_db
    measure "$coco" "coco_eval/$codec" --model "$codec"
done

listen() { taco ablate-caption "$1" -o "$here/captions/$2" --workers "$workers" --metric psnr --metric stlpips --lmbda 0.0004 --lmbda 0.0016 --lmbda 0.009 "${@:3}"; }
listen "$kodak" kodak --captions "$said" --other "$captions/kodak-long.json"
listen "$coco" coco_eval --captions "$coco/captions.json"

look() { taco ablate-focus "$1" -o "$here/focus/$2" --things "$things/$2.json" --workers "$workers" "${@:3}"; }
look "$kodak" kodak --show kodim19.png
look "$coco" coco_eval --show 000000057149.png

draw() { taco plot "$here/$1" -o "$here/$1.svg" --force --metric psnr --metric ms_ssim --metric stlpips "${@:2}"; }
draw kodak --dataset kodak
draw coco_eval --anchor webp
