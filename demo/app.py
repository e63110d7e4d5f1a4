"The demo page: a picture and a caption through several codecs, what the words did, and `.taco` files there and back."
import base64, csv, errno, html, io, json, math, os, re, shutil, signal, socket, sys, tempfile, warnings
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

# Gradio reads both when it is imported: no telemetry, and a visitor's files go when this process ends.
KEPT = tempfile.TemporaryDirectory(prefix='taco-demo-', ignore_cleanup_errors=True)
os.environ |= dict(GRADIO_ANALYTICS_ENABLED='False', GRADIO_TEMP_DIR=KEPT.name)

import gradio as gr, numpy as np
from PIL import Image, ImageDraw, UnidentifiedImageError
import taco
from taco.corpus.captioner import propose
from taco.codec.models import writer_of
from taco.codec.zoo import at_hand, label_of, open_codec
from taco.base.image import box_around, detail_box, shrink
from taco.measure.compare import beside, rd_svg, runs
from taco.base.image import read_rgb
from taco.model.config import LMBDAS
from taco.measure.metrics import scorer
from taco.text.encoder import CaptionTooLong
from taco.measure.words import change, difference, heat, trace

HOST = os.environ.get('GRADIO_SERVER_NAME', '127.0.0.1') # set where the page is hosted
MAX_MEGAPIXELS,READABLE = 25, 120 # kept as they are (about 6 GB while they are compressed); reduced, if one asks
REDUCED = 1.5 # megapixels, what a screen shows
SCORED = 3 # megapixels up to which the perceptual distance is taken: it needs gigabytes
MAX_PICTURES = 8
Image.MAX_IMAGE_PIXELS = None # our limit is stricter than Pillow's, and says what to do
CODERS = dict(concurrency_id='codec', concurrency_limit=1) # one picture at a time: two would only slow each other down
VIEWERS = dict(concurrency_id='view', concurrency_limit=4, show_progress='hidden')

HERE = Path(__file__).parent
EXAMPLES = HERE/'examples'
CAPTIONS = json.loads((EXAMPLES/'captions.json').read_text(encoding='utf-8'))

codec = cache(open_codec)

@cache
def names() -> list[str]: # the shipped models, those that read captions first
    return sorted(taco.shipped(), key=lambda n: (not codec(n).reads_caption, n))

others = cache(at_hand) # whoever registered and needs no network
SHOWN = ['taco-mini','elic-mini','jpeg','webp'] # unless a visitor chooses

@cache
def scorers() -> dict: # of measures that are installed
    found = {}
    for m in ('ms_ssim','stlpips'):
        try: found[m] = scorer(m)
        except ImportError: pass
    return found

@cache
def warm(): # while the first visitor chooses a picture
    for n in names():
        if codec(n).reads_caption: codec(n).text
    scorers()

# What the page says

def mistake(why) -> gr.Error: # a sentence for the visitor, nothing in the server's log
    why = html.escape(str(why), quote=False).rstrip('.')
    return gr.Error(f'{why[:1].upper()}{why[1:]}.'.replace('Lmbda', 'λ').replace('lmbda', 'λ'), print_exception=False)

@contextmanager
def one_sentence(
    path:str, # of our copy of a visitor's file
):
    "What goes wrong with a file, as the page says it: with the file's name instead of that path."
    try: yield
    except taco.TacoError as e: raise mistake(str(e).replace(path, f'the file {Path(path).name}')) from None
    except FileNotFoundError: raise mistake(f'the file {Path(path).name} was kept for an hour and is gone: choose it again') from None
    except (MemoryError, RuntimeError) as e: # torch raises the latter
        if isinstance(e, RuntimeError) and 'memory' not in str(e): raise
        raise mistake('this picture needs more memory than the machine has: reduce it first') from None

def pixels(path:str) -> int: # in the picture of a file, by its header: nothing is decoded yet
    try:
        with Image.open(path) as im: return im.width*im.height
    except UnidentifiedImageError: raise mistake(f'the file {Path(path).name} is no picture that can be read here: choose a PNG, JPEG, WebP or TIFF') from None

def check_size(
    n:int, # pixels
    what:str, # 'This picture', say
    most:float=MAX_MEGAPIXELS,
    or_else:str='or use the command `taco`',
):
    "Refuse what the machine may have no memory for."
    if (mega := n/1e6)>most:
        raise mistake(f'{what} has {mega:.3g} megapixels, and the page takes up to {most}: '
                      f'reduce it to {math.floor(100*math.sqrt(most/mega))} % of its width and height, {or_else}')

def read(path:str, reduce:bool) -> tuple[np.ndarray, list[str]]: # (H,W,3) uint8, and sentences
    "The picture of a file, made smaller if that is wanted and it is large."
    n = pixels(path)
    if reduce: check_size(n, 'this picture', READABLE)
    else: check_size(n, 'this picture', or_else='or tick “Reduce large pictures”')
    rgb,notes = read_rgb(path)
    small = shrink(rgb, REDUCED*1e6) if reduce else rgb
    if small.shape!=rgb.shape: notes = [*notes, f'reduced from {rgb.shape[1]}×{rgb.shape[0]} to {small.shape[1]}×{small.shape[0]} pixels, so that it takes seconds and not minutes: untick “Reduce large pictures” to keep all of it']
    return small, notes

