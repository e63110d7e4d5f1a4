"Write README.md from nbs/index.ipynb: what `nbdev_readme` does, without Quarto. Figures go to nbs/images."
import base64, posixpath, re
from pathlib import Path
from execnb.nbio import read_nb

root = Path(__file__).resolve().parent.parent
nbs,figs = root/'nbs', root/'nbs/images'
kinds = {'image/png': 'png', 'image/jpeg': 'jpg', 'image/svg+xml': 'svg'}
directive = lambda src, pat: re.search(rf'^#\|\s*{pat}\s*$', src, re.M)

def from_root(m):
    "A link of the notebook, as seen from the project's root."
    url = m[2] if re.match(r'\w+:|[/#]', m[2]) else posixpath.normpath(f'nbs/{m[2]}')
    return m[1]+url+m[3]

def relink(text): return re.sub(r'(\]\(|\b(?:src|href)=")([^)"\s]+)([)"\s])', from_root, text)

def figure(data, kind, name, alt):
    "Save the figure of a cell; the markdown that shows it."
    raw,fn = ''.join(data[kind]), figs/f'readme-{name}.{kinds[kind]}'
    figs.mkdir(exist_ok=True)
    fn.write_bytes(raw.encode() if kind.endswith('xml') else base64.b64decode(raw))
    return f'![{alt}]({fn.relative_to(root).as_posix()})'

def output(cell, i, o):
    "Markdown for one output: its figure, its markdown or its text."
    data,cap = o.get('data', {}), directive(''.join(cell.source), 'fig-cap:(.*)')
    for kind in kinds:
        if kind in data: return figure(data, kind, f'{cell.id}-{i}', cap[1].strip(' "\'') if cap else '')
    if 'text/markdown' in data: return relink(''.join(data['text/markdown']))
    text = '' if o.get('name')=='stderr' else ''.join(o.get('text') or data.get('text/plain', ''))
    text = re.sub(r'\x1b\[[\d;]*m', '', text).strip('\n')
    return f'```\n{text}\n```' if text else ''

def render(cell):
    "The blocks of markdown that `cell` stands for."
    src = ''.join(cell.source)
    if cell.cell_type=='markdown': return [relink(src)]
    if cell.cell_type!='code' or directive(src, '(hide|include: *false)'): return []
    code = re.sub(r'^#\|.*\n?', '', src, flags=re.M).strip()
    shown = [] if not code or directive(src, 'echo: *false') else [f'```python\n{code}\n```']
    return shown if directive(src, 'output: *false') else shown + [output(cell, i, o) for i,o in enumerate(cell.get('outputs', []))]

for o in figs.glob('readme-*'): o.unlink()
blocks = [b.strip() for c in read_nb(nbs/'index.ipynb').cells for b in render(c) if b.strip()]
note = '<!-- made from nbs/index.ipynb by .ci/readme.py: edit the notebook -->'
(root/'README.md').write_text('\n\n'.join([note, *blocks]) + '\n', encoding='utf-8')
