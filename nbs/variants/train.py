"""Fine-tune the variants of nbs/tutorials/variants.ipynb, all for the same steps on the same pictures:

    python nbs/variants/train.py SHARDS OUT [--steps N] [--seed S] [--name NAME ...]

SHARDS holds captioned-*.tar. OUT gets a folder for each run, and NAME-SEED.safetensors when it is done; given again, the command takes up a run that was stopped.
"""
import argparse
from pathlib import Path
from taco.codec.models import shipped
from taco.corpus.data import from_shards, keep
from taco.base.perceptual import stlpips
from taco.text.towers import load_image
from taco.train.loss import Criterion, JointLoss
from taco.model.taco import linear_from_taco
from taco.model.checkpoint import load_model, save_model
from taco.text.towers import load_text
from taco.train.recipe import TrainConfig
from taco.train.start import PIVOT
from taco.train.run import Trainer

def shipping(name): return load_model(shipped()[name])
def short(p): return p.captions
def both(p): # as often one of a picture's captions as all of them in a row, the only long ones that we have
    return p.captions + (' '.join(c.rstrip(' .')+'.' for c in p.captions),)*len(p.captions)

# name -> model to start from, text encoder, captions of a picture
VARIANTS = dict(
    control  = (lambda: shipping('elic-stlpips-mini'), None, short),
    base     = (lambda: shipping('taco-mini'), 'mini', short),
    windows  = (lambda: shipping('taco-mini'), 'windows/mini', both),
    linear   = (lambda: linear_from_taco(shipping('taco-mini')), 'mini', short),
    keywords = (lambda: shipping('taco-mini'), 'keywords/mini', short),
    counted  = (lambda: shipping('taco-mini'), 'counted/mini', short))

def train(name, seed, steps, pictures, out):
    begin,text,told = VARIANTS[name]
    done = out/f'{name}-{seed}.safetensors'
    if done.exists(): return print(f'{done} is there')
    encoder = load_text(text) if text else None
    joint = JointLoss(encoder, load_image('mini')) if text else None
    cfg = TrainConfig(adapter=bool(text), k_p=1., k_j=.0025 if text else 0., lr=5e-4, warmup=20, muon=True, steps=steps, seed=seed)
    run = Trainer(cfg, [p._replace(captions=told(p)) for p in pictures], out/'runs'/f'{name}-{seed}', begin(), Criterion(stlpips(), cfg.k_p, joint, cfg.k_j, PIVOT), encoder, log_every=10).run()
    if not run.finished: raise SystemExit(f'{name} was stopped at step {run.step}: the same command goes on')
    save_model(run.model, done, dict(recipe=f'nbs/variants/train.py {name}', steps=run.step, seed=seed))

if __name__=='__main__':
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument('shards', type=Path); a.add_argument('out', type=Path); a.add_argument('--name', nargs='+', default=[*VARIANTS], dest='names', choices=VARIANTS)
    a.add_argument('--steps', type=int, default=150); a.add_argument('--seed', type=int, nargs='+', default=[0,1], dest='seeds')
    a = a.parse_args()
    a.out.mkdir(parents=True, exist_ok=True)
    pictures = keep(from_shards(sorted(a.shards.glob('captioned-*.tar'))))
    for seed in a.seeds:
        for name in a.names: train(name, seed, a.steps, pictures, a.out)
