"The handlers called directly, then the running page as a program sees it, then in a browser. Nothing here depends on how good the weights are."
import csv, os, re, shutil, signal, socket, subprocess, sys, time
from pathlib import Path
from urllib.request import urlopen
import numpy as np, pytest
from PIL import Image

sys.path.insert(0, str(Path(__file__).parent.parent/'nbs/fixtures'))
import png_palette # a codec that is one file, before the page looks for codecs
from filelock import FileLock
from taco_demo import app, handlers, work
import gradio as gr, taco
from gradio.route_utils import delete_files_created_by_app
from gradio_client import Client, handle_file
from taco.measure.compare import RoundTrip
from taco.base.image import psnr
from taco.base.machine import DTYPES

MODELS = work.names()
CAPTION = 'A red macaw in front of blurred leaves.'

@pytest.fixture(scope='session')
def crop(): return Image.open(work.EXAMPLES/'kodim23.png').crop((400,120,496,184)) # 96x64

@pytest.fixture(scope='session')
def path(crop, tmp_path_factory):
    file = tmp_path_factory.mktemp('in')/'macaw.png'
    crop.save(file)
    return str(file)

OUT = ['past','which','table','files','heads','said','left','right','pair','whole','across','down','cuts','side','curves']

def compare(*paths, captions=CAPTION, lmbdas=(.0016,), another=0, codecs=('taco-mini',), reduce=True, past=None):
    "What the handlers have given when they are done; of what they left as it was, what they gave before."
    found = {}
    for step in handlers.compare([(str(p), None) for p in paths], captions, list(lmbdas), another, list(codecs), reduce, past):
        found |= {k: v for k,v in zip(OUT, step, strict=True) if not (isinstance(v, dict) and v=={'__type__': 'update'})}
    for found['table'],found['files'] in handlers.measure(found['past']): pass
    return found

@pytest.fixture(scope='session')
def result(path): return compare(path, codecs=('taco-mini','elic-mini','jpeg'))

def saved(im, path, **kw):
    im.save(path, **kw)
    return str(path)

# Comparing: what it gives

def test_first_row_comes_before_the_rest(path):
    steps = list(handlers.compare([(path, None)], CAPTION, [.0004,.009], None, ['taco-mini','elic-mini'], True, None))
    assert [len(s[2]) for s in steps]==[1,2,4,4] or [len(s[2]) for s in steps]==[1,2,3,4,4]
    assert steps[-1][2][0][8] and not any('MS-SSIM' in str(s) for s in steps[0][2])

def test_files_hold_what_is_shown(result, crop):
    table_csv,taco_file,elic_file = result['files']
    assert taco_file.endswith('.taco') and Path(taco_file).name.startswith('macaw-taco-mini-0.0016')
    trip = result['past'][0].trips[0]
    assert np.array_equal(np.asarray(handlers.decode(taco_file)[0]), np.asarray(trip.image)) and trip.image.size==(96,64)
    original,shown = (np.asarray(Image.open(f)) for f in result['pair'])
    assert np.array_equal(original, np.asarray(crop)) and np.array_equal(shown, np.asarray(trip.image))
    rows = list(csv.DictReader(open(table_csv, encoding='utf-8')))
    assert [r['model'] for r in rows]==['taco-mini','elic-mini','JPEG'] and int(rows[0]['bytes'])==Path(taco_file).stat().st_size
    assert rows[0]['psnr_db']==f'{psnr(shown, original):.2f}'

def test_lines(result):
    n = Path(result['files'][1]).stat().st_size
    assert f'**{n:,} bytes**' in result['said'] and f'{n*8/(96*64):.3f} bits per pixel' in result['said'] and 'of 18,432 bytes' in result['said'] # 96*64*3
    assert re.findall(r'Note: (\w+)', result['said'])==['JPEG'] and f'{result["table"][2][3]/n-1:.0%} larger' in result['said'] # no JPEG is as small
    assert result['heads'][0][1:9]==['taco-mini', work.codec('taco-mini').id, '0.0016', '2', 96, 64, 1, n-28]

def test_perceptual_distance_where_it_is_installed(result):
    if 'stlpips' not in work.scorers(): pytest.skip('stlpips-pytorch is not installed: the table goes without it')
    assert all(0<float(row[7])<1 for row in result['table'])

