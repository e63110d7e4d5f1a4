"The demo page: a picture and a caption become a `.taco` file, and a `.taco` file becomes a picture again."
import errno, html, json, math, os, re, signal, socket, sys, tempfile, warnings
from contextlib import contextmanager
from functools import cache
from pathlib import Path

# Gradio reads both when it is imported: no telemetry, and a visitor's files go when this process ends.
KEPT = tempfile.TemporaryDirectory(prefix='taco-demo-')
os.environ |= dict(GRADIO_ANALYTICS_ENABLED='False', GRADIO_TEMP_DIR=KEPT.name)

import gradio as gr
from PIL import Image, UnidentifiedImageError
import taco
from taco.codec import level_to_lmbda
from taco.compare import there_and_back
from taco.core import LMBDAS, read_rgb
from taco.text import CaptionTooLong

HOST = '127.0.0.1'
MAX_MEGAPIXELS = 25 # what a 24 megapixel camera makes, and about 6 GB while it is compressed
Image.MAX_IMAGE_PIXELS = None # our limit is stricter than Pillow's, and says what to do
CODERS = dict(concurrency_id='codec', concurrency_limit=1) # one picture at a time: two would only slow each other down

EXAMPLES = Path(__file__).parent/'examples'
CAPTIONS = json.loads((EXAMPLES/'captions.json').read_text(encoding='utf-8'))

codec = cache(taco.load) # built when first asked for, not at import

def names() -> list[str]: # the shipped models, those that read captions first
    return sorted(taco.shipped(), key=lambda n: (not n.startswith('taco'), n))

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
):
    "Refuse what the machine may have no memory for."
    if (mega := n/1e6)>MAX_MEGAPIXELS:
        raise mistake(f'{what} has {mega:.3g} megapixels, and the page takes up to {MAX_MEGAPIXELS}: '
                      f'reduce it to {math.floor(100*math.sqrt(MAX_MEGAPIXELS/mega))} % of its width and height, or use the command `taco`')

def plain(text:str) -> str: # Markdown that shows just this text, on one line
    return re.sub(r'([\\`*_\[\]<>!|$~&#])', r'\\\1', ' '.join(text.split()))

def cost(n_bytes:int, width:int, height:int) -> str: # in Markdown
    "What a picture costs, against three bytes a pixel."
    raw = 3*width*height
    times = f'{raw/n_bytes:.3g} times smaller' if n_bytes<=raw else f'{n_bytes/raw:.3g} times larger'
    return f'**{n_bytes:,} bytes**, {8*n_bytes/(width*height):.3f} bits per pixel: **{times}** than the raw {width}×{height} picture of {raw:,} bytes.'

# Handlers

def compress(path, caption, lmbda, model, progress=gr.Progress()): # -> slider pair, lines of numbers, path of a `.taco` file
    "Compress a picture with the help of a caption (it may be empty), and decompress it again."
    if not path: raise mistake('choose a picture first')
    if model not in names(): raise mistake(f'there is no model {model}: choose one of {", ".join(names())}')
    caption = (caption or '').strip()
    progress(0, desc='Reading the picture')
    with one_sentence(path):
        check_size(pixels(path), 'this picture')
        rgb,notes = read_rgb(path)
        progress(.1, desc=f'{model} compresses and decompresses {rgb.shape[1]}×{rgb.shape[0]} pixels' + (': minutes for one this large' if rgb.size>12e6 else ''))
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter('always')
            trip = there_and_back(codec(model), rgb, caption, lmbda)
    notes += [str(w.message) for w in caught if issubclass(w.category, (taco.ImageNote, CaptionTooLong))]
    if caption and not codec(model).reads_text: notes.append(f'{model} reads no caption: yours changed nothing')
    progress(.9, desc='Preparing the comparison')
    file = Path(tempfile.mkdtemp(dir=KEPT.name))/f'{Path(path).stem}.taco'
    file.write_bytes(trip.data)
    at = '' if trip.lmbda is None else f' at λ = {trip.lmbda:.2g}'
    said = [cost(len(trip.data), *trip.image.size), f'PSNR {trip.psnr:.2f} dB. {model}{at} encoded in {trip.encode_s:.2f} s, decoded in {trip.decode_s:.2f} s.']
    return (rgb, trip.image), '\n\n'.join(said + [f'*Note: {plain(n)}.*' for n in notes]), str(file)

def decode(path, progress=gr.Progress()): # of a `.taco` file -> picture, lines about the file
    "Decompress a .taco file: no caption is needed."
    if not path: raise mistake('choose a .taco file first')
    with one_sentence(path):
        data = Path(path).read_bytes()
        head,_ = taco.unpack(data)
        check_size(head.width*head.height, 'the picture in this file')
        progress(.1, desc=f'Decompressing {head.width}×{head.height} pixels')
        readers = [n for n in names() if codec(n).id==head.model]
        if not readers: raise mistake(f'this file was written by model {head.model}, which does not ship with taco: decompress it with the command `taco decompress --model`')
        image = codec(readers[0]).decompress(data)
    lmbda = level_to_lmbda(head.level, codec(readers[0]).cfg.lmbdas)
    said = [cost(len(data), *image.size),
            f'Model {head.model} ({", ".join(readers)})' + ('' if lmbda is None else f', λ = {lmbda:.2g}') + f', format version {head.version}.',
            'No caption is stored in the file.' if head.caption is None else f'Caption stored in the file: “{plain(head.caption)}”']
    return image, '\n\n'.join(said)

