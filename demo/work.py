"What the page does with pictures, captions and files, and how it says so in HTML and Markdown: no Gradio here."
import base64, csv, html, io, json, math, re, shutil, tempfile, time
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
import numpy as np
from filelock import FileLock, Timeout
from PIL import Image, ImageDraw, UnidentifiedImageError
import taco
from taco.base.image import box_around, detail_box, read_rgb, shrink
from taco.codec.models import writer_of
from taco.codec.zoo import at_hand, open_codec
from taco.measure.compare import rd_svg
from taco.measure.metrics import scorer
from taco.codec.focus import places
from taco.measure.words import change, difference, heat, watched
from taco.model.config import PRESETS
from taco.text.relevance import over_blocks, show_map

KEPT = tempfile.TemporaryDirectory(prefix='taco-demo-', ignore_cleanup_errors=True) # a visitor's files go when this process ends
IN_USE = FileLock(Path(KEPT.name)/'in-use') # the system frees it when this process is gone, however it went
IN_USE.acquire()
MAX_MEGAPIXELS,READABLE = 25, 120 # kept as they are: they go through the codec in tiles; reduced, if one asks
REDUCED = 1.5 # megapixels, what a screen shows
SCORED = dict(ms_ssim=6, stlpips=3) # megapixels up to which a measure is taken: these look at a picture in one piece, and need gigabytes
LMBDAS = PRESETS['fast'].lmbdas # that the models which ship have learnt
Image.MAX_IMAGE_PIXELS = None # our limit is stricter than Pillow's, and says what to do

EXAMPLES = Path(__file__).parent/'examples'
CAPTIONS = json.loads((EXAMPLES/'captions.json').read_text(encoding='utf-8'))

def clear_left(
    young:float=60, # seconds: what is younger may be about to be locked
) -> list[str]: # names of folders
    "Take away what demos that were killed left here: folders of that name with a lock in them that nobody holds."
    gone = []
    for folder in Path(KEPT.name).parent.glob('taco-demo-*'):
        lock = folder/'in-use'
        try: ours = folder.lstat().st_uid==Path(KEPT.name).stat().st_uid and not folder.is_symlink() and time.time()-lock.lstat().st_mtime>young
        except OSError: continue # it went meanwhile, has no lock, or is not to be looked at
        if not ours or folder==Path(KEPT.name): continue
        try:
            with FileLock(lock, timeout=0): pass # held by a demo that runs
        except (Timeout, OSError): continue
        shutil.rmtree(folder, ignore_errors=True)
        gone.append(folder.name)
    return gone

# Who codes and who measures

codec = cache(open_codec)

@cache
def names() -> list[str]: # the shipped models, those that read captions first
    return sorted(taco.shipped(), key=lambda n: (not codec(n).reads_caption, n))

def readers() -> list[str]: return [n for n in names() if codec(n).reads_caption]

others = cache(at_hand) # whoever registered and needs no network

@cache
def scorers() -> dict: # of measures that are installed
    found = {}
    for m in ('ms_ssim','stlpips'):
        try: found[m] = scorer(m)
        except ImportError: pass
    return found

@cache
def warm(): # while the first visitor chooses a picture
    for n in readers(): codec(n).text
    scorers()

# A picture comes in

def pixels(path:str) -> int: # in the picture of a file, by its header: nothing is decoded yet
    try:
        with Image.open(path) as im: return im.width*im.height
    except UnidentifiedImageError:
        raise taco.TacoError(f'the file {Path(path).name} is no picture that can be read here: choose a PNG, JPEG, WebP or TIFF') from None

def check_size(
    n:int, # pixels
    what:str, # 'This picture', say
    most:float=MAX_MEGAPIXELS,
    or_else:str='or use the command `taco`',
):
    "Refuse what the machine may have no memory for."
    if (mega := n/1e6)>most:
        raise taco.TacoError(f'{what} has {mega:.3g} megapixels, and the page takes up to {most}: '
                             f'reduce it to {math.floor(100*math.sqrt(most/mega))} % of its width and height, {or_else}')