def plain(text:str) -> str: # Markdown that shows just this text, on one line
    return re.sub(r'([\\`*_\[\]<>!|$~&#])', r'\\\1', ' '.join(text.split()))

def cost(n_bytes:int, width:int, height:int) -> str: # in Markdown
    "What a picture costs, against three bytes a pixel."
    raw = 3*width*height
    times = f'{raw/n_bytes:.3g} times smaller' if n_bytes<=raw else f'{n_bytes/raw:.3g} times larger'
    return f'**{n_bytes:,} bytes**, {8*n_bytes/(width*height):.3f} bits per pixel: **{times}** than the raw {width}×{height} picture of {raw:,} bytes.'

def at(lmbda:float|None) -> str: return '' if lmbda is None else f' λ {lmbda:.2g}'
def title(trip) -> str: return trip.model+at(trip.lmbda)

# One picture of a comparison

@dataclass
class Shown:
    "A picture of a visitor's, and what the codecs made of it; it goes with its folder when the page is closed."
    name: str
    rgb: np.ndarray # (H,W,3) uint8
    caption: str
    notes: list     # sentences
    trips: list = field(default_factory=list)
    where: list = field(default_factory=list) # the middle of the detail, per cent across and down
    known: dict = field(default_factory=dict) # what `runs` has made, with any caption
    over: bool = False # something else is compared by now
    folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(dir=KEPT.name)))

    def file(self, what:str, suffix:str, write) -> str: # path, written once
        path = self.folder/f'{self.name}-{re.sub("[^A-Za-z0-9.]+", "-", what)}{suffix}'
        if not path.exists(): write(path)
        return str(path)

    def png(self, what:str) -> str: # path of the original or of what a trip brought back
        image = next((t.image for t in self.trips if title(t)==what), None)
        if image is None: image = Image.fromarray(self.rgb)
        key = next((f'{what} {len(self.caption)} {hash(t.data)&0xffffff:06x}' for t in self.trips if title(t)==what), what) # another caption, another file
        return self.file(key, '.png', lambda p: image.save(p, compress_level=1))

    def choices(self) -> list: return ['original', *map(title, self.trips)]
    def rates(self) -> list: return list(dict.fromkeys(t.lmbda for t in self.trips))

def forget(pictures): # of `Shown`
    for p in pictures or []: shutil.rmtree(p.folder, ignore_errors=True)

HEADS = dict(picture='Picture', model='Codec', lmbda='λ', bytes='Bytes', bpp='Bits/pixel', psnr_db='PSNR, dB', ms_ssim='MS-SSIM', stlpips='ST-LPIPS, lower is better', encode_s='Encode, s', decode_s='Decode, s')

def table(pictures) -> list: # rows as in HEADS
    return [[r.get(k, '') for k in HEADS] for p in pictures for t in p.trips for r in [dict(picture=p.name, **t.row())]]

def as_csv(pictures) -> str: # path
    path = pictures[0].folder/'comparison.csv'
    with open(path, 'w', newline='', encoding='utf-8') as f: csv.writer(f).writerows([HEADS, *table(pictures)])
    return str(path)

def inline(rgb:np.ndarray) -> str: # address of a lossless picture that lies in the page itself
    out = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(rgb)).save(out, 'WEBP', lossless=True, method=0)
    return f'data:image/webp;base64,{base64.b64encode(out.getvalue()).decode()}'

SIDE = 192 # pixels of the detail

def detail_html(p:Shown, across:float, down:float) -> str: # in per cent
    "The same detail of every picture, at 100 and at 200 %."
    top,left,bottom,right = box_around(p.rgb, across/100, down/100, SIDE)
    def cell(name, image, said):
        crop,name = inline(np.asarray(image)[top:bottom,left:right]), html.escape(name)
        return (f'<figure style="--i:url({crop});--w:{2*(right-left)}px"><div role="img" aria-label="{name}, detail at 100 %"></div><div class="twice" role="img" aria-label="{name}, detail at 200 %"></div>'
                f'<figcaption><b>{name}</b><br>{said}</figcaption></figure>')
    rows = []
    for l in p.rates():
        cells = [cell('original', p.rgb, f'{p.rgb.shape[1]}×{p.rgb.shape[0]}')]
        cells += [cell(title(t), t.image, f'{len(t.data):,} bytes<br>{t.psnr:.2f} dB') for t in p.trips if t.lmbda==l]
        rows.append(f'<div class="cells" style="--n:{len(cells)}">{"".join(cells)}</div>')
    return f'<div id="cuts">{"".join(rows)}</div>'

def overview(p:Shown, across:float, down:float) -> Image.Image:
    "The original, small, with a frame around the detail."
    top,left,bottom,right = box_around(p.rgb, across/100, down/100, SIDE)
    small = Image.fromarray(shrink(p.rgb, 120_000))
    k = small.width/p.rgb.shape[1]
    draw,box = ImageDraw.Draw(small), [round(v*k) for v in (left, top, right-1, bottom-1)]
    draw.rectangle(box, outline='black', width=3); draw.rectangle(box, outline='white', width=1)
    return small

