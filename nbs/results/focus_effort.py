"""A quality map alone, the encoder's refinement weighed by it alone, and both: at equal bytes, on the true box of the first thing of each picture.

    python nbs/results/focus_effort.py PICTURES nbs/focus/coco_eval.json 10 nbs/results/focus/effort.csv

`map`: levels rise in the box. `refined`: the latent is refined (effort 5), all places alike. `weights`: it is refined with the prices of
distortion that the map would have set, but the levels, and so the steps of rounding, are the same everywhere. `both`: a map, refined."""
import csv, json, sys, warnings
from pathlib import Path
import numpy as np
import torch
from taco.base.image import psnr, read_rgb, to_tensor
from taco.codec.focus import raised, relief
from taco.codec.format import Header, pack
from taco.codec.neural import Sitting, Watched, bought, lmbda_to_level
from taco.codec.protocol import Prompt
from taco.codec.zoo import open_codec
from taco.measure.bd import interval
from taco.measure.focus import crop
from taco.model.rate import lmbda_at
from taco.model.refine import Measure, refine

EFFORT,LMBDA = 5,.004

class Weighed(Sitting):
    "Levels are the same everywhere, and a map weighs the refinement."
    def file(self, level, effort, watch=None):
        if not effort: return super().file(level, effort, watch)
        codec,(H,W),out = self.codec, self.rgb.shape[:2], Watched(watch)
        y,lv = codec.scaled(self.y, level)
        prices = lmbda_at(codec._level([raised(self.wanted, level-self.wanted.mean(), self.top)], *y.shape[-2:]).numpy(), codec.cfg.lmbdas)
        with torch.inference_mode(False):
            paid = bought(*y.shape[-2:], H, W, codec.cfg.strides.y)
            measure = Measure(codec.model, to_tensor(self.rgb), torch.tensor(prices, dtype=torch.float32), lv.clone(), paid, None)
        with torch.inference_mode(): z = codec.model.h_a(y*paid)
        with codec.fast(): best = refine(measure, y, z, effort)
        codec.write(*((y, None) if best is None else (best.y, best.z)), out.put, H, W)
        stream = out.bytes()
        return pack(Header(codec.id, level, W, H, len(stream), None, False), stream)

def measured(codec, rgb, box): # yields (way, bytes, PSNR in the box, PSNR of all)
    level,size = lmbda_to_level(LMBDA, codec.cfg.lmbdas), None
    for way,kind,effort in (('none',Sitting,0), ('map',Sitting,0), ('refined',Sitting,EFFORT), ('weights',Weighed,EFFORT), ('both',Sitting,EFFORT)):
        s = kind(codec, rgb, Prompt(), effort)
        s.wanted = relief(Prompt(focus=[box]), rgb, codec.cfg.strides.y, s.top, None)
        if way in ('map','both'): s.relief = s.wanted
        data = s.file(level, 0) if way=='none' else s.fitting(size, level)[1]
        size,back = size or len(data), np.asarray(codec.decompress(data))
        yield way, len(data), psnr(crop(rgb, box), crop(back, box)), psnr(rgb, back)

if __name__=='__main__':
    pictures,things,n,out = Path(sys.argv[1]), json.loads(Path(sys.argv[2]).read_text()), int(sys.argv[3]), Path(sys.argv[4])
    warnings.simplefilter('ignore')
    codec,rows = open_codec('elic-mini', 'cpu'), []
    for name in sorted(things)[:n]:
        for way,size,inside,whole in measured(codec, read_rgb(pictures/name)[0], tuple(things[name][0]['box'])):
            rows.append(dict(image=name, way=way, bytes=size, psnr_in=round(inside, 2), psnr=round(whole, 2)))
    with open(out, 'w', newline='') as f:
        w = csv.DictWriter(f, [*rows[0]], lineterminator='\n'); w.writeheader(); w.writerows(rows)
    by = {(r['image'],r['way']): r for r in rows}
    names = sorted({r['image'] for r in rows})
    for way,m in ((way,m) for way in ('map','refined','weights','both') for m in ('psnr_in','psnr')):
        print(way, m, '%+.2f [%+.2f, %+.2f] dB' % interval([by[n,way][m]-by[n,'none'][m] for n in names]))
