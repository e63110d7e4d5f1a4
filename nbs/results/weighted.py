"""TACO, taught to spend where its caption points: the distortion weighs more where the words are, and padding is not read.

    python nbs/results/weighted.py train SHARDS RUN [--steps N]
    python nbs/results/weighted.py measure MODEL PICTURES CAPTIONS.json OUT

`train` begins with the weights of elic-mini, on the captioned pictures of SHARDS. lambda is multiplied by 1+3m, over its mean in the crop, where m
(0..1) is the map that `places-mini` finds for the caption in the whole picture. The network is told the same level everywhere: only the words say where.
A run that is there is taken up where it was. `measure` codes pictures, real bytes, with right, shuffled and no captions; `psnr` counts all
pixels alike, `psnr_told` each by the map of the picture's *right* caption. OUT gets images.csv and effects.json."""
import argparse, csv, json, math, random
from dataclasses import replace
from pathlib import Path
import numpy as np, torch, torch.nn.functional as F
import taco.train.run as run
from taco.base.files import TacoError
from taco.base.image import psnr, read_rgb
from taco.text.encoder import Tokens
from taco.text.keywords import Keywords
from taco.text.places import load_places, things
from taco.text.relevance import blocks
from taco.text.towers import load_text, register_tower
from taco.codec.models import load
from taco.codec.zoo import open_codec
from taco.corpus.data import from_shards, keep, spot
from taco.measure.ablation import Effect, caption_kinds, summary
from taco.measure.bd import bd_rate, interval
from taco.train.objective import draw
from taco.train.recipe import RECIPES
from taco.train.start import begin

MORE,LOOK,LMBDAS = 3, 256, (.0004, .0016, .009)

class Masked(Keywords):
    "A tower of which nobody reads the padding; gives `Tokens`."
    prefix = 'masked/'
    @torch.no_grad()
    def forward(self, captions:list) -> Tokens:
        h,_,own = self.read(captions)
        return Tokens(h, torch.zeros_like(own, dtype=h.dtype).masked_fill(~own, -math.inf))

register_tower(Masked.prefix)(lambda rest: Masked(load_text(rest)))

@torch.no_grad()
def where(finder, rgb, words): # -> (rows,cols), 0..1: `finder`, but it looks once, and asks nobody
    found,_ = things(words, finder.words.__contains__)
    views = [finder.look(rgb, LOOK)] if any(nouns for _,nouns in found) else []
    return np.max([finder.thing(rgb, views, *o) for o in found], axis=0) if found else np.zeros(blocks(rgb.shape[1], rgb.shape[0]), np.float32)

class Told(list):
    "Captions of a batch; `weights` (b,h,w), of mean 1 in each crop, says where they are."

class Trainer(run.Trainer):
    "Its batches know where their captions are."
    finder,maps = load_places(), {}

    def weight(self, p, s): # picture and `Spot` -> (h,w)
        crop,side,(H,W) = self.cfg.crop, self.cfg.network.strides.y, p.rgb.shape[:2]
        if (p.key,s.caption) not in self.maps: self.maps[p.key,s.caption] = where(self.finder, p.rgb, s.caption)
        m = torch.from_numpy(self.maps[p.key,s.caption])[None,None]
        m = F.interpolate(m, scale_factor=16, mode='bilinear')[...,:H,:W][...,s.row:s.row+crop, s.column:s.column+crop]
        w = 1+MORE*F.avg_pool2d(m.flip(3) if s.mirrored else m, side)[0,0]
        return w/w.mean()

    def feed(self, start):
        by_key = {p.key: p for p in self.data}
        for n,b in enumerate(super().feed(start), start):
            pairs = [(by_key[k], spot(by_key[k], self.cfg.crop, random.Random(f'{self.cfg.seed} place {self.cfg.batch*n+i}'))) for i,k in enumerate(b.keys)]
            told = Told(b.captions)
            assert told==[s.caption for _,s in pairs]   # the very crops that the batch is made of
            told.weights = torch.stack([self.weight(*o) for o in pairs])
            yield b._replace(captions=told)

