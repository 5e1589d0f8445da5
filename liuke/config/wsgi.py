import os
from threading import Thread

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liuke.config.settings")
settings.STATEMENT_SECONDS = 60

application = get_wsgi_application()


def _learn_to_read() -> None:
    """The dictionary of pinyin takes most of a second to load: nobody's first search shall wait for it."""
    from liuke.core.search import spelling

    spelling.readings("留客")


Thread(target=_learn_to_read, daemon=True).start()
