"""Train the small text tower: captions and frozen picture features meet in one space (symmetric InfoNCE).

    python features.py --shards captioned-*.tar --eval coco_eval --out features     # once
    python train_text.py --dir features --minutes 12 --final                       # text-mini.safetensors, image-head.safetensors, report.json

Only `train*` is trained on; 10 % of its pictures say when to stop; `eval*` is looked at once, at the end.
The tower that ships was made so, in 352 steps on one busy core; report.json is beside this file.
"""
import argparse, json, math, random, time
from pathlib import Path

import torch, torch.nn.functional as F
from safetensors.torch import save_file
from torch import nn

from taco.text.mini import MiniText, train_pieces

class ImageHead(nn.Module):
    "Pooled features -> the space shared with captions."
    def __init__(self, d, dim=128, hidden=512, dropout=.3):
        super().__init__()
        self.register_buffer('mean', torch.zeros(d)); self.register_buffer('std', torch.ones(d))
        self.body = nn.Sequential(nn.Dropout(dropout), nn.Linear(d, hidden), nn.GELU(), nn.Dropout(dropout), nn.Linear(hidden, dim))

    def forward(self, x): return self.body(((x-self.mean)/self.std).clamp(-5,5))

def embed_texts(tower, captions, drop=0.):
    "Pooled captions, with gradients; `drop` of the pieces are left out. Trailing padding changes no pooled vector, so it is cut."
    pieces = [tower.pieces(o) for o in captions]
    pieces = [[i for i in o if random.random()>=drop][:tower.n_tokens-2] for o in pieces]
    length = torch.tensor([len(o)+2 for o in pieces]); n = int(length.max())
    ids = torch.tensor([[tower.start,*o]+[tower.end]*(n-1-len(o)) for o in pieces])
    return F.normalize(tower.pool(tower.hidden(ids, length), length), dim=-1)

@torch.no_grad()
def recall(tower, head, x, captions, ks=(1,5,10)):
    "Share of queries with a right answer among the first k: each caption asks for its picture, each picture for any of its captions."
    tower.eval(); head.eval()
    owner = torch.tensor([i for i,o in enumerate(captions) for _ in o])
    flat = [o for c in captions for o in c]
    t = torch.cat([embed_texts(tower, flat[i:i+256]) for i in range(0, len(flat), 256)])
    sim = t @ F.normalize(head(x), dim=-1).T                                  # (captions,pictures)
    t2i = (sim.argsort(1, descending=True)==owner[:,None])
    i2t = (owner[sim.T.argsort(1, descending=True)]==torch.arange(len(x))[:,None])
    return {name: [m[:,:k].any(1).float().mean().item() for k in ks] for name,m in dict(text_to_image=t2i, image_to_text=i2t).items()}

def chance(captions, ks=(1,5,10)):
    n,all_ = len(captions), sum(map(len, captions))
    miss = lambda c,k: math.comb(all_-c, k)/math.comb(all_, k)
    return dict(text_to_image=[k/n for k in ks], image_to_text=[1-sum(miss(len(c), k) for c in captions)/n for k in ks])

def train(views, captions, keep, held, minutes, lr, batch=256, dropout=.2, head_dropout=.3, wd=.1, drop=.1, seed=0, log=print):
    "A tower and an image head, trained on the pictures `keep` of `views` [(n,d), ...], as they were when best on `held`."
    torch.manual_seed(seed); random.seed(seed)
    tower = MiniText(train_pieces([c for i in keep for c in captions[i]]), dropout=dropout)
    head = ImageHead(views[0].shape[1], dropout=head_dropout)
    x = views[0][keep]; head.mean.copy_(x.mean(0)); head.std.copy_(x.std(0).clamp_min(1e-3))
    scale = nn.Parameter(torch.tensor(math.log(1/.07)))
    params = [p for m in (tower,head) for p in m.parameters()]
    opt = torch.optim.AdamW([dict(params=[p for p in params if p.ndim>1], weight_decay=wd),
                             dict(params=[p for p in params if p.ndim<2]+[scale], weight_decay=0.)], lr=lr, betas=(.9,.98))
    held_x,held_c = views[0][held], [captions[i] for i in held]
    start,best,state,step,shown = time.time(), -1, None, 0, 0
    while (done := (time.time()-start)/(60*minutes)) < 1:                    # `done`: share of the time that is spent
        order = random.sample(keep, len(keep))
        for b in range(0, len(order)-batch+1, batch):
            done = (time.time()-start)/(60*minutes)
            for g in opt.param_groups: g['lr'] = lr*min(1, (step+1)/60)*(.01+.99*(1+math.cos(math.pi*min(done,1)))/2)
            rows = order[b:b+batch]; tower.train(); head.train()
            t = embed_texts(tower, [random.choice(captions[i]) for i in rows], drop)
            im = F.normalize(head(torch.stack([random.choice(views)[i] for i in rows])), dim=-1)
            sim = scale.exp()*t@im.T; right = torch.arange(len(rows))
            loss = (F.cross_entropy(sim, right, label_smoothing=.05)+F.cross_entropy(sim.T, right, label_smoothing=.05))/2
            opt.zero_grad(); loss.backward(); nn.utils.clip_grad_norm_(params, 1.); opt.step()
            with torch.no_grad(): scale.clamp_(0, math.log(100))
            step += 1
        if done-shown<.04 and done<1: continue
        shown,r = done, recall(tower, head, held_x, held_c)
        score = sum(r['text_to_image']+r['image_to_text'])/6
        log(f"{done:4.0%} step {step} loss {loss.item():.3f} scale {scale.exp().item():.1f} held-out t2i {r['text_to_image']} mean {score:.4f}")
        if score>best: best,at = score,step; state = [{k: v.clone() for k,v in m.state_dict().items()} for m in (tower,head)]
    tower.load_state_dict(state[0]); head.load_state_dict(state[1])
    return tower.eval(), head.eval(), dict(best_step=at, steps=step, held_mean_recall=best)

if __name__=='__main__':
    p = argparse.ArgumentParser()
    p.add_argument('--dir', type=Path, required=True); p.add_argument('--minutes', type=float, default=12.)
    p.add_argument('--lr', type=float, default=1e-3); p.add_argument('--dropout', type=float, default=.2)
    p.add_argument('--head-dropout', type=float, default=.3); p.add_argument('--wd', type=float, default=.1)
    p.add_argument('--drop', type=float, default=.1); p.add_argument('--name', default='text-mini')
    p.add_argument('--final', action='store_true', help='measure on the evaluation pictures')
    a = p.parse_args()
    d = a.dir
    captions = [c for _,c in json.loads((d/'train.json').read_text())]
    views = [torch.load(d/'train0.pt').float()]
    order = random.Random(1).sample(range(len(captions)), len(captions)); n = len(order)//10
    tower,head,how = train(views, captions, order[n:], order[:n], a.minutes, a.lr, dropout=a.dropout, head_dropout=a.head_dropout, wd=a.wd, drop=a.drop,
                           log=lambda s: print(s, flush=True))
    print(how)
    if a.final:
        tower.save(d/f'{a.name}.safetensors')
        save_file({k: v.half().contiguous() for k,v in head.state_dict().items()}, d/'image-head.safetensors')
        tower = MiniText.load(d/f'{a.name}.safetensors')                      # as it ships, rounded to float16
        ev = list(json.loads((d/'eval.json').read_text()).values()); x = torch.load(d/'eval.pt').float()
        how.update(recall(tower, head, x, ev), chance=chance(ev), k=[1,5,10])
        (d/'report.json').write_text(json.dumps(how, indent=1)); print(json.dumps(how, indent=1))
