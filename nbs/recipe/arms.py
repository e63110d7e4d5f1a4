"""What each part of the recipe buys: arms that differ from a reference in one thing, trained for equal time of one thread.

    python nbs/recipe/arms.py SHARDS KODAK RUNS STEADY [--minutes M] [--fall F]

SHARDS holds captioned-*.tar and photos-*.tar, KODAK its 24 pictures, RUNS gets the weights; the table goes to arms.csv, the losses to loss.csv, both beside this file.
What a network is made of is learnt from nothing, for M minutes. How it learns is asked of weights that know something: STEADY, of a run of recipe fast at a
steady rate of learning (`runs/steady/model.safetensors` of nbs/weights/train.sh); F minutes at a falling rate follow.
Time is that of the processor, on one thread, so that other programs' turns count little: first a step of every arm is timed, in turn; then each arm
takes as many steps as fit into the minutes. Given again, the command passes over arms that have a row; one that was stopped begins anew.
SOAP comes from `pip install pytorch-optimizer`.
"""
import argparse, csv, json, math, shutil, statistics, tempfile, time
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple
import numpy as np
import torch
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn
from taco.base.files import TacoError
from taco.base.image import pad_to, psnr, read_rgb, to_rgb, to_tensor
from taco.base.machine import fast_dtype
from taco.model.config import PRESETS
from taco.corpus.data import from_shards, keep
from taco.measure.bd import bd_rate
from taco.model.checkpoint import load_model, save_model
from taco.model.rate import lmbda_at
from taco.train.recipe import RECIPES, lr_at
from taco.train.muon import matrices
from taco.train.start import PIVOT
from taco.train.checkpoints import add_rows
from taco.train.run import Trainer

HERE = Path(__file__).resolve().parent
KEPT = 1-1/100 # share of the average of weights that a step keeps
PICTURES = [f'kodim{k:02d}.png' for k in range(1,9)]

class Soap(Trainer):
    "SOAP teaches what Muon would."
    def __init__(self, *args):
        super().__init__(*args)
        try: from pytorch_optimizer import SOAP
        except ModuleNotFoundError as e: raise TacoError(f'the arm of SOAP needs {e.name}: pip install pytorch-optimizer') from None
        self.opts[-1] = self.acc.prepare(SOAP(matrices(self.model), self.cfg.lr, weight_decay=0.))

class Averaged(Trainer):
    "Keeps a running mean of the weights beside them."
    def __init__(self, *args):
        super().__init__(*args)
        self.average = AveragedModel(self.model, multi_avg_fn=get_ema_multi_avg_fn(KEPT))

    def learn(self, feed):
        good = super().learn(feed)
        if good: self.average.update_parameters(self.model)
        return good

class Arm(NamedTuple):
    net: dict = {}  # of `ModelConfig`, what differs from preset fast
    told: dict = {} # of `TrainConfig`, what differs from recipe fast, whose rate of learning falls from the first step here
    trainer: type = Trainer
    fall: bool = False # does it begin with weights?

def late(trainer=Trainer, **told) -> Arm: return Arm({}, told, trainer, True)

ARMS = { # the order of their turns
    'reference': Arm(),
    'Adam': Arm(told=dict(muon=False)),
    'ELIC, bypass': Arm(dict(transforms='elic', N=64)),
    'fast, no bypass': Arm(dict(bypass=False)),
    'fall': late(),
    'fall, Adam': late(muon=False),
    'fall, SOAP': late(Soap),
    'no fall': late(Averaged, decay=0.),
    'fall, batch 8': late(batch=8),
    'fall, crop 256, batch 4': late(crop=256, batch=4),
    'fall, batch 32': late(batch=32),
    'ELIC, no bypass': Arm(dict(transforms='elic', N=64, bypass=False)),
    'M=192': Arm(dict(M=192, groups=(8,8,16,32,64,64))),
    'M=320': Arm(dict(M=320, groups=(8,8,16,32,64,192)))}
SECOND = ('reference','fall','fall, crop 256, batch 4') # the references and what won have a second seed: how much is chance
PRESETS.update({f'arm {name}': replace(PRESETS['fast'], **arm.net) for name,arm in ARMS.items()}) # a run names its network