# The page

INTRO = '''# Image compression that reads a caption
A learned codec after [TACO](https://arxiv.org/abs/2403.02944) (Lee et al., ICML 2024). The encoder sees the picture and reads the caption;
the decoder gets only the file. Nothing leaves this machine.'''
FONT = 'Segoe UI', 'Helvetica Neue', 'Roboto', 'Arial', 'sans-serif' # no web fonts: nothing is fetched
# darker than the theme's own where it has pale letters, or pale ground below white ones
THEME = gr.themes.Default(primary_hue='teal', font=FONT, font_mono=('Menlo', 'Consolas', 'monospace')).set(color_accent='*primary_600',
    button_primary_background_fill='*primary_700', button_primary_background_fill_hover='*primary_800', button_primary_background_fill_dark='*primary_700',
    block_info_text_color='*neutral_600', block_label_text_color='*neutral_700', input_placeholder_color='*neutral_500')
CSS = '''
#rate .tab-like-container, #rate .min_value, #rate .max_value { display: none } /* λ stands in its own field */
#file .empty { min-height: 6rem }
#examples .gallery-item, #examples .gallery-item * { width: 4.6rem; height: 4.6rem; max-width: none; object-fit: cover }
'''

# The slider runs over log λ: 0 is the model's lowest rate, 100 its highest. The field λ is what `compress` is given.
LO,HI = LMBDAS[0],LMBDAS[-1]
START = LMBDAS[(len(LMBDAS)-1)//2]
TO_LMBDA = f'p => Number(({LO}*Math.pow({HI/LO}, p/100)).toPrecision(2))'
TO_SLIDER = f'l => 100*Math.min(1, Math.max(0, Math.log((l || {START})/{LO})/Math.log({HI/LO})))'

with gr.Blocks(title='taco: image compression that reads a caption', analytics_enabled=False, delete_cache=(600,3600)) as demo:
    gr.Markdown(INTRO)
    caption = gr.Textbox(label='Caption', info='What the picture shows, in a sentence. It may stay empty.', lines=2, max_lines=4, placeholder='Two parrots in front of green leaves.', render=False)
    with gr.Tab('Compress'):
        with gr.Row():
            with gr.Column(min_width=320):
                picture = gr.Image(label='Picture: drop, paste or photograph one', type='filepath', image_mode=None, height=300, buttons=[], alt_text='The picture to compress')
                picture.preprocess = lambda p: p and p.path # the file as it came: the handler says what is wrong with it, or not kept
                gr.Examples([[str(EXAMPLES/k), v] for k,v in CAPTIONS.items()], [picture, caption], label='Or one of these', visible_columns=[0], elem_id='examples')
                caption.render()
                with gr.Row(equal_height=True):
                    rate = gr.Slider(0, 100, 100*math.log(START/LO)/math.log(HI/LO), step=.1, label='Rate', info='Left: smaller file. Right: better picture.', elem_id='rate', scale=3, min_width=180)
                    lmbda = gr.Number(START, label='λ', info=f'{LO:g} to {HI:g}', step=.0001, scale=1, min_width=110)
                model = gr.Radio(names(), value=names()[0] if names() else None, label='Model', info='Only models called taco read the caption.')
                go = gr.Button('Compress', variant='primary')
            with gr.Column(min_width=320):
                pair = gr.ImageSlider(label='Original (left) and decompressed (right)', format='png', max_height=520)
                numbers = gr.Markdown()
                file = gr.File(label='The .taco file', elem_id='file')
    with gr.Tab('Decompress'):
        with gr.Row():
            with gr.Column(min_width=320):
                upload = gr.File(label='A .taco file', height=160)
                back = gr.Button('Decompress', variant='primary')
            with gr.Column(min_width=320):
                decoded = gr.Image(label='Picture', format='png', interactive=False, buttons=['download','fullscreen'], alt_text='The decompressed picture')
                header = gr.Markdown()

    rate.input(None, rate, lmbda, js=TO_LMBDA)
    lmbda.input(None, lmbda, rate, js=TO_SLIDER)
    gr.on([go.click, caption.submit], compress, [picture, caption, lmbda, model], [pair, numbers, file], api_name='compress', show_progress_on=pair, scroll_to_output=True, **CODERS)
    back.click(decode, upload, [decoded, header], api_name='decode', show_progress_on=decoded, scroll_to_output=True, **CODERS)

def serve(
    port:int=7860, # on this machine
    wait:bool=True, # until Ctrl-C; otherwise return and leave the page running
):
    "Open the page to browsers on this machine."
    try: socket.create_server((HOST, port)).close()
    except (OSError, OverflowError) as e:
        why = 'is taken' if getattr(e, 'errno', None)==errno.EADDRINUSE else f'cannot be used ({getattr(e, "strerror", None) or e})'
        raise taco.TacoError(f'port {port} {why}: choose another with --port') from None
    demo.queue(max_size=20).launch(server_name=HOST, server_port=port, prevent_thread_lock=True, quiet=True, share=False, ssr_mode=False, enable_monitoring=False,
        run_history=False, max_file_size='200mb', footer_links=['api','settings'], theme=THEME, css=CSS)
    print(f'The demo is at {demo.local_url} (Ctrl-C stops it)', flush=True)
    if wait:
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0)) # so that the visitor's files go then too
        demo.block_thread()

if __name__ == '__main__':
    try: serve()
    except taco.TacoError as e: sys.exit(str(e))
