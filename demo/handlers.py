"What a button does: a handler checks what a person chose, calls the package, and gives each component its value."
import html, os, re, tempfile, warnings
from contextlib import contextmanager
from pathlib import Path
from taco_demo import work

# Gradio reads both when it is imported: no telemetry, and its copies of a visitor's files are where ours are
os.environ |= dict(GRADIO_ANALYTICS_ENABLED='False', GRADIO_TEMP_DIR=work.KEPT.name)

import gradio as gr, numpy as np
from PIL import Image
import taco
from taco.base.image import shrink
from taco.codec.models import writer_of
from taco.corpus.captioner import propose
from taco.measure.compare import beside, runs
from taco.measure.words import trace
from taco.text.encoder import CaptionTooLong
from taco.text.relevance import RelevanceNote
from taco_demo.work import (
    LMBDAS, PARTS, Shown, Two, add_scores, as_csv, attended, busiest, check_size, codec, cost, detail_html, focus_maps, focus_verdict, header, in_focus, left_out, maps, n_words, names, off_size,
    others, overview, plain, plots, read, readers, table, title, verdict)

MAX_PICTURES = 8
VIEWED = 10 # values that `view` gives

# What goes wrong

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

# Comparing

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
    known = [*names(), *others()]
    if alien := [n for n in wanted or [] if n not in known]: raise mistake(f'there is no codec {alien[0]}: choose from {", ".join(known)}')
    if not (ours := [n for n in names() if n in (wanted or [])]):
        raise mistake(f'choose at least one of {", ".join(names())}: the other codecs are shown at about the size of its file')
    return ours

def compare(pictures, captions, lmbdas, another, codecs, reduce, past, progress=gr.Progress()): # yields values for [past, which, FINISHED..., VIEW...]
    "Pictures through codecs at several λ; `measure` adds what takes longer to know, while the next visitor's are coded."
    if not pictures: raise mistake('choose a picture first')
    if len(pictures)>MAX_PICTURES:
        raise mistake(f'these are {len(pictures)} pictures, and the page takes up to {MAX_PICTURES} at once: remove some, or use the command `taco evaluate`')
    said,lmbdas,ours = texts(captions, len(pictures)), chosen(lmbdas, another), the_codecs(codecs)
    same = lambda rgb: rgb.shape+(hash(rgb.tobytes()),)
    before = {same(p.rgb): p.known for p in past or []}
    made,i,n = [], 0, len(pictures)*len(lmbdas)*len(ours)
    for (path,_),caption in zip(pictures, said):
        with one_sentence(path):
            progress(i/n, desc=f'Reading {Path(path).name}')
            rgb,notes = read(path, reduce)
            name,known = re.sub(r'\W+', '-', Path(path).stem)[:40] or 'picture', before.get(same(rgb), {})
            p = Shown(name, rgb, caption, notes, known=known)
            made.append(p)
            if not caption and (told := [c for c in ours if codec(c).reads_caption]):
                p.notes.append(f'no caption: {", ".join(told)} is told nothing about the picture')
            slow = ': minutes for one this large' if rgb[...,0].size>4e6 else ''
            progress(i/n, desc=f'Coding {rgb.shape[1]}×{rgb.shape[0]} pixels{slow}')
            with warnings.catch_warnings(record=True) as caught:
                warnings.simplefilter('always')
                for trip in runs(rgb, taco.Prompt(caption), [codec(c) for c in ours], lmbdas, p.known):
                    p.trips.append(trip)
                    i += 1
                    progress(i/n, desc=f'{title(trip)} is done, {rgb.shape[1]}×{rgb.shape[0]} pixels{slow}')
                    begun,complete = trip is p.trips[0], trip.model==ours[-1] # the first of all; the last of its row
                    if complete:
                        first = next(t for t in p.trips if t.lmbda==trip.lmbda)
                        p.trips += [beside(codec(c), rgb, first, taco.Prompt(caption)) for c in others() if c in codecs]
                    for old in past or []: old.over = True
                    if p is made[0] and (begun or complete): yield finished(made, begun)+view(p, begun, complete and len(p.rates())>1)
            p.notes += {str(w.message): 0 for w in caught if issubclass(w.category, (taco.ImageNote, CaptionTooLong))}
            p.notes += left_out(rgb[...,0].size)
            p.notes += off_size(p.trips)
        yield finished(made)+(view(p, False) if p is made[0] else [gr.skip()]*VIEWED)

def measure(pictures, progress=gr.Progress()): # yields table and files, after each picture
    "Add the slower measures to what was compared."
    if not pictures: raise mistake('compare a picture first')
    for i,p in enumerate(pictures):
        for k,t in enumerate(p.trips):
            if p.over: return
            progress((i+k/len(p.trips))/len(pictures), desc=f'Measuring {title(t)}')
            add_scores(p, t)
        yield finished(pictures)[2:4]

