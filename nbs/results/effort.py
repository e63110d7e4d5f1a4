"""What effort buys: real bytes, PSNR and seconds of each effort, against effort 0.

    python nbs/results/effort.py MODEL PICTURE... [--lmbda L ...] [--effort E ...]

The loss is the model's own, lambda * 255^2 * MSE + bits per pixel, of the decoded files; its gain is the mean over pictures and rates."""
import argparse, time
import numpy as np, torch
from taco.codec.models import load
from taco.base.image import psnr, read_rgb
from taco.measure.bd import bd_rate

ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
ask.add_argument('model'); ask.add_argument('picture', nargs='+')
ask.add_argument('--lmbda', type=float, nargs='+'); ask.add_argument('--effort', type=int, nargs='+', default=range(10))
ask.add_argument('--threads', type=int, default=1)
said = ask.parse_args()
torch.set_num_threads(said.threads)
codec = load(said.model, 'cpu')
rates,efforts = said.lmbda or codec.rates, sorted({0, *said.effort})
got = np.zeros((len(efforts), len(rates), len(said.picture), 4)) # bits per pixel, PSNR, loss, seconds
for i,path in enumerate(said.picture):
    rgb,_ = read_rgb(path)
    for r,lmbda in enumerate(rates):
        for e,effort in enumerate(efforts):
            start = time.perf_counter()
            data = codec.compress(rgb, rate=lmbda, effort=effort)
            took = time.perf_counter()-start
            back = np.asarray(codec.decompress(data))
            bpp,off = 8*len(data)/rgb[...,0].size, np.square(back.astype(float)-rgb).mean()
            got[e,r,i] = bpp, psnr(rgb, back), lmbda*off+bpp, took
curve = lambda e: got[e,...,:2].mean(1).T
print('| effort | seconds | loss | BD-rate |\n| --- | --- | --- | --- |')
for e,effort in enumerate(efforts):
    gain = (got[e,...,2]/got[0,...,2]-1).mean()
    bd = f'{bd_rate(curve(0), curve(e)):+.1f} %' if len(rates)>1 else ''
    print(f'| {effort} | {got[e,...,3].mean():.1f} | {gain:+.1%} | {bd} |'.replace('-', '−').replace('%', ' %').replace('  %', ' %') if e else f'| 0 | {got[0,...,3].mean():.1f} | | |')