def read(path:str, reduce:bool) -> tuple[np.ndarray, list[str]]: # (H,W,3) uint8, and sentences
    "The picture of a file, made smaller if that is wanted and it is large."
    n = pixels(path)
    if reduce: check_size(n, 'this picture', READABLE)
    else: check_size(n, 'this picture', or_else='or tick “Reduce large pictures”')
    rgb,notes = read_rgb(path)
    small = shrink(rgb, REDUCED*1e6) if reduce else rgb
    if small.shape==rgb.shape: return rgb, notes
    return small, [*notes, f'reduced from {rgb.shape[1]}×{rgb.shape[0]} to {small.shape[1]}×{small.shape[0]} pixels, so that it takes seconds '
                           'and not minutes: untick “Reduce large pictures” to keep all of it']

# What it costs

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

HEADS = dict(picture='Picture', model='Codec', rate='λ', bytes='Bytes', bpp='Bits/pixel', psnr_db='PSNR, dB', ms_ssim='MS-SSIM',
             stlpips='ST-LPIPS, lower is better', encode_s='Encode, s', decode_s='Decode, s')

def table(pictures) -> list: # rows as in HEADS
    return [[r.get(k, '') for k in HEADS] for p in pictures for t in p.trips for r in [dict(picture=p.name, **t.row())]]

def cards(heads:list, rows:list) -> str: # HTML
    "A table where there is no room for one: a box for each row, the name of a column beside its value."
    def box(row): return ''.join(f'<dt>{html.escape(str(h))}</dt><dd>{html.escape(str(v))}</dd>' for h,v in zip(heads, row) if str(v) not in ('', 'nan'))
    return f'<div class="cards">{"".join(f"<dl>{box(r)}</dl>" for r in rows)}</div>'

def left_out(n:int) -> list[str]: # of pixels -> sentences
    "Measures that are not taken of a picture of this size."
    names = dict(ms_ssim='MS-SSIM', stlpips='ST-LPIPS')
    return [f'{names[m]} is left out: it is taken of pictures up to {most} megapixels' for m,most in SCORED.items() if n>most*1e6]

def as_csv(pictures) -> str: # path
    path = pictures[0].folder/'comparison.csv'
    with open(path, 'w', newline='', encoding='utf-8') as f: csv.writer(f).writerows([HEADS, *table(pictures)])
    return str(path)

def off_size(trips) -> list[str]: # sentences
    "Where another codec has no file as large as the first of its row: the two are then not alike in what they cost."
    first,found = {}, {}
    for t in trips:
        more = len(t.data)/len(first.setdefault(t.lmbda, t).data) - 1
        how = f'{abs(more):.0%} {"larger" if more>0 else "smaller"} at{at(t.lmbda)}'
        if t.encode_s is None and abs(more)>.05: found.setdefault(t.model, []).append(how)
    return [f'{m} has no file of the same size here, the nearest is {", ".join(how)}: mind that when you look at it' for m,how in found.items()]

def add_scores(
    p:Shown,
    trip, # of its own
):
    "What takes longer to know, where the picture has a size for it."
    for m,score in scorers().items():
        small,large = dict(ms_ssim=161, stlpips=64)[m], SCORED[m] # pixels on a side, megapixels
        fits = min(p.rgb.shape[:2])>=small and p.rgb[...,0].size<=large*1e6
        if fits and m not in trip.scores: trip.scores[m] = score(p.rgb, np.asarray(trip.image), '')

def header(data:bytes) -> dict:
    "What a file says about itself."
    head,_ = taco.unpack(data)
    writer = writer_of(head, codec)
    lmbda = writer.rate_of(head) if writer else None
    return {'Model': writer.name if writer else 'unknown', 'Model id': head.model, 'λ': '' if lmbda is None else f'{lmbda:.2g}',
            'Level': f'{head.level:.4g}', 'Width': head.width, 'Height': head.height,
            'Format version': head.version, 'Stream, bytes': head.stream_bytes, 'File, bytes': len(data),
            'Caption': 'not stored' if head.caption is None else head.caption}

def inline(rgb:np.ndarray) -> str: # address of a lossless picture that lies in the page itself
    out = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(rgb)).save(out, 'WEBP', lossless=True, method=0)
    return f'data:image/webp;base64,{base64.b64encode(out.getvalue()).decode()}'

