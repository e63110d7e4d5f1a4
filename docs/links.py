"Does every link of the built site lead somewhere, and does it take nothing from elsewhere?"
import re, sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

class Marks(HTMLParser):
    "The ids of a page, its links, and what it loads."
    def __init__(self, text):
        super().__init__()
        self.ids,self.links,self.loads = {'__top'}, set(), set()
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        a = dict(attrs)
        self.ids |= {a[k] for k in ('id','name') if a.get(k)}
        if tag=='a' and a.get('href'): self.links.add(a['href'])
        if a.get('src'): self.loads.add(a['src'])
        if tag=='link' and a.get('href') and a.get('rel') not in ('canonical','prev','next'): self.loads.add(a['href'])

def wrong(site, base=''):
    "What is wrong, a line each; `base` is the path that the site has where it is published."
    pages = {p: Marks(p.read_text(encoding='utf-8')) for p in site.rglob('*.html')}
    bad = []
    for p,marks in pages.items():
        name = p.relative_to(site).as_posix()
        for url in sorted(marks.links | marks.loads):
            o = urlsplit(url)
            if o.scheme or o.netloc:
                if url in marks.loads and o.scheme!='data': bad.append(f'{name} loads {url}, which is not of the site')
                continue
            path = unquote(o.path)
            if path.startswith('/'): target = site/path.removeprefix(base).lstrip('/')
            else: target = p.parent/path if path else p
            target = Path(*target.resolve().parts)
            if target.is_dir(): target /= 'index.html'
            if not target.exists(): bad.append(f'{name}: there is no {url}')
            elif o.fragment and target in pages and unquote(o.fragment) not in pages[target].ids: bad.append(f'{name}: there is no #{o.fragment} in {url}')
    for p in site.rglob('*.css'):
        text = p.read_text(encoding='utf-8')
        bad += [f'{p.relative_to(site).as_posix()} loads {u}' for u in re.findall(r'(?:url\(|@import )["\']?((?:https?:)?//[^"\')]+)', text)]
    return bad
