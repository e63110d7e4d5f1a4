"""How much memory the command line takes for large pictures: the peak of what is resident, as the system counts it, and the processor's time.

    python nbs/recipe/memory.py FOLDER [--size W H]... [--model NAME ...] [--photo .tif ...] [--back .png ...] [--work DIR]

FOLDER has photographs, of which the large pictures are laid: each piece is enlarged, shifted, mirrored and lit by chance. They and what is made of them
lie in DIR, and go at the end. One thread, so that the figures do not depend on how many cores there are.
"""
import argparse, hashlib, os, shutil, subprocess, sys, tempfile, time
from pathlib import Path
import numpy as np
from PIL import Image

def laid(folder:Path, w:int, h:int, seed:int=0) -> np.ndarray: # (h,w,3) uint8
    "A picture of photographs."
    dice,photos = np.random.default_rng(seed), sorted(p for p in folder.iterdir() if p.suffix in ('.png','.jpg'))
    out = np.empty((h,w,3), np.uint8)
    for top in range(0, h, 960):
        for left in range(0, w, 1000):
            im = Image.open(photos[dice.integers(len(photos))]).convert('RGB')
            if dice.random()<.5: im = im.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
            if im.height>im.width: im = im.transpose(Image.Transpose.ROTATE_90)
            x = int(dice.integers(0, 500))
            piece = np.asarray(im.resize((1500,1000), Image.Resampling.BICUBIC))[:960,x:x+1000]*dice.uniform(.7, 1.2, 3)
            out[top:top+960,left:left+1000] = piece[:h-top,:w-left].clip(0, 255)
    return out

def peak(*args) -> tuple: # GB, seconds of the processor, seconds
    "What one run of the command takes."
    start = time.perf_counter()
    child = subprocess.Popen([sys.executable, '-m', 'taco', *map(str, args)], env=os.environ|dict(OMP_NUM_THREADS='1'), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _,status,used = os.wait4(child.pid, 0)
    if status: sys.exit(f'taco {" ".join(map(str, args))} ended with {os.waitstatus_to_exitcode(status)}')
    return used.ru_maxrss*1024/1e9, used.ru_utime+used.ru_stime, time.perf_counter()-start

if __name__=='__main__':
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument('folder', type=Path); ask.add_argument('--size', type=int, nargs=2, action='append', help='of a picture, pixels')
    ask.add_argument('--model', nargs='+', default=['elic-mini','taco-mini']); ask.add_argument('--photo', nargs='+', default=['.tif'], help='formats that are read')
    ask.add_argument('--back', nargs='+', default=['.png'], help='formats that are written'); ask.add_argument('--work', type=Path)
    said = ask.parse_args()
    work = Path(tempfile.mkdtemp(dir=said.work))
    print('| megapixels | model | | peak, GB | processor, s | of what is made, SHA-256 |\n| ---: | --- | --- | ---: | ---: | --- |', flush=True)
    try:
        for w,h in said.size or [(8192,5859), (12500,8000)]:
            Image.MAX_IMAGE_PIXELS = None
            for photo in said.photo: Image.fromarray(laid(said.folder, w, h)).save(work/f'picture{photo}')
            def row(what, model, args, made):
                gb,cpu,_ = peak(*args)
                with Image.open(made) if made.suffix!='.taco' else open(made, 'rb') as f: data = f.read() if made.suffix=='.taco' else np.asarray(f).tobytes()
                print(f'| {w*h/1e6:.0f} | `{model}` | {what} | {gb:.2f} | {cpu:.0f} | {hashlib.sha256(data).hexdigest()[:8]} |', flush=True)
            for model in said.model:
                for photo in said.photo:
                    row(f'{photo} to .taco', model, ['compress', work/f'picture{photo}', '--model', model, '--caption', 'photographs', '-o', work/'picture.taco', '--force'], work/'picture.taco')
                for back in said.back:
                    row(f'.taco to {back}', model, ['decompress', work/'picture.taco', '--model', model, '-o', work/f'back{back}', '--force'], work/f'back{back}')
    finally: shutil.rmtree(work)