def test_detail_and_pair(result):
    past = result['past']
    html,small = handlers.detail(0, 100, 0, past)
    assert html.count('detail at 200 %')==4 and html.count('role="img"')==8 and small.size==(96,64)
    assert handlers.pair('JPEG λ 0.0016', 'original', 0, past)[1]==result['pair'][0]
    assert past[0].where==[0,100]

def test_curves_have_a_name_for_those_who_do_not_see_them(result): assert result['curves'].count('role="img" aria-label="psnr against bits per pixel, for taco-mini, elic-mini, JPEG"')==1

def test_second_caption_is_faster(path, result):
    known = {k for p in result['past'] for k in p.known}
    again = compare(path, captions='Something else.', codecs=('taco-mini','elic-mini'), past=result['past'])['past'][0]
    assert len(again.known)==len(known)+1 and any(t is o for t in again.trips for o in result['past'][0].trips) # elic-mini's is not made again

def test_measuring_ends_when_something_else_is_compared(path):
    old = compare(path, codecs=['elic-mini'])['past']
    compare(path, codecs=['elic-mini'], past=old)
    assert list(handlers.measure(old))==[]

def test_several_pictures(path, crop, tmp_path):
    other = saved(crop.rotate(90, expand=True), tmp_path/'turned.png')
    got = compare(path, other, captions='A macaw.\nAnother.', codecs=('elic-mini',))
    assert [p.caption for p in got['past']]==['A macaw.','Another.'] and [r[0] for r in got['table']]==['macaw','turned']
    assert 'turned' in handlers.show(1, got['past'])[0] and got['which'].choices==[('macaw',0),('turned',1)]

def test_cost(): # 1000 bytes for 100x100: 8000 bits over 10000 pixels, 30000 bytes raw
    assert work.cost(1000, 100, 100)=='**1,000 bytes**, 0.800 bits per pixel: **30 times smaller** than the raw 100×100 picture of 30,000 bytes.'
    assert '**20 times larger**' in work.cost(60, 1, 1)

def test_every_model_and_rate(path):
    got = compare(path, captions='', lmbdas=[app.LO, app.HI], another=.003, codecs=MODELS)
    assert [(r[1], r[2]) for r in got['table']]==[(m, l) for l in ('0.0004','0.003','0.03') for m in MODELS]
    assert [h[2] for h in got['heads']]==[work.codec(m).id for m in MODELS]*3
    assert 'taco-mini is told nothing' in got['said']

def test_a_codec_that_is_one_file(path):
    got = compare(path, codecs=('elic-mini','png-palette'))
    assert [r[1] for r in got['table']]==['elic-mini','PNG palette'] and ('PNG palette','png-palette') in app.codecs.choices
    assert not {'msillm','nogan'} & {*work.others()} # a page fetches nothing

def test_odd_sizes(tmp_path):
    got = compare(saved(Image.new('L', (1,1), 77), tmp_path/'dot.png'), captions='')
    assert got['past'][0].trips[0].image.size==(1,1) and 'times larger' in got['said']

def test_chosen_picture_stays_while_more_come(path):
    steps = [s[1] for s in handlers.compare([(path, None)]*3, '', [.0016], 0, ['elic-mini'], True, None)]
    assert ['value' in s.constructor_args for s in steps]==[True,False,False,False] # the first picture comes twice

# Comparing: what it notes

def test_notes(path, crop, tmp_path):
    clear = crop.copy(); clear.putalpha(128)
    assert 'transparency is not kept' in compare(saved(clear, tmp_path/'a.png'), codecs=['elic-mini'])['said']
    assert re.search(r'Note: caption has \d+ tokens', compare(path, captions='leaf '*200)['said'])

def test_format_without_a_file_so_small_is_named(): # beside 100 bytes, 106 are noted and 104 are not
    trip = lambda model, n, l, s=None: RoundTrip(model, l, bytes(n), None, 1., 30., s, 1.)
    trips = [trip('taco-mini', 100, .0004, 1.), trip('JPEG', 106, .0004), trip('WebP', 104, .0004), trip('taco-mini', 200, .004, 1.), trip('JPEG', 100, .004)]
    assert work.off_size(trips)==['JPEG has no file of the same size here, the nearest is 6% larger at λ 0.0004, 50% smaller at λ 0.004: mind that when you look at it']

