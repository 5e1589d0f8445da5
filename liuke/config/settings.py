"""Django's settings. Whatever differs between machines comes from `environment`."""

import sys

from liuke.config import environment
from liuke.config.databases import databases
from liuke.config.logs import logging_config

DEBUG = environment.flag("LIUKE_DEBUG")
HTTPS = environment.flag("LIUKE_HTTPS")  # set when people reach Liuke through a proxy that speaks https
DATA_DIR = environment.data_dir()
SECRET_KEY = environment.secret_key()
ALLOWED_HOSTS = environment.hosts()
PROXIES = environment.words("LIUKE_PROXIES") or (["127.0.0.1", "::1"] if HTTPS else [])  # believed about visitors

LIUKE_APPS = [
    "liuke.core",
    "liuke.accounts",
    "liuke.base",
    "liuke.workspace",
    "liuke.documents",
    "liuke.customers",
    "liuke.marketing",
    "liuke.commerce",
    "liuke.retention",
    "liuke.service",
    "liuke.reports",
    "liuke.integrations.sales_system",
]
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    *LIUKE_APPS,
]

MIDDLEWARE = [
    "liuke.core.health.Health",
    "liuke.core.limits.RealAddress",
    "liuke.core.faults.Timed",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "liuke.core.security.PageHeaders",
    "liuke.core.limits.RequestLimits",
    "liuke.core.audit.acting.AtTheDoor",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "liuke.core.security.SessionLimits",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "liuke.accounts.middleware.SignInFirst",  # a view that strangers may see says so itself
    "liuke.accounts.middleware.Preferences",
    "liuke.accounts.preview.Preview",
    "liuke.core.errors.Refusals",  # innermost: it turns refusals of the views into pages
]
ROOT_URLCONF = "liuke.config.urls"
WSGI_APPLICATION = "liuke.config.wsgi.application"
APPEND_SLASH = True

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [environment.PACKAGE.joinpath(*app.split(".")[1:], "templates") for app in LIUKE_APPS],
        "OPTIONS": {
            "environment": "liuke.core.jinja.environment",
            "context_processors": ["liuke.core.context.page"],
        },
    }
]
FORM_RENDERER = "liuke.core.forms.Renderer"

DATABASES = databases()
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# People and sign-in
AUTH_USER_MODEL = "accounts.User"
LOGIN_URL = "/login/"
LOGIN_REDIRECT_URL = "/"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",  # only to read hashes brought from elsewhere
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "name", "email")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "liuke.accounts.passwords.LevelProtection"},
    {"NAME": "liuke.accounts.passwords.NotUsedBefore"},
]

# Cookies of two programs on one host share a jar: hence our own names. `__Host-` works over https only.
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_NAME = "__Host-liuke-session" if HTTPS else "liuke-session"
SESSION_COOKIE_AGE = 25 * 3600  # more than the longest idle time; SessionLimits ends sessions by the settings
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True  # pages carry the token, no script reads the cookie
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_NAME = "__Host-liuke-csrf" if HTTPS else "liuke-csrf"
CSRF_FAILURE_VIEW = "liuke.core.errors.csrf_failure"
CSRF_TRUSTED_ORIGINS = [f"https://{host.lstrip('.')}" for host in ALLOWED_HOSTS if HTTPS and host != "*"]

# What browsers are told; the content policy stands in liuke.core.security
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
if HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 366 * 24 * 3600
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
# Known: PageHeaders sends X-Frame-Options, and being in the lists of browsers is for the owner of the domain to ask.
SILENCED_SYSTEM_CHECKS = ["security.W002", "security.W021"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000  # an order of 200 lines has 1,400
LARGEST_UPLOAD_MB = environment.number("LIUKE_LARGEST_UPLOAD_MB", 512)
REQUESTS_PER_SECOND = environment.number("LIUKE_REQUESTS_PER_SECOND", 30)  # of one session or token, lasting; 0: any
STATEMENT_SECONDS = 0  # longest statement on PostgreSQL; the web server sets one, background work takes its time
SLOW_AFTER = environment.number("LIUKE_SLOW_AFTER_MS", 1000) / 1000  # seconds from which a request is written down

# Words, days, numbers
LANGUAGE_CODE = environment.LANGUAGE
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [environment.LOCALE]
LANGUAGE_COOKIE_NAME = "liuke-language"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"
FORMAT_MODULE_PATH: list[str] = []

# Assets: `make setup` collects the built front end with hashed names and .br/.gz into `liuke/static`, which the wheel
# ships. Without that (a fresh clone, work on the front end) files come straight from the apps' folders; in tests too,
# because Django's live test server knows no other way.
STATIC_URL = "/static/"
STATIC_ROOT = environment.PACKAGE / "static"
FROM_SOURCE = (DEBUG and environment.CHECKOUT is not None) or "pytest" in sys.modules
ASSETS_COLLECTED = (STATIC_ROOT / "staticfiles.json").exists() and not FROM_SOURCE
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = not ASSETS_COLLECTED
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {
            "location": DATA_DIR / "files",
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
        },
    },
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if ASSETS_COLLECTED or environment.flag("LIUKE_COLLECT")
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}

LOGGING = logging_config(DATA_DIR, debug=DEBUG)
