"The pages of the site as markdown, from notebooks, README.md and modules; needs no package."
import base64, json, posixpath, re
from configparser import ConfigParser
from functools import cache
from pathlib import Path
import api

root = Path(__file__).resolve().parent.parent
settings = ConfigParser(delimiters=['='])
settings.read(root/'settings.ini', encoding='utf-8')
settings = settings['DEFAULT']
github = f"{settings['git_url']}/%s/{settings['branch']}/%s"
suffix = {'image/png': 'png', 'image/jpeg': 'jpg', 'image/svg+xml': 'svg'}
code = re.compile(r'^ *```.*?^ *```|^#[^\n]*$|^(?: {4}[^\n]*(?:\n|$))+|``.+?``|`[^`\n]+`', re.M | re.S) # and headings, which stay as they are
links = re.compile(r'(!?)\[((?:[^\[\]]|!\[[^\]]*\]\([^)]*\))*)\]\(([^)\s]+)\)') # a badge is a picture in a link

class Dead(Exception): "A link that leads nowhere."

@cache
def read(path): return (root/path).read_text(encoding='utf-8')

@cache
def cells(path): return json.loads(read(path))['cells']

def directive(cell, name): return re.search(rf'^#\| *{name}', ''.join(cell['source']), re.M)

@cache
def about(nb): # a notebook -> title, subtitle, name of its module or None
    first = ''.join(cells(nb)[0]['source'])
    exp = next((m for c in cells(nb) if (m := re.search(r'^#\| *default_exp +(\S+)', ''.join(c['source']), re.M))), None)
    return re.search('^# +(.+)', first, re.M)[1], (re.search('^> *(.+)', first, re.M) or ['', ''])[1], exp and f"{settings['lib_name']}.{exp[1]}"

def rooms(): # as README.md has them: (name, what it is about, its notebooks)
    found = []
    for name,what,nb in re.findall(r'^\| (?:\*\*`(.+?)`\*\* \| \*\*(.+?)\*\*|\[[^]]+\]\((nbs/\d\d_[^)]+)\) \|)', read('README.md'), re.M):
        if name: found.append((name, what, []))
        else: found[-1][2].append(nb)
    return found

def tutorials(): # in the order of README.md, and those that it does not name
    named = re.findall(r'\((nbs/tutorials/[^)]+\.ipynb)\)', re.search(r'^## Tutorials\n(.*?)^## ', read('README.md'), re.M | re.S)[1])
    return list(dict.fromkeys([*named, *sorted(p.relative_to(root).as_posix() for p in (root/'nbs/tutorials').glob('*.ipynb'))]))

def written(): # pages that lie in the project as markdown
    return {p.relative_to(root).as_posix(): f'project/{p.stem.lower()}.md' for p in [*root.glob('C*.md'), *sorted((root/'contributing').glob('*.md'))]}

@cache
def homes(): # what has a page -> where in the site
    chapters = {nb: f'notebooks/{Path(nb).stem}.md' for _,_,nbs in rooms() for nb in nbs}
    return {'README.md': 'guide.md', 'nbs/index.ipynb': 'guide.md', **chapters,
            **{nb: f'tutorials/{Path(nb).stem}.md' for nb in tutorials()}, **written()}

def source(nb): # its module
    name = about(nb)[2]
    path = name and name.replace('.', '/')+'.py'
    return path if path and (root/path).exists() and not Path(path).stem.startswith('_') and name!=f"{settings['lib_name']}.app.cli" else None

@cache
def references(): # notebook -> where the names of its module are described, and how
    def home(nb): return f'api/{about(nb)[2].removeprefix(settings["lib_name"]+".")}.md'
    pages = {nb: (home(nb), api.page(read(source(nb)))) for _,_,nbs in rooms() for nb in nbs if source(nb)}
    return {nb: o for nb,o in pages.items() if o[1]}

@cache
def names(): # a name of the package -> the one page that describes it, with its place there
    found = {}
    for page,body in references().values():
        for n in re.findall(r'\{ #(\S+) \}', body): found.setdefault(n, []).append(f'{page}#{n}')
    return {n: p[0] for n,p in found.items() if len(p)==1}

@cache
def anchors(path): # of the headings in a notebook or markdown file
    text = '\n\n'.join(''.join(c['source']) for c in cells(path) if c['cell_type']=='markdown') if path.endswith('.ipynb') else read(path)
    return {re.sub(r'[^\w\- ]', '', h.lower()).replace(' ', '-') for h in re.findall('^#+ +(.+)', text, re.M)}