def plots(p:Shown) -> str: # HTML
    metrics = ['psnr', *(m for m in scorers() if any(m in t.scores for t in p.trips))]
    return f'<div id="plots">{"".join(f"<figure>{rd_svg(p.trips, m)}</figure>" for m in metrics)}</div>'

def view(
    p:Shown,
    fresh:bool=True, # show it from the start; otherwise leave the slider and the detail where the visitor has put them
    curves:bool=True, # draw them: half a second each
) -> list: # values for VIEW
    first,choices = p.trips[0], p.choices()
    said = [f'**{plain(p.name)}**, {title(first)}: {cost(len(first.data), p.rgb.shape[1], p.rgb.shape[0])}', *(f'*Note: {plain(n)}.*' for n in p.notes)]
    sides = ('original', title(first))
    rows = [(p.png(n), n) for l in p.rates() for n in ['original', *(title(t) for t in p.trips if t.lmbda==l and t.model in taco.shipped())]]
    learned = {t.model for t in p.trips} & set(names())
    seen,where = [gr.skip()]*4, p.where
    if fresh:
        top,left,bottom,right = detail_box(p.rgb, SIDE)
        p.where = where = [round(100*(a+b)/2/n, 1) for a,b,n in ((left, right, p.rgb.shape[1]), (top, bottom, p.rgb.shape[0]))]
        seen = [tuple(map(p.png, sides)), overview(p, *where), *where]
    return ['\n\n'.join(said), *(gr.Dropdown(choices=choices, **(dict(value=v) if fresh else {})) for v in sides), *seen,
            detail_html(p, *where), gr.Gallery(value=rows, columns=1+len(learned)), plots(p) if curves else gr.skip()]

# Handlers

def texts(captions:str|None, n:int) -> list[str]: # a caption for each picture
    if n==1: return [(captions or '').strip()]
    lines = [l.strip() for l in (captions or '').strip().splitlines()]
    if len(lines)>n: raise mistake(f'there are {len(lines)} lines of captions for {n} pictures: write one line for each picture')
    return lines + ['']*(n-len(lines))

def chosen(lmbdas, another) -> list: # in rising order
    found = sorted({float(l) for l in [*(lmbdas or []), *([another] if another else [])]})
    if not found: raise mistake('choose a λ first: it says how much quality is worth')
    for l in found:
        if not LMBDAS[0]<=l<=LMBDAS[-1]: raise mistake(f'lmbda {l:g} is outside the rates of the models: give {LMBDAS[0]:g} to {LMBDAS[-1]:g}')
    return found

def the_codecs(wanted) -> list[str]: # our models among them
    if alien := [n for n in wanted or [] if n not in [*names(), *others()]]: raise mistake(f'there is no codec {alien[0]}: choose from {", ".join([*names(), *others()])}')
    if not (ours := [n for n in names() if n in (wanted or [])]): raise mistake(f'choose at least one of {", ".join(names())}: the other codecs are shown at about the size of its file')
    return ours

def compare(pictures, captions, lmbdas, another, codecs, reduce, past, progress=gr.Progress()): # yields values for [past, which, FINISHED..., VIEW...]
    "Pictures through codecs at several λ; `measure` adds what takes longer to know, while the next visitor's are coded."
    if not pictures: raise mistake('choose a picture first')
    if len(pictures)>MAX_PICTURES: raise mistake(f'these are {len(pictures)} pictures, and the page takes up to {MAX_PICTURES} at once: remove some, or use the command `taco evaluate`')
    said,lmbdas,ours = texts(captions, len(pictures)), chosen(lmbdas, another), the_codecs(codecs)
    before = {p.rgb.shape+(hash(p.rgb.tobytes()),): p.known for p in past or []}
    made,i,n = [], 0, len(pictures)*len(lmbdas)*len(ours)
    for (path,_),caption in zip(pictures, said):
        with one_sentence(path):
            progress(i/n, desc=f'Reading {Path(path).name}')
            rgb,notes = read(path, reduce)
            p = Shown(re.sub(r'\W+', '-', Path(path).stem)[:40] or 'picture', rgb, caption, notes, known=before.get(rgb.shape+(hash(rgb.tobytes()),), {}))
            made.append(p)
            if not caption and (told := [c for c in ours if codec(c).reads_caption]): p.notes.append(f'no caption: {", ".join(told)} is told nothing about the picture')
            slow = ': minutes for one this large' if rgb[...,0].size>4e6 else ''
            progress(i/n, desc=f'Coding {rgb.shape[1]}×{rgb.shape[0]} pixels{slow}')
            with warnings.catch_warnings(record=True) as caught:
                warnings.simplefilter('always')
                for trip in runs(rgb, taco.Prompt(caption), [codec(c) for c in ours], lmbdas, p.known):
                    p.trips.append(trip)
                    i += 1
                    progress(i/n, desc=f'{title(trip)} is done, {rgb.shape[1]}×{rgb.shape[0]} pixels{slow}')
                    if trip.model==ours[-1]: # the row is complete
                        first = next(t for t in p.trips if t.lmbda==trip.lmbda)
                        p.trips += [beside(codec(c), rgb, first, taco.Prompt(caption)) for c in others() if c in codecs]
                    for old in past or []: old.over = True
                    if p is made[0] and (trip is p.trips[0] or trip.model==ours[-1]): yield finished(made, trip is p.trips[0])+view(p, trip is p.trips[0], len(p.rates())>1 and trip.model==ours[-1])
            p.notes += {str(w.message): 0 for w in caught if issubclass(w.category, (taco.ImageNote, CaptionTooLong))}
            p.notes += [] if rgb[...,0].size<=SCORED*1e6 else [f'ST-LPIPS is left out: it is taken of pictures up to {SCORED} megapixels']
            p.notes += off_size(p.trips)
        yield finished(made)+(view(p, False) if p is made[0] else [gr.skip()]*len(VIEW))

