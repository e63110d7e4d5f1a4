"""Time and memory of the adapter's attention and of the whole encoder, for 29_linear:

    python nbs/variants/attention.py OUT.csv

On the GPU where there is one. Each time is the fastest of several taken in turns, in milliseconds; memory is what is needed at once beyond inputs and
weights, in MiB (on a CPU: the peak of the process, Linux only). Kinds: `table` is attention with its table of weights written out,
`fused` is what `taco.model.adapter` does, `linear` is `taco.model.linear`.
"""
import csv, ctypes, gc, sys, time
from dataclasses import replace
from pathlib import Path
import torch
from tqdm import tqdm
from taco.model.adapter import Injector
from taco.base.files import atomic_write
from taco.base.machine import best_device
from taco.model.config import PRESETS
from taco.model.linear import LinearAdapter, LinearInjector
from taco.model.taco import TACO

device = best_device()
gpu = device.type=='cuda'
torch.set_num_threads(1); torch.manual_seed(0)

libc = None if gpu else ctypes.CDLL('libc.so.6')
def rss(field): return int(next(l for l in open('/proc/self/status') if l.startswith(field)).split()[1])/1024
def wait(): gpu and torch.cuda.synchronize()

@torch.inference_mode()
def peak(f): # MiB
    gc.collect()
    if gpu: torch.cuda.reset_peak_memory_stats(); start = torch.cuda.memory_allocated()
    else: libc.malloc_trim(0); open('/proc/self/clear_refs', 'w').write('5'); start = rss('VmRSS')
    f()
    return (torch.cuda.max_memory_allocated()-start)/2**20 if gpu else rss('VmHWM')-start

@torch.inference_mode()
def costs(fs): # of functions; ms and MiB of each. In turns, so that what else the machine does hits all alike
    took,mib = [[] for _ in fs], [peak(f) for f in fs]
    for _ in range(8):
        for f,own in zip(fs, took): wait(); t = time.perf_counter(); f(); wait(); own.append(1000*(time.perf_counter()-t))
        if sum(map(sum, took))>15000: break
    return list(zip(map(min, took), mib))

class Table(Injector): # the same attention, not fused
    def forward(self, image, text, bias=None):
        rows,words = self.image_norm(image.flatten(2).mT), self.text_norm(self.proj(text))
        return (rows + self.gamma*self.attn(rows, words, words, need_weights=True)[0]).mT.reshape(image.shape)

class Watched: # an encoder; `took` has seconds, and the adapter's share of them, of every call
    def __init__(self, model, x, text):
        self.model,self.x,self.text,self.took = model.to(device, memory_format=torch.channels_last).eval(), x, text, []
        for part in model.adapter.children(): part.register_forward_pre_hook(self.before); part.register_forward_hook(self.after)
    def before(self, *_): wait(); self.since = time.perf_counter()
    def after(self, *_): wait(); self.spent += time.perf_counter()-self.since
    def __call__(self):
        self.spent,t = 0., time.perf_counter()
        self.model.encode(self.x, self.text); wait()
        took = time.perf_counter()-t
        self.took.append((took, self.spent/took))

rows = []
def add(**row): rows.append(row); bar.update()
with tqdm(disable=None) as bar:
    # one Injector at a quarter of a 768x512 picture, against the number of tokens
    for preset in ('mini','paper'):
        c = PRESETS[preset]
        image = torch.randn(1, c.N, 128, 192, device=device)
        for T in (38,77,152,304,608,1216,2432,4096):
            text = torch.randn(1, T, c.text_dim, device=device)
            kinds = dict(table=Table(c.N, c.text_dim), fused=Injector(c.N, c.text_dim), linear=LinearInjector(c.N, c.text_dim, n=T))
            if 8*128*192*T*4>4*2**30: del kinds['table'] # over 4 GiB for the table alone
            for inj in kinds.values(): inj.to(device).eval()
            for kind,(ms,mib) in zip(kinds, costs([lambda inj=inj: inj(image, text) for inj in kinds.values()])):
                add(part='injector', preset=preset, kind=kind, tokens=T, side='', ms=ms, mib=mib, share='')
    # the whole encoder, against the side of a square picture (38 tokens) and the number of tokens (side 512); the adapter's share of it
    for preset,sides in (('mini',(256,512,1024,2048,4096)), ('paper',(256,512,1024))):
        for side,T in [(s,38) for s in sides] + [(512,T) for T in (152,608,2432,4096)]:
            cfg = replace(PRESETS[preset], lmbdas=())
            x,text = torch.rand(1, 3, side, side, device=device).to(memory_format=torch.channels_last), torch.randn(1, T, cfg.text_dim, device=device)
            linear = TACO(replace(cfg, adapter='linear')); linear.adapter = LinearAdapter(cfg.N, cfg.text_dim, n=T)   # all tokens mixed together
            watched = [Watched(TACO(cfg), x, text), Watched(linear, x, text)]
            for kind,w,(ms,mib) in zip(('fused','linear'), watched, costs(watched)):
                add(part='encoder', preset=preset, kind=kind, tokens=T, side=side, ms=ms, mib=mib, share=min(w.took)[1])
out = Path(sys.argv[1])
with atomic_write(out) as tmp, open(tmp, 'w', newline='') as f:
    w = csv.DictWriter(f, [*rows[0], 'device']); w.writeheader()
    w.writerows({**{k: f'{v:.4g}' if isinstance(v, float) else v for k,v in r.items()}, 'device': torch.cuda.get_device_name() if gpu else 'CPU, one thread, float32'} for r in rows)
print(out)