def trainer(name:str, seed:int, steps:int, pictures:list, out:Path, steady) -> Trainer:
    arm = ARMS[name]
    cfg = replace(RECIPES['fast'], **{**dict(preset=f'arm {name}', decay=1., minutes=0., steps=steps, warmup=max(steps//10, 1), seed=seed), **arm.told})
    return arm.trainer(cfg, pictures, out, steady if arm.fall else None, None, None, (), 10, math.inf) # writes its log every 10 steps, and no checkpoint on its way

def times(pictures:list, steady, rounds:int=3, steps:int=10) -> dict: # seconds by arm; SOAP has a dear step in 10
    "A step of every arm, in turn: the median over the rounds of the means of some steps."
    with tempfile.TemporaryDirectory() as tmp:
        runs = {name: trainer(name, 0, 1000, pictures, Path(tmp)/name, steady) for name in ARMS}
        feeds,took = {name: run.feed(0) for name,run in runs.items()}, {name: [] for name in ARMS}
        def some(name, n):
            run,start = runs[name],time.process_time()
            for _ in range(n): run.lr = lr_at(run.cfg, run.step, 0.); run.learn(feeds[name])
            return (time.process_time()-start)/n
        for name in runs: some(name, 1)
        for r in range(rounds):
            for name in runs: took[name].append(some(name, steps)); print(f'round {r}: {name} {1000*took[name][-1]:.0f} ms', flush=True)
    return {name: statistics.median(t) for name,t in took.items()}

@torch.inference_mode()
def measure(model, kodak:Path) -> list: # (bits per pixel, PSNR in dB, loss) of each level, means over the pictures
    "The model's own estimate of its bits, and 8-bit pictures."
    got = []
    for lmbda in model.cfg.lmbdas:
        level,rows = torch.tensor([float(model.cfg.lmbdas.index(lmbda))]), []
        for name in PICTURES:
            rgb,_ = read_rgb(kodak/name)
            with torch.autocast('cpu', fast_dtype('cpu')): out = model(pad_to(to_tensor(rgb), model.cfg.strides.z).contiguous(memory_format=torch.channels_last), level)
            back = to_rgb(out.x_hat[...,:rgb.shape[0],:rgb.shape[1]].float())
            bpp,off = out.bits.item()/rgb[...,0].size, np.square(back.astype(float)-rgb).mean()
            rows.append((bpp, psnr(rgb, back), (lmbda*off+bpp)*math.sqrt(PIVOT/lmbda)))
        got.append(np.mean(rows, 0).tolist())
    return got

def webp() -> tuple: # bits per pixel, PSNR
    "The anchor: WebP on the same pictures."
    with open(HERE.parent/'results/kodak/webp/images.csv', newline='') as f: rows = [r for r in csv.DictReader(f) if r['image'] in PICTURES]
    return tuple([float(np.mean([float(r[c]) for r in rows if r['lmbda']==q])) for q in dict.fromkeys(r['lmbda'] for r in rows)] for c in ('bpp','psnr'))

def against_webp(bpp, db) -> float: # per cent; nan for a curve that does not rise, as of weights that have hardly begun
    try: return bd_rate(webp(), (bpp,db))
    except TacoError: return math.nan

def row(name:str, seed:int, model, step:float, steps:int, minutes:float, kodak:Path) -> dict:
    "What the table says of an arm."
    bpp,db,loss = zip(*measure(model.eval(), kodak))
    return dict(arm=name, seed=seed, step_ms=round(1000*step), steps=steps, minutes=round(minutes, 2), weights=sum(p.numel() for p in model.parameters()),
                loss=float(np.mean(loss)), bd_webp=against_webp(bpp, db), **{f'bpp_{i}': v for i,v in enumerate(bpp)}, **{f'psnr_{i}': v for i,v in enumerate(db)})

def done() -> dict: # (arm, seed): row
    if not (HERE/'arms.csv').exists(): return {}
    with open(HERE/'arms.csv', newline='') as f: return {(r['arm'], int(r['seed'])): r for r in csv.DictReader(f)}

def train(name:str, seed:int, step:float, minutes:float, pictures:list, kodak:Path, out:Path, steady):
    "One arm: its weights, its losses, its rows."
    if (name,seed) in done(): return
    folder,steps = out/f'{name}-{seed}', max(1, round(60*minutes/step))
    shutil.rmtree(folder, ignore_errors=True) # a part of this very arm
    run = trainer(name, seed, steps, pictures, folder, steady)
    start = time.process_time()
    if not run.run().finished: raise SystemExit(f'{name} was stopped: the same command begins it anew')
    took = (time.process_time()-start)/60
    shutil.rmtree(folder/'checkpoints')
    with open(folder/'log.csv', newline='') as f: add_rows(HERE/'loss.csv', [dict(arm=name, seed=seed, step=int(r['step']), loss=float(r['loss'])) for r in csv.DictReader(f)])
    rows = [row(name, seed, run.model, step, steps, took, kodak)]
    if isinstance(run, Averaged):
        model = run.average.module
        save_model(model, folder/'average.safetensors', dict(run.about, average=KEPT))
        rows.append(row(f'{name}, mean of weights', seed, model, step, steps, took, kodak))
    add_rows(HERE/'arms.csv', rows)
    for r in rows: print(f'{r["arm"]} {seed}: {steps} steps, {took:.1f} minutes, loss {r["loss"]:.4f}, {r["bd_webp"]:+.1f} % against WebP', flush=True)

if __name__=='__main__':
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument('shards', type=Path); ask.add_argument('kodak', type=Path); ask.add_argument('runs', type=Path); ask.add_argument('steady', type=Path)
    ask.add_argument('--minutes', type=float, default=10., help='of one thread, for each arm that begins with nothing')
    ask.add_argument('--fall', type=float, default=10., help='of one thread, for each of the others')
    said = ask.parse_args()
    torch.set_num_threads(1)
    photos = sorted(said.shards.glob('photos-*.tar'))
    pictures = keep(from_shards([*sorted(said.shards.glob('captioned-*.tar')), *photos, *photos, *photos])) # as in nbs/weights/train.sh
    said.runs.mkdir(parents=True, exist_ok=True)
    steady,timed = load_model(said.steady), said.runs/'steps.json'
    if not timed.exists(): timed.write_text(json.dumps(times(pictures, steady), indent=1)+'\n')
    step = json.loads(timed.read_text())
    def learn(name, seed): train(name, seed, step[name], said.fall if ARMS[name].fall else said.minutes, pictures, said.kodak, said.runs, steady)
    for name in ARMS:
        for seed in range(2 if name in SECOND else 1): learn(name, seed)