def off_size(trips) -> list[str]: # sentences
    "Where another codec has no file as large as the first of its row: the two are then not alike in what they cost."
    first,found = {}, {}
    for t in trips:
        more = len(t.data)/len(first.setdefault(t.lmbda, t).data) - 1
        if t.encode_s is None and abs(more)>.05: found.setdefault(t.model, []).append(f'{abs(more):.0%} {"larger" if more>0 else "smaller"} at{at(t.lmbda)}')
    return [f'{m} has no file of the same size here, the nearest is {", ".join(how)}: mind that when you look at it' for m,how in found.items()]

def measure(pictures, progress=gr.Progress()): # yields table and files, after each picture
    "Add the slower measures to what was compared."
    if not pictures: raise mistake('compare a picture first')
    for i,p in enumerate(pictures):
        for k,t in enumerate(p.trips):
            if p.over: return
            progress((i+k/len(p.trips))/len(pictures), desc=f'Measuring {title(t)}')
            for m,score in scorers().items():
                small,large = dict(ms_ssim=(161, MAX_MEGAPIXELS), stlpips=(64, SCORED))[m] # pixels on a side, megapixels
                if m not in t.scores and min(p.rgb.shape[:2])>=small and p.rgb[...,0].size<=large*1e6: t.scores[m] = score(p.rgb, np.asarray(t.image), '')
        yield finished(pictures)[2:4]

def finished(
    pictures,
    fresh:bool=False, # show the first; otherwise leave the one that the visitor has chosen
) -> list: # values for [past, which, *FINISHED]
    files = [p.file(f'{title(t)} {hash(t.data)&0xffffff:06x}', '.taco', lambda f: f.write_bytes(t.data)) for p in pictures for t in p.trips if t.model in taco.shipped()]
    heads = [[Path(f).name, *header(Path(f).read_bytes()).values()] for f in files]
    return [pictures, gr.Dropdown(choices=[(p.name, i) for i,p in enumerate(pictures)], visible=len(pictures)>1, **(dict(value=0) if fresh else {})), table(pictures), [as_csv(pictures), *files], heads]

def header(data:bytes) -> dict:
    "What a file says about itself."
    head,_ = taco.unpack(data)
    writer = writer_of(head, codec)
    lmbda = writer.rate_of(head) if writer else None
    return {'Model': writer.name if writer else 'unknown', 'Model id': head.model, 'λ': '' if lmbda is None else f'{lmbda:.2g}', 'Level': f'{head.level:.4g}', 'Width': head.width, 'Height': head.height,
            'Format version': head.version, 'Stream, bytes': head.stream_bytes, 'File, bytes': len(data), 'Caption': 'not stored' if head.caption is None else head.caption}

def current(pictures, which) -> Shown:
    if not pictures: raise mistake('compare a picture first')
    return pictures[min(int(which or 0), len(pictures)-1)]

def show(which, pictures): # -> values for VIEW
    "Another picture of the comparison."
    return view(current(pictures, which))

def pair(left, right, which, pictures): # -> slider pair
    "Any two of the original and what came back."
    p = current(pictures, which)
    for side in (left, right):
        if side not in p.choices(): raise mistake(f'there is no {side}: choose from {", ".join(p.choices())}')
    return p.png(left), p.png(right)

def detail(across, down, which, pictures): # per cent -> HTML, overview
    "The same place of every picture."
    p = current(pictures, which)
    p.where = across, down = [min(max(float(v or 0), 0), 100) for v in (across, down)]
    return detail_html(p, across, down), overview(p, across, down)

def pointed(which, pictures, event:gr.SelectData): # -> per cent across and down
    small = overview(current(pictures, which), 50, 50)
    return [round(100*v/n, 1) for v,n in zip(event.index, small.size)]

def caption_of(pictures, progress=gr.Progress()): # -> captions, one a line
    "Ask the captioner, where there is one."
    if not pictures: raise mistake('choose a picture first')
    said = []
    for i,(path,_) in enumerate(pictures):
        progress(i/len(pictures), desc=f'Asking about {Path(path).name}')
        with one_sentence(path): said.append(propose(read(path, True)[0]))
    return '\n'.join(said)

