"""Django settings. What a municipality may need to set is an environment variable named RODER_… or DATABASE_URL."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured
from psycopg.conninfo import conninfo_to_dict

from roder.core.identity import identity_file, read_identity
from roder.core.paths import data_dir

BASE_DIR = Path(__file__).resolve().parents[1]


def _flag(name: str, default: bool = False) -> bool:
    return os.environ.get(name, "1" if default else "0").lower() in ("1", "true", "ja", "yes")


def _secret_key() -> str:
    """The key from the environment, else one made at first start and kept beside the data, for its owner only."""
    if key := os.environ.get("RODER_SECRET_KEY"):
        return key
    path = data_dir() / "secret-key"
    if path.exists() and (key := path.read_text().strip()):
        return key
    return _kept(path, secrets.token_urlsafe(50))


def _kept(path: Path, key: str) -> str:
    """The key written whole or not at all, or the one that another process has written meanwhile. An empty file, which
    a full disk may have left, is none."""
    unfinished = path.with_name(f".{path.name}-{secrets.token_hex(6)}")
    descriptor = os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(key)
            file.flush()
            os.fsync(file.fileno())
        if path.exists() and not path.read_text().strip():
            path.unlink(missing_ok=True)
        os.link(unfinished, path)
    except FileExistsError:
        return path.read_text().strip()
    finally:
        unfinished.unlink(missing_ok=True)
    return key


def _database() -> dict[str, object]:
    """The server of DATABASE_URL, else the embedded one, which starts by itself at the first connection."""
    common = {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}
    url = os.environ.get("DATABASE_URL")
    if not url:
        return {"ENGINE": "roder.core.postgres.backend", "NAME": "roder", **common}
    parts = {key: str(value) for key, value in conninfo_to_dict(url).items()}
    if not _flag("RODER_POOLER"):  # a pooler refuses options when a connection starts
        # Compiling a figure's query takes the server seconds, and running it milliseconds.
        parts["options"] = f"-c jit=off {parts.get('options', '')}".rstrip()
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.pop("dbname", "roder"),
        "USER": parts.pop("user", ""),
        "PASSWORD": parts.pop("password", ""),
        "HOST": parts.pop("host", ""),
        "PORT": parts.pop("port", ""),
        "OPTIONS": parts,
        # Behind a pooler each transaction may have another connection, and a cursor belongs to one.
        "DISABLE_SERVER_SIDE_CURSORS": _flag("RODER_POOLER"),
        **common,
    }


def _mail(address: str) -> dict[str, object]:
    """Settings for sending mail through ``smtp://user:password@host:587`` (``smtps://`` for TLS from the start).

    ``console`` writes letters to the terminal: for the demonstration, where nobody has a real address.
    Without an address nothing is sent, least of all to a log that others read: a letter may hold a link to log in.
    """
    if not address:
        return {"EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend"}
    if address == "console":
        return {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}
    parts = urlsplit(address)
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise ImproperlyConfigured("RODER_SMTP ska vara smtp://användare:lösenord@server:587 eller smtps://…")
    tls = parts.scheme == "smtps"
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or (465 if tls else 587),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": tls,
        "EMAIL_USE_TLS": not tls and bool(parts.username),
        "EMAIL_TIMEOUT": 10,
    }


DEBUG = _flag("RODER_DEBUG")
SECRET_KEY = _secret_key()
ALLOWED_HOSTS = os.environ.get("RODER_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
CSRF_TRUSTED_ORIGINS = [origin for origin in os.environ.get("RODER_ORIGINS", "").split(",") if origin]
HTTPS = _flag("RODER_HTTPS")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SESSION_ENGINE = "roder.access.sessions"
#: A login ends after so many hours however it is used, and after so many minutes without being used.
SESSION_HOURS = float(os.environ.get("RODER_SESSION_HOURS", "10"))
SESSION_IDLE_MINUTES = float(os.environ.get("RODER_SESSION_IDLE_MINUTES", "60"))
SESSION_COOKIE_AGE = int(60 * 60 * SESSION_HOURS)
SESSION_COOKIE_SAMESITE = "Lax"

INSTALLED_APPS = [
    "roder.core",
    "roder.organisation",
    "roder.access",
    "roder.tasks",
    "roder.files",
    "roder.steering",
    "roder.measures",
    "roder.economy",
    "roder.questionnaires",
    "roder.quality",
    "roder.casework",
    "roder.meetings",
    "roder.registers",
    "roder.control",
    "roder.followup",
    "roder.kolada",
    "roder.imports",
    "roder.figures",
    "roder.reports",
    "roder.setup",
    "roder.api",
    "roder.web",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "procrastinate.contrib.django",
    "pgtrigger",
    "pghistory",
    "django_tables2",
    "django_filters",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
]
#: The municipality's own identity providers and what their groups mean (identitet.yaml).
IDENTITY, SOCIALACCOUNT_PROVIDERS = read_identity(identity_file())
if "saml" in SOCIALACCOUNT_PROVIDERS or _flag("RODER_TESTING"):
    INSTALLED_APPS.append("allauth.socialaccount.providers.saml")  # loads libxml2: only where it is used

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "roder.web.middleware.SecurityHeaders",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "roder.access.limits.SessionLimits",
    "roder.access.down.ProviderDown",
    "allauth.account.middleware.AccountMiddleware",
    "pghistory.middleware.HistoryMiddleware",
]

ROOT_URLCONF = "roder.core.urls"
WSGI_APPLICATION = "roder.core.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "roder.web.context.layout",
            ],
            "builtins": ["roder.web.templatetags.roder"],
        },
    }
]

DATABASES = {"default": _database()}
#: Whether a pooler between Roder and the database hands out a new connection for each transaction: plans are not kept.
POOLER = _flag("RODER_POOLER")
# Failed logins and used codes are counted here: all processes must see the same count.
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "roder_cache"},
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "organisation.Person"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_ADAPTER = "roder.access.login.NoSignup"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,5/5m/key"}
#: How many proxies stand before Roder: the address that failed logins are counted by is the one before them.
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("RODER_PROXIES", "0"))
SOCIALACCOUNT_ADAPTER = "roder.access.login.ProviderLogins"
SOCIALACCOUNT_LOGIN_ON_GET = (
    True  # the content policy lets no form lead to another site, and links can be kept
)
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
MFA_ADAPTER = "roder.access.login.SecondStep"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS  # browsers allow it on localhost only
MFA_TOTP_ISSUER = "Roder"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"

LANGUAGE_CODE = "sv"
TIME_ZONE = "Europe/Stockholm"
USE_I18N = True
USE_TZ = True
USE_THOUSAND_SEPARATOR = False

STATIC_URL = "/static/"
STATIC_ROOT = data_dir() / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
if DEBUG or _flag("RODER_TESTING"):
    STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    WHITENOISE_USE_FINDERS = True

DATA_UPLOAD_MAX_MEMORY_SIZE = 20 * 1024 * 1024
FILE_MAX_BYTES = int(os.environ.get("RODER_FILE_MAX_MB", "50")) * 1024 * 1024
#: Calendar days before a meeting: documents in, presidium, summons sent.
MEETING_LEAD_DAYS = tuple(
    int(days) for days in os.environ.get("RODER_MEETING_LEAD_DAYS", "14,10,7").split(",")
)
API_CALLS_PER_MINUTE = int(os.environ.get("RODER_API_CALLS_PER_MINUTE", "300"))
FILE_UPLOAD_HANDLERS = [
    "roder.files.uploading.NotForStrangers",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
SENDS_MAIL = bool(os.environ.get("RODER_SMTP"))
globals().update(_mail(os.environ.get("RODER_SMTP", "")))
# A PKCS#12 file (.p12, .pfx) with the municipality's key, and its password: locked minutes are sealed with it.
SEAL_KEY = os.environ.get("RODER_SEAL_KEY", "")
SEAL_PASSWORD = os.environ.get("RODER_SEAL_PASSWORD", "")
DEFAULT_FROM_EMAIL = os.environ.get("RODER_MAIL_FROM", "roder@localhost")
#: The address that people reach the web at, for links in letters and calendars.
BASE_URL = os.environ.get("RODER_BASE_URL", "http://127.0.0.1:8000").rstrip("/")

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"  # roder.core.jobs; "tasks" are what people do

PGHISTORY_CREATED_AT_FUNCTION = "CLOCK_TIMESTAMP()"
DJANGO_TABLES2_TEMPLATE = "web/table.html"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("RODER_LOG", "WARNING")},
}