def test_large_picture_is_reduced(tmp_path, monkeypatch):
    monkeypatch.setattr(work, 'REDUCED', .006) # megapixels
    got = compare(saved(Image.new('RGB', (6000,4000), 'grey'), tmp_path/'photo.jpg'), codecs=['elic-mini']) # 24 megapixels
    assert got['past'][0].rgb.shape==(63,94,3) and 'reduced from 6000×4000 to 94×63 pixels' in got['said']

def test_measures_of_large_pictures():
    assert work.left_out(3_000_000)==[] and [n.split()[0] for n in work.left_out(4_000_000)]==['ST-LPIPS']
    assert [n.split()[0] for n in work.left_out(24_000_000)]==['MS-SSIM','ST-LPIPS']
    large = np.zeros((4000,6000,3), np.uint8) # neither is taken: this would need gigabytes
    trip = RoundTrip('elic-mini', .0016, b'', Image.fromarray(large), 1., 30., 1., 1.)
    work.add_scores(work.Shown('large', large, '', []), trip)
    assert trip.scores=={}

def test_picture_is_upright(crop, tmp_path):
    exif = Image.Exif(); exif[274] = 6 # turned by a quarter
    assert compare(saved(crop, tmp_path/'turned.png', exif=exif), codecs=['elic-mini'])['past'][0].rgb.shape==(96,64,3)

def test_stored_caption_is_shown_as_text(crop, tmp_path):
    file = tmp_path/'x.taco'; file.write_bytes(work.codec('taco-mini').compress(crop, '![x](http://a/b.png) <b>', None, keep_caption=True))
    assert r'\!\[x\](http://a/b.png) \<b\>' in handlers.decode(str(file))[1]

def test_header_is_shown(result):
    said = handlers.decode(result['files'][1])[1]
    assert '| Model | taco-mini |' in said and '| λ | 0.0016 |' in said and '| Caption | not stored |' in said and '96×64' in said

# Words

@pytest.fixture(scope='session')
def told(path): return handlers.words(path, CAPTION, 'A grey wall.', .0016, 'taco-mini', None)

def test_words(told, crop):
    two,said,pair,maps,step,sentence,overlay = told
    a,b = (two.said[k] for k in (two.a, two.b))
    assert f'| {len(a.trip.data):,} |' in said and f'| {len(b.trip.data):,} |' in said and '% of the error' in said
    assert pair==(a.trip.image, b.trip.image) and maps.count('<img alt="')==4 and step.maximum==8
    assert abs(a.bits.sum()/8-len(a.trip.data))<40 and overlay.shape==(64,96,3)
    assert '<mark>a</mark> red macaw' in sentence

@pytest.mark.parametrize('dtype', DTYPES.values())
def test_words_in_both_number_formats(path, told, monkeypatch, dtype):
    monkeypatch.setattr(work.codec('taco-mini'), 'dtype', dtype)
    two = handlers.words(path, CAPTION, 'A grey wall.', .0016, 'taco-mini', None)[0]
    for mine,theirs in ((two.said[two.a], told[0].said[told[0].a]), (two.said[two.b], told[0].said[told[0].b])):
        assert mine.words==theirs.words and abs(mine.trip.psnr-theirs.trip.psnr)<.5
        for part in mine.attention_maps: assert np.abs(mine.attention_maps[part]-theirs.attention_maps[part]).max()<=.02*theirs.attention_maps[part].max()

def test_stepping(told):
    two = told[0]
    assert '<mark>wall.</mark>' in handlers.attention(3, 2, 'late', two)[0] and '% of the attention' in handlers.attention(3, 2, 'late', two)[0]
    assert handlers.stepped(1)(8, 1, two)==1 and handlers.stepped(-1)(1, 2, two)==3 and handlers.first_word(2, two).maximum==3

def test_little_is_called_little(told, path):
    assert 'changed little' in told[1] or not work.change(*(told[0].said[k] for k in (told[0].a, told[0].b))).little
    same = handlers.words(path, CAPTION, CAPTION, .0016, 'taco-mini', told[0])
    assert 'Both captions are the same' in same[1] and len(same[0].said)==2 # nothing was coded again

# What is refused, in a sentence

def refusal(f, *args, **kw):
    with pytest.raises(gr.Error) as e: f(*args, **kw)
    assert re.fullmatch(r'[A-Zλ].*\.', e.value.message) and '\n' not in e.value.message and not e.value.print_exception
    return e.value.message