def decode(path, progress=gr.Progress()): # of a `.taco` file -> picture, lines about the file
    "Decompress a .taco file: no caption is needed."
    if not path: raise mistake('choose a .taco file first')
    with one_sentence(path):
        data = Path(path).read_bytes()
        head,_ = taco.unpack(data)
        check_size(head.width*head.height, 'the picture in this file')
        progress(.1, desc=f'Decompressing {head.width}×{head.height} pixels')
        if not (writer := writer_of(head, codec)): raise mistake(f'this file was written by model {head.model}, which does not ship with taco: decompress it with the command `taco decompress --model`')
        image = writer.decompress(data)
    rows = [f'| {k} | {plain(str(v))} |' for k,v in header(data).items()]
    return image, '\n'.join([cost(len(data), *image.size), '', '| Header | |', '| --- | --- |', *rows])

# Two captions

PARTS = dict(extract='Where the word looks (extractor)', late='How much each place listens to the word (second injector)', early='The same, nearer to the pixels (first injector)')

@dataclass
class Two:
    "A picture coded with two captions."
    rgb: np.ndarray
    said: dict  # (model, caption, lambda) -> `Trace`, also of captions before
    a: tuple    # keys of the two
    b: tuple

    def of(self, caption): return self.said[self.b if int(caption)==2 else self.a] # 1 or 2

def words(path, first, second, lmbda, model, past, progress=gr.Progress()): # -> past, lines, slider pair, maps, step, words, overlay
    "The same picture with two captions: what changed."
    if not path: raise mistake('choose a picture first')
    first,second = ((c or '').strip() for c in (first, second))
    if not (first or second): raise mistake('write a caption first, and another one to compare it with')
    if model not in readers(): raise mistake(f'{model} is no model that reads captions: choose from {", ".join(readers())}')
    lmbda, = chosen([lmbda] if lmbda else [], None)
    with one_sentence(path):
        rgb,notes = read(path, True)
        known = past.said if past and np.array_equal(past.rgb, rgb) else {}
        keys = [(model, c, lmbda) for c in (first, second)]
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter('always')
            for i,(k,c) in enumerate(zip(keys, (first, second))):
                progress(i/2, desc=f'Coding with the {"second" if i else "first"} caption')
                if k not in known: known[k] = trace(codec(model), rgb, taco.Prompt(c), lmbda)
    two = Two(rgb, known, *keys)
    a,b = (known[k] for k in keys)
    notes += [f'the {n} caption is empty: {model} is told nothing about the picture' for n,c in (('first', first), ('second', second)) if not c]
    notes += {str(w.message): 0 for w in caught if issubclass(w.category, CaptionTooLong)}
    progress(.95, desc='Drawing')
    return two, '\n\n'.join([verdict(a, b), *(f'*Note: {plain(n)}.*' for n in notes)]), (a.trip.image, b.trip.image), maps(rgb, a, b), first_word(1, two), *attention(1, 1, 'extract', two)

def verdict(a, b) -> str: # Markdown
    d = change(a, b)
    lines = ['| | bytes | bits/pixel | PSNR |', '| --- | ---: | ---: | ---: |',
             *(f'| {n}: {plain(s.caption) or "*(none)*"} | {len(s.trip.data):,} | {s.trip.bpp:.4f} | {s.trip.psnr:.2f} dB |' for n,s in (('First', a), ('Second', b)))]
    numbers = f'The second file is {abs(d.rate):.2f} % {"smaller" if d.rate<0 else "larger"}, PSNR changes by {d.psnr:+.3f} dB, and the two reconstructions differ by {100*d.share:.2g} % of the error that the codec makes anyway.'
    if a.caption==b.caption: numbers = 'Both captions are the same, and so are the files.'
    elif d.little: numbers = f'**The words changed little here.** {numbers} Few eyes would see that: here the quality is owed to the picture, not to the caption.'
    return '\n'.join(lines) + f'\n\n{numbers}'

def maps(rgb:np.ndarray, a, b) -> str: # HTML
    top,delta = max(a.bits.max(), b.bits.max()), b.bits-a.bits
    d = difference(np.asarray(a.trip.image), np.asarray(b.trip.image))
    most,side = np.abs(delta).max(),a.strides.y
    shown = [(heat(rgb, a.bits, side, top), f'Bits with the first caption: each {side}×{side} block 0 (violet) to {top:.0f} (yellow), {a.bits.sum()/8:,.0f} bytes in all'),
             (heat(rgb, b.bits, side, top), f'Bits with the second caption: the same colours, {b.bits.sum()/8:,.0f} bytes in all'),
             (heat(rgb, delta, side, most, True), f'Bits saved (blue) or added (orange) by the second caption: up to {most:.2f} a block'),
             (heat(rgb, d, 1, max(d.max(), 1)), f'Difference of the reconstructions: 0 (violet) to {max(d.max(), 1):.1f} of 255 levels (yellow), {d.mean():.3f} in the mean')]
    return f'<div id="heats">{"".join(f"""<figure><img alt="{said}" src="{inline(shrink(im, 500_000))}"><figcaption>{said}</figcaption></figure>""" for im,said in shown)}</div>'

