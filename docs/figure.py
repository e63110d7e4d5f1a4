"""The picture of the first page: one photograph in three files of one size. Writes docs/idea.html and the pictures in it.

    python docs/figure.py
"""
from html import escape
from pathlib import Path
import numpy as np
from PIL import Image
from taco.base.image import psnr, read_rgb
from taco.measure.focus import FocusBench, Thing, crop
from taco.measure.words import heat

here = Path(__file__).resolve().parent
picture = here.parent/'demo/examples/kodim19.png'
things = Thing('the lighthouse', (248,100,139,335)), Thing('the red life buoy', (70,475,66,92))
WHOLE = 0,84,512,512                               # what is shown of the picture: x, y, width, height in pixels
DETAILS = (230,90,180,180), (46,464,114,114)       # the lantern of the tower, and the buoy
LMBDA,TILE = .0008, 360                            # the rate; pixels of a tile

def tile(name, rgb, box, sharp=Image.Resampling.LANCZOS):
    Image.fromarray(crop(rgb, box)).resize((TILE,TILE), sharp).save(here/f'static/images/{name}.jpg', quality=85, optimize=True)
    return f'images/{name}.jpg'

def figure(src, alt, said): return f'<figure><img src="{src}" alt="{escape(alt)}" width="{TILE}" height="{TILE}"><figcaption>{said}</figcaption></figure>'

rgb = read_rgb(picture)[0]
bench = FocusBench('elic-mini', {picture.name: things}, 'places-mini')
views = bench.looks(picture, LMBDA)
none,stride = views['none'], bench.codec.cfg.strides.y
top = max(np.abs(v.bits-none.bits).max() for v in views.values())
def inside(v, t): return psnr(crop(rgb, t.box), crop(v.back, t.box))

columns = []
for name,v,about in zip(('none','tower','buoy'), views.values(), (None,*things)):
    head = f'focus="{about.words}"' if about else 'no focus'
    first = heat(v.back, v.bits-none.bits, stride, top*.6, signed=True) if about else v.back
    said = 'bits gained (orange), lost (blue)' if about else 'the picture that comes back'
    cells = [figure(tile(name, first, WHOLE), f'{head}: {said}', said)]
    for t,box,part in zip(things, DETAILS, 'ab'):
        gain = '' if v is none else f' ({inside(v, t)-inside(none, t):+.2f})'.replace('-', '−')
        cells.append(figure(tile(f'{name}-{part}', v.back, box), f'{t.words}, {head}', f'{t.words.split()[-1]}: {inside(v, t):.2f} dB{gain}'))
    columns.append(f'<div><p><code>{escape(head, quote=False)}</code></p>\n<p><b>{len(v.data):,} bytes</b></p>\n' + '\n'.join(cells) + '\n</div>')
(here/'idea.html').write_text('<!-- made by docs/figure.py -->\n<div class="idea">\n' + '\n'.join(columns) + '\n</div>\n', encoding='utf-8')