def test_nothing_chosen(path):
    assert refusal(compare)=='Choose a picture first.'
    assert refusal(compare, path, lmbdas=[])=='Choose a λ first: it says how much quality is worth.'
    assert 'choose at least one of' in refusal(compare, path, codecs=['jpeg']).replace('Choose', 'choose')
    assert 'up to 8 at once' in refusal(compare, *[path]*9)
    assert 'there are 3 lines of captions for 2 pictures' in refusal(compare, path, path, captions='a\nb\nc').replace('There', 'there')
    for f in (handlers.pair, handlers.detail): assert refusal(f, 'original', 'original', 0, None)=='Compare a picture first.'
    assert refusal(handlers.words, None, 'a', 'b', .0016, 'taco-mini', None)=='Choose a picture first.'
    assert refusal(handlers.words, path, ' ', '', .0016, 'taco-mini', None).startswith('Write a caption first')
    assert refusal(handlers.attention, 1, 1, 'late', None)=='Compare two captions first.'

def test_unknown_codec(path):
    assert 'there is no codec vtm: choose from '+', '.join(MODELS) in refusal(compare, path, codecs=['vtm']).replace('There', 'there')
    assert 'reads captions' in refusal(handlers.words, path, 'a', 'b', .0016, 'elic-mini', None)

def test_rate_outside(path): assert refusal(compare, path, another=5)=='λ 5 is outside the rates of the models: give 0.0004 to 0.03.'

def test_no_picture_inside(tmp_path):
    (tmp_path/'x.png').write_text('hello')
    assert refusal(compare, tmp_path/'x.png').startswith('The file x.png is no picture')

def test_damaged_picture(path, tmp_path):
    cut = tmp_path/'cut.png'; cut.write_bytes(Path(path).read_bytes()[:2000])
    says = refusal(compare, cut)
    assert says.startswith('The file cut.png cannot be decoded') and str(tmp_path) not in says

def test_too_large(tmp_path):
    big = saved(Image.new('1', (10000,10000)), tmp_path/'big.png')
    assert refusal(compare, big, reduce=False)=='This picture has 100 megapixels, and the page takes up to 25: reduce it to 50 % of its width and height, or tick “Reduce large pictures”.'
    assert 'has 400 megapixels' in refusal(compare, saved(Image.new('1', (20000,20000)), tmp_path/'bomb.png'))

@pytest.mark.parametrize('change,says', [
    (lambda d: b'', 'is empty'), (lambda d: b'\x89PNG'+d[4:], 'no .taco file'),
    (lambda d: d[:-9], 'truncated'), (lambda d: d[:60]+bytes([d[60]^1])+d[61:], 'damaged')])
def test_unreadable_file(result, tmp_path, change, says):
    file = tmp_path/'x.taco'; file.write_bytes(change(Path(result['files'][1]).read_bytes()))
    assert says in refusal(handlers.decode, str(file))

@pytest.mark.parametrize('model,side,says', [('deadbeef', 8, 'written by model deadbeef'), (work.codec(MODELS[0]).id, 16000, 'has 256 megapixels')])
def test_file_not_for_this_page(tmp_path, model, side, says):
    file = tmp_path/'x.taco'; file.write_bytes(taco.codec.pack(taco.Header(model, 0., side, side, 4), bytes(4)))
    assert says in refusal(handlers.decode, str(file))

def test_no_file(tmp_path):
    assert refusal(handlers.decode, None)=='Choose a .taco file first.'
    for f in (compare, handlers.decode): assert 'is gone: choose it again' in refusal(f, str(tmp_path/'old'))

def test_memory(monkeypatch, path):
    def broken(*_): raise RuntimeError("DefaultCPUAllocator: can't allocate memory")
    monkeypatch.setattr(handlers, 'runs', broken)
    assert 'more memory' in refusal(compare, path)

def test_captioner(monkeypatch, path):
    for k in ('TACO_CAPTION_URL','TACO_CAPTION_BLIP'): monkeypatch.delenv(k, raising=False)
    assert refusal(handlers.caption_of, [(path, None)]).startswith('There is no captioner here: set TACO_CAPTION_URL')
    monkeypatch.setattr(handlers, 'propose', lambda rgb: f'A picture {rgb.shape[1]} wide.')
    assert handlers.caption_of([(path, None)]*2)=='A picture 96 wide.\nA picture 96 wide.'

