"Files, pictures, the machine, and distances that look through a network."
