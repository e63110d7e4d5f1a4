"""Do settings.ini, the package, the changelog and the citation name one version? And does a tag, where one is given?

    python .ci/release.py [v0.2.0]    # prints what is new in that version, for the notes of a release
"""
import re, sys
from configparser import ConfigParser
from pathlib import Path

root = Path(__file__).resolve().parent.parent
def text(name): return (root/name).read_text(encoding='utf-8')
def first(pattern, name): return m[1] if (m := re.search(pattern, text(name), re.M)) else None

cfg = ConfigParser(delimiters=['='])
cfg.read_string(text('settings.ini'))
version,dated = cfg['DEFAULT']['version'], r'^## \[(\d\S*)\] - '
log = text('CHANGELOG.md')
said = {'taco/__init__.py': first(r'^__version__ = "(.+)"', 'taco/__init__.py'), 'CHANGELOG.md (its last dated section)': first(dated, 'CHANGELOG.md'),
        'CITATION.cff': first(r'^version: (.+)$', 'CITATION.cff')}
day = {'CHANGELOG.md': first(r'^## \[\d\S*\] - (\d{4}-\d\d-\d\d)$', 'CHANGELOG.md'), 'CITATION.cff': first(r'^date-released: "(.+)"$', 'CITATION.cff')}
bad = [f'{where} says version {v}, settings.ini {version}' for where,v in said.items() if v!=version]
if len({*day.values()})>1 or None in day.values(): bad.append('the last release has two dates: '+', '.join(f'{v} in {k}' for k,v in day.items()))
bad += [f'CHANGELOG.md has no link for [{n}]' for n in re.findall(r'^## \[(.+?)\]', log, re.M) if f'\n[{n}]: ' not in log]
for tag in sys.argv[1:]:
    if tag!=f'v{version}': bad.append(f'the tag is {tag}, settings.ini says version {version}: the tag must be v{version}')
if bad: sys.exit('\n'.join(bad))
if sys.argv[1:]: print(re.search(rf'^## \[{re.escape(version)}\][^\n]*\n\n(.*?)(?=^## |^\[)', log, re.M | re.S)[1].strip())