def attention(step, caption, part, two): # step 1, 2, ... and caption 1 or 2 -> sentence, overlay
    "What the encoder does with one word."
    if not two: raise mistake('compare two captions first')
    if part not in PARTS: raise mistake(f'there is no part {part} of the adapter: choose from {", ".join(PARTS)}')
    s = two.of(caption)
    i = int(min(max(step or 1, 1), n_words(s)))
    m = s.attention_maps[part]
    sentence = ' '.join(f'<mark>{html.escape(w)}</mark>' if j==i else html.escape(w) for j,w in enumerate(s.words) if 0<j<len(s.words)-1 or j==i)
    if part=='extract': top,said = m[i].max(), f'looks hardest at the yellow places, {m[i].max()/m[i].mean():.1f} times the mean of the picture'
    else:
        low,top = 100*m[i].min(), m[1:-1].max() if len(m)>2 else m[i].max()
        said = f'is given {low:.2f} to {100*m[i].max():.2f} % of the attention of a place; {100*m[0].mean()+100*m[-1].mean():.0f} % goes to the start token and to what fills up the caption'
        if m[i].max()<1.05*m[i].min(): said += '. That is the same everywhere: the word points at nothing'
    return f'<p class="sentence">{sentence}</p><p>“{html.escape(s.words[i])}” {said}.</p>', heat(two.rgb, m[i], s.stride(part), top)

def n_words(said) -> int: return max(len(said.words)-2, 1) # without the start and the rest

def stepped(by:int): # -> handler of a button
    return lambda step, caption, two: (step-1+by)%n_words(two.of(caption))+1 if two else 1

def first_word(caption, two): # -> slider over the words of a caption
    return gr.Slider(maximum=max(n_words(two.of(caption)), 2), value=1) if two else gr.skip()

def readers() -> list[str]: return [n for n in names() if codec(n).reads_caption]

# The page

INTRO = '''# Image compression that reads a caption
A learned codec after [TACO](https://arxiv.org/abs/2403.02944) (Lee et al., ICML 2024), beside the same network without text (ELIC). The encoder sees the picture and reads the caption;
the decoder gets only the file. Your pictures are not passed on, and go when you close the page.'''
FONT = 'Segoe UI', 'Helvetica Neue', 'Roboto', 'Arial', 'sans-serif' # no web fonts: nothing is fetched
# darker than the theme's own where it has pale letters, or pale ground below white ones
THEME = gr.themes.Default(primary_hue='teal', font=FONT, font_mono=('Menlo', 'Consolas', 'monospace')).set(color_accent='*primary_600',
    button_primary_background_fill='*primary_700', button_primary_background_fill_hover='*primary_800', button_primary_background_fill_dark='*primary_700',
    block_info_text_color='*neutral_600', block_label_text_color='*neutral_700', input_placeholder_color='*neutral_500')
CSS = HERE/'page.css'

