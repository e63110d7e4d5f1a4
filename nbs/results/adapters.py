"""What an adapter costs a trained network: PSNR and ST-LPIPS at equal rate, against the perceptual control without one.

    python nbs/results/adapters.py SHARDS RUNS PICTURE... [--arm NAME ...] [--steps N]

Each arm begins with the weights of elic-mini and goes the same steps over the same crops of SHARDS/captioned-*.tar; RUNS gets a
folder for each, and a run that is there is taken up where it was. Then PICTUREs are coded, real bytes, with captions from --captions."""
import argparse, json
from dataclasses import replace
from pathlib import Path
import numpy as np, torch
from taco.base.image import psnr, read_rgb, to_tensor
from taco.base.perceptual import stlpips
from taco.model.config import PRESETS
from taco.codec.neural import NeuralCodec
from taco.codec.models import load
from taco.corpus.data import batches, from_shards
from taco.measure.bd import bd_rate
from taco.train.recipe import RECIPES
from taco.train.start import begin
from taco.train.run import Trainer

# arm -> adapter, or None, and whether the joint loss is added
ARMS = {'control': (None, False), 'residual': ('residual', True), 'attention': ('attention', True), 'residual, no joint loss': ('residual', False)}
ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
ask.add_argument('shards', type=Path); ask.add_argument('runs', type=Path); ask.add_argument('picture', nargs='+', type=Path)
ask.add_argument('--arm', nargs='+', default=[*ARMS], dest='arms', choices=ARMS); ask.add_argument('--steps', type=int, default=300)
ask.add_argument('--lmbda', type=float, nargs='+', default=[.0004, .0016, .009, .03]); ask.add_argument('--captions', type=Path, default=Path(__file__).parent.parent/'captions/kodak-short.json')
said = ask.parse_args()
control,elic,net,captions = None, load('elic-mini', 'cpu'), stlpips().to(memory_format=torch.channels_last), json.loads(said.captions.read_text())

def measure(codec): # -> (3, rates): bits per pixel, dB, ST-LPIPS
    got = []
    for p in said.picture:
        rgb,_ = read_rgb(p)
        for data,_ in codec.compress_at(rgb, captions[p.name] if codec.reads_caption else '', said.lmbda):
            back = np.asarray(codec.decompress(data))
            with torch.no_grad(): far = net(*(to_tensor(o).contiguous(memory_format=torch.channels_last) for o in (rgb, back))).item()
            got.append((8*len(data)/rgb[...,0].size, psnr(rgb, back), far))
    return np.array(got).reshape(len(said.picture), -1, 3).mean(0).T

def row(name, got, anchor=None):
    bd = '' if anchor is None else f'{bd_rate(anchor[:2], got[:2]):+.1f} % | {bd_rate(anchor[[0,2]]*[[1],[-1]], got[[0,2]]*[[1],[-1]]):+.1f} %'
    print(f'| {name} | {bd or " | "} | ' + ' | '.join(f'{b:.3f} bpp, {p:.2f} dB, {s:.3f}' for b,p,s in got.T) + ' |', flush=True)

print('| | BD-rate, PSNR | ST-LPIPS | ' + ' | '.join(f'lambda {l:g}' for l in said.lmbda) + ' |\n| --- | --- | --- |' + ' --- |'*len(said.lmbda))
row('elic-mini', first := measure(elic))
for name in said.arms:
    adapter,joint = ARMS[name]
    if adapter: PRESETS['fast'] = replace(PRESETS['fast'], adapter=adapter)
    cfg = replace(RECIPES['fast'], adapter=bool(adapter), k_p=1., k_j=.0025 if joint else 0., batch=8, lr=5e-4, warmup=20, decay=1., steps=said.steps, minutes=0., seed=1)
    data = from_shards(sorted(said.shards.glob('captioned-*.tar')), min_side=cfg.crop)
    start = begin(cfg, elic.model, batches(data, cfg.batch, cfg.crop, cfg.seed))
    if adapter=='attention': row(f'{name}, step 0', measure(NeuralCodec(start.eval(), name, 'cpu')), first)   # against elic-mini, all others against the control
    got = measure(NeuralCodec(Trainer(cfg, data, said.runs/name, start, log_every=10).run().model, name, 'cpu'))
    row(name, got, control)
    if name=='control': control = got
