"""The settings of a company's server: nothing that Django warns of."""

import os
import subprocess
import sys


def test_a_server_behind_https_has_no_warning(tmp_path):
    mine = ("LIUKE_", "DATABASE_", "DJANGO_", "PYTEST_")
    env = {key: value for key, value in os.environ.items() if not key.startswith(mine)}
    env |= {"LIUKE_DATA_DIR": str(tmp_path), "LIUKE_HTTPS": "1", "LIUKE_HOSTS": "crm.example.com"}
    command = [sys.executable, "-m", "liuke.cli", "check", "--deploy", "--fail-level", "WARNING"]
    done = subprocess.run(command, env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