def weighted(cfg, captions): # as `draw`, but lambda is a map; the level is none
    prompts,lmbda,level = draw(cfg, captions)
    return prompts, lmbda[:,None,None]*captions.weights, level

def train(shards, out, steps):
    elic = load('elic-mini', 'cpu').model
    cfg = replace(RECIPES['fast'], adapter=True, k_p=1., k_j=.0025, batch=8, lr=5e-4, warmup=50, decay=1., maps=0., steps=steps, minutes=0., seed=1)
    data = [p for p in keep(from_shards(sorted(shards.glob('captioned-*.tar')), min_side=cfg.crop)) if p.captions]
    model = begin(cfg, elic, run.batches(data, cfg.batch, cfg.crop, cfg.seed), 'masked/mini')
    for i in (model.adapter.early, model.adapter.late):   # an identity still, but one that the first step can leave: gamma alone would still be .006 after 600
        torch.nn.init.ones_(i.gamma); torch.nn.init.zeros_(i.attn.out_proj.weight)
    run.draw = weighted
    Trainer(cfg, data, out, model, log_every=20, save_every=3).run()

def told_psnr(a, b, m): # pictures and (rows,cols), which weighs the squared error -> dB
    m = np.repeat(np.repeat(m, 16, 0), 16, 1)[:a.shape[0], :a.shape[1]]
    return 10*math.log10(255**2/np.average(((a.astype(float)-b)**2).mean(2), weights=m))

def measure(path, pictures, captions, out):
    codec,finder,told = open_codec(str(path), 'cpu'), load_places(), json.loads(captions.read_text(encoding='utf-8'))
    kinds = {k: v for k,v in caption_kinds({n: c if isinstance(c, str) else c[0] for n,c in told.items()}).items() if k!='constant'}
    rows,effects,bd = [], [], {}
    for name in sorted(kinds['right']):
        rgb,_ = read_rgb(pictures/name)
        m = finder(rgb, kinds['right'][name])
        for kind in kinds:
            for l,(data,_) in zip(LMBDAS, codec.compress_at(rgb, kinds[kind][name], LMBDAS)):
                back = np.asarray(codec.decompress(data))
                rows.append(dict(image=name, kind=kind, lmbda=l, bytes=len(data), bpp=round(8*len(data)/rgb[...,0].size, 6), psnr=round(psnr(rgb, back), 4),
                                 psnr_told=round(told_psnr(rgb, back, m), 4) if m.any() else ''))
        print(name, f'map {m.mean():.2f}', flush=True)
    out.mkdir(parents=True, exist_ok=True)
    with open(out/'images.csv', 'w', newline='', encoding='utf-8') as f:
        w = csv.DictWriter(f, [*rows[0]], lineterminator='\n'); w.writeheader(); w.writerows(rows)
    for r in rows: bd.setdefault((r['image'],r['kind']), []).append(r)
    for measure in ('psnr','psnr_told'):
        curve = lambda *which: tuple([r[c] for r in bd[which]] for c in ('bpp',measure))
        for kind in ('shuffled','empty'):
            got = []
            for n in kinds['right']:
                try: got.append(bd_rate(curve(n, 'right'), curve(n, kind))/100)
                except (TacoError, TypeError) as e: print(n, kind, measure, type(e).__name__)
            effects.append(Effect(kind, None, f'bd_rate_{measure}', '%', *(100*math.expm1(e) for e in interval(np.log1p(got))), len(got)))
    (out/'effects.json').write_text(json.dumps(dict(model=codec.name, lmbdas=LMBDAS, effects=[e._asdict() for e in effects]), indent=1)+'\n', encoding='utf-8')
    print(summary(effects))

if __name__=='__main__':
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    what = ask.add_subparsers(dest='what', required=True)
    for name,args in dict(train=('shards','out'), measure=('path','pictures','captions','out')).items():
        sub = what.add_parser(name)
        for a in args: sub.add_argument(a, type=Path)
        if name=='train': sub.add_argument('--steps', type=int, default=400)
    said = vars(ask.parse_args())
    dict(train=train, measure=measure)[said.pop('what')](**said)
