"The Python of CONTRIBUTING.md, run from its first line to its last in one namespace, where a reader stands: at the root."
import os, re, sys, traceback, warnings
from pathlib import Path
from tempfile import TemporaryDirectory

root = Path(__file__).resolve().parent.parent
page = root/'CONTRIBUTING.md'
os.chdir(root)
os.environ['TQDM_DISABLE'] = '1'
sys.path.insert(0, str(root))
warnings.simplefilter('ignore', ResourceWarning)

def blocks(text): # line of its first line, source
    for m in re.finditer(r'^```python\n(.*?)^```', text, re.M | re.S): yield text.count('\n', 0, m.start())+1, m[1]

names,text = {'__name__': 'contributing'}, page.read_text(encoding='utf-8')
with TemporaryDirectory(ignore_cleanup_errors=True) as out: # the page writes into `out`
    names['out'] = Path(out)
    try:
        for line,src in blocks(text): exec(compile('\n'*line+src, str(page), 'exec'), names) # lines are those of the page
    except Exception as e:
        at = next((f.lineno for f in reversed(traceback.extract_tb(e.__traceback__)) if f.filename==str(page)), getattr(e, 'lineno', '?'))
        sys.exit(f'CONTRIBUTING.md, line {at}: {type(e).__name__}: {e}')
lost = sorted({f for f in re.findall(r'\]\((?!http|#)([^)#]+)', text) if not (root/f).exists()})
if not any(blocks(text)): sys.exit('CONTRIBUTING.md has no Python to run')
sys.exit('\n'.join(f'CONTRIBUTING.md points to {f}, which is not there' for f in lost) or None)
