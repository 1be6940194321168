"""All settings. The environment overrides `.env.<FINBRAIN_ENV>`. The error at start names a wrong variable."""

from pathlib import Path

from django.templatetags.static import static
from django.utils.translation import gettext_lazy as _
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.retry import Retry
from tzlocal import get_localzone_name

from finbrain.environment import (
    DATABASE,
    HOST,
    LOG_LEVELS,
    ORIGIN,
    RATE,
    SENDER,
    SITE,
    Variables,
    check_address,
    engine_uris,
    read_environment,
    refuse_unsafe,
    web_timeouts,
)
from finbrain.logs import logging_config
from finbrain.secret_keys import secret_key, secret_key_fallbacks

BASE_DIR = Path(__file__).resolve().parent.parent
env: Variables = read_environment(BASE_DIR)

ENVIRONMENT = env.str("FINBRAIN_ENV")
PRODUCTION = ENVIRONMENT == "production"
DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = secret_key(env, BASE_DIR)
SECRET_KEY_FALLBACKS = secret_key_fallbacks(env)
ALLOWED_HOSTS = env.all_like("ALLOWED_HOSTS", HOST, default="" if PRODUCTION else "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = env.all_like("CSRF_TRUSTED_ORIGINS", ORIGIN, default="")

INSTALLED_APPS = [
    "finbrain.apps.FinbrainConfig",  # first, so that what it changes in Django is there when others build on it
    "unfold.apps.BasicAppConfig",
    "finbrain.apps.MongoAdminConfig",
    "finbrain.apps.MongoAuthConfig",
    "finbrain.apps.MongoContentTypesConfig",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_htmx",
    "expenses",
    "accounts",
    "classifier",
]

MIDDLEWARE = [
    "finbrain.middleware.record.RecordRequest",
    "finbrain.middleware.readable.ReadableOnly",
    "finbrain.middleware.probes.AnswerProbes",
    "finbrain.middleware.headers.AddHeaders",
    "accounts.afterwards.DoAfterwards",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "finbrain.middleware.compress.CompressText",
    "finbrain.middleware.csp.ContentSecurityPolicy",
    "accounts.session.middleware.Sessions",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "finbrain.middleware.fail_fast.AnswerAtOnce",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.session.middleware.Person",
    "finbrain.middleware.wrong_method.ExplainWrongMethod",
    "django_htmx.middleware.HtmxMiddleware",
    "finbrain.middleware.too_many.AnswerTooMany",
]

ROOT_URLCONF = "finbrain.urls"
WSGI_APPLICATION = "finbrain.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "builtins": ["finbrain.templatetags.icons"],
            "loaders": [
                (
                    "finbrain.constant_nodes.ConstantLoader",
                    ["finbrain.template_loader.Loader", "django.template.loaders.app_directories.Loader"],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "accounts.session.context_processors.session",
                "classifier.context_processors.model",
            ],
        },
    }
]
FORM_RENDERER = "finbrain.form_renderer.Renderer"

# MongoDB and Redis. If one is away, pages fail within three seconds instead of PyMongo's default of 30.
MONGODB_URI, REDIS_URL = engine_uris(env, BASE_DIR)
REDIS_SESSIONS_URL = check_address("REDIS_SESSIONS_URL", env.str("REDIS_SESSIONS_URL", default="") or REDIS_URL)
DATABASES = {
    "default": {
        "ENGINE": "django_mongodb_backend",
        "HOST": MONGODB_URI,
        "NAME": env.like("MONGODB_NAME", DATABASE, default="finbrain"),
        "OPTIONS": {
            **web_timeouts(env),
            "connectTimeoutMS": 2000,
            "retryWrites": True,
            "maxPoolSize": 20,
        },
    }
}
DATABASE_ROUTERS = ["django_mongodb_backend.routers.MongoRouter"]
DEFAULT_AUTO_FIELD = "django_mongodb_backend.fields.ObjectIdAutoField"
ALLAUTH_DEFAULT_AUTO_FIELD = DEFAULT_AUTO_FIELD
MIGRATION_MODULES = {
    label: f"finbrain.migrations_3rd.{label}"
    for label in ("admin", "auth", "contenttypes", "account", "mfa", "usersessions")
}


