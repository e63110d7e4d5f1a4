"The handlers called directly, then the running page as a program sees it. Nothing here depends on how good the weights are."
import re, shutil, socket, sys
from pathlib import Path
from urllib.request import urlopen
import numpy as np, pytest
from PIL import Image

sys.path.insert(0, str(Path(__file__).parent))
import app, gradio as gr, taco
from gradio.route_utils import delete_files_created_by_app
from gradio_client import Client, handle_file
from taco.core import psnr

MODELS = app.names()
CAPTION = 'A red macaw in front of blurred leaves.'

@pytest.fixture(scope='session')
def crop(): return Image.open(app.EXAMPLES/'kodim23.png').crop((400,120,496,184)) # 96x64

@pytest.fixture(scope='session')
def path(crop, tmp_path_factory):
    file = tmp_path_factory.mktemp('in')/'macaw.png'
    crop.save(file)
    return str(file)

@pytest.fixture(scope='session')
def result(path): return app.compress(path, CAPTION, .0016, 'taco-mini')

def saved(im, path, **kw):
    im.save(path, **kw)
    return str(path)

# Handlers: what they give

def test_original_is_shown_as_it_was(result, crop): assert np.array_equal(result[0][0], np.asarray(crop))

def test_file_holds_what_is_shown(result):
    (_,shown),_,file = result
    decoded,header = app.decode(file)
    assert shown.size==(96,64) and np.array_equal(np.asarray(decoded), np.asarray(shown))
    assert 'No caption is stored' in header and 'λ = 0.0016' in header and '96×64' in header

def test_numbers(result, crop):
    (_,shown),said,file = result
    n = Path(file).stat().st_size
    assert Path(file).name=='macaw.taco'
    assert f'**{n:,} bytes**' in said and f'{n*8/(96*64):.3f} bits per pixel' in said and 'of 18,432 bytes' in said # 96*64*3
    assert f'{18432/n:.3g} times smaller' in said and f'PSNR {psnr(np.asarray(shown), np.asarray(crop)):.2f} dB' in said

def test_cost(): # 1000 bytes for 100x100: 8000 bits over 10000 pixels, 30000 bytes raw
    assert app.cost(1000, 100, 100)=='**1,000 bytes**, 0.800 bits per pixel: **30 times smaller** than the raw 100×100 picture of 30,000 bytes.'
    assert '**20 times larger**' in app.cost(60, 1, 1)

@pytest.mark.parametrize('model', MODELS)
@pytest.mark.parametrize('lmbda', [app.LO, app.HI, None])
def test_every_model_and_rate(path, model, lmbda):
    (_,shown),said,file = app.compress(path, '', lmbda, model)
    head,_ = taco.unpack(Path(file).read_bytes())
    assert shown.size==(96,64) and head.model==app.codec(model).id and f'{model} at λ = {lmbda or app.START:.2g}' in said
    assert 'Note' not in said # an empty caption is no mistake

def test_odd_sizes(tmp_path):
    (_,shown),said,_ = app.compress(saved(Image.new('L', (1,1), 77), tmp_path/'dot.png'), '', None, MODELS[0])
    assert shown.size==(1,1) and 'times larger' in said

# Handlers: what they note

def test_notes(path, crop, tmp_path):
    clear = crop.copy(); clear.putalpha(128)
    assert 'transparency is not kept' in app.compress(saved(clear, tmp_path/'a.png'), '', None, 'elic-mini')[1]
    assert 'reads no caption' in app.compress(path, CAPTION, None, 'elic-mini')[1]
    assert re.search(r'Note: caption has \d+ tokens', app.compress(path, 'leaf '*200, None, 'taco-mini')[1])

def test_picture_is_upright(crop, tmp_path):
    exif = Image.Exif(); exif[274] = 6 # turned by a quarter
    (original,shown),_,_ = app.compress(saved(crop, tmp_path/'turned.png', exif=exif), '', None, 'elic-mini')
    assert original.shape==(96,64,3) and shown.size==(64,96)

def test_stored_caption_is_shown_as_text(crop, tmp_path):
    file = tmp_path/'x.taco'; file.write_bytes(app.codec('taco-mini').compress(crop, '![x](http://a/b.png) <b>', None, keep_caption=True))
    assert r'\!\[x\](http://a/b.png) \<b\>' in app.decode(str(file))[1]

# Handlers: what they refuse, in a sentence

def refusal(f, *args):
    with pytest.raises(gr.Error) as e: f(*args)
    assert re.fullmatch(r'[A-Zλ].*\.', e.value.message) and '\n' not in e.value.message and not e.value.print_exception
    return e.value.message

def test_no_picture(): assert refusal(app.compress, None, '', None, 'taco-mini')=='Choose a picture first.'

def test_unknown_model(path): assert 'choose one of '+', '.join(MODELS) in refusal(app.compress, path, '', None, 'vtm')

def test_rate_outside(path): assert refusal(app.compress, path, '', 5, MODELS[0])=='λ 5 is outside the rates of this model: give 0.0004 to 0.015.'

def test_no_picture_inside(tmp_path):
    (tmp_path/'x.png').write_text('hello')
    assert refusal(app.compress, str(tmp_path/'x.png'), '', None, 'taco-mini').startswith('The file x.png is no picture')

def test_damaged_picture(path, tmp_path):
    cut = tmp_path/'cut.png'; cut.write_bytes(Path(path).read_bytes()[:2000])
    says = refusal(app.compress, str(cut), '', None, 'taco-mini')
    assert says.startswith('The file cut.png cannot be decoded') and str(tmp_path) not in says

