"Everything is in `settings.ini`: edit there, not here."
from configparser import ConfigParser
from pathlib import Path
from setuptools import find_packages, setup
from setuptools.command.build_py import build_py

class WithoutTests(build_py):
    def find_package_modules(self, package, folder): # (package, module, file) of each
        return [o for o in super().find_package_modules(package, folder) if not o[1].startswith('test_')]

def lines(text): return [o for o in text.splitlines() if o]

root,cfg = Path(__file__).parent, ConfigParser(delimiters=['='])
cfg.read(root/'settings.ini', encoding='utf-8')
s = cfg['DEFAULT']

setup(
    name=s['lib_name'], version=s['version'], description=s['description'], keywords=s['keywords'],
    author=s['author'], url=s['git_url'], license='Apache-2.0', license_files=['LICENSE'],
    long_description=(root/'README.md').read_text(encoding='utf-8'), long_description_content_type='text/markdown',
    python_requires=s['python_requires'], packages=[*find_packages(include=[s['lib_path'], f"{s['lib_path']}.*"]), 'taco_demo'],
    package_dir={'taco_demo': 'demo'}, package_data={s['lib_path']: ['py.typed', 'weights/*', 'published/*', '*/*.css'], 'taco_demo': ['examples/*', 'page.*']},
    install_requires=lines(s['requirements']),
    extras_require={k.removesuffix('_requirements'): lines(v) for k,v in s.items() if k.endswith('_requirements')},
    cmdclass={'build_py': WithoutTests},
    entry_points={'console_scripts': lines(s['console_scripts']), 'nbdev': [f"{s['lib_path']}={s['lib_path']}._modidx:d"]})
