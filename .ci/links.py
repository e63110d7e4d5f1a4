"Every link in notebooks, markdown files and the pages of the site leads somewhere, and every tutorial has one that opens it in Colab."
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent/'docs'))
import pages

sys.exit('\n'.join(pages.dead()) or None)
