# SPDX-License-Identifier: Apache-2.0
"""Settings: everything from the environment, secrets by file (`NAME_FILE`), safe defaults for one machine.

ZUOXI_HOME holds what the program writes (database, recordings, logs); the default is ./var beside the working folder.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

import django
import environ
import structlog
from django.utils.translation import gettext_lazy as _

PACKAGE = Path(__file__).resolve().parent.parent
env = environ.FileAwareEnv()

HOME = Path(env.str("ZUOXI_HOME", default=str(Path.cwd() / "var"))).resolve()
HANDBOOKS = Path(env.str("ZUOXI_HANDBOOKS", default=str(PACKAGE.parent.parent / "handbooks"))).resolve()
RECORDINGS = Path(env.str("ZUOXI_RECORDINGS", default=str(HOME / "recordings"))).resolve()
# Which trade's handbook this site is run by: a folder of the handbooks.
PACK = env.str("ZUOXI_PACK", default="tv_shopping")
# Folders that a switch's files may be written to and its logs read from; whoever sets up a switch chooses among them.
SWITCH_FOLDERS = [
    Path(one).resolve() for one in env.list("ZUOXI_SWITCH_FOLDERS", default=[str(HOME), "/etc/asterisk", "/var"])
]
DEBUG = env.bool("ZUOXI_DEBUG", default=False)


def kept_secret() -> str:
    """The signing key: from the environment, else made once and kept in ZUOXI_HOME with mode 600."""
    given = env.str("ZUOXI_SECRET_KEY", default="")
    if given:
        return str(given)
    path = HOME / "secret_key"
    HOME.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii")
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(48))
    return path.read_text(encoding="ascii")


SECRET_KEY = kept_secret()
ALLOWED_HOSTS = env.list("ZUOXI_HOSTS", default=["localhost", "127.0.0.1", "[::1]", "testserver"])
CSRF_TRUSTED_ORIGINS = env.list("ZUOXI_ORIGINS", default=[])
PUBLIC_HTTPS = env.bool("ZUOXI_HTTPS", default=False)

INSTALLED_APPS = [
    "zuoxi.web",
    "zuoxi.events",
    "zuoxi.search",
    "zuoxi.jobs",
    "zuoxi.messaging",
    "zuoxi.vault",
    "zuoxi.policy",
    "zuoxi.people",
    "zuoxi.approvals",
    "zuoxi.customers",
    "zuoxi.knowledge",
    "zuoxi.workplace",
    "zuoxi.telephony",
    "zuoxi.workforce",
    "zuoxi.leave",
    "zuoxi.attendance",
    "zuoxi.quality",
    "zuoxi.orders",
    "zuoxi.tickets",
    "zuoxi.complaints",
    "zuoxi.outbound",
    "zuoxi.followups",
    "zuoxi.training",
    "zuoxi.performance",
    "zuoxi.payroll",
    "zuoxi.reporting",
    "zuoxi.gateway",
    "zuoxi.floor",
    "zuoxi.config",
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_htmx",
    "django_vite",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware"
    if django.VERSION < (6, 0)
    else "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "zuoxi.people.middleware.SignInDuties",
    "zuoxi.web.middleware.DenyByDefault",
]

ROOT_URLCONF = "zuoxi.config.urls"
ASGI_APPLICATION = "zuoxi.config.asgi.application"
WSGI_APPLICATION = "zuoxi.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "zuoxi.web.context.page",
            ],
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    ["django.template.loaders.app_directories.Loader"],
                )
            ],
            "builtins": [
                "zuoxi.web.templatetags.figures",
                "zuoxi.web.templatetags.zuoxi",
                "django.templatetags.i18n",
            ],
        },
    }
]

# One setting chooses the database: sqlite:////path/to/file or postgres://user@host:port/name.
DATABASES = {"default": env.db("ZUOXI_DATABASE_URL", default=f"sqlite:///{HOME / 'zuoxi.sqlite3'}")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; "
            "PRAGMA temp_store=MEMORY; PRAGMA cache_size=-65536; PRAGMA mmap_size=268435456; "
            "PRAGMA wal_autocheckpoint=8000"
        ),
    }
else:
    DATABASES["default"].setdefault("OPTIONS", {})["pool"] = {"min_size": 1, "max_size": 8, "timeout": 20}
    # Our questions are short: to compile one takes PostgreSQL many times as long as to answer it.
    DATABASES["default"]["OPTIONS"].setdefault("options", "-c jit=off")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Each process has its own, but counts of tries are shared through the database (see the module).
CACHES = {"default": {"BACKEND": "zuoxi.vault.shared_cache.SharedCounts"}}

AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
PASSWORD_LENGTH = env.int("ZUOXI_PASSWORD_LENGTH", default=12)  # SEC-022
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": PASSWORD_LENGTH},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
CSRF_FAILURE_VIEW = "zuoxi.web.errors.csrf"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "zuoxi.people.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "zuoxi.people.sign_in_forms.SignInForm",
    "change_password": "zuoxi.people.sign_in_forms.PasswordChangeForm",
    "reauthenticate": "zuoxi.people.sign_in_forms.ConfirmForm",
}
ACCOUNT_SESSION_REMEMBER = False  # a session ends with the browser, and after ZUOXI_SESSION_SECONDS in any case
# A whole shift signs in within minutes, perhaps from behind one address; five wrong tries close a staff number.
TRIES_PER_ADDRESS = env.int("ZUOXI_TRIES_PER_ADDRESS", default=30)
ACCOUNT_RATE_LIMITS = {
    "login": f"{20 * TRIES_PER_ADDRESS}/m/ip",
    "login_failed": f"{TRIES_PER_ADDRESS}/m/ip,5/300s/key",
    "reauthenticate": "10/m/user",
    "change_password": "5/m/user",
}
USERSESSIONS_TRACK_ACTIVITY = False  # SignInDuties keeps "last seen" at a coarser grain
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Zuoxi"
MFA_ADAPTER = "zuoxi.people.adapter.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": "zuoxi.people.sign_in_forms.CodeForm",
    "reauthenticate": "zuoxi.people.sign_in_forms.CodeAgainForm",
    "activate_totp": "zuoxi.people.sign_in_forms.FirstCodeForm",
}
# Reverse proxies in front that append to X-Forwarded-For; addresses are only read from it when there are any.
TRUSTED_PROXIES = env.int("ZUOXI_PROXIES", default=1 if PUBLIC_HTTPS else 0)
PASSWORD_DAYS = env.int("ZUOXI_PASSWORD_DAYS", default=90)  # SEC-022; 0 = never expires
SEAT_IDLE_MINUTES = env.int("ZUOXI_SEAT_IDLE_MINUTES", default=30)

SESSION_COOKIE_AGE = env.int("ZUOXI_SESSION_SECONDS", default=12 * 3600)
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = PUBLIC_HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if PUBLIC_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = PUBLIC_HTTPS
if PUBLIC_HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# The softphone's WebSocket is on the same origin behind the proxy; a lab switch may be elsewhere.
SOFTPHONE_ORIGINS = env.list("ZUOXI_SOFTPHONE_ORIGINS", default=["ws://127.0.0.1:8088", "ws://localhost:8088"])
_POLICY = {
    "default-src": ["'self'"],
    "script-src": ["'self'"],
    "style-src": ["'self'"],
    "img-src": ["'self'", "data:"],
    "media-src": ["'self'", "blob:"],
    "connect-src": ["'self'", *SOFTPHONE_ORIGINS],
    "worker-src": ["'self'", "blob:"],
    "object-src": ["'none'"],
    "base-uri": ["'none'"],
    "frame-ancestors": ["'none'"],
    "form-action": ["'self'"],
}
SECURE_CSP = _POLICY
CONTENT_SECURITY_POLICY = {"DIRECTIVES": _POLICY}

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Chinese")), ("en", _("English"))]
TIME_ZONE = env.str("ZUOXI_TIME_ZONE", default="Asia/Shanghai")
USE_I18N = USE_TZ = True
FORMAT_MODULE_PATH = ["zuoxi.web.formats"]

STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("ZUOXI_STATIC", default=str(HOME / "static")))
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
WHITENOISE_USE_FINDERS = True
# The build names its files by their content, so a browser may keep them for good.
WHITENOISE_IMMUTABLE_FILE_TEST = r"/static/build/assets/"
WHITENOISE_AUTOREFRESH = DEBUG
DJANGO_VITE = {
    "default": {
        "dev_mode": False,
        "static_url_prefix": "build",
        "manifest_path": PACKAGE / "web" / "static" / "build" / "manifest.json",
    }
}

_MAIL = {
    "host": env.str("ZUOXI_EMAIL_HOST", default="localhost"),
    "port": env.int("ZUOXI_EMAIL_PORT", default=25),
    "username": env.str("ZUOXI_EMAIL_USER", default=""),
    "password": env.str("ZUOXI_EMAIL_PASSWORD", default=""),
    "use_tls": env.bool("ZUOXI_EMAIL_TLS", default=False),
}
_MAIL_BACKEND = env.str("ZUOXI_EMAIL_BACKEND", default="django.core.mail.backends.console.EmailBackend")
if django.VERSION >= (6, 1):
    MAILERS = {
        "default": {"BACKEND": _MAIL_BACKEND, "OPTIONS": _MAIL if _MAIL_BACKEND.endswith("smtp.EmailBackend") else {}}
    }
else:
    EMAIL_BACKEND, EMAIL_HOST, EMAIL_PORT = _MAIL_BACKEND, _MAIL["host"], _MAIL["port"]
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _MAIL["username"], _MAIL["password"]
    EMAIL_USE_TLS = _MAIL["use_tls"]
DEFAULT_FROM_EMAIL = env.str("ZUOXI_EMAIL_FROM", default="zuoxi@localhost")

DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024

structlog.configure(
    processors=[
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    wrapper_class=structlog.stdlib.BoundLogger,
    cache_logger_on_first_use=True,
)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {
            "()": structlog.stdlib.ProcessorFormatter,
            "processors": [
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
            "foreign_pre_chain": [
                structlog.stdlib.add_log_level,
                structlog.stdlib.add_logger_name,
                structlog.processors.TimeStamper(fmt="iso", utc=True),
            ],
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": env.str("ZUOXI_LOG_LEVEL", default="WARNING")},
}
