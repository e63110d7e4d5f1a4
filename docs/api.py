"A page of reference for a module: names, shapes, units, defaults and errors, read from its text (nothing is imported)."
import ast, io, re, tokenize
from dataclasses import dataclass, field

@dataclass
class Thing:
    "A public function or class."
    name: str
    node: ast.AST
    head: str = ''                              # as one writes it: name(a, b=1)
    params: list = field(default_factory=list)  # of (name, type, default, what it is)
    gives: tuple = ()                           # (type, what it is)
    methods: list = field(default_factory=list) # of `Thing`

    @property
    def doc(self): return ' '.join((ast.get_docstring(self.node) or '').split())

def comments(src): # line -> the comment on it
    return {t.start[0]: t.string.lstrip('# ').strip() for t in tokenize.generate_tokens(io.StringIO(src).readline) if t.type==tokenize.COMMENT}

def text(node): return ast.unparse(node) if node else ''

def params(node, said): # a function -> (name, type, default, what it is); the comment of a line is of its last parameter
    a = node.args
    plain = [*a.posonlyargs, *a.args]
    given = dict(zip([p.arg for p in plain[len(plain)-len(a.defaults):]], a.defaults)) | {p.arg: d for p,d in zip(a.kwonlyargs, a.kw_defaults) if d}
    stars = {id(a.vararg): '*', id(a.kwarg): '**'}
    every = [*plain, *([a.vararg] if a.vararg else []), *a.kwonlyargs, *([a.kwarg] if a.kwarg else [])]
    last = {p.lineno: p for p in every}
    alone = node.body[0].lineno>node.lineno # else the comment behind the line is of what is given back, or of all
    for p in every:
        mine = alone and last[p.lineno] is p and not (node.returns and node.returns.end_lineno==p.lineno) and not (p.lineno==node.lineno and not node.returns)
        yield stars.get(id(p), '')+p.arg, text(p.annotation), text(given.get(p.arg)), said.get(p.lineno, '') if mine else ''

def function(node, said, name=None, skip=0):
    "A function; `skip` parameters, `self`, are not shown."
    ps = [*params(node, said)][skip:]
    stars = ['*'] if node.args.kwonlyargs and not node.args.vararg else []
    at = len(node.args.posonlyargs+node.args.args)-skip
    words = [n+(f'={d}' if d else '') for n,_,d,_ in ps]
    end = node.returns.end_lineno if node.returns else node.lineno
    what = said.get(end, '') if node.returns or not any(p[3] for p in ps) else ''
    head = f'{name or node.name}({", ".join([*words[:at], *stars, *words[at:]])})'
    return Thing(name or node.name, node, head, ps, (text(node.returns), what) if node.returns or what else ())

def decorated(node, *names): return any(text(d).split('(')[0].split('.')[-1] in names for d in node.decorator_list)

def default(node): # of a field: the value, and what `_f(value, 'what it is')` says
    if isinstance(node, ast.Call) and len(node.args)==2 and isinstance(node.args[1], ast.Constant): return text(node.args[0]), node.args[1].value
    return text(node), ''

def klass(node, said):
    "A class: its fields or the parameters of `__init__`, and its public methods."
    t = Thing(node.name, node)
    bases = [text(b) for b in node.bases]
    own = [o for o in node.body if isinstance(o, ast.FunctionDef)]
    init = next((o for o in own if o.name=='__init__'), None)
    if init:
        f = function(init, said, node.name, skip=1)
        t.head,t.params = f.head, f.params
    elif decorated(node, 'dataclass') or 'NamedTuple' in bases:
        for o in node.body:
            if not isinstance(o, ast.AnnAssign) or 'ClassVar' in text(o.annotation): continue
            value,what = default(o.value)
            t.params.append((o.target.id, text(o.annotation), value, what or said.get(o.end_lineno, '')))
        t.head = f'{node.name}({", ".join(n+(f"={d}" if d else "") for n,_,d,_ in t.params)})'
    else: t.head = f'{node.name}({", ".join(bases)})'
    t.methods = [function(o, said, f'{node.name}.{o.name}', skip=not decorated(o, 'staticmethod')) for o in own
                 if not o.name.startswith('_') or (o.name=='__call__' and ast.get_docstring(o))]
    for m in t.methods:
        if decorated(m.node, 'property'): m.head = m.name
    t.methods = [m for m in t.methods if not decorated(m.node, 'setter')]
    return t

def message(node, known):
    "The text of an error, with {what is filled in}; '' where it is made elsewhere."
    if isinstance(node, ast.Constant): return str(node.value)
    if isinstance(node, ast.JoinedStr): return ''.join(message(o, known) for o in node.values)
    if isinstance(node, ast.FormattedValue): return known.get(text(node.value)) or '{'+text(node.value)+'}'
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add): return message(node.left, known)+message(node.right, known)
    if isinstance(node, ast.IfExp): return message(node.body, known)
    if isinstance(node, ast.Name): return known.get(node.id, '{'+node.id+'}')
    return '{…}'