# Examples

def test_examples():
    assert {p.name for p in work.EXAMPLES.glob('*.png')}==set(work.CAPTIONS) and len(work.CAPTIONS)==4
    for caption in work.CAPTIONS.values(): assert work.codec('taco-mini').text.tokenize([caption])[1][0] <= work.codec('taco-mini').text.n_tokens

# The running page

@pytest.fixture(scope='module')
def url():
    with socket.create_server((app.HOST, 0)) as s: port = s.getsockname()[1]
    app.serve(port, wait=False)
    yield f'http://{app.HOST}:{port}/'
    app.demo.close()

@pytest.fixture(scope='module')
def client(url, tmp_path_factory): return Client(url, verbose=False, analytics_enabled=False, download_files=str(tmp_path_factory.mktemp('out')))

ASKED = dict(captions=CAPTION, lmbdas=[.0016], another=0, codecs=['taco-mini'], reduce=True, api_name='/compare')

def one(path): return [dict(image=handle_file(path), caption=None)]

def test_round_trip_by_program(client, path, result):
    which,table,files,heads,said,*_ = client.predict(one(path), **ASKED)
    assert Path(files[1]).read_bytes()==Path(result['files'][1]).read_bytes() and 'bits per pixel' in said and len(table['data'])==1
    pair = client.predict('original', 'taco-mini λ 0.0016', 0, api_name='/pair') # PNG: nothing is lost on the way to the browser
    picture,_ = client.predict(handle_file(files[1]), api_name='/decode')
    original,shown,decoded = (np.asarray(Image.open(p)) for p in (*pair, picture))
    assert np.array_equal(decoded, shown) and np.array_equal(original, np.asarray(Image.open(path)))
    assert 'detail at 100 %' in client.predict(10, 20, 0, api_name='/detail')[0]
    table,(table_csv,*_) = client.predict(api_name='/measure')
    if 'stlpips' in work.scorers(): assert float(table['data'][0][7])>0 and 'stlpips' in Path(table_csv).read_text(encoding='utf-8')

@pytest.mark.skipif(os.name=='nt', reason='Windows has no SIGTERM that can be caught')
def test_ends_in_the_middle_of_coding(path, tmp_path):
    with socket.create_server(('127.0.0.1', 0)) as free: port = free.getsockname()[1]
    server = subprocess.Popen([sys.executable, '-c', f'from taco_demo.app import serve; serve({port})'], env={**os.environ, 'TMPDIR': str(tmp_path)}, cwd=Path(app.__file__).parent, stderr=subprocess.DEVNULL)
    try:
        while True:
            try: visitor = Client(f'http://127.0.0.1:{port}', verbose=False, analytics_enabled=False, download_files=str(tmp_path/'got')); break
            except Exception: assert server.poll() is None; time.sleep(.2)
        job = visitor.submit([dict(image=handle_file(str(work.EXAMPLES/'kodim23.png')), caption=None)], CAPTION, [.0004,.009], 0, ['taco-mini','elic-mini'], True, api_name='/compare')
        while not job.outputs(): assert not job.done(); time.sleep(.05)   # the first file is there, the others are being made
        server.send_signal(signal.SIGTERM)
        assert server.wait(20)==0 and not list(tmp_path.glob('taco-demo-*'))
    finally: server.kill()

def test_words_by_program(client, path):
    said,pair,maps,step,sentence,overlay = client.predict(handle_file(path), CAPTION, 'A grey wall.', .0016, 'taco-mini', api_name='/words')
    assert 'bits/pixel' in said and Image.open(overlay).size==(96,64)
    assert '<mark>red</mark>' in client.predict(2, 1, 'late', api_name='/attention')[0]

BRUSH = dict(background=None, layers=[], composite=None)

def test_focus_by_program(client, path, tmp_path):
    layer = np.zeros((32,48,4), np.uint8); layer[:,:16] = 255 # the left third, smaller than the picture as the brush sees it
    Image.fromarray(layer).save(tmp_path/'layer.png')
    painted = dict(BRUSH, layers=[handle_file(tmp_path/'layer.png')])
    said,pair,maps,file = client.predict(one(path), '', painted, 2, [.0016], 0, 'elic-mini', api_name='/focus')
    assert re.search(r'[2-5]\d % of the picture', said) and maps.count('<figure>')==4
    assert np.array_equal(np.asarray(Image.open(client.predict(handle_file(file), api_name='/decode')[0])), np.asarray(Image.open(pair[1]))) # no words are needed

