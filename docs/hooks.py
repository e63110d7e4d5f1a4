"How MkDocs comes by the pages of pages.py; formulas become MathML, which browsers draw without a script; the site is checked at the end."
import html, io, re, sys
from pathlib import Path
import latex2mathml.converter, ziamath
from fontTools import subset
from mkdocs.exceptions import Abort
from mkdocs.structure.files import File

sys.path.insert(0, str(Path(__file__).parent))
import links, pages

def on_config(config):
    s = pages.settings
    config.site_url,config.site_description = f"{s['doc_host']}{s['doc_baseurl']}/", s['description']
    config.nav = pages.nav()
    return config

LETTERS = (0x20,0x17f), (0x2c6,0x3ff), (0x2000,0x2052), (0x2100,0x22ff), (0x2308,0x230c), (0x23b4,0x23e2), (0x27e6,0x27ec), \
    (0x1d400,0x1d4cf), (0x1d538,0x1d56b), (0x1d6a4,0x1d6e2) # Latin, Greek, signs, arrows, brackets; italic, script and doubled letters

def math_font():
    "STIX Two Math, with the letters and signs that formulas have."
    font = subset.load_font(Path(ziamath.__file__).parent/'fonts/STIXTwoMath-Regular.ttf', subset.Options())
    s = subset.Subsetter(subset.Options(layout_features=['*'], hinting=False))
    s.populate(unicodes=[c for a,b in LETTERS for c in range(a, b)])
    s.subset(font)
    font.save(out := io.BytesIO())
    return out.getvalue()

def on_files(files, config):
    shown = {'math.ttf': math_font()}
    for page,text in [*pages.pages(), pages.commands()]:
        files.append(File.generated(config, page.home, content=text))
        shown |= page.files
    for place,o in shown.items():
        files.append(File.generated(config, place, content=o) if isinstance(o, bytes) else File.generated(config, place, abs_src_path=str(o)))
    return files

def mathml(m): # a formula, as arithmatex leaves it
    tex = html.unescape(m[3])
    made = latex2mathml.converter.convert(tex, display='block' if m[2]==r'\[' else 'inline')
    return made.replace('<mo>&#x02016;</mo>', '<mo stretchy="false">&#x02016;</mo>') # the bars of a norm, one with an index, are alike

def on_page_content(text, **_):
    text = re.sub(r'<(span|div) class="arithmatex">(\\\(|\\\[)(.*?)(?:\\\)|\\\])</\1>', mathml, text, flags=re.S)
    return re.sub(r'<table>.*?</table>', r'<div class="wide">\g<0></div>', text, flags=re.S)

def on_post_build(config):
    if bad := links.wrong(Path(config.site_dir), pages.settings['doc_baseurl']): raise Abort('\n'.join(bad))