def finished(
    pictures,
    fresh:bool=False, # show the first; otherwise leave the one that the visitor has chosen
) -> list: # values for [past, which, *FINISHED]
    files = [p.file(f'{title(t)} {hash(t.data)&0xffffff:06x}', '.taco', lambda f: f.write_bytes(t.data))
             for p in pictures for t in p.trips if t.model in taco.shipped()]
    heads = [[Path(f).name, *header(Path(f).read_bytes()).values()] for f in files]
    which = gr.Dropdown(choices=[(p.name, i) for i,p in enumerate(pictures)], visible=len(pictures)>1, **(dict(value=0) if fresh else {}))
    return [pictures, which, table(pictures), [as_csv(pictures), *files], heads]

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
        p.where = where = busiest(p.rgb)
        seen = [tuple(map(p.png, sides)), overview(p, *where), *where]
    return ['\n\n'.join(said), *(gr.Dropdown(choices=choices, **(dict(value=v) if fresh else {})) for v in sides), *seen,
            detail_html(p, *where), gr.Gallery(value=rows, columns=1+len(learned)), plots(p) if curves else gr.skip()]

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

# Two captions

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
    said = '\n\n'.join([verdict(a, b), *(f'*Note: {plain(n)}.*' for n in notes)])
    return two, said, (a.trip.image, b.trip.image), maps(rgb, a, b), first_word(1, two), *attention(1, 1, 'extract', two)

def attention(step, caption, part, two): # step 1, 2, ... and caption 1 or 2 -> sentence, overlay
    "What the encoder does with one word."
    if not two: raise mistake('compare two captions first')
    if part not in PARTS: raise mistake(f'there is no part {part} of the adapter: choose from {", ".join(PARTS)}')
    return attended(two, step, caption, part)

def stepped(by:int): # -> handler of a button
    return lambda step, caption, two: (step-1+by)%n_words(two.of(caption))+1 if two else 1

def first_word(caption, two): # -> slider over the words of a caption
    return gr.Slider(maximum=max(n_words(two.of(caption)), 2), value=1) if two else gr.skip()

# What matters

def ground(pictures): # -> what the brush paints on
    "The first picture, small."
    if not pictures: return None
    with one_sentence(pictures[0][0]): return Image.fromarray(shrink(read(pictures[0][0], True)[0], 300_000))

def painted(editor) -> np.ndarray|None: # (h,w), 1 where the brush was; None where it was nowhere
    layers = [np.asarray(l)[...,3]>0 for l in (editor or {}).get('layers') or [] if l is not None and np.ndim(l)==3 and np.shape(l)[2]==4]
    mask = np.any(layers, axis=0) if layers else np.zeros((1,1), bool)
    return mask if mask.any() else None

def focus(pictures, what, brush, strength, lmbdas, another, model, progress=gr.Progress()): # -> lines, slider pair, maps, file
    "The first picture with and without a focus, at the same number of bytes."
    if not pictures: raise mistake('choose a picture first')
    if model not in names(): raise mistake(f'there is no model {model}: choose from {", ".join(names())}')
    mask,what,path = painted(brush), (what or '').strip(), pictures[0][0]
    if mask is None and not what: raise mistake('say what matters, or paint over it')
    lmbda = chosen(lmbdas, another)[0]
    with one_sentence(path):
        rgb,notes = read(path, True)
        progress(.1, desc='Coding without and with focus')
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter('always')
            found = in_focus(model, rgb, taco.Prompt('', focus=what if mask is None else mask.astype(float), strength=float(strength)), lmbda)
        data = found.focused[0].data
        file = Path(tempfile.mkdtemp(dir=work.KEPT.name))/f'{re.sub(chr(92)+"W+", "-", Path(path).stem)[:40] or "picture"}-focus.taco'
        file.write_bytes(data)
    notes += {str(w.message): 0 for w in caught if issubclass(w.category, (RelevanceNote, taco.ImageNote))}
    if mask is not None and what: notes.append('what is painted counts, not the words')
    said = '\n\n'.join([focus_verdict(found), *(f'*Note: {plain(n)}.*' for n in notes)])
    return said, (found.plain[0].image, found.focused[0].image), focus_maps(found), str(file)

# Files

def decode(path, progress=gr.Progress()): # of a `.taco` file -> picture, lines about the file
    "Decompress a .taco file: no caption is needed."
    if not path: raise mistake('choose a .taco file first')
    with one_sentence(path):
        data = Path(path).read_bytes()
        head,_ = taco.unpack(data)
        check_size(head.width*head.height, 'the picture in this file')
        progress(.1, desc=f'Decompressing {head.width}×{head.height} pixels')
        if not (writer := writer_of(head, codec)):
            raise mistake(f'this file was written by model {head.model}, which does not ship with taco: '
                          'decompress it with the command `taco decompress --model`')
        image = writer.decompress(data)
    rows = [f'| {k} | {plain(str(v))} |' for k,v in header(data).items()]
    return image, '\n'.join([cost(len(data), *image.size), '', '| Header | |', '| --- | --- |', *rows])