def test_brush_and_words():
    layer = np.zeros((8,8,4), np.uint8)
    assert app.focus and handlers.painted(None) is None and handlers.painted(dict(layers=[layer])) is None
    layer[2,3] = 255
    assert handlers.painted(dict(layers=[layer])).sum()==1 and handlers.ground(None) is None

def test_focus_of_a_photograph(photo):
    "Equal bytes, and what matters is better."
    box = np.zeros((512,768,4), np.uint8); box[90:260,60:250] = 255 # a parrot's head
    said,pair,_,file = handlers.focus([(photo,None)], '', dict(layers=[box]), 2, [.004], 0, 'elic-mini')
    a,b = (int(n.replace(',', '')) for n in re.findall(r'focus \| ([\d,]+) \|', said))
    assert a*.98<=b<=a==len(taco.load('elic-mini').compress(photo, rate=.004)) and b==Path(file).stat().st_size
    assert float(re.search(r'\*\*\+([\d.]+) dB\*\*', said)[1])>1
    said,*_ = handlers.focus([(photo,None)], 'xyzzy', None, 2, [.004], 0, 'elic-mini')
    assert 'Everything counts alike' in said and 'does not know' in said

@pytest.fixture
def photo(): return str(work.EXAMPLES/'kodim23.png')

def test_focus_refuses(path):
    for args,says in ((([],'x',None,2,[.004],0,'elic-mini'), 'hoose a picture'), (([(path,None)],' ',BRUSH,2,[.004],0,'elic-mini'), 'ay what matters'),
                      (([(path,None)],'x',None,2,[.004],0,'jpeg'), 'there is no model jpeg'), (([(path,None)],'x',None,2,[],0,'elic-mini'), 'hoose a')):
        with pytest.raises(gr.Error, match=f'(?i){says}'): handlers.focus(*args)

def test_refusals_by_program(client, tmp_path):
    (tmp_path/'x.png').write_text('hello')
    with pytest.raises(Exception, match='Compare a picture first'): Client(client.src, verbose=False, analytics_enabled=False).predict(api_name='/measure')
    with pytest.raises(Exception, match='Choose a picture first'): client.predict([], **ASKED)
    with pytest.raises(Exception, match='is no picture'): client.predict(one(tmp_path/'x.png'), **ASKED)
    with pytest.raises(Exception, match='no .taco file'): client.predict(handle_file(tmp_path/'x.png'), api_name='/decode')

def test_ten_visitors_at_once(url, path, result):
    visitors = [Client(url, verbose=False, analytics_enabled=False, httpx_kwargs=dict(timeout=100)) for _ in range(10)]
    jobs = [v.submit(one(path), **ASKED) for v in visitors]
    assert [j.result(timeout=200)[1]['data'][0][3] for j in jobs]==[result['table'][0][3]]*10

def test_endpoints(client): assert {'/compare','/measure','/show','/pair','/detail','/words','/attention','/decode','/caption','/focus'} == set(client.view_api(return_format='dict', print_info=False)['named_endpoints'])

def test_page_fetches_nothing_from_elsewhere(url):
    page,style = (urlopen(url+p).read().decode() for p in ('', 'theme.css'))
    assert '<gradio-app' in page and '--color-accent' in style
    assert not re.findall(r'''<(?:script|link|img|iframe)\b[^>]*?(?:src|href)=["']?(?:https?:)?//[^>]*''', page)
    assert not re.findall(r'''(?:url\(|@import)\s*["']?(?:https?:)?//[^;)]*''', style) and '"stylesheets":[]' in page.replace(' ', '')

