"""Model cards, from what the weights and their evaluation say: writes NAME.md beside each NAME.safetensors.

    make results KODAK=... COCO=...
    python nbs/weights/cards.py
"""
import json
from pathlib import Path
from taco.codec.models import load, shipped

root = Path(__file__).resolve().parents[2]
kodak = root/'nbs/results/kodak/mini'
WHAT = {
    'elic-mini': 'ELIC, trained for mean squared error and rate.',
    'elic-stlpips-mini': 'ELIC, trained for mean squared error, rate and ST-LPIPS: the control for `taco-mini`, with no text anywhere.',
    'taco-mini': 'TACO: the control with the text adapter and the joint image-text loss; same start, steps and schedule.'}

def legs(about:dict) -> list: # oldest first
    "The runs that the weights went through, one begun from the last."
    return [*legs(about['init']), about] if about.get('init') else [about]

def leg(about:dict) -> str:
    "A line of the table."
    r = about.get('recipe', {})
    loss = f"lambda*255^2*MSE + bpp{' + %g ST-LPIPS'%r['k_p'] if r.get('k_p') else ''}{' + %g joint'%r['k_j'] if r.get('k_j') else ''}"
    cells = about['steps'], about['minutes'], f"{r['batch']} of {r['crop']} px", f"{'Muon' if r.get('muon') else 'Adam'} {r['lr']:g}", loss, r['seed'], about['device'], (about.get('commit') or '?')[:7]
    return '| ' + ' | '.join(map(str, cells)) + ' |'

def show(col:str, v:float) -> str: return f'{v:g}' if col=='lmbda' else f'{v:.2f}' if col=='psnr' else f'{v:.4f}'

def card(name:str) -> str:
    codec,path = load(name, 'cpu'), shipped()[name]
    about,cfg = codec.model.about, codec.cfg
    lines = [f'# {name}', '', WHAT[name], '',
        f'N={cfg.N}, M={cfg.M}, {sum(p.numel() for p in codec.model.parameters())/1e6:.2f} million weights as float16, {path.stat().st_size/1e6:.1f} MB; '
        f'lambda {cfg.lmbdas[0]:g} to {cfg.lmbdas[-1]:g}, continuous; file id {codec.id}.', '',
        '## How it was made', '',
        f'Data: {legs(about)[0]["data"]}. Kodak and coco_eval were never trained on. Each picture draws its own lambda; its loss is divided by sqrt(lambda/0.0016).', '',
        '| steps | minutes | batch | optimiser, learning rate | loss | seed | device | commit |', '| ---: | ---: | --- | --- | --- | ---: | --- | --- |', *map(leg, legs(about))]
    s = json.loads((kodak/f'{name}.json').read_text())
    if s['weights']!=codec.weights_id: raise SystemExit(f'{name}: the results in {kodak} are of other weights: evaluate again')
    cols = ['lmbda', *(c for c in s['results'] if c!='lmbda' and not c.endswith('time'))]
    lines += ['', '## What it measures', '', f"Kodak, {s['n_images']} pictures, whole files:", '',
              '| '+' | '.join(cols)+' |', '|'+' ---: |'*len(cols), *('| '+' | '.join(show(c, v) for c,v in zip(cols, row))+' |' for row in zip(*(s['results'][c] for c in cols))), '',
              *(f'- {c}: {s["conventions"][c]}' for c in cols), '',
              f'    taco evaluate KODAK --model {name}{" --captions nbs/captions/kodak-short.json" if codec.reads_caption else ""} --metric psnr --metric ms_ssim --metric stlpips -o DIR']
    return '\n'.join(lines)+'\n'

for name in shipped(): (shipped()[name].with_suffix('.md')).write_text(card(name), encoding='utf-8')
