"""The pointing game: does the highest place of a map lie in the box of what was named? And how much of the map is inside?

    python measure.py --boxes ../focus/kodak.json --pictures kodak [--finder places-mini] [--out report.json]

`--boxes` is {"NAME.png": [{"words": "the red door", "box": [x, y, width, height]}, ...], ...}. Against it stand the middle of the picture, and chance: the
area of the box. `energy` is the share of the map that lies in the box, `contrast` the mean inside less the mean outside.
"""
import argparse, json, time, warnings
from pathlib import Path
import numpy as np
from taco.base.image import read_rgb
from taco.text.finders import load_finder
from taco.text.relevance import BLOCK, by_hand

def row(finder, rgb, words, box):
    (h,w),(x,y,bw,bh) = rgb.shape[:2], box
    with warnings.catch_warnings(record=True) as notes:
        warnings.simplefilter('always')
        start = time.perf_counter(); m = finder(rgb, words); took = time.perf_counter()-start
    inside = lambda px, py: bool(x<=px<x+bw and y<=py<y+bh)
    b,area,(r,c) = by_hand([box], w, h), bw*bh/w/h, np.unravel_index(m.argmax(), m.shape)
    return dict(words=words, known=not notes, hit=bool(m.max()>0) and inside((c+.5)*BLOCK, (r+.5)*BLOCK), centre=inside(w/2, h/2), area=area,
        energy=float((m*b).sum()/m.sum()) if m.max()>0 else area, contrast=float((m*b).sum()/b.sum()-(m*(1-b)).sum()/max((1-b).sum(), 1e-9)), seconds=took)

def means(rows): return dict(n=len(rows), **{k: round(float(np.mean([o[k] for o in rows])), 3) for k in ('hit','centre','area','energy','contrast')}) if rows else dict(n=0)

if __name__=='__main__':
    p = argparse.ArgumentParser()
    p.add_argument('--boxes', type=Path, required=True); p.add_argument('--pictures', type=Path, required=True)
    p.add_argument('--finder', default='places-mini'); p.add_argument('--out', type=Path)
    a = p.parse_args()
    finder = load_finder(a.finder)
    rows = [row(finder, read_rgb(a.pictures/n)[0], o['words'], o['box']) for n,things in json.loads(a.boxes.read_text()).items() for o in things]
    known = [o for o in rows if o['known']]
    found = dict(all=means(rows), known=means(known), sizes={k: means([o for o in known if low<=o['area']<high]) for k,low,high in
        (('under 2 %',0,.02), ('2 to 6 %',.02,.06), ('6 to 20 %',.06,.2), ('over 20 %',.2,9))}, seconds=round(float(np.median([o['seconds'] for o in rows])), 2))
    print(json.dumps(found, indent=1))
    if a.out:
        report = json.loads(a.out.read_text()) if a.out.exists() else {}
        report.setdefault('boxes', {})[a.boxes.stem] = found
        a.out.write_text(json.dumps(report, indent=1))