SIDE = 192 # pixels of the detail

def busiest(rgb:np.ndarray) -> list: # per cent across and down
    "Where the detail is before somebody has looked elsewhere."
    top,left,bottom,right = detail_box(rgb, SIDE)
    return [round(100*(a+b)/2/n, 1) for a,b,n in ((left, right, rgb.shape[1]), (top, bottom, rgb.shape[0]))]

def detail_html(p:Shown, across:float, down:float) -> str: # in per cent
    "The same detail of every picture, at 100 and at 200 %."
    top,left,bottom,right = box_around(p.rgb, across/100, down/100, SIDE)
    def cell(name, image, said):
        crop,name = inline(np.asarray(image)[top:bottom,left:right]), html.escape(name)
        return (f'<figure style="--i:url({crop});--w:{2*(right-left)}px"><div role="img" aria-label="{name}, detail at 100 %"></div>'
                f'<div class="twice" role="img" aria-label="{name}, detail at 200 %"></div>'
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

# Two captions

PARTS = dict(extract='Where the word looks (extractor)', late='How much each place listens to the word (second injector)',
             early='The same, nearer to the pixels (first injector)')

@dataclass
class Two:
    "A picture coded with two captions."
    rgb: np.ndarray
    said: dict  # (model, caption, lambda) -> `Trace`, also of captions before
    a: tuple    # keys of the two
    b: tuple

    def of(self, caption): return self.said[self.b if int(caption)==2 else self.a] # 1 or 2

def n_words(said) -> int: return max(len(said.words)-2, 1) # without the start and the rest

def verdict(a, b) -> str: # Markdown
    d = change(a, b)
    line = lambda n, s: f'| {n}: {plain(s.caption) or "*(none)*"} | {len(s.trip.data):,} | {s.trip.bpp:.4f} | {s.trip.psnr:.2f} dB |'
    lines = ['| | bytes | bits/pixel | PSNR |', '| --- | ---: | ---: | ---: |', line('First', a), line('Second', b)]
    numbers = (f'The second file is {abs(d.rate):.2f} % {"smaller" if d.rate<0 else "larger"}, PSNR changes by {d.psnr:+.3f} dB, '
               f'and the two reconstructions differ by {100*d.share:.2g} % of the error that the codec makes anyway.')
    if a.caption==b.caption: numbers = 'Both captions are the same, and so are the files.'
    elif d.little:
        numbers = f'**The words changed little here.** {numbers} Few eyes would see that: here the quality is owed to the picture, not to the caption.'
    return '\n'.join(lines) + f'\n\n{numbers}'

def maps(rgb:np.ndarray, a, b) -> str: # HTML
    top,delta = max(a.bits.max(), b.bits.max()), b.bits-a.bits
    d = difference(np.asarray(a.trip.image), np.asarray(b.trip.image))
    most,side = np.abs(delta).max(),a.strides.y
    block,in_all = f'each {side}×{side} block 0 (violet) to {top:.0f} (yellow)', [f'{s.bits.sum()/8:,.0f} bytes in all' for s in (a, b)]
    levels = f'0 (violet) to {max(d.max(), 1):.1f} of 255 levels (yellow), {d.mean():.3f} in the mean'
    shown = [(heat(rgb, a.bits, side, top), f'Bits with the first caption: {block}, {in_all[0]}'),
             (heat(rgb, b.bits, side, top), f'Bits with the second caption: the same colours, {in_all[1]}'),
             (heat(rgb, delta, side, most, True), f'Bits saved (blue) or added (orange) by the second caption: up to {most:.2f} a block'),
             (heat(rgb, d, 1, max(d.max(), 1)), f'Difference of the reconstructions: {levels}')]
    return figures(shown)

def figures(shown:list) -> str: # of (picture, what it shows) -> HTML
    figure = lambda im, said: f'<figure><img alt="{said}" src="{inline(shrink(im, 500_000))}"><figcaption>{said}</figcaption></figure>'
    return f'<div class="heats">{"".join(figure(*o) for o in shown)}</div>'

# What matters

@dataclass
class Focused:
    "A picture with and without a focus, in files of one size."
    rgb: np.ndarray
    where: np.ndarray # (rows,cols) of 16x16 pixels, 0..1
    plain: tuple      # `RoundTrip`, bits
    focused: tuple

def in_focus(name:str, rgb:np.ndarray, prompt, lmbda:float) -> Focused:
    c = codec(name)
    mask = places(prompt.focus, rgb, c.finder)
    where,prompt = over_blocks(mask, *rgb.shape[1::-1]), replace(prompt, focus=mask) # what words name is looked for once
    return Focused(rgb, where, watched(c, rgb, replace(prompt, focus=None), lmbda), watched(c, rgb, prompt, lmbda))

def weighed(trip, rgb:np.ndarray, weight:np.ndarray) -> float: # (H,W) -> dB
    "PSNR where it counts."
    error = (np.square(np.asarray(trip.image).astype(float)-rgb).mean(2)*weight).sum()/weight.sum()
    return 10*math.log10(255**2/max(error, 1e-9))

def focus_verdict(f:Focused) -> str: # Markdown
    (a,_),(b,_) = f.plain,f.focused
    lines = ['| | bytes | what matters | the rest | all of it |', '| --- | ---: | ---: | ---: | ---: |']
    inside = np.kron(f.where, np.ones((16,16)))[:f.rgb.shape[0],:f.rgb.shape[1]]
    if not 0<inside.mean()<1: return f'**Everything counts alike here**, so both files are the same: {len(a.data):,} bytes, {a.psnr:.2f} dB.'
    dB = {n: [weighed(t, f.rgb, w) for w in (inside, 1-inside)]+[t.psnr] for n,t in (('Without focus', a), ('With focus', b))}
    lines += [f'| {n} | {len(t.data):,} | '+' | '.join(f'{v:.2f} dB' for v in dB[n])+' |' for n,t in zip(dB, (a, b))]
    gain = [y-x for x,y in zip(*dB.values())]
    return '\n'.join(lines) + (f'\n\nWhat matters is {100*inside.mean():.0f} % of the picture, and **{gain[0]:+.1f} dB** better for as many bytes; '
                               f'the rest pays {gain[1]:+.1f} dB.')

def focus_maps(f:Focused) -> str: # HTML
    (_,a),(_,b) = f.plain,f.focused
    top,most = max(a.max(), b.max()), np.abs(b-a).max()
    block = f'each 16×16 block 0 (violet) to {top:.0f} (yellow)'
    shown = [(show_map(f.rgb, f.where), 'What matters: in light and colour'),
             (heat(f.rgb, b-a, 16, most, True), f'Bits added (orange) or saved (blue) by the focus: up to {most:.0f} a block'),
             (heat(f.rgb, a, 16, top), f'Bits without focus: {block}'), (heat(f.rgb, b, 16, top), 'Bits with focus: the same colours')]
    return figures([(np.asarray(im), said) for im,said in shown])

def attended(
    two:Two,
    step:int, # number of the word, 1, 2, ...
    caption:int, # 1 or 2
    part:str, # of `PARTS`
) -> tuple[str, np.ndarray]: # HTML, overlay
    "What the encoder does with one word."
    s = two.of(caption)
    i = int(min(max(step or 1, 1), n_words(s)))
    m = s.attention_maps[part]
    marked = lambda j, w: f'<mark>{html.escape(w)}</mark>' if j==i else html.escape(w)
    sentence = ' '.join(marked(j, w) for j,w in enumerate(s.words) if 0<j<len(s.words)-1 or j==i)
    if part=='extract': top,said = m[i].max(), f'looks hardest at the yellow places, {m[i].max()/m[i].mean():.1f} times the mean of the picture'
    else:
        low,top = 100*m[i].min(), m[1:-1].max() if len(m)>2 else m[i].max()
        said = (f'is given {low:.2f} to {100*m[i].max():.2f} % of the attention of a place; '
                f'{100*m[0].mean()+100*m[-1].mean():.0f} % goes to the start token and to what fills up the caption')
        if m[i].max()<1.05*m[i].min(): said += '. That is the same everywhere: the word points at nothing'
    return f'<p class="sentence">{sentence}</p><p>“{html.escape(s.words[i])}” {said}.</p>', heat(two.rgb, m[i], s.stride(part), top)