class Page:
    "A page in the making; `files` is what it shows (place in the site -> bytes or a path)."
    def __init__(self, home, source):
        self.home,self.source,self.files = home, source, {}

    def to(self, place): # relative to this page
        page,_,anchor = place.partition('#')
        return posixpath.relpath(page, posixpath.dirname(self.home) or '.') + ('#'+anchor if anchor else '')

    def link(self, url, image=False):
        "Where a link or picture of the source leads, as seen from the page."
        if re.match('[a-z]+:', url):
            if not re.match(r'https://[\w.-]+\.[a-z]+(/\S*)?$|mailto:', url): raise Dead(f'{self.source}: {url} is not an address')
            return url
        path,_,anchor = url.partition('#')
        if not path:
            if anchor not in anchors(self.source): raise Dead(f'{self.source}: there is no heading #{anchor} in it')
            return url
        target = posixpath.normpath(posixpath.join(posixpath.dirname(self.source), path))
        if target.startswith('..') or not (root/target).exists(): raise Dead(f'{self.source}: there is no {path}')
        if image:
            self.files[f'files/{target}'] = root/target
            return self.to(f'files/{target}')
        if target in homes():
            if anchor and anchor not in anchors(target): raise Dead(f'{self.source}: there is no heading #{anchor} in {target}')
            return self.to(homes()[target]+url[len(path):])
        return github%('tree' if (root/target).is_dir() else 'blob', target)

    def prose(self, text):
        "Markdown with its links turned to pages, and names of the package made into links."
        kept = []
        def keep(m): kept.append(m[0]); return f'\0{len(kept)-1}\0'
        def plain(m): return kept[int(m[1])]
        def named(m):
            n = re.fullmatch(r'`([A-Za-z][\w.]*)(\(\))?`', plain(m))
            return f'[{n[0]}]({self.to(names()[n[1]])})' if n and n[1] in names() and re.search('[A-Z_(]', n[0]) else plain(m)
        def link(m): return f'{m[1]}[{hole.sub(plain, links.sub(link, m[2]))}]({self.link(m[3], bool(m[1]))})'
        hole = re.compile('\0(\\d+)\0')
        text = code.sub(keep, text)
        text = re.sub(r'^(?! *(?:[-*|]|\d+\.) ?)(.*\S.*)\n(?=(?:[-*]|\d+\.) |\|)', r'\1\n\n', text, flags=re.M) # lists and tables begin after a blank line
        text = re.sub(r'((src|href)=")([^"]+)', lambda m: m[1]+self.link(m[3], m[2]=='src'), text)
        return hole.sub(named, links.sub(link, text))

    def figure(self, raw, name):
        self.files[place := f'{posixpath.dirname(self.home)}/images/{name}'] = raw
        return f'![]({self.to(place)})'

    def output(self, cell, i, o):
        "One output: its figure, its markdown, its HTML or its text."
        data = o.get('data', {})
        for kind,ext in suffix.items():
            if kind not in data: continue
            raw = ''.join(data[kind])
            return self.figure(raw.encode() if ext=='svg' else base64.b64decode(raw), f"{Path(self.source).stem}-{cell['id']}-{i}.{ext}")
        if 'text/markdown' in data: return self.prose(''.join(data['text/markdown']))
        if 'text/html' in data: return '<div class="html" markdown="0">\n' + ''.join(data['text/html']) + '\n</div>'
        text = '' if o.get('name')=='stderr' else ''.join(o.get('text') or data.get('text/plain', ''))
        text = re.sub(r'\x1b\[[\d;]*m', '', text).strip('\n')
        return f'````{{ .text .output }}\n{text}\n````' if text else ''

    def render(self, cell):
        "The blocks of markdown that a cell stands for."
        src = ''.join(cell['source'])
        if cell['cell_type']=='markdown': return [self.prose(src)]
        if cell['cell_type']!='code' or directive(cell, '(hide|include: *false)'): return []
        text = re.sub(r'^#\|.*\n?', '', src, flags=re.M).strip()
        shown = [f"````{{ .python{' .exported'*bool(directive(cell, 'export'))} }}\n{text}\n````"]*bool(text and not directive(cell, 'echo: *false'))
        return shown if directive(cell, 'output: *false') else shown + [self.output(cell, i, o) for i,o in enumerate(cell.get('outputs', []))]

def meta(*parts): return ' · '.join(parts) + '\n{ .meta }'

def notebook(nb, home):
    page = Page(home, nb)
    first,*rest = ([b for b in page.render(c) if b.strip()] for c in cells(nb))
    line = [f'Module [`{about(nb)[2]}`]({page.to(o[0])})' for o in [references().get(nb)] if o] + [f'[Notebook]({github%("blob", nb)})']
    said = re.sub(r'(^> .*$)', lambda m: f'{m[1]}\n\n{meta(*line)}', '\n\n'.join(first), count=1, flags=re.M)
    return page, '\n\n'.join([said, *(b for bs in rest for b in bs)])

def reference(nb):
    (home,body),(_,said,module) = references()[nb], about(nb)
    page = Page(home, nb)
    chapter = f'Told and proved in [{Path(nb).stem}]({page.to(homes()[nb])})'
    return page, f'# {module}\n\n> {said}\n\n' + meta(chapter, f'[Source]({github%("blob", source(nb))})') + f'\n\n{body}'