def _redis_cache(url: str, prefix: str, client: str) -> dict:
    return {
        "BACKEND": "django_redis.cache.RedisCache",
        "LOCATION": url,
        "KEY_PREFIX": prefix,
        "OPTIONS": {
            "CLIENT_CLASS": client,
            "REDIS_CLIENT_CLASS": "finbrain.core.redis_client.Redis",
            "SERIALIZER": "finbrain.core.serializers.ObjectIdJSONSerializer",
            "SOCKET_CONNECT_TIMEOUT": 0.7,
            "SOCKET_TIMEOUT": 0.7,
            # After a restart of Redis all pooled connections are dead, so retry once, but not after a time-out.
            "CONNECTION_POOL_KWARGS": {"retry": Retry(NoBackoff(), 1, supported_errors=(RedisConnectionError,))},
        },
    }


CACHES = {
    "default": _redis_cache(REDIS_URL, "sealed", "finbrain.core.sealed_cache.SealedClient"),
    "sessions": _redis_cache(REDIS_SESSIONS_URL, "s", "django_redis.client.DefaultClient"),
}
SESSION_ENGINE = "accounts.session.store"
SESSION_CACHE_ALIAS = "sessions"
SESSION_SAVE_EVERY_REQUEST = True
# The time without activity after which a page warns, and how long it warns. The grace allows for a slow network.
SESSION_IDLE_SECONDS = env.int("SESSION_IDLE_SECONDS", default=30 * 60, least=1)
SESSION_WARNING_SECONDS = env.int("SESSION_WARNING_SECONDS", default=60)
SESSION_GRACE_SECONDS = env.int("SESSION_GRACE_SECONDS", default=30)
SESSION_HEARTBEAT_SECONDS = env.int("SESSION_HEARTBEAT_SECONDS", default=60, least=1)
SESSION_COOKIE_AGE = SESSION_IDLE_SECONDS + SESSION_WARNING_SECONDS + SESSION_GRACE_SECONDS
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = env.bool("SECURE_COOKIES", default=PRODUCTION)
LANGUAGE_COOKIE_SECURE = SESSION_COOKIE_SECURE

if PRODUCTION:
    refuse_unsafe(
        {
            "DEBUG=false": DEBUG,
            "ALLOWED_HOSTS, a comma-separated list of its host names": not ALLOWED_HOSTS or "*" in ALLOWED_HOSTS,
            "SECURE_COOKIES=true, because sessions must only travel over HTTPS": not SESSION_COOKIE_SECURE,
            "EMAIL_URL, the mail server, or dummymail:// for none": not env.str("EMAIL_URL", default=""),
        }
    )
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=31_536_000)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True