def test_too_large(tmp_path):
    assert refusal(app.compress, saved(Image.new('1', (10000,10000)), tmp_path/'big.png'), '', None, 'taco-mini') == \
        'This picture has 100 megapixels, and the page takes up to 25: reduce it to 50 % of its width and height, or use the command `taco`.'
    assert 'has 400 megapixels' in refusal(app.compress, saved(Image.new('1', (20000,20000)), tmp_path/'bomb.png'), '', None, 'taco-mini')

@pytest.mark.parametrize('change,says', [
    (lambda d: b'', 'is empty'), (lambda d: b'\x89PNG'+d[4:], 'no .taco file'),
    (lambda d: d[:-9], 'truncated'), (lambda d: d[:60]+bytes([d[60]^1])+d[61:], 'damaged')])
def test_unreadable_file(result, tmp_path, change, says):
    file = tmp_path/'x.taco'; file.write_bytes(change(Path(result[2]).read_bytes()))
    assert says in refusal(app.decode, str(file))

@pytest.mark.parametrize('model,side,says', [('deadbeef', 8, 'written by model deadbeef'), (app.codec(MODELS[0]).id, 16000, 'has 256 megapixels')])
def test_file_not_for_this_page(tmp_path, model, side, says):
    file = tmp_path/'x.taco'; file.write_bytes(taco.codec.pack(taco.Header(model, 0., side, side, 4), bytes(4)))
    assert says in refusal(app.decode, str(file))

def test_no_file(tmp_path):
    assert refusal(app.decode, None)=='Choose a .taco file first.'
    for f in (lambda p: app.compress(p, '', None, 'taco-mini'), app.decode): assert 'is gone: choose it again' in refusal(f, str(tmp_path/'old'))

def test_memory(monkeypatch, path):
    def broken(*_): raise RuntimeError("DefaultCPUAllocator: can't allocate memory")
    monkeypatch.setattr(app, 'there_and_back', broken)
    assert 'more memory' in refusal(app.compress, path, '', None, 'taco-mini')

# Examples

def test_examples():
    assert {p.name for p in app.EXAMPLES.glob('*.png')}==set(app.CAPTIONS) and len(app.CAPTIONS)==4
    for caption in app.CAPTIONS.values(): assert app.codec('taco-mini').text.tokenize([caption])[1][0] <= app.codec('taco-mini').text.n_tokens

# The running page

@pytest.fixture(scope='module')
def url():
    with socket.create_server((app.HOST, 0)) as s: port = s.getsockname()[1]
    app.serve(port, wait=False)
    yield f'http://{app.HOST}:{port}/'
    app.demo.close()

@pytest.fixture(scope='module')
def client(url, tmp_path_factory): return Client(url, verbose=False, analytics_enabled=False, download_files=str(tmp_path_factory.mktemp('out')))

def test_round_trip_by_program(client, path, result):
    pair,said,file = client.predict(handle_file(path), CAPTION, .0016, 'taco-mini', api_name='/compress')
    assert Path(file).read_bytes()==Path(result[2]).read_bytes() and 'bits per pixel' in said and 'Note' not in said
    picture,_ = client.predict(handle_file(file), api_name='/decode')
    original,shown,decoded = (np.asarray(Image.open(p)) for p in (*pair, picture)) # PNG: nothing is lost on the way to the browser
    assert np.array_equal(decoded, shown) and np.array_equal(shown, np.asarray(result[0][1])) and np.array_equal(original, result[0][0])

def test_refusals_by_program(client, tmp_path):
    (tmp_path/'x.png').write_text('hello')
    with pytest.raises(Exception, match='Choose a picture first'): client.predict(None, '', .0016, 'taco-mini', api_name='/compress')
    with pytest.raises(Exception, match='is no picture'): client.predict(handle_file(tmp_path/'x.png'), '', .0016, 'taco-mini', api_name='/compress')
    with pytest.raises(Exception, match='no .taco file'): client.predict(handle_file(tmp_path/'x.png'), api_name='/decode')

def test_endpoints(client): assert {'/compress','/decode'} <= set(client.view_api(return_format='dict', print_info=False)['named_endpoints'])

def test_page_fetches_nothing_from_elsewhere(url):
    page,style = (urlopen(url+p).read().decode() for p in ('', 'theme.css'))
    assert '<gradio-app' in page and '--color-accent' in style
    assert not re.findall(r'''<(?:script|link|img|iframe)\b[^>]*?(?:src|href)=["']?(?:https?:)?//[^>]*''', page)
    assert not re.findall(r'''(?:url\(|@import)\s*["']?(?:https?:)?//[^;)]*''', style) and '"stylesheets":[]' in page.replace(' ', '')

def test_nothing_of_a_visitor_is_kept(client, path, tmp_path):
    mine = shutil.copy(path, tmp_path/'mine.png')
    client.predict(handle_file(mine), '', .0016, 'elic-mini', api_name='/compress')
    def kept(pattern): return {p.name for p in Path(app.KEPT.name).rglob(pattern)}
    assert Path(app.compress(path, None, None, MODELS[0])[2]).is_relative_to(app.KEPT.name)
    assert kept('mine.*')=={'mine.png','mine.taco'} and app.demo.delete_cache
    delete_files_created_by_app(app.demo, None) # what Gradio does by the clock, and when the page closes
    assert not kept('mine.*') and set(app.CAPTIONS) <= kept('*.png')

def test_taken_port():
    with socket.create_server((app.HOST, 0)) as s:
        port = s.getsockname()[1]
        with pytest.raises(taco.TacoError, match=f'port {port} is taken: choose another with --port'): app.serve(port)
    with pytest.raises(taco.TacoError, match='port 70000 cannot be used'): app.serve(70000)
