"""Train the small image tower's head: pictures come to lie where the shipped text tower puts their captions (symmetric InfoNCE).

    python train_image.py --shards captioned-*.tar --eval coco_eval --out features     # image-mini.safetensors, report_image.json

The backbone and the text tower stay as they are. Each training picture is seen in four views: its centre, and three random crops.
The split is that of train_text.py: 10 % of the pictures say when to stop; `--eval` is looked at once, at the end.
"""
import argparse, json, math, random
from pathlib import Path

import numpy as np, torch, torch.nn.functional as F
from PIL import Image
from torch import nn
from tqdm import tqdm

from features import captioned
from train_text import chance
from taco.text.mini import MiniImage
from taco.text.mini import MiniText

def views(tower, im, rng=None, n=3):
    "Features of the largest centred square, and of `n` crops of 60-100 % of each side, flipped half of the time."
    a = np.asarray(im.convert('RGB')); H,W = a.shape[:2]; s = min(H, W)
    cuts = [a[(H-s)//2:(H+s)//2, (W-s)//2:(W+s)//2]]
    for _ in range(n if rng else 0):
        h,w = (round(d*rng.uniform(.6, 1)) for d in (H,W)); t,l = rng.randint(0, H-h), rng.randint(0, W-w)
        cuts.append(a[t:t+h,l:l+w][:,::-1 if rng.random()<.5 else 1])
    x = [torch.from_numpy(o.copy()).permute(2,0,1)[None].float()/255 for o in cuts]
    with torch.no_grad(): return tower.features(torch.cat([F.interpolate(o, (tower.side,)*2, mode='bicubic', antialias=True) for o in x])).half()

def recall(head, x, texts, ks=(1,5,10)):
    "As in train_text.py, from embeddings of the captions: `texts` has one (n,d) a picture."
    head.eval()
    owner = torch.tensor([i for i,o in enumerate(texts) for _ in o])
    with torch.no_grad(): sim = torch.cat(texts) @ F.normalize(head(x), dim=-1).T
    t2i = sim.argsort(1, descending=True)==owner[:,None]
    i2t = owner[sim.T.argsort(1, descending=True)]==torch.arange(len(x))[:,None]
    return {name: [m[:,:k].any(1).float().mean().item() for k in ks] for name,m in dict(text_to_image=t2i, image_to_text=i2t).items()}

class Head(nn.Module):
    "What `MiniImage.head` becomes, on standardised features and with dropout."
    def __init__(self, x, dropout):
        super().__init__()
        self.register_buffer('mean', x.mean(0)); self.register_buffer('std', x.std(0).clamp_min(1e-2))
        self.a,self.b,self.drop = nn.Linear(x.shape[1], MiniImage.hidden), nn.Linear(MiniImage.hidden, MiniImage.dim), nn.Dropout(dropout)

    def forward(self, x): return self.b(self.drop(F.gelu(self.a(self.drop((x-self.mean)/self.std)))))

    def into(self, tower):
        "Fold the standardisation into the first layer."
        w = self.a.weight/self.std
        tower.head[0].load_state_dict(dict(weight=w, bias=self.a.bias-w@self.mean)); tower.head[2].load_state_dict(self.b.state_dict())

def train(x, texts, keep, held, steps, lr, dropout, wd, batch=256, seed=0, log=print):
    "A head for `x` (views,n,d), as it was when best on the centres of `held`."
    torch.manual_seed(seed); rng = random.Random(seed)
    head,scale = Head(x[:,keep].flatten(0,1), dropout), nn.Parameter(torch.tensor(math.log(1/.07)))
    opt = torch.optim.AdamW([dict(params=head.parameters(), weight_decay=wd), dict(params=[scale], weight_decay=0.)], lr=lr, betas=(.9,.98))
    best,held_t = -1,[texts[i] for i in held]
    for step in range(1, steps+1):
        for g in opt.param_groups: g['lr'] = lr*min(1, step/60)*(.01+.99*(1+math.cos(math.pi*step/steps))/2)
        rows = rng.sample(keep, batch); head.train()
        t = torch.stack([texts[i][rng.randrange(len(texts[i]))] for i in rows])
        im = F.normalize(head(x[torch.randint(len(x), (batch,)), torch.tensor(rows)]), dim=-1)
        sim,right = scale.exp()*t@im.T, torch.arange(batch)
        loss = (F.cross_entropy(sim, right, label_smoothing=.05)+F.cross_entropy(sim.T, right, label_smoothing=.05))/2
        opt.zero_grad(); loss.backward(); opt.step()
        with torch.no_grad(): scale.clamp_(0, math.log(100))
        if step%(steps//25): continue
        r = recall(head, x[0,held], held_t); score = sum(r['text_to_image']+r['image_to_text'])/6
        log(f"step {step} loss {loss.item():.3f} scale {scale.exp().item():.1f} held-out mean recall {score:.4f}")
        if score>best: best,at,state = score, step, {k: v.clone() for k,v in head.state_dict().items()}
    head.load_state_dict(state)
    return head.eval(), dict(best_step=at, steps=steps, held_mean_recall=best)

if __name__=='__main__':
    p = argparse.ArgumentParser()
    p.add_argument('--shards', nargs='+', required=True); p.add_argument('--eval', type=Path, required=True); p.add_argument('--out', type=Path, required=True)
    p.add_argument('--steps', type=int, default=300); p.add_argument('--lr', type=float, default=1e-3)
    p.add_argument('--dropout', type=float, default=.2); p.add_argument('--wd', type=float, default=.1)
    a = p.parse_args(); a.out.mkdir(parents=True, exist_ok=True)
    tower,text,rng = MiniImage(),MiniText.load(),random.Random(0)
    said = lambda caps: [F.normalize(text.pooled(o), dim=-1) for o in caps]
    x,caps = zip(*((views(tower, im, rng), c) for _,c,im in tqdm(captioned(a.shards))))
    x,texts = torch.stack(x, 1).float(), said(caps)
    order = random.Random(1).sample(range(len(caps)), len(caps)); n = len(order)//10
    head,how = train(x, texts, order[n:], order[:n], a.steps, a.lr, a.dropout, a.wd)
    head.into(tower); tower.save(a.out/'image-mini.safetensors'); tower = MiniImage.load(a.out/'image-mini.safetensors')
    caps = json.loads((a.eval/'captions.json').read_text())
    ev = torch.cat([views(tower, Image.open(a.eval/k)) for k in caps]).float()
    how.update(recall(tower.head, ev, said(caps.values())), chance=chance(list(caps.values())), k=[1,5,10])
    (a.out/'report_image.json').write_text(json.dumps(how, indent=1)); print(json.dumps(how, indent=1))
