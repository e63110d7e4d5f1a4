"""Learn words from captions: which features of a picture go with which of its nouns (logistic regression on the mean over all places).

    python train.py --weights efficientnet-lite0-57934424.pth --features features --wordnet /usr/share/wordnet     # places-mini.safetensors, report.json

The mean over places is linear in them, so that what was learnt on whole pictures scores a single place as well. A tenth of the pictures is held out:
average precision there chose the weight decay. What ships is learnt from all of them.
"""
import argparse, json, random
from pathlib import Path
import numpy as np, torch, torch.nn.functional as F
from features import SIDES, backbone
from words import WordNet, learnable, table
from taco.text.places import save_places

def fit(x, y, decay, steps=60):
    "-> weights (words,1280) and bias for `x` as it is."
    mean,std = x.mean(0), x.std(0)+1e-3
    z,p = (x-mean)/std, y.mean(0).clamp(1e-4, .99)
    w,b = torch.zeros(y.shape[1], x.shape[1], requires_grad=True), (p/(1-p)).log().clone().requires_grad_()
    opt = torch.optim.LBFGS([w,b], max_iter=steps, history_size=10, line_search_fn='strong_wolfe')
    def closure():
        opt.zero_grad()
        loss = F.binary_cross_entropy_with_logits(z@w.T+b, y, reduction='none').mean(0).sum() + decay*w.square().sum()
        loss.backward()
        return loss
    opt.step(closure)
    w = w.detach()/std
    return w, b.detach()-w@mean

def average_precision(s, y):
    "Mean over the words that two pictures or more have."
    y = y[:,(keep := y.sum(0)>1)]
    right = y.gather(0, s[:,keep].argsort(0, descending=True))
    return ((right.cumsum(0)/torch.arange(1, len(y)+1)[:,None]*right).sum(0)/right.sum(0)).mean().item()

if __name__=='__main__':
    p = argparse.ArgumentParser()
    p.add_argument('--weights', required=True); p.add_argument('--features', type=Path, required=True); p.add_argument('--wordnet', default='/usr/share/wordnet')
    p.add_argument('--decays', type=float, nargs='+', default=[.0128,.0384,.128,.384,1.28])
    a = p.parse_args()
    torch.manual_seed(0)
    said,x,wn = json.loads((a.features/'said.json').read_text()), torch.load(a.features/'mean.pt').float(), WordNet(a.wordnet) # x (pictures, sides, 1280)
    vocab,y = learnable([c for _,c in said], wn); y = torch.from_numpy(y).float()
    order = random.Random(1).sample(range(len(said)), len(said)); n = len(order)//10
    held,own = order[:n],order[n:]
    rows = lambda ix: (x[ix].flatten(0, 1), y[ix].repeat_interleave(len(SIDES), 0))
    curve = []
    for d in a.decays:
        w,b = fit(*rows(own), d)
        curve.append(dict(decay=d, held=average_precision(x[held].mean(1)@w.T+b, y[held]), own=average_precision(x[own].mean(1)@w.T+b, y[own])))
        print(curve[-1], flush=True)
    best = max(curve, key=lambda o: o['held'])
    w,_ = fit(*rows(order), best['decay'])
    words = table(vocab, wn)
    finder = backbone(a.weights, words, len(vocab))
    finder.learnt.load_state_dict(dict(weight=w))
    save_places(finder, a.features/'places-mini.safetensors')
    report = dict(pictures=len(said), held=n, chance=average_precision(torch.rand(n, len(vocab)), y[held]), learnt=len(vocab),
        words=len(words), sides=SIDES, curve=curve, decay=best['decay'],
        pictures_of={o: int(k) for o,k in zip(vocab, y.sum(0))})
    (a.features/'report.json').write_text(json.dumps(report, indent=1))
