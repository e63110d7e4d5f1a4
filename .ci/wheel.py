"""Build the wheel, and check what is in it: everything that runs without the project's folder, and nothing else.

    python .ci/wheel.py [--try] [--keep FOLDER]     # --try: install it into an empty environment too, and compress a picture there
"""
import re, shutil, subprocess, sys, tempfile, venv
from pathlib import Path
from zipfile import ZipFile

root = Path(__file__).resolve().parent.parent
picture = root/'demo/examples/kodim23.png'

def built(tmp):
    "The wheel, made from a copy in `tmp`, since building writes beside the sources."
    junk = shutil.ignore_patterns('.*', '__pycache__', 'nbs', 'build', 'dist', 'runs', 'checkpoints', '*.egg-info')
    shutil.copytree(root, tmp/'src', ignore=junk)
    subprocess.run([sys.executable, '-m', 'pip', 'wheel', '-q', '--disable-pip-version-check', '--no-deps', '--no-build-isolation', '-w', tmp, tmp/'src'], check=True)
    return next(tmp.glob('*.whl'))

def wanted():
    "What belongs in it, by its name there."
    kept = {p.relative_to(root) for top in ('taco','demo/examples') for p in (root/top).rglob('*') if p.is_file() and '__pycache__' not in p.parts}
    page = 'app.py', 'handlers.py', 'work.py', 'page.css', 'page.js'
    return {re.sub('^demo/', 'taco_demo/', p.as_posix()) for p in kept} | {f'taco_demo/{n}' for n in page}

def tried(wheel, tmp):
    "Install `wheel` into an empty environment; there and back with it, far from the project."
    venv.create(tmp/'env', with_pip=True)
    python = next(p for p in (tmp/'env/bin/python', tmp/'env/Scripts/python.exe') if p.exists())
    def run(*args): subprocess.run([python, *args], check=True, cwd=tmp)
    run('-m', 'pip', 'install', '-q', '--disable-pip-version-check', wheel)
    run('-m', 'taco', 'models')
    run('-m', 'taco', 'compress', picture, '-o', 'a.taco', '--caption', 'two parrots')
    run('-m', 'taco', 'decompress', 'a.taco', '-o', 'back.png')
    run('-c', 'from PIL import Image; assert Image.open("back.png").size==(768,512)')

with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as tmp:
    tmp = Path(tmp)
    wheel = built(tmp)
    inside = {n for n in ZipFile(wheel).namelist() if '.dist-info/' not in n}
    bad = [f'{n} is missing in the wheel' for n in sorted(wanted()-inside)] + [f'{n} does not belong in the wheel' for n in sorted(inside-wanted())]
    if not bad and '--try' in sys.argv: tried(wheel, tmp)
    if not bad and '--keep' in sys.argv:
        folder = Path(sys.argv[sys.argv.index('--keep')+1])
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copy(wheel, folder)
sys.exit('\n'.join(bad) or None)
