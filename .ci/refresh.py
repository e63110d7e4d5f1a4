"Run notebooks again and keep their outputs; cells that `nbdev_test` skips keep the ones they have."
import os, subprocess, sys
from pathlib import Path
from execnb.nbio import write_nb
from execnb.shell import CaptureShell
from fastcore.xtras import working_directory
from nbdev.clean import nbdev_clean
from nbdev.config import get_config
from nbdev.doclinks import nbglob
from nbdev.process import NBProcessor

os.environ['TQDM_DISABLE'] = '1' # progress bars show times, and outputs must be repeatable
skip = set(get_config().tst_flags.split())

def kept(cell):
    "Does `cell` stay as it is? Empties the others, since `execnb` leaves old outputs where there are no new ones."
    if cell.cell_type!='code': return True
    d = getattr(cell, 'directives_', None) or {}
    if skip & d.keys() or d.get('eval:', [''])[0].lower()=='false' or 'nbdev_export(' in cell.source: return True
    cell.outputs = []

def refresh(path):
    "Run the notebook where it lies; it is written only if every cell passed."
    sys.path.insert(0, str(get_config().config_path))
    nb,shell = NBProcessor(path, rm_directives=False, process=True).nb, CaptureShell(path)
    try:
        with working_directory(path.parent): shell.run_all(nb, exc_stop=True, preproc=kept)
    except Exception: sys.exit(shell.prettytb(fname=path) + f'{path} is left as it was')
    write_nb(nb, path)
    nbdev_clean(str(path))

paths = [Path(o).resolve() for o in sys.argv[1:] or sorted(nbglob())]
if len(paths)==1: refresh(paths[0])
else:                               # each in its own process, so that none sees what another left behind
    failed = [p.name for p in paths if subprocess.run([sys.executable, __file__, str(p)]).returncode]
    sys.exit(f"failed: {', '.join(failed)}" if failed else None)
