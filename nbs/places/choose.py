"""What each part of the finder is good for, on held-out pictures: report.json, `held_out`.

    python choose.py --weights efficientnet-lite0-57934424.pth --shards captioned-*.tar --features features --boxes held_out.json --out report.json

`held_out.json` has 198 things in 48 of the pictures that train.py holds out, with boxes drawn for this project by looking: {"KEY": {"words": [[x, y, w, h], ...]}},
in tenths of the picture's width and height. The words are learnt from the other pictures.
"""
import argparse, json, random
from pathlib import Path
import numpy as np, torch, torch.nn.functional as F
from features import SIDES, backbone, captioned
from train import fit
from words import WordNet, learnable, table
from taco.text.places import second_look, things, to_map
from taco.text.relevance import over_blocks

def scores(m, boxes): # map, mask of the same shape
    r,c = np.unravel_index(m.argmax(), m.shape)
    return float(boxes[r,c]>=.5), (m*boxes).sum()/m.sum(), (m*boxes).sum()/boxes.sum()-(m*(1-boxes)).sum()/max((1-boxes).sum(), 1e-6)

if __name__=='__main__':
    p = argparse.ArgumentParser()
    for o in ('--weights','--boxes'): p.add_argument(o, required=True)
    for o in ('--features','--out'): p.add_argument(o, type=Path, required=True)
    p.add_argument('--shards', nargs='+', required=True); p.add_argument('--wordnet', default='/usr/share/wordnet')
    a = p.parse_args()
    report,said,x = json.loads(a.out.read_text()), json.loads((a.features/'said.json').read_text()), torch.load(a.features/'mean.pt').float()
    wn,named = WordNet(a.wordnet), json.loads(Path(a.boxes).read_text())
    vocab,y = learnable([c for _,c in said], wn); y = torch.from_numpy(y).float()
    order = random.Random(1).sample(range(len(said)), len(said)); own = order[len(order)//10:]
    assert not named.keys() & {said[i][0] for i in own}
    w,_ = fit(x[own].flatten(0, 1), y[own].repeat_interleave(len(SIDES), 0), report['decay'])
    finder,rows = backbone(a.weights, words := table(vocab, wn), len(vocab)), {}
    finder.learnt.load_state_dict(dict(weight=w))
    only = dict(imagenet={k: [None, c] for k,(_,c) in words.items() if c}, captions={k: [r, []] for k,(r,_) in words.items() if r is not None}, both=words)
    with torch.no_grad():
        for key,_,im in captioned(a.shards):
            if key not in named: continue
            rgb = np.array(im); H,W = rgb.shape[:2]
            views = [finder.look(rgb, s) for s in (384,576)]
            for what,boxes in named[key].items():
                mask = np.zeros((H,W))
                for bx,by,bw,bh in boxes: mask[round(by*H/10):round((by+bh)*H/10),round(bx*W/10):round((bx+bw)*W/10)] = 1
                small = mask.mean()<.06
                for name,known,sizes,second in (('names of ImageNet','imagenet',1,False), ('words of captions','captions',1,False), ('both','both',1,False),
                                                ('both, a second look','both',1,True), ('both, a second look, two sizes','both',2,True)):
                    finder.words = only[known]
                    found,_ = things(what, finder.words.__contains__)
                    nouns,(f0,_,g) = [n for _,n in found if n], views[sizes-1]
                    fine = F.adaptive_avg_pool2d(torch.from_numpy(mask)[None,None], g)[0,0].numpy()
                    got = (0., mask.mean(), 0.) # unknown: every place alike
                    if nouns:
                        s = sum(F.interpolate(sum(k*finder.scores(f, o) for o,k in nouns[0]).view(1,1,*gv), g, mode='bilinear') for _,f,gv in views[:sizes]).flatten()
                        got = scores(to_map(second_look(f0, s) if second else s).view(g).numpy(), fine)
                    rows.setdefault(name, []).append((*got, small))
                centre = float(mask[H//2,W//2])
                rows.setdefault('the middle', []).append((centre, mask.mean(), 0., small))
    out = {}
    for name,r in rows.items():
        r = np.array(r, float); s = r[r[:,3]>0]
        out[name] = dict(n=len(r), hit=round(r[:,0].mean(), 3), energy=round(r[:,1].mean(), 3), contrast=round(r[:,2].mean(), 3), hit_small=round(s[:,0].mean(), 3), n_small=len(s))
        print(name, out[name])
    report['held_out'] = out
    a.out.write_text(json.dumps(report, indent=1))