def test_what_killed_demos_left(tmp_path, monkeypatch):
    "Only folders of the demo's, with a lock that nobody holds."
    def folder(name, lock=True):
        (tmp_path/name).mkdir(); (tmp_path/name/'holiday.png').write_text('x')
        if lock: (tmp_path/name/'in-use').touch()
        return tmp_path/name
    killed,running,young = (folder(f'taco-demo-{n}') for n in ('killed','running','young'))
    folder('taco-demo-unlocked', False); folder('holiday'); (tmp_path/'taco-demo-link').symlink_to(tmp_path/'holiday')
    monkeypatch.setattr(work, 'KEPT', type('Kept', (), dict(name=str(folder('taco-demo-mine')))))
    for f in tmp_path.glob('*/in-use'):
        if f.parent!=young: os.utime(f, (0, 0))
    before = {p.name for p in tmp_path.iterdir()}
    with FileLock(running/'in-use'):
        os.utime(running/'in-use', (0, 0))
        assert work.clear_left()==['taco-demo-killed'] and {p.name for p in tmp_path.iterdir()}==before-{'taco-demo-killed'}
    assert work.clear_left()==['taco-demo-running'] and not running.exists() and not killed.exists()
    assert work.IN_USE.is_locked and Path(work.IN_USE.lock_file).parent.name.startswith('taco-demo-')

def test_nothing_of_a_visitor_is_kept(client, path, tmp_path):
    mine = shutil.copy(path, tmp_path/'mine.png')
    client.predict(one(mine), **ASKED | dict(codecs=['elic-mini']))
    def kept(pattern): return {p.name for p in Path(work.KEPT.name).rglob(pattern)}
    assert {Path(n).suffix for n in kept('mine*')}=={'.png','.taco'} and app.demo.delete_cache
    delete_files_created_by_app(app.demo, None) # what Gradio does by the clock, and when the page closes
    assert not kept('mine*') and set(work.CAPTIONS) <= kept('*.png')

def test_taken_port():
    with socket.create_server((app.HOST, 0)) as s:
        port = s.getsockname()[1]
        with pytest.raises(taco.TacoError, match=f'port {port} is taken: choose another with --port'): app.serve(port)
    with pytest.raises(taco.TacoError, match='port 70000 cannot be used'): app.serve(70000)

# The page in a browser

@pytest.fixture(scope='module')
def browser():
    try: from playwright.sync_api import sync_playwright
    except ImportError: pytest.skip('Playwright is not installed (`pip install playwright`): the page is not tried in a browser')
    if not (chromium := shutil.which('chromium') or shutil.which('chromium-browser') or shutil.which('google-chrome')):
        pytest.skip('no Chromium is installed (`apt-get install chromium`): the page is not tried in a browser')
    with sync_playwright() as p:
        b = p.chromium.launch(executable_path=chromium, args=['--no-sandbox'])
        yield b
        b.close()

@pytest.fixture
def page(browser, url):
    context = browser.new_context(viewport=dict(width=1280, height=900), accept_downloads=True)
    page = context.new_page()
    page.set_default_timeout(60_000)
    page.wrong = []
    page.on('pageerror', lambda e: page.wrong.append(str(e)))
    page.goto(url)
    page.get_by_role('button', name='Compare', exact=True).wait_for()
    yield page
    assert not page.wrong
    context.close()

def tab(page, name): page.get_by_role('tab', name=name).click()

def test_compare_in_a_browser(page, path, tmp_path, result, monkeypatch):
    monkeypatch.setattr(work, 'SIDE', 32) # of the picture's 96x64 pixels
    page.locator('#pictures input[type=file]').first.set_input_files(path)
    page.locator('#pictures img').first.wait_for()
    page.locator('#caption textarea').fill(CAPTION)
    page.get_by_role('button', name='Compare', exact=True).click()
    page.locator('#side img').nth(2).wait_for()
    page.locator('#cuts figure').nth(4).wait_for()
    page.locator('#plots svg').first.wait_for()
    page.get_by_label('Right of the slider').click()
    page.get_by_role('option', name='JPEG').click()
    before = page.locator('#cuts').inner_html()
    across = page.get_by_label('number input for Across, %')
    across.fill('0' if float(across.input_value())>50 else '100'); across.press('Tab')
    page.wait_for_function('b => document.querySelector("#cuts").innerHTML!=b', arg=before)
    page.locator('#file a[href*="taco-mini"]').first.wait_for()
    with page.expect_download() as d: page.locator('#file a[href*="taco-mini"]').first.click()
    d.value.save_as(tmp_path/'macaw.taco')
    assert (tmp_path/'macaw.taco').read_bytes()==Path(result['files'][1]).read_bytes()
    tab(page, 'Files')
    page.locator('#upload input[type=file]').set_input_files(tmp_path/'macaw.taco')
    page.get_by_text('macaw.taco').first.wait_for()
    page.get_by_role('button', name='Decompress').click()
    page.locator('#decoded img').wait_for()
    page.get_by_text('not stored').last.wait_for()

