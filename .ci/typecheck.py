"""The types that users see: mypy reads `typed.py`, in which they are written down."""
import subprocess, sys
from pathlib import Path
from tempfile import TemporaryDirectory

root = Path(__file__).resolve().parent.parent
with TemporaryDirectory() as cache: # a checkout stays as it is
    job = subprocess.run([sys.executable, '-m', 'mypy', '--strict', '--no-error-summary', '--hide-error-context', '--cache-dir', cache, '.ci/typed.py'],
                         cwd=root, capture_output=True, text=True)
sys.exit(job.stdout+job.stderr if job.returncode else None)
