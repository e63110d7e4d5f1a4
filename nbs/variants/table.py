"""The table of words that `taco.text.keywords` ships, from the captions of training pictures:

    pip install HanTa && python nbs/variants/table.py SHARDS [OUT]

SHARDS holds captioned-*.tar; OUT is taco/weights/keywords.json if not given. Words of one caption alone are left out, idf has two decimals.
"""
import json, math, re, sys, tarfile
from collections import Counter
from pathlib import Path
from HanTa.HanoverTagger import HanoverTagger
from tqdm import tqdm
from taco.text.keywords import WORD, table_of

shards,out = Path(sys.argv[1]), Path(sys.argv[2] if len(sys.argv)>2 else Path(__file__).parents[2]/'taco/weights/keywords.json')
captions = []
for path in sorted(shards.glob('captioned-*.tar')):
    with tarfile.open(path) as tar: captions += [c for m in tar if m.name.endswith('.json') for c in json.load(tar.extractfile(m))['captions']]
tagger,seen,noun = HanoverTagger('morphmodel_en.pgz'), Counter(), Counter()
for c in tqdm(captions, 'tagging'):
    for word,_,tag in tagger.tag_sent(re.findall(WORD+r'|[.,;:!?]', c)):
        seen[word.lower()] += 1
        noun[word.lower()] += tag.startswith(('NN','NP'))
table = table_of(captions, [w for w in seen if noun[w]>seen[w]/2])
most = math.log((1+len(captions))/3)+1  # idf of a word of two captions
table['idf'] = {w: round(v, 2) for w,v in table['idf'].items() if v<=most}
table['nouns'] = [w for w in table['nouns'] if w in table['idf']]
out.write_text(json.dumps(table, ensure_ascii=False, separators=(',',':'))+'\n', encoding='utf-8')
print(f'{out}: {len(table["idf"])} words of {len(captions)} captions, {len(table["nouns"])} nouns, {out.stat().st_size} bytes')
