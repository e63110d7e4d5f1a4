"""Paper size, side by side: the TACO of its authors, CompressAI's `elic2022-official`, and ours with the authors' weights.

    git clone https://github.com/effl-lab/TACO authors
    pip install compressai
    python nbs/results/peers.py authors PICTURE... [--threads T] [--rounds N] [--bpp B ...]

Published weights of that size are not ours to ship, so the weights are drawn, and made to behave like trained ones where time depends on it: the
channels of y have deviations that fall from one to the next as those of trained networks do, the entropy model knows them, and --bpp sets
how large they are. What they read and write has the same shape and number of symbols; files of
`elic2022-official` are larger, since the prior of its z is the one it begins with. All calls take turns, in one process; the shortest
time of N rounds counts, wall clock, real bytes. Text embeddings are drawn, too: CLIP's time belongs to nobody. Ours is timed in both kinds of exact
arithmetic: in 8-bit products (`grid=64`, what the preset `paper` has) and in double precision (`grid=0`, what files of the authors' weights had).
"""
import argparse, sys, time
from pathlib import Path
from types import SimpleNamespace
import taco # before torch: its threads sleep while they wait for each other
import numpy as np, torch
from torch import nn
from taco.base.image import psnr, read_rgb, to_rgb, to_tensor
from taco.base.machine import fast_dtype, let_torchvision_import
from taco.codec.neural import NeuralCodec
from taco.model.checkpoint import from_official

ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
ask.add_argument('authors', help='clone of their repository'); ask.add_argument('picture', nargs='+', type=Path, help='sides multiples of 64')
ask.add_argument('--threads', type=int, default=2); ask.add_argument('--rounds', type=int, default=5)
ask.add_argument('--bpp', type=float, nargs='+', default=[.2,.5])
said = ask.parse_args()

let_torchvision_import()
sys.path.insert(0, said.authors)
from compressai.entropy_models import EntropyBottleneck
from compressai.models import Elic2022Official
from models import TACO as Authors
torch.set_num_threads(said.threads)
torch.cuda.synchronize = lambda *_: None # their decoder calls it, on a processor too

groups = [16,16,32,64,192]
def heads(net): # -> for each group of channels, the last layers of the networks that predict its deviations and means
    if isinstance(net, Authors): return [[m[i].fusion[-1] for m in (net.entropy_parameters_anchor, net.entropy_parameters_nonanchor)] for i in range(5)]
    return [[net.latent_codec['y'].latent_codec[f'y{i}'].entropy_parameters[-1]] for i in range(5)]

def rate(deviations): # of each channel -> bits per pixel of rounded Gaussians, 16*16 pixels each
    edge,k = deviations[:,None]*2**.5, torch.arange(-300, 301)
    p = (torch.erf((k+.5)/edge)-torch.erf((k-.5)/edge))/2
    return -(p*(p+1e-12).log2()).sum().item()/256

def deviations(bpp): # (320,), the first ones carry most
    low,high = .01,10.
    for _ in range(40):
        middle = (low*high)**.5
        low,high = (middle,high) if rate(middle*torch.logspace(1, -1.5, 320))<bpp else (low,middle)
    return low*torch.logspace(1, -1.5, 320)

@torch.no_grad()
def like_trained(net, x, text, want):
    "Deviations that fall from channel to channel, also as they are predicted."
    last = [m for m in net.g_a.modules() if isinstance(m, nn.Conv2d) and m.out_channels==320 and m.kernel_size[0]==5][-1]
    attention = [m for m in net.g_a.modules() if type(m).__name__=='AttentionBlock'][-1]
    for p in attention.conv_a.parameters(): p.mul_(.01)           # so that y is what the last convolution says
    for _ in range(3):
        y = net.g_a(x, *text)[0].flatten(1)
        gain = want/y.std(1)
        last.weight.mul_(gain.view(-1,1,1,1)); last.bias.sub_(y.mean(1)); last.bias.mul_(gain)
    for layers,s in zip(heads(net), want.split(groups)):
        for layer in layers:
            layer.weight.mul_(.01)
            layer.bias.copy_(torch.cat([s, torch.zeros_like(s)])) # scales come first in both
    net.update(force=True)

def ours(authors, grid):
    return NeuralCodec(from_official(authors.state_dict(), grid), f'grid {grid}', 'cpu', text=lambda captions: text[0])

def calls(codec, rgb, x): # -> encode, decode (of what encode gave), bytes of it
    if isinstance(codec, NeuralCodec): return lambda: codec.compress(rgb, 'drawn'), lambda o: np.asarray(codec.decompress(o)), len
    words = text if isinstance(codec, Authors) else ()
    def decode(o): return codec.decompress(o['strings'], o['shape'])['x_hat']
    return lambda: codec.compress(x, *words), decode, lambda o: sum(len(s) for part in o['strings'] for s in (part if isinstance(part, list) else [part]))

torch.manual_seed(0)
text = (torch.randn(1, 38, 512),)
print(f'{said.threads} threads, transforms of ours in {str(fast_dtype("cpu")).removeprefix("torch.")}, torch {torch.__version__}\n')
print('| picture | codec | bpp | encode, s | decode, s | authors / it |\n| --- | --- | ---: | ---: | ---: | ---: |')
for bpp in said.bpp:
    for p in said.picture:
        rgb,_ = read_rgb(p); x = to_tensor(rgb)
        torch.manual_seed(0)
        authors,official = Authors(SimpleNamespace(N=192, M=320, slice_num=5, slice_ch=groups, quant='ste'), 512).eval(), Elic2022Official().eval()
        authors.entropy_bottleneck = EntropyBottleneck(192, init_scale=1)
        for net,words in ((authors,text), (official,())): like_trained(net, x, words, deviations(bpp))
        codecs = {"the authors'": authors, 'elic2022-official': official, 'ours, 8-bit': ours(authors, 64), 'ours, double': ours(authors, 0)}
        took,backs = {n: [np.inf, np.inf] for n in codecs}, {}
        with torch.no_grad():
            for turn in range(said.rounds+1): # the first only warms up
                for n,c in codecs.items():
                    encode,decode,size = calls(c, rgb, x)
                    start = time.perf_counter(); data = encode(); middle = time.perf_counter(); backs[n] = decode(data); end = time.perf_counter()
                    if turn: took[n] = np.minimum(took[n], (middle-start, end-middle))
                    codecs[n].bpp = 8*size(data)/rgb[...,0].size
        for n in ('ours, 8-bit','ours, double'): assert psnr(backs[n], to_rgb(backs["the authors'"]))>30 # one network
        for n,(e,d) in took.items():
            first = took["the authors'"]
            print(f'| {p.name} | {n} | {codecs[n].bpp:.3f} | {e:.2f} | {d:.2f} | {first[0]/e:.1f}, {first[1]/d:.1f} |', flush=True)