def errors(node):
    "What a function raises itself: (class, text)."
    known = {}
    for o in ast.walk(node):
        if not (isinstance(o, ast.Assign) and isinstance(o.targets[0], ast.Name) and isinstance(o.value, (ast.Constant, ast.JoinedStr))): continue
        if (said := message(o.value, {})).count(' ')>1: known[o.targets[0].id] = said # a sentence, or its beginning
    found = [o.exc for o in ast.walk(node) if isinstance(o, ast.Raise) and isinstance(o.exc, ast.Call) and o.exc.args]
    return [(text(o.func), message(o.args[0], known)) for o in sorted(found, key=lambda o: o.lineno) if text(o.func)[:1].isupper()]

def module(src):
    "The public names of a module: constants as (name, value, what it is), and `Thing`s, methods added by `@patch` with their class."
    tree,said = ast.parse(src), comments(src)
    public = next((ast.literal_eval(o.value) for o in tree.body if isinstance(o, ast.Assign) and text(o.targets[0])=='__all__'), [])
    constants,things,added = [], {}, {}
    for o in tree.body:
        if isinstance(o, ast.ClassDef) and o.name in public: things[o.name] = klass(o, said)
        elif isinstance(o, ast.FunctionDef) and decorated(o, 'patch'):
            of = text(o.args.args[0].annotation)
            if not o.name.startswith('_') or o.name=='__call__': added.setdefault(of, []).append(function(o, said, f'{of}.{o.name}', skip=1))
            for m in added.get(of, [])[-1:]:
                if 'as_prop=True' in ' '.join(map(text, o.decorator_list)): m.head = m.name
        elif isinstance(o, ast.FunctionDef) and o.name in public: things[o.name] = function(o, said)
        elif isinstance(o, ast.Assign):
            names = [n.id for t in o.targets for n in ast.walk(t) if isinstance(n, ast.Name)]
            what = said.get(o.end_lineno, said.get(o.lineno, ''))
            if names[0]!='__all__' and any(n in public for n in names): constants.append((', '.join(names), text(o.value), what))
    for of,ms in added.items():
        if of in things: things[of].methods += ms
        else: things |= {m.name: m for m in ms}
    return constants, list(things.values())

def cell(s, code=False): # of a table
    s = ' '.join(s.split())
    if code: return '<code>'+re.sub(r'[&<|*_]', lambda m: f'&#{ord(m[0])};', s)+'</code>' if s else ''
    return re.sub(r'(?<!\\)\|', r'\\|', escape(s))

def escape(s): # prose of a docstring or comment -> markdown that shows it so
    parts = re.split(r'(`[^`]*`)', s)
    return ''.join(p if i%2 else re.sub(r'([*_\[\]<>])', r'\\\1', p) for i,p in enumerate(parts))

def table(head, *rows): return [f'| {" | ".join(r)} |' for r in (head, ['---']*len(head), *rows)] + ['']

def shown(t, level):
    "The markdown of a function, class or method."
    lines = [f'{"#"*level} `{t.name}` {{ #{t.name} }}', '']
    head = t.head if len(t.head)<=90 else t.head.replace('(', '(\n    ', 1).replace(', ', ',\n    ') if t.head.count('(')==1 else t.head
    lines += [f'```python\n{head}\n```', ''] + [escape(t.doc), '']*bool(t.doc)
    if any(p[1] or p[3] for p in t.params):
        rows = ([cell(n, True), cell(w), cell(a, True), cell(d, True)] for n,a,d,w in t.params)
        lines += table(*zip(*(c for c in zip(('name','what it is','type','default'), *rows) if any(c[1:]))))
    if any(t.gives): lines += ['**Gives** '*bool(t.gives[0]) + ' · '.join(o for o in (cell(t.gives[0], True), escape(t.gives[1])) if o), '']
    made = [o for o in t.node.body if getattr(o, 'name', '') in ('__init__','__post_init__')] if isinstance(t.node, ast.ClassDef) else [t.node]
    raised = [e for o in made for e in errors(o)]
    if raised: lines += ['**Errors**', ''] + [f'- `{c}`: {escape(m)}' for c,m in dict.fromkeys(raised)] + ['']
    return lines + [l for m in t.methods for l in shown(m, level+1)]

def page(src):
    "The markdown of a module, without its title; '' if nothing in it is public."
    constants,things = module(src)
    lines = []
    if constants:
        rows = ((cell(n, True), cell(w), cell(v if len(v)<=60 else v[:57]+'…', True)) for n,v,w in constants)
        lines += ['## Constants', '', *table(('name','what it is','value'), *rows)]
    return '\n'.join(lines + [l for t in things for l in shown(t, 2)])
