"The demo page: a picture and a caption through several codecs, what the words did, and `.taco` files there and back."
import errno, json, math, os, signal, socket, sys
from pathlib import Path
from taco_demo.handlers import attention, caption_of, compare, current, decode, detail, first_word, focus, ground, measure, pair, pointed, show, stepped, words
from taco_demo.work import CAPTIONS, EXAMPLES, HEADS, KEPT, LMBDAS, MAX_MEGAPIXELS, PARTS, REDUCED, cards, clear_left, forget, names, others, plots, readers, warm
import gradio as gr
import taco
from taco.codec.zoo import label_of

HERE = Path(__file__).parent
HOST = os.environ.get('GRADIO_SERVER_NAME', '127.0.0.1') # set where the page is hosted
SHOWN = ['taco-mini','elic-mini','jpeg','webp'] # unless a visitor chooses
CODERS = dict(concurrency_id='codec', concurrency_limit=1) # one picture at a time: two would only slow each other down
VIEWERS = dict(concurrency_id='view', concurrency_limit=4, show_progress='hidden')

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
START = .0016 # where one sees what a codec does
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
                pictures = gr.Gallery(label='Pictures, one or several', type='filepath', interactive=True, sources=['upload','webcam','clipboard'],
                                      file_types=['image'], columns=2, fit_columns=False, height=200, object_fit='contain', elem_id='pictures')
                examples = gr.Dataset(components=[gr.Image(visible=False, type='filepath')], samples=[[str(EXAMPLES/k)] for k in CAPTIONS], type='index',
                                      label='Or one of these', elem_id='examples', elem_classes='examples')
                captions = gr.Textbox(label='Caption', info='What the picture shows, in a sentence; for several pictures a line for each. It may stay empty.',
                                      lines=2, max_lines=8, placeholder='Two parrots in front of green leaves.', elem_id='caption')
                suggest = gr.Button('Propose a caption', size='sm')
                lmbdas = gr.CheckboxGroup([(f'{l:g}', l) for l in LMBDAS], value=[START], label='λ: how much quality is worth',
                                          info='Several give curves. Left: smaller file. Right: better picture.')
                with gr.Row():
                    go = gr.Button('Compare', variant='primary', scale=3)
                    stop = gr.Button('Stop', scale=1, min_width=80)
                with gr.Accordion('Any other λ, codecs, large pictures', open=False):
                    with gr.Row(equal_height=True):
                        rate = gr.Slider(0, 100, 100*math.log(START/LO)/math.log(HI/LO), step=.1, label='Any other λ',
                                         info=f'Slide to add one: {LO:g} to {HI:g}.', elem_id='rate', scale=3, min_width=180)
                        another = gr.Number(0, label='λ', info='0: none', step=.0001, scale=1, min_width=110)
                    codecs = gr.CheckboxGroup([(label_of(n), n) for n in (*names(), *others())], value=[n for n in SHOWN if n in (*names(), *others())],
                                              label='Codecs',
                                              info='taco reads the caption, elic does not. The others are shown at about the size of the first one\'s file.')
                    reduce = gr.Checkbox(True, label='Reduce large pictures',
                                         info=f'To {REDUCED} megapixels; otherwise up to {MAX_MEGAPIXELS} are taken, and need minutes.')
            with gr.Column(min_width=320, scale=4):
                which = gr.Dropdown([], label='Picture', visible=False)
                numbers = gr.Markdown('Choose a picture or an example, edit its caption, and press **Compare**.',
                                      elem_classes='at-work') # progress shows here, where it hides no picture
                with gr.Row():
                    left = gr.Dropdown(['original'], value='original', label='Left of the slider', min_width=170)
                    right = gr.Dropdown(['original'], value='original', label='Right of the slider', min_width=170)
                slider = gr.ImageSlider(label='Drag the line', format='png', max_height=520, elem_id='slider')
                side = gr.Gallery(label='Side by side, a row for each λ: press one to enlarge it', format='png', columns=3, height='auto', object_fit='contain',
                                  interactive=False, elem_id='side')
        with gr.Accordion('What matters? The same picture at the same size, sharper where you say', open=False, elem_id='matters') as matters:
            with gr.Row():
                with gr.Column(min_width=300, scale=2):
                    what = gr.Textbox(label='What matters?', info='In words: “the bird”, “faces and hands”. Or paint over it, on the first picture.', placeholder='The bird', elem_id='what')
                    brush = gr.ImageEditor(label='Or paint', type='numpy', sources=(), transforms=(), layers=False, height=300, buttons=[],
                                           brush=gr.Brush(default_size=24, colors=['#ffd23f'], default_color='#ffd23f', color_mode='fixed'), elem_id='brush')
                    strength = gr.Slider(0, 4, 2, step=.5, label='How much', info='Levels of quality between what matters and the rest.')
                    one = gr.Radio([n for n in names()], value='elic-mini', label='Model')
                    do_focus = gr.Button('Focus', variant='primary')
                with gr.Column(min_width=300, scale=4):
                    focus_said = gr.Markdown('The lowest λ chosen above sets the size of both files.', elem_id='focused', elem_classes='at-work')
                    focus_pair = gr.ImageSlider(label='Without focus (left) and with focus (right), the same number of bytes', format='png', max_height=460, elem_id='focus')
                    focus_file = gr.File(label='The file with focus', interactive=False)
            focus_heats = gr.HTML('Where it is, and where the bits went, appears here.')
        gr.Markdown('### The same detail of each')
        with gr.Row():
            with gr.Column(min_width=300, scale=1):
                whole = gr.Image(label='Press where to look', interactive=False, buttons=[], alt_text='The original, with a frame around the detail',
                                 elem_id='whole')
                across = gr.Slider(0, 100, 50, step=.1, label='Across, %')
                down = gr.Slider(0, 100, 50, step=.1, label='Down, %')
            with gr.Column(min_width=300, scale=3): cuts = gr.HTML('The detail appears here at 100 and 200 %.')
        gr.Markdown('### Numbers')
        numbers_table = gr.Dataframe(headers=list(HEADS.values()), label='Every file', interactive=False, wrap=True, elem_id='table')
        narrow_table = gr.HTML('', elem_classes='narrow') # the same for a phone
        curves = gr.HTML('The rate-distortion plot of the picture appears here.')
        with gr.Accordion('Download: the table as CSV, and the .taco files with their headers', open=True):
            files = gr.File(label='Files', file_count='multiple', interactive=False, elem_id='file')
            heads = gr.Dataframe(headers=['File','Model','Model id','λ','Level','Width','Height','Format version','Stream, bytes','File, bytes','Caption'],
                                 label='Headers of the .taco files', interactive=False, wrap=True, elem_id='heads')
            narrow_heads = gr.HTML('', elem_classes='narrow')

    with gr.Tab('Words'):
        two = gr.State(None, time_to_live=3600)
        gr.Markdown('The same picture with two captions: '
                    'what changed in the file and in the picture, where the bits went, and where the encoder looks for each word.')
        with gr.Row():
            with gr.Column(min_width=320, scale=2):
                picture = untouched(gr.Image(label='Picture', type='filepath', image_mode=None, height=260, buttons=[],
                                             alt_text='The picture to code with two captions', elem_id='picture'))
                more = gr.Dataset(components=[gr.Image(visible=False, type='filepath')], samples=[[str(EXAMPLES/k)] for k in CAPTIONS], type='index',
                                  label='Or one of these, with its caption and a wrong one', elem_id='more', elem_classes='examples')
                first = gr.Textbox(label='First caption', lines=2, max_lines=4, placeholder='Two parrots in front of green leaves.')
                second = gr.Textbox(label='Second caption', info='It may stay empty: then the encoder is told nothing.', lines=2, max_lines=4,
                                    placeholder='A red sports car on a wet street.')
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
                overlay = gr.Image(label='Attention', format='png', interactive=False, buttons=['download','fullscreen'],
                                   alt_text='The attention for the word, over the picture', elem_id='overlay')

    with gr.Tab('Files'):
        gr.Markdown('A `.taco` file becomes a picture again. No caption is asked for: the decoder never reads one.')
        with gr.Row():
            with gr.Column(min_width=320, scale=2):
                upload = gr.File(label='A .taco file', height=160, elem_id='upload')
                open_it = gr.Button('Decompress', variant='primary')
            with gr.Column(min_width=320, scale=4):
                decoded = gr.Image(label='Picture', format='png', interactive=False, buttons=['download','fullscreen'], alt_text='The decompressed picture',
                                   elem_id='decoded')
                read_header = gr.Markdown()

    VIEW = [numbers, left, right, slider, whole, across, down, cuts, side, curves]
    FINISHED = [numbers_table, files, heads]
    quiet = dict(api_visibility='private', show_progress='hidden')
    private = dict(quiet, queue=False)
    word = dict(fn=attention, inputs=[step, caption_no, part, two], outputs=[sentence, overlay], **quiet)

    rate.input(None, rate, another, js=TO_LMBDA, api_visibility='private')
    another.input(None, another, rate, js=TO_SLIDER, api_visibility='private')
    keys = list(CAPTIONS)
    examples.click(lambda i: ([str(EXAMPLES/keys[i])], CAPTIONS[keys[i]]), examples, [pictures, captions], **private)
    more.click(lambda i: (str(EXAMPLES/keys[i]), CAPTIONS[keys[i]], CAPTIONS[keys[(i+1)%len(keys)]]), more, [picture, first, second], **private)
    suggest.click(caption_of, pictures, captions, api_name='caption', concurrency_id='caption', concurrency_limit=2)
    running = go.click(compare, [pictures, captions, lmbdas, another, codecs, reduce, past], [past, which, *FINISHED, *VIEW], api_name='compare',
                       show_progress_on=numbers, **CODERS)
    measuring = running.success(measure, past, [numbers_table, files], api_name='measure', show_progress_on=numbers, concurrency_id='measure',
                                concurrency_limit=1)
    measuring.success(lambda which, past: plots(current(past, which)), [which, past], curves, **private)
    stop.click(None, cancels=[running, measuring], api_visibility='private')
    which.input(show, [which, past], VIEW, api_name='show', **VIEWERS)
    gr.on([left.input, right.input], pair, [left, right, which, past], slider, api_name='pair', **VIEWERS)
    gr.on([across.input, down.input], detail, [across, down, which, past], [cuts, whole], api_name='detail', trigger_mode='always_last', **VIEWERS)
    whole.select(pointed, [which, past], [across, down], **private).then(detail, [across, down, which, past], [cuts, whole], **quiet)
    ask.click(words, [picture, first, second, one_rate, model, two], [two, verdict_said, two_pictures, heats, step, sentence, overlay], api_name='words',
              show_progress_on=verdict_said, **CODERS)
    gr.on([step.input, part.input], attention, [step, caption_no, part, two], [sentence, overlay], api_name='attention', trigger_mode='always_last', **VIEWERS)
    for button,by in ((back, -1), (forth, 1)):
        button.click(stepped(by), [step, caption_no, two], step, **private).then(**word)
    caption_no.input(first_word, [caption_no, two], step, **private).then(**word)
    gr.on([pictures.change, matters.expand], ground, pictures, brush, **private)
    do_focus.click(focus, [pictures, what, brush, strength, lmbdas, another, one], [focus_said, focus_pair, focus_heats, focus_file], api_name='focus',
                   show_progress_on=focus_said, **CODERS)
    for wide,narrow in ((numbers_table, narrow_table), (heads, narrow_heads)):
        wide.change(lambda t: cards([*t.columns], t.values.tolist()), wide, narrow, **private)
    demo.load(warm, **private)
    open_it.click(decode, upload, [decoded, read_header], api_name='decode', show_progress_on=decoded, **CODERS)

def serve(
    port:int=7860, # on this machine
    wait:bool=True, # until Ctrl-C; otherwise return and leave the page running
):
    "Open the page to browsers on this machine."
    clear_left()
    try: socket.create_server((HOST, port)).close()
    except (OSError, OverflowError) as e:
        why = 'is taken' if getattr(e, 'errno', None)==errno.EADDRINUSE else f'cannot be used ({getattr(e, "strerror", None) or e})'
        raise taco.TacoError(f'port {port} {why}: choose another with --port') from None
    demo.queue(max_size=40).launch(inline=False, server_name=HOST, server_port=port, prevent_thread_lock=True, quiet=True, share=False, ssr_mode=False,
                                   enable_monitoring=False,
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
