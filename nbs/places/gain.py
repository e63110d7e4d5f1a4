"""What a focus gains inside of what was named, on the held-out things: the measure that finders are to be compared by.

    python gain.py --shards captioned-*.tar --boxes held_out.json [--finder places-mini ...] [--model elic-mini] [--lmbda .004]

PSNR inside the box of each thing, coded at the bytes of no focus, less that of no focus, in dB: the mean over pictures with its 95 % interval, for each
finder, and for the true boxes.
"""
import argparse, json, warnings
from pathlib import Path
import taco # before torch
import numpy as np
from tqdm import tqdm
from features import captioned
from taco.base.image import psnr
from taco.measure.bd import interval
from taco.text.finders import load_finder
from taco.text.relevance import RelevanceNote, box_map

ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
ask.add_argument('--shards', nargs='+', required=True); ask.add_argument('--boxes', type=Path, required=True)
ask.add_argument('--finder', nargs='+', default=['places-mini']); ask.add_argument('--model', default='elic-mini'); ask.add_argument('--lmbda', type=float, default=.004)
said = ask.parse_args()
named,codec,finders = json.loads(said.boxes.read_text()), taco.load(said.model, 'cpu'), {n: load_finder(n) for n in said.finder}
warnings.simplefilter('ignore', RelevanceNote)
gains = {n: [] for n in (*finders,'true box')} # of each picture
for key,_,image in tqdm([o for o in captioned(said.shards) if o[0] in named]):
    rgb = np.array(image); H,W = rgb.shape[:2]
    plain = codec.compress(rgb, rate=said.lmbda)
    none,of = np.asarray(codec.decompress(plain)), {n: [] for n in gains}
    for words,boxes in named[key].items():
        inside = box_map([(x*W/10, y*H/10, w*W/10, h*H/10) for x,y,w,h in boxes], W, H)
        for n in gains:
            m = finders[n](rgb, words) if n in finders else inside
            back = np.asarray(codec.decompress(codec.compress(rgb, focus=m, size=len(plain)))) if m.max()>0 else none
            of[n].append(psnr(rgb[inside>0], back[inside>0])-psnr(rgb[inside>0], none[inside>0]))
    for n,g in of.items(): gains[n].append(np.mean(g))
for n,g in gains.items(): print('{:20} {:+.3f} [{:+.3f}, {:+.3f}] dB'.format(n, *interval(np.array(g))))
