"""How long the transforms of a picture take: `fast` as elic-mini has them, against those of preset `mini`, in one run.

    python nbs/recipe/times.py [--side W H] [--threads T ...] [--rounds N]

Milliseconds of analysis and synthesis, the shortest of N rounds in which all have their turn: what else the machine does can only make them longer.
One thread is timed by the processor's clock, more by the wall's, which are right on an idle machine only.
"""
import argparse, time
import torch
from taco.codec.models import load
from taco.model.config import PRESETS
from taco.model.elic import ELIC

ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
ask.add_argument('--side', type=int, nargs=2, default=(768,512), help='of the picture, multiples of 64'); ask.add_argument('--threads', type=int, nargs='+', default=[1,2]); ask.add_argument('--rounds', type=int, default=30)
said = ask.parse_args()
w,h = said.side
x,level = torch.rand(1, 3, h, w).contiguous(memory_format=torch.channels_last), torch.tensor([2.])
models = dict(mini=ELIC(PRESETS['mini']), fast=load('elic-mini', 'cpu').model)

def calls(model): # as in a codec, without what is exact about it
    model.eval().to(memory_format=torch.channels_last)
    y = torch.randn(1, model.cfg.M, h//16, w//16).round().contiguous(memory_format=torch.channels_last) # a latent full of nonsense takes as long as any other
    return dict(analysis=lambda: model.encode(x, level), synthesis=lambda: model.decode(y, level))

todo = {(part,str(dtype).removeprefix('torch.'),threads,name): (call,dtype) for name,m in models.items() for part,call in calls(m).items() for dtype in (torch.bfloat16,torch.float32) for threads in said.threads}
took = {k: float('inf') for k in todo}
for _ in range(said.rounds):
    for (*_,threads,name),(call,dtype) in todo.items():
        torch.set_num_threads(threads)
        with torch.inference_mode(), torch.autocast('cpu', dtype, enabled=dtype!=torch.float32):
            clock = time.thread_time if threads==1 else time.perf_counter
            start = clock(); call(); end = clock()
        key = (*_,threads,name)
        took[key] = min(took[key], 1000*(end-start))
print(f'{w}x{h}, milliseconds\n\n| | threads | mini | fast | fast / mini |\n| --- | ---: | ---: | ---: | ---: |')
for part,dtype,threads,name in took:
    if name=='fast': slow,quick = took[part,dtype,threads,'mini'], took[part,dtype,threads,'fast']; print(f'| {part}, {dtype} | {threads} | {slow:.0f} | {quick:.0f} | {quick/slow:.2f} |')
