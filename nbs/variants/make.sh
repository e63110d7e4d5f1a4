#!/usr/bin/env bash
# Train the variants and measure them (`make ablations SHARDS=... KODAK=... COCO=...` calls it):
#
#     bash nbs/variants/make.sh SHARDS KODAK COCO RUNS OUT [WORKERS]
#
# SHARDS holds captioned-*.tar, KODAK the 24 pictures as PNG, COCO the 150 pictures of MS-COCO and their captions.json. RUNS gets the
# weights, OUT the tables. What is done is not done again: given again, the command takes up what was stopped.
set -euo pipefail
shards=${1:?folder of shards} kodak=${2:?folder of Kodak} coco=${3:?folder of coco_eval} runs=${4:?folder for weights} out=${5:?folder for tables} workers=${6:-1}
here=$(cd "$(dirname "$0")" && pwd); captions=$here/../captions
mkdir -p "$runs" "$out"
python - "$coco/captions.json" "$runs/coco-all-five.json" <<'EOF'
import json, sys
said = json.load(open(sys.argv[1], encoding='utf-8'))
json.dump({k: ' '.join(c.rstrip(' .')+'.' for c in v) for k,v in said.items()}, open(sys.argv[2], 'w'), indent=1)
EOF

rates=(--lmbda 0.0004 --lmbda 0.0016 --lmbda 0.009) metrics=(--metric psnr --metric stlpips)
measure() { taco evaluate "$1" -o "$out/$2" --captions "$3" --workers "$workers" "${rates[@]}" "${metrics[@]}" "${@:4}"; }

for seed in 0 1; do
    for name in base control linear windows keywords counted; do
        python "$here/train.py" "$shards" "$runs" --name $name --seed $seed
        model=(--model "$runs/$name-$seed.safetensors")
        if [ $name = windows ]; then
            measure "$kodak" kodak-long "$captions/kodak-long.json" "${model[@]}"
            measure "$kodak" kodak-short "$captions/kodak-short.json" "${model[@]}"
            measure "$coco" coco_eval-long "$runs/coco-all-five.json" "${model[@]}"
        else
            measure "$kodak" kodak "$captions/kodak-short.json" "${model[@]}"
            measure "$coco" coco_eval "$coco/captions.json" "${model[@]}"
        fi
    done
done
thirty=(); for name in $(python -c "import json; print(*json.load(open('$captions/coco30-short.json')))"); do thirty+=("$coco/$name"); done
taco ablate-caption "${thirty[@]}" -o "$out/coco30" --captions "$captions/coco30-short.json" --other "$captions/coco30-long.json" --model "$runs/windows-0.safetensors" --workers "$workers" "${rates[@]}" "${metrics[@]}"
python "$here/attention.py" "$out/attention.csv"