# The slider runs over log λ: 0 is the models' lowest rate, 100 the highest. The field λ is what `compare` is given.
LO,HI = LMBDAS[0],LMBDAS[-1]
START = LMBDAS[(len(LMBDAS)-1)//2]
TO_LMBDA = f'p => Number(({LO}*Math.pow({HI/LO}, p/100)).toPrecision(2))'
TO_SLIDER = f'l => 100*Math.min(1, Math.max(0, Math.log((l || {START})/{LO})/Math.log({HI/LO})))'

JS = (HERE/'page.js').read_text(encoding='utf-8').partition('\n')[2].replace('EXAMPLES', json.dumps(list(CAPTIONS.values())))

def untouched(component): # a picture comes as the file it was: the handler says what is wrong with it, or not kept
    component.preprocess = lambda p: p and p.path
    return component

with gr.Blocks(title='taco: image compression that reads a caption', analytics_enabled=False, delete_cache=(600,3600)) as demo:
    gr.Markdown(INTRO)
    with gr.Tab('Compare'):
        past = gr.State(None, time_to_live=3600, delete_callback=forget)
        with gr.Row():
            with gr.Column(min_width=320, scale=2):
                pictures = gr.Gallery(label='Pictures, one or several', type='filepath', interactive=True, sources=['upload','webcam','clipboard'], file_types=['image'], columns=2, fit_columns=False, height=200, object_fit='contain', elem_id='pictures')
                examples = gr.Dataset(components=[gr.Image(visible=False, type='filepath')], samples=[[str(EXAMPLES/k)] for k in CAPTIONS], type='index', label='Or one of these', elem_id='examples', elem_classes='examples')
                captions = gr.Textbox(label='Caption', info='What the picture shows, in a sentence; for several pictures a line for each. It may stay empty.', lines=2, max_lines=8, placeholder='Two parrots in front of green leaves.', elem_id='caption')
                suggest = gr.Button('Propose a caption', size='sm')
                lmbdas = gr.CheckboxGroup([(f'{l:g}', l) for l in LMBDAS], value=[START], label='λ: how much quality is worth', info='Several give curves. Left: smaller file. Right: better picture.')
                with gr.Row():
                    go = gr.Button('Compare', variant='primary', scale=3)
                    stop = gr.Button('Stop', scale=1, min_width=80)
                with gr.Accordion('Any other λ, codecs, large pictures', open=False):
                    with gr.Row(equal_height=True):
                        rate = gr.Slider(0, 100, 100*math.log(START/LO)/math.log(HI/LO), step=.1, label='Any other λ', info=f'Slide to add one: {LO:g} to {HI:g}.', elem_id='rate', scale=3, min_width=180)
                        another = gr.Number(0, label='λ', info='0: none', step=.0001, scale=1, min_width=110)
                    codecs = gr.CheckboxGroup([(label_of(n), n) for n in (*names(), *others())], value=[n for n in SHOWN if n in (*names(), *others())],
                                              label='Codecs', info='taco reads the caption, elic does not. The others are shown at about the size of the first one\'s file.')
                    reduce = gr.Checkbox(True, label='Reduce large pictures', info=f'To {REDUCED} megapixels; otherwise up to {MAX_MEGAPIXELS} are taken, and need minutes.')
            with gr.Column(min_width=320, scale=4):
                which = gr.Dropdown([], label='Picture', visible=False)
                numbers = gr.Markdown('Choose a picture or an example, edit its caption, and press **Compare**.', elem_classes='at-work') # progress shows here, where it hides no picture
                with gr.Row():
                    left = gr.Dropdown(['original'], value='original', label='Left of the slider', min_width=170)
                    right = gr.Dropdown(['original'], value='original', label='Right of the slider', min_width=170)
                slider = gr.ImageSlider(label='Drag the line', format='png', max_height=520, elem_id='slider')
                side = gr.Gallery(label='Side by side, a row for each λ: press one to enlarge it', format='png', columns=3, height='auto', object_fit='contain', interactive=False, elem_id='side')
        gr.Markdown('### The same detail of each')
        with gr.Row():
            with gr.Column(min_width=300, scale=1):
                whole = gr.Image(label='Press where to look', interactive=False, buttons=[], alt_text='The original, with a frame around the detail', elem_id='whole')
                across = gr.Slider(0, 100, 50, step=.1, label='Across, %')
                down = gr.Slider(0, 100, 50, step=.1, label='Down, %')
            with gr.Column(min_width=300, scale=3): cuts = gr.HTML('The detail appears here at 100 and 200 %.')
        gr.Markdown('### Numbers')
        numbers_table = gr.Dataframe(headers=list(HEADS.values()), label='Every file', interactive=False, wrap=True, elem_id='table')
        curves = gr.HTML('The rate-distortion plot of the picture appears here.')
        with gr.Accordion('Download: the table as CSV, and the .taco files with their headers', open=True):
            files = gr.File(label='Files', file_count='multiple', interactive=False, elem_id='file')
            heads = gr.Dataframe(headers=['File','Model','Model id','λ','Level','Width','Height','Format version','Stream, bytes','File, bytes','Caption'], label='Headers of the .taco files', interactive=False, wrap=True, elem_id='heads')

    with gr.Tab('Words'):
        two = gr.State(None, time_to_live=3600)
        gr.Markdown('The same picture with two captions: what changed in the file and in the picture, where the bits went, and where the encoder looks for each word.')
        with gr.Row():
            with gr.Column(min_width=320, scale=2):
                picture = untouched(gr.Image(label='Picture', type='filepath', image_mode=None, height=260, buttons=[], alt_text='The picture to code with two captions', elem_id='picture'))
                more = gr.Dataset(components=[gr.Image(visible=False, type='filepath')], samples=[[str(EXAMPLES/k)] for k in CAPTIONS], type='index', label='Or one of these, with its caption and a wrong one', elem_id='more', elem_classes='examples')
                first = gr.Textbox(label='First caption', lines=2, max_lines=4, placeholder='Two parrots in front of green leaves.')
                second = gr.Textbox(label='Second caption', info='It may stay empty: then the encoder is told nothing.', lines=2, max_lines=4, placeholder='A red sports car on a wet street.')
                one_rate = gr.Radio([(f'{l:g}', l) for l in LMBDAS], value=START, label='λ')
                model = gr.Radio(readers(), value=readers()[0] if readers() else None, label='Model', visible=len(readers())>1)
                ask = gr.Button('Compare the captions', variant='primary')
            with gr.Column(min_width=320, scale=4):
                verdict_said = gr.Markdown('Choose a picture and write two captions.', elem_id='verdict', elem_classes='at-work')
                two_pictures = gr.ImageSlider(label='First caption (left) and second caption (right)', format='png', max_height=460, elem_id='words')
        gr.Markdown('### Where the bits went, and what changed')
        heats = gr.HTML('The maps appear here.')
        gr.Markdown('### Word by word')
        with gr.Row():
            with gr.Column(min_width=320, scale=2):
                caption_no = gr.Radio([('First', 1), ('Second', 2)], value=1, label='Caption')
                part = gr.Radio([(v, k) for k,v in PARTS.items()], value='extract', label='Attention')
                with gr.Row(equal_height=True):
                    back = gr.Button('◀ Previous word', min_width=100)
                    forth = gr.Button('Next word ▶', min_width=100)
                step = gr.Slider(1, 2, 1, step=1, label='Word')
            with gr.Column(min_width=320, scale=4):
                sentence = gr.HTML('The words appear here.', elem_id='sentence')
                overlay = gr.Image(label='Attention', format='png', interactive=False, buttons=['download','fullscreen'], alt_text='The attention for the word, over the picture', elem_id='overlay')

    with gr.Tab('Files'):
        gr.Markdown('A `.taco` file becomes a picture again. No caption is asked for: the decoder never reads one.')
        with gr.Row():
            with gr.Column(min_width=320, scale=2):
                upload = gr.File(label='A .taco file', height=160, elem_id='upload')
                open_it = gr.Button('Decompress', variant='primary')
            with gr.Column(min_width=320, scale=4):
                decoded = gr.Image(label='Picture', format='png', interactive=False, buttons=['download','fullscreen'], alt_text='The decompressed picture', elem_id='decoded')
                read_header = gr.Markdown()

    VIEW = [numbers, left, right, slider, whole, across, down, cuts, side, curves]
    FINISHED = [numbers_table, files, heads]
    private = dict(api_visibility='private', queue=False, show_progress='hidden')

    rate.input(None, rate, another, js=TO_LMBDA, api_visibility='private')
    another.input(None, another, rate, js=TO_SLIDER, api_visibility='private')
    keys = list(CAPTIONS)
    examples.click(lambda i: ([str(EXAMPLES/keys[i])], CAPTIONS[keys[i]]), examples, [pictures, captions], **private)
    more.click(lambda i: (str(EXAMPLES/keys[i]), CAPTIONS[keys[i]], CAPTIONS[keys[(i+1)%len(keys)]]), more, [picture, first, second], **private)
    suggest.click(caption_of, pictures, captions, api_name='caption', concurrency_id='caption', concurrency_limit=2)
    running = go.click(compare, [pictures, captions, lmbdas, another, codecs, reduce, past], [past, which, *FINISHED, *VIEW], api_name='compare', show_progress_on=numbers, **CODERS)
    measuring = running.success(measure, past, [numbers_table, files], api_name='measure', show_progress_on=numbers, concurrency_id='measure', concurrency_limit=1)
    measuring.success(lambda which, past: plots(current(past, which)), [which, past], curves, **private)
    stop.click(None, cancels=[running, measuring], api_visibility='private')
    which.input(show, [which, past], VIEW, api_name='show', **VIEWERS)
    gr.on([left.input, right.input], pair, [left, right, which, past], slider, api_name='pair', **VIEWERS)
    gr.on([across.input, down.input], detail, [across, down, which, past], [cuts, whole], api_name='detail', trigger_mode='always_last', **VIEWERS)
    whole.select(pointed, [which, past], [across, down], **private).then(detail, [across, down, which, past], [cuts, whole], api_visibility='private', show_progress='hidden')
    ask.click(words, [picture, first, second, one_rate, model, two], [two, verdict_said, two_pictures, heats, step, sentence, overlay], api_name='words', show_progress_on=verdict_said, **CODERS)
    gr.on([step.input, part.input], attention, [step, caption_no, part, two], [sentence, overlay], api_name='attention', trigger_mode='always_last', **VIEWERS)
    for button,by in ((back, -1), (forth, 1)):
        button.click(stepped(by), [step, caption_no, two], step, **private).then(attention, [step, caption_no, part, two], [sentence, overlay], api_visibility='private', show_progress='hidden')
    caption_no.input(first_word, [caption_no, two], step, **private).then(attention, [step, caption_no, part, two], [sentence, overlay], api_visibility='private', show_progress='hidden')
    demo.load(warm, **private)
    open_it.click(decode, upload, [decoded, read_header], api_name='decode', show_progress_on=decoded, **CODERS)

def serve(
    port:int=7860, # on this machine
    wait:bool=True, # until Ctrl-C; otherwise return and leave the page running
):
    "Open the page to browsers on this machine."
    try: socket.create_server((HOST, port)).close()
    except (OSError, OverflowError) as e:
        why = 'is taken' if getattr(e, 'errno', None)==errno.EADDRINUSE else f'cannot be used ({getattr(e, "strerror", None) or e})'
        raise taco.TacoError(f'port {port} {why}: choose another with --port') from None
    demo.queue(max_size=40).launch(inline=False, server_name=HOST, server_port=port, prevent_thread_lock=True, quiet=True, share=False, ssr_mode=False, enable_monitoring=False,
        run_history=False, max_file_size='200mb', footer_links=['api','settings'], theme=THEME, css_paths=CSS, js=JS)
    print(f'The demo is at {demo.local_url} (Ctrl-C stops it)', flush=True)
    if wait:
        def end(*_): # the visitors' files go, and nobody waits for what is still being coded: Python would, and can hang there
            KEPT.cleanup()
            os._exit(0)
        for ends in {signal.SIGTERM, getattr(signal, 'SIGHUP', signal.SIGTERM)}: signal.signal(ends, end)
        demo.block_thread()
        end()

if __name__ == '__main__':
    try: serve()
    except taco.TacoError as e: sys.exit(str(e))
