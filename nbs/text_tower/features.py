"""Frozen image features, once: ImageNet VGG-16 (shift-tolerant, from stlpips-pytorch), pooled from its last three stages.

    python features.py --shards captioned-*.tar --eval coco_eval --out features

`--eval` is a folder of pictures with captions.json, {"NAME.png": [captions]}; it is only measured on, never trained on.
"""
import argparse, io, json, tarfile
from pathlib import Path
import numpy as np, torch, torch.nn.functional as F
from PIL import Image
from tqdm import tqdm
from taco.base.machine import let_torchvision_import

SIDE = 192

def vgg():
    "The frozen network."
    let_torchvision_import()
    from stlpips_pytorch.stlpips import LPIPS
    m = LPIPS(net='vgg', variant='shift_tolerant', verbose=False).eval()
    return m.to(memory_format=torch.channels_last)

@torch.no_grad()
def features(m, imgs):
    "Squares of `SIDE` px -> (b,4352): means and maxima of three stages, and the last on a 2x2 grid."
    x = torch.stack([torch.from_numpy(np.array(o)).permute(2,0,1) for o in imgs]).float()/127.5 - 1
    _,_,r3,r4,r5 = m.net(m.scaling_layer(x.contiguous(memory_format=torch.channels_last)))
    mean,peak = (lambda r: r.mean((2,3))),(lambda r: r.amax((2,3)))
    return torch.cat([mean(r3), mean(r4), peak(r4), mean(r5), peak(r5), F.adaptive_avg_pool2d(r5, 2).flatten(1)], 1).half()

def square(im):
    "The largest centred square, resized to `SIDE`."
    im = im.convert('RGB'); s = min(im.size)
    l,t = ((d-s)//2 for d in im.size)
    return im.crop((l,t,l+s,t+s)).resize((SIDE,SIDE), Image.BICUBIC)

def captioned(shards):
    for f in sorted(shards):
        with tarfile.open(f) as t:
            for n in sorted(n for n in t.getnames() if n.endswith('.json')):
                caps = json.load(t.extractfile(n))['captions']
                if caps: yield n[:-5], caps, Image.open(io.BytesIO(t.extractfile(n[:-5]+'.jpg').read()))

def run(m, ims, path, bs=4):
    done,batch = [],[]
    for im in tqdm(ims, desc=path.name):
        batch.append(im)
        if len(batch)==bs: done.append(features(m, batch)); batch = []
    if batch: done.append(features(m, batch))
    torch.save(torch.cat(done), path)

if __name__=='__main__':
    p = argparse.ArgumentParser()
    p.add_argument('--shards', nargs='+', required=True); p.add_argument('--eval', type=Path, required=True); p.add_argument('--out', type=Path, required=True)
    a = p.parse_args(); a.out.mkdir(parents=True, exist_ok=True)
    m,caps = vgg(),json.loads((a.eval/'captions.json').read_text())
    (a.out/'eval.json').write_text(json.dumps(caps))
    run(m, (square(Image.open(a.eval/k)) for k in caps), a.out/'eval.pt')
    (a.out/'train.json').write_text(json.dumps([(k,c) for k,c,_ in captioned(a.shards)]))
    run(m, (square(im) for *_,im in captioned(a.shards)), a.out/'train0.pt')