def tables(page, row): # a table for each room; `row` is (link, what it is about) of a notebook, or None
    for name,what,nbs in rooms():
        rows = [f'| [{r[0]}]({page.to(r[1])}) | {page.prose(about(nb)[1])} |' for nb in nbs if (r := row(nb))]
        if rows: yield '\n'.join([f'## {name}', '', f'{what[0].upper()}{what[1:]}', '', '| | |', '| --- | --- |', *rows])

def overview(home, title, text, row):
    page = Page(home, 'README.md')
    return page, '\n\n'.join([f'# {title}', page.prose(text), *tables(page, row)])

def commands(): # `--help` of each
    import click
    from taco.app.cli import cli
    def context(command, name, parent=None): return click.Context(command, parent, name, terminal_width=88, max_content_width=88)
    def help_of(ctx): return f'```text\n{ctx.get_help()}\n```'
    top = context(cli, 'taco')
    blocks = ['# Commands', '> What each says of itself with `--help`', help_of(top)]
    blocks += [f'## taco {n}\n\n{help_of(context(cli.get_command(top, n), n, top))}' for n in cli.list_commands(top)]
    return Page('commands.md', 'README.md'), '\n\n'.join(blocks)

def pages():
    "All (page, its markdown), but `commands`."
    front = Page('index.md', 'docs/index.md')
    yield front, front.prose(read('docs/index.md')).replace('<!-- idea -->', read('docs/idea.html'))
    guide = Page('guide.md', 'README.md')
    yield guide, guide.prose(re.sub('^<!--.*-->\n+', '', read('README.md')).replace('# '+settings['lib_name'], '# Guide', 1))
    said = re.search(r'^## The notebooks\n+(.*?)\n\n\|', read('README.md'), re.M | re.S)[1]
    said += ' Cells with a coloured edge are what the module is made of; the others show that it is so.'
    yield overview('notebooks/index.md', 'The notebooks', said, lambda nb: (Path(nb).stem, homes()[nb]))
    yield overview('api/index.md', 'Reference', 'What each module gives: shapes, units, defaults and errors, as the notebooks state them.',
                   lambda nb: nb in references() and (f'`{about(nb)[2]}`', references()[nb][0]))
    page = Page('tutorials/index.md', 'README.md')
    rows = (f'| [{about(nb)[0]}]({page.to(homes()[nb])}) | {page.prose(about(nb)[1])} |' for nb in tutorials())
    yield page, '\n'.join(['# Tutorials', '', '| | |', '| --- | --- |', *rows])
    for nb in [*tutorials(), *(nb for _,_,nbs in rooms() for nb in nbs)]: yield notebook(nb, homes()[nb])
    for nb in references(): yield reference(nb)
    for path,home in written().items():
        page = Page(home, path)
        yield page, page.prose(read(path))

def nav():
    chapters = [{f'{name} · {what}': [{Path(nb).stem.replace('_', ' ', 1): homes()[nb]} for nb in nbs]} for name,what,nbs in rooms()]
    modules = [{name: [{about(nb)[2].removeprefix(name+'.'): references()[nb][0]} for nb in nbs if nb in references()]} for name,_,nbs in rooms()]
    project = [{Path(p).stem.replace('_', ' ').capitalize(): home} for p,home in written().items()]
    return [{'Home': 'index.md'}, {'Guide': ['guide.md', {'Commands': 'commands.md'}, *project]},
            {'Tutorials': ['tutorials/index.md', *({about(nb)[0]: homes()[nb]} for nb in tutorials())]},
            {'Notebooks': ['notebooks/index.md', *chapters]},
            {'Reference': ['api/index.md', *(m for m in modules if [*m.values()][0])]}]

def dead():
    "Every link that leads nowhere, in notebooks, markdown files and the pages made of them."
    found = []
    def tried(f, *args):
        try: return f(*args)
        except Dead as e: found.append(str(e))
    texts = [(p.relative_to(root).as_posix(), p) for ext in ('md','ipynb') for p in sorted(root.rglob(f'*.{ext}'))
             if not any(o.startswith(('.', '_')) or o in ('build','node_modules') for o in p.relative_to(root).parts)]
    for name,p in texts:
        said = [read(name)] if p.suffix=='.md' else [''.join(c['source']) for c in cells(name) if c['cell_type']=='markdown']
        for t in said: tried(Page('x.md', name).prose, t)
    if not found: tried(list, pages())
    colab = github.replace('https://', 'https://colab.research.google.com/').replace('github.com/', 'github/')
    for nb in tutorials():
        if f"({colab%('blob', nb)})" not in ''.join(cells(nb)[0]['source']):
            found.append(f'{nb}: its first cell has no link that opens it in Colab')
    return found
