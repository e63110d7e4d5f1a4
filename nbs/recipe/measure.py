"""How good weights are on the pictures that the arms are measured on: adds a row for each to long.csv, beside this file.

    python nbs/recipe/measure.py KODAK WEIGHTS...
"""
import sys
from pathlib import Path
import numpy as np, torch
from arms import HERE, measure, webp
from taco.measure.bd import bd_rate
from taco.model.checkpoint import load_model
from taco.train.checkpoints import add_rows

torch.set_num_threads(1)
for path in map(Path, sys.argv[2:]):
    model = load_model(path).to(memory_format=torch.channels_last)
    legs,a = [], model.about
    while a: legs,a = [a,*legs], a.get('init') # the runs that it went through
    bpp,db,loss = zip(*measure(model, Path(sys.argv[1])))
    add_rows(HERE/'long.csv', [dict(steps=sum(a['steps'] for a in legs), minutes=sum(a['minutes'] for a in legs), falling='yes' if legs[-1]['recipe']['decay'] else 'no',
                                    loss=float(np.mean(loss)), bd_webp=bd_rate(webp(), (bpp,db)))])
