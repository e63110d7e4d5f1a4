"""Model cards and the register, from what the weights and their evaluation say: writes NAME.md beside each NAME.safetensors, and registry.json.

    make results KODAK=... COCO=...
    python nbs/weights/cards.py
"""
import json
from pathlib import Path
from taco.base.fetch import registered
from taco.base.files import sha256_of
from taco.codec.models import WEIGHTS, load, shipped
from taco.hub import about_sizes, made, measured_text, measures

root = Path(__file__).resolve().parents[2]
kodak = root/'nbs/results/kodak/mini'
WHAT = {
    'elic-mini': 'ELIC, trained for mean squared error and rate.',
    'elic-stlpips-mini': 'ELIC, trained for mean squared error, rate and ST-LPIPS: the control for `taco-mini`, with no text anywhere.',
    'taco-mini': 'TACO: the control with the text adapter and the joint image-text loss; same start, steps and schedule.'}
DATA = ['ms-coco','pascal-sentences','flickr8k'] # that have names; the notes in the weights tell of the rest
MORE = 'Kodak and coco_eval were never trained on. Each picture draws its own lambda; its loss is divided by sqrt(lambda/0.0016).'

entries = {n: e._asdict() for n,e in registered().items() if e.source}
for name,path in shipped().items():
    codec = load(name, 'cpu')
    measured = dict(Kodak=measures(codec, 'Kodak', kodak/f'{name}.json'))
    lines = [f'# {name}', '', WHAT[name], '', about_sizes(codec, path.stat().st_size), '', *made(codec.model.about, MORE), '', *measured_text(measured),
             f'    taco evaluate KODAK --model {name}{" --captions nbs/captions/kodak-short.json" if codec.reads_caption else ""} --metric psnr --metric ms_ssim --metric stlpips -o DIR']
    path.with_suffix('.md').write_text('\n'.join(lines)+'\n', encoding='utf-8')
    entries[name] = dict(sha256=sha256_of(path), bytes=path.stat().st_size, source='', license='apache-2.0', datasets=DATA, measured=measured)
(WEIGHTS/'registry.json').write_text(json.dumps(dict(sorted(entries.items())), indent=1)+'\n', encoding='utf-8')