# Accounts
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.backend.Backend"]
PASSWORD_HASHERS = [
    "accounts.hashers.OwaspArgon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
ARGON2 = {
    "time_cost": env.int("ARGON2_TIME_COST", default=2, least=1),
    "memory_cost": env.int("ARGON2_MEMORY_KIB", default=19 * 1024, least=8),
    "parallelism": env.int("ARGON2_PARALLELISM", default=1, least=1),
}
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": name}
    for name in (
        # Pages show the first fault only, so those that say most come first.
        "accounts.passwords.MinimumLengthValidator",
        "accounts.passwords.MaximumLengthValidator",
        "accounts.passwords.StrengthValidator",
        "accounts.passwords.UserAttributeSimilarityValidator",
        "accounts.passwords.CommonPasswordValidator",
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = ACCOUNT_LOGOUT_REDIRECT_URL = "/"
# The list, with the cursor in the title of the first expense.
ACCOUNT_SIGNUP_REDIRECT_URL = "/expenses/#add"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
# Guesses, emails, and what strangers may do: allauth counts these.
ACCOUNT_RATE_LIMITS = {
    "demo": env.like("DEMO_RATE_LIMIT", RATE, default="20/h/ip"),
    "demo_network": env.like("DEMO_NETWORK_RATE_LIMIT", RATE, default="60/h/key"),
    "keep_demo": "10/h/user,20/h/ip",
    "change_email": "5/h/user,3/h/key",
    # Who may guess and ask how often is counted in accounts/attempts.py, because allauth's counts lock owners out.
    "login": None,
    "sign_in": "30/m/ip",
    "login_failed": "10/m/ip,5/5m/key",
    "login_failed_on_device": "5/5m/key",
    "second_step_anywhere": "20/h/key",
    "reset_password": "20/m/ip,5/5m/key",
    "reset_password_on_device": "5/5m/key",
    "reset_password_anywhere": "20/h/key",
    "password_strength": "300/m/ip",
    "admin_sign_in": "20/m/ip",
}
# Requests of a person that read or write much. The limits are far above what anybody can click or type: these per hour,
# all others per minute. finbrain/core/rate_limits.py counts them.
HOURLY_RATE_LIMITS = {"download": 10, "import": 60, "export": 120}
RATE_LIMIT_FACTOR = env.int("RATE_LIMIT_FACTOR", default=1, least=1)
RATE_LIMITS = HOURLY_RATE_LIMITS | {
    action: limit * RATE_LIMIT_FACTOR
    for action, limit in {
        "suggest": 600,
        "list": 300,
        "dashboard": 240,
        "write": 300,
        "settings": 180,
        "preview": 90,
        "plan": 20,
        "import_step": 240,
        "leave": 20,
        "calendar": 30,
        "account": 240,
        "admin": 240,
    }.items()
}
# How many proxies of our own append to X-Forwarded-For; 0 ignores that header.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)
ACCOUNT_SIGNUP_FORM_CLASS = "accounts.forms.SignupFields"
ACCOUNT_FORMS = {
    "signup": "accounts.allauth_forms.SignupForm",
    "login": "accounts.allauth_forms.LoginForm",
    "reset_password": "accounts.allauth_forms.ResetPasswordForm",
    "reset_password_from_key": "accounts.allauth_forms.ResetPasswordKeyForm",
    "change_password": "accounts.allauth_forms.ChangePasswordForm",
    "set_password": "accounts.allauth_forms.SetPasswordForm",
    "reauthenticate": "accounts.allauth_forms.ReauthenticateForm",
}
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_EMAIL_VERIFICATION = env.one_of(
    "EMAIL_VERIFICATION", ("mandatory", "optional", "none"), default="mandatory" if PRODUCTION else "none"
)
ACCOUNT_EMAIL_CONFIRMATION_HMAC = False
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "accounts.grants.ResetTokens"  # noqa: S105 - a class
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
# The sign-in form asks this instead.
ACCOUNT_SESSION_REMEMBER = None
ACCOUNT_SESSION_COOKIE_AGE = env.int("SESSION_REMEMBERED_SECONDS", default=30 * 24 * 3600, least=1)
ACCOUNT_USER_DISPLAY = "accounts.models.display_name"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_ADAPTER = "accounts.adapter.MFAAdapter"
MFA_FORMS = {
    "authenticate": "accounts.allauth_forms.AuthenticateForm",
    "reauthenticate": "accounts.allauth_forms.ReauthenticateByCodeForm",
    "activate_totp": "accounts.allauth_forms.ActivateAppForm",
    "add_webauthn": "accounts.allauth_forms.AddPasskeyForm",
    "edit_webauthn": "accounts.allauth_forms.EditPasskeyForm",
    "login_webauthn": "accounts.passkey_forms.LoginByPasskeyForm",
    "authenticate_webauthn": "accounts.passkey_forms.AuthenticateByPasskeyForm",
    "reauthenticate_webauthn": "accounts.passkey_forms.ReauthenticateByPasskeyForm",
}
MFA_PASSKEY_LOGIN_ENABLED = True
# The admin: whether it needs a second step, and whether staff with the permission may review shared corrections.
ADMIN_SECOND_STEP = env.bool("ADMIN_SECOND_STEP", default=PRODUCTION)
STAFF_READ_TITLES = env.bool("STAFF_READ_TITLES", default=False)
MFA_ALLOW_UNVERIFIED_EMAIL = ACCOUNT_EMAIL_VERIFICATION == "none"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION
USERSESSIONS_TRACK_ACTIVITY = False

EMAIL_CONFIG = env.email_url("EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)
if EMAIL_CONFIG["EMAIL_BACKEND"] == "django.core.mail.backends.smtp.EmailBackend":
    EMAIL_BACKEND = "accounts.mail_backend.EmailBackend"
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.like("DEFAULT_FROM_EMAIL", SENDER, default="FinBrain <finbrain@localhost>")

# Language, time, static files
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("he", _("Hebrew"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = "finbrain.formats"
USE_TZ = True
# In development, the machine's own time zone; otherwise UTC.
TIME_ZONE = env.time_zone("TIME_ZONE", default=get_localzone_name() if ENVIRONMENT == "development" else "UTC")
STATIC_URL = "static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(BASE_DIR / ".data" / "static")))
# What the user guide shows and offers, by its folder below STATIC_URL.
GUIDE_STATIC_FOLDERS = [
    ("guide", BASE_DIR / "docs" / "images" / "guide"),
    ("guide/examples", BASE_DIR / "docs" / "guide" / "examples"),
]
STATICFILES_DIRS = [BASE_DIR / "static", *GUIDE_STATIC_FOLDERS]
STATICFILES_BACKEND = (
    "django.contrib.staticfiles.storage.StaticFilesStorage"
    if DEBUG or ENVIRONMENT == "test"
    else "finbrain.static_storage.OneStyleSheetStorage"
)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": STATICFILES_BACKEND},
}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = DEBUG or ENVIRONMENT == "test"

# The folder for temporary files of exports and downloads.
DATA_DIR = Path(env.str("DATA_DIR", default=str(BASE_DIR / ".data")))
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_HANDLERS = ["expenses.importing.upload_handler.UploadHandler"]

# FinBrain's own. SITE_URL: where links in emails lead, whatever host name a request claims.
OWN_SITE = f"https://{ALLOWED_HOSTS[0].lstrip('*.')}" if PRODUCTION else "http://localhost:8000"
SITE_URL = env.like("SITE_URL", SITE, default=OWN_SITE)
# How many demo accounts may exist at once.
DEMO_CEILING = env.int("DEMO_CEILING", default=1000, least=1)
# gunicorn reads these itself. Checking them here reports a wrong value before the first worker starts.
WEB_CONCURRENCY = env.int("WEB_CONCURRENCY", default=2, least=1)
WEB_THREADS = env.int("WEB_THREADS", default=8, least=1)
# Whether the scheduler trains the built-in model if it is missing or outdated.
TRAIN_IN_BACKGROUND = env.bool("TRAIN_IN_BACKGROUND", default=ENVIRONMENT != "test")
FRANKFURTER_URL = env.like("FRANKFURTER_URL", SITE, default="https://api.frankfurter.dev")
TEAL = {50: 98, 100: 95, 200: 90, 300: 82, 400: 72, 500: 62, 600: 49, 700: 43, 800: 37, 900: 31, 950: 22}
UNFOLD = {
    "SITE_TITLE": "FinBrain",
    "SITE_HEADER": "FinBrain",
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": lambda request: static("img/logo.svg")}],
    "COLORS": {"primary": {str(step): f"oklch({light}% .08 175)" for step, light in TEAL.items()}},
}
# Access to /metrics: this token ("Authorization: Bearer ..."), or a connection from these addresses.
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")
METRICS_ADDRESSES = env.networks("METRICS_ADDRESSES", default="127.0.0.1,::1" if not PRODUCTION else "")

LOG_FORMAT = env.one_of("LOG_FORMAT", ("json", "console"), default="json" if PRODUCTION else "console")
LOGGING = logging_config(LOG_FORMAT, env.one_of("LOG_LEVEL", LOG_LEVELS, default="INFO"), whole_errors=DEBUG)