def test_words_in_a_browser(page, path):
    tab(page, 'Words')
    page.locator('#picture input[type=file]').set_input_files(path)
    page.locator('#picture img').wait_for()
    page.get_by_label('First caption').fill(CAPTION); page.get_by_label('Second caption').fill('A grey wall.')
    page.get_by_role('button', name='Compare the captions').click()
    assert page.locator('#sentence mark').inner_text()=='a'
    page.get_by_role('button', name='Next word').focus(); page.keyboard.press('Enter')
    page.locator('#sentence mark', has_text='red').wait_for()
    page.get_by_label('Second', exact=True).check()
    page.get_by_text('grey wall.', exact=False).last.wait_for()
    assert page.locator('.heats img').count()==4 and all(i.get_attribute('alt') for i in page.locator('.heats img').all())

@pytest.mark.parametrize('width', [1280,390])
def test_focus_in_a_browser(page, path, width):
    page.set_viewport_size(dict(width=width, height=900))
    page.locator('#pictures input[type=file]').first.set_input_files(path)
    page.locator('#pictures img').first.wait_for()
    page.get_by_role('button', name='What matters?').click()
    page.locator('#brush canvas').first.wait_for()
    page.locator('#brush canvas').first.scroll_into_view_if_needed()
    page.locator('#what textarea').fill('the bird')
    page.get_by_role('button', name='Focus', exact=True).click()
    page.locator('.heats img').nth(3).wait_for()
    page.locator('#focused', has_text='same').or_(page.locator('#focused', has_text='better')).first.wait_for()
    assert page.evaluate('document.documentElement.scrollWidth')<=width and all(i.get_attribute('alt') for i in page.locator('.heats img').all())

def test_mistakes_in_a_browser(page, tmp_path):
    page.get_by_role('button', name='Compare', exact=True).click()
    page.get_by_text('Choose a picture first.').wait_for()
    tab(page, 'Files')
    (tmp_path/'x.taco').write_text('hello')
    page.locator('#upload input[type=file]').set_input_files(tmp_path/'x.taco')
    page.get_by_text('x.taco').first.wait_for()
    page.get_by_role('button', name='Decompress').click()
    page.get_by_text('This is no .taco file').wait_for()

@pytest.mark.parametrize('scheme', ['light','dark'])
def test_phone(page, scheme):
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size(dict(width=390, height=844))
    for name in ('Compare','Words','Files'):
        tab(page, name)
        assert page.evaluate('document.documentElement.scrollWidth')<=390
    tab(page, 'Compare')
    box,sources = (page.locator(s).bounding_box() for s in ('#pictures', '#pictures .source-selection')) # upload, webcam, clipboard
    assert page.locator('#pictures .source-selection button').count()==3 and sources['y']+sources['height']<=box['y']+box['height']
    page.locator('#caption textarea').focus(); page.keyboard.press('Tab'); page.keyboard.press('Tab')
    assert page.evaluate('getComputedStyle(document.activeElement).outlineStyle')=='solid' # on a box of λ
    assert page.locator('#examples img').first.get_attribute('alt')==next(iter(work.CAPTIONS.values()))

def test_tables_on_a_phone(page, path):
    "Nothing scrolls sideways: each row is a box."
    page.set_viewport_size(dict(width=390, height=844))
    page.locator('#pictures input[type=file]').first.set_input_files(path)
    page.locator('#pictures img').first.wait_for()
    page.get_by_role('button', name='Compare', exact=True).click()
    page.locator('.cards dd', has_text=re.compile(r'\.taco$')).first.wait_for()
    page.locator('.cards dt', has_text='ST-LPIPS' if 'stlpips' in work.scorers() else 'PSNR').first.wait_for()
    assert page.locator('.cards').count()==2 and not page.locator('#table').is_visible() and not page.locator('#heads').is_visible()
    wide = '[...document.querySelectorAll(".cards, .cards *")].filter(e => e.scrollWidth>e.clientWidth+1 || e.getBoundingClientRect().right>390).length'
    assert page.evaluate(wide)==0 and page.evaluate('document.documentElement.scrollWidth')<=390
    page.set_viewport_size(dict(width=1280, height=900))
    page.locator('#table').wait_for()
    assert not page.locator('.cards').first.is_visible()
